#include "app/cmd/commands.h"
#include "app/head.h"
#include "app/migrate.h"
#include "app/show/schema_write.h"
#include "app/side.h"
#include "base/buf.h"
#include "base/language.h"
#include "base/text.h"
#include "model/canon.h"

#include <jansson.h>
#include <string.h>

static zq_rc print_form(zq_app *app, const zq_side *side, zq_err *err)
{
    const bool columns = zq_settings_flag(app->settings, ZQ_SET_VERBOSE);
    const zq_flavor flavor =
        side->kind == ZQ_SIDE_LIVE ? side->flavor : zq_settings_flavor(app->settings);
    ZQ_AUTO_BUF(out);

    switch ((zq_format)zq_settings_choice(app->settings, ZQ_SET_FORMAT)) {
    case ZQ_FORMAT_TEXT:
        zq_canon_schema(&out, side->schema);
        break;
    case ZQ_FORMAT_SQL:
        ZQ_TRY(zq_schema_write_sql(&out, side->schema, flavor, app->arena, err));
        break;
    case ZQ_FORMAT_C:
        zq_schema_write_c(&out, side->schema, app->arena);
        break;
    case ZQ_FORMAT_JSON:
        return zq_out_json(zq_schema_write_json(side->schema, app->arena), err);
    case ZQ_FORMAT_MERMAID:
        zq_schema_write_picture(&out, side->schema, ZQ_PICTURE_MERMAID, columns, app->arena);
        break;
    case ZQ_FORMAT_DOT:
        zq_schema_write_picture(&out, side->schema, ZQ_PICTURE_DOT, columns, app->arena);
        break;
    case ZQ_FORMAT_SVG:
        zq_schema_write_svg(&out, side->schema, columns, app->arena);
        break;
    }
    return zq_out_exact(zq_buf_text(&out), err);
}

static zq_rc show_schema(zq_app *app, zq_err *err)
{
    zq_chain chain;
    zq_side side;

    ZQ_TRY(zq_head_chain(app, &chain, err));
    ZQ_TRY(zq_side_read_any(app, &chain, app->argc > 0 ? app->argv[0] : "models", &side, err));
    return print_form(app, &side, err);
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
    if (r->squash_last != NULL)
        zq_text_printf(&out, "for %s to %s, which are undone one by one\n", r->squash_first,
                       r->squash_last);
    else if (r->irreversible != NULL)
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
    return zq_err_hint(err, "name the revision: 'zquant-migrate history' has them all");
}

static zq_rc refuse_nothing(const zq_app *app, zq_err *err)
{
    const bool forms = zq_settings_level(app->settings, ZQ_SET_FORMAT) == ZQ_LEVEL_OPTION;

    zq_fail(err, ZQ_E_USAGE,
            forms ? N_("'--format' is a form of '--schema'") : N_("'show' needs REV"));
    return zq_err_hint(err, "see 'zquant-migrate show --help'");
}

/* A squash has an id of its own, which names no place. */
static const zq_revision *find_squash(const zq_chain *chain, const char *id)
{
    for (size_t i = 0; i < chain->n_squashes; i++) {
        if (strcmp(chain->squashes[i].revision->id, id) == 0)
            return chain->squashes[i].revision;
    }
    return NULL;
}

zq_rc zq_cmd_show(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);
    const zq_revision *revision;
    size_t position;

    if (zq_settings_flag(app->settings, ZQ_SET_SCHEMA))
        return show_schema(app, err);
    if (app->argc == 0 || zq_settings_level(app->settings, ZQ_SET_FORMAT) == ZQ_LEVEL_OPTION)
        return refuse_nothing(app, err);
    ZQ_TRY(refuse_relative(app->argv[0], err));
    ZQ_TRY(zq_migration_open(app, &m, err));
    revision = find_squash(&m.chain, app->argv[0]);
    if (revision == NULL) {
        ZQ_TRY(zq_chain_resolve(&m.chain, app->argv[0], 0, &position, err));
        revision = zq_chain_at(&m.chain, position);
    }
    if (revision == NULL)
        return zq_fail(err, ZQ_E_USAGE, "base is before all revisions: there is nothing to show");
    ZQ_TRY(zq_revision_file_complete(revision, app->arena, &revision, err));
    return zq_settings_flag(app->settings, ZQ_SET_JSON) ? print_json(revision, err)
                                                        : print_text(app, revision, err);
}
