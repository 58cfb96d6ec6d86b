#include "diff/change.h"

#include "base/buf.h"

#include <string.h>

/* ---- the kinds of objects: "column 'x'" ---- */

static const char *object_table(const zq_change *change, zq_tongue tongue, zq_arena *arena)
{
    return zq_printf_in(tongue, arena, "table '%s'", change->table);
}

static const char *object_column(const zq_change *change, zq_tongue tongue, zq_arena *arena)
{
    return zq_printf_in(tongue, arena, "column '%s'", change->object);
}

static const char *object_index(const zq_change *change, zq_tongue tongue, zq_arena *arena)
{
    static const char *const words[] = {
        [ZQ_PRIMARY] = N_("primary key"),        [ZQ_UNIQUE] = N_("unique index '%s'"),
        [ZQ_INDEX] = N_("index '%s'"),           [ZQ_FULLTEXT] = N_("fulltext index '%s'"),
        [ZQ_SPATIAL] = N_("spatial index '%s'"),
    };
    const zq_index *index = change->to != NULL ? change->to : change->from;

    return zq_printf_in(tongue, arena, words[index->kind], index->name);
}

static const char *object_foreign_key(const zq_change *change, zq_tongue tongue, zq_arena *arena)
{
    return zq_printf_in(tongue, arena, "foreign key '%s'", change->object);
}

/* Its kind is the server's word. */
static const char *object_extra(const zq_change *change, ZQ_UNUSED zq_tongue tongue,
                                zq_arena *arena)
{
    const zq_extra *extra = change->to != NULL ? change->to : change->from;

    if (extra->name == NULL || *extra->name == '\0')
        return extra->kind;
    return zq_arena_printf(arena, "%s '%s'", extra->kind, extra->name);
}

/* ---- the table ---- */

static const struct operation {
    const char *kind;
    const char *(*object)(const zq_change *change, zq_tongue tongue, zq_arena *arena);
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

const char *zq_op_kind(zq_op op)
{
    return operations[op].kind;
}

/* A definition is as SQL has it, in every language; but one that is a word or two is said, and what
 * says how large a whole table (`table`; else NULL) is. */
static const char *value(const char *text, const zq_table *table, zq_tongue tongue, zq_arena *arena)
{
    static const char counts[] = N_("%zu columns, %zu indexes, %zu foreign keys");

    if (tongue == ZQ_ENGLISH || zq_tr(counts) == counts)
        return text;
    return table == NULL ? zq_tr(text)
                         : zq_tr_printf(arena, counts, table->n_columns, table->n_indexes,
                                        table->n_foreign_keys);
}

const char *zq_change_say_in(zq_tongue tongue, const zq_change *change, zq_arena *arena)
{
    const struct operation *operation = &operations[change->op];
    const char *say = tongue == ZQ_ENGLISH ? operation->say : zq_tr(operation->say);
    const zq_table *made = change->op == ZQ_OP_CREATE_TABLE ? change->desired : NULL;
    const zq_table *dropped = change->op == ZQ_OP_DROP_TABLE ? change->actual : NULL;
    const struct {
        const char *name;
        const char *text;
    } places[] = {{"{object}", operation->object(change, tongue, arena)},
                  {"{expected}", value(change->expected, made, tongue, arena)},
                  {"{found}", value(change->found, dropped, tongue, arena)}};
    ZQ_AUTO_BUF(out);

    while (*say != '\0') {
        size_t i = 0;

        while (i < ZQ_LEN(places) && strncmp(say, places[i].name, strlen(places[i].name)) != 0)
            i++;
        if (i < ZQ_LEN(places)) {
            zq_buf_str(&out, places[i].text);
            say += strlen(places[i].name);
        } else {
            zq_buf_char(&out, *say++);
        }
    }
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

const char *zq_change_say(const zq_change *change, zq_arena *arena)
{
    return zq_change_say_in(ZQ_ENGLISH, change, arena);
}
