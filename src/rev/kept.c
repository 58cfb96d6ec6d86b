#include "rev/kept.h"

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

static bool is_one_of(const zq_token *token, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (zq_token_is(token, *words))
            return true;
    }
    return false;
}

/* The first of these words outside quotes and comments; NULL: none. */
static const char *first_of(const zq_rev_statement *s, const char *const *words)
{
    zq_scanner scanner = scanner_on(s);

    for (;;) {
        zq_token token = zq_scan_code(&scanner);

        if (is_end(&token))
            return NULL;
        for (size_t i = 0; words[i] != NULL; i++) {
            if (zq_token_is(&token, words[i]))
                return words[i];
        }
    }
}

/* ---- variables ---- */

/* "@x", "@x.y$", "@`x y`", "@'x'": the name as an identifier in backticks; NULL when it is none. */
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
    all->items = zq_arena_grow(all->arena, all->items, sizeof *all->items, all->n);
    all->items[all->n++] = (zq_kept_name){.read = read, .insert_id = insert_id};
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
        if (is_one_of(&token, insert_id))
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
    for (size_t i = 0; i < s->is.n_clauses; i++)
        if (strcmp(s->is.clauses[i].object, "@") != 0)
            return false;
    return true;
}

bool zq_kept_instead(const zq_rev_statement *s)
{
    if (s->is.kind == ZQ_STATEMENT_READ)
        return true;
    if (strncmp(s->is.verb, "SELECT", 6) == 0)
        return s->is.kind == ZQ_STATEMENT_SESSION;
    return strcmp(s->is.verb, "SET") == 0 && sets_variables_only(s);
}

/* ---- what cannot be kept ---- */

static const char *const changing[] = {
    "SELECT",        "LOAD",           "NOW",      "SYSDATE",       "CURRENT_TIMESTAMP",
    "LOCALTIME",     "LOCALTIMESTAMP", "CURDATE",  "CURRENT_DATE",  "CURTIME",
    "CURRENT_TIME",  "UTC_DATE",       "UTC_TIME", "UTC_TIMESTAMP", "UNIX_TIMESTAMP",
    "RAND",          "RANDOM_BYTES",   "UUID",     "UUID_SHORT",    "LAST_INSERT_ID",
    "CONNECTION_ID", "NEXTVAL",        NULL,
};

static zq_rc fail_temporary(const char *file, const zq_rev_statement *s, const char *word,
                            zq_err *err)
{
    zq_fail(
        err, ZQ_E_DATA,
        "%s:%u: %s in what fills a temporary table: it would be filled with other rows when the "
        "revision is resumed",
        file, s->line, word);
    zq_err_hint(err, "use a table of the revision's own, and drop it at its end");
    return ZQ_E_DATA;
}

static zq_rc fail_beside(const char *file, const zq_rev_statement *s, zq_err *err)
{
    zq_fail(err, ZQ_E_DATA,
            "%s:%u: changes a temporary table by what is in others: it would be changed otherwise, "
            "or not at all, when the revision is resumed",
            file, s->line);
    zq_err_hint(err, "use a table of the revision's own, and drop it at its end");
    return ZQ_E_DATA;
}

static zq_rc check_statement(const char *file, const zq_rev_section *section, size_t i, zq_err *err)
{
    static const char *const of_the_last[] = {"ROW_COUNT", "FOUND_ROWS", NULL};
    static const char *const query[] = {"SELECT", "VALUES", NULL};
    static const char *const table[] = {"TABLE", NULL};
    const zq_rev_statement *s = &section->statements[i];
    const char *word = NULL;

    if (s->is.filled && strcmp(s->is.verb, "CREATE TEMPORARY TABLE") == 0)
        word = first_of(s, query) != NULL ? first_of(s, query) : *table;
    else if (s->temporary && (word = first_of(s, changing)) == NULL &&
             s->is.kind == ZQ_STATEMENT_ROWS)
        word = first_of(s, table);
    if (s->temporary_too)
        return fail_beside(file, s, err);
    if (word != NULL)
        return fail_temporary(file, s, word, err);
    if (strcmp(s->is.verb, "SET") == 0 && s->is.kind == ZQ_STATEMENT_SESSION &&
        !sets_variables_only(s) && (word = first_of(s, changing)) != NULL) {
        zq_fail(err, ZQ_E_DATA,
                "%s:%u: %s in a setting: it would be another when the revision is "
                "resumed",
                file, s->line, word);
        zq_err_hint(err,
                    "SET a variable of your own to it first, then the setting to that: SET @v = "
                    "(...); SET time_zone = @v");
        return ZQ_E_DATA;
    }
    if (s->is.kind == ZQ_STATEMENT_DDL || strcmp(s->is.verb, "BEGIN NOT ATOMIC") == 0 ||
        (word = first_of(s, of_the_last)) == NULL)
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
