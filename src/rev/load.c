#include "rev/chain.h"

#include "base/file.h"
#include "base/unpack.h"
#include "embed/migrations.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ---- embedded ---- */

static const struct {
    const char *name;
    const char *checksum;
} embedded[] = {
#define EMBEDDED(name, checksum) {name, checksum},
    ZQ_MIGRATIONS(EMBEDDED)
#undef EMBEDDED
};

static const char *texts[ZQ_LEN(embedded)];

static void unpack_texts(void)
{
    static char unpacked[zq_migrations_SIZE];

    ZQ_UNPACK_TEXTS(zq_migrations, unpacked, texts);
}

/* Read them into `out`, which has room. What they say is read when it is asked for. */
static zq_rc read_embedded(zq_arena *arena, zq_revision *out, zq_err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, unpack_texts);
    for (size_t i = 0; i < ZQ_LEN(embedded); i++)
        ZQ_TRY(zq_revision_file_read_head(embedded[i].name, texts[i], strlen(texts[i]),
                                          embedded[i].checksum, arena, &out[i], err));
    return ZQ_OK;
}

/* ---- a folder ---- */

static zq_rc fail_to_read(const char *path, zq_err *err)
{
    int error = errno;

    zq_fail(err, ZQ_E_NOINPUT, "cannot read '%.300s'", path);
    zq_err_detail(err, "%s", strerror(error));
    if (error == ENOENT)
        zq_err_hint(err, "make the folder with 'mkdir -p %.200s', or name another with --dir",
                    path);
    return ZQ_E_NOINPUT;
}

static int is_sql(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return entry->d_name[0] != '.' && length > 4 && strcmp(entry->d_name + length - 4, ".sql") == 0;
}

/* Is it one of the embedded revisions, word for word? */
static bool is_embedded(const zq_revision *revision, const zq_revision *known)
{
    for (size_t i = 0; i < ZQ_LEN(embedded); i++)
        if (strcmp(revision->checksum, known[i].checksum) == 0)
            return true;
    return false;
}

/* Read the files into `revisions`, which has room for them behind the embedded ones. */
static zq_rc read_names(const char *dir, struct dirent **names, int n_names, zq_arena *arena,
                        zq_revision *revisions, size_t *n, const char **out_doubt, zq_err *err)
{
    for (int i = 0; i < n_names; i++) {
        const char *path = zq_arena_printf(arena, "%s/%s", dir, names[i]->d_name);
        zq_file file;

        ZQ_TRY(zq_file_read(path, ZQ_REVISION_FILE_MAX, ZQ_FILE_PLAIN, arena, &file, err));
        ZQ_TRY(zq_revision_file_read(path, file.text, file.length, arena, &revisions[*n], err));
        if (*out_doubt == NULL)
            *out_doubt = zq_trust_warning(path, &file.facts, arena);
        revisions[*n].own = true;
        if (!is_embedded(&revisions[*n], revisions))
            (*n)++;
    }
    return ZQ_OK;
}

static zq_rc read_folder(const char *dir, zq_arena *arena, zq_revision **revisions, size_t *n,
                         const char **out_doubt, zq_err *err)
{
    struct dirent **names;
    int n_names = scandir(dir, &names, is_sql, alphasort);
    zq_revision *more;
    zq_rc rc;

    if (n_names < 0)
        return fail_to_read(dir, err);
    more = ZQ_NEW_ARRAY(arena, zq_revision, *n + (size_t)n_names);
    memcpy(more, *revisions, *n * sizeof *more);
    *revisions = more;
    rc = read_names(dir, names, n_names, arena, more, n, out_doubt, err);
    for (int i = 0; i < n_names; i++)
        free(names[i]);
    free(names);
    return rc;
}

/* What is wrong in a file of revisions is said with its line; what would be right, by the manual.
 */
static zq_rc with_hint(zq_rc rc, zq_err *err)
{
    if (rc == ZQ_E_DATA && err != NULL && err->hint[0] == '\0')
        zq_err_hint(err,
                    "nothing was changed; 'man zquant-revision' says what a revision may hold");
    return rc;
}

static zq_rc read_all(const char *dir, const zq_schema *schema, zq_arena *arena, zq_revisions *out,
                      zq_err *err)
{
    zq_revision *revisions = ZQ_NEW_ARRAY(arena, zq_revision, ZQ_LEN(embedded));
    const char *doubt = NULL;
    size_t n = ZQ_LEN(embedded);

    ZQ_TRY(read_embedded(arena, revisions, err));
    if (dir != NULL)
        ZQ_TRY(read_folder(dir, arena, &revisions, &n, &doubt, err));
    for (size_t i = 0; i < n && schema != NULL; i++)
        ZQ_TRY(zq_revision_file_lint(&revisions[i], schema, err));
    *out = (zq_revisions){revisions, n, ZQ_LEN(embedded), doubt};
    return ZQ_OK;
}

zq_rc zq_revisions_read(const char *dir, const zq_schema *schema, zq_arena *arena,
                        zq_revisions *out, zq_err *err)
{
    return with_hint(read_all(dir, schema, arena, out, err), err);
}

zq_rc zq_chain_embedded(zq_arena *arena, zq_chain *out, zq_err *err)
{
    return zq_chain_load(NULL, NULL, arena, out, err);
}

zq_rc zq_chain_load(const char *dir, const zq_schema *schema, zq_arena *arena, zq_chain *out,
                    zq_err *err)
{
    zq_revisions revisions;

    ZQ_TRY(zq_revisions_read(dir, schema, arena, &revisions, err));
    ZQ_TRY(with_hint(zq_chain_build(revisions.items, revisions.n, arena, out, err), err));
    out->doubt = revisions.doubt;
    return ZQ_OK;
}
