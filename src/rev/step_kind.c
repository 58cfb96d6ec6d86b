#include "rev/step_kind.h"

#include "rev/kept.h"

#include <string.h>

static zq_step_kind kind_of_plain(const zq_rev_statement *s)
{
    const zq_statement *parsed = &s->parsed;

    if (zq_runs_once(s))
        return ZQ_STEP_ROWS;
    switch (parsed->kind) {
    case ZQ_STATEMENT_DDL:
        return parsed->n_tables > 0 && parsed->object != ZQ_OBJECT_TRIGGER ? ZQ_STEP_TABLES
                                                                           : ZQ_STEP_OBJECTS;
    case ZQ_STATEMENT_ADMIN:
        return ZQ_STEP_REPEAT;
    default:
        return ZQ_STEP_SESSION;
    }
}

/* The member itself, and nothing else: not CREATE TABLE copy_{code}. */
static bool changes_the_member(const zq_statement *parsed)
{
    return parsed->kind == ZQ_STATEMENT_DDL && parsed->object == ZQ_OBJECT_TABLE &&
           parsed->n_tables == 1 && strcmp(parsed->tables[0], "{table}") == 0;
}

zq_step_kind zq_step_kind_of(const zq_rev_statement *s)
{
    if (s->block == ZQ_BLOCK_BATCH)
        return ZQ_STEP_BATCH;
    if (s->block == ZQ_BLOCK_PLAIN)
        return kind_of_plain(s);
    return changes_the_member(&s->parsed) ? ZQ_STEP_FAMILY : ZQ_STEP_MEMBERS;
}
