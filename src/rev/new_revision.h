/* A new revision file, from the template. */
#ifndef ZQ_REV_NEW_REVISION_H
#define ZQ_REV_NEW_REVISION_H

#include "base/buf.h"
#include "rev/chain.h"

#include <time.h>

/* What goes into it. Texts that are not given leave a line that says what belongs there. */
typedef struct zq_draft {
    const char *id;
    const char *revises; /* NULL: base */
    const char *release; /* NULL: none */
    const char *title;
    time_t created;
    const char *schema_id; /* NULL: not said */
    const char *squashes;  /* of a squash, which has no way back: that header; else NULL */
    const char *upgrade;   /* SQL as it stands in the file, each statement ended; NULL: none yet */
    const char *downgrade;
    const char *irreversible;  /* why it cannot be undone; NULL: it can */
    const char *template_text; /* a template of the user's own; NULL: ours */
    const char *template_name; /* its file, for messages */
    const char *schema_text; /* the canonical text for the file beside it; NULL: none is written */
} zq_draft;

/* The id that follows the head's: one more than the greatest number there is, with as many digits
 * ("0004"); of a chain without numbers, how many revisions there are, plus one. In `arena`. */
const char *zq_new_revision_next_id(const zq_chain *chain, zq_arena *arena);

/* The same for a user's own: "own-0001". In `arena`. */
const char *zq_new_revision_own_id(const zq_chain *chain, zq_arena *arena);

/* "0004_add_a_column.sql": the title in lower case, at most 40 bytes of a-z, 0-9 and '_'; without
 * one when the title has no such letters. In `arena`. */
const char *zq_new_revision_file_name(const char *id, const char *title, zq_arena *arena);

/* Append the file's text. It is read back before it is given out: ZQ_E_USAGE when a header value
 * does not fit (a title with a line break), ZQ_E_DATA when the template lacks a place or the SQL
 * cannot be read. */
zq_rc zq_new_revision_write(const zq_draft *draft, zq_buf *out, zq_err *err);

/* Try whether it can be saved: the folder takes a new file, the name is free, the header and the
 * template are right. Nothing is left behind. Fails as zq_new_revision_save does. */
zq_rc zq_new_revision_try(const zq_draft *draft, const char *dir, zq_err *err);

/* Write it into a new file of the folder and give its path, in `arena`; its schema's text goes
 * beside it first ("0004_add_a_column.schema.txt"). A revision that exists is never written over; a
 * file half written is removed. Fails as zq_new_revision_write does, and with ZQ_E_IO. */
zq_rc zq_new_revision_save(const zq_draft *draft, const char *dir, zq_arena *arena,
                           const char **out_path, zq_err *err);

#endif
