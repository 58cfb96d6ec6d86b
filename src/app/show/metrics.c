#include "app/show/metrics.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_BYTES = 65536 };

#define LAST_SUCCESS "zquant_last_success_timestamp_seconds"

/* The value of a label, as the format wants it. */
static const char *label(const char *text, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\\' || *c == '"')
            zq_buf_char(&out, '\\');
        zq_buf_char(&out, *c == '\n' ? ' ' : *c);
    }
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

static void add_head(zq_buf *out, const char *name, const char *help)
{
    zq_text_printf(out, "# HELP %s %s\n", name, help);
    zq_text_printf(out, "# TYPE %s gauge\n", name);
}

/* What is not known is left out. */
static void add_count(zq_buf *out, const char *name, const char *help, const char *labels,
                      long value)
{
    if (value < 0)
        return;
    add_head(out, name, help);
    zq_text_printf(out, "%s{%s} %ld\n", name, labels, value);
}

static void add_seconds(zq_buf *out, const char *name, const char *help, const char *labels,
                        double value)
{
    add_head(out, name, help);
    zq_text_printf(out, "%s{%s} %.3f\n", name, labels, value);
}

/* Of the file that is there: 0 where it has none for these labels, or is not one of ours. */
static double last_success(const char *path, const char *labels, zq_arena *arena)
{
    const char *start = zq_arena_printf(arena, "\n" LAST_SUCCESS "{%s} ", labels);
    const char *found;
    zq_err ignored = {0};
    zq_file file;

    if (zq_file_read(path, MOST_BYTES, ZQ_FILE_PLAIN, arena, &file, &ignored) != ZQ_OK)
        return 0;
    found = strstr(file.text, start);
    return found == NULL ? 0 : strtod(found + strlen(start), NULL);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void write_figures(zq_buf *out, const zq_figures *f, const char *labels, zq_arena *arena)
{

    if (f->revision != NULL) {
        add_head(out, "zquant_revision_info",
                 "The revision that is recorded, and the newest; always 1.");
        zq_text_printf(out, "zquant_revision_info{%s,revision=\"%s\",head=\"%s\"} 1\n", labels,
                       label(f->revision, arena), label(f->head, arena));
    }
    add_count(out, "zquant_pending_revisions", "Revisions that are not applied.", labels,
              f->pending);
    add_count(out, "zquant_differences", "Differences of the schema from that of the release.",
              labels, f->differences);
    add_count(out, "zquant_members_left", "Members of families that a revision left as they were.",
              labels, f->members_left);
}

static void write_run(zq_buf *out, const zq_metrics *m, const char *labels, double success)
{
    add_count(out, "zquant_run_status", "Exit status of the last run.", labels,
              zq_rc_exit_status(m->result));
    add_seconds(out, "zquant_run_seconds", "How long the last run took.", labels, m->seconds);
    add_seconds(out, "zquant_run_timestamp_seconds", "When the last run ended.", labels, now());
    if (success > 0)
        add_seconds(out, LAST_SUCCESS, "When a run last ended with status 0.", labels, success);
}

zq_rc zq_metrics_write(const zq_metrics *m, const char *path, zq_arena *arena, zq_err *err)
{
    ZQ_AUTO(zq_new_file) file = NULL;
    ZQ_AUTO_BUF(out);
    const char *labels;

    /* The same sample in two files is an error for the collector: each command has its own. */
    labels = zq_arena_printf(arena, "program=\"%s\",command=\"%s\",database=\"%s\"", m->program,
                             m->command, label(m->database, arena));
    write_figures(&out, m->figures, labels, arena);
    write_run(&out, m, labels, m->result == ZQ_OK ? now() : last_success(path, labels, arena));
    ZQ_TRY(zq_new_file_write(path, zq_buf_text(&out), out.length, 0644, &file, err));
    return zq_new_file_place(file, true, err);
}
