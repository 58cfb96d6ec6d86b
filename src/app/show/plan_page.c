/* A plan as a page: what is to be known first, then the statements, a drawing of the tables that
 * they are on, and what differs. */
#include "app/show/plan_said.h"

#include "app/kept_schema.h"
#include "app/show/differences.h"
#include "app/show/page.h"
#include "app/show/schema_write.h"
#include "base/text.h"

#include <string.h>

static void add_statement(zq_buf *page, const zq_said *said, const zq_said_statement *s)
{
    zq_page_row(page, said->headings, s->cells, ZQ_PLAN_CELLS);
    zq_text_printf(page, "<tr><td colspan=\"%d\">", ZQ_PLAN_CELLS);
    for (size_t k = 0; k < s->notes.n; k++) {
        zq_text_printf(page, "<div%s>", s->notes.items[k].bad ? " class=\"bad\"" : "");
        zq_page_text(page, s->notes.items[k].text);
        zq_buf_str(page, "</div>");
    }
    zq_buf_str(page, "<pre>");
    zq_page_text(page, s->sql);
    zq_buf_str(page, "</pre></td></tr>\n");
}

static void add_leg(zq_buf *page, const zq_said *said, const zq_said_leg *leg)
{
    zq_page_heading(page, 2, NULL, leg->title);
    zq_page_line(page, leg->ahead ? "in the database already: only recorded" : NULL);
    zq_page_table_begin(page, said->headings, ZQ_PLAN_CELLS);
    for (size_t i = 0; i < leg->n; i++)
        add_statement(page, said, &leg->items[i]);
    zq_page_table_end(page);
}

/* Is it what a statement is on? */
static bool is_concerned(const zq_plan *plan, const zq_table *table)
{
    for (size_t i = 0; i < plan->costs.n; i++) {
        if (plan->costs.items[i].table != NULL &&
            strcmp(plan->costs.items[i].table, table->name) == 0)
            return true;
    }
    return false;
}

static void add_concerned(const zq_plan *plan, const zq_schema *from, zq_schema *io)
{
    for (size_t i = 0; from != NULL && i < from->n_tables; i++) {
        if (is_concerned(plan, from->tables[i]) &&
            zq_schema_table(io, from->tables[i]->name) == NULL)
            zq_schema_add(io, from->tables[i], plan->m->app->arena);
    }
}

/* As they will be, where that is known; those that go, as they are. */
static zq_rc add_drawing(zq_buf *page, const zq_plan *plan, zq_err *err)
{
    zq_arena *arena = plan->m->app->arena;
    const zq_schema *now = plan->catalog != NULL ? &plan->catalog->schema : NULL, *then;
    zq_schema concerned = {0};

    ZQ_TRY(zq_kept_schema_at(&plan->m->chain, plan->to, arena, &then, err));
    add_concerned(plan, then, &concerned);
    add_concerned(plan, now, &concerned);
    if (concerned.n_tables == 0)
        return ZQ_OK;
    zq_page_heading(page, 2, NULL, "Tables");
    zq_schema_write_svg(page, &concerned, false, arena);
    return ZQ_OK;
}

static void add_differences(zq_buf *page, const zq_plan *plan)
{
    ZQ_AUTO_BUF(text);

    if (plan->differences == NULL)
        return;
    zq_page_heading(page, 2, NULL, "What differs now from what it leads to");
    zq_differences_text(&text, plan->differences, false, plan->m->app->arena);
    zq_buf_str(page, "<pre>");
    zq_page_text(page, text.length == 0 ? "nothing" : zq_buf_text(&text));
    zq_buf_str(page, "</pre>\n");
}

zq_rc zq_plan_view_html(const zq_plan *plan, const char *path, zq_err *err)
{
    const zq_said said = zq_plan_said(plan);
    ZQ_AUTO_BUF(page);

    zq_page_begin(&page, said.title);
    zq_page_heading(&page, 1, NULL, said.title);
    zq_buf_str(&page, "<table>\n");
    zq_page_number(&page, "Statements", said.n);
    zq_page_fact(&page, "Needs", said.options);
    for (size_t i = 0; i < said.remarks.n; i++)
        zq_page_fact(&page, said.about, said.remarks.items[i].text);
    zq_buf_str(&page, "</table>\n");
    for (size_t i = 0; i < said.n_legs; i++)
        add_leg(&page, &said, &said.legs[i]);
    ZQ_TRY(add_drawing(&page, plan, err));
    add_differences(&page, plan);
    return zq_page_write(&page, path, err);
}
