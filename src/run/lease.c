/* The lease is taken by one UPDATE that commits by itself: of all who try at once, on whatever
 * nodes, one gets a row. It is free when its holder is NULL; when it speaks of another server or
 * cluster (a backup that was restored); when its holder was on this very server, whose named lock
 * we have, so that its connection is gone; or when its beat has not moved for ZQ_LEASE_MS by our
 * own clock. No two clocks are ever compared. A server may keep the connection of a client that is
 * gone: while its named lock is waited for, that of a holder whose beat stands still is ended,
 * unless it has no connection to beat with. A take is bound to the token (and the beat) that was
 * read, so that nobody is taken for dead who has moved since.
 *
 * What was tried and given up: a SELECT of the token at the start of a transaction is not a fence,
 * on Galera a holder that lags commits all the same; nor is an UPDATE that changes nothing. Only a
 * real write of the row conflicts with a takeover on another node, so the fence counts the beat up.
 * It holds the row until its transaction ends, so it stands right before the COMMIT of statements
 * that may take long, or else the beat could not move. */
#include "run/lease.h"

#include "base/clock.h"
#include "base/phrase.h"
#include "run/book.h"
#include "sql/ddl_write.h"
#include "sql/sql.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BEAT_MS = 2000, POLL_MS = 500, PATIENCE_MS = 300, HEART_MS = 1000 };

/* The named lock of the connection that beats: it shows others that the beat must move. */
#define HEART "heart"

struct zq_lease {
    zq_lease_request request; /* its texts are the lease's own */
    char lock[ZQ_LOCK_NAME];
    zq_node node;
    bool node_known;
    zq_lease_row asked; /* the answer to the question, without texts */
    bool has_row;
    unsigned long long token;
    unsigned long long book; /* version of our tables */
    char *fence;

    /* the beat's thread */
    pthread_t thread;
    pthread_cond_t wake;
    zq_db *heart; /* its connection; NULL: none */
    bool beats;

    pthread_mutex_t guard; /* for the rest */
    bool may_beat;         /* the row is ours, and the connection there if there must be one */
    bool ending;
    bool gone;
    unsigned long long confirmed_ms; /* when the row was last seen to be ours */
};

static char *copy(const char *text)
{
    char *out = strdup(text);

    if (out == NULL)
        zq_out_of_memory(strlen(text) + 1);
    return out;
}

/* ---- the row ---- */

/* Who holds it, as the row has it, in English: program, process, host. */
#define WHO N_("%s, process %ld on %s")

#define ROW_COLUMNS \
    "token, beat, holder, server, node, connection_id, acquired_time, node = " ZQ_NODE_HERE
#define ROW_ANSWER "iiTTTTTI"

typedef struct row_reading {
    zq_arena *arena;
    zq_lease_row *row;
} row_reading;

static zq_rc take_row(void *context, ZQ_UNUSED size_t statement, const zq_row *row,
                      ZQ_UNUSED zq_err *err)
{
    row_reading *r = context;

    *r->row = (zq_lease_row){
        .there = true,
        .token = strtoull(zq_row_text(row, 0), NULL, 10),
        .beat = strtoull(zq_row_text(row, 1), NULL, 10),
        .holder = zq_arena_strdup(r->arena, zq_row_text(row, 2)),
        .server = zq_arena_strdup(r->arena, zq_row_text(row, 3)),
        .node = zq_arena_strdup(r->arena, zq_row_text(row, 4)),
        .connection_id = zq_arena_strdup(r->arena, zq_row_text(row, 5)),
        .acquired_time = zq_arena_strdup(r->arena, zq_row_text(row, 6)),
        .here = zq_row_text(row, 7) != NULL && strcmp(zq_row_text(row, 7), "1") == 0,
    };
    return ZQ_OK;
}

zq_rc zq_lease_read(zq_db *db, const char *database, zq_arena *arena, zq_lease_row *out,
                    zq_err *err)
{
    static const zq_answer answer = {.columns = ROW_ANSWER, .rows = ZQ_AT_MOST_ONE_ROW};
    row_reading r = {arena, out};
    ZQ_AUTO_SQL(sql);
    zq_err local = {0};
    const char *text;
    zq_rc rc;

    *out = (zq_lease_row){0};
    zq_sql_add(&sql, "SELECT " ROW_COLUMNS " FROM `%s`.zq_meta_lease WHERE id = 1", database);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    zq_db_expect_soon(db);
    rc = zq_db_run(db, text, NULL, 0, &(zq_answers){&answer, 1, take_row, &r}, NULL, &local);
    if (rc == ZQ_OK || (rc == ZQ_E_SERVER &&
                        (local.cause == ZQ_CAUSE_NO_TABLE || local.cause == ZQ_CAUSE_NO_COLUMN ||
                         local.cause == ZQ_CAUSE_NO_DATABASE)))
        return ZQ_OK;
    return zq_err_give(err, &local);
}

zq_rc zq_lease_take_away(zq_db *db, const char *database, unsigned long long token, bool *out_done,
                         zq_err *err)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_add(&sql,
               "UPDATE `%s`.zq_meta_lease SET holder = NULL, token = token + 1 WHERE id = 1 AND "
               "token = %llu",
               database, token);
    zq_db_expect_soon(db);
    ZQ_TRY(zq_db_run_sql(db, &sql, NULL, NULL, err));
    *out_done = zq_db_affected(db) == 1;
    return ZQ_OK;
}

zq_rc zq_lease_end_holder(zq_db *db, const char *database, const zq_lease_row *row, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_SQL(sql);
    char name[ZQ_LOCK_NAME];
    zq_rows rows;

    if (!row->here || row->connection_id == NULL)
        return ZQ_OK;
    zq_lock_name(database, NULL, name);
    zq_sql_add(&sql, "SELECT IFNULL(IS_USED_LOCK('%s') = '%s', 0)", name, row->connection_id);
    zq_db_expect_soon(db);
    ZQ_TRY(zq_db_query_sql(db, &sql, "i", arena, &rows, err));
    if (rows.n > 0 && strcmp(zq_rows_at(&rows, 0, 0), "1") == 0)
        zq_lock_end(db, strtoull(row->connection_id, NULL, 10));
    return ZQ_OK;
}

typedef struct waiting {
    unsigned long long began_ms, said_ms;
    zq_lease_row seen;          /* the last reading, without texts but for whether it is held */
    unsigned long long seen_ms; /* since when it has been like that */
    unsigned fixes;
    bool make;    /* the table and its row */
    bool cleared; /* what a dead run left on this server is gone */
} waiting;

static bool is_expired(const waiting *w)
{
    return w->seen.holder != NULL && zq_now_ms() - w->seen_ms >= ZQ_LEASE_MS;
}

static void write_take(zq_sql *sql, const zq_lease *lease, const waiting *w)
{
    char host[128] = "";
    zq_arena *arena = zq_arena_open();
    const char *who;

    gethostname(host, sizeof host - 1);
    who = zq_arena_printf(arena, WHO, lease->request.program, (long)getpid(), host);
    zq_sql_add(
        sql,
        "UPDATE `%s`.zq_meta_lease SET token = token + 1, beat = 0, holder = '%s', "
        "server = '%s', node = '%s', connection_id = CONNECTION_ID(), acquired_time = NOW(3) "
        "WHERE id = 1 AND (holder IS NULL OR server <> '%s'",
        lease->request.database, who, lease->node.server, lease->node.name, lease->node.server);
    if (w->cleared)
        zq_sql_add(sql, " OR node = '%s'", lease->node.name);
    if (is_expired(w))
        zq_sql_add(sql, " OR (token = %llu AND beat = %llu)", w->seen.token, w->seen.beat);
    zq_sql_add(sql,
               ");SELECT " ROW_COLUMNS ", ROW_COUNT(), (SELECT token FROM `%s`.zq_meta_lease "
               "WHERE id = 2) FROM `%s`.zq_meta_lease WHERE id = 1",
               lease->request.database, lease->request.database);
    zq_arena_close(arena);
}

/* The row must be there before anybody can take it. Of several who make it, one does. */
static void write_table_and_row(zq_sql *sql, const zq_lease *lease)
{
    const zq_table *table = zq_schema_table(lease->request.schema, "zq_meta_lease");

    zq_sql_add(sql, "USE `%s`;", lease->request.database);
    zq_ddl_create_table(sql, table, true, zq_db_server(lease->request.db)->flavor);
    zq_sql_add(sql, ";INSERT IGNORE INTO `%s`.zq_meta_lease (id, token, beat) VALUES (1, 0, 0);",
               lease->request.database);
}

typedef struct taking {
    row_reading row;
    bool got;
} taking;

static zq_rc take_taken(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    taking *t = context;
    const char *book = zq_row_text(row, 9);

    t->got = strcmp(zq_row_text(row, 8), "1") == 0;
    ZQ_TRY(take_row(&t->row, statement, row, err));
    t->row.row->book = book == NULL ? 1 : strtoull(book, NULL, 10);
    return ZQ_OK;
}

/* One try. A deadlock, or a conflict with another node, is a try that failed. */
static zq_rc try_take(const zq_lease *lease, const waiting *w, zq_arena *arena, bool *out_got,
                      zq_lease_row *out, zq_err *err)
{
    static const zq_answer answers[] = {{.columns = "", .times = 3},
                                        {.columns = ""},
                                        {.columns = ROW_ANSWER "iI", .rows = ZQ_AT_MOST_ONE_ROW}};
    const size_t skip = w->make ? 0 : 1;
    taking t = {.row = {arena, out}};
    ZQ_AUTO_SQL(sql);
    size_t done;
    zq_rc rc;

    *out = (zq_lease_row){0};
    if (w->make)
        write_table_and_row(&sql, lease);
    write_take(&sql, lease, w);
    zq_db_expect_soon(lease->request.db);
    rc = zq_db_run_sql(lease->request.db, &sql,
                       &(zq_answers){answers + skip, 3 - skip, take_taken, &t}, &done, err);
    if (rc == ZQ_E_LOCKED) {
        *out = w->seen;
        out->there = true;
        return ZQ_OK;
    }
    if (rc != ZQ_OK && w->make && done == 1)
        zq_err_prefix(err, "cannot create table 'zq_meta_lease': ");
    *out_got = rc == ZQ_OK && t.got;
    return rc;
}

/* ---- the table ---- */

/* Of a build that had no beat. Side by side with another run that does the same. */
static zq_rc renew_table(const zq_lease *lease, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_err local = {0};
    const char *text;
    zq_rc rc;

    zq_sql_add(&sql,
               "ALTER TABLE `%s`.zq_meta_lease ADD COLUMN beat bigint unsigned NOT NULL AFTER "
               "token, ADD COLUMN node varchar(255) AFTER server, DROP COLUMN purpose, DROP COLUMN "
               "expires_time",
               lease->request.database);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    rc = zq_db_exec(lease->request.db, text, &local);
    if (rc == ZQ_OK || local.cause == ZQ_CAUSE_DUPLICATE_COLUMN ||
        local.cause == ZQ_CAUSE_NOTHING_TO_DROP)
        return ZQ_OK;
    return zq_err_give(err, &local);
}

/* What is wrong with the table is put right. */
static zq_rc fix_table(const zq_lease *lease, zq_rc rc, waiting *w, zq_err *err)
{
    if (rc != ZQ_E_SERVER || w->fixes++ >= 4)
        return rc;
    if (err->cause == ZQ_CAUSE_NO_TABLE && lease->request.may_make && !w->make) {
        w->make = true;
        return ZQ_OK;
    }
    return err->cause == ZQ_CAUSE_NO_COLUMN ? renew_table(lease, err) : rc;
}

/* ---- what is left of another run ---- */

zq_rc zq_lease_begin_session(const zq_lease *lease, zq_db *db, zq_err *err)
{
    return lease == NULL || !lease->node_known ? ZQ_OK : zq_node_begin(db, &lease->node, err);
}

static zq_rc find_remains(const zq_lease *lease, zq_arena *arena, zq_rows *out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);

    for (unsigned i = 0; i < ZQ_MOST_SESSIONS; i++) {
        char name[ZQ_LOCK_NAME];

        zq_lock_session_name(lease->request.database, i, name);
        zq_sql_add(&sql, "%-s %u%-s, IS_USED_LOCK('%s')%-s",
                   i == 0 ? "SELECT n FROM (SELECT" : " UNION ALL SELECT", i, i == 0 ? " AS n" : "",
                   name, i == 0 ? " AS id" : "");
    }
    zq_sql_lit(&sql, ") AS locks WHERE id IS NOT NULL");
    zq_db_expect_soon(lease->request.db);
    return zq_db_query_sql(lease->request.db, &sql, "i", arena, out, err);
}

/* Connections of a run whose first one is gone: perhaps a statement is still at work there. */
static zq_rc clear_remains(const zq_lease *lease, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    char heart[ZQ_LOCK_NAME];
    zq_rows rows;

    ZQ_TRY(find_remains(lease, arena, &rows, err));
    for (size_t i = 0; i < rows.n; i++) {
        char name[ZQ_LOCK_NAME];

        zq_lock_session_name(lease->request.database,
                             (unsigned)strtoul(zq_rows_at(&rows, i, 0), NULL, 10), name);
        ZQ_TRY(zq_lock_clear(lease->request.db, name, PATIENCE_MS, lease->request.timeout_ms, err));
    }
    zq_lock_name(lease->request.database, HEART, heart);
    return zq_lock_clear(lease->request.db, heart, PATIENCE_MS, HEART_MS, err);
}

/* ---- the beat ---- */

static void confirm(zq_lease *lease, bool ours)
{
    pthread_mutex_lock(&lease->guard);
    if (ours)
        lease->confirmed_ms = zq_now_ms();
    else
        lease->gone = true;
    pthread_mutex_unlock(&lease->guard);
}

typedef struct pulse {
    bool ours;
    bool lock_lost;
    const zq_lease *lease;
} pulse;

static zq_rc take_pulse(void *context, ZQ_UNUSED size_t statement, const zq_row *row,
                        ZQ_UNUSED zq_err *err)
{
    pulse *p = context;
    const char *node = zq_row_text(row, 1);
    const char *holder = zq_row_text(row, 2);

    p->ours = strcmp(zq_row_text(row, 0), "1") == 0;
    /* Each server knows only of its own. */
    p->lock_lost =
        node != NULL && strcmp(node, p->lease->node.name) == 0 &&
        (holder == NULL || strtoull(holder, NULL, 10) != zq_db_connection_id(p->lease->request.db));
    return ZQ_OK;
}

/* One beat over `db`. A row that is locked, or a conflict, says nothing. */
static zq_rc beat(zq_lease *lease, zq_db *db, zq_err *err)
{
    static const zq_answer answers[] = {{.columns = ""}, {"iTI", ZQ_ONE_ROW, 1}};
    pulse p = {.lease = lease};
    ZQ_AUTO_SQL(sql);
    zq_rc rc;

    zq_sql_add(&sql,
               "UPDATE `%s`.zq_meta_lease SET beat = beat + 1 WHERE id = 1 AND token = %llu;"
               "SELECT ROW_COUNT(), " ZQ_NODE_HERE ", IS_USED_LOCK('%s')",
               lease->request.database, lease->token, lease->lock);
    zq_db_expect_soon(db);
    rc = zq_db_run_sql(db, &sql, &(zq_answers){answers, 2, take_pulse, &p}, NULL, err);
    if (rc == ZQ_OK)
        confirm(lease, p.ours && !p.lock_lost);
    return rc;
}

/* Sleep until it is time for the next; false: the end. */
static bool wait_for_beat(zq_lease *lease)
{
    struct timespec until;
    bool ending;

    pthread_mutex_lock(&lease->guard);
    while (!lease->ending && !lease->may_beat)
        pthread_cond_wait(&lease->wake, &lease->guard);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += BEAT_MS / 1000;
    if (!lease->ending)
        pthread_cond_timedwait(&lease->wake, &lease->guard, &until);
    ending = lease->ending || lease->gone;
    pthread_mutex_unlock(&lease->guard);
    return !ending;
}

static zq_rc open_heart(zq_lease *lease, zq_err *err)
{
    ZQ_AUTO(zq_db) db = NULL;
    char name[ZQ_LOCK_NAME], sql[256];

    zq_lock_name(lease->request.database, HEART, name);
    snprintf(sql, sizeof sql,
             "SET SESSION innodb_lock_wait_timeout = 1, lock_wait_timeout = 1;"
             "DO GET_LOCK('%s', 0)",
             name);
    ZQ_TRY(lease->request.open(lease->request.open_context, &db, err));
    zq_db_expect_soon(db);
    ZQ_TRY(zq_db_exec(db, sql, err));
    lease->heart = db;
    db = NULL;
    return ZQ_OK;
}

/* A run that is over before its first beat never connects for it. A connection that cannot be had
 * is done without. */
static void *run_beat(void *context)
{
    zq_lease *lease = context;

    while (wait_for_beat(lease)) {
        zq_err err = {0};

        if (lease->heart != NULL && zq_db_is_lost(lease->heart)) {
            zq_db_close(lease->heart);
            lease->heart = NULL;
        }
        if (lease->heart == NULL && open_heart(lease, &err) != ZQ_OK)
            continue;
        beat(lease, lease->heart, &err);
    }
    return NULL;
}

/* The thread that beats, before there is a row to beat: Linux cannot map a stack while the
 * password's hash, which may begin as soon as the lock is there, populates its 64 MiB (measured: 33
 * ms of a fresh install). */
static void begin_thread(zq_lease *lease)
{
    pthread_condattr_t monotonic;

    if (lease->request.open == NULL)
        return;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&lease->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    lease->beats = pthread_create(&lease->thread, NULL, run_beat, lease) == 0;
    if (!lease->beats)
        pthread_cond_destroy(&lease->wake);
}

/* On a cluster, only the beat tells other nodes that a long statement is at work. */
static zq_rc begin_beat(zq_lease *lease, zq_err *err)
{
    if (lease->request.open != NULL && lease->node.cluster && open_heart(lease, err) != ZQ_OK) {
        return zq_err_prefix(err, "no second connection, which a run on a cluster needs: ");
    }
    pthread_mutex_lock(&lease->guard);
    lease->may_beat = true;
    if (lease->beats)
        pthread_cond_signal(&lease->wake);
    pthread_mutex_unlock(&lease->guard);
    return ZQ_OK;
}

static void end_beat(zq_lease *lease)
{
    if (lease->beats) {
        pthread_mutex_lock(&lease->guard);
        lease->ending = true;
        pthread_cond_signal(&lease->wake);
        pthread_mutex_unlock(&lease->guard);
        pthread_join(lease->thread, NULL);
        pthread_cond_destroy(&lease->wake);
    }
    zq_db_close(lease->heart);
    lease->heart = NULL;
}

/* ---- taking ---- */

static void write_fence(zq_lease *lease)
{
    ZQ_AUTO_SQL(sql);
    const char *text;

    zq_sql_add(&sql, "UPDATE `%s`.zq_meta_lease SET beat = beat + 1 WHERE id = 1 AND token = %llu",
               lease->request.database, lease->token);
    /* Two rows where one is wanted are an error, whatever the session's sql_mode. */
    zq_sql_lit(&sql, ";SELECT (SELECT n FROM (SELECT 1 AS n UNION ALL SELECT 2) AS two "
                     "WHERE n = 1 OR ROW_COUNT() <> 1)");
    if (zq_sql_finish(&sql, &text, NULL) == ZQ_OK)
        lease->fence = copy(text);
}

const char *zq_lease_say_holder(const char *holder, zq_arena *arena)
{
    static const char before[] = ", process ";
    const char *process = strstr(holder, before);
    char *host;
    long id;

    if (process == NULL)
        return holder;
    id = strtol(process + strlen(before), &host, 10);
    if (strncmp(host, " on ", strlen(" on ")) != 0)
        return holder;
    return zq_tr_printf(arena, WHO, zq_arena_strndup(arena, holder, (size_t)(process - holder)), id,
                        host + strlen(" on "));
}

static const char *holder_words(const zq_lease_row *row, zq_arena *arena)
{
    if (row->holder == NULL)
        return zq_tr(N_("another run"));
    return zq_tr_printf(arena, "%s, over %s, since %s", zq_lease_say_holder(row->holder, arena),
                        row->node == NULL ? zq_tr(N_("another node")) : row->node,
                        row->acquired_time == NULL ? "?" : row->acquired_time);
}

static zq_rc fail_held(const zq_lease *lease, const zq_lease_row *row, zq_arena *arena, zq_err *err)
{
    zq_fail(err, ZQ_E_LOCKED, "another run has held the lock for over %u s",
            lease->request.timeout_ms / 1000);
    zq_err_detail(err, "held by %s", holder_words(row, arena));
    return zq_err_hint(err, "wait for it to finish, or allow more time with --lock-timeout");
}

static void pause_ms(unsigned ms)
{
    struct timespec pause = {.tv_nsec = ms * 1000000L};

    nanosleep(&pause, NULL);
}

/* A run on this server that is gone, for we have its named lock; its workers may be at work. */
static bool may_have_remains(const zq_lease_row *row)
{
    return row->holder != NULL && row->here;
}

/* Another has it: is it alive? */
static zq_rc keep_waiting(zq_lease *lease, waiting *w, const zq_lease_row *now, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_lease_request *r = &lease->request;
    unsigned long long ms = zq_now_ms();

    if (now->token != w->seen.token || now->beat != w->seen.beat || w->seen.holder == NULL) {
        w->seen = (zq_lease_row){
            .token = now->token, .beat = now->beat, .holder = now->holder == NULL ? NULL : ""};
        w->seen_ms = ms;
    }
    if (ms - w->began_ms >= r->timeout_ms)
        return fail_held(lease, now, arena, err);
    if (r->on_wait != NULL && ms - w->said_ms >= 1000) {
        w->said_ms = ms;
        ZQ_TRY(r->on_wait(r->wait_context, holder_words(now, arena), (unsigned)(ms - w->began_ms),
                          err));
    }
    pause_ms(ms - w->began_ms < POLL_MS ? POLL_MS / 10 : POLL_MS);
    return ZQ_OK;
}

/* One try, and what is to be done before the next one. */
static zq_rc take_once(zq_lease *lease, waiting *w, bool *out_got, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_lease_row now;
    zq_rc rc = try_take(lease, w, arena, out_got, &now, err);

    if (rc != ZQ_OK)
        return fix_table(lease, rc, w, err);
    lease->token = now.token;
    lease->book = now.book;
    if (*out_got)
        return ZQ_OK;
    if (!now.there && w->fixes++ < 4) {
        w->make = true;
        return ZQ_OK;
    }
    if (may_have_remains(&now) && !w->cleared) {
        w->cleared = true;
        return clear_remains(lease, err);
    }
    return keep_waiting(lease, w, &now, err);
}

zq_rc zq_lease_claim(zq_lease *lease, bool *out_moved, zq_err *err)
{
    waiting w = {.began_ms = zq_now_ms(), .make = !lease->asked.there};
    bool got = false;

    *out_moved = false;
    if (lease->has_row)
        return ZQ_OK;
    while (!got)
        ZQ_TRY(take_once(lease, &w, &got, err));
    lease->has_row = true;
    lease->confirmed_ms = zq_now_ms();
    ZQ_TRY(zq_book_check_version(lease->request.database, lease->book, err));
    write_fence(lease);
    *out_moved = lease->token != lease->asked.token + 1 || lease->asked.holder != NULL;
    return begin_beat(lease, err);
}

static zq_lease *lease_open(const zq_lease_request *request)
{
    zq_lease *lease = calloc(1, sizeof *lease);

    if (lease == NULL)
        zq_out_of_memory(sizeof *lease);
    lease->request = *request;
    lease->request.database = copy(request->database);
    lease->request.program = copy(request->program == NULL ? "a program" : request->program);
    zq_lock_name(request->database, NULL, lease->lock);
    pthread_mutex_init(&lease->guard, NULL);
    begin_thread(lease);
    return lease;
}

/* ---- a holder whose client is gone, which its server does not know ---- */

typedef struct silence {
    const zq_lease_request *request;
    char lock[ZQ_LOCK_NAME], heart[ZQ_LOCK_NAME];
    zq_lease_row seen; /* the last reading, without texts */
    unsigned long long since_ms;
} silence;

/* Does the named lock belong to who has the row, and is there a connection that should beat for it?
 */
static zq_rc should_beat(const silence *s, const char *connection_id, bool *out, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_SQL(sql);
    zq_rows rows;

    zq_sql_add(&sql,
               "SELECT IFNULL(IS_USED_LOCK('%s') = '%s' AND IS_USED_LOCK('%s') IS NOT NULL, 0)",
               s->lock, connection_id, s->heart);
    zq_db_expect_soon(s->request->db);
    ZQ_TRY(zq_db_query_sql(s->request->db, &sql, "i", arena, &rows, err));
    *out = rows.n > 0 && strcmp(zq_rows_at(&rows, 0, 0), "1") == 0;
    return ZQ_OK;
}

/* End the holder's connection when its beat has stood still for too long: just that one, since of
 * several who wait another may have the lock a moment later. */
static zq_rc end_silent(silence *s, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_lease_request *r = s->request;
    const unsigned most_ms = r->silent_ms > 0 ? r->silent_ms : ZQ_LEASE_SILENT_MS;
    const unsigned long long ms = zq_now_ms();
    zq_lease_row now;
    bool silent;

    ZQ_TRY(zq_lease_read(r->db, r->database, arena, &now, err));
    if (now.token != s->seen.token || now.beat != s->seen.beat || s->since_ms == 0) {
        s->seen = (zq_lease_row){.token = now.token, .beat = now.beat};
        s->since_ms = ms;
    }
    if (now.holder == NULL || now.connection_id == NULL || ms - s->since_ms < most_ms)
        return ZQ_OK;
    ZQ_TRY(should_beat(s, now.connection_id, &silent, err));
    if (silent)
        zq_lock_end(r->db, strtoull(now.connection_id, NULL, 10));
    return ZQ_OK;
}

static zq_rc wait_for_lock(void *context, const char *holder, unsigned waited_ms, zq_err *err)
{
    silence *s = context;

    ZQ_TRY(end_silent(s, err));
    return s->request->on_wait == NULL
               ? ZQ_OK
               : s->request->on_wait(s->request->wait_context, holder, waited_ms, err);
}

zq_rc zq_lease_lock(const zq_lease_request *request, zq_err *err)
{
    silence s = {.request = request};

    zq_lock_name(request->database, NULL, s.lock);
    zq_lock_name(request->database, HEART, s.heart);
    return zq_lock_take(request->db, s.lock, request->timeout_ms, wait_for_lock, &s, err);
}

zq_rc zq_lease_check_node(zq_lease *lease, zq_err *err)
{
    ZQ_TRY(zq_node_read_to_write(lease->request.db, &lease->node, err));
    lease->node_known = true;
    return ZQ_OK;
}

zq_rc zq_lease_take(const zq_lease_request *request, zq_lease **out_lease, zq_err *err)
{
    ZQ_AUTO(zq_lease) lease = NULL;
    bool moved;
    zq_rc rc;

    ZQ_TRY(zq_lease_lock(request, err));
    lease = lease_open(request);
    ZQ_TRY(zq_lease_check_node(lease, err));
    lease->asked.there = true; /* else it is made when it is tried */
    rc = zq_lease_claim(lease, &moved, err);
    if (rc != ZQ_OK && err->cause != ZQ_CAUSE_NO_DATABASE &&
        (err->cause != ZQ_CAUSE_NO_TABLE || request->may_make))
        return rc;
    lease->asked.there = lease->has_row;
    lease->request.may_make = true;
    *out_lease = lease;
    lease = NULL;
    return ZQ_OK;
}

/* ---- the question ---- */

const char *zq_lease_question(const char *database, bool row, zq_arena *arena)
{
    ZQ_AUTO_SQL(sql);
    char name[ZQ_LOCK_NAME];
    const char *text;

    zq_lock_name(database, NULL, name);
    zq_sql_add(&sql, "SELECT CONCAT(GET_LOCK('%s', 0), ' '", name);
    if (row)
        zq_sql_add(&sql,
                   ", IFNULL((SELECT CONCAT(token, ' ', holder IS NOT NULL) FROM "
                   "`%s`.zq_meta_lease WHERE id = 1), '')",
                   database);
    zq_sql_lit(&sql, ")");
    return zq_sql_finish(&sql, &text, NULL) == ZQ_OK ? zq_arena_strdup(arena, text) : NULL;
}

zq_lease *zq_lease_locked(const zq_lease_request *request, const char *answer)
{
    zq_lease *lease;
    char *end;

    if (answer == NULL || answer[0] != '1')
        return NULL;
    lease = lease_open(request);
    lease->asked.token = strtoull(answer + 1, &end, 10);
    lease->asked.there = end[0] == ' ' && end[1] != '\0';
    lease->asked.holder = lease->asked.there && end[1] == '1' ? "" : NULL;
    return lease;
}

const char *zq_lease_is_taken(const char *database, zq_arena *arena)
{
    char name[ZQ_LOCK_NAME];

    zq_lock_name(database, NULL, name);
    return zq_lock_is_taken(name, arena);
}

const char *zq_lease_holder(zq_db *db, const char *database, zq_arena *arena)
{
    char name[ZQ_LOCK_NAME];

    zq_lock_name(database, NULL, name);
    return zq_lock_holder(db, name, arena);
}

/* Only a beat that moves tells: a row stays as a dead holder left it. */
zq_rc zq_lease_elsewhere(zq_db *db, const char *database, unsigned look_ms, zq_arena *arena,
                         const char **out_who, zq_err *err)
{
    const unsigned long long began_ms = zq_now_ms();
    zq_lease_row first, now;

    *out_who = NULL;
    ZQ_TRY(zq_lease_read(db, database, arena, &first, err));
    now = first;
    while (now.holder != NULL && !now.here && now.token == first.token && now.beat == first.beat) {
        if (zq_now_ms() - began_ms >= look_ms)
            return ZQ_OK;
        pause_ms(POLL_MS / 2);
        ZQ_TRY(zq_lease_read(db, database, arena, &now, err));
    }
    if (now.holder != NULL && !now.here)
        *out_who = holder_words(&now, arena);
    return ZQ_OK;
}

/* ---- holding ---- */

unsigned long long zq_lease_token(const zq_lease *lease)
{
    return lease == NULL ? 0 : lease->token;
}

bool zq_lease_is_on_cluster(const zq_lease *lease)
{
    return lease != NULL && lease->node.cluster;
}

const char *zq_lease_fence(const zq_lease *lease)
{
    return lease == NULL || lease->fence == NULL ? "" : lease->fence;
}

zq_rc zq_lease_fail_gone(zq_err *err)
{
    zq_fail(err, ZQ_E_TAKEN, "another run took over, because this one seemed to be gone");
    return zq_err_hint(err, "run it again: it waits for the other, and continues where that ended");
}

zq_rc zq_lease_ask(zq_lease *lease, zq_db *db, zq_err *err)
{
    bool gone, fresh;
    zq_rc rc;

    if (lease == NULL || !lease->has_row)
        return ZQ_OK;
    pthread_mutex_lock(&lease->guard);
    gone = lease->gone;
    fresh = zq_now_ms() - lease->confirmed_ms < ZQ_LEASE_MS / 2;
    pthread_mutex_unlock(&lease->guard);
    if (gone)
        return zq_lease_fail_gone(err);
    if (fresh)
        return ZQ_OK;
    rc = beat(lease, db, err);
    if (rc != ZQ_OK)
        return rc;
    pthread_mutex_lock(&lease->guard);
    gone = lease->gone;
    pthread_mutex_unlock(&lease->guard);
    return gone ? zq_lease_fail_gone(err) : ZQ_OK;
}

/* ---- giving it back ---- */

zq_step zq_lease_last_step(const zq_lease *lease, zq_arena *arena)
{
    return (zq_step){.text = zq_arena_printf(arena,
                                             "UPDATE " ZQ_BOOK_LEASE " SET holder = NULL WHERE "
                                             "id = 1 AND token = %llu",
                                             lease->token),
                     .say = "give the lock back"};
}

void zq_lease_gave_back(zq_lease *lease)
{
    lease->has_row = false;
}

static void free_row(const zq_lease *lease)
{
    enum { MOST_TRIES = 5 };
    ZQ_AUTO_SQL(sql);
    const char *text;
    zq_rc rc = ZQ_E_LOCKED;

    zq_sql_add(&sql,
               "ROLLBACK;UPDATE `%s`.zq_meta_lease SET holder = NULL, beat = beat + 1 WHERE id = 1 "
               "AND token = %llu",
               lease->request.database, lease->token);
    /* It may have been taken more than once, and is given back only when all of them are. */
    zq_sql_lit(&sql, ";DO RELEASE_ALL_LOCKS()");
    if (zq_sql_finish(&sql, &text, NULL) != ZQ_OK)
        return;
    for (int try = 0; try < MOST_TRIES && rc == ZQ_E_LOCKED; try++) {
        zq_db_expect_soon(lease->request.db);
        rc = zq_db_exec(lease->request.db, text, NULL);
    }
}

void zq_lease_release(zq_lease *lease)
{
    if (lease == NULL)
        return;
    end_beat(lease);
    if (lease->has_row)
        free_row(lease);
    else
        zq_db_exec(lease->request.db, "DO RELEASE_ALL_LOCKS()", NULL);
    pthread_mutex_destroy(&lease->guard);
    free(lease->fence);
    free((char *)lease->request.database);
    free((char *)lease->request.program);
    free(lease);
}
