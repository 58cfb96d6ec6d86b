#include "diff/change.h"

#include "base/buf.h"

#include <string.h>

/* ---- the kinds of objects: "column 'x'" ---- */

static void object_table(zq_buf *out, const zq_change *change)
{
    zq_buf_printf(out, "table '%s'", change->table);
}

static void object_column(zq_buf *out, const zq_change *change)
{
    zq_buf_printf(out, "column '%s'", change->object);
}

static void object_index(zq_buf *out, const zq_change *change)
{
    static const char *const words[] = {
        [ZQ_UNIQUE] = "unique index",
        [ZQ_INDEX] = "index",
        [ZQ_FULLTEXT] = "fulltext index",
        [ZQ_SPATIAL] = "spatial index",
    };
    const zq_index *index = change->to != NULL ? change->to : change->from;

    if (index->kind == ZQ_PRIMARY)
        zq_buf_str(out, "primary key");
    else
        zq_buf_printf(out, "%s '%s'", words[index->kind], index->name);
}

static void object_foreign_key(zq_buf *out, const zq_change *change)
{
    zq_buf_printf(out, "foreign key '%s'", change->object);
}

static void object_extra(zq_buf *out, const zq_change *change)
{
    const zq_extra *extra = change->to != NULL ? change->to : change->from;

    zq_buf_str(out, extra->kind);
    if (extra->name != NULL && *extra->name != '\0')
        zq_buf_printf(out, " '%s'", extra->name);
}

/* ---- the table ---- */

static const struct operation {
    const char *kind;
    void (*write_object)(zq_buf *out, const zq_change *change);
    const char *say;
} operations[] = {
#define ZQ_OP_ROW_(op, name, reverse, kind, object, say, cost, clause) \
    [ZQ_OP_##op] = {"" kind "", object_##object, "" say ""},
    ZQ_OP_LIST(ZQ_OP_ROW_)
#undef ZQ_OP_ROW_
};

/* A text left empty is a part that is missing too; the name and the reverse are for the tests. */
#define ZQ_OP_CHECK_(op, name, reverse, kind, object, say, cost, clause)                  \
    _Static_assert(sizeof(name) > 1 && sizeof(ZQ_OP_##reverse) > 0 && sizeof(kind) > 1 && \
                       sizeof(say) > 1,                                                   \
                   "a part is missing");
ZQ_OP_LIST(ZQ_OP_CHECK_)
#undef ZQ_OP_CHECK_

/* Write what `placeholder` (at a brace) stands for; gives its length. */
static size_t write_placeholder(zq_buf *out, const char *placeholder, const zq_change *change)
{
    if (strncmp(placeholder, "{object}", 8) == 0) {
        operations[change->op].write_object(out, change);
        return 8;
    }
    if (strncmp(placeholder, "{expected}", 10) == 0) {
        zq_buf_str(out, change->expected);
        return 10;
    }
    zq_buf_str(out, change->found);
    return strlen("{found}");
}

const char *zq_op_kind(zq_op op)
{
    return operations[op].kind;
}

const char *zq_change_say(const zq_change *change, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);
    const char *say = operations[change->op].say;

    while (*say != '\0') {
        if (*say == '{')
            say += write_placeholder(&out, say, change);
        else
            zq_buf_char(&out, *say++);
    }
    return zq_arena_strdup(arena, zq_buf_text(&out));
}
