/* All revisions that there are, in one line from base to head. */
#ifndef ZQ_REV_CHAIN_H
#define ZQ_REV_CHAIN_H

#include "rev/leg.h"
#include "rev/revision_file.h"

/* The revisions in the order in which they are applied. A position in the chain is a number of
 * revisions applied: 0 is base, n is head, p is just after items[p - 1]. */
typedef struct zq_chain {
    const zq_revision *const *items;
    size_t n;
    const struct zq_squash *squashes; /* in no order */
    size_t n_squashes;
    const char
        *doubt; /* about who could have written the first such file (zq_trust_warning), or NULL */
    const bool *ahead; /* of each item: it is in the database, though its turn comes later
                          (run/ahead.h); NULL: none is */
} zq_chain;

/* A shorter way up, beside the revisions that it stands for: it begins and ends where they do, and
 * does what they do. Down there is none. */
typedef struct zq_squash {
    const zq_revision *revision;
    size_t from, to; /* positions */
} zq_squash;

/* Revisions in no order: those that are compiled in, then those of a folder. */
typedef struct zq_revisions {
    const zq_revision *items;
    size_t n;
    size_t n_embedded; /* the first so many */
    const char *doubt; /* as in zq_chain */
} zq_revisions;

/* ---- making one ---- */

/* Order the revisions. Fails with ZQ_E_DATA, "FILE:LINE: what", on an id or a release given twice,
 * one that revises what is not there, two that revise the same (two heads), two first ones, a
 * circle; a squash of what is not there, or has changed since. The chain is in `arena` and points
 * to `revisions`. */
zq_rc zq_chain_build(const zq_revision *revisions, size_t n, zq_arena *arena, zq_chain *out,
                     zq_err *err);

/* The revisions that are compiled in; their statements are read by zq_chain_path and
 * zq_revision_file_complete, because most runs need none. Fails only when the build is broken, as
 * zq_chain_build does. Everything in `arena`. */
zq_rc zq_chain_embedded(zq_arena *arena, zq_chain *out, zq_err *err);

/* Those that are compiled in, and the files *.sql of a folder; `dir` may be NULL. A file with the
 * very text of an embedded one is left out, so that the project's own folder can be named. Families
 * are looked up in `schema` (zq_revision_file_lint). Fails with ZQ_E_NOINPUT for a folder or file
 * that cannot be read, else ZQ_E_DATA. */
zq_rc zq_revisions_read(const char *dir, const zq_schema *schema, zq_arena *arena,
                        zq_revisions *out, zq_err *err);

/* The same, put in order. */
zq_rc zq_chain_load(const char *dir, const zq_schema *schema, zq_arena *arena, zq_chain *out,
                    zq_err *err);

/* ---- places in it ---- */

/* What a user may call a place: a revision's id, a unique prefix of one, a release, "head", "base",
 * "+n" and "-n" (from `current`, a position). Fails with ZQ_E_USAGE and says what it could be. */
zq_rc zq_chain_resolve(const zq_chain *chain, const char *target, size_t current,
                       size_t *out_position, zq_err *err);

/* "FROM:TO" or "TO" (from base), as offline scripts are asked for; TO may be relative to FROM. */
zq_rc zq_chain_resolve_range(const zq_chain *chain, const char *text, size_t *out_from,
                             size_t *out_to, zq_err *err);

/* The revision that was applied last at a position; NULL at base. */
const zq_revision *zq_chain_at(const zq_chain *chain, size_t position);

/* The id of that revision, or "base", for messages. */
const char *zq_chain_name(const zq_chain *chain, size_t position);

/* The position just after the revision `id`; false when it is not in the chain. "" is base. */
bool zq_chain_find(const zq_chain *chain, const char *id, size_t *out_position);

/* What a journal calls `id` when it is run up: a revision or a squash, and from where to where it
 * leads. False: no file has it. */
bool zq_chain_find_way(const zq_chain *chain, const char *id, zq_squash *out);

/* The digest of the files of the revisions between two positions, in hexadecimal. */
void zq_chain_digest(const zq_chain *chain, size_t from, size_t to, char out_hex[ZQ_DIGEST_HEX]);

/* ---- what was applied ---- */

/* One row of zq_meta_history. */
typedef struct zq_applied {
    const char *revision;  /* after the entry; "" at base */
    const char *operation; /* "install", "upgrade", "downgrade", "stamp", "adopt" */
    const char *checksum;  /* of the revision's file; NULL: not remembered */
} zq_applied;

/* The checksum that was remembered last for a revision; NULL when none was. */
const char *zq_chain_remembered(const zq_applied *rows, size_t n, const char *id);

#define ZQ_OWN_PREFIX "own-" /* what rebase puts before an id that zquant has for itself */

/* The user's own revision whose text had this id and checksum before a rebase gave it another
 * `revises` or id, or has them still; NULL: there is none. `*out_revises` is what it revised then,
 * "base" for the first one; in `arena` or in the revisions. */
const zq_revision *zq_chain_before_rebase(const zq_revision *const *items, size_t n, const char *id,
                                          const char *checksum, zq_arena *arena,
                                          const char **out_revises);

/* An applied file is another one now: fills `err`, with ZQ_E_DATA. `revision` is the file at hand,
 * `checksum` what was remembered. */
zq_rc zq_chain_fail_changed(const zq_chain *chain, const zq_revision *revision,
                            const char *checksum, zq_err *err);

/* Where the history (oldest row first, at least one) says the database is, after a check that the
 * files of what is applied are the ones that were.
 *
 * Fails with ZQ_E_DIFFERS when the database is at a revision that is not in the chain (a newer
 * build was here), and with ZQ_E_DATA, "FILE:1: ...", when an applied file has changed. */
zq_rc zq_chain_verify(const zq_chain *chain, const zq_applied *rows, size_t n, size_t *out_position,
                      zq_err *err);

/* ---- ways through it ---- */

/* The way from one position to another, which must not lie against `direction`: the error names
 * the command for that. A revision that is ahead has nothing to run on the way up. Going down fails
 * with ZQ_E_USAGE while one is ahead, and at the first revision that cannot be undone, with its
 * reason. In `arena`. */
zq_rc zq_chain_path(const zq_chain *chain, size_t from, size_t to, zq_direction direction,
                    zq_arena *arena, zq_path *out, zq_err *err);

/* The same by squashes where there are: from each place the one that leads farthest, but not over
 * the goal, nor over a revision that is ahead. `under_way` (NULL: nothing is) was begun, and is
 * taken first where it begins here, a squash or a revision. */
zq_rc zq_chain_short_path(const zq_chain *chain, size_t from, size_t to, zq_direction direction,
                          const char *under_way, zq_arena *arena, zq_path *out, zq_err *err);

#endif
