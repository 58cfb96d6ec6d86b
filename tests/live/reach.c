/* What a statement changes by way of others: functions that it calls, triggers, views. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>

static void begin(void)
{
    own_begin("reach");
    cli_change("CREATE TABLE kept (a int); CREATE TABLE log (a int) ENGINE = MyISAM; "
               "CREATE TABLE t (id int PRIMARY KEY, a int); INSERT INTO t VALUES (1, 1); "
               "CREATE TABLE hit (id int PRIMARY KEY, a int); "
               "CREATE TABLE gate (x int); INSERT INTO gate VALUES (0); "
               "CREATE FUNCTION plus(x int) RETURNS int DETERMINISTIC NO SQL RETURN x + 1; "
               "CREATE FUNCTION keeps(x int) RETURNS int DETERMINISTIC MODIFIES SQL DATA "
               "BEGIN INSERT INTO kept VALUES (x); RETURN x; END; "
               "CREATE FUNCTION jots(x int) RETURNS int DETERMINISTIC MODIFIES SQL DATA "
               "BEGIN DECLARE v int DEFAULT plus(x); INSERT INTO log VALUES (v); RETURN x; END; "
               "CREATE FUNCTION calls(x int) RETURNS int DETERMINISTIC RETURN jots(x); "
               "CREATE FUNCTION loses(x int) RETURNS int DETERMINISTIC MODIFIES SQL DATA "
               "BEGIN DELETE FROM kept; RETURN x; END; "
               "CREATE PROCEDURE wipes() DELETE FROM t; "
               "CREATE PROCEDURE dynamic() BEGIN PREPARE s FROM 'DO 1'; EXECUTE s; END; "
               "CREATE VIEW plain AS SELECT id, a FROM t; "
               "CREATE VIEW logging AS SELECT jots(a) AS a FROM t; "
               "CREATE VIEW deeper AS SELECT a FROM logging; "
               "CREATE VIEW onto AS SELECT a FROM log; "
               "CREATE TRIGGER hit_d AFTER DELETE ON hit FOR EACH ROW DELETE FROM kept; "
               "CREATE TRIGGER hit_u AFTER UPDATE ON hit FOR EACH ROW INSERT INTO log VALUES (1)");
}

TestSuite(reach, .init = begin, .fini = cli_end, .timeout = 120);

#define LOG_THROUGH(what)                                                                        \
    "changes rows of 'log' through " what ", and MyISAM has no transactions: if the connection " \
    "is lost, they may be changed twice"

static const struct {
    const char *statements;
    const char *what; /* NULL: it needs no consent */
    const char *option;
} cases[] = {
    {"SELECT plus(1);", NULL, NULL},
    {"SELECT keeps(1);", NULL, NULL},
    {"SELECT jots(1);", LOG_THROUGH("the function 'jots'"), "unknown"},
    {"DO 1, calls(1);", LOG_THROUGH("the function 'jots'"), "unknown"},
    {"SET @a = calls(1);", LOG_THROUGH("the function 'jots'"), "unknown"},
    {"SELECT JOTS(1) INTO @a;", LOG_THROUGH("the function 'jots'"), "unknown"},
    {"UPDATE t SET a = jots(1);", LOG_THROUGH("the function 'jots'"), "unknown"},
    {"CREATE TABLE made AS SELECT jots(1) AS a;", LOG_THROUGH("the function 'jots'"), "unknown"},
    {"SELECT loses(1);", "deletes rows of 'kept' through the function 'loses'", "data-loss"},
    {"CALL wipes();", "what the procedure 'wipes' does cannot be known", "unknown"},
    {"SELECT * FROM plain;", NULL, NULL},
    {"SELECT * FROM logging;", LOG_THROUGH("the function 'jots'"), "unknown"},
    {"SELECT MAX(a) FROM (SELECT a FROM deeper) d;", LOG_THROUGH("the function 'jots'"), "unknown"},
    {"INSERT INTO t SELECT a, a FROM deeper;", LOG_THROUGH("the function 'jots'"), "unknown"},
    {"UPDATE plain SET a = 1;", NULL, NULL},
    {"UPDATE onto SET a = 1;", LOG_THROUGH("the view 'onto'"), "unknown"},
    /* triggers, for what the statement does */
    {"INSERT INTO hit VALUES (1, 1);", LOG_THROUGH("the trigger 'hit_u'"), "unknown"},
    {"UPDATE hit SET a = 1;", LOG_THROUGH("the trigger 'hit_u'"), "unknown"},
    {"DELETE FROM hit;", "deletes rows of 'hit'", "data-loss"},
    {"UPDATE t JOIN hit ON t.id = hit.id SET hit.a = 1;", LOG_THROUGH("the trigger 'hit_u'"),
     "unknown"},
    {"UPDATE t JOIN hit ON t.id = hit.id SET t.a = 1;", NULL, NULL},
    /* made on the way */
    {"CREATE FUNCTION own(x int) RETURNS int DETERMINISTIC RETURN jots(x);\nSELECT own(1);",
     LOG_THROUGH("the function 'jots'"), "unknown"},
    {"SELECT own(1);\nCREATE FUNCTION own(x int) RETURNS int DETERMINISTIC RETURN jots(x);", NULL,
     NULL},
    {"CREATE TABLE mine (a int) ENGINE = MyISAM;\nCREATE TRIGGER own BEFORE UPDATE ON t FOR EACH "
     "ROW INSERT INTO mine VALUES (1);\nUPDATE t SET a = 2;",
     "changes rows of 'mine' through the trigger 'own'", "unknown"},
    {"CREATE EVENT own ON SCHEDULE EVERY 1 DAY DO DELETE FROM t;",
     "deletes rows of 't' through the event 'own'", "data-loss"},
    {"CREATE EVENT own ON SCHEDULE EVERY 1 DAY DO CALL dynamic();",
     "what the procedure 'dynamic' does cannot be known", "unknown"},
    {"CREATE EVENT own ON SCHEDULE EVERY 1 DAY DO SET @a = plus(1);", NULL, NULL},
};

Test(reach, what_stands_in_the_bodies_that_a_statement_runs_asks_for_its_consent)
{
    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        program_result r;

        own_write(cases[i].statements, NULL);
        r = PROGRAM("zquant-migrate", "upgrade", "--dry-run", "--dir", ".");
        cr_expect_eq(r.status, 0, "%s: %s", cases[i].statements, r.err);
        if (cases[i].what == NULL)
            cr_expect_null(strstr(r.out, ": needs "), "%s\ngave %s", cases[i].statements, r.out);
        else
            cr_expect_not_null(strstr(r.out, cases[i].what), "%s\ngave %s", cases[i].statements,
                               r.out);
        if (cases[i].option != NULL)
            cr_expect_not_null(strstr(strstr(r.out, ": needs --allow-"), cases[i].option),
                               "%s\ngave %s", cases[i].statements, r.out);
        program_free(&r);
    }
    own_write("SELECT loses(1);\nSELECT jots(1);", NULL);
    OWN_SAYS(64,
             "./t1.sql:7: deletes rows of 'kept' through the function 'loses': ", "zquant-migrate",
             "upgrade");
}

Test(reach, a_call_asks_for_what_its_procedure_loses_too)
{
    own_write("CALL wipes();", NULL);
    OWN_SAYS(64, "./t1.sql:7: deletes rows of 't' through the procedure 'wipes'\n",
             "zquant-migrate", "upgrade", "--allow-unknown");
}

/* The row of the journal of a SELECT goes with what the SELECT has changed. */
Test(reach, a_function_that_changes_rows_runs_once_though_the_run_is_killed_behind_it)
{
    zq_db *holder = cli_hold("SELECT * FROM gate FOR UPDATE");
    pid_t pid;
    int id;

    own_write("SELECT keeps(1);\nSET @a = keeps(2);\nSELECT keeps(@a + 1) INTO @b;\n"
              "SELECT x FROM gate WHERE x >= 0 FOR UPDATE;\nINSERT INTO kept VALUES (@b + 1);",
              NULL);
    pid = program_start((const char *const[]){"zquant-migrate", "upgrade", "--dir", ".", NULL});
    id = cli_wait_for_other("INFO LIKE 'SELECT x FROM gate WHERE%'");
    kill(pid, SIGKILL);
    program_wait(pid);
    cli_cut(id);
    zq_db_close(holder);
    OWN_SAYS(0, "is at revision t1\n", "zquant-migrate", "upgrade");
    cli_expect_value("1,2,3,4", "SELECT GROUP_CONCAT(a ORDER BY a) FROM kept");
}

Test(reach, a_script_for_what_nobody_can_know_needs_the_same_consent)
{
    own_write("SELECT keeps(1);", NULL);
    OWN_SAYS(64,
             "./t1.sql:7: what 'keeps' does cannot be known\n"
             "hint: make sure that there is a backup, then say --allow-unknown\n",
             "zquant-migrate", "upgrade", "--sql", "0003:head");
    OWN_SAYS(0, "the script does what cannot be known in 1 statement; the first, ./t1.sql:7,",
             "zquant-migrate", "upgrade", "--sql", "0003:head", "--allow-unknown");
    own_write("CREATE FUNCTION own(x int) RETURNS int DETERMINISTIC RETURN x;\n"
              "WITH RECURSIVE n (i) AS (SELECT 1) SELECT own(i), COUNT(*) FROM n;",
              NULL);
    OWN_SAYS(0, "", "zquant-migrate", "upgrade", "--sql", "0003:head");
}

/* Rows of other tables that a key takes along are in the same transaction. */
Test(reach, rows_that_a_key_takes_along_are_changed_once)
{
    zq_db *holder;
    pid_t pid;
    int id;

    cli_change("CREATE TABLE child (id int, n int DEFAULT 0, FOREIGN KEY (id) REFERENCES t (id) ON "
               "UPDATE CASCADE ON DELETE CASCADE); INSERT INTO child (id) VALUES (1)");
    holder = cli_hold("SELECT * FROM gate FOR UPDATE");
    own_write("UPDATE t SET id = id + 10;\nUPDATE gate SET x = x + 1;\nDELETE FROM t;", NULL);
    pid = program_start((const char *const[]){"zquant-migrate", "upgrade", "--allow-data-loss",
                                              "--dir", ".", NULL});
    id = cli_wait_for_other("INFO LIKE 'UPDATE gate%'");
    cli_expect_number(11, "SELECT id FROM child");
    kill(pid, SIGKILL);
    program_wait(pid);
    cli_cut(id);
    zq_db_close(holder);
    OWN_SAYS(0, "is at revision t1\n", "zquant-migrate", "upgrade", "--allow-data-loss");
    cli_expect_number(0, "SELECT COUNT(*) FROM child");
    cli_expect_number(1, "SELECT x FROM gate");
}

ZQ_LIVE_MAIN
