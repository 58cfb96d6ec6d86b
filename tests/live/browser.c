/* The pages in a browser: each, on a screen of 400 pixels, on a large one and on paper, stays
 * within its width, loads nothing and says nothing on the console. Chromium is asked once for all
 * of them, by a page of the test's own that has them in frames; on paper (A4 without its margins)
 * those are given the rules that a print would have. */
#include "own_revision.h"
#include "stocks.h"

#include "release.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BROWSER "/usr/bin/chromium"

static const char *const pages[] = {"check", "history", "plan", "verify"};

/* A database that has something for each page to say, of names that a browser would obey. */
static void begin(void)
{
    own_begin("browser");
    own_make_members(3);
    cli_change("CREATE TABLE `zq_<b>&amp;<script>alert(1)</script>` (id int PRIMARY KEY) "
               "ENGINE=InnoDB; CREATE TABLE zq_own (id int PRIMARY KEY, a varchar(50)); "
               "ALTER TABLE zq_app_users DROP COLUMN updated_by, ADD COLUMN own text COMMENT "
               "'</td><script>document.title = 1</script><img src=http://127.0.0.1/x>'; "
               "ALTER TABLE zq_quant_factor_spacex_000001 DROP COLUMN x");
    own_write("ALTER TABLE zq_own ADD COLUMN a_name_as_long_as_a_column_can_be_called_0123456789 "
              "varchar(20) DEFAULT '</pre><script>document.title = 1</script>';\n"
              "-- zq:family zq_quant_factor_spacex\nALTER TABLE {table} ADD INDEX ix_x (x);\n"
              "-- zq:end",
              NULL);
    OWN_SAYS(1, NULL, "zquant-migrate", "check", "--html", "check.html");
    OWN_SAYS(0, NULL, "zquant-migrate", "history", "--html", "history.html");
    OWN_SAYS(0, NULL, "zquant-migrate", "plan", "--html", "plan.html");
    OWN_SAYS(1, NULL, "zquant-migrate", "verify", "--html", "verify.html");
}

TestSuite(browser, .init = begin, .fini = cli_end, .timeout = 120);

/* Frames of both widths, and what is found in them, as text. */
static void write_frames(void)
{
    ZQ_AUTO_BUF(text);

    zq_buf_str(&text, "<!DOCTYPE html><title>frames</title>\n");
    for (size_t i = 0; i < ZQ_LEN(pages); i++)
        zq_buf_printf(&text,
                      "<iframe src=\"%s.html\" width=\"400\" height=\"800\"></iframe>\n"
                      "<iframe src=\"%s.html\" width=\"1200\" height=\"800\"></iframe>\n"
                      "<iframe src=\"%s.html\" width=\"718\" height=\"1046\"></iframe>\n",
                      pages[i], pages[i], pages[i]);
    zq_buf_str(
        &text,
        "<pre></pre><script>window.onload = () => {\n"
        "for (const f of document.querySelectorAll('iframe')) {\n"
        "const d = f.contentDocument, w = f.contentWindow;\n"
        "for (const s of d.styleSheets) for (const r of s.cssRules) if (r.media && f.width == "
        "718)\n"
        "r.media.mediaText = r.media.mediaText == 'print' ? 'all' : 'not all';\n"
        "const wide = [...d.querySelectorAll('*')].filter(e => "
        "e.getBoundingClientRect().right > +f.width);\n"
        "document.querySelector('pre').textContent += [f.getAttribute('src'), f.width,\n"
        "d.querySelectorAll('h1').length == 1 && d.body.innerText.includes('By zquant-migrate'),\n"
        "d.documentElement.scrollWidth <= f.width && wide.length == 0,\n"
        "d.scripts.length, w.performance.getEntriesByType('resource').length].join(' ') + '\\n';\n"
        "}};</script>\n");
    program_file("frames.html", zq_buf_text(&text), 0644);
}

Test(browser, pages_fit_a_small_screen_and_paper_and_load_nothing)
{
    static const char *const widths[] = {"400", "1200", "718"};
    ZQ_AUTO_BUF(address);
    ZQ_AUTO_BUF(profile);
    program_result r;

    write_frames();
    zq_buf_printf(&address, "file://%s/frames.html", program_dir());
    zq_buf_printf(&profile, "--user-data-dir=%s/profile", program_dir());
    r = PROGRAM(BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--no-first-run", "--allow-file-access-from-files", "--enable-logging=stderr",
                "--window-size=1280,800", zq_buf_text(&profile), "--dump-dom",
                zq_buf_text(&address));
    cr_assert_eq(r.status, 0, "%s", r.err);
    for (size_t i = 0; i < ZQ_LEN(widths) * ZQ_LEN(pages); i++) {
        ZQ_AUTO_BUF(wanted);

        zq_buf_printf(&wanted, "%s.html %s true true 0 0\n", pages[i / ZQ_LEN(widths)],
                      widths[i % ZQ_LEN(widths)]);
        cr_expect_not_null(strstr(r.out, zq_buf_text(&wanted)), "wanted: %s\nin %s",
                           zq_buf_text(&wanted), r.out);
    }
    cr_expect_null(strstr(r.err, "CONSOLE"), "%s", r.err);
    program_free(&r);
}

int main(int argc, char **argv)
{
    if (access(BROWSER, X_OK) == 0)
        return live_main(argc, argv);
    fprintf(stderr, "SKIPPED: there is no " BROWSER ": run 'scripts/install-deps browser'\n");
    return 77;
}
