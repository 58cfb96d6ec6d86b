/* What the application finds in a database that was made ready, and what it could not live with:
 * the default collation, ids that its web front end knows, hashes and addresses that it accepts. */
#include "cli.h"

#include "seed/hash.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TWELVE "Aa1!Aa1!Aa1!"
#define LONG_PASSWORD TWELVE TWELVE TWELVE TWELVE TWELVE TWELVE "x" /* 73 bytes */
#define COLLATION "SELECT @@collation_database"
#define ARGON2ID_LINE                                                                      \
    "zquant-init: that password is hashed by argon2id, which the application must accept " \
    "(passlib: schemes=[\"argon2\", \"bcrypt\"]); for one that knows bcrypt only, as "     \
    "published, run 'zquant-init admin reset-password admin --admin-hash bcrypt'\n"

static void begin(void)
{
    cli_begin("usable");
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
}

static void end(void)
{
    ZQ_AUTO(zq_db) db = live_open();

    live_exec(db, "DROP USER IF EXISTS zqt_no_alter");
    cli_end();
}

TestSuite(usable, .init = begin, .fini = end, .timeout = 120);

static void make_latin1_database(const char *table)
{
    ZQ_AUTO(zq_db) db = live_open();
    char sql[512];

    snprintf(sql, sizeof sql, "CREATE DATABASE `%s` CHARACTER SET latin1; USE `%s`; %s",
             cli_database(), cli_database(), table);
    live_exec(db, sql);
}

/* What the application does: a table without a collation of its own, and a join by a text. */
static void expect_stocks_can_be_joined(void)
{
    cli_change("CREATE TABLE zq_data_tustock_daily_000001 (ts_code varchar(10) NOT NULL)");
    cli_expect_value("0", "SELECT COUNT(*) FROM zq_data_tustock_daily_000001 d JOIN "
                          "zq_data_tustock_stockbasic b ON b.ts_code = d.ts_code");
}

/* ---- the default collation ---- */

Test(usable, a_database_without_tables_gets_the_collation_that_the_stocks_tables_need)
{
    char text[256];

    make_latin1_database("SELECT 1");
    snprintf(text, sizeof text,
             "zquant-init: made utf8mb4_unicode_ci the default collation of database '%s' (was "
             "latin1_swedish_ci)\nzquant-init: created 25 tables\n",
             cli_database());
    SAYS(0, text, "zquant-init");
    cli_expect_value("utf8mb4_unicode_ci", COLLATION);
    expect_stocks_can_be_joined();
}

Test(usable, a_database_with_a_table_keeps_its_collation_and_is_told_what_follows)
{
    char text[512];

    make_latin1_database("CREATE TABLE notes (id int)");
    snprintf(text, sizeof text,
             "zquant-init: warning: database '%s' has the default collation 'latin1_swedish_ci': "
             "the tables that zquant makes for its stocks get that one, and its queries over them "
             "and other tables fail with error 1267. For tables yet to be made, run: ALTER "
             "DATABASE `%s` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci\n",
             cli_database(), cli_database());
    SAYS(0, text, "zquant-init");
    cli_expect_value("latin1_swedish_ci", COLLATION);
    /* The statement that was shown does it. */
    cli_change(strstr(text, "ALTER DATABASE"));
    SAYS(0, "nothing to do", "zquant-init");
    expect_stocks_can_be_joined();
}

Test(usable, a_collation_that_is_wanted_is_kept_in_silence)
{
    program_result r;

    make_latin1_database("SELECT 1");
    r = PROGRAM("zquant-init", "--keep-collation");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_null(strstr(r.err, "collation"), "%s", r.err);
    cli_expect_value("latin1_swedish_ci", COLLATION);
    program_free(&r);
}

Test(usable, an_account_that_may_not_alter_the_database_makes_the_rest_and_is_told)
{
    ZQ_AUTO(zq_db) db = live_open();
    char sql[512];

    make_latin1_database("SELECT 1");
    snprintf(sql, sizeof sql,
             "CREATE USER zqt_no_alter IDENTIFIED BY 'Correct1!horse';"
             "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, REFERENCES ON `%s`.* TO zqt_no_alter",
             cli_database());
    live_exec(db, sql);
    program_env("DB_USER", "zqt_no_alter");
    program_env("DB_PASSWORD", "Correct1!horse");
    SAYS(0, "error 1267. This account may not alter it, one that may runs: ALTER DATABASE `",
         "zquant-init");
    cli_expect_value("latin1_swedish_ci", COLLATION);
    EXPECT(0, NULL, "zquant-init", "status");
}

Test(usable, a_dry_run_shows_the_collation_and_leaves_it)
{
    program_result r;

    make_latin1_database("SELECT 1");
    r = PROGRAM("zquant-init", "--dry-run");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_not_null(strstr(r.out, "-- what tables without a collation of their own get\n"
                                     "ALTER DATABASE `"));
    cr_assert_null(strstr(r.err, "collation"), "%s", r.err);
    cli_expect_value("latin1_swedish_ci", COLLATION);
    program_free(&r);
}

Test(usable, the_offline_script_sets_it_where_no_table_is_and_only_there)
{
    program_result script = PROGRAM("zquant-init", "--sql", "--flavor", live_flavor_name());
    program_result r;

    make_latin1_database("SELECT 1");
    r = program_mysql(NULL, script.out);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    cli_expect_value("utf8mb4_unicode_ci", COLLATION);
    live_drop(cli_database());
    make_latin1_database("CREATE TABLE notes (id int)");
    r = program_mysql(NULL, script.out);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    cli_expect_value("latin1_swedish_ci", COLLATION);
    cli_expect_value("0", "SELECT COUNT(*) FROM information_schema.ROUTINES "
                          "WHERE ROUTINE_SCHEMA = DATABASE()");
    program_free(&script);
    script = PROGRAM("zquant-init", "--sql", "--keep-collation");
    cr_assert_null(strstr(script.out, "ALTER DATABASE"));
    program_free(&script);
}

/* ---- ids ---- */

static void expect_ids(void)
{
    cli_expect_value("1:admin,2:researcher,3:user",
                     "SELECT GROUP_CONCAT(CONCAT(id, ':', name) ORDER BY id) FROM zq_app_roles");
    cli_expect_value("1-25 user:create",
                     "SELECT CONCAT(MIN(id), '-', MAX(id), ' ', (SELECT name FROM "
                     "zq_app_permissions WHERE id = 1)) FROM zq_app_permissions");
    cli_expect_value("1:admin:1", "SELECT CONCAT_WS(':', id, username, role_id) FROM zq_app_users");
    cli_expect_value("37", "SELECT COUNT(*) FROM zq_app_role_permissions");
}

/* It is what every new connection gets: tests/CMakeLists.txt lets this program run by itself. */
static void count_by_seven(bool on)
{
    ZQ_AUTO(zq_db) db = live_open();

    live_exec(db, on ? "SET GLOBAL auto_increment_increment = 7;"
                       "SET GLOBAL auto_increment_offset = 5"
                     : "SET GLOBAL auto_increment_increment = DEFAULT;"
                       "SET GLOBAL auto_increment_offset = DEFAULT");
}

Test(usable, ids_are_those_that_the_web_front_end_knows_where_the_server_counts_by_seven)
{
    program_result script;
    program_result r;

    count_by_seven(true);
    r = PROGRAM("zquant-init");
    count_by_seven(false);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    expect_ids();
    live_drop(cli_database());
    script = PROGRAM("zquant-init", "--sql", "--flavor", live_flavor_name());
    count_by_seven(true);
    r = program_mysql(NULL, script.out);
    count_by_seven(false);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    program_free(&script);
    EXPECT(0, NULL, "zquant-init");
    expect_ids();
}

Test(usable, ids_are_those_after_a_first_try_that_was_rolled_back)
{
    EXPECT(0, NULL, "zquant-init");
    /* As a killed run leaves it: tables and a mark; and rows that were there and are not. */
    cli_change("DELETE FROM zq_app_role_permissions; DELETE FROM zq_app_users;"
               "DELETE FROM zq_app_roles; DELETE FROM zq_app_permissions;"
               "DELETE FROM zq_meta_history; DELETE FROM zq_meta_seeds;"
               "INSERT INTO zq_meta_journal (revision, direction, step, state, token, "
               "started_time) VALUES ('0003', 'up', 0, 'started', 0, NOW(3))");
    EXPECT(0, NULL, "zquant-init");
    expect_ids();
}

Test(usable, the_known_roles_keep_their_ids_whatever_the_order_of_the_seeds)
{
    program_file("permissions.ini", "[a:x]\ndescription =\n", 0644);
    program_file("roles.ini",
                 "[guest]\ndescription =\npermissions =\n[user]\ndescription =\npermissions =\n"
                 "[admin]\ndescription =\npermissions = *\n[desk]\ndescription =\npermissions =\n",
                 0644);
    EXPECT(0, NULL, "zquant-init", "--seeds", ".");
    cli_expect_value("1:admin,3:user,4:guest,5:desk",
                     "SELECT GROUP_CONCAT(CONCAT(id, ':', name) ORDER BY id) FROM zq_app_roles");
}

/* ---- what a DBA has set for every session ---- */

/* Before the settings are back nothing is asserted. */
static void set_for_all(zq_db *db, const char *const *names, const char *const *values, size_t n)
{
    char sql[256];

    for (size_t i = 0; i < n; i++) {
        snprintf(sql, sizeof sql, "SET GLOBAL %s = %s", names[i],
                 values == NULL ? "DEFAULT" : values[i]);
        live_exec(db, sql);
    }
}

Test(usable, what_is_made_is_as_it_should_be_whatever_the_server_adds_to_a_session)
{
    static const char *const of_mariadb[] = {"sql_if_exists", "innodb_compression_default",
                                             "innodb_default_encryption_key_id", "max_sort_length"};
    static const char *const to_mariadb[] = {"1", "1", "5", "64"};
    static const char *const of_mysql[] = {"default_collation_for_utf8mb4", "max_sort_length",
                                           "innodb_file_per_table"};
    static const char *const to_mysql[] = {"utf8mb4_general_ci", "8", "0"};
    const bool mariadb = live_flavor() == ZQ_MARIADB;
    const char *const *of = mariadb ? of_mariadb : of_mysql;
    const size_t n = mariadb ? ZQ_LEN(of_mariadb) : ZQ_LEN(of_mysql);
    ZQ_AUTO(zq_db) db = live_open();
    program_result made, again, checked;

    set_for_all(db, of, mariadb ? to_mariadb : to_mysql, n);
    made = PROGRAM("zquant-init");
    again = PROGRAM("zquant-init");
    checked = PROGRAM("zquant-migrate", "check");
    set_for_all(db, of, NULL, n);
    cr_expect_eq(made.status, 0, "%s", made.err);
    cr_expect_eq(again.status, 0, "%s", again.err);
    cr_expect_eq(checked.status, 0, "%s%s", checked.out, checked.err);
    program_free(&made);
    program_free(&again);
    program_free(&checked);
}

/* ---- the administrator's hash ---- */

static const char *kind_of(const char *username)
{
    static char kind[8];
    char sql[128];
    char *hash;

    snprintf(sql, sizeof sql, "SELECT hashed_password FROM zq_app_users WHERE username = '%s'",
             username);
    hash = cli_value(sql);
    snprintf(kind, sizeof kind, "%s", hash);
    free(hash);
    return kind;
}

Test(usable, a_new_database_gets_argon2id_and_one_line_says_what_that_needs)
{
    program_result r = PROGRAM("zquant-init");

    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_not_null(strstr(r.err, ARGON2ID_LINE), "%s", r.err);
    cr_assert_str_eq(kind_of("admin"), "$argon2");
    program_free(&r);
    /* Who chose it knows. */
    live_drop(cli_database());
    r = PROGRAM("zquant-init", "--admin-hash", "argon2id");
    cr_assert_null(strstr(r.err, "argon2id"), "%s", r.err);
    program_free(&r);
}

Test(usable, a_password_is_hashed_as_the_users_in_the_database_have_it)
{
    EXPECT(0, NULL, "zquant-init", "--admin-hash", "bcrypt");
    EXPECT(0, NULL, "zquant-init", "admin", "reset-password");
    cr_assert_str_eq(kind_of("admin"), "$2b$12$");
    EXPECT(0, NULL, "zquant-init", "admin", "create", "--admin-username", "second", "--admin-email",
           "second@example.com");
    cr_assert_str_eq(kind_of("second"), "$2b$12$");
    /* Both kinds: what knew bcrypt goes on checking it. */
    EXPECT(0, NULL, "zquant-init", "admin", "reset-password", "second", "--admin-hash", "argon2id");
    EXPECT(0, NULL, "zquant-init", "admin", "reset-password");
    cr_assert_str_eq(kind_of("admin"), "$2b$12$");
    /* A database that came back without its administrator. */
    cli_change("DELETE FROM zq_app_users WHERE username = 'admin';"
               "UPDATE zq_app_users SET role_id = 2, hashed_password = '$2y$10$x'");
    EXPECT(0, NULL, "zquant-init");
    cr_assert_str_eq(kind_of("admin"), "$2b$12$");
    EXPECT(0, NULL, "zquant-init", "admin", "reset-password", "second", "--admin-hash", "argon2id");
    EXPECT(0, NULL, "zquant-init", "admin", "reset-password", "--admin-hash", "argon2id");
    SAYS(0, ARGON2ID_LINE, "zquant-init", "admin", "reset-password");
    cr_assert_str_eq(kind_of("admin"), "$argon2");
}

Test(usable, a_password_too_long_for_bcrypt_is_refused_before_anything_is_made)
{
    program_env("ZQUANT_ADMIN_PASSWORD", LONG_PASSWORD);
    EXPECT(65,
           "zquant-init: bcrypt looks at the first 72 bytes of a password, and this one has 73\n"
           "hint: choose a shorter password; where the application knows argon2id, "
           "'--admin-hash argon2id' takes a longer one\n",
           "zquant-init", "--admin-hash", "bcrypt");
    cr_assert_not(cli_database_exists());
    EXPECT(0, NULL, "zquant-init");
}

/* ---- who the administrator is ---- */

Test(usable, an_address_or_a_name_that_the_application_refuses_is_warned_of)
{
    SAYS(
        0,
        "zquant-init: warning: zquant will not take the address 'admin@desk.local' of 'admin' (its "
        "domain is one for special use (.local, .test, .invalid, .localhost ...)), and fails where "
        "it shows the user; choose another by '--admin-email'\n",
        "zquant-init", "--admin-email", "admin@desk.local");
    SAYS(0, "warning: zquant will not take the address 'b@desk' of 'ab' (its domain has no dot)",
         "zquant-init", "admin", "create", "--admin-username", "ab", "--admin-email", "b@desk");
    SAYS(0,
         "warning: zquant takes names of 3 characters and more, and fails where it shows the user "
         "'cd'; choose another by '--admin-username'\n",
         "zquant-init", "admin", "create", "--admin-username", "cd", "--admin-email",
         "cd@example.com");
    EXPECT(78,
           "zquant-init: the administrator's name has a control character or one that is not seen\n"
           "hint: 'man zquant.ini' says what each setting takes\n",
           "zquant-init", "admin", "create", "--admin-username", "a\033[2Jb");
}

ZQ_LIVE_MAIN_ALONE
