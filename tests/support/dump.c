#include "dump.h"

#include "live.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_WORDS = 64 };

/* MySQL's own program is in the chroot of its server, unless we are inside of that. */
static size_t program_words(const char **words)
{
    const char *server = getenv("ZQ_TEST_MYSQL_DIR");
    const char *end = server != NULL ? strstr(server, "/data/") : NULL;
    static char dir[512];
    size_t n = 0;

    if (live_flavor() == ZQ_MARIADB) {
        words[n++] = "/usr/bin/mariadb-dump";
        return n;
    }
    if (end != NULL)
        snprintf(dir, sizeof dir, "%.*s", (int)(end - server), server);
    if (end == NULL || access(dir, X_OK) != 0) {
        words[n++] = "/usr/bin/mysqldump";
        return n;
    }
    words[n++] = ZQ_SOURCE_DIR "/scripts/lib/chroot-exec";
    words[n++] = dir;
    words[n++] = "mysqldump";
    return n;
}

const char *const *dump_words(const char *database, const char *user, const char *more,
                              zq_arena *arena)
{
    const char **words = ZQ_NEW_ARRAY(arena, const char *, MOST_WORDS);
    size_t n = program_words(words);

    program_env("MYSQL_PWD", live_env("PASSWORD", ""));
    words[n++] = "--no-defaults";
    words[n++] = zq_arena_printf(arena, "--host=%s", live_env("HOST", "127.0.0.1"));
    words[n++] = zq_arena_printf(arena, "--port=%s", live_env("PORT", "0"));
    words[n++] =
        zq_arena_printf(arena, "--user=%s", user != NULL ? user : live_env("USER", "root"));
    words[n++] = "--default-character-set=utf8mb4";
    words[n++] = "--single-transaction";
    words[n++] = "--routines";
    words[n++] = "--events";
    if (live_flavor() == ZQ_MYSQL) {
        words[n++] = "--set-gtid-purged=OFF";
        words[n++] = "--no-tablespaces";
    }
    if (more != NULL)
        words[n++] = more;
    words[n++] = database;
    return words;
}

const char *const *dump_words_after(const char *const *words, const char *const *dump,
                                    zq_arena *arena)
{
    const char **all = ZQ_NEW_ARRAY(arena, const char *, MOST_WORDS);
    size_t n = 0;

    while (*words != NULL)
        all[n++] = *words++;
    all[n++] = "--";
    while (*dump != NULL)
        all[n++] = *dump++;
    return all;
}

char *dump_of(const char *database)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    program_result r = program_run(dump_words(database, NULL, NULL, arena), NULL);
    char *text = r.out;

    cr_assert_eq(r.status, 0, "%s", r.err);
    free(r.err);
    return text;
}

void dump_load(const char *database, const char *text)
{
    ZQ_AUTO(zq_db) db = live_open();
    program_result r;

    live_drop(database);
    live_make_database(db, database);
    r = program_mysql(database, text);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
}

bool dump_other_engine(void)
{
    const char *other = live_flavor() == ZQ_MARIADB ? "mysql" : "mariadb";

    if (getenv(live_flavor() == ZQ_MARIADB ? "ZQ_TEST_MYSQL_PORT" : "ZQ_TEST_MARIADB_PORT") == NULL)
        return false;
    setenv("ZQ_TEST_ENGINE", other, 1);
    program_env("DB_HOST", live_env("HOST", "127.0.0.1"));
    program_env("DB_PORT", live_env("PORT", "0"));
    return true;
}
