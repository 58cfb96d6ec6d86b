/* Which of our tables are there? The cheapest question a start on a ready database can ask. */
#ifndef ZQ_DB_PROBE_H
#define ZQ_DB_PROBE_H

#include "model/schema.h"
#include "sql/flavor.h"
#include "sql/sql.h"

/* Append one statement that lists the tables of `wanted` that are in `database`: rows of name and
 * TABLE_TYPE ('BASE TABLE', 'VIEW', 'SEQUENCE', 'SYSTEM VERSIONED'), in no particular order.
 * Families are left out. No rows when the database is not there, or may not be seen.
 *
 * Each name is looked up by itself, so that it costs about a millisecond however many other tables
 * the database has: a list of names makes either server walk through all tables of the database. */
void zq_probe_tables(zq_sql *out, const zq_schema *wanted, const char *database, zq_flavor flavor);

/* The same for the columns of these tables, on MySQL: rows of table, column, ORDINAL_POSITION,
 * DATA_TYPE and IS_NULLABLE, in no particular order. Generated columns are among them. */
void zq_probe_columns(zq_sql *out, const zq_schema *wanted, const char *database);

#endif
