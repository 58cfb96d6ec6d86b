/* The project's own revisions, run by the plainest executor there can be, on real servers. */
#include "base/buf.h"
#include "live.h"
#include "model/canon.h"
#include "model/family.h"
#include "release.h"
#include "rev/chain.h"
#include "run/compare.h"
#include "sql/alter/algorithm.h"
#include "sql/read/placeholder.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const char *const codes[] = {"000001", "x_9"};

enum { ROWS = 3 };

static zq_arena *arena;
static zq_db *db;
static const char *database;
static zq_chain chain;
static const zq_schema *release_schemas[8];

static void set_up(const char *test)
{
    zq_err err = {0};

    arena = zq_arena_open();
    database = live_database(test);
    db = live_open();
    live_make_database(db, database);
    cr_assert_eq(zq_chain_load(NULL, &zq_schema_head, arena, &chain, &err), ZQ_OK, "%s",
                 err.message);
    for (size_t i = 0; i < zq_n_releases; i++)
        cr_assert_eq(zq_canon_parse(zq_release_text(&zq_releases[i]),
                                    strlen(zq_release_text(&zq_releases[i])), arena,
                                    &release_schemas[i], &err),
                     ZQ_OK, "%s", err.message);
}

static void tear_down(void)
{
    zq_db_close(db);
    live_drop(database);
    zq_arena_close(arena);
}

/* ---- the plainest executor ---- */

/* Run one statement. What changes a table must do so without a copy and without a lock. */
static void run(const char *sql, const zq_rev_statement *statement, const char *file)
{
    zq_err err = {0};
    zq_rc rc = ZQ_E_SERVER;

    if (!statement->parsed.alters)
        rc = zq_db_exec(db, sql, &err);
    for (zq_algorithm way = 0; way < ZQ_ALGORITHM_ANY && statement->parsed.alters && rc != ZQ_OK;
         way++) {
        rc = zq_db_exec(db, zq_algorithm_ask(&statement->parsed, sql, strlen(sql), way, arena),
                        &err);
        if (err.cause != ZQ_CAUSE_NOT_THAT_WAY)
            break;
    }
    cr_assert_eq(rc, ZQ_OK, "%s:%u: %s %s\n%s", file, statement->line, err.message, err.detail,
                 sql);
}

static void run_family(const zq_rev_statement *statement, const char *file)
{
    for (size_t i = 0; i < ZQ_LEN(codes); i++) {
        zq_binding bindings[] = {{"table", zq_family_expand(arena, statement->family, codes[i])},
                                 {"code", codes[i]}};

        run(zq_placeholder_fill(arena, statement->text, statement->length, bindings, 2), statement,
            file);
    }
}

static void run_batch(const zq_rev_statement *statement, const char *file)
{
    char *last = live_value(
        db, zq_arena_printf(arena, "SELECT MAX(%s) FROM %s", statement->key, statement->table));

    for (long at = 0; last != NULL && at < atol(last); at += 2) {
        zq_binding range = {"range", zq_arena_printf(arena, "%s > %ld AND %s <= %ld",
                                                     statement->key, at, statement->key, at + 2)};

        run(zq_placeholder_fill(arena, statement->text, statement->length, &range, 1), statement,
            file);
    }
    free(last);
}

static void walk(const char *from, const char *to, zq_direction direction)
{
    size_t a, b;
    zq_err err = {0};
    zq_path path;

    cr_assert_eq(zq_chain_resolve(&chain, from, 0, &a, &err), ZQ_OK);
    cr_assert_eq(zq_chain_resolve(&chain, to, 0, &b, &err), ZQ_OK);
    cr_assert_eq(zq_chain_path(&chain, a, b, direction, arena, &path, &err), ZQ_OK);
    for (size_t i = 0; i < path.n; i++) {
        for (size_t k = 0; k < path.legs[i].section->n; k++) {
            const zq_rev_statement *s = &path.legs[i].section->statements[k];
            const char *file = path.legs[i].revision->file;

            if (s->block == ZQ_BLOCK_FAMILY)
                run_family(s, file);
            else if (s->block == ZQ_BLOCK_BATCH)
                run_batch(s, file);
            else
                run(s->text, s, file);
        }
    }
}

/* ---- what a release looks like, and what is there ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const zq_table *const *)a)->name, (*(const zq_table *const *)b)->name);
}

/* The tables of a release, members of families included, sorted by name. */
static const zq_table **tables_of(const zq_schema *schema, size_t *out_n)
{
    const zq_table **tables =
        ZQ_NEW_ARRAY(arena, const zq_table *, schema->n_tables *ZQ_LEN(codes));
    size_t n = 0;

    for (size_t i = 0; i < schema->n_tables; i++) {
        if (!zq_table_is_family(schema->tables[i])) {
            tables[n++] = schema->tables[i];
            continue;
        }
        for (size_t k = 0; k < ZQ_LEN(codes); k++)
            tables[n++] = zq_family_member(arena, schema->tables[i], codes[k]);
    }
    qsort(tables, n, sizeof *tables, by_name);
    *out_n = n;
    return tables;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lines, sorted, as one text. */
static char *sorted(char **lines, size_t n)
{
    ZQ_AUTO_BUF(buf);

    qsort(lines, n, sizeof *lines, by_text);
    for (size_t i = 0; i < n; i++)
        zq_buf_printf(&buf, "%s\n", lines[i]);
    return zq_arena_strdup(arena, zq_buf_text(&buf));
}

typedef struct lines {
    char *items[8192];
    size_t n;
} lines;

static void expect_columns(lines *out, const zq_table *t)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        const zq_column *c = &t->columns[i];
        ZQ_AUTO_BUF(type);

        zq_type_write(&type, &c->type);
        out->items[out->n++] =
            zq_arena_printf(arena, "%s %03zu %s %s %s %s '%s'", t->name, i + 1, c->name,
                            zq_buf_text(&type), c->flags & ZQ_NOT_NULL ? "NO" : "YES",
                            c->flags & ZQ_AUTO_INCREMENT ? "auto_increment" : "",
                            c->comment != NULL ? c->comment : "");
    }
}

static void expect_indexes(lines *out, const zq_table *t)
{
    for (size_t i = 0; i < t->n_indexes; i++) {
        const zq_index *x = &t->indexes[i];
        ZQ_AUTO_BUF(columns);

        for (const zq_key_part *p = x->parts; p->column != NULL; p++)
            zq_buf_printf(&columns, "%s%s", columns.length > 0 ? "," : "", p->column);
        out->items[out->n++] = zq_arena_printf(arena, "%s index %s %d (%s)", t->name, x->name,
                                               x->kind == ZQ_INDEX, zq_buf_text(&columns));
    }
    for (size_t i = 0; i < t->n_foreign_keys; i++) {
        const zq_foreign_key *k = &t->foreign_keys[i];

        out->items[out->n++] = zq_arena_printf(arena, "%s key %s (%s) %s (%s)", t->name, k->name,
                                               k->columns[0], k->ref_table, k->ref_columns[0]);
    }
}

static char *expected(const zq_schema *schema)
{
    lines *out = ZQ_NEW(arena, lines);
    size_t n;
    const zq_table **tables = tables_of(schema, &n);

    for (size_t i = 0; i < n; i++) {
        expect_columns(out, tables[i]);
        expect_indexes(out, tables[i]);
        out->items[out->n++] =
            zq_arena_printf(arena, "%s table InnoDB utf8mb4_unicode_ci", tables[i]->name);
    }
    return sorted(out->items, out->n);
}

/* Servers differ in the display width of integers and in how "no default" is spelled; a default
 * that is there is shown, and so fails the comparison: no column is meant to have one. */
static const char *const catalog_queries[] = {
    "SELECT CONCAT(TABLE_NAME, ' ', LPAD(ORDINAL_POSITION, 3, '0'), ' ', COLUMN_NAME, ' ',"
    " CASE WHEN DATA_TYPE LIKE '%int' AND COLUMN_TYPE <> 'tinyint(1)'"
    " THEN DATA_TYPE ELSE COLUMN_TYPE END, ' ', IS_NULLABLE, ' ', EXTRA, ' ''', COLUMN_COMMENT,"
    " '''', CASE WHEN IS_NULLABLE = 'YES' AND IFNULL(COLUMN_DEFAULT, 'NULL') = 'NULL' THEN ''"
    " ELSE IFNULL(CONCAT(' default ', COLUMN_DEFAULT), '') END,"
    " CASE WHEN COLLATION_NAME <> 'utf8mb4_unicode_ci' THEN COLLATION_NAME ELSE '' END)"
    " FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()",
    "SELECT CONCAT(TABLE_NAME, ' index ', INDEX_NAME, ' ', NON_UNIQUE, ' (',"
    " GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX), ')')"
    " FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()"
    " GROUP BY TABLE_NAME, INDEX_NAME, NON_UNIQUE",
    "SELECT CONCAT(TABLE_NAME, ' key ', CONSTRAINT_NAME, ' (', COLUMN_NAME, ') ',"
    " REFERENCED_TABLE_NAME, ' (', REFERENCED_COLUMN_NAME, ')')"
    " FROM information_schema.KEY_COLUMN_USAGE"
    " WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL",
    "SELECT CONCAT(TABLE_NAME, ' rules ', CONSTRAINT_NAME, UPDATE_RULE, DELETE_RULE)"
    " FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()"
    " AND NOT (UPDATE_RULE IN ('RESTRICT', 'NO ACTION') AND DELETE_RULE IN ('RESTRICT', "
    "'NO ACTION'))",
    ("SELECT CONCAT(TABLE_NAME, ' table ', ENGINE, ' ', TABLE_COLLATION)"
     " FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"),
};

static char *actual(void)
{
    lines *out = ZQ_NEW(arena, lines);
    zq_err err = {0};
    zq_rows rows;

    for (size_t i = 0; i < ZQ_LEN(catalog_queries); i++) {
        cr_assert_eq(live_query(db, catalog_queries[i], NULL, 0, arena, &rows, &err), ZQ_OK,
                     "%s %s", err.message, err.detail);
        for (size_t k = 0; k < rows.n; k++)
            out->items[out->n++] = zq_arena_strdup(arena, zq_rows_at(&rows, k, 0));
    }
    return sorted(out->items, out->n);
}

static void assert_same(char *want, char *have, const char *when)
{
    char *w = NULL, *h = NULL;
    char *a = strtok_r(want, "\n", &w), *b = strtok_r(have, "\n", &h);

    while (a != NULL && b != NULL && strcmp(a, b) == 0) {
        a = strtok_r(NULL, "\n", &w);
        b = strtok_r(NULL, "\n", &h);
    }
    cr_assert(a == NULL && b == NULL, "%s: the first difference is\nwant %s\nhave %s", when,
              a != NULL ? a : "nothing more", b != NULL ? b : "nothing more");
}

/* The id that the revision's own header says, against that of the database as the tool reads it. */
static void assert_schema_id(size_t i, const char *when)
{
    const zq_schema *schema;
    char id[ZQ_DIGEST_HEX];
    size_t position = 0;
    zq_catalog catalog;
    zq_err err = {0};

    cr_assert_eq(zq_catalog_read(db, NULL, database, release_schemas[i], arena, &catalog, &err),
                 ZQ_OK, "%s %s", err.message, err.detail);
    schema = zq_compare_schema(&catalog, release_schemas[i], arena);
    cr_assert_not_null(schema, "%s: members of a family differ", when);
    zq_canon_id(schema, id);
    cr_assert(zq_chain_find(&chain, zq_releases[i].revision, &position));
    cr_assert_str_eq(id, zq_chain_at(&chain, position)->schema_id, "%s", when);
}

static void assert_release(size_t i, const char *when)
{
    assert_same(expected(release_schemas[i]), actual(),
                zq_arena_printf(arena, "%s, at %s", when, zq_releases[i].name));
    assert_schema_id(i, when);
}

static void make_members(const zq_schema *schema)
{
    size_t n;
    const zq_table **tables = tables_of(schema, &n);

    for (size_t i = 0; i < n; i++) {
        if (zq_schema_table(schema, tables[i]->name) == NULL)
            live_make_table(db, tables[i]);
    }
}

Test(revisions, replayed_on_an_empty_database_they_give_each_release_forth_and_back)
{
    set_up("revisions_replay");
    walk("base", "0001", ZQ_UP);
    make_members(release_schemas[0]);
    assert_release(0, "up");
    walk("0001", "0002", ZQ_UP);
    assert_release(1, "up");
    walk("0002", "0003", ZQ_UP);
    assert_release(2, "up");
    walk("0003", "0002", ZQ_DOWN);
    assert_release(1, "down");
    walk("0002", "0001", ZQ_DOWN);
    assert_release(0, "down");
    walk("0001", "base", ZQ_DOWN);
    for (size_t i = 0; i < ZQ_LEN(codes); i++) {
        char *n = live_value(db, zq_arena_printf(arena,
                                                 "SELECT COUNT(*) FROM information_schema.TABLES "
                                                 "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME "
                                                 "LIKE '%%%s'",
                                                 codes[i]));

        cr_expect_str_eq(n, "5", "members hold market data and stay");
        free(n);
    }
    cr_expect_str_eq(live_value(db, "SELECT COUNT(*) FROM information_schema.TABLES "
                                    "WHERE TABLE_SCHEMA = DATABASE()"),
                     "10");
    tear_down();
}

/* ---- rows ---- */

/* A value for a column of row `n`; different for each row wherever it has room for that. */
static const char *value_of(const zq_column *c, size_t column, int n)
{
    switch (c->type.kind) {
    case ZQ_TYPE_ENUM:
        return zq_arena_printf(arena, "'%s'", c->type.values[n % 2]);
    case ZQ_TYPE_VARCHAR:
    case ZQ_TYPE_TEXT:
        return c->type.length == 1 ? "'L'" : zq_arena_printf(arena, "'\xE4\xB8\xAD%d'", n);
    case ZQ_TYPE_DATE:
        return zq_arena_printf(arena, "'2024-01-%02d'", n);
    case ZQ_TYPE_DATETIME:
        return zq_arena_printf(arena, "'2024-02-%02d 01:02:%02zu'", n, column % 60);
    default:
        return zq_arena_printf(arena, "%d", n);
    }
}

static void fill(const zq_schema *schema)
{
    size_t n;
    const zq_table **tables = tables_of(schema, &n);

    live_exec(db, "SET foreign_key_checks = 0; BEGIN");
    for (size_t i = 0; i < n; i++) {
        for (int row = 1; row <= ROWS; row++) {
            ZQ_AUTO_BUF(sql);

            zq_buf_printf(&sql, "REPLACE INTO `%s` VALUES (", tables[i]->name);
            for (size_t c = 0; c < tables[i]->n_columns; c++)
                zq_buf_printf(&sql, "%s%s", c > 0 ? ", " : "",
                              value_of(&tables[i]->columns[c], c, row));
            zq_buf_str(&sql, ")");
            live_exec(db, zq_buf_text(&sql));
        }
    }
    live_exec(db, "COMMIT; SET foreign_key_checks = 1");
}

/* What a column of the old release is called now. */
static const char *name_now(const char *name, bool renamed)
{
    if (renamed && strcmp(name, "created_at") == 0)
        return "created_time";
    if (renamed && strcmp(name, "updated_at") == 0)
        return "updated_time";
    return name;
}

/* Every value of every row, of the tables and columns that `schema` has. */
static char *dump(const zq_schema *schema, bool renamed)
{
    ZQ_AUTO_BUF(all);
    size_t n;
    const zq_table **tables = tables_of(schema, &n);

    for (size_t i = 0; i < n; i++) {
        ZQ_AUTO_BUF(sql);
        zq_err err = {0};
        zq_rows rows;

        zq_buf_str(&sql, "SELECT ");
        for (size_t c = 0; c < tables[i]->n_columns; c++)
            zq_buf_printf(&sql, "%s`%s`", c > 0 ? ", " : "",
                          name_now(tables[i]->columns[c].name, renamed));
        zq_buf_printf(&sql, " FROM `%s` ORDER BY 1, 2", tables[i]->name);
        cr_assert_eq(live_query(db, zq_buf_text(&sql), NULL, 0, arena, &rows, &err), ZQ_OK, "%s %s",
                     err.message, err.detail);
        cr_assert_eq(rows.n, ROWS, "%s", tables[i]->name);
        for (size_t r = 0; r < rows.n; r++) {
            zq_buf_printf(&all, "%s:", tables[i]->name);
            for (size_t c = 0; c < rows.n_columns; c++)
                zq_buf_printf(&all, " %s", zq_rows_at(&rows, r, c) ? zq_rows_at(&rows, r, c) : "-");
            zq_buf_char(&all, '\n');
        }
    }
    return zq_arena_strdup(arena, zq_buf_text(&all));
}

static void expect_rows(const char *table, const char *condition)
{
    char *n = live_value(
        db, zq_arena_printf(arena, "SELECT COUNT(*) FROM `%s` WHERE %s", table, condition));

    cr_expect_eq(atoi(n), ROWS, "%s: %s holds for %s rows", table, condition, n);
    free(n);
}

/* What 0.3.0 has and 0.2.0 has not, in the rows that were there. */
static void check_filled(void)
{
    const zq_schema *old = release_schemas[0], *new = release_schemas[1];

    for (size_t i = 0; i < old->n_tables; i++) {
        const zq_table *was = old->tables[i], *parsed = zq_schema_table(new, was->name);
        bool at = zq_table_column(was, "created_at") != NULL;

        if (zq_table_is_family(was))
            continue;
        if (zq_table_column(was, "created_by") == NULL)
            expect_rows(parsed->name, "created_by IS NULL AND updated_by IS NULL");
        if (zq_table_column(was, "updated_at") == NULL &&
            zq_table_column(was, "updated_time") == NULL &&
            (at || zq_table_column(was, "created_time") != NULL))
            expect_rows(parsed->name,
                        "updated_time = created_time AND created_time < '2025-01-01'");
    }
    expect_rows("zq_app_role_permissions",
                "created_time = updated_time AND ABS(TIMESTAMPDIFF(SECOND, created_time, NOW())) "
                "< 600");
    expect_rows("zq_task_task_executions",
                "progress_percent = 0 AND current_item IS NULL AND total_items = 0 AND "
                "processed_items = 0 AND estimated_end_time IS NULL AND is_paused = 0 AND "
                "terminate_requested = 0");
    expect_rows("zq_quant_factor_definitions",
                "factor_type = '\xE5\x8D\x95\xE5\x9B\xA0\xE5\xAD\x90'");
    expect_rows("zq_stats_apisync", "data_source IS NULL AND api_interface IS NULL AND "
                                    "api_data_count IS NULL");
}

Test(revisions, up_and_down_and_up_again_keeps_every_row_the_older_release_can_hold)
{
    char *before;

    set_up("revisions_rows");
    walk("base", "0001", ZQ_UP);
    make_members(release_schemas[0]);
    fill(release_schemas[0]);
    before = dump(release_schemas[0], false);
    cr_assert_not_null(strstr(before, "zq_data_tustock_daily_x_9: 3 "));

    walk("0001", "0002", ZQ_UP);
    assert_same(zq_arena_strdup(arena, before), dump(release_schemas[0], true), "at 0.3.0");
    check_filled();
    walk("0002", "0003", ZQ_UP);
    assert_same(zq_arena_strdup(arena, before), dump(release_schemas[0], true), "at 0.4.0");
    walk("0003", "0001", ZQ_DOWN);
    assert_same(zq_arena_strdup(arena, before), dump(release_schemas[0], false), "at 0.2.0");
    assert_release(0, "down with rows");
    walk("0001", "0003", ZQ_UP);
    assert_same(zq_arena_strdup(arena, before), dump(release_schemas[0], true), "at 0.4.0 again");
    assert_release(2, "up again with rows");

    /* Rows that the newest release made: what each older one can hold stays. */
    fill(release_schemas[2]);
    before = dump(release_schemas[1], false);
    walk("0003", "0002", ZQ_DOWN);
    assert_same(zq_arena_strdup(arena, before), dump(release_schemas[1], false), "back at 0.3.0");
    before = dump(release_schemas[0], true);
    walk("0002", "0001", ZQ_DOWN);
    assert_same(before, dump(release_schemas[0], false), "back at 0.2.0");
    tear_down();
}

ZQ_LIVE_MAIN
