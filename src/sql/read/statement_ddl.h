/* What follows the verbs of statements that change the schema. */
#ifndef ZQ_SQL_READ_STATEMENT_DDL_H
#define ZQ_SQL_READ_STATEMENT_DDL_H

#include "sql/read/reader.h"

/* The verb is taken; each reads to the end of what it knows. */
void zq_read_alter(reader *r);
void zq_read_create(reader *r);
void zq_read_drop(reader *r);
void zq_read_rename(reader *r);
void zq_read_truncate(reader *r);

#endif
