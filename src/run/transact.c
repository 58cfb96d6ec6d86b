#include "run/transact.h"

#include "sql/sql.h"

#include <time.h>

typedef struct shifted {
    const zq_answers *answers;
    size_t before; /* statements of ours before the text's */
} shifted;

static zq_rc pass_row(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    const shifted *s = context;

    if (statement < s->before || s->answers->take == NULL)
        return ZQ_OK;
    return s->answers->take(s->answers->context, statement - s->before, row, err);
}

/* Those of START TRANSACTION and of the fence, the text's, and that of COMMIT. */
static zq_answers answers_of(const shifted *s, zq_arena *arena)
{
    zq_answer *items = ZQ_NEW_ARRAY(arena, zq_answer, s->answers->n + 4);
    size_t n = 0;

    items[n++] = (zq_answer){.columns = ""};
    if (s->before > 1) {
        items[n++] = (zq_answer){.columns = ""};
        items[n++] = (zq_answer){.columns = "I"};
    }
    for (size_t i = 0; i < s->answers->n; i++)
        items[n++] = s->answers->items[i];
    items[n++] = (zq_answer){.columns = ""};
    return (zq_answers){.items = items, .n = n, .take = pass_row, .context = (void *)s};
}

zq_rc zq_transact_failed(zq_rc rc, const zq_lease *lease, zq_err *err)
{
    if (rc == ZQ_E_SERVER && err != NULL && err->cause == ZQ_CAUSE_MANY_ROWS &&
        *zq_lease_fence(lease) != '\0')
        return zq_lease_fail_gone(err);
    return rc;
}

zq_rc zq_transact(zq_db *db, const zq_lease *lease, const char *text, const zq_arg *args,
                  size_t n_args, const zq_answers *answers, size_t *out_done, zq_err *err)
{
    enum { MOST_TRIES = 10, PAUSE_MS = 20 };
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *fence = zq_lease_fence(lease);
    const shifted s = {answers, *fence == '\0' ? 1 : 3};
    const char *all = zq_arena_printf(arena, "START TRANSACTION;%s%s%s;COMMIT", fence,
                                      *fence == '\0' ? "" : ";", text);
    zq_answers own = {0};
    zq_err local = {0};
    zq_rc rc = ZQ_E_LOCKED;

    if (answers != NULL)
        own = answers_of(&s, arena);
    for (int try = 0; try < MOST_TRIES && rc == ZQ_E_LOCKED; try++) {
        const struct timespec pause = {.tv_nsec = 1000000L * PAUSE_MS * try};
        size_t done = 0;

        if (try > 0)
            nanosleep(&pause, NULL);
        local = (zq_err){0};
        rc = zq_db_run(db, all, args, n_args, answers == NULL ? NULL : &own, &done, &local);
        if (out_done != NULL)
            *out_done = done < s.before ? 0 : done - s.before;
        if (rc != ZQ_OK && rc != ZQ_E_LOST)
            zq_db_exec(db, "ROLLBACK", NULL);
    }
    rc = zq_transact_failed(rc, lease, &local);
    if (rc != ZQ_OK && err != NULL)
        *err = local;
    return rc;
}
