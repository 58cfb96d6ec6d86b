/* What zq_meta_seeds holds of a role's or a permission's words, and back. Pure. */
#ifndef ZQ_SEED_RECORD_TEXT_H
#define ZQ_SEED_RECORD_TEXT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum { ZQ_WORDS_MAX = 3 }; /* texts of an object that seeds can change: description, ... */

/* Are two words of an object the same? NULL is like nothing but NULL. */
bool zq_record_text_same(const char *a, const char *b);

/* The words as one text, and back; NULL stays NULL. In `arena`. */
const char *zq_record_text_encode(zq_arena *arena, const char *const words[], size_t n);
void zq_record_text_decode(zq_arena *arena, const char *content, const char *words[], size_t n);

/* The same of a role, with whether it is left alone once it is made. */
const char *zq_role_encode(zq_arena *arena, const char *description, bool reconcile);
bool zq_role_is_left(zq_arena *arena, const char *content);

#endif
