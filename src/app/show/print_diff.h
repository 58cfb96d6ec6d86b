/* What differs between two sides, as statements for people or as a document. */
#ifndef ZQ_APP_SHOW_PRINT_DIFF_H
#define ZQ_APP_SHOW_PRINT_DIFF_H

#include "app/side.h"

/* Print the body of a revision that goes from one side to the other, nothing when they are the
 * same, or with --json the document. The dialect is that of a side that is live, else the
 * settings'. `out_n` gets how many differences there are. Fails as zq_sides_compare and
 * zq_sides_draft do. */
zq_rc zq_print_diff(zq_app *app, const zq_side *from, const zq_side *to, size_t *out_n,
                    zq_err *err);

#endif
