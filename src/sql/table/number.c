#include "sql/table/number.h"

#include <string.h>

bool zq_number_read(const char *text, zq_number *out)
{
    *out = (zq_number){.negative = *text == '-'};
    text += *text == '-' || *text == '+';
    if (*text == '\0')
        return false;
    while (*text == '0')
        text++;
    out->whole = text;
    out->n_whole = strspn(text, "0123456789");
    text += out->n_whole;
    out->part = text + (*text == '.');
    out->n_part = *text == '.' ? strspn(out->part, "0123456789") : 0;
    text = out->part + out->n_part;
    while (out->n_part > 0 && out->part[out->n_part - 1] == '0')
        out->n_part--;
    out->negative = out->negative && (out->n_whole > 0 || out->n_part > 0);
    return *text == '\0';
}
