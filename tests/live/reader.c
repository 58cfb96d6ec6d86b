/* What a file says is what is done: bytes, ends of statements, names, and consent for what a
 * statement does, whatever hides it. zquant-migrate on real servers. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define REVISION_HINT \
    "hint: nothing was changed; 'man zquant-revision' says what a revision may hold\n"

#define UPGRADE "zquant-migrate", "upgrade", "--dir", "."
#define HEAD                                                \
    "-- revision: t1\n-- revises: 0003\n-- title: a test\n" \
    "-- created: 2026-01-04T00:00:00Z\n\n-- zq:upgrade\n"
#define TAIL "\n-- zq:irreversible a test\n"

static void begin(void)
{
    own_begin("reader");
    cli_change("CREATE TABLE zq_d (id int PRIMARY KEY, v varchar(20)); "
               "INSERT INTO zq_d VALUES (1, 'a'), (2, 'a'), (3, 'b')");
}

TestSuite(reader, .init = begin, .fini = cli_end, .timeout = 120);

#define TABLES_MADE                                                                       \
    "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND " \
    "TABLE_NAME LIKE 'zq\\_made%'"

static void expect_untouched(void)
{
    cli_expect_number(3, "SELECT COUNT(*) FROM zq_d");
    cli_expect_number(0, TABLES_MADE);
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
    own_expect_at("0003");
}

/* ---- where a statement ends ---- */

Test(reader, a_second_statement_before_the_delimiter_is_refused_before_anything_runs)
{
    own_write("CREATE TABLE zq_made (a int);\nDELIMITER //\nDROP PROCEDURE IF EXISTS p;\n"
              "DROP TABLE zq_d;\n//\nDELIMITER ;",
              NULL);
    EXPECT(65,
           "zquant-migrate: ./t1.sql:10: a second statement before the delimiter, the first is in "
           "line 9: end each with the delimiter\n" REVISION_HINT,
           UPGRADE);
    own_write("DELIMITER //\nUPDATE zq_d SET v = 'x';\nCOMMIT;\nDELETE FROM zq_d\n//", NULL);
    EXPECT(65,
           "zquant-migrate: ./t1.sql:9: a second statement before the delimiter, the first is in "
           "line 8: end each with the delimiter\n" REVISION_HINT,
           UPGRADE);
    expect_untouched();
}

Test(reader, a_semicolon_before_the_delimiter_is_understood_as_in_the_client)
{
    own_write("DELIMITER //\n"
              "CREATE TABLE zq_made (id int, v int);\n//\n"
              "INSERT INTO zq_made VALUES (1, 1), (2, 2); //\n"
              "UPDATE zq_made SET v = v + 1;//\n"
              "ALTER TABLE zq_made ADD INDEX i (id) ; -- why not\n//\n"
              "CREATE VIEW zq_view AS SELECT * FROM zq_made;//\n"
              "RENAME TABLE zq_made TO zq_made_too;//\n"
              "CREATE TRIGGER zq_g BEFORE INSERT ON zq_made_too FOR EACH ROW BEGIN SET NEW.v = 9; "
              "SET NEW.id = 9; END;//\n"
              "SET @a = 5;//\n"
              "INSERT INTO zq_made_too VALUES (@a, 3);//\n"
              "DELIMITER ;",
              NULL);
    EXPECT(0, NULL, UPGRADE);
    cli_expect_value("2 3 9", "SELECT GROUP_CONCAT(v ORDER BY v SEPARATOR ' ') FROM zq_made_too");
    own_expect_at("t1");
}

Test(reader, a_body_without_delimiter_is_reported_with_that_word)
{
    own_write("CREATE TABLE zq_made (a int);\nCREATE PROCEDURE p() BEGIN SELECT 1; END;", NULL);
    EXPECT(
        65,
        "zquant-migrate: ./t1.sql:8: the body that begins here is not ended: the delimiter stands "
        "within it\nhint: write 'DELIMITER //' before the statement, '//' behind its END, and "
        "'DELIMITER ;' after that\n",
        UPGRADE);
    expect_untouched();
}

/* ---- bytes ---- */

#define BYTES                                                 \
    "CREATE TABLE zq_made (id int PRIMARY KEY,\n  v text);\n" \
    "INSERT INTO zq_made VALUES (1, 'first\nsecond');\n"      \
    "DELIMITER //\nCREATE PROCEDURE zq_p()\nBEGIN\n  SELECT 'x\ny';\nEND//\nDELIMITER ;\n"

/* As an editor of another system saves it. */
static void write_crlf(const char *text)
{
    char out[4096] = "\xEF\xBB\xBF";
    size_t n = strlen(out);

    for (; *text != '\0' && n + 3 < sizeof out; text++) {
        if (*text == '\n')
            out[n++] = '\r';
        out[n++] = *text;
    }
    memcpy(out + n, "\x1A", 2);
    program_file("t1.sql", out, 0644);
}

Test(reader, line_ends_and_a_byte_order_mark_are_settled_when_the_file_is_read)
{
    write_crlf(HEAD BYTES TAIL);
    EXPECT(0, NULL, UPGRADE);
    cli_expect_value("first\nsecond", "SELECT v FROM zq_made");
    /* MariaDB shows the string in the body escaped. */
    cli_expect_number(1, "SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = "
                         "DATABASE() AND INSTR(ROUTINE_DEFINITION, CHAR(13)) = 0 AND "
                         "INSTR(ROUTINE_DEFINITION, '\\\\r') = 0");
    program_file("t1.sql", HEAD BYTES TAIL, 0644);
    OWN_SAYS(0, "nothing to do", "zquant-migrate", "upgrade");
}

#define CUT_SHORT(last)                                                                     \
    HEAD "CREATE TABLE zq_made (\n  id int PRIMARY KEY,\n  v text);\nINSERT INTO zq_made\n" \
         "VALUES (1, 'x');\nALTER TABLE zq_made\n  ADD COLUMN w int;\n" last TAIL

Test(reader, a_run_that_was_cut_short_goes_on_after_the_file_got_other_line_ends)
{
    program_file("t1.sql", CUT_SHORT("ALTER TABLE zq_nope ADD COLUMN w int;"), 0644);
    OWN_SAYS(2, "zq_nope", "zquant-migrate", "upgrade");
    cli_change("CREATE TABLE zq_nope (a int)");
    write_crlf(CUT_SHORT("ALTER TABLE zq_nope ADD COLUMN w int;"));
    EXPECT(0, NULL, UPGRADE);
    cli_expect_number(1, "SELECT COUNT(*) FROM zq_made");
    own_expect_at("t1");
}

Test(reader, a_pipe_among_the_files_is_refused_and_not_waited_for)
{
    char path[512];

    snprintf(path, sizeof path, "%s/pipe.sql", program_dir());
    cr_assert_eq(mkfifo(path, 0600), 0);
    EXPECT(66,
           "zquant-migrate: cannot read './pipe.sql': it is not a plain file\n"
           "hint: move it away, or put a plain file in its place\n",
           UPGRADE);
    cr_assert_eq(remove(path), 0);
}

/* ---- names ---- */

Test(reader, names_that_reach_elsewhere_are_seen_wherever_they_stand)
{
    static const char *const elsewhere[] = {
        "INSERT INTO zq_d SELECT id, v FROM zq_d JOIN mytest.u ON 1;",
        "CREATE TABLE zq_made (a int, FOREIGN KEY (a) REFERENCES mytest.u (id));",
        "CREATE VIEW zq_made AS WITH c AS (SELECT * FROM mytest.u) SELECT * FROM c;",
        "CREATE TRIGGER g AFTER DELETE ON zq_d FOR EACH ROW DELETE FROM mytest.u;",
    };
    static const char *const ours[] = {
        "DELETE FROM zq_d WHERE id IN (SELECT id FROM zq_meta_history);",
        "CREATE TRIGGER g AFTER DELETE ON zq_d FOR EACH ROW DELETE FROM zq_meta_history;",
    };

    for (size_t i = 0; i < ZQ_LEN(elsewhere); i++) {
        own_write(elsewhere[i], NULL);
        EXPECT(65,
               "zquant-migrate: ./t1.sql:7: something is named with its database: a revision stays "
               "in its own\n" REVISION_HINT,
               UPGRADE);
    }
    for (size_t i = 0; i < ZQ_LEN(ours); i++) {
        own_write(ours[i], NULL);
        EXPECT(65,
               "zquant-migrate: ./t1.sql:7: 'zq_meta_history' is the journal's own\n" REVISION_HINT,
               UPGRADE);
    }
    expect_untouched();
}

/* ---- consent ---- */

#define LOSS "./t1.sql:7: "
#define BACKUP "make sure that there is a backup, then say "

static const struct {
    const char *upgrade, *what;
    bool mariadb;
} losses[] = {
    {"SET STATEMENT lock_wait_timeout=5 FOR DELETE FROM zq_d;", "deletes rows of 'zq_d'", true},
    {"SET STATEMENT lock_wait_timeout=5 FOR DROP TABLE zq_d;", "drops the table 'zq_d'", true},
    {"ANALYZE DELETE FROM zq_d;", "deletes rows of 'zq_d'", true},
    {"EXECUTE IMMEDIATE 'DELETE FROM zq_d';", "deletes rows of 'zq_d'", true},
    {"DELIMITER //\nBEGIN NOT ATOMIC DELETE FROM zq_d; END//", "deletes rows of 'zq_d'", true},
    {"ALTER IGNORE TABLE zq_d ADD UNIQUE KEY uq (v);", "deletes rows of 'zq_d'", true},
    {"CREATE OR REPLACE DATABASE zq_another;", "drops a database", true},
    {"LOAD DATA INFILE '/nowhere' REPLACE INTO TABLE zq_d;", "deletes rows of 'zq_d'", false},
    {"WITH c AS (SELECT 1 AS a) DELETE zq_d FROM zq_d JOIN c ON id = a;", "deletes rows of 'zq_d'",
     false},
    {"ALTER TABLE zq_d ENGINE=BLACKHOLE;", "gives 'zq_d' an engine that does not keep its rows",
     false},
    {"ALTER TABLE zq_d CONVERT TO CHARACTER SET latin1;",
     "narrows the column 'v' of 'zq_d' from charset utf8mb4 to latin1", false},
};

Test(reader, what_loses_rows_is_asked_for_whatever_hides_it)
{
    for (size_t i = 0; i < ZQ_LEN(losses); i++) {
        char said[512];

        if (losses[i].mariadb && live_flavor() != ZQ_MARIADB)
            continue;
        own_write(losses[i].upgrade, NULL);
        snprintf(said, sizeof said, ": %s\nhint: " BACKUP "--allow-data-loss", losses[i].what);
        OWN_SAYS(64, said, "zquant-migrate", "upgrade", "--allow-locking", "--allow-unknown");
        expect_untouched();
    }
}

Test(reader, a_table_that_a_batch_filled_is_dropped_with_consent_only)
{
    own_write("CREATE TABLE zq_made (id int, a int);\n"
              "-- zq:batch table=zq_d key=id size=2\n"
              "INSERT INTO zq_made SELECT id, id FROM zq_d WHERE {range};\n-- zq:end\n"
              "ALTER TABLE zq_made DROP COLUMN a;\nDROP TABLE zq_made;",
              NULL);
    EXPECT(
        64,
        "zquant-migrate: ./t1.sql:11: drops the column 'a' of 'zq_made': 2 statements lose data: "
        "./t1.sql:12: drops the table 'zq_made'\nhint: " BACKUP "--allow-data-loss\n",
        UPGRADE);
    expect_untouched();
    own_write("CREATE TABLE zq_made AS TABLE zq_d;\nDROP TABLE zq_made;", NULL);
    OWN_SAYS(64, "./t1.sql:8: drops the table 'zq_made'\n", "zquant-migrate", "upgrade");
    own_write("CREATE TABLE zq_made (a int);\nALTER TABLE zq_made DROP COLUMN a, ADD b int;\n"
              "DROP TABLE zq_made;",
              NULL);
    EXPECT(0, NULL, UPGRADE);
}

Test(reader, a_temporary_table_of_its_own_is_nobodys_loss)
{
    own_write("CREATE TEMPORARY TABLE zq_tmp (id int);\nINSERT INTO zq_tmp VALUES (1);\n"
              "DELETE FROM zq_tmp;\nTRUNCATE zq_tmp;\nDROP TABLE zq_tmp;",
              NULL);
    EXPECT(0, NULL, UPGRADE);
    own_expect_at("t1");
}

Test(reader, what_cannot_be_known_asks_for_a_consent_of_its_own)
{
    cli_change("CREATE PROCEDURE p() INSERT INTO zq_d VALUES (4, 'p')");
    own_write("CREATE TABLE zq_made (a int);\nCALL p();\n"
              "PREPARE s FROM 'INSERT INTO zq_d VALUES (5, ''s'')';\nEXECUTE s;\n"
              "SELECT LENGTH('x');\nDO SLEEP(0);\nANALYZE TABLE zq_d;",
              NULL);
    EXPECT(64,
           "zquant-migrate: ./t1.sql:8: what the procedure 'p' does cannot be known: 2 statements "
           "have an outcome that cannot be known: ./t1.sql:10: what this statement does cannot be "
           "known from its words\nhint: " BACKUP "--allow-unknown\n",
           UPGRADE, "--allow-data-loss", "--allow-locking");
    EXPECT(
        64,
        "zquant-init: ./t1.sql:8: what the procedure 'p' does cannot be known: 2 statements have "
        "an outcome that cannot be known: ./t1.sql:10: what this statement does cannot be known "
        "from its words\nhint: make sure that there is a backup, then run 'zquant-migrate "
        "upgrade --allow-unknown --dir .'\n",
        "zquant-init", "--upgrade", "--dir", ".");
    expect_untouched();
    EXPECT(0, NULL, UPGRADE, "--allow-unknown");
    cli_expect_number(5, "SELECT COUNT(*) FROM zq_d");
}

Test(reader, rows_without_transactions_are_named_before_anything_runs)
{
    cli_change("CREATE TABLE zq_my (a int) ENGINE=MyISAM; INSERT INTO zq_my VALUES (1)");
    own_write("CREATE TABLE zq_made (a int);\nUPDATE zq_my SET a = a + 1;", NULL);
    EXPECT(
        64,
        "zquant-migrate: ./t1.sql:8: changes rows of 'zq_my', and MyISAM has no transactions: if "
        "the connection is lost, they may be changed twice\nhint: " BACKUP "--allow-unknown\n",
        UPGRADE);
    expect_untouched();
    /* Where MySQL uses GTIDs, it refuses such rows in a transaction altogether. */
    if (live_flavor() == ZQ_MYSQL)
        return;
    EXPECT(0, NULL, UPGRADE, "--allow-unknown");
    cli_expect_number(2, "SELECT a FROM zq_my");
}

/* ---- what the server says before anything runs ---- */

Test(reader, a_dry_run_finds_what_the_server_would_not_parse)
{
    program_result r;

    own_write("CREATE TABLE zq_made (a int);\nINSERT INTO zq_made VALUES (1);\n"
              "ALTER TABLE zq_made ADD COLUMN b int FIRST LAST;\nSET sql_mode = '';\n"
              "SELECT \"x\";",
              NULL);
    r = PROGRAM(UPGRADE, "--dry-run");
    cr_assert_eq(r.status, 65, "%s", r.err);
    cr_assert_not_null(
        strstr(r.err, "zquant-migrate: ./t1.sql:9: the server does not understand the statement: "),
        "%s", r.err);
    cr_assert_not_null(strstr(r.out, "\n-- the server does not understand this: "), "%s", r.out);
    cr_assert_not_null(
        strstr(r.out, ";\nINSERT INTO zq_made VALUES (1);\n-- the server does not understand"),
        "%s", r.out);
    cr_assert_not_null(
        strstr(r.out, "\n-- the server could not be asked whether it understands this\nSELECT"),
        "%s", r.out);
    program_free(&r);
    expect_untouched();
    own_write("UPDATE zq_d SET v = 'x';\n-- zq:batch table=zq_d key=id\n"
              "UPDATE zq_d SET v = 'y' WHERE {range};\n-- zq:end\n"
              "-- zq:family zq_quant_factor_spacex\nUPDATE {table} SET x = 1;\n-- zq:end",
              NULL);
    r = PROGRAM(UPGRADE, "--dry-run", "--json");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_not_null(strstr(r.out, "\"not_understood\": []"), "%s", r.out);
    cr_assert_not_null(strstr(r.out, "\"not_asked\": []"), "%s", r.out);
    program_free(&r);
}

Test(reader, a_statement_longer_than_a_packet_is_told_before_anything_runs)
{
    enum { LENGTH = 200000 };
    ZQ_AUTO(zq_db) db = cli_open();
    char *most = live_value(db, "SELECT @@GLOBAL.max_allowed_packet");
    program_result r;
    char back[128];
    char *text = malloc(LENGTH + 1024);
    size_t n;

    cr_assert_not_null(text);
    n = (size_t)sprintf(text, "%sCREATE TABLE zq_made (a int);\nINSERT INTO zq_d VALUES (9, '",
                        HEAD);
    memset(text + n, 'x', LENGTH);
    strcpy(text + n + LENGTH, "');\n" TAIL);
    program_file("t1.sql", text, 0644);
    free(text);
    live_exec(db, "SET GLOBAL max_allowed_packet = 131072");
    r = PROGRAM(UPGRADE);
    snprintf(back, sizeof back, "SET GLOBAL max_allowed_packet = %s", most);
    live_exec(db, back);
    free(most);
    cr_assert_eq(r.status, 65, "%s", r.err);
    cr_expect_str_eq(r.err, "zquant-migrate: ./t1.sql:8: the statement has 200031 bytes, and the "
                            "server's max_allowed_packet is 131072\nhint: write its rows in "
                            "several statements, or let a DBA raise max_allowed_packet above "
                            "204127\n");
    program_free(&r);
    expect_untouched();
}

ZQ_LIVE_MAIN
