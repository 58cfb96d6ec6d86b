/* How messages and the product are shown: the verbs that commands use, and below what they are made
 * of. */
#ifndef ZQ_APP_SHOW_OUTPUT_H
#define ZQ_APP_SHOW_OUTPUT_H

#include "base/err.h"
#include "run/watch.h"

#include <stdbool.h>
#include <stdio.h>

typedef struct zq_app zq_app;

/* ---- for people, on standard error ---- */

typedef enum zq_weight {
    ZQ_NOTE,
    ZQ_SAY,
    ZQ_WARNING,
    ZQ_MISTAKE,
} zq_weight;

/* One message, in the language at hand. */
void zq_output_printf(zq_weight weight, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A step done ("created 25 tables"); left out by -q. JSON lines with --log-format json. */
#define zq_say(...) zq_output_printf(ZQ_SAY, __VA_ARGS__)
/* Detail, only with -v. */
#define zq_note(...) zq_output_printf(ZQ_NOTE, __VA_ARGS__)
/* Something to look at; left out by -q. */
#define zq_warn(...) zq_output_printf(ZQ_WARNING, __VA_ARGS__)
/* A part of the error that is about to end the command: looks like a warning, and is never left
 * out. */
#define zq_mistake(...) zq_output_printf(ZQ_MISTAKE, __VA_ARGS__)

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
 * last. Nothing where standard output is not for a document. */
zq_rc zq_out_json(void *json, zq_err *err);

/* ---- what they are made of ---- */

typedef struct zq_output {
    const char *program; /* "zquant-init" */
    bool json;           /* JSON lines instead of text */
    bool document;       /* standard output is one JSON document, whatever becomes of the run */
    bool quiet;          /* nothing but errors, and what other programs read */
    bool verbose;
    bool color;  /* messages */
    bool paints; /* lines of standard output */
} zq_output;

/* For all messages from here on. */
void zq_output_set(const zq_output *output);
const zq_output *zq_output_get(void);

/* One message. In text "zquant-init: ..." or "zquant-init: warning: ...". */
void zq_output_message(zq_weight weight, const char *text);

/* Does somebody sit before it: a terminal that is not to be quiet? */
bool zq_output_is_watched(void);

/* How far a long run is; zeroed is nothing. */
typedef struct zq_place {
    zq_watch_step step; /* without a revision: none is run */
    const char *what;   /* "tables"; NULL: nothing is counted */
    size_t done;
    size_t total;
    double rate; /* a second; 0 while it cannot be said */
} zq_place;

/* Say that in these words, as a line; in JSON with numbers as numbers ("event" is "progress"). */
void zq_output_place(const zq_place *place, const char *words);

/* That the server has not answered for so long; in JSON "event" is "silence". */
void zq_output_silence(unsigned seconds);

/* A step that has ended: in JSON a line ("event" is "step"), in text nothing. */
void zq_output_step(const zq_watch_step *step);

/* Are there lines for programs, and not only what fails? */
bool zq_output_has_events(void);
/* A table that was made, number `done` of `total`, in so many ms: such a line ("event" is
 * "table"). */
void zq_output_table(const char *name, size_t done, size_t total, unsigned long long ms);

/* Is there somebody at a terminal who can be asked? Not when standard output is for programs. */
bool zq_output_can_ask(void);
/* Ask a question that yes or no answers; false: it was not answered. What a terminal would obey is
 * spelled out. */
bool zq_output_ask(const char *question, bool *out_yes);

/* The error that ends the program: "zquant-init: message: detail" and "hint: ...". */
void zq_output_error(const zq_err *err);

/* Print the document of zq_out_json, once in a run; with `failure` (NULL: none) it says "error",
 * "detail", "hint" and "code", too, and is that alone where the command had none yet. */
zq_rc zq_output_document(const zq_err *failure, zq_err *err);

#endif
