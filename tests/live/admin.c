/* The administrator: every way to a password, what is refused, and what is left alone. */
#include "cli.h"
#include "hash_of.h"

#include <criterion/criterion.h>
#include <pty.h>
#include <pwd.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define BCRYPT "$2b$12$abcdefghijklmnopqrstuuJ8zT1gP3pAF3OZ6gTEmL2dFoS1xX1Qy"
#define RESET_HINT                                                       \
    "there is an administrator already, left as it is: %s was not used " \
    "('zquant-init admin reset-password' sets a new password)\n"

static void begin(void)
{
    cli_begin("admin");
}

TestSuite(admin, .init = begin, .fini = cli_end, .timeout = 120);

static bool is_password_of(const char *username, const char *password)
{
    char sql[128];
    char *hash;
    bool good;

    snprintf(sql, sizeof sql, "SELECT hashed_password FROM zq_app_users WHERE username = '%s'",
             username);
    hash = cli_value(sql);
    cr_assert_not_null(hash);
    good = hash_is_of(hash, password);
    free(hash);
    return good;
}

/* The word after `before` in a text. */
static const char *word_after(const char *text, const char *before)
{
    static char word[256];
    const char *at = strstr(text, before);

    cr_assert_not_null(at, "no '%s' in: %s", before, text);
    at += strlen(before);
    snprintf(word, sizeof word, "%.*s", (int)strcspn(at, "\"\n"), at);
    return word;
}

/* ---- sources ---- */

Test(admin, without_any_password_a_random_one_is_made_and_shown_once)
{
    program_result first = PROGRAM("zquant-init", "-q");
    program_result second = PROGRAM("zquant-init");

    cr_assert_eq(first.status, 0, "%s", first.err);
    cr_assert(is_password_of("admin", word_after(first.err, "'admin', shown only now: ")));
    cr_assert_null(strstr(second.err, "shown only now"), "%s", second.err);
    cr_assert_str_eq(first.out, "");
    cli_expect_value("admin/admin@zquant.com/1/1/admin",
                     "SELECT CONCAT_WS('/', username, email, role_id, is_active, created_by) "
                     "FROM zq_app_users");
    program_free(&first);
    program_free(&second);
}

Test(admin, the_password_comes_from_the_environment_or_from_a_file)
{
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    EXPECT(0, NULL, "zquant-init");
    cr_assert(is_password_of("admin", "Correct1!horse"));
    live_drop(cli_database());
    program_env("ZQUANT_ADMIN_PASSWORD", "");
    EXPECT(0, NULL, "zquant-init", "--admin-password-file",
           program_file("pw",
                        "\xEF\xBB\xBF"
                        "Battery2?staple\r\n",
                        0600));
    cr_assert(is_password_of("admin", "Battery2?staple"));
}

/* Without a terminal a prompt would be refused: it is not come to. */
Test(admin, the_first_source_that_is_there_is_taken)
{
    char path[256];

    snprintf(path, sizeof path, "%s", program_file("pw", "Battery2?staple\n", 0600));
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    EXPECT(0, NULL, "/usr/bin/setsid", "-w", ZQ_BUILD_DIR "/zquant-init",
           "--admin-password-prompt");
    cr_assert(is_password_of("admin", "Correct1!horse"));
    live_drop(cli_database());
    EXPECT(0, NULL, "zquant-init", "--admin-password-file", path);
    cr_assert(is_password_of("admin", "Battery2?staple"));
    live_drop(cli_database());
    program_env("ZQUANT_ADMIN_PASSWORD_HASH", BCRYPT);
    EXPECT(0, NULL, "/usr/bin/setsid", "-w", ZQ_BUILD_DIR "/zquant-init", "--admin-password-file",
           path, "--admin-password-prompt");
    cli_expect_value(BCRYPT, "SELECT hashed_password FROM zq_app_users");
}

Test(admin, a_password_that_breaks_the_rule_is_refused_before_anything_is_changed)
{
    program_env("ZQUANT_ADMIN_PASSWORD", "abcdefgh1");
    EXPECT(65,
           "zquant-init: the password lacks an upper-case letter, one of "
           "!@#$%^&*()_+-=[]{}|;:,.<>?: from ZQUANT_ADMIN_PASSWORD\n"
           "hint: choose another of 8 to 128 characters with upper and lower case, a digit and a "
           "special one, or give none: then a random one is made\n",
           "zquant-init");
    cr_assert_not(cli_database_exists());
}

Test(admin, a_password_and_its_file_together_are_an_error)
{
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    program_env("ZQUANT_ADMIN_PASSWORD_FILE", program_file("pw", "Battery2?staple\n", 0600));
    EXPECT(78,
           "zquant-init: 'ZQUANT_ADMIN_PASSWORD_FILE' and 'ZQUANT_ADMIN_PASSWORD' are both set\n"
           "hint: set only one of them\n",
           "zquant-init");
    cr_assert_not(cli_database_exists());
}

Test(admin, a_file_that_others_may_read_is_refused_with_the_mending_command)
{
    char wanted[512];
    const char *path = program_file("pw", "Battery2?staple\n", 0644);

    snprintf(wanted, sizeof wanted,
             "zquant-init: '%s' holds a password, but others may read it (owner '%s', mode 0644)\n"
             "hint: run: chmod 600 '%s'\n",
             path, getpwuid(geteuid())->pw_name, path);
    EXPECT(78, wanted, "zquant-init", "--admin-password-file", path);
    cr_assert_not(cli_database_exists());
}

Test(admin, a_hash_made_elsewhere_is_stored_as_it_is_and_comes_before_a_password)
{
    program_env("ZQUANT_ADMIN_PASSWORD_HASH", BCRYPT);
    program_env("ZQUANT_ADMIN_PASSWORD", "weak");
    EXPECT(0, NULL, "zquant-init");
    cli_expect_value(BCRYPT, "SELECT hashed_password FROM zq_app_users");
}

Test(admin, a_hash_that_is_damaged_is_refused_and_never_quoted)
{
    program_env("ZQUANT_ADMIN_PASSWORD_HASH", "$2b$12$abcdefghijklmnop");
    EXPECT(65,
           "zquant-init: the administrator's password hash is damaged or cut short\n"
           "hint: it begins with '$argon2id$' or '$2b$'; shells and compose files replace '$' "
           "unless it is quoted ('...') or doubled ($$)\n",
           "zquant-init");
    cr_assert_not(cli_database_exists());
}

Test(admin, bcrypt_is_made_on_demand)
{
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    EXPECT(0, NULL, "zquant-init", "--admin-hash", "bcrypt");
    cli_expect_value("$2b$12$", "SELECT LEFT(hashed_password, 7) FROM zq_app_users");
    cr_assert(is_password_of("admin", "Correct1!horse"));
}

Test(admin, a_prompt_needs_a_terminal)
{
    EXPECT(64,
           "zquant-init: there is no terminal to ask for a password on\n"
           "hint: give it by a file instead, see '--help'\n",
           "/usr/bin/setsid", "-w", ZQ_BUILD_DIR "/zquant-init", "--admin-password-prompt");
    cr_assert_not(cli_database_exists());
}

/* Run the program on a terminal of its own, type `typed` into it, and give its exit status; what
 * the terminal showed goes to `out`. */
static int run_on_terminal(const char *const *words, const char *typed, char *out, size_t size)
{
    size_t length = 0;
    ssize_t got;
    int terminal = -1;
    int status = 0;
    pid_t pid = forkpty(&terminal, NULL, NULL, NULL);

    cr_assert_geq(pid, 0);
    if (pid == 0) {
        program_result r = program_run(words, NULL);

        _exit(r.status);
    }
    /* Typed ahead: the program drops what came before it asked, so wait until it asks. */
    while (length + 1 < size && (got = read(terminal, out + length, size - length - 1)) > 0) {
        length += (size_t)got;
        out[length] = '\0';
        if (out[length - 1] == ' ' && out[length - 2] == ':' && *typed != '\0') {
            const char *end = strchr(typed, '\n') + 1;

            cr_assert_eq(write(terminal, typed, (size_t)(end - typed)), end - typed);
            typed = end;
        }
    }
    waitpid(pid, &status, 0);
    close(terminal);
    return WEXITSTATUS(status);
}

Test(admin, a_prompt_asks_twice_shows_nothing_and_asks_again_when_they_differ)
{
    const char *const words[] = {"zquant-init", "--admin-password-prompt", NULL};
    char shown[4096] = "";

    cr_assert_eq(run_on_terminal(words,
                                 "Correct1!horse\nCorrect1!house\nCorrect1!horse\n"
                                 "Correct1!horse\n",
                                 shown, sizeof shown),
                 0, "%s", shown);
    cr_assert_str_eq(shown, "Password of 'admin': \r\nPassword of 'admin', again: \r\n"
                            "they differ; once more\r\n"
                            "Password of 'admin': \r\nPassword of 'admin', again: \r\n");
    cr_assert(is_password_of("admin", "Correct1!horse"));
}

Test(admin, a_weak_password_on_the_terminal_is_refused)
{
    const char *const words[] = {"zquant-init", "--admin-password-prompt", NULL};
    char shown[4096] = "";

    cr_assert_eq(run_on_terminal(words, "weak\nweak\n", shown, sizeof shown), 65);
    cr_assert_not(cli_database_exists());
}

/* Whether a terminal shows what is typed after a program that asked on it has died of `number`. */
static bool shows_after(int number)
{
    const char *const words[] = {
        "/bin/sh", "-c", "echo $$ > pid; exec " ZQ_BUILD_DIR "/zquant-init --admin-password-prompt",
        NULL};
    char path[512];
    char seen[256] = "";
    size_t length = 0;
    ssize_t got;
    int terminal = -1;
    int asking = 0;
    int status = 0;
    FILE *file;
    pid_t pid;

    snprintf(path, sizeof path, "%s/pid", program_dir());
    pid = forkpty(&terminal, NULL, NULL, NULL);
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        program_result r = program_run(words, NULL);
        struct termios now;

        _exit(r.status == 128 + number && tcgetattr(STDIN_FILENO, &now) == 0 &&
                      (now.c_lflag & ECHO) != 0
                  ? 0
                  : 1);
    }
    while (strstr(seen, "': ") == NULL &&
           (got = read(terminal, seen + length, sizeof seen - length - 1)) > 0) {
        length += (size_t)got;
        seen[length] = '\0';
    }
    file = fopen(path, "r");
    cr_assert_not_null(file);
    cr_assert_eq(fscanf(file, "%d", &asking), 1);
    fclose(file);
    kill(asking, number);
    waitpid(pid, &status, 0);
    close(terminal);
    return WEXITSTATUS(status) == 0;
}

Test(admin, the_terminal_shows_what_is_typed_again_whatever_ends_the_prompt)
{
    static const int numbers[] = {SIGINT,  SIGTERM, SIGALRM, SIGUSR2,
                                  SIGXCPU, SIGSEGV, SIGABRT, SIGSYS};

    for (size_t i = 0; i < ZQ_LEN(numbers); i++)
        cr_expect(shows_after(numbers[i]), "signal %d", numbers[i]);
    cr_assert_not(cli_database_exists());
}

Test(admin, a_hash_that_is_weak_is_warned_of_and_an_absurd_one_refused)
{
#define SALT "$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA"
    program_env("ZQUANT_ADMIN_PASSWORD_HASH", "$argon2id$v=19$m=4194304,t=1,p=1" SALT);
    EXPECT(
        65,
        "zquant-init: the administrator's password hash has parameters that no login should "
        "meet\n"
        "hint: m is from 8 p to 1048576 (1 GiB), t from 1 to 20, p from 1 to 16; make it anew by "
        "m=65536,t=2,p=1\n",
        "zquant-init");
    cr_assert_not(cli_database_exists());
    program_env("ZQUANT_ADMIN_PASSWORD_HASH", "$argon2id$v=19$m=4096,t=3,p=1" SALT);
    SAYS(0,
         "zquant-init: warning: the administrator's password hash is cheap to guess at: argon2id's "
         "parameters should be m=19456,t=2,p=1 at least\n",
         "zquant-init");
#undef SALT
}

/* ---- where a random one goes ---- */

Test(admin, a_sealed_password_opens_only_with_the_secret_key)
{
    unsigned char public[crypto_box_PUBLICKEYBYTES];
    unsigned char secret[crypto_box_SECRETKEYBYTES];
    unsigned char sealed[128];
    char key[sodium_base64_ENCODED_LEN(sizeof public, sodium_base64_VARIANT_ORIGINAL)];
    char password[64] = "";
    size_t length = 0;
    program_result r;

    cr_assert_geq(sodium_init(), 0);
    crypto_box_keypair(public, secret);
    sodium_bin2base64(key, sizeof key, public, sizeof public, sodium_base64_VARIANT_ORIGINAL);
    r = PROGRAM("zquant-init", "--admin-password-seal", key);
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_eq(
        sodium_base642bin(sealed, sizeof sealed,
                          word_after(r.err, "the sealed password of 'admin', shown only "
                                            "now: "),
                          sodium_base64_ENCODED_LEN(75, sodium_base64_VARIANT_ORIGINAL) - 1, NULL,
                          &length, NULL, sodium_base64_VARIANT_ORIGINAL),
        0);
    cr_assert_eq(crypto_box_seal_open((unsigned char *)password, sealed, length, public, secret),
                 0);
    cr_assert(is_password_of("admin", password));
    program_free(&r);
}

Test(admin, a_key_that_is_none_is_refused)
{
    EXPECT(78,
           "zquant-init: the sealing key is not an X25519 public key\n"
           "hint: it is an X25519 public key of 32 bytes, in base64 or in hexadecimal\n",
           "zquant-init", "--admin-password-seal", "nonsense");
    cr_assert_not(cli_database_exists());
}

/* ---- who is there already ---- */

Test(admin, an_existing_one_is_never_touched_and_that_is_said_when_a_password_was_given)
{
    program_result r;
    char wanted[256];
    char *before;
    char *after;

    EXPECT(0, NULL, "zquant-init");
    before = cli_rows();
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    r = PROGRAM("zquant-init");
    cr_assert_eq(r.status, 0, "%s", r.err);
    snprintf(wanted, sizeof wanted, RESET_HINT, "ZQUANT_ADMIN_PASSWORD");
    cr_assert_not_null(strstr(r.err, wanted), "%s", r.err);
    after = cli_rows();
    cr_assert_str_eq(before, after);
    free(before);
    free(after);
    program_free(&r);
}

Test(admin, a_name_or_address_that_another_user_has_stops_it_before_anything_is_changed)
{
    char *before;
    char *after;

    EXPECT(0, NULL, "zquant-init", "--no-admin");
    cli_expect_value("0", "SELECT COUNT(*) FROM zq_app_users");
    cli_change("INSERT INTO zq_app_users (username, email, hashed_password, role_id, is_active, "
               "created_time, updated_time) VALUES ('admin', 'x@y.org', '', 3, 1, NOW(), NOW())");
    cli_change("DELETE FROM zq_meta_seeds WHERE kind = 'digest'");
    before = cli_rows();
    EXPECT(65,
           "zquant-init: cannot make the administrator: user 'admin' (role 'user') has the name "
           "'admin' already\n"
           "hint: give that user the role 'admin', or choose another name by '--admin-username'; "
           "'--no-admin' goes without one\n",
           "zquant-init");
    after = cli_rows();
    cr_assert_str_eq(before, after);
    free(before);
    free(after);
}

Test(admin, a_role_that_is_missing_is_a_clear_refusal)
{
    EXPECT(65,
           "zquant-init: cannot make the administrator: there is no role 'chief'\n"
           "hint: add it to 'roles.ini', restore it by 'zquant-init seeds apply --prune --role "
           "chief', or choose another by '--admin-role'\n",
           "zquant-init", "--admin-role", "chief");
    cr_assert_not(cli_database_exists());
}

/* ---- the commands ---- */

Test(admin, reset_password_changes_one_password_and_nothing_else)
{
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    EXPECT(0, NULL, "zquant-init");
    cli_change("INSERT INTO zq_app_users (username, email, hashed_password, role_id, is_active, "
               "created_time, updated_time) VALUES ('other', 'o@y.org', 'x', 3, 0, NOW(), NOW())");
    program_env("ZQUANT_ADMIN_PASSWORD", "Battery2?staple");
    EXPECT(0, NULL, "zquant-init", "admin", "reset-password");
    cr_assert(is_password_of("admin", "Battery2?staple"));
    cli_expect_value("x", "SELECT hashed_password FROM zq_app_users WHERE username = 'other'");
    EXPECT(0, NULL, "zquant-init", "admin", "reset-password", "other");
    cr_assert(is_password_of("other", "Battery2?staple"));
    cli_expect_value("o@y.org/3/0", "SELECT CONCAT_WS('/', email, role_id, is_active) "
                                    "FROM zq_app_users WHERE username = 'other'");
    cli_expect_value("2", "SELECT COUNT(*) FROM zq_app_users");
}

Test(admin, reset_password_says_whose_and_shows_a_random_one)
{
    program_result r;

    EXPECT(0, NULL, "zquant-init");
    r = PROGRAM("zquant-init", "admin", "reset-password", "--json");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert(is_password_of("admin", word_after(r.err, "'admin', shown only now: ")));
    cr_assert_not_null(strstr(r.out, "\"username\": \"admin\""), "%s", r.out);
    cr_assert_not_null(strstr(r.err, "changed the password of 'admin' (admin@zquant.com, role "
                                     "'admin') in database '"),
                       "%s", r.err);
    program_free(&r);
    r = PROGRAM("zquant-init", "admin", "reset-password", "--dry-run", "--json");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_str_eq(r.err, "zquant-init: would change the password of 'admin' "
                            "(admin@zquant.com)\n");
    cr_assert_not_null(strstr(r.out, "\"done\": null,\n  \"dry_run\": true"), "%s", r.out);
    program_free(&r);
    EXPECT(65,
           "zquant-init: there is no user 'nobody'\n"
           "hint: the administrator is 'admin': run 'zquant-init admin reset-password admin'\n",
           "zquant-init", "admin", "reset-password", "nobody");
}

/* Whoever may make users chooses what stands in the command that somebody else copies. */
Test(admin, a_name_is_one_word_of_the_command_to_run_next)
{
    EXPECT(0, NULL, "zquant-init");
    cli_change("UPDATE zq_app_users SET username = 'x; rm -rf $HOME'");
    SAYS(65, ": run 'zquant-init admin reset-password \"x; rm -rf \\$HOME\"'\n", "zquant-init",
         "admin", "reset-password", "nobody");
    SAYS(65, "hint: 'zquant-init admin reset-password \"x; rm -rf \\$HOME\"' sets ", "zquant-init",
         "admin", "create");
    SAYS(0, "run 'zquant-init admin reset-password \"x; rm -rf \\$HOME\" --admin-hash bcrypt'\n",
         "zquant-init", "admin", "reset-password", "x; rm -rf $HOME");
}

Test(admin, create_makes_another_and_refuses_a_name_that_is_taken)
{
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    EXPECT(0, NULL, "zquant-init");
    EXPECT(0, NULL, "zquant-init", "admin", "create", "--admin-username", "second", "--admin-email",
           "second@zquant.com");
    cr_assert(is_password_of("second", "Correct1!horse"));
    EXPECT(65,
           "zquant-init: cannot make the administrator: user 'second' has the name 'Second' "
           "already\n"
           "hint: 'zquant-init admin reset-password second' sets a new password for that user; "
           "'--admin-username' and '--admin-email' choose another\n",
           "zquant-init", "admin", "create", "--admin-username", "Second");
    cli_expect_value("2", "SELECT COUNT(*) FROM zq_app_users WHERE role_id = 1");
}

Test(admin, the_commands_need_a_database_that_is_ready)
{
    char wanted[256];

    snprintf(wanted, sizeof wanted,
             "zquant-init: database '%s' is not ready for this: the database does not exist\n"
             "hint: run 'zquant-init' first\n",
             cli_database());
    EXPECT(1, wanted, "zquant-init", "admin", "create");
    EXPECT(1, wanted, "zquant-init", "admin", "reset-password");
}

ZQ_LIVE_MAIN
