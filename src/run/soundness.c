#include "run/soundness.h"

#include "model/family.h"
#include "sql/sql.h"

#include <stdlib.h>
#include <string.h>

#define STOCKS "zq_data_tustock_stockbasic"

/* ---- asking one thing ---- */

/* The first value of a question, as text; "" for NULL. A question that the server refuses is a
 * fault of `object`. */
static zq_rc ask(const zq_soundness *what, const char *sql, const char *object, zq_faults *out,
                 const char **value, zq_err *err)
{
    zq_err failure = {0};
    zq_rows rows;
    zq_rc rc = zq_db_query(what->db, sql, NULL, 0, "T", out->arena, &rows, &failure);

    *value = NULL;
    if (rc == ZQ_E_LOST || rc == ZQ_E_ANSWER)
        return zq_err_give(err, &failure);
    if (rc != ZQ_OK)
        zq_fault_add(out, "not seen", object, "%s: cannot be looked at: %s", object,
                     zq_arena_strdup(out->arena, failure.detail));
    else
        *value = rows.n == 0 || zq_rows_at(&rows, 0, 0) == NULL ? "" : zq_rows_at(&rows, 0, 0);
    return ZQ_OK;
}

/* ---- orphans ---- */

/* A foreign key while its columns come in. */
typedef struct key {
    const char *table;
    const char *name;
    const char *parent_schema;
    const char *parent;
    const char *columns[16]; /* as many as a key may have */
    const char *parents[16];
    size_t n;
} key;

static void write_parent(zq_sql *sql, const key *k)
{
    zq_sql_add(sql, "`%s`.`%s`", k->parent_schema, k->parent);
}

static void write_orphans(zq_sql *sql, const key *k)
{
    zq_sql_add(sql, "SELECT COUNT(*) FROM `%s` AS c LEFT JOIN ", k->table);
    write_parent(sql, k);
    zq_sql_lit(sql, " AS p ON ");
    for (size_t i = 0; i < k->n; i++)
        zq_sql_add(sql, "%-sc.`%s` = p.`%s`", i > 0 ? " AND " : "", k->columns[i], k->parents[i]);
    zq_sql_add(sql, " WHERE p.`%s` IS NULL", k->parents[0]);
    for (size_t i = 0; i < k->n; i++)
        zq_sql_add(sql, " AND c.`%s` IS NOT NULL", k->columns[i]);
}

static zq_rc look_for_orphans(const zq_soundness *what, const key *k, zq_faults *out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;
    const char *n;

    write_orphans(&sql, k);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    ZQ_TRY(ask(what, text, k->table, out, &n, err));
    if (n != NULL && strcmp(n, "0") != 0)
        zq_fault_add(out, "orphans", k->table,
                     "%s: %s %s to a row of '%s' that is not there (foreign key '%s')", k->table, n,
                     strcmp(n, "1") == 0 ? "row refers" : "rows refer", k->parent, k->name)
            ->found = n;
    return ZQ_OK;
}

#define KEYS                                                                                  \
    "SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, "              \
    "REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE " \
    "WHERE TABLE_SCHEMA = ? AND REFERENCED_TABLE_NAME IS NOT NULL "                           \
    "ORDER BY CAST(TABLE_NAME AS BINARY), CAST(CONSTRAINT_NAME AS BINARY), ORDINAL_POSITION"

static zq_rc find_orphans(const zq_soundness *what, zq_faults *out, zq_err *err)
{
    zq_arg args[] = {zq_arg_text(what->database)};
    key k = {0};
    zq_rows rows;

    ZQ_TRY(zq_db_query(what->db, KEYS, args, ZQ_LEN(args), "tttttt", out->arena, &rows, err));
    for (size_t i = 0; i < rows.n; i++) {
        const char *table = zq_rows_at(&rows, i, 0);
        const char *name = zq_rows_at(&rows, i, 1);

        if (k.n > 0 && (strcmp(k.table, table) != 0 || strcmp(k.name, name) != 0)) {
            ZQ_TRY(look_for_orphans(what, &k, out, err));
            k = (key){0};
        }
        k.table = table;
        k.name = name;
        k.parent_schema = zq_rows_at(&rows, i, 3);
        k.parent = zq_rows_at(&rows, i, 4);
        if (k.n < ZQ_LEN(k.columns)) {
            k.columns[k.n] = zq_rows_at(&rows, i, 2);
            k.parents[k.n++] = zq_rows_at(&rows, i, 5);
        }
    }
    return k.n > 0 ? look_for_orphans(what, &k, out, err) : ZQ_OK;
}

/* ---- counters ---- */

static zq_rc look_at_counter(const zq_soundness *what, const zq_tally *t, zq_faults *out,
                             zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_fault *fault;
    const char *text;
    const char *greatest;

    zq_sql_add(&sql, "SELECT MAX(`%s`) FROM `%s`", t->counts, t->name);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    ZQ_TRY(ask(what, text, t->name, out, &greatest, err));
    if (greatest == NULL || *greatest == '\0' || *greatest == '-' ||
        strtoull(greatest, NULL, 10) < t->counter)
        return ZQ_OK;
    fault = zq_fault_add(out, "counter", t->name,
                         "%s: the next value of '%s' would be %llu, and %s is there already",
                         t->name, t->counts, t->counter, greatest);
    fault->expected = zq_arena_printf(out->arena, "more than %s", greatest);
    fault->found = zq_arena_printf(out->arena, "%llu", t->counter);
    return ZQ_OK;
}

/* ---- stocks ---- */

/* The codes of a family's members, sorted. */
static const char **codes_of(const zq_soundness *what, const zq_table *family, zq_arena *arena,
                             size_t *out_n)
{
    const char **codes = ZQ_NEW_ARRAY(arena, const char *, what->tables->n + 1);
    size_t n = 0;

    for (size_t i = 0; i < what->tables->n; i++) {
        const char *code;

        if (zq_family_of(what->schema, what->tables->items[i].name, &code) == family)
            codes[n++] = code;
    }
    zq_names_sort(codes, n);
    *out_n = n;
    return codes;
}

static void compare_stocks(const zq_soundness *what, const zq_table *family, const zq_rows *stocks,
                           zq_faults *out)
{
    size_t n;
    const char **codes = codes_of(what, family, out->arena, &n);
    const char *first = NULL;
    size_t n_missing = 0;

    for (size_t i = 0; n > 0 && i < stocks->n; i++) {
        const char *code = zq_rows_at(stocks, i, 0);

        if (zq_names_sorted_have(codes, n, code))
            continue;
        if (n_missing++ == 0)
            first = code;
    }
    if (n_missing > 0)
        zq_fault_add(out, "stocks", family->name,
                     "%s: %zu of the %zu stocks in " STOCKS " %s no table, the first: %s",
                     family->name, n_missing, stocks->n, n_missing == 1 ? "has" : "have", first);
}

/* A kind of data that no stock has yet was not fetched yet. */
static zq_rc find_gaps(const zq_soundness *what, zq_faults *out, zq_err *err)
{
    zq_rows stocks;

    if (zq_tally_find(what->tables, STOCKS) == NULL)
        return ZQ_OK;
    ZQ_TRY(zq_db_query(what->db,
                       "SELECT DISTINCT LOWER(symbol) FROM " STOCKS
                       " WHERE symbol IS NOT NULL ORDER BY 1",
                       NULL, 0, "t", out->arena, &stocks, err));
    for (size_t i = 0; i < what->schema->n_tables; i++) {
        if (zq_table_is_family(what->schema->tables[i]))
            compare_stocks(what, what->schema->tables[i], &stocks, out);
    }
    return ZQ_OK;
}

/* ---- the others ---- */

static void find_broken_views(const zq_soundness *what, zq_faults *out)
{
    for (size_t i = 0; i < what->things->n_objects; i++) {
        const zq_object *o = &what->things->objects[i];

        if (o->problem != NULL)
            zq_fault_add(out, "view", o->name, "%s: the view does not open: %s", o->name,
                         o->problem);
    }
}

static void find_missing_definers(const zq_soundness *what, zq_faults *out)
{
    for (size_t i = 0; i < what->things->n_missing_definers; i++)
        zq_fault_missing_definer(out, what->things->missing_definers[i]);
}

static zq_rc find_administrator(const zq_soundness *what, zq_faults *out, zq_err *err)
{
    zq_arg args[] = {zq_arg_text(what->admin_role)};
    zq_rows rows;

    if (zq_tally_find(what->tables, "zq_app_users") == NULL ||
        zq_tally_find(what->tables, "zq_app_roles") == NULL)
        return ZQ_OK;
    ZQ_TRY(zq_db_query(what->db,
                       "SELECT 1 FROM zq_app_users AS u JOIN zq_app_roles AS r ON r.id = u.role_id "
                       "WHERE r.name = ? AND u.is_active = 1 LIMIT 1",
                       args, ZQ_LEN(args), "t", out->arena, &rows, err));
    if (rows.n == 0)
        zq_fault_add(out, "administrator", "zq_app_users",
                     "zq_app_users: nobody who is active has the role '%s'", what->admin_role);
    return ZQ_OK;
}

zq_rc zq_soundness_read(const zq_soundness *what, zq_faults *out, zq_err *err)
{
    ZQ_TRY(find_administrator(what, out, err));
    ZQ_TRY(find_orphans(what, out, err));
    ZQ_TRY(find_gaps(what, out, err));
    for (size_t i = 0; i < what->tables->n; i++) {
        if (what->tables->items[i].counts != NULL)
            ZQ_TRY(look_at_counter(what, &what->tables->items[i], out, err));
    }
    find_broken_views(what, out);
    find_missing_definers(what, out);
    return ZQ_OK;
}
