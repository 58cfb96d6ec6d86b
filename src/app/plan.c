#include "app/plan.h"

#include "app/differences.h"
#include "app/json.h"
#include "app/page.h"
#include "app/words.h"
#include "base/text.h"
#include "rev/consent.h"
#include "rev/history.h"

#include <string.h>

/* ---- words ---- */

const char *zq_plan_place(const zq_plan *plan, size_t position)
{
    const zq_revision *revision = zq_chain_at(&plan->m->chain, position);

    if (revision == NULL || revision->release == NULL)
        return zq_chain_name(&plan->m->chain, position);
    return zq_arena_printf(plan->m->app->arena, "%s (zquant %s)", revision->id, revision->release);
}

const char *zq_plan_options(const zq_plan *plan)
{
    return zq_findings_options(&plan->costs->findings, plan->m->app->arena);
}

const char *zq_leg_title(const zq_chain *chain, const zq_leg *leg, zq_arena *arena)
{
    const zq_revision *r = leg->revision;

    if (r->squash_last != NULL)
        return zq_arena_printf(arena, "upgrade to %s by the squash %s: %s",
                               zq_chain_name(chain, leg->to), r->id, r->title);
    return zq_arena_printf(arena, "%s %s: %s", leg->direction == ZQ_UP ? "upgrade to" : "undo",
                           r->id, r->title);
}

long long zq_plan_last_ms(const zq_migration *m, const zq_leg *leg)
{
    const char *operation = leg->revision->squash_last != NULL ? ZQ_OPERATION_SQUASH
                            : leg->direction == ZQ_UP          ? "upgrade"
                                                               : "downgrade";
    const char *to = leg->to == 0 ? "" : zq_chain_name(&m->chain, leg->to);

    for (size_t i = m->record.n; i > 0; i--) {
        if (strcmp(m->record.applied[i - 1].operation, operation) == 0 &&
            strcmp(m->record.applied[i - 1].revision, to) == 0)
            return m->record.rows[i - 1].duration_ms;
    }
    return -1;
}

/* The cells of a statement. */
enum { CELLS = 7 };

static const char *const *headings_of(const zq_plan *plan)
{
    static const char *const planned[CELLS] = {"Line", "Statement", "Table", "Rows",
                                               "Size", "Algorithm", "Lock"};
    static const char *const rehearsed[CELLS] = {"Line",   "Statement", "Table",  "Took",
                                                 "On all", "Foretold",  "Granted"};

    return plan->rehearsed == NULL ? planned : rehearsed;
}

static const zq_rehearsed *seen_of(const zq_plan *plan, const zq_step_cost *cost)
{
    return plan->rehearsed == NULL ? NULL : &plan->rehearsed[cost - plan->costs->items];
}

static const char *granted_name(const zq_rehearsed *seen)
{
    static const char *const names[] = {
        [ZQ_ALGORITHM_INSTANT] = "INSTANT",
        [ZQ_ALGORITHM_INPLACE] = "INPLACE",
        [ZQ_ALGORITHM_ANY] = "copy or lock",
        [ZQ_N_ALGORITHMS] = "",
    };

    return seen->n == 0 ? "" : names[seen->way];
}

/* What is not an ALTER TABLE is run as it stands, and locks nobody out. */
static bool is_asked(const zq_step_cost *cost)
{
    return cost->method != ZQ_METHOD_NONE;
}

static bool is_worse(const zq_step_cost *cost, const zq_rehearsed *seen)
{
    if (seen->n == 0 || !is_asked(cost) || seen->way == ZQ_N_ALGORITHMS)
        return false;
    if (cost->method == ZQ_METHOD_INSTANT)
        return seen->way > ZQ_ALGORITHM_INSTANT;
    return cost->lock == ZQ_STEP_LOCK_NONE && seen->way > ZQ_ALGORITHM_INPLACE;
}

static const char *verb_of(const zq_rev_statement *s)
{
    return *s->is.verb != '\0' ? s->is.verb : "(other)";
}

static void fill_cells(const zq_plan *plan, const zq_step_cost *cost, const char *out[CELLS])
{
    zq_arena *arena = plan->m->app->arena;
    const zq_rehearsed *seen = seen_of(plan, cost);
    const zq_rev_statement *s = cost->statement;
    bool on_table = cost->size.known && !cost->done;

    out[0] = zq_arena_printf(arena, "%u", s->line);
    out[1] = verb_of(s);
    out[2] = cost->table != NULL  ? cost->table
             : s->is.n_tables > 0 ? s->is.tables[0]
             : s->is.name != NULL ? s->is.name
                                  : "";
    out[3] = on_table ? zq_rows_words(cost->size.rows, arena) : "";
    out[4] = on_table ? zq_bytes_words(cost->size.bytes, arena) : "";
    out[5] = zq_method_name(cost->method);
    out[6] = cost->method == ZQ_METHOD_NONE && cost->lock == ZQ_STEP_LOCK_NONE
                 ? ""
                 : zq_step_lock_name(cost->lock);
    if (seen == NULL)
        return;
    out[3] = seen->n == 0 ? "" : zq_duration_words((long long)(seen->us / 1000), arena);
    out[4] = seen->n == 0 ? "" : zq_duration_words(seen->whole_ms, arena);
    out[6] = is_asked(cost) ? granted_name(seen) : "";
}

static const char *form_note(const zq_form_cost *form, zq_arena *arena)
{
    const char *like = form->example == NULL ? " as the revision knows them"
                                             : zq_arena_printf(arena, " like %s", form->example);

    if (form->obstacle != NULL)
        return zq_arena_printf(arena, "%zu%s: left as they are: %s", form->n_members, like,
                               form->obstacle);
    if (form->method == ZQ_METHOD_NONE)
        return zq_arena_printf(arena, "%zu%s: done already", form->n_members, like);
    return zq_arena_printf(arena, "%zu%s: %s, lock %s", form->n_members, like,
                           zq_method_name(form->method), zq_step_lock_name(form->lock));
}

static const char *blocker_note(const zq_blocker *b, bool certain, zq_arena *arena)
{
    return zq_arena_printf(arena, "connection %s of '%s' %s a metadata lock%s%s, for %s s%s%s",
                           b->connection_id, b->account, certain ? "has" : "may have",
                           *b->table != '\0' ? " on " : "", b->table, b->seconds,
                           *b->statement != '\0' ? ": " : "", b->statement);
}

typedef struct notes {
    const char **items;
    size_t n;
} notes;

/* What there is to say of a statement beside its cells. */
static notes notes_of(const zq_plan *plan, const zq_step_cost *cost)
{
    zq_arena *arena = plan->m->app->arena;
    bool of_forms = cost->n_forms > 1 ||
                    (cost->n_forms == 1 &&
                     (cost->forms[0].obstacle != NULL || cost->forms[0].method == ZQ_METHOD_NONE));
    notes all = {.items = ZQ_NEW_ARRAY(arena, const char *,
                                       cost->n_findings + cost->n_forms + cost->blockers.n + 6)};
    const zq_rehearsed *seen = seen_of(plan, cost);

    if (seen != NULL && is_worse(cost, seen))
        all.items[all.n++] = "the server granted less than was foretold";
    if (seen != NULL && is_asked(cost) && seen->way == ZQ_ALGORITHM_ANY && seen->whole_ms >= 0)
        all.items[all.n++] = zq_arena_printf(arena, "would block writes for about %s",
                                             zq_duration_words(seen->whole_ms, arena));
    if (cost->done)
        all.items[all.n++] = "done by the run that was cut short";
    if (cost->size.known && strstr(cost->table, ZQ_CODE) != NULL)
        all.items[all.n++] = zq_arena_printf(arena, "on %llu tables", cost->size.n_tables);
    if (cost->obstacle != NULL)
        all.items[all.n++] = zq_arena_printf(arena, "cannot be run: the table %s", cost->obstacle);
    for (size_t i = 0; of_forms && i < cost->n_forms; i++)
        all.items[all.n++] = form_note(&cost->forms[i], arena);
    for (size_t i = 0; i < cost->n_findings; i++)
        all.items[all.n++] = zq_arena_printf(arena, "%s: needs %s", cost->findings[i].what,
                                             zq_finding_option(cost->findings[i].kind));
    for (size_t i = 0; cost->blockers.certain && i < cost->blockers.n; i++)
        all.items[all.n++] = blocker_note(&cost->blockers.items[i], true, arena);
    return all;
}

/* Who may be in the way of all, where the server does not say on which table. */
static notes waiting_notes(const zq_plan *plan)
{
    zq_arena *arena = plan->m->app->arena;
    const zq_step_cost *on_table = NULL;
    notes all = {0};

    for (size_t i = 0; on_table == NULL && i < plan->costs->n; i++) {
        if (plan->costs->items[i].size.known)
            on_table = &plan->costs->items[i];
    }
    if (on_table == NULL || on_table->blockers.certain || on_table->blockers.complete)
        return all;
    all.items = ZQ_NEW_ARRAY(arena, const char *, on_table->blockers.n + 1);
    all.items[all.n++] =
        zq_arena_printf(arena, "who has a metadata lock on which table cannot be known here: %s",
                        zq_db_server(plan->m->db)->flavor == ZQ_MARIADB
                            ? "that needs the plugin METADATA_LOCK_INFO and the privilege PROCESS"
                            : "that needs SELECT on performance_schema");
    for (size_t i = 0; i < on_table->blockers.n; i++)
        all.items[all.n++] = blocker_note(&on_table->blockers.items[i], false, arena);
    return all;
}

static const char *leg_title(const zq_plan *plan, const zq_leg *leg)
{
    zq_arena *arena = plan->m->app->arena;
    const char *last = zq_duration_words(zq_plan_last_ms(plan->m, leg), arena);

    return zq_arena_printf(arena, "%s%s%s%s", zq_leg_title(&plan->m->chain, leg, arena),
                           *last == '\0' ? "" : " (last time: ", last, *last == '\0' ? "" : ")");
}

static const char *title_of(const zq_plan *plan)
{
    return zq_arena_printf(plan->m->app->arena, "%s database '%s': %s to %s",
                           plan->rehearsed == NULL ? "plan for" : "rehearsal for",
                           plan->m->database, zq_plan_place(plan, plan->from),
                           zq_plan_place(plan, plan->to));
}

/* ---- JSON ---- */

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
                                              zq_json_text(zq_step_lock_name(form->lock)),
                                              "obstacle", zq_json_text(form->obstacle)));
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
    json_object_set_new(step, "granted", zq_json_text(is_asked(cost) ? granted_name(seen) : NULL));
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
        zq_json_text(zq_step_lock_name(cost->lock)), "why", zq_json_text(cost->why));

    json_object_set_new(step, "obstacle", zq_json_text(cost->obstacle));
    json_object_set_new(step, "losses", findings_json(cost, ZQ_FINDS_LOSS));
    json_object_set_new(step, "locking", findings_json(cost, ZQ_FINDS_LOCKING));
    json_object_set_new(step, "unknown", findings_json(cost, ZQ_FINDS_UNKNOWN));
    json_object_set_new(step, "forms", forms_json(cost));
    json_object_set_new(step, "blockers", blockers_json(cost));
    add_rehearsed(step, cost, seen_of(plan, cost));
    return step;
}

void *zq_plan_steps_json(const zq_plan *plan)
{
    json_t *list = json_array();

    for (size_t i = 0; i < plan->costs->n; i++)
        json_array_append_new(list, step_json(plan, &plan->costs->items[i]));
    return list;
}

/* ---- a terminal ---- */

typedef struct columns {
    size_t width[CELLS];
} columns;

/* The table's name gives way first: all else must be read whole. */
static columns fit(const zq_plan *plan, size_t width)
{
    enum { NAME = 2, NAME_LEAST = 12 };
    columns c = {{0}};
    size_t all = 2;

    for (size_t k = 0; k < CELLS; k++)
        c.width[k] = strlen(headings_of(plan)[k]);
    for (size_t i = 0; i < plan->costs->n; i++) {
        const char *cells[CELLS];

        fill_cells(plan, &plan->costs->items[i], cells);
        for (size_t k = 0; k < CELLS; k++) {
            size_t length = strlen(cells[k]);

            if (length > c.width[k])
                c.width[k] = length;
        }
    }
    for (size_t k = 0; k < CELLS; k++)
        all += c.width[k] + (k > 0 ? 2 : 0);
    if (all > width) {
        size_t more = all - width;

        c.width[NAME] = c.width[NAME] > more + NAME_LEAST ? c.width[NAME] - more : NAME_LEAST;
    }
    return c;
}

static void write_cells(zq_buf *out, const columns *c, const char *const *cells)
{
    ZQ_AUTO_BUF(line);
    size_t n;

    for (size_t k = 0; k < CELLS; k++) {
        bool right = k == 0 || k == 3 || k == 4;
        size_t length = strlen(cells[k]), width = c->width[k];
        ZQ_AUTO_BUF(cell);

        if (length > width)
            zq_text_printf(&cell, "%.*s...", (int)(width > 3 ? width - 3 : 0), cells[k]);
        else
            zq_text_printf(&cell, right ? "%*s" : "%-*s", (int)width, cells[k]);
        zq_text_printf(&line, "  %s", zq_buf_text(&cell));
    }
    for (n = line.length; n > 0 && zq_buf_text(&line)[n - 1] == ' ';)
        n--;
    zq_text_show(out, zq_buf_text(&line), n);
    zq_buf_char(out, '\n');
}

/* In lines of at most `width`, indented, broken at spaces. */
static void write_wrapped(zq_buf *out, const char *text, size_t indent, size_t width)
{
    size_t room = width - indent;

    while (*text != '\0') {
        size_t length = strlen(text), n = length;

        if (length > room) {
            n = room;
            while (n > 0 && text[n] != ' ')
                n--;
            if (n == 0)
                n = strcspn(text, " ");
        }
        zq_text_printf(out, "%*s%.*s\n", (int)indent, "", (int)n, text);
        text += n;
        text += strspn(text, " ");
    }
}

static void write_leg(zq_buf *out, const zq_plan *plan, const zq_leg *leg, const columns *c,
                      size_t width)
{
    zq_text_printf(out, "\n%s\n", leg_title(plan, leg));
    if (leg->ahead)
        zq_buf_str(out, "        in the database already: only recorded\n");
    for (size_t i = 0; i < plan->costs->n; i++) {
        const zq_step_cost *cost = &plan->costs->items[i];
        const char *cells[CELLS];
        notes more;

        if (cost->leg != leg)
            continue;
        fill_cells(plan, cost, cells);
        write_cells(out, c, cells);
        more = notes_of(plan, cost);
        for (size_t k = 0; k < more.n; k++)
            write_wrapped(out, more.items[k], 8, width);
    }
}

void zq_plan_text(zq_buf *out, const zq_plan *plan, size_t width)
{
    columns c = fit(plan, width);
    notes waiting = waiting_notes(plan);
    const char *options = zq_plan_options(plan);

    zq_text_printf(out, "%s, %zu %s\n", title_of(plan), plan->costs->n,
                   plan->costs->n == 1 ? "statement" : "statements");
    if (plan->costs->n > 0)
        write_cells(out, &c, headings_of(plan));
    for (size_t i = 0; i < plan->path->n; i++)
        write_leg(out, plan, &plan->path->legs[i], &c, width);
    zq_buf_char(out, '\n');
    for (size_t i = 0; i < plan->n_remarks; i++)
        write_wrapped(out, plan->remarks[i], 0, width);
    for (size_t i = 0; plan->rehearsed == NULL && i < waiting.n; i++)
        write_wrapped(out, waiting.items[i], 0, width);
    if (*options != '\0')
        zq_text_printf(out, "it needs%s\n", options);
}

/* ---- Markdown ---- */

/* What a table of Markdown, or HTML in it, would take for its own is spelled out. */
static void write_plain(zq_buf *out, const char *text)
{
    ZQ_AUTO_BUF(shown);

    zq_text_show(&shown, text, strlen(text));
    for (const char *c = zq_buf_text(&shown); *c != '\0'; c++) {
        if (strchr("|\\`*_[]<>&#~!", *c) != NULL)
            zq_buf_char(out, '\\');
        zq_buf_char(out, *c);
    }
}

static void write_markdown_row(zq_buf *out, const char *const *cells, const notes *more)
{
    for (size_t k = 0; k < CELLS; k++) {
        zq_text_printf(out, "%s", k == 0 ? "| " : " | ");
        write_plain(out, cells[k]);
    }
    zq_buf_str(out, " | ");
    for (size_t k = 0; more != NULL && k < more->n; k++) {
        if (k > 0)
            zq_buf_str(out, "<br>");
        write_plain(out, more->items[k]);
    }
    zq_buf_str(out, " |\n");
}

/* A fence longer than any in the text. */
static void write_fenced(zq_buf *out, const char *text)
{
    const char *fence = strstr(text, "```") == NULL ? "```" : "``````````";

    zq_text_printf(out, "%ssql\n", fence);
    zq_text_show_lines(out, text, strlen(text));
    zq_text_printf(out, ";\n%s\n", fence);
}

void zq_plan_markdown(zq_buf *out, const zq_plan *plan)
{
    notes waiting = waiting_notes(plan);
    const char *options = zq_plan_options(plan);

    zq_buf_str(out, "## ");
    write_plain(out, title_of(plan));
    zq_buf_str(out, "\n\n");
    for (size_t l = 0; l < plan->path->n; l++) {
        zq_buf_str(out, "### ");
        write_plain(out, leg_title(plan, &plan->path->legs[l]));
        zq_buf_str(out, "\n\n");
        write_markdown_row(out, headings_of(plan), NULL);
        zq_buf_str(out, "|---:|---|---|---:|---:|---|---|---|\n");
        for (size_t i = 0; i < plan->costs->n; i++) {
            const zq_step_cost *cost = &plan->costs->items[i];
            const char *cells[CELLS];
            notes more;

            if (cost->leg != &plan->path->legs[l])
                continue;
            fill_cells(plan, cost, cells);
            more = notes_of(plan, cost);
            write_markdown_row(out, cells, &more);
        }
        zq_buf_str(out, "\n<details><summary>SQL</summary>\n\n");
        for (size_t i = 0; i < plan->costs->n; i++) {
            if (plan->costs->items[i].leg == &plan->path->legs[l])
                write_fenced(out, plan->costs->items[i].statement->text);
        }
        zq_buf_str(out, "\n</details>\n\n");
    }
    for (size_t i = 0; i < plan->n_remarks; i++) {
        write_plain(out, plan->remarks[i]);
        zq_buf_str(out, "\n\n");
    }
    for (size_t i = 0; plan->rehearsed == NULL && i < waiting.n; i++) {
        write_plain(out, waiting.items[i]);
        zq_buf_str(out, "\n\n");
    }
    if (*options != '\0')
        zq_text_printf(out, "It needs `%s`.\n", options + 1);
}

/* ---- a page ---- */

static void add_steps(zq_buf *page, const zq_plan *plan, const zq_leg *leg)
{
    zq_page_heading(page, 2, NULL, leg_title(plan, leg));
    zq_page_table_begin(page, headings_of(plan), CELLS);
    for (size_t i = 0; i < plan->costs->n; i++) {
        const zq_step_cost *cost = &plan->costs->items[i];
        const char *cells[CELLS];
        notes more;

        if (cost->leg != leg)
            continue;
        fill_cells(plan, cost, cells);
        zq_page_row(page, headings_of(plan), cells, CELLS);
        more = notes_of(plan, cost);
        zq_text_printf(page, "<tr><td colspan=\"%d\">", CELLS);
        for (size_t k = 0; k < more.n; k++) {
            zq_buf_str(page, "<div class=\"bad\">");
            zq_page_text(page, more.items[k]);
            zq_buf_str(page, "</div>");
        }
        zq_buf_str(page, "<pre>");
        zq_page_text(page, cost->statement->text);
        zq_buf_str(page, "</pre></td></tr>\n");
    }
    zq_page_table_end(page);
}

/* ---- the tables concerned, as a drawing: boxes in rows of three, and a line for each foreign key
 */

enum { BOX_WIDTH = 300, BOX_HEIGHT = 64, GAP = 40, PER_ROW = 3 };

typedef struct drawing {
    zq_size boxes[256];
    size_t n;
} drawing;

static size_t box_of(const drawing *d, const char *name)
{
    size_t i = 0;

    while (i < d->n && strcmp(d->boxes[i].name, name) != 0)
        i++;
    return i;
}

static unsigned box_x(size_t i)
{
    return (unsigned)(i % PER_ROW * (BOX_WIDTH + GAP) + 10);
}

static unsigned box_y(size_t i)
{
    return (unsigned)(i / PER_ROW * (BOX_HEIGHT + GAP) + 10);
}

static void add_lines(zq_buf *page, const zq_plan *plan, const drawing *d)
{
    for (size_t i = 0; i < d->n; i++) {
        const zq_table *table = zq_schema_table(&plan->catalog->schema, d->boxes[i].name);

        for (size_t k = 0; table != NULL && k < table->n_foreign_keys; k++) {
            size_t other = box_of(d, table->foreign_keys[k].ref_table);

            if (other == d->n || other == i)
                continue;
            zq_text_printf(page,
                           "<line x1=\"%u\" y1=\"%u\" x2=\"%u\" y2=\"%u\" stroke=\"#888\" "
                           "marker-end=\"url(#arrow)\"/>\n",
                           box_x(i) + BOX_WIDTH / 2, box_y(i) + BOX_HEIGHT,
                           box_x(other) + BOX_WIDTH / 2, box_y(other) + BOX_HEIGHT);
        }
    }
}

static void add_box(zq_buf *page, const zq_plan *plan, const drawing *d, size_t i)
{
    zq_arena *arena = plan->m->app->arena;
    const zq_size *size = &d->boxes[i];
    unsigned x = box_x(i), y = box_y(i);

    zq_text_printf(page,
                   "<rect x=\"%u\" y=\"%u\" width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#f4f6fa\" "
                   "stroke=\"#456\"/>\n<text x=\"%u\" y=\"%u\" font-weight=\"bold\">",
                   x, y, BOX_WIDTH, BOX_HEIGHT, x + 10, y + 24);
    zq_page_text(page, size->name);
    zq_text_printf(page, "</text>\n<text x=\"%u\" y=\"%u\">", x + 10, y + 46);
    if (!size->known)
        zq_buf_str(page, "new");
    else if (strstr(size->name, ZQ_CODE) != NULL)
        zq_text_printf(page, "%llu tables, %s rows, %s", size->n_tables,
                       zq_rows_words(size->rows, arena), zq_bytes_words(size->bytes, arena));
    else
        zq_text_printf(page, "%s rows, %s", zq_rows_words(size->rows, arena),
                       zq_bytes_words(size->bytes, arena));
    zq_buf_str(page, "</text>\n");
}

static void add_drawing(zq_buf *page, const zq_plan *plan)
{
    drawing d = {.n = 0};

    for (size_t i = 0; i < plan->costs->n && d.n < ZQ_LEN(d.boxes); i++) {
        const zq_step_cost *cost = &plan->costs->items[i];

        if (cost->table == NULL || box_of(&d, cost->table) < d.n)
            continue;
        d.boxes[d.n] = cost->size;
        d.boxes[d.n++].name = cost->table;
    }
    if (d.n == 0)
        return;
    zq_page_heading(page, 2, NULL, "Tables");
    zq_text_printf(page,
                   "<svg viewBox=\"0 0 %d %u\" role=\"img\" aria-label=\"tables and their foreign "
                   "keys\">\n<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" "
                   "markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 "
                   "z\" fill=\"#888\"/></marker></defs>\n",
                   PER_ROW * (BOX_WIDTH + GAP), box_y(d.n + PER_ROW - 1) + 10);
    if (plan->catalog != NULL)
        add_lines(page, plan, &d);
    for (size_t i = 0; i < d.n; i++)
        add_box(page, plan, &d, i);
    zq_buf_str(page, "</svg>\n");
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

zq_rc zq_plan_html(const zq_plan *plan, const char *path, zq_err *err)
{
    notes waiting = waiting_notes(plan);
    const char *options = zq_plan_options(plan);
    ZQ_AUTO_BUF(page);

    zq_page_begin(&page, title_of(plan));
    zq_page_heading(&page, 1, NULL, title_of(plan));
    zq_buf_str(&page, "<table>\n");
    zq_page_number(&page, "Statements", plan->costs->n);
    zq_page_fact(&page, "Needs", *options == '\0' ? NULL : options + 1);
    for (size_t i = 0; i < plan->n_remarks; i++)
        zq_page_fact(&page, "Rehearsed", plan->remarks[i]);
    for (size_t i = 0; plan->rehearsed == NULL && i < waiting.n; i++)
        zq_page_fact(&page, "Locks", waiting.items[i]);
    zq_buf_str(&page, "</table>\n");
    for (size_t i = 0; i < plan->path->n; i++)
        add_steps(&page, plan, &plan->path->legs[i]);
    add_drawing(&page, plan);
    add_differences(&page, plan);
    return zq_page_write(&page, path, err);
}
