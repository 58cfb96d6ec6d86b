/* Bad input and bad luck: each ends with its own message, its own exit status, and nothing changed,
 * in a database that lacks a table and a grant: a run that went on would make both. */
#include "own_revision.h"

#include "run/lock.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *before;

static void begin(const char *test)
{
    cli_begin(test);
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    EXPECT(0, NULL, "zquant-init", "-q", "--no-admin");
    cli_change("DROP TABLE zq_meta_lease; DELETE FROM zq_app_role_permissions WHERE role_id = 3;"
               "DELETE FROM zq_meta_seeds");
    before = cli_contents();
}

static void end(void)
{
    cli_expect_contents(before);
    cli_end();
}

static void expect_no_database(void)
{
    cr_assert(!cli_database_exists(), "the database was made");
}

/* The first line is the message and, after a colon, the server's or system's words, which differ
 * from library to library; the hint is asserted whole. */
static void refused(int status, const char *message, const char *hint, const char *const *words)
{
    program_result r = program_run(words, NULL);
    char line[1024];

    cr_assert_eq(r.status, status, "status %d, not %d: %s", r.status, status, r.err);
    snprintf(line, sizeof line, "zquant-init: %s", message);
    cr_assert(strncmp(r.err, line, strlen(line)) == 0, "%s instead of %s", r.err, line);
    if (hint != NULL) {
        snprintf(line, sizeof line, "\nhint: %s\n", hint);
        cr_assert_not_null(strstr(r.err, line), "%s has no %s", r.err, line);
    }
    cr_assert_null(strstr(r.err, "Correct1!horse"));
    cr_assert_null(strstr(r.err, "S3cret!pw"));
    cr_assert_str_eq(r.out, "");
    program_free(&r);
}
#define REFUSED(status, message, hint, ...) \
    refused((status), (message), (hint), (const char *const[]){__VA_ARGS__, NULL})

/* An account with these grants only ("%s" stands for the cli_database()), dropped by drop_account.
 */
static void make_account(const char *grants)
{
    ZQ_AUTO(zq_db) db = live_open();
    char sql[512];

    live_exec(db,
              "DROP USER IF EXISTS zqt_small@'localhost', zqt_small@'127.0.0.1', zqt_small@'%'");
    live_exec(db, "CREATE USER zqt_small@'localhost' IDENTIFIED BY 'S3cret!pw'");
    live_exec(db, "CREATE USER zqt_small@'127.0.0.1' IDENTIFIED BY 'S3cret!pw'");
    for (int i = 0; grants != NULL && i < 2; i++) {
        int n = snprintf(sql, sizeof sql, "GRANT ");

        n += snprintf(sql + n, sizeof sql - (size_t)n, "%s ON `%s`.* TO zqt_small@'%s'", grants,
                      cli_database(), i == 0 ? "localhost" : "127.0.0.1");
        live_exec(db, sql);
    }
    program_env("DB_USER", "zqt_small");
    program_env("DB_PASSWORD", "S3cret!pw");
}

static void drop_account(void)
{
    ZQ_AUTO(zq_db) db = live_open();

    live_exec(db, "DROP USER zqt_small@'localhost', zqt_small@'127.0.0.1'");
}

/* ---- the server ---- */

Test(refused, a_wrong_password)
{
    char message[256];

    begin("password");
    make_account("ALL");
    program_env("DB_PASSWORD", "wrong");
    snprintf(message, sizeof message, "cannot connect to 'zqt_small@127.0.0.1:%s': access denied",
             live_env("PORT", ""));
    REFUSED(77, message, "check --user and --password-file", "zquant-init");
    /* Waiting cannot cure it: it ends at once. */
    REFUSED(77, message, "check --user and --password-file", "zquant-init", "--wait", "60");
    drop_account();
    end();
}

Test(refused, no_such_host_and_a_refused_port_and_a_missing_socket)
{
    begin("nobody");
    REFUSED(69, "cannot connect to 'root@no-such-host.invalid:3306': unknown host",
            "check --host, or wait for it with --wait 30", "zquant-init", "--host",
            "no-such-host.invalid", "--port", "3306");
    /* MariaDB's connector does not say why; MySQL's library does. */
    REFUSED(69, "cannot connect to 'root@127.0.0.1:1': ",
            "start the server, or wait for it with --wait 30", "zquant-init", "--port", "1");
    REFUSED(69, "cannot connect to 'root@/tmp/zqt-no.sock': no such file or directory",
            "start the server, or wait for it with --wait 30", "zquant-init", "--socket",
            "/tmp/zqt-no.sock");
    end();
}

Test(refused, a_server_that_does_not_come_in_time)
{
    begin("late");
    SAYS(69,
         "\nzquant-init: gave up after 2 s: cannot connect to 'root@127.0.0.1:1': ", "zquant-init",
         "--port", "1", "--wait", "2");
    end();
}

Test(refused, no_privilege_to_create_the_database)
{
    char message[256];

    begin("nocreate");
    make_account(NULL);
    snprintf(message, sizeof message, "cannot open or create database '%s': access denied",
             cli_database());
    REFUSED(77, message, "grant what is missing, see 'zquant-init grants'", "zquant-init");
    end();
    REFUSED(77, message, "grant what is missing, see 'zquant-init grants'", "zquant-init");
    expect_no_database();
    drop_account();
}

Test(refused, no_privilege_to_create_a_table)
{
    ZQ_AUTO(zq_db) db = live_open();

    begin("notable");
    make_account("SELECT, INSERT, UPDATE, DELETE");
    REFUSED(77, "cannot create table 'zq_meta_lease': access denied",
            "grant what is missing, see 'zquant-init grants'", "zquant-init");
    end();
    live_make_database(db, cli_database());
    REFUSED(77, "cannot create table 'zq_meta_lease': access denied",
            "grant what is missing, see 'zquant-init grants'", "zquant-init");
    cli_expect_number(0, "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                         "DATABASE()");
    drop_account();
    cli_end();
}

#define RIGHTS "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, REFERENCES, CREATE VIEW"

/* Tables are looked at before and after each statement: a look that is refused is neither that
 * statement's fault nor the one's before it. */
Test(refused, no_privilege_to_look_at_what_a_revision_changes)
{
    own_begin("nolook");
    make_account(RIGHTS);
    cli_change("CREATE TABLE zq_t_a (id int PRIMARY KEY); "
               "CREATE VIEW zq_t_v AS SELECT id FROM zq_t_a");
    own_write("ALTER TABLE zq_t_a ADD COLUMN x int;\n"
              "CREATE OR REPLACE VIEW zq_t_v AS SELECT id, x FROM zq_t_a;",
              NULL);
    /* Before the first statement. */
    OWN_SAYS(77,
             "zquant-migrate: cannot look at 'zq_t_v': access denied: SHOW VIEW command denied to "
             "user 'zqt_small'@'localhost' for table ",
             "zquant-migrate", "upgrade", "--allow-locking");
    OWN_SAYS(77, "\nhint: grant SELECT and SHOW VIEW on it, then run this again\n",
             "zquant-migrate", "upgrade", "--allow-locking");
    cli_expect_number(1, "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                         "DATABASE() AND TABLE_NAME = 'zq_t_a'");
    drop_account();
    make_account(RIGHTS ", SHOW VIEW");
    OWN_SAYS(0, "is at revision t1\n", "zquant-migrate", "upgrade", "--allow-locking");
    drop_account();
    cli_end();
}

/* ---- the surroundings ---- */

#define CLOSED(which, ...) \
    PROGRAM("/bin/sh", "-c", "exec \"$@\" " which, "sh", ZQ_BUILD_DIR "/zquant-init", __VA_ARGS__)

/* The number of a closed stream is free for the connection, and what is said meanwhile would go to
 * the server: here that another run is at work. */
Test(refused, with_a_stream_closed_nothing_goes_astray)
{
    ZQ_AUTO(zq_db) db = live_open();
    char name[ZQ_LOCK_NAME];
    program_result r;

    cli_begin("closed");
    zq_lock_name(cli_database(), NULL, name);
    cr_assert_eq(zq_lock_take(db, name, 0, NULL, NULL, NULL), ZQ_OK);
    r = CLOSED("2>&-", "--lock-timeout", "2");
    zq_db_exec(db, "DO RELEASE_ALL_LOCKS()", NULL);
    cr_assert_eq(r.status, 75, "%d", r.status);
    program_free(&r);
    r = CLOSED("2>&-", "-q");
    cr_assert_eq(r.status, 2, "%d", r.status);
    program_free(&r);
    expect_no_database();
    r = CLOSED(">&-", "config");
    cr_assert_eq(r.status, 2, "%d: %s", r.status, r.err);
    cr_assert_not_null(strstr(r.err, "cannot write to standard output: Bad file descriptor\n"));
    program_free(&r);
    cli_end();
}

/* ---- settings ---- */

Test(refused, settings_that_are_unknown_or_malformed)
{
    begin("settings");
    REFUSED(64, "'--jobs' must be a whole number from 1 to 64, not 'many'", NULL, "zquant-init",
            "--jobs", "many");
    REFUSED(64, "unknown option '--nonsense'", "see '--help'", "zquant-init", "--nonsense");
    REFUSED(64, "a secret cannot be given on the command line, where others see it",
            "use '--password-file FILE' or set DB_PASSWORD in the environment", "zquant-init",
            "--password=S3cret!pw");
    program_file("zquant.ini", "[connection]\nhostt = x\n", 0600);
    REFUSED(78, "zquant.ini:2: unknown key 'hostt' in [connection]", "did you mean 'host'?",
            "zquant-init");
    end();
}

Test(refused, a_name_that_no_database_can_have)
{
    begin("names");
    REFUSED(64, "'--database': a name ends in a space: 'zqt '\n", NULL, "zquant-init", "--database",
            "zqt ");
    program_env("DB_NAME", "zqt_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    REFUSED(78,
            "'DB_NAME': a name is longer than 64 characters: "
            "'zqt_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\n",
            NULL, "zquant-init");
    end();
}

Test(refused, files_that_cannot_be_read)
{
    begin("unreadable");
    REFUSED(66, "--password-file: cannot read '/nonexistent': No such file or directory\n", NULL,
            "zquant-init", "--password-file", "/nonexistent");
    REFUSED(66, "--config: cannot read '/nonexistent': No such file or directory\n", NULL,
            "zquant-init", "--config", "/nonexistent");
    program_env("ZQUANT_ADMIN_PASSWORD", "");
    REFUSED(66, "--admin-password-file: cannot read '/': Is a directory\n", NULL, "zquant-init",
            "--admin-password-file", "/");
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    REFUSED(66, "cannot read '/nonexistent/permissions.ini': No such file or directory\n",
            "a directory of seeds holds 'roles.ini' and 'permissions.ini'; 'zquant-init seeds "
            "export DIR' writes both",
            "zquant-init", "--seeds", "/nonexistent");
    end();
}

Test(refused, a_line_that_is_too_long)
{
    char text[6000] = "[connection]\nhost = ";

    begin("long");
    memset(text + strlen(text), 'a', sizeof text - 2 - strlen(text));
    text[sizeof text - 2] = '\n';
    program_file("zquant.ini", text, 0600);
    REFUSED(78, "zquant.ini:2: a line of 5985 bytes is too long (at most 4096)", NULL,
            "zquant-init");
    end();
}

Test(refused, a_broken_dotenv_and_a_bad_url)
{
    begin("dotenv");
    program_file(".env", "DB_HOST=\"abc\nX=1", 0600);
    REFUSED(78, ".env:1: the quote is not closed", NULL, "zquant-init");
    program_file(".env", "", 0600);
    program_env("DATABASE_URL", "postgres://u:S3cret!pw@h/db");
    REFUSED(78, "'DATABASE_URL': the URL does not begin with mysql:// or mariadb://",
            "write mysql://USER:PASSWORD@HOST:PORT/DATABASE", "zquant-init");
    program_env("DATABASE_URL", "mysql://u:p%zz@h/db");
    REFUSED(78, "'DATABASE_URL': the password has a '%' without two hexadecimal digits",
            "write '%25' for a '%' in a URL", "zquant-init");
    end();
}

/* ---- the administrator's password ---- */

Test(refused, a_password_that_breaks_the_rule)
{
    begin("weak");
    program_env("ZQUANT_ADMIN_PASSWORD", "short");
    REFUSED(65, "the password has 5 characters, and needs at least 8", NULL, "zquant-init");
    end();
}

Test(refused, a_password_and_its_file_at_once)
{
    begin("both");
    program_env("ZQUANT_ADMIN_PASSWORD_FILE", "/tmp/zqt-pw");
    REFUSED(78, "'ZQUANT_ADMIN_PASSWORD_FILE' and 'ZQUANT_ADMIN_PASSWORD' are both set",
            "set only one of them", "zquant-init");
    program_env("ZQUANT_ADMIN_PASSWORD_FILE", "");
    program_env("DB_PASSWORD", "S3cret!pw");
    program_env("DB_PASSWORD_FILE", "/tmp/zqt-pw");
    REFUSED(78, "'DB_PASSWORD_FILE' and 'DB_PASSWORD' are both set", "set only one of them",
            "zquant-init");
    end();
}

/* ---- seeds ---- */

Test(refused, seed_files_with_mistakes_are_refused_with_all_of_them)
{
    begin("seeds");
    program_file("permissions.ini",
                 "[data:read]\nresource = data\naction = read\ndescription = x\n"
                 "[data:sync]\naction = sync\n"
                 "[x]\nresource = 12345678901234567890123456789012345678901234567890x\n"
                 "action = y\ndescription = x\n",
                 0644);
    program_file("roles.ini",
                 "[user]\ndescription = x\npermissions = data:raed\n"
                 "[user]\ndescription = y\npermissions = data:read\n",
                 0644);
    EXPECT(65,
           "zquant-init: warning: ./permissions.ini:5: permission 'data:sync' has no "
           "'description'\n"
           "zquant-init: warning: ./permissions.ini:8: 'resource' of 51 characters is too long (at "
           "most 50)\n"
           "zquant-init: warning: ./roles.ini:3: unknown permission 'data:raed' in role 'user'\n"
           "zquant-init: warning: ./roles.ini:4: role 'user' is there twice, first in line 1\n"
           "zquant-init: the seed files have 4 mistakes: in '.', see above\n"
           "hint: nothing was changed; fix the files and run it again\n",
           "zquant-init", "--seeds", ".");
    end();
}

ZQ_LIVE_MAIN
