#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };

/* The folder of a path, open only to be looked into; `*out_name` is what stands behind it. */
static int open_folder(const char *path, int flags, zq_arena *arena, const char **out_name)
{
    const char *slash = strrchr(path, '/');

    *out_name = slash == NULL ? path : slash[1] == '\0' ? "." : slash + 1;
    return open(slash == NULL   ? "."
                : slash == path ? "/"
                                : zq_arena_strndup(arena, path, (size_t)(slash - path)),
                flags | O_DIRECTORY | O_CLOEXEC);
}

/* ---- reading ---- */

static zq_rc fail_read(const char *path, int error, zq_err *err)
{
    zq_fail(err, ZQ_E_NOINPUT, "cannot read '%.300s'", path);
    return zq_err_detail(err, "%s", strerror(error));
}

/* Read, not stat, decides the size: a secret may come through a pipe. What is a regular file needs
 * one piece of memory, what is not is read in pieces, so that nothing of the size of `most` is
 * asked for. */
static zq_rc read_all(int fd, const char *path, size_t most, zq_arena *arena, zq_file *out_file,
                      zq_err *err)
{
    struct stat about;
    size_t room = CHUNK;
    size_t length = 0;
    char *text;
    ssize_t n;

    if (fstat(fd, &about) != 0)
        return fail_read(path, errno, err);
    if (S_ISDIR(about.st_mode))
        return fail_read(path, EISDIR, err);
    if (S_ISREG(about.st_mode) && about.st_size >= 0 && (size_t)about.st_size <= most)
        room = (size_t)about.st_size + 1;
    text = zq_arena_alloc(arena, room + 1);
    while (length <= most && (n = read(fd, text + length, room - length)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_read(path, errno, err);
        length += (size_t)n;
        if (length == room) {
            char *more = zq_arena_alloc(arena, 2 * room + 1);

            memcpy(more, text, length);
            text = more;
            room *= 2;
        }
    }
    if (length > most)
        return zq_fail(err, ZQ_E_NOINPUT, "'%.300s' is too long: at most %zu bytes are read", path,
                       most);
    text[length] = '\0';
    out_file->text = text;
    out_file->length = length;
    return ZQ_OK;
}

/* Open what `kind` allows; -1 and errno, which is 0 for what is not a plain file. */
static int open_as(int folder, const char *name, zq_file_kind kind)
{
    int careful = kind == ZQ_FILE_NAMED ? 0 : O_NONBLOCK;
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | careful);
    struct stat about;

    if (fd < 0 || careful == 0 || fstat(fd, &about) != 0 || S_ISREG(about.st_mode) ||
        (kind == ZQ_FILE_FOUND && S_ISDIR(about.st_mode)))
        return fd;
    if (kind == ZQ_FILE_FOUND && S_ISFIFO(about.st_mode) &&
        (about.st_uid == geteuid() || about.st_uid == 0)) {
        /* Who writes into it may have begun already: opened again, it could be missed. */
        struct pollfd writer = {.fd = fd, .events = POLLIN};

        while (poll(&writer, 1, -1) < 0 && errno == EINTR)
            ;
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
        return fd;
    }
    close(fd);
    errno = 0;
    return -1;
}

zq_rc zq_file_read(const char *path, size_t most, zq_file_kind kind, zq_arena *arena,
                   zq_file *out_file, zq_err *err)
{
    ZQ_AUTO(zq_arena) own = zq_arena_open();
    const char *name;
    int folder = open_folder(path, O_PATH, own, &name);
    int fd = folder < 0 ? -1 : open_as(folder, name, kind);
    int error = errno;
    zq_rc rc = ZQ_OK;

    *out_file = (zq_file){0};
    if (fd >= 0) {
        rc = read_all(fd, path, most, arena, out_file, err);
        if (rc == ZQ_OK)
            zq_trust_facts_read(fd, folder, name, &out_file->facts);
        close(fd);
    } else if (error == 0) {
        rc = zq_fail(err, ZQ_E_NOINPUT, "cannot read '%.300s': it is not a plain file", path);
        zq_err_hint(err, "move it away, or put a plain file in its place");
    } else if (kind != ZQ_FILE_FOUND || (error != ENOENT && error != ENOTDIR)) {
        rc = fail_read(path, error, err);
    }
    if (folder >= 0)
        close(folder);
    return rc;
}

/* ---- writing ---- */

struct zq_new_file {
    zq_arena *arena;
    int folder;
    const char *path;  /* as it was given, for messages */
    const char *name;  /* within the folder */
    const char *aside; /* the name that it has meanwhile; NULL once it is in place */
};

static zq_rc fail_write(const char *path, zq_err *err)
{
    int error = errno;

    zq_fail_errno(err, ZQ_E_IO, "cannot write '%.300s'", path);
    if (error == EEXIST)
        zq_err_hint(err,
                    "somebody made it just now: name another, or remove it, and run this again");
    errno = error;
    return ZQ_E_IO;
}

static bool write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t put = write(fd, text, length);

        if (put < 0 && errno != EINTR)
            return false;
        if (put > 0) {
            text += put;
            length -= (size_t)put;
        }
    }
    return fsync(fd) == 0;
}

void zq_new_file_close(zq_new_file *file)
{
    if (file->aside != NULL)
        unlinkat(file->folder, file->aside, 0);
    if (file->folder >= 0)
        close(file->folder);
    zq_arena_close(file->arena);
}

static unsigned random_number(void)
{
    unsigned number = 0;

    if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
        number = (unsigned)getpid();
    return number;
}

/* Whether the file is there in full; closed in any case. */
static bool write_aside(zq_new_file *file, const char *text, size_t length, unsigned mode)
{
    /* By chance: in containers, each run may have the process id of one that was killed. */
    const char *aside = zq_arena_printf(file->arena, "%s.%08x.new", file->name, random_number());
    int fd = openat(file->folder, aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                    mode & 0777U);
    bool good;
    int error;

    if (fd < 0)
        return false;
    file->aside = aside;
    good = ((mode & 07000U) == 0 || fchmod(fd, mode) == 0) && write_all(fd, text, length);
    error = errno;
    if (close(fd) != 0 && good)
        return false;
    errno = error;
    return good;
}

/* A device, a pipe, a socket, or a link to one or to what a process has open (/dev/stdout): it
 * would be gone, and who else uses it with it. */
static bool is_in_the_way(const zq_new_file *file)
{
    static const char open_files[] = "/proc/";
    char target[sizeof open_files] = "";
    struct stat about;

    if (readlinkat(file->folder, file->name, target, sizeof target - 1) > 0 &&
        strcmp(target, open_files) == 0)
        return true;
    return fstatat(file->folder, file->name, &about, 0) == 0 && !S_ISREG(about.st_mode) &&
           !S_ISDIR(about.st_mode);
}

zq_rc zq_new_file_write(const char *path, const char *text, size_t length, unsigned mode,
                        zq_new_file **out, zq_err *err)
{
    zq_arena *arena = zq_arena_open();
    ZQ_AUTO(zq_new_file) file = ZQ_NEW(arena, zq_new_file);

    file->arena = arena;
    file->path = zq_arena_strdup(arena, path);
    file->folder = open_folder(file->path, O_RDONLY, arena, &file->name);
    if (file->folder >= 0 && is_in_the_way(file)) {
        zq_fail(err, ZQ_E_IO, "cannot write '%.300s': it is not a plain file", path);
        zq_err_hint(err, "name a plain file, or one that is not there yet");
        return ZQ_E_IO;
    }
    if (file->folder < 0 || !write_aside(file, text, length, mode))
        return fail_write(path, err);
    *out = file;
    file = NULL;
    return ZQ_OK;
}

zq_rc zq_new_file_place(zq_new_file *file, bool replace, zq_err *err)
{
    if (renameat2(file->folder, file->aside, file->folder, file->name,
                  replace ? 0 : RENAME_NOREPLACE) != 0) {
        /* Not every file system knows that flag, but a link fails as well when the name is there.
         */
        if (replace || (errno != EINVAL && errno != ENOSYS) ||
            linkat(file->folder, file->aside, file->folder, file->name, 0) != 0)
            return fail_write(file->path, err);
        unlinkat(file->folder, file->aside, 0);
    }
    file->aside = NULL;
    return fsync(file->folder) == 0 || errno == EINVAL ? ZQ_OK : fail_write(file->path, err);
}

zq_rc zq_new_file_try(const char *path, size_t length, unsigned mode, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_new_file) file = NULL;
    char *bytes = zq_arena_alloc(arena, length + 1);
    zq_rc rc;

    memset(bytes, 'x', length);
    ZQ_TRY(zq_new_file_write(path, bytes, length, mode, &file, err));
    file->name = zq_arena_printf(file->arena, "%s.tried", file->aside);
    rc = zq_new_file_place(file, false, err);
    if (file->aside == NULL)
        unlinkat(file->folder, file->name, 0);
    return rc;
}
