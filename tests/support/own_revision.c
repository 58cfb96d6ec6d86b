#include "own_revision.h"

#include <criterion/criterion.h>
#include <stdio.h>

void own_begin(const char *test)
{
    cli_begin(test);
    program_env("ZQUANT_NO_ADMIN", "yes");
    EXPECT(0, NULL, "zquant-init", "--quiet");
}

void own_write(const char *upgrade, const char *downgrade)
{
    char text[4096];
    int length =
        snprintf(text, sizeof text,
                 "-- revision: t1\n-- revises: 0003\n-- title: a test\n"
                 "-- created: 2026-01-04T00:00:00Z\n\n-- zq:upgrade\n%s\n\n%s\n",
                 upgrade, downgrade != NULL ? "-- zq:downgrade" : "-- zq:irreversible a test");

    if (downgrade != NULL)
        length += snprintf(text + length, sizeof text - (size_t)length, "%s\n", downgrade);
    cr_assert_lt((size_t)length, sizeof text);
    program_file("t1.sql", text, 0644);
}

void own_expect_at(const char *revision)
{
    cli_expect_value(revision, "SELECT revision FROM zq_meta_history ORDER BY id DESC LIMIT 1");
}

static void make_member(zq_db *db, const char *code)
{
    char sql[256];

    snprintf(sql, sizeof sql,
             "CREATE TABLE zq_quant_factor_spacex_%s (id int PRIMARY KEY, x int, y int);"
             "INSERT INTO zq_quant_factor_spacex_%s VALUES (1, 0, 0)",
             code, code);
    live_exec(db, sql);
}

void own_make_member(const char *code)
{
    ZQ_AUTO(zq_db) db = cli_open();

    make_member(db, code);
}

void own_make_members(int n)
{
    ZQ_AUTO(zq_db) db = cli_open();

    for (int i = 0; i < n; i++) {
        char code[16];

        snprintf(code, sizeof code, "%06d", i);
        make_member(db, code);
    }
}
