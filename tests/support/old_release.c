#include "old_release.h"

#include "base/buf.h"
#include "live.h"
#include "model/canon.h"
#include "model/family.h"
#include "program.h"
#include "release.h"
#include "stocks.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const zq_schema *schema_of(const char *release, zq_arena *arena)
{
    const zq_schema *schema = NULL;
    zq_err err = {0};

    for (size_t i = 0; i < zq_n_releases; i++) {
        if (strcmp(zq_releases[i].name, release) == 0)
            cr_assert_eq(zq_canon_parse(zq_release_text(&zq_releases[i]),
                                        strlen(zq_release_text(&zq_releases[i])), arena, &schema,
                                        &err),
                         ZQ_OK, "%s", err.message);
    }
    cr_assert_not_null(schema, "%s", release);
    return schema;
}

static void make_table(zq_db *db, const zq_table *table)
{
    ZQ_AUTO_BUF(rows);

    live_make_table(db, table);
    zq_buf_printf(&rows, "INSERT INTO `%s` VALUES ", table->name);
    for (int row = 1; row <= 2; row++) {
        zq_buf_str(&rows, row > 1 ? ", (" : "(");
        for (size_t i = 0; i < table->n_columns; i++) {
            zq_buf_str(&rows, i > 0 ? ", " : "");
            stocks_write_value(&rows, &table->columns[i], row);
        }
        zq_buf_char(&rows, ')');
    }
    live_exec(db, zq_buf_text(&rows));
}

static void make_collated(zq_db *db, const zq_table *table, const char *collation)
{
    zq_table copy = *table;

    if (collation != NULL)
        copy.collation = collation;
    make_table(db, &copy);
}

static void add_members(zq_db *db, const zq_schema *schema, const char *code, const char *collation)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 0; i < schema->n_tables; i++) {
        if (zq_table_is_family(schema->tables[i]))
            make_collated(db, zq_family_member(arena, schema->tables[i], code), collation);
    }
}

void old_release_add_members(zq_db *db, const char *release, const char *code)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    add_members(db, schema_of(release, arena), code, NULL);
}

void old_release_add_stocks(zq_db *db, const char *release, int n, const stocks_ways *ways)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_schema *schema = schema_of(release, arena);
    ZQ_AUTO_BUF(sql);

    for (int stock = 0; stock < n; stock++)
        cr_assert_eq(stocks_write(&sql, schema, stock, ways, NULL), ZQ_OK);
    sql.length -= 2; /* the last ";\n" */
    live_exec(db, zq_buf_text(&sql));
}

void old_release_make_collated(zq_db *db, const char *name, const char *release,
                               const char *const *codes, const char *collation)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_schema *schema = schema_of(release, arena);

    live_drop(name);
    live_make_database(db, name);
    live_exec(db, "SET foreign_key_checks = 0");
    for (size_t i = 0; i < schema->n_tables; i++) {
        if (!zq_table_is_family(schema->tables[i]))
            make_collated(db, schema->tables[i], collation);
    }
    for (size_t i = 0; codes[i] != NULL; i++)
        add_members(db, schema, codes[i], collation);
    live_exec(db, "SET foreign_key_checks = 1");
}

void old_release_make(zq_db *db, const char *name, const char *release, const char *const *codes)
{
    old_release_make_collated(db, name, release, codes, NULL);
}

bool old_release_load_sample(zq_db *db, const char *name, const char *release)
{
    char path[512], command[600];
    program_result dump, run;

    snprintf(path, sizeof path, "%s/../shared/samples/zquant-%s-%s.sql.gz", ZQ_SOURCE_DIR, release,
             live_flavor_name());
    if (access(path, R_OK) != 0)
        return false;
    live_drop(name);
    live_make_database(db, name);
    /* Its views are of an account that is not there. */
    snprintf(command, sizeof command, "zcat '%s' | sed -E 's/DEFINER=[^ ]+//'", path);
    dump = program_run((const char *const[]){"/bin/sh", "-c", command, NULL}, NULL);
    run = program_mysql(name, dump.out);
    cr_assert_eq(run.status, 0, "%s", run.err);
    program_free(&dump);
    program_free(&run);
    return true;
}

/* ---- what is there ---- */

char *old_release_rows(zq_db *db, bool without_times)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(out);
    zq_rows tables;
    zq_err err = {0};

    live_exec(db, "SET SESSION group_concat_max_len = 1000000");
    cr_assert_eq(
        live_query(
            db,
            zq_arena_printf(
                arena,
                "SELECT TABLE_NAME, GROUP_CONCAT(CONCAT('`', COLUMN_NAME, '`') ORDER BY "
                "ORDINAL_POSITION) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() "
                "AND TABLE_NAME NOT LIKE 'zq\\_meta\\_%%' AND TABLE_NAME LIKE 'zq\\_%%' %s "
                "GROUP BY TABLE_NAME ORDER BY CAST(TABLE_NAME AS BINARY)",
                without_times
                    ? "AND COLUMN_NAME NOT LIKE '%\\_time' AND COLUMN_NAME NOT LIKE '%\\_at'"
                    : ""),
            NULL, 0, arena, &tables, &err),
        ZQ_OK, "%s %s", err.message, err.detail);
    for (size_t i = 0; i < tables.n; i++) {
        const char *table = zq_rows_at(&tables, i, 0);
        const char *sql = zq_arena_printf(arena, "SELECT %s FROM `%s` ORDER BY 1, 2",
                                          zq_rows_at(&tables, i, 1), table);

        zq_rows rows;

        zq_buf_printf(&out, "== %s %s\n", table, zq_rows_at(&tables, i, 1));
        cr_assert_eq(live_query(db, sql, NULL, 0, arena, &rows, &err), ZQ_OK, "%s %s", err.message,
                     err.detail);
        for (size_t k = 0; k < rows.n * rows.n_columns; k++)
            zq_buf_printf(&out, "%s|%s", rows.values[k] == NULL ? "NULL" : rows.values[k],
                          (k + 1) % rows.n_columns == 0 ? "\n" : "");
    }
    return strdup(zq_buf_text(&out));
}
