/* Draws a schema as SVG, for pages that have neither Mermaid nor Graphviz. An area is a column of
 * boxes; one that fits below the area before it stands there. Keys are curves between the columns,
 * under the boxes, or to the right of the one column that has both. Nothing is measured, since a
 * monospaced font has one width: the same schema gives the same bytes everywhere. Edges that cross
 * as little as possible were not tried: with one table in the middle of most keys it gains little.
 */
#include "app/show/page.h"
#include "app/show/schema_write.h"

#include <string.h>

enum {
    LETTER = 7,  /* width of one, in pixels */
    LINE = 16,   /* height of one */
    PAD = 10,    /* within a box */
    GAP = 14,    /* between boxes */
    LANE = 130,  /* between columns */
    TITLE = 34,  /* over the boxes of an area */
    MARGIN = 20, /* around all of it */
};

typedef struct box {
    const zq_table *table;
    int x, y, width, height;
    bool first; /* of its area */
} box;

typedef struct drawing {
    zq_buf *out;
    box *boxes;
    size_t n;
    bool columns;
    zq_arena *arena;
} drawing;

static int widest(int a, int b)
{
    return a > b ? a : b;
}

static const char *line_of(const drawing *d, const zq_column *column)
{
    ZQ_AUTO_BUF(type);

    zq_type_write(&type, &column->type);
    return zq_arena_printf(d->arena, "%s %s", column->name, zq_buf_text(&type));
}

static void measure(const drawing *d, box *b)
{
    int letters = (int)strlen(b->table->name);

    for (size_t i = 0; d->columns && i < b->table->n_columns; i++)
        letters = widest(letters, (int)strlen(line_of(d, &b->table->columns[i])));
    b->width = 2 * PAD + LETTER * letters;
    b->height = 2 * PAD + LINE * (d->columns ? 1 + (int)b->table->n_columns : 2);
}

/* The boxes of the area that begins at `first`: how many, and how high they are together. */
static size_t measure_area(const drawing *d, size_t first, int *out_height)
{
    size_t n = 0;

    *out_height = TITLE;
    while (first + n < d->n && (n == 0 || !d->boxes[first + n].first))
        *out_height += d->boxes[first + n++].height + GAP;
    return n;
}

/* Place all of them; false: there is none. */
static void place(const drawing *d, int *out_width, int *out_height)
{
    int tallest = 0, height, x = MARGIN, y = MARGIN, width = 0;

    for (size_t i = 0; i < d->n; i += measure_area(d, i, &height)) {
        (void)measure_area(d, i, &height);
        tallest = widest(tallest, height);
    }
    for (size_t i = 0, n; i < d->n; i += n) {
        n = measure_area(d, i, &height);
        if (y > MARGIN && y - MARGIN + height > tallest) {
            x += width + LANE;
            y = MARGIN;
            width = 0;
        }
        y += TITLE;
        for (size_t k = i; k < i + n; k++) {
            d->boxes[k].x = x;
            d->boxes[k].y = y;
            y += d->boxes[k].height + GAP;
            width = widest(width, d->boxes[k].width);
        }
    }
    for (size_t i = 0; i < d->n; i++) {
        for (size_t k = 0; k < d->n; k++) {
            if (d->boxes[k].x == d->boxes[i].x)
                d->boxes[i].width = widest(d->boxes[i].width, d->boxes[k].width);
        }
    }
    *out_width = x + width + LANE;
    *out_height = tallest + 2 * MARGIN;
}

static void text(const drawing *d, int x, int y, const char *class, const char *words)
{
    zq_buf_printf(d->out, "<text x=\"%d\" y=\"%d\" class=\"", x, y);
    zq_page_text(d->out, class);
    zq_buf_str(d->out, "\">");
    zq_page_text(d->out, words);
    zq_buf_str(d->out, "</text>\n");
}

static void draw_box(const drawing *d, const box *b)
{
    const bool family = zq_table_is_family(b->table);
    int y = b->y + PAD + LINE - 4;

    if (b->first)
        text(d, b->x, b->y - GAP / 2, "area",
             zq_arena_strndup(d->arena, b->table->name, zq_area_of(b->table->name)));
    /* Of a family there are many: another sheet is seen behind the first. */
    for (int sheet = family; sheet >= 0; sheet--)
        zq_buf_printf(d->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
                      b->x + 4 * sheet, b->y - 4 * sheet, b->width, b->height);
    text(d, b->x + PAD, y, "name", b->table->name);
    if (!d->columns)
        text(d, b->x + PAD, y + LINE, "more",
             zq_arena_printf(d->arena, "%zu column%s", b->table->n_columns,
                             b->table->n_columns == 1 ? "" : "s"));
    for (size_t i = 0; d->columns && i < b->table->n_columns; i++)
        text(d, b->x + PAD, y += LINE, "more", line_of(d, &b->table->columns[i]));
}

static const char *columns_of(const drawing *d, const zq_foreign_key *key)
{
    const char *all = key->columns[0];

    for (size_t i = 1; key->columns[i] != NULL; i++)
        all = zq_arena_printf(d->arena, "%s, %s", all, key->columns[i]);
    return all;
}

/* The key that is the `nth` of its table. */
static void draw_key(const drawing *d, const box *from, const box *to, size_t nth,
                     const zq_foreign_key *key)
{
    const bool to_the_left = to->x < from->x, same = to->x == from->x;
    const int x1 = to_the_left ? from->x : from->x + from->width;
    const int y1 = from->y + PAD + LINE / 2 + (int)nth * LINE;
    const int x2 = to->x + (to_the_left || same ? to->width : 0);
    const int y2 = to->y + PAD + LINE / 2;
    const int bend = same ? LANE * 3 / 4 : LANE / 2;

    zq_buf_printf(d->out, "<path d=\"M%d %d C%d %d %d %d %d %d\"/>\n", x1, y1,
                  to_the_left ? x1 - bend : x1 + bend, y1,
                  to_the_left || same ? x2 + bend : x2 - bend, y2, x2, y2);
    text(d, to_the_left ? x1 - 4 : x1 + 4, y1 - 4, to_the_left ? "key end" : "key",
         columns_of(d, key));
}

static void draw_keys(const drawing *d)
{
    for (size_t i = 0; i < d->n; i++) {
        const zq_table *table = d->boxes[i].table;

        for (size_t k = 0; k < table->n_foreign_keys; k++) {
            const zq_foreign_key *key = &table->foreign_keys[k];

            for (size_t to = 0; key->ref_schema == NULL && to < d->n; to++) {
                if (strcmp(d->boxes[to].table->name, key->ref_table) == 0)
                    draw_key(d, &d->boxes[i], &d->boxes[to], k, key);
            }
        }
    }
}

static const char style[] =
    "<style>text { font: 11.6px monospace; fill: #222 } .area { font-weight: bold; fill: #356 } "
    ".name { font-weight: bold } .more { fill: #666 } .key { font-size: 10px; fill: #357 } "
    ".end { text-anchor: end } rect { fill: #f6f8fa; stroke: #8a97a5 } "
    "path { fill: none; stroke: #7a9cc6; marker-end: url(#to) } .paper { fill: #fff; stroke: none }"
    "</style>\n"
    "<defs><marker id=\"to\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" "
    "markerHeight=\"7\" orient=\"auto\"><polygon points=\"0,0 8,4 0,8\" fill=\"#7a9cc6\"/></marker>"
    "</defs>\n";

void zq_schema_write_svg(zq_buf *out, const zq_schema *schema, bool columns, zq_arena *arena)
{
    const zq_table *const *tables = zq_schema_write_order(schema, arena);
    drawing d = {.out = out, .columns = columns, .arena = arena};
    int width = 0, height = 0;

    while (tables[d.n] != NULL)
        d.n++;
    d.boxes = ZQ_NEW_ARRAY(arena, box, d.n + 1);
    for (size_t i = 0; i < d.n; i++) {
        d.boxes[i].table = tables[i];
        d.boxes[i].first = i == 0 || !zq_area_same(tables[i - 1]->name, tables[i]->name);
        measure(&d, &d.boxes[i]);
    }
    place(&d, &width, &height);
    zq_buf_printf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                  "viewBox=\"0 0 %d %d\">\n",
                  width, height, width, height);
    zq_buf_str(out, style);
    zq_buf_printf(out, "<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n", width, height);
    draw_keys(&d);
    for (size_t i = 0; i < d.n; i++)
        draw_box(&d, &d.boxes[i]);
    zq_buf_str(out, "</svg>\n");
}
