/* Pages for people who were not there: each is one file of HTML that loads nothing and runs
 * nothing, readable on a small screen and on paper. */
#ifndef ZQ_APP_SHOW_PAGE_H
#define ZQ_APP_SHOW_PAGE_H

#include "base/buf.h"
#include "base/err.h"

/* Everything up to the first heading. */
void zq_page_begin(zq_buf *page, const char *title);

/* Add what a browser shows as `text`, whatever it holds. */
void zq_page_text(zq_buf *page, const char *text);

/* "<h2>text</h2>", with a class; NULL: none. `level` is 1 to 6. */
void zq_page_heading(zq_buf *page, int level, const char *class, const char *text);

/* A paragraph; left out when the text is NULL or "". */
void zq_page_line(zq_buf *page, const char *text);

/* A row of a table of facts; left out when the value is NULL or "". */
void zq_page_fact(zq_buf *page, const char *name, const char *value);
void zq_page_number(zq_buf *page, const char *name, unsigned long long value);

/* A table: its headings, then rows. On a small screen each row is a block, and each cell has its
 * heading before it. NULL is an empty cell. */
void zq_page_table_begin(zq_buf *page, const char *const *headings, size_t n);
void zq_page_row(zq_buf *page, const char *const *headings, const char *const *cells, size_t n);
void zq_page_table_end(zq_buf *page);

/* Add the end and write the page to `path`, in place of what is there. Fails with ZQ_E_IO. */
zq_rc zq_page_write(zq_buf *page, const char *path, zq_err *err);

#endif
