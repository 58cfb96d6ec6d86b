/* The least privileges are enough, and none of them is too much: with real accounts. Backups hold
 * writers off by FLUSH TABLES WITH READ LOCK. */
#include "cli.h"
#include "dump.h"

#include "seed/account.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PASSWORD "Least1!privilege"

static zq_arena *arena;
static zq_account account;

static void as_root(const char *sql)
{
    ZQ_AUTO(zq_db) db = live_open();

    live_exec(db, sql);
}

static void drop_account(void)
{
    as_root(zq_arena_printf(arena, "DROP USER IF EXISTS '%s'@'%s'", account.user, account.host));
}

/* An account of this test alone; servers name connections from here 'localhost'. */
static void begin(void)
{
    cli_begin("grants");
    /* The test's MariaDB has no TLS: accounts are made through its socket alone. */
    if (live_flavor() == ZQ_MARIADB) {
        program_env("DB_SOCKET", live_env("SOCKET", ""));
        program_env("DB_HOST", "");
    }
    arena = zq_arena_open();
    account = (zq_account){zq_arena_printf(arena, "zqt_%ld", (long)getpid()), "localhost"};
    drop_account();
    as_root(zq_arena_printf(arena, "CREATE USER '%s'@'%s' IDENTIFIED BY '" PASSWORD "'",
                            account.user, account.host));
}

static void end(void)
{
    drop_account();
    zq_arena_close(arena);
    cli_end();
}

TestSuite(grants, .init = begin, .fini = end, .timeout = 300);

static void grant(const char *privileges)
{
    as_root(zq_arena_printf(arena, "GRANT %s ON `%s`.* TO '%s'@'%s'", privileges, cli_database(),
                            account.user, account.host));
}

static void be_account(void)
{
    program_env("DB_USER", account.user);
    program_env("DB_PASSWORD", PASSWORD);
}

static void be_root(void)
{
    program_env("DB_USER", live_env("USER", "root"));
    program_env("DB_PASSWORD", live_env("PASSWORD", ""));
}

/* Everything zquant-init does that reads or writes; the number of commands that failed, and what
 * the last of them said. */
static int run_everything(char *out_said, size_t size)
{
    static const char *const commands[][8] = {
        {"zquant-init"},
        {"zquant-init", "status"},
        {"zquant-init", "seeds", "apply", "--prune", "--seeds", "seeds"},
        {"zquant-init", "seeds", "apply", "--prune"},
        {"zquant-init", "seeds", "diff"},
        {"zquant-init", "seeds", "export", "out", "--replace"},
        {"zquant-init", "admin", "reset-password"},
        {"zquant-init", "admin", "create", "--admin-username", "b", "--admin-email", "b@c.d"},
        {"zquant-init"},
    };
    int failed = 0;

    for (size_t i = 0; i < ZQ_LEN(commands); i++) {
        program_result r = program_run(commands[i], NULL);

        if (r.status != 0)
            snprintf(out_said, size, "%s", r.err);
        failed += r.status != 0;
        program_free(&r);
    }
    return failed;
}

/* Seeds that differ from the built-in ones in every way there is to differ. */
static void write_other_seeds(void)
{
    char path[256];

    snprintf(path, sizeof path, "%s/seeds", program_dir());
    cr_assert_eq(system(zq_arena_printf(arena, "mkdir -p %s", path)), 0);
    program_file("seeds/roles.ini",
                 "[admin]\ndescription = other\npermissions = *\n[new]\ndescription =\n"
                 "permissions =\n",
                 0644);
    program_file("seeds/permissions.ini",
                 "[user:read]\ndescription = other\n[x:y]\ndescription =\n", 0644);
}

Test(grants, those_of_zquant_init_let_it_do_all_it_does)
{
    char said[512] = "";
    const char *sql;
    zq_err err = {0};

    write_other_seeds();
    cr_assert_eq(zq_account_grant_sql(ZQ_USE_INIT, live_flavor(), cli_database(), &account, arena,
                                      &sql, &err),
                 ZQ_OK, "%s", err.message);
    as_root(sql);
    be_account();
    cr_assert_eq(run_everything(said, sizeof said), 0, "%s", said);
}

Test(grants, none_of_those_of_zquant_init_can_be_left_out)
{
    char *all = zq_arena_strdup(arena, zq_account_privileges(ZQ_USE_INIT, live_flavor(), arena));
    char *at = NULL;
    char said[512] = "";

    write_other_seeds();
    for (char *one = strtok_r(all, ",", &at); one != NULL; one = strtok_r(NULL, ",", &at)) {
        be_root();
        live_drop(cli_database());
        grant(zq_account_privileges(ZQ_USE_INIT, live_flavor(), arena));
        as_root(zq_arena_printf(arena, "REVOKE %s ON `%s`.* FROM '%s'@'%s'", one, cli_database(),
                                account.user, account.host));
        be_account();
        cr_assert_gt(run_everything(said, sizeof said), 0, "nothing needs %s", one);
        cr_assert_not_null(strstr(said, "zquant-init grants'"), "%s", said);
    }
}

Test(grants, those_of_zquant_migrate_take_it_down_and_up_again)
{
    static const char *const commands[][6] = {
        {"zquant-migrate", "check"},
        {"zquant-migrate", "downgrade", "0.2.0", "--allow-data-loss", "--allow-locking"},
        {"zquant-migrate", "rehearse"},
        {"zquant-migrate", "upgrade", "--allow-locking"},
        {"zquant-migrate", "check"},
    };
    const char *sql;

    EXPECT(0, NULL, "zquant-init", "--no-admin");
    cr_assert_eq(zq_account_grant_sql(ZQ_USE_MIGRATE, live_flavor(), cli_database(), &account,
                                      arena, &sql, NULL),
                 ZQ_OK);
    as_root(sql);
    be_account();
    for (size_t i = 0; i < ZQ_LEN(commands); i++)
        cli_expect(0, NULL, commands[i]);
}

/* Dump and certificate of one moment, and everything in them. */
Test(grants, those_for_backups_dump_and_certify_all_and_none_can_be_left_out)
{
    static const char *const write[] = {"zquant-migrate", "verify", "--write", "cert", NULL};
    const char *const *words =
        dump_words_after(write, dump_words(cli_database(), account.user, NULL, arena), arena);
    program_result r;
    char *statements;
    const char *sql;

    EXPECT(0, NULL, "zquant-init", "--no-admin");
    cli_change("CREATE VIEW v AS SELECT 1 AS x; CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1;"
               "CREATE TRIGGER t BEFORE INSERT ON zq_app_roles FOR EACH ROW SET NEW.id = NEW.id;"
               "CREATE PROCEDURE p() SELECT 1");
    cr_assert_eq(zq_account_grant_sql(ZQ_USE_BACKUP, live_flavor(), cli_database(), &account, arena,
                                      &sql, NULL),
                 ZQ_OK);
    as_root(sql);
    be_account();
    program_env("MYSQL_PWD", PASSWORD);
    r = program_run(words, NULL);
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_null(strstr(r.err, "warning"), "%s", r.err);
    for (size_t i = 0; i < 4; i++)
        cr_assert_not_null(strstr(r.out, ((const char *[]){"VIEW `v`", "TRIGGER", "EVENT `e`",
                                                           "PROCEDURE `p`"})[i]),
                           "%zu", i);
    program_free(&r);
    be_root();
    EXPECT(0, NULL, "zquant-migrate", "verify", "-q", "cert");
    be_account();
    statements = zq_arena_strdup(arena, sql);
    for (char *one = strtok(statements, ";\n"); one != NULL; one = strtok(NULL, ";\n")) {
        char *list = zq_arena_strndup(arena, one + 6, (size_t)(strstr(one, " ON ") - one - 6));
        const char *object = strstr(one, " ON ") + 4;
        size_t length = (size_t)(strstr(object, " TO ") - object);
        char *at = NULL;

        for (char *p = strtok_r(list, ",", &at); p != NULL; p = strtok_r(NULL, ",", &at)) {
            as_root(zq_arena_printf(arena, "REVOKE %s ON %.*s FROM '%s'@'%s'", p, (int)length,
                                    object, account.user, account.host));
            r = program_run(words, NULL);
            cr_assert(r.status != 0 || strstr(r.err, "cannot be seen, and are left out") != NULL,
                      "nothing needs %s: %s", p, r.err);
            program_free(&r);
            as_root(sql);
        }
    }
}

/* One that has ended before it is first looked for. */
Test(grants, what_a_dump_needs_is_asked_also_when_the_program_is_quick)
{
    program_result r;

    EXPECT(0, NULL, "zquant-init", "--no-admin");
    as_root(zq_arena_printf(arena,
                            "GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON `%s`.* TO '%s'@'%s'",
                            cli_database(), account.user, account.host));
    as_root(zq_arena_printf(arena, "GRANT RELOAD ON *.* TO '%s'@'%s'", account.user, account.host));
    be_account();
    r = PROGRAM("zquant-migrate", "verify", "--write", "cert", "--", "true");
    cr_assert_eq(r.status, 77, "%s", r.err);
    cr_assert_not_null(strstr(r.err, "cannot see whether the program has begun: "), "%s", r.err);
    program_free(&r);
}

Test(grants, a_privilege_that_is_missing_is_named_with_the_command_that_tells_all)
{
    program_result r;

    grant("CREATE, INSERT");
    be_account();
    r = PROGRAM("zquant-init");
    cr_assert_eq(r.status, 77, "%s", r.err);
    cr_assert_not_null(
        strstr(r.err, zq_arena_printf(arena, "command denied to user '%s'", account.user)), "%s",
        r.err);
    cr_assert_not_null(strstr(r.err, "hint: grant what is missing, see 'zquant-init grants'"), "%s",
                       r.err);
    program_free(&r);
}

/* What the application does with a database, and what it must not be able to do. */
Test(grants, apply_makes_an_account_that_can_do_what_the_application_does_and_no_more)
{
    static const char *const allowed[] = {
        "INSERT INTO zq_app_roles (name, created_time, updated_time) VALUES ('x', NOW(), NOW())",
        "UPDATE zq_app_roles SET name = 'y' WHERE name = 'x'",
        "DELETE FROM zq_app_roles WHERE name = 'y'",
        "CREATE TABLE zq_data_tustock_daily_600001 (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, "
        "ts_code varchar(10) NOT NULL, FOREIGN KEY (ts_code) REFERENCES "
        "zq_data_tustock_stockbasic (ts_code))",
        "CREATE INDEX ix_x ON zq_data_tustock_daily_600001 (ts_code)",
        "CREATE TABLE zq_data_tustock_daily_600002 LIKE zq_data_tustock_daily_600001",
        "ALTER TABLE zq_data_tustock_daily_600001 ADD COLUMN `turnover` DOUBLE COMMENT 'x'",
        "ALTER TABLE zq_data_tustock_daily_600001 MODIFY COLUMN `turnover` DOUBLE COMMENT 'y'",
        "CREATE OR REPLACE VIEW zq_data_tustock_daily_view_part_0 AS SELECT ts_code FROM "
        "zq_data_tustock_daily_600001",
        "CREATE OR REPLACE VIEW zq_data_tustock_daily_view AS SELECT * FROM "
        "zq_data_tustock_daily_view_part_0 UNION ALL SELECT ts_code FROM "
        "zq_data_tustock_daily_600002",
        "DROP PROCEDURE IF EXISTS sp_create_daily_view",
        "CREATE PROCEDURE sp_create_daily_view() BEGIN DECLARE n INT; SELECT COUNT(*) INTO n FROM "
        "information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE "
        "'zq_data_tustock_daily_%'; SET @sql = 'CREATE OR REPLACE VIEW zq_data_tustock_daily_view "
        "AS SELECT ts_code FROM zq_data_tustock_daily_600002'; PREPARE stmt FROM @sql; EXECUTE "
        "stmt; DEALLOCATE PREPARE stmt; END",
        "CALL sp_create_daily_view()",
        "SHOW CREATE TABLE zq_data_tustock_daily_view",
        /* What another account made: a view is looked into, a procedure called and replaced. */
        "SHOW CREATE TABLE zq_others_view",
        "CALL sp_others()",
        "DROP PROCEDURE IF EXISTS sp_create_daily_view",
        "DROP VIEW IF EXISTS zq_data_tustock_daily_view_part_0",
        "DROP VIEW IF EXISTS zq_data_tustock_daily_view",
        "DROP TABLE zq_data_tustock_daily_600002",
    };
    static const char *const refused[] = {
        "CREATE USER zqt_other",
        "CREATE TRIGGER zqt BEFORE INSERT ON zq_app_users FOR EACH ROW SET NEW.is_active = 1",
        "GRANT SELECT ON *.* TO zqt_other",
    };
    zq_target target = live_target();
    ZQ_AUTO(zq_db) db = NULL;
    program_result r;
    zq_err err = {0};

    drop_account();
    EXPECT(0, NULL, "zquant-init");
    cli_change("CREATE VIEW zq_others_view AS SELECT 1 AS one; CREATE PROCEDURE sp_others() DO 1");
    r = PROGRAM("zquant-init", "grants", "--apply",
                zq_arena_printf(arena, "%s@localhost", account.user), "--apply-password-file",
                program_file("pw", PASSWORD "\n", 0600));
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_null(strstr(r.err, PASSWORD));
    program_free(&r);
    target.user = account.user;
    target.password = PASSWORD;
    cr_assert_eq(zq_db_open(&target, &db, &err), ZQ_OK, "%s: %s", err.message, err.detail);
    live_exec(db, zq_arena_printf(arena, "USE `%s`", cli_database()));
    for (size_t i = 0; i < ZQ_LEN(allowed); i++)
        live_exec(db, allowed[i]);
    for (size_t i = 0; i < ZQ_LEN(refused); i++)
        cr_assert_eq(zq_db_exec(db, refused[i], &err), ZQ_E_DENIED, "%s", refused[i]);
}

Test(grants, an_account_that_is_there_keeps_its_password)
{
    program_result r;

    EXPECT(0, NULL, "zquant-init");
    r = PROGRAM("zquant-init", "grants", "--apply",
                zq_arena_printf(arena, "%s@localhost", account.user));
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_null(strstr(r.err, "shown only now"), "%s", r.err);
    program_free(&r);
    be_account();
    EXPECT(0, NULL, "zquant-init", "status");
}

Test(grants, a_random_password_is_shown_once_and_logs_in)
{
    program_result r;
    const char *at;

    drop_account();
    EXPECT(0, NULL, "zquant-init");
    r = PROGRAM("zquant-init", "grants", "--apply",
                zq_arena_printf(arena, "%s@localhost", account.user));
    cr_assert_eq(r.status, 0, "%s", r.err);
    at = strstr(r.err, "', shown only now: ");
    cr_assert_not_null(at, "%s", r.err);
    program_env("DB_USER", account.user);
    program_env("DB_PASSWORD", zq_arena_strndup(arena, at + strlen("', shown only now: "), 27));
    EXPECT(0, NULL, "zquant-init", "status");
    program_free(&r);
}

/* The account is there then, and a second run leaves it with the password that it has. */
Test(grants, a_random_password_is_shown_though_the_grant_is_refused)
{
    const char *other = zq_arena_printf(arena, "%s_o", account.user);
    program_result r;
    const char *at;

    as_root(zq_arena_printf(arena, "GRANT CREATE USER ON *.* TO '%s'@'localhost'", account.user));
    be_account();
    r = PROGRAM("zquant-init", "grants", "--apply", zq_arena_printf(arena, "%s@localhost", other),
                "--json");
    cr_assert_eq(r.status, 77, "%d: %s", r.status, r.err);
    cr_assert_not_null(strstr(r.out, "\"code\": \"ZQ_E_DENIED\""), "%s", r.out);
    at = strstr(r.err, "', shown only now: ");
    cr_assert_not_null(at, "%s", r.err);
    cr_assert_not_null(strstr(r.err, "zquant-init: cannot grant to '"), "%s", r.err);
    program_env("DB_USER", other);
    program_env("DB_PASSWORD", zq_arena_strndup(arena, at + strlen("', shown only now: "), 27));
    /* Logged in, and refused no sooner than at the database. */
    SAYS(77, "' to database '", "zquant-init", "seeds", "diff");
    as_root(zq_arena_printf(arena, "DROP USER '%s'@'localhost'", other));
    program_free(&r);
}

/* One document on standard output, whatever is asked for. */
Test(grants, apply_says_in_json_what_it_did_or_would_do)
{
    const char *name = zq_arena_printf(arena, "%s@localhost", account.user);
    program_result r = PROGRAM("zquant-init", "grants", "--apply", name, "--json", "--dry-run");

    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_eq(strncmp(r.out, "{\n", 2), 0, "%s", r.out);
    cr_assert_not_null(strstr(r.out, "\"dry_run\": true,\n  \"made\": false"), "%s", r.out);
    program_free(&r);
    r = PROGRAM("zquant-init", "grants", "--apply", name, "--json");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_not_null(strstr(r.out, "\"dry_run\": false,\n  \"made\": false,\n"
                                     "  \"sql\": \"GRANT SELECT, "),
                       "%s", r.out);
    program_free(&r);
}

Test(grants, the_database_name_stands_for_itself_and_not_for_a_pattern)
{
    zq_account other = {"u", "%"};
    const char *sql;

    cr_assert_eq(
        zq_account_grant_sql(ZQ_USE_APPLICATION, ZQ_MYSQL, "a_b%c`d", &other, arena, &sql, NULL),
        ZQ_OK);
    cr_assert_str_eq(sql, "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, "
                          "REFERENCES, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, "
                          "EXECUTE ON "
                          "`a\\_b\\%c``d`.* TO 'u'@'%'");
}

/* A GRANT on a server with partial_revokes=ON takes the name as it stands, backslashes too. */
Test(grants, partial_revokes_are_noticed)
{
    zq_account other = {.user = "u", .host = "%", .literal = true};
    program_result r;
    const char *sql;

    cr_assert_eq(
        zq_account_grant_sql(ZQ_USE_APPLICATION, ZQ_MYSQL, "a_b", &other, arena, &sql, NULL),
        ZQ_OK);
    cr_assert_not_null(strstr(sql, " ON `a_b`.* TO "), "%s", sql);
    r = PROGRAM("zquant-init", "grants");
    cr_assert_not_null(strstr(r.out, "-- On a server with partial_revokes=ON the database's name "
                                     "stands without the backslashes that it has below.\n"),
                       "%s", r.out);
    cr_assert_not_null(strstr(r.out, "--   DROP            replace and drop its views (init_view); "
                                     "tables by its table tool\n"),
                       "%s", r.out);
    program_free(&r);
    if (live_flavor() != ZQ_MYSQL)
        return;
    as_root("SET GLOBAL partial_revokes = ON");
    r = PROGRAM("zquant-init", "grants", "--apply",
                zq_arena_printf(arena, "%s@localhost", account.user), "--dry-run");
    as_root("SET GLOBAL partial_revokes = OFF");
    cr_assert_not_null(strstr(r.out, zq_arena_printf(arena, " ON `%s`.* TO ", cli_database())),
                       "%s", r.out);
    program_free(&r);
}

Test(grants, an_account_is_not_made_over_a_connection_in_clear)
{
    program_env("DB_SOCKET", "");
    program_env("DB_HOST", live_env("HOST", "127.0.0.1"));
    EXPECT(
        78,
        "zquant-init: the account's password would go over the network in clear: this "
        "connection has no TLS\n"
        "hint: run it on the server's host with '--socket FILE', or have a DBA switch TLS on and "
        "use '--tls required'\n",
        "zquant-init", "grants", "--apply", "zqt_clear", "--tls", "disabled");
}

/* Only MariaDB has it, and only where somebody has installed it. */
Test(grants, an_account_logs_in_by_ed25519_where_the_plugin_is_there)
{
    program_result r;

    if (live_flavor() != ZQ_MARIADB)
        return;
    as_root("INSTALL SONAME 'auth_ed25519'");
    drop_account();
    r = PROGRAM("zquant-init", "grants", "--apply",
                zq_arena_printf(arena, "%s@localhost", account.user), "--apply-password-file",
                program_file("pw", PASSWORD "\n", 0600));
    cr_expect_eq(r.status, 0, "%s", r.err);
    cr_expect_not_null(strstr(r.err, "it logs in by ed25519, for which PyMySQL needs PyNaCl"), "%s",
                       r.err);
    program_free(&r);
    EXPECT(0, NULL, "zquant-init");
    cli_expect_value(
        "ed25519",
        zq_arena_printf(arena, "SELECT plugin FROM mysql.user WHERE user = '%s'", account.user));
    be_account();
    EXPECT(0, NULL, "zquant-init", "status");
    be_root();
    drop_account();
    as_root("UNINSTALL SONAME 'auth_ed25519'");
}

Test(grants, an_account_name_that_is_none_is_refused)
{
    EXPECT(64,
           "zquant-init: 'a'b' is not a database account\n"
           "hint: write USER or USER@HOST, without quotes\n",
           "zquant-init", "grants", "--apply", "a'b");
}

ZQ_LIVE_MAIN_ALONE
