/* Members of a family are distinguished by their code, which stands in the names of their indexes.
 * A member that was made by CREATE TABLE ... LIKE another has that one's code there, and so has a
 * copy that was renamed. What such an index is to the family is read from its name and the patterns
 * that are known: those of the model, and those in the revision's own statements. */
#include "run/member_form.h"

#include "model/family.h"
#include "sql/read/placeholder.h"
#include "sql/read/token.h"
#include "sql/sql.h"
#include "sql/table/show_create_read.h"

#include <string.h>
#include <strings.h>

/* ---- reading ---- */

zq_rc zq_member_form_read(const char *definition, size_t length, zq_flavor flavor,
                          const char *family, const char *code, const char *const *patterns,
                          zq_arena *arena, zq_member_form *out, zq_err *err)
{
    static const char *const none[] = {NULL};
    zq_member_form form = {0};

    ZQ_TRY(zq_show_create_read(definition, length, flavor, arena, &form.table, err));
    form.table.name = family;
    form.index_names = ZQ_NEW_ARRAY(arena, const char *, form.table.n_indexes + 1);
    for (size_t i = 0; i < form.table.n_indexes; i++)
        form.index_names[i] = form.table.indexes[i].name;
    form.n_other = zq_family_fold_table(arena, &form.table, patterns, none, code);
    zq_fingerprint_table(&form.table, &form.print);
    *out = form;
    return ZQ_OK;
}

/* ---- writing ---- */

/* The name that a token is; NULL when it is not one. */
static const char *name_of(const zq_token *token, zq_arena *arena)
{
    if (token->kind == ZQ_TOKEN_WORD)
        return zq_arena_strndup(arena, token->text, token->length);
    if (token->kind == ZQ_TOKEN_NAME && token->length > 2)
        return zq_arena_strndup(arena, token->text + 1, token->length - 2);
    return NULL;
}

/* What the index that the statement calls `name` is called on this member; NULL: that. */
static const char *real_name(const zq_member_form *form, const char *code, const char *name,
                             zq_arena *arena)
{
    for (size_t i = 0; i < form->table.n_indexes; i++) {
        const char *own = zq_family_expand(arena, form->table.indexes[i].name, code);

        if (strcasecmp(own, name) == 0)
            return strcasecmp(form->index_names[i], name) == 0 ? NULL : form->index_names[i];
    }
    return NULL;
}

/* Append the text from `*io_done` on, with another name in the place of `token`. */
static void replace(zq_sql *sql, const char *text, size_t *io_done, const zq_token *token,
                    const char *name, zq_arena *arena)
{
    const size_t at = (size_t)(token->text - text);

    zq_sql_add(sql, "%-s`%s`", zq_arena_strndup(arena, text + *io_done, at - *io_done), name);
    *io_done = at + token->length;
}

const char *zq_member_form_write(const zq_member_form *form, const char *code, const char *text,
                                 zq_arena *arena)
{
    static const char *const verbs[] = {"DROP", "RENAME", "ALTER"};
    zq_scanner scanner = {.text = text, .length = strlen(text), .line = 1};
    ZQ_AUTO_SQL(sql);
    const char *written;
    size_t done = 0;
    bool after_verb = false, after_index = false;

    if (form->n_other == 0)
        return text;
    for (;;) {
        const zq_token token = zq_scan_code(&scanner);
        const char *name = after_index ? name_of(&token, arena) : NULL;

        if (token.kind == ZQ_TOKEN_END || token.kind == ZQ_TOKEN_BROKEN)
            break;
        if (after_index && (zq_token_is(&token, "IF") || zq_token_is(&token, "EXISTS")))
            continue;
        if (name != NULL)
            name = real_name(form, code, name, arena);
        if (name != NULL)
            replace(&sql, text, &done, &token, name, arena);
        after_index = after_verb && (zq_token_is(&token, "INDEX") || zq_token_is(&token, "KEY"));
        after_verb = false;
        for (size_t i = 0; i < ZQ_LEN(verbs); i++)
            after_verb = after_verb || zq_token_is(&token, verbs[i]);
    }
    if (done == 0)
        return text;
    zq_sql_rawz(&sql, text + done);
    return zq_sql_keep(&sql, arena, &written, NULL) == ZQ_OK ? written : text;
}

/* ---- patterns ---- */

size_t zq_member_patterns(const char *text, const char *family, zq_arena *arena,
                          const char ***io_patterns, size_t n)
{
    const zq_binding bindings[] = {{"table", family}, {"code", ZQ_CODE}};
    const char *folded = zq_placeholder_fill(arena, text, strlen(text), bindings, ZQ_LEN(bindings));
    zq_scanner scanner = {.text = folded, .length = strlen(folded), .line = 1};

    for (;;) {
        const zq_token token = zq_scan_code(&scanner);
        const char *name = name_of(&token, arena);

        if (token.kind == ZQ_TOKEN_END || token.kind == ZQ_TOKEN_BROKEN)
            return n;
        if (name == NULL || strstr(name, ZQ_CODE) == NULL || strcmp(name, family) == 0)
            continue;
        *ZQ_APPEND(arena, *io_patterns, n) = name;
    }
}

/* ---- words ---- */

void zq_member_line(zq_buf *out, const char *sql)
{
    for (; *sql != '\0'; sql++) {
        const bool space = strchr(" \t\r\n", *sql) != NULL;

        if (!space)
            zq_buf_char(out, *sql);
        else if (out->length > 0 && strchr(" \n", out->text[out->length - 1]) == NULL)
            zq_buf_char(out, ' ');
    }
    zq_buf_str(out, ";\n");
}
