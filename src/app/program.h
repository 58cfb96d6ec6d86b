/* What a program is: its commands, as its main lists them. */
#ifndef ZQ_APP_PROGRAM_H
#define ZQ_APP_PROGRAM_H

#include "app/settings/option.h"
#include "base/err.h"

#include <stdbool.h>

typedef struct zq_app zq_app;

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

#endif
