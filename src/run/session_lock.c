#include "run/session_lock.h"

#include "base/clock.h"
#include "run/lease.h"
#include "sql/sql.h"

#include <string.h>
#include <time.h>

enum { MOMENT_MS = 10000, NAP_MS = 50, SAID_AFTER_MS = 1000 };

/* A server takes a moment to notice that a client is gone, however short a time the user allows for
 * others. */
static unsigned time_for(const zq_online_rules *rules)
{
    return rules->lock_timeout_ms > MOMENT_MS ? rules->lock_timeout_ms : MOMENT_MS;
}

zq_rc zq_session_lock(zq_db *db, const zq_online_rules *rules, unsigned number, zq_err *err)
{
    char name[ZQ_LOCK_NAME];

    ZQ_TRY(zq_lease_begin_session(rules->lease, db, err));
    zq_lock_session_name(rules->database, number, name);
    return zq_lock_take(db, name, time_for(rules), NULL, NULL, err);
}

/* "SELECT a + b + c": how many of them others have. */
static zq_rc write_question(const zq_online_rules *rules, zq_sql *sql, const char **out,
                            zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (unsigned i = 0; i < ZQ_MOST_SESSIONS; i++) {
        char name[ZQ_LOCK_NAME];

        zq_lock_session_name(rules->database, i, name);
        zq_sql_add(sql, "%-s%-s", i == 0 ? "SELECT " : " + ", zq_lock_is_taken(name, arena));
    }
    return zq_sql_finish(sql, out, err);
}

static zq_rc ask(zq_db *db, const char *question, bool *out_taken, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_rows rows;

    zq_db_expect_soon(db);
    ZQ_TRY(zq_db_query(db, question, NULL, 0, "i", arena, &rows, err));
    *out_taken = rows.n > 0 && strcmp(zq_rows_at(&rows, 0, 0), "0") != 0;
    return ZQ_OK;
}

zq_rc zq_sessions_wait(zq_db *db, const zq_online_rules *rules, zq_err *err)
{
    const struct timespec nap = {.tv_nsec = NAP_MS * 1000000L};
    const unsigned long long start = zq_now_ms();
    ZQ_AUTO_SQL(sql);
    bool taken, said = false;
    const char *question;

    ZQ_TRY(write_question(rules, &sql, &question, err));
    for (;;) {
        const unsigned long long waited = zq_now_ms() - start;

        ZQ_TRY(ask(db, question, &taken, err));
        if (!taken)
            return ZQ_OK;
        if (waited >= time_for(rules))
            break;
        if (zq_watch_stopped(rules->watch))
            return zq_fail(err, ZQ_E_INTERRUPTED, "stopped while waiting for a lock");
        if (waited >= SAID_AFTER_MS && !said)
            zq_watch_tell(rules->watch, ZQ_TELL_SAY,
                          "waiting for a statement of a run that is gone");
        said = said || waited >= SAID_AFTER_MS;
        nanosleep(&nap, NULL);
    }
    zq_fail(err, ZQ_E_LOCKED, "a statement of a run that is gone is still at work after %u s",
            time_for(rules) / 1000);
    return zq_err_hint(err, "wait for it to finish, or allow more time with --lock-timeout");
}
