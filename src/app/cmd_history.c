#include "app/commands.h"
#include "app/migrate.h"
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

/* ---- JSON ---- */

static json_t *revisions(const zq_migration *m)
{
    json_t *list = json_array();

    for (size_t p = 1; p <= m->chain.n; p++) {
        const zq_revision *r = zq_chain_at(&m->chain, p);
        const zq_history_row *row = applied_row(m, p);

        json_array_append_new(list,
                              json_pack("{s:s, s:s?, s:s?, s:s, s:b, s:s?}", "revision", r->id,
                                        "revises", r->revises, "release", r->release, "title",
                                        r->title, "applied", m->record.n > 0 && p <= m->position,
                                        "applied_time", row == NULL ? NULL : row->applied_time));
    }
    return list;
}

static json_t *entries(const zq_migration *m)
{
    json_t *list = json_array();

    for (size_t i = 0; i < m->record.n; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s?, s:s?, s:s?, s:s?, s:s?}",
                                              "revision", m->record.applied[i].revision,
                                              "operation", m->record.applied[i].operation,
                                              "schema_id", m->record.rows[i].schema_id,
                                              "applied_time", m->record.rows[i].applied_time,
                                              "applied_by", m->record.rows[i].applied_by,
                                              "tool_version", m->record.rows[i].tool_version,
                                              "checksum", m->record.applied[i].checksum));
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
            zq_text_printf(out, "  (%.19s)", row->applied_time);
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
        const char *revision = m->record.applied[i - 1].revision;

        zq_text_printf(out, "  %.19s  %-9s  %s  by %s\n", m->record.rows[i - 1].applied_time,
                       m->record.applied[i - 1].operation,
                       *revision == '\0' ? ZQ_REVISION_BASE : revision,
                       m->record.rows[i - 1].applied_by);
    }
}

static const zq_paint paints[] = {
    {"@ ", true, ZQ_GREEN}, {". ", true, ZQ_YELLOW}, {"  downgrade  ", false, ZQ_YELLOW}, {0}};

zq_rc zq_cmd_history(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);
    ZQ_AUTO_BUF(out);

    ZQ_TRY(zq_migration_open(app, &m, err));
    ZQ_TRY(zq_migration_connect(&m, err));
    if (zq_settings_flag(app->settings, ZQ_SET_JSON))
        return zq_out_json(
            json_pack("{s:o, s:o}", "revisions", revisions(&m), "entries", entries(&m)), err);
    write_graph(&out, &m);
    write_entries(&out, &m);
    return zq_out_painted(zq_buf_text(&out), paints, err);
}
