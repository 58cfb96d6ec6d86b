#include "seed/merge/object.h"

bool zq_object_stays(const zq_object *object)
{
    if (object->verdict == ZQ_VERDICT_ADD)
        return true;
    return (object->where & ZQ_IN_DATABASE) != 0 && object->verdict != ZQ_VERDICT_REMOVE;
}

zq_cell *zq_merge_cell(const zq_merge *m, size_t role, size_t permission)
{
    return &m->cells[role * m->n_permissions + permission];
}
