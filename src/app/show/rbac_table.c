#include "app/show/rbac_table.h"

#include "base/text.h"

#include <string.h>

/* Blocks of characters that take two columns (Unicode TR 11, "W" and "F"), roughly. */
static const struct {
    unsigned long first, last;
} wide[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};

/* Decode one character of valid UTF-8 and step over it. */
static unsigned long next_character(const char **at)
{
    const unsigned char *c = (const unsigned char *)*at;
    unsigned more = c[0] < 0x80 ? 0 : c[0] < 0xE0 ? 1 : c[0] < 0xF0 ? 2 : 3;
    unsigned long value = more == 0 ? c[0] : c[0] & (0x3FU >> more);

    for (unsigned i = 1; i <= more && c[i] != '\0'; i++)
        value = value << 6 | (c[i] & 0x3FU);
    *at += strnlen(*at, more + 1);
    return value;
}

/* Columns of a terminal that a text takes. */
static size_t width_of(const char *name)
{
    ZQ_AUTO_BUF(shown);
    const char *text;
    size_t width = 0;

    zq_text_show(&shown, name, strlen(name));
    text = zq_buf_text(&shown);
    while (*text != '\0') {
        unsigned long c = next_character(&text);
        size_t columns = 1;

        for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
            if (c >= wide[i].first && c <= wide[i].last)
                columns = 2;
        }
        width += columns;
    }
    return width;
}

bool zq_matrix_has_folder(const zq_rbac_merged *merged)
{
    for (size_t i = 0; i < merged->n; i++) {
        if (merged->decisions[i].where & ZQ_IN_FOLDER)
            return true;
    }
    return false;
}

/* What would be done, in one character. */
static const char signs[] = {
    [ZQ_VERDICT_NOTHING] = ' ',      [ZQ_VERDICT_ADD] = '+',          [ZQ_VERDICT_UPDATE] = '~',
    [ZQ_VERDICT_REMOVE] = '-',       [ZQ_VERDICT_FORGET] = ' ',       [ZQ_VERDICT_KEEP_ADDED] = '=',
    [ZQ_VERDICT_KEEP_REMOVED] = '=', [ZQ_VERDICT_KEEP_CHANGED] = '=', [ZQ_VERDICT_KEEP_USED] = '=',
    [ZQ_VERDICT_WAIT] = '!',         [ZQ_VERDICT_LEAVE] = ' ',
};

/* A mark has this many characters with its sign. */
static size_t mark_width(const zq_rbac_merged *merged)
{
    return zq_matrix_has_folder(merged) ? 5 : 4;
}

static void write_mark(zq_buf *out, const zq_rbac_decision *d, size_t width)
{
    unsigned where = d != NULL ? d->where : 0;

    zq_buf_char(out, where & ZQ_IN_SEEDS ? 'S' : '.');
    zq_buf_char(out, where & ZQ_IN_LAST ? 'L' : '.');
    if (width > 4)
        zq_buf_char(out, where & ZQ_IN_FOLDER ? 'F' : '.');
    zq_buf_char(out, where & ZQ_IN_DATABASE ? 'D' : '.');
    zq_buf_char(out, d != NULL ? signs[d->verdict] : ' ');
}

static void pad(zq_buf *out, size_t used, size_t width)
{
    for (; used < width; used++)
        zq_buf_char(out, ' ');
}

static size_t column_width(const char *name, size_t mark)
{
    size_t width = width_of(name);

    return (width > mark ? width : mark) + 2;
}

static void write_cell(zq_buf *out, const zq_rbac_decision *d, const char *role, size_t mark)
{
    write_mark(out, d, mark);
    pad(out, mark, column_width(role, mark));
}

/* Lines end where their text ends. */
static void end_line(zq_buf *out)
{
    while (out->length > 0 && out->text[out->length - 1] == ' ')
        out->text[--out->length] = '\0';
    zq_buf_char(out, '\n');
}

static size_t first_column(const zq_rbac_merged *merged)
{
    size_t width = strlen("permission");

    for (size_t p = 0; p < merged->n_permissions; p++) {
        size_t own = width_of(merged->decisions[merged->n_roles + p].permission);

        width = own > width ? own : width;
    }
    return width + 2;
}

/* The grants as a grid, a row for each permission; NULL where there is none anywhere. */
static const zq_rbac_decision **grid_of(const zq_rbac_merged *merged, zq_arena *arena)
{
    const zq_rbac_decision **grid =
        ZQ_NEW_ARRAY(arena, const zq_rbac_decision *, merged->n_roles * merged->n_permissions);

    for (size_t i = merged->n_roles + merged->n_permissions; i < merged->n; i++) {
        const zq_rbac_decision *d = &merged->decisions[i];

        grid[d->permission_index * merged->n_roles + d->role_index] = d;
    }
    return grid;
}

static void write_head(zq_buf *out, const zq_rbac_merged *merged, size_t width)
{
    const zq_rbac_decision *roles = merged->decisions;
    size_t mark = mark_width(merged);

    zq_buf_str(out, "permission");
    pad(out, strlen("permission"), width + mark + 2);
    for (size_t r = 0; r < merged->n_roles; r++) {
        zq_text_printf(out, "%s", roles[r].role);
        pad(out, width_of(roles[r].role), column_width(roles[r].role, mark));
    }
    end_line(out);
    pad(out, 0, width + mark + 2);
    for (size_t r = 0; r < merged->n_roles; r++)
        write_cell(out, &roles[r], roles[r].role, mark);
    end_line(out);
}

void zq_matrix_write(zq_buf *out, const zq_rbac_merged *merged)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_rbac_decision **grid = grid_of(merged, arena);
    size_t width = first_column(merged);
    size_t mark = mark_width(merged);

    write_head(out, merged, width);
    for (size_t p = 0; p < merged->n_permissions; p++) {
        const zq_rbac_decision *permission = &merged->decisions[merged->n_roles + p];

        zq_text_printf(out, "%s", permission->permission);
        pad(out, width_of(permission->permission), width);
        write_mark(out, permission, mark);
        zq_buf_str(out, "  ");
        for (size_t r = 0; r < merged->n_roles; r++)
            write_cell(out, grid[p * merged->n_roles + r], merged->decisions[r].role, mark);
        end_line(out);
    }
}
