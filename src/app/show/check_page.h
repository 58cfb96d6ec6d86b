/* What `check` found, as a page for people who were not there. */
#ifndef ZQ_APP_SHOW_CHECK_PAGE_H
#define ZQ_APP_SHOW_CHECK_PAGE_H

#include "base/err.h"
#include "run/compare.h"

typedef struct zq_checked {
    const char *database;
    const char *measure;  /* what it was compared with: "zquant 0.4.0" */
    const char *server;   /* "mariadb 10.11.6" */
    const char *revision; /* that is recorded; NULL, "": none */
    const char *head;     /* the newest that is known */
    const char *schema_id;
    const char *verdict; /* why the check fails; NULL: it does not */
    const char *hint;    /* what to do about it; may be "" */
    const zq_comparison *comparison;
    const zq_catalog *catalog;
    const char *const *warnings;
    size_t n_warnings;
} zq_checked;

/* Write the page to `path`, in place of what is there. Fails with ZQ_E_IO. */
zq_rc zq_check_page(const zq_checked *checked, const char *path, zq_arena *arena, zq_err *err);

#endif
