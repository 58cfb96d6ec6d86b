#include "seed/account.h"

#include "base/utf8.h"
#include "seed/native_password.h"
#include "sql/sql.h"

#include <stdio.h>
#include <string.h>

enum {
    INIT = 1u << ZQ_USE_INIT,
    MIGRATE = 1u << ZQ_USE_MIGRATE,
    APP = 1u << ZQ_USE_APPLICATION,
    BACKUP = 1u << ZQ_USE_BACKUP,
};

static const struct {
    const char *name;
    const char *user;
    const char *words;
} uses[] = {
    [ZQ_USE_INIT] = {"zquant-init", "zquant_init", "makes the database and keeps it ready"},
    [ZQ_USE_MIGRATE] = {"zquant-migrate", "zquant_migrate",
                        "takes it from revision to revision; the second line is what 'rehearse' "
                        "needs beside that, in a database that it makes and drops"},
    [ZQ_USE_APPLICATION] = {"zquant", "zquant",
                            "the application, which makes tables and views for "
                            "the stocks it stores"},
    [ZQ_USE_BACKUP] = {"backup", "zquant_backup",
                       "mysqldump or mariadb-dump, and zquant-migrate verify"},
};

/* Who needs what, and what the application needs it for: read in its releases 0.2.0 to 0.4.0. Each
 * was left out in turn, on both flavours, to see that it is needed. */
static const struct {
    const char *privilege;
    const char *why;
    unsigned uses;
    bool mysql_only; /* MariaDB asks for no privilege to refer to a table by a foreign key */
} privileges[] = {
    {"SELECT", "read", INIT | MIGRATE | APP | BACKUP},
    {"INSERT", "write", INIT | MIGRATE | APP},
    {"UPDATE", "write", INIT | MIGRATE | APP},
    {"DELETE", "write", INIT | MIGRATE | APP},
    {"CREATE", "a table for each stock and kind of data, when its data first arrives",
     INIT | MIGRATE | APP},
    {"DROP", "replace and drop its views (init_view); tables by its table tool", MIGRATE | APP},
    {"ALTER", "add the columns of factors to stocks' tables, and comments", MIGRATE | APP},
    {"INDEX", "the indexes of those tables, which SQLAlchemy makes by CREATE INDEX", APP},
    {"REFERENCES", "foreign keys of tables that it makes", INIT | MIGRATE | APP,
     .mysql_only = true},
    {"CREATE VIEW", "one view over the tables of all stocks, of each kind", APP},
    {"SHOW VIEW", "see which tables those views have, also where another account made them",
     APP | BACKUP},
    {"CREATE ROUTINE", "the procedures sp_create_..._view (init_view)", APP},
    {"ALTER ROUTINE", "drop those procedures before they are made anew, init_view --force", APP},
    {"EXECUTE", "call those procedures, also where another account made them", APP},
    {"TRIGGER", "dump them", BACKUP},
    {"EVENT", "dump them", BACKUP},
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

const char *zq_account_why(zq_flavor flavor, size_t i, const char **out_privilege)
{
    for (size_t k = 0; k < ZQ_LEN(privileges); k++) {
        if (!(privileges[k].uses & APP) || (privileges[k].mysql_only && flavor != ZQ_MYSQL))
            continue;
        if (i-- == 0) {
            *out_privilege = privileges[k].privilege;
            return privileges[k].why;
        }
    }
    return NULL;
}

zq_rc zq_account_parse(const char *text, zq_arena *arena, zq_account *out, zq_err *err)
{
    const char *at = strrchr(text, '@');
    size_t length = at == NULL ? strlen(text) : (size_t)(at - text);

    if (length == 0 || (at != NULL && at[1] == '\0') || !zq_utf8_valid(text, strlen(text)) ||
        strpbrk(text, "'`\"\\") != NULL) {
        zq_fail(err, ZQ_E_USAGE, "'%s' is not a database account", text);
        return zq_err_hint(err, "write USER or USER@HOST, without quotes");
    }
    *out = (zq_account){0};
    out->user = zq_arena_strndup(arena, text, length);
    out->host = at == NULL ? "%" : zq_arena_strdup(arena, at + 1);
    return ZQ_OK;
}

static void write_account(zq_sql *sql, const zq_account *account)
{
    zq_sql_add(sql, "'%s'@'%s'", account->user, account->host);
}

/* MySQL manual, 15.7.1.6, "Database Privileges", and 8.2.12, "Privilege Restriction Using Partial
 * Revokes"; MariaDB documentation, "GRANT". */
static const char *without_wildcards(const char *database, bool literal, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    for (const char *c = database; *c != '\0'; c++) {
        if (!literal && (*c == '_' || *c == '%' || *c == '\\'))
            zq_buf_char(&out, '\\');
        zq_buf_char(&out, *c);
    }
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

/* Backticks by hand: an escaped name may be longer than an identifier. */
static void write_database(zq_sql *sql, const char *database, bool literal, zq_arena *arena)
{
    const char *name = without_wildcards(database, literal, arena);

    zq_sql_lit(sql, "`");
    for (const char *c = name; *c != '\0'; c++) {
        if (*c == '`')
            zq_sql_lit(sql, "`");
        zq_sql_raw(sql, c, 1);
    }
    zq_sql_lit(sql, "`");
}

/* To hold off writers while the snapshots begin, to see that they have begun, and to see routines,
 * which a dump leaves out without a word where it may not. */
static void write_for_server(zq_sql *sql, zq_flavor flavor, const zq_account *account)
{
    zq_sql_rawz(sql, flavor == ZQ_MYSQL ? ";\nGRANT FLUSH_TABLES, PROCESS, SHOW_ROUTINE ON *.* TO "
                                        : ";\nGRANT RELOAD, PROCESS ON *.* TO ");
    write_account(sql, account);
    if (flavor == ZQ_MYSQL)
        return;
    zq_sql_lit(sql, ";\nGRANT SELECT ON `mysql`.`proc` TO ");
    write_account(sql, account);
}

/* The names of a rehearsal's databases (run/scratch.h): '%' stands for any end. */
static void write_for_rehearsal(zq_sql *sql, zq_flavor flavor, const zq_account *account,
                                zq_arena *arena)
{
    zq_sql_add(sql, ";\nGRANT %-s ON `zq\\_rehearsal\\_%%`.* TO ",
               zq_account_privileges(ZQ_USE_MIGRATE, flavor, arena));
    write_account(sql, account);
}

zq_rc zq_account_grant_sql(zq_account_use use, zq_flavor flavor, const char *database,
                           const zq_account *account, zq_arena *arena, const char **out_sql,
                           zq_err *err)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_add(&sql, "GRANT %-s ON ", zq_account_privileges(use, flavor, arena));
    write_database(&sql, database, account->literal, arena);
    zq_sql_lit(&sql, ".* TO ");
    write_account(&sql, account);
    if (use == ZQ_USE_BACKUP)
        write_for_server(&sql, flavor, account);
    if (use == ZQ_USE_MIGRATE)
        write_for_rehearsal(&sql, flavor, account, arena);
    return zq_sql_keep(&sql, arena, out_sql, err);
}

zq_rc zq_account_create_sql(zq_flavor flavor, const zq_account *account, const char *password,
                            zq_arena *arena, const char **out_sql,
                            char out_secret[ZQ_ACCOUNT_SECRET_MAX], zq_err *err)
{
    ZQ_AUTO_SQL(sql);

    if (strlen(password) >= ZQ_ACCOUNT_SECRET_MAX)
        return zq_fail(err, ZQ_E_DATA, "the account's password has more than %d bytes",
                       ZQ_ACCOUNT_SECRET_MAX - 1);
    zq_sql_lit(&sql, "CREATE USER ");
    write_account(&sql, account);
    zq_sql_rawz(&sql, flavor == ZQ_MYSQL ? " IDENTIFIED BY ?"
                      : account->ed25519 ? " IDENTIFIED VIA ed25519 USING ?"
                                         : " IDENTIFIED BY PASSWORD ?");
    ZQ_TRY(zq_sql_keep(&sql, arena, out_sql, err));
    if (flavor == ZQ_MARIADB && account->ed25519)
        zq_ed25519_hash(password, out_secret);
    else if (flavor == ZQ_MARIADB)
        zq_native_hash(password, out_secret);
    else
        snprintf(out_secret, ZQ_ACCOUNT_SECRET_MAX, "%s", password);
    return ZQ_OK;
}
