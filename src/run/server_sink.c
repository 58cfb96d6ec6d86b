/* Runs steps on a server: those that change rows as one transaction, those that make tables side by
 * side.
 *
 * A DDL statement waits for the disk many times, and connections can wait together. Each gets a
 * share of about the same weight, by the number of trees its tables have, and sends it in one round
 * trip. A connection that cannot be had leaves its share to the others. */
#include "run/runner.h"

#include "base/clock.h"
#include "base/phrase.h"
#include "run/transact.h"
#include "sql/sql.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_JOBS = 64 };

/* One connection's share of a stage. */
typedef struct work_share {
    const zq_step **steps;
    size_t n;
    size_t weight;
} work_share;

typedef struct worker {
    zq_server_sink *sink;
    zq_db *db; /* NULL until its thread has connected */
    pthread_t thread;
    bool connecting;
    bool working;
    work_share share;
    zq_rc rc;
    zq_err err;
} worker;

struct zq_workers {
    size_t n;
    worker items[];
};

/* ---- steps in one round trip ---- */

/* One text of several statements, with the arguments of all of them: they travel as arguments, so
 * that an error can never quote one. */
typedef struct batch {
    zq_sql sql;
    zq_arg *args;
    size_t n_args;
} batch;

static void add_step(batch *to, const zq_step *step)
{
    zq_sql_add(&to->sql, ";%-s", step->text);
    for (size_t i = 0; i < step->n_args; i++)
        to->args[to->n_args++] = step->args[i];
}

enum { BEFORE_STEPS = 2 }; /* statements of a batch */

typedef struct asking {
    const zq_server_sink *sink;
    const zq_step *const *steps;
    size_t n;
    size_t before;            /* statements before theirs */
    unsigned long long since; /* the last answer, or the beginning, in ms */
} asking;

static zq_rc take_row(void *context, size_t statement, ZQ_UNUSED const zq_row *row,
                      ZQ_UNUSED zq_err *err)
{
    const asking *a = context;
    bool *found = a->steps[statement - a->before]->out_found;

    if (found != NULL)
        *found = true;
    return ZQ_OK;
}

static void note_answer(void *context, size_t statement)
{
    asking *a = context;
    const unsigned long long since = a->since;
    const zq_step *step;

    a->since = zq_now_ms();
    if (statement < a->before || statement - a->before >= a->n)
        return;
    step = a->steps[statement - a->before];
    if (step->change != NULL && step->change->op == ZQ_OP_CREATE_TABLE)
        a->sink->made(a->sink->made_context, step->change->desired, a->since - since);
}

/* `before` statements, a step that only asks, and `after` statements. */
static zq_answers answers_of(asking *a, size_t after, zq_arena *arena)
{
    const size_t n_all = a->before + a->n + after;
    zq_answer *items = ZQ_NEW_ARRAY(arena, zq_answer, n_all + 1);

    for (size_t i = 0; i < n_all; i++)
        items[i].columns = "";
    for (size_t i = 0; i < a->n; i++) {
        if (a->steps[i]->out_found != NULL)
            items[a->before + i].columns = "T";
    }
    return (zq_answers){.items = items,
                        .n = n_all,
                        .take = take_row,
                        .context = a,
                        .answered = a->sink->made == NULL ? NULL : note_answer};
}

static void begin_batch(batch *b, const char *database, const zq_step *const *steps, size_t n,
                        zq_arena *arena)
{
    size_t n_args = 0;

    for (size_t i = 0; i < n; i++)
        n_args += steps[i]->n_args;
    b->args = ZQ_NEW_ARRAY(arena, zq_arg, n_args + 1);
    zq_sql_add(&b->sql, "USE `%s`", database);
}

static void add_steps(batch *b, const zq_step *const *steps, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add_step(b, steps[i]);
}

/* A failure says which step it was. */
static zq_rc name_step(zq_rc rc, const zq_step *const *steps, size_t n, size_t done, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    if (rc != ZQ_OK && rc != ZQ_E_TAKEN && done < n)
        zq_err_prefix(err, "cannot %s: ", zq_phrase_made(arena, steps[done]->say));
    return rc;
}

static zq_rc run_statements(const zq_server_sink *sink, zq_db *db, const zq_step *const *steps,
                            size_t n, size_t *out_done, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    asking a = {sink, steps, n, BEFORE_STEPS, zq_now_ms()};
    const zq_answers answers = answers_of(&a, 1, arena);
    batch b = {0};
    const char *text;
    size_t done = 0;
    zq_rc rc;

    begin_batch(&b, sink->database, steps, n, arena);
    zq_sql_lit(&b.sql, ";SET SESSION foreign_key_checks = 0");
    add_steps(&b, steps, n);
    zq_sql_lit(&b.sql, ";SET SESSION foreign_key_checks = 1");
    rc = zq_sql_finish(&b.sql, &text, err);
    if (rc == ZQ_OK)
        rc = zq_db_run(db, text, b.args, b.n_args, &answers, &done, err);
    zq_sql_done(&b.sql);
    *out_done = done < BEFORE_STEPS ? 0 : done - BEFORE_STEPS < n ? done - BEFORE_STEPS : n;
    return done < BEFORE_STEPS ? rc : name_step(rc, steps, n, *out_done, err);
}

/* Tables that refer to each other, made side by side, can meet in a deadlock (1213, seen on MySQL
 * 9.7): the server has undone the one statement, and the share goes on from there. */
static zq_rc run_share(const zq_server_sink *sink, zq_db *db, const work_share *share, zq_err *err)
{
    enum { MOST_TRIES = 20 };
    size_t first = 0;
    zq_rc rc = ZQ_E_LOCKED;

    for (int try = 0; try < MOST_TRIES && rc == ZQ_E_LOCKED; try++) {
        size_t done = 0;

        ZQ_TRY(zq_lease_ask(sink->lease, db, err));
        rc = run_statements(sink, db, share->steps + first, share->n - first, &done, err);
        first += done;
    }
    return rc;
}

static zq_rc run_rows(const zq_server_sink *sink, const zq_step *steps, size_t n, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_step **all = ZQ_NEW_ARRAY(arena, const zq_step *, n);
    asking a = {sink, all, n, 1, 0};
    zq_answers answers;
    batch b = {0};
    const char *text;
    size_t done = 0;
    zq_rc rc;

    for (size_t i = 0; i < n; i++)
        all[i] = &steps[i];
    begin_batch(&b, sink->database, all, n, arena);
    add_steps(&b, all, n);
    answers = answers_of(&a, 0, arena);
    rc = zq_sql_finish(&b.sql, &text, err);
    if (rc == ZQ_OK)
        rc = zq_transact(sink->db, sink->lease, text, b.args, b.n_args, &answers, &done, err);
    zq_sql_done(&b.sql);
    if (rc != ZQ_OK && done > n)
        zq_err_prefix(err, "cannot commit: ");
    return done == 0 ? rc : name_step(rc, all, n, done - 1, err);
}

/* ---- workers ---- */

static void *connect_worker(void *context)
{
    worker *w = context;

    w->rc = w->sink->open(w->sink->open_context, &w->db, &w->err);
    return NULL;
}

static void *run_worker(void *context)
{
    worker *w = context;

    w->rc = zq_lease_begin_session(w->sink->lease, w->db, &w->err);
    if (w->rc == ZQ_OK)
        w->rc = run_share(w->sink, w->db, &w->share, &w->err);
    return NULL;
}

void zq_sink_server_begin(zq_server_sink *sink)
{
    size_t n = sink->jobs > LARGEST_JOBS ? LARGEST_JOBS : sink->jobs;

    if (sink->workers != NULL || n < 2 || sink->open == NULL)
        return;
    n--;
    sink->workers = calloc(1, sizeof *sink->workers + n * sizeof sink->workers->items[0]);
    if (sink->workers == NULL)
        zq_out_of_memory(n * sizeof sink->workers->items[0]);
    sink->workers->n = n;
    for (size_t i = 0; i < n; i++) {
        worker *w = &sink->workers->items[i];

        w->sink = sink;
        w->connecting = pthread_create(&w->thread, NULL, connect_worker, w) == 0;
    }
}

/* A worker that could not connect is done without: its share goes to the others. */
static size_t wait_until_connected(struct zq_workers *workers)
{
    size_t connected = 0;

    for (size_t i = 0; workers != NULL && i < workers->n; i++) {
        worker *w = &workers->items[i];

        if (w->connecting)
            pthread_join(w->thread, NULL);
        w->connecting = false;
        connected += w->db != NULL;
    }
    return connected;
}

void zq_sink_server_end(zq_server_sink *sink)
{
    wait_until_connected(sink->workers);
    for (size_t i = 0; sink->workers != NULL && i < sink->workers->n; i++)
        zq_db_close(sink->workers->items[i].db);
    free(sink->workers);
    sink->workers = NULL;
}

/* ---- a stage ---- */

/* What making a table costs a server grows with its indexes: each is a tree of its own. */
static size_t weight_of(const zq_step *step)
{
    enum { TABLE = 3, INDEX = 1 };
    const zq_table *table = step->change == NULL ? NULL : step->change->desired;

    return table == NULL ? TABLE : TABLE + INDEX * (table->n_indexes + table->n_foreign_keys);
}

/* Give each step to the share that has least to do so far. */
static void deal(const zq_step *steps, size_t n, work_share **shares, size_t n_shares)
{
    for (size_t i = 0; i < n; i++) {
        work_share *lightest = shares[0];

        for (size_t s = 1; s < n_shares; s++) {
            if (shares[s]->weight < lightest->weight)
                lightest = shares[s];
        }
        lightest->steps[lightest->n++] = &steps[i];
        lightest->weight += weight_of(&steps[i]);
    }
}

static zq_rc run_side_by_side(zq_server_sink *sink, work_share *mine, worker **helpers,
                              size_t n_helpers, zq_err *err)
{
    zq_rc rc;

    for (size_t i = 0; i < n_helpers; i++) {
        worker *w = helpers[i];

        w->rc = ZQ_OK;
        w->working = w->share.n > 0 && pthread_create(&w->thread, NULL, run_worker, w) == 0;
    }
    rc = run_share(sink, sink->db, mine, err);
    for (size_t i = 0; i < n_helpers; i++) {
        worker *w = helpers[i];

        if (w->working)
            pthread_join(w->thread, NULL);
        else if (w->share.n > 0)
            run_worker(w);
        if (rc == ZQ_OK && w->rc != ZQ_OK) {
            *err = w->err;
            rc = w->rc;
        }
    }
    return rc;
}

static zq_rc run_ddl(zq_server_sink *sink, const zq_step *steps, size_t n, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    size_t most = n > 1 && !steps[0].in_order ? wait_until_connected(sink->workers) : 0;
    worker **helpers = ZQ_NEW_ARRAY(arena, worker *, most + 1);
    work_share **shares = ZQ_NEW_ARRAY(arena, work_share *, most + 1);
    work_share mine = {.steps = ZQ_NEW_ARRAY(arena, const zq_step *, n)};
    size_t n_helpers = 0;

    shares[0] = &mine;
    for (size_t i = 0; most > 0 && i < sink->workers->n; i++) {
        worker *w = &sink->workers->items[i];

        if (w->db == NULL)
            continue;
        w->share = (work_share){.steps = ZQ_NEW_ARRAY(arena, const zq_step *, n)};
        helpers[n_helpers++] = w;
        shares[n_helpers] = &w->share;
    }
    deal(steps, n, shares, n_helpers + 1);
    return run_side_by_side(sink, &mine, helpers, n_helpers, err);
}

static zq_rc server_run(void *context, const zq_step *steps, size_t n, zq_err *err)
{
    zq_server_sink *sink = context;

    return steps[0].changes_rows ? run_rows(sink, steps, n, err) : run_ddl(sink, steps, n, err);
}

zq_sink zq_sink_server_of(zq_server_sink *sink)
{
    return (zq_sink){.run = server_run, .context = sink};
}
