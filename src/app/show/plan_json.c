#include "app/show/plan_said.h"

#include "app/show/json.h"

static json_t *findings_json(const zq_step_cost *cost, zq_finding_kind kind)
{
    json_t *list = json_array();

    for (size_t i = 0; i < cost->n_findings; i++) {
        if (cost->findings[i].kind == kind)
            json_array_append_new(list, zq_json_text(cost->findings[i].what));
    }
    return list;
}

static json_t *forms_json(const zq_step_cost *cost)
{
    json_t *list = json_array();

    for (size_t i = 0; i < cost->n_forms; i++) {
        const zq_form_cost *form = &cost->forms[i];

        json_array_append_new(list, json_pack("{s:I, s:o, s:o, s:o, s:o}", "members",
                                              (json_int_t)form->n_members, "example",
                                              zq_json_text(form->example), "algorithm",
                                              zq_json_text(zq_method_name(form->method)), "lock",
                                              zq_json_text(zq_forecast_lock_name(form->lock)),
                                              "obstacle", zq_json_text(form->obstacle)));
    }
    return list;
}

/* The rows that it stops at. */
static json_t *rows_json(const zq_step_cost *cost)
{
    json_t *list = json_array();

    for (size_t i = 0; i < cost->n_not_null; i++) {
        if (cost->not_null[i].rows != NULL)
            json_array_append_new(list, zq_json_text(cost->not_null[i].rows));
    }
    return list;
}

/* Null where the server does not show who holds locks. */
static json_t *blockers_json(const zq_step_cost *cost)
{
    json_t *list = json_array();

    for (size_t i = 0; i < cost->blockers.n; i++) {
        const zq_blocker *b = &cost->blockers.items[i];

        json_array_append_new(
            list,
            json_pack("{s:o, s:o, s:o, s:o, s:b}", "connection", zq_json_text(b->connection_id),
                      "account", zq_json_text(b->account), "seconds", zq_json_text(b->seconds),
                      "statement", zq_json_text(b->statement), "certain", cost->blockers.certain));
    }
    if (cost->blockers.n > 0 || cost->blockers.complete)
        return list;
    json_decref(list);
    return json_null();
}

static json_t *size_json(const zq_step_cost *cost, unsigned long long n)
{
    return cost->size.known ? json_integer((json_int_t)n) : json_null();
}

static void add_rehearsed(json_t *step, const zq_step_cost *cost, const zq_rehearsed *seen)
{
    if (seen == NULL)
        return;
    json_object_set_new(step, "ran", json_integer((json_int_t)seen->n));
    json_object_set_new(step, "granted", zq_json_text(zq_plan_said_granted(cost, seen)));
    json_object_set_new(step, "took_ms", json_real((double)seen->us / 1000));
    json_object_set_new(step, "estimate_ms",
                        seen->whole_ms < 0 ? json_null()
                                           : json_integer((json_int_t)seen->whole_ms));
}

static json_t *step_json(const zq_plan *plan, const zq_step_cost *cost)
{
    static const char *const blocks[] = {
        [ZQ_BLOCK_PLAIN] = NULL, [ZQ_BLOCK_FAMILY] = "family", [ZQ_BLOCK_BATCH] = "batch"};
    const zq_rev_statement *s = cost->statement;
    json_t *step = json_pack(
        "{s:s, s:s, s:I, s:s, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "revision",
        cost->leg->revision->id, "file", cost->leg->revision->file, "line", (json_int_t)s->line,
        "sql", s->text, "block", zq_json_text(blocks[s->block]), "table", zq_json_text(cost->table),
        "done", cost->done, "tables", size_json(cost, cost->size.n_tables), "rows",
        size_json(cost, cost->size.rows), "bytes", size_json(cost, cost->size.bytes), "algorithm",
        zq_json_text(zq_method_name(cost->method)), "lock",
        zq_json_text(zq_forecast_lock_name(cost->lock)), "why", zq_json_text(cost->why));

    json_object_set_new(step, "obstacle", zq_json_text(cost->obstacle));
    json_object_set_new(step, "losses", findings_json(cost, ZQ_FINDS_LOSS));
    json_object_set_new(step, "locking", findings_json(cost, ZQ_FINDS_LOCKING));
    json_object_set_new(step, "unknown", findings_json(cost, ZQ_FINDS_UNKNOWN));
    json_object_set_new(step, "forms", forms_json(cost));
    json_object_set_new(step, "rows_in_the_way", rows_json(cost));
    json_object_set_new(step, "blockers", blockers_json(cost));
    add_rehearsed(step, cost, zq_plan_said_seen(plan, cost));
    return step;
}

void *zq_plan_view_steps_json(const zq_plan *plan)
{
    json_t *list = json_array();

    for (size_t i = 0; i < plan->costs.n; i++)
        json_array_append_new(list, step_json(plan, &plan->costs.items[i]));
    return list;
}
