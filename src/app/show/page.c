#include "app/show/page.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

#include <string.h>

/* A name may hold anything: what a browser would obey is spelled out, and so is what an eye would
 * not see. */
void zq_page_text(zq_buf *page, const char *text)
{
    ZQ_AUTO_BUF(plain);

    zq_text_show_lines(&plain, text, strlen(text));
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

void zq_page_begin(zq_buf *page, const char *title)
{
    zq_buf_str(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src 'unsafe-inline'\">\n<title>");
    zq_page_text(page, title);
    zq_buf_str(
        page,
        "</title>\n<style>\n"
        "body { font: 15px/1.5 sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; "
        "color: #111; background: #fff; }\n"
        "table { border-collapse: collapse; width: 100%; margin: 1em 0; }\n"
        "th, td { border-bottom: 1px solid #ccc; padding: .3em .6em; text-align: left; "
        "vertical-align: top; overflow-wrap: anywhere; }\n"
        "th, td:first-child { overflow-wrap: break-word; }\n"
        ".rows td { min-width: 6em; }\n"
        "pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .3em 0; font-size: 13px; }\n"
        "svg { max-width: 100%; height: auto; font: 12px sans-serif; }\n"
        ".good { color: #060; } .bad { color: #900; }\n"
        "@media screen and (max-width: 48em) {\n"
        "body { margin: 1em auto; }\n"
        ".rows thead { display: none; } .rows tr { display: block; border-bottom: 2px solid #888; "
        "}\n"
        ".rows td { display: block; border: 0; overflow-wrap: anywhere; } .rows td:empty { "
        "display: "
        "none; }\n"
        ".rows td::before { content: attr(data-h) \" \"; font-weight: bold; }\n"
        "}\n"
        "@media print { body { margin: 0; max-width: none; font-size: 10pt; } tr { break-inside: "
        "avoid; } tr:has(+ tr > td[colspan]) { break-after: avoid; } }\n"
        "</style>\n</head>\n<body>\n");
}

void zq_page_heading(zq_buf *page, int level, const char *class, const char *text)
{
    zq_text_printf(page, "<h%d", level);
    if (class != NULL)
        zq_text_printf(page, " class=\"%s\"", class);
    zq_buf_char(page, '>');
    zq_page_text(page, text);
    zq_text_printf(page, "</h%d>\n", level);
}

void zq_page_line(zq_buf *page, const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    zq_buf_str(page, "<p>");
    zq_page_text(page, text);
    zq_buf_str(page, "</p>\n");
}

void zq_page_fact(zq_buf *page, const char *name, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    zq_buf_str(page, "<tr><th scope=\"row\">");
    zq_page_text(page, name);
    zq_buf_str(page, "</th><td>");
    zq_page_text(page, value);
    zq_buf_str(page, "</td></tr>\n");
}

void zq_page_number(zq_buf *page, const char *name, unsigned long long value)
{
    zq_text_printf(page, "<tr><th scope=\"row\">%s</th><td>%llu</td></tr>\n", name, value);
}

void zq_page_table_begin(zq_buf *page, const char *const *headings, size_t n)
{
    zq_buf_str(page, "<table class=\"rows\">\n<thead><tr>");
    for (size_t i = 0; i < n; i++) {
        zq_buf_str(page, "<th scope=\"col\">");
        zq_page_text(page, headings[i]);
        zq_buf_str(page, "</th>");
    }
    zq_buf_str(page, "</tr></thead>\n<tbody>\n");
}

void zq_page_row(zq_buf *page, const char *const *headings, const char *const *cells, size_t n)
{
    zq_buf_str(page, "<tr>");
    for (size_t i = 0; i < n; i++) {
        zq_buf_str(page, "<td data-h=\"");
        zq_page_text(page, headings[i]);
        zq_buf_str(page, "\">");
        zq_page_text(page, cells[i] == NULL ? "" : cells[i]);
        zq_buf_str(page, "</td>");
    }
    zq_buf_str(page, "</tr>\n");
}

void zq_page_table_end(zq_buf *page)
{
    zq_buf_str(page, "</tbody>\n</table>\n");
}

zq_rc zq_page_write(zq_buf *page, const char *path, zq_err *err)
{
    ZQ_AUTO(zq_new_file) file = NULL;
    char now[ZQ_UTC_TEXT];

    zq_utc_text(time(NULL), now);
    zq_text_printf(page, "<p>By zquant-migrate %s, %s.</p>\n</body>\n</html>\n", ZQ_VERSION, now);
    ZQ_TRY(zq_new_file_write(path, zq_buf_text(page), page->length, 0644, &file, err));
    return zq_new_file_place(file, true, err);
}
