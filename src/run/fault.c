#include "run/fault.h"

zq_fault *zq_fault_add(zq_faults *faults, const char *kind, const char *object, const char *format,
                       ...)
{
    zq_fault *fault;
    va_list args;

    fault = ZQ_APPEND(faults->arena, faults->items, faults->n);
    va_start(args, format);
    *fault = (zq_fault){
        .kind = kind,
        .object = object,
        .message = zq_arena_vprintf(faults->arena, format, args),
    };
    va_end(args);
    return fault;
}

void zq_fault_missing_definer(zq_faults *faults, const char *definer)
{
    zq_fault_add(faults, "definer", definer,
                 "%s: triggers, routines or events run as this account, which does not exist",
                 definer);
}
