/* Reads a database's schema. One list has all tables; those that are named outright are read by
 * SHOW CREATE TABLE, members of families by their rows in information_schema (catalog_members.c).
 * A table that goes away while that is at work makes the whole be read again. Where the account
 * might not see a table, each one that the list lacks is asked for by its name. */
#include "db/catalog.h"

#include "base/buf.h"
#include "db/reading.h"
#include "model/family.h"
#include "sql/sql.h"
#include "sql/table/normal.h"
#include "sql/table/reconcile.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    TRIES = 5, /* readings, while tables go away under them */
};

/* No table of this name is ever there: asking for it tells whether this account may see tables. */
#define NO_TABLE ZQ_META_PREFIX "no_such_table"

/* ---- the list of all tables ---- */

/* The list while it comes in; its arrays double. */
typedef struct listing {
    zq_reading *of;
    zq_catalog *out;
    zq_buf scratch;
    const char **foreign;
    bool seen; /* the database is in SCHEMATA */
} listing;

static char *keep(const listing *to, const zq_row *row, size_t column)
{
    return zq_arena_strdup(to->of->arena, zq_row_text(row, column));
}

static void take_database(listing *to, const zq_row *row)
{
    zq_arena *arena = to->of->arena;

    to->seen = true;
    to->out->charset = zq_normal_charset(keep(to, row, 0), arena);
    to->out->collation = zq_normal_charset(keep(to, row, 1), arena);
    to->of->open_tables = strtoul(zq_row_text(row, 2), NULL, 10);
    to->of->encrypts = strcmp(zq_row_text(row, 3), "YES") == 0;
}

static bool is_base(const char *type)
{
    return strcmp(type, "BASE TABLE") == 0 || strcmp(type, "SYSTEM VERSIONED") == 0;
}

/* MariaDB gives CREATE_OPTIONS only after opening each table: the members' are read later. */
static const char *tables_columns(const zq_reading *of)
{
    return zq_db_server(of->db)->flavor == ZQ_MYSQL ? "ttTTTT" : "ttTTT";
}

static void add_member(listing *to, const zq_row *row, const zq_table *family, const char *code)
{
    zq_reading *of = to->of;
    const size_t n = strlen(tables_columns(of)) - 1;
    zq_cell cells[5];
    zq_catalog_member *member;
    uint32_t i = 0;

    while (of->wanted->tables[i] != family)
        i++;
    member = ZQ_APPEND(of->arena, of->members, of->n_members);
    *member = (zq_catalog_member){.name = keep(to, row, 0), .family = i};
    member->code = member->name + (code - zq_row_text(row, 0));
    for (size_t k = 0; k < n; k++)
        cells[k] = zq_cell_of(row, k + 1);
    zq_reading_member_add(of, member, &to->scratch, 't', cells, n);
    if (n > 4 && cells[4].text != NULL && strstr(cells[4].text, "partitioned") != NULL)
        member->alone = true;
}

/* A view, a sequence: nothing of it but what it is. */
static zq_table *describe_other(const char *name, const char *type, zq_arena *arena)
{
    zq_table *table = ZQ_NEW(arena, zq_table);
    zq_extra *extra = ZQ_NEW(arena, zq_extra);

    *extra =
        (zq_extra){zq_arena_lower(arena, type, strlen(type)), "", zq_arena_strdup(arena, type)};
    *table = (zq_table){.name = name, .extras = extra, .n_extras = 1};
    return table;
}

/* The codes of stocks begin with a digit; the application's own views over the members, which are
 * called like zq_data_tustock_daily_view, do not. */
static bool is_in_the_way(const char *code)
{
    return *code >= '0' && *code <= '9';
}

static void add_stranger(listing *to, const zq_table *family, const char *code, const char *type)
{
    zq_reading *of = to->of;

    *ZQ_APPEND(of->arena, of->strangers, of->n_strangers) = (zq_stranger){
        zq_arena_strdup(of->arena, code), family, describe_other(family->name, type, of->arena)};
}

static void add_named(listing *to, const zq_row *row, const zq_table *wanted)
{
    zq_reading *of = to->of;

    *ZQ_APPEND(of->arena, of->named, of->n_named) = (zq_named){wanted, keep(to, row, 1)};
}

static void add_foreign(listing *to, const char *name)
{
    *ZQ_APPEND(to->of->arena, to->foreign, to->out->n_foreign_tables) =
        zq_arena_strdup(to->of->arena, name);
}

static void take_table(listing *to, const zq_row *row)
{
    const char *name = zq_row_text(row, 0), *type = zq_row_text(row, 1);
    const bool is_view = strcmp(type, "VIEW") == 0;
    const zq_table *wanted = zq_schema_table(to->of->wanted, name);
    const zq_table *family;
    const char *code;

    to->out->n_views += is_view;
    if (wanted != NULL && !zq_table_is_family(wanted)) {
        add_named(to, row, wanted);
        return;
    }
    family = zq_family_of(to->of->wanted, name, &code);
    if (family != NULL && is_base(type))
        add_member(to, row, family, code);
    else if (family != NULL && is_in_the_way(code))
        add_stranger(to, family, code, type);
    else if (!is_view && strncmp(name, ZQ_META_PREFIX, strlen(ZQ_META_PREFIX)) != 0)
        add_foreign(to, name);
    if (strcmp(name, "alembic_version") == 0)
        to->out->has_alembic = true;
}

static void take_trigger(listing *to, const zq_row *row)
{
    zq_reading *of = to->of;

    *ZQ_APPEND(of->arena, of->triggers, of->n_triggers) = (zq_trigger){
        keep(to, row, 0),
        keep(to, row, 1),
        zq_arena_printf(of->arena, "%s %s %s", zq_row_text(row, 2), zq_row_text(row, 3),
                        zq_row_text(row, 4)),
    };
}

static zq_rc take_row(void *context, size_t statement, const zq_row *row, ZQ_UNUSED zq_err *err)
{
    if (statement == 0)
        take_database(context, row);
    else if (statement == 1)
        take_table(context, row);
    else if (statement == 2)
        take_trigger(context, row);
    return ZQ_OK;
}

static void write_list(zq_sql *sql, const zq_reading *of)
{
    const bool mysql = zq_db_server(of->db)->flavor == ZQ_MYSQL;

    zq_sql_add(sql,
               "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME, %-s FROM "
               "information_schema.SCHEMATA WHERE SCHEMA_NAME = '%s';SELECT TABLE_NAME, "
               "TABLE_TYPE, ENGINE, TABLE_COLLATION, TABLE_COMMENT%-s FROM "
               "information_schema.TABLES WHERE TABLE_SCHEMA = '%s'",
               mysql ? "0, DEFAULT_ENCRYPTION" : "@@table_open_cache, 'NO'", of->database,
               mysql ? ", CREATE_OPTIONS" : "", of->database);
    /* The ranges in which members are read follow the server's own order of names. */
    zq_sql_add(sql,
               " ORDER BY TABLE_NAME;SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME, ACTION_TIMING, "
               "EVENT_MANIPULATION, ACTION_STATEMENT FROM information_schema.TRIGGERS WHERE "
               "EVENT_OBJECT_SCHEMA = '%s';SELECT 1 FROM `%s`." NO_TABLE,
               of->database, of->database);
}

static zq_rc deny_database(const zq_reading *of, zq_err *err)
{
    zq_err_prefix(err, "cannot see database '%s': ", of->database);
    return ZQ_E_DENIED;
}

/* List what is there, and ask for a table that is not, to learn what the account may see:
 * `out_denied` says that a table it has no privilege on looks like one that is missing. */
static zq_rc list_tables(zq_reading *of, zq_catalog *out, bool *out_denied, zq_err *err)
{
    const zq_answer answers[] = {
        {.columns = "ttit", .rows = ZQ_AT_MOST_ONE_ROW},
        {.columns = tables_columns(of)},
        {.columns = "ttttt"},
        {.columns = "i", .rows = ZQ_AT_MOST_ONE_ROW},
    };
    listing to = {.of = of, .out = out};
    zq_err own = {0};
    ZQ_AUTO_SQL(sql);
    size_t done = 0;
    zq_rc rc;

    write_list(&sql, of);
    rc = zq_db_run_sql(of->db, &sql, &(zq_answers){answers, ZQ_LEN(answers), take_row, &to}, &done,
                       &own);
    zq_buf_done(&to.scratch);
    out->foreign_tables = to.foreign;
    out->exists = to.seen;
    *out_denied = own.cause == ZQ_CAUSE_TABLE_DENIED || own.cause == ZQ_CAUSE_COLUMN_DENIED;
    if (rc == ZQ_OK || own.cause == ZQ_CAUSE_NO_TABLE || own.cause == ZQ_CAUSE_NO_DATABASE)
        return ZQ_OK;
    if (*out_denied && to.seen)
        return ZQ_OK;
    if (err != NULL)
        *err = own;
    if (*out_denied || own.cause == ZQ_CAUSE_DATABASE_DENIED)
        return deny_database(of, err);
    zq_err_prefix(err, "cannot list the tables of '%s': ", of->database);
    return rc;
}

/* ---- tables that are missing, or that may not be seen ---- */

static bool is_listed(const zq_reading *of, const zq_table *wanted)
{
    for (size_t i = 0; i < of->n_named; i++) {
        if (of->named[i].wanted == wanted)
            return true;
    }
    return false;
}

static zq_rc check_missing(zq_reading *of, const zq_table *table, zq_err *err)
{
    zq_err own = {0};
    ZQ_AUTO_SQL(sql);
    zq_rc rc;

    zq_sql_add(&sql, "SELECT 1 FROM `%s`.`%s` LIMIT 0", of->database, table->name);
    rc = zq_db_run_sql(of->db, &sql, NULL, NULL, &own);
    if (own.cause == ZQ_CAUSE_NO_TABLE || own.cause == ZQ_CAUSE_NO_DATABASE)
        return ZQ_OK;
    if (rc == ZQ_OK) {
        of->vanished = true; /* or rather came to be */
        return ZQ_E_SERVER;
    }
    if (err != NULL)
        *err = own;
    zq_err_prefix(err, "cannot see whether table '%s' is there: ", table->name);
    return rc;
}

static zq_rc check_all_missing(zq_reading *of, zq_err *err)
{
    for (size_t i = 0; i < of->wanted->n_tables; i++) {
        const zq_table *table = of->wanted->tables[i];

        if (!zq_table_is_family(table) && !is_listed(of, table))
            ZQ_TRY(check_missing(of, table, err));
    }
    return ZQ_OK;
}

/* ---- tables that are named outright ---- */

static zq_rc read_named(zq_reading *of, zq_catalog *out, zq_err *err)
{
    const zq_table **tables = ZQ_NEW_ARRAY(of->arena, const zq_table *, of->n_named);
    zq_table *shown = ZQ_NEW_ARRAY(of->arena, zq_table, of->n_named);
    const char **names = ZQ_NEW_ARRAY(of->arena, const char *, of->n_named);
    size_t n = 0, next = 0;

    for (size_t i = 0; i < of->n_named; i++) {
        if (is_base(of->named[i].type))
            names[n++] = of->named[i].wanted->name;
    }
    ZQ_TRY(zq_show_create(of, names, n, of->arena, shown, err));
    for (size_t i = 0; i < of->n_named; i++) {
        zq_table *table;

        if (is_base(of->named[i].type)) {
            table = &shown[next++];
            zq_reconcile(table, of->named[i].wanted, of->arena);
        } else {
            table = describe_other(of->named[i].wanted->name, of->named[i].type, of->arena);
        }
        tables[i] = table;
    }
    out->schema = (zq_schema){tables, of->n_named};
    return ZQ_OK;
}

/* ---- one reading ---- */

static zq_rc read_members(zq_reading *of, zq_catalog *out, zq_err *err)
{
    zq_reading_index(of);
    zq_reading_index_names(of);
    for (size_t i = 0; i < of->n_triggers; i++) {
        zq_catalog_member *member =
            zq_reading_member(of, of->triggers[i].table, strlen(of->triggers[i].table));

        if (member != NULL)
            member->alone = true;
    }
    if (of->n_members != 0)
        ZQ_TRY(zq_reading_members(of, err));
    return zq_reading_group_members(of, out, err);
}

static zq_rc read_once(zq_reading *of, zq_catalog *out, zq_err *err)
{
    bool denied;

    randombytes_buf(of->key, sizeof of->key);
    ZQ_TRY(list_tables(of, out, &denied, err));
    if (!out->exists)
        return ZQ_OK;
    if (denied)
        ZQ_TRY(check_all_missing(of, err));
    zq_names_sort((const char **)out->foreign_tables, out->n_foreign_tables);
    ZQ_TRY(read_named(of, out, err));
    return read_members(of, out, err);
}

zq_rc zq_catalog_read(zq_db *db, const zq_target *helper, const char *name, const zq_schema *wanted,
                      zq_arena *arena, zq_catalog *out, zq_err *err)
{
    zq_rc rc = ZQ_OK;

    for (int i = 0; i < TRIES; i++) {
        zq_reading of = {
            .db = db, .helper = helper, .database = name, .wanted = wanted, .arena = arena};
        zq_catalog catalog = {0};

        rc = read_once(&of, &catalog, err);
        if (rc == ZQ_OK)
            *out = catalog;
        if (!of.vanished)
            return rc;
    }
    return rc;
}
