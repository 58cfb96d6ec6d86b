#include "run/online_ddl.h"

#include "base/clock.h"
#include "run/blockers.h"
#include "sql/sql.h"

#include <string.h>
#include <time.h>

enum { FIRST_PAUSE_MS = 200, LONGEST_PAUSE_MS = 5000, NAP_MS = 50 };

/* ---- ways ---- */

static bool is_of_index(const zq_clause *clause)
{
    static const char *const parts[] = {"INDEX", "KEY", "UNIQUE", "PRIMARY", "EXPRESSION"};

    for (size_t i = 0; i < ZQ_LEN(parts); i++)
        if (strcmp(clause->object, parts[i]) == 0)
            return strcmp(clause->verb, "ADD") == 0 || strcmp(clause->verb, "DROP") == 0;
    return false;
}

zq_algorithm zq_online_first(const zq_statement *parsed)
{
    if (!parsed->alters || parsed->has_algorithm || parsed->has_lock)
        return ZQ_ALGORITHM_ANY;
    for (size_t i = 0; i < parsed->n_clauses; i++)
        if (is_of_index(&parsed->clauses[i]))
            return ZQ_ALGORITHM_INPLACE;
    return zq_statement_is(parsed, "ALTER TABLE") ? ZQ_ALGORITHM_INSTANT : ZQ_ALGORITHM_INPLACE;
}

zq_ddl_direction zq_online_direction(const zq_statement *parsed)
{
    size_t n_adds = 0, n_drops = 0;

    for (size_t i = 0; zq_statement_is(parsed, "ALTER TABLE") && i < parsed->n_clauses; i++) {
        n_adds += strcmp(parsed->clauses[i].verb, "ADD") == 0;
        n_drops += strcmp(parsed->clauses[i].verb, "DROP") == 0;
    }
    if (parsed->n_clauses == 0 || (n_adds < parsed->n_clauses && n_drops < parsed->n_clauses))
        return ZQ_DDL_MIXES;
    return n_adds > 0 ? ZQ_DDL_ADDS : ZQ_DDL_DROPS;
}

bool zq_online_only_rows_show(const zq_statement *parsed)
{
    bool replaces =
        (parsed->loses & ZQ_LOSES_TABLE) != 0 && strcmp(parsed->verb, "CREATE TABLE") == 0;

    return parsed->swaps || replaces || (parsed->loses & ZQ_LOSES_ROWS) != 0 || parsed->vanishes ||
           zq_statement_is(parsed, "ALTER SEQUENCE");
}

/* ---- waiting ---- */

static void nap(void)
{
    struct timespec pause = {.tv_nsec = NAP_MS * 1000000L};

    nanosleep(&pause, NULL);
}

/* Between a half and the whole of it, so that two who wait for each other do not stay in step. */
static unsigned jittered(unsigned ms, unsigned long long seed)
{
    return ms / 2 + (unsigned)(seed * 2654435761u % (ms / 2 + 1));
}

static zq_rc fail_stopped(zq_err *err)
{
    return zq_fail(err, ZQ_E_INTERRUPTED, "stopped while waiting for a lock");
}

zq_rc zq_backoff_wait(zq_backoff *backoff, zq_err *err)
{
    unsigned pause = FIRST_PAUSE_MS;
    unsigned long long start = zq_now_ms();

    if (backoff->started_ms == 0)
        backoff->started_ms = start;
    if (start - backoff->started_ms >= backoff->rules->lock_timeout_ms)
        return err->code;
    for (unsigned i = 0; i < backoff->tries && pause < LONGEST_PAUSE_MS; i++)
        pause *= 2;
    backoff->tries++;
    pause = jittered(pause < LONGEST_PAUSE_MS ? pause : LONGEST_PAUSE_MS,
                     start + (unsigned long long)(size_t)backoff);
    while (zq_now_ms() - start < pause) {
        if (zq_watch_stopped(backoff->rules->watch))
            return fail_stopped(err);
        nap();
    }
    return zq_watch_stopped(backoff->rules->watch) ? fail_stopped(err) : ZQ_OK;
}

/* ---- running ---- */

zq_rc zq_online_begin(zq_db *db, const zq_online_rules *rules, zq_err *err)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_add(&sql, "USE `%s`;SET SESSION lock_wait_timeout = %u", rules->database,
               rules->lock_wait_s);
    return zq_db_run_sql(db, &sql, NULL, NULL, err);
}

static zq_rc fail_not_granted(const zq_online_ddl *ddl, zq_err *err)
{
    char detail[sizeof err->detail];
    unsigned number = err->server_errno;

    memcpy(detail, err->detail, sizeof detail);
    zq_fail(err, ZQ_E_USAGE,
            "'%s' would be copied, or writes to it blocked, for as long as the statement takes",
            ddl->name);
    zq_err_detail(err, "%s", detail);
    err->server_errno = number;
    return zq_err_hint(err, "choose a quiet time, and add --allow-locking");
}

static zq_rc try_once(zq_db *db, const zq_online_ddl *ddl, zq_algorithm way, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *text = zq_algorithm_ask(ddl->parsed, ddl->text, strlen(ddl->text), way, arena);

    return zq_db_exec(db, text == NULL ? ddl->text : text, err);
}

/* Another holds the table's metadata lock: tell who, and wait a little. */
static zq_rc wait_for_lock(zq_db *db, const zq_online_ddl *ddl, zq_backoff *backoff, zq_err *err)
{
    enum { TELL_EVERY = 3 };
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *const tables[] = {ddl->name, NULL};
    const zq_watch *watch = backoff->rules->watch;
    zq_blockers blockers = {0};
    const char *who;
    zq_rc rc;

    ZQ_TRY(zq_blockers_find(ddl->looker == NULL ? db : ddl->looker, backoff->rules->database,
                            tables, zq_db_connection_id(db), arena, &blockers, err));
    who = zq_blockers_say(&blockers, arena);
    if (backoff->tries % TELL_EVERY == 0)
        zq_watch_tell(watch, ZQ_TELL_SAY, "waiting for a lock on '%s'%s%s%s", ddl->name,
                      *who == '\0' ? "" : " (", who, *who == '\0' ? "" : ")");
    rc = zq_backoff_wait(backoff, err);
    if (rc == ZQ_E_LOCKED && *who != '\0')
        zq_err_detail(err, "%s", who);
    return rc;
}

/* Where an ALTER is cut short late, MySQL's InnoDB may keep what it would have made in its cache
 * for as long as somebody has the table open, and refuses an index of a name that the table does
 * not have: seen once among 363 killed ones on 9.7. A table that is closed is read anew. In the
 * same words it refuses what no index can be called. */
static zq_rc close_and_wait(zq_db *db, const zq_online_ddl *ddl, zq_backoff *backoff, zq_err *err)
{
    enum { TRIES = 3 };
    ZQ_AUTO_SQL(sql);
    char detail[sizeof err->detail];

    if (backoff->tries < TRIES) {
        zq_sql_add(&sql, "FLUSH LOCAL TABLES `%s`", ddl->name);
        /* Who may not, waits until others have closed it. */
        (void)zq_db_run_sql(ddl->looker == NULL ? db : ddl->looker, &sql, NULL, NULL, NULL);
        return zq_backoff_wait(backoff, err);
    }
    memcpy(detail, err->detail, sizeof detail);
    return zq_err_detail(
        err,
        "%s; if an index can have that name, an ALTER that was cut short has left it in "
        "InnoDB's cache, until the server is restarted",
        detail);
}

/* What to do after a try that failed: ZQ_OK is to try again. */
static zq_rc after_failure(zq_db *db, const zq_online_ddl *ddl, zq_algorithm *way,
                           zq_backoff *backoff, zq_rc rc, zq_err *err)
{
    const zq_online_rules *rules = backoff->rules;

    if (rc == ZQ_E_LOCKED)
        return wait_for_lock(db, ddl, backoff, err);
    if (err->cause == ZQ_CAUSE_BAD_INDEX_NAME && zq_db_server(db)->flavor == ZQ_MYSQL)
        return close_and_wait(db, ddl, backoff, err);
    if (err->cause != ZQ_CAUSE_NOT_THAT_WAY || *way == ZQ_ALGORITHM_ANY)
        return rc;
    if (*way == ZQ_ALGORITHM_INPLACE && !rules->allow_locking)
        return fail_not_granted(ddl, err);
    *way = *way == ZQ_ALGORITHM_INSTANT ? ZQ_ALGORITHM_INPLACE : ZQ_ALGORITHM_ANY;
    if (*way == ZQ_ALGORITHM_ANY)
        zq_watch_tell(rules->watch, ZQ_TELL_WARN, "'%s' is copied, or writes to it blocked: %s",
                      ddl->name, err->detail);
    return ZQ_OK;
}

zq_rc zq_online_run(zq_db *db, const zq_online_rules *rules, const zq_online_ddl *ddl,
                    zq_algorithm *io_way, zq_err *err)
{
    zq_backoff backoff = {.rules = rules};
    zq_err local = {0};

    for (;;) {
        zq_rc rc = zq_lease_ask(rules->lease, ddl->looker == NULL ? db : ddl->looker, &local);
        unsigned long long began = zq_now_us();

        if (rc == ZQ_OK)
            rc = try_once(db, ddl, *io_way, &local);
        if (rc == ZQ_OK && rules->ran != NULL)
            rules->ran(rules->ran_context, ddl->parsed, *io_way, zq_now_us() - began);
        if (rc == ZQ_OK && ddl->warned != NULL)
            zq_warnings_show(ddl->warned, db);
        if (rc == ZQ_OK)
            return ZQ_OK;
        if (rc != ZQ_E_LOST)
            rc = after_failure(db, ddl, io_way, &backoff, rc, &local);
        if (rc == ZQ_OK)
            continue;
        return zq_err_give(err, &local);
    }
}
