#include "db/reading.h"
#include "sql/sql.h"
#include "sql/table/show_create_read.h"

#include <string.h>

typedef struct show {
    zq_reading *of;
    const char *const *names; /* of the batch */
    size_t n;
    zq_arena *arena;
    zq_table *tables;
    bool failed; /* it is the text that was not understood, not the server that refused */
} show;

static void append_extras(zq_table *table, const zq_extra *more, size_t n, zq_arena *arena)
{
    zq_extra *extras = ZQ_NEW_ARRAY(arena, zq_extra, table->n_extras + n);

    if (table->n_extras != 0)
        memcpy(extras, table->extras, table->n_extras * sizeof *extras);
    memcpy(extras + table->n_extras, more, n * sizeof *more);
    table->extras = extras;
    table->n_extras += n;
}

static void add_triggers(const zq_reading *of, zq_table *table, zq_arena *arena)
{
    for (size_t i = 0; i < of->n_triggers; i++) {
        const zq_trigger *trigger = &of->triggers[i];
        const zq_extra extra = {"trigger", trigger->name, trigger->text};

        if (strcmp(trigger->table, table->name) == 0)
            append_extras(table, &extra, 1, arena);
    }
}

/* Where the database says that its tables are encrypted, a table that is says nothing of its own.
 */
static void drop_encryption(zq_table *table, zq_arena *arena)
{
    zq_extra *kept = ZQ_NEW_ARRAY(arena, zq_extra, table->n_extras);
    size_t n = 0;

    for (size_t i = 0; i < table->n_extras; i++) {
        const zq_extra *extra = &table->extras[i];

        if (strcmp(extra->kind, "option") != 0 || strcmp(extra->name, "ENCRYPTION") != 0 ||
            strchr(extra->text, 'Y') == NULL)
            kept[n++] = *extra;
    }
    table->extras = kept;
    table->n_extras = n;
}

static zq_rc take_row(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    show *to = context;
    zq_table *table = &to->tables[statement];
    zq_rc rc;

    rc = zq_show_create_read(zq_row_text(row, 1), zq_row_length(row, 1),
                             zq_db_server(to->of->db)->flavor, to->arena, table, err);
    if (rc != ZQ_OK) {
        to->failed = true;
        return rc;
    }
    /* Its name as the catalog has it, whatever lower_case_table_names makes of it. */
    table->name = to->names[statement];
    add_triggers(to->of, table, to->arena);
    if (to->of->encrypts)
        drop_encryption(table, to->arena);
    return ZQ_OK;
}

static zq_rc fail_batch(show *to, zq_rc rc, size_t done, zq_err *err)
{
    const zq_cause cause = err != NULL ? err->cause : ZQ_CAUSE_OTHER;

    if (to->failed || done >= to->n)
        return rc;
    if (cause == ZQ_CAUSE_NO_TABLE || cause == ZQ_CAUSE_NO_DATABASE)
        to->of->vanished = true;
    if (cause == ZQ_CAUSE_NO_TABLE)
        to->of->gone = to->names[done];
    if (rc == ZQ_E_DENIED)
        zq_err_prefix(err, "cannot see table '%s' in full: ", to->names[done]);
    else
        zq_err_prefix(err, "cannot read table '%s': ", to->names[done]);
    return rc;
}

static zq_rc show_batch(show *to, zq_err *err)
{
    const zq_answer answer = {ZQ_SHOW_CREATE_COLUMNS, ZQ_ONE_ROW, to->n};
    ZQ_AUTO_SQL(sql);
    size_t done = 0;
    zq_rc rc;

    for (size_t i = 0; i < to->n; i++)
        zq_sql_add(&sql, "%-sSHOW CREATE TABLE `%s`.`%s`", i > 0 ? ";" : "", to->of->database,
                   to->names[i]);
    rc = zq_db_run_sql(to->of->db, &sql, &(zq_answers){&answer, 1, take_row, to}, &done, err);
    return rc != ZQ_OK ? fail_batch(to, rc, done, err) : ZQ_OK;
}

/* ---- defaults that MariaDB cannot show ---- */

/* MariaDB's SHOW CREATE TABLE writes '?' for a character that takes four bytes in UTF-8, also where
 * the default itself has it (10.11); DEFAULT() gives what is stored. */
static bool hides_characters(const zq_column *column)
{
    return column->def.kind == ZQ_DEFAULT_LITERAL && zq_type_is_text(&column->type) &&
           strchr(column->def.text, '?') != NULL;
}

typedef struct hidden {
    zq_arena *arena;
    zq_column **columns; /* one for each statement */
    size_t n;
} hidden;

static zq_rc take_hidden(void *context, size_t statement, const zq_row *row, ZQ_UNUSED zq_err *err)
{
    hidden *to = context;

    if (zq_row_text(row, 0) != NULL)
        to->columns[statement]->def.text = zq_arena_strdup(to->arena, zq_row_text(row, 0));
    return ZQ_OK;
}

static void ask_for(zq_sql *sql, const show *to, const zq_table *table, const zq_column *column)
{
    zq_sql_add(sql,
               "SELECT CONVERT(DEFAULT(t.`%s`) USING utf8mb4) FROM (SELECT 1) AS one LEFT JOIN "
               "`%s`.`%s` AS t ON FALSE;",
               column->name, to->of->database, table->name);
}

static zq_rc read_hidden(show *to, zq_err *err)
{
    hidden found = {.arena = to->arena};
    zq_answer answer;
    ZQ_AUTO_SQL(sql);
    size_t most = 0;

    for (size_t i = 0; i < to->n; i++)
        most += to->tables[i].n_columns;
    found.columns = ZQ_NEW_ARRAY(to->arena, zq_column *, most);
    for (size_t i = 0; i < to->n; i++) {
        for (size_t k = 0; k < to->tables[i].n_columns; k++) {
            /* Made in this arena a moment ago, by the parser. */
            zq_column *column = (zq_column *)&to->tables[i].columns[k];

            if (!hides_characters(column))
                continue;
            found.columns[found.n++] = column;
            ask_for(&sql, to, &to->tables[i], column);
        }
    }
    if (found.n == 0)
        return ZQ_OK;
    answer = (zq_answer){"T", ZQ_ONE_ROW, found.n};
    return zq_db_run_sql(to->of->db, &sql, &(zq_answers){&answer, 1, take_hidden, &found}, NULL,
                         err);
}

zq_rc zq_show_create(zq_reading *of, const char *const *names, size_t n, zq_arena *arena,
                     zq_table *out_tables, zq_err *err)
{
    for (size_t first = 0; first < n; first += ZQ_SHOW_BATCH) {
        show to = {
            .of = of,
            .names = names + first,
            .n = n - first < ZQ_SHOW_BATCH ? n - first : ZQ_SHOW_BATCH,
            .arena = arena,
            .tables = out_tables + first,
        };

        ZQ_TRY(show_batch(&to, err));
        if (zq_db_server(of->db)->flavor == ZQ_MARIADB)
            ZQ_TRY(read_hidden(&to, err));
    }
    return ZQ_OK;
}
