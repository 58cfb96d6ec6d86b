/* What a routine, a trigger, an event or BEGIN NOT ATOMIC is made of.
 *
 * A body is one statement, or a compound one in which others end in ';'. To know where it ends, its
 * blocks are counted (BEGIN, IF, CASE, LOOP, WHILE, REPEAT, FOR ... END), and to know what it names
 * and does, each statement in it is read as one by itself. A word is of the compound kind only
 * where a statement begins: IF(...) and REPEAT(...) are functions elsewhere, and so is CASE an
 * operand. */
#include "sql/read/reader.h"

static const char *const openers[] = {"BEGIN", "IF",     "CASE", "LOOP",
                                      "WHILE", "REPEAT", "FOR",  NULL};

/* A label: name and ':'. */
static bool at_label(const reader *r)
{
    zq_token after;

    if (r->now.kind != ZQ_TOKEN_WORD && r->now.kind != ZQ_TOKEN_NAME)
        return false;
    after = ahead(r);
    return zq_token_is_sign(&after, ':');
}

bool zq_read_begins_body(const reader *r)
{
    return one_of(r, openers) != NULL || at_label(r);
}

/* Go behind one of `words`, which an operand may hold too: CASE ... THEN ... END. */
static const char *pass(reader *r, const char *const *words)
{
    unsigned cases = 0;

    for (r->depth = 0; !at_end(r); next(r)) {
        const char *found = r->depth == 0 && cases == 0 ? one_of(r, words) : NULL;

        if (found != NULL) {
            next(r);
            return found;
        }
        if (is_at(r, "CASE"))
            cases++;
        else if (is_at(r, "END") && cases > 0)
            cases--;
    }
    return NULL;
}

/* ---- the statements in it ---- */

/* What is harmless by itself, and only stands in a body. */
static const char *const control[] = {"DECLARE", "LEAVE",  "ITERATE",  "RETURN", "OPEN", "FETCH",
                                      "CLOSE",   "SIGNAL", "RESIGNAL", "GET",    "NULL", NULL};

/* DECLARE ... HANDLER FOR condition, ...: its statement follows. What else is declared is passed.
 */
static bool pass_handler(reader *r)
{
    static const char *const conditions[] = {"SQLSTATE", "VALUE", "SQLWARNING", "SQLEXCEPTION",
                                             "NOT",      "FOUND", NULL};
    bool more = true;

    if (seek(r, WORDS("HANDLER", "CURSOR", "DEFAULT", "CONDITION")) == NULL ||
        !accept(r, "HANDLER")) {
        while (!at_end(r))
            next(r);
        return false;
    }
    accept(r, "FOR");
    while (more) {
        if (accept_one(r, conditions) == NULL)
            next(r); /* a number, a state, a name */
        while (accept_one(r, conditions) != NULL || r->now.kind == ZQ_TOKEN_STRING)
            if (r->now.kind == ZQ_TOKEN_STRING)
                next(r);
        more = accept_sign(r, ',');
    }
    return true;
}

/* What runs here and now counts as done by the whole. */
static void take_inner(reader *r, zq_statement *outer, const zq_statement *inner)
{
    outer->loses |= inner->loses;
    outer->opaque |= inner->opaque;
    if (inner->kind == ZQ_STATEMENT_TRANSACTION || inner->kind == ZQ_STATEMENT_USE) {
        outer->kind = inner->kind;
        outer->verb = inner->verb;
    }
    for (size_t i = 0; inner->kind != ZQ_STATEMENT_READ && i < inner->n_tables; i++)
        zq_read_add_table(r, inner->tables[i]);
}

/* One statement without a block of its own, up to its ';'. */
static void read_simple(reader *r, bool runs)
{
    static const char *const none[] = {NULL};
    zq_statement *inner = ZQ_NEW(r->arena, zq_statement);
    zq_statement *outer = r->out;
    name_set tables = r->tables, names = r->names;

    *inner =
        (zq_statement){.verb = "", .tables = none, .names = none, .mentions = none, .calls = none};
    r->out = inner;
    r->tables = r->names = (name_set){0};
    r->depth = 0;
    if (!at_end(r) && accept_one(r, control) == NULL)
        r->read_verb(r);
    while (!at_end(r))
        next(r);
    r->out = outer;
    r->tables = tables;
    r->names = names;
    if (runs)
        take_inner(r, outer, inner);
}

/* ---- blocks ---- */

/* What begins, continues or ends a block, taken up to where a statement begins. Gives whether there
 * was such a thing. */
static bool pass_block(reader *r, unsigned *blocks)
{
    const char *word;

    if (at_label(r)) {
        next(r);
        next(r);
    } else if ((word = accept_one(r, openers)) != NULL) {
        ++*blocks;
        if (strcmp(word, "IF") == 0)
            pass(r, WORDS("THEN"));
        else if (strcmp(word, "CASE") == 0 && pass(r, WORDS("WHEN")) != NULL)
            pass(r, WORDS("THEN"));
        else if (strcmp(word, "WHILE") == 0 || strcmp(word, "FOR") == 0)
            pass(r, WORDS("DO"));
        else if (strcmp(word, "BEGIN") == 0 && accept(r, "NOT"))
            accept(r, "ATOMIC");
    } else if (*blocks > 0 && accept_one(r, WORDS("ELSEIF", "WHEN")) != NULL) {
        pass(r, WORDS("THEN"));
    } else if (*blocks == 0 || accept(r, "ELSE") == false) {
        return is_at(r, "DECLARE") && pass_handler(r);
    }
    return true;
}

/* END [IF | CASE | ...] [label], or UNTIL condition END REPEAT. */
static bool pass_end(reader *r, unsigned *blocks)
{
    if (*blocks == 0 || one_of(r, WORDS("END", "UNTIL")) == NULL)
        return false;
    if (accept(r, "UNTIL"))
        pass(r, WORDS("END"));
    else
        next(r);
    --*blocks;
    accept_one(r, openers);
    if (!at_end(r))
        take_name(r);
    return true;
}

void zq_read_body(reader *r, bool runs)
{
    unsigned line = r->now.line;
    unsigned blocks = 0;

    if (!runs && r->all->body == NULL)
        r->all->body = r->now.text;

    for (;;) {
        while (pass_block(r, &blocks))
            continue;
        if (!pass_end(r, &blocks))
            read_simple(r, runs);
        if (blocks == 0)
            return;
        if (r->now.kind == ZQ_TOKEN_END || r->now.kind == ZQ_TOKEN_BROKEN)
            break;
        accept_sign(r, ';');
    }
    r->all->open_line = line;
}
