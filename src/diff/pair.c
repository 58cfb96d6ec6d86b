#include "diff/pair.h"

zq_change *zq_pair_add(zq_pair *w, zq_op op, const char *object)
{
    w->items = zq_arena_grow(w->arena, w->items, sizeof *w->items, w->n);
    w->items[w->n] = (zq_change){
        .op = op,
        .desired = w->desired,
        .actual = w->renaming.from,
        .table = w->desired != NULL ? w->desired->name : w->actual->name,
        .object = object,
        .expected = "",
        .found = "",
    };
    return &w->items[w->n++];
}

static const char *keep(zq_pair *w, const zq_buf *words)
{
    return zq_arena_strdup(w->arena, zq_buf_text(words));
}

static const char *words_of(zq_pair *w, const zq_properties *properties, const zq_table *table,
                            const void *object, unsigned mask)
{
    ZQ_AUTO_BUF(out);

    zq_properties_write(&out, properties, table, object, mask);
    return keep(w, &out);
}

const char *zq_pair_describe(zq_pair *w, const zq_properties *properties, const zq_table *table,
                             const void *object, const void *plain)
{
    ZQ_AUTO_BUF(out);

    zq_properties_describe(&out, properties, table, object, plain);
    return keep(w, &out);
}

void zq_pair_compare(zq_pair *w, zq_op alter, const char *name, const zq_properties *properties,
                     const void *to, const void *from)
{
    unsigned mask = zq_properties_compare(properties, w->desired, to, w->actual, from);
    zq_change *change;

    if (mask == 0)
        return;
    change = zq_pair_add(w, alter, name);
    change->to = to;
    change->from = from;
    change->mask = mask;
    change->expected = words_of(w, properties, w->desired, to, mask);
    change->found = words_of(w, properties, w->actual, from, mask);
}
