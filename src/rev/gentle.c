/* Makes of a draft one that can be run on a table full of rows.
 *
 * ADD COLUMN with NOT NULL and no default fills old rows with a zero of the type, which is not a
 * date and refused in strict mode, and what was meant stands nowhere. So the column comes with a
 * default that is written down, and marked where people must choose it; the next statement takes
 * the default away. Both are instant. Text, JSON and the like have no default on every server: they
 * are NULL first, and filled. */
#include "rev/gentle.h"

#include "diff/clause.h"
#include "sql/ddl_write.h"
#include "sql/sql.h"

#include <string.h>

#define UNREVIEWED "zq:unreviewed "

/* ---- values for rows that are there ---- */

/* A default for a column of this type; false: it can have none. */
static bool default_of(const zq_type *type, zq_arena *arena, zq_default *out)
{
    const char *text = "";

    *out = (zq_default){ZQ_DEFAULT_LITERAL, ""};
    switch (type->kind) {
    case ZQ_TYPE_CHAR:
    case ZQ_TYPE_VARCHAR:
    case ZQ_TYPE_VARBINARY:
    case ZQ_TYPE_SET:
        break;
    case ZQ_TYPE_ENUM:
        text = type->values[0];
        break;
    case ZQ_TYPE_DATE:
        text = "1970-01-01";
        break;
    case ZQ_TYPE_TIME:
        text = type->length == 0 ? "00:00:00"
                                 : zq_arena_printf(arena, "00:00:00.%0*d", (int)type->length, 0);
        break;
    case ZQ_TYPE_YEAR:
        text = "1970";
        break;
    case ZQ_TYPE_DATETIME:
    case ZQ_TYPE_TIMESTAMP:
        out->kind = ZQ_DEFAULT_EXPR;
        text = type->length == 0 ? "CURRENT_TIMESTAMP"
                                 : zq_arena_printf(arena, "CURRENT_TIMESTAMP(%u)", type->length);
        break;
    case ZQ_TYPE_DECIMAL:
        text = type->scale == 0 ? "0" : zq_arena_printf(arena, "0.%0*d", (int)type->scale, 0);
        break;
    default:
        if (!zq_type_is_number(type))
            return false;
        text = "0";
    }
    out->text = text;
    return true;
}

/* A value for rows whose column can have no default; NULL: nobody knows one. */
static const char *value_of(const zq_type *type)
{
    if (type->kind == ZQ_TYPE_JSON)
        return "'{}'";
    if (type->kind == ZQ_TYPE_BIT)
        return "0";
    return type->kind == ZQ_TYPE_BINARY || zq_type_is_long(type) ? "''" : NULL;
}

const char *zq_gentle_value(const zq_type *type, zq_arena *arena)
{
    ZQ_AUTO_SQL(sql);
    zq_default def;
    const char *text;

    if (!default_of(type, arena, &def))
        return value_of(type);
    if (def.kind == ZQ_DEFAULT_EXPR)
        return def.text;
    zq_sql_str(&sql, def.text);
    return zq_sql_keep(&sql, arena, &text, NULL) == ZQ_OK ? text : NULL;
}

/* ---- the changes, softened ---- */

bool zq_gentle_is_hard(const zq_change *change)
{
    const zq_column *to = change->to;

    return change->op == ZQ_OP_ADD_COLUMN && (to->flags & ZQ_NOT_NULL) != 0 &&
           (to->flags & ZQ_AUTO_INCREMENT) == 0 && to->def.kind == ZQ_DEFAULT_NONE &&
           !zq_column_is_generated(to);
}

/* The column as it comes at first; NULL: as it is. */
static const zq_column *soft(const zq_column *column, zq_arena *arena)
{
    zq_column *copy = ZQ_NEW(arena, zq_column);

    *copy = *column;
    if (default_of(&column->type, arena, &copy->def))
        return copy;
    copy->def = (zq_default){0};
    copy->flags &= ~(unsigned)ZQ_NOT_NULL;
    return value_of(&column->type) != NULL ? copy : NULL;
}

static zq_changes soften(const zq_changes *way, zq_arena *arena)
{
    zq_change *items = ZQ_NEW_ARRAY(arena, zq_change, way->n + 1);

    for (size_t i = 0; i < way->n; i++) {
        const zq_column *column =
            zq_gentle_is_hard(&way->items[i]) ? soft(way->items[i].to, arena) : NULL;

        items[i] = way->items[i];
        if (column != NULL)
            items[i].to = column;
    }
    return (zq_changes){items, way->n};
}

/* ---- statements ---- */

typedef struct writing {
    const zq_changes *way;      /* as it was */
    const zq_changes *softened; /* the same, in the same order */
    const zq_gentle *with;
    zq_flavor flavor;
    zq_arena *arena;
    zq_draft_statement *items;
    size_t n;
    zq_err *err;
} writing;

static void add(writing *w, zq_draft_statement statement)
{
    *ZQ_APPEND(w->arena, w->items, w->n) = statement;
}

static zq_rc add_sql(writing *w, zq_sql *sql, const zq_draft_statement *after, const char *note)
{
    zq_draft_statement s = {
        .table = after->table, .family = after->family, .stage = after->stage, .note = note};

    ZQ_TRY(zq_sql_keep(sql, w->arena, &s.text, w->err));
    add(w, s);
    return ZQ_OK;
}

/* The column as it was asked for, of one that came softened; NULL for any other change. */
static const zq_column *wanted(const writing *w, const zq_change *change)
{
    for (size_t i = 0; i < w->way->n; i++) {
        if (change->op == ZQ_OP_ADD_COLUMN && w->softened->items[i].to == change->to &&
            w->way->items[i].to != change->to)
            return w->way->items[i].to;
    }
    return NULL;
}

static zq_rc fill(writing *w, const zq_draft_statement *s, const zq_column *column)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_add(&sql, "UPDATE `%s` SET `%s` = %-s WHERE `%s` IS NULL", s->table, column->name,
               value_of(&column->type), column->name);
    return add_sql(w, &sql, s, NULL);
}

/* MySQL keeps the mark of an expression when its default is dropped: the definition is said anew.
 */
static void write_settled(zq_clauses *clauses, const zq_column *column, const zq_column *came)
{
    zq_clauses_begin(clauses);
    if (came->def.kind == ZQ_DEFAULT_LITERAL) {
        zq_sql_add(clauses->sql, "ALTER COLUMN `%s` DROP DEFAULT", column->name);
        return;
    }
    zq_sql_lit(clauses->sql, "MODIFY COLUMN ");
    zq_ddl_column(clauses->sql, column, clauses->flavor);
}

/* Take away what came with the columns only for the rows that were there. */
static zq_rc settle_columns(writing *w, const zq_draft_statement *s)
{
    ZQ_AUTO_SQL(sql);
    zq_clauses clauses = {.sql = &sql, .table = s->table, .flavor = w->flavor, .in_lines = true};

    for (size_t i = 0; i < s->changes.n; i++) {
        const zq_change *change = &s->changes.items[i];
        const zq_column *column = wanted(w, change), *came = change->to;

        if (column == NULL)
            continue;
        if (came->def.kind == ZQ_DEFAULT_NONE)
            ZQ_TRY(fill(w, s, column));
        write_settled(&clauses, column, came);
    }
    return clauses.n > 0 ? add_sql(w, &sql, s, "the default was for the rows that were there")
                         : ZQ_OK;
}

/* ---- what is said over a statement ---- */

static const char *join(const char *a, const char *b, zq_arena *arena)
{
    return a == NULL ? b : b == NULL ? a : zq_arena_printf(arena, "%s\n%s", a, b);
}

static const char *say_values(const writing *w, const zq_draft_statement *s)
{
    const char *names = NULL;

    for (size_t i = 0; i < s->changes.n; i++) {
        if (wanted(w, &s->changes.items[i]) != NULL)
            names = zq_arena_printf(w->arena, "%s%s'%s'", names != NULL ? names : "",
                                    names != NULL ? ", " : "", s->changes.items[i].object);
    }
    if (names == NULL || zq_names_have(w->with->empty, w->with->n_empty, s->table))
        return NULL;
    return zq_arena_printf(w->arena, "%swhat do the rows that are there get as %s? choose it here",
                           w->with->asks ? UNREVIEWED : "", names);
}

static bool is_guess(const writing *w, const zq_change *change)
{
    for (size_t i = 0; i < w->with->guesses.n; i++) {
        const zq_rename_pair *g = &w->with->guesses.items[i];
        const char *name = g->table == NULL ? change->table : change->object;

        if ((change->op == ZQ_OP_RENAME_TABLE) == (g->table == NULL) && !g->index &&
            (g->table == NULL || strcmp(g->table, change->table) == 0) &&
            strcmp(g->new_name, name) == 0 && strcmp(g->old_name, change->was) == 0)
            return true;
    }
    return false;
}

static const char *say_guesses(const writing *w, const zq_draft_statement *s)
{
    const char *said = NULL;

    for (size_t i = 0; i < s->changes.n; i++) {
        const zq_change *change = &s->changes.items[i];
        const bool table = change->op == ZQ_OP_RENAME_TABLE;

        if ((table ? s->stage == ZQ_STAGE_NAMES
                   : change->op == ZQ_OP_RENAME_COLUMN && s->stage == ZQ_STAGE_TABLES) &&
            is_guess(w, change))
            said = join(said,
                        zq_arena_printf(w->arena,
                                        UNREVIEWED "is %s '%s' what '%s' was? if not, its values "
                                                   "go, and an empty one comes",
                                        table ? "table" : "column",
                                        table ? change->table : change->object, change->was),
                        w->arena);
    }
    return said;
}

static void put_settlings(writing *w, const zq_draft_statement *s, const char **io_note)
{
    for (size_t i = 0; i < w->with->n_settlings; i++) {
        const zq_settling *settling = &w->with->settlings[i];
        const char *note = settling->note;

        if (strcmp(settling->table, s->table) != 0)
            continue;
        if (settling->asks && w->with->asks)
            note = zq_arena_printf(w->arena, UNREVIEWED "%s", note);
        if (settling->text == NULL)
            *io_note = join(*io_note, note, w->arena);
        else
            add(w, (zq_draft_statement){.text = settling->text,
                                        .table = s->table,
                                        .family = settling->family,
                                        .stage = s->stage,
                                        .note = note});
    }
}

/* The statement of a table that settlings come before: the first that is not only a new name. */
static bool is_first(const zq_draft_body *body, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (strcmp(body->items[k].table, body->items[i].table) == 0 &&
            body->items[k].stage != ZQ_STAGE_NAMES)
            return false;
    }
    return body->items[i].stage != ZQ_STAGE_NAMES;
}

static zq_rc write_one(writing *w, const zq_draft_body *body, size_t i)
{
    zq_draft_statement s = body->items[i];
    const char *note = say_guesses(w, &s);

    if (s.stage == ZQ_STAGE_TABLES)
        note = join(note, say_values(w, &s), w->arena);
    if (is_first(body, i))
        put_settlings(w, &s, &note);
    s.note = join(note, s.note, w->arena);
    add(w, s);
    return s.stage == ZQ_STAGE_TABLES ? settle_columns(w, &s) : ZQ_OK;
}

zq_rc zq_gentle_draft(const zq_changes *way, zq_flavor flavor, const zq_gentle *with,
                      zq_arena *arena, zq_draft_body *out, zq_err *err)
{
    const zq_changes softened = soften(way, arena);
    zq_draft_body body;
    writing w = {.way = way,
                 .softened = &softened,
                 .with = with,
                 .flavor = flavor,
                 .arena = arena,
                 .err = err};

    ZQ_TRY(zq_draft_plan(&softened, ZQ_PLAN_FORTH, flavor, arena, &body, err));
    for (size_t i = 0; i < body.n; i++)
        ZQ_TRY(write_one(&w, &body, i));
    body.items = w.items;
    body.n = w.n;
    *out = body;
    return ZQ_OK;
}
