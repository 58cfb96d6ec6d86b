/* zquant-migrate verify, as its users run it: a certificate finds each damage, alone and by name,
 * and nothing where the same rows were put back in another order, in another database, or by a
 * dump on the other vendor's server. */
#include "live.h"
#include "program.h"
#include "release.h"
#include "stocks.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char database[64];
static zq_db *db;
static char certificate[256];

static void expect_status(int status, const char *const *words, program_result *out)
{
    *out = program_run(words, NULL);
    cr_assert_eq(out->status, status, "status %d, not %d: %s%s", out->status, status, out->out,
                 out->err);
}
#define RUN(status, result, ...) \
    expect_status((status), (const char *const[]){__VA_ARGS__, NULL}, (result))

/* Run it, and hold status and output against what is wanted, word for word. */
static void expect(int status, const char *out, const char *const *words)
{
    program_result r;

    expect_status(status, words, &r);
    cr_assert_str_eq(r.out, out, "%s%s", r.out, r.err);
    program_free(&r);
}
#define EXPECT(status, out, ...) \
    expect((status), (out),      \
           (const char *const[]){"zquant-migrate", "verify", "--no-color", __VA_ARGS__, NULL})

/* Two stocks as the application makes them, with rows, a view over them, and what hangs on it. */
static void add_stocks(void)
{
    const stocks_ways ways = {.seed = 7, .shuffled = true, .factors = true, .rows = 40};
    ZQ_AUTO_BUF(sql);

    for (int stock = 0; stock < 2; stock++)
        cr_assert_eq(stocks_write(&sql, &zq_schema_head, stock, &ways, NULL), ZQ_OK);
    live_exec(db, zq_buf_text(&sql));
    live_exec(db,
              "INSERT INTO zq_data_tustock_stockbasic (ts_code, symbol, name, created_time, "
              "updated_time) VALUES ('600000.SH', '600000', 'a', NOW(), NOW()), "
              "('600001.SH', '600001', 'b', NOW(), NOW());"
              "CREATE VIEW zq_v AS SELECT id, ts_code FROM zq_data_tustock_daily_600000;"
              "CREATE TABLE notes (id int PRIMARY KEY, f float, d double, j json, b blob, "
              "t timestamp(3) NULL, n decimal(20,6));"
              "INSERT INTO notes VALUES (1, 0.1, 1e15, '{\"b\": 1.50, \"a\": [1, 2]}', x'00ff', "
              "'2020-03-01 12:00:00.5', -0.5), (2, NULL, 3.141592653589793, NULL, '', NULL, 7);"
              "CREATE TRIGGER zq_t BEFORE INSERT ON notes FOR EACH ROW SET NEW.n = 1");
}

static void begin(void)
{
    program_result r;

    db = live_open();
    program_env_reset();
    snprintf(database, sizeof database, "%s", live_database("verify"));
    program_env_live(database);
    program_env("ZQUANT_ADMIN_HASH", "bcrypt");
    RUN(0, &r, "zquant-init", "-q");
    program_free(&r);
    live_use(db, database);
    add_stocks();
    snprintf(certificate, sizeof certificate, "%s/cert", program_dir());
    EXPECT(0, "", "--write", certificate);
}

static void end(void)
{
    live_drop(database);
    zq_db_close(db);
}

TestSuite(verify, .init = begin, .fini = end, .timeout = 300);

Test(verify, a_database_is_what_its_certificate_says_and_sound_by_itself)
{
    program_result r;

    RUN(0, &r, "zquant-migrate", "verify", certificate);
    cr_assert_not_null(strstr(r.err, "' says: 36 tables, "), "%s", r.err);
    program_free(&r);
    RUN(0, &r, "zquant-migrate", "verify");
    cr_assert_not_null(strstr(r.err, "is sound: 36 tables"), "%s", r.err);
    program_free(&r);
}

/* What was done to the database, and the one line that names it. */
typedef struct damage {
    const char *sql;
    const char *line;
} damage;

static const damage damages[] = {
    {"UPDATE zq_data_tustock_daily_600001 SET close = close + 1e-9 WHERE id = 7",
     "zq_data_tustock_daily_600001: 40 rows as in the certificate, but not all with the same "
     "values"},
    {"DELETE FROM zq_data_tustock_daily_600000 WHERE id = 3",
     "zq_data_tustock_daily_600000: 39 rows, and the certificate has 40 rows"},
    {"UPDATE notes SET b = x'00fe' WHERE id = 1",
     "notes: 2 rows as in the certificate, but not all with the same values"},
    {"UPDATE notes SET f = 0 WHERE id = 2",
     "notes: 2 rows as in the certificate, but not all with the same values"},
    {"UPDATE notes SET j = '{\"a\": [2, 1], \"b\": 1.5}' WHERE id = 1",
     "notes: 2 rows as in the certificate, but not all with the same values"},
    {"INSERT INTO notes SELECT 3, f, d, j, b, t, n FROM notes WHERE id = 2",
     "notes: 3 rows, and the certificate has 2 rows"},
    {"UPDATE zq_data_tustock_stockbasic SET name = IF(name = 'a', 'b', 'a')",
     "zq_data_tustock_stockbasic: 2 rows as in the certificate, but not all with the same values"},
    {"DROP TABLE zq_data_tustock_factor_600001",
     "zq_data_tustock_factor_600001: is missing, with 40 rows"},
    {"CREATE TABLE stranger (id int)", "stranger: is not in the certificate"},
    {"ALTER VIEW zq_v AS SELECT ts_code, id FROM zq_data_tustock_daily_600000",
     "zq_v: the view has other columns than in the certificate"},
    {"ALTER VIEW zq_v AS SELECT ts_code, id FROM zq_data_tustock_daily_600001",
     "zq_v: the view is defined otherwise than in the certificate"},
    {"DROP VIEW zq_v", "zq_v: the view is missing"},
    {"DROP TRIGGER zq_t; CREATE TRIGGER zq_t BEFORE INSERT ON notes FOR EACH ROW SET NEW.n = 2",
     "zq_t: the trigger is defined otherwise than in the certificate"},
    {"DROP TRIGGER zq_t", "zq_t: the trigger is missing"},
    {"CREATE PROCEDURE zq_p() SELECT 1", "zq_p: the procedure is not in the certificate"},
    {"CREATE EVENT zq_e ON SCHEDULE EVERY 1 DAY ENABLE DO SELECT 1",
     "zq_e: the event is not in the certificate"},
    {"ALTER EVENT zq_e DISABLE", "zq_e: the event is defined otherwise than in the certificate"},
    {"ALTER TABLE zq_data_tustock_daily_600000 AUTO_INCREMENT = 41",
     "zq_data_tustock_daily_600000: the next value of its AUTO_INCREMENT column would be 41, and "
     "was 900: ids would be given out again"},
    {"DROP USER zqt_verify@localhost", "'zqt_verify'@'localhost': SELECT: is not granted any more"},
};

/* The only line of the output, without its end. */
static void expect_alone(const damage *d)
{
    char line[512];

    snprintf(line, sizeof line, "%s\n", d->line);
    EXPECT(1, line, certificate);
}

Test(verify, each_damage_is_found_alone_and_named)
{
    char sql[256];

    snprintf(sql, sizeof sql,
             "ALTER TABLE zq_data_tustock_daily_600000 AUTO_INCREMENT = 900; CREATE USER "
             "zqt_verify@localhost; GRANT SELECT ON %s.* TO zqt_verify@localhost",
             database);
    live_exec(db, sql);
    EXPECT(0, "", "--write", certificate);
    for (size_t i = 0; i < ZQ_LEN(damages); i++) {
        live_exec(db, damages[i].sql);
        expect_alone(&damages[i]);
        EXPECT(0, "", "--write", certificate);
    }
}

Test(verify, the_same_rows_in_another_order_and_database_are_the_same)
{
    static const char *const tables[] = {"zq_data_tustock_daily_600000",
                                         "zq_data_tustock_daily_600001", "notes"};
    char sql[512];

    live_exec(db, "DROP TRIGGER zq_t");
    EXPECT(0, "", "--write", certificate);
    for (size_t i = 0; i < ZQ_LEN(tables); i++) {
        snprintf(
            sql, sizeof sql,
            "CREATE TABLE copied LIKE %s; INSERT INTO copied SELECT * FROM %s ORDER BY RAND(); "
            "DROP VIEW IF EXISTS zq_v; DROP TABLE %s; RENAME TABLE copied TO %s",
            tables[i], tables[i], tables[i], tables[i]);
        live_exec(db, sql);
    }
    live_exec(db, "CREATE VIEW zq_v AS SELECT id, ts_code FROM zq_data_tustock_daily_600000");
    EXPECT(0, "", certificate);
}

Test(verify, what_can_be_known_without_a_certificate_is_named)
{
    static const struct {
        const char *sql;
        const char *line;
        const char *undo;
    } unsound[] = {
        {"UPDATE zq_app_users SET is_active = 0",
         "zq_app_users: nobody who is active has the role 'admin'",
         "UPDATE zq_app_users SET is_active = 1"},
        {"SET foreign_key_checks = 0; INSERT INTO zq_app_apikeys (user_id, access_key, secret_key, "
         "is_active, created_time, updated_time) VALUES (99, 'a', 'b', 1, NOW(), NOW()); "
         "SET foreign_key_checks = 1",
         "zq_app_apikeys: 1 row refers to a row of 'zq_app_users' that is not there (foreign key "
         "'zq_app_apikeys_ibfk_1')",
         "DELETE FROM zq_app_apikeys"},
        {"RENAME TABLE zq_data_tustock_factor_600001 TO kept",
         "zq_data_tustock_factor_{code}: 1 of the 2 stocks in zq_data_tustock_stockbasic has no "
         "table, the first: 600001",
         "RENAME TABLE kept TO zq_data_tustock_factor_600001"},
        {"ALTER TABLE zq_app_users ADD COLUMN x int",
         "%s: the schema has 1 difference; 'zquant-migrate check' names them",
         "ALTER TABLE zq_app_users DROP COLUMN x"},
        {"DELETE FROM zq_meta_seeds", "%s: no seeds are recorded as applied; run 'zquant-init'",
         "DO 0"},
    };
    program_result r;

    for (size_t i = 0; i < ZQ_LEN(unsound); i++) {
        char line[512];
        size_t length;

        live_exec(db, unsound[i].sql);
        /* NOLINTNEXTLINE(clang-diagnostic-format-nonliteral): the lines above */
        snprintf(line, sizeof line - 1, unsound[i].line, database);
        length = strlen(line);
        line[length] = '\n';
        line[length + 1] = '\0';
        expect(1, line, (const char *const[]){"zquant-migrate", "verify", "--no-color", NULL});
        live_exec(db, unsound[i].undo);
    }
    live_exec(db, "ALTER TABLE zq_data_tustock_daily_600000 RENAME COLUMN ts_code TO tsc");
    RUN(1, &r, "zquant-migrate", "verify", "--no-color");
    cr_assert_not_null(strstr(r.out, "zq_v: the view does not open: "), "%s", r.out);
    program_free(&r);
}

static char *read_page(void)
{
    char path[256];
    FILE *file;
    char *text = calloc(1, 1 << 16);

    snprintf(path, sizeof path, "%s/page.html", program_dir());
    file = fopen(path, "r");
    cr_assert_not_null(file);
    cr_assert_gt(fread(text, 1, (1 << 16) - 1, file), 0);
    fclose(file);
    return text;
}

/* The reader waits for `a`, which another session has locked, while that drops `z`. Whether it had
 * listed the tables by then decides what it finds. */
Test(verify, a_table_that_is_dropped_while_it_is_read_is_named_on_the_page_too)
{
    const char *const words[] = {"zquant-migrate", "verify",    "-j1", certificate,
                                 "--html",         "page.html", NULL};
    pid_t pid;
    char *page;

    live_exec(db, "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE `z<b>&` LIKE a");
    EXPECT(0, "", "--write", certificate);
    live_exec(db, "LOCK TABLES a WRITE, `z<b>&` WRITE");
    pid = program_start(words);
    for (char *waits = NULL; waits == NULL;) {
        free(waits);
        waits =
            live_value(db, "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE() "
                           "AND STATE LIKE '%metadata lock%'");
        usleep(10000);
    }
    live_exec(db, "DROP TABLE `z<b>&`; UNLOCK TABLES");
    cr_assert_eq(program_wait(pid), 1);
    page = read_page();
    cr_assert(strstr(page, ">z&lt;b&gt;&amp;: cannot be read: ") != NULL ||
                  strstr(page, ">z&lt;b&gt;&amp;: is missing, with 0 rows</td>") != NULL,
              "%s", page);
    cr_assert_not_null(strstr(page, "is not what its certificate says</h1>\n<p>1 difference.</p>"),
                       "%s", page);
    cr_assert_null(strstr(page, "<script"));
    cr_assert_null(strstr(page, "<b>"));
    free(page);
}

/* ---- certificates that are not what they should be ---- */

static void change_file(const char *from, const char *to)
{
    static char text[1 << 20];
    FILE *file = fopen(certificate, "r");
    size_t n = file == NULL ? 0 : fread(text, 1, sizeof text - 256, file);
    char *at;

    cr_assert_not_null(file);
    fclose(file);
    text[n] = '\0';
    at = strstr(text, from);
    cr_assert_not_null(at, "no '%s' in the certificate", from);
    cr_assert_eq(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
    file = fopen(certificate, "w");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(text, 1, n, file), n);
    fclose(file);
}

static void expect_refused(const char *what)
{
    program_result r;

    RUN(65, &r, "zquant-migrate", "verify", certificate);
    cr_assert_not_null(strstr(r.err, what), "%s", r.err);
    program_free(&r);
}

Test(verify, a_file_that_is_not_a_whole_certificate_is_refused)
{
    change_file("\"rows\": 40", "\"rows\": 41");
    expect_refused(": is damaged: it is not what its digest says\nhint: take another copy of the "
                   "certificate, from where the dump is kept\n");
    change_file("\"certificate\": 1", "\"certificate\": 2");
    expect_refused(": is a certificate of version 2, and this build knows those up to 1\nhint: use "
                   "the zquant-migrate that wrote it, or a newer one");
    snprintf(certificate, sizeof certificate, "%s", program_file("x", "{\n\"a\":\n", 0600));
    expect_refused("/x:3: is not a certificate: ");
    snprintf(certificate, sizeof certificate, "%s", program_file("y", "{}", 0600));
    expect_refused("/y: is not a certificate");
}

Test(verify, a_signature_is_held_against_the_key_that_is_wanted)
{
    static const char seed[] = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60\n";
    /* RFC 8032, section 7.1, test 1 */
    static const char key[] = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    static const char wrong[] = "175a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    const char *path = program_file("key", seed, 0600);
    program_result r;

    EXPECT(0, "", "--write", certificate, "--sign", path);
    EXPECT(0, "", certificate, "--key", key);
    RUN(65, &r, "zquant-migrate", "verify", certificate, "--key", wrong);
    cr_assert_not_null(strstr(r.err, ": is signed by another key: d75a"), "%s", r.err);
    cr_assert_not_null(strstr(r.err, "\nhint: trust it only if you know who wrote it: then run "
                                     "this with that key, or without --key\n"),
                       "%s", r.err);
    program_free(&r);
    EXPECT(0, "", "--write", certificate);
    RUN(65, &r, "zquant-migrate", "verify", certificate, "--key", key);
    cr_assert_not_null(strstr(r.err, "/cert: is not signed\nhint: trust it only"), "%s", r.err);
    program_free(&r);

    /* A key or a folder that will not do is refused before anything is read. */
    path = program_file("open", "00\n", 0644);
    RUN(78, &r, "zquant-migrate", "verify", "--write", certificate, "--sign", path);
    cr_assert_not_null(strstr(r.err, "/open' holds a key, but others may read it (owner '"), "%s",
                       r.err);
    cr_assert_not_null(strstr(r.err, "hint: run: chmod 600 '"), "%s", r.err);
    program_free(&r);
    path = program_file("short", "00\n", 0600);
    RUN(78, &r, "zquant-migrate", "verify", "--write", certificate, "--sign", path);
    cr_assert_not_null(strstr(r.err, "/short' does not hold a key: 64 hexadecimal digits"), "%s",
                       r.err);
    program_free(&r);
    RUN(2, &r, "zquant-migrate", "verify", "--write", "/nowhere/cert", "--database", "none");
    cr_assert_not_null(strstr(r.err, "cannot write '/nowhere/cert': No such file"), "%s", r.err);
    program_free(&r);
}

Test(verify, what_an_account_cannot_see_is_said_and_of_tables_there_is_no_certificate)
{
    char sql[256];
    program_result r;

    unlink(certificate);
    snprintf(sql, sizeof sql,
             "CREATE USER zqt_blind@'%%' IDENTIFIED BY 'x'; "
             "GRANT SELECT ON %s.notes TO zqt_blind@'%%'",
             database);
    live_exec(db, sql);
    program_env("DB_PASSWORD", "x");
    RUN(77, &r, "zquant-migrate", "verify", "--user", "zqt_blind", "--write", certificate);
    program_free(&r);
    cr_assert_neq(access(certificate, F_OK), 0, "a certificate was written");
    snprintf(sql, sizeof sql, "GRANT SELECT ON %s.* TO zqt_blind@'%%'", database);
    live_exec(db, sql);
    RUN(0, &r, "zquant-migrate", "verify", "--user", "zqt_blind", "--write", certificate);
    cr_assert_not_null(strstr(r.err, "triggers cannot be seen, and are left out: the account lacks "
                                     "TRIGGER\n"),
                       "%s", r.err);
    program_free(&r);
    program_env_live(database);
    RUN(0, &r, "zquant-migrate", "verify", certificate);
    cr_assert_not_null(strstr(r.err, "triggers are not in the certificate, and are left out: the "
                                     "account that wrote it lacked TRIGGER\n"),
                       "%s", r.err);
    program_free(&r);
    live_exec(db, "DROP USER zqt_blind@'%'");
    RUN(1, &r, "zquant-migrate", "verify", certificate, "--database", "zqt_nowhere");
    cr_assert_not_null(strstr(r.err, "hint: restore database 'zqt_nowhere' from the dump that '"),
                       "%s", r.err);
    program_free(&r);
}

ZQ_LIVE_MAIN
