#include "diff/walk.h"

#include <string.h>

zq_change *zq_walk_add(zq_walk *w, zq_op op, const char *object)
{
    if (w->n == w->capacity) {
        zq_change *more;

        w->capacity = w->capacity == 0 ? 16 : w->capacity * 2;
        more = ZQ_NEW_ARRAY(w->arena, zq_change, w->capacity);
        if (w->n > 0)
            memcpy(more, w->items, w->n * sizeof *more);
        w->items = more;
    }
    w->items[w->n] = (zq_change){
        .op = op,
        .desired = w->desired,
        .actual = w->actual,
        .table = w->desired != NULL ? w->desired->name : w->actual->name,
        .object = object,
        .expected = "",
        .found = "",
    };
    return &w->items[w->n++];
}

static const char *keep(zq_walk *w, const zq_buf *words)
{
    return zq_arena_strdup(w->arena, zq_buf_text(words));
}

static const char *words_of(zq_walk *w, const zq_noun *noun, const zq_table *table,
                            const void *object, unsigned mask)
{
    ZQ_AUTO_BUF(out);

    zq_noun_write(&out, noun, table, object, mask);
    return keep(w, &out);
}

const char *zq_walk_describe(zq_walk *w, const zq_noun *noun, const zq_table *table,
                             const void *object, const void *plain)
{
    ZQ_AUTO_BUF(out);

    zq_noun_describe(&out, noun, table, object, plain);
    return keep(w, &out);
}

void zq_walk_compare(zq_walk *w, zq_op alter, const char *name, const zq_noun *noun, const void *to,
                     const void *from)
{
    unsigned mask = zq_noun_compare(noun, w->desired, to, w->actual, from);
    zq_change *change;

    if (mask == 0)
        return;
    change = zq_walk_add(w, alter, name);
    change->to = to;
    change->from = from;
    change->mask = mask;
    change->expected = words_of(w, noun, w->desired, to, mask);
    change->found = words_of(w, noun, w->actual, from, mask);
}
