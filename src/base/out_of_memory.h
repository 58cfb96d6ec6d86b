/* The one place where memory runs out. */
#ifndef ZQ_BASE_OUT_OF_MEMORY_H
#define ZQ_BASE_OUT_OF_MEMORY_H

#include <stddef.h>

/* Say on standard error that `size` bytes could not be had, and end the process with status 2. For
 * arenas, and for code that must allocate outside of one. */
_Noreturn void zq_out_of_memory(size_t size);

#endif
