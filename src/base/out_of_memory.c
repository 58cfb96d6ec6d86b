#include "base/out_of_memory.h"

#include <stdio.h>
#include <unistd.h>

_Noreturn void zq_out_of_memory(size_t size)
{
    char text[96];
    int length = snprintf(text, sizeof text, "out of memory: %zu bytes could not be had\n", size);

    if (length > 0 && write(STDERR_FILENO, text, (size_t)length) < 0)
        _exit(2);
    _exit(2);
}
