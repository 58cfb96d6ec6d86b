#include "rev/step_kit.h"
#include "sql/alter/predict.h"
#include "sql/table/show_create_read.h"

#include <string.h>

bool zq_step_is_temporary(const zq_walk *w, size_t i)
{
    return w->leg->section->statements[i].temporary;
}

/* The server has no such thing to drop or change, or has one already (MySQL "Server Error Message
 * Reference"; the same numbers on MariaDB). */
static bool is_of_presence(unsigned number)
{
    static const unsigned numbers[] = {
        1051, /* unknown table */
        1054, /* unknown column */
        1060, /* duplicate column name */
        1061, /* duplicate key name */
        1068, /* multiple primary key defined */
        1091, /* cannot drop: check that it exists */
        1176, /* key does not exist in table */
        1826, /* duplicate foreign key name; MariaDB: any constraint's */
        3822, /* duplicate check constraint name */
    };

    for (size_t i = 0; i < ZQ_LEN(numbers); i++) {
        if (numbers[i] == number)
            return true;
    }
    return false;
}

static bool is_alter_of_one(const zq_statement *is)
{
    return is->alters && is->tables_known && is->n_tables == 1 && !is->other_database;
}

/* The table as it is; false when it cannot be had, or is a view. */
static bool read_table(const zq_walk *w, const char *name, zq_table *out)
{
    zq_db *db = w->apply->db;
    ZQ_AUTO_SQL(sql);
    const char *text;
    zq_rows rows;

    zq_sql_lit(&sql, "SHOW CREATE TABLE ");
    zq_sql_ident(&sql, name);
    if (zq_sql_finish(&sql, &text, NULL) != ZQ_OK ||
        zq_db_query(db, text, NULL, 0, ZQ_SHOW_CREATE_COLUMNS, w->arena, &rows, NULL) != ZQ_OK ||
        rows.n != 1)
        return false;
    text = zq_rows_at(&rows, 0, 1);
    if (text == NULL || zq_show_create_read(text, strlen(text), zq_db_server(db)->flavor, w->arena,
                                            out, NULL) != ZQ_OK)
        return false;
    out->name = name;
    return true;
}

zq_done zq_step_is_done(const zq_walk *w, size_t i)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_table table;

    if (zq_step_kind_of(s) != ZQ_STEP_TABLES || !is_alter_of_one(&s->is) ||
        !read_table(w, s->is.tables[0], &table))
        return ZQ_DONE_UNKNOWN;
    return zq_predict_is_done(s->text, s->length, zq_db_server(w->apply->db)->flavor, &table,
                              w->arena);
}

/* Did an earlier statement of the revision, run now or by another run, make of the table what this
 * one finds? */
static bool may_be_own(const zq_walk *w, size_t i)
{
    const zq_rev_section *section = w->leg->section;
    const char *table = section->statements[i].is.tables[0];

    for (size_t j = 0; j < i; j++) {
        const zq_statement *is = &section->statements[j].is;

        if (is->kind == ZQ_STATEMENT_UNKNOWN || (is->kind == ZQ_STATEMENT_DDL && !is->tables_known))
            return true;
        if (zq_step_touches(is, table))
            return true;
    }
    return false;
}

bool zq_step_done_by_another(const zq_walk *w, size_t i, unsigned server_errno)
{
    const zq_statement *is = &w->leg->section->statements[i].is;

    if (!is_of_presence(server_errno) || is->n_tables != 1 || may_be_own(w, i))
        return false;
    return strcmp(is->verb, "DROP TABLE") == 0 || zq_step_is_done(w, i) == ZQ_DONE;
}
