#include "app/progress.h"

#include "app/output.h"
#include "base/clock.h"
#include "base/text.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { BAR_WIDTH = 30, FIRST_MS = 1000, BAR_MS = 100, LINE_MS = 10000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    const char *what; /* NULL: nothing is going on */
    size_t total;
    unsigned long long begun_ms;
    unsigned long long next_ms; /* when to show it again */
    bool bar;                   /* on a terminal */
    bool shown;
} progress;

/* ", 123 a second, 40 s left"; nothing while it cannot be told. */
static void rate_text(char *out, size_t size, size_t done)
{
    unsigned long long ms = zq_now_ms() - progress.begun_ms;
    double rate = ms > 0 ? (double)done * 1000 / (double)ms : 0;

    out[0] = '\0';
    if (rate > 0 && done < progress.total)
        snprintf(out, size, ", %.*f a second, %.0f s left", rate < 10 ? 1 : 0, rate,
                 (double)(progress.total - done) / rate);
}

static void draw_bar(size_t done)
{
    char bar[BAR_WIDTH + 1];
    char rate[64];
    ZQ_AUTO_BUF(what);
    size_t full = progress.total == 0 ? BAR_WIDTH : done * BAR_WIDTH / progress.total;

    for (size_t i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < full ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    rate_text(rate, sizeof rate, done);
    zq_text_show(&what, progress.what, strlen(progress.what));
    fprintf(stderr, "\r[%s] %zu of %zu %s%s\033[K", bar, done, progress.total, zq_buf_text(&what),
            rate);
    fflush(stderr);
    progress.shown = true;
}

static void say_line(size_t done)
{
    char text[160];
    char rate[64];

    rate_text(rate, sizeof rate, done);
    snprintf(text, sizeof text, "%zu of %zu %s%s", done, progress.total, progress.what, rate);
    zq_output_message(ZQ_SAY, text);
}

static void erase(void)
{
    if (progress.shown)
        fprintf(stderr, "\r\033[K");
    progress.shown = false;
}

void zq_progress_begin(const char *what, size_t total)
{
    const zq_output *output = zq_output_get();

    pthread_mutex_lock(&lock);
    progress.what = what;
    progress.total = total;
    progress.bar = !output->json && !output->quiet && isatty(STDERR_FILENO);
    progress.begun_ms = zq_now_ms();
    progress.next_ms = progress.begun_ms + (progress.bar ? FIRST_MS : LINE_MS);
    progress.shown = false;
    pthread_mutex_unlock(&lock);
}

void zq_progress_set(size_t done)
{
    unsigned long long now = zq_now_ms();
    bool line = false;

    pthread_mutex_lock(&lock);
    if (progress.what != NULL && now >= progress.next_ms) {
        progress.next_ms = now + (progress.bar ? BAR_MS : LINE_MS);
        if (progress.bar)
            draw_bar(done > progress.total ? progress.total : done);
        line = !progress.bar;
    }
    pthread_mutex_unlock(&lock);
    if (line)
        say_line(done);
}

void zq_progress_end(void)
{
    pthread_mutex_lock(&lock);
    erase();
    progress.what = NULL;
    pthread_mutex_unlock(&lock);
}

void zq_progress_hide(void)
{
    pthread_mutex_lock(&lock);
    erase();
    pthread_mutex_unlock(&lock);
}
