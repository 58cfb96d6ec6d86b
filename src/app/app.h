/* What a command is given. */
#ifndef ZQ_APP_APP_H
#define ZQ_APP_APP_H

#include "app/program.h"
#include "app/settings/settings.h"
#include "app/show/metrics.h"
#include "app/show/output.h"
#include "base/arena.h"
#include "base/err.h"

struct zq_app {
    const zq_program *program;
    const zq_command *command;
    zq_settings *settings;
    zq_arena *arena; /* for the run */
    int argc;        /* words after the command's own, options left out: "up 0003" gives {"0003"} */
    char **argv;
    char **exec;        /* the words after "--", ending in NULL; NULL when there are none */
    zq_figures figures; /* for --metrics */
    unsigned long long begun_ms;         /* zq_now_ms() when the command began */
    unsigned long long waiting_since_ms; /* zq_now_ms() when the server was last missed; 0: it is
                                            there */
    unsigned long long waited_ms;        /* before that */
    const char *place; /* where a command that is repeated was first bound for; NULL */
    bool impatient;    /* all that it asks must be over by the time a connection may take */
    zq_target target;  /* the server's address, once zq_connect was called */
};

/* Leave the figures of the run in the file of --metrics; nothing where none is asked for, or in a
 * dry run. `result` is what the command has ended with. Fails with ZQ_E_IO. */
zq_rc zq_app_leave_figures(const zq_app *app, zq_rc result, zq_err *err);

#endif
