/* What `verify` found, as a page for people who were not there. */
#ifndef ZQ_APP_SHOW_REPORT_HTML_H
#define ZQ_APP_SHOW_REPORT_HTML_H

#include "run/certificate.h"

typedef struct zq_report {
    const zq_certificate *now;
    const char *file;           /* the certificate that it was held against; NULL: none */
    const zq_certificate *then; /* what that says */
    const char *signer;         /* "" when it is not signed */
    unsigned long long n_rows;  /* read; with a certificate only */
    const zq_faults *faults;
} zq_report;

/* Write the page to `path`, in place of what is there: one file that loads nothing and runs
 * nothing. Fails with ZQ_E_IO. */
zq_rc zq_report_html(const zq_report *report, const char *path, zq_err *err);

#endif
