/* What the manual pages show under EXAMPLES, and the README in two of its sections, run as it
 * stands there: with the settings of a server in the environment, and its files written to the
 * working directory. */
#include "cli.h"
#include "runbook.h"

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

static void run_blocks(const char *heading)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    runbook_block *blocks;
    size_t n = runbook_read("README", ".md", arena, &blocks);
    size_t n_run = 0;

    for (size_t i = 0; i < n; i++) {
        if (strcmp(blocks[i].heading, heading) != 0)
            continue;
        if (strncmp(blocks[i].text, "-- ", 3) == 0) {
            program_result file = PROGRAM("/bin/sh", "-c", "cat migrations/*.sql");

            cr_expect_not_null(strstr(file.out, blocks[i].text), "%s", file.out);
            program_free(&file);
        } else {
            runbook_run(&blocks[i], cli_database(), "");
        }
        n_run++;
    }
    cr_assert_gt(n_run, 0U, "the README has no '%s' with a command", heading);
}

Test(manual, the_readme_shows_what_a_check_and_a_change_of_ones_own_print)
{
    program_env("ZQUANT_ADMIN_HASH", "bcrypt");
    program_env("ZQUANT_MIGRATIONS", "migrations");
    program_file("edit", editor, 0700);
    program_env("EDITOR", "./edit");
    cr_assert_eq(PROGRAM("/bin/mkdir", "migrations").status, 0);
    EXPECT(0, NULL, "zquant-init", "--admin-password-out", "password");
    cli_change("ALTER TABLE zq_app_roles MODIFY description varchar(200)");
    run_blocks("Is it exactly what it should be?");
    cli_change("ALTER TABLE zq_app_roles MODIFY description varchar(255)");
    cli_change("INSERT INTO zq_quant_position (user_id, code, quantity, avg_cost, created_time, "
               "updated_time) SELECT id, '600000', 1, 1, NOW(), NOW() FROM zq_app_users");
    run_blocks("A change of your own");
}
