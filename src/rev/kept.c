#include "rev/kept.h"

#include "base/language.h"
#include "sql/read/token.h"

#include <string.h>
#include <strings.h>

static zq_scanner scanner_on(const zq_rev_statement *s)
{
    return (zq_scanner){.text = s->text, .length = s->length, .line = 1};
}

static bool is_end(const zq_token *token)
{
    return token->kind == ZQ_TOKEN_END || token->kind == ZQ_TOKEN_BROKEN;
}

/* As the list spells it; NULL: it is not one of them. */
static const char *which_of(const zq_token *token, const char *const *words)
{
    while (*words != NULL && !zq_token_is(token, *words))
        words++;
    return *words;
}

/* The first of these words outside quotes and comments, or of `functions` (may be NULL) that is
 * called; NULL: none. */
static const char *first_of(const zq_rev_statement *s, const char *const *words,
                            const char *const *functions)
{
    zq_scanner scanner = scanner_on(s);
    zq_token token = zq_scan_code(&scanner);

    while (!is_end(&token)) {
        zq_token after = zq_scan_code(&scanner);
        const char *found = which_of(&token, words);

        if (found == NULL && functions != NULL && zq_token_is_sign(&after, '('))
            found = which_of(&token, functions);
        if (found != NULL)
            return found;
        token = after;
    }
    return NULL;
}

/* ---- variables ---- */

/* "@x", "@x.y$", "@`x y`", "@'x'": the name as an identifier in backticks; NULL when it is not one.
 */
static const char *variable_of(const zq_token *token, zq_arena *arena)
{
    static const char bare[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$";

    if (token->kind == ZQ_TOKEN_NAME)
        return zq_arena_printf(arena, "@%.*s", (int)token->length, token->text);
    if (token->kind == ZQ_TOKEN_STRING && memchr(token->text, '`', token->length) == NULL &&
        token->length > 2)
        return zq_arena_printf(arena, "@`%.*s`", (int)token->length - 2, token->text + 1);
    if (token->kind == ZQ_TOKEN_WORD)
        return zq_arena_printf(arena, "@`%.*s`", (int)strspn(token->text, bare), token->text);
    return NULL;
}

typedef struct names {
    zq_arena *arena;
    zq_kept_name *items;
    size_t n;
} names;

static void add(names *all, const char *read, bool insert_id)
{
    for (size_t i = 0; i < all->n; i++) {
        if (strcasecmp(all->items[i].read, read) == 0)
            return;
    }
    *ZQ_APPEND(all->arena, all->items, all->n) =
        (zq_kept_name){.read = read, .insert_id = insert_id};
}

/* 'user'@'host' is an account. */
static bool begins_variable(const zq_token *before, const zq_token *at)
{
    bool touches = before->text + before->length == at->text;

    return zq_token_is_sign(at, '@') && !(touches && before->kind != ZQ_TOKEN_SIGN) &&
           !(touches && zq_token_is_sign(before, '@'));
}

static void add_names(names *all, const zq_rev_statement *s)
{
    static const char *const insert_id[] = {"LAST_INSERT_ID", "IDENTITY", NULL};
    zq_scanner scanner = scanner_on(s);
    zq_token before = {.kind = ZQ_TOKEN_SIGN, .text = s->text};

    for (;;) {
        zq_token token = zq_scan_code(&scanner);

        if (is_end(&token))
            return;
        if (which_of(&token, insert_id) != NULL)
            add(all, "LAST_INSERT_ID()", true);
        if (begins_variable(&before, &token)) {
            zq_token name = zq_scan_code(&scanner);
            const char *read = variable_of(&name, all->arena);

            if (read != NULL && token.text + 1 == name.text)
                add(all, read, false);
            token = name;
            if (is_end(&token))
                return;
        }
        before = token;
    }
}

size_t zq_kept_names(const zq_rev_section *section, zq_arena *arena, const zq_kept_name **out)
{
    names all = {.arena = arena};

    for (size_t i = 0; i < section->n; i++)
        add_names(&all, &section->statements[i]);
    *out = all.items;
    return all.n;
}

static bool sets_variables_only(const zq_rev_statement *s)
{
    for (size_t i = 0; i < s->parsed.n_clauses; i++)
        if (strcmp(s->parsed.clauses[i].object, "@") != 0)
            return false;
    return true;
}

bool zq_kept_instead(const zq_rev_statement *s)
{
    if (s->parsed.kind == ZQ_STATEMENT_READ)
        return true;
    if (strncmp(s->parsed.verb, "SELECT", 6) == 0)
        return s->parsed.kind == ZQ_STATEMENT_SESSION;
    return strcmp(s->parsed.verb, "SET") == 0 && sets_variables_only(s);
}

bool zq_runs_once(const zq_rev_statement *s)
{
    switch (s->parsed.kind) {
    case ZQ_STATEMENT_ROWS:
    case ZQ_STATEMENT_UNKNOWN:
    case ZQ_STATEMENT_READ:
        return true;
    default:
        return zq_kept_instead(s) && s->parsed.n_calls + s->parsed.n_mentions > 0;
    }
}

/* ---- what cannot be kept ---- */

static const char *const changing[] = {
    "SELECT",       "LOAD",         "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP",
    "CURRENT_DATE", "CURRENT_TIME", "UTC_DATE",          "UTC_TIME",  "UTC_TIMESTAMP",
    NULL,
};
static const char *const changing_functions[] = {
    "NOW",          "SYSDATE", "CURDATE",       "CURTIME",        "UNIX_TIMESTAMP", "RAND",
    "RANDOM_BYTES", "UUID",    "UUID_SHORT",    "LAST_INSERT_ID", "UUID_V4",        "UUID_V7",
    "NEXTVAL",      "LASTVAL", "CONNECTION_ID", "ROW_COUNT",      "SYS_GUID",       NULL,
};

static zq_rc fail_temporary(const char *file, const zq_rev_statement *s, const char *word,
                            zq_err *err)
{
    zq_fail(
        err, ZQ_E_DATA,
        "%s:%u: %s in what fills a temporary table: it would be filled with other rows when the "
        "revision is resumed",
        file, s->line, word);
    return zq_err_hint(err, "use a table of the revision's own, and drop it at its end");
}

static zq_rc fail_beside(const char *file, const zq_rev_statement *s, zq_err *err)
{
    zq_fail(err, ZQ_E_DATA,
            "%s:%u: changes a temporary table by what is in others: it would be changed otherwise, "
            "or not at all, when the revision is resumed",
            file, s->line);
    return zq_err_hint(
        err, s->parsed.joins && !s->parsed.tables_known
                 ? N_("if it changes only others, say which: SET name.column = ...; else use a "
                      "table of the revision's own, and drop it at its end")
                 : N_("use a table of the revision's own, and drop it at its end"));
}

static zq_rc fail_perhaps(const char *file, const zq_rev_statement *s, zq_err *err)
{
    const char *call = zq_statement_call(&s->parsed);
    const char *name = call != NULL ? call : s->parsed.verb;

    zq_fail(err, ZQ_E_DATA,
            "%s:%u: '%.64s' may change a temporary table, which would not be so when the revision "
            "is resumed",
            file, s->line, name);
    return zq_err_hint(err,
                       "DROP TEMPORARY TABLE before it, or use a table of the revision's own, and "
                       "drop it at its end");
}

/* LIKE a table that the section changes: it is another one when the revision is resumed. */
static const char *changed_original(const zq_rev_section *section, const zq_statement *parsed)
{
    for (size_t m = 0; m < parsed->n_mentions; m++)
        for (size_t i = 0; i < section->n; i++) {
            const zq_statement *other = &section->statements[i].parsed;

            for (size_t t = 0; other->kind == ZQ_STATEMENT_DDL && t < other->n_tables; t++)
                if (strcasecmp(other->tables[t], parsed->mentions[m]) == 0 &&
                    strcasecmp(other->tables[t], parsed->tables[0]) != 0)
                    return other->tables[t];
        }
    return NULL;
}

/* What a temporary table is made of, or filled with, is the same in each run. */
static zq_rc check_temporary(const char *file, const zq_rev_section *section, size_t i, zq_err *err)
{
    static const char *const query[] = {"SELECT", "VALUES", NULL};
    static const char *const table[] = {"TABLE", NULL};
    const zq_rev_statement *s = &section->statements[i];
    bool made = zq_statement_is(&s->parsed, "CREATE TEMPORARY TABLE") && s->parsed.n_tables > 0;
    const char *word = NULL;

    if (s->temporary_too || (s->temporary && s->parsed.joins))
        return fail_beside(file, s, err);
    if (s->temporary_perhaps)
        return fail_perhaps(file, s, err);
    if (made && s->parsed.filled)
        word = first_of(s, query, NULL) != NULL ? first_of(s, query, NULL) : *table;
    else if (s->temporary || made)
        word = first_of(s, changing, changing_functions);
    if (word == NULL && s->temporary && s->parsed.kind == ZQ_STATEMENT_ROWS)
        word = first_of(s, table, NULL);
    if (word != NULL)
        return fail_temporary(file, s, word, err);
    if (made && (word = changed_original(section, &s->parsed)) != NULL) {
        zq_fail(err, ZQ_E_DATA,
                "%s:%u: a temporary table like '%s', which the revision changes: it would be "
                "another when the revision is resumed",
                file, s->line, word);
        return zq_err_hint(err, "write its columns out");
    }
    return ZQ_OK;
}

/* Also SET GLOBAL: it may run twice. */
static zq_rc check_setting(const char *file, const zq_rev_statement *s, zq_err *err)
{
    const char *word;

    if (!zq_statement_is(&s->parsed, "SET") || sets_variables_only(s))
        return ZQ_OK;
    word = first_of(s, changing, changing_functions);
    if (word == NULL && s->parsed.n_calls > 0)
        word = s->parsed.calls[0];
    if (word == NULL || (s->parsed.kind != ZQ_STATEMENT_SESSION && s->parsed.n_calls == 0))
        return ZQ_OK;
    zq_fail(err, ZQ_E_DATA,
            "%s:%u: %.64s in a setting: it would be another when the revision is resumed", file,
            s->line, word);
    return zq_err_hint(err,
                       "SET a variable of your own to it first, then the setting to that: SET @v = "
                       "(...); SET time_zone = @v");
}

static zq_rc check_statement(const char *file, const zq_rev_section *section, size_t i, zq_err *err)
{
    static const char *const of_the_last[] = {"ROW_COUNT", "FOUND_ROWS", NULL};
    const zq_rev_statement *s = &section->statements[i];
    const char *word;

    ZQ_TRY(check_temporary(file, section, i, err));
    ZQ_TRY(check_setting(file, s, err));
    if (s->parsed.kind == ZQ_STATEMENT_DDL || strcmp(s->parsed.verb, "BEGIN NOT ATOMIC") == 0 ||
        (word = first_of(s, of_the_last, NULL)) == NULL)
        return ZQ_OK;
    return zq_fail(
        err, ZQ_E_DATA,
        "%s:%u: %s() is not that of the statement before: the journal is written between "
        "them",
        file, s->line, word);
}

zq_rc zq_kept_check(const char *file, const zq_rev_section *section, zq_err *err)
{
    for (size_t i = 0; i < section->n; i++)
        ZQ_TRY(check_statement(file, section, i, err));
    return ZQ_OK;
}
