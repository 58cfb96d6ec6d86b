/* A plan for a terminal, and for a pull request. */
#include "app/show/plan_said.h"

#include "base/text.h"

#include <string.h>

/* ---- a terminal ---- */

typedef struct columns {
    size_t width[ZQ_PLAN_CELLS];
} columns;

static void widen(columns *c, const char *const *cells)
{
    for (size_t k = 0; k < ZQ_PLAN_CELLS; k++) {
        size_t length = strlen(cells[k]);

        c->width[k] = length > c->width[k] ? length : c->width[k];
    }
}

/* The table's name gives way first: all else must be read whole. */
static columns fit(const zq_said *said, size_t width)
{
    enum { NAME = 2, NAME_LEAST = 12 };
    columns c = {{0}};
    size_t all = 2;

    widen(&c, said->headings);
    for (size_t l = 0; l < said->n_legs; l++) {
        for (size_t i = 0; i < said->legs[l].n; i++)
            widen(&c, said->legs[l].items[i].cells);
    }
    for (size_t k = 0; k < ZQ_PLAN_CELLS; k++)
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

    for (size_t k = 0; k < ZQ_PLAN_CELLS; k++) {
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

static void write_leg(zq_buf *out, const zq_said_leg *leg, const columns *c, size_t width)
{
    zq_text_printf(out, "\n%s\n", leg->title);
    if (leg->ahead)
        zq_buf_str(out, "        in the database already: only recorded\n");
    for (size_t i = 0; i < leg->n; i++) {
        const zq_said_statement *s = &leg->items[i];

        write_cells(out, c, s->cells);
        for (size_t k = 0; k < s->notes.n; k++)
            write_wrapped(out, s->notes.items[k].text, 8, width);
    }
}

void zq_plan_view_text(zq_buf *out, const zq_plan *plan, size_t width)
{
    const zq_said said = zq_plan_said(plan);
    const columns c = fit(&said, width);

    zq_text_printf(out, "%s, %zu %s\n", said.title, said.n,
                   said.n == 1 ? "statement" : "statements");
    if (said.n > 0)
        write_cells(out, &c, said.headings);
    for (size_t i = 0; i < said.n_legs; i++)
        write_leg(out, &said.legs[i], &c, width);
    zq_buf_char(out, '\n');
    for (size_t i = 0; i < said.remarks.n; i++)
        write_wrapped(out, said.remarks.items[i].text, 0, width);
    if (*said.options != '\0')
        zq_text_printf(out, "it needs %s\n", said.options);
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

/* One that is longer than any in the text. */
static void write_fence(zq_buf *out, const char *text)
{
    size_t longest = 2;

    for (; *text != '\0'; text += *text != '\0') {
        const size_t n = strspn(text, "`");

        longest = n > longest ? n : longest;
        text += n;
    }
    for (size_t i = 0; i <= longest; i++)
        zq_buf_char(out, '`');
}

static void write_fenced(zq_buf *out, const char *text)
{
    write_fence(out, text);
    zq_buf_str(out, "sql\n");
    zq_text_show_lines(out, text, strlen(text));
    zq_buf_str(out, ";\n");
    write_fence(out, text);
    zq_buf_char(out, '\n');
}

static void write_line(zq_buf *out, const char *before, const char *text)
{
    zq_text_printf(out, "%s", before);
    write_plain(out, text);
    zq_buf_str(out, "\n\n");
}

static void write_row(zq_buf *out, const char *const *cells, const zq_plan_notes *notes)
{
    for (size_t k = 0; k < ZQ_PLAN_CELLS; k++) {
        zq_text_printf(out, "%s", k == 0 ? "| " : " | ");
        write_plain(out, cells[k]);
    }
    zq_buf_str(out, " | ");
    for (size_t k = 0; k < notes->n; k++) {
        if (k > 0)
            zq_buf_str(out, "<br>");
        write_plain(out, notes->items[k].text);
    }
    zq_buf_str(out, " |\n");
}

void zq_plan_view_markdown(zq_buf *out, const zq_plan *plan)
{
    const zq_said said = zq_plan_said(plan);

    write_line(out, "## ", said.title);
    for (size_t l = 0; l < said.n_legs; l++) {
        const zq_said_leg *leg = &said.legs[l];

        write_line(out, "### ", leg->title);
        write_row(out, said.headings, &(zq_plan_notes){0});
        zq_buf_str(out, "|---:|---|---|---:|---:|---|---|---|\n");
        for (size_t i = 0; i < leg->n; i++)
            write_row(out, leg->items[i].cells, &leg->items[i].notes);
        zq_buf_str(out, "\n<details><summary>SQL</summary>\n\n");
        for (size_t i = 0; i < leg->n; i++)
            write_fenced(out, leg->items[i].sql);
        zq_buf_str(out, "\n</details>\n\n");
    }
    for (size_t i = 0; i < said.remarks.n; i++)
        write_line(out, "", said.remarks.items[i].text);
    if (*said.options != '\0')
        zq_text_printf(out, "It needs `%s`.\n", said.options);
}
