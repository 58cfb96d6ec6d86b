/* DDL on triggers, routines, events, views, sequences, databases and accounts, cut short: each is
 * known by itself, whatever others do beside it, and whatever changes by itself. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void begin(void)
{
    own_begin("objects");
    cli_change("CREATE TABLE zq_t_one (id int PRIMARY KEY, a int, b int) ENGINE=InnoDB");
}

TestSuite(objects, .init = begin, .fini = cli_end, .timeout = 120);

#define UPGRADE "zquant-migrate", "upgrade", "--allow-data-loss"

/* A value of the database that has its name in it, for what lives beside databases. */
static const char *named(const char *sql)
{
    static char text[8][1024];
    static unsigned at;
    const char *mark = strstr(sql, "@@");
    char *out = text[at++ % 8];

    if (mark == NULL)
        return sql;
    snprintf(out, sizeof text[0], "%.*s%s%s", (int)(mark - sql), sql, cli_database(), mark + 2);
    return strstr(out, "@@") != NULL ? named(out) : out;
}

#define OF_SCHEMA(table, column) \
    "SELECT COUNT(*) FROM information_schema." table " WHERE " column "_SCHEMA = DATABASE()"

typedef struct object_case {
    const char *before; /* what is there */
    const char *statement;
    const char *undo;
    const char *count; /* is different before and after it */
    bool mariadb_only;
} object_case;

static const object_case cases[] = {
    {NULL, "CREATE TRIGGER g BEFORE INSERT ON zq_t_one FOR EACH ROW SET NEW.a = 1;",
     "DROP TRIGGER g", OF_SCHEMA("TRIGGERS", "TRIGGER") " AND TRIGGER_NAME = 'g'"},
    {"CREATE TRIGGER g BEFORE INSERT ON zq_t_one FOR EACH ROW SET NEW.a = 1", "DROP TRIGGER g;",
     "CREATE TRIGGER g /* again */ BEFORE INSERT ON `zq_t_one` FOR EACH ROW SET NEW.a = 1",
     OF_SCHEMA("TRIGGERS", "TRIGGER") " AND TRIGGER_NAME = 'g'"},
    {NULL, "CREATE PROCEDURE p() COMMENT 'x' SET @a = 1;", "DROP PROCEDURE p",
     OF_SCHEMA("ROUTINES", "ROUTINE") " AND ROUTINE_NAME = 'p'"},
    {"CREATE PROCEDURE p() SET @a = 1", "ALTER PROCEDURE p COMMENT 'y';",
     "ALTER PROCEDURE p COMMENT ''",
     OF_SCHEMA("ROUTINES", "ROUTINE") " AND ROUTINE_NAME = 'p' AND ROUTINE_COMMENT = 'y'"},
    {"CREATE PROCEDURE p() SET @a = 1; CREATE FUNCTION p() RETURNS int NO SQL RETURN 1",
     "DROP FUNCTION p;", "CREATE FUNCTION p() RETURNS int NO SQL RETURN 1",
     OF_SCHEMA("ROUTINES", "ROUTINE") " AND ROUTINE_NAME = 'p'"},
    {NULL, "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SET @a = 1;", "DROP EVENT e",
     OF_SCHEMA("EVENTS", "EVENT") " AND EVENT_NAME = 'e'"},
    {"CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SET @a = 1", "ALTER EVENT e RENAME TO f;",
     "ALTER EVENT f RENAME TO e", OF_SCHEMA("EVENTS", "EVENT") " AND EVENT_NAME = 'f'"},
    {NULL, "CREATE VIEW v AS SELECT * FROM zq_t_one;", "DROP VIEW v",
     OF_SCHEMA("VIEWS", "TABLE") " AND TABLE_NAME = 'v'"},
    {"CREATE VIEW v AS SELECT 1 AS a; CREATE VIEW u AS SELECT 1 AS a", "DROP VIEW v, u;",
     "CREATE VIEW u AS SELECT 2 AS a", OF_SCHEMA("VIEWS", "TABLE") " AND TABLE_NAME IN ('v', 'u')"},
    {NULL, "CREATE SEQUENCE s;", "DROP SEQUENCE s",
     OF_SCHEMA("TABLES", "TABLE") " AND TABLE_NAME = 's'", true},
    {"CREATE SEQUENCE s; CREATE SEQUENCE t", "DROP SEQUENCE s, t;",
     "CREATE SEQUENCE s; CREATE SEQUENCE t",
     OF_SCHEMA("TABLES", "TABLE") " AND TABLE_NAME IN ('s', 't')", true},
    {NULL, "CREATE DATABASE @@_x;", "DROP DATABASE @@_x",
     "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '@@_x'"},
    {NULL, "CREATE USER 'zqt_a'@'localhost', zqt_b;", "DROP USER 'zqt_a'@'localhost', zqt_b",
     "SELECT COUNT(*) FROM mysql.user WHERE User IN ('zqt_a', 'zqt_b')"},
    {"CREATE USER zqt_a", "RENAME USER zqt_a TO zqt_c@localhost;",
     "RENAME USER zqt_c@localhost TO zqt_a",
     "SELECT COUNT(*) FROM mysql.user WHERE User = 'zqt_c'"},
    {"CREATE ROLE zqt_r", "DROP ROLE zqt_r;", "CREATE ROLE zqt_r",
     "SELECT COUNT(*) FROM mysql.user WHERE User = 'zqt_r'"},
};

/* The first statement of two was under way; the second cannot be done. */
static void let_it_be_under_way(void)
{
    cli_change("UPDATE zq_meta_journal SET state = 'started', after_digest = NULL WHERE step = 1; "
               "DELETE FROM zq_meta_journal WHERE step = 2");
}

static void others_work(unsigned n)
{
    char sql[512];

    snprintf(sql, sizeof sql,
             "CREATE TRIGGER zq_g%u BEFORE UPDATE ON zq_t_one FOR EACH ROW SET NEW.b = 1; "
             "CREATE PROCEDURE zq_p%u() SET @b = 1; CREATE EVENT zq_e%u ON SCHEDULE EVERY 1 DAY "
             "DO SET @b = 1",
             n, n, n);
    cli_change(sql);
}

static void clean_up(void)
{
    cli_change(named(
        "DROP TABLE zq_t_one; DROP PROCEDURE IF EXISTS p; DROP FUNCTION IF EXISTS p; DROP EVENT IF "
        "EXISTS e; DROP EVENT IF EXISTS f; DROP VIEW IF EXISTS v; DROP VIEW IF EXISTS u; DROP "
        "TABLE "
        "IF EXISTS s; DROP TABLE IF EXISTS t; DROP DATABASE IF EXISTS @@_x; DROP USER IF EXISTS "
        "zqt_a, zqt_a@localhost, zqt_b, zqt_c@localhost; DROP ROLE IF EXISTS zqt_r; DROP PROCEDURE "
        "zq_p1; DROP PROCEDURE zq_p2; DROP EVENT zq_e1; DROP EVENT zq_e2; DELETE FROM "
        "zq_meta_journal; CREATE TABLE zq_t_one (id int PRIMARY KEY, a int, b int) ENGINE=InnoDB"));
}

static void try_case(const object_case *c)
{
    const char *count = named(c->count);
    char text[1024];
    int before, after;

    snprintf(text, sizeof text, "%s\nALTER TABLE zq_t_none ADD COLUMN x int;", named(c->statement));
    if (c->before != NULL)
        cli_change(named(c->before));
    before = cli_number(count);
    own_write(text, NULL);
    OWN_SAYS(2, "t1.sql:8: cannot run", UPGRADE);
    after = cli_number(count);
    cr_assert_neq(before, after, "%s", c->statement);
    /* It has happened. */
    let_it_be_under_way();
    others_work(1);
    OWN_SAYS(2, "t1.sql:8: cannot run", UPGRADE);
    cli_expect_value("done", "SELECT state FROM zq_meta_journal WHERE step = 1");
    cli_expect_number(after, count);
    /* It has not, or not all of it. */
    let_it_be_under_way();
    cli_change(named(c->undo));
    others_work(2);
    OWN_SAYS(2, "t1.sql:8: cannot run", UPGRADE);
    cli_expect_number(after, count);
    clean_up();
}

Test(objects, each_is_known_by_itself_when_a_run_was_cut_short)
{
    for (size_t i = 0; i < ZQ_LEN(cases); i++)
        if (!cases[i].mariadb_only || live_flavor() == ZQ_MARIADB)
            try_case(&cases[i]);
}

Test(objects, what_changes_by_itself_stops_nobody)
{
    own_write("CREATE EVENT e ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 1 YEAR DO SET @a = 1;\n"
              "CREATE EVENT f ON SCHEDULE EVERY 1 DAY DO SET @a = 1;\n"
              "CREATE VIEW v AS SELECT * FROM zq_t_one;\n"
              "ALTER TABLE zq_t_one RENAME COLUMN a TO c;\n"
              "CREATE TRIGGER g BEFORE INSERT ON zq_t_one FOR EACH ROW SET NEW.b = 1;\n"
              "DROP TABLE zq_t_one;\n"
              "ALTER TABLE zq_t_none ADD COLUMN x int;",
              NULL);
    OWN_SAYS(2, "t1.sql:13: cannot run", UPGRADE);
    cli_change("DROP EVENT e; ALTER EVENT f DISABLE"); /* its time has come */
    OWN_SAYS(2, "t1.sql:13: cannot run", UPGRADE);
    cli_change("DROP EVENT f");
    OWN_SAYS(
        1,
        "t1.sql:8: cannot continue: 'f' is as before the statement, which was done: it was undone",
        UPGRADE);
}

Test(objects, whether_an_event_that_is_gone_has_run_is_for_people_to_say)
{
    own_write("CREATE EVENT e ON SCHEDULE AT CURRENT_TIMESTAMP DO SET @a = 1;\n"
              "ALTER TABLE zq_t_none ADD COLUMN x int;",
              NULL);
    OWN_SAYS(2, "t1.sql:8: cannot run", UPGRADE);
    let_it_be_under_way();
    cli_change("DROP EVENT IF EXISTS e");
    OWN_SAYS(1,
             "t1.sql:7: cannot continue: a run was cut short at 'CREATE EVENT e ON SCHEDULE AT "
             "CURRENT_TIMESTAMP DO SET @a = 1', and 'e' may look the same after it: that does not "
             "say whether it has happened\nhint: look: if it has, run 'zquant-migrate resume --dir "
             ". --accept 1', if not 'zquant-migrate resume --dir . --repeat 1'; then ",
             UPGRADE);
    OWN_SAYS(0, "step 1 of revision 't1' is taken as done\n", "zquant-migrate", "resume",
             "--accept", "1");
    OWN_SAYS(2, "t1.sql:8: cannot run", UPGRADE);
}

/* ---- for each member ---- */

typedef struct member_case {
    const char *before;
    const char *statement;
    const char *undo; /* what it did for the last of three */
    const char *count;
    int n;
} member_case;

static const member_case member_cases[] = {
    {NULL, "CREATE TABLE copy_{code} AS SELECT * FROM {table};", "DROP TABLE copy_000002",
     OF_SCHEMA("TABLES", "TABLE") " AND TABLE_NAME LIKE 'copy%'", 3},
    {"CREATE TABLE copy_000000 (a int); CREATE TABLE copy_000001 (a int); CREATE TABLE copy_000002 "
     "(a int)",
     "DROP TABLE copy_{code};", "CREATE TABLE copy_000002 (a int)",
     OF_SCHEMA("TABLES", "TABLE") " AND TABLE_NAME LIKE 'copy%'", 0},
    {NULL, "ALTER TABLE zq_t_one ADD COLUMN c_{code} int;",
     "ALTER TABLE zq_t_one DROP COLUMN c_000002",
     OF_SCHEMA("COLUMNS", "TABLE") " AND TABLE_NAME = 'zq_t_one'", 6},
    {NULL, "CREATE TRIGGER t_{code} BEFORE INSERT ON {table} FOR EACH ROW SET NEW.y = 7;",
     "DROP TRIGGER t_000002", OF_SCHEMA("TRIGGERS", "TRIGGER"), 3},
    {NULL, "CREATE VIEW v_{code} AS SELECT * FROM {table};", "DROP VIEW v_000002",
     OF_SCHEMA("VIEWS", "TABLE"), 3},
};

/* The last member was under way. */
static void let_a_member_be_under_way(void)
{
    cli_change("UPDATE zq_meta_journal SET state = 'started', after_digest = NULL WHERE step = 1 "
               "OR position = 'zq_quant_factor_spacex_000002'; DELETE FROM zq_meta_journal WHERE "
               "step = 2");
}

Test(objects, what_is_made_for_each_member_is_made_once)
{
    own_make_members(3);
    for (size_t i = 0; i < ZQ_LEN(member_cases); i++) {
        const member_case *c = &member_cases[i];
        char text[512];

        snprintf(text, sizeof text,
                 "-- zq:family zq_quant_factor_spacex\n%s\n-- zq:end\nALTER TABLE zq_t_none ADD "
                 "COLUMN x int;",
                 c->statement);
        if (c->before != NULL)
            cli_change(c->before);
        own_write(text, NULL);
        OWN_SAYS(2, "t1.sql:10: cannot run", UPGRADE);
        cli_expect_number(c->n, c->count);
        let_a_member_be_under_way();
        OWN_SAYS(2, "t1.sql:10: cannot run", UPGRADE);
        cli_expect_number(c->n, c->count);
        let_a_member_be_under_way();
        cli_change(c->undo);
        OWN_SAYS(2, "t1.sql:10: cannot run", UPGRADE);
        cli_expect_number(c->n, c->count);
        cli_change("DELETE FROM zq_meta_journal; DROP TABLE IF EXISTS copy_000000, copy_000001, "
                   "copy_000002");
    }
}

Test(objects, a_family_does_not_make_members_of_its_own)
{
    own_make_member("000001");
    own_write(FAMILY("CREATE TABLE {table}_copy LIKE {table};"), NULL);
    OWN_SAYS(
        65,
        "t1.sql:8: cannot run the statement on 'zq_quant_factor_spacex_000001': "
        "'zq_quant_factor_spacex_000001_copy' would be a member of the family itself: begin the "
        "names of such tables otherwise, 'copy_{code}' for example",
        UPGRADE);
}

ZQ_LIVE_MAIN
