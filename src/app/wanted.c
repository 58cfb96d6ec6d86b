#include "app/wanted.h"

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

zq_history_entry zq_app_install_entry(void)
{
    const zq_release *head = zq_release_head();

    return (zq_history_entry){
        .revision = head->revision,
        .operation = "install",
        .release_name = head->name,
        .schema_id = head->id,
        .tool_version = ZQ_VERSION,
        .duration_ms = -1,
    };
}
