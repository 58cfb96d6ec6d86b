/* Asks the rows, table by table, in the names that they have now; those of a family, member by
 * member (app/asked_rows.h).
 *
 * A statement that settles what was found comes before the one that needs it, so it too uses the
 * old names of columns; tables have their new ones by then. It does what keeps most: it cuts a
 * text, puts the nearest number, takes a reference away; where rows must go, only their copies do.
 * People decide: each has a mark, and upgrade runs none of them before that is gone. */
#include "app/asked.h"

#include "app/asked_rows.h"
#include "app/show/differences.h"
#include "diff/type_holds.h"
#include "run/sizes.h"
#include "sql/sql.h"

#include <string.h>

typedef struct asking {
    zq_app *app;
    zq_db *db; /* NULL: there is no server to ask */
    const zq_changes *changes;
    const zq_schema *schema; /* of the database */
    const zq_change *change; /* under way */
    zq_asked_table table;    /* its own, once it is open */
    bool is_open;
    zq_settling *items;
    size_t n;
    const char **empty;
    size_t n_empty;
    zq_err *err;
} asking;

/* One question: which rows, and what settles them. */
typedef struct question {
    zq_row_question rows;
    const char *what;   /* "NULL in 'a', which shall be NOT NULL" */
    const char *settle; /* a statement, or NULL: nobody knows one */
    const char *does;   /* what that does, for people */
} question;

#define TEXT(a, ...) zq_arena_printf((a)->app->arena, __VA_ARGS__)

static const char *finished(asking *a, zq_sql *sql)
{
    const char *text;

    return zq_sql_keep(sql, a->app->arena, &text, NULL) == ZQ_OK ? text : "";
}

static const char *ident(asking *a, const char *name)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_ident(&sql, name);
    return finished(a, &sql);
}

static const char *literal(asking *a, const char *text)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_str(&sql, text);
    return finished(a, &sql);
}

/* What a column of the table is called in the database, from what it shall be called; NULL: it is
 * not there yet. */
static const char *old_column(const asking *a, const zq_table *desired, const zq_table *actual,
                              const char *name)
{
    for (size_t i = 0; i < a->changes->n; i++) {
        const zq_change *c = &a->changes->items[i];

        if (c->desired != desired || c->object == NULL || strcmp(c->object, name) != 0)
            continue;
        if (c->op == ZQ_OP_RENAME_COLUMN)
            return c->was;
        if (c->op == ZQ_OP_ADD_COLUMN)
            return NULL;
    }
    return zq_table_column(actual, name) != NULL ? name : NULL;
}

/* ---- the database ---- */

/* What tells rows apart: their primary key, in one text; NULL: they have none. */
static const char *key_of(asking *a, const zq_table *table)
{
    const zq_index *primary = zq_table_index(table, "PRIMARY");
    const char *all = NULL;

    for (size_t i = 0; primary != NULL && i < zq_index_parts_count(primary->parts); i++)
        all = all == NULL ? ident(a, primary->parts[i].column)
                          : TEXT(a, "%s, %s", all, ident(a, primary->parts[i].column));
    return all == NULL ? NULL : TEXT(a, "CONCAT_WS('/', %s)", all);
}

/* ---- answers ---- */

static void add(asking *a, const char *text, const char *note, bool asks)
{
    const zq_table *table = a->change->desired;

    *ZQ_APPEND(a->app->arena, a->items, a->n) = (zq_settling){
        .table = table->name,
        .family = zq_table_is_family(table) ? table->name : NULL,
        .text = text,
        .note = note,
        .asks = asks,
    };
}

/* "12 rows (3, 4)", "12 rows in 3 of 1000 members (000001: 3, 600000: 7)" */
static const char *answer_words(asking *a, const zq_row_answer *answer)
{
    const char *rows = TEXT(a, "%llu %s", answer->rows, answer->rows == 1 ? "row" : "rows");

    if (a->table.is_family)
        rows = TEXT(a, "%s in %zu of %s", rows, answer->n_members,
                    zq_count_words(a->table.n_members, "member", "members", a->app->arena));
    if (*answer->keys == '\0')
        return rows;
    return TEXT(a, "%s (%s%s)", rows, answer->keys, answer->rows > ZQ_ASKED_KEYS ? ", ..." : "");
}

/* Listing the members of a family takes a while: only where something is asked. */
static zq_rc need_table(asking *a)
{
    if (a->is_open)
        return ZQ_OK;
    a->is_open = true;
    return zq_asked_rows_open(a->app, a->db, a->schema, a->change->actual, &a->table, a->err);
}

static zq_rc ask(asking *a, const question *q)
{
    const char *does = q->does != NULL ? TEXT(a, "this %s", q->does) : "settle that first";
    zq_row_answer answer;

    ZQ_TRY(need_table(a));
    ZQ_TRY(zq_asked_rows_ask(&a->table, &q->rows, &answer, a->err));
    if (answer.rows > 0)
        add(a, q->settle, TEXT(a, "%s: %s; %s", q->what, answer_words(a, &answer), does), true);
    return ZQ_OK;
}

/* The rows for which `where` is true; in it, "t" is the table. */
static zq_row_question rows_where(asking *a, const char *where)
{
    const char *from = ident(a, a->change->actual->name), *key = key_of(a, a->change->actual);

    return (zq_row_question){
        .count = TEXT(a, "SELECT COUNT(*) FROM %s AS t WHERE %s", from, where),
        .keys = key == NULL ? NULL
                            : TEXT(a, "SELECT %s FROM %s AS t WHERE %s ORDER BY 1 LIMIT %d", key,
                                   from, where, ZQ_ASKED_KEYS),
    };
}

static zq_rc ask_where(asking *a, question *q, const char *where)
{
    q->rows = rows_where(a, where);
    return ask(a, q);
}

/* ---- a column that changes ---- */

static const char *new_table(asking *a)
{
    return ident(a, a->change->desired->name);
}

static const char *null_words(asking *a, const char *column)
{
    return TEXT(a, "NULL in '%s', which shall be NOT NULL", column);
}

static zq_rc ask_null(asking *a, const char *column, const zq_column *to)
{
    const char *value = to->def.kind == ZQ_DEFAULT_LITERAL ? literal(a, to->def.text)
                        : to->def.kind == ZQ_DEFAULT_EXPR
                            ? to->def.text
                            : zq_gentle_value(&to->type, a->app->arena);
    question q = {0};

    if (value != NULL) {
        q.settle =
            TEXT(a, "UPDATE %s SET %s = %s WHERE %s IS NULL", new_table(a), column, value, column);
        q.does = TEXT(a, "puts %s there", value);
    }
    q.what = null_words(a, a->change->object);
    if (a->db == NULL) {
        add(a, q.settle,
            TEXT(a, "rows with %s: not looked for; %s", q.what,
                 q.does != NULL ? TEXT(a, "this %s", q.does) : "settle that first"),
            true);
        return ZQ_OK;
    }
    return ask_where(a, &q, TEXT(a, "%s IS NULL", column));
}

/* The least and the greatest number of an integer type; false: it is another one. */
static bool range_of(const zq_type *type, const char **least, const char **most)
{
    static const struct {
        zq_type_kind kind;
        const char *least, *most, *most_unsigned;
    } ranges[] = {
        {ZQ_TYPE_TINYINT, "-128", "127", "255"},
        {ZQ_TYPE_BOOL, "-128", "127", "255"},
        {ZQ_TYPE_SMALLINT, "-32768", "32767", "65535"},
        {ZQ_TYPE_MEDIUMINT, "-8388608", "8388607", "16777215"},
        {ZQ_TYPE_INT, "-2147483648", "2147483647", "4294967295"},
        {ZQ_TYPE_BIGINT, "-9223372036854775808", "9223372036854775807", "18446744073709551615"},
    };

    for (size_t i = 0; i < ZQ_LEN(ranges); i++) {
        if (ranges[i].kind != type->kind)
            continue;
        *least = type->is_unsigned ? "0" : ranges[i].least;
        *most = type->is_unsigned ? ranges[i].most_unsigned : ranges[i].most;
        return true;
    }
    return false;
}

static const char *values_of(asking *a, const zq_type *type)
{
    const char *all = "";

    for (size_t i = 0; type->values[i] != NULL; i++)
        all = TEXT(a, "%s%s%s", all, i > 0 ? ", " : "", literal(a, type->values[i]));
    return all;
}

/* Which rows hold what the new type does not; NULL: that cannot be asked in SQL. */
static const char *narrow_question(asking *a, const char *column, const zq_column *from,
                                   const zq_column *to, question *q)
{
    const char *where = NULL;

    const char *update = TEXT(a, "UPDATE %s SET %s = ", new_table(a), column), *least, *most;

    if (to->type.kind == ZQ_TYPE_CHAR || to->type.kind == ZQ_TYPE_VARCHAR) {
        where = TEXT(a, "CHAR_LENGTH(%s) > %u", column, to->type.length);
        q->what = TEXT(a, "longer than %u characters in '%s'", to->type.length, a->change->object);
        q->settle = TEXT(a, "%sLEFT(%s, %u) WHERE %s", update, column, to->type.length, where);
        q->does = "cuts them";
    } else if (range_of(&to->type, &least, &most) && zq_type_is_number(&from->type)) {
        where = TEXT(a, "%s < %s OR %s > %s", column, least, column, most);
        q->what = TEXT(a, "numbers not from %s to %s in '%s'", least, most, a->change->object);
        q->settle =
            TEXT(a, "%sLEAST(GREATEST(%s, %s), %s) WHERE %s", update, column, least, most, where);
        q->does = "takes the nearest number";
    } else if (to->type.kind == ZQ_TYPE_ENUM && zq_type_is_text(&from->type)) {
        const bool nulls = (to->flags & ZQ_NOT_NULL) == 0;
        const char *value = nulls ? "NULL" : literal(a, to->type.values[0]);

        where = TEXT(a, "%s NOT IN (%s)", column, values_of(a, &to->type));
        q->what = TEXT(a, "values in '%s' that it will not have", a->change->object);
        q->settle = TEXT(a, "%s%s WHERE %s", update, value, where);
        q->does = TEXT(a, "puts %s there", value);
    }
    return where;
}

static zq_rc ask_column(asking *a)
{
    const zq_change *change = a->change;
    const zq_column *from = change->from, *to = change->to;
    const char *column = ident(a, change->was != NULL ? change->was : change->object);
    const char *before = zq_column_charset(change->actual, from);
    const char *after = zq_column_charset(change->desired, to);
    const char *where;
    question q = {0};

    if (zq_column_is_generated(from) || zq_column_is_generated(to))
        return ZQ_OK;
    if ((change->mask & ZQ_DIFF_NULL) != 0 && (to->flags & ZQ_NOT_NULL) != 0)
        ZQ_TRY(ask_null(a, column, to));
    if (a->db == NULL || (change->mask & ZQ_DIFF_TYPE) == 0 ||
        zq_type_holds(&to->type, after, &from->type, before))
        return ZQ_OK;
    where = narrow_question(a, column, from, to, &q);
    return where != NULL ? ask_where(a, &q, where) : ZQ_OK;
}

/* ---- a new unique index ---- */

/* What the index has of a column of the row `of` ("", "x."): all of it, or so much of its
 * beginning. */
static const char *part_of(asking *a, const char *of, const char *column, unsigned length)
{
    return length == 0 ? TEXT(a, "%s%s", of, column)
                       : TEXT(a, "LEFT(%s%s, %u)", of, column, length);
}

/* Its columns by the names that they have, each in the place of '@' in `each`, that of row x in the
 * place of 'x', of y in that of 'y'; NULL: not all are there. */
static const char *index_columns(asking *a, const zq_index *index, const char *each,
                                 const char *between)
{
    const size_t n = zq_index_parts_count(index->parts);
    ZQ_AUTO_SQL(all);

    for (size_t i = 0; i < n; i++) {
        const zq_key_part *part = &index->parts[i];
        const char *name = part->column == NULL
                               ? NULL
                               : old_column(a, a->change->desired, a->change->actual, part->column);

        if (name == NULL)
            return NULL;
        name = ident(a, name);
        zq_sql_rawz(&all, i > 0 ? between : "");
        for (const char *c = each; *c != '\0'; c++) {
            if (strchr("@xy", *c) == NULL)
                zq_sql_raw(&all, c, 1);
            else
                zq_sql_rawz(&all, part_of(a,
                                          *c == 'x'   ? "x."
                                          : *c == 'y' ? "y."
                                                      : "",
                                          name, part->length));
        }
    }
    return finished(a, &all);
}

static zq_rc ask_unique(asking *a)
{
    const zq_index *index = a->change->to;
    const zq_table *table = a->change->actual;
    const zq_index *primary = zq_table_index(table, "PRIMARY");
    const char *columns = index_columns(a, index, "@", ", ");
    const char *groups;
    question q = {0};

    if (columns == NULL || (index->kind != ZQ_UNIQUE && index->kind != ZQ_PRIMARY))
        return ZQ_OK;
    groups = TEXT(a, "FROM %s AS t WHERE %s GROUP BY %s HAVING COUNT(*) > 1", ident(a, table->name),
                  index_columns(a, index, "@ IS NOT NULL", " AND "), columns);
    q.rows.count =
        TEXT(a, "SELECT COALESCE(SUM(n - 1), 0) FROM (SELECT COUNT(*) AS n %s) AS d", groups);
    q.rows.keys = TEXT(a, "SELECT CONCAT_WS('/', %s) AS k %s ORDER BY k LIMIT %d", columns, groups,
                       ZQ_ASKED_KEYS);
    q.what = TEXT(a, "the same values as another row under '%s', which shall be unique",
                  a->change->object);
    if (primary != NULL && zq_index_parts_count(primary->parts) == 1) {
        const char *key = ident(a, primary->parts[0].column);

        q.settle = TEXT(a, "DELETE x FROM %s AS x JOIN %s AS y ON %s AND x.%s > y.%s", new_table(a),
                        new_table(a), index_columns(a, index, "x = y", " AND "), key, key);
        q.does = TEXT(a, "deletes all but the one with the least %s", key);
    }
    return ask(a, &q);
}

/* ---- a new foreign key ---- */

/* A change of that table; NULL: it stays as it is. */
static const zq_change *change_of(const asking *a, const char *table)
{
    for (size_t i = 0; i < a->changes->n; i++) {
        if (strcmp(a->changes->items[i].table, table) == 0)
            return &a->changes->items[i];
    }
    return NULL;
}

static zq_rc ask_orphans(asking *a)
{
    const zq_foreign_key *key = a->change->to;
    const zq_change *other = change_of(a, key->ref_table);
    const char *parent = key->ref_table, *match = "", *given = "", *nulls = "", *where;
    bool can_null = true;
    question q = {0};

    if (key->ref_schema != NULL || (other != NULL && other->actual == NULL))
        return ZQ_OK;
    if (other != NULL)
        parent = other->actual->name;
    for (size_t i = 0; key->columns[i] != NULL; i++) {
        const char *column = old_column(a, a->change->desired, a->change->actual, key->columns[i]);
        const char *there = other == NULL
                                ? key->ref_columns[i]
                                : old_column(a, other->desired, other->actual, key->ref_columns[i]);
        const zq_column *to = zq_table_column(a->change->desired, key->columns[i]);

        if (column == NULL || there == NULL)
            return ZQ_OK;
        can_null = can_null && to != NULL && (to->flags & ZQ_NOT_NULL) == 0;
        column = ident(a, column);
        match = TEXT(a, "%s%sp.%s = t.%s", match, i > 0 ? " AND " : "", ident(a, there), column);
        given = TEXT(a, "%s%st.%s IS NOT NULL", given, i > 0 ? " AND " : "", column);
        nulls = TEXT(a, "%s%st.%s = NULL", nulls, i > 0 ? ", " : "", column);
    }
    q.what = TEXT(a, "references by '%s' to nothing in '%s'", key->name, key->ref_table);
    where = TEXT(a, "%s AND NOT EXISTS (SELECT 1 FROM %s AS p WHERE %s)", given,
                 ident(a, key->ref_table), match);
    q.settle = can_null ? TEXT(a, "UPDATE %s AS t SET %s WHERE %s", new_table(a), nulls, where)
                        : TEXT(a, "DELETE t FROM %s AS t WHERE %s", new_table(a), where);
    q.does = can_null ? "takes the reference away" : "deletes them";
    return ask_where(a, &q,
                     TEXT(a, "%s AND NOT EXISTS (SELECT 1 FROM %s AS p WHERE %s)", given,
                          ident(a, parent), match));
}

/* ---- the whole ---- */

static zq_rc ask_empty(asking *a)
{
    const char *name = a->change->desired->name;
    bool empty;

    if (!zq_gentle_is_hard(a->change) ||
        (a->n_empty > 0 && strcmp(a->empty[a->n_empty - 1], name) == 0))
        return ZQ_OK;
    ZQ_TRY(need_table(a));
    ZQ_TRY(zq_asked_rows_is_empty(&a->table, &empty, a->err));
    if (empty)
        a->empty[a->n_empty++] = name;
    return ZQ_OK;
}

static zq_rc ask_one(asking *a)
{
    switch (a->change->op) {
    case ZQ_OP_ADD_COLUMN:
        return a->db != NULL ? ask_empty(a) : ZQ_OK;
    case ZQ_OP_ALTER_COLUMN:
        return ask_column(a);
    case ZQ_OP_ADD_INDEX:
    case ZQ_OP_ALTER_INDEX:
        return a->db != NULL ? ask_unique(a) : ZQ_OK;
    case ZQ_OP_ADD_FOREIGN_KEY:
        return a->db != NULL ? ask_orphans(a) : ZQ_OK;
    default:
        return ZQ_OK;
    }
}

/* Of one that is there before and after. */
static bool is_of_table(const zq_changes *changes, size_t i)
{
    return changes->items[i].actual != NULL && changes->items[i].desired != NULL;
}

static bool is_new_group(const zq_changes *changes, size_t i)
{
    return i == 0 || changes->items[i - 1].actual != changes->items[i].actual ||
           changes->items[i - 1].desired != changes->items[i].desired;
}

/* How many members the statements of a family are for: all of them in one look, however many
 * families there are. */
static zq_rc say_members(asking *a)
{
    zq_size *sizes = ZQ_NEW_ARRAY(a->app->arena, zq_size, a->changes->n + 1);
    size_t n = 0;

    for (size_t i = 0; i < a->changes->n; i++) {
        if (is_of_table(a->changes, i) && is_new_group(a->changes, i) &&
            zq_table_is_family(a->changes->items[i].actual))
            sizes[n++].name = a->changes->items[i].actual->name;
    }
    ZQ_TRY(zq_sizes_read(a->db, zq_settings_text(a->app->settings, ZQ_SET_DATABASE), a->schema,
                         sizes, n, a->err));
    for (size_t i = 0, k = 0; i < a->changes->n; i++) {
        a->change = &a->changes->items[i];
        if (!is_of_table(a->changes, i) || !is_new_group(a->changes, i) ||
            !zq_table_is_family(a->change->actual))
            continue;
        if (sizes[k].n_tables > 0)
            add(a, NULL,
                TEXT(a, "%llu %s, about %llu %s", sizes[k].n_tables,
                     sizes[k].n_tables == 1 ? "member" : "members", sizes[k].rows,
                     sizes[k].rows == 1 ? "row" : "rows"),
                false);
        k++;
    }
    return ZQ_OK;
}

static zq_rc ask_all(asking *a)
{
    if (a->db != NULL)
        ZQ_TRY(say_members(a));
    for (size_t i = 0; i < a->changes->n; i++) {
        a->change = &a->changes->items[i];
        if (!is_of_table(a->changes, i))
            continue;
        a->is_open = a->is_open && !is_new_group(a->changes, i);
        ZQ_TRY(ask_one(a));
    }
    return ZQ_OK;
}

zq_rc zq_asked_changes(zq_app *app, zq_db *db, const zq_changes *changes, const zq_schema *schema,
                       zq_gentle *io, zq_err *err)
{
    asking a = {.app = app, .db = db, .changes = changes, .schema = schema, .err = err};

    a.empty = ZQ_NEW_ARRAY(app->arena, const char *, changes->n + 1);
    ZQ_TRY(ask_all(&a));
    io->settlings = a.items;
    io->n_settlings = a.n;
    io->empty = a.empty;
    io->n_empty = a.n_empty;
    return ZQ_OK;
}

zq_rc zq_asked_nulls(zq_app *app, zq_db *db, const zq_schema *schema, const zq_table *table,
                     const char *column, const char **out, zq_err *err)
{
    const zq_change change = {.actual = table, .desired = table};
    asking a = {.app = app, .db = db, .schema = schema, .change = &change, .err = err};
    const zq_row_question rows = rows_where(&a, TEXT(&a, "%s IS NULL", ident(&a, column)));
    const char *what = null_words(&a, column);
    zq_row_answer answer;
    zq_rc rc;

    *out = NULL;
    ZQ_TRY(need_table(&a));
    rc = zq_asked_rows_ask(&a.table, &rows, &answer, err);
    if (rc == ZQ_E_SERVER || rc == ZQ_E_DENIED) {
        *out = TEXT(&a, "rows with %s: cannot be counted: %s", what,
                    *err->detail != '\0' ? err->detail : err->message);
        *err = (zq_err){0};
        return ZQ_OK;
    }
    if (rc == ZQ_OK && answer.rows > 0)
        *out = TEXT(&a, "%s with %s", answer_words(&a, &answer), what);
    return rc;
}
