/* How messages are shown; app.h has the verbs that commands use. */
#ifndef ZQ_APP_OUTPUT_H
#define ZQ_APP_OUTPUT_H

#include "base/err.h"

#include <stdbool.h>
#include <stdio.h>

typedef struct zq_output {
    const char *program; /* "zquant-init" */
    bool json;           /* JSON lines instead of text */
    bool quiet;
    bool verbose;
    bool color;
} zq_output;

/* For all messages from here on. */
void zq_output_set(const zq_output *output);
const zq_output *zq_output_get(void);

typedef enum zq_weight {
    ZQ_NOTE,
    ZQ_SAY,
    ZQ_WARNING,
} zq_weight;

/* One message. In text "zquant-init: ..." or "zquant-init: warning: ...". */
void zq_output_message(zq_weight weight, const char *text);

/* The error that ends the program: "zquant-init: message: detail" and "hint: ...". */
void zq_output_error(const zq_err *err);

#endif
