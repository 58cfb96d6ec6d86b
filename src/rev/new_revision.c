#include "rev/new_revision.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/language.h"
#include "base/text.h"
#include "base/utf8.h"
#include "embed/zq_revision_template.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SLUG_MAX = 40, ID_DIGITS = 4 };

/* ---- names ---- */

static bool is_number(const char *text)
{
    return text[strspn(text, "0123456789")] == '\0' && strlen(text) < 18;
}

const char *zq_new_revision_next_id(const zq_chain *chain, zq_arena *arena)
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

const char *zq_new_revision_own_id(const zq_chain *chain, zq_arena *arena)
{
    const size_t prefix = strlen(ZQ_OWN_PREFIX);
    unsigned long long last = 0;

    for (size_t i = 0; i < chain->n; i++) {
        const char *id = chain->items[i]->id;

        if (strncmp(id, ZQ_OWN_PREFIX, prefix) == 0 && is_number(id + prefix) &&
            strtoull(id + prefix, NULL, 10) > last)
            last = strtoull(id + prefix, NULL, 10);
    }
    return zq_arena_printf(arena, ZQ_OWN_PREFIX "%0*llu", ID_DIGITS, last + 1);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

const char *zq_new_revision_file_name(const char *id, const char *title, zq_arena *arena)
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
    char created[ZQ_UTC_TEXT];

    zq_utc_text(draft->created, created);
    zq_buf_printf(out, "-- revision: %s\n-- revises: %s\n", draft->id,
                  draft->revises != NULL ? draft->revises : ZQ_REVISION_BASE);
    if (draft->release != NULL)
        zq_buf_printf(out, "-- release: %s\n", draft->release);
    zq_buf_printf(out, "-- title: %s\n-- created: %s\n", draft->title, created);
    if (draft->schema_id != NULL)
        zq_buf_printf(out, "-- schema-id: %s\n", draft->schema_id);
    if (draft->squashes != NULL)
        zq_buf_printf(out, "-- squashes: %s\n", draft->squashes);
}

static void write_sql(const char *sql, const char *otherwise, zq_buf *out)
{
    if (sql == NULL || *sql == '\0')
        sql = otherwise;
    zq_buf_str(out, sql);
    if (sql[strlen(sql) - 1] != '\n')
        zq_buf_char(out, '\n');
}

static void put_header(const zq_draft *draft, zq_buf *out)
{
    write_header(draft, out);
}

static void put_upgrade(const zq_draft *draft, zq_buf *out)
{
    write_sql(draft->upgrade, "-- Plain SQL, each statement ended by a semicolon.\n", out);
}

static void put_down(const zq_draft *draft, zq_buf *out)
{
    if (draft->squashes != NULL)
        return;
    zq_buf_printf(out, "-- zq:%s%s", draft->irreversible != NULL ? "irreversible " : "",
                  draft->irreversible != NULL ? draft->irreversible : "downgrade");
}

static void put_downgrade(const zq_draft *draft, zq_buf *out)
{
    if (draft->irreversible == NULL && draft->squashes == NULL)
        write_sql(draft->downgrade,
                  "-- What undoes the upgrade; where nothing can, write instead of the marker\n"
                  "-- above a line of the form: zq:irreversible WHY\n",
                  out);
}

/* What a template is filled with, each once, in this order. */
static const struct {
    const char *name;
    void (*put)(const zq_draft *draft, zq_buf *out);
} places[] = {
    {"{header}", put_header},
    {"{upgrade}", put_upgrade},
    {"{down}", put_down},
    {"{downgrade}", put_downgrade},
};

static zq_rc fill_template(const zq_draft *draft, zq_buf *out, zq_err *err)
{
    const char *at = draft->template_text != NULL ? draft->template_text : zq_revision_template;

    for (size_t i = 0; i < ZQ_LEN(places); i++) {
        const char *place = strstr(at, places[i].name);

        if (place == NULL) {
            zq_fail(err, ZQ_E_DATA, "%s:1: '%s' is missing, or not in its place",
                    draft->template_name != NULL ? draft->template_name : zq_tr(N_("the template")),
                    places[i].name);
            return zq_err_hint(
                err, "a template has {header}, {upgrade}, {down} and {downgrade}, in this "
                     "order");
        }
        zq_buf_add(out, at, (size_t)(place - at));
        places[i].put(draft, out);
        at = place + strlen(places[i].name);
    }
    zq_buf_str(out, at);
    return ZQ_OK;
}

zq_rc zq_new_revision_write(const zq_draft *draft, zq_buf *out, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(text);
    zq_revision read_back;

    ZQ_TRY(check_header(draft, err));
    ZQ_TRY(fill_template(draft, &text, err));
    ZQ_TRY(zq_revision_file_read(zq_new_revision_file_name(draft->id, draft->title, arena),
                                 zq_buf_text(&text), text.length, arena, &read_back, err));
    zq_buf_add(out, zq_buf_text(&text), text.length);
    return ZQ_OK;
}

/* ---- file ---- */

static const char *path_of(const zq_draft *draft, const char *dir, zq_arena *arena)
{
    return zq_arena_printf(arena, "%s/%s", dir,
                           zq_new_revision_file_name(draft->id, draft->title, arena));
}

/* It belongs to the revision, and is nothing without it: what stands there is of none. */
static zq_rc save_schema(const zq_draft *draft, const char *path, zq_err *err)
{
    ZQ_AUTO(zq_new_file) file = NULL;
    ZQ_AUTO_BUF(beside);

    if (draft->schema_text == NULL)
        return ZQ_OK;
    zq_buf_add(&beside, path, strlen(path) - strlen(".sql"));
    zq_buf_str(&beside, ".schema.txt");
    ZQ_TRY(zq_new_file_write(zq_buf_text(&beside), draft->schema_text, strlen(draft->schema_text),
                             0644, &file, err));
    return zq_new_file_place(file, true, err);
}

static zq_rc check_free(const char *path, zq_err *err)
{
    if (access(path, F_OK) != 0)
        return ZQ_OK;
    zq_fail(err, ZQ_E_IO, "'%s' is there already", path);
    return zq_err_hint(err, "another draft has that name: give yours another title, or remove it");
}

zq_rc zq_new_revision_try(const zq_draft *draft, const char *dir, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(text);
    const char *path = path_of(draft, dir, arena);

    ZQ_TRY(zq_new_revision_write(draft, &text, err));
    ZQ_TRY(check_free(path, err));
    return zq_new_file_try(path, text.length, 0644, err);
}

zq_rc zq_new_revision_save(const zq_draft *draft, const char *dir, zq_arena *arena,
                           const char **out_path, zq_err *err)
{
    ZQ_AUTO(zq_new_file) file = NULL;
    ZQ_AUTO_BUF(text);
    const char *path = path_of(draft, dir, arena);

    ZQ_TRY(zq_new_revision_write(draft, &text, err));
    ZQ_TRY(check_free(path, err));
    ZQ_TRY(zq_new_file_write(path, zq_buf_text(&text), text.length, 0644, &file, err));
    ZQ_TRY(save_schema(draft, path, err));
    ZQ_TRY(zq_new_file_place(file, false, err));
    *out_path = path;
    return ZQ_OK;
}
