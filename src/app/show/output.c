#include "app/show/output.h"

#include "app/show/journald.h"
#include "app/show/terminal.h"
#include "app/stop.h"
#include "base/clock.h"
#include "base/language.h"
#include "base/text.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static zq_output output = {.program = "zquant"};
static int lost;         /* errno of a message's flush */
static json_t *document; /* of zq_out_json; NULL: none yet, or it is printed */
static bool document_printed;
static char answer_before[128]; /* of SIGUSR1's answer */

/* A signal that ends the program at once leaves no time to write another. */
static const char interrupted[] = "{\n  \"error\": \"stopped by a signal\",\n"
                                  "  \"detail\": null,\n"
                                  "  \"hint\": \"run it again\",\n"
                                  "  \"code\": \"ZQ_E_INTERRUPTED\"\n}\n";

void zq_output_set(const zq_output *wanted)
{
    output = *wanted;
    zq_stop_last_words(output.document && !document_printed ? interrupted : NULL);
    snprintf(answer_before, sizeof answer_before,
             output.json ? "\",\"level\":\"info\",\"program\":\"%s\",\"event\":\"where\","
                           "\"message\":\""
                         : "%s: ",
             output.program);
    if (output.json)
        zq_stop_answer("{\"time\":\"", answer_before, "\",\"seconds\":", "}\n");
    else
        zq_stop_answer(NULL, answer_before, "; running for ", " s\n");
}

const zq_output *zq_output_get(void)
{
    return &output;
}

/* A text that is not UTF-8 cannot stand in JSON: it comes with its foreign bytes as '?'. */
static json_t *json_text(const char *text)
{
    json_t *string = json_string(text);
    char *copy;

    if (string != NULL)
        return string;
    copy = strdup(text);
    for (char *c = copy; c != NULL && *c != '\0'; c++) {
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    }
    string = json_string(copy == NULL ? "" : copy);
    free(copy);
    return string;
}

/* False when there was no memory for it, or the stream does not take it. */
static bool print_json(const json_t *json, size_t flags, FILE *stream)
{
    ZQ_AUTO_BUF(shown);
    char *text = json_dumps(json, flags);

    if (text == NULL)
        return false;
    zq_text_show_json(&shown, text);
    free(text);
    zq_buf_char(&shown, '\n');
    return fputs(zq_buf_text(&shown), stream) != EOF;
}

static void add_server_error(json_t *to, const zq_err *err)
{
    if (err->server_errno == 0)
        return;
    json_object_set_new(to, "errno", json_integer(err->server_errno));
    json_object_set_new(to, "sqlstate", json_text(err->sqlstate));
}

/* What was printed before it comes before it, where both streams are one. */
static void begin_message(void)
{
    zq_terminal_erase();
    if (fflush(stdout) != 0)
        lost = errno;
}

static json_t *json_line(const char *level, const char *message)
{
    char now[ZQ_UTC_MS_TEXT];
    json_t *line = json_object();

    zq_utc_now_text(now);
    json_object_set_new(line, "time", json_string(now));
    json_object_set_new(line, "level", json_string(level));
    json_object_set_new(line, "program", json_string(output.program));
    json_object_set_new(line, "message", json_text(message));
    return line;
}

/* The line is whole: it goes out after what was printed before it. */
static void print_line(json_t *line)
{
    begin_message();
    print_json(line, JSON_COMPACT, stderr);
    json_decref(line);
}

static void print_json_line(const char *level, const char *message, const zq_err *err)
{
    json_t *line = json_line(level, message);

    if (err != NULL) {
        json_object_set_new(line, "code", json_string(zq_rc_name(err->code)));
        if (err->detail[0] != '\0')
            json_object_set_new(line, "detail", json_text(err->detail));
        if (err->hint[0] != '\0')
            json_object_set_new(line, "hint", json_text(err->hint));
        add_server_error(line, err);
    }
    print_line(line);
}

static const char *paint(const char *escape)
{
    return output.color ? escape : "";
}

/* "warning: "; behind a full-width colon there is no space. */
static void add_label(zq_buf *line, const char *color, const char *label)
{
    zq_buf_printf(line, "%s%s%s%s", paint(color), label, paint("\033[0m"),
                  label[strlen(label) - 1] == ':' ? " " : "");
}

static bool send_to_journal(int priority, const char *message, const zq_err *err)
{
    ZQ_AUTO_BUF(entry);

    if (!zq_journald_is_stderr(getenv("JOURNAL_STREAM")))
        return false;
    zq_journald_entry(&entry, output.program, priority, message, err);
    return zq_journald_send(ZQ_JOURNAL_SOCKET, &entry);
}

void zq_output_message(zq_weight weight, const char *text)
{
    static const char *const levels[] = {
        [ZQ_NOTE] = "debug", [ZQ_SAY] = "info", [ZQ_WARNING] = "warning", [ZQ_MISTAKE] = "warning"};
    ZQ_AUTO_BUF(line);

    if (weight != ZQ_MISTAKE && (output.quiet || (weight == ZQ_NOTE && !output.verbose)))
        return;
    if (output.json) {
        print_json_line(levels[weight], text, NULL);
        return;
    }
    begin_message();
    if (send_to_journal(weight == ZQ_NOTE ? 7 : weight == ZQ_SAY ? 6 : 4, text, NULL))
        return;
    zq_buf_printf(&line, "%s: ", output.program);
    if (weight >= ZQ_WARNING)
        add_label(&line, "\033[33m", zq_tr("warning:"));
    zq_text_printf(&line, "%s\n", text);
    fputs(zq_buf_text(&line), stderr);
}

bool zq_output_is_watched(void)
{
    return !output.json && !output.quiet && isatty(STDERR_FILENO);
}

bool zq_output_has_events(void)
{
    return output.json && !output.quiet;
}

static json_t *event_line(const char *event, const char *message)
{
    json_t *line = json_line("info", message);

    json_object_set_new(line, "event", json_string(event));
    return line;
}

static void add_number(json_t *to, const char *key, size_t number)
{
    json_object_set_new(to, key, json_integer((json_int_t)number));
}

static void add_step(json_t *to, const zq_watch_step *step)
{
    json_object_set_new(to, "revision", json_text(step->revision));
    add_number(to, "revision_number", step->leg);
    add_number(to, "revisions", step->legs);
    add_number(to, "step", step->step);
    add_number(to, "steps", step->steps);
    if (step->object != NULL)
        json_object_set_new(to, "object", json_text(step->object));
    json_object_set_new(to, "file", json_text(step->file));
    add_number(to, "line", step->line);
}

void zq_output_step(const zq_watch_step *step)
{
    ZQ_AUTO_BUF(words);
    json_t *line;

    if (!zq_output_has_events())
        return;
    zq_text_printf(&words, "%s: step %zu of %zu is done", step->revision, step->step, step->steps);
    line = event_line("step", zq_buf_text(&words));
    add_step(line, step);
    add_number(line, "ms", step->ms);
    print_line(line);
}

void zq_output_table(const char *name, size_t done, size_t total, unsigned long long ms)
{
    ZQ_AUTO_BUF(words);
    json_t *line;

    zq_text_printf(&words, "created table '%s'", name);
    line = event_line("table", zq_buf_text(&words));
    json_object_set_new(line, "object", json_text(name));
    add_number(line, "done", done);
    add_number(line, "total", total);
    add_number(line, "ms", ms);
    print_line(line);
}

void zq_output_place(const zq_place *place, const char *words)
{
    json_t *line;

    if (!zq_output_has_events()) {
        zq_output_message(ZQ_SAY, words);
        return;
    }
    line = event_line("progress", words);
    if (place->step.revision != NULL)
        add_step(line, &place->step);
    add_number(line, "done", place->done);
    add_number(line, "total", place->total);
    if (place->rate > 0) {
        json_object_set_new(line, "per_second", json_real(place->rate));
        json_object_set_new(line, "seconds_left",
                            json_real((double)(place->total - place->done) / place->rate));
    }
    print_line(line);
}

void zq_output_silence(unsigned seconds)
{
    ZQ_AUTO_BUF(words);
    json_t *line;

    zq_text_printf(&words, zq_tr("the server has not answered for %u s"), seconds);
    if (!zq_output_has_events()) {
        zq_output_message(ZQ_SAY, zq_buf_text(&words));
        return;
    }
    line = event_line("silence", zq_buf_text(&words));
    add_number(line, "seconds", seconds);
    print_line(line);
}

void zq_output_error(const zq_err *err)
{
    ZQ_AUTO_BUF(line);
    ZQ_AUTO_BUF(words);

    if (output.json) {
        print_json_line("error", err->message, err);
        return;
    }
    begin_message();
    zq_text_printf(&words, "%s%s%s", err->message, err->detail[0] == '\0' ? "" : zq_tr(N_(": ")),
                   err->detail);
    if (send_to_journal(3, zq_buf_text(&words), err))
        return;
    zq_buf_printf(&line, "%s%s:%s ", paint("\033[31m"), output.program, paint("\033[0m"));
    zq_buf_printf(&line, "%s\n", zq_buf_text(&words));
    if (err->hint[0] != '\0') {
        add_label(&line, "\033[36m", zq_tr("hint:"));
        zq_text_printf(&line, "%s\n", err->hint);
    }
    fputs(zq_buf_text(&line), stderr);
}

bool zq_output_can_ask(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO) && !output.json && !output.document;
}

bool zq_output_ask(const char *question, bool *out_yes)
{
    ZQ_AUTO_BUF(line);
    char answer[16], rest[16];

    begin_message();
    zq_text_printf(&line, "%s [y/n] ", question);
    fputs(zq_buf_text(&line), stderr);
    if (fgets(answer, sizeof answer, stdin) == NULL)
        return false;
    for (const char *end = answer; strchr(end, '\n') == NULL; end = rest) {
        if (fgets(rest, sizeof rest, stdin) == NULL)
            break;
    }
    *out_yes = answer[0] == 'y' || answer[0] == 'Y';
    return *out_yes || answer[0] == 'n' || answer[0] == 'N';
}

void zq_output_printf(zq_weight weight, const char *format, ...)
{
    char text[1024];
    char *longer = NULL;
    va_list args, again;
    int length;

    format = zq_tr(format);
    va_start(args, format);
    va_copy(again, args);
    length = vsnprintf(text, sizeof text, format, args);
    if (length >= (int)sizeof text && vasprintf(&longer, format, again) < 0)
        longer = NULL;
    va_end(again);
    va_end(args);
    zq_output_message(weight, longer != NULL ? longer : text);
    free(longer);
}

static zq_rc fail_output(zq_err *err)
{
    bool closed = errno == EPIPE;

    zq_fail_errno(err, ZQ_E_IO, "cannot write to standard output");
    return closed ? zq_err_hint(err, "what reads it ended before all was written") : ZQ_E_IO;
}

/* A line that is drawn on the terminal gives way to it. */
static zq_rc put(const char *text, zq_err *err)
{
    zq_terminal_erase();
    return fputs(text, stdout) == EOF ? fail_output(err) : ZQ_OK;
}

zq_rc zq_out_exact(const char *text, zq_err *err)
{
    ZQ_AUTO_BUF(shown);

    if (!isatty(STDOUT_FILENO))
        return put(text, err);
    zq_text_show_lines(&shown, text, strlen(text));
    return put(zq_buf_text(&shown), err);
}

zq_rc zq_out_printf(zq_err *err, const char *format, ...)
{
    ZQ_AUTO_BUF(text);
    va_list args;

    if (output.quiet)
        return ZQ_OK;
    va_start(args, format);
    zq_text_vprintf(&text, format, args);
    va_end(args);
    return put(zq_buf_text(&text), err);
}

static bool is_painted_by(const zq_paint *paint, const char *line, size_t length)
{
    size_t words = strlen(paint->words);

    if (paint->begins)
        return length >= words && memcmp(line, paint->words, words) == 0;
    return memmem(line, length, paint->words, words) != NULL;
}

static void add_painted(zq_buf *out, const char *line, size_t length, const zq_paint *paints)
{
    while (paints->words != NULL && !is_painted_by(paints, line, length))
        paints++;
    if (paints->words != NULL)
        zq_buf_printf(out, "\033[%dm", (int)paints->color);
    zq_buf_add(out, line, length);
    if (paints->words != NULL)
        zq_buf_str(out, "\033[0m");
}

zq_rc zq_out_painted(const char *text, const zq_paint *paints, zq_err *err)
{
    ZQ_AUTO_BUF(shown);
    ZQ_AUTO_BUF(painted);

    if (!output.paints || output.quiet)
        return zq_out_lines(text, err);
    zq_text_show_lines(&shown, text, strlen(text));
    for (const char *line = zq_buf_text(&shown); *line != '\0';) {
        size_t length = strcspn(line, "\n");

        add_painted(&painted, line, length, paints);
        line += length;
        if (*line == '\n')
            zq_buf_char(&painted, *line++);
    }
    return put(zq_buf_text(&painted), err);
}

zq_rc zq_out_lines(const char *text, zq_err *err)
{
    ZQ_AUTO_BUF(shown);

    if (output.quiet)
        return ZQ_OK;
    zq_text_show_lines(&shown, text, strlen(text));
    return put(zq_buf_text(&shown), err);
}

zq_rc zq_out_flush(zq_err *err)
{
    if (ferror(stdout)) {
        errno = lost != 0 ? lost : EIO;
        return fail_output(err);
    }
    return fflush(stdout) != 0 ? fail_output(err) : ZQ_OK;
}

zq_rc zq_out_json(void *json, zq_err *err)
{
    if (!output.document) {
        json_decref(json);
        return ZQ_OK;
    }
    if (json == NULL)
        return zq_fail(err, ZQ_E_IO, "cannot write JSON: a text is not UTF-8");
    json_decref(document);
    document = json;
    return ZQ_OK;
}

static void add_failure(json_t *to, const zq_err *failure)
{
    json_object_set_new(to, "error", json_text(failure->message));
    json_object_set_new(to, "detail",
                        failure->detail[0] == '\0' ? json_null() : json_text(failure->detail));
    json_object_set_new(to, "hint",
                        failure->hint[0] == '\0' ? json_null() : json_text(failure->hint));
    json_object_set_new(to, "code", json_string(zq_rc_name(failure->code)));
    add_server_error(to, failure);
}

zq_rc zq_output_document(const zq_err *failure, zq_err *err)
{
    bool printed;

    if (document_printed || !output.document || (document == NULL && failure == NULL))
        return ZQ_OK;
    if (document == NULL)
        document = json_object();
    if (failure != NULL)
        add_failure(document, failure);
    document_printed = true;
    zq_stop_last_words(NULL);
    zq_terminal_erase();
    printed = print_json(document, JSON_INDENT(2), stdout);
    json_decref(document);
    document = NULL;
    return printed ? zq_out_flush(err) : fail_output(err);
}
