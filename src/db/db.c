#include "db/db.h"
#include "base/buf.h"
#include "db/answer.h"
#include "db/errors.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct zq_db {
    zq_port port;
    void *impl;
    zq_server server;
    unsigned long long connection_id;
    unsigned long long affected;
    size_t max_result;
    unsigned round_trips;
    bool lost;
};

const char *zq_rows_at(const zq_rows *rows, size_t row, size_t column)
{
    return rows->values[row * rows->n_columns + column];
}

/* ---- arguments ---- */

/* A statement with its arguments put in. It may hold secrets: it never moves while it grows, and is
 * wiped before it is freed. */
typedef struct expanded {
    char *text;
    size_t length;
    size_t capacity;
} expanded;

static void expanded_done(expanded *sql)
{
    if (sql->text == NULL)
        return;
    explicit_bzero(sql->text, sql->capacity);
    free(sql->text);
}

static void expanded_add(void *context, const char *bytes, size_t length)
{
    expanded *sql = context;

    memcpy(sql->text + sql->length, bytes, length);
    sql->length += length;
}

static zq_rc check_count(const char *sql, size_t n_args, zq_err *err)
{
    size_t n = 0;

    for (const char *at = zq_arg_next(sql); at != NULL; at = zq_arg_next(at + 1))
        n++;
    if (n == n_args)
        return ZQ_OK;
    return zq_fail(err, ZQ_E_MODEL, "a statement takes %zu arguments, not %zu: %.80s", n, n_args,
                   sql);
}

static zq_rc expand(expanded *out, const char *sql, const zq_arg *args, size_t n_args, zq_err *err)
{
    ZQ_TRY(check_count(sql, n_args, err));
    out->capacity = zq_arg_expanded_max(sql, args, n_args) + 1;
    out->text = malloc(out->capacity);
    if (out->text == NULL)
        zq_out_of_memory(out->capacity);
    zq_arg_expand(sql, args, n_args, false, expanded_add, out);
    out->text[out->length] = '\0';
    return ZQ_OK;
}

/* ---- statements ---- */

zq_rc zq_db_pass(zq_db *db, const char *sql, size_t length, zq_raw_fn *take, void *context,
                 size_t *out_done, unsigned long long *out_affected, zq_err *err)
{
    zq_rc rc;

    if (db->lost)
        return zq_fail(err, ZQ_E_LOST, "the connection to the server was lost");
    db->round_trips++;
    rc = db->port.run(db->impl, sql, length, take, context, out_done, out_affected, err);
    if (rc == ZQ_E_LOST || rc == ZQ_E_ANSWER)
        db->lost = true;
    return rc;
}

static zq_rc send_text(zq_db *db, const char *sql, size_t length, const zq_answers *answers,
                       size_t *out_done, zq_err *err)
{
    zq_answer_check check = {.answers = answers,
                             .max_bytes =
                                 answers != NULL && answers->streams ? SIZE_MAX : db->max_result};
    size_t done = 0;
    zq_rc rc, end = ZQ_OK;

    db->affected = 0;
    rc = zq_db_pass(db, sql, length, zq_answer_take, &check, &done, &db->affected, err);
    if (rc != ZQ_E_LOST && rc != ZQ_E_ANSWER)
        end = zq_answer_end(&check, done, rc == ZQ_OK, err);
    if (end != ZQ_OK)
        db->lost = true;
    if (out_done != NULL)
        *out_done = done;
    return end != ZQ_OK ? end : rc;
}

zq_rc zq_db_run(zq_db *db, const char *sql, const zq_arg *args, size_t n_args,
                const zq_answers *answers, size_t *out_done, zq_err *err)
{
    __attribute__((cleanup(expanded_done))) expanded text = {0};
    zq_rc rc;

    if (out_done != NULL)
        *out_done = 0;
    if (n_args == 0)
        return send_text(db, sql, strlen(sql), answers, out_done, err);
    ZQ_TRY(expand(&text, sql, args, n_args, err));
    rc = send_text(db, text.text, text.length, answers, out_done, err);
    if (rc != ZQ_OK)
        zq_errors_blank(err, args, n_args);
    return rc;
}

zq_rc zq_db_exec(zq_db *db, const char *sql, zq_err *err)
{
    return zq_db_run(db, sql, NULL, 0, NULL, NULL, err);
}

typedef struct collector {
    zq_arena *arena;
    zq_rows rows;
} collector;

static zq_rc collect(void *context, ZQ_UNUSED size_t statement, const zq_row *row,
                     ZQ_UNUSED zq_err *err)
{
    collector *to = context;
    const size_t n = to->rows.n_columns;
    const char **values;

    to->rows.values =
        zq_arena_grow(to->arena, to->rows.values, n * sizeof *to->rows.values, to->rows.n);
    values = to->rows.values + n * to->rows.n++;
    for (size_t i = 0; i < n; i++) {
        if (zq_row_text(row, i) != NULL)
            values[i] = zq_arena_strndup(to->arena, zq_row_text(row, i), zq_row_length(row, i));
    }
    return ZQ_OK;
}

static zq_rc query(zq_db *db, const char *sql, const zq_arg *args, size_t n_args,
                   const zq_answer *answer, zq_arena *arena, zq_rows *out_rows, zq_err *err)
{
    collector to = {.arena = arena, .rows.n_columns = strcspn(answer->columns, "+")};

    ZQ_TRY(zq_db_run(db, sql, args, n_args, &(zq_answers){answer, 1, collect, &to}, NULL, err));
    *out_rows = to.rows;
    return ZQ_OK;
}

zq_rc zq_db_query(zq_db *db, const char *sql, const zq_arg *args, size_t n_args,
                  const char *columns, zq_arena *arena, zq_rows *out_rows, zq_err *err)
{
    return query(db, sql, args, n_args, &(zq_answer){.columns = columns}, arena, out_rows, err);
}

zq_rc zq_db_query_one(zq_db *db, const char *sql, const zq_arg *args, size_t n_args,
                      const char *columns, zq_arena *arena, zq_rows *out_rows, zq_err *err)
{
    return query(db, sql, args, n_args, &(zq_answer){columns, ZQ_ONE_ROW, 1}, arena, out_rows, err);
}

zq_rc zq_db_run_sql(zq_db *db, zq_sql *sql, const zq_answers *answers, size_t *out_done,
                    zq_err *err)
{
    const char *text;

    if (out_done != NULL)
        *out_done = 0;
    ZQ_TRY(zq_sql_finish(sql, &text, err));
    return zq_db_run(db, text, NULL, 0, answers, out_done, err);
}

zq_rc zq_db_query_sql(zq_db *db, zq_sql *sql, const char *columns, zq_arena *arena,
                      zq_rows *out_rows, zq_err *err)
{
    const char *text;

    ZQ_TRY(zq_sql_finish(sql, &text, err));
    return zq_db_query(db, text, NULL, 0, columns, arena, out_rows, err);
}

unsigned zq_db_warnings(const zq_db *db)
{
    return db->port.warnings == NULL ? 0 : db->port.warnings(db->impl);
}

unsigned long long zq_db_affected(const zq_db *db)
{
    return db->affected;
}

const zq_server *zq_db_server(const zq_db *db)
{
    return &db->server;
}

unsigned zq_db_round_trips(const zq_db *db)
{
    return db->round_trips;
}

unsigned long long zq_db_connection_id(const zq_db *db)
{
    return db->connection_id;
}

void zq_db_expect_soon(zq_db *db)
{
    if (db->port.expect_soon != NULL)
        db->port.expect_soon(db->impl);
}

bool zq_db_is_lost(const zq_db *db)
{
    return db->lost;
}

void zq_db_limit(zq_db *db, size_t max_result)
{
    db->max_result = max_result;
}

void zq_db_close(zq_db *db)
{
    if (db == NULL)
        return;
    db->port.finish(db->impl);
    free(db);
}

zq_db *zq_db_over(const zq_port *port, void *impl, const zq_server *server,
                  unsigned long long connection_id)
{
    zq_db *db = calloc(1, sizeof *db);

    if (db == NULL)
        zq_out_of_memory(sizeof *db);
    db->port = *port;
    db->impl = impl;
    db->server = *server;
    db->connection_id = connection_id;
    db->max_result = ZQ_MAX_RESULT;
    return db;
}

typedef struct greeting {
    char version[64];
    unsigned long long connection_id;
} greeting;

static zq_rc read_greeting(void *context, ZQ_UNUSED size_t statement, const zq_row *row,
                           ZQ_UNUSED zq_err *err)
{
    greeting *to = context;

    snprintf(to->version, sizeof to->version, "%s", zq_row_text(row, 0));
    to->connection_id = strtoull(zq_row_text(row, 1), NULL, 10);
    return ZQ_OK;
}

/* The version comes first, so that a server too old for the rest is named as that. */
zq_rc zq_db_begin(zq_db *db, zq_err *err)
{
    static const zq_answer answers[] = {{"ti", ZQ_ONE_ROW, 1}, {"", ZQ_ANY_ROWS, 1}};
    greeting hello = {0};
    size_t done = 0;
    zq_buf sql = {0};
    zq_rc rc;

    zq_buf_str(&sql, "SELECT VERSION(), CONNECTION_ID();");
    zq_buf_str(&sql, zq_session_sql());
    /* It is idle for as long as others of the run are at work. */
    zq_buf_str(&sql, ", wait_timeout = 28800");
    rc = zq_db_run(db, zq_buf_text(&sql), NULL, 0,
                   &(zq_answers){answers, ZQ_LEN(answers), read_greeting, &hello}, &done, err);
    zq_buf_done(&sql);
    if (done != 0 && rc != ZQ_E_ANSWER)
        ZQ_TRY(zq_server_parse(hello.version, &db->server, err));
    db->connection_id = hello.connection_id;
    db->round_trips = 0;
    return rc;
}

const char *zq_target_text(const zq_target *target, zq_arena *arena)
{
    const char *user = target->user != NULL ? target->user : "";

    if (target->socket != NULL && target->socket[0] != '\0')
        return zq_arena_printf(arena, "%s@%s", user, target->socket);
    return zq_arena_printf(arena, "%s@%s:%u", user, target->host != NULL ? target->host : "",
                           target->port);
}
