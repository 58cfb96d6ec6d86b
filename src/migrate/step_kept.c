/* What is evaluated is evaluated once. A session dies with its connection, so a resumed run would
 * evaluate SET @id = LAST_INSERT_ID() again, and get another value. So after each statement the
 * @variables that the revision names are looked at, and LAST_INSERT_ID() where it does; what has
 * changed is kept in the journal, in the transaction of the statement, and given back by a run that
 * finds the statement done.
 *
 * A value is kept as the literal that gives it back with its type, charset and collation; the
 * server writes it. JSON_TYPE(), which would tell the type, takes variables for text on MariaDB. */
#include "migrate/step.h"

#include <string.h>

enum { PIECE = 250 }; /* characters of zq_meta_journal.position, but for the mark in front */

/* ---- asking ---- */

/* Numbers have the charset 'binary' as bytes have, but as text they have another. A decimal number
 * times 1.0 has one digit more; a double has not. */
static void write_literal(zq_sql *sql, const char *read)
{
    static const char *const pieces[] = {
        "CAST(CONVERT(CASE WHEN ",
        " IS NULL THEN 'NULL' WHEN CHARSET(",
        ") <> 'binary' OR CHARSET(CONCAT(",
        ")) = 'binary' THEN CONCAT('_', CHARSET(",
        "), ' x''', HEX(",
        "), ''' COLLATE `', COLLATION(",
        "), '`') WHEN CAST(",
        " * 1.0 AS CHAR) = CAST(",
        " AS CHAR) THEN CONCAT(",
        ", IF(LOCATE('e', ",
        ") > 0, '', 'e0')) ELSE CAST(",
    };

    for (size_t i = 0; i < ZQ_LEN(pieces); i++)
        zq_sql_add(sql, "%-s%-s", pieces[i], read);
    zq_sql_lit(sql, " AS CHAR) END USING utf8mb4) AS BINARY)");
}

/* One row, whatever sql_select_limit is. */
static zq_rc ask(const zq_walk *w, zq_rows *out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;
    char *columns;

    zq_sql_lit(&sql, "SELECT ");
    for (size_t v = 0; v < w->n_names; v++) {
        if (v > 0)
            zq_sql_lit(&sql, ", ");
        write_literal(&sql, w->names[v].read);
    }
    zq_sql_lit(&sql, " LIMIT 1");
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    columns = zq_arena_alloc(w->arena, w->n_names + 1);
    memset(columns, 't', w->n_names);
    return zq_db_query_one(w->session, text, NULL, 0, columns, w->arena, out, err);
}

/* ---- keeping ---- */

static const char *key_of(const zq_walk *w, size_t i, size_t v)
{
    const char *text = zq_arena_printf(w->arena, "%zu %s", i + 1, w->names[v].read);
    char *hex = zq_arena_alloc(w->arena, ZQ_DIGEST_HEX);

    zq_digest_hex(text, strlen(text), hex);
    return hex;
}

static bool is_kept(const zq_journal_row *row)
{
    return row->step >= ZQ_JOURNAL_KEPT && row->step <= ZQ_JOURNAL_LAST_KEPT &&
           row->statement != NULL && row->position != NULL;
}

static unsigned next_number(zq_walk *w)
{
    if (w->next_kept == 0) {
        w->next_kept = ZQ_JOURNAL_KEPT;
        for (size_t k = 0; k < w->found.n; k++) {
            if (is_kept(&w->found.items[k]))
                w->next_kept = w->found.items[k].step + 1;
        }
    }
    return w->next_kept++;
}

/* The value in pieces, each with a mark whether it is the first: a later value of the same
 * statement has later numbers, and takes the place of this one. */
static size_t pieces_of(zq_walk *w, const char *key, const char *value, zq_journal_row **out)
{
    size_t length = strlen(value);
    size_t n = length / PIECE + 1;
    zq_journal_row *rows = ZQ_NEW_ARRAY(w->arena, zq_journal_row, n);

    for (size_t k = 0; k < n; k++) {
        rows[k] = (zq_journal_row){
            .step = next_number(w),
            .state = ZQ_JOURNAL_DONE,
            .statement = key,
            .position =
                zq_arena_printf(w->arena, "%c%.*s", k == 0 ? '=' : '+', PIECE, value + k * PIECE),
        };
    }
    *out = rows;
    return n;
}

/* As it is kept, or as a session begins. */
static const char *known_value(const zq_walk *w, size_t v)
{
    if (w->known[v] != NULL)
        return w->known[v];
    return w->names[v].insert_id ? "0" : "NULL";
}

zq_rc zq_step_keep(zq_walk *w, size_t i, zq_kept *out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_rows rows;
    size_t n = 0;

    *out = (zq_kept){0};
    if (w->n_names == 0)
        return ZQ_OK;
    ZQ_TRY(ask(w, &rows, err));
    out->values = ZQ_NEW_ARRAY(w->arena, const char *, w->n_names);
    for (size_t v = 0; v < w->n_names; v++) {
        const char *value = zq_rows_at(&rows, 0, v);
        zq_journal_row *pieces;
        size_t n_pieces;

        if (value == NULL || strcmp(known_value(w, v), value) == 0)
            continue;
        out->values[v] = value;
        n_pieces = pieces_of(w, key_of(w, i, v), value, &pieces);
        if (n++ > 0)
            zq_sql_lit(&sql, ";");
        zq_journal_write(&sql, &w->journal, pieces, n_pieces);
    }
    if (n == 0)
        return ZQ_OK;
    ZQ_TRY(zq_sql_keep(&sql, w->arena, &out->journal, err));
    return ZQ_OK;
}

void zq_step_kept(zq_walk *w, const zq_kept *kept)
{
    for (size_t v = 0; v < w->n_names && kept->values != NULL; v++) {
        if (kept->values[v] != NULL)
            w->known[v] = kept->values[v];
    }
}

/* ---- giving back ---- */

/* The newest value that the journal has for the key; NULL: none. */
static const char *find(const zq_walk *w, const char *key)
{
    const char *value = NULL;

    for (size_t k = 0; k < w->found.n; k++) {
        const zq_journal_row *row = &w->found.items[k];

        if (!is_kept(row) || strcmp(row->statement, key) != 0)
            continue;
        value = *row->position == '=' || value == NULL
                    ? row->position + 1
                    : zq_arena_printf(w->arena, "%s%s", value, row->position + 1);
    }
    return value;
}

static zq_rc set(const zq_walk *w, size_t v, const char *value, zq_err *err)
{
    const char *text = w->names[v].insert_id
                           ? zq_arena_printf(w->arena, "SELECT LAST_INSERT_ID(%s) LIMIT 1", value)
                           : zq_arena_printf(w->arena, "SET %s = %s", w->names[v].read, value);

    return zq_db_exec(w->session, text, err);
}

zq_rc zq_step_give_back(zq_walk *w, size_t i, zq_err *err)
{
    for (size_t v = 0; v < w->n_names; v++) {
        const char *value = find(w, key_of(w, i, v));

        if (value == NULL)
            continue;
        w->known[v] = value;
        ZQ_TRY(set(w, v, value, err));
    }
    return ZQ_OK;
}

zq_rc zq_step_give_back_all(zq_walk *w, zq_err *err)
{
    for (size_t v = 0; v < w->n_names; v++)
        ZQ_TRY(set(w, v, known_value(w, v), err));
    return ZQ_OK;
}
