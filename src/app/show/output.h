/* How messages are shown; app.h has the verbs that commands use. */
#ifndef ZQ_APP_SHOW_OUTPUT_H
#define ZQ_APP_SHOW_OUTPUT_H

#include "base/err.h"
#include "run/watch.h"

#include <stdbool.h>
#include <stdio.h>

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

typedef enum zq_weight {
    ZQ_NOTE,
    ZQ_SAY,
    ZQ_WARNING,
    ZQ_MISTAKE,
} zq_weight;

/* One message. In text "zquant-init: ..." or "zquant-init: warning: ...". */
void zq_output_message(zq_weight weight, const char *text);

/* Does somebody sit before it: a terminal that is not to be quiet? */
bool zq_output_is_watched(void);

/* How far a long run is, as a line; in JSON with numbers as numbers ("event" is "progress"). */
struct zq_place;
void zq_output_place(const struct zq_place *place);

/* That the server has not answered for so long; in JSON "event" is "silence". */
void zq_output_silence(unsigned seconds);

/* A step that has ended: in JSON a line ("event" is "step"), in text nothing. */
void zq_output_step(const zq_watch_step *step);

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

/* Columns of the terminal that standard output is; 100 when it is not one. */
size_t zq_output_width(void);

#endif
