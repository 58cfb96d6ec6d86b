#include "rev/rules.h"

#include "base/phrase.h"
#include "sql/read/placeholder.h"
#include "sql/read/token.h"

#include <string.h>

/* Where a failure is reported. */
typedef struct checker {
    const char *file;
    zq_arena *arena;
    zq_err *err;
} checker;

#define FAIL(r, line, ...) fail_at((r), (line), zq_tr_printf((r)->arena, __VA_ARGS__))

static zq_rc fail_at(checker *r, unsigned line, const char *what)
{
    return zq_fail(r->err, ZQ_E_DATA, "%s:%u: %s", r->file, line, what);
}

static bool is_bound(const zq_rev_statement *s, const char *placeholder)
{
    if (s->block == ZQ_BLOCK_FAMILY)
        return strcmp(placeholder, "table") == 0 || strcmp(placeholder, "code") == 0;
    return s->block == ZQ_BLOCK_BATCH && strcmp(placeholder, "range") == 0;
}

static zq_rc fail_placeholder(checker *r, unsigned line, const char *name)
{
    if (strcmp(name, "table") == 0 || strcmp(name, "code") == 0)
        return FAIL(r, line, "{%s} outside a 'zq:family' block", name);
    if (strcmp(name, "range") == 0)
        return FAIL(r, line, "{range} outside a 'zq:batch' block");
    return FAIL(r, line, "unknown placeholder {%s}", name);
}

/* Outside quotes, braces can only be meant as a placeholder; in a string they may be data. */
static zq_rc check_placeholders(checker *r, const zq_rev_statement *s)
{
    const zq_placeholder *found;
    size_t n = zq_placeholder_list(s->text, s->length, r->arena, &found);
    size_t n_bound = 0;

    for (size_t i = 0; i < n; i++) {
        unsigned line = s->line + found[i].line - 1;

        if (!is_bound(s, found[i].name)) {
            if (!found[i].in_string)
                return fail_placeholder(r, line, found[i].name);
            continue;
        }
        if (s->block == ZQ_BLOCK_BATCH && found[i].in_string)
            return FAIL(r, line, "{range} in a string");
        n_bound++;
    }
    if (n_bound == 0 && s->block == ZQ_BLOCK_FAMILY)
        return FAIL(r, s->line, "a statement of a 'zq:family' block without {table}");
    if (n_bound == 0 && s->block == ZQ_BLOCK_BATCH)
        return FAIL(r, s->line, "a statement of a 'zq:batch' block without {range}");
    return ZQ_OK;
}

/* A piece is one statement: what is behind its end would be run unread. */
static zq_rc check_end(checker *r, const zq_rev_statement *s)
{
    if (s->parsed.open_line != 0) {
        FAIL(r, s->line + s->parsed.open_line - 1,
             "the body that begins here is not ended: the delimiter stands within it");
        return zq_err_hint(r->err, "write 'DELIMITER //' before the statement, '//' behind its "
                                   "END, and 'DELIMITER ;' after that");
    }
    if (s->length == 0)
        return FAIL(r, s->line, "an empty statement: nothing is before this ';'");
    if (s->parsed.more_line != 0)
        return FAIL(r, s->line + s->parsed.more_line - 1,
                    "a second statement before the delimiter, the first is in line %u: end each "
                    "with the delimiter",
                    s->line);
    if (s->parsed.too_many)
        return FAIL(r, s->line, "a statement with more than %d tables or clauses",
                    ZQ_STATEMENT_NAMES_MAX);
    return ZQ_OK;
}

/* Locks of this kind die with the session, and one of the run's own is in it: RELEASE_ALL_LOCKS
 * would let the next run begin beside this one. A body that is only stored may have them. */
static zq_rc check_locks(checker *r, const zq_rev_statement *s)
{
    static const char *const functions[] = {"GET_LOCK", "RELEASE_LOCK", "RELEASE_ALL_LOCKS"};
    zq_scanner scanner = {.text = s->text, .length = s->length, .line = s->line};
    bool stored = s->parsed.kind == ZQ_STATEMENT_DDL && s->parsed.object != ZQ_OBJECT_TABLE;
    zq_token token = {.kind = ZQ_TOKEN_WORD}, last = token;

    for (; !stored && token.kind != ZQ_TOKEN_END && token.kind != ZQ_TOKEN_BROKEN; last = token) {
        token = zq_scan_code(&scanner);
        for (size_t i = 0; zq_token_is_sign(&token, '(') && i < ZQ_LEN(functions); i++)
            if (zq_token_is(&last, functions[i]))
                return FAIL(r, last.line,
                            "%s(): the run has a lock of its own in this session, and one of yours "
                            "would be gone when it is resumed",
                            functions[i]);
    }
    return ZQ_OK;
}

/* What a revision may not set: its effect would not be seen where it counts. What ends in such a
 * name (default_storage_engine, enforce_storage_engine) is meant, too. */
static const struct {
    const char *variable, *why;
} not_set[] = {
    {"storage_engine", N_("write ENGINE = ... in each CREATE TABLE instead, where it is seen")},
    {"sql_log_bin", N_("replicas would not get what this run does")},
    {"skip_replication", N_("replicas would not get what this run does")},
    {"gtid_next", N_("a run has many transactions, and each needs a number of its own")},
    {"wsrep_on", N_("the other nodes would not get what this run does")},
    {"wsrep_osu_method", N_("the other nodes would not get what this run does")},
};

static bool names_variable(const zq_token *token, const char *variable)
{
    const size_t quote = token->kind == ZQ_TOKEN_NAME, n = strlen(variable);

    return token->length >= n + 2 * quote &&
           strncasecmp(token->text + token->length - quote - n, variable, n) == 0;
}

static zq_rc check_variable(checker *r, const zq_token *name)
{
    for (size_t i = 0; i < ZQ_LEN(not_set); i++)
        if (names_variable(name, not_set[i].variable))
            return FAIL(r, name->line, "'SET %.*s': %s", (int)name->length, name->text,
                        zq_tr(not_set[i].why));
    return ZQ_OK;
}

/* What stands before a '=' or ':=' is set; behind one '@' it is a variable of the user's. */
static zq_rc check_variables(checker *r, const zq_rev_statement *s)
{
    zq_scanner scanner = {.text = s->text, .length = s->length, .line = s->line};
    zq_token token = zq_scan_code(&scanner), name = token;
    unsigned ats = 0, ats_before_name = 0;

    if (!zq_token_is(&token, "SET"))
        return ZQ_OK;
    for (; token.kind != ZQ_TOKEN_END && token.kind != ZQ_TOKEN_BROKEN;
         token = zq_scan_code(&scanner)) {
        if (token.kind == ZQ_TOKEN_WORD || token.kind == ZQ_TOKEN_NAME) {
            name = token;
            ats_before_name = ats;
        } else if ((zq_token_is_sign(&token, '=') || zq_token_is_sign(&token, ':')) &&
                   ats_before_name != 1) {
            ZQ_TRY(check_variable(r, &name));
        }
        ats = zq_token_is_sign(&token, '@') ? ats + 1 : 0;
    }
    return ZQ_OK;
}

static zq_rc check_kind(checker *r, const zq_rev_statement *s)
{
    if (s->parsed.kind == ZQ_STATEMENT_TRANSACTION)
        return FAIL(r, s->line, "'%s': transactions are the runner's", s->parsed.verb);
    if (s->parsed.kind == ZQ_STATEMENT_USE)
        return FAIL(r, s->line, "'USE': a revision stays in its own database");
    if (s->parsed.other_database)
        return FAIL(r, s->line,
                    "something is named with its database: a revision stays in its own");
    if (s->parsed.from_client)
        return FAIL(r, s->line,
                    "'LOAD DATA LOCAL': no file of the client's is sent, since a server could ask "
                    "for any other; without LOCAL, the file is the server's");
    if (s->block == ZQ_BLOCK_BATCH && s->parsed.kind != ZQ_STATEMENT_ROWS)
        return FAIL(r, s->line, "a 'zq:batch' block is for a statement that changes rows");
    if (s->parsed.meta != NULL)
        return FAIL(r, s->line, "'%.64s' is the journal's own", s->parsed.meta);
    return ZQ_OK;
}

zq_rc zq_rev_statement_check(const char *file, const zq_rev_statement *statement, zq_arena *arena,
                             zq_err *err)
{
    checker r = {file, arena, err};

    ZQ_TRY(check_end(&r, statement));
    ZQ_TRY(check_placeholders(&r, statement));
    ZQ_TRY(check_locks(&r, statement));
    ZQ_TRY(check_variables(&r, statement));
    return check_kind(&r, statement);
}
