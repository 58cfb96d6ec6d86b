/* The names and reverses of the operations (diff/change.h). */
#ifndef ZQ_TESTS_OPS_H
#define ZQ_TESTS_OPS_H

#include "diff/change.h"

static const struct {
    const char *name; /* "add-column" */
    zq_op reverse;
} ops[] = {
#define OP(op, name, reverse, kind, object, say, cost, clause) \
    [ZQ_OP_##op] = {name, ZQ_OP_##reverse},
    ZQ_OP_LIST(OP)
#undef OP
};

#endif
