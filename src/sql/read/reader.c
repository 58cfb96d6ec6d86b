/* The names in a statement, wherever they stand.
 *
 * Each token that is taken passes by here. A table's name is expected behind FROM, JOIN, INTO,
 * UPDATE, REFERENCES, TABLE, and behind a comma in such a list; what is joined by '.' there is
 * DATABASE.TABLE, elsewhere TABLE.COLUMN, and three parts are never less than a database's. FROM
 * stands in functions too (EXTRACT, TRIM, SUBSTRING), so in parentheses it counts only behind a
 * SELECT, or where a table was expected. Given up: an alias is taken for a table, and a list
 * that is nested more than 64 deep is not followed: such a name is then not among the mentions. */
#include "sql/read/reader.h"

#include "model/schema.h"
#include "sql/read/builtin.h"

#include <strings.h>

enum { QUERY = 1, LIST = 2 };

const char *zq_read_unquoted(reader *r, const zq_token *token)
{
    char quote = token->text[0];
    char *name;
    size_t n = 0;

    if (token->kind == ZQ_TOKEN_WORD)
        return zq_arena_strndup(r->arena, token->text, token->length);
    name = zq_arena_alloc(r->arena, token->length + 1);
    for (size_t i = 1; i + 1 < token->length; i++) {
        bool escaped = token->text[i] == '\\' && quote != '`';

        if ((escaped || token->text[i] == quote) && i + 2 < token->length)
            i++;
        name[n++] = escaped && strchr("nrt", token->text[i]) != NULL ? ' ' : token->text[i];
    }
    return name;
}

/* ---- lists ---- */

static const char **slot_of(const name_set *set, const char *name)
{
    size_t at = 2166136261U;

    for (const char *c = name; *c != '\0'; c++)
        at = (at ^ (unsigned char)*c) * 16777619U;
    for (at &= set->n_slots - 1; set->slots[at] != NULL; at = (at + 1) & (set->n_slots - 1))
        if (strcmp(set->slots[at], name) == 0)
            break;
    return &set->slots[at];
}

/* Gives whether it was not there yet. */
static bool put_name(reader *r, name_set *set, const char *name)
{
    const char **slot;

    if (2 * (set->n + 1) > set->n_slots) {
        name_set more = {.n_slots = set->n_slots == 0 ? 16 : 2 * set->n_slots, .n = set->n};

        more.slots = ZQ_NEW_ARRAY(r->arena, const char *, more.n_slots);
        for (size_t i = 0; i < set->n_slots; i++)
            if (set->slots[i] != NULL)
                *slot_of(&more, set->slots[i]) = set->slots[i];
        *set = more;
    }
    slot = slot_of(set, name);
    if (*slot != NULL)
        return false;
    *slot = name;
    set->n++;
    return true;
}

/* Append to a list that ends in NULL; a name counts once. */
static void add_name(reader *r, name_set *set, const char *const **list, size_t *n,
                     const char *name)
{
    const char **grown;

    if (!put_name(r, set, name))
        return;
    if (*n == ZQ_STATEMENT_NAMES_MAX) {
        r->all->too_many = true;
        return;
    }
    grown = zq_arena_grow(r->arena, (void *)*list, sizeof *grown, *n);
    grown[(*n)++] = name;
    grown = zq_arena_grow(r->arena, (void *)grown, sizeof *grown, *n);
    grown[*n] = NULL;
    *list = grown;
}

void zq_read_add_table(reader *r, const char *name)
{
    add_name(r, &r->tables, &r->out->tables, &r->out->n_tables, name);
    zq_read_add_mention(r, name);
}

void zq_read_add_object(reader *r, const char *name)
{
    add_name(r, &r->names, &r->out->names, &r->out->n_names, name);
    r->out->name = r->out->names[0];
}

void zq_read_add_mention(reader *r, const char *name)
{
    add_name(r, &r->mentions, &r->all->mentions, &r->all->n_mentions, name);
}

void zq_read_add_call(reader *r, const char *name)
{
    add_name(r, &r->calls, &r->all->calls, &r->all->n_calls, name);
}

/* ---- the walk ---- */

static bool is_any(const zq_token *token, const char *const *words)
{
    for (; *words != NULL; words++)
        if (zq_token_is(token, *words))
            return true;
    return false;
}

static unsigned char *state_of(watch *w)
{
    w->state[WATCHED_DEPTH] = 0;
    return &w->state[w->depth < WATCHED_DEPTH ? w->depth : WATCHED_DEPTH];
}

/* The servers' own, which anybody may look at. */
static bool is_system(const zq_token *token)
{
    zq_token bare = *token;

    if (token->kind == ZQ_TOKEN_NAME)
        bare = (zq_token){ZQ_TOKEN_WORD, token->text + 1, token->length - 2, 0, false};
    return is_any(&bare, WORDS("INFORMATION_SCHEMA", "PERFORMANCE_SCHEMA", "MYSQL", "SYS"));
}

/* Names before a '(' that is neither a function of the servers' nor a list of columns. */
static void take_call(reader *r, const watch *w)
{
    const char *name = zq_read_unquoted(r, &w->tail);

    if (w->parts == 2)
        zq_read_add_call(r,
                         zq_arena_printf(r->arena, "%s.%s", zq_read_unquoted(r, &w->head), name));
    else if (w->parts == 1 && (w->head.kind != ZQ_TOKEN_WORD || !zq_is_builtin(name)))
        zq_read_add_call(r, name);
}

/* The names that are joined so far end before `token`. */
static void end_names(reader *r, const zq_token *token)
{
    watch *w = &r->watch;

    if (w->parts > 0 && !w->variable) {
        bool qualified =
            w->parts > 2 || (w->parts == 2 && (w->at_place || zq_token_is_sign(token, '(')));

        if (qualified && !is_system(&w->head))
            r->all->other_database = true;
        if (zq_token_is_sign(token, '(') && !w->at_place)
            take_call(r, w);
        if (w->at_place)
            zq_read_add_mention(r, zq_read_unquoted(r, w->parts == 1 ? &w->head : &w->tail));
    }
    if (w->parts > 0)
        w->variable = false;
    w->parts = 0;
    w->dot = false;
}

static void look_for_ours(reader *r, const zq_token *token)
{
    size_t quote = token->kind != ZQ_TOKEN_WORD;
    size_t length = strlen(ZQ_META_PREFIX);

    /* With lower_case_table_names, another spelling is the same table. */
    if (r->all->meta == NULL && token->length > length + quote &&
        strncasecmp(token->text + quote, ZQ_META_PREFIX, length) == 0)
        r->all->meta = zq_read_unquoted(r, token);
}

static void begin_names(reader *r, const zq_token *token)
{
    watch *w = &r->watch;

    w->head = w->tail = *token;
    w->parts = 1;
    w->at_place = w->place;
    w->place = false;
    look_for_ours(r, token);
}

/* A word that says what comes next; false: it is a name. */
static bool take_keyword(reader *r, const zq_token *token)
{
    watch *w = &r->watch;
    unsigned char *state = state_of(w);
    bool in_query = w->depth == 0 || (*state & QUERY) != 0;

    if (is_any(token, WORDS("SELECT", "WITH"))) {
        *state = QUERY;
        w->place = false;
    } else if (zq_token_is(token, "FROM")) {
        w->place = in_query;
        *state |= in_query ? LIST : 0;
    } else if (w->place) {
        return is_any(token, WORDS("IF", "NOT", "EXISTS", "LOW_PRIORITY", "HIGH_PRIORITY",
                                   "DELAYED", "IGNORE", "QUICK", "ONLY", "LATERAL", "TABLE"));
    } else if (is_any(token, WORDS("JOIN", "INTO", "REFERENCES", "TABLE", "TABLES"))) {
        w->place = true;
    } else if (is_any(token, WORDS("STRAIGHT_JOIN", "USING"))) {
        w->place = (*state & LIST) != 0;
    } else if (zq_token_is(token, "UPDATE")) {
        w->place = !is_any(&r->last, WORDS("FOR", "KEY", "ON", "BEFORE", "AFTER", "OR"));
        *state |= w->place ? LIST : 0;
    } else if (is_any(token, WORDS("WHERE", "SET", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION",
                                   "EXCEPT", "INTERSECT", "VALUES", "VALUE", "WINDOW"))) {
        *state &= (unsigned char)~LIST;
    } else {
        return false;
    }
    return true;
}

static void take_sign(reader *r, char sign)
{
    watch *w = &r->watch;

    if (sign == '(') {
        bool place = w->place && !zq_token_is(&r->last, "USING");

        w->depth++;
        *state_of(w) = place ? QUERY | LIST : 0;
        w->place = place;
    } else if (sign == ')') {
        w->depth -= w->depth > 0;
        w->place = false;
    } else if (sign == ',') {
        w->place = (*state_of(w) & LIST) != 0;
    } else if (sign == ';') {
        *w = (watch){0};
    } else {
        w->variable = sign == '@';
        w->place = false;
    }
}

static bool escapes_quote(const zq_token *token)
{
    for (size_t i = 1; i + 1 < token->length; i++)
        if (token->text[i] == '\\' && token->text[i + 1] == token->text[0])
            return true;
    return false;
}

void zq_read_watch(reader *r, const zq_token *token)
{
    watch *w = &r->watch;
    bool name = token->kind == ZQ_TOKEN_WORD || token->kind == ZQ_TOKEN_NAME ||
                (token->kind == ZQ_TOKEN_STRING && token->text[0] == '"' && (w->place || w->dot));

    if (token->kind == ZQ_TOKEN_STRING && escapes_quote(token)) {
        r->all->escapes_quote = true;
        r->all->escapes_double = r->all->escapes_double || token->text[0] == '"';
    }
    if (w->parts > 0 && w->dot && (name || zq_token_is_sign(token, '*'))) {
        w->parts += name || w->parts > 1; /* t.* is still t */
        w->dot = false;
        if (name) {
            w->tail = *token;
            look_for_ours(r, token);
        }
        return;
    }
    if (w->parts > 0 && !w->dot && zq_token_is_sign(token, '.')) {
        w->dot = true;
        return;
    }
    end_names(r, token);
    if (token->kind == ZQ_TOKEN_SIGN)
        take_sign(r, token->text[0]);
    else if (!name)
        w->place = false;
    else if (token->kind != ZQ_TOKEN_WORD || !take_keyword(r, token))
        begin_names(r, token);
}
