#include "rev/revision_file.h"

#include "chinese.h"
#include "release.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define HEAD              \
    "-- revision: 0002\n" \
    "-- revises: 0001\n"  \
    "-- title: t\n"       \
    "-- created: 2026-01-04T00:00:00Z\n"

static const char *failure_of(const char *text, size_t length)
{
    static zq_err err;
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_revision revision;
    zq_err chinese = {0};

    if (zq_revision_file_read("0002_t.sql", text, length, arena, &revision, &err) == ZQ_OK)
        return "no failure";
    EXPECT_CHINESE(zq_revision_file_read("0002_t.sql", text, length, arena, &revision, &chinese),
                   chinese);
    cr_assert_eq(err.code, ZQ_E_DATA);
    return err.message;
}

static const char *failure(const char *text)
{
    return failure_of(text, strlen(text));
}

static void read(const char *text, zq_arena *arena, zq_revision *out)
{
    zq_err err = {0};

    cr_assert_eq(zq_revision_file_read("0002_t.sql", text, strlen(text), arena, out, &err), ZQ_OK,
                 "%s", err.message);
}

/* Made CRLF twice: what is settled once must not be settled to something else. */
Test(file, a_line_end_behind_several_carriage_returns_is_one_line_feed)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_revision r;

    read("-- revision: 0002\n-- revises: 0001\n-- title: t\n-- created: 2026-01-04T00:00:00Z\n"
         "-- zq:upgrade\nUPDATE t SET a = 'x\r\r\ny\rz\r\n';\n-- zq:irreversible why\n",
         arena, &r);
    cr_assert_str_eq(r.upgrade.statements[0].text, "UPDATE t SET a = 'x\ny\rz\n'");
}

Test(file, a_revision_is_read_into_its_header_and_its_statements)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_rev_statement *s;
    zq_revision r;

    read("-- revision: 0002\r\n"
         "-- revises: 0001\r\n"
         "-- release: 0.3.0\r\n"
         "-- title: uniform audit columns: all\r\n"
         "-- created: 2026-01-04T00:00:00Z\r\n"
         "-- schema-id: "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n"
         "-- Anything else is free text, see: the manual\r\n"
         "\r\n"
         "-- zq:upgrade\r\n"
         "ALTER TABLE zq_app_users ADD a int; -- why\r\n"
         "\r\n"
         "-- zq:family zq_data_tustock_daily\r\n"
         "ALTER TABLE {table} ADD INDEX ix_{table}_a (a);\r\n"
         "UPDATE {table} SET c = '{code}.{other}';\r\n"
         "-- zq:end\r\n"
         "-- zq:batch table=zq_x key=id size=500\r\n"
         "UPDATE zq_x SET a = b WHERE {range};\r\n"
         "-- zq:end\r\n"
         "-- zq:downgrade\r\n"
         "ALTER TABLE zq_app_users DROP a;\r\n",
         arena, &r);
    cr_expect_str_eq(r.file, "0002_t.sql");
    cr_expect_str_eq(r.id, "0002");
    cr_expect_str_eq(r.revises, "0001");
    cr_expect_str_eq(r.release, "0.3.0");
    cr_expect_str_eq(r.title, "uniform audit columns: all");
    cr_expect_str_eq(r.created, "2026-01-04T00:00:00Z");
    cr_expect_eq(strlen(r.schema_id), 64);
    cr_expect_null(r.irreversible);
    cr_assert_eq(r.upgrade.n, 4);
    s = r.upgrade.statements;
    cr_expect_str_eq(s[0].text, "ALTER TABLE zq_app_users ADD a int");
    cr_expect_eq(s[0].line, 10);
    cr_expect_eq(s[0].block, ZQ_BLOCK_PLAIN);
    cr_expect_eq(s[0].parsed.kind, ZQ_STATEMENT_DDL);
    cr_expect_eq(s[1].block, ZQ_BLOCK_FAMILY);
    cr_expect_str_eq(s[1].family, "zq_data_tustock_daily_{code}");
    cr_expect_str_eq(s[2].family, "zq_data_tustock_daily_{code}");
    cr_expect_eq(s[2].line, 14);
    cr_expect_eq(s[3].block, ZQ_BLOCK_BATCH);
    cr_expect_str_eq(s[3].table, "zq_x");
    cr_expect_str_eq(s[3].key, "id");
    cr_expect_eq(s[3].size, 500);
    cr_assert_eq(r.downgrade.n, 1);
    cr_expect_eq(r.downgrade.statements[0].parsed.loses, ZQ_LOSES_COLUMN);
}

Test(file, a_revision_may_be_the_first_do_nothing_and_be_irreversible)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_revision r;

    read("\xEF\xBB\xBF-- revision: 0002\n-- revises: base\n-- title: \xE4\xB8\xAD\n"
         "-- created: 2026-01-04T00:00:00Z\n-- zq:upgrade\n-- zq:irreversible the rows are gone\n",
         arena, &r);
    cr_expect_null(r.revises);
    cr_expect_null(r.release);
    cr_expect_null(r.schema_id);
    cr_expect_str_eq(r.irreversible, "the rows are gone");
    cr_expect_eq(r.upgrade.n, 0);
    cr_expect_eq(r.downgrade.n, 0);
}

Test(file, it_was_created_on_a_day_of_the_calendar)
{
    static const struct {
        const char *created;
        bool good;
    } cases[] = {
        {"2026-12-31T23:59:59Z", true},
        {"2024-02-29T00:00:00Z", true},
        {"2000-02-29T00:00:00Z", true},
        {"2026-13-04T00:00:00Z", false},
        {"2026-00-04T00:00:00Z", false},
        {"2026-01-00T00:00:00Z", false},
        {"2026-04-31T00:00:00Z", false},
        {"2026-02-29T00:00:00Z", false},
        {"2100-02-29T00:00:00Z", false},
        {"2026-01-04T24:00:00Z", false},
        {"2026-01-04T00:60:00Z", false},
        {"2026-01-04T00:00:60Z", false},
        {"2026-01-04", false},
        {"2026-01-04 00:00:00", false},
        {"2026-01-04T00:00:00+01", false},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        const char *text = zq_arena_printf(
            arena, "-- revision: 0002\n-- revises: 0001\n-- title: t\n-- created: %s\n%s",
            cases[i].created, "-- zq:upgrade\n-- zq:downgrade\n");
        const char *message = zq_arena_printf(arena,
                                              "0002_t.sql:4: header 'created' must be a time such "
                                              "as 2026-01-04T00:00:00Z, not '%s'",
                                              cases[i].created);

        cr_expect_str_eq(failure(text), cases[i].good ? "no failure" : message);
    }
}

Test(file, the_size_of_a_batch_has_a_default)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_revision r;

    read(HEAD "-- zq:upgrade\n-- zq:batch key=id table=t\nDELETE FROM t WHERE {range};\n"
              "-- zq:end\n-- zq:downgrade\n",
         arena, &r);
    cr_expect_eq(r.upgrade.statements[0].size, 10000);
}

#define UP HEAD "-- zq:upgrade\n"
#define DOWN "-- zq:downgrade\n"

static const struct {
    const char *text, *message;
} failures[] = {
    /* the header */
    {"", "0002_t.sql:1: header 'revision' is missing"},
    {"-- revision: 0002\n-- title: t\n-- created: 2026-01-04T00:00:00Z\n-- zq:upgrade\n" DOWN,
     "0002_t.sql:1: header 'revises' is missing"},
    {"-- revision: 0002\n-- revises: base\n-- title: t\n-- zq:upgrade\n-- created: x\n" DOWN,
     "0002_t.sql:1: header 'created' is missing"},
    {HEAD "-- title: again\n",
     "0002_t.sql:5: header 'title' a second time, the first is in line 3"},
    {HEAD "-- author: me\n", "0002_t.sql:5: unknown header 'author'"},
    {HEAD "-- release:\n", "0002_t.sql:5: header 'release' is empty"},
    {HEAD "-- release: three\n",
     "0002_t.sql:5: header 'release' must be a release such as 0.3.0, not 'three'"},
    {HEAD "-- schema-id: 0\n",
     "0002_t.sql:5: header 'schema-id' must be 64 hexadecimal digits, not '0'"},
    {"-- revision: a_b\n",
     "0002_t.sql:1: header 'revision' must be 1 to 64 of a-z, 0-9 and '-', not 'a_b'"},
    {"-- revision: head\n",
     "0002_t.sql:1: header 'revision' must be 1 to 64 of a-z, 0-9 and '-', not 'head'"},
    {"-- created: yesterday\n",
     "0002_t.sql:1: header 'created' must be a time such as 2026-01-04T00:00:00Z, not 'yesterday'"},
    {"-- revision: 0003\n-- revises: 0001\n-- title: t\n-- created: 2026-01-04T00:00:00Z\n",
     "0002_t.sql:1: revision '0003' in a file whose name does not begin with '0003_'"},
    {"-- revision: 000\n-- revises: 0001\n-- title: t\n-- created: 2026-01-04T00:00:00Z\n",
     "0002_t.sql:1: revision '000' in a file whose name does not begin with '000_'"},
    /* sections */
    {HEAD "\n", "0002_t.sql:6: '-- zq:upgrade' is missing"},
    {UP "SELECT 1;\n", "0002_t.sql:7: '-- zq:downgrade' is missing"},
    {HEAD DOWN, "0002_t.sql:5: 'zq:downgrade' before 'zq:upgrade'"},
    {UP DOWN "-- zq:upgrade\n", "0002_t.sql:7: a second section, the first is in line 5"},
    {UP DOWN DOWN, "0002_t.sql:7: a second section, the first is in line 6"},
    {UP DOWN "-- zq:irreversible x\n", "0002_t.sql:7: a second section, the first is in line 6"},
    {UP "-- zq:irreversible\n", "0002_t.sql:6: 'zq:irreversible' without a reason"},
    {UP "-- zq:irreversible x\nSELECT 1;\n", "0002_t.sql:7: a statement after 'zq:irreversible'"},
    {HEAD "SELECT 1;\n", "0002_t.sql:5: a statement before '-- zq:upgrade'"},
    {HEAD "-- zq:upgrade now\n", "0002_t.sql:5: 'now' after the marker is not understood"},
    {UP "-- zq:downgrad\n", "0002_t.sql:6: unknown marker 'zq:downgrad'"},
    {UP "SELECT 1\n" DOWN,
     "0002_t.sql:7: '-- zq:downgrade' within the statement that begins in line 6: end it with ';' "
     "first"},
    {UP "SELECT 'a;\n" DOWN, "0002_t.sql:6: a quote ' begins here and is not ended"},
    {UP "SELECT 1;;\n", "0002_t.sql:6: an empty statement: nothing is before this ';'"},
    /* blocks */
    {HEAD "-- zq:family f\n", "0002_t.sql:5: 'zq:family' before '-- zq:upgrade'"},
    {UP "-- zq:family\n", "0002_t.sql:6: 'zq:family' needs the name of one family, not ''"},
    {UP "-- zq:family a b\n", "0002_t.sql:6: 'zq:family' needs the name of one family, not 'a b'"},
    {UP "-- zq:family f\n-- zq:batch table=t key=k\n",
     "0002_t.sql:7: the 'zq:family' block of line 6 is not ended: write '-- zq:end' first"},
    {UP "-- zq:family f\nDROP TABLE {table};\n" DOWN,
     "0002_t.sql:8: the 'zq:family' block of line 6 is not ended: write '-- zq:end' first"},
    {UP DOWN "-- zq:family f\nDROP TABLE {table};\n",
     "0002_t.sql:9: the 'zq:family' block of line 7 is not ended: write '-- zq:end' first"},
    {UP "-- zq:family f\n-- zq:end\n",
     "0002_t.sql:7: the 'zq:family' block of line 6 has no statement"},
    {UP "-- zq:end\n", "0002_t.sql:6: 'zq:end' without a block"},
    {UP "-- zq:batch table=t\n", "0002_t.sql:6: 'zq:batch' needs table=TABLE and key=COLUMN"},
    {UP "-- zq:batch t\n", "0002_t.sql:6: 't' is not of the form name=value"},
    {UP "-- zq:batch table=t keys=a\n",
     "0002_t.sql:6: unknown parameter 'keys': a batch has table, key and size"},
    {UP "-- zq:batch table=t table=u\n", "0002_t.sql:6: parameter 'table' a second time"},
    {UP "-- zq:batch table=t key=`a`\n", "0002_t.sql:6: parameter 'key' needs a name, not '`a`'"},
    {UP "-- zq:batch size=0\n", "0002_t.sql:6: 'size' must be a number from 1 to 1000000, not '0'"},
    {UP "-- zq:batch size=99999999999999999999\n",
     "0002_t.sql:6: 'size' must be a number from 1 to 1000000, not '99999999999999999999'"},
    {UP "-- zq:batch table=t key=k\nDELETE FROM t WHERE {range};\nDELETE FROM t WHERE {range};\n",
     "0002_t.sql:8: a second statement in the 'zq:batch' block of line 6"},
    {UP "-- zq:batch table=t key=k\nALTER TABLE t ADD {range} int;\n",
     "0002_t.sql:7: a 'zq:batch' block is for a statement that changes rows"},
    /* placeholders */
    {UP "ALTER TABLE\n{table} ADD a int;\n", "0002_t.sql:7: {table} outside a 'zq:family' block"},
    {UP "UPDATE t SET a = 1 WHERE {range};\n", "0002_t.sql:6: {range} outside a 'zq:batch' block"},
    {UP "-- zq:family f\nALTER TABLE {tabel} ADD a int;\n",
     "0002_t.sql:7: unknown placeholder {tabel}"},
    {UP "-- zq:family f\nALTER TABLE t ADD a int;\n",
     "0002_t.sql:7: a statement of a 'zq:family' block without {table}"},
    {UP "-- zq:batch table=t key=k\nUPDATE t SET a = 1;\n",
     "0002_t.sql:7: a statement of a 'zq:batch' block without {range}"},
    {UP "-- zq:batch table=t key=k\nUPDATE t SET a = '{range}';\n",
     "0002_t.sql:7: {range} in a string"},
    /* statements that do not belong here */
    {UP "COMMIT;\n", "0002_t.sql:6: 'COMMIT': transactions are the runner's"},
    {UP "SET autocommit = 0;\n", "0002_t.sql:6: 'SET': transactions are the runner's"},
    {UP "SELECT RELEASE_ALL_LOCKS();\n",
     "0002_t.sql:6: RELEASE_ALL_LOCKS(): the run has a lock of its own in this session, and one of "
     "yours would be gone when it is resumed"},
    {UP "CREATE TABLE t AS\nSELECT Get_Lock('a', 1) AS a;\n",
     "0002_t.sql:7: GET_LOCK(): the run has a lock of its own in this session, and one of yours "
     "would be gone when it is resumed"},
    {UP "LOAD DATA LOW_PRIORITY LOCAL INFILE 'x' INTO TABLE t;\n",
     "0002_t.sql:6: 'LOAD DATA LOCAL': no file of the client's is sent, since a server could ask "
     "for any other; without LOCAL, the file is the server's"},
    {UP "SET @a = 1, SESSION default_storage_engine = MyISAM;\n",
     "0002_t.sql:6: 'SET default_storage_engine': write ENGINE = ... in each CREATE TABLE instead, "
     "where it is seen"},
    {UP "SET @@`Storage_Engine` = 'Aria';\n", "0002_t.sql:6: 'SET `Storage_Engine`': write ENGINE "
                                              "= ... in each CREATE TABLE instead, where it "
                                              "is seen"},
    {UP "SET SESSION enforce_storage_engine = MyISAM;\n",
     "0002_t.sql:6: 'SET enforce_storage_engine': write ENGINE = ... in each CREATE TABLE instead, "
     "where it is seen"},
    {UP "SET STATEMENT default_storage_engine = MyISAM FOR CREATE TABLE t (a int);\n",
     "0002_t.sql:6: 'SET default_storage_engine': write ENGINE = ... in each CREATE TABLE instead, "
     "where it is seen"},
    {UP "SET @old = @@sql_log_bin, @sql_log_bin = 0;\nSET @@SESSION.SQL_LOG_BIN= 0;\n",
     "0002_t.sql:7: 'SET SQL_LOG_BIN': replicas would not get what this run does"},
    {UP "SET @a = 1, wsrep_on := OFF;\n",
     "0002_t.sql:6: 'SET wsrep_on': the other nodes would not get what this run does"},
    {UP "SET STATEMENT `Gtid_Next` = 'x' FOR DELETE FROM t;\n",
     "0002_t.sql:6: 'SET `Gtid_Next`': a run has many transactions, and each needs a number of its "
     "own"},
    {UP "USE other;\n", "0002_t.sql:6: 'USE': a revision stays in its own database"},
    {UP "DROP TABLE other.t;\n",
     "0002_t.sql:6: something is named with its database: a revision stays in its own"},
    {UP "DROP TABLE `ZQ_Meta_history`;\n", "0002_t.sql:6: 'ZQ_Meta_history' is the journal's own"},
    {UP "DELETE FROM zq_meta_history;\n", "0002_t.sql:6: 'zq_meta_history' is the journal's own"},
    /* one statement, and all of it */
    {UP "DELIMITER //\nDROP PROCEDURE IF EXISTS p;\nDROP TABLE t;\n//\n",
     "0002_t.sql:8: a second statement before the delimiter, the first is in line 7: end each with "
     "the delimiter"},
    {UP "DELIMITER //\nUPDATE t SET a = 1;\nCOMMIT;\nDELETE FROM t\n//\n",
     "0002_t.sql:8: a second statement before the delimiter, the first is in line 7: end each with "
     "the delimiter"},
    {UP "\nCREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\nEND;\n",
     "0002_t.sql:8: the body that begins here is not ended: the delimiter stands within it"},
    {UP "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW IF NEW.a THEN SET @a = 1; END IF;\n",
     "0002_t.sql:6: the body that begins here is not ended: the delimiter stands within it"},
    {UP "SET sql_mode = 'NO_BACKSLASH_ESCAPES';\nINSERT INTO t VALUES ('C:\\temp');\n"
        "INSERT INTO t VALUES ('a\\'); DROP TABLE t; -- ');\n",
     "0002_t.sql:8: a backslash before a quote, which ends the string since line 6 SET "
     "NO_BACKSLASH_ESCAPES: write the quote twice"},
    {UP "SET @m = 'NO_BACKSLASH_ESCAPES';\nSET sql_mode = @m;\n"
        "INSERT INTO t VALUES ('a\\'); DROP TABLE t; -- ');\n",
     "0002_t.sql:8: a backslash before a quote, which ends the string since line 6 SET "
     "NO_BACKSLASH_ESCAPES: write the quote twice"},
    {UP "SET sql_mode = 'ANSI';\nINSERT INTO t (b) VALUES ('it\\'s');\n"
        "INSERT INTO t (\"a\\\") VALUES (1); DROP TABLE t; -- \");\n",
     "0002_t.sql:8: a backslash before a \", which ends the name since line 6 SET ANSI_QUOTES: "
     "write strings in ''"},
    {UP
     "SET sql_mode = 'ORACLE';\nDELIMITER //\nCREATE PROCEDURE p AS\n  b INT;\nBEGIN\n  b := 1;\n"
     "END//\n",
     "0002_t.sql:8: a body in the language of sql_mode ORACLE, which line 6 SET: it cannot be "
     "read"},
    {UP "DELIMITER //\n;\n//\n", "0002_t.sql:7: an empty statement: nothing is before this ';'"},
    /* names in it */
    {UP "INSERT INTO t SELECT * FROM u JOIN other.v ON u.a = v.a;\n",
     "0002_t.sql:6: something is named with its database: a revision stays in its own"},
    {UP "DELIMITER //\nCREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW\nBEGIN\n"
        "  DELETE FROM zq_meta_journal;\nEND//\n",
     "0002_t.sql:7: 'zq_meta_journal' is the journal's own"},
    {UP "SET STATEMENT max_statement_time = 1 FOR COMMIT;\n",
     "0002_t.sql:6: 'COMMIT': transactions are the runner's"},
    /* bytes */
    {UP "SELECT '\xFF';\n", "0002_t.sql:6: the line is not UTF-8"},
};

Test(file, every_mistake_is_named_with_file_and_line)
{
    for (size_t i = 0; i < ZQ_LEN(failures); i++)
        cr_expect_str_eq(failure(failures[i].text), failures[i].message, "%s\ngave %s",
                         failures[i].text, failure(failures[i].text));
}

Test(file, an_id_has_64_characters_and_a_title_255)
{
    for (int more = 0; more < 2; more++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        char id[66] = "", title[257] = "";
        const char *name, *text;
        zq_revision r;

        memset(id, 'a', (size_t)(64 + more));
        name = zq_arena_printf(arena, "%s.sql", id);
        text = zq_arena_printf(arena,
                               "-- revision: %s\n-- revises: base\n-- title: t\n-- created: "
                               "2026-01-04T00:00:00Z\n-- zq:upgrade\n" DOWN,
                               id);
        cr_expect_eq(zq_revision_file_read(name, text, strlen(text), arena, &r, NULL),
                     more ? ZQ_E_DATA : ZQ_OK);
        memset(title, 't', (size_t)(255 + more));
        text = zq_arena_printf(arena,
                               "-- revision: a\n-- revises: base\n-- title: %s\n-- created: "
                               "2026-01-04T00:00:00Z\n-- zq:upgrade\n" DOWN,
                               title);
        cr_expect_eq(zq_revision_file_read("a.sql", text, strlen(text), arena, &r, NULL),
                     more ? ZQ_E_DATA : ZQ_OK);
    }
}

Test(file, braces_in_a_string_outside_blocks_are_data)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_revision r;

    read(UP "INSERT INTO t VALUES ('{table} {range} {any}');\n" DOWN, arena, &r);
    cr_expect_eq(r.upgrade.n, 1);
}

Test(file, a_nul_is_not_text)
{
    static const char text[] = UP "SELECT '\0';\n";

    cr_expect_str_eq(failure_of(text, sizeof text - 1), "0002_t.sql:6: the line holds a NUL");
}

Test(file, more_than_16_mib_are_refused)
{
    size_t size = ZQ_REVISION_FILE_MAX + 1;
    char *text = malloc(size);

    cr_assert_not_null(text);
    memset(text, ' ', size);
    cr_expect_str_eq(failure_of(text, size),
                     "0002_t.sql:1: the file has 16777217 bytes, more than 16 MiB");
    cr_expect_str_eq(failure_of(text, size - 1), "0002_t.sql:1: header 'revision' is missing");
    free(text);
}

Test(file, the_checksum_does_not_depend_on_line_ends_or_a_byte_order_mark)
{
    char unix_hex[ZQ_DIGEST_HEX], dos_hex[ZQ_DIGEST_HEX], other_hex[ZQ_DIGEST_HEX];

    zq_revision_file_checksum("a\nb\n", 4, unix_hex);
    zq_revision_file_checksum("\xEF\xBB\xBF"
                              "a\r\nb\r\n",
                              9, dos_hex);
    zq_revision_file_checksum("a\rb\n", 4, other_hex);
    cr_expect_str_eq(unix_hex, dos_hex);
    cr_expect_str_neq(unix_hex, other_hex);
    cr_expect_str_eq(unix_hex, "911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2");
}

Test(file, a_body_cut_by_the_delimiter_is_reported_with_the_word_delimiter)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    static const char text[] = UP "CREATE PROCEDURE p() BEGIN SELECT 1;\nEND;\n" DOWN;
    zq_err err = {0};
    zq_revision r;

    cr_assert_eq(zq_revision_file_read("0002_t.sql", text, sizeof text - 1, arena, &r, &err),
                 ZQ_E_DATA);
    cr_expect_str_eq(err.hint,
                     "write 'DELIMITER //' before the statement, '//' behind its END, and "
                     "'DELIMITER ;' after that");
}

Test(file, a_semicolon_before_the_delimiter_is_not_part_of_the_statement)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_revision r;

    read(UP "DELIMITER //\nCREATE TABLE t (a int);\n//\nINSERT INTO t VALUES (1) ; -- x\n//\n"
            "CREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\nEND;//\n" DOWN,
         arena, &r);
    cr_assert_eq(r.upgrade.n, 3);
    cr_expect_str_eq(r.upgrade.statements[0].text, "CREATE TABLE t (a int)");
    cr_expect_str_eq(r.upgrade.statements[1].text, "INSERT INTO t VALUES (1)");
    cr_expect_str_eq(r.upgrade.statements[2].text, "CREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\nEND");
    cr_expect_eq(r.upgrade.statements[1].length, strlen(r.upgrade.statements[1].text));
}

Test(file, statements_and_checksum_see_the_same_text_whatever_the_line_ends)
{
    static const char unix_text[] = UP "INSERT INTO t VALUES ('a\nb\rc');\n" DOWN;
    static const char dos_text[] =
        "\xEF\xBB\xBF-- revision: 0002\r\n-- revises: 0001\r\n-- title: t\r\n"
        "-- created: 2026-01-04T00:00:00Z\r\n-- zq:upgrade\r\n"
        "INSERT INTO t VALUES ('a\r\nb\rc');\r\n-- zq:downgrade\r\n\x1A";
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_revision lf, crlf;

    read(unix_text, arena, &lf);
    read(dos_text, arena, &crlf);
    cr_assert_eq(crlf.upgrade.n, 1);
    cr_expect_str_eq(crlf.upgrade.statements[0].text, "INSERT INTO t VALUES ('a\nb\rc')");
    cr_expect_str_eq(crlf.upgrade.statements[0].text, lf.upgrade.statements[0].text);
    cr_expect_eq(crlf.upgrade.statements[0].line, 6);
    cr_expect_str_eq(crlf.checksum, lf.checksum);
    cr_expect_eq(crlf.length, lf.length);
}

Test(file, a_family_that_does_not_exist_is_named_by_the_lint)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_err err = {0};
    zq_revision r;

    read(UP "-- zq:family zq_data_tustock_daily\nALTER TABLE {table} ADD a int;\n-- zq:end\n" DOWN
            "-- zq:family zq_nothing\nALTER TABLE {table} DROP a;\n-- zq:end\n",
         arena, &r);
    cr_expect_eq(zq_revision_file_lint(&r, &zq_schema_head, &err), ZQ_E_DATA);
    cr_expect_str_eq(err.message, "0002_t.sql:11: there is no family 'zq_nothing_{code}'");
}
