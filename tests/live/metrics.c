/* The figures of a run in the text format of Prometheus; its own tool reads them where it is there.
 */
#include "cli.h"
#include "runbook.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LABELS(program_, command_, database_) \
    "{program=\"" program_ "\",command=\"" command_ "\",database=\"%s\"" database_ "}"

static char *figures(void)
{
    char path[256];
    char *text = calloc(1, 1 << 16);
    FILE *file;

    snprintf(path, sizeof path, "%s/zquant.prom", program_dir());
    file = fopen(path, "r");
    cr_assert_not_null(file);
    cr_assert_lt(fread(text, 1, (1 << 16) - 1, file), (size_t)(1 << 16) - 1);
    fclose(file);
    return text;
}

/* `format` has one %s, the database. */
static void expect_line(const char *format)
{
    char line[512];
    char *text = figures();

    /* NOLINTNEXTLINE(clang-diagnostic-format-nonliteral): the lines below */
    snprintf(line, sizeof line, format, cli_database());
    cr_assert_not_null(strstr(text, line), "'%s' is missing in:\n%s", line, text);
    free(text);
}

static double last_success(void)
{
    char *text = figures();
    const char *at = strstr(text, "\nzquant_last_success_timestamp_seconds{");
    double value = at == NULL ? 0 : strtod(strstr(at, "} ") + 2, NULL);

    free(text);
    return value;
}

/* Those of docs/deploy.md are those that a check leaves, and no others. */
static void expect_those_of_the_page(void)
{
    char *page = runbook_page("docs/deploy", ".md");
    char *text = figures();
    char words[128];
    int n = 0;

    for (char *at = text; (at = strstr(at, "# TYPE ")) != NULL; at++, n++) {
        at += strlen("# TYPE ");
        snprintf(words, sizeof words, "`%.*s`", (int)strcspn(at, " "), at);
        cr_expect_not_null(strstr(page, words), "docs/deploy.md has no %s", words);
    }
    for (char *at = page; (at = strstr(at, "`zquant_")) != NULL; at++)
        n--;
    cr_expect_eq(n, 0, "docs/deploy.md has %d figures too many", -n);
    free(text);
    free(page);
}

/* promtool(1) of Debian's package prometheus: nobody installs that for a test. */
static void expect_well_formed(void)
{
    program_result r;

    if (access("/usr/bin/promtool", X_OK) != 0)
        return;
    r = PROGRAM("/bin/sh", "-c", "exec promtool check metrics < zquant.prom");
    cr_assert_eq(r.status, 0, "%s%s", r.out, r.err);
    program_free(&r);
}

Test(metrics, a_run_leaves_its_figures_and_when_it_last_went_well, .timeout = 60)
{
    double before;

    cli_begin("metrics");
    program_env("ZQUANT_NO_ADMIN", "yes");
    program_env("ZQUANT_METRICS", "zquant.prom");
    EXPECT(0, NULL, "zquant-init", "-q");
    expect_line("zquant_pending_revisions" LABELS("zquant-init", "init", "") " 0\n");
    EXPECT(0, NULL, "zquant-migrate", "check", "-q");
    expect_line("zquant_differences" LABELS("zquant-migrate", "check", "") " 0\n");
    expect_line("zquant_members_left" LABELS("zquant-migrate", "check", "") " 0\n");
    expect_line("zquant_run_status" LABELS("zquant-migrate", "check", "") " 0\n");
    before = last_success();
    cr_assert_gt(before, 1e9);
    expect_well_formed();
    expect_those_of_the_page();
    cli_change("ALTER TABLE zq_app_roles COMMENT 'mine'");
    SAYS(1, "1 difference", "zquant-migrate", "check", "-q");
    expect_line("zquant_differences" LABELS("zquant-migrate", "check", "") " 1\n");
    expect_line("zquant_run_status" LABELS("zquant-migrate", "check", "") " 1\n");
    cr_assert_float_eq(last_success(), before, 0.001);
    EXPECT(0, NULL, "zquant-migrate", "downgrade", "0002", "--allow-data-loss", "--allow-locking",
           "-q");
    expect_line("zquant_pending_revisions" LABELS("zquant-migrate", "downgrade", "") " 1\n");
    expect_line("zquant_revision_info" LABELS("zquant-migrate", "downgrade",
                                              ",revision=\"0002\",head=\"0003\"") " 1\n");
    expect_well_formed();
    SAYS(2, "cannot write '/nowhere/zquant.prom'", "zquant-migrate", "current", "--metrics",
         "/nowhere/zquant.prom");
    cli_end();
}

Test(metrics, a_server_that_is_away_leaves_only_that_it_failed)
{
    cli_begin("metrics");
    program_env("DB_PORT", "1");
    program_env("ZQUANT_METRICS", "zquant.prom");
    SAYS(69, "nobody answers", "zquant-migrate", "check");
    expect_line("zquant_run_status" LABELS("zquant-migrate", "check", "") " 69\n");
    cr_assert_null(strstr(figures(), "zquant_differences"));
    cr_assert_eq((int)last_success(), 0);
}

ZQ_LIVE_MAIN
