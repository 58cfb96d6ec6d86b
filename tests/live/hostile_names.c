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
    LOOK("zquant-migrate", "upgrade", "--sql", "head", "--flavor", live_engine(), "--dir", ".");
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
