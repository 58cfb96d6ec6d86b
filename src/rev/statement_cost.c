#include "rev/statement_cost.h"

#include <string.h>
#include <strings.h>

/* ---- what is lost ---- */

enum { LISTED_MOST = 8 };

/* 'a', 'b' and 'c' */
static const char *listed(const char *const *names, size_t n, zq_tongue tongue, zq_arena *arena)
{
    const char *all = "";

    for (size_t i = 0; i < n && i < LISTED_MOST; i++) {
        if (i == 0)
            all = zq_arena_printf(arena, "'%s'", names[i]);
        else if (i + 1 < n)
            all = zq_printf_in(tongue, arena, "%s, '%s'", all, names[i]);
        else
            all = zq_printf_in(tongue, arena, "%s and '%s'", all, names[i]);
    }
    return n <= LISTED_MOST ? all
                            : zq_printf_in(tongue, arena, "%s and %zu more", all, n - LISTED_MOST);
}

bool zq_statement_cost_of_member(const zq_rev_statement *s)
{
    return s->block == ZQ_BLOCK_FAMILY && s->parsed.n_tables == 1 &&
           (strcmp(s->parsed.tables[0], "{table}") == 0 ||
            strcmp(s->parsed.tables[0], s->family) == 0);
}

/* The tables, or the members of the family that stand for "{table}". */
const char *zq_statement_cost_names(const zq_rev_statement *s, zq_tongue tongue, zq_arena *arena)
{
    if (zq_statement_cost_of_member(s))
        return zq_printf_in(tongue, arena, "every member of '%s'", s->family);
    if (s->parsed.n_tables == 0)
        return zq_printf_in(tongue, arena, "a table");
    return listed(s->parsed.tables, s->parsed.n_tables, tongue, arena);
}

static const char *drops_columns(const zq_rev_statement *s, zq_tongue tongue, zq_arena *arena)
{
    const char **names = ZQ_NEW_ARRAY(arena, const char *, s->parsed.n_clauses + 1);
    const char *of = zq_statement_cost_names(s, tongue, arena), *all;
    size_t n = 0;

    for (size_t i = 0; i < s->parsed.n_clauses; i++) {
        const zq_clause *clause = &s->parsed.clauses[i];

        if (strcmp(clause->verb, "DROP") == 0 && strcmp(clause->object, "COLUMN") == 0 &&
            clause->name != NULL)
            names[n++] = clause->name;
    }
    if (n == 0)
        return zq_printf_in(tongue, arena, "drops a column of %s", of);
    all = listed(names, n, tongue, arena);
    return n == 1 ? zq_printf_in(tongue, arena, "drops the column %s of %s", all, of)
                  : zq_printf_in(tongue, arena, "drops the columns %s of %s", all, of);
}

const char *zq_statement_cost_loses(const zq_rev_statement *s, zq_tongue tongue, zq_arena *arena)
{
    const char *name = zq_statement_cost_names(s, tongue, arena);
    unsigned loses = s->parsed.loses;

    if (loses == 0)
        return NULL;
    if (loses & ZQ_LOSES_DATABASE)
        return zq_printf_in(tongue, arena, "drops a database");
    if (loses & ZQ_LOSES_SEQUENCE)
        return zq_printf_in(tongue, arena, "drops a sequence, and with it how far it was");
    if (loses & ZQ_LOSES_TABLE && zq_statement_cost_of_member(s))
        return zq_printf_in(tongue, arena, "drops %s", name);
    if (loses & ZQ_LOSES_TABLE)
        return s->parsed.n_tables == 1 ? zq_printf_in(tongue, arena, "drops the table %s", name)
                                       : zq_printf_in(tongue, arena, "drops the tables %s", name);
    if (loses & ZQ_LOSES_COLUMN)
        return drops_columns(s, tongue, arena);
    if (loses & ZQ_LOSES_PARTITION)
        return zq_printf_in(tongue, arena, "drops a partition of %s", name);
    if (loses & ZQ_LOSES_KEPT)
        return zq_printf_in(tongue, arena, "gives %s an engine that does not keep its rows", name);
    return zq_printf_in(tongue, arena, "deletes rows of %s", name);
}

static bool is_one_of(const char *word, const char *const *words)
{
    for (; word != NULL && *words != NULL; words++)
        if (strcasecmp(word, *words) == 0)
            return true;
    return false;
}

#define ONE_OF(word, ...) is_one_of((word), (const char *const[]){__VA_ARGS__, NULL})

const char *zq_statement_cost_narrows(const zq_rev_statement *s, zq_tongue tongue, zq_arena *arena)
{
    const zq_clause *convert = zq_statement_clause(&s->parsed, "CONVERT");
    const char *charset = convert == NULL ? NULL : convert->new_name;

    if (charset == NULL || ONE_OF(charset, "utf8mb4", "utf16", "utf16le", "utf32", "gb18030"))
        return NULL;
    return zq_printf_in(tongue, arena, "loses what the charset '%s' does not have, in %s", charset,
                        zq_statement_cost_names(s, tongue, arena));
}

const char *zq_statement_cost_unknown(const zq_rev_statement *s, zq_tongue tongue, zq_arena *arena)
{
    if (!s->parsed.opaque)
        return NULL;
    if (zq_statement_is(&s->parsed, "CALL") && s->parsed.name != NULL)
        return zq_printf_in(tongue, arena, "what the procedure '%s' does cannot be known",
                            s->parsed.name);
    return zq_printf_in(tongue, arena, "what this statement does cannot be known from its words");
}

bool zq_statement_cost_retypes(const zq_rev_statement *s)
{
    return zq_statement_clause(&s->parsed, "MODIFY") != NULL ||
           zq_statement_clause(&s->parsed, "CHANGE") != NULL;
}

/* ---- what keeps the application waiting ---- */

static void add_option(zq_statement_cost *words, const zq_clause *option)
{
    bool algorithm = strcmp(option->verb, "ALGORITHM") == 0;

    words->locks |= ONE_OF(option->new_name, "COPY", "SHARED", "EXCLUSIVE");
    words->never |= !algorithm && ONE_OF(option->new_name, "NONE");
    words->never_copy |= algorithm && ONE_OF(option->new_name, "INSTANT", "INPLACE", "NOCOPY");
}

static void add_clause(zq_statement_cost *words, const zq_clause *clause)
{
    const char *verb = clause->verb;

    if (ONE_OF(verb, "ALGORITHM", "LOCK"))
        add_option(words, clause);
    else if (ONE_OF(verb, "ADD", "DROP") && ONE_OF(clause->object, "SYSTEM"))
        words->locks = true;
    else if (strcmp(verb, "ADD") == 0 &&
             ONE_OF(clause->object, "FULLTEXT", "SPATIAL", "PARTITION", "PERIOD"))
        words->locks = true;
    else if (strcmp(verb, "ADD") == 0 && (ONE_OF(clause->object, "CHECK") ||
                                          (clause->refers && ONE_OF(clause->object, "COLUMN"))))
        words->may_lock = words->leaves_open = true;
    else if (strcmp(verb, "ADD") == 0)
        words->leaves_open |= !ONE_OF(clause->object, "INDEX", "KEY", "UNIQUE");
    else if (strcmp(verb, "DROP") == 0)
        words->leaves_open |=
            !ONE_OF(clause->object, "INDEX", "FOREIGN", "CONSTRAINT", "CHECK", "PARTITION");
    else if (ONE_OF(verb, "ORDER", "PARTITION", "REORGANIZE", "COALESCE", "REBUILD", "REMOVE",
                    "OPTIMIZE", "REPAIR"))
        words->locks = true;
    else if (ONE_OF(verb, "CONVERT", "ENGINE"))
        words->may_lock = words->leaves_open = true;
    else if (!ONE_OF(verb, "RENAME", "ALTER", "COMMENT", "AUTO_INCREMENT", "TRUNCATE", "EXCHANGE",
                     "ANALYZE", "CHECK", "DISCARD", "IMPORT"))
        words->leaves_open = true;
    words->rebuilds |= ONE_OF(verb, "ENGINE", "FORCE");
}

zq_statement_cost zq_statement_cost_of(const zq_rev_statement *s)
{
    zq_statement_cost words = {0};

    if (s->parsed.kind != ZQ_STATEMENT_DDL ||
        !ONE_OF(s->parsed.verb, "ALTER TABLE", "CREATE INDEX", "DROP INDEX"))
        return words;
    for (size_t i = 0; i < s->parsed.n_clauses; i++) {
        add_clause(&words, &s->parsed.clauses[i]);
        /* ALTER IGNORE leaves rows out while it copies. */
        words.locks |= (s->parsed.loses & ZQ_LOSES_ROWS) != 0 &&
                       ONE_OF(s->parsed.clauses[i].object, "UNIQUE", "PRIMARY");
    }
    return words;
}
