/* Rows of the journal that are a member's, and members that a revision leaves as they are. */
#ifndef ZQ_MIGRATE_STEP_LEFT_H
#define ZQ_MIGRATE_STEP_LEFT_H

#include "migrate/walk.h"

/* A member's row in the journal has a key that stands for statement `i`, its number included. */
const char *zq_step_member_key(const zq_walk *walk, size_t i);

/* The row that another run left, in the state NONE when there is none; and one to be written, which
 * has the number of that, or a new one. */
zq_journal_row zq_step_member_found(const zq_walk *walk, const char *key, const char *member);
zq_journal_row zq_step_member_row(zq_walk *walk, const char *key, const char *member,
                                  zq_journal_state state);

/* The members that another run left at the statement with that key. */
const char *const *zq_step_left_found(const zq_walk *walk, const char *key, size_t *out_n);

/* Note for statement `i`, which is done for all others, which members are left; and that those of
 * `before`, which another run had left, are not any more. */
zq_rc zq_step_note_left(zq_walk *walk, size_t i, const char *family, const char *const *before,
                        size_t n_before, zq_err *err);

/* Why the member is left; NULL: it is not. */
const char *zq_step_why_left(const zq_walk *walk, const char *family, const char *member);

/* A member is left; at one statement, or at a further one. */
void zq_step_add_left(zq_walk *walk, const zq_left_member *left);

/* Sort out which of the rows found are of members; before the first statement. */
void zq_step_read_members(zq_walk *walk);

/* Name the members that were left, why, and what they lack. */
void zq_step_say_left(const zq_walk *walk);

#endif
