#include "run/transact.h"

#include "sql/sql.h"

#include <string.h>
#include <time.h>

/* Where the rows of one text go: those of our own statements to nobody. */
typedef struct shifted {
    const zq_answers *answers; /* of the transaction's text; NULL: nobody wants them */
    const zq_answers *tail;    /* NULL: there is none */
    size_t before;             /* statements of ours before the text's */
    size_t head;               /* all up to COMMIT; 0: unknown, and there is no tail */
} shifted;

static zq_rc give(const zq_answers *to, size_t statement, const zq_row *row, zq_err *err)
{
    return to->take == NULL ? ZQ_OK : to->take(to->context, statement, row, err);
}

static zq_rc pass_row(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    const shifted *s = context;

    if (s->tail != NULL && statement >= s->head)
        return give(s->tail, statement - s->head, row, err);
    if (statement < s->before || s->answers == NULL)
        return ZQ_OK;
    return give(s->answers, statement - s->before, row, err);
}

static size_t add_answers(zq_answer *items, size_t n, const zq_answers *more)
{
    for (size_t i = 0; more != NULL && i < more->n; i++)
        items[n++] = more->items[i];
    return n;
}

/* Those of START TRANSACTION and of the fence, the text's, that of COMMIT, and the tail's. */
static zq_answers answers_of(const shifted *s, zq_arena *arena)
{
    static const zq_answer one = {.columns = ""};
    const zq_answers only = {.items = &one, .n = 1};
    const zq_answers *text = s->answers == NULL ? &only : s->answers;
    zq_answer *items =
        ZQ_NEW_ARRAY(arena, zq_answer, text->n + 4 + (s->tail == NULL ? 0 : s->tail->n));
    size_t n = 0;

    items[n++] = one;
    if (s->before > 1) {
        items[n++] = one;
        items[n++] = (zq_answer){.columns = "I"};
    }
    n = add_answers(items, n, text);
    items[n++] = one;
    n = add_answers(items, n, s->tail);
    return (zq_answers){.items = items, .n = n, .take = pass_row, .context = (void *)s};
}

zq_rc zq_transact_failed(zq_rc rc, const zq_lease *lease, zq_err *err)
{
    if (rc == ZQ_E_SERVER && err != NULL && err->cause == ZQ_CAUSE_MANY_ROWS &&
        *zq_lease_fence(lease) != '\0')
        return zq_lease_fail_gone(err);
    return rc;
}

/* A text with its transaction around it, tried again while a lock is in the way of that. */
static zq_rc try_all(zq_db *db, const zq_lease *lease, const char *all, const zq_arg *args,
                     size_t n_args, const zq_answers *answers, const shifted *s, size_t *out_done,
                     zq_err *err)
{
    enum { MOST_TRIES = 10, PAUSE_MS = 20 };
    zq_rc rc = ZQ_E_LOCKED;

    for (int try = 0; try < MOST_TRIES && rc == ZQ_E_LOCKED; try++) {
        const struct timespec pause = {.tv_nsec = 1000000L * PAUSE_MS * try};

        if (try > 0)
            nanosleep(&pause, NULL);
        *err = (zq_err){0};
        rc = zq_db_run(db, all, args, n_args, answers, out_done, err);
        if (s->tail != NULL && *out_done >= s->head)
            return rc;
        if (rc != ZQ_OK && rc != ZQ_E_LOST)
            zq_db_exec(db, "ROLLBACK", NULL);
    }
    return zq_transact_failed(rc, lease, err);
}

zq_rc zq_transact(zq_db *db, const zq_lease *lease, const char *text, const zq_arg *args,
                  size_t n_args, const zq_answers *answers, size_t *out_done, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *fence = zq_lease_fence(lease);
    const shifted s = {.answers = answers, .before = *fence == '\0' ? 1 : 3};
    const char *all = zq_arena_printf(arena, "START TRANSACTION;%s%s%s;COMMIT", fence,
                                      *fence == '\0' ? "" : ";", text);
    zq_answers own = {0};
    zq_err local = {0};
    size_t done = 0;
    zq_rc rc;

    if (answers != NULL)
        own = answers_of(&s, arena);
    rc = try_all(db, lease, all, args, n_args, answers == NULL ? NULL : &own, &s, &done, &local);
    if (out_done != NULL)
        *out_done = done < s.before ? 0 : done - s.before;
    if (rc != ZQ_OK && err != NULL)
        *err = local;
    return rc;
}

zq_rc zq_transact_then(zq_db *db, const zq_lease *lease, const char *text, zq_tail *tail,
                       zq_err *err)
{
    /* A server takes net_buffer_length, 16 KiB, however small its max_allowed_packet is. */
    enum { MOST_BYTES = 15 * 1024 };
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *fence = zq_lease_fence(lease);
    const size_t before = *fence == '\0' ? 1 : 3;
    zq_answers own;
    shifted s = {.before = before, .head = before + 2};
    const char *all;
    size_t done = 0;

    if (tail == NULL)
        return zq_transact(db, lease, text, NULL, 0, NULL, NULL, err);
    s.tail = tail->answers;
    own = answers_of(&s, arena);
    all = zq_arena_printf(arena, "START TRANSACTION;%s%s%s;COMMIT;%s", fence,
                          *fence == '\0' ? "" : ";", text, tail->text);
    if (strlen(all) > MOST_BYTES)
        return zq_transact(db, lease, text, NULL, 0, NULL, NULL, err);
    tail->rc = try_all(db, lease, all, NULL, 0, &own, &s, &done, &tail->err);
    tail->n_done = done < s.head ? 0 : done - s.head;
    if (done >= s.head && tail->rc != ZQ_E_LOST && tail->rc != ZQ_E_ANSWER)
        return ZQ_OK;
    if (err != NULL)
        *err = tail->err;
    return tail->rc;
}
