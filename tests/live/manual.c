/* What the manual pages show under EXAMPLES, and the blocks of the README, of the pages on
 * revisions and docs/plan.md, run as they stand there: with the settings of a server in the
 * environment, and their files written to the working directory. */
#include "cli.h"
#include "old_release.h"
#include "runbook.h"

#include "model/family.h"
#include "release.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void begin(void)
{
    cli_begin("manual");
}

TestSuite(manual, .init = begin, .fini = cli_end, .timeout = 120);

/* Run each line between ".nf" and ".fi" of the page's section EXAMPLES. */
static void run_examples(const char *program)
{
    program_result page = PROGRAM(program, "--generate", "man");
    char *line = strstr(page.out, "\n.SH EXAMPLES\n.nf\n");
    int n = 0;

    cr_assert_not_null(line, "%s: no examples", program);
    line += strlen("\n.SH EXAMPLES\n.nf\n");
    for (; strncmp(line, ".fi\n", 4) != 0; n++) {
        size_t length = strcspn(line, "\n");
        char command[1024] = "PATH=" ZQ_BUILD_DIR ":$PATH; ";
        size_t used = strlen(command);
        program_result r;

        for (size_t i = 0; i < length; i++) {
            if (line[i] != '\\')
                command[used++] = line[i];
        }
        command[used] = '\0';
        r = PROGRAM("/bin/sh", "-c", command);
        cr_expect_eq(r.status, 0, "%s: %d: %s", command, r.status, r.err);
        program_free(&r);
        line += length + 1;
    }
    cr_assert_geq(n, 5, "%s: %d examples", program, n);
    program_free(&page);
}

Test(manual, the_examples_do_what_they_say)
{
    program_env("ZQUANT_ADMIN_HASH", "bcrypt");
    EXPECT(0, NULL, "zquant-init", "--admin-password-out", "password");
    run_examples("zquant-migrate");
}

Test(manual, the_examples_of_zquant_init_begin_without_a_database)
{
    program_env("ZQUANT_ADMIN_HASH", "bcrypt");
    run_examples("zquant-init");
}

/* ---- the README ---- */

/* What a reader does by hand: the lines that the page shows under the first $EDITOR, and the answer
 * of its text in the second. */
static const char editor[] =
    "#!/bin/sh\n"
    "case $1 in\n"
    "want.txt)\n"
    "    sed -i '/^table zq_quant_position/,/^$/{s/^  column comment /  column note /;"
    "/^  column note /s/$/ was comment\\n  column broker varchar(50) not null/}' want.txt\n"
    "    grep -A 1 'was comment$' want.txt ;;\n"
    "*) sed -i \"/zq:unreviewed/d; s/DEFAULT ''/DEFAULT 'unknown'/\" \"$1\" ;;\n"
    "esac\n";

static void run_blocks(const char *page, const char *heading)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    runbook_block *blocks;
    size_t n = runbook_read(page, ".md", arena, &blocks);
    size_t n_run = 0;

    for (size_t i = 0; i < n; i++) {
        if (strcmp(blocks[i].heading, heading) != 0)
            continue;
        if (strncmp(blocks[i].text, "-- ", 3) == 0) {
            program_result file = PROGRAM("/bin/sh", "-c", "cat migrations/*.sql");

            cr_expect_not_null(strstr(file.out, blocks[i].text), "%s", file.out);
            program_free(&file);
        } else {
            /* The server is the test's own. */
            if (strncmp(blocks[i].text, "export DB_HOST=", 15) == 0)
                blocks[i].text = strchr(blocks[i].text, '\n') + 1;
            runbook_run(&blocks[i], cli_database(), "");
        }
        n_run++;
    }
    cr_assert_gt(n_run, 0U, "%s has no '%s' with a command", page, heading);
}

static void begin_with_revisions(void)
{
    program_env("ZQUANT_ADMIN_HASH", "bcrypt");
    program_env("ZQUANT_MIGRATIONS", "migrations");
    program_file("edit", editor, 0700);
    program_env("EDITOR", "./edit");
    cr_assert_eq(PROGRAM("/bin/mkdir", "migrations").status, 0);
}

Test(manual, the_readme_shows_how_it_is_used_what_a_check_and_a_change_of_ones_own_print)
{
    begin_with_revisions();
    run_blocks("README", "Use");
    cli_change("ALTER TABLE zq_app_roles MODIFY description varchar(200)");
    run_blocks("README", "Is it exactly what it should be?");
    cli_change("ALTER TABLE zq_app_roles MODIFY description varchar(255)");
    cli_change("INSERT INTO zq_quant_position (user_id, code, quantity, avg_cost, created_time, "
               "updated_time) SELECT id, '600000', 1, 1, NOW(), NOW() FROM zq_app_users");
    run_blocks("README", "A change of your own");
}

Test(manual, the_readme_shows_an_upgrade_and_a_script_for_a_dba)
{
    static const char *const codes[] = {"600000", NULL};
    ZQ_AUTO(zq_db) db = live_open();

    begin_with_revisions();
    old_release_make(db, cli_database(), "0.3.0", codes);
    EXPECT(0, NULL, "zquant-migrate", "adopt", "-q");
    run_blocks("README", "From release to release");
    if (live_flavor() != ZQ_MARIADB)
        return; /* as its script says */
    live_drop(cli_database());
    run_blocks("README", "On a server that only a DBA may touch");
}

/* ---- docs/plan.md ---- */

/* MariaDB's words: MySQL has other ways for some statements. */
Test(manual, the_page_on_plans_shows_what_a_plan_and_a_rehearsal_print)
{
    static const char *const codes[] = {"600000", "600001", "600002", "600003",
                                        "600004", "600005", NULL};

    if (live_flavor() == ZQ_MARIADB) {
        ZQ_AUTO(zq_db) db = live_open();

        old_release_make(db, cli_database(), "0.2.0", codes);
        EXPECT(0, NULL, "zquant-migrate", "adopt", "-q");
        run_blocks("docs/plan", "Before an upgrade: plan and rehearse");
        run_blocks("docs/plan", "Rehearse");
    }
}

/* ---- docs/revisions.md ---- */

static void shell(const char *script)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    program_result r = PROGRAM("/bin/sh", "-e", "-c",
                               zq_arena_printf(arena, "PATH=" ZQ_BUILD_DIR ":$PATH; %s", script));

    cr_assert_eq(r.status, 0, "%s\n%s", script, r.err);
    program_free(&r);
}

static void write_file(const char *id, const char *revises, const char *up, const char *down)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    program_file(zq_arena_printf(arena, "migrations/%s.sql", id),
                 zq_arena_printf(arena,
                                 "-- revision: %s\n-- revises: %s\n-- title: t\n"
                                 "-- created: 2026-11-22T09:00:00Z\n\n-- zq:upgrade\n%s\n"
                                 "-- zq:downgrade\n%s\n",
                                 id, revises, up, down),
                 0600);
}

#define ADD(index) "ALTER TABLE zq_quant_position ADD INDEX " index " (quantity);"
#define ADD_A "ALTER TABLE zq_quant_position ADD a int"
#define DROP(index) "ALTER TABLE zq_quant_position DROP INDEX " index ";"

Test(manual, the_pages_on_revisions_show_what_runs)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_db) db = NULL;
    runbook_block *blocks;

    begin_with_revisions();
    EXPECT(0, NULL, "zquant-init", "-q", "--no-admin");
    db = cli_open();
    live_make_table(
        db, zq_family_member(
                arena, zq_schema_table(&zq_schema_head, "zq_data_tustock_daily_{code}"), "600001"));
    /* the example at its beginning */
    runbook_read("docs/revisions", ".md", arena, &blocks);
    program_file("migrations/own-notes.sql", blocks[0].text, 0600);
    shell("zquant-migrate upgrade");
    cli_expect_number(1, "SELECT COUNT(*) FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = "
                         "DATABASE() AND INDEX_NAME = 'ix_zq_data_tustock_daily_600001_amount'");
    shell("zquant-migrate downgrade 0003 --allow-data-loss; zquant-migrate check --against head; "
          "rm migrations/*");
    write_file("own-a", "0002", ADD("ix_a"), DROP("ix_a"));
    run_blocks("docs/revisions", "A new release of zquant");
    shell("zquant-migrate downgrade 0003; rm migrations/*");
    run_blocks("docs/making-revisions", "Making one");
    shell("rm migrations/*");
    /* a whole ALTER TABLE for the other server */
    write_file("own-a", "0003",
               live_flavor() == ZQ_MYSQL ? "/*M! " ADD_A " */;" : "/*!80000 " ADD_A " */;", "");
    SAYS(2, " (1064)\n", "zquant-migrate", "upgrade");
    shell("zquant-migrate resume --forget; rm migrations/*");
    write_file("own-0001", "0003", ADD("ix_1"), DROP("ix_1"));
    write_file("own-0002", "own-0001", ADD("ix_2"), DROP("ix_2"));
    write_file("own-0003", "own-0002", DROP("ix_2"), ADD("ix_2"));
    run_blocks("docs/making-revisions", "A shorter way");
}

ZQ_LIVE_MAIN
