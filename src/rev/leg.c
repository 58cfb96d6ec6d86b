#include "rev/leg.h"

const char *zq_direction_name(zq_direction direction)
{
    return direction == ZQ_UP ? "up" : "down";
}

zq_steps zq_leg_steps(const zq_leg *leg, zq_arena *arena)
{
    const zq_rev_section *section = leg->section;
    zq_step *items = ZQ_NEW_ARRAY(arena, zq_step, section->n + 1);

    for (size_t i = 0; i < section->n; i++) {
        const zq_rev_statement *s = &section->statements[i];

        items[i] = (zq_step){
            .stage = (unsigned)i,
            .text = s->text,
            .say = zq_arena_printf(arena, "line %u", s->line),
            .changes_rows = s->parsed.kind == ZQ_STATEMENT_ROWS,
            .in_order = true,
            .revised = s,
        };
    }
    return (zq_steps){.items = items, .n = section->n};
}
