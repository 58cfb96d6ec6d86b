/* Revision files of the user's own (--dir): zquant-init knows them too. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define CREATE "CREATE TABLE zq_own (id int PRIMARY KEY);"

/* No database, and a revision of the user's own. */
static void begin(const char *test, const char *upgrade)
{
    cli_begin(test);
    own_write(upgrade, "DROP TABLE zq_own;");
}

static void expect_history(const char *wanted)
{
    cli_expect_value(wanted, "SELECT GROUP_CONCAT(CONCAT(operation, ' ', revision) ORDER BY id) "
                             "FROM zq_meta_history");
}

Test(own_revisions, a_fresh_install_goes_on_to_them_when_that_is_asked_for)
{
    begin("own_fresh", CREATE);
    OWN_SAYS(0, "is ready at revision t1 (on top of zquant 0.4.0)\n", "zquant-init", "--upgrade");
    OWN_SAYS(0, "is ready at revision t1 (on top of zquant 0.4.0), nothing to do\n", "zquant-init");
    OWN_SAYS(0, "", "zquant-init", "status");
    OWN_SAYS(0, "", "zquant-migrate", "check");
    expect_history("install 0003,upgrade t1");
    cli_end();
}

Test(own_revisions, one_that_is_pending_is_told_with_the_next_command)
{
    begin("own_pending", CREATE);
    for (int i = 0; i < 2; i++)
        OWN_SAYS(1,
                 "and 't1' is pending\n"
                 "hint: run 'zquant-migrate upgrade --dir .', or this again with --upgrade\n",
                 "zquant-init");
    OWN_SAYS(1, "hint: run 'zquant-migrate upgrade --dir .'\n", "zquant-init", "status");
    OWN_SAYS(1, "revision '0003' is recorded, and 't1' is pending\n", "zquant-migrate", "check");
    OWN_SAYS(0, "is at revision t1\n", "zquant-migrate", "upgrade");
    OWN_SAYS(0, "nothing to do\n", "zquant-init");
    cli_end();
}

Test(own_revisions, a_database_at_one_that_is_not_known_is_told_how_to_make_it_known)
{
    static const char *const commands[][3] = {
        {"zquant-init", NULL}, {"zquant-init", "status", NULL}, {"zquant-migrate", "check", NULL}};

    begin("own_unknown", CREATE);
    OWN_SAYS(0, "", "zquant-init", "--upgrade");
    for (size_t i = 0; i < ZQ_LEN(commands); i++)
        cli_expect_said(
            1,
            "hint: use the build that made revision 't1', or a newer one; if its file is your "
            "own, name the file's folder with --dir; where nobody has it any more, run "
            "'zquant-migrate stamp REV --allow-unknown'\n",
            commands[i]);
    cli_end();
}

/* The password that was made up must not be lost with what comes after it. */
Test(own_revisions, one_that_fails_leaves_a_database_that_is_gone_on_with)
{
    program_result r;

    begin("own_fails", "CREATE TABLE zq_own (id nonsense);");
    r = PROGRAM("zquant-init", "--upgrade", "--dir", ".");
    cr_assert_eq(r.status, 2, "%s", r.err);
    cr_assert_not_null(strstr(r.err, "the password of 'admin', shown only now: "), "%s", r.err);
    cr_assert_not_null(strstr(r.err, "t1.sql:7: cannot run 'CREATE TABLE zq_own (id nonsense)': "),
                       "%s", r.err);
    cr_assert_not_null(
        strstr(r.err, "hint: fix the cause, then run 'zquant-init --upgrade --dir .'"), "%s",
        r.err);
    program_free(&r);
    own_write(CREATE, "DROP TABLE zq_own;");
    OWN_SAYS(0, "is ready at revision t1", "zquant-init", "--upgrade");
    expect_history("install 0003,upgrade t1");
    cli_end();
}

/* A consent that was given, and the address: else the next command asks for it again, or goes to
 * another database. */
Test(own_revisions, the_next_command_has_what_this_one_was_given)
{
    const char *port = live_env("PORT", "");
    char hint[512];

    cli_begin("own_again");
    EXPECT(0, NULL, "zquant-init", "--quiet", "--no-admin");
    own_write("DROP TABLE zq_own;", NULL);
    program_env("DB_NAME", "");
    program_env("DB_PORT", "");
    snprintf(hint, sizeof hint,
             "\nhint: bring it back, or correct its name in the file, then run 'zquant-migrate "
             "upgrade --port %s --database %s --config \"./o ther.ini\" --dir . "
             "--allow-data-loss --allow-locking --max-errors 3' again\n",
             port, cli_database());
    program_file("o ther.ini", "", 0644);
    OWN_SAYS(1, hint, "zquant-migrate", "upgrade", "-P", port, "-D", cli_database(), "--config",
             "./o ther.ini", "--allow-data-loss", "--allow-locking", "--max-errors", "3", "--wait",
             "1", "--jobs", "2", "-v");
    program_env_live(cli_database());
    own_write("CREATE TABLE zq_own (id nonsense);", NULL);
    cli_change("DELETE FROM zq_meta_journal");
    OWN_SAYS(2,
             "\nhint: fix the cause, then run 'zquant-init --upgrade --no-admin --dir .' again; "
             "'zquant-migrate "
             "resume --dir .' shows the ways out\n",
             "zquant-init", "--upgrade", "--no-admin");
    cli_end();
}

Test(own_revisions, many_starters_on_an_empty_server_all_succeed)
{
    enum { STARTERS = 8 };
    pid_t pids[STARTERS];

    begin("own_many", CREATE);
    for (int i = 0; i < STARTERS; i++)
        pids[i] =
            program_start((const char *const[]){"zquant-init", "--upgrade", "--dir", ".", NULL});
    for (int i = 0; i < STARTERS; i++)
        cr_assert_eq(program_wait(pids[i]), 0);
    expect_history("install 0003,upgrade t1");
    cli_end();
}

/* Standard output, as one line. `wanted` has the database's name put in. */
static void json_is(const char *wanted, const char *const *words)
{
    program_result r = program_run(words, NULL);
    char text[256];
    json_t *have, *want;

    snprintf(text, sizeof text, wanted, cli_database());
    have = json_loads(r.out, 0, NULL);
    want = json_loads(text, 0, NULL);
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert(have != NULL && json_equal(have, want), "%s", r.out);
    json_decref(have);
    json_decref(want);
    program_free(&r);
}
#define expect_json(wanted, ...) \
    json_is((wanted),            \
            (const char *const[]){"zquant-migrate", __VA_ARGS__, "--json", "--dir", ".", NULL})

Test(own_revisions, another_schema_than_the_file_says_is_told_with_the_way_out)
{
    own_begin("own_schema_id");
    program_file("t1.sql",
                 "-- revision: t1\n-- revises: 0003\n-- title: a test\n"
                 "-- created: 2026-01-04T00:00:00Z\n"
                 "-- schema-id: 8f44e55f167ea01a66121097f23f5e814d7f09bfe437c37298a00e66ca869d8f\n"
                 "-- zq:upgrade\n-- zq:irreversible a test\n",
                 0644);
    OWN_SAYS(1,
             "hint: fix the differences and run 'zquant-migrate upgrade --dir .', or take it as "
             "it is with 'zquant-migrate stamp --dir . t1'\n",
             "zquant-migrate", "upgrade");
    expect_json("{\"database\": \"%s\", \"revision\": \"t1\", \"dry_run\": true}", "stamp", "t1",
                "--dry-run");
    expect_json("{\"database\": \"%s\", \"revision\": \"t1\", \"dry_run\": false}", "stamp", "t1");
    expect_json("{\"database\": \"%s\", \"adopted\": false, \"revision\": \"t1\"}", "adopt");
    OWN_SAYS(0, "nothing to do\n", "zquant-migrate", "upgrade");
    cli_end();
}

/* That it was not is seen before the first statement, and not again by the run that continues. */
Test(own_revisions, a_database_that_was_not_exact_before_need_not_be_after_a_run_that_was_cut_short)
{
    own_begin("own_as_found");
    cli_change("ALTER TABLE zq_quant_position ADD COLUMN drift int");
    program_file("t1.sql",
                 "-- revision: t1\n-- revises: 0003\n-- title: a test\n"
                 "-- created: 2026-01-04T00:00:00Z\n"
                 "-- schema-id: 8f44e55f167ea01a66121097f23f5e814d7f09bfe437c37298a00e66ca869d8f\n"
                 "-- zq:upgrade\nCREATE TABLE zq_t_a (id int);\n"
                 "ALTER TABLE zq_t_none ADD COLUMN x int;\n-- zq:irreversible a test\n",
                 0644);
    program_env("LC_ALL", "zh_CN.UTF-8");
    OWN_SAYS(2, "'0003' 应有的不完全一致：zq_quant_position: 列 'drift' 不应存在：int, NULL\n",
             "zquant-migrate", "upgrade");
    program_env("LC_ALL", "");
    OWN_SAYS(2, "t1.sql:8: cannot run", "zquant-migrate", "upgrade");
    cli_change("CREATE TABLE zq_t_none (id int)");
    OWN_SAYS(0, "the schema is not exactly that of revision 't1', and was not before",
             "zquant-migrate", "upgrade");
    own_expect_at("t1");
    cli_end();
}

/* The very first revision, of which no row of the history tells yet. */
Test(own_revisions, a_first_one_that_was_cut_short_is_told_with_the_command_that_completes_it)
{
    static const char *const commands[][5] = {
        {"zquant-init", "--no-admin", NULL},
        {"zquant-migrate", "adopt", NULL},
        {"zquant-migrate", "current", NULL},
    };
    ZQ_AUTO(zq_db) db = NULL;

    cli_begin("own_first");
    db = live_open();
    live_make_database(db, cli_database());
    cli_change("CREATE TABLE mine (id int PRIMARY KEY, f int, CONSTRAINT zq_app_apikeys_ibfk_1 "
               "FOREIGN KEY (f) REFERENCES mine (id))");
    SAYS(2, "0001_zquant_0_2_0.sql:41: cannot run 'CREATE TABLE zq_app_apikeys", "zquant-migrate",
         "upgrade");
    cli_change("DROP TABLE mine");
    for (size_t i = 0; i < ZQ_LEN(commands); i++)
        cli_expect_said(1,
                        "the upgrade to revision '0001' was cut short, and must be completed "
                        "first\nhint: run 'zquant-migrate upgrade 0001'; 'zquant-migrate resume' "
                        "shows what was done, and the ways out\n",
                        commands[i]);
    SAYS(0, "is at revision 0003", "zquant-migrate", "upgrade");
    cli_end();
}

/* ---- batches ---- */

#define BATCH(key, statement) \
    "-- zq:batch table=zq_k key=" key " size=2\n" statement " WHERE {range};\n-- zq:end"

static void expect_keys(const char *wanted)
{
    cli_expect_value(wanted, "SELECT GROUP_CONCAT(n ORDER BY i SEPARATOR '') FROM zq_k");
}

/* 7 rows: i counts, c is `text`. */
static void begin_batch(const char *test, const char *type, const char *text)
{
    char sql[512];

    snprintf(sql, sizeof sql,
             "CREATE TABLE zq_k (i int PRIMARY KEY, c %s, n int NOT NULL DEFAULT 0, KEY (c));"
             "INSERT INTO zq_k (i, c) SELECT i, %s FROM (SELECT 1 AS i UNION SELECT 2 UNION SELECT "
             "3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7) some",
             type, text);
    own_begin(test);
    cli_change(sql);
}

static void expect_each_once(const char *statement)
{
    own_write(statement, "");
    OWN_SAYS(0, "is at revision t1\n", "zquant-migrate", "upgrade");
    expect_keys("1111111");
    OWN_SAYS(0, "", "zquant-migrate", "downgrade", "0003");
}

#define BY_C BATCH("c", "UPDATE zq_k SET n = n + 1")

Test(own_revisions, a_batch_reaches_the_rows_whose_key_is_null_too)
{
    begin_batch("own_null", "int", "IF(i < 4, NULL, i)");
    expect_each_once(BY_C);
    cli_change("UPDATE zq_k SET c = NULL, n = 0");
    expect_each_once(BY_C);
    cli_end();
}

Test(own_revisions, a_batch_compares_text_as_text_even_where_it_is_digits)
{
    begin_batch("own_digits", "varchar(9)", "IF(i = 3, 'x', CONCAT('00', i * 4))");
    expect_each_once(BY_C);
    cli_end();
}

Test(own_revisions, a_batch_does_not_go_by_bytes)
{
    begin_batch("own_bytes", "binary(4)", "UNHEX(LPAD(HEX(i), 8, 0))");
    own_write(BY_C, NULL);
    OWN_SAYS(65,
             "column 'c' of 'zq_k' cannot be the key: batches go by text, whole numbers, decimals "
             "and times\n",
             "zquant-migrate", "upgrade");
    expect_keys("0000000");
    cli_end();
}

static void expect_other_refused(const char *upgrade)
{
    own_write(upgrade, NULL);
    OWN_SAYS(
        1,
        "t1.sql:8: cannot continue: the batches that stood here are done up to key '4', and the "
        "file has another statement now\n"
        "hint: restore the file; or undo what they did, run 'zquant-migrate resume --dir . "
        "--repeat 1', then 'zquant-migrate upgrade --dir .'\n",
        "zquant-migrate", "upgrade");
    expect_keys("1111000");
}

Test(own_revisions, batches_that_are_half_done_are_not_forgotten_when_the_file_changes)
{
    begin_batch("own_half", "int", "i");
    cli_change("ALTER TABLE zq_k ADD CHECK (i <> 5 OR n < 1)");
    own_write(BATCH("i", "UPDATE zq_k SET n = n + 1"), NULL);
    OWN_SAYS(2, "t1.sql:8: cannot run 'UPDATE zq_k SET n = n + 1 WHERE {range}'", "zquant-migrate",
             "upgrade");
    expect_keys("1111000");
    expect_other_refused(BY_C);
    expect_other_refused(BATCH("i", "UPDATE zq_k SET n = n + 2"));
    expect_other_refused(FAMILY("ALTER TABLE {table} ADD z int;"));
    cli_change("UPDATE zq_k SET n = -1 WHERE i = 5");
    own_write(BATCH("i", "UPDATE zq_k SET n = n + 1"), NULL);
    OWN_SAYS(0, "is at revision t1\n", "zquant-migrate", "upgrade");
    expect_keys("1111011");
    cli_end();
}

ZQ_LIVE_MAIN
