/* The file of --admin-password-out: new, kept once its password may be in use, and no obstacle to
 * the run after one that was killed. */
#include "cli.h"
#include "hash_of.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void begin(void)
{
    cli_begin("password_out");
}

TestSuite(password_out, .init = begin, .fini = cli_end, .timeout = 120);

static bool is_password(const char *password)
{
    char *hash = cli_value("SELECT hashed_password FROM zq_app_users WHERE username = 'admin'");
    bool good;

    cr_assert_not_null(hash);
    good = hash_is_of(hash, password);
    free(hash);
    return good;
}

static const char *path_of(const char *name)
{
    static char path[256];

    snprintf(path, sizeof path, "%s/%s", program_dir(), name);
    return path;
}

static char *read_file(const char *path)
{
    char text[512] = "";
    FILE *file = fopen(path, "r");

    cr_assert_not_null(file, "%s", path);
    cr_assert_not_null(fgets(text, sizeof text, file));
    fclose(file);
    return strdup(text);
}

static unsigned mode_of(const char *path)
{
    struct stat about;

    cr_assert_eq(stat(path, &about), 0);
    return about.st_mode & 07777U;
}

static void expect_file(const char *path, const char *wanted)
{
    char *text = read_file(path);

    cr_assert_str_eq(text, wanted);
    free(text);
}

/* It ends well, and the file's password is the administrator's. */
static void expect_made(const char *path)
{
    char *text;

    EXPECT(0, NULL, "zquant-init", "--admin-password-out", path);
    text = read_file(path);
    text[strcspn(text, "\n")] = '\0';
    cr_assert(is_password(text));
    cr_assert_eq(mode_of(path), 0600);
    free(text);
}

static void expect_refused(const char *path)
{
    char wanted[512];

    snprintf(wanted, sizeof wanted,
             "zquant-init: '%s' is there already, and a password goes only to a new file\n"
             "hint: name another file by '--admin-password-out', or remove this one\n",
             path);
    EXPECT(78, wanted, "zquant-init", "--admin-password-out", path);
}

/* At head, without an administrator. */
static void make_database(void)
{
    EXPECT(0, NULL, "zquant-init", "--no-admin");
}

/* What an install leaves that was cut short before the administrator was made. */
static void make_half(void)
{
    cli_change("DELETE FROM zq_meta_history; INSERT INTO zq_meta_journal (revision, direction, "
               "step, state, token, started_time) VALUES ('0003', 'up', 0, 'started', 0, NOW(3))");
}

#define TRIGGER "CREATE TRIGGER zq_t_trigger BEFORE INSERT ON zq_app_users FOR EACH ROW "

/* Kill a run when its file is there and its administrator is not. */
static void kill_before_the_administrator(const char *path)
{
    pid_t pid;
    int id;

    cli_change(TRIGGER "DO SLEEP(60)");
    pid = program_start((const char *const[]){"zquant-init", "--admin-password-out", path, NULL});
    id = cli_wait_for_other("STATE = 'User sleep'");
    kill(pid, SIGKILL);
    cr_assert_eq(program_wait(pid), 128 + SIGKILL);
    cli_cut(id);
    cli_change("DROP TRIGGER zq_t_trigger");
    cr_assert_eq(mode_of(path), 01600);
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_app_users");
}

Test(password_out, a_random_password_goes_to_a_new_file_that_only_its_owner_may_read)
{
    const char *path = path_of("out");
    program_result r = PROGRAM("zquant-init", "--admin-password-out", path);
    struct stat about;
    char *text;

    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_null(strstr(r.err, "shown only now"));
    cr_assert_eq(stat(path, &about), 0);
    cr_assert_eq(about.st_mode & 07777U, 0600);
    text = read_file(path);
    text[strcspn(text, "\n")] = '\0';
    cr_assert(is_password(text));
    cr_assert_null(strstr(r.err, text));
    free(text);
    program_free(&r);
}

Test(password_out, a_file_that_is_there_is_not_overwritten_and_nothing_is_changed)
{
    const char *path = program_file("out", "mine\n", 0600);

    expect_refused(path);
    cr_assert_not(cli_database_exists());
    expect_file(path, "mine\n");
}

/* ---- what another run has left ---- */

Test(password_out, a_file_that_cannot_be_written_is_refused_before_anything_is_changed)
{
    SAYS(2, "zquant-init: cannot write the administrator's password to 'missing/out': No such file",
         "zquant-init", "--admin-password-out", "missing/out");
    SAYS(2, "zquant-init: cannot write the administrator's password to '/proc/out'", "zquant-init",
         "--admin-password-out", "/proc/out");
    cr_assert_not(cli_database_exists());
}

Test(password_out, one_that_a_killed_run_has_left_is_replaced)
{
    const char *path = path_of("out");
    char *left;

    make_database();
    kill_before_the_administrator(path);
    left = read_file(path);
    expect_made(path);
    left[strcspn(left, "\n")] = '\0';
    cr_assert(!is_password(left));
    free(left);
}

Test(password_out, one_that_a_killed_install_has_left_is_replaced)
{
    const char *path = path_of("out");

    make_database();
    make_half();
    kill_before_the_administrator(path);
    expect_made(path);
}

/* The same words in it, and the same length: a password that somebody has been told. */
Test(password_out, one_whose_password_was_in_use_is_never_replaced)
{
    const char *path = path_of("out");
    char *text;

    expect_made(path);
    text = read_file(path);
    cli_change("DELETE FROM zq_app_users");
    expect_refused(path);
    make_half();
    expect_refused(path);
    expect_file(path, text);
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_app_users");
    free(text);
}

/* Killed between the administrator and the word that he is there. */
Test(password_out, one_whose_password_may_be_in_use_is_kept_from_the_next_run_on)
{
    const char *path = path_of("out");
    char *text;

    expect_made(path);
    text = read_file(path);
    cr_assert_eq(chmod(path, 01600), 0);
    expect_made(path);
    expect_file(path, text);
    cli_change("DELETE FROM zq_app_users");
    expect_refused(path);
    expect_file(path, text);
    free(text);
}

Test(password_out, a_run_that_fails_takes_its_file_away)
{
    const char *path = path_of("out");

    make_database();
    cli_change(TRIGGER "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not now'");
    SAYS(2, "cannot make the administrator 'admin': the server refused the statement: not now",
         "zquant-init", "--admin-password-out", path);
    cr_assert_eq(access(path, F_OK), -1);
    SAYS(2, "not now", "zquant-init", "admin", "create", "--admin-password-out", path);
    cr_assert_eq(access(path, F_OK), -1);
    cli_change("DROP TRIGGER zq_t_trigger");
    expect_made(path);
}

ZQ_LIVE_MAIN
