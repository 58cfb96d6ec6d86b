#include "rev/words.h"

#include "sql/token.h"

#include <string.h>

/* ---- what is lost ---- */

/* 'a', 'b' and 'c' */
static const char *listed(const char *const *names, zq_arena *arena)
{
    const char *all = "";

    for (size_t i = 0; names[i] != NULL; i++)
        all = zq_arena_printf(arena, "%s%s'%s'", all,
                              i == 0                 ? ""
                              : names[i + 1] == NULL ? " and "
                                                     : ", ",
                              names[i]);
    return all;
}

/* The tables, or the members of the family that stand for "{table}". */
const char *zq_words_name(const zq_rev_statement *s, zq_arena *arena)
{
    if (s->block == ZQ_BLOCK_FAMILY)
        return zq_arena_printf(arena, "every member of '%s'", s->family);
    return s->is.n_tables == 0 ? "a table" : listed(s->is.tables, arena);
}

static const char *plural(const char *const *names)
{
    return names[0] != NULL && names[1] != NULL ? "s" : "";
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
        return zq_arena_printf(arena, "drops the table%s %s", plural(s->is.tables), name);
    if (loses & ZQ_LOSES_COLUMN && s->is.dropped != NULL)
        return zq_arena_printf(arena, "drops the column%s %s of %s", plural(s->is.dropped),
                               listed(s->is.dropped, arena), name);
    if (loses & ZQ_LOSES_COLUMN)
        return zq_arena_printf(arena, "drops a column of %s", name);
    if (loses & ZQ_LOSES_PARTITION)
        return zq_arena_printf(arena, "drops a partition of %s", name);
    return zq_arena_printf(arena, "deletes rows of %s", name);
}

/* ---- what keeps the application waiting ---- */

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

typedef struct clause {
    zq_scanner scanner;
    zq_token now;
    unsigned depth;
    zq_words out;
} clause;

static bool at_end(const clause *c)
{
    return c->now.kind == ZQ_TOKEN_END || c->now.kind == ZQ_TOKEN_BROKEN;
}

static void next(clause *c)
{
    c->depth += zq_token_is_sign(&c->now, '(');
    c->depth -= zq_token_is_sign(&c->now, ')') && c->depth > 0;
    c->now = zq_scan_code(&c->scanner);
}

static bool accept(clause *c, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (zq_token_is(&c->now, *words)) {
            next(c);
            return true;
        }
    }
    return false;
}

/* "ALGORITHM = COPY", "LOCK=EXCLUSIVE". */
static bool read_option(clause *c)
{
    bool algorithm = zq_token_is(&c->now, "ALGORITHM");

    if (!accept(c, WORDS("ALGORITHM", "LOCK")))
        return false;
    if (zq_token_is_sign(&c->now, '='))
        next(c);
    if (accept(c, WORDS("COPY", "SHARED", "EXCLUSIVE")))
        c->out.locks = true;
    else if (!algorithm && accept(c, WORDS("NONE")))
        c->out.never = true;
    else if (algorithm && accept(c, WORDS("INSTANT", "INPLACE", "NOCOPY")))
        c->out.never_copy = true;
    return true;
}

static void read_add(clause *c)
{
    if (accept(c, WORDS("FULLTEXT", "SPATIAL")))
        c->out.locks = true;
    else if (accept(c, WORDS("PARTITION")))
        c->out.locks = true;
    else if (!accept(c, WORDS("INDEX", "KEY", "UNIQUE")))
        c->out.leaves_open = true;
}

static void read_drop(clause *c)
{
    if (!accept(c, WORDS("INDEX", "KEY", "FOREIGN", "CONSTRAINT", "CHECK", "PARTITION")))
        c->out.leaves_open = true;
}

/* One clause of ALTER TABLE, from its first word on. */
static void read_clause(clause *c)
{
    if (accept(c, WORDS("ADD"))) {
        read_add(c);
    } else if (accept(c, WORDS("DROP"))) {
        read_drop(c);
    } else if (accept(c, WORDS("ORDER", "PARTITION", "REORGANIZE", "COALESCE", "REBUILD", "REMOVE",
                               "OPTIMIZE", "REPAIR"))) {
        c->out.locks = true;
    } else if (accept(c, WORDS("CONVERT"))) {
        c->out.may_lock = c->out.leaves_open = true;
    } else if (accept(c, WORDS("ENGINE"))) {
        c->out.may_lock = c->out.rebuilds = c->out.leaves_open = true;
    } else if (accept(c, WORDS("FORCE"))) {
        c->out.rebuilds = c->out.leaves_open = true;
    } else if (!read_option(c) &&
               !accept(c, WORDS("RENAME", "ALTER", "COMMENT", "AUTO_INCREMENT", "TRUNCATE",
                                "EXCHANGE", "ANALYZE", "CHECK", "DISCARD", "IMPORT"))) {
        c->out.leaves_open = true;
    }
}

/* Go on to the end of the clause. Some stand without a comma behind another one. */
static void finish_clause(clause *c)
{
    bool opened = false;

    while (!at_end(c) && !(c->depth == 0 && zq_token_is_sign(&c->now, ','))) {
        bool opens = zq_token_is_sign(&c->now, '(');

        if (c->depth == 0 && accept(c, WORDS("ORDER")))
            c->out.locks = true;
        if (c->depth == 0 && accept(c, WORDS("PARTITION")) && accept(c, WORDS("BY")))
            c->out.locks = true;
        /* KEY k ((lower(a))): an index over an expression. */
        if (opens && opened)
            c->out.leaves_open = true;
        opened = opens;
        next(c);
    }
    next(c);
}

static void read_alter(clause *c)
{
    while (!at_end(c) && !accept(c, WORDS("TABLE")))
        next(c);
    if (accept(c, WORDS("IF")))
        next(c);
    next(c);
    while (zq_token_is_sign(&c->now, '.')) {
        next(c);
        next(c);
    }
    if (accept(c, WORDS("WAIT")))
        next(c);
    accept(c, WORDS("NOWAIT"));
    while (!at_end(c)) {
        read_clause(c);
        finish_clause(c);
    }
}

/* CREATE INDEX and DROP INDEX end in options without commas. */
static void read_index(clause *c)
{
    bool opened = false;

    while (!at_end(c)) {
        bool opens = zq_token_is_sign(&c->now, '(');

        if (c->depth == 0 && accept(c, WORDS("FULLTEXT", "SPATIAL")))
            c->out.locks = true;
        else if (c->depth == 0 && read_option(c))
            continue;
        else
            next(c);
        if (opens && opened)
            c->out.leaves_open = true;
        opened = opens;
    }
}

zq_words zq_words_of(const zq_rev_statement *s)
{
    clause c = {.scanner = {.text = s->text, .length = s->length, .line = 1}};

    if (s->is.kind != ZQ_STATEMENT_DDL || s->is.object != ZQ_OBJECT_TABLE)
        return c.out;
    c.now = zq_scan_code(&c.scanner);
    if (strcmp(s->is.verb, "ALTER TABLE") == 0)
        read_alter(&c);
    else if (s->is.alters)
        read_index(&c);
    return c.out;
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

static bool has_word(const zq_rev_statement *s, const char *word)
{
    zq_scanner scanner = {.text = s->text, .length = s->length, .line = 1};
    zq_token token = zq_scan_code(&scanner);

    while (token.kind != ZQ_TOKEN_END && token.kind != ZQ_TOKEN_BROKEN) {
        if (zq_token_is(&token, word))
            return true;
        token = zq_scan_code(&scanner);
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
        return !has_word(s, "EXISTS") && !has_word(s, "SELECT");
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
