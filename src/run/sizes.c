/* One walk over information_schema.TABLES. Asked by a list of names, either server walks through
 * all tables of the database just as well, so members are recognised here; and where only
 * few tables are wanted, and no family, their names are given, which spares opening the others. */
#include "run/sizes.h"

#include "model/family.h"
#include "sql/sql.h"

#include <stdlib.h>
#include <string.h>

typedef struct measuring {
    const zq_schema *schema;
    zq_size *sizes;
    size_t n;
} measuring;

static unsigned long long number_at(const zq_row *row, size_t column)
{
    const char *text = zq_row_text(row, column);

    return text == NULL ? 0 : strtoull(text, NULL, 10);
}

static zq_rc take_table(void *context, ZQ_UNUSED size_t statement, const zq_row *row,
                        ZQ_UNUSED zq_err *err)
{
    measuring *m = context;
    const char *name = zq_row_text(row, 0), *code;
    const zq_table *family = zq_family_of(m->schema, name, &code);

    if (family != NULL)
        name = family->name;
    for (size_t i = 0; i < m->n; i++) {
        if (strcmp(m->sizes[i].name, name) != 0)
            continue;
        m->sizes[i].known = true;
        m->sizes[i].n_tables++;
        m->sizes[i].rows += number_at(row, 1);
        m->sizes[i].bytes += number_at(row, 2);
    }
    return ZQ_OK;
}

static void write_names(zq_sql *sql, const zq_size *sizes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strstr(sizes[i].name, ZQ_CODE) != NULL)
            return;
    }
    zq_sql_lit(sql, " AND TABLE_NAME IN (");
    for (size_t i = 0; i < n; i++)
        zq_sql_add(sql, "%-s'%s'", i > 0 ? ", " : "", sizes[i].name);
    zq_sql_lit(sql, ")");
}

zq_rc zq_sizes_read(zq_db *db, const char *database, const zq_schema *schema, zq_size *io_sizes,
                    size_t n, zq_err *err)
{
    const zq_answer answer = {.columns = "tII"};
    ZQ_AUTO_SQL(sql);
    measuring m = {schema, io_sizes, n};

    if (n == 0)
        return ZQ_OK;
    zq_sql_add(&sql,
               "SELECT TABLE_NAME, TABLE_ROWS, DATA_LENGTH + INDEX_LENGTH FROM "
               "information_schema.TABLES WHERE TABLE_SCHEMA = '%s' AND TABLE_TYPE <> 'VIEW'",
               database);
    write_names(&sql, io_sizes, n);
    return zq_db_run_sql(db, &sql, &(zq_answers){&answer, 1, take_table, &m, true}, NULL, err);
}
