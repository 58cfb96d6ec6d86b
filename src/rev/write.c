#include "rev/write.h"

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "embed/zq_revision_template.h"

#include <stdlib.h>
#include <string.h>

enum { SLUG_MAX = 40, ID_DIGITS = 4 };

/* ---- names ---- */

static bool is_number(const char *text)
{
    return text[strspn(text, "0123456789")] == '\0' && strlen(text) < 18;
}

const char *zq_revision_next_id(const zq_chain *chain, zq_arena *arena)
{
    unsigned long long next = 0;
    int digits = ID_DIGITS;

    for (size_t i = 0; i < chain->n; i++) {
        const char *id = chain->items[i]->id;

        if (!is_number(id) || strtoull(id, NULL, 10) < next)
            continue;
        next = strtoull(id, NULL, 10);
        digits = (int)strlen(id);
    }
    if (next == 0)
        next = chain->n;
    return zq_arena_printf(arena, "%0*llu", digits, next + 1);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

const char *zq_revision_file_name(const char *id, const char *title, zq_arena *arena)
{
    char slug[SLUG_MAX + 1];
    size_t n = 0;

    for (; *title != '\0' && n < SLUG_MAX; title++) {
        char c = *title >= 'A' && *title <= 'Z' ? (char)(*title - 'A' + 'a') : *title;

        if (is_letter(c))
            slug[n++] = c;
        else if (n > 0 && slug[n - 1] != '_')
            slug[n++] = '_';
    }
    while (n > 0 && slug[n - 1] == '_')
        n--;
    slug[n] = '\0';
    return zq_arena_printf(arena, "%s%s%s.sql", id, n > 0 ? "_" : "", slug);
}

/* ---- text ---- */

static zq_rc check_header(const zq_draft *draft, zq_err *err)
{
    if (!zq_revision_id_valid(draft->id))
        return zq_fail(err, ZQ_E_USAGE, "'%.64s' cannot be a revision: 1 to 64 of a-z, 0-9 and '-'",
                       draft->id);
    if (!zq_text_is_plain(draft->title, strlen(draft->title)))
        return zq_fail(err, ZQ_E_USAGE, "the title must be one line of text");
    if (draft->title[strspn(draft->title, " ")] == '\0')
        return zq_fail(err, ZQ_E_USAGE, "the title is empty");
    if (zq_utf8_count(draft->title) > 255)
        return zq_fail(err, ZQ_E_USAGE, "the title has more than 255 characters");
    if (draft->irreversible != NULL &&
        !zq_text_is_plain(draft->irreversible, strlen(draft->irreversible)))
        return zq_fail(err, ZQ_E_USAGE, "the reason must be one line of text");
    return ZQ_OK;
}

static void write_header(const zq_draft *draft, zq_buf *out)
{
    char created[sizeof "2026-01-04T00:00:00Z"];
    struct tm utc;

    gmtime_r(&draft->created, &utc);
    if (strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        memcpy(created, "1970-01-01T00:00:00Z", sizeof created); /* a year beyond 9999 */
    zq_buf_printf(out, "-- revision: %s\n-- revises: %s\n", draft->id,
                  draft->revises != NULL ? draft->revises : ZQ_REVISION_BASE);
    if (draft->release != NULL)
        zq_buf_printf(out, "-- release: %s\n", draft->release);
    zq_buf_printf(out, "-- title: %s\n-- created: %s\n", draft->title, created);
    if (draft->schema_id != NULL)
        zq_buf_printf(out, "-- schema-id: %s\n", draft->schema_id);
}

static void write_sql(const char *sql, const char *otherwise, zq_buf *out)
{
    if (sql == NULL || *sql == '\0')
        sql = otherwise;
    zq_buf_str(out, sql);
    if (sql[strlen(sql) - 1] != '\n')
        zq_buf_char(out, '\n');
}

/* The template with its four places filled in: {header}, {upgrade}, {down}, {downgrade}. */
static void fill_template(const zq_draft *draft, zq_buf *out)
{
    const char *at = zq_revision_template, *brace;

    for (; (brace = strchr(at, '{')) != NULL; at = strchr(brace, '}') + 1) {
        zq_buf_add(out, at, (size_t)(brace - at));
        if (strncmp(brace, "{header}", 8) == 0)
            write_header(draft, out);
        else if (strncmp(brace, "{upgrade}", 9) == 0)
            write_sql(draft->upgrade, "-- Plain SQL, each statement ended by a semicolon.\n", out);
        else if (strncmp(brace, "{down}", 6) == 0)
            zq_buf_printf(out, "-- zq:%s%s", draft->irreversible != NULL ? "irreversible " : "",
                          draft->irreversible != NULL ? draft->irreversible : "downgrade");
        else if (draft->irreversible == NULL)
            write_sql(draft->downgrade,
                      "-- What undoes the upgrade; where nothing can, write instead of the marker\n"
                      "-- above a line of the form: zq:irreversible WHY\n",
                      out);
    }
    zq_buf_str(out, at);
}

zq_rc zq_revision_write(const zq_draft *draft, zq_buf *out, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(text);
    zq_revision read_back;

    ZQ_TRY(check_header(draft, err));
    fill_template(draft, &text);
    ZQ_TRY(zq_revision_read(zq_revision_file_name(draft->id, draft->title, arena),
                            zq_buf_text(&text), text.length, arena, &read_back, err));
    zq_buf_add(out, zq_buf_text(&text), text.length);
    return ZQ_OK;
}

/* ---- file ---- */

zq_rc zq_revision_save(const zq_draft *draft, const char *dir, zq_arena *arena,
                       const char **out_path, zq_err *err)
{
    ZQ_AUTO(zq_new_file) file = NULL;
    ZQ_AUTO_BUF(text);
    const char *path =
        zq_arena_printf(arena, "%s/%s", dir, zq_revision_file_name(draft->id, draft->title, arena));

    ZQ_TRY(zq_revision_write(draft, &text, err));
    ZQ_TRY(zq_new_file_write(path, zq_buf_text(&text), text.length, 0644, &file, err));
    ZQ_TRY(zq_new_file_place(file, false, err));
    *out_path = path;
    return ZQ_OK;
}
