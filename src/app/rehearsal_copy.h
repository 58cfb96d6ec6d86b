/* The tables that stand for those of a database in a rehearsal. */
#ifndef ZQ_APP_REHEARSAL_COPY_H
#define ZQ_APP_REHEARSAL_COPY_H

#include "app/migrate.h"
#include "db/catalog.h"
#include "migrate/forecast.h"

enum { ZQ_COPY_FORMS = 40 }; /* copied of one family */

typedef struct zq_copy {
    zq_app *app;
    const zq_migration *from;   /* the real database: only read */
    const zq_catalog *catalog;  /* of it */
    const zq_step_costs *costs; /* of the statements that will be run */
    const char **tables;        /* that are copied */
    const char **definitions;
    unsigned long long *rows; /* that were copied into each */
    size_t n;
    size_t n_left_out; /* forms */
} zq_copy;

/* Fill in which. Fails as zq_definitions_read does. In the run's arena. */
zq_rc zq_copy_choose(zq_copy *copy, zq_err *err);

/* Make them, empty, in database `name`, which becomes the default of `db`. */
zq_rc zq_copy_make(const zq_copy *copy, zq_db *db, const char *name, zq_err *err);

/* Copy the history, which says where the copy is, and --rows rows of each table of `copy->from`. */
zq_rc zq_copy_fill(const zq_copy *copy, zq_db *db, const char *name, zq_err *err);

#endif
