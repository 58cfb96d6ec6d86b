/* Members of families as the application and people make them: indexes in every order, made like
 * each other, copied, changed by hand; and databases that were dumped in the middle of an upgrade.
 * zquant-migrate on real servers. */
#include "killed.h"
#include "old_release.h"
#include "own_revision.h"
#include "sql/sql.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const no_codes[] = {NULL};
static const stocks_ways varied = {.seed = 11,
                                   .shuffled = true,
                                   .charsets = true,
                                   .factors = true,
                                   .like = true,
                                   .copies = true,
                                   .rows = 2};

static zq_db *db;

/* A database of 0.2.0, recorded, with so many stocks in all their variety. */
static void begin(const char *test, int stocks)
{
    cli_begin(test);
    db = live_open();
    old_release_make(db, cli_database(), "0.2.0", no_codes);
    old_release_add_stocks(db, "0.2.0", stocks, &varied);
    SAYS(0, NULL, "zquant-migrate", "adopt");
}

static void end(void)
{
    zq_db_close(db);
    cli_end();
}

#define MIGRATE(status, ...) SAYS(status, NULL, "zquant-migrate", __VA_ARGS__)

Test(variety, members_in_all_their_variety_are_carried_along_and_back, .timeout = 120)
{
    char *old_rows, *rows;

    begin("variety_all", 4);
    old_rows = old_release_rows(db, false);
    MIGRATE(0, "upgrade");
    MIGRATE(0, "downgrade", "0.2.0", "--allow-data-loss");
    rows = old_release_rows(db, false);
    cr_assert_str_eq(rows, old_rows, "a row or a column of the application's was lost");
    free(rows);
    free(old_rows);
    end();
}

/* ---- what is in the way ---- */

#define DAILY "zq_data_tustock_daily_"

Test(variety, each_member_that_is_in_the_way_is_named_and_stops_nobody, .timeout = 120)
{
    program_result r;

    begin("variety_bad", 4);
    live_exec(db, "ALTER TABLE " DAILY "600000 DROP COLUMN created_time;"
                  "ALTER TABLE " DAILY "600001 MODIFY COLUMN open varchar(20);"
                  "ALTER TABLE " DAILY "600002 MODIFY COLUMN id int NOT NULL, DROP PRIMARY KEY;"
                  "CREATE VIEW " DAILY "mine AS SELECT 1 AS one;"
                  "CREATE VIEW " DAILY "view AS SELECT 1 AS one");
    if (live_flavor() == ZQ_MARIADB)
        live_exec(db, "CREATE SEQUENCE " DAILY "seq");
    r = PROGRAM("zquant-migrate", "upgrade", "0.3.0");
    cr_assert_eq(r.status, 1, "%s", r.err);
    cr_assert_not_null(strstr(r.err, ": 1 member of '" DAILY "{code}' is left as it is: has no "
                                     "column 'created_time': '" DAILY "600000'\n"
                                     "zquant-migrate: once that is fixed, '" DAILY
                                     "600000' lacks: ALTER TABLE " DAILY "600000 ADD INDEX "),
                       "%s", r.err);
    cr_assert_not_null(strstr(r.err, ": 1 member of '" DAILY "{code}' has every statement, and "
                                     "differs from revision '0002': column 'open': expected "
                                     "double, NOT NULL, comment '开盘价', found varchar(20), NULL, "
                                     "no comment: '" DAILY "600001'\n"),
                       "%s", r.err);
    cr_assert_not_null(strstr(r.err, "'" DAILY "600002'\n"), "%s", r.err);
    cr_assert_not_null(strstr(r.err, "is left as it is: is a view: '" DAILY "mine'\n"), "%s",
                       r.err);
    cr_assert_null(strstr(r.err, DAILY "view'"), "%s", r.err);
    if (live_flavor() == ZQ_MARIADB)
        cr_assert_not_null(strstr(r.err, "is a sequence: '" DAILY "seq'\n"), "%s", r.err);
    program_free(&r);
    cli_expect_value("0001", "SELECT revision FROM zq_meta_history ORDER BY id DESC LIMIT 1");
    live_exec(db, "DROP VIEW " DAILY "mine;"
                  "ALTER TABLE " DAILY "600001 MODIFY COLUMN open double NOT NULL COMMENT '开盘价';"
                  "DROP TABLE " DAILY "600002");
    if (live_flavor() == ZQ_MARIADB)
        live_exec(db, "DROP SEQUENCE " DAILY "seq");
    MIGRATE(0, "upgrade", "0.3.0", "--leave-members");
    SAYS(0, "was left as it was by revision '0002'; 'zquant-migrate check --against 0.3.0' names",
         "zquant-migrate", "current");
    SAYS(1, "was left as it was by revision '0002'; 'zquant-migrate check --against 0.3.0' names",
         "zquant-init", "status");
    live_exec(db, "DROP TABLE " DAILY "600000");
    EXPECT(0, "", "zquant-migrate", "current");
    end();
}

Test(variety, what_was_left_is_caught_up_with_and_nobody_else_is_touched_again)
{
    own_begin("variety_left");
    db = cli_open();
    own_make_members(4);
    own_write(FAMILY("ALTER TABLE {table} ADD COLUMN z int AFTER y;\n"
                     "UPDATE {table} SET z = x + 1;\n"
                     "ALTER TABLE {table} CHANGE COLUMN z w int;\n"
                     "ALTER TABLE {table} DROP COLUMN w;"),
              NULL);
    live_exec(db, "ALTER TABLE zq_quant_factor_spacex_000001 CHANGE COLUMN y why int");
    OWN_SAYS(1,
             "t1.sql:8: 1 member of 'zq_quant_factor_spacex_{code}' is left as it is: has no "
             "column 'y': 'zq_quant_factor_spacex_000001'\n",
             "zquant-migrate", "upgrade", "--allow-data-loss");
    OWN_SAYS(1, "revision 't1' is done but for 1 member of families, and so is not recorded\n",
             "zquant-migrate", "upgrade", "--allow-data-loss");
    live_exec(db, "ALTER TABLE zq_quant_factor_spacex_000001 CHANGE COLUMN why y int");
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade", "--allow-data-loss");
    cli_expect_number(0, "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                         "DATABASE() AND COLUMN_NAME IN ('z', 'w')");
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
    end();
}

#define ROWS_OF(code) "(SELECT x FROM zq_quant_factor_spacex_" code ")"

/* The later statements could be applied to it. */
Test(variety, who_is_left_is_left_out_of_later_statements_and_only_those_are_visited_again)
{
    static const char with_w[] = "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE "
                                 "TABLE_SCHEMA = DATABASE() AND COLUMN_NAME = 'w'";
    static const char rows[] = "SELECT CONCAT_WS(',', " ROWS_OF("000000") ", " ROWS_OF(
        "000001") ", " ROWS_OF("000002") ")";

    own_begin("variety_later");
    db = cli_open();
    own_make_members(3);
    own_write(FAMILY("ALTER TABLE {table} ADD COLUMN z int AFTER y;\n"
                     "UPDATE {table} SET x = x + 1;\n"
                     "ALTER TABLE {table} ADD COLUMN w int;"),
              NULL);
    live_exec(db, "ALTER TABLE zq_quant_factor_spacex_000001 CHANGE COLUMN y why int");
    for (int i = 0; i < 2; i++) {
        OWN_SAYS(1, "revision 't1' is done but for 1 member of families", "zquant-migrate",
                 "upgrade");
        cli_expect_value("1,0,1", rows);
        cli_expect_number(2, with_w);
    }
    live_exec(db, "ALTER TABLE zq_quant_factor_spacex_000000 DROP COLUMN w;"
                  "ALTER TABLE zq_quant_factor_spacex_000001 CHANGE COLUMN why y int");
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade");
    cli_expect_value("1,1,1", rows);
    cli_expect_number(2, with_w);
    end();
}

Test(variety, what_leaves_no_trace_is_done_once_on_each_member)
{
    own_begin("variety_trace");
    db = cli_open();
    own_make_members(3);
    own_write(FAMILY("ALTER TABLE {table} FORCE;\nTRUNCATE TABLE {table};\n"
                     "CREATE TABLE copy_{code} LIKE {table};"),
              NULL);
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade", "--allow-data-loss", "--allow-locking");
    cli_expect_number(3, "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                         "DATABASE() AND TABLE_NAME LIKE 'copy\\_%'");
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_quant_factor_spacex_000001");
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
    end();
}

Test(variety, a_member_that_vanishes_while_the_step_runs_is_no_reason_to_stop, .timeout = 120)
{
    static const char *const words[] = {"zquant-migrate", "upgrade", "--dir", ".",
                                        "--jobs",         "1",       NULL};
    ZQ_AUTO(zq_db) holder = NULL;
    pid_t pid;

    own_begin("variety_gone");
    db = cli_open();
    own_make_members(4);
    own_write(FAMILY("ALTER TABLE {table} ADD INDEX ix_{table}_x (x);"), NULL);
    holder = cli_hold("SELECT COUNT(*) FROM zq_quant_factor_spacex_000001");
    pid = program_start(words);
    cli_wait_for_other("INFO LIKE '%spacex_000001%ADD INDEX%'");
    live_exec(db, "DROP TABLE zq_quant_factor_spacex_000003");
    live_exec(holder, "COMMIT");
    cr_assert_eq(program_wait(pid), 0);
    own_expect_at("t1");
    end();
}

/* What clears the tables of stocks away. */
static void *drop_all(void *names)
{
    ZQ_AUTO(zq_db) other = cli_open();

    for (char *const *name = names; *name != NULL; name++)
        live_exec(other, *name);
    return NULL;
}

Test(variety, members_that_vanish_one_after_the_other_end_no_look_at_the_database, .timeout = 120)
{
    enum { MEMBERS = 30, LOOKS = 2 };
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    char *drops[MEMBERS + 1] = {NULL};
    pthread_t thread;

    cli_begin("variety_drop");
    EXPECT(0, NULL, "zquant-init", "-q");
    db = cli_open();
    own_make_members(1);
    /* Each with a comment of its own, so that each is read by itself. */
    for (int i = 0; i < MEMBERS; i++) {
        live_exec(db, zq_arena_printf(arena,
                                      "CREATE TABLE zq_quant_factor_spacex_7%05d LIKE "
                                      "zq_quant_factor_spacex_000000;"
                                      "ALTER TABLE zq_quant_factor_spacex_7%05d COMMENT 'no. %d'",
                                      i, i, i));
        drops[i] = zq_arena_printf(arena, "DROP TABLE zq_quant_factor_spacex_7%05d", i);
    }
    cr_assert_eq(pthread_create(&thread, NULL, drop_all, drops), 0);
    for (int i = 0; i < LOOKS; i++) {
        program_result r = PROGRAM("zquant-migrate", "check");

        cr_assert_leq(r.status, 1, "%s", r.err);
        program_free(&r);
    }
    pthread_join(thread, NULL);
    live_exec(db, "DROP TABLE zq_quant_factor_spacex_000000");
    EXPECT(0, "", "zquant-migrate", "check", "-q");
    end();
}

/* ---- dumped in the middle of an upgrade ---- */

/* The other engine, when its server is there too. */
static zq_db *open_other(void)
{
    const bool mysql = live_flavor() == ZQ_MYSQL;
    const char *port = getenv(mysql ? "ZQ_TEST_MARIADB_PORT" : "ZQ_TEST_MYSQL_PORT");
    zq_target target = live_target();
    zq_db *other = NULL;

    if (port == NULL)
        return NULL;
    target.port = (unsigned)atoi(port);
    cr_assert_eq(zq_db_open(&target, &other, NULL), ZQ_OK);
    return other;
}

/* Load one table as a client loads a dump: its definition as this server shows it, and its rows. */
static void load_table(zq_db *to, const char *table)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_SQL(sql);
    zq_rows shown, rows;
    const char *text;

    cr_assert_eq(live_query(db, zq_arena_printf(arena, "SHOW CREATE TABLE `%s`", table), NULL, 0,
                            arena, &shown, NULL),
                 ZQ_OK);
    live_exec(to, zq_rows_at(&shown, 0, 1));
    cr_assert_eq(live_query(db, zq_arena_printf(arena, "SELECT * FROM `%s`", table), NULL, 0, arena,
                            &rows, NULL),
                 ZQ_OK);
    if (rows.n == 0)
        return;
    zq_sql_lit(&sql, "INSERT INTO ");
    zq_sql_ident(&sql, table);
    for (size_t r = 0; r < rows.n; r++) {
        zq_sql_rawz(&sql, r == 0 ? " VALUES (" : ", (");
        for (size_t c = 0; c < rows.n_columns; c++) {
            if (c > 0)
                zq_sql_lit(&sql, ", ");
            zq_sql_str(&sql, zq_rows_at(&rows, r, c));
        }
        zq_sql_lit(&sql, ")");
    }
    cr_assert_eq(zq_sql_finish(&sql, &text, NULL), ZQ_OK);
    live_exec(to, text);
}

static void load_dump(zq_db *to, const char *database)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_rows tables;

    live_exec(to, zq_arena_printf(arena, "DROP DATABASE IF EXISTS `%s`", database));
    live_make_database(to, database);
    live_exec(to, "SET foreign_key_checks = 0");
    cr_assert_eq(live_query(db,
                            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                            "DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
                            NULL, 0, arena, &tables, NULL),
                 ZQ_OK);
    for (size_t i = 0; i < tables.n; i++)
        load_table(to, zq_rows_at(&tables, i, 0));
}

static const char *const upgrade[] = {"zquant-migrate", "upgrade", NULL};

/* The upgrade is completed in what was loaded, on that server. */
static void complete_in(zq_db *to, const char *database, const char *unharmed)
{
    const zq_target here = live_target();
    char port[16], there[16];
    char *rows;

    snprintf(port, sizeof port, "%u", here.port);
    snprintf(there, sizeof there, "%s",
             getenv((zq_db_server(to)->flavor == ZQ_MYSQL) ? "ZQ_TEST_MYSQL_PORT"
                                                           : "ZQ_TEST_MARIADB_PORT"));
    program_env("DB_NAME", database);
    program_env("DB_PORT", there);
    MIGRATE(0, "upgrade");
    rows = old_release_rows(to, true);
    cr_assert_str_eq(rows, unharmed);
    free(rows);
    program_env("DB_NAME", cli_database());
    program_env("DB_PORT", port);
}

static void drop_views(void)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_rows views;

    cr_assert_eq(live_query(db,
                            "SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = "
                            "DATABASE()",
                            NULL, 0, arena, &views, NULL),
                 ZQ_OK);
    for (size_t i = 0; i < views.n; i++)
        live_exec(db, zq_arena_printf(arena, "DROP VIEW `%s`", zq_rows_at(&views, i, 0)));
}

/* A database of 0.2.0, recorded: our own, and in turns one of the application's where that is at
 * hand, without its views, which a dump of tables does not have. */
static void make_source(int round)
{
    if (round % 2 == 1 && old_release_load_sample(db, cli_database(), "0.2.0")) {
        drop_views();
    } else {
        old_release_make(db, cli_database(), "0.2.0", no_codes);
        old_release_add_stocks(db, "0.2.0", 2, &varied);
    }
    MIGRATE(0, "adopt");
}

Test(variety, dumped_at_any_moment_and_loaded_here_or_on_the_other_server_it_is_resumed,
     .timeout = 7200) /* scripts/soak has it long */
{
    const char *times = getenv("ZQ_TEST_KILLS"); /* set by scripts/soak */
    const int rounds = times != NULL ? atoi(times) / 5 : 2;
    unsigned takes_ms = 0, kills = 0;
    ZQ_AUTO(zq_db) other = open_other();
    ZQ_AUTO(zq_db) same = live_open();
    char loaded[80];
    char *unharmed[2];

    killed_seed();
    begin("variety_dump", 2);
    snprintf(loaded, sizeof loaded, "%s_l", cli_database());
    for (int i = 0; i < 2; i++) {
        make_source(i);
        takes_ms = killed_takes(upgrade);
        unharmed[i] = old_release_rows(db, true);
    }
    for (int round = 0; round < rounds || kills == 0; round++) {
        cr_assert_lt(round, rounds + KILLED_TRIES, "every run was faster than its kill");
        make_source(round);
        kills += killed_within(upgrade, takes_ms);
        if (times != NULL || other == NULL || round % 2 == 0) {
            load_dump(same, loaded);
            complete_in(same, loaded, unharmed[round % 2]);
        }
        if (other != NULL && (times != NULL || round % 2 == 1)) {
            load_dump(other, loaded);
            complete_in(other, loaded, unharmed[round % 2]);
        }
    }
    live_drop(loaded);
    if (other != NULL) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();

        live_exec(other, zq_arena_printf(arena, "DROP DATABASE `%s`", loaded));
    }
    free(unharmed[0]);
    free(unharmed[1]);
    end();
}

Test(variety, killed_among_members_in_all_their_variety_it_ends_as_an_unharmed_run_does,
     .timeout = 7200) /* scripts/soak has it long */
{
    const char *times = getenv("ZQ_TEST_KILLS"); /* set by scripts/soak */
    const int rounds = times != NULL ? atoi(times) / 3 : 1;
    unsigned takes_ms, kills = 0;
    char *unharmed, *rows;

    killed_seed();
    begin("variety_kill", 2);
    takes_ms = killed_takes(upgrade);
    unharmed = old_release_rows(db, true);
    for (int round = 0; round < rounds || kills == 0; round++) {
        cr_assert_lt(round, rounds + KILLED_TRIES, "every run was faster than its kill");
        old_release_make(db, cli_database(), "0.2.0", no_codes);
        old_release_add_stocks(db, "0.2.0", 2, &varied);
        MIGRATE(0, "adopt");
        for (int i = 0; i < 3; i++)
            kills += killed_within(upgrade, takes_ms);
        MIGRATE(0, "upgrade");
        rows = old_release_rows(db, true);
        cr_assert_str_eq(rows, unharmed);
        free(rows);
        cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
    }
    fprintf(stderr, "%u kills\n", kills);
    free(unharmed);
    end();
}

ZQ_LIVE_MAIN
