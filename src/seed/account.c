#include "seed/account.h"

#include "base/utf8.h"
#include "sql/sql.h"

#include <stdio.h>
#include <string.h>

enum { INIT = 1u << ZQ_USE_INIT, MIGRATE = 1u << ZQ_USE_MIGRATE, APP = 1u << ZQ_USE_APPLICATION };

static const struct {
    const char *name;
    const char *user;
    const char *words;
} uses[] = {
    [ZQ_USE_INIT] = {"zquant-init", "zquant_init", "makes the database and keeps it ready"},
    [ZQ_USE_MIGRATE] = {"zquant-migrate", "zquant_migrate", "takes it from revision to revision"},
    [ZQ_USE_APPLICATION] = {"zquant", "zquant",
                            "the application, which makes tables and views for "
                            "the stocks it stores"},
};

/* Who needs what. Each was left out in turn, on both flavours, to see that it is needed. */
static const struct {
    const char *privilege;
    unsigned uses;
    bool mysql_only; /* MariaDB asks for no privilege to refer to a table by a foreign key */
} privileges[] = {
    {"SELECT", INIT | MIGRATE | APP},
    {"INSERT", INIT | MIGRATE | APP},
    {"UPDATE", INIT | MIGRATE | APP},
    {"DELETE", INIT | MIGRATE | APP},
    {"CREATE", INIT | MIGRATE | APP},
    {"DROP", MIGRATE},
    {"ALTER", MIGRATE},
    {"INDEX", APP}, /* CREATE INDEX; ALTER TABLE ADD INDEX takes ALTER */
    {"REFERENCES", INIT | MIGRATE, .mysql_only = true},
    {"CREATE VIEW", APP},
};

const char *zq_account_use_name(zq_account_use use)
{
    return uses[use].name;
}

const char *zq_account_use_words(zq_account_use use)
{
    return uses[use].words;
}

const char *zq_account_use_user(zq_account_use use)
{
    return uses[use].user;
}

const char *zq_account_privileges(zq_account_use use, zq_flavor flavor, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    for (size_t i = 0; i < ZQ_LEN(privileges); i++) {
        if ((privileges[i].uses & 1u << use) && !(privileges[i].mysql_only && flavor != ZQ_MYSQL))
            zq_buf_printf(&out, "%s%s", out.length == 0 ? "" : ", ", privileges[i].privilege);
    }
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

zq_rc zq_account_parse(const char *text, zq_arena *arena, zq_account *out, zq_err *err)
{
    const char *at = strrchr(text, '@');
    size_t length = at == NULL ? strlen(text) : (size_t)(at - text);

    if (length == 0 || (at != NULL && at[1] == '\0') || !zq_utf8_valid(text, strlen(text)) ||
        strpbrk(text, "'`\"\\") != NULL) {
        zq_fail(err, ZQ_E_USAGE, "'%s' is no database account", text);
        zq_err_hint(err, "write USER or USER@HOST, without quotes");
        return ZQ_E_USAGE;
    }
    out->user = zq_arena_strndup(arena, text, length);
    out->host = at == NULL ? "%" : zq_arena_strdup(arena, at + 1);
    return ZQ_OK;
}

static void write_account(zq_sql *sql, const zq_account *account)
{
    zq_sql_str(sql, account->user);
    zq_sql_lit(sql, "@");
    zq_sql_str(sql, account->host);
}

/* MySQL manual, 15.7.1.6, "Database Privileges"; MariaDB documentation, "GRANT". */
static const char *without_wildcards(const char *database, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    for (const char *c = database; *c != '\0'; c++) {
        if (*c == '_' || *c == '%' || *c == '\\')
            zq_buf_char(&out, '\\');
        zq_buf_char(&out, *c);
    }
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

/* Backticks by hand: an escaped name may be longer than an identifier. */
static void write_database(zq_sql *sql, const char *database, zq_arena *arena)
{
    const char *name = without_wildcards(database, arena);

    zq_sql_lit(sql, "`");
    for (const char *c = name; *c != '\0'; c++) {
        if (*c == '`')
            zq_sql_lit(sql, "`");
        zq_sql_raw(sql, c, 1);
    }
    zq_sql_lit(sql, "`");
}

zq_rc zq_account_grant_sql(zq_account_use use, zq_flavor flavor, const char *database,
                           const zq_account *account, zq_arena *arena, const char **out_sql,
                           zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;

    zq_sql_lit(&sql, "GRANT ");
    zq_sql_rawz(&sql, zq_account_privileges(use, flavor, arena));
    zq_sql_lit(&sql, " ON ");
    write_database(&sql, database, arena);
    zq_sql_lit(&sql, ".* TO ");
    write_account(&sql, account);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    *out_sql = zq_arena_strdup(arena, text);
    return ZQ_OK;
}

zq_rc zq_account_create_sql(zq_flavor flavor, const zq_account *account, const char *password,
                            zq_arena *arena, const char **out_sql,
                            char out_secret[ZQ_ACCOUNT_SECRET_MAX], zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;

    if (strlen(password) >= ZQ_ACCOUNT_SECRET_MAX)
        return zq_fail(err, ZQ_E_DATA, "the account's password has more than %d bytes",
                       ZQ_ACCOUNT_SECRET_MAX - 1);
    zq_sql_lit(&sql, "CREATE USER ");
    write_account(&sql, account);
    zq_sql_lit(&sql, " IDENTIFIED BY ");
    if (flavor == ZQ_MARIADB)
        zq_sql_lit(&sql, "PASSWORD ");
    zq_sql_lit(&sql, "?");
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    *out_sql = zq_arena_strdup(arena, text);
    if (flavor == ZQ_MARIADB)
        zq_native_hash(password, out_secret);
    else
        snprintf(out_secret, ZQ_ACCOUNT_SECRET_MAX, "%s", password);
    return ZQ_OK;
}
