#include "app/show/report_html.h"

#include "app/show/page.h"
#include "base/text.h"
#include "sql/flavor.h"

static void add_verdict(zq_buf *page, const zq_report *report)
{
    size_t n = report->faults->n;
    const char *noun = report->file != NULL ? "difference" : "fault";
    const char *verdict = report->file != NULL ? n == 0 ? " is what its certificate says"
                                                        : " is not what its certificate says"
                          : n == 0             ? " is sound"
                                               : " is not sound";
    ZQ_AUTO_BUF(heading);

    zq_text_printf(&heading, "Database %s%s", report->now->database, verdict);
    zq_page_heading(page, 1, n == 0 ? "good" : "bad", zq_buf_text(&heading));
    if (n > 0)
        zq_text_printf(page, "<p>%zu %s%s.</p>\n", n, noun, n == 1 ? "" : "s");
}

static void add_facts(zq_buf *page, const zq_report *report)
{
    const zq_certificate *now = report->now;

    zq_buf_str(page, "<table>\n");
    zq_page_fact(page, "Looked at", now->written);
    zq_page_fact(page, "Server", zq_flavor_name(now->flavor));
    zq_page_fact(page, "Version", now->server_version);
    zq_page_fact(page, "Revision", now->revision);
    zq_page_fact(page, "Schema id", now->schema_id);
    zq_page_number(page, "Tables", now->tables.n);
    if (report->file != NULL) {
        zq_page_number(page, "Rows", report->n_rows);
        zq_page_fact(page, "Certificate", report->file);
        zq_page_fact(page, "Written", report->then->written);
        zq_page_fact(page, "Of database", report->then->database);
        zq_page_fact(page, "On server", report->then->server_version);
        zq_page_fact(page, "At", report->then->position);
        zq_page_fact(page, "Signed by", report->signer);
    }
    zq_buf_str(page, "</table>\n");
}

static void add_faults(zq_buf *page, const zq_faults *faults)
{
    static const char *const headings[] = {"Object", "What", "Expected", "Found"};

    if (faults->n == 0)
        return;
    zq_page_table_begin(page, headings, ZQ_LEN(headings));
    for (size_t i = 0; i < faults->n; i++) {
        const zq_fault *f = &faults->items[i];
        const char *const cells[] = {f->object, f->message, f->expected, f->found};

        zq_page_row(page, headings, cells, ZQ_LEN(cells));
    }
    zq_page_table_end(page);
}

zq_rc zq_report_html(const zq_report *report, const char *path, zq_err *err)
{
    ZQ_AUTO_BUF(title);
    ZQ_AUTO_BUF(page);

    zq_text_printf(&title, "%s: verified", report->now->database);
    zq_page_begin(&page, zq_buf_text(&title));
    add_verdict(&page, report);
    add_facts(&page, report);
    add_faults(&page, report->faults);
    return zq_page_write(&page, path, err);
}
