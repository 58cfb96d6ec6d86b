#include "app/cmd/commands.h"
#include "app/migrate.h"
#include "app/show/page.h"
#include "app/show/words.h"
#include "base/buf.h"
#include "base/text.h"

#include <jansson.h>
#include <string.h>

/* When the revision at `position` was applied last; NULL: it is not, or nobody knows. */
static const zq_history_row *applied_row(const zq_migration *m, size_t position)
{
    const zq_revision *r = zq_chain_at(&m->chain, position);

    for (size_t i = m->record.n; position <= m->position && i > 0; i--) {
        if (strcmp(m->record.applied[i - 1].revision, r->id) == 0 &&
            strcmp(m->record.applied[i - 1].operation, "downgrade") != 0)
            return &m->record.rows[i - 1];
    }
    return NULL;
}

/* When it was, and how long it took: "(2026-01-04 10:20:30, 13 min)". */
static const char *when_of(const zq_history_row *row, zq_arena *arena)
{
    const char *took = zq_words_duration(row->duration_ms, arena);

    return zq_arena_printf(arena, "(%.19s%s%s)", row->applied_time, *took != '\0' ? ", " : "",
                           took);
}

static const char *place_of(const zq_applied *applied)
{
    return *applied->revision == '\0' ? ZQ_REVISION_BASE : applied->revision;
}

/* ---- JSON ---- */

static json_t *duration(const zq_history_row *row)
{
    return row == NULL || row->duration_ms < 0 ? json_null()
                                               : json_integer((json_int_t)row->duration_ms);
}

static json_t *revisions(const zq_migration *m)
{
    json_t *list = json_array();

    for (size_t p = 1; p <= m->chain.n; p++) {
        const zq_revision *r = zq_chain_at(&m->chain, p);
        const zq_history_row *row = applied_row(m, p);

        json_array_append_new(
            list, json_pack("{s:s, s:s?, s:s?, s:s, s:b, s:s?, s:o}", "revision", r->id, "revises",
                            r->revises, "release", r->release, "title", r->title, "applied",
                            m->record.n > 0 && p <= m->position, "applied_time",
                            row == NULL ? NULL : row->applied_time, "duration_ms", duration(row)));
    }
    return list;
}

static json_t *entries(const zq_migration *m)
{
    json_t *list = json_array();

    for (size_t i = 0; i < m->record.n; i++)
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s?, s:s?, s:s?, s:s?, s:s?, s:o}", "revision",
                      m->record.applied[i].revision, "operation", m->record.applied[i].operation,
                      "schema_id", m->record.rows[i].schema_id, "applied_time",
                      m->record.rows[i].applied_time, "applied_by", m->record.rows[i].applied_by,
                      "tool_version", m->record.rows[i].tool_version, "checksum",
                      m->record.applied[i].checksum, "duration_ms", duration(&m->record.rows[i])));
    return list;
}

/* ---- text ---- */

/* "o" is applied, "." is pending, and "@" is where the database is; the newest on top. */
static void write_graph(zq_buf *out, const zq_migration *m)
{
    for (size_t p = m->chain.n; p > 0; p--) {
        const zq_revision *r = zq_chain_at(&m->chain, p);
        const zq_history_row *row = applied_row(m, p);
        bool here = m->record.n > 0 && p == m->position;
        bool applied = m->record.n > 0 && p < m->position;

        zq_text_printf(out, "%s %s%s%s  %s",
                       here      ? "@"
                       : applied ? "o"
                                 : ".",
                       r->id, r->release != NULL ? "  zquant " : "",
                       r->release != NULL ? r->release : "", r->title);
        if (row != NULL)
            zq_text_printf(out, "  %s", when_of(row, m->app->arena));
        zq_text_printf(
            out, "%s%s%s\n|\n", here ? "  <- the database" : "",
            m->chain.ahead != NULL && m->chain.ahead[p - 1] ? "  (in the database already)" : "",
            p == m->chain.n ? "  (head)" : "");
    }
    zq_text_printf(out, "%s base%s\n", m->position == 0 && m->record.n > 0 ? "@" : "o",
                   m->position == 0 && m->record.n > 0 ? "  <- the database" : "");
}

static void write_entries(zq_buf *out, const zq_migration *m)
{
    if (m->record.n == 0) {
        zq_buf_str(out, "\nnothing is recorded in the database\n");
        return;
    }
    zq_buf_str(out, "\nwhat was done, the newest first:\n");
    for (size_t i = m->record.n; i > 0; i--) {
        const zq_history_row *row = &m->record.rows[i - 1];
        const char *took = zq_words_duration(row->duration_ms, m->app->arena);

        zq_text_printf(out, "  %.19s  %-9s  %s%s%s  by %s\n", row->applied_time,
                       m->record.applied[i - 1].operation, place_of(&m->record.applied[i - 1]),
                       *took != '\0' ? "  in " : "", took, row->applied_by);
    }
}

static const zq_paint paints[] = {
    {"@ ", true, ZQ_GREEN}, {". ", true, ZQ_YELLOW}, {"  downgrade  ", false, ZQ_YELLOW}, {0}};

/* ---- a page ---- */

static const char *state_of(const zq_migration *m, size_t p)
{
    if (m->record.n == 0 || p > m->position)
        return m->chain.ahead != NULL && m->chain.ahead[p - 1] ? "in the database already"
                                                               : "pending";
    return p == m->position ? "applied, and the database is here" : "applied";
}

static void add_revisions(zq_buf *page, const zq_migration *m)
{
    static const char *const headings[] = {"Revision", "Release", "Title",
                                           "State",    "Applied", "Took"};

    zq_page_heading(page, 2, NULL, "Revisions, the newest first");
    zq_page_table_begin(page, headings, ZQ_LEN(headings));
    for (size_t p = m->chain.n; p > 0; p--) {
        const zq_revision *r = zq_chain_at(&m->chain, p);
        const zq_history_row *row = applied_row(m, p);
        const char *const cells[] = {
            r->id,
            r->release,
            r->title,
            state_of(m, p),
            row == NULL ? NULL : row->applied_time,
            row == NULL ? NULL : zq_words_duration(row->duration_ms, m->app->arena),
        };

        zq_page_row(page, headings, cells, ZQ_LEN(cells));
    }
    zq_page_table_end(page);
}

static void add_entries(zq_buf *page, const zq_migration *m)
{
    static const char *const headings[] = {"When", "What", "Revision", "Took",
                                           "By",   "Tool", "Schema id"};

    zq_page_heading(page, 2, NULL, "What was done, the newest first");
    zq_page_table_begin(page, headings, ZQ_LEN(headings));
    for (size_t i = m->record.n; i > 0; i--) {
        const zq_history_row *row = &m->record.rows[i - 1];
        const char *const cells[] = {
            row->applied_time,
            m->record.applied[i - 1].operation,
            place_of(&m->record.applied[i - 1]),
            zq_words_duration(row->duration_ms, m->app->arena),
            row->applied_by,
            row->tool_version,
            row->schema_id,
        };

        zq_page_row(page, headings, cells, ZQ_LEN(cells));
    }
    zq_page_table_end(page);
}

static zq_rc write_page(const zq_migration *m, const char *path, zq_err *err)
{
    const char *title = zq_arena_printf(m->app->arena, "history of database '%s'", m->database);
    ZQ_AUTO_BUF(page);

    zq_page_begin(&page, title);
    zq_page_heading(&page, 1, NULL, title);
    zq_buf_str(&page, "<table>\n");
    zq_page_fact(&page, "Recorded", m->record.n > 0 ? zq_migration_recorded(m) : "nothing");
    zq_page_fact(&page, "Newest", zq_chain_name(&m->chain, m->chain.n));
    zq_page_number(&page, "Pending", m->chain.n - m->position);
    zq_page_fact(&page, "Under way", m->record.under_way);
    zq_buf_str(&page, "</table>\n");
    add_revisions(&page, m);
    if (m->record.n > 0)
        add_entries(&page, m);
    return zq_page_write(&page, path, err);
}

zq_rc zq_cmd_history(zq_app *app, zq_err *err)
{
    const char *page = zq_settings_text(app->settings, ZQ_SET_HTML);
    ZQ_AUTO_MIGRATION(m);
    ZQ_AUTO_BUF(out);

    ZQ_TRY(zq_migration_open(app, &m, err));
    ZQ_TRY(zq_migration_connect(&m, err));
    if (page != NULL)
        ZQ_TRY(write_page(&m, page, err));
    if (zq_settings_flag(app->settings, ZQ_SET_JSON))
        return zq_out_json(
            json_pack("{s:o, s:o}", "revisions", revisions(&m), "entries", entries(&m)), err);
    write_graph(&out, &m);
    write_entries(&out, &m);
    return zq_out_painted(zq_buf_text(&out), paints, err);
}
