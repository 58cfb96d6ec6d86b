#include "run/blockers.h"

#include "base/phrase.h"
#include "sql/sql.h"

#include <string.h>

enum { STATEMENT_MAX = 120, NEITHER = -1 };

/* Each gives connection, account, seconds, statement and table; "%T" is a condition on `column`,
 * "%D" the database, "%E" the connection that waits. */
static const struct {
    const char *sql;
    const char *column;
    int shows_all; /* the vendor whose servers show every holder there, a zq_flavor */
    bool certain;
} sources[] = {
    /* MySQL manual, 29.12.13.3 "The metadata_locks Table" */
    {"SELECT t.PROCESSLIST_ID, CONCAT(t.PROCESSLIST_USER, '@', t.PROCESSLIST_HOST), "
     "MAX(t.PROCESSLIST_TIME) AS seconds, "
     "MAX(COALESCE(t.PROCESSLIST_INFO, s.SQL_TEXT, '')), m.OBJECT_NAME "
     "FROM performance_schema.metadata_locks m "
     "JOIN performance_schema.threads t ON t.THREAD_ID = m.OWNER_THREAD_ID "
     "LEFT JOIN performance_schema.events_statements_current s ON s.THREAD_ID = t.THREAD_ID "
     "WHERE m.OBJECT_TYPE = 'TABLE' AND m.LOCK_STATUS = 'GRANTED' AND m.OBJECT_SCHEMA = %D "
     "%TAND t.PROCESSLIST_ID NOT IN (CONNECTION_ID(), %E) "
     "GROUP BY t.PROCESSLIST_ID, t.PROCESSLIST_USER, t.PROCESSLIST_HOST, m.OBJECT_NAME "
     "ORDER BY seconds DESC",
     "m.OBJECT_NAME", ZQ_MYSQL, true},
    /* MariaDB documentation, "Information Schema METADATA_LOCK_INFO Table" */
    {"SELECT p.ID, CONCAT(p.USER, '@', p.HOST), MAX(p.TIME) AS seconds, COALESCE(p.INFO, ''), "
     "m.TABLE_NAME FROM information_schema.METADATA_LOCK_INFO m "
     "JOIN information_schema.PROCESSLIST p ON p.ID = m.THREAD_ID "
     "WHERE m.TABLE_SCHEMA = %D %TAND p.ID NOT IN (CONNECTION_ID(), %E) "
     "GROUP BY p.ID, p.USER, p.HOST, p.INFO, m.TABLE_NAME ORDER BY seconds DESC",
     "m.TABLE_NAME", ZQ_MARIADB, true},
    {"SELECT p.ID, CONCAT(p.USER, '@', p.HOST), p.TIME, COALESCE(p.INFO, ''), '' "
     "FROM information_schema.INNODB_TRX t "
     "JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id "
     "WHERE p.DB = %D AND p.ID NOT IN (CONNECTION_ID(), %E) ORDER BY p.TIME DESC",
     NULL, NEITHER, false},
    {"SELECT p.ID, CONCAT(p.USER, '@', p.HOST), p.TIME, p.INFO, '' "
     "FROM information_schema.PROCESSLIST p WHERE p.DB = %D AND p.INFO IS NOT NULL "
     "AND p.ID NOT IN (CONNECTION_ID(), %E) ORDER BY p.TIME DESC",
     NULL, NEITHER, false},
};

static void write_tables(zq_sql *sql, const char *column, const char *const *tables)
{
    if (tables == NULL)
        return;
    zq_sql_add(sql, "AND %-s IN (", column);
    for (size_t i = 0; tables[i] != NULL; i++)
        zq_sql_add(sql, "%-s'%s'", i > 0 ? ", " : "", tables[i]);
    if (tables[0] == NULL)
        zq_sql_lit(sql, "NULL");
    zq_sql_lit(sql, ") ");
}

static void write_query(zq_sql *sql, size_t source, const char *database, const char *const *tables,
                        unsigned long long except)
{
    const char *text = sources[source].sql;
    const char *percent;

    for (; (percent = strchr(text, '%')) != NULL; text = percent + 2) {
        zq_sql_raw(sql, text, (size_t)(percent - text));
        if (percent[1] == 'D')
            zq_sql_str(sql, database);
        else if (percent[1] == 'T')
            write_tables(sql, sources[source].column, tables);
        else
            zq_sql_unum(sql, except);
    }
    zq_sql_add(sql, "%-s LIMIT %d", text, tables == NULL ? ZQ_BLOCKERS_MOST_ALL : ZQ_BLOCKERS_MAX);
}

/* On one line, and short: the beginning tells what it is. */
static const char *one_line(const char *text, zq_arena *arena)
{
    size_t length = strlen(text), n = length > STATEMENT_MAX ? STATEMENT_MAX : length;
    char *line;

    while (n < length && n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
        n--;
    line = zq_arena_printf(arena, "%.*s%s", (int)n, text, n < length ? "..." : "");
    for (char *c = line; *c != '\0'; c++)
        if ((unsigned char)*c < ' ')
            *c = ' ';
    return line;
}

static const char *text_at(const zq_rows *rows, size_t row, size_t column, zq_arena *arena)
{
    const char *text = zq_rows_at(rows, row, column);

    return text == NULL ? "" : one_line(text, arena);
}

static void take_rows(const zq_rows *rows, bool certain, zq_arena *arena, zq_blockers *out)
{
    zq_blocker *items = ZQ_NEW_ARRAY(arena, zq_blocker, rows->n);

    for (size_t i = 0; i < rows->n; i++)
        items[i] = (zq_blocker){
            .connection_id = text_at(rows, i, 0, arena),
            .account = text_at(rows, i, 1, arena),
            .seconds = text_at(rows, i, 2, arena),
            .statement = text_at(rows, i, 3, arena),
            .table = text_at(rows, i, 4, arena),
        };
    *out = (zq_blockers){.items = items, .n = rows->n, .certain = certain};
}

/* A server whose performance schema is off shows empty tables. */
static bool shows_all(zq_db *db, size_t source, zq_arena *arena)
{
    zq_err refused = {0};
    zq_rows rows;

    if (sources[source].shows_all != (int)zq_db_server(db)->flavor)
        return false;
    if (sources[source].shows_all == ZQ_MARIADB)
        return true;
    return zq_db_query_one(db, "SELECT @@performance_schema", NULL, 0, "i", arena, &rows,
                           &refused) == ZQ_OK &&
           strcmp(zq_rows_at(&rows, 0, 0), "1") == 0;
}

zq_rc zq_blockers_find(zq_db *db, const char *database, const char *const *tables,
                       unsigned long long except, zq_arena *arena, zq_blockers *out, zq_err *err)
{
    zq_blockers found = {0};
    bool complete = false;

    for (size_t i = 0; i < ZQ_LEN(sources) && found.n == 0 && !(complete && tables == NULL); i++) {
        ZQ_AUTO_SQL(sql);
        zq_err refused = {0};
        const char *text;
        zq_rows rows;
        zq_rc rc;

        write_query(&sql, i, database, tables, except);
        ZQ_TRY(zq_sql_finish(&sql, &text, err));
        rc = zq_db_query(db, text, NULL, 0, "TTTTT", arena, &rows, &refused);
        if (rc == ZQ_OK)
            take_rows(&rows, sources[i].certain, arena, &found);
        else if (rc == ZQ_E_LOST && err != NULL)
            *err = refused;
        if (rc == ZQ_E_LOST)
            return rc;
        complete = complete || (rc == ZQ_OK && shows_all(db, i, arena));
    }
    found.complete = complete;
    *out = found;
    return ZQ_OK;
}

const char *zq_blockers_say(const zq_blockers *blockers, zq_arena *arena)
{
    const char *all = "";

    for (size_t i = 0; i < blockers->n; i++) {
        const zq_blocker *b = &blockers->items[i];

        all = zq_tr_printf(arena,
                           blockers->certain ? N_("%s%sconnection %s of '%s' has held it for %s s")
                                             : N_("%s%sconnection %s of '%s' may have held it for "
                                                  "%s s"),
                           all, i > 0 ? zq_tr("; ") : "", b->connection_id, b->account, b->seconds);
        if (*b->statement != '\0')
            all = zq_tr_printf(arena, "%s: %s", all, b->statement);
    }
    return all;
}
