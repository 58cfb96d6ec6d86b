/* The worst nights, played: dumps that are whole, cut, old, of the middle of an upgrade, of the
 * other vendor's server. What comes back is what was there, or it is not called ready.
 *
 * ZQ_TEST_ROUNDS (scripts/soak) plays each of them as often; what is left to chance is the same for
 * the same ZQ_TEST_SEED. */
#include "cli.h"
#include "dump.h"
#include "old_release.h"

#include "release.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static zq_arena *arena;
static char copy[80];
static unsigned seed;

static unsigned chance(unsigned n)
{
    seed = seed * 1103515245u + 12345u;
    return n == 0 ? 0 : (seed >> 8) % n;
}

static int rounds_or(int few)
{
    const char *text = getenv("ZQ_TEST_ROUNDS");

    return text == NULL ? few : atoi(text);
}

static void begin(void)
{
    const char *text = getenv("ZQ_TEST_SEED");

    arena = zq_arena_open();
    cli_begin("drills");
    snprintf(copy, sizeof copy, "%s_copy", cli_database());
    program_env("ZQUANT_ADMIN_HASH", "bcrypt");
    seed = text == NULL ? (unsigned)getpid() : (unsigned)atoi(text);
}

static void end(void)
{
    live_drop(copy);
    cli_end();
    zq_arena_close(arena);
}

TestSuite(drills, .init = begin, .fini = end, .timeout = 7200);

#define HERE "ZQ_TEST_SEED=%u, round %d: "

#define OVER                                                \
    "SELECT id, ts_code FROM zq_data_tustock_daily_600001 " \
    "UNION ALL SELECT id, ts_code FROM zq_data_tustock_daily_600002"

/* 500 users, stocks, a view over two of them, and strangers. */
static void make_ready(int stocks)
{
    ZQ_AUTO_BUF(sql);
    const stocks_ways ways = {
        .seed = 5, .shuffled = true, .factors = true, .like = true, .rows = 20};
    ZQ_AUTO(zq_db) db = NULL;

    EXPECT(0, NULL, "zquant-init", "-q");
    for (int stock = 0; stock < stocks; stock++)
        cr_assert_eq(stocks_write(&sql, &zq_schema_head, stock, &ways, NULL), ZQ_OK);
    zq_buf_str(&sql,
               "CREATE TABLE digits (n int PRIMARY KEY);"
               "INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);"
               "CREATE TABLE marks (n int); INSERT INTO marks SELECT n FROM digits;"
               "INSERT INTO zq_app_users (username, email, hashed_password, role_id, is_active, "
               "created_time, updated_time) SELECT CONCAT('u', a.n, b.n, c.n), CONCAT('u', a.n, "
               "b.n, c.n, '@x.com'), '$2b$12$x', 3, 1, NOW(), NOW() FROM digits a JOIN digits b "
               "JOIN digits c WHERE a.n < 5;"
               "UPDATE zq_data_tustock_daily_600001 SET close = close + 1;"
               "CREATE VIEW zq_data_tustock_daily_view AS " OVER ";"
               "CREATE PROCEDURE sp_x() SELECT COUNT(*) FROM zq_app_users;"
               "CREATE TRIGGER zq_t BEFORE INSERT ON digits FOR EACH ROW SET NEW.n = NEW.n");
    db = cli_open();
    live_exec(db, zq_buf_text(&sql));
}

static char *certified_dump(void)
{
    static const char *const write[] = {"zquant-migrate", "verify", "--write", "cert", NULL};
    program_result r = program_run(
        dump_words_after(write, dump_words(cli_database(), NULL, NULL, arena), arena), NULL);
    char *text = r.out;

    cr_assert_eq(r.status, 0, "%s", r.err);
    free(r.err);
    return text;
}

static program_result verify_copy(void)
{
    return PROGRAM("zquant-migrate", "verify", "--no-color", "-D", copy, "cert");
}

static void expect_verified(const char *where, int round)
{
    program_result r = verify_copy();

    cr_assert_eq(r.status, 0, "%s, " HERE "%s%s", where, seed, round, r.out, r.err);
    program_free(&r);
}

static void change_copy(const char *sql)
{
    ZQ_AUTO(zq_db) db = live_open();

    live_use(db, copy);
    live_exec(db, sql);
}

/* A whole dump, restored here and on the other vendor's server. */
Test(drills, a_ready_database_comes_back_as_its_certificate_says_and_one_changed_row_is_found)
{
    int rounds = rounds_or(1);
    program_result r;

    /* 40 members, of which a change is one value. */
    make_ready(rounds == 1 ? 8 : 3);
    for (int round = 0; round < rounds; round++) {
        char *dump = certified_dump();

        dump_load(copy, dump);
        expect_verified("same engine", round);
        r = PROGRAM("zquant-init", "status", "-D", copy);
        cr_assert_eq(r.status, 0, "%s", r.err);
        program_free(&r);
        change_copy("UPDATE zq_app_users SET email = 'other@x.com' WHERE username = 'u123'");
        r = verify_copy();
        cr_assert_str_eq(r.out,
                         "zq_app_users: 501 rows as in the certificate, but not all with the "
                         "same values\n");
        program_free(&r);
        if (dump_other_engine()) {
            dump_load(copy, dump);
            expect_verified("other engine", round);
            r = PROGRAM("zquant-migrate", "check", "-D", copy);
            cr_assert_eq(r.status, 0, "%s%s", r.out, r.err);
            program_free(&r);
            live_drop(copy);
            dump_other_engine();
        }
        free(dump);
        cli_change(zq_arena_printf(arena,
                                   "UPDATE zq_data_tustock_daily_60000%u SET close = close + 0.01, "
                                   "trade_date = trade_date + INTERVAL 1 DAY WHERE id %% 3 = %u",
                                   chance(3), chance(3)));
    }
}

/* The Python initialiser's database: recognised, upgraded, and nothing lost on the way. */
Test(drills, a_database_of_0_2_0_is_upgraded_and_is_what_a_certificate_from_before_says)
{
    static const char *const codes[] = {"600000", "600001", NULL};
    ZQ_AUTO(zq_db) db = live_open();
    program_result r;
    char *dump;

    old_release_make(db, cli_database(), "0.2.0", codes);
    dump = certified_dump();
    dump_load(copy, dump);
    free(dump);
    r = PROGRAM("zquant-migrate", "adopt", "-q", "-D", copy);
    cr_assert_eq(r.status, 0, "%s%s", r.out, r.err);
    program_free(&r);
    r = PROGRAM("zquant-migrate", "upgrade", "-q", "--allow-locking", "--allow-data-loss", "-D",
                copy);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    expect_verified("upgraded", 0);
    change_copy("DELETE FROM zq_data_tustock_daily_600001 LIMIT 1");
    r = verify_copy();
    cr_assert_str_eq(r.out,
                     "zq_data_tustock_daily_600001: 1 row, and the certificate has 2 rows\n");
    program_free(&r);
}

/* ---- in the middle of something ---- */

/* What is loaded is not ready, or is exact; and the command that was cut short completes it, unless
 * the dump was `torn`: no snapshot holds the definitions of tables, so that of a dump while they
 * are altered is of several moments. Then it stops, and nothing is called ready. */
static void complete_copy(const char *const *words, bool torn, int round)
{
    program_result ready = PROGRAM("zquant-init", "status", "-q", "-D", copy);
    program_result exact = PROGRAM("zquant-migrate", "check", "--no-color", "-D", copy);
    program_result done;

    cr_assert(ready.status != 0 || exact.status == 0, HERE "ready, and not exact: %s", seed, round,
              exact.out);
    done = program_run(words, NULL);
    cr_assert(done.status == 0 || torn, HERE "%s%s", seed, round, done.out, done.err);
    program_free(&exact);
    exact = PROGRAM("zquant-migrate", "check", "--no-color", "-D", copy);
    cr_assert_eq(exact.status == 0, done.status == 0, HERE "%s%s", seed, round, exact.out,
                 done.err);
    program_free(&exact);
    program_free(&ready);
    ready = PROGRAM("zquant-init", "status", "-q", "-D", copy);
    cr_assert_eq(ready.status == 0, done.status == 0, HERE "%s", seed, round, ready.err);
    program_free(&ready);
    program_free(&done);
}

/* A dump from when `words` had run for a moment: was killed then, or runs on. NULL: the dump
 * program found a table altered under it, and said so. */
static char *dump_of_the_middle(const char *const *words, unsigned most_ms, bool killed)
{
    pid_t pid = program_start(words);
    program_result r;

    usleep(chance(most_ms) * 1000);
    if (killed) {
        kill(pid, SIGKILL);
        program_wait(pid);
        while (cli_other("COMMAND <> 'Sleep'") != 0)
            usleep(1000);
    }
    r = program_run(dump_words(cli_database(), NULL, NULL, arena), NULL);
    if (!killed)
        program_wait(pid);
    free(r.err);
    if (r.status == 0)
        return r.out;
    free(r.out);
    return NULL;
}

/* `make` makes what `words` begins with. */
static void play_middle(void (*make)(zq_db *db), const char *const *words, const char *const *again,
                        unsigned most_ms)
{
    int rounds = 2 * rounds_or(1);

    for (int round = 0; round < rounds; round++) {
        ZQ_AUTO(zq_db) db = live_open();
        bool killed = round % 2 == 0;
        char *dump;

        live_drop(cli_database());
        make(db);
        dump = dump_of_the_middle(words, most_ms, killed);
        if (dump == NULL)
            continue;
        dump_load(copy, dump);
        free(dump);
        complete_copy(again, !killed, round);
    }
}

static void make_0_2_0(zq_db *db)
{
    static const char *const codes[] = {"600000", NULL};

    old_release_make(db, cli_database(), "0.2.0", codes);
    EXPECT(0, NULL, "zquant-migrate", "adopt", "-q");
}

Test(drills, a_dump_from_the_middle_of_an_upgrade_is_completed_where_it_is_loaded)
{
    const char *const upgrade[] = {"zquant-migrate",  "upgrade",           "-q",
                                   "--allow-locking", "--allow-data-loss", NULL};
    const char *const again[] = {"zquant-migrate",    "upgrade", "-q", "--allow-locking",
                                 "--allow-data-loss", "-D",      copy, NULL};

    program_env("ZQUANT_NO_ADMIN", "yes");
    play_middle(make_0_2_0, upgrade, again, 1000);
}

static void make_empty(zq_db *db)
{
    live_make_database(db, cli_database());
}

Test(drills, a_dump_from_the_middle_of_an_install_is_completed_where_it_is_loaded)
{
    const char *const install[] = {"zquant-init", "-q", NULL};
    const char *const again[] = {"zquant-init", "-q", "-D", copy, NULL};

    play_middle(make_empty, install, again, 400);
}

/* ---- cut, and old ---- */

/* Load a part of a dump; the client may say that it ends in the middle of a statement. */
static void load_part(const char *dump, size_t length)
{
    ZQ_AUTO(zq_db) db = live_open();
    char *part = strndup(dump, length);
    program_result r;

    live_drop(copy);
    live_make_database(db, copy);
    r = program_mysql(copy, part);
    program_free(&r);
    free(part);
}

/* After a cut: never ready, but where only rows are gone, which the certificate finds. */
static void expect_not_ready(const char *dump, size_t length, int round)
{
    program_result status, init, verify;

    load_part(dump, length);
    status = PROGRAM("zquant-init", "status", "-q", "-D", copy);
    init = PROGRAM("zquant-init", "-q", "--expect", "existing", "-D", copy);
    verify = verify_copy();
    cr_assert_neq(verify.status, 0, HERE "cut at %zu, and as the certificate says", seed, round,
                  length);
    cr_assert(status.status != 0 || strstr(verify.out, " rows, and the certificate has ") != NULL ||
                  strstr(verify.out, "is missing") != NULL,
              HERE "cut at %zu, and ready: %s", seed, round, length, verify.out);
    if (status.status != 0)
        cr_assert_neq(init.status, 0, HERE "cut at %zu, and made ready: %s", seed, round, length,
                      init.err);
    program_free(&status);
    program_free(&init);
    program_free(&verify);
}

Test(drills, a_cut_dump_is_never_ready_but_where_its_certificate_finds_what_is_gone)
{
    static const char *const places[] = {"CREATE TABLE `zq_meta_", "INSERT INTO `zq_meta_history`",
                                         "INSERT INTO `zq_meta_seeds`", "CREATE TABLE `zq_quant_"};
    int rounds = rounds_or(1);
    char *dump;
    size_t last;

    make_ready(3);
    dump = certified_dump();
    last = (size_t)(strstr(dump, "CREATE TABLE `zq_task_") - dump);
    for (size_t i = 0; i < ZQ_LEN(places); i++) {
        cr_assert_not_null(strstr(dump, places[i]), "%s", places[i]);
        if (rounds > 1 || i == 1 + chance(3))
            expect_not_ready(dump, (size_t)(strstr(dump, places[i]) - dump), -(int)i);
    }
    for (int round = 0; round < rounds; round++)
        expect_not_ready(dump, 1000 + chance((unsigned)last - 1000), round);
    free(dump);
}

Test(drills, an_older_dump_over_a_ready_database_is_not_called_ready)
{
    static const char *const codes[] = {"600000", NULL};
    ZQ_AUTO(zq_db) db = live_open();
    program_result r;
    char *dump;

    old_release_make(db, cli_database(), "0.2.0", codes);
    dump = dump_of(cli_database());
    r = PROGRAM("zquant-init", "-q", "-D", copy);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    r = program_mysql(copy, dump);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    free(dump);
    for (int i = 0; i < 3; i++) {
        static const char *const commands[][3] = {
            {"zquant-init", "status"}, {"zquant-init", "init"}, {"zquant-migrate", "upgrade"}};

        r = PROGRAM(commands[i][0], commands[i][1], "-q", "-D", copy);
        cr_assert_eq(r.status, 1, "%s: %s", commands[i][1], r.err);
        program_free(&r);
    }
}

/* ---- damages ---- */

/* A way to spoil a table, or what is beside it, and to undo it. '%s' is the table. */
typedef struct damage {
    const char *what;
    const char *sql;
    const char *undo;  /* NULL: the rows are put back from the keep */
    const char *line;  /* the one line that names it */
    const char *alone; /* what is said without a certificate; NULL: that needs one */
} damage;

#define VIEW "zq_data_tustock_daily_view"
#define NOT_OPEN                                                                               \
    VIEW ": the view does not open: The user specified as a definer ('zqt_gone'@'localhost') " \
         "does not exist (1449)\n"
#define GONE \
    "zqt_gone@localhost: triggers, routines or events run as this account, which does not exist\n"
#define SWAP                                                                                \
    "RENAME TABLE zq_data_tustock_daily_600000 TO KEEP.x, zq_data_tustock_daily_600001 TO " \
    "zq_data_tustock_daily_600000, KEEP.x TO zq_data_tustock_daily_600001"

static const damage damages[] = {
    {"a row changed", "UPDATE %s SET updated_by = 'x' ORDER BY id LIMIT 1", NULL,
     "%s: 20 rows as in the certificate, but not all with the same values\n", NULL},
    {"a row lost", "DELETE FROM %s ORDER BY id LIMIT 1", NULL,
     "%s: 19 rows, and the certificate has 20 rows\n", NULL},
    {"a row doubled", "INSERT INTO marks VALUES (3)", "DELETE FROM marks WHERE n = 3 LIMIT 1",
     "marks: 11 rows, and the certificate has 10 rows\n", NULL},
    {"a row doubled and another lost", "UPDATE marks SET n = 4 WHERE n = 3",
     "UPDATE marks SET n = 3 WHERE n = 4 LIMIT 1",
     "marks: 10 rows as in the certificate, but not all with the same values\n", NULL},
    {"a member lost", "RENAME TABLE %s TO KEEP.lost", "RENAME TABLE KEEP.lost TO %s",
     "%s: is missing, with 20 rows\n", NULL},
    {"a view broken", "CREATE OR REPLACE DEFINER = zqt_gone@localhost VIEW " VIEW " AS " OVER,
     "CREATE OR REPLACE VIEW " VIEW " AS " OVER, NOT_OPEN, NOT_OPEN},
    {"a counter back", "ALTER TABLE %s AUTO_INCREMENT = 21", "ALTER TABLE %s AUTO_INCREMENT = 900",
     "%s: the next value of its AUTO_INCREMENT column would be 21, and was 900: ids would be given "
     "out again\n",
     NULL},
    {"an orphan",
     "SET foreign_key_checks = 0; UPDATE zq_app_users SET role_id = 99 WHERE username = 'u321'; "
     "SET foreign_key_checks = 1",
     "UPDATE zq_app_users SET role_id = 3 WHERE username = 'u321'",
     "zq_app_users: 501 rows as in the certificate, but not all with the same values\n",
     "zq_app_users: 1 row refers to a row of 'zq_app_roles' that is not there (foreign key "
     "'zq_app_users_ibfk_1')\n"},
    {"a grant changed", "GRANT DELETE ON DATABASE.%s TO zqt_drill@localhost",
     "REVOKE DELETE ON DATABASE.%s FROM zqt_drill@localhost",
     "'zqt_drill'@'localhost': DELETE on %s: is granted, and was not\n", NULL},
    {"two tables swapped", SWAP, SWAP,
     "zq_data_tustock_daily_600000: has the rows that 'zq_data_tustock_daily_600001' has in the "
     "certificate, and the other way round\n",
     NULL},
    {"a member too many", "CREATE TABLE %s_bak LIKE %s", "DROP TABLE %s_bak",
     "%s_bak: is not in the certificate\n", NULL},
    {"a view changed", "ALTER VIEW " VIEW " AS SELECT id, ts_code FROM %s",
     "CREATE OR REPLACE VIEW " VIEW " AS " OVER,
     VIEW ": the view is defined otherwise than in the certificate\n", NULL},
    {"what a routine takes changed",
     "DROP PROCEDURE sp_x; CREATE PROCEDURE sp_x(n int) SELECT COUNT(*) FROM zq_app_users",
     "DROP PROCEDURE sp_x; CREATE PROCEDURE sp_x() SELECT COUNT(*) FROM zq_app_users",
     "sp_x: the procedure is defined otherwise than in the certificate\n", NULL},
    {"the account of a trigger lost",
     "DROP TRIGGER zq_t; CREATE DEFINER = zqt_gone@localhost TRIGGER zq_t BEFORE INSERT ON digits "
     "FOR EACH ROW SET NEW.n = NEW.n",
     "DROP TRIGGER zq_t; CREATE TRIGGER zq_t BEFORE INSERT ON digits FOR EACH ROW SET NEW.n = "
     "NEW.n",
     GONE, GONE},
};

static const char *filled_in(const char *text, const char *table, const char *keep)
{
    ZQ_AUTO_BUF(out);

    while (*text != '\0') {
        const char *with = strncmp(text, "%s", 2) == 0      ? table
                           : strncmp(text, "KEEP.", 5) == 0 ? zq_arena_printf(arena, "%s.", keep)
                           : strncmp(text, "DATABASE.", 9) == 0
                               ? zq_arena_printf(arena, "%s.", cli_database())
                               : NULL;

        if (with == NULL) {
            zq_buf_char(&out, *text++);
            continue;
        }
        zq_buf_str(&out, with);
        text += *text == '%' ? 2 : *text == 'K' ? 5 : 9;
    }
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

static void put_rows_back(const char *table, const char *keep)
{
    cli_change(zq_arena_printf(arena,
                               "DELETE FROM %s; INSERT INTO %s SELECT * FROM %s.%s; "
                               "ALTER TABLE %s AUTO_INCREMENT = 900",
                               table, table, keep, table, table));
}

static const char *keep_rows_of(const char *const *tables, size_t n)
{
    const char *keep = zq_arena_printf(arena, "%s_keep", cli_database());
    ZQ_AUTO(zq_db) db = live_open();

    live_drop(keep);
    live_make_database(db, keep);
    for (size_t i = 0; i < n; i++) {
        live_exec(db, zq_arena_printf(arena, "CREATE TABLE %s.%s SELECT * FROM %s.%s", keep,
                                      tables[i], cli_database(), tables[i]));
        cli_change(zq_arena_printf(arena, "ALTER TABLE %s AUTO_INCREMENT = 900", tables[i]));
    }
    return keep;
}

Test(drills, each_damage_is_found_alone_and_named)
{
    static const char *const tables[] = {
        "zq_data_tustock_daily_600000", "zq_data_tustock_daily_basic_600001",
        "zq_data_tustock_factor_600002", "zq_data_tustock_stkfactorpro_600001"};
    int rounds = rounds_or((int)ZQ_LEN(damages));
    const char *keep;

    make_ready(3);
    keep = keep_rows_of(tables, ZQ_LEN(tables));
    cli_change("DROP USER IF EXISTS zqt_drill@localhost");
    cli_change("CREATE USER zqt_drill@localhost");
    EXPECT(0, NULL, "zquant-migrate", "verify", "--no-color", "--write", "cert");
    for (int round = 0; round < rounds; round++) {
        const damage *d = &damages[round % (int)ZQ_LEN(damages)];
        const char *table = tables[chance(ZQ_LEN(tables))];
        program_result r;

        cli_change(filled_in(d->sql, table, keep));
        r = PROGRAM("zquant-migrate", "verify", "--no-color", "cert");
        cr_assert_eq(r.status, 1, HERE "%s of %s was not found", seed, round, d->what, table);
        cr_assert_str_eq(r.out, filled_in(d->line, table, keep), HERE "%s: %s", seed, round,
                         d->what, r.out);
        program_free(&r);
        if (d->alone != NULL) {
            r = PROGRAM("zquant-migrate", "verify");
            cr_assert_str_eq(r.out, d->alone, HERE "%s: %s", seed, round, d->what, r.out);
            program_free(&r);
        }
        if (d->undo != NULL)
            cli_change(filled_in(d->undo, table, keep));
        else
            put_rows_back(table, keep);
    }
    EXPECT(0, NULL, "zquant-migrate", "verify", "--no-color", "cert");
    cli_change("DROP USER zqt_drill@localhost");
    live_drop(keep);
}

ZQ_LIVE_MAIN
