#include "run/lock.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/phrase.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SLICE_MS = 1000 };

void zq_lock_name(const char *database, const char *part, char out[ZQ_LOCK_NAME])
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    char hex[ZQ_DIGEST_HEX];
    const char *text = part == NULL ? database : zq_arena_printf(arena, "%s %s", database, part);

    zq_digest_hex(text, strlen(text), hex);
    snprintf(out, ZQ_LOCK_NAME, "zquant:%.48s", hex);
}

void zq_lock_session_name(const char *database, unsigned number, char out[ZQ_LOCK_NAME])
{
    char part[32];

    snprintf(part, sizeof part, "session %u", number);
    zq_lock_name(database, part, out);
}

const char *zq_lock_is_taken(const char *name, zq_arena *arena)
{
    return zq_arena_printf(arena, "IFNULL(IS_USED_LOCK('%s') <> CONNECTION_ID(), 0)", name);
}

static zq_rc ask(zq_db *db, const char *name, unsigned wait_ms, zq_arena *arena, bool *out_got,
                 zq_err *err)
{
    zq_arg args[2] = {zq_arg_text(name), zq_arg_int((wait_ms + 999) / 1000)};
    zq_rows rows;
    const char *answer;

    zq_db_expect_soon(db);
    ZQ_TRY(zq_db_query(db, "SELECT GET_LOCK(?, ?)", args, ZQ_LEN(args), "I", arena, &rows, err));
    answer = rows.n == 0 ? NULL : zq_rows_at(&rows, 0, 0);
    *out_got = answer != NULL && strcmp(answer, "1") == 0;
    return ZQ_OK;
}

/* Only words for people: when they cannot be had, the wait goes on without them. */
const char *zq_lock_holder(zq_db *db, const char *name, zq_arena *arena)
{
    zq_arg args[1] = {zq_arg_text(name)};
    zq_rows rows;

    zq_db_expect_soon(db);
    if (zq_db_query(db,
                    "SELECT ID, USER, HOST FROM information_schema.PROCESSLIST "
                    "WHERE ID = IS_USED_LOCK(?)",
                    args, ZQ_LEN(args), "itt", arena, &rows, NULL) != ZQ_OK ||
        rows.n == 0)
        return zq_tr(N_("another connection"));
    return zq_tr_printf(arena, "connection %s of %s@%s", zq_rows_at(&rows, 0, 0),
                        zq_rows_at(&rows, 0, 1), zq_rows_at(&rows, 0, 2));
}

zq_rc zq_lock_take(zq_db *db, const char *name, unsigned timeout_ms, zq_wait_fn *on_wait,
                   void *context, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    unsigned waited_ms = 0;
    const char *holder = NULL;
    bool got = false;

    for (;;) {
        unsigned left_ms = timeout_ms - waited_ms;
        unsigned slice_ms = left_ms < SLICE_MS ? left_ms : SLICE_MS;

        ZQ_TRY(ask(db, name, slice_ms, arena, &got, err));
        if (got)
            return ZQ_OK;
        waited_ms += slice_ms;
        if (holder == NULL)
            holder = zq_arena_strdup(arena, zq_lock_holder(db, name, arena));
        if (waited_ms >= timeout_ms)
            break;
        if (on_wait != NULL)
            ZQ_TRY(on_wait(context, holder, waited_ms, err));
    }
    zq_fail(err, ZQ_E_LOCKED, "another run has held the lock for over %u s", timeout_ms / 1000);
    zq_err_detail(err, "held by %s", holder);
    return zq_err_hint(err, "wait for it to finish, or allow more time with --lock-timeout");
}

/* 0: nobody. */
static zq_rc find_holder(zq_db *db, const char *name, unsigned long long *out, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_arg arg = zq_arg_text(name);
    zq_rows rows;

    zq_db_expect_soon(db);
    ZQ_TRY(zq_db_query(db, "SELECT IFNULL(IS_USED_LOCK(?), 0)", &arg, 1, "i", arena, &rows, err));
    *out = rows.n == 0 ? 0 : strtoull(zq_rows_at(&rows, 0, 0), NULL, 10);
    return ZQ_OK;
}

void zq_lock_end(zq_db *db, unsigned long long id)
{
    char sql[48];

    snprintf(sql, sizeof sql, "KILL %llu", id);
    zq_db_expect_soon(db);
    zq_db_exec(db, sql, NULL);
}

static zq_rc fail_not_ended(unsigned long long id, zq_err *err)
{
    zq_fail(err, ZQ_E_LOCKED, "connection %llu of a run that is gone is still open", id);
    return zq_err_hint(err, "run this again, or let a DBA end it with 'KILL %llu'", id);
}

zq_rc zq_lock_clear(zq_db *db, const char *name, unsigned patience_ms, unsigned timeout_ms,
                    zq_err *err)
{
    const struct timespec pause = {.tv_nsec = 50 * 1000000L};
    const unsigned long long began = zq_now_ms();
    unsigned long long id, ended = 0;

    for (;;) {
        unsigned long long waited = zq_now_ms() - began;

        ZQ_TRY(find_holder(db, name, &id, err));
        if (id == 0)
            return ZQ_OK;
        if (waited >= patience_ms && id != ended) {
            zq_lock_end(db, id);
            ended = id;
        }
        if (waited >= patience_ms + timeout_ms)
            return fail_not_ended(id, err);
        nanosleep(&pause, NULL);
    }
}
