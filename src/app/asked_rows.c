/* Asks thousands of members as one table is asked.
 *
 * A statement asks some dozens of them by UNION ALL, so that the round trip is shared; each is read
 * as far as the question needs, and none twice: counting costs no more than finding that there is
 * nothing, which is the usual answer. Keys are only fetched from members that have such rows, until
 * there are enough. A member may be dropped meanwhile: when a statement fails, those that are not
 * there any more leave the list, and the rest is asked again. */
#include "app/asked_rows.h"

#include "app/events.h"
#include "model/family.h"
#include "sql/sql.h"

#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 50 };

#define TEXT(t, ...) zq_arena_printf((t)->app->arena, __VA_ARGS__)

/* ---- members ---- */

static zq_rc list_members(zq_asked_table *t, zq_member **out, size_t *out_n, zq_err *err)
{
    size_t n = 0;

    ZQ_TRY(zq_members_list(t->db, zq_settings_text(t->app->settings, ZQ_SET_DATABASE), t->schema,
                           t->name, t->app->arena, out, out_n, err));
    for (size_t i = 0; i < *out_n; i++) {
        if ((*out)[i].other == NULL)
            (*out)[n++] = (*out)[i];
    }
    *out_n = n;
    return ZQ_OK;
}

/* Take those that are gone out of the list, from place `first` on; gives how many that were. */
static zq_rc leave_out_gone(zq_asked_table *t, size_t first, size_t *out_n, zq_err *err)
{
    size_t n_now, n = first;
    zq_member *now;

    ZQ_TRY(list_members(t, &now, &n_now, err));
    for (size_t i = first, k = 0; i < t->n_members; i++) {
        while (k < n_now && strcmp(now[k].name, t->members[i].name) < 0)
            k++;
        if (k < n_now && strcmp(now[k].name, t->members[i].name) == 0)
            t->members[n++] = t->members[i];
    }
    *out_n = t->n_members - n;
    t->n_members = n;
    return ZQ_OK;
}

zq_rc zq_asked_rows_open(zq_app *app, zq_db *db, const zq_schema *schema, const zq_table *table,
                         zq_asked_table *out, zq_err *err)
{
    *out = (zq_asked_table){
        .app = app,
        .db = db,
        .schema = schema,
        .name = table->name,
        .is_family = zq_table_is_family(table),
    };
    return out->is_family ? list_members(out, &out->members, &out->n_members, err) : ZQ_OK;
}

/* ---- some of them in one statement ---- */

/* One row for each member with a number other than 0: its place among those, and the number. */
static zq_rc query_of(const zq_asked_table *t, const char *count, size_t first, size_t n,
                      const char **out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_lit(&sql, "SELECT i, n FROM (");
    for (size_t i = 0; i < n; i++)
        zq_sql_add(&sql, "%-sSELECT %zu AS i, (%-s) AS n", i > 0 ? " UNION ALL " : "", i,
                   zq_family_expand(t->app->arena, count, t->members[first + i].code));
    zq_sql_lit(&sql, ") AS q WHERE n > 0 ORDER BY i");
    return zq_sql_keep(&sql, t->app->arena, out, err);
}

/* Up to AT_ONCE members from place `first` on; gives how many were asked. */
static zq_rc ask_some(zq_asked_table *t, const char *count, size_t first, size_t *out_n,
                      zq_rows *out, zq_err *err)
{
    zq_rc rc;

    for (;;) {
        size_t n = t->n_members - first, n_gone = 0;
        const char *query;

        *out_n = n = n < AT_ONCE ? n : AT_ONCE;
        *out = (zq_rows){0};
        if (n == 0)
            return ZQ_OK;
        ZQ_TRY(query_of(t, count, first, n, &query, err));
        rc = zq_db_query(t->db, query, NULL, 0, "ii", t->app->arena, out, err);
        if (rc != ZQ_E_SERVER)
            return rc;
        ZQ_TRY(leave_out_gone(t, first, &n_gone, err));
        if (n_gone == 0)
            return rc;
    }
}

static unsigned long long number_at(const zq_rows *rows, size_t row, size_t column)
{
    return strtoull(zq_rows_at(rows, row, column), NULL, 10);
}

/* ---- keys ---- */

static zq_rc fetch_keys(const zq_asked_table *t, const char *query, const char *before,
                        size_t *io_n, const char **io_keys, zq_err *err)
{
    zq_rows rows;

    ZQ_TRY(zq_db_query(t->db, query, NULL, 0, "T", t->app->arena, &rows, err));
    for (size_t i = 0; i < rows.n && *io_n < ZQ_ASKED_KEYS; i++) {
        const char *key = zq_rows_at(&rows, i, 0);

        *io_keys = TEXT(t, "%s%s%s%s", *io_keys, (*io_n)++ > 0 ? ", " : "", before,
                        key == NULL ? "" : key);
    }
    return ZQ_OK;
}

/* Of those members that have such rows. */
static zq_rc fetch_of_members(const zq_asked_table *t, const char *query, const zq_rows *some,
                              size_t first, size_t *io_n, const char **io_keys, zq_err *err)
{
    for (size_t i = 0; query != NULL && i < some->n && *io_n < ZQ_ASKED_KEYS; i++) {
        const char *code = t->members[first + number_at(some, i, 0)].code;

        ZQ_TRY(fetch_keys(t, zq_family_expand(t->app->arena, query, code), TEXT(t, "%s: ", code),
                          io_n, io_keys, err));
    }
    return ZQ_OK;
}

/* ---- the whole ---- */

static zq_rc ask_members(zq_asked_table *t, const zq_row_question *q, zq_row_answer *out,
                         zq_err *err)
{
    const zq_watch watch = zq_events_watch(t->app);
    size_t n, n_keys = 0;

    for (size_t first = 0; first < t->n_members; first += n) {
        zq_rows some;

        zq_watch_progress(&watch, "tables", first, t->n_members);
        ZQ_TRY(ask_some(t, q->count, first, &n, &some, err));
        for (size_t i = 0; i < some.n; i++)
            out->rows += number_at(&some, i, 1);
        out->n_members += some.n;
        ZQ_TRY(fetch_of_members(t, q->keys, &some, first, &n_keys, &out->keys, err));
    }
    zq_watch_progress(&watch, "tables", 0, 0);
    return ZQ_OK;
}

zq_rc zq_asked_rows_ask(zq_asked_table *table, const zq_row_question *question, zq_row_answer *out,
                        zq_err *err)
{
    size_t n_keys = 0;
    zq_rows rows;

    *out = (zq_row_answer){.keys = ""};
    if (table->is_family)
        return ask_members(table, question, out, err);
    ZQ_TRY(
        zq_db_query_one(table->db, question->count, NULL, 0, "i", table->app->arena, &rows, err));
    out->rows = number_at(&rows, 0, 0);
    if (out->rows == 0 || question->keys == NULL)
        return ZQ_OK;
    return fetch_keys(table, question->keys, "", &n_keys, &out->keys, err);
}

zq_rc zq_asked_rows_is_empty(zq_asked_table *table, bool *out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *count;
    zq_row_answer answer;
    size_t n;

    zq_sql_add(&sql, "SELECT EXISTS (SELECT 1 FROM `%s`)", table->name);
    ZQ_TRY(zq_sql_finish(&sql, &count, err));
    *out = true;
    if (!table->is_family) {
        ZQ_TRY(zq_asked_rows_ask(table, &(zq_row_question){.count = count}, &answer, err));
        *out = answer.rows == 0;
    }
    for (size_t first = 0; table->is_family && *out && first < table->n_members; first += n) {
        zq_rows some;

        ZQ_TRY(ask_some(table, count, first, &n, &some, err));
        *out = some.n == 0;
    }
    return ZQ_OK;
}
