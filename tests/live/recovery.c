/* Every block of docs/recovery.md, run as it stands there, on a database that has had the accident
 * of its section; what the page shows is what came out. Blocks about copies of a server's files are
 * run by tests/live/physical.c. */
#include "cli.h"
#include "dump.h"
#include "old_release.h"
#include "runbook.h"

#include "release.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static zq_arena *arena;

static void begin(void)
{
    arena = zq_arena_open();
    cli_begin("recovery");
    program_env("ZQUANT_ADMIN_HASH", "bcrypt");
}

static void end(void)
{
    cli_end();
    zq_arena_close(arena);
}

TestSuite(recovery, .init = begin, .fini = end, .timeout = 600);

/* ---- what has happened before each section ---- */

static char *read_dump(void)
{
    size_t size = 1 << 23;
    char *text = calloc(1, size);
    FILE *file = fopen(zq_arena_printf(arena, "%s/zquant.sql", program_dir()), "r");

    cr_assert_not_null(file);
    cr_assert_lt(fread(text, 1, size - 1, file), size - 1);
    fclose(file);
    return text;
}

static void make_ready(void)
{
    ZQ_AUTO_BUF(sql);
    const stocks_ways ways = {.seed = 5, .shuffled = true, .factors = true, .rows = 40};
    ZQ_AUTO(zq_db) db = NULL;

    EXPECT(0, NULL, "zquant-init", "-q");
    for (int stock = 0; stock < 4; stock++)
        cr_assert_eq(stocks_write(&sql, &zq_schema_head, stock, &ways, NULL), ZQ_OK);
    db = cli_open();
    live_exec(db, zq_buf_text(&sql));
}

static void lose_everything(void)
{
    live_drop(cli_database());
}

static void change_a_row(void)
{
    cli_change("UPDATE zq_data_tustock_daily_600002 SET close = close + 1 WHERE id = 7");
}

static void restore_half(void)
{
    char *dump = read_dump();
    char *cut = strstr(dump, "CREATE TABLE `zq_quant_factor_models`");

    cr_assert_not_null(cut);
    *cut = '\0';
    dump_load(cli_database(), dump);
    free(dump);
}

static void restore_nothing(void)
{
    dump_load(cli_database(), "");
}

static void make_0_2_0(void)
{
    static const char *const codes[] = {"600000", NULL};
    ZQ_AUTO(zq_db) db = live_open();

    live_drop(cli_database());
    old_release_make(db, cli_database(), "0.2.0", codes);
}

static void restore_older_over_it(void)
{
    char *older;
    char *dump = read_dump();
    program_result r;

    make_0_2_0();
    older = dump_of(cli_database());
    dump_load(cli_database(), dump);
    r = program_mysql(cli_database(), older);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    free(older);
    free(dump);
}

/* The upgrade is killed while it waits for a table that somebody reads. */
static void restore_the_middle_of_an_upgrade(void)
{
    const char *const upgrade[] = {"zquant-migrate",  "upgrade",           "-q",
                                   "--allow-locking", "--allow-data-loss", NULL};
    zq_db *reader;
    pid_t pid;
    char *dump;

    make_0_2_0();
    EXPECT(0, NULL, "zquant-migrate", "adopt", "-q");
    reader = cli_hold("SELECT 1 FROM zq_task_scheduled_tasks");
    pid = program_start(upgrade);
    cli_wait_for_other("STATE LIKE '%metadata lock%'");
    kill(pid, SIGKILL);
    program_wait(pid);
    zq_db_close(reader);
    while (cli_other("COMMAND <> 'Sleep'") != 0)
        ;
    dump = dump_of(cli_database());
    dump_load(cli_database(), dump);
    free(dump);
}

static void restore_0_2_0(void)
{
    char *dump;

    make_0_2_0();
    EXPECT(0, NULL, "zquant-migrate", "verify", "-q", "--write", "zquant.cert");
    dump = dump_of(cli_database());
    dump_load(cli_database(), dump);
    free(dump);
}

/* What an operator has changed, as `seeds export` had it before all was lost. */
static void lose_what_operators_changed(void)
{
    live_drop(cli_database());
    EXPECT(0, NULL, "zquant-init", "-q");
    cli_change("INSERT INTO zq_app_roles (name, description, created_time, updated_time) VALUES "
               "('guest', 'reads', NOW(), NOW());"
               "DELETE g FROM zq_app_role_permissions g JOIN zq_app_roles r ON r.id = g.role_id "
               "JOIN zq_app_permissions p ON p.id = g.permission_id "
               "WHERE r.name = 'user' AND p.name = 'data:read'");
}

static const struct {
    const char *heading;
    void (*prepare)(void);
} sections[] = {
    {"Dump, with a certificate", make_ready},
    {"The backup account", NULL},
    {"Restore", lose_everything},
    {"Rows are missing or changed", change_a_row},
    {"The dump was cut off", restore_half},
    {"The restore failed, and nothing is there", restore_nothing},
    {"An older dump over a database that was ready", restore_older_over_it},
    {"A dump from the middle of an upgrade", restore_the_middle_of_an_upgrade},
    {"A dump of 0.2.0 or 0.3.0, from before zquant-init", restore_0_2_0},
    {"No dump at all", lose_what_operators_changed},
    {"Without a certificate", NULL},
};

static void prepare(const char *heading)
{
    for (size_t i = 0; i < ZQ_LEN(sections); i++) {
        if (strcmp(heading, sections[i].heading) != 0)
            continue;
        if (sections[i].prepare != NULL)
            sections[i].prepare();
        return;
    }
    cr_assert_fail("the page has a section of code that this test does not know: %s", heading);
}

/* Each vendor has a dump program of its own. */
static bool is_for_the_other_engine(const runbook_block *block)
{
    return strstr(block->text, live_flavor() == ZQ_MYSQL ? "mariadb-dump" : "mysqldump") != NULL;
}

Test(recovery, every_block_of_the_page_gives_what_the_page_shows)
{
    runbook_block *blocks;
    size_t n = runbook_read("docs/recovery", ".md", arena, &blocks);
    const char *heading = "";

    for (size_t i = 0; i < n; i++) {
        if (strstr(blocks[i].heading, "files") != NULL || is_for_the_other_engine(&blocks[i]))
            continue;
        if (strcmp(heading, blocks[i].heading) != 0)
            prepare(heading = blocks[i].heading);
        runbook_run(&blocks[i], cli_database(), "backup");
    }
    cr_assert_geq(n, 15);
}

ZQ_LIVE_MAIN
