/* Memory that is freed all at once: one arena for the run, one for each step. */
#ifndef ZQ_BASE_ARENA_H
#define ZQ_BASE_ARENA_H

#include "base/err.h"
#include "base/out_of_memory.h"

#include <stdarg.h>
#include <stddef.h>

typedef struct zq_arena zq_arena;

/* A new, empty arena; never NULL. Close it with zq_arena_close. Not for use by two threads at once.
 */
zq_arena *zq_arena_open(void);
/* One that is locked in memory, left out of core dumps, and wiped when it is given back. Needs
 * sodium_init(). */
zq_arena *zq_arena_open_secret(void);
void zq_arena_close(zq_arena *arena);
ZQ_AUTO_DEFINE(zq_arena, zq_arena_close);

/* Give back everything that was allocated since the arena was opened, but keep the arena. */
void zq_arena_reset(zq_arena *arena);

/* Zeroed memory, aligned for any type, valid until the arena is reset or closed. Never NULL:
 * out of memory ends the process (zq_out_of_memory), and being killed is survived by design. */
void *zq_arena_alloc(zq_arena *arena, size_t size);
#define ZQ_NEW(arena, type) ((type *)zq_arena_alloc((arena), sizeof(type)))
#define ZQ_NEW_ARRAY(arena, type, n) ((type *)zq_arena_alloc_array((arena), sizeof(type), (n)))
void *zq_arena_alloc_array(zq_arena *arena, size_t size, size_t n);

/* Room for one more at the end of an array of `n` items, each of `size` bytes: gives the array,
 * which may have moved, with that item zeroed. It must have been grown by this from NULL and 0 on,
 * one by one, since it doubles when `n` is a power of two. */
void *zq_arena_grow(zq_arena *arena, void *items, size_t size, size_t n);

/* The place of one more item, which counts from now on: `*ZQ_APPEND(arena, list.items, list.n) =
 * item;`. */
#define ZQ_APPEND(arena, items, n) \
    ((items) = zq_arena_grow((arena), (items), sizeof *(items), (n)), &(items)[(n)++])

/* Copies, terminated by NUL. zq_arena_strdup(arena, NULL) is NULL. */
char *zq_arena_strdup(zq_arena *arena, const char *text);
char *zq_arena_strndup(zq_arena *arena, const char *text, size_t length);
char *zq_arena_lower(zq_arena *arena, const char *text, size_t length); /* ASCII in lower case */
char *zq_arena_printf(zq_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *zq_arena_vprintf(zq_arena *arena, const char *format, va_list args);

#endif
