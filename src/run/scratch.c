#include "run/scratch.h"

#include "base/digest.h"
#include "sql/sql.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define MARK "zq_rehearsal" /* the table that says that it is ours */

enum { RANDOM_HEX = 12, CHECK_HEX = 8 };

static void check_of(const char *random, char out[CHECK_HEX + 1])
{
    char text[64], digest[ZQ_DIGEST_HEX];

    snprintf(text, sizeof text, "zquant rehearsal %.*s", RANDOM_HEX, random);
    zq_digest_hex(text, strlen(text), digest);
    snprintf(out, CHECK_HEX + 1, "%.*s", CHECK_HEX, digest);
}

void zq_scratch_name(char out[ZQ_SCRATCH_NAME])
{
    unsigned char bytes[RANDOM_HEX / 2];
    char random[RANDOM_HEX + 1], check[CHECK_HEX + 1];

    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(random, sizeof random, bytes, sizeof bytes);
    check_of(random, check);
    snprintf(out, ZQ_SCRATCH_NAME, ZQ_SCRATCH_PREFIX "%s_%s", random, check);
}

bool zq_scratch_is_name(const char *name)
{
    const char *random = name + strlen(ZQ_SCRATCH_PREFIX);
    char check[CHECK_HEX + 1];

    if (strncmp(name, ZQ_SCRATCH_PREFIX, strlen(ZQ_SCRATCH_PREFIX)) != 0 ||
        strlen(random) != RANDOM_HEX + 1 + CHECK_HEX || random[RANDOM_HEX] != '_' ||
        strspn(random, "0123456789abcdef") != RANDOM_HEX)
        return false;
    check_of(random, check);
    return strcmp(random + RANDOM_HEX + 1, check) == 0;
}

zq_rc zq_scratch_make(zq_db *db, const char *name, const char *of, const char *charset,
                      const char *collation, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_rc rc;

    zq_sql_add(&sql,
               "CREATE DATABASE `%s` CHARACTER SET `%s` COLLATE `%s`;CREATE TABLE `%s`." MARK
               " (of_database varchar(64) NOT NULL, made datetime NOT NULL) ENGINE=InnoDB DEFAULT "
               "CHARSET=utf8mb4;INSERT INTO `%s`." MARK " VALUES ('%s', UTC_TIMESTAMP())",
               name, charset, collation, name, name, of);
    rc = zq_db_run_sql(db, &sql, NULL, NULL, err);
    if (rc != ZQ_OK)
        zq_err_prefix(err, "cannot make the scratch database '%s': ", name);
    return rc;
}

/* How many tables it has, and whether our mark is among them. */
static zq_rc look(zq_db *db, const char *name, zq_arena *arena, bool *out_ours, zq_err *err)
{
    zq_arg args[] = {zq_arg_text(name)};
    bool marked = false;
    zq_rows rows;

    ZQ_TRY(zq_db_query(db,
                       "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?",
                       args, ZQ_LEN(args), "t", arena, &rows, err));
    for (size_t i = 0; i < rows.n; i++)
        marked = marked || strcmp(zq_rows_at(&rows, i, 0), MARK) == 0;
    *out_ours = marked || rows.n == 0;
    return ZQ_OK;
}

zq_rc zq_scratch_drop(zq_db *db, const char *name, bool *out_dropped, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_SQL(sql);
    bool ours;

    *out_dropped = false;
    if (!zq_scratch_is_name(name))
        return ZQ_OK;
    ZQ_TRY(look(db, name, arena, &ours, err));
    if (!ours)
        return ZQ_OK;
    zq_sql_add(&sql, "DROP DATABASE IF EXISTS `%s`", name);
    ZQ_TRY(zq_db_run_sql(db, &sql, NULL, NULL, err));
    *out_dropped = true;
    return ZQ_OK;
}

zq_rc zq_scratch_list(zq_db *db, zq_arena *arena, const char *const **out_names, size_t *out_n,
                      zq_err *err)
{
    const char **names;
    zq_rows rows;

    ZQ_TRY(zq_db_query(db,
                       "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE "
                       "'zq\\\\_rehearsal\\\\_%'",
                       NULL, 0, "t", arena, &rows, err));
    names = ZQ_NEW_ARRAY(arena, const char *, rows.n + 1);
    *out_names = names;
    *out_n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        if (zq_scratch_is_name(zq_rows_at(&rows, i, 0)))
            names[(*out_n)++] = zq_rows_at(&rows, i, 0);
    }
    return ZQ_OK;
}
