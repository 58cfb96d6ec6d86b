#include "base/arena.h"

#include <sodium.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 256 * 1024, SECRET_BLOCK = 16 * 1024 };

typedef struct block {
    struct block *next;
    size_t size;
    size_t used;
    alignas(max_align_t) char bytes[];
} block;

struct zq_arena {
    block *blocks; /* the newest first */
    size_t next_size;
    bool is_secret; /* in memory from sodium_malloc, which sets pages aside for each block */
};

static void *must_alloc(bool is_secret, size_t size)
{
    void *memory = is_secret ? sodium_malloc(size) : malloc(size);

    if (memory == NULL)
        zq_out_of_memory(size);
    return memory;
}

static block *add_block(zq_arena *arena, size_t at_least)
{
    size_t size = arena->next_size > at_least ? arena->next_size : at_least;
    block *fresh = must_alloc(arena->is_secret, sizeof *fresh + size);

    *fresh = (block){.next = arena->blocks, .size = size};
    arena->blocks = fresh;
    if (!arena->is_secret && arena->next_size < LARGEST_BLOCK)
        arena->next_size *= 2;
    return fresh;
}

static void free_blocks(zq_arena *arena)
{
    block *next;

    for (block *b = arena->blocks; b != NULL; b = next) {
        next = b->next;
        if (arena->is_secret)
            sodium_free(b);
        else
            free(b);
    }
    arena->blocks = NULL;
    arena->next_size = arena->is_secret ? SECRET_BLOCK : FIRST_BLOCK;
}

static zq_arena *open_as(bool is_secret)
{
    zq_arena *arena = must_alloc(false, sizeof *arena);

    *arena = (zq_arena){.is_secret = is_secret};
    free_blocks(arena);
    return arena;
}

zq_arena *zq_arena_open(void)
{
    return open_as(false);
}

zq_arena *zq_arena_open_secret(void)
{
    return open_as(true);
}

void zq_arena_close(zq_arena *arena)
{
    if (arena == NULL)
        return;
    free_blocks(arena);
    free(arena);
}

void zq_arena_reset(zq_arena *arena)
{
    free_blocks(arena);
}

void *zq_arena_alloc(zq_arena *arena, size_t size)
{
    size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    block *b = arena->blocks;
    void *memory;

    if (rounded < size)
        zq_out_of_memory(size);
    if (b == NULL || b->size - b->used < rounded)
        b = add_block(arena, rounded);
    memory = b->bytes + b->used;
    b->used += rounded;
    return memset(memory, 0, size);
}

void *zq_arena_alloc_array(zq_arena *arena, size_t size, size_t n)
{
    if (n != 0 && size > SIZE_MAX / n)
        zq_out_of_memory(SIZE_MAX);
    return zq_arena_alloc(arena, size * n);
}

void *zq_arena_grow(zq_arena *arena, void *items, size_t size, size_t n)
{
    void *more;

    if (n != 0 && (n & (n - 1)) != 0)
        return items;
    more = zq_arena_alloc_array(arena, size, n == 0 ? 1 : 2 * n);
    if (n != 0)
        memcpy(more, items, n * size);
    return more;
}

char *zq_arena_strndup(zq_arena *arena, const char *text, size_t length)
{
    char *copy = zq_arena_alloc(arena, length + 1);

    memcpy(copy, text, length);
    return copy;
}

char *zq_arena_strdup(zq_arena *arena, const char *text)
{
    return text == NULL ? NULL : zq_arena_strndup(arena, text, strlen(text));
}

char *zq_arena_lower(zq_arena *arena, const char *text, size_t length)
{
    char *copy = zq_arena_strndup(arena, text, length);

    for (char *c = copy; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return copy;
}

char *zq_arena_vprintf(zq_arena *arena, const char *format, va_list args)
{
    va_list again;
    int length;
    char *text;

    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        return zq_arena_strdup(arena, "");
    text = zq_arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

char *zq_arena_printf(zq_arena *arena, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = zq_arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}
