/* What stands in a revision comes out of its script as it does online, whichever client runs it. */
#include "base/buf.h"
#include "own_revision.h"
#include "ways.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMBERS                                                                              \
    "CREATE TABLE zq_quant_factor_spacex_000001 (id int PRIMARY KEY, x int, t varchar(50));" \
    "CREATE TABLE zq_quant_factor_spacex_000002 (id int PRIMARY KEY, x int, t varchar(50));" \
    "INSERT INTO zq_quant_factor_spacex_000001 VALUES (1, 0, '');"                           \
    "INSERT INTO zq_quant_factor_spacex_000002 VALUES (1, 0, ''), (2, 0, '')"

#define KEYS(type, values)                                                   \
    "CREATE TABLE t_k (k " type " NULL, n int NOT NULL DEFAULT 0, KEY (k));" \
    "INSERT INTO t_k (k) VALUES " values ", (NULL), (NULL)"

/* Ranges of 2: each row must be met once, which the counter shows. */
#define BATCH                                   \
    "-- zq:batch table=t_k key=k size=2\n"      \
    "UPDATE t_k SET n = n + 1 WHERE {range};\n" \
    "-- zq:end\n"

/* The rows that are not 1 in `n`. */
#define EACH_ONCE "SELECT COUNT(*) FROM t_k WHERE n <> 1"

/* ---- keys ---- */

static const struct {
    const char *type;
    const char *values;
} keys[] = {
    {"bigint", "(1700000000000000000), (1700000000000000001), (1700000000000000002), "
               "(1700000000000000003), (-5)"},
    {"bigint unsigned", "(18446744073709551615), (18446744073709551614), (9223372036854775808), "
                        "(9223372036854775807), (0)"},
    {"decimal(40,15)", "(1.000000000000001), (1.000000000000002), (-0.5), "
                       "(1234567890123456789012345.000000000000001), "
                       "(1234567890123456789012345.000000000000002)"},
    {"varchar(20)", "('Abc'), ('aBC'), ('abd'), ('xyz'), ('a1'), ('e'), (''), ('it''s'), "
                    "('b\\\\s'), ('\xE4\xB8\xAD'), ('10'), ('9')"},
    {"time(3)", "('-12:30:00.500'), ('-12:30:00'), ('00:00:00'), ('838:59:59'), ('-838:59:59')"},
    {"year", "(1901), (1999), (2000), (2155), (0)"},
    {"datetime(6)", "('2026-10-25 02:30:00.000001'), ('2026-10-25 02:30:00'), "
                    "('1000-01-01 00:00:00'), ('9999-12-31 23:59:59.999999')"},
    {"date", "('2026-10-25'), ('1000-01-01'), ('9999-12-31'), ('2026-10-26')"},
    {"timestamp(3)", "('1970-01-02 00:00:01'), ('2038-01-18 03:14:07'), ('2026-10-25 00:30:00'), "
                     "('2026-10-25 00:50:00.500'), ('2026-10-25 00:50:00')"},
    {"tinyint", "(-128), (-1), (0), (1), (127), (5), (6)"},
    {"enum('z', 'b', 'a')", "('z'), ('b'), ('a'), ('a'), ('z')"},
    {"char(6)", "('000001'), ('1'), ('000010'), ('10'), ('600000')"},
};

/* Each has a table of its own in one revision: t_0, t_1, ... */
static void write_keys(zq_buf *setup, zq_buf *upgrade)
{
    for (size_t i = 0; i < ZQ_LEN(keys); i++) {
        zq_buf_printf(setup,
                      "CREATE TABLE t_%zu (k %s NULL, n int NOT NULL DEFAULT 0, KEY (k));"
                      "INSERT INTO t_%zu (k) VALUES %s, (NULL), (NULL);",
                      i, keys[i].type, i, keys[i].values);
        zq_buf_printf(upgrade,
                      "-- zq:batch table=t_%zu key=k size=2\n"
                      "UPDATE t_%zu SET n = n + 1 WHERE {range};\n-- zq:end\n",
                      i, i);
    }
    zq_buf_str(setup, "CREATE VIEW t_n AS ");
    for (size_t i = 0; i < ZQ_LEN(keys); i++)
        zq_buf_printf(setup, "%sSELECT n FROM t_%zu", i > 0 ? " UNION ALL " : "", i);
}

/* ---- statements ---- */

static const struct {
    const char *name;
    const char *setup;
    const char *upgrade;
    const char *check; /* gives 0 when all is right */
} cases[] = {
    {"no backslash escapes", KEYS("varchar(20)", "('C:\\\\temp'), ('a\\\\'), ('''\\\\'''), ('b')"),
     "SET sql_mode = 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES';\n" BATCH
     "INSERT INTO t_k (k, n) VALUES ('D:\\x', 1);",
     "SELECT COUNT(*) FROM t_k WHERE n <> 1 OR (k LIKE 'D%' AND k <> 'D:\\\\x')"},
    {"family", MEMBERS,
     FAMILY("ALTER TABLE {table} ADD COLUMN y int COMMENT '\xE5\xA4\x87\xE6\xB3\xA8 {code}';\n"
            "UPDATE {table} SET y = 1, t = 'it''s {code}; \\\\ \xE4\xB8\xAD'; -- {table}\n"
            "INSERT INTO {table} /* {code} */ (id, t) VALUES (9, '{table}');"),
     "SELECT COUNT(*) FROM zq_quant_factor_spacex_000002 WHERE t NOT IN "
     "('it''s 000002; \\\\ \xE4\xB8\xAD', 'zq_quant_factor_spacex_000002')"},
    {"a session that a revision changes", MEMBERS,
     "SET sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES', time_zone = '+05:00';\n"
     "SET sql_select_limit = 1, sql_safe_updates = 0;\n" FAMILY(
         "UPDATE \"{table}\" SET t = 'a\\b{code}' WHERE id > 0;\n"
         "ALTER TABLE {table} ADD COLUMN z varchar(30) DEFAULT 'c\\d';"),
     "SELECT COUNT(*) FROM zq_quant_factor_spacex_000002 WHERE t <> 'a\\\\b000002'"},
    {"executable comments", "",
     "DELIMITER ;;\n/*!50003 CREATE PROCEDURE t_p() BEGIN SELECT 1; SELECT 2; END */;;\n"
     "DELIMITER ;\n/*!40101 SET @t_old = @@sql_mode */;\n"
     "CREATE /*!50000 TABLE */ t_e (a int /*!80000 , b int */ /*M! , c int */);",
     NULL},
    {"delimiters that stand in the text", "CREATE TABLE t_d (v text)",
     "DELIMITER END\n"
     "CREATE TRIGGER t_t BEFORE INSERT ON t_d FOR EACH ROW\n"
     "begin\n  SET NEW.v = CONCAT(NEW.v, '//', \"$$\", ';'); -- // or //1//\n"
     "  /* ; // $$ */ SET NEW.v = CONCAT(NEW.v, ' //1// \\';');\nend END\n"
     "DELIMITER ;\n"
     "INSERT INTO t_d VALUES ('x;y');",
     "SELECT COUNT(*) FROM t_d WHERE v <> 'x;y//$$; //1// \\';'"},
    {"names of all kinds", "",
     "CREATE TABLE `t ;'\"x` (`select` int, `a``b` int, `\xE5\x88\x97` varchar(5) DEFAULT ';');\n"
     "INSERT INTO `t ;'\"x` (`select`) VALUES (1);\n"
     "CREATE VIEW `t_\xE8\xA7\x86` AS SELECT `\xE5\x88\x97` AS 'a;b' FROM `t ;'\"x`;",
     NULL},
    {"what a session keeps", "",
     "CREATE TABLE t_s (id int AUTO_INCREMENT PRIMARY KEY, v varchar(50));\n"
     "INSERT INTO t_s (v) VALUES ('a'), ('b');\nSET @n = (SELECT COUNT(*) FROM t_s);\n"
     "CREATE TEMPORARY TABLE t_tmp (v varchar(9));\n"
     "INSERT INTO t_tmp VALUES ('c'), ('d');\n"
     "INSERT INTO t_s (v) SELECT CONCAT(v, @n) FROM t_tmp;\nSELECT MAX(id) INTO @m FROM t_s;\n"
     "SET foreign_key_checks = 0;\nINSERT INTO t_s (v) VALUES (@@foreign_key_checks);\n",
     "SELECT COUNT(*) - 5 FROM t_s"},
    /* It sets nothing in the session, and there is nothing of it to take back. */
    {"what is set for one statement alone", "CREATE TABLE t_c (a int)",
     "/*M! SET STATEMENT max_statement_time = IF(1, 9, 8), sort_buffer_size = 65536 FOR */ "
     "INSERT INTO t_c VALUES (1);\n",
     "SELECT COUNT(*) - 1 FROM t_c"},
};

static void expect_done(const program_result *r, const char *of, const char *way)
{
    cr_expect_eq(r->status, 0, "%s, %s: %s", of, way, r->err);
}

/* The revision is run in each way; what each leaves must be what the first did. */
static void compare(const char *name, const char *setup, const char *upgrade, const char *check)
{
    program_result online, script;
    char *wanted, *wrong;

    own_write(upgrade, NULL);
    script = ways_script();
    expect_done(&script, name, "the script");
    ways_reset(setup);
    online = ways_online();
    expect_done(&online, name, "online");
    wanted = ways_contents();
    wrong = check != NULL ? cli_value(check) : strdup("0");
    cr_expect_str_eq(wrong, "0", "%s, online: %s", name, wanted);
    free(wrong);
    for (ways_client client = WAYS_MARIADB; client <= WAYS_MYSQL; client++) {
        program_result ran;
        char *found;

        if (!ways_has(client))
            continue;
        ways_reset(setup);
        ran = ways_run(client, script.out);
        expect_done(&ran, name, client == WAYS_MYSQL ? "mysql" : "mariadb");
        found = ways_contents();
        cr_expect_str_eq(found, wanted, "%s, client %d: %s\ninstead of %s", name, client, found,
                         wanted);
        own_expect_at("t1");
        cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
        free(found);
        program_free(&ran);
    }
    free(wanted);
    program_free(&online);
    program_free(&script);
}

Test(offline, a_script_leaves_what_an_online_run_leaves_whichever_client_runs_it)
{
    ZQ_AUTO_BUF(setup);
    ZQ_AUTO_BUF(upgrade);

    ways_begin("offline");
    write_keys(&setup, &upgrade);
    compare("keys", zq_buf_text(&setup), zq_buf_text(&upgrade),
            "SELECT COUNT(*) FROM t_n WHERE n <> 1");
    for (size_t i = 0; i < ZQ_LEN(cases); i++)
        compare(cases[i].name, cases[i].setup, cases[i].upgrade, cases[i].check);
    cli_end();
}

/* ---- what one revision leaves for the next ---- */

#define HEAD(revision, revises)                                                         \
    "-- revision: " revision "\n-- revises: " revises "\n-- title: \xE6\xA0\x87 it's\n" \
    "-- created: 2026-01-04T00:00:00Z\n-- zq:upgrade\n"

Test(offline, what_a_revision_sets_holds_for_that_revision_alone)
{
    program_result script;

    ways_begin("offline_session");
    program_file(
        "t1.sql",
        HEAD("t1",
             "0003") "CREATE TABLE t_c (what varchar(40), a varchar(200));\n"
                     "SET sql_mode = '', foreign_key_checks = 0, time_zone = '+05:00', @u = "
                     "'left';\n"
                     "SET NAMES latin1;\nSET sql_safe_updates = 1, SESSION sql_select_limit = 3;\n"
                     "SET @@auto_increment_increment = 7 /*!80000 , max_execution_time = 5 */;\n"
                     "CREATE TEMPORARY TABLE t_tmp (a int);\nPREPARE t_p FROM 'DO 1';\n"
                     "SELECT 5 INTO @v;\n-- zq:irreversible a test\n",
        0644);
    program_file(
        "t2.sql",
        HEAD("t2",
             "t1") "CREATE TABLE t_tmp (a int);\n"
                   "INSERT INTO t_c VALUES ('fk', @@foreign_key_checks), ('tz', @@time_zone), "
                   "('u', @u), ('v', @v), ('safe', @@sql_safe_updates), ('by', "
                   "@@auto_increment_increment), ('text', '\xE4\xB8\xAD\xC3\xA9'), ('limit', "
                   "@@sql_select_limit), ('strict', @@sql_mode LIKE '%STRICT%');\n"
                   "-- zq:irreversible a test\n",
        0644);
    script = ways_script();
    cr_assert_eq(script.status, 0, "%s", script.err);
    for (ways_client client = WAYS_MARIADB; client <= WAYS_MYSQL; client++) {
        program_result ran;

        if (!ways_has(client))
            continue;
        ways_reset("");
        ran = ways_run(client, script.out);
        cr_assert_eq(ran.status, 0, "%s", ran.err);
        cli_expect_value("by=1|fk=1|limit=18446744073709551615|safe=0|strict=1|text=\xE4\xB8\xAD"
                         "\xC3\xA9|tz=SYSTEM|u=-|v=-",
                         "SELECT GROUP_CONCAT(what, '=', IFNULL(a, '-') ORDER BY what SEPARATOR "
                         "'|') FROM t_c");
        cli_expect_value("t1 \xE6\xA0\x87 it's 1|t2 \xE6\xA0\x87 it's 1",
                         "SELECT GROUP_CONCAT(CONCAT(revision, ' ', title, ' ', ABS(TIMESTAMPDIFF("
                         "MINUTE, applied_time, NOW())) < 5) ORDER BY id SEPARATOR '|') FROM "
                         "zq_meta_history WHERE revision LIKE 't%'");
        program_free(&ran);
    }
    program_free(&script);
    cli_end();
}

/* ---- scripts that are cut short ---- */

static const char two_steps[] = "INSERT INTO t_c VALUES (1);\n"
                                "ALTER TABLE t_c ADD COLUMN b int;\n"
                                "INSERT INTO t_c (a) VALUES (2);\n"
                                "UPDATE t_missing SET a = 1;\n"
                                "INSERT INTO t_c (a) VALUES (3);";

static void expect_words(program_result r, int status, const char *words)
{
    cr_expect_eq(r.status, status, "%d, not %d: %s", r.status, status, r.err);
    cr_expect_not_null(strstr(r.err, words), "%s instead of %s", r.err, words);
    program_free(&r);
}

static void expect_guards(ways_client client)
{
    bool mysql = live_flavor() == ZQ_MYSQL;
    program_result script, ran;

    ways_reset("");
    own_write("CREATE TABLE t_g (a int);", NULL);
    script = PROGRAM("zquant-migrate", "upgrade", "--flavor", mysql ? "mariadb" : "mysql", "--sql",
                     "0003:head", "--dir", ".");
    expect_words(ways_run(client, script.out), 1,
                 mysql ? "this script is for MariaDB, and the server is MySQL"
                       : "this script is for MySQL, and the server is MariaDB");
    program_free(&script);
    script = ways_script();
    ran = ways_run(client, script.out);
    cr_expect_eq(ran.status, 0, "%s", ran.err);
    program_free(&ran);
    expect_words(ways_run(client, script.out), 1,
                 "the database is not at the revision where this script begins");
    program_free(&script);
}

Test(offline, a_script_that_was_cut_short_does_nothing_twice_and_says_where_it_was)
{
    program_result script;
    ways_client client = ways_has(WAYS_MARIADB) ? WAYS_MARIADB : WAYS_MYSQL;

    ways_begin("offline_cut");
    own_write(two_steps, NULL);
    ways_reset("CREATE TABLE t_c (a int)");
    script = ways_script();
    cr_assert_eq(script.status, 0, "%s", script.err);
    expect_words(ways_run(client, script.out), 1, "t_missing");
    cli_expect_value("1,2", "SELECT GROUP_CONCAT(a ORDER BY a) FROM t_c");
    expect_words(ways_run(client, script.out), 1,
                 "a script was cut short at line 10 of revision t1");
    expect_words(ways_online(), 1,
                 "t1.sql:1: a script of '--sql' was cut short in revision 't1', at "
                 "line 10\nhint: run the rest of the script from there; or 'zquant-migrate resume "
                 "--dir .' shows how to continue without it\n");
    cli_expect_value("1,2", "SELECT GROUP_CONCAT(a ORDER BY a) FROM t_c");
    /* A batch: where it was, too. */
    ways_reset(
        "CREATE TABLE t_k (k bigint, n int, KEY (k)); INSERT INTO t_k VALUES (7, 0), (8, 0), "
        "(9, 0), (10, 2147483647)");
    own_write(BATCH, NULL);
    program_free(&script);
    script = ways_script();
    expect_words(ways_run(client, script.out), 1, "Out of range");
    expect_words(ways_run(client, script.out), 1,
                 "a script was cut short at line 8, done up to 8 of revision t1");
    cli_expect_value("1,1,0", "SELECT GROUP_CONCAT(n ORDER BY k) FROM t_k WHERE k < 10");
    program_free(&script);
    expect_guards(client);
    cli_end();
}

/* ---- what a script cannot do ---- */

static const struct {
    const char *upgrade;
    const char *mariadb; /* NULL: it can */
    const char *mysql;
} refused[] = {
    {FAMILY("CREATE TRIGGER t_{code} AFTER DELETE ON {table} FOR EACH ROW SET @a = 1;"), NULL,
     "./t1.sql:8: a script for mysql cannot run 'CREATE TRIGGER' on each member: the server does "
     "not prepare it"},
    {FAMILY("LOAD DATA INFILE '/tmp/x' INTO TABLE {table};"), NULL,
     "./t1.sql:8: a script for mysql cannot run 'LOAD DATA' on each member"},
    {"SET NAMES latin1;\n" FAMILY("UPDATE {table} SET x = 1;"),
     "./t1.sql:9: a script cannot hold a 'zq:family' or 'zq:batch' block after SET NAMES",
     "./t1.sql:9: a script cannot hold a 'zq:family' or 'zq:batch' block after SET NAMES"},
    {"SET ROLE NONE;", "./t1.sql:7: a script cannot hold SET ROLE: it has one session",
     "./t1.sql:7: a script cannot hold SET ROLE: it has one session"},
};

/* A run takes over where the script was cut short. */
Test(offline, a_script_that_was_cut_short_is_continued_by_a_run)
{
    ways_client client = ways_has(WAYS_MARIADB) ? WAYS_MARIADB : WAYS_MYSQL;
    program_result script;

    ways_begin("offline_taken");
    own_write("INSERT INTO t_c VALUES (1);\nALTER TABLE t_c ADD b int;\n"
              "INSERT INTO t_missing VALUES (1);\nINSERT INTO t_c VALUES (2, 2);",
              NULL);
    ways_reset("CREATE TABLE t_c (a int)");
    script = ways_script();
    expect_words(ways_run(client, script.out), 1, "t_missing");
    expect_words(PROGRAM("zquant-migrate", "resume", "--dir", "."), 0, "");
    OWN_SAYS(64, "the script was cut short at another step than 4\n", "zquant-migrate", "resume",
             "--accept", "4");
    OWN_SAYS(0, "step 3 of revision 't1' is taken as not begun\n", "zquant-migrate", "resume",
             "--repeat", "3");
    cli_change("CREATE TABLE t_missing (a int)");
    expect_words(ways_online(), 0, "");
    cli_expect_value("1:0,2:2", "SELECT GROUP_CONCAT(CONCAT(a, ':', IFNULL(b, 0)) ORDER BY a) FROM "
                                "t_c");
    cli_expect_number(1, "SELECT COUNT(*) FROM t_missing");
    program_free(&script);
    cli_end();
}

/* Online, such a member is left and named; a client can only stop, and says at which. */
Test(offline, a_member_that_is_in_the_way_is_named)
{
    ways_client client = ways_has(WAYS_MARIADB) ? WAYS_MARIADB : WAYS_MYSQL;
    program_result script;

    ways_begin("offline_member");
    own_write(FAMILY("ALTER TABLE {table} ADD COLUMN w int;"), NULL);
    ways_reset("");
    own_make_members(3);
    cli_change("ALTER TABLE zq_quant_factor_spacex_000001 ADD COLUMN w int");
    script = ways_script();
    cr_assert_not_null(strstr(script.out, "-- every member of zq_quant_factor_spacex_{code}, also "
                                          "one that is not like the others: online, that is left "
                                          "and named\n"));
    expect_words(ways_run(client, script.out), 1,
                 ": on zq_quant_factor_spacex_000001: Duplicate column name 'w'");
    program_free(&script);
    cli_end();
}

/* Who wrote it could not ask the database, and it asks itself. */
Test(offline, what_nobody_has_looked_at_stops_it_before_it_changes_anything)
{
    static const struct {
        const char *setup, *upgrade, *words;
    } met[] = {
        {"CREATE TABLE t_a (a int); CREATE TRIGGER t_g AFTER INSERT ON t_a FOR EACH ROW SET @x = 1",
         "CREATE TABLE t_b (a int);\nINSERT INTO t_a VALUES (1);", "t_a has trigger t_g"},
        {"CREATE VIEW t_v AS SELECT 1 AS a", "CREATE TABLE t_b AS SELECT a FROM t_v;",
         "t_v is a view"},
        {"CREATE TABLE zq_quant_factor_spacex_000001 (x int); CREATE TRIGGER t_g BEFORE DELETE ON "
         "zq_quant_factor_spacex_000001 FOR EACH ROW SET @x = 1",
         "CREATE TABLE t_b (a int);\n" FAMILY("UPDATE {table} SET x = 1;"),
         "zq_quant_factor_spacex_000001 has trigger t_g"},
        {"CREATE TABLE t_a (a int)",
         "CREATE VIEW t_v AS SELECT a FROM t_a;\nCREATE TRIGGER t_g AFTER INSERT ON t_a FOR EACH "
         "ROW SET @x = 1;\nINSERT INTO t_a SELECT a FROM t_v;\nCREATE TABLE t_b (a int);",
         NULL},
    };
    ways_client client = ways_has(WAYS_MARIADB) ? WAYS_MARIADB : WAYS_MYSQL;

    ways_begin("offline_unknown");
    for (size_t i = 0; i < ZQ_LEN(met); i++) {
        const char *flavor = live_flavor() == ZQ_MYSQL ? "mysql" : "mariadb";
        char words[128];
        program_result script;

        own_write(met[i].upgrade, NULL);
        ways_reset(met[i].setup);
        script = PROGRAM("zquant-migrate", "upgrade", "--quiet", "--flavor", flavor, "--sql",
                         "0003:head", "--dir", ".");
        snprintf(words, sizeof words, "written without --allow-unknown, and %s", met[i].words);
        expect_words(ways_run(client, script.out), met[i].words != NULL ? 1 : 0,
                     met[i].words != NULL ? words : "");
        cli_expect_number(met[i].words == NULL,
                          "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                          "DATABASE() AND TABLE_NAME = 't_b'");
        program_free(&script);
    }
    cli_end();
}

Test(offline, what_a_script_cannot_do_is_refused_when_it_is_written)
{
    cli_begin("offline_refused");
    for (size_t i = 0; i < ZQ_LEN(refused); i++) {
        const char *words = live_flavor() == ZQ_MYSQL ? refused[i].mysql : refused[i].mariadb;
        program_result script;

        own_write(refused[i].upgrade, NULL);
        script = ways_script();
        cr_expect_eq(script.status, words != NULL ? 65 : 0, "%s", script.err);
        if (words != NULL) {
            cr_expect_str_eq(script.out, "");
            cr_expect_not_null(strstr(script.err, words), "%s", script.err);
        }
        program_free(&script);
    }
}

/* ---- a database of another charset ---- */

Test(offline, texts_of_a_family_survive_a_database_in_latin1)
{
    ways_begin("offline_latin1");
    own_write(FAMILY("UPDATE {table} SET t = '\xE4\xB8\xAD\xE6\x96\x87 {code}';\n"
                     "ALTER TABLE {table} ADD COLUMN \xE5\x88\x97 int;"),
              NULL);
    for (ways_client client = WAYS_MARIADB; client <= WAYS_MYSQL; client++) {
        program_result script, ran;

        if (!ways_has(client))
            continue;
        ways_reset(
            "ALTER DATABASE CHARACTER SET latin1; CREATE TABLE "
            "zq_quant_factor_spacex_000001 (id int PRIMARY KEY, t varchar(50)) CHARACTER SET "
            "utf8mb4; INSERT INTO zq_quant_factor_spacex_000001 VALUES (1, '')");
        script = ways_script();
        ran = ways_run(client, script.out);
        cr_assert_eq(ran.status, 0, "%s", ran.err);
        cli_expect_value("\xE4\xB8\xAD\xE6\x96\x87 000001",
                         "SELECT t FROM zq_quant_factor_spacex_000001 WHERE \xE5\x88\x97 IS NULL");
        program_free(&ran);
        program_free(&script);
    }
    cli_end();
}

/* ---- dry runs ---- */

static void run_dry(const char *wanted, program_result dry)
{
    program_result r;

    cr_assert_eq(dry.status, 0, "%s", dry.err);
    cr_assert_eq(strncmp(dry.out, "SET NAMES utf8mb4 ", 18), 0, "%s", dry.out);
    cr_assert_not_null(strstr(dry.out, wanted), "%s", dry.out);
    r = program_mysql(NULL, dry.out);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    program_free(&dry);
}

Test(offline, a_dry_run_that_a_client_runs_does_what_the_run_would_do)
{
    cli_begin("offline_dry");
    run_dry("\n-- The administrator 'admin' is left out: a script is no place for a password.\n",
            PROGRAM("zquant-init", "--dry-run"));
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_app_users");
    program_env("ZQUANT_NO_ADMIN", "yes");
    EXPECT(0, NULL, "zquant-init", "status", "--quiet");
    EXPECT(0, NULL, "zquant-migrate", "check", "--quiet");
    cli_change("SET foreign_key_checks = 0; DROP TABLE zq_app_roles, zq_app_users");
    run_dry("CREATE TABLE IF NOT EXISTS `zq_app_users`",
            PROGRAM("zquant-init", "--dry-run", "--recreate-missing"));
    EXPECT(0, NULL, "zquant-init", "status", "--quiet");
    EXPECT(0, NULL, "zquant-migrate", "check", "--quiet");
    cli_change("DELETE FROM zq_app_role_permissions WHERE role_id = 3");
    run_dry("INSERT INTO `zq_app_role_permissions`",
            PROGRAM("zquant-init", "seeds", "apply", "--prune", "--dry-run"));
    EXPECT(0, NULL, "zquant-init", "seeds", "diff", "--quiet");
    cli_end();
}

ZQ_LIVE_MAIN
