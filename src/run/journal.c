#include "run/journal.h"

#include <stdlib.h>
#include <string.h>

zq_rc zq_journal_read(zq_db *db, const zq_journal *journal, zq_arena *arena, zq_journal_rows *out,
                      zq_err *err)
{
    zq_arg args[] = {zq_arg_text(journal->revision), zq_arg_text(journal->direction),
                     zq_arg_int(ZQ_JOURNAL_LEFT)};
    zq_journal_row *items;
    zq_rows rows;

    ZQ_TRY(zq_db_query(db,
                       "SELECT step, state, statement_digest, before_digest, after_digest, "
                       "position FROM " ZQ_BOOK_JOURNAL
                       " WHERE revision = ? AND direction = ? AND step > 0 AND step <> ? "
                       "ORDER BY step",
                       args, ZQ_LEN(args), "itTTTT", arena, &rows, err));
    items = ZQ_NEW_ARRAY(arena, zq_journal_row, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        items[i] = (zq_journal_row){
            .step = (unsigned)strtoul(zq_rows_at(&rows, i, 0), NULL, 10),
            .state =
                strcmp(zq_rows_at(&rows, i, 1), "done") == 0 ? ZQ_JOURNAL_DONE : ZQ_JOURNAL_STARTED,
            .statement = zq_rows_at(&rows, i, 2),
            .before = zq_rows_at(&rows, i, 3),
            .after = zq_rows_at(&rows, i, 4),
            .position = zq_rows_at(&rows, i, 5),
        };
    *out = (zq_journal_rows){items, rows.n};
    return ZQ_OK;
}

zq_journal_row zq_journal_row_of(const zq_journal_rows *rows, unsigned step)
{
    for (size_t i = 0; i < rows->n; i++) {
        if (rows->items[i].step == step)
            return rows->items[i];
    }
    return (zq_journal_row){.step = step, .state = ZQ_JOURNAL_NONE};
}

bool zq_journal_is_member(const zq_journal_row *row)
{
    return row->step >= ZQ_JOURNAL_MEMBERS && row->step < ZQ_JOURNAL_KEPT &&
           row->statement != NULL && row->position != NULL;
}

/* In the server's zone, whatever the session's is. */
static const char now[] =
    "IFNULL(CONVERT_TZ(UTC_TIMESTAMP(3), '+00:00', @@GLOBAL.time_zone), UTC_TIMESTAMP(3))";

static void write_row(zq_sql *sql, const zq_journal *journal, const zq_journal_row *row)
{
    const bool done = row->state == ZQ_JOURNAL_DONE;
    const char *const texts[] = {done ? "done" : "started", row->statement, row->before, row->after,
                                 row->position};

    zq_sql_lit(sql, "(");
    zq_sql_str_anywhere(sql, journal->revision);
    zq_sql_lit(sql, ", ");
    zq_sql_str_anywhere(sql, journal->direction);
    zq_sql_add(sql, ", %u", row->step);
    for (size_t i = 0; i < ZQ_LEN(texts); i++) {
        zq_sql_lit(sql, ", ");
        zq_sql_str_anywhere(sql, texts[i]);
    }
    zq_sql_add(sql, ", %llu, %-s, %-s)", journal->token, now, done ? now : "NULL");
}

static void write_rows(zq_sql *sql, const zq_journal *journal, const zq_journal_row *rows, size_t n)
{
    zq_sql_lit(sql, "INSERT INTO " ZQ_BOOK_JOURNAL ZQ_BOOK_JOURNAL_ROW);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            zq_sql_lit(sql, ", ");
        write_row(sql, journal, &rows[i]);
    }
}

void zq_journal_write(zq_sql *sql, const zq_journal *journal, const zq_journal_row *rows, size_t n)
{
    write_rows(sql, journal, rows, n);
    zq_sql_lit(sql, " ON DUPLICATE KEY UPDATE state = VALUES(state), "
                    "statement_digest = VALUES(statement_digest), "
                    "before_digest = VALUES(before_digest), after_digest = VALUES(after_digest), "
                    "position = VALUES(position), token = VALUES(token), "
                    "done_time = VALUES(done_time)");
}

void zq_journal_add(zq_sql *sql, const zq_journal *journal, const zq_journal_row *row)
{
    write_rows(sql, journal, row, 1);
}

static void write_where(zq_sql *sql, const zq_journal *journal)
{
    zq_sql_add(sql, "DELETE FROM " ZQ_BOOK_JOURNAL " WHERE revision = '%s' AND direction = '%s'",
               journal->revision, journal->direction);
}

void zq_journal_forget(zq_sql *sql, const zq_journal *journal, unsigned first, unsigned last)
{
    write_where(sql, journal);
    zq_sql_add(sql,
               " AND step BETWEEN %u AND %u AND state = 'started' AND before_digest IS NOT NULL",
               first, last);
}

void zq_journal_drop(zq_sql *sql, const zq_journal *journal, unsigned step)
{
    write_where(sql, journal);
    zq_sql_add(sql, " AND step = %u", step);
}

void zq_journal_clear(zq_sql *sql, const char *revision)
{
    zq_sql_add(sql, "DELETE FROM " ZQ_BOOK_JOURNAL " WHERE revision = '%s' OR step = %u", revision,
               ZQ_JOURNAL_LEFT);
}

zq_rc zq_journal_progress_read(zq_db *db, const char *revision, zq_arena *arena,
                               zq_journal_progress *out, zq_err *err)
{
    const zq_arg args[] = {zq_arg_int(ZQ_JOURNAL_MEMBERS), zq_arg_text(revision)};
    const char *done;
    zq_rows rows;

    ZQ_TRY(
        zq_db_query_one(db,
                        "SELECT CAST(MIN(started_time) AS CHAR(19)), CAST(SUM(state = 'done' AND "
                        "step < ?) AS UNSIGNED) FROM " ZQ_BOOK_JOURNAL " WHERE revision = ?",
                        args, ZQ_LEN(args), "TI", arena, &rows, err));
    done = zq_rows_at(&rows, 0, 1);
    *out = (zq_journal_progress){.since = zq_rows_at(&rows, 0, 0),
                                 .n_done = done == NULL ? 0 : strtoul(done, NULL, 10)};
    return ZQ_OK;
}

void zq_journal_script_begin(zq_sql *sql, const zq_journal *journal, const char *place)
{
    zq_sql_add(sql,
               "INSERT INTO " ZQ_BOOK_JOURNAL ZQ_BOOK_JOURNAL_ROW
               "('%s', '%s', %u, 'started', NULL, NULL, NULL, '%s', 0, NOW(3), NULL)",
               journal->revision, journal->direction, ZQ_JOURNAL_SCRIPT, place);
}

void zq_journal_script_at(zq_sql *sql, const char *place)
{
    zq_sql_add(sql, "UPDATE " ZQ_BOOK_JOURNAL " SET position = '%s' WHERE step = %u LIMIT 1", place,
               ZQ_JOURNAL_SCRIPT);
}
