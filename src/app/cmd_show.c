#include "app/commands.h"
#include "app/migrate.h"
#include "app/release.h"
#include "base/buf.h"
#include "base/text.h"

#include <jansson.h>

static zq_rc print_schema(const zq_revision *revision, zq_err *err)
{
    const zq_release *release = zq_app_release_at(revision->id);

    if (release != NULL)
        return zq_out_exact(release->canonical, err);
    zq_fail(err, ZQ_E_USAGE, "revision '%s' is not a release: its schema is not kept",
            revision->id);
    zq_err_hint(err, "see 'zquant-migrate history' for the releases");
    return ZQ_E_USAGE;
}

static zq_rc print_json(const zq_revision *r, zq_err *err)
{
    return zq_out_json(
        json_pack("{s:s, s:s?, s:s?, s:s, s:s, s:s?, s:s, s:s, s:I, s:I, s:s?}", "revision", r->id,
                  "revises", r->revises, "release", r->release, "title", r->title, "created",
                  r->created, "schema_id", r->schema_id, "checksum", r->checksum, "file", r->file,
                  "upgrade_statements", (json_int_t)r->upgrade.n, "downgrade_statements",
                  (json_int_t)r->downgrade.n, "irreversible", r->irreversible),
        err);
}

static void write_line(zq_buf *out, const char *label, const char *text)
{
    if (text != NULL)
        zq_text_printf(out, "%-10s %s\n", label, text);
}

static zq_rc print_text(const zq_app *app, const zq_revision *r, zq_err *err)
{
    ZQ_AUTO_BUF(out);

    write_line(&out, "revision", r->id);
    write_line(&out, "revises", zq_revision_revises(r));
    if (r->release != NULL)
        zq_text_printf(&out, "%-10s zquant %s\n", "release", r->release);
    write_line(&out, "title", r->title);
    write_line(&out, "created", r->created);
    write_line(&out, "schema id", r->schema_id);
    write_line(&out, "checksum", r->checksum);
    write_line(&out, "file", r->file);
    zq_text_printf(&out, "%-10s %zu statements, ", "upgrade", r->upgrade.n);
    if (r->irreversible != NULL)
        zq_text_printf(&out, "cannot be undone: %s\n", r->irreversible);
    else
        zq_text_printf(&out, "%zu to undo it\n", r->downgrade.n);
    if (zq_settings_flag(app->settings, ZQ_SET_VERBOSE)) {
        zq_buf_char(&out, '\n');
        zq_text_show_lines(&out, r->text, r->length);
    }
    return zq_out_lines(zq_buf_text(&out), err);
}

/* No connection is made, so nothing is known of where a database is. */
static zq_rc refuse_relative(const char *target, zq_err *err)
{
    if (*target != '+' && *target != '-')
        return ZQ_OK;
    zq_fail(err, ZQ_E_USAGE, "'%s' counts from where a database is, and 'show' looks at none",
            target);
    zq_err_hint(err, "name the revision: 'zquant-migrate history' has them all");
    return ZQ_E_USAGE;
}

zq_rc zq_cmd_show(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);
    const zq_revision *revision;
    size_t position;

    ZQ_TRY(refuse_relative(app->argv[0], err));
    ZQ_TRY(zq_migration_open(app, &m, err));
    ZQ_TRY(zq_chain_resolve(&m.chain, app->argv[0], 0, &position, err));
    revision = zq_chain_at(&m.chain, position);
    if (revision == NULL)
        return zq_fail(err, ZQ_E_USAGE, "base is before all revisions: there is nothing to show");
    if (zq_settings_flag(app->settings, ZQ_SET_SCHEMA))
        return print_schema(revision, err);
    ZQ_TRY(zq_revision_complete(revision, app->arena, &revision, err));
    return zq_settings_flag(app->settings, ZQ_SET_JSON) ? print_json(revision, err)
                                                        : print_text(app, revision, err);
}
