/* The schemas that revisions lead to, as they are kept: a release's is compiled in, that of a
 * revision of the user's own lies beside its file as a canonical text. */
#ifndef ZQ_APP_KEPT_SCHEMA_H
#define ZQ_APP_KEPT_SCHEMA_H

#include "app/app.h"
#include "rev/chain.h"

/* The canonical text in a file; "-" is standard input. Fails with ZQ_E_NOINPUT when it cannot be
 * read, and with ZQ_E_DATA, "FILE:LINE: what". In `arena`. */
zq_rc zq_kept_schema_read(const char *path, zq_arena *arena, const zq_schema **out, zq_err *err);

/* The file beside a revision's, "DIR/own-1_note.schema.txt". In `arena`. */
const char *zq_kept_schema_file_of(const char *revision_file, zq_arena *arena);

/* The schema that a place of the chain leads to, without zq_meta_*; NULL: it is not kept. What lies
 * beside a file is held against the schema id in its header. Fails with ZQ_E_DATA when it is
 * another. In `arena`. */
zq_rc zq_kept_schema_at(const zq_chain *chain, size_t position, zq_arena *arena,
                        const zq_schema **out, zq_err *err);
/* The same, but it fails with ZQ_E_USAGE, and names the file that is missing. */
zq_rc zq_kept_schema_need(const zq_chain *chain, size_t position, zq_arena *arena,
                          const zq_schema **out, zq_err *err);

/* What a database is to be when all revisions are applied. */
typedef struct zq_desired {
    const zq_schema *schema; /* zq_meta_* included */
    const char *name;        /* "0.4.0", or the id of a revision of the user's own */
    const char *words;       /* "zquant 0.4.0", "revision 'own-1'" */
    bool is_newest;          /* nothing that comes after it is without a schema */
} zq_desired;

/* The schema of the newest revision that has one: of the user's own the newest with a text beside
 * it, else what this build wants. Fails as zq_kept_schema_at does. In the run's arena. */
zq_rc zq_kept_schema_desired(zq_app *app, const zq_chain *chain, zq_desired *out, zq_err *err);

/* The same of what is kept alone, --dir included: what is compiled in does not count, and `name` is
 * the revision's id. */
zq_rc zq_kept_schema_newest(zq_app *app, const zq_chain *chain, zq_desired *out, zq_err *err);

#endif
