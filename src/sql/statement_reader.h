/* How statement.c and statement_ddl.c read words and names; of no use elsewhere. */
#ifndef ZQ_SQL_STATEMENT_READER_H
#define ZQ_SQL_STATEMENT_READER_H

#include "sql/statement.h"
#include "sql/token.h"

#include <string.h>

/* A statement that is being read, one token ahead. */
typedef struct reader {
    zq_scanner scanner;
    zq_token now; /* not yet taken */
    unsigned depth;
    zq_arena *arena;
    zq_statement *out;
} reader;

/* ---- words ---- */

static inline void next(reader *r)
{
    if (zq_token_is_sign(&r->now, '('))
        r->depth++;
    else if (zq_token_is_sign(&r->now, ')') && r->depth > 0)
        r->depth--;
    r->now = zq_scan_code(&r->scanner);
}

static inline bool at_end(const reader *r)
{
    return r->now.kind == ZQ_TOKEN_END || r->now.kind == ZQ_TOKEN_BROKEN;
}

static inline bool is(const reader *r, const char *word)
{
    return zq_token_is(&r->now, word);
}

static inline bool accept(reader *r, const char *word)
{
    if (!is(r, word))
        return false;
    next(r);
    return true;
}

/* Is the token one of `words`, which ends in NULL? Gives the word as the list spells it. */
static inline const char *one_of(const reader *r, const char *const *words)
{
    for (; *words != NULL; words++)
        if (is(r, *words))
            return *words;
    return NULL;
}

static inline void skip_words(reader *r, const char *const *words)
{
    while (one_of(r, words) != NULL)
        next(r);
}

/* Go on to one of `words` outside parentheses; NULL at the end of the statement. */
static inline const char *seek(reader *r, const char *const *words)
{
    for (; !at_end(r); next(r)) {
        const char *found = r->depth == 0 ? one_of(r, words) : NULL;

        if (found != NULL)
            return found;
    }
    return NULL;
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static inline void skip_if_exists(reader *r)
{
    if (accept(r, "IF")) {
        accept(r, "NOT");
        accept(r, "EXISTS");
    }
}

/* ---- names ---- */

static inline const char *unquoted(reader *r)
{
    char *name;
    size_t n = 0;

    if (r->now.kind == ZQ_TOKEN_WORD)
        return zq_arena_strndup(r->arena, r->now.text, r->now.length);
    name = zq_arena_alloc(r->arena, r->now.length + 1);
    for (size_t i = 1; i + 1 < r->now.length; i++) {
        name[n++] = r->now.text[i];
        if (r->now.text[i] == '`')
            i++;
    }
    return name;
}

/* Append to a list that ends in NULL and may be NULL when it is empty; a name counts once. */
static inline void add_name(reader *r, const char *const **list, const char *name)
{
    size_t n = 0;
    const char **more;

    for (; *list != NULL && (*list)[n] != NULL; n++)
        if (strcmp((*list)[n], name) == 0)
            return;
    more = ZQ_NEW_ARRAY(r->arena, const char *, n + 2);
    if (n > 0)
        memcpy(more, *list, n * sizeof *more);
    more[n] = name;
    *list = more;
}

static inline void add_table(reader *r, const char *name)
{
    add_name(r, &r->out->tables, name);
    r->out->n_tables = 0;
    while (r->out->tables[r->out->n_tables] != NULL)
        r->out->n_tables++;
}

/* Take a table's name, [database.]table, into the list. */
static inline bool take_table(reader *r)
{
    const char *name;

    if (r->now.kind != ZQ_TOKEN_WORD && r->now.kind != ZQ_TOKEN_NAME) {
        r->out->tables_known = false;
        return false;
    }
    name = unquoted(r);
    next(r);
    if (zq_token_is_sign(&r->now, '.')) {
        next(r);
        r->out->other_database = true;
        name = unquoted(r);
        next(r);
    }
    add_table(r, name);
    return true;
}

/* name [, name] ... */
static inline void take_tables(reader *r)
{
    r->out->tables_known = true;
    while (take_table(r) && zq_token_is_sign(&r->now, ','))
        next(r);
}

/* ---- verdicts ---- */

static inline void be(reader *r, zq_statement_kind kind, const char *verb)
{
    r->out->kind = kind;
    r->out->verb = verb;
}

static inline void be_ddl(reader *r, zq_statement_object object, const char *verb)
{
    be(r, ZQ_STATEMENT_DDL, verb);
    r->out->object = object;
}

/* ---- statement_ddl.c: what follows each verb ---- */

void zq_read_alter(reader *r);
void zq_read_create(reader *r);
void zq_read_drop(reader *r);
void zq_read_rename(reader *r);
void zq_read_truncate(reader *r);

#endif
