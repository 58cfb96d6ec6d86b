/* Files, read with a bound and written so that nobody sees half of one. */
#ifndef ZQ_BASE_FILE_H
#define ZQ_BASE_FILE_H

#include "base/err.h"
#include "base/trust.h"

#include <stdbool.h>
#include <stddef.h>

/* A whole file. */
typedef struct zq_file {
    char *text; /* ends in NUL, and may hold NULs */
    size_t length;
    zq_file_facts facts;
} zq_file;

typedef enum zq_file_kind {
    ZQ_FILE_NAMED, /* whatever the user names, a pipe too */
    ZQ_FILE_FOUND, /* may be missing: out_file->text is NULL then; plain, or a pipe of the user's */
    ZQ_FILE_PLAIN, /* reading from a pipe or a device that somebody put there may never end */
} zq_file_kind;

/* Read a file of at most `most` bytes into an arena. Fails with ZQ_E_NOINPUT when it cannot be
 * read, is longer, or is not what `kind` asks for. */
zq_rc zq_file_read(const char *path, size_t most, zq_file_kind kind, zq_arena *arena,
                   zq_file *out_file, zq_err *err);

/* A file that is written under a name of its own, in the folder where it will be. */
typedef struct zq_new_file zq_new_file;

/* Write all of it to the disk, under a name that nobody else uses and no link can stand at. Fails
 * with ZQ_E_IO, also where a device or a pipe has the name, and leaves nothing behind then. Close
 * it with zq_new_file_close, which removes what was not put in place. */
zq_rc zq_new_file_write(const char *path, const char *text, size_t length, unsigned mode,
                        zq_new_file **out, zq_err *err);
/* Give it its name, and have the folder on the disk, too. Without `replace`, a file of that name
 * that is there already is left, and the call fails with ZQ_E_IO and errno EEXIST. */
zq_rc zq_new_file_place(zq_new_file *file, bool replace, zq_err *err);
/* Try, in full, what writes and places a new file of so many bytes: with other bytes, and under
 * names that are gone again when it returns. Fails with ZQ_E_IO as they would. */
zq_rc zq_new_file_try(const char *path, size_t length, unsigned mode, zq_err *err);
void zq_new_file_close(zq_new_file *file);
ZQ_AUTO_DEFINE(zq_new_file, zq_new_file_close);

#endif
