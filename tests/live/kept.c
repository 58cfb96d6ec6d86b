/* What a revision evaluates is evaluated once: a run that is killed and run again has the values of
 * the first. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static void begin(void)
{
    own_begin("kept");
    cli_change("CREATE TABLE par (id int AUTO_INCREMENT PRIMARY KEY, name varchar(9)); "
               "CREATE TABLE chi (v varchar(400)); CREATE TABLE gate (x int); "
               "INSERT INTO gate VALUES (0); INSERT INTO par (name) VALUES ('a'), ('b')");
}

TestSuite(kept, .init = begin, .fini = cli_end, .timeout = 120);

#define GATE "UPDATE gate SET x = x + 1;\n"

/* Kill a run of `upgrade` while it waits at the gate; what `meanwhile` does then must not show. */
static void kill_at_gate(const char *upgrade, const char *meanwhile)
{
    zq_db *holder = cli_hold("SELECT * FROM gate FOR UPDATE");
    pid_t pid;
    int id;

    own_write(upgrade, NULL);
    pid = program_start((const char *const[]){"zquant-migrate", "upgrade", "--allow-unknown",
                                              "--allow-data-loss", "--dir", ".", NULL});
    id = cli_wait_for_other("INFO LIKE 'UPDATE gate%'");
    kill(pid, SIGKILL);
    program_wait(pid);
    cli_cut(id);
    zq_db_close(holder);
    cli_change(meanwhile);
    OWN_SAYS(0, "is at revision t1\n", "zquant-migrate", "upgrade", "--allow-unknown",
             "--allow-data-loss");
    cli_expect_number(1, "SELECT x FROM gate");
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
}

#define MEANWHILE "INSERT INTO par (name) VALUES ('z'); DELETE FROM par WHERE name = 'a'"

Test(kept, the_id_of_a_row_that_was_made)
{
    kill_at_gate("INSERT INTO par (name) VALUES ('p');\nSET @id = LAST_INSERT_ID();\n" GATE
                 "INSERT INTO chi VALUES (@id);",
                 MEANWHILE);
    cli_expect_value("3", "SELECT v FROM chi");
}

Test(kept, the_last_insert_id_itself)
{
    kill_at_gate("INSERT INTO par (name) VALUES ('p');\n" GATE
                 "INSERT INTO chi VALUES (LAST_INSERT_ID());",
                 MEANWHILE);
    cli_expect_value("3", "SELECT v FROM chi");
}

Test(kept, what_was_selected_into_variables)
{
    kill_at_gate("SET @m = (SELECT MAX(id) FROM par), @`a b` = 'x';\n"
                 "SELECT COUNT(*), MIN(name) INTO @n, @first FROM par;\n"
                 "SELECT @s := SUM(id) FROM par;\n" GATE
                 "INSERT INTO chi VALUES (CONCAT_WS(' ', @m, @n, @first, @s, @`a b`, @none));",
                 MEANWHILE);
    cli_expect_value("2 2 a 3 x", "SELECT v FROM chi");
}

/* The second time, they would be others. */
Test(kept, the_time_and_what_is_random)
{
    kill_at_gate("SET @u = UUID(), @r = RAND(), @t = NOW(6);\n"
                 "INSERT INTO chi SELECT CONCAT_WS(' ', @u, @r, @t);\n" GATE
                 "INSERT INTO chi SELECT CONCAT_WS(' ', @u, @r, @t);",
                 "DO 1");
    cli_expect_number(1, "SELECT COUNT(DISTINCT v) FROM chi");
    cli_expect_number(2, "SELECT COUNT(*) FROM chi");
}

/* A value is of the same type as it was. */
Test(kept, numbers_texts_and_bytes_stay_what_they_are)
{
    kill_at_gate(
        "SET @i = 9007199254740993, @u = 18446744073709551615, @d = 1.50, @f = 1.5e0, @e = 1e300,\n"
        "    @s = 'it''s', @b = x'00ff', @n = NULL, @l = _latin1 x'e9' COLLATE latin1_bin,\n"
        "    @c = '\xe4\xb8\xad', @neg = -7, @z = '', @long = REPEAT('x', 700);\n" GATE
        "INSERT INTO chi VALUES (CONCAT_WS(' ', @i + 1, @u - 1, @d, @f * 10, @e, @s, HEX(@b), "
        "@n IS NULL, HEX(@l), COLLATION(@l), @neg - 1, HEX(@z), LENGTH(@long), COLLATION(@c)));\n"
        "INSERT INTO chi VALUES (CONCAT(@c, CHARSET(@b)));",
        "DO 1");
    cli_expect_value(
        "9007199254740994 18446744073709551614 1.50 15 1e300 it's 00FF 1 E9 latin1_bin "
        "-8  700 utf8mb4_unicode_ci,\xe4\xb8\xad"
        "binary",
        "SELECT GROUP_CONCAT(v ORDER BY LENGTH(v) DESC) FROM chi");
}

/* Whoever counts up in rows has counted once. */
Test(kept, what_statements_on_rows_and_batches_assign)
{
    kill_at_gate(
        "SET @n = 0;\nUPDATE par SET name = (@n := @n + 1) ORDER BY id;\n"
        "-- zq:batch table=par key=id size=1\n"
        "UPDATE par SET name = CONCAT(name, (@n := @n + 1)) WHERE {range};\n-- zq:end\n" GATE
        "INSERT INTO chi SELECT CONCAT(@n, GROUP_CONCAT(name ORDER BY id)) FROM par;",
        "DO 1");
    cli_expect_value("413,24", "SELECT v FROM chi");
}

Test(kept, what_is_prepared_from_a_variable)
{
    kill_at_gate("SET @sql = CONCAT('INSERT INTO chi VALUES (', (SELECT COUNT(*) FROM par), ')');\n"
                 "PREPARE s FROM @sql;\nSET @sql = 'DO 0';\n" GATE "EXECUTE s;",
                 MEANWHILE);
    cli_expect_value("2", "SELECT v FROM chi");
}

Test(kept, settings_are_not_read_from_rows_by_themselves)
{
    kill_at_gate("SET @lim = (SELECT MAX(id) FROM par);\nSET group_concat_max_len = 8, "
                 "auto_increment_increment = @lim;\n" GATE
                 "INSERT INTO chi VALUES (CONCAT(@@auto_increment_increment, ' ', "
                 "@@group_concat_max_len));",
                 MEANWHILE);
    cli_expect_value("2 8", "SELECT v FROM chi");
}

static void expect_refused(const char *upgrade, const char *said)
{
    char text[256];

    snprintf(text, sizeof text, "./t1.sql:%s", said);
    own_write(upgrade, NULL);
    OWN_SAYS(65, text, "zquant-migrate", "upgrade");
    OWN_SAYS(65, text, "zquant-migrate", "upgrade", "--sql", "0003:head");
}

Test(kept, what_cannot_be_kept_is_refused_before_anything_runs)
{
    expect_refused("CREATE TEMPORARY TABLE t AS SELECT id FROM par;",
                   "7: SELECT in what fills a temporary table: it would be filled with other rows "
                   "when the revision is resumed\n"
                   "hint: use a table of the revision's own, and drop it at its end\n");
    expect_refused("CREATE TEMPORARY TABLE t (a datetime);\nINSERT INTO t VALUES (NOW());",
                   "8: NOW in what fills a temporary table");
    expect_refused("CREATE TEMPORARY TABLE t TABLE par;",
                   "7: TABLE in what fills a temporary table");
    expect_refused("CREATE TEMPORARY TABLE t (a int) (VALUES ROW(1));",
                   "7: VALUES in what fills a temporary table");
    expect_refused("CREATE TEMPORARY TABLE t (a int);\nINSERT INTO t TABLE par;",
                   "8: TABLE in what fills a temporary table");
    expect_refused("CREATE TEMPORARY TABLE t (a int);\nUPDATE t JOIN par SET t.a = par.id;",
                   "8: changes a temporary table by what is in others: it would be changed "
                   "otherwise, or not at all, when the revision is resumed\n"
                   "hint: use a table of the revision's own, and drop it at its end\n");
    expect_refused("CREATE TEMPORARY TABLE t (a int);\nUPDATE par JOIN t SET t.a = par.id;",
                   "8: changes a temporary table by what is in others");
    expect_refused(
        "CREATE TEMPORARY TABLE t (a int);\nUPDATE par p, t x SET p.name = 'x', x.a = 1;",
        "8: changes a temporary table by what is in others");
    expect_refused("CREATE TEMPORARY TABLE t (a int);\nUPDATE par JOIN t SET name = a;",
                   "8: changes a temporary table by what is in others: it would be changed "
                   "otherwise, or not at all, when the revision is resumed\n"
                   "hint: if it changes only others, say which: SET name.column = ...; else use a "
                   "table of the revision's own, and drop it at its end\n");
    expect_refused("CREATE TEMPORARY TABLE t (a int);\nDELETE x FROM par JOIN t x ON x.a = par.id;",
                   "8: changes a temporary table by what is in others");
    expect_refused("CREATE TEMPORARY TABLE t (a int);\nDELETE FROM t USING t JOIN par;",
                   "8: changes a temporary table by what is in others");
    expect_refused("CREATE TEMPORARY TABLE t (a int);\nREPLACE INTO t SELECT id FROM par;",
                   "8: SELECT in what fills a temporary table");
    expect_refused("CREATE TEMPORARY TABLE t (a int);\nLOAD DATA INFILE 'x' INTO TABLE t;",
                   "8: LOAD in what fills a temporary table");
    expect_refused("CREATE TEMPORARY TABLE t (a int);\n-- zq:family zq_quant_factor_spacex\n"
                   "INSERT INTO t SELECT id FROM {table};\n-- zq:end",
                   "9: changes a temporary table by what is in others");
    expect_refused("CREATE TEMPORARY TABLE t (a int);\nALTER TABLE t RENAME TO u;",
                   "8: changes a temporary table by what is in others");
    expect_refused(
        "CREATE TEMPORARY TABLE t (a int);\nSELECT fills(1);",
        "8: 'fills' may change a temporary table, which would not be so when the "
        "revision is resumed\n"
        "hint: DROP TEMPORARY TABLE before it, or use a table of the revision's own, and "
        "drop it at its end\n");
    expect_refused("CREATE TEMPORARY TABLE t (a int);\nSET @x = 1 + fills(1);",
                   "8: 'fills' may change a temporary table");
    expect_refused("CREATE TEMPORARY TABLE t (a int);\nCALL fills;",
                   "8: 'fills' may change a temporary table");
    expect_refused(
        "CREATE TEMPORARY TABLE t (a int);\nPREPARE s FROM 'INSERT INTO t SELECT id FROM "
        "par';\nEXECUTE s;",
        "9: 'EXECUTE' may change a temporary table");
    expect_refused("CREATE TEMPORARY TABLE t (a int, b timestamp DEFAULT CURRENT_TIMESTAMP);",
                   "7: CURRENT_TIMESTAMP in what fills a temporary table");
    expect_refused(
        "CREATE TEMPORARY TABLE t LIKE par;\nALTER TABLE par ADD COLUMN b int;",
        "7: a temporary table like 'par', which the revision changes: it would be another "
        "when the revision is resumed\nhint: write its columns out\n");
    expect_refused("SET sql_mode = mode_of(1);", "7: mode_of in a setting: it would be another");
    expect_refused("SET GLOBAL max_error_count = counted();", "7: counted in a setting");
    expect_refused("SET time_zone = (SELECT MIN(name) FROM par);",
                   "7: SELECT in a setting: it would be another when the revision is resumed\n"
                   "hint: SET a variable of your own to it first, then the setting to that: SET @v "
                   "= (...); SET time_zone = @v\n");
    expect_refused("UPDATE par SET name = 'x';\nINSERT INTO chi VALUES (ROW_COUNT());",
                   "8: ROW_COUNT() is not that of the statement before: the journal is written "
                   "between them\n");
}

Test(kept, a_table_is_changed_by_what_is_in_a_temporary_one)
{
    kill_at_gate("CREATE TEMPORARY TABLE t (uuid int, now varchar(9));\n"
                 "INSERT INTO t (uuid, now) VALUES (1, 'one'), (2, 'two');\n" GATE
                 "UPDATE par p JOIN t x ON p.id = x.uuid SET p.name = x.now;\n"
                 "DELETE p FROM par p JOIN t ON p.id = t.uuid + 1;\n"
                 "WITH RECURSIVE n (i) AS (SELECT 1) SELECT i, COUNT(*) FROM n JOIN t GROUP BY i;\n"
                 "DROP TEMPORARY TABLE t;\nDO plus_one(1);",
                 "CREATE FUNCTION plus_one(x int) RETURNS int DETERMINISTIC NO SQL RETURN x + 1");
    cli_expect_value("one", "SELECT GROUP_CONCAT(name) FROM par");
}

Test(kept, a_temporary_table_of_constants_and_values_is_filled_again)
{
    kill_at_gate("SET @m = (SELECT MAX(id) FROM par);\n"
                 "CREATE TEMPORARY TABLE t (a int);\nINSERT INTO t VALUES (1), (@m);\n" GATE
                 "INSERT INTO chi SELECT SUM(a) FROM t;",
                 MEANWHILE);
    cli_expect_value("3", "SELECT v FROM chi");
}

ZQ_LIVE_MAIN
