/* A copy of a server's files, made while it is at work by what its vendor has for that, started as
 * a server of its own, and held against a certificate. The commands are those of docs/recovery.md.
 * Both servers are this test's: what is copied is all that a server has. */
#include "cli.h"
#include "runbook.h"

#include "release.h"
#include "stocks.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static zq_arena *arena;

static void begin(void)
{
    arena = zq_arena_open();
    cli_begin("physical");
    program_env("ZQUANT_ADMIN_HASH", "bcrypt");
}

static void end(void)
{
    zq_arena_close(arena);
}

TestSuite(physical, .init = begin, .fini = end, .timeout = 300);

static void make_ready(void)
{
    ZQ_AUTO_BUF(sql);
    const stocks_ways ways = {.seed = 5, .shuffled = true, .factors = true, .rows = 20};
    ZQ_AUTO(zq_db) db = NULL;

    EXPECT(0, NULL, "zquant-init", "-q");
    for (int stock = 0; stock < 2; stock++)
        cr_assert_eq(stocks_write(&sql, &zq_schema_head, stock, &ways, NULL), ZQ_OK);
    db = cli_open();
    live_exec(db, zq_buf_text(&sql));
}

/* Where the server may write a copy, as it sees the place itself: MySQL's is in a chroot. */
static const char *place_of_copy(bool inside)
{
    const char *dir = live_env("DIR", "");
    const char *data = strstr(dir, "/data/");

    if (live_flavor() != ZQ_MYSQL)
        return zq_arena_printf(arena, "%s/backup", program_dir());
    return zq_arena_printf(arena, "%s/files/backup", inside && data != NULL ? data : dir);
}

/* The server that a copy becomes, and what a command gives there. */
static program_result on_copy(const char *files, const char *command)
{
    const char *prefix = live_flavor() == ZQ_MYSQL ? "ZQ_TEST_MYSQL" : "ZQ_TEST_MARIADB";

    return PROGRAM(
        ZQ_SOURCE_DIR "/scripts/with-server", live_engine(), "--data", files, "--no-sync", "--",
        "/bin/sh", "-c",
        zq_arena_printf(arena, "DB_PORT=$%s_PORT DB_PASSWORD=$%s_PASSWORD exec " ZQ_BUILD_DIR "/%s",
                        prefix, prefix, command));
}

Test(physical, a_copy_of_the_files_becomes_a_server_with_what_its_certificate_says)
{
    const char *engine = live_flavor() == ZQ_MYSQL ? "MySQL" : "MariaDB";
    const char *files = place_of_copy(false);
    runbook_block *blocks;
    size_t n = runbook_read("docs/recovery", ".md", arena, &blocks);
    size_t n_run = 0;
    program_result r;

    make_ready();
    EXPECT(0, NULL, "zquant-migrate", "verify", "-q", "--write", "zquant.cert");
    for (size_t i = 0; i < n; i++) {
        if (strstr(blocks[i].heading, "files") == NULL || strstr(blocks[i].heading, engine) == NULL)
            continue;
        runbook_run(&blocks[i], cli_database(), place_of_copy(true));
        n_run++;
    }
    cr_assert_geq(n_run, 1, "the page has no block about the files of %s", engine);
    if (live_flavor() == ZQ_MARIADB)
        files = zq_arena_printf(arena, "%s-data", files);
    cli_change("DELETE FROM zq_data_tustock_daily_600001 WHERE id = 3");

    r = on_copy(files, "zquant-init --expect existing");
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    r = on_copy(files, "zquant-migrate verify zquant.cert");
    cr_assert_eq(r.status, 0, "%s%s", r.out, r.err);
    program_free(&r);
    SAYS(1, "is not what 'zquant.cert' says: 1 difference", "zquant-migrate", "verify",
         "zquant.cert");
}

/* Once more, with a server around it that is nobody else's. */
static int with_own_server(int argc, char **argv)
{
    const char **words = calloc((size_t)argc + 6, sizeof *words);
    size_t n = 0;

    words[n++] = ZQ_SOURCE_DIR "/scripts/with-server";
    words[n++] = live_engine();
    words[n++] = "--no-sync";
    words[n++] = "--";
    for (int i = 0; i < argc; i++)
        words[n++] = argv[i];
    setenv("ZQ_TEST_OWN_SERVER", "yes", 1);
    execv(words[0], (char *const *)words);
    perror(words[0]);
    return 1;
}

int main(int argc, char **argv)
{
    if (live_env("PORT", NULL) == NULL || getenv("ZQ_TEST_OWN_SERVER") != NULL)
        return live_main(argc, argv);
    if (live_flavor() == ZQ_MARIADB && system("command -v mariadb-backup >/dev/null") != 0) {
        fprintf(stderr, "SKIPPED: no mariadb-backup; run 'scripts/install-deps test'\n");
        return 77;
    }
    return with_own_server(argc, argv);
}
