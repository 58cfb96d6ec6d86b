#include "rev/chain.h"

#include "embed/migrations.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- embedded ---- */

static const struct {
    const char *name;
    const char *text;
    size_t length;
    const char *checksum;
} embedded[] = {
#define EMBEDDED(symbol, file_name) {file_name, symbol, sizeof symbol - 1, symbol##_SHA256},
    ZQ_MIGRATIONS(EMBEDDED)
#undef EMBEDDED
};

/* Read them into `out`, which has room. What they say is read when it is asked for. */
static zq_rc read_embedded(zq_arena *arena, zq_revision *out, zq_err *err)
{
    for (size_t i = 0; i < ZQ_LEN(embedded); i++)
        ZQ_TRY(zq_revision_read_head(embedded[i].name, embedded[i].text, embedded[i].length,
                                     embedded[i].checksum, arena, &out[i], err));
    return ZQ_OK;
}

/* ---- a folder ---- */

static zq_rc fail_to_read(const char *path, zq_err *err)
{
    int error = errno;

    zq_fail(err, ZQ_E_NOINPUT, "cannot read '%.300s'", path);
    zq_err_detail(err, "%s", strerror(error));
    return ZQ_E_NOINPUT;
}

/* Opened only when it is a plain file: reading from a pipe or a device may never end. */
static FILE *open_plain(const char *path, zq_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat info;
    FILE *file = NULL;

    if (fd < 0 || fstat(fd, &info) != 0) {
        fail_to_read(path, err);
    } else if (!S_ISREG(info.st_mode)) {
        zq_fail(err, ZQ_E_NOINPUT, "cannot read '%.300s': it is not a plain file", path);
        zq_err_hint(err, "move it out of the folder of revisions, or give it a name that does not "
                         "end in .sql");
    } else if ((file = fdopen(fd, "rb")) == NULL) {
        fail_to_read(path, err);
    }
    if (file == NULL && fd >= 0)
        close(fd);
    return file;
}

/* One byte more than is allowed is read, so that the reader can refuse it. */
static zq_rc read_file(const char *path, zq_arena *arena, const char **out_text, size_t *out_length,
                       zq_err *err)
{
    FILE *file = open_plain(path, err);
    size_t length = 0, capacity = (size_t)64 * 1024, got;
    char *text = zq_arena_alloc(arena, capacity);
    bool failed;

    if (file == NULL)
        return ZQ_E_NOINPUT;
    while ((got = fread(text + length, 1, capacity - length, file)) > 0 &&
           (length += got) <= ZQ_REVISION_FILE_MAX) {
        if (length == capacity) {
            text = memcpy(zq_arena_alloc(arena, capacity * 2), text, length);
            capacity *= 2;
        }
    }
    failed = ferror(file) != 0;
    if (failed)
        fail_to_read(path, err);
    fclose(file);
    *out_text = text;
    *out_length = length;
    return failed ? ZQ_E_NOINPUT : ZQ_OK;
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
                        zq_revision *revisions, size_t *n, zq_err *err)
{
    for (int i = 0; i < n_names; i++) {
        const char *path = zq_arena_printf(arena, "%s/%s", dir, names[i]->d_name);
        const char *text;
        size_t length;

        ZQ_TRY(read_file(path, arena, &text, &length, err));
        ZQ_TRY(zq_revision_read(path, text, length, arena, &revisions[*n], err));
        if (!is_embedded(&revisions[*n], revisions))
            (*n)++;
    }
    return ZQ_OK;
}

static zq_rc read_folder(const char *dir, zq_arena *arena, zq_revision **revisions, size_t *n,
                         zq_err *err)
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
    rc = read_names(dir, names, n_names, arena, more, n, err);
    for (int i = 0; i < n_names; i++)
        free(names[i]);
    free(names);
    return rc;
}

zq_rc zq_chain_embedded(zq_arena *arena, zq_chain *out, zq_err *err)
{
    return zq_chain_load(NULL, NULL, arena, out, err);
}

zq_rc zq_chain_load(const char *dir, const zq_schema *schema, zq_arena *arena, zq_chain *out,
                    zq_err *err)
{
    zq_revision *revisions = ZQ_NEW_ARRAY(arena, zq_revision, ZQ_LEN(embedded));
    size_t n = ZQ_LEN(embedded);

    ZQ_TRY(read_embedded(arena, revisions, err));
    if (dir != NULL)
        ZQ_TRY(read_folder(dir, arena, &revisions, &n, err));
    for (size_t i = 0; i < n && schema != NULL; i++)
        ZQ_TRY(zq_revision_lint(&revisions[i], schema, err));
    return zq_chain_build(revisions, n, arena, out, err);
}
