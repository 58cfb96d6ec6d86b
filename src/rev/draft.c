/* Writes what differs as people write a revision.
 *
 * The statements and their order are the planner's; here they get what only a revision has: blocks
 * for families, and sentences on what is lost and who waits. What cannot be written is said and
 * left out, so that one odd table does not keep all others from being written. */
#include "rev/draft.h"

#include "base/text.h"
#include "diff/diff.h"
#include "model/family.h"

#include <string.h>

enum { NAMED_MEMBERS = 5 };

/* ---- what is for a revision ---- */

static const char *family_reason(const zq_change *change)
{
    if (change->op == ZQ_OP_CREATE_TABLE && zq_table_is_family(change->desired))
        return "the application makes the tables of a family";
    if (change->op == ZQ_OP_DROP_TABLE && zq_table_is_family(change->actual))
        return "no revision drops the tables of a family: they hold its data";
    return NULL;
}

/* Take out of `io` what no statement does. */
static void leave_out(zq_changes *io, zq_flavor flavor, zq_arena *arena, zq_draft_body *out)
{
    zq_change *kept = ZQ_NEW_ARRAY(arena, zq_change, io->n + 1);
    const zq_change **left = ZQ_NEW_ARRAY(arena, const zq_change *, io->n + 1);
    const char **why = ZQ_NEW_ARRAY(arena, const char *, io->n + 1);
    size_t n = 0;

    for (size_t i = 0; i < io->n; i++) {
        const char *reason = family_reason(&io->items[i]);

        if (reason == NULL)
            reason = zq_plan_obstacle(&io->items[i], flavor, arena);
        if (reason == NULL) {
            kept[n++] = io->items[i];
            continue;
        }
        left[out->n_left] = &io->items[i];
        why[out->n_left++] = reason;
    }
    out->left = left;
    out->why_left = why;
    *io = (zq_changes){kept, n};
}

/* ---- cost ---- */

static const zq_table *without_keys(const zq_table *table, zq_arena *arena)
{
    zq_table *copy;

    if (table == NULL || table->n_foreign_keys == 0)
        return table;
    copy = ZQ_NEW(arena, zq_table);
    *copy = *table;
    copy->n_foreign_keys = 0;
    return copy;
}

/* Keys have statements of their own: what is before and after is the table with or without. */
static zq_rc find_cost(const zq_step *step, zq_flavor flavor, zq_arena *arena,
                       zq_draft_statement *out, zq_err *err)
{
    const zq_change *change = step->change;
    zq_cost_request request = {
        .before = without_keys(change->actual, arena),
        .after = without_keys(change->desired, arena),
        .name = zq_arena_printf(arena, out->family != NULL ? "every member of '%s'" : "'%s'",
                                change->table),
        .flavor = flavor,
        .checks_keys = true,
    };

    if (step->stage <= ZQ_STAGE_OLD_KEYS || change->op == ZQ_OP_CREATE_TABLE)
        return ZQ_OK;
    if (step->stage == ZQ_STAGE_NEW_KEYS) {
        request.before = request.after;
        request.after = change->desired;
    }
    return zq_cost_of(&request, arena, &out->cost, err);
}

/* ---- the statements ---- */

static zq_changes changes_of(const zq_changes *all, const zq_step *step)
{
    const zq_change *first = step->change;
    const zq_change *end = all->items + all->n, *at = first;

    while (at < end && at->actual == first->actual && at->desired == first->desired)
        at++;
    return (zq_changes){first, (size_t)(at - first)};
}

zq_rc zq_draft_plan(const zq_changes *changes, zq_plan_direction direction, zq_flavor flavor,
                    zq_arena *arena, zq_draft_body *out, zq_err *err)
{
    zq_changes *way = ZQ_NEW(arena, zq_changes);
    zq_draft_body body = {0};
    zq_steps steps;

    *way = *changes;
    if (direction == ZQ_PLAN_BACK)
        ZQ_TRY(zq_diff_reverse(changes, arena, way, err));
    leave_out(way, flavor, arena, &body);
    ZQ_TRY(zq_plan_changes(way, ZQ_PLAN_FORTH, flavor, arena, &steps, err));
    body.items = ZQ_NEW_ARRAY(arena, zq_draft_statement, steps.n + 1);
    for (size_t i = 0; i < steps.n; i++) {
        zq_draft_statement *s = &body.items[body.n++];
        const zq_change *change = steps.items[i].change;
        const zq_table *table = change->desired != NULL ? change->desired : change->actual;

        s->text = steps.items[i].text;
        s->stage = steps.items[i].stage;
        s->table = change->table;
        s->family = zq_table_is_family(table) ? change->table : NULL;
        s->changes = changes_of(way, &steps.items[i]);
        ZQ_TRY(find_cost(&steps.items[i], flavor, arena, s, err));
    }
    *out = body;
    return ZQ_OK;
}

/* `a`, and `b` behind it. */
static void *join(const void *a, size_t n_a, const void *b, size_t n_b, size_t size,
                  zq_arena *arena)
{
    char *all = zq_arena_alloc(arena, (n_a + n_b + 1) * size);

    if (n_a > 0)
        memcpy(all, a, n_a * size);
    if (n_b > 0)
        memcpy(all + n_a * size, b, n_b * size);
    return all;
}

void zq_draft_join(zq_draft_body *io, const zq_draft_body *more, zq_arena *arena)
{
    io->items = join(io->items, io->n, more->items, more->n, sizeof *io->items, arena);
    io->left = join(io->left, io->n_left, more->left, more->n_left, sizeof *io->left, arena);
    io->why_left =
        join(io->why_left, io->n_left, more->why_left, more->n_left, sizeof *io->why_left, arena);
    io->n += more->n;
    io->n_left += more->n_left;
}

/* ---- its text ---- */

static void write_cost(zq_buf *out, const zq_cost *cost)
{
    for (size_t i = 0; i < cost->n_losses; i++)
        zq_comment(out, "%s", cost->losses[i].what);
    if (cost->blocking == ZQ_BLOCKING_COPY)
        zq_comment(out, "copies the table, and blocks writes to it: %s", cost->why);
    else if (cost->blocking == ZQ_BLOCKING_WRITES)
        zq_comment(out, "blocks writes to the table: %s", cost->why);
}

static void write_members(zq_buf *out, const zq_draft_statement *s, zq_arena *arena)
{
    ZQ_AUTO_BUF(named);

    for (size_t i = 0; i < s->members->n && i < NAMED_MEMBERS; i++)
        zq_buf_printf(&named, "%s%s", i > 0 ? ", " : "", s->members->codes[i]);
    zq_comment(out, "%zu of the members of %s: %s%s", s->members->n, s->family, zq_buf_text(&named),
               s->members->n > NAMED_MEMBERS ? ", ..." : "");
    for (size_t i = 0; i < s->members->n; i++)
        zq_buf_printf(out, "%s;\n", zq_family_expand(arena, s->text, s->members->codes[i]));
}

static void write_note(zq_buf *out, const char *note)
{
    while (note != NULL && *note != '\0') {
        const size_t length = strcspn(note, "\n");

        zq_comment(out, "%.*s", (int)length, note);
        note += length + (note[length] == '\n');
    }
}

static void write_statement(zq_buf *out, const zq_draft_statement *s, zq_arena *arena)
{
    write_note(out, s->note);
    write_cost(out, &s->cost);
    if (s->members != NULL) {
        write_members(out, s, arena);
        return;
    }
    if (s->family != NULL)
        zq_comment(out, "zq:family %.*s", (int)(strlen(s->family) - strlen("_" ZQ_CODE)),
                   s->family);
    zq_buf_printf(out, "%s;\n", s->text);
    if (s->family != NULL)
        zq_comment(out, "zq:end");
}

void zq_draft_write(zq_buf *out, const zq_draft_body *body, zq_arena *arena)
{
    for (size_t i = 0; i < body->n; i++) {
        zq_buf_str(out, i > 0 ? "\n" : "");
        write_statement(out, &body->items[i], arena);
    }
    if (body->n > 0 && body->n_left > 0)
        zq_buf_char(out, '\n');
    for (size_t i = 0; i < body->n_left; i++)
        zq_comment(out, "left to you: %s: %s (%s)", body->left[i]->table,
                   zq_change_say(body->left[i], arena), body->why_left[i]);
}
