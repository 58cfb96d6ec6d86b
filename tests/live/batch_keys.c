/* Batches meet each row once, whatever the key's type, the size, the session, and the moment at
 * which a run is killed. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static void begin(void)
{
    own_begin("batch_keys");
}

TestSuite(batch_keys, .init = begin, .fini = cli_end, .timeout = 120);

typedef struct key_type {
    const char *type;
    const char *values; /* of VALUES: not in order, some equal as the type compares them */
} key_type;

static const key_type types[] = {
    {"int", "(5), (-3), (0), (NULL), (7), (7)"},
    {"bigint", "(1700000000000000003), (1700000000000000001), (1700000000000000002), "
               "(-9223372036854775808), (9223372036854775807)"},
    {"bigint unsigned",
     "(18446744073709551615), (18446744073709551614), (9223372036854775808), (0)"},
    {"decimal(40,10)", "(12345678901234567890.0000000001), (12345678901234567890.0000000002), "
                       "(-0.5), (0), (-0.0000000001)"},
    {"date", "('2026-02-28'), ('1000-01-01'), ('9999-12-31'), ('2026-03-01'), (NULL)"},
    {"datetime(6)", "('2026-02-28 10:00:00.000001'), ('2026-02-28 10:00:00.000002'), "
                    "('2026-02-28 10:00:00')"},
    {"time(3)", "('-838:59:59'), ('-00:00:00.001'), ('00:00:00'), ('10:00:00.5'), ('-10:00:00')"},
    {"year", "(0), (1901), (2155), (2000), (2026)"},
    {"varchar(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
     "('Abc'), ('abd'), ('ABC'), ('xyz'), (''), ('abc '), ('e'), (_utf8mb4 x'c3a9'), "
     "(_utf8mb4 x'e4b8ade69687')"},
    {"varchar(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
     "('Abc'), ('abd'), ('a'), ('a '), (_utf8mb4 x'f09f9880'), ('')"},
    {"varchar(50) CHARACTER SET latin1", "('b'), ('A'), (_latin1 x'e9'), ('e')"},
    {"varchar(300)", "('it''s'), ('a\"b'), (REPEAT('k', 255)), (REPEAT('k', 254))"},
    {"varchar(50)", "(CONCAT('C:', CHAR(92), 't')), (CONCAT('C:', CHAR(92))), (CHAR(92)), "
                    "(CONCAT(CHAR(92), '%'))"},
    {"char(6)", "('000001'), ('000010'), ('600000'), ('1')"},
    {"enum('z','a','m')", "('a'), ('m'), ('z'), ('m')"},
    {"set('z','a')", "('a'), ('z'), ('z,a'), ('')"},
};

/* The session of the revision, which must not matter. */
static const char *const sessions[] = {
    "",
    "SET sql_mode = 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES,ANSI_QUOTES';\n",
    "SET NAMES latin1;\nSET sql_select_limit = 1, time_zone = '-05:00';\n",
};

static void make_tables(void)
{
    for (size_t i = 0; i < ZQ_LEN(types); i++) {
        char sql[1024];

        snprintf(sql, sizeof sql,
                 "CREATE TABLE zq_k%zu (id int AUTO_INCREMENT PRIMARY KEY, k %s, n int NOT NULL "
                 "DEFAULT 0, KEY (k)); INSERT INTO zq_k%zu (k) VALUES %s",
                 i, types[i].type, i, types[i].values);
        cli_change(sql);
    }
}

static void expect_each_once(unsigned times)
{
    for (size_t i = 0; i < ZQ_LEN(types); i++) {
        char sql[128];

        snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM zq_k%zu WHERE n <> %u", i, times);
        cr_assert_eq(cli_number(sql), 0, "%s", types[i].type);
    }
}

Test(batch_keys, every_type_of_key_meets_each_row_once)
{
    make_tables();
    for (unsigned size = 1; size <= 3; size++) {
        char text[4096];
        size_t n = (size_t)snprintf(text, sizeof text, "%s", sessions[size - 1]);

        for (size_t i = 0; i < ZQ_LEN(types); i++)
            n += (size_t)snprintf(text + n, sizeof text - n,
                                  "-- zq:batch table=zq_k%zu key=k size=%u\n"
                                  "UPDATE zq_k%zu SET n = n + 1 WHERE {range};\n-- zq:end\n",
                                  i, size, i);
        own_write(text, "");
        OWN_SAYS(0, "is at revision t1\n", "zquant-migrate", "upgrade");
        expect_each_once(size);
        OWN_SAYS(0, "", "zquant-migrate", "downgrade", "0003");
    }
}

#define BATCH(size)                           \
    "-- zq:batch table=zq_k key=k size=" size \
    "\nUPDATE zq_k SET n = n + 1 WHERE {range};\n-- zq:end\n"

/* Clocks are put back at 01:00 UTC on the 25th of October 2026: 02:00 to 03:00 is there twice. */
static void make_zone(void)
{
    cli_change(
        "INSERT IGNORE INTO mysql.time_zone (Time_zone_id, Use_leap_seconds) VALUES (987654, 'N');"
        "INSERT IGNORE INTO mysql.time_zone_name (Name, Time_zone_id) VALUES ('zq/Test', 987654);"
        "INSERT IGNORE INTO mysql.time_zone_transition_type (Time_zone_id, Transition_type_id, "
        "`Offset`, Is_DST, Abbreviation) VALUES (987654, 0, 3600, 0, 'A'), (987654, 1, 7200, 1, "
        "'B');"
        "INSERT IGNORE INTO mysql.time_zone_transition (Time_zone_id, Transition_time, "
        "Transition_type_id) VALUES (987654, 1774746000, 1), (987654, 1792890000, 0)");
}

Test(batch_keys, a_timestamp_is_gone_by_as_an_instant_where_an_hour_is_there_twice)
{
    static const char *const sizes[] = {BATCH("1"), BATCH("2"), BATCH("3")};

    make_zone();
    cli_change(
        "SET time_zone = '+00:00', sql_mode = ''; CREATE TABLE zq_k (id int AUTO_INCREMENT PRIMARY "
        "KEY, k timestamp(3) NULL, n int NOT NULL DEFAULT 0, KEY (k)); "
        "INSERT INTO zq_k (k) VALUES ('2026-10-24 12:00:00'), ('2026-10-25 00:10:00'), "
        "('2026-10-25 00:30:00'), ('2026-10-25 00:30:00.5'), ('2026-10-25 00:50:00'), "
        "('2026-10-25 01:10:00'), ('2026-10-25 01:20:00'), ('2026-10-25 01:40:00'), "
        "('2026-03-29 00:59:59'), ('2026-03-29 01:00:00'), ('2026-10-25 02:30:00'), (NULL), "
        "('1970-01-01 00:00:01'), ('2038-01-19 03:14:07'), ('0000-00-00 00:00:00')");
    for (unsigned i = 0; i < ZQ_LEN(sizes); i++) {
        char text[512];

        snprintf(text, sizeof text, "SET time_zone = 'zq/Test', sql_mode = '';\n%s", sizes[i]);
        own_write(text, "");
        OWN_SAYS(0, "is at revision t1\n", "zquant-migrate", "upgrade");
        snprintf(text, sizeof text, "SELECT COUNT(*) FROM zq_k WHERE n <> %u", i + 1);
        cli_expect_number(0, text);
        OWN_SAYS(0, "", "zquant-migrate", "downgrade", "0003");
    }
}

/* Kill a run while it waits for the row of one key after the other. */
static void expect_kills_to_harm_nothing(const char *type, const char *values)
{
    char sql[1024];

    snprintf(
        sql, sizeof sql,
        "CREATE TABLE zq_k (id int AUTO_INCREMENT PRIMARY KEY, k %s, n int NOT NULL DEFAULT 0, "
        "KEY (k)); INSERT INTO zq_k (k) VALUES %s",
        type, values);
    cli_change(sql);
    own_write(BATCH("1"), NULL);
    for (int row = 1; row <= 4; row++) {
        zq_db *holder;
        pid_t pid;
        int id;

        snprintf(sql, sizeof sql, "SELECT * FROM zq_k WHERE id = %d FOR UPDATE", row);
        holder = cli_hold(sql);
        pid = program_start((const char *const[]){"zquant-migrate", "upgrade", "--dir", ".", NULL});
        id = cli_wait_for_other("INFO LIKE 'UPDATE zq_k SET%'");
        kill(pid, SIGKILL);
        program_wait(pid);
        cli_cut(id);
        zq_db_close(holder);
    }
    OWN_SAYS(0, "is at revision t1\n", "zquant-migrate", "upgrade");
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_k WHERE n <> 1");
    cli_expect_number(4, "SELECT COUNT(*) FROM zq_k");
}

Test(batch_keys, killed_at_any_range_each_row_is_met_once)
{
    expect_kills_to_harm_nothing("varchar(20)", "('\\\\'), ('a'), ('B'), ('c\\'d')");
}

Test(batch_keys, killed_at_any_instant_each_row_is_met_once)
{
    expect_kills_to_harm_nothing("timestamp(6) NULL",
                                 "('2026-01-01'), ('2026-01-01 00:00:00.000001'), "
                                 "('2026-01-01 00:00:00.000002'), ('2026-01-02')");
}

static void expect_refused(const char *make, const char *said)
{
    cli_change(make);
    own_write("SET sql_mode = '';\n" BATCH("1"), NULL);
    OWN_SAYS(65, said, "zquant-migrate", "upgrade");
    cli_expect_number(0, "SELECT SUM(n) FROM zq_k");
    cli_change("DROP TABLE zq_k; DELETE FROM zq_meta_journal");
}

Test(batch_keys, what_cannot_be_a_key_is_refused_with_the_reason)
{
    expect_refused(
        "SET sql_mode = ''; CREATE TABLE zq_k (k date, n int DEFAULT 0, KEY (k)); INSERT "
        "INTO zq_k (k) VALUES ('0000-00-00'), ('2026-01-01')",
        "t1.sql:9: cannot run 'UPDATE zq_k SET n = n + 1 WHERE {range}': column 'k' of "
        "'zq_k' cannot be the key: it has '0000-00-00', which is not a date\n"
        "hint: ");
    expect_refused("CREATE TABLE zq_k (k varchar(300), n int DEFAULT 0, KEY (k)); INSERT INTO zq_k "
                   "(k) VALUES (REPEAT('x', 256))",
                   "cannot be the key: it has texts of over 255 characters\n");
}

Test(batch_keys, what_cannot_be_a_key_is_refused_before_anything_runs)
{
    cli_change("CREATE TABLE zq_k (k int, f double, n int DEFAULT 0, KEY (k))");
    own_write("ALTER TABLE zq_k ADD COLUMN made int;\n"
              "-- zq:batch table=zq_k key=F\nUPDATE zq_k SET n = 1 WHERE {range};\n-- zq:end",
              NULL);
    OWN_SAYS(65,
             "zquant-migrate: ./t1.sql:9: column 'F' of 'zq_k' cannot be the key: batches go by "
             "text, whole numbers, decimals and times\n"
             "hint: let the batch go by another column that has an index\n",
             "zquant-migrate", "upgrade");
    own_write("ALTER TABLE zq_k DROP COLUMN k;\n"
              "-- zq:batch table=zq_k key=k\nUPDATE zq_k SET n = 1 WHERE {range};\n-- zq:end",
              NULL);
    OWN_SAYS(65, "./t1.sql:9: there is no column 'k' in a table 'zq_k'\n", "zquant-migrate",
             "upgrade", "--allow-data-loss");
    cli_expect_number(3, "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                         "DATABASE() AND TABLE_NAME = 'zq_k'");
    own_write("ALTER TABLE zq_k ADD COLUMN made int, ADD INDEX (made);\n"
              "-- zq:batch table=zq_k key=MADE\nUPDATE zq_k SET n = 1 WHERE {range};\n-- zq:end",
              NULL);
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade", "-q");
}

ZQ_LIVE_MAIN
