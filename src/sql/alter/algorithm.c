/* Writes a statement so that the server does it without blocking anybody, or refuses.
 *
 * The clauses are put behind the text, which is left as its author wrote it. A server that cannot
 * grant what is asked for refuses before it does anything, so asking is free, and no table of what
 * each release can do is needed. */
#include "sql/alter/algorithm.h"

#include "base/err.h"
#include "sql/read/token.h"

#include <string.h>

/* ALTER TABLE takes them as clauses of its list, CREATE INDEX as options behind it, and without
 * INSTANT (MySQL manual, 15.1.9 and 15.1.15). */
static const struct {
    const char *for_table;
    const char *for_index;
} ways[ZQ_N_ALGORITHMS] = {
    [ZQ_ALGORITHM_INSTANT] = {", ALGORITHM=INSTANT", NULL},
    [ZQ_ALGORITHM_INPLACE] = {", ALGORITHM=INPLACE, LOCK=NONE", " ALGORITHM=INPLACE LOCK=NONE"},
    [ZQ_ALGORITHM_ANY] = {"", ""},
};

/* MariaDB's DROP INDEX takes no options (MariaDB documentation, "DROP INDEX"), so both servers are
 * asked by ALTER TABLE, which it stands for. NULL when more is said than the table. */
static const char *ask_drop_index(const char *text, size_t length, const char *clause,
                                  zq_arena *arena)
{
    zq_scanner scanner = {.text = text, .length = length, .line = 1};
    zq_token token = zq_scan_code(&scanner);
    const char *index, *table;
    size_t index_length, table_length;

    while (token.kind != ZQ_TOKEN_END && !zq_token_is(&token, "INDEX"))
        token = zq_scan_code(&scanner);
    index = text + scanner.at;
    while (token.kind != ZQ_TOKEN_END && !zq_token_is(&token, "ON"))
        token = zq_scan_code(&scanner);
    if (token.kind == ZQ_TOKEN_END)
        return NULL;
    index_length = (size_t)(token.text - index);
    table = text + scanner.at;
    table_length = length - scanner.at;
    token = zq_scan_code(&scanner);
    for (token = zq_scan_code(&scanner); zq_token_is_sign(&token, '.');
         token = zq_scan_code(&scanner))
        zq_scan_code(&scanner);
    if (token.kind != ZQ_TOKEN_END)
        return NULL;
    return zq_arena_printf(arena, "ALTER TABLE%.*s DROP INDEX%.*s%s", (int)table_length, table,
                           (int)index_length, index, clause);
}

const char *zq_algorithm_ask(const zq_statement *statement, const char *text, size_t length,
                             zq_algorithm way, zq_arena *arena)
{
    const char *clause;

    if (way == ZQ_ALGORITHM_ANY)
        return zq_arena_strndup(arena, text, length);
    if (!statement->alters || statement->has_algorithm || statement->has_lock)
        return NULL;
    clause =
        strcmp(statement->verb, "ALTER TABLE") == 0 ? ways[way].for_table : ways[way].for_index;
    if (clause == NULL)
        return NULL;
    if (strcmp(statement->verb, "DROP INDEX") == 0)
        return ask_drop_index(text, length, ways[way].for_table, arena);
    return zq_arena_printf(arena, "%.*s%s", (int)length, text, clause);
}

/* What follows "ALTER TABLE {table}"; NULL when the text does not begin so. */
static const char *actions_of(const char *text)
{
    zq_scanner scanner = {.text = text, .length = strlen(text), .line = 1};
    zq_token alter = zq_scan_code(&scanner);
    zq_token object = zq_scan_code(&scanner);
    zq_token name = zq_scan_code(&scanner);

    return zq_token_is(&alter, "ALTER") && zq_token_is(&object, "TABLE") &&
                   zq_token_is(&name, "{TABLE}")
               ? text + scanner.at
               : NULL;
}

const char *zq_algorithm_join(const char *first, const char *second, zq_arena *arena)
{
    const char *actions = actions_of(second);

    if (actions == NULL || actions_of(first) == NULL)
        return NULL;
    /* On a line of its own: the first may end in a comment. */
    return zq_arena_printf(arena, "%s\n,%s", first, actions);
}
