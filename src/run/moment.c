/* Several snapshots of one moment.
 *
 * No statement of either vendor begins one snapshot on two connections, and a dump program begins
 * its own. So writers are held off by FLUSH TABLES WITH READ LOCK while the snapshots begin, which
 * takes a fraction of a second, and the rows are read afterwards. Given up: LOCK TABLES on every
 * table (opens all 27,000), LOCK INSTANCE FOR BACKUP (does not hold off rows), BACKUP STAGE
 * (MariaDB alone, one at a time), and comparing positions of the binary log (which is often off).
 *
 * That a program has begun its snapshot is read from the list of InnoDB's transactions. The server
 * keeps that list for 0.1 s, together with the statement that each was running: one that still runs
 * START TRANSACTION may not have its snapshot yet. */
#include "run/moment.h"

#include "sql/sql.h"

#include <string.h>

zq_rc zq_snapshot_begin(zq_db *db, const char *database, zq_err *err)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_add(&sql,
               "USE `%s`;SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;START TRANSACTION "
               "WITH CONSISTENT SNAPSHOT, READ ONLY",
               database);
    return zq_db_run_sql(db, &sql, NULL, NULL, err);
}

/* ---- writers ---- */

zq_rc zq_writers_hold(zq_db *db, unsigned wait_s, zq_err *err)
{
    zq_arg wait = zq_arg_int(wait_s);
    zq_rc rc = zq_db_run(db, "SET SESSION lock_wait_timeout = ?;FLUSH TABLES WITH READ LOCK", &wait,
                         1, NULL, NULL, err);

    if (rc == ZQ_OK)
        return ZQ_OK;
    zq_err_prefix(err, "cannot hold off writers while snapshots begin: ");
    if (rc == ZQ_E_DENIED)
        zq_err_hint(err, "grant the account RELOAD and PROCESS, see 'zquant-init grants'");
    else if (rc == ZQ_E_LOCKED)
        zq_err_hint(err, "run it again when no long statement is at work, or with a longer "
                         "'--lock-wait'");
    return rc;
}

zq_rc zq_writers_release(zq_db *db, zq_err *err)
{
    return zq_db_exec(db, "UNLOCK TABLES", err);
}

/* ---- the snapshot of somebody else ---- */

zq_rc zq_snapshot_begun_after(zq_db *db, unsigned long long connection_id, bool *out, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_arg id = zq_arg_int((long long)connection_id);
    zq_rows rows;
    zq_rc rc =
        zq_db_query_one(db,
                        "SELECT COUNT(*) FROM information_schema.INNODB_TRX AS t "
                        "JOIN information_schema.PROCESSLIST AS p ON p.ID = t.trx_mysql_thread_id "
                        "WHERE p.ID > ? AND p.USER = SUBSTRING_INDEX(USER(), '@', 1) "
                        "AND t.trx_isolation_level = 'REPEATABLE READ' "
                        "AND COALESCE(t.trx_query, '') NOT LIKE 'START %'",
                        &id, 1, "t", arena, &rows, err);

    if (rc == ZQ_OK) {
        *out = strcmp(zq_rows_at(&rows, 0, 0), "0") != 0;
        return ZQ_OK;
    }
    zq_err_prefix(err, "cannot see whether the program has begun: ");
    if (rc == ZQ_E_DENIED)
        zq_err_hint(err, "grant the account RELOAD and PROCESS, see 'zquant-init grants'");
    return rc;
}

/* ---- the binary log ---- */

enum { VALUES = 3 };

/* The first values of a question; "" for NULL and for what the server refuses. */
static zq_rc ask(zq_db *db, const char *sql, zq_arena *arena, const char *out[VALUES], zq_err *err)
{
    zq_err failure = {0};
    zq_rows rows;
    zq_rc rc = zq_db_query(db, sql, NULL, 0, "TTT+", arena, &rows, &failure);

    for (size_t i = 0; i < VALUES; i++) {
        const char *value = rc == ZQ_OK && rows.n > 0 ? zq_rows_at(&rows, 0, i) : NULL;

        out[i] = value == NULL ? "" : value;
    }
    if (rc != ZQ_E_LOST && rc != ZQ_E_ANSWER)
        return ZQ_OK;
    return zq_err_give(err, &failure);
}

static const char *write_position(const char *file, const char *offset, const char *gtids,
                                  zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    if (*file != '\0')
        zq_buf_printf(&out, "%s:%s", file, offset);
    if (*gtids != '\0')
        zq_buf_printf(&out, "%sGTID %s", out.length > 0 ? ", " : "", gtids);
    return out.length == 0 ? NULL : zq_arena_strdup(arena, zq_buf_text(&out));
}

/* MariaDB keeps it with the snapshot. */
#define STATUS(name) "MAX(IF(VARIABLE_NAME = 'BINLOG_SNAPSHOT_" name "', VARIABLE_VALUE, NULL))"

static zq_rc position_of_mariadb(zq_db *db, zq_arena *arena, const char **out, zq_err *err)
{
    const char *of[VALUES];

    ZQ_TRY(ask(db,
               "SELECT " STATUS("FILE") ", " STATUS("POSITION") ", BINLOG_GTID_POS(" STATUS(
                   "FILE") ", " STATUS("POSITION") ") FROM information_schema.SESSION_STATUS "
                                                   "WHERE VARIABLE_NAME LIKE "
                                                   "'BINLOG\\_SNAPSHOT\\_%'",
               arena, of, err));
    *out = write_position(of[0], of[1], of[2], arena);
    return ZQ_OK;
}

static zq_rc gtids_of_mysql(zq_db *db, zq_arena *arena, const char **out, zq_err *err)
{
    const char *gtids[VALUES];

    ZQ_TRY(ask(db, "SELECT REPLACE(@@GLOBAL.gtid_executed, '\n', ''), 1, 1", arena, gtids, err));
    *out = gtids[0];
    return ZQ_OK;
}

zq_rc zq_position_before(zq_db *db, zq_arena *arena, const char **out, zq_err *err)
{
    if (zq_db_server(db)->flavor == ZQ_MYSQL)
        return gtids_of_mysql(db, arena, out, err);
    *out = "";
    return ZQ_OK;
}

zq_rc zq_position(zq_db *db, const char *before, zq_arena *arena, const char **out, zq_err *err)
{
    const char *gtids;
    const char *of[VALUES] = {"", "", ""};

    if (zq_db_server(db)->flavor != ZQ_MYSQL)
        return position_of_mariadb(db, arena, out, err);
    ZQ_TRY(gtids_of_mysql(db, arena, &gtids, err));
    if (before == NULL)
        ZQ_TRY(ask(db,
                   zq_db_server(db)->version >= 80200 ? "SHOW BINARY LOG STATUS"
                                                      : "SHOW MASTER STATUS",
                   arena, of, err));
    *out = before == NULL || strcmp(before, gtids) == 0 ? write_position(of[0], of[1], gtids, arena)
                                                        : NULL;
    return ZQ_OK;
}
