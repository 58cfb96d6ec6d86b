#include "app/report_html.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "sql/flavor.h"

#include <string.h>

/* A name may hold anything: what a browser would obey is spelled out, and so is what an eye would
 * not see. */
static void add_text(zq_buf *page, const char *text)
{
    ZQ_AUTO_BUF(plain);

    zq_text_printf(&plain, "%s", text);
    for (const char *c = zq_buf_text(&plain); *c != '\0'; c++) {
        if (*c == '&')
            zq_buf_str(page, "&amp;");
        else if (*c == '<')
            zq_buf_str(page, "&lt;");
        else if (*c == '>')
            zq_buf_str(page, "&gt;");
        else if (*c == '"')
            zq_buf_str(page, "&quot;");
        else
            zq_buf_char(page, *c);
    }
}

static void add_fact(zq_buf *page, const char *name, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    zq_text_printf(page, "<tr><th scope=\"row\">%s</th><td>", name);
    add_text(page, value);
    zq_buf_str(page, "</td></tr>\n");
}

static void add_number(zq_buf *page, const char *name, unsigned long long value)
{
    zq_text_printf(page, "<tr><th scope=\"row\">%s</th><td>%llu</td></tr>\n", name, value);
}

static void add_head(zq_buf *page, const zq_report *report)
{
    zq_buf_str(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src 'unsafe-inline'\">\n<title>");
    add_text(page, report->now->database);
    zq_buf_str(
        page,
        ": verified</title>\n<style>\n"
        "body { font: 15px/1.5 sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em; "
        "}\n"
        "table { border-collapse: collapse; width: 100%; margin: 1em 0; }\n"
        "th, td { border-bottom: 1px solid #ccc; padding: .3em .6em; text-align: left; "
        "vertical-align: top; overflow-wrap: anywhere; }\n"
        ".good { color: #060; } .bad { color: #900; }\n"
        "</style>\n</head>\n<body>\n");
}

static void add_verdict(zq_buf *page, const zq_report *report)
{
    size_t n = report->faults->n;
    const char *noun = report->file != NULL ? "difference" : "fault";
    const char *verdict = report->file != NULL ? n == 0 ? " is what its certificate says"
                                                        : " is not what its certificate says"
                          : n == 0             ? " is sound"
                                               : " is not sound";

    zq_text_printf(page, "<h1 class=\"%s\">Database ", n == 0 ? "good" : "bad");
    add_text(page, report->now->database);
    zq_text_printf(page, "%s</h1>\n", verdict);
    if (n > 0)
        zq_text_printf(page, "<p>%zu %s%s.</p>\n", n, noun, n == 1 ? "" : "s");
}

static void add_facts(zq_buf *page, const zq_report *report)
{
    const zq_certificate *now = report->now;

    zq_buf_str(page, "<table>\n");
    add_fact(page, "Looked at", now->written);
    add_fact(page, "Server", zq_flavor_name(now->flavor));
    add_fact(page, "Version", now->server_version);
    add_fact(page, "Revision", now->revision);
    add_fact(page, "Schema id", now->schema_id);
    add_number(page, "Tables", now->tables.n);
    if (report->file != NULL) {
        add_number(page, "Rows", report->n_rows);
        add_fact(page, "Certificate", report->file);
        add_fact(page, "Written", report->then->written);
        add_fact(page, "Of database", report->then->database);
        add_fact(page, "On server", report->then->server_version);
        add_fact(page, "At", report->then->position);
        add_fact(page, "Signed by", report->signer);
    }
    zq_buf_str(page, "</table>\n");
}

static void add_faults(zq_buf *page, const zq_faults *faults)
{
    if (faults->n == 0)
        return;
    zq_buf_str(page, "<table>\n<tr><th>Object</th><th>What</th><th>Expected</th><th>Found</th>"
                     "</tr>\n");
    for (size_t i = 0; i < faults->n; i++) {
        const zq_fault *f = &faults->items[i];
        const char *const cells[] = {f->object, f->message, f->expected, f->found};

        zq_buf_str(page, "<tr>");
        for (size_t k = 0; k < ZQ_LEN(cells); k++) {
            zq_buf_str(page, "<td>");
            add_text(page, cells[k] == NULL ? "" : cells[k]);
            zq_buf_str(page, "</td>");
        }
        zq_buf_str(page, "</tr>\n");
    }
    zq_buf_str(page, "</table>\n");
}

zq_rc zq_report_html(const zq_report *report, const char *path, zq_err *err)
{
    ZQ_AUTO_BUF(page);
    ZQ_AUTO(zq_new_file) file = NULL;

    add_head(&page, report);
    add_verdict(&page, report);
    add_facts(&page, report);
    add_faults(&page, report->faults);
    zq_text_printf(&page, "<p>By zquant-migrate %s.</p>\n</body>\n</html>\n", ZQ_VERSION);
    ZQ_TRY(zq_new_file_write(path, zq_buf_text(&page), page.length, 0644, &file, err));
    return zq_new_file_place(file, true, err);
}
