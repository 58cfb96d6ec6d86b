#include "run/install.h"

#include "diff/diff.h"

#include <string.h>

enum { STAGE_MARK, STAGE_TABLES, STAGE_ROWS, STAGE_END };

/* The descriptors of one kind: what shall be there, or what of it is there already. */
static zq_schema subset(const zq_schema *schema, const zq_state *state, bool only_present,
                        zq_arena *arena)
{
    const zq_table **tables = ZQ_NEW_ARRAY(arena, const zq_table *, schema->n_tables + 1);
    zq_schema out = {.tables = tables};

    for (size_t i = 0; i < schema->n_tables; i++) {
        const zq_table *table = schema->tables[i];
        bool missing = zq_table_is_meta(table)
                           ? state->n_missing_meta > 0
                           : zq_names_have(state->missing, state->n_missing, table->name);

        if (zq_table_is_family(table) || (only_present && missing))
            continue;
        tables[out.n_tables++] = table;
    }
    return out;
}

/* ---- putting the stages together ---- */

typedef struct building {
    zq_step *items;
    size_t n;
} building;

static void add(building *b, zq_step s, unsigned stage)
{
    s.stage = stage;
    s.in_order = stage == STAGE_MARK;
    s.changes_rows = stage >= STAGE_ROWS;
    b->items[b->n++] = s;
}

/* The mark, and what stands before it when a state is read: without a history, nobody asks for the
 * mark. */
static bool comes_first(const zq_step *s)
{
    return s->change != NULL && (strcmp(s->change->table, ZQ_BOOK_HISTORY) == 0 ||
                                 strcmp(s->change->table, ZQ_BOOK_JOURNAL) == 0);
}

static bool is_recorded(const zq_state *state)
{
    return zq_condition_at_head(state->condition);
}

zq_rc zq_install_plan_tables(const zq_schema *schema, const zq_state *state, const char *revision,
                             zq_flavor flavor, zq_arena *arena, zq_steps *out_steps, zq_err *err)
{
    zq_schema desired = subset(schema, state, false, arena);
    zq_schema present = subset(schema, state, true, arena);
    zq_changes changes;
    zq_steps creates;
    building b = {0};

    ZQ_TRY(zq_diff(&desired, &present, arena, &changes, err));
    ZQ_TRY(zq_plan_create(&changes, flavor, arena, &creates, err));
    b.items = ZQ_NEW_ARRAY(arena, zq_step, creates.n + 1);
    for (size_t i = 0; i < creates.n; i++) {
        if (comes_first(&creates.items[i]))
            add(&b, creates.items[i], STAGE_MARK);
    }
    if (!is_recorded(state))
        add(&b, zq_book_mark_install(revision, arena), STAGE_MARK);
    for (size_t i = 0; i < creates.n; i++) {
        if (!comes_first(&creates.items[i]))
            add(&b, creates.items[i], STAGE_TABLES);
    }
    *out_steps = (zq_steps){.items = b.items, .n = b.n};
    return ZQ_OK;
}

zq_steps zq_install_plan_rows(const zq_steps *rows, zq_arena *arena)
{
    building b = {.items = ZQ_NEW_ARRAY(arena, zq_step, rows->n + 1)};

    for (size_t i = 0; i < rows->n; i++)
        add(&b, rows->items[i], STAGE_ROWS);
    return (zq_steps){.items = b.items, .n = b.n};
}

zq_steps zq_install_plan_end(const zq_state *state, const zq_steps *admin,
                             const zq_history_entry *entry, const zq_step *last, zq_arena *arena)
{
    building b = {.items = ZQ_NEW_ARRAY(arena, zq_step, admin->n + 3)};

    for (size_t i = 0; i < admin->n; i++)
        add(&b, admin->items[i], STAGE_END);
    if (!is_recorded(state)) {
        add(&b, zq_history_step(entry, arena), STAGE_END);
        add(&b, zq_book_unmark_install(entry->revision, arena), STAGE_END);
    }
    if (last != NULL)
        add(&b, *last, STAGE_END);
    return (zq_steps){.items = b.items, .n = b.n};
}
