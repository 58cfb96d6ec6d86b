/* Families, locks and a user who stops it: zquant-migrate on real servers. */
#include "live.h"
#include "old_release.h"
#include "program.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MEMBERS = 30 };

static const char *database;
static zq_db *db;

/* A database at head with members of one family. */
static void begin(const char *test)
{
    char sql[512];

    database = live_database(test);
    db = live_open();
    program_env_reset();
    program_env_live(database);
    program_env("ZQUANT_NO_ADMIN", "yes");
    {
        program_result r = PROGRAM("zquant-init", "--quiet");

        cr_assert_eq(r.status, 0, "%s", r.err);
        program_free(&r);
    }
    snprintf(sql, sizeof sql, "USE `%s`", database);
    live_exec(db, sql);
    for (int i = 0; i < MEMBERS; i++) {
        snprintf(sql, sizeof sql,
                 "CREATE TABLE zq_quant_factor_spacex_%06d (id int PRIMARY KEY, x int, y int)", i);
        live_exec(db, sql);
    }
}

static void end(void)
{
    zq_db_close(db);
    live_drop(database);
}

static void write_revision(const char *statements)
{
    char text[2048];

    snprintf(text, sizeof text,
             "-- revision: f1\n-- revises: 0003\n-- title: a family\n"
             "-- created: 2026-01-04T00:00:00Z\n\n-- zq:upgrade\n"
             "-- zq:family zq_quant_factor_spacex\n%s\n-- zq:end\n\n-- zq:downgrade\n"
             "-- zq:family zq_quant_factor_spacex\n"
             "ALTER TABLE {table} DROP INDEX ix_{table}_x;\n-- zq:end\n",
             statements);
    program_file("f1_family.sql", text, 0644);
}

static program_result upgrade(const char *option, const char *value)
{
    if (option == NULL)
        return PROGRAM("zquant-migrate", "upgrade", "--dir", program_dir());
    return PROGRAM("zquant-migrate", "upgrade", "--dir", program_dir(), option, value);
}

static int count_indexed(void)
{
    char *value = live_value(db, "SELECT COUNT(*) FROM information_schema.STATISTICS WHERE "
                                 "TABLE_SCHEMA = DATABASE() AND INDEX_NAME LIKE "
                                 "'ix\\_zq\\_quant\\_factor\\_spacex\\_%\\_x'");
    int n = atoi(value);

    free(value);
    return n;
}

static void assert_revision(const char *expected)
{
    char *revision =
        live_value(db, "SELECT revision FROM zq_meta_history ORDER BY id DESC LIMIT 1");

    cr_assert_str_eq(revision, expected);
    free(revision);
}

#define ADD_INDEX "ALTER TABLE {table} ADD INDEX ix_{table}_x (x);"

Test(upgrade_family, runs_on_every_member_over_several_connections)
{
    program_result r;

    begin("family_all");
    write_revision(ADD_INDEX);
    r = upgrade("--jobs", "4");
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    cr_assert_eq(count_indexed(), MEMBERS);
    assert_revision("f1");
    end();
}

Test(upgrade_family, a_mistake_is_found_on_one_member_and_may_be_mended_in_the_file)
{
    program_result r;

    begin("family_canary");
    write_revision("ALTER TABLE {table} ADD INDEX ix_{table}_x (nothing);");
    r = upgrade(NULL, NULL);
    cr_assert_eq(r.status, 2, "%s", r.err);
    cr_assert_not_null(strstr(r.err, "f1_family.sql:8: cannot run the statement on "
                                     "'zq_quant_factor_spacex_000000': the server refused the "
                                     "statement: Key column 'nothing' doesn't exist in table "
                                     "(1072)\nhint: mend the cause, then run 'zquant-migrate "
                                     "upgrade --dir "),
                       "%s", r.err);
    program_free(&r);
    write_revision(ADD_INDEX);
    r = upgrade(NULL, NULL);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    cr_assert_eq(count_indexed(), MEMBERS);
    end();
}

/* Rows in the way of a unique index, on two members. */
static void spoil(void)
{
    live_exec(db, "INSERT INTO zq_quant_factor_spacex_000007 VALUES (1, 1, 1), (2, 1, 1);"
                  "INSERT INTO zq_quant_factor_spacex_000009 VALUES (1, 1, 1), (2, 1, 1)");
}

Test(upgrade_family, the_first_failure_stops_it_and_more_are_borne_by_max_errors)
{
    program_result r;

    begin("family_errors");
    spoil();
    write_revision("ALTER TABLE {table} ADD UNIQUE INDEX ix_{table}_x (x);");
    r = upgrade("--jobs", "1");
    cr_assert_eq(r.status, 2, "%s", r.err);
    cr_assert_not_null(strstr(r.err, "cannot run the statement on 'zq_quant_factor_spacex_000007'"),
                       "%s", r.err);
    program_free(&r);
    cr_assert_eq(count_indexed(), 7);
    r = upgrade("--max-errors", "5");
    cr_assert_eq(r.status, 2, "%s", r.err);
    cr_assert_not_null(strstr(r.err, "f1_family.sql:8: the statement failed on 2 members"), "%s",
                       r.err);
    program_free(&r);
    cr_assert_eq(count_indexed(), MEMBERS - 2);
    assert_revision("0003");
    live_exec(db, "UPDATE zq_quant_factor_spacex_000007 SET x = id;"
                  "UPDATE zq_quant_factor_spacex_000009 SET x = id");
    r = upgrade(NULL, NULL);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    cr_assert_eq(count_indexed(), MEMBERS);
    assert_revision("f1");
    end();
}

static pid_t start_upgrade(const char *lock_wait)
{
    const char *const words[] = {"zquant-migrate", "upgrade", "--dir",  program_dir(),
                                 "--lock-wait",    lock_wait, "--jobs", "2",
                                 "--lock-timeout", "60",      NULL};

    return program_start(words);
}

static void wait_ms(unsigned ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    nanosleep(&pause, NULL);
}

/* Wait until `n` members are done, a minute at most. */
static void wait_for_indexed(int n)
{
    for (int i = 0; i < 600 && count_indexed() < n; i++)
        wait_ms(100);
    cr_assert_geq(count_indexed(), n);
}

Test(upgrade_family, a_member_that_appears_meanwhile_is_done_too, .timeout = 120)
{
    ZQ_AUTO(zq_db) holder = NULL;
    pid_t pid;
    char sql[128];

    begin("family_new");
    write_revision(ADD_INDEX);
    holder = live_open();
    snprintf(sql, sizeof sql, "USE `%s`", database);
    live_exec(holder, sql);
    /* The last member is held, so that the step is under way for as long as we like. */
    live_exec(holder, "START TRANSACTION; SELECT COUNT(*) FROM zq_quant_factor_spacex_000029");
    pid = start_upgrade("1");
    wait_for_indexed(MEMBERS - 1);
    live_exec(db, "CREATE TABLE zq_quant_factor_spacex_000003a (id int PRIMARY KEY, x int, y int)");
    live_exec(holder, "COMMIT");
    cr_assert_eq(program_wait(pid), 0);
    cr_assert_eq(count_indexed(), MEMBERS + 1);
    assert_revision("f1");
    end();
}

Test(upgrade_family, a_lock_is_waited_for_shortly_again_and_again_and_its_holder_is_named,
     .timeout = 120)
{
    ZQ_AUTO(zq_db) holder = NULL;
    program_result r;
    char sql[128];

    begin("family_lock");
    write_revision(ADD_INDEX);
    holder = live_open();
    snprintf(sql, sizeof sql, "USE `%s`", database);
    live_exec(holder, sql);
    live_exec(holder, "START TRANSACTION; SELECT COUNT(*) FROM zq_quant_factor_spacex_000000");
    r = PROGRAM("zquant-migrate", "upgrade", "--dir", program_dir(), "--lock-wait", "1",
                "--lock-timeout", "3");
    cr_assert_eq(r.status, 75, "%s", r.err);
    snprintf(sql, sizeof sql, "connection %llu of", zq_db_connection_id(holder));
    cr_assert_not_null(strstr(r.err, "waiting for a lock on 'zq_quant_factor_spacex_000000' ("),
                       "%s", r.err);
    cr_assert_not_null(strstr(r.err, sql), "%s", r.err);
    cr_assert_not_null(strstr(r.err, "hint: run 'zquant-migrate upgrade --dir "), "%s", r.err);
    cr_assert_not_null(strstr(r.err, "' to go on, or allow more time with --lock-timeout\n"), "%s",
                       r.err);
    program_free(&r);
    live_exec(holder, "COMMIT");
    r = upgrade(NULL, NULL);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    cr_assert_eq(count_indexed(), MEMBERS);
    end();
}

Test(upgrade_family, a_user_who_stops_it_is_told_how_to_go_on, .timeout = 120)
{
    ZQ_AUTO(zq_db) holder = NULL;
    program_result r;
    pid_t pid;
    char sql[128];

    begin("family_stop");
    write_revision(ADD_INDEX);
    holder = live_open();
    snprintf(sql, sizeof sql, "USE `%s`", database);
    live_exec(holder, sql);
    live_exec(holder, "START TRANSACTION; SELECT COUNT(*) FROM zq_quant_factor_spacex_000015");
    pid = start_upgrade("2");
    wait_for_indexed(10);
    kill(pid, SIGINT);
    cr_assert_eq(program_wait(pid), 2);
    cr_assert_lt(count_indexed(), MEMBERS);
    assert_revision("0003");
    live_exec(holder, "COMMIT");
    r = upgrade(NULL, NULL);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    cr_assert_eq(count_indexed(), MEMBERS);
    end();
}

/* ---- what needs more than INPLACE ---- */

Test(upgrade_family, what_copies_a_table_is_refused_without_allow_locking)
{
    program_result r;

    begin("family_copy");
    program_file(
        "f1_family.sql",
        "-- revision: f1\n-- revises: 0003\n-- title: a copy\n"
        "-- created: 2026-01-04T00:00:00Z\n\n-- zq:upgrade\n"
        "ALTER TABLE zq_app_configs MODIFY COLUMN created_by text;\n"
        "-- zq:downgrade\n"
        "ALTER TABLE zq_app_configs MODIFY COLUMN created_by varchar(50) COMMENT '创建人';\n",
        0644);
    r = upgrade(NULL, NULL);
    cr_assert_eq(r.status, 64, "%s", r.err);
    cr_assert_not_null(strstr(r.err, "f1_family.sql:7: copies 'zq_app_configs': column "
                                     "'created_by' becomes text, from varchar(50)\n"
                                     "hint: choose a quiet time, then say --allow-locking\n"),
                       "%s", r.err);
    program_free(&r);
    r = PROGRAM("zquant-migrate", "upgrade", "--dir", program_dir(), "--allow-locking");
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    assert_revision("f1");
    end();
}

ZQ_LIVE_MAIN
