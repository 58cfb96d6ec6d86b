/* A rehearsal: what it says, that the real database is only read, and that nothing is left. */
#include "own_revision.h"
#include "run/scratch.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DAILY "zq_data_tustock_daily_"

static program_result rehearse(const char *option)
{
    const char *const words[] = {"zquant-migrate", "rehearse", "--dir", ".", option, NULL};

    return program_run(words, NULL);
}

static void expect_rehearsed(const char *option, const char *wanted)
{
    program_result r = rehearse(option);

    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_expect_not_null(strstr(r.out, wanted), "wanted: %s\nsaid: %s", wanted, r.out);
    program_free(&r);
}

/* Other tests rehearse on the same server: what is looked for is of this database. */
static int count_left(void)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_db) db = cli_open();
    const char *const *names;
    zq_err err = {0};
    size_t n;
    int found = 0;

    cr_assert_eq(zq_scratch_list(db, arena, &names, &n, &err), ZQ_OK);
    for (size_t i = 0; i < n; i++) {
        char *has = live_value(db, zq_arena_printf(arena,
                                                   "SELECT 1 FROM information_schema.TABLES WHERE "
                                                   "TABLE_SCHEMA = '%s' AND TABLE_NAME = "
                                                   "'zq_rehearsal'",
                                                   names[i]));
        char *of = has == NULL ? NULL
                               : live_value(db, zq_arena_printf(arena,
                                                                "SELECT of_database FROM "
                                                                "`%s`.zq_rehearsal",
                                                                names[i]));

        free(has);

        found += of != NULL && strcmp(of, cli_database()) == 0;
        free(of);
    }
    return found;
}

static void begin(void)
{
    own_begin("rehearse");
    cli_change("CREATE TABLE zq_own (id int PRIMARY KEY, a varchar(50), b int) ENGINE=InnoDB;"
               "INSERT INTO zq_own VALUES (1, 'x', 1), (2, 'y', 2), (3, 'z', 3)");
}

TestSuite(rehearse, .init = begin, .fini = cli_end);

Test(rehearse, it_runs_up_and_back_and_the_real_database_is_only_read)
{
    char *before;
    program_result r;

    cli_change("CREATE TABLE " DAILY "600001 (id int PRIMARY KEY, y int) ENGINE=InnoDB;"
               "CREATE TABLE " DAILY "600002 LIKE " DAILY "600001;"
               "CREATE TABLE " DAILY "600003 (id int PRIMARY KEY) ENGINE=InnoDB");
    own_write("ALTER TABLE zq_own ADD COLUMN c int;\n"
              "ALTER TABLE zq_own MODIFY a varchar(20);\n"
              "UPDATE zq_own SET c = b;\n"
              "-- zq:family zq_data_tustock_daily\n"
              "ALTER TABLE {table} ADD INDEX ix_{code}_y (y);\n-- zq:end",
              "-- zq:family zq_data_tustock_daily\n"
              "ALTER TABLE {table} DROP INDEX ix_{code}_y;\n-- zq:end\n"
              "ALTER TABLE zq_own MODIFY a varchar(50);\nALTER TABLE zq_own DROP COLUMN c;");
    before = cli_contents();
    r = rehearse("--rows=2");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cli_expect_contents(before);
    cr_expect_eq(count_left(), 0);
    cr_expect_not_null(strstr(r.out, "the downgrade leads back to the tables as they were\n"), "%s",
                       r.out);
    cr_expect_not_null(strstr(r.out, "would block writes for about "), "%s", r.out);
    cr_expect_not_null(strstr(r.err, "has no column 'y'"), "%s", r.err);
    program_free(&r);
}

Test(rehearse, what_was_granted_stands_beside_what_was_foretold)
{
    json_t *document, *step;
    program_result r;

    own_write("ALTER TABLE zq_own ADD COLUMN c int;\nALTER TABLE zq_own MODIFY a varchar(20);\n"
              "ALTER TABLE zq_own ADD INDEX b (b);\nUPDATE zq_own SET b = 1;",
              NULL);
    r = rehearse("--json");
    cr_assert_eq(r.status, 0, "%s", r.err);
    document = json_loads(r.out, 0, NULL);
    cr_assert_not_null(document, "%s", r.out);
    for (size_t i = 0; i < 4; i++) {
        static const char *const ways[][2] = {
            {"INSTANT", "INSTANT"}, {"COPY", "copy or lock"}, {"INPLACE", "INPLACE"}, {NULL, NULL}};

        step = json_array_get(json_object_get(document, "steps"), i);
        for (size_t k = 0; k < 2; k++) {
            const char *said =
                json_string_value(json_object_get(step, k == 0 ? "algorithm" : "granted"));

            if (ways[i][k] == NULL)
                cr_expect_null(said);
            else
                cr_expect_str_eq(said, ways[i][k]);
        }
        cr_expect_eq(json_integer_value(json_object_get(step, "ran")), 1);
    }
    json_decref(document);
    program_free(&r);
    expect_rehearsed(NULL, "'t1' cannot be undone: a test\n");
}

Test(rehearse, a_revision_that_fails_fails_there_and_its_database_goes)
{
    own_write("ALTER TABLE zq_own ADD COLUMN c int;\nALTER TABLE zq_own DROP COLUMN none;", NULL);
    OWN_SAYS(2, "the real database was only read; what failed here would fail there, too",
             "zquant-migrate", "rehearse");
    cr_expect_eq(count_left(), 0);
    cli_expect_value("0", "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                          "DATABASE() AND TABLE_NAME = 'zq_own' AND COLUMN_NAME = 'c'");
}

Test(rehearse, a_downgrade_that_leads_elsewhere_is_told)
{
    own_write("ALTER TABLE zq_own ADD COLUMN c int, ADD INDEX b (b);",
              "ALTER TABLE zq_own DROP COLUMN c;");
    OWN_SAYS(1,
             "after the upgrade: the downgrade does not lead back: 'zq_own' is not what it was "
             "before",
             "zquant-migrate", "rehearse");
    cr_expect_eq(count_left(), 0);
}

Test(rehearse, what_would_really_happen_is_refused_with_its_line)
{
    static const struct {
        const char *statement, *said;
    } cases[] = {
        {"GRANT SELECT ON zq_own TO x", "t1.sql:7: cannot be rehearsed: the statement "},
        {"SET GLOBAL max_error_count = 100", "t1.sql:7: cannot be rehearsed: the statement "},
        {"CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SET @a = 1",
         "t1.sql:7: cannot be rehearsed: the statement changes an event"},
        {"DROP TRIGGER t", "t1.sql:7: cannot be rehearsed: the statement changes a trigger"},
        {"CALL p()",
         "t1.sql:7: cannot be rehearsed: the statement does what cannot be known from its words"},
        {"SELECT 1 INTO OUTFILE '/tmp/x'", "t1.sql:7: cannot be rehearsed: the statement "},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        own_write(zq_arena_printf(zq_arena_open(), "%s;", cases[i].statement), NULL);
        OWN_SAYS(64, cases[i].said, "zquant-migrate", "rehearse");
    }
    cr_expect_eq(count_left(), 0);
}

Test(rehearse, without_the_privilege_it_says_which)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *user = zq_arena_printf(arena, "zqr_%d", (int)getpid());

    own_write("ALTER TABLE zq_own ADD COLUMN c int;", NULL);
    cli_change(zq_arena_printf(arena,
                               "CREATE USER '%s'@'%%' IDENTIFIED BY 'Secret_123', "
                               "'%s'@'localhost' IDENTIFIED BY 'Secret_123';"
                               "GRANT ALL ON `%s`.* TO '%s'@'%%', '%s'@'localhost'",
                               user, user, cli_database(), user, user));
    program_env("DB_USER", user);
    program_env("DB_PASSWORD", "Secret_123");
    OWN_SAYS(77,
             "hint: a rehearsal needs privileges on `zq\\_rehearsal\\_%`.*: 'zquant-init grants' "
             "prints them, with those of zquant-migrate\n",
             "zquant-migrate", "rehearse");
    cli_change(zq_arena_printf(arena, "DROP USER '%s'@'%%', '%s'@'localhost'", user, user));
}

Test(rehearse, what_a_killed_rehearsal_left_goes_with_the_next_and_nothing_else_does)
{
    const char *const words[] = {"zquant-migrate", "rehearse", "--dir", ".", NULL};
    char other[ZQ_SCRATCH_NAME];
    char sql[256];
    pid_t pid;

    own_write("SELECT SLEEP(600);", NULL);
    pid = program_start(words);
    cli_wait_for(1, "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE "
                    "'%SLEEP(600)%' AND DB LIKE 'zq\\_rehearsal\\_%' AND ID <> CONNECTION_ID()");
    cr_expect_eq(count_left(), 1);
    /* Of one that is alive. */
    own_write("ALTER TABLE zq_own ADD COLUMN c int;", NULL);
    expect_rehearsed(NULL, "rehearsal for database ");
    cr_expect_eq(count_left(), 1);
    kill(pid, SIGKILL);
    cr_expect_eq(program_wait(pid), 128 + SIGKILL);
    cli_change("DO 1");
    /* The server ends a statement whose client is gone when it notices. */
    zq_scratch_name(other);
    snprintf(sql, sizeof sql, "CREATE DATABASE `%s`; CREATE TABLE `%s`.theirs (id int)", other,
             other);
    cli_change(sql);
    for (int i = 0; i < 600 && count_left() > 0; i++) {
        program_result r = rehearse("--lock-timeout=5");

        program_free(&r);
    }
    cr_expect_eq(count_left(), 0);
    OWN_SAYS(0, "has the name of a rehearsal, and is left alone because it has no mark of one",
             "zquant-migrate", "rehearse");
    snprintf(sql, sizeof sql, "DROP DATABASE `%s`", other);
    cli_change(sql);
}

ZQ_LIVE_MAIN
