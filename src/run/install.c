#include "run/install.h"

#include "diff/diff.h"
#include "sql/sql.h"

#include <string.h>

enum { STAGE_MARK, STAGE_TABLES, STAGE_ROWS, STAGE_END };

static bool is_missing(const zq_state *state, const char *table)
{
    for (size_t i = 0; i < state->n_missing; i++) {
        if (strcmp(state->missing[i], table) == 0)
            return true;
    }
    return false;
}

/* The descriptors of one kind: what shall be there, or what of it is there already. */
static zq_schema subset(const zq_schema *schema, const zq_state *state, bool only_present,
                        zq_arena *arena)
{
    const zq_table **tables = ZQ_NEW_ARRAY(arena, const zq_table *, schema->n_tables + 1);
    zq_schema out = {.tables = tables};

    for (size_t i = 0; i < schema->n_tables; i++) {
        const zq_table *table = schema->tables[i];
        bool missing =
            zq_table_is_meta(table) ? state->n_missing_meta > 0 : is_missing(state, table->name);

        if (zq_table_is_family(table) || (only_present && missing))
            continue;
        tables[out.n_tables++] = table;
    }
    return out;
}

static zq_step step(zq_arena *arena, const char *text, const zq_arg *args, size_t n_args,
                    const char *say)
{
    zq_arg *copy = ZQ_NEW_ARRAY(arena, zq_arg, n_args + 1);

    if (n_args > 0)
        memcpy(copy, args, n_args * sizeof *args);
    return (zq_step){.text = text, .args = copy, .n_args = n_args, .say = say};
}

static zq_step mark_step(const char *revision, zq_arena *arena)
{
    zq_arg args[] = {zq_arg_text(revision)};

    return step(arena,
                "INSERT IGNORE INTO zq_meta_journal "
                "(revision, direction, step, state, token, started_time) "
                "VALUES (?, 'up', 0, 'started', 0, NOW(3))",
                args, ZQ_LEN(args), "mark that an install is under way");
}

static zq_step unmark_step(const char *revision, zq_arena *arena)
{
    zq_arg args[] = {zq_arg_text(revision)};

    return step(arena, "DELETE FROM zq_meta_journal WHERE revision = ? AND step = 0", args,
                ZQ_LEN(args), "remove the mark of the install");
}

zq_step zq_history_step(const zq_history_entry *entry, zq_arena *arena)
{
    zq_arg duration =
        entry->duration_ms < 0 ? (zq_arg){.kind = ZQ_ARG_NULL} : zq_arg_int(entry->duration_ms);
    zq_arg args[] = {
        zq_arg_text(entry->revision),     zq_arg_text(entry->operation),
        zq_arg_text(entry->release_name), zq_arg_text(entry->title),
        zq_arg_text(entry->checksum),     zq_arg_text(entry->schema_id),
        zq_arg_text(entry->tool_version), duration,
        zq_arg_text(entry->revision),     zq_arg_text(entry->checksum),
    };

    return step(arena,
                "INSERT INTO zq_meta_history (revision, operation, release_name, title, checksum, "
                "schema_id, tool_version, duration_ms, applied_by, applied_time) "
                "SELECT ?, ?, ?, ?, ?, ?, ?, ?, CURRENT_USER(), NOW(3) FROM DUAL "
                "WHERE NOT EXISTS (SELECT 1 FROM (SELECT revision, checksum FROM zq_meta_history "
                "ORDER BY id DESC LIMIT 1) newest "
                "WHERE newest.revision = ? AND newest.checksum <=> ?)",
                args, ZQ_LEN(args), zq_arena_printf(arena, "record revision %s", entry->revision));
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
    return s->change != NULL && (strcmp(s->change->table, "zq_meta_history") == 0 ||
                                 strcmp(s->change->table, "zq_meta_journal") == 0);
}

static bool is_recorded(const zq_state *state)
{
    return zq_condition_at_head(state->condition);
}

zq_rc zq_plan_install_tables(const zq_schema *schema, const zq_state *state, const char *revision,
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
        add(&b, mark_step(revision, arena), STAGE_MARK);
    for (size_t i = 0; i < creates.n; i++) {
        if (!comes_first(&creates.items[i]))
            add(&b, creates.items[i], STAGE_TABLES);
    }
    *out_steps = (zq_steps){.items = b.items, .n = b.n};
    return ZQ_OK;
}

zq_steps zq_plan_install_rows(const zq_steps *rows, zq_arena *arena)
{
    building b = {.items = ZQ_NEW_ARRAY(arena, zq_step, rows->n + 1)};

    for (size_t i = 0; i < rows->n; i++)
        add(&b, rows->items[i], STAGE_ROWS);
    return (zq_steps){.items = b.items, .n = b.n};
}

zq_steps zq_plan_install_end(const zq_state *state, const zq_steps *admin,
                             const zq_history_entry *entry, zq_arena *arena)
{
    building b = {.items = ZQ_NEW_ARRAY(arena, zq_step, admin->n + 2)};

    for (size_t i = 0; i < admin->n; i++)
        add(&b, admin->items[i], STAGE_END);
    if (!is_recorded(state)) {
        add(&b, zq_history_step(entry, arena), STAGE_END);
        add(&b, unmark_step(entry->revision, arena), STAGE_END);
    }
    return (zq_steps){.items = b.items, .n = b.n};
}
