#include "run/warnings.h"

#include "base/buf.h"
#include "base/language.h"

#include <string.h>

enum { SHOWN_MOST = 5, COLUMNS = 3 }; /* level, code, message */

static bool is_one_of(const char *code, const char *const *codes)
{
    for (; *codes != NULL; codes++)
        if (strcmp(*codes, code) == 0)
            return true;
    return false;
}

/* Most notes say nothing new: that what is dropped IF EXISTS is not there. And what a later release
 * of the server will not take does no harm to what has been done. */
static bool is_worth_it(const char *level, const char *code)
{
    static const char *const notes[] = {
        "1071", /* a key that was shortened, on MariaDB */
        "1265", /* a value that was cut */
        NULL,
    };
    static const char *const deprecations[] = {
        "1287", /* syntax, by which to write instead */
        "1681", /* syntax: the display width of numbers */
        "1831", /* an index like another */
        "3719", /* utf8 */
        "3778", /* a collation */
        NULL,
    };

    return is_one_of(code, notes) || (strcmp(level, "Note") != 0 && !is_one_of(code, deprecations));
}

zq_rows zq_warnings_read(zq_db *db, zq_arena *arena)
{
    zq_rows rows = {0};
    zq_rows found = {0};
    const char **values;

    if (zq_db_warnings(db) == 0 ||
        zq_db_query(db, ZQ_SHOW_WARNINGS, NULL, 0, ZQ_WARNING_COLUMNS, arena, &rows, NULL) != ZQ_OK)
        return found;
    found.n_columns = COLUMNS;
    found.values = values = ZQ_NEW_ARRAY(arena, const char *, rows.n *COLUMNS + 1);
    for (size_t i = 0; i < rows.n; i++) {
        if (!is_worth_it(zq_rows_at(&rows, i, 0), zq_rows_at(&rows, i, 1)))
            continue;
        for (size_t c = 0; c < COLUMNS; c++)
            values[found.n * COLUMNS + c] = zq_rows_at(&rows, i, c);
        found.n++;
    }
    return found;
}

void zq_warnings_tell(zq_warned *warned, const zq_rows *warnings)
{
    for (size_t i = 0; i < warnings->n; i++) {
        if (atomic_fetch_add(&warned->shown, 1) >= SHOWN_MOST)
            atomic_fetch_add(&warned->more, 1);
        else
            zq_watch_tell(warned->watch, ZQ_TELL_WARN, "%s: the server warns: %s (%s)",
                          warned->where, zq_rows_at(warnings, i, 2), zq_rows_at(warnings, i, 1));
    }
}

void zq_warnings_show(zq_warned *warned, zq_db *db)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_rows warnings = zq_warnings_read(db, arena);

    zq_warnings_tell(warned, &warnings);
}

void zq_warnings_take(zq_warned *warned, const zq_row *row)
{
    const char *values[COLUMNS];
    const zq_rows one = {.n = 1, .n_columns = COLUMNS, .values = values};

    for (size_t c = 0; c < COLUMNS; c++)
        values[c] = zq_row_text(row, c);
    if (is_worth_it(values[0], values[1]))
        zq_warnings_tell(warned, &one);
}

/* A row of what follows a text: `context` are the texts, and every second statement is one. */
static zq_rc take_warning(void *context, size_t statement, const zq_row *row, ZQ_UNUSED zq_err *err)
{
    const zq_warned_text *texts = context;

    if (statement % 2 == 1)
        zq_warnings_take(texts[statement / 2].warned, row);
    return ZQ_OK;
}

const char *zq_warnings_join(const zq_warned_text *texts, size_t n, zq_arena *arena,
                             zq_answers *out)
{
    zq_answer *answers = ZQ_NEW_ARRAY(arena, zq_answer, 2 * n);
    ZQ_AUTO_BUF(sql);

    for (size_t i = 0; i < n; i++) {
        answers[2 * i] = (zq_answer){.columns = ""};
        answers[2 * i + 1] = (zq_answer){.columns = ZQ_WARNING_COLUMNS};
        zq_buf_printf(&sql, "%s%s\n;" ZQ_SHOW_WARNINGS, i > 0 ? ";" : "", texts[i].text);
    }
    *out = (zq_answers){answers, 2 * n, take_warning, (void *)texts, false};
    return zq_arena_strdup(arena, zq_buf_text(&sql));
}

void zq_warnings_end(zq_warned *warned)
{
    unsigned more = atomic_load(&warned->more);

    if (more > 0)
        zq_watch_tell(warned->watch, ZQ_TELL_WARN,
                      more == 1 ? N_("%s: %u further warning of the server")
                                : N_("%s: %u further warnings of the server"),
                      warned->where, more);
    atomic_store(&warned->shown, 0);
    atomic_store(&warned->more, 0);
}
