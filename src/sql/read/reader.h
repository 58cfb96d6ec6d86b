/* How the files of sql/read take words and names from a statement, one token ahead. */
#ifndef ZQ_SQL_READ_READER_H
#define ZQ_SQL_READ_READER_H

#include "sql/read/statement.h"
#include "sql/read/token.h"

#include <string.h>

enum { WATCHED_DEPTH = 64, NESTED_MAX = 8 };

/* Where a walk over the tokens stands among names. */
typedef struct watch {
    zq_token head; /* names joined by '.', the first and the last */
    zq_token tail;
    unsigned parts;
    bool dot;      /* the last token was a '.' behind them */
    bool at_place; /* they stand where a table's name is expected */
    bool place;    /* a table's name is expected next */
    bool variable; /* behind an '@' */
    unsigned depth;
    unsigned char state[WATCHED_DEPTH + 1]; /* the last one: deeper than that */
} watch;

/* Names that are in a list already, hashed. */
typedef struct name_set {
    const char **slots;
    size_t n_slots; /* a power of two, at least twice `n`; 0: none yet */
    size_t n;
} name_set;

/* A statement that is being read, one token ahead. */
typedef struct reader {
    zq_scanner scanner;
    zq_token now;  /* not yet taken */
    zq_token last; /* taken last */
    unsigned depth;
    unsigned nested; /* statements that run another one */
    /* Reads the statement that begins with the token at hand, into `out`: bodies hold statements.
     */
    void (*read_verb)(struct reader *r);
    zq_arena *arena;
    zq_statement *out; /* the statement at hand */
    zq_statement *all; /* the whole: its names and its end */
    watch watch;
    name_set tables;   /* of `out` */
    name_set names;    /* the same */
    name_set mentions; /* of `all` */
    name_set calls;    /* the same */
    bool follows;      /* what a CALL does is looked for, by its name */
} reader;

/* ---- names, wherever they stand ---- */

/* Look at a token that is taken. */
void zq_read_watch(reader *r, const zq_token *token);

/* Without its quotes. */
const char *zq_read_unquoted(reader *r, const zq_token *token);

void zq_read_add_table(reader *r, const char *name);
void zq_read_add_object(reader *r, const char *name);
void zq_read_add_mention(reader *r, const char *name);
void zq_read_add_call(reader *r, const char *name);

/* ---- words ---- */

static inline void next(reader *r)
{
    zq_read_watch(r, &r->now);
    if (zq_token_is_sign(&r->now, '('))
        r->depth++;
    else if (zq_token_is_sign(&r->now, ')') && r->depth > 0)
        r->depth--;
    r->last = r->now;
    r->now = zq_scan_code(&r->scanner);
}

/* A ';' ends a statement, within a body too. */
static inline bool at_end(const reader *r)
{
    return r->now.kind == ZQ_TOKEN_END || r->now.kind == ZQ_TOKEN_BROKEN ||
           zq_token_is_sign(&r->now, ';');
}

static inline bool is_at(const reader *r, const char *word)
{
    return zq_token_is(&r->now, word);
}

static inline bool accept(reader *r, const char *word)
{
    if (!is_at(r, word))
        return false;
    next(r);
    return true;
}

static inline bool accept_sign(reader *r, char sign)
{
    if (!zq_token_is_sign(&r->now, sign))
        return false;
    next(r);
    return true;
}

/* Is the token one of `words`, which ends in NULL? Gives the word as the list spells it. */
static inline const char *one_of(const reader *r, const char *const *words)
{
    for (; *words != NULL; words++)
        if (is_at(r, *words))
            return *words;
    return NULL;
}

static inline const char *accept_one(reader *r, const char *const *words)
{
    const char *word = one_of(r, words);

    if (word != NULL)
        next(r);
    return word;
}

static inline void skip_words(reader *r, const char *const *words)
{
    while (accept_one(r, words) != NULL)
        continue;
}

/* Go to one of `words` outside parentheses; NULL at the end of the statement. */
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

/* Gives whether it says so. */
static inline bool skip_if_exists(reader *r)
{
    if (!accept(r, "IF"))
        return false;
    accept(r, "NOT");
    accept(r, "EXISTS");
    return true;
}

/* The token behind the one at hand. */
static inline zq_token ahead(const reader *r)
{
    zq_scanner scanner = r->scanner;

    return zq_scan_code(&scanner);
}

/* ---- names ---- */

/* In ANSI_QUOTES, what stands in double quotes is a name: where one is expected, it counts as one.
 */
static inline bool at_name(const reader *r)
{
    return r->now.kind == ZQ_TOKEN_WORD || r->now.kind == ZQ_TOKEN_NAME ||
           (r->now.kind == ZQ_TOKEN_STRING && r->now.text[0] == '"');
}

/* A name, taken; NULL when there is none. */
static inline const char *take_name(reader *r)
{
    const char *name = NULL;

    if (at_name(r)) {
        name = zq_read_unquoted(r, &r->now);
        next(r);
    }
    return name;
}

/* [database.]name, taken; NULL when there is none. */
static inline const char *take_path(reader *r)
{
    const char *name = take_name(r);

    if (name != NULL && accept_sign(r, '.')) {
        r->all->other_database = true;
        name = take_name(r);
    }
    return name;
}

/* Take a table's name, [database.]table, into the list. */
static inline bool take_table(reader *r)
{
    const char *name = take_path(r);

    if (name == NULL)
        r->out->tables_known = false;
    else
        zq_read_add_table(r, name);
    return name != NULL;
}

/* name [, name] ... */
static inline void take_tables(reader *r)
{
    r->out->tables_known = true;
    while (take_table(r) && accept_sign(r, ','))
        continue;
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

/* What it does is unknown. */
static inline void be_opaque(reader *r, const char *verb)
{
    be(r, ZQ_STATEMENT_UNKNOWN, verb);
    r->out->opaque = true;
}

/* A clause that begins with the token at hand. */
static inline zq_clause begin_clause(const reader *r)
{
    return (zq_clause){.verb = "", .object = "", .text = r->now.text};
}

/* It ends with the token that was taken last. */
static inline void end_clause(reader *r, zq_clause clause)
{
    zq_statement *out = r->out;
    zq_clause *grown;

    if (out->n_clauses == ZQ_STATEMENT_NAMES_MAX) {
        r->all->too_many = true;
        return;
    }
    grown = zq_arena_grow(r->arena, (void *)out->clauses, sizeof clause, out->n_clauses);
    if (r->last.text >= clause.text)
        clause.length = (size_t)(r->last.text - clause.text) + r->last.length;
    grown[out->n_clauses++] = clause;
    out->clauses = grown;
}

/* "= value" or "value", taken; NULL when there is none. */
static inline const char *take_value(reader *r)
{
    const char *value = NULL;

    accept_sign(r, '=');
    if (at_name(r) || r->now.kind == ZQ_TOKEN_STRING) {
        value = zq_read_unquoted(r, &r->now);
        next(r);
    }
    return value;
}

/* ---- statement_body.c: what a routine, a trigger, an event or BEGIN NOT ATOMIC is made of ---- */

/* Read a body up to its end. `runs`: it is run here and now, so that what it does counts. */
void zq_read_body(reader *r, bool runs);

/* Does a compound statement begin here, or a label before one? */
bool zq_read_begins_body(const reader *r);

/* ---- statement_ddl.c: what follows the verbs of statements that change the schema ---- */

/* The verb is taken; each reads to the end of what it knows. */
void zq_read_alter(reader *r);
void zq_read_create(reader *r);
void zq_read_drop(reader *r);
void zq_read_rename(reader *r);
void zq_read_truncate(reader *r);

#endif
