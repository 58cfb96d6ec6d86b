#include "sql/online.h"

#include "base/err.h"

#include <string.h>

/* ALTER TABLE takes them as clauses of its list, CREATE and DROP INDEX as options behind it, and
 * without INSTANT (MySQL manual, 15.1.9, 15.1.15 and 15.1.27). */
static const struct {
    const char *name;
    const char *for_table;
    const char *for_index;
} ways[ZQ_N_WAYS] = {
    [ZQ_WAY_INSTANT] = {"INSTANT", ", ALGORITHM=INSTANT", NULL},
    [ZQ_WAY_INPLACE] = {"INPLACE, LOCK=NONE", ", ALGORITHM=INPLACE, LOCK=NONE",
                        " ALGORITHM=INPLACE LOCK=NONE"},
    [ZQ_WAY_LOCKING] = {"locking", "", ""},
};

/* Errors by which a server refuses a way (MySQL error reference; MariaDB has the first two). */
static const unsigned refusals[] = {
    1845, /* ER_ALTER_OPERATION_NOT_SUPPORTED */
    1846, /* ER_ALTER_OPERATION_NOT_SUPPORTED_REASON */
    4092, /* ER_INNODB_MAX_ROW_VERSION: no more INSTANT on this table without a rebuild */
};

const char *zq_way_name(zq_way way)
{
    return ways[way].name;
}

const char *zq_statement_ask(const zq_statement *statement, const char *text, size_t length,
                             zq_way way, zq_arena *arena)
{
    const char *clause;

    if (way == ZQ_WAY_LOCKING)
        return zq_arena_strndup(arena, text, length);
    if (!statement->alters || statement->has_algorithm || statement->has_lock)
        return NULL;
    clause =
        strcmp(statement->verb, "ALTER TABLE") == 0 ? ways[way].for_table : ways[way].for_index;
    if (clause == NULL)
        return NULL;
    return zq_arena_printf(arena, "%.*s%s", (int)length, text, clause);
}

bool zq_way_refused(unsigned server_errno)
{
    for (size_t i = 0; i < ZQ_LEN(refusals); i++)
        if (refusals[i] == server_errno)
            return true;
    return false;
}
