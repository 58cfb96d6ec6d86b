/* Statements that make and change tables, from the model. Pure text; the same on both flavours
 * unless said otherwise. Everything is spelled out (engine, charset, collation, constraint and
 * index names), so that no server default can change what is made. */
#ifndef ZQ_SQL_DDL_WRITE_H
#define ZQ_SQL_DDL_WRITE_H

#include "model/schema.h"
#include "sql/flavor.h"
#include "sql/sql.h"

/* CREATE DATABASE IF NOT EXISTS `name` with utf8mb4 and utf8mb4_unicode_ci. */
void zq_ddl_create_database(zq_sql *sql, const char *name);

/* ALTER DATABASE `name` to those same defaults. */
void zq_ddl_alter_database(zq_sql *sql, const char *name);

/* What every script begins with: the session's settings, and the database, made first when it may
 * be missing. The tool's own connections begin so, too, so that both give the same bytes. */
void zq_ddl_begin_script(zq_sql *sql, const char *database, bool create);

/* CREATE TABLE, with IF NOT EXISTS when asked; indexes and foreign keys in the descriptor's order.
 * A table with extras is refused (zq_sql_refuse): less than the model says must not be made. So is
 * what the flavour does not have, like an index over an expression on MariaDB. */
void zq_ddl_create_table(zq_sql *sql, const zq_table *table, bool if_not_exists, zq_flavor flavor);

/* One column as it stands in CREATE TABLE and after ADD or MODIFY COLUMN: name, type, the rest. */
void zq_ddl_column(zq_sql *sql, const zq_column *column, zq_flavor flavor);

/* One index as it stands in CREATE TABLE and after ADD: "UNIQUE KEY `x` (`a`,`b`(10))". */
void zq_ddl_index(zq_sql *sql, const zq_index *index, zq_flavor flavor);

/* "RENAME INDEX `x` TO `y`", as it stands in ALTER TABLE. */
void zq_ddl_rename_index(zq_sql *sql, const char *from, const char *to);

/* One foreign key: "CONSTRAINT `x` FOREIGN KEY (`a`) REFERENCES `t` (`b`) ON DELETE CASCADE". */
void zq_ddl_foreign_key(zq_sql *sql, const zq_foreign_key *key);

#endif
