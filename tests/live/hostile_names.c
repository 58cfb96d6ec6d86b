/* Names that a terminal would obey, that forge a line of a log or end a comment of a script, in
 * every kind of object, through every command, in text, in JSON, in scripts and in logs: none gets
 * out as it is. */
#include "base/text.h"
#include "cli.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A line feed and a word that begins no line of ours; what a client runs by the shell; a terminal's
 * title, its colours, its bell, in one byte too (U+009B); DEL; writing that turns. */
#define HOSTILE                                                  \
    "\nFORGED \\! touch owned\r\x1B]0;t\x07\x1B[31m\x7F\xC2\x9B" \
    "1m\xE2\x80\xAE"

/* The same within the 32 characters of an account's name. */
#define SHORT "\nFORGED \\! x\x1B[31m\x7F\xC2\x9B\xE2\x80\xAE"

static zq_arena *arena;

/* As a string of SQL, byte by byte. */
static const char *literal(const char *text)
{
    ZQ_AUTO_BUF(out);

    zq_buf_str(&out, "_utf8mb4 X'");
    for (; *text != '\0'; text++)
        zq_buf_printf(&out, "%02X", (unsigned char)*text);
    zq_buf_char(&out, '\'');
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

#define CHANGE(...) live_exec(db, zq_arena_printf(arena, __VA_ARGS__))

/* A role and a permission for each control byte, and ones with all of it, that operators made. */
static void hostile_rows(zq_db *db)
{
    for (unsigned c = 1; c <= 0x7F; c++) {
        if (c == 0x20)
            c = 0x7F;
        CHANGE("INSERT INTO zq_app_roles (name, description, created_time, updated_time) VALUES "
               "(%s, %s, NOW(3), NOW(3))",
               literal(zq_arena_printf(arena, "r%u%cFORGED", c, (int)c)),
               literal(zq_arena_printf(arena, "d%cFORGED", (int)c)));
    }
    CHANGE("INSERT INTO zq_app_roles (name, description, created_time, updated_time) VALUES (%s, "
           "%s, NOW(3), NOW(3))",
           literal("all" HOSTILE), literal(HOSTILE));
    CHANGE("INSERT INTO zq_app_permissions (name, resource, action, description, created_time, "
           "updated_time) VALUES "
           "(%s, %s, %s, %s, NOW(3), NOW(3))",
           literal("p" HOSTILE), literal(HOSTILE), literal(HOSTILE), literal(HOSTILE));
    CHANGE("INSERT INTO zq_app_role_permissions (role_id, permission_id, created_time, "
           "updated_time) SELECT "
           "r.id, p.id, "
           "NOW(3), NOW(3) FROM zq_app_roles r, zq_app_permissions p WHERE r.name LIKE 'all%%' AND "
           "p.name "
           "LIKE "
           "'p%%FORGED%%'");
    CHANGE("UPDATE zq_app_permissions SET description = %s WHERE name = 'user:create'",
           literal(HOSTILE));
    CHANGE("INSERT INTO zq_app_users (username, email, hashed_password, role_id, is_active, "
           "created_time, updated_time) SELECT %s, %s, 'x', MIN(id), 1, NOW(3), NOW(3) FROM "
           "zq_app_roles",
           literal("u" HOSTILE), literal("e" HOSTILE));
}

static void hostile_objects(zq_db *db)
{
    CHANGE("CREATE TABLE `t%s` (id int PRIMARY KEY)", HOSTILE);
    CHANGE("CREATE TABLE `zq_app_%s` (id int PRIMARY KEY)", HOSTILE);
    CHANGE("ALTER TABLE zq_app_roles ADD COLUMN `c%s` int COMMENT '%s'", HOSTILE,
           "x\\nFORGED\x1B[31m");
    CHANGE("ALTER TABLE zq_app_roles ADD INDEX `i%s` (description)", HOSTILE);
    CHANGE("CREATE VIEW `v%s` AS SELECT 1 AS `x%s`", HOSTILE, HOSTILE);
}

/* What else has a name: constraints, triggers, routines, events, accounts; and a table that takes
 * the place of a stock's. */
static void hostile_things(zq_db *db)
{
    CHANGE("ALTER TABLE zq_app_users ADD CONSTRAINT `k%s` CHECK (role_id > 0)", HOSTILE);
    CHANGE("ALTER TABLE zq_app_users ADD CONSTRAINT `f%s` FOREIGN KEY (role_id) REFERENCES "
           "zq_app_roles (id)",
           HOSTILE);
    CHANGE("ALTER TABLE zq_app_apikeys COMMENT %s", "'x\\nFORGED\x1B[31m\xC2\x9B'");
    CHANGE("CREATE TRIGGER `g%s` BEFORE INSERT ON zq_app_users FOR EACH ROW SET @x = 1", HOSTILE);
    CHANGE("CREATE PROCEDURE `o%s`() SELECT 1", HOSTILE);
    CHANGE("CREATE EVENT `n%s` ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1", HOSTILE);
    CHANGE("CREATE TABLE `zq_data_tustock_daily_%s` (id int PRIMARY KEY)", HOSTILE);
    CHANGE("CREATE TABLE gone (id int PRIMARY KEY)");
    CHANGE("CREATE VIEW `w%s` AS SELECT id FROM gone", HOSTILE);
    CHANGE("DROP TABLE gone");
    CHANGE("CREATE DEFINER = `who%s`@localhost VIEW `d%s` AS SELECT 1", SHORT, HOSTILE);
    for (unsigned c = 0x80; c <= 0xA0; c++)
        CHANGE("ALTER TABLE zq_app_permissions ADD COLUMN `c%u\xC2%cFORGED` int", c, (int)c);
}

/* Unlike a database, an account outlives this test. */
static void hostile_account(zq_db *db, bool there)
{
    CHANGE("DROP USER IF EXISTS `%s%s`@localhost", cli_database() + 3, SHORT);
    if (!there)
        return;
    CHANGE("CREATE USER `%s%s`@localhost", cli_database() + 3, SHORT);
    CHANGE("GRANT SELECT ON `%s`.* TO `%s%s`@localhost", cli_database(), cli_database() + 3, SHORT);
}

/* Revisions in the folder where programs run: in the title all but the line feed, which ends it. */
static void hostile_revision(void)
{
    program_file(
        "h1"
        "_x" HOSTILE ".sql",
        "-- revision: h1\n-- revises: 0003\n-- title: t FORGED \\! touch owned \x1B]0;t\x07"
        "\x7F\xC2\x9B\xE2\x80\xAE x\n-- created: 2026-01-04T00:00:00Z\n\n-- zq:upgrade\n"
        "DROP TABLE zq_app_roles;\n-- zq:downgrade\nSELECT 1;\n",
        0600);
}

static void begin(void)
{
    arena = zq_arena_open();
    cli_begin("names");
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    EXPECT(0, NULL, "zquant-init", "--quiet");
}

static void end(void)
{
    cli_end();
    zq_arena_close(arena);
}

TestSuite(hostile_names, .init = begin, .fini = end, .timeout = 180);

/* Nothing but line feeds and tabs is not plain; no line begins by the word; no backslash is in a
 * comment. */
static void expect_plain(const char *text, const char *what, const char *stream)
{
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        size_t start = 0;

        for (size_t i = 0; i <= length; i++) {
            if (i < length && line[i] != '\t')
                continue;
            cr_expect(zq_text_is_plain(line + start, i - start), "%s, %s: %.*s", what, stream,
                      (int)length, line);
            start = i + 1;
        }
        cr_expect_neq(strncmp(line, "FORGED", 6), 0, "%s, %s: a line was forged: %.*s", what,
                      stream, (int)length, line);
        /* `show -v` prints the revision's own text. */
        if (strncmp(line, "-- ", 3) == 0 && strstr(what, " show ") == NULL)
            cr_expect_null(memchr(line, '\\', length), "%s, %s: %.*s", what, stream, (int)length,
                           line);
        line += length + (line[length] == '\n');
    }
}

static size_t shown; /* how often the word came out at all */

static void look_at(const char *const *words)
{
    ZQ_AUTO_BUF(what);
    program_result r = program_run(words, NULL);

    for (size_t i = 0; words[i] != NULL; i++)
        zq_buf_printf(&what, "%s ", words[i]);
    expect_plain(r.out, zq_buf_text(&what), "output");
    expect_plain(r.err, zq_buf_text(&what), "messages");
    cr_expect_lt(r.status, 128, "%s", zq_buf_text(&what));
    shown += strstr(r.out, "FORGED") != NULL || strstr(r.err, "FORGED") != NULL;
    program_free(&r);
}

#define LOOK(...)                                      \
    look_at((const char *const[]){__VA_ARGS__, NULL}); \
    look_at((const char *const[]){__VA_ARGS__, "--verbose", "--log-format", "json", NULL})
#define LOOK_JSON(...) \
    LOOK(__VA_ARGS__); \
    LOOK(__VA_ARGS__, "--json")

static void look_at_everything(void)
{
    LOOK_JSON("zquant-init", "--no-admin");
    LOOK_JSON("zquant-init", "init", "--dry-run", "--no-admin");
    LOOK_JSON("zquant-init", "status");
    LOOK_JSON("zquant-init", "seeds", "diff");
    LOOK_JSON("zquant-init", "seeds", "apply", "--dry-run");
    LOOK_JSON("zquant-init", "seeds", "apply", "--dry-run", "--prune");
    LOOK_JSON("zquant-init", "grants");
    LOOK_JSON("zquant-init", "config");
    LOOK_JSON("zquant-migrate", "check");
    LOOK_JSON("zquant-migrate", "verify");
    LOOK_JSON("zquant-migrate", "current", "--dir", ".");
    LOOK_JSON("zquant-migrate", "history", "--dir", ".");
    LOOK_JSON("zquant-migrate", "heads", "--dir", ".");
    LOOK_JSON("zquant-migrate", "show", "h1", "--dir", ".");
    LOOK_JSON("zquant-migrate", "upgrade", "--dry-run", "--dir", ".");
    LOOK_JSON("zquant-migrate", "upgrade", "--dir", ".");
    LOOK("zquant-migrate", "upgrade", "--sql", "head", "--flavor", live_flavor_name(), "--dir",
         ".");
    LOOK_JSON("zquant-migrate", "adopt", "--dry-run");
}

Test(hostile_names, no_name_gets_out_as_it_is)
{
    ZQ_AUTO(zq_db) db = cli_open();

    hostile_rows(db);
    hostile_revision();
    look_at_everything();
    hostile_objects(db);
    look_at_everything();
    LOOK_JSON("zquant-init", "seeds", "export", "d");
    cr_assert_gt(shown, 40, "the names were seen in %zu outputs only", shown);
    cr_assert_neq(access(zq_arena_printf(arena, "%s/owned", program_dir()), F_OK), 0);
}

/* Whatever is found wrong with the database has such a name. */
#define LOOK_BOTH(...)                                 \
    look_at((const char *const[]){__VA_ARGS__, NULL}); \
    look_at((const char *const[]){__VA_ARGS__, "--json", "--verbose", "--log-format", "json", NULL})

static void look_for_differences(void)
{
    LOOK_BOTH("zquant-migrate", "verify", "cert");
    LOOK_BOTH("zquant-migrate", "verify");
    LOOK_BOTH("zquant-migrate", "check");
    LOOK_BOTH("zquant-migrate", "check", "--against", "0.3.0");
    LOOK_BOTH("zquant-migrate", "check", "--fixes");
    LOOK_BOTH("zquant-migrate", "downgrade", "--dry-run", "-1");
    LOOK_BOTH("zquant-migrate", "stamp", "--dry-run", "0002");
    LOOK_BOTH("zquant-init", "grants");
    LOOK_BOTH("zquant-init", "status");
}

Test(hostile_names, no_name_gets_out_of_what_is_wrong_with_a_database)
{
    ZQ_AUTO(zq_db) db = cli_open();

    hostile_objects(db);
    hostile_things(db);
    hostile_account(db, true);
    LOOK("zquant-migrate", "verify", "--write", "cert");
    look_for_differences();
    CHANGE("DROP VIEW `v%s`", HOSTILE);
    CHANGE("DROP PROCEDURE `o%s`", HOSTILE);
    CHANGE("DROP TRIGGER `g%s`", HOSTILE);
    CHANGE("INSERT INTO `t%s` VALUES (1)", HOSTILE);
    hostile_account(db, false);
    look_for_differences();
    CHANGE("DROP TABLE zq_meta_history, zq_meta_journal");
    LOOK_BOTH("zquant-migrate", "adopt", "--dry-run");
    LOOK_BOTH("zquant-migrate", "adopt", "--as", "0.3.0");
    LOOK_BOTH("zquant-init", "--no-admin");
    cr_assert_gt(shown, 20, "the names were seen in %zu outputs only", shown);
    cr_assert_neq(access(zq_arena_printf(arena, "%s/owned", program_dir()), F_OK), 0);
}

/* Somebody who may write there has written into our own tables. */
Test(hostile_names, no_record_gets_out_as_it_is)
{
    ZQ_AUTO(zq_db) db = cli_open();

    CHANGE("UPDATE zq_meta_history SET title = %s, applied_by = %s, tool_version = %s, "
           "release_name = %s, operation = 'x\x1B[31m\nFORGED'",
           literal(HOSTILE), literal(HOSTILE), literal(SHORT), literal("\nFORGED\x1B[31m"));
    CHANGE("INSERT INTO zq_meta_journal (revision, direction, step, state, position, token, "
           "started_time) VALUES (%s, 'up', 1, 'started', %s, 0, NOW(3))",
           literal(HOSTILE), literal(HOSTILE));
    CHANGE("UPDATE zq_meta_seeds SET role_name = %s, permission_name = %s, content = %s LIMIT 1",
           literal("r" HOSTILE), literal("p" HOSTILE), literal(HOSTILE));
    for (int i = 0; i < 2; i++) {
        LOOK_BOTH("zquant-migrate", "resume");
        LOOK_BOTH("zquant-migrate", "current");
        LOOK_BOTH("zquant-migrate", "history");
        LOOK_BOTH("zquant-migrate", "upgrade");
        LOOK_BOTH("zquant-migrate", "verify");
        LOOK_BOTH("zquant-init", "status");
        LOOK_BOTH("zquant-init", "seeds", "diff");
        LOOK_BOTH("zquant-init", "--no-admin");
        CHANGE("UPDATE zq_meta_history SET revision = %s", literal(HOSTILE));
    }
    cr_assert_gt(shown, 10, "the names were seen in %zu outputs only", shown);
}

/* What users, or who writes their command lines and files, can name. */
Test(hostile_names, no_word_of_a_command_line_or_a_file_gets_out_as_it_is)
{
    program_env("ZQUANT_ADMIN_EMAIL", "x@" HOSTILE);
    LOOK("zquant-init", "x" HOSTILE);
    LOOK("zquant-init", "--x" HOSTILE);
    LOOK("zquant-init", "--tls", HOSTILE);
    LOOK("zquant-init", "--config", "x" HOSTILE);
    LOOK("zquant-init", "--seeds", "x" HOSTILE);
    LOOK("zquant-init", "--password-file", "x" HOSTILE);
    LOOK("zquant-init", "--server-public-key", "x" HOSTILE, "--tls", "disabled");
    LOOK("zquant-init", "--tls-ca", "x" HOSTILE);
    LOOK("zquant-init", "--database", "x" HOSTILE);
    LOOK("zquant-init", "--host", "x" HOSTILE);
    LOOK("zquant-init", "--socket", "x" HOSTILE);
    LOOK("zquant-init", "--user", "x" HOSTILE);
    LOOK_BOTH("zquant-init", "config", "--user", "x" HOSTILE, "--seeds", HOSTILE, "-D", HOSTILE);
    LOOK("zquant-init", "admin", "create", "--admin-username", "x" HOSTILE);
    LOOK("zquant-init", "admin", "create", "--admin-username", "x");
    LOOK("zquant-init", "admin", "reset-password", "x" HOSTILE);
    LOOK("zquant-init", "grants", "--apply", "x" HOSTILE);
    LOOK("zquant-init", "seeds", "export", "x" HOSTILE "/d");
    LOOK("zquant-migrate", "show", "x" HOSTILE);
    LOOK("zquant-migrate", "upgrade", "x" HOSTILE);
    LOOK("zquant-migrate", "upgrade", "--dir", "x" HOSTILE);
    LOOK("zquant-migrate", "verify", "x" HOSTILE);
    LOOK("zquant-migrate", "verify", "--write", "x" HOSTILE "/c", "--sign", "x" HOSTILE);
    LOOK("zquant-migrate", "check", "--against", "x" HOSTILE);
    program_file("c" HOSTILE, "{\"a\x1B[31m\": \x1B}", 0600);
    LOOK("zquant-migrate", "verify", "c" HOSTILE);
    program_file(".env", "DB_USER=${x\x1B[31m\nA\x1B=\x1B]0;t\x07\xC2\x9B\n", 0600);
    LOOK_BOTH("zquant-init", "config");
    program_file("zquant.ini", "[x\x1B[31m]\n\xC2\x9B\x07 = 1\nuser\x1B\n", 0600);
    LOOK_BOTH("zquant-init", "config");
    cr_assert_gt(shown, 20, "the names were seen in %zu outputs only", shown);
}

/* What `seeds apply --dry-run` prints does what `seeds apply` does, whatever the names are. */
Test(hostile_names, a_script_with_hostile_names_runs_and_does_what_it_says)
{
    ZQ_AUTO(zq_db) db = cli_open();
    program_result script;
    program_result run;
    char *rows;

    hostile_rows(db);
    CHANGE("DELETE FROM zq_app_users WHERE username LIKE 'u%%FORGED%%'");
    script = PROGRAM("zquant-init", "seeds", "apply", "--dry-run", "--prune");
    cr_assert_eq(script.status, 0, "%s", script.err);
    run = program_mysql(cli_database(), script.out);
    cr_assert_eq(run.status, 0, "%s\n%s", run.err, script.out);
    cr_assert_neq(access(zq_arena_printf(arena, "%s/owned", program_dir()), F_OK), 0);
    rows = cli_value("SELECT COUNT(*) FROM zq_app_roles WHERE name LIKE '%FORGED%'");
    cr_assert_str_eq(rows, "0");
    free(rows);
    program_free(&run);
    program_free(&script);
}

ZQ_LIVE_MAIN
