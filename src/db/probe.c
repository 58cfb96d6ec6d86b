#include "db/probe.h"

#include <string.h>

/* MariaDB opens the one table when both names are constants. */
static void probe_mariadb(zq_sql *out, const zq_schema *wanted, const char *database)
{
    bool first = true;

    for (size_t i = 0; i < wanted->n_tables; i++) {
        if (zq_table_is_family(wanted->tables[i]))
            continue;
        if (!first)
            zq_sql_lit(out, " UNION ALL ");
        first = false;
        zq_sql_lit(out, "SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES"
                        " WHERE TABLE_SCHEMA = ");
        zq_sql_str(out, database);
        zq_sql_lit(out, " AND TABLE_NAME = ");
        zq_sql_str(out, wanted->tables[i]->name);
    }
}

/* MySQL looks each name up in its dictionary's index. The names get the dictionary's own charset,
 * or the index could not be used. */
static void probe_mysql(zq_sql *out, const zq_schema *wanted, const char *database)
{
    bool first = true;

    zq_sql_lit(out, "SELECT t.TABLE_NAME, t.TABLE_TYPE FROM (");
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
    zq_sql_lit(out, ") AS wanted STRAIGHT_JOIN information_schema.TABLES AS t"
                    " ON t.TABLE_SCHEMA = ");
    zq_sql_str(out, database);
    zq_sql_lit(out, " AND t.TABLE_NAME = wanted.name");
}

void zq_probe_tables(zq_sql *out, const zq_schema *wanted, const char *database, zq_flavor flavor)
{
    if (flavor == ZQ_MARIADB)
        probe_mariadb(out, wanted, database);
    else
        probe_mysql(out, wanted, database);
}
