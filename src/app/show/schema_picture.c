/* Draws a schema for Mermaid (a flowchart, since its entity diagrams have no areas) and Graphviz. A
 * family is one box of another shape. Boxes are numbered, so that no name must be one of the
 * language's own; labels are quoted for it. */
#include "app/show/schema_write.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

typedef struct drawing {
    zq_buf *out;
    const zq_table *const *tables;
    zq_picture picture;
    bool columns;
} drawing;

static bool is_dot(const drawing *d)
{
    return d->picture == ZQ_PICTURE_DOT;
}

/* Part of a label. Mermaid reads HTML and entities with '#'; Graphviz, backslashes. */
static void label(const drawing *d, const char *text)
{
    ZQ_AUTO_BUF(shown);

    zq_text_show(&shown, text, strlen(text));
    for (const char *c = zq_buf_text(&shown); *c != '\0'; c++) {
        if (is_dot(d) && (*c == '"' || *c == '\\'))
            zq_buf_printf(d->out, "\\%c", *c);
        else if (!is_dot(d) && strchr("\"#<>&;`\\", *c) != NULL)
            zq_buf_printf(d->out, "#%d;", *c);
        else
            zq_buf_char(d->out, *c);
    }
}

size_t zq_area_of(const char *name)
{
    const char *first = strchr(name, '_');
    const char *second = first != NULL ? strchr(first + 1, '_') : NULL;

    return second != NULL  ? (size_t)(second - name)
           : first != NULL ? (size_t)(first - name)
                           : strlen(name);
}

bool zq_area_same(const char *a, const char *b)
{
    return zq_area_of(a) == zq_area_of(b) && strncmp(a, b, zq_area_of(a)) == 0;
}

static void write_label(const drawing *d, const zq_table *table)
{
    const char *line = is_dot(d) ? "\\n" : "<br/>";

    label(d, table->name);
    zq_buf_str(d->out, line);
    if (!d->columns) {
        zq_buf_printf(d->out, "%zu column%s", table->n_columns, table->n_columns == 1 ? "" : "s");
        return;
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        ZQ_AUTO_BUF(type);

        zq_type_write(&type, &table->columns[i].type);
        zq_buf_str(d->out, i > 0 ? line : "");
        label(d, table->columns[i].name);
        zq_buf_char(d->out, ' ');
        label(d, zq_buf_text(&type));
    }
}

static void write_box(const drawing *d, size_t at)
{
    const bool family = zq_table_is_family(d->tables[at]);

    zq_buf_printf(d->out, "    t%zu%s", at, is_dot(d) ? " [label=\"" : family ? "[[\"" : "[\"");
    write_label(d, d->tables[at]);
    if (is_dot(d))
        zq_buf_printf(d->out, "\"%s];\n", family ? ", shape=box3d" : "");
    else
        zq_buf_str(d->out, family ? "\"]]\n" : "\"]\n");
}

/* Tables are sorted, so those of an area stand together. */
static void write_areas(const drawing *d)
{
    for (size_t i = 0; d->tables[i] != NULL; i++) {
        const char *name = d->tables[i]->name;
        const zq_table *next = d->tables[i + 1];

        if (i == 0 || !zq_area_same(d->tables[i - 1]->name, name)) {
            char area[260];

            snprintf(area, sizeof area, "%.*s", (int)zq_area_of(name), name);
            zq_buf_printf(
                d->out, is_dot(d) ? "  subgraph cluster_%zu {\n    label=\"" : "  subgraph a%zu[\"",
                i);
            label(d, area);
            zq_buf_str(d->out, is_dot(d) ? "\";\n" : "\"]\n");
        }
        write_box(d, i);
        if (next == NULL || !zq_area_same(name, next->name))
            zq_buf_str(d->out, is_dot(d) ? "  }\n" : "  end\n");
    }
}

static void write_arrow(const drawing *d, size_t from, const zq_foreign_key *key)
{
    for (size_t to = 0; d->tables[to] != NULL; to++) {
        if (key->ref_schema != NULL || strcmp(d->tables[to]->name, key->ref_table) != 0)
            continue;
        zq_buf_printf(d->out, is_dot(d) ? "  t%zu -> t%zu [label=\"" : "  t%zu -->|\"", from, to);
        for (size_t i = 0; key->columns[i] != NULL; i++) {
            zq_buf_str(d->out, i > 0 ? ", " : "");
            label(d, key->columns[i]);
        }
        if (is_dot(d))
            zq_buf_str(d->out, "\"];\n");
        else
            zq_buf_printf(d->out, "\"| t%zu\n", to);
    }
}

void zq_schema_write_picture(zq_buf *out, const zq_schema *schema, zq_picture picture, bool columns,
                             zq_arena *arena)
{
    const drawing d = {out, zq_schema_write_order(schema, arena), picture, columns};

    zq_buf_str(out, is_dot(&d) ? "digraph schema {\n  rankdir=LR;\n  node [shape=box];\n"
                               : "flowchart LR\n");
    write_areas(&d);
    for (size_t i = 0; d.tables[i] != NULL; i++) {
        for (size_t k = 0; k < d.tables[i]->n_foreign_keys; k++)
            write_arrow(&d, i, &d.tables[i]->foreign_keys[k]);
    }
    zq_buf_str(out, is_dot(&d) ? "}\n" : "");
}
