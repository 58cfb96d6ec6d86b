/* What both programs share: the walk from argv to an exit status. */
#ifndef ZQ_APP_APP_H
#define ZQ_APP_APP_H

#include "app/settings/settings.h"
#include "app/show/metrics.h"
#include "base/arena.h"
#include "base/err.h"

/* What a command is given. */
typedef struct zq_app {
    const struct zq_program *program;
    const struct zq_command *command;
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
    zq_target target;  /* the server's address, once zq_app_connect was called */
} zq_app;

typedef struct zq_command {
    const char *name;      /* "status", "admin reset-password" */
    const char *arguments; /* "[REV]", or "" */
    const char *summary;   /* one line for the list in --help */
    const char *doc;       /* paragraphs for `COMMAND --help` and the man page, with an example */
    zq_rc (*run)(zq_app *app, zq_err *err);
    bool repeats; /* once more with --wait, when the server goes away in the middle: it does nothing
                     twice, and asks nobody twice */
} zq_command;

typedef struct zq_program {
    const char *name;
    const char *summary;
    const char *doc;      /* paragraphs for --help and the man page; may be NULL */
    const char *examples; /* lines, indented by two; may be NULL */
    unsigned options;     /* ZQ_FOR_INIT or ZQ_FOR_MIGRATE: which rows of the table of settings */
    const zq_command *commands; /* ends in a row without a name; the first is the default, if any */
    bool has_default;
} zq_program;

/* Read settings, run the command, report its error on standard error in one shape, and give the
 * exit status. Both mains are a command table and this call. */
int zq_app_main(const zq_program *program, int argc, char **argv);

/* Become `app->exec`: the command after "--". Gives back what this process changed for itself
 * (signals, core limit), and takes the administrator's secrets out of the environment; the DB_*
 * variables stay, because the application reads them. Returns only on failure: ZQ_E_NOINPUT when
 * there is no such program, else ZQ_E_IO. */
zq_rc zq_app_exec(zq_app *app, zq_err *err);

/* Leave the figures of the run in the file of --metrics; nothing where none is asked for, or in a
 * dry run. `result` is what the command has ended with. Fails with ZQ_E_IO. */
zq_rc zq_app_leave_figures(const zq_app *app, zq_rc result, zq_err *err);

/* ---- for people, on standard error ---- */

/* A step done ("created 25 tables"); left out by -q. JSON lines with --log-format json. */
void zq_say(const zq_app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Detail, only with -v. */
void zq_note(const zq_app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Something to look at; left out by -q. */
void zq_warn(const zq_app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A part of the error that is about to end the command: looks like a warning, and is never left
 * out. */
void zq_mistake(const zq_app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- the product, on standard output ---- */

typedef enum zq_color {
    ZQ_GREEN = 32,
    ZQ_YELLOW = 33,
    ZQ_RED = 31,
    ZQ_DIM = 2,
} zq_color;

/* Lines that hold `words` have this colour; the last row has no words. */
typedef struct zq_paint {
    const char *words;
    bool begins; /* only those that begin with them */
    zq_color color;
} zq_paint;

/* Write to standard output; fails with ZQ_E_IO, at the latest in zq_out_flush (a full disk, a
 * closed pipe). Lines are for people: what a terminal would obey is spelled out, and a name was
 * written by zq_text_printf, so that it cannot end its line; on a terminal that takes colours, a
 * line has that of the first of `paints` that it holds. What other programs read, a script or a
 * canonical text, is exact, but on a terminal. */
zq_rc zq_out_lines(const char *text, zq_err *err);
zq_rc zq_out_painted(const char *text, const zq_paint *paints, zq_err *err);
zq_rc zq_out_printf(zq_err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
zq_rc zq_out_exact(const char *text, zq_err *err);
zq_rc zq_out_flush(zq_err *err);

/* The JSON document of this run, in place of an earlier one (a json_t *, so that jansson.h stays
 * out of here): kept, and printed when the command has ended, so that it can say what failed at
 * last. */
zq_rc zq_out_json(void *json, zq_err *err);

#endif
