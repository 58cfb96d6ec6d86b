#include "app/head.h"

#include "app/known.h"
#include "app/rerun.h"
#include "base/language.h"
#include "migrate/record.h"
#include "run/lease.h"

#include "release.h"

#include <string.h>

zq_rc zq_head_chain(zq_app *app, zq_chain *out, zq_err *err)
{
    ZQ_TRY(zq_chain_load(zq_settings_text(app->settings, ZQ_SET_DIR), &zq_schema_head, app->arena,
                         out, err));
    if (out->doubt != NULL)
        zq_warn("%s", out->doubt);
    return ZQ_OK;
}

const char *zq_head_release_of(const char *revision)
{
    const zq_release *release = revision != NULL ? zq_known_release_at(revision) : NULL;

    return release != NULL ? release->name : "";
}

const char *zq_head_in_brackets(const zq_app *app, const char *revision)
{
    const char *release = zq_head_release_of(revision);

    return *release == '\0' ? "" : zq_arena_printf(app->arena, " (zquant %s)", release);
}

const char *zq_head_revision_name(const char *recorded)
{
    return *recorded == '\0' ? ZQ_REVISION_BASE : recorded;
}

zq_wanted zq_head_wanted(zq_app *app, const zq_chain *chain)
{
    const char **names = ZQ_NEW_ARRAY(app->arena, const char *, chain->n + 1);
    const char **checksums = ZQ_NEW_ARRAY(app->arena, const char *, chain->n + 1);

    for (size_t i = 0; i < chain->n; i++) {
        names[i] = chain->items[i]->id;
        checksums[i] = chain->items[i]->checksum;
    }
    return (zq_wanted){.schema = &zq_schema_head,
                       .revisions = names,
                       .checksums = checksums,
                       .own_revisions = zq_head_own(chain) != NULL,
                       .look_ms = ZQ_LEASE_LOOK_MS};
}

static size_t position_of_release(const zq_chain *chain)
{
    size_t position = 0;

    zq_chain_find(chain, zq_release_head()->revision, &position);
    return position;
}

zq_history_entry zq_head_install_entry(const zq_chain *chain)
{
    return zq_record_history(chain, position_of_release(chain), "install", ZQ_VERSION);
}

const char *zq_head_own(const zq_chain *chain)
{
    return position_of_release(chain) == chain->n ? NULL : zq_chain_name(chain, chain->n);
}

zq_rc zq_head_fail_missing(const char *database, zq_err *err)
{
    zq_fail(err, ZQ_E_DIFFERS, "database '%s' does not exist", database);
    return zq_err_hint(err, "run 'zquant-init' to make it");
}

zq_rc zq_head_hint_unknown(const char *revision, zq_err *err)
{
    return zq_err_hint(
        err,
        "use the build that made revision '%s', or a newer one; if its file is your own, "
        "name the file's folder with --dir; where nobody has it any more, run "
        "'zquant-migrate stamp REV --allow-unknown'",
        revision);
}

/* ---- what stands in the way ---- */

zq_rc zq_head_fail_under_way(zq_app *app, const zq_chain *chain, const char *revision,
                             const char *direction, bool at_work, zq_err *err)
{
    bool up = strcmp(direction, "up") == 0;
    zq_squash way;

    if (at_work) {
        zq_fail(err, ZQ_E_DIFFERS,
                up ? N_("the upgrade to revision '%s' is under way")
                   : N_("the downgrade from revision '%s' is under way"),
                revision);
        return zq_err_hint(err, "wait until it has ended, then run this again");
    }
    zq_fail(err, ZQ_E_DIFFERS,
            up ? N_("the upgrade to revision '%s' was cut short, and must be completed first")
               : N_("the downgrade from revision '%s' was cut short, and must be completed first"),
            revision);
    if (!zq_chain_find_way(chain, revision, &way)) {
        return zq_err_hint(
            err,
            "name the folder of its file with --dir, or see '%s' for what it did and how "
            "to give it up",
            zq_rerun_other(app, "zquant-migrate resume"));
    }
    return zq_err_hint(
        err, "run '%s'; '%s' shows what was done, and the ways out",
        zq_rerun_other(app, zq_arena_printf(app->arena, "zquant-migrate %s %s",
                                            up ? "upgrade" : "downgrade",
                                            zq_chain_name(chain, up ? way.to : way.from))),
        zq_rerun_other(app, "zquant-migrate resume"));
}
