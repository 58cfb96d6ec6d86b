#include "db/db.h"

#include "db/errors.h"

#include <stdlib.h>
#include <string.h>

struct zq_db {
    zq_port port;
    void *impl;
    zq_server server;
    unsigned long long connection_id;
    unsigned long long affected;
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
    zq_arg_expand(sql, args, n_args, expanded_add, out);
    out->text[out->length] = '\0';
    return ZQ_OK;
}

/* ---- collecting rows ---- */

typedef struct collector {
    zq_arena *arena;
    zq_rows rows;
} collector;

static zq_rc collect(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    collector *to = context;
    const size_t used = to->rows.n * to->rows.n_columns;

    if (statement != 0)
        return zq_fail(err, ZQ_E_MODEL, "a query is made of one statement");
    to->rows.values =
        zq_arena_grow(to->arena, to->rows.values, row->n * sizeof *to->rows.values, to->rows.n);
    to->rows.n_columns = row->n;
    for (size_t i = 0; i < row->n; i++) {
        to->rows.values[used + i] =
            row->values[i] == NULL ? NULL
                                   : zq_arena_strndup(to->arena, row->values[i], row->lengths[i]);
    }
    to->rows.n++;
    return ZQ_OK;
}

/* ---- statements ---- */

static zq_rc send_text(zq_db *db, const char *sql, size_t length, zq_row_fn *on_row, void *context,
                       size_t *out_done, zq_err *err)
{
    size_t done = 0;
    zq_rc rc;

    if (out_done != NULL)
        *out_done = 0;
    if (db->lost)
        return zq_fail(err, ZQ_E_LOST, "the connection to the server was lost");
    db->round_trips++;
    db->affected = 0;
    rc = db->port.run(db->impl, sql, length, on_row, context, &done, &db->affected, err);
    if (out_done != NULL)
        *out_done = done;
    if (rc == ZQ_E_LOST)
        db->lost = true;
    return rc;
}

zq_rc zq_db_run(zq_db *db, const char *sql, const zq_arg *args, size_t n_args, zq_row_fn *on_row,
                void *context, size_t *out_done, zq_err *err)
{
    __attribute__((cleanup(expanded_done))) expanded text = {0};
    zq_rc rc;

    if (out_done != NULL)
        *out_done = 0;
    if (n_args == 0)
        return send_text(db, sql, strlen(sql), on_row, context, out_done, err);
    ZQ_TRY(expand(&text, sql, args, n_args, err));
    rc = send_text(db, text.text, text.length, on_row, context, out_done, err);
    if (rc != ZQ_OK)
        zq_err_blank(err, args, n_args);
    return rc;
}

zq_rc zq_db_exec(zq_db *db, const char *sql, zq_err *err)
{
    return zq_db_run(db, sql, NULL, 0, NULL, NULL, NULL, err);
}

zq_rc zq_db_query(zq_db *db, const char *sql, const zq_arg *args, size_t n_args, zq_arena *arena,
                  zq_rows *out_rows, zq_err *err)
{
    collector to = {.arena = arena};

    ZQ_TRY(zq_db_run(db, sql, args, n_args, collect, &to, NULL, err));
    *out_rows = to.rows;
    return ZQ_OK;
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

bool zq_db_is_lost(const zq_db *db)
{
    return db->lost;
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
    return db;
}

const char *zq_target_text(const zq_target *target, zq_arena *arena)
{
    const char *user = target->user != NULL ? target->user : "";

    if (target->socket != NULL && target->socket[0] != '\0')
        return zq_arena_printf(arena, "%s@%s", user, target->socket);
    return zq_arena_printf(arena, "%s@%s:%u", user, target->host != NULL ? target->host : "",
                           target->port);
}
