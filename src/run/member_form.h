/* One member of a family as it is, seen as the family: what statements of the family are judged by,
 * and how they are written for it. Pure. */
#ifndef ZQ_RUN_MEMBER_FORM_H
#define ZQ_RUN_MEMBER_FORM_H

#include "base/buf.h"
#include "base/err.h"
#include "run/fingerprint.h"

typedef struct zq_member_form {
    zq_table table; /* its name, and those of its indexes and keys, with "{code}" for the code */
    const char **index_names; /* what each of its indexes is called */
    size_t n_other;           /* of them carry another member's code */
    zq_fingerprint print;     /* members of the same form have the same */
} zq_member_form;

/* Read a member's definition. `family` is "zq_x_{code}", `code` the member's; `patterns` (ends in
 * NULL) are the names that its indexes may have, with "{code}"; zq_family_fold_table says which
 * have them. Everything in `arena`. Fails as zq_show_create_read does. */
zq_rc zq_member_form_read(const char *definition, size_t length, zq_flavor flavor,
                          const char *family, const char *code, const char *const *patterns,
                          zq_arena *arena, zq_member_form *out, zq_err *err);

/* `text`, a statement for a member, with the real names of the indexes that it drops, renames or
 * alters and that carry another member's code. In `arena`, or `text` itself. */
const char *zq_member_form_write(const zq_member_form *form, const char *code, const char *text,
                                 zq_arena *arena);

/* Append a statement as one line that ends in ";", for people. */
void zq_member_line(zq_buf *out, const char *sql);

/* Append to `patterns`, which has `n` items and is grown by zq_arena_grow, the names in a statement
 * of the family ("ix_{table}_a") that hold its code. Gives how many there are then. */
size_t zq_member_patterns(const char *text, const char *family, zq_arena *arena,
                          const char ***io_patterns, size_t n);

#endif
