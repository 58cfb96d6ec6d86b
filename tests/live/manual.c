/* What the manual pages show under EXAMPLES, run as it stands there: with the settings of a server
 * in the environment, and its files written to the working directory. */
#include "cli.h"

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
