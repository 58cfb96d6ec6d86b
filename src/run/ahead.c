#include "run/ahead.h"

#include "model/schema.h"

#include <string.h>

enum { UNKNOWN = -1 };

static long place_of(const char *const *revisions, const char *revision)
{
    for (long i = 0; revisions[i] != NULL; i++) {
        if (strcmp(revisions[i], revision) == 0)
            return i;
    }
    return UNKNOWN;
}

static bool is_passed(const char *const *revisions, const char *name, const char *revision)
{
    const long place = place_of(revisions, name);

    return strcmp(name, revision) == 0 ||
           (place != UNKNOWN && place_of(revisions, revision) > place);
}

static void add(zq_ahead *ahead, const char *name, zq_arena *arena)
{
    *ZQ_APPEND(arena, ahead->names, ahead->n) = name;
}

void zq_ahead_take(zq_ahead *ahead, const char *const *revisions, const char *revision,
                   const char *operation, zq_arena *arena)
{
    zq_ahead left = {0};

    if (strcmp(operation, ZQ_OPERATION_AHEAD) == 0) {
        if (!zq_ahead_has(ahead, revision))
            add(ahead, zq_arena_strdup(arena, revision), arena);
        return;
    }
    for (size_t i = 0; i < ahead->n; i++) {
        if (!is_passed(revisions, ahead->names[i], revision))
            add(&left, ahead->names[i], arena);
    }
    *ahead = left;
}

bool zq_ahead_has(const zq_ahead *ahead, const char *revision)
{
    return zq_names_have(ahead->names, ahead->n, revision);
}

const char *zq_ahead_unknown(const zq_ahead *ahead, const char *const *revisions)
{
    for (size_t i = 0; i < ahead->n; i++) {
        if (place_of(revisions, ahead->names[i]) == UNKNOWN)
            return ahead->names[i];
    }
    return NULL;
}
