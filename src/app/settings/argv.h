/* The command line, read by argp with a parser built from the table of settings. */
#ifndef ZQ_APP_SETTINGS_ARGV_H
#define ZQ_APP_SETTINGS_ARGV_H

#include "app/settings/option.h"
#include "base/arena.h"
#include "base/err.h"

typedef struct zq_argv {
    const char *options[ZQ_SET_COUNT_]; /* the text given, "yes" for a flag; NULL: not given */
    int n_words;
    char **words; /* what is not an option, up to "--" */
    char **exec;  /* what follows "--", ending in NULL; NULL: there is no "--" */
    bool help;
    bool version;
    const char *generate; /* "man", "bash", "ini" ...: print that instead */
} zq_argv;

/* Read a command line of `program` (ZQ_FOR_INIT or ZQ_FOR_MIGRATE). Options may stand anywhere
 * before
 * "--"; of an option given twice the last counts, unless it repeats; long names may be shortened.
 * Texts point into `argv`. Fails with ZQ_E_USAGE and a hint; what may be a password is not
 * repeated. */
zq_rc zq_argv_parse(unsigned program, int argc, char **argv, zq_arena *arena, zq_argv *out_argv,
                    zq_err *err);

/* How many of the words are the command's name, "admin reset-password"; 0: it is another one. */
int zq_argv_match(const char *name, char **words, int n_words);

#endif
