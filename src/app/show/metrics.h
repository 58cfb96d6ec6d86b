/* The figures of a run for whoever watches many of them: a file in the text format of Prometheus,
 * as the node exporter's textfile collector reads it. */
#ifndef ZQ_APP_SHOW_METRICS_H
#define ZQ_APP_SHOW_METRICS_H

#include "base/arena.h"
#include "base/err.h"

/* What a command finds; what it does not look at stays unknown. */
typedef struct zq_figures {
    const char *revision; /* NULL: not known */
    const char *head;
    long pending;      /* revisions; -1: not known */
    long differences;  /* -1: not known */
    long members_left; /* -1: not known */
} zq_figures;

typedef struct zq_metrics {
    const char *program;
    const char *command;
    const char *database;
    const zq_figures *figures;
    zq_rc result; /* what the command has ended with */
    double seconds;
} zq_metrics;

/* Write the file, in place of an earlier one. When the command last went well is kept of that one.
 * Fails with ZQ_E_IO. */
zq_rc zq_metrics_write(const zq_metrics *m, const char *path, zq_arena *arena, zq_err *err);

#endif
