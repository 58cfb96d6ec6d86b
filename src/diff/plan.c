#include "diff/plan.h"

#include "sql/ddl_write.h"

#include <string.h>

enum { STAGE_META, STAGE_TABLES };

/* A family is no table: its members come from the application, one for each stock. */
static bool makes_table(const zq_change *change)
{
    return change->op == ZQ_OP_CREATE_TABLE && !zq_table_is_family(change->desired);
}

static zq_rc create_step(const zq_change *change, zq_flavor flavor, zq_arena *arena,
                         zq_step *out_step, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;
    zq_rc rc;

    zq_ddl_create_table(&sql, change->desired, true, flavor);
    rc = zq_sql_finish(&sql, &text, err);
    if (rc != ZQ_OK) {
        zq_err_prefix(err, "table '%s' ", change->table);
        return rc;
    }
    *out_step = (zq_step){
        .stage = zq_table_is_meta(change->desired) ? STAGE_META : STAGE_TABLES,
        .text = zq_arena_strdup(arena, text),
        .say = zq_arena_printf(arena, "create table '%s'", change->table),
        .change = change,
    };
    return ZQ_OK;
}

zq_rc zq_plan_create(const zq_changes *changes, zq_flavor flavor, zq_arena *arena,
                     zq_steps *out_steps, zq_err *err)
{
    zq_step *steps = ZQ_NEW_ARRAY(arena, zq_step, changes->n);
    size_t n = 0;

    for (int meta = 1; meta >= 0; meta--) {
        for (size_t i = 0; i < changes->n; i++) {
            const zq_change *change = &changes->items[i];

            if (makes_table(change) && zq_table_is_meta(change->desired) == (meta == 1))
                ZQ_TRY(create_step(change, flavor, arena, &steps[n++], err));
        }
    }
    *out_steps = (zq_steps){.items = steps, .n = n};
    return ZQ_OK;
}
