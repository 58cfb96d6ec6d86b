#include "app/show/print_diff.h"

#include "app/show/differences.h"
#include "app/show/json.h"

#include "base/text.h"
#include "model/family.h"

/* Two schemas, what differs, and the statements for it. */
typedef struct comparing {
    const zq_side *from;
    const zq_side *to;
    zq_between between;
    zq_draft_body body;
    zq_flavor flavor;
} comparing;

/* ---- JSON ---- */

static json_t *members_of(const zq_draft_statement *s, zq_arena *arena)
{
    json_t *list;

    if (s->members == NULL)
        return json_null();
    list = json_array();
    for (size_t i = 0; i < s->members->n; i++)
        json_array_append_new(
            list, json_string(zq_family_expand(arena, s->family, s->members->codes[i])));
    return list;
}

static json_t *losses_of(const zq_cost *cost)
{
    json_t *list = json_array();

    for (size_t i = 0; i < cost->n_losses; i++)
        json_array_append_new(list, json_string(cost->losses[i].what));
    return list;
}

static json_t *statements_of(const comparing *c, zq_arena *arena)
{
    json_t *list = json_array();

    for (size_t i = 0; i < c->body.n; i++) {
        const zq_draft_statement *s = &c->body.items[i];

        json_array_append_new(
            list, json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:o}", "sql", s->text, "table",
                            s->table, "family", zq_json_text(s->family), "members",
                            members_of(s, arena), "losses", losses_of(&s->cost), "blocking",
                            zq_blocking_name(s->cost.blocking), "why", zq_json_text(s->cost.why),
                            "changes", zq_differences_changes_json(&s->changes, arena)));
    }
    return list;
}

static json_t *left_of(const comparing *c, zq_arena *arena)
{
    json_t *list = json_array();

    for (size_t i = 0; i < c->body.n_left; i++) {
        const zq_change *change = c->body.left[i];

        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:s}", "table", change->table, "kind",
                                        zq_op_kind(change->op), "message",
                                        zq_change_say(change, arena), "why", c->body.why_left[i]));
    }
    return list;
}

static zq_rc print_json(const zq_app *app, const comparing *c, zq_err *err)
{
    return zq_out_json(json_pack("{s:s, s:s, s:s, s:I, s:o, s:o}", "from", c->from->label, "to",
                                 c->to->label, "flavor", zq_flavor_name(c->flavor), "differences",
                                 (json_int_t)c->between.n, "statements",
                                 statements_of(c, app->arena), "left", left_of(c, app->arena)),
                       err);
}

/* ---- text ---- */

static zq_rc print_text(const zq_app *app, const comparing *c, zq_err *err)
{
    ZQ_AUTO_BUF(out);

    if (c->between.n == 0)
        return ZQ_OK;
    zq_comment(&out, "from %s to %s, for %s", c->from->label, c->to->label,
               zq_flavor_name(c->flavor));
    zq_buf_char(&out, '\n');
    zq_draft_write(&out, &c->body, app->arena);
    return zq_out_exact(zq_buf_text(&out), err);
}

zq_rc zq_print_diff(zq_app *app, const zq_side *from, const zq_side *to, size_t *out_n, zq_err *err)
{
    comparing c = {.from = from, .to = to};

    c.flavor = zq_settings_flavor(app->settings);
    if (from->kind == ZQ_SIDE_LIVE || to->kind == ZQ_SIDE_LIVE)
        c.flavor = from->kind == ZQ_SIDE_LIVE ? from->flavor : to->flavor;
    ZQ_TRY(zq_sides_compare(from, to, app->arena, &c.between, err));
    ZQ_TRY(zq_sides_draft(&c.between, c.flavor, app->arena, &c.body, err));
    *out_n = c.between.n;
    return zq_settings_flag(app->settings, ZQ_SET_JSON) ? print_json(app, &c, err)
                                                        : print_text(app, &c, err);
}
