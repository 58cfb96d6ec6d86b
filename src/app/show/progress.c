#include "app/show/progress.h"

#include "app/show/terminal.h"
#include "app/stop.h"
#include "base/clock.h"
#include "base/language.h"
#include "base/text.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { BAR_WIDTH = 20, FIRST_MS = 1000, BAR_MS = 100, LINE_MS = 10000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    zq_place place;
    unsigned long long run_ms;   /* when the first of it began; 0: not yet */
    unsigned long long begun_ms; /* when counting began */
    unsigned long long next_ms;  /* when to show it again */
    bool terminal;
} progress;

/* ---- the line ---- */

/* "0003 (2 of 3), step 4 of 28" */
static void add_step(zq_buf *out, const zq_watch_step *step)
{
    if (step->revision == NULL)
        return;
    zq_text_printf(out, "%s", step->revision);
    if (step->legs > 1)
        zq_buf_printf(out, zq_tr(N_(" (%zu of %zu)")), step->leg, step->legs);
    zq_buf_printf(out, zq_tr(N_(", step %zu of %zu")), step->step, step->steps);
}

static void add_object(zq_buf *out, const zq_place *place)
{
    if (place->step.revision != NULL && place->step.object != NULL)
        zq_text_printf(out, zq_tr(N_(", %s")), place->step.object);
}

static void add_count(zq_buf *out, const zq_place *place)
{
    if (place->what != NULL)
        zq_text_printf(out, zq_tr(N_("%s%zu of %zu %s")), out->length > 0 ? zq_tr(": ") : "",
                       place->done, place->total, zq_tr(place->what));
}

static void add_rate(zq_buf *out, const zq_place *place)
{
    double left;

    if (place->what == NULL || place->rate <= 0 || place->done >= place->total)
        return;
    left = (double)(place->total - place->done) / place->rate;
    zq_buf_printf(out, zq_tr(N_(", %.*f a second, %.0f s left")), place->rate < 10 ? 1 : 0,
                  place->rate, left);
}

static void add_bar(zq_buf *out, const zq_place *place)
{
    size_t full = place->total == 0 ? BAR_WIDTH : place->done * BAR_WIDTH / place->total;

    if (place->what == NULL)
        return;
    zq_buf_char(out, '[');
    for (size_t i = 0; i < BAR_WIDTH; i++)
        zq_buf_char(out, i < full ? '#' : '.');
    zq_buf_str(out, "] ");
}

/* All of it but what `leave_out` says: 1 the bar, 2 the rate too, 3 the object too. */
static void compose(zq_buf *out, const zq_place *place, int leave_out)
{
    ZQ_AUTO_BUF(words);

    add_step(&words, &place->step);
    if (leave_out < 3)
        add_object(&words, place);
    add_count(&words, place);
    if (leave_out < 2)
        add_rate(&words, place);
    if (leave_out < 1)
        add_bar(out, place);
    zq_text_printf(out, "%s", zq_buf_text(&words));
}

/* Names may have letters of several bytes: those that are not the first of a letter take no room. A
 * wide letter is counted as one; the terminal wraps no line, since it has one column to spare. */
static size_t fitting(const char *text, size_t columns)
{
    size_t at = 0;

    for (size_t used = 0; text[at] != '\0'; at++) {
        if (((unsigned char)text[at] & 0xC0) == 0x80)
            continue;
        used += (unsigned char)text[at] >= 0xE0 ? 2 : 1;
        if (used > columns)
            break;
    }
    return at;
}

/* Add it in words, without a bar. */
static void add_words(zq_buf *out, const zq_place *place)
{
    compose(out, place, 1);
}

void zq_progress_line(zq_buf *out, const zq_place *place, size_t columns)
{
    for (int leave_out = 0; leave_out <= 3; leave_out++) {
        ZQ_AUTO_BUF(line);
        const char *text;
        size_t length;

        compose(&line, place, leave_out);
        text = zq_buf_text(&line);
        length = fitting(text, columns);
        if (text[length] != '\0' && leave_out < 3)
            continue;
        zq_text_show(out, text, length);
        return;
    }
}

/* ---- showing it ---- */

static void draw(void)
{
    ZQ_AUTO_BUF(line);

    zq_progress_line(&line, &progress.place, zq_terminal_columns());
    if (line.length > 0)
        zq_terminal_draw(zq_buf_text(&line));
}

/* Also what SIGUSR1 is answered with. */
static void note_place(void)
{
    ZQ_AUTO_BUF(line);

    add_words(&line, &progress.place);
    /* It may be put into a string of JSON by a signal handler, which cannot look for these. */
    for (size_t i = 0; i < line.length; i++) {
        if (line.text[i] == '"' || line.text[i] == '\\')
            line.text[i] = '\'';
    }
    if (line.length > 0)
        zq_stop_where(zq_buf_text(&line));
}

static void count_rate(void)
{
    unsigned long long ms = zq_now_ms() - progress.begun_ms;

    progress.place.rate = ms > 0 ? (double)progress.place.done * 1000 / (double)ms : 0;
}

static void begin_run(void)
{
    const zq_output *output = zq_output_get();

    progress.terminal = !output->json && !output->quiet && zq_terminal_obeys(STDERR_FILENO);
    if (progress.run_ms == 0)
        progress.run_ms = zq_now_ms();
}

void zq_progress_begin(const char *what, size_t total)
{
    pthread_mutex_lock(&lock);
    begin_run();
    progress.place.what = what;
    progress.place.total = total;
    progress.place.done = 0;
    progress.place.rate = 0;
    progress.begun_ms = zq_now_ms();
    progress.next_ms = progress.terminal ? progress.run_ms + FIRST_MS : progress.begun_ms + LINE_MS;
    note_place();
    pthread_mutex_unlock(&lock);
}

void zq_progress_set(size_t done)
{
    unsigned long long now = zq_now_ms();
    ZQ_AUTO_BUF(words);
    zq_place said = {0};

    pthread_mutex_lock(&lock);
    if (progress.place.what != NULL) {
        progress.place.done = done < progress.place.total ? done : progress.place.total;
        count_rate();
        note_place();
    }
    if (progress.place.what != NULL && now >= progress.next_ms) {
        progress.next_ms = now + (progress.terminal ? BAR_MS : LINE_MS);
        if (progress.terminal)
            draw();
        else
            said = progress.place;
    }
    pthread_mutex_unlock(&lock);
    if (said.what == NULL)
        return;
    add_words(&words, &said);
    zq_output_place(&said, zq_buf_text(&words));
}

void zq_progress_end(void)
{
    pthread_mutex_lock(&lock);
    zq_terminal_erase();
    progress.place.what = NULL;
    note_place();
    pthread_mutex_unlock(&lock);
}

void zq_progress_step(const zq_watch_step *step)
{
    pthread_mutex_lock(&lock);
    begin_run();
    if (step == NULL)
        zq_terminal_erase();
    progress.place.step = step != NULL ? *step : (zq_watch_step){0};
    note_place();
    if (step != NULL && !step->ended && progress.terminal &&
        zq_now_ms() >= progress.run_ms + FIRST_MS)
        draw();
    pthread_mutex_unlock(&lock);
}
