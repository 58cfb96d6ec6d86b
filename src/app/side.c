/* Reads a schema from where its name says it is, and compares two of them.
 *
 * All but the database are one schema. A database can have members of a family in several forms: as
 * a side it has the form of most, and in a comparison each form is held against the other side by
 * itself, so that what is written for one is not run on the others. */
#include "app/side.h"

#include "app/connect.h"
#include "app/head.h"
#include "app/inspect.h"
#include "app/kept_schema.h"
#include "diff/diff.h"

#include "release.h"

#include <string.h>

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text);

    return length > strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

zq_side_kind zq_side_kind_of(const char *name)
{
    if (strcmp(name, "models") == 0)
        return ZQ_SIDE_MODELS;
    if (strcmp(name, "live") == 0)
        return ZQ_SIDE_LIVE;
    if (strcmp(name, "-") == 0 || strchr(name, '/') != NULL || ends_in(name, ".txt"))
        return ZQ_SIDE_FILE;
    return ZQ_SIDE_REVISION;
}

/* ---- revisions ---- */

static zq_rc fail_relative(const char *name, zq_err *err)
{
    zq_fail(err, ZQ_E_USAGE, "'%s' counts from where a database is, and a side is one schema",
            name);
    return zq_err_hint(err, "name the revision: 'zquant-migrate history' has them all");
}

static zq_rc read_revision(zq_app *app, const zq_chain *chain, const char *name, zq_side *out,
                           zq_err *err)
{
    size_t position;
    const zq_revision *revision;

    if (*name == '+' || *name == '-')
        return fail_relative(name, err);
    if (zq_chain_resolve(chain, name, 0, &position, err) != ZQ_OK) {
        return zq_err_hint(
            err, "a side is models, live, a revision or release ('zquant-migrate history'), "
                 "a file with a '/' in its name or that ends in '.txt', or '-'");
    }
    revision = zq_chain_at(chain, position);
    out->revision = revision != NULL ? revision->id : NULL;
    out->label = revision == NULL ? "base"
                                  : zq_arena_printf(app->arena, "revision '%s'%s", revision->id,
                                                    zq_head_in_brackets(app, revision->id));
    return zq_kept_schema_need(chain, position, app->arena, &out->schema, err);
}

/* ---- the two that are there ---- */

/* The journal's own tables are not part of what a revision changes. */
static zq_schema *without_meta(const zq_schema *schema, zq_arena *arena)
{
    zq_schema *result = ZQ_NEW(arena, zq_schema);

    for (size_t i = 0; i < schema->n_tables; i++) {
        if (!zq_table_is_meta(schema->tables[i]))
            zq_schema_add(result, schema->tables[i], arena);
    }
    return result;
}

zq_rc zq_side_read(zq_app *app, const zq_chain *chain, const char *name, zq_side *out, zq_err *err)
{
    *out = (zq_side){.kind = zq_side_kind_of(name)};
    switch (out->kind) {
    case ZQ_SIDE_MODELS:
        out->label = "the models";
        out->schema = without_meta(&zq_schema_head, app->arena);
        return ZQ_OK;
    case ZQ_SIDE_FILE:
        out->label =
            strcmp(name, "-") == 0 ? "standard input" : zq_arena_printf(app->arena, "'%s'", name);
        return zq_kept_schema_read(name, app->arena, &out->schema, err);
    default:
        return read_revision(app, chain, name, out, err);
    }
}

/* ---- the database ---- */

/* The forms that members of the family have; gives how many, and that of most of them. */
static size_t forms_of(const zq_catalog *catalog, const char *family, const zq_form **out_largest)
{
    size_t n = 0;

    *out_largest = NULL;
    for (size_t i = 0; i < catalog->n_forms; i++) {
        const zq_form *form = &catalog->forms[i];

        if (form->n_members == 0 || strcmp(form->family->name, family) != 0)
            continue;
        n++;
        if (*out_largest == NULL || form->n_members > (*out_largest)->n_members)
            *out_largest = form;
    }
    return n;
}

static const zq_schema *live_schema(const zq_catalog *catalog, const zq_schema *recorded,
                                    const zq_schema *other, zq_arena *arena)
{
    zq_schema *schema = without_meta(&catalog->schema, arena);
    const zq_form *form;

    for (size_t i = 0; i < catalog->n_forms; i++) {
        const char *name = catalog->forms[i].family->name;

        if (forms_of(catalog, name, &form) > 0 && zq_schema_table(schema, name) == NULL)
            zq_schema_add(schema, zq_form_table(form), arena);
    }
    for (size_t i = 0; i < other->n_tables; i++) {
        const char *name = other->tables[i]->name;
        const zq_table *table = zq_schema_table(recorded, name);

        if (zq_table_is_family(other->tables[i]) && zq_schema_table(schema, name) == NULL)
            zq_schema_add(schema, table != NULL ? table : other->tables[i], arena);
    }
    return schema;
}

/* `other`, and what the catalog has of tables that are called as if they were the application's;
 * NULL: it has none. */
static const zq_schema *with_unknown(zq_app *app, const zq_catalog *catalog, const zq_schema *other)
{
    zq_schema *schema = ZQ_NEW(app->arena, zq_schema);

    for (size_t i = 0; i < other->n_tables; i++)
        zq_schema_add(schema, other->tables[i], app->arena);
    for (size_t i = 0; i < catalog->n_foreign_tables; i++) {
        const char *name = catalog->foreign_tables[i];
        zq_table *table;

        if (strncmp(name, "zq_", 3) != 0 || strncmp(name, ZQ_META_PREFIX, 8) == 0)
            continue;
        zq_warn("table '%s' is not known to this build, and taken along", name);
        table = ZQ_NEW(app->arena, zq_table);
        table->name = name;
        zq_schema_add(schema, table, app->arena);
    }
    return schema->n_tables > other->n_tables ? schema : NULL;
}

zq_rc zq_side_read_live(zq_app *app, zq_db *db, const zq_chain *chain, const zq_schema *other,
                        bool all, zq_side *out, zq_err *err)
{
    const char *database = zq_settings_text(app->settings, ZQ_SET_DATABASE);
    const zq_wanted wanted = zq_head_wanted(app, chain);
    zq_catalog *catalog = ZQ_NEW(app->arena, zq_catalog);
    const zq_schema *recorded = NULL, *more;
    zq_state state;
    size_t position;

    ZQ_TRY(zq_state_read(db, database, &wanted, app->arena, &state, err));
    ZQ_TRY(zq_inspect_read(app, db, database, other, catalog, err));
    if (!catalog->exists)
        return zq_head_fail_missing(database, err);
    more = all ? with_unknown(app, catalog, other) : NULL;
    if (more != NULL)
        ZQ_TRY(zq_inspect_read(app, db, database, more, catalog, err));
    if (state.revision != NULL && zq_chain_find(chain, state.revision, &position))
        ZQ_TRY(zq_kept_schema_at(chain, position, app->arena, &recorded, err));
    *out = (zq_side){
        .kind = ZQ_SIDE_LIVE,
        .label = zq_arena_printf(app->arena, "database '%s'", database),
        .revision = state.revision != NULL && *state.revision != '\0' ? state.revision : NULL,
        .schema = live_schema(catalog, recorded != NULL ? recorded : other, other, app->arena),
        .flavor = zq_db_server(db)->flavor,
        .catalog = catalog,
    };
    return ZQ_OK;
}

static zq_rc read_live(zq_app *app, const zq_chain *chain, const zq_schema *other, bool all,
                       zq_side *out, zq_err *err)
{
    ZQ_AUTO(zq_db) db = NULL;

    ZQ_TRY(zq_connect_caught_up(app, &db, err));
    return zq_side_read_live(app, db, chain, other, all, out, err);
}

/* A side is one schema; where members are not alike, somebody should know what it leaves out. */
static void warn_of_mixed(const zq_side *side)
{
    for (size_t i = 0; i < side->schema->n_tables; i++) {
        const zq_table *table = side->schema->tables[i];
        const zq_form *largest;

        if (zq_table_is_family(table) && forms_of(side->catalog, table->name, &largest) > 1)
            zq_warn("members of '%s' are not all alike: it is shown as %zu of them are",
                    table->name, largest->n_members);
    }
}

zq_rc zq_side_read_any(zq_app *app, const zq_chain *chain, const char *name, zq_side *out,
                       zq_err *err)
{
    zq_desired desired;

    if (zq_side_kind_of(name) != ZQ_SIDE_LIVE)
        return zq_side_read(app, chain, name, out, err);
    ZQ_TRY(zq_kept_schema_desired(app, chain, &desired, err));
    ZQ_TRY(read_live(app, chain, desired.schema, true, out, err));
    warn_of_mixed(out);
    return ZQ_OK;
}

zq_rc zq_sides_read(zq_app *app, const zq_chain *chain, const char *from, const char *to,
                    zq_side *out_from, zq_side *out_to, zq_err *err)
{
    const bool from_live = zq_side_kind_of(from) == ZQ_SIDE_LIVE;
    const bool to_live = zq_side_kind_of(to) == ZQ_SIDE_LIVE;

    if (strcmp(from, to) == 0 || (from_live && to_live)) {
        zq_fail(err, ZQ_E_USAGE, "both sides are '%s'", from);
        return zq_err_hint(err, "name another by --from or --to");
    }
    if (!from_live)
        ZQ_TRY(zq_side_read(app, chain, from, out_from, err));
    if (!to_live)
        ZQ_TRY(zq_side_read(app, chain, to, out_to, err));
    if (from_live)
        return read_live(app, chain, out_to->schema, false, out_from, err);
    return to_live ? read_live(app, chain, out_from->schema, true, out_to, err) : ZQ_OK;
}

/* ---- comparison ---- */

/* Is it a family whose members are not alike, in the database that is one of the sides? */
static bool is_mixed(const zq_catalog *catalog, const char *table)
{
    const zq_form *form;

    return catalog != NULL && strstr(table, ZQ_CODE) != NULL && forms_of(catalog, table, &form) > 1;
}

static zq_schema without_mixed(const zq_schema *schema, const zq_schema *other,
                               const zq_catalog *catalog, zq_arena *arena)
{
    zq_schema result = {0};

    for (size_t i = 0; i < schema->n_tables; i++) {
        const char *name = schema->tables[i]->name;

        if (!is_mixed(catalog, name) || zq_schema_table(other, name) == NULL)
            zq_schema_add(&result, schema->tables[i], arena);
    }
    return result;
}

/* One form of a mixed family. */
static zq_rc add_form(const zq_form *form, const zq_table *family, bool live_is_from,
                      zq_deviation *forms, zq_between *out, zq_arena *arena, zq_err *err)
{
    const zq_table *live = zq_form_table(form);
    zq_deviation *one = &forms[out->n_forms];

    *one = (zq_deviation){.family = family, .n_members = form->n_members, .codes = form->codes};
    ZQ_TRY(zq_diff_table(live_is_from ? family : live, live_is_from ? live : family, arena,
                         &one->changes, err));
    out->n_forms += one->changes.n > 0;
    out->n += one->changes.n;
    return ZQ_OK;
}

zq_rc zq_sides_compare(const zq_side *from, const zq_side *to, zq_arena *arena, zq_between *out,
                       zq_err *err)
{
    const zq_side *live = from->catalog != NULL ? from : to;
    const zq_side *other = live == from ? to : from;
    const size_t n_forms = live->catalog != NULL ? live->catalog->n_forms : 0;
    zq_deviation *forms = ZQ_NEW_ARRAY(arena, zq_deviation, n_forms + 1);
    zq_schema plain_from = without_mixed(from->schema, to->schema, live->catalog, arena);
    zq_schema plain_to = without_mixed(to->schema, from->schema, live->catalog, arena);

    *out = (zq_between){.forms = forms};
    ZQ_TRY(zq_diff(&plain_to, &plain_from, arena, &out->changes, err));
    out->n = out->changes.n;
    for (size_t i = 0; i < n_forms; i++) {
        const zq_form *form = &live->catalog->forms[i];
        const zq_table *family = zq_schema_table(other->schema, form->family->name);

        if (form->n_members > 0 && family != NULL && is_mixed(live->catalog, family->name))
            ZQ_TRY(add_form(form, family, live == from, forms, out, arena, err));
    }
    return ZQ_OK;
}

zq_rc zq_sides_draft(const zq_between *between, zq_flavor flavor, zq_arena *arena,
                     zq_draft_body *out, zq_err *err)
{
    ZQ_TRY(zq_draft_plan(&between->changes, ZQ_PLAN_FORTH, flavor, arena, out, err));
    for (size_t i = 0; i < between->n_forms; i++) {
        const zq_deviation *form = &between->forms[i];
        zq_draft_members *members = ZQ_NEW(arena, zq_draft_members);
        zq_draft_body more;

        *members = (zq_draft_members){form->codes, form->n_members};
        ZQ_TRY(zq_draft_plan(&form->changes, ZQ_PLAN_FORTH, flavor, arena, &more, err));
        for (size_t k = 0; k < more.n; k++)
            more.items[k].members = members;
        zq_draft_join(out, &more, arena);
    }
    return ZQ_OK;
}
