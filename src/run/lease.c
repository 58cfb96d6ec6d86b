#include "run/lease.h"

#include "base/digest.h"
#include "sql/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLICE_MS = 1000 };

struct zq_lease {
    zq_db *db;
    char name[64]; /* GET_LOCK takes 64 characters (MySQL manual, 14.14 "Locking Functions") */
};

/* The database's name may be longer, or differ in case only: its digest stands for it. */
static zq_lease lease_of(zq_db *db, const char *database)
{
    zq_lease lease = {.db = db};
    char hex[ZQ_DIGEST_HEX];

    zq_digest_hex(database, strlen(database), hex);
    snprintf(lease.name, sizeof lease.name, "zquant:%.48s", hex);
    return lease;
}

static zq_rc ask(zq_db *db, const char *name, unsigned wait_ms, zq_arena *arena, bool *out_got,
                 zq_err *err)
{
    zq_arg args[2] = {zq_arg_text(name), zq_arg_int((wait_ms + 999) / 1000)};
    zq_rows rows;
    const char *answer;

    ZQ_TRY(zq_db_query(db, "SELECT GET_LOCK(?, ?)", args, ZQ_LEN(args), "I", arena, &rows, err));
    answer = rows.n == 0 ? NULL : zq_rows_at(&rows, 0, 0);
    *out_got = answer != NULL && strcmp(answer, "1") == 0;
    return ZQ_OK;
}

/* Only words for people: when they cannot be had, the wait goes on without them. */
static const char *holder_of(zq_db *db, const char *name, zq_arena *arena)
{
    zq_arg args[1] = {zq_arg_text(name)};
    zq_rows rows;

    if (zq_db_query(db,
                    "SELECT ID, USER, HOST FROM information_schema.PROCESSLIST "
                    "WHERE ID = IS_USED_LOCK(?)",
                    args, ZQ_LEN(args), "itt", arena, &rows, NULL) != ZQ_OK ||
        rows.n == 0)
        return "another connection";
    return zq_arena_printf(arena, "connection %s of %s@%s", zq_rows_at(&rows, 0, 0),
                           zq_rows_at(&rows, 0, 1), zq_rows_at(&rows, 0, 2));
}

static zq_rc wait_for(zq_lease *lease, unsigned timeout_ms, zq_lease_wait_fn *on_wait,
                      void *context, zq_arena *arena, zq_err *err)
{
    unsigned waited_ms = 0;
    const char *holder = NULL;
    bool got = false;

    for (;;) {
        unsigned left_ms = timeout_ms - waited_ms;
        unsigned slice_ms = left_ms < SLICE_MS ? left_ms : SLICE_MS;

        ZQ_TRY(ask(lease->db, lease->name, slice_ms, arena, &got, err));
        if (got)
            return ZQ_OK;
        waited_ms += slice_ms;
        if (holder == NULL)
            holder = zq_arena_strdup(arena, holder_of(lease->db, lease->name, arena));
        if (waited_ms >= timeout_ms)
            break;
        if (on_wait != NULL)
            ZQ_TRY(on_wait(context, holder, waited_ms, err));
    }
    zq_fail(err, ZQ_E_LOCKED, "another run has held the lock for over %u s", timeout_ms / 1000);
    zq_err_detail(err, "held by %s", holder);
    zq_err_hint(err, "wait for it to finish, or allow more time with --lock-timeout");
    return ZQ_E_LOCKED;
}

zq_rc zq_lease_take(zq_db *db, const char *database, unsigned timeout_ms, zq_lease_wait_fn *on_wait,
                    void *context, zq_lease **out_lease, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_lease lease = lease_of(db, database);

    ZQ_TRY(wait_for(&lease, timeout_ms, on_wait, context, arena, err));
    *out_lease = zq_lease_held(db, database);
    return ZQ_OK;
}

const char *zq_lease_question(const char *database, zq_arena *arena)
{
    zq_lease lease = lease_of(NULL, database);

    return zq_arena_printf(arena, "SELECT GET_LOCK('%s', 0)", lease.name);
}

const char *zq_lease_is_taken(const char *database, zq_arena *arena)
{
    zq_lease lease = lease_of(NULL, database);

    return zq_arena_printf(arena, "IFNULL(IS_USED_LOCK('%s') <> CONNECTION_ID(), 0)", lease.name);
}

const char *zq_lease_holder(zq_db *db, const char *database, zq_arena *arena)
{
    zq_lease lease = lease_of(db, database);

    return zq_arena_strdup(arena, holder_of(db, lease.name, arena));
}

zq_lease *zq_lease_held(zq_db *db, const char *database)
{
    zq_lease *lease = malloc(sizeof *lease);

    if (lease == NULL)
        zq_out_of_memory(sizeof *lease);
    *lease = lease_of(db, database);
    return lease;
}

void zq_lease_leave(zq_lease *lease)
{
    free(lease);
}

void zq_lease_release(zq_lease *lease)
{
    zq_arg name;

    if (lease == NULL)
        return;
    name = zq_arg_text(lease->name);
    zq_db_run(lease->db, "DO RELEASE_LOCK(?)", &name, 1, NULL, NULL, NULL);
    free(lease);
}
