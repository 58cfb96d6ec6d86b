/* How a statement of a revision is kept from being lost or run twice. Pure. */
#ifndef ZQ_REV_STEP_KIND_H
#define ZQ_REV_STEP_KIND_H

#include "rev/revision.h"

typedef enum zq_step_kind {
    ZQ_STEP_TABLES,  /* DDL: the tables tell */
    ZQ_STEP_OBJECTS, /* DDL on triggers, routines, events, accounts ...: they tell */
    ZQ_STEP_ROWS,    /* one transaction with its journal row */
    ZQ_STEP_REPEAT,  /* leaves schema and rows alone: may run twice */
    ZQ_STEP_SESSION, /* lasts as long as the connection: runs every time */
    ZQ_STEP_BATCH,   /* a transaction for each range */
    ZQ_STEP_FAMILY,  /* DDL on members: they tell */
    ZQ_STEP_MEMBERS, /* rows of members: a transaction for each; DDL on something else for each */
} zq_step_kind;

zq_step_kind zq_step_kind_of(const zq_rev_statement *statement);

#endif
