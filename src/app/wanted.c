#include "app/wanted.h"

#include "rev/history.h"

#include "schema.h"

#include <string.h>

const char *const *zq_app_revisions(zq_arena *arena)
{
    const char **names = ZQ_NEW_ARRAY(arena, const char *, zq_n_releases + 1);

    for (size_t i = 0; i < zq_n_releases; i++)
        names[i] = zq_releases[i].revision;
    return names;
}

const char *zq_app_release_of(const char *revision)
{
    for (size_t i = 0; revision != NULL && i < zq_n_releases; i++) {
        if (strcmp(zq_releases[i].revision, revision) == 0)
            return zq_releases[i].name;
    }
    return "";
}

zq_wanted zq_app_wanted(zq_app *app)
{
    return (zq_wanted){.schema = &zq_schema_head, .revisions = zq_app_revisions(app->arena)};
}

zq_rc zq_app_install_entry(zq_app *app, zq_history_entry *out, zq_err *err)
{
    zq_chain chain;

    ZQ_TRY(zq_chain_embedded(app->arena, &chain, err));
    *out = zq_revision_history(&chain, chain.n, "install", ZQ_VERSION);
    return ZQ_OK;
}
