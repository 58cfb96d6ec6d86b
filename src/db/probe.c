#include "db/probe.h"

#include <string.h>

/* What is asked of each table: a view of information_schema, and what of its rows. */
typedef struct question {
    const char *view;
    const char *of_mariadb;
    const char *of_mysql;
} question;

/* MariaDB opens the one table when both names are constants. */
static void probe_mariadb(zq_sql *out, const question *q, const zq_schema *wanted,
                          const char *database)
{
    bool first = true;

    for (size_t i = 0; i < wanted->n_tables; i++) {
        if (zq_table_is_family(wanted->tables[i]))
            continue;
        if (!first)
            zq_sql_lit(out, " UNION ALL ");
        first = false;
        zq_sql_lit(out, "SELECT ");
        zq_sql_rawz(out, q->of_mariadb);
        zq_sql_lit(out, " FROM information_schema.");
        zq_sql_rawz(out, q->view);
        zq_sql_lit(out, " WHERE TABLE_SCHEMA = ");
        zq_sql_str(out, database);
        zq_sql_lit(out, " AND TABLE_NAME = ");
        zq_sql_str(out, wanted->tables[i]->name);
    }
}

/* MySQL looks each name up in its dictionary's index. The names get the dictionary's own charset,
 * or the index could not be used. */
static void probe_mysql(zq_sql *out, const question *q, const zq_schema *wanted,
                        const char *database)
{
    bool first = true;

    zq_sql_lit(out, "SELECT ");
    zq_sql_rawz(out, q->of_mysql);
    zq_sql_lit(out, " FROM (");
    for (size_t i = 0; i < wanted->n_tables; i++) {
        if (zq_table_is_family(wanted->tables[i]))
            continue;
        if (!first)
            zq_sql_lit(out, " UNION ALL ");
        zq_sql_lit(out, "SELECT CONVERT(");
        zq_sql_str(out, wanted->tables[i]->name);
        zq_sql_lit(out, " USING utf8mb3)");
        if (first)
            zq_sql_lit(out, " AS name");
        first = false;
    }
    zq_sql_lit(out, ") AS wanted STRAIGHT_JOIN information_schema.");
    zq_sql_rawz(out, q->view);
    zq_sql_lit(out, " AS t ON t.TABLE_SCHEMA = ");
    zq_sql_str(out, database);
    zq_sql_lit(out, " AND t.TABLE_NAME = wanted.name");
}

static void probe(zq_sql *out, const question *q, const zq_schema *wanted, const char *database,
                  zq_flavor flavor)
{
    if (flavor == ZQ_MARIADB)
        probe_mariadb(out, q, wanted, database);
    else
        probe_mysql(out, q, wanted, database);
}

void zq_probe_tables(zq_sql *out, const zq_schema *wanted, const char *database, zq_flavor flavor)
{
    static const question tables = {"TABLES", "TABLE_NAME, TABLE_TYPE",
                                    "t.TABLE_NAME, t.TABLE_TYPE"};

    probe(out, &tables, wanted, database, flavor);
}

void zq_probe_columns(zq_sql *out, const zq_schema *wanted, const char *database, zq_flavor flavor)
{
    static const question columns = {
        "COLUMNS", "TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, DATA_TYPE, IS_NULLABLE",
        "t.TABLE_NAME, t.COLUMN_NAME, t.ORDINAL_POSITION, t.DATA_TYPE, t.IS_NULLABLE"};

    probe(out, &columns, wanted, database, flavor);
}
