#include "app/known.h"

#include "base/buf.h"
#include "model/canon.h"

#include <string.h>

static bool is_called(const zq_release *release, const char *name)
{
    return strcmp(release->name, name) == 0 || strcmp(release->revision, name) == 0;
}

static zq_rc unknown_release(const char *name, zq_err *err)
{
    ZQ_AUTO_BUF(known);

    for (size_t i = 0; i < zq_n_releases; i++)
        zq_buf_printf(&known, zq_tr(N_("%s%s (revision %s)")), i > 0 ? zq_tr(N_(", ")) : "",
                      zq_releases[i].name, zq_releases[i].revision);
    zq_fail(err, ZQ_E_USAGE, "there is no release or revision '%s'", name);
    return zq_err_hint(err, "known are %s", zq_buf_text(&known));
}

zq_rc zq_known_release(const char *name, const zq_release **out_release, zq_err *err)
{
    const zq_release *found = NULL;
    size_t n = 0;

    if (strcmp(name, "head") == 0) {
        *out_release = zq_release_head();
        return ZQ_OK;
    }
    for (size_t i = 0; i < zq_n_releases; i++) {
        if (is_called(&zq_releases[i], name)) {
            *out_release = &zq_releases[i];
            return ZQ_OK;
        }
        if (*name != '\0' && strncmp(zq_releases[i].revision, name, strlen(name)) == 0) {
            found = &zq_releases[i];
            n++;
        }
    }
    if (n != 1)
        return unknown_release(name, err);
    *out_release = found;
    return ZQ_OK;
}

const zq_release *zq_known_release_at(const char *revision)
{
    for (size_t i = 0; i < zq_n_releases; i++) {
        if (strcmp(zq_releases[i].revision, revision) == 0)
            return &zq_releases[i];
    }
    return NULL;
}

zq_rc zq_known_schema(const zq_release *release, zq_arena *arena, const zq_schema **out_schema,
                      zq_err *err)
{
    return zq_canon_parse(zq_release_text(release), strlen(zq_release_text(release)), arena,
                          out_schema, err);
}

zq_rc zq_known_of(const zq_release *release, zq_arena *arena, zq_known *out, zq_err *err)
{
    *out = (zq_known){.release = release->name, .revision = release->revision};
    return zq_known_schema(release, arena, &out->schema, err);
}
