#include "rev/words.h"

#include <string.h>
#include <strings.h>

/* ---- what is lost ---- */

enum { LISTED_MOST = 8 };

/* 'a', 'b' and 'c' */
static const char *listed(const char *const *names, size_t n, zq_arena *arena)
{
    const char *all = "";

    for (size_t i = 0; i < n && i < LISTED_MOST; i++)
        all = zq_arena_printf(arena, "%s%s'%s'", all,
                              i == 0       ? ""
                              : i + 1 == n ? " and "
                                           : ", ",
                              names[i]);
    return n <= LISTED_MOST ? all : zq_arena_printf(arena, "%s and %zu more", all, n - LISTED_MOST);
}

/* The tables, or the members of the family that stand for "{table}". */
const char *zq_words_name(const zq_rev_statement *s, zq_arena *arena)
{
    if (s->block == ZQ_BLOCK_FAMILY)
        return zq_arena_printf(arena, "every member of '%s'", s->family);
    return s->is.n_tables == 0 ? "a table" : listed(s->is.tables, s->is.n_tables, arena);
}

/* "the columns 'a' and 'b'" */
static const char *dropped_columns(const zq_statement *is, zq_arena *arena)
{
    const char **names = ZQ_NEW_ARRAY(arena, const char *, is->n_clauses + 1);
    size_t n = 0;

    for (size_t i = 0; i < is->n_clauses; i++) {
        const zq_clause *clause = &is->clauses[i];

        if (strcmp(clause->verb, "DROP") == 0 && strcmp(clause->object, "COLUMN") == 0 &&
            clause->name != NULL)
            names[n++] = clause->name;
    }
    if (n == 0)
        return "a column";
    return zq_arena_printf(arena, "the column%s %s", n == 1 ? "" : "s", listed(names, n, arena));
}

const char *zq_words_lose(const zq_rev_statement *s, zq_arena *arena)
{
    const char *name = zq_words_name(s, arena);
    unsigned loses = s->is.loses;

    if (loses == 0)
        return NULL;
    if (loses & ZQ_LOSES_DATABASE)
        return "drops a database";
    if (loses & ZQ_LOSES_TABLE && s->block == ZQ_BLOCK_FAMILY)
        return zq_arena_printf(arena, "drops %s", name);
    if (loses & ZQ_LOSES_TABLE)
        return zq_arena_printf(arena, "drops the table%s %s", s->is.n_tables == 1 ? "" : "s", name);
    if (loses & ZQ_LOSES_COLUMN)
        return zq_arena_printf(arena, "drops %s of %s", dropped_columns(&s->is, arena), name);
    if (loses & ZQ_LOSES_PARTITION)
        return zq_arena_printf(arena, "drops a partition of %s", name);
    if (loses & ZQ_LOSES_KEPT)
        return zq_arena_printf(arena, "gives %s an engine that does not keep its rows", name);
    return zq_arena_printf(arena, "deletes rows of %s", name);
}

/* ---- what keeps the application waiting ---- */

static bool is_one_of(const char *word, const char *const *words)
{
    for (; word != NULL && *words != NULL; words++)
        if (strcasecmp(word, *words) == 0)
            return true;
    return false;
}

#define ONE_OF(word, ...) is_one_of((word), (const char *const[]){__VA_ARGS__, NULL})

static void add_option(zq_words *words, const zq_clause *option)
{
    bool algorithm = strcmp(option->verb, "ALGORITHM") == 0;

    words->locks |= ONE_OF(option->new_name, "COPY", "SHARED", "EXCLUSIVE");
    words->never |= !algorithm && ONE_OF(option->new_name, "NONE");
    words->never_copy |= algorithm && ONE_OF(option->new_name, "INSTANT", "INPLACE", "NOCOPY");
}

static void add_clause(zq_words *words, const zq_clause *clause)
{
    const char *verb = clause->verb;

    if (ONE_OF(verb, "ALGORITHM", "LOCK"))
        add_option(words, clause);
    else if (strcmp(verb, "ADD") == 0 && ONE_OF(clause->object, "FULLTEXT", "SPATIAL", "PARTITION"))
        words->locks = true;
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

zq_words zq_words_of(const zq_rev_statement *s)
{
    zq_words words = {0};

    if (s->is.kind != ZQ_STATEMENT_DDL ||
        !ONE_OF(s->is.verb, "ALTER TABLE", "CREATE INDEX", "DROP INDEX"))
        return words;
    for (size_t i = 0; i < s->is.n_clauses; i++)
        add_clause(&words, &s->is.clauses[i]);
    return words;
}

/* ---- tables that are made on the way ---- */

static bool changes(const zq_rev_statement *s, const char *table)
{
    for (size_t i = 0; s->block == ZQ_BLOCK_PLAIN && i < s->is.n_tables; i++) {
        if (strcmp(s->is.tables[i], table) == 0)
            return true;
    }
    return false;
}

static bool is_verb(const zq_rev_statement *s, const char *verb)
{
    return strcmp(s->is.verb, verb) == 0;
}

/* Is the table new and empty after the statement? CREATE ... IF NOT EXISTS and CREATE ... SELECT
 * make no new, empty table. */
static bool is_new_after(const zq_rev_statement *s, const char *table, bool before)
{
    if (s->is.kind == ZQ_STATEMENT_UNKNOWN)
        return false;
    if (s->is.kind == ZQ_STATEMENT_ROWS && !s->is.tables_known)
        return before && (is_verb(s, "UPDATE") || is_verb(s, "DELETE"));
    if (!changes(s, table))
        return before;
    if (is_verb(s, "CREATE TABLE"))
        return s->is.makes_empty;
    if (s->is.kind == ZQ_STATEMENT_ROWS)
        return before && (is_verb(s, "UPDATE") || is_verb(s, "DELETE"));
    /* DROP, RENAME, ALTER TABLE ... RENAME and EXCHANGE put another in its place, or none. */
    return before && s->is.n_tables == 1 && s->is.tables_known && !is_verb(s, "DROP TABLE");
}

static bool path_makes(const zq_path *path, const zq_leg *leg, size_t statement, const char *table)
{
    bool is_new = false;

    for (const zq_leg *l = path->legs; l <= leg; l++) {
        size_t n = l == leg ? statement : l->section->n;

        for (size_t i = 0; i < n; i++)
            is_new = is_new_after(&l->section->statements[i], table, is_new);
    }
    return is_new;
}

bool zq_path_makes_all(const zq_path *path, const zq_leg *leg, size_t statement)
{
    const zq_rev_statement *s = &leg->section->statements[statement];

    if (s->block == ZQ_BLOCK_FAMILY || !s->is.tables_known || s->is.n_tables == 0)
        return false;
    for (size_t i = 0; i < s->is.n_tables; i++) {
        if (!path_makes(path, leg, statement, s->is.tables[i]))
            return false;
    }
    return true;
}
