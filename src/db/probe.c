#include "db/probe.h"

#include <string.h>

/* MariaDB opens the one table when both names are constants. */
static void tables_of_mariadb(zq_sql *out, const zq_schema *wanted, const char *database)
{
    bool first = true;

    for (size_t i = 0; i < wanted->n_tables; i++) {
        if (zq_table_is_family(wanted->tables[i]))
            continue;
        if (!first)
            zq_sql_lit(out, " UNION ALL ");
        first = false;
        zq_sql_add(out,
                   "SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE "
                   "TABLE_SCHEMA = '%s' AND TABLE_NAME = '%s'",
                   database, wanted->tables[i]->name);
    }
}

/* MySQL looks each name up in its dictionary's index. The names get the dictionary's own charset,
 * or the index could not be used. */
static void probe_mysql(zq_sql *out, const char *view, const char *columns, const zq_schema *wanted,
                        const char *database)
{
    bool first = true;

    zq_sql_add(out, "SELECT %-s FROM (", columns);
    for (size_t i = 0; i < wanted->n_tables; i++) {
        if (zq_table_is_family(wanted->tables[i]))
            continue;
        zq_sql_add(out, "%-sSELECT CONVERT('%s' USING utf8mb3)", first ? "" : " UNION ALL ",
                   wanted->tables[i]->name);
        if (first)
            zq_sql_lit(out, " AS name");
        first = false;
    }
    zq_sql_add(out,
               ") AS wanted STRAIGHT_JOIN information_schema.%-s AS t ON t.TABLE_SCHEMA = '%s' AND "
               "t.TABLE_NAME = wanted.name",
               view, database);
}

void zq_probe_tables(zq_sql *out, const zq_schema *wanted, const char *database, zq_flavor flavor)
{
    if (flavor == ZQ_MARIADB)
        tables_of_mariadb(out, wanted, database);
    else
        probe_mysql(out, "TABLES", "t.TABLE_NAME, t.TABLE_TYPE", wanted, database);
}

void zq_probe_columns(zq_sql *out, const zq_schema *wanted, const char *database)
{
    probe_mysql(out, "COLUMNS",
                "t.TABLE_NAME, t.COLUMN_NAME, t.ORDINAL_POSITION, t.DATA_TYPE, t.IS_NULLABLE",
                wanted, database);
}
