#include "app/inspect.h"

#include "app/head.h"
#include "app/rerun.h"
#include "app/show/differences.h"
#include "base/language.h"
#include "model/canon.h"

#include <string.h>

/* A family with the names that its indexes have in any release: a member that was made by CREATE
 * TABLE ... LIKE is recognised by them whatever release it is of. */
static const zq_table *with_index_names(const zq_table *family, const zq_known *known,
                                        zq_arena *arena)
{
    zq_table *table = ZQ_NEW(arena, zq_table);
    const char **names = NULL;
    size_t n = 0;

    *table = *family;
    for (size_t i = 0; i < zq_n_releases; i++) {
        const zq_table *other = zq_schema_table(known[i].schema, family->name);

        for (size_t k = 0; other != NULL && k < other->n_indexes; k++) {
            const char *name = other->indexes[k].name;

            if (zq_table_index(family, name) != NULL || zq_names_have(names, n, name))
                continue;
            *ZQ_APPEND(arena, names, n) = name;
        }
    }
    names = zq_arena_grow(arena, names, sizeof *names, n);
    names[n] = NULL;
    table->other_indexes = names;
    return table;
}

static zq_rc read_releases(zq_arena *arena, zq_known **out, zq_err *err)
{
    zq_known *known = ZQ_NEW_ARRAY(arena, zq_known, zq_n_releases);

    for (size_t i = 0; i < zq_n_releases; i++)
        ZQ_TRY(zq_known_of(&zq_releases[i], arena, &known[i], err));
    *out = known;
    return ZQ_OK;
}

/* What is to be read for a comparison with `desired`: its tables, and those of ours that it does
 * not have, so that they are seen as ours. */
static zq_rc what_to_read(const zq_schema *desired, zq_arena *arena, const zq_schema **out,
                          zq_err *err)
{
    zq_schema *schema = ZQ_NEW(arena, zq_schema);
    const size_t n_wanted = desired->n_tables;
    zq_known *known;

    ZQ_TRY(read_releases(arena, &known, err));
    for (size_t i = 0; i < n_wanted + zq_schema_head.n_tables; i++) {
        const zq_table *table =
            i < n_wanted ? desired->tables[i] : zq_schema_head.tables[i - n_wanted];

        if (i < n_wanted || zq_schema_table(desired, table->name) == NULL)
            zq_schema_add(schema,
                          zq_table_is_family(table) ? with_index_names(table, known, arena) : table,
                          arena);
    }
    *out = schema;
    return ZQ_OK;
}

zq_rc zq_inspect_read(zq_app *app, zq_db *db, const char *database, const zq_schema *desired,
                      zq_catalog *out, zq_err *err)
{
    const zq_schema *wanted;

    ZQ_TRY(what_to_read(desired, app->arena, &wanted, err));
    return zq_catalog_read(db, &app->target, database, wanted, app->arena, out, err);
}

zq_rc zq_inspect_compare_with(zq_app *app, zq_db *db, const char *database,
                              const zq_schema *desired, zq_catalog *out_catalog,
                              zq_comparison *out_comparison, zq_err *err)
{
    ZQ_TRY(zq_inspect_read(app, db, database, desired, out_catalog, err));
    return zq_compare(desired, out_catalog, app->arena, out_comparison, err);
}

zq_rc zq_inspect_compare(zq_app *app, zq_db *db, const char *database, const zq_release *release,
                         zq_catalog *out_catalog, zq_comparison *out_comparison, zq_err *err)
{
    const zq_schema *desired = &zq_schema_head;

    if (release != NULL)
        ZQ_TRY(zq_known_schema(release, app->arena, &desired, err));
    return zq_inspect_compare_with(app, db, database, desired, out_catalog, out_comparison, err);
}

/* The releases, and before them the one that has no revision of its own. */
zq_rc zq_inspect_recognise(zq_app *app, const zq_catalog *catalog, zq_recognition *out, zq_err *err)
{
    zq_known *known = ZQ_NEW_ARRAY(app->arena, zq_known, zq_n_releases + 1);
    zq_known *releases;

    ZQ_TRY(read_releases(app->arena, &releases, err));
    ZQ_TRY(zq_known_of(zq_release_0_1_0.completed, app->arena, known, err));
    known->release = zq_release_0_1_0.name;
    known->may_lack = zq_release_0_1_0.lacks;
    memcpy(known + 1, releases, zq_n_releases * sizeof *known);
    return zq_recognise(catalog, known, zq_n_releases + 1, app->arena, out, err);
}

static zq_rc recognise(zq_app *app, zq_db *db, const char *database, zq_recognition *out,
                       zq_err *err)
{
    zq_catalog catalog;
    zq_comparison comparison;

    ZQ_TRY(zq_inspect_compare(app, db, database, NULL, &catalog, &comparison, err));
    return zq_inspect_recognise(app, &catalog, out, err);
}

const char *zq_inspect_schema_id(zq_app *app, const zq_catalog *catalog, const zq_schema *desired)
{
    const zq_schema *schema = zq_compare_schema(catalog, desired, app->arena);
    char id[ZQ_DIGEST_HEX];

    if (schema == NULL || catalog->schema.n_tables == 0)
        return NULL;
    zq_canon_id(schema, id);
    return zq_arena_strdup(app->arena, id);
}

static size_t count_differing(const zq_comparison *comparison)
{
    size_t n = 0;

    for (size_t i = 0; i < comparison->n_families; i++)
        n += comparison->families[i].n_differing;
    return n;
}

/* Of a revision that is not a release, it is not known what its members should be. */
zq_rc zq_inspect_members_left(zq_app *app, zq_db *db, const char *database, const char *revision,
                              size_t n_left, const char **out, zq_err *err)
{
    const zq_release *release = revision == NULL ? NULL : zq_known_release_at(revision);
    zq_catalog catalog;
    zq_comparison comparison;

    *out = NULL;
    if (n_left > 0 && release != NULL) {
        ZQ_TRY(zq_inspect_compare(app, db, database, release, &catalog, &comparison, err));
        n_left = count_differing(&comparison);
    }
    if (n_left > 0)
        *out =
            zq_arena_printf(app->arena,
                            zq_tr(n_left == 1 ? N_("%zu member of families was left as it was by "
                                                   "revision '%s'")
                                              : N_("%zu members of families were left as they were "
                                                   "by revision '%s'")),
                            n_left, revision);
    return ZQ_OK;
}

zq_rc zq_inspect_refuse_left(const zq_app *app, const char *revision, const char *left, zq_err *err)
{
    const zq_release *release = zq_known_release_at(revision);

    zq_fail(err, ZQ_E_DIFFERS, "%s", left);
    if (release != NULL)
        return zq_err_hint(
            err,
            "'%s --against %s' names what differs, and with --fixes the statements that "
            "fix what statements can",
            zq_rerun_other(app, "zquant-migrate check"), release->name);
    return zq_err_hint(err, "bring them along, then run '%s %s'",
                       zq_rerun_other(app, "zquant-migrate stamp"), revision);
}

void zq_inspect_warn_of_left(const zq_app *app, const char *revision, const char *left)
{
    zq_err err = {0};

    zq_inspect_refuse_left(app, revision, left, &err);
    zq_warn("%s; %s", err.message, err.hint);
}

zq_rc zq_inspect_hint_unrecorded(const zq_app *app, const zq_recognition *recognition, zq_err *err)
{
    if (recognition->exact && recognition->n_missing > 0)
        return zq_err_hint(err, "run '%s' to make the tables that are missing, and record it",
                           zq_rerun_other(app, "zquant-migrate adopt"));
    if (recognition->exact)
        return zq_err_hint(err, "run '%s' to record it",
                           zq_rerun_other(app, "zquant-migrate adopt"));
    if (recognition->collation != NULL)
        return zq_err_hint(err, "run '%s' for the statements that convert them, then '%s'",
                           zq_rerun_other(app, "zquant-migrate check --fixes"),
                           zq_rerun_other(app, "zquant-migrate adopt"));
    return zq_err_hint(
        err,
        "fix the differences ('%s' has statements), or run '%s --as %s' to take it for "
        "that",
        zq_rerun_other(app, "zquant-migrate check --fixes"),
        zq_rerun_other(app, "zquant-migrate adopt"), recognition->release->revision);
}

zq_rc zq_inspect_refuse_unrecorded(const zq_app *app, const zq_recognition *recognition,
                                   zq_err *err)
{
    zq_fail(err, ZQ_E_DIFFERS, "no revision is recorded; %s",
            zq_recognition_words(recognition, app->arena));
    return zq_inspect_hint_unrecorded(app, recognition, err);
}

static zq_rc refuse_lost(const char *database, const zq_state *state, zq_err *err)
{
    zq_fail(err, ZQ_E_DIFFERS,
            state->n_missing == 1
                ? N_("database '%s' was ready once, and %zu table is gone: '%s'")
                : N_("database '%s' was ready once, and %zu tables are gone: '%s' and others"),
            database, state->n_missing, state->missing[0]);
    if (zq_schema_table(&zq_schema_head, state->missing[0]) == NULL)
        return zq_err_hint(err, "restore it from a backup");
    return zq_err_hint(
        err, "restore them from a backup, or run 'zquant-init --recreate-missing' to make "
             "them anew, without rows");
}

/* An older dump that was restored over a newer record is the usual way into this. */
static zq_rc refuse_changed(zq_app *app, zq_db *db, const char *database, const zq_state *state,
                            zq_err *err)
{
    zq_recognition found;

    ZQ_TRY(recognise(app, db, database, &found, err));
    zq_fail(err, ZQ_E_DIFFERS,
            state->n_changed == 1 ? N_("database '%s' is recorded at revision '%s', but %zu table "
                                       "is not its: '%s'")
                                  : N_("database '%s' is recorded at revision '%s', but %zu tables "
                                       "are not its: '%s' and others"),
            database, zq_head_revision_name(state->revision), state->n_changed, state->changed);
    if (found.exact)
        return zq_err_hint(err,
                           "its tables are exactly those of zquant %s, as after a restore of an "
                           "older dump: run 'zquant-migrate stamp %s', then 'zquant-migrate "
                           "upgrade'",
                           found.release->release, found.release->revision);
    return zq_err_hint(err, "run '%s' to see each difference",
                       zq_rerun_other(app, "zquant-migrate check"));
}

static zq_rc fail_changed_file(const zq_chain *chain, const zq_state *state, zq_err *err)
{
    size_t position = 0;

    zq_chain_find(chain, state->changed_file, &position);
    zq_chain_fail_changed(chain, zq_chain_at(chain, position), state->changed_checksum, err);
    err->code = ZQ_E_DIFFERS;
    return ZQ_E_DIFFERS;
}

static zq_rc fail_locked_out(const zq_app *app, zq_err *err)
{
    zq_fail(err, ZQ_E_DIFFERS, "nobody who is active has the role '%s'",
            zq_settings_text(app->settings, ZQ_SET_ADMIN_ROLE));
    return zq_err_hint(
        err,
        "activate one in the application, or run '%s' for another; where none is "
        "wanted, set ZQUANT_NO_ADMIN=yes",
        zq_rerun_other(app,
                       "zquant-init admin create --admin-username NAME --admin-email ADDRESS"));
}

zq_rc zq_inspect_refuse_state(zq_app *app, zq_db *db, const zq_chain *chain, const char *database,
                              const zq_state *state, zq_err *err)
{
    switch (state->condition) {
    case ZQ_DB_CUT_SHORT:
        return zq_head_fail_under_way(app, chain, state->under_way, state->direction,
                                      state->at_work, err);
    case ZQ_DB_FILE_CHANGED:
        return fail_changed_file(chain, state, err);
    case ZQ_DB_LOCKED_OUT:
        return fail_locked_out(app, err);
    case ZQ_DB_LOST:
        return refuse_lost(database, state, err);
    case ZQ_DB_CHANGED:
        return refuse_changed(app, db, database, state, err);
    default:
        return ZQ_OK;
    }
}

zq_rc zq_inspect_print_differences(const zq_app *app, const zq_comparison *comparison, zq_err *err)
{
    ZQ_AUTO_BUF(out);

    if (zq_settings_flag(app->settings, ZQ_SET_JSON))
        return ZQ_OK;
    zq_differences_text(&out, comparison, zq_settings_flag(app->settings, ZQ_SET_VERBOSE),
                        app->arena);
    return zq_out_lines(zq_buf_text(&out), err);
}

zq_rc zq_inspect_tell_unrecorded(zq_app *app, zq_db *db, const char *database, zq_err *err)
{
    zq_recognition recognition;

    ZQ_TRY(recognise(app, db, database, &recognition, err));
    ZQ_TRY(zq_inspect_print_differences(app, &recognition.comparison, err));
    return zq_inspect_refuse_unrecorded(app, &recognition, err);
}

zq_rc zq_inspect_members_fit(zq_app *app, zq_db *db, const char *database, bool quiet, zq_err *err)
{
    zq_catalog catalog;
    zq_comparison comparison;
    size_t n;

    ZQ_TRY(zq_inspect_compare(app, db, database, NULL, &catalog, &comparison, err));
    if (comparison.n_deviations == 0)
        return ZQ_OK;
    n = count_differing(&comparison);
    comparison.changes.n = 0; /* that none of our tables is there is known */
    if (!quiet)
        ZQ_TRY(zq_inspect_print_differences(app, &comparison, err));
    zq_fail(err, ZQ_E_DIFFERS,
            n == 1 ? N_("database '%s' has of zquant's tables only those of stocks, and %zu is not "
                        "as zquant %s has them")
                   : N_("database '%s' has of zquant's tables only those of stocks, and %zu are "
                        "not as zquant %s has them"),
            database, n, zq_release_head()->name);
    return zq_err_hint(err, "run '%s': it makes the other tables, and brings those of stocks along",
                       zq_rerun_other(app, "zquant-migrate upgrade"));
}

zq_rc zq_inspect_refuse_ahead(zq_app *app, zq_db *db, const char *database, const char *first,
                              zq_err *err)
{
    const zq_release *release = zq_known_release_at(first);
    zq_catalog catalog;
    zq_comparison head, there;
    zq_known known;

    if (release == NULL)
        return ZQ_OK;
    ZQ_TRY(zq_inspect_compare(app, db, database, NULL, &catalog, &head, err));
    if (head.n_deviations > 0)
        return ZQ_OK;
    ZQ_TRY(zq_known_of(release, app->arena, &known, err));
    ZQ_TRY(zq_compare(known.schema, &catalog, app->arena, &there, err));
    if (there.n_deviations == 0)
        return ZQ_OK;
    zq_fail(err, ZQ_E_DIFFERS,
            "database '%s' has of zquant's tables only those of stocks, and they are as zquant %s "
            "has them already",
            database, zq_release_head()->name);
    return zq_err_hint(err, "run '%s': it makes the other tables beside them",
                       zq_rerun_other(app, "zquant-init"));
}
