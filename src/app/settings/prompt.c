#include "app/settings/prompt.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t caught;
static volatile sig_atomic_t hidden_tty = -1; /* does not show what is typed; -1: none */
static struct termios shown;

static void note_signal(int number)
{
    caught = number;
}

/* A fault: nothing is left to do but to die, with the terminal as it was. */
static void show_again(int number)
{
    if (hidden_tty >= 0)
        tcsetattr(hidden_tty, TCSAFLUSH, &shown);
    raise(number);
}

static bool is_fault(int number)
{
    static const int faults[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};

    for (size_t i = 0; i < ZQ_LEN(faults); i++) {
        if (faults[i] == number)
            return true;
    }
    return false;
}

/* Whether the signal ends or stops a process that does nothing about it (signal(7)). */
static bool ends_or_stops(int number)
{
    return number != SIGCHLD && number != SIGCONT && number != SIGURG && number != SIGWINCH;
}

/* What was done about each signal before; those that were ignored stay ignored. */
typedef struct signals {
    struct sigaction before[_NSIG];
    bool taken[_NSIG];
    sigset_t mask; /* what was held back before; now it is all that are taken, but for faults */
} signals;

static void take_signals(signals *s)
{
    sigset_t held;

    caught = 0;
    sigemptyset(&held);
    for (int number = 1; number < _NSIG; number++) {
        struct sigaction ours = {.sa_handler = note_signal};

        if (is_fault(number))
            ours = (struct sigaction){.sa_handler = show_again, .sa_flags = (int)SA_RESETHAND};
        s->taken[number] =
            ends_or_stops(number) && sigaction(number, NULL, &s->before[number]) == 0 &&
            s->before[number].sa_handler != SIG_IGN && sigaction(number, &ours, NULL) == 0;
        if (s->taken[number] && !is_fault(number))
            sigaddset(&held, number);
    }
    sigprocmask(SIG_BLOCK, &held, &s->mask);
}

static void give_signals_back(const signals *s)
{
    for (int number = 1; number < _NSIG; number++) {
        if (s->taken[number])
            sigaction(number, &s->before[number], NULL);
    }
    sigprocmask(SIG_SETMASK, &s->mask, NULL);
}

/* Signals come in only while it waits, so none is missed between a look at `caught` and the wait.
 */
static ssize_t read_line(int tty, const sigset_t *while_waiting, char *out, size_t size)
{
    struct pollfd wait = {.fd = tty, .events = POLLIN};
    size_t length = 0;
    ssize_t n = 0;
    char c;

    while (length + 1 < size && ppoll(&wait, 1, NULL, while_waiting) == 1 &&
           (n = read(tty, &c, 1)) == 1 && c != '\n')
        out[length++] = c;
    if (caught != 0)
        n = -1;
    out[length] = '\0';
    return n == 1 ? (ssize_t)length : -1;
}

/* Ask for one line on the terminal; its length, or -1 at the end of input or after a signal, which
 * is then delivered again, to whom it was meant for. The terminal shows again what is typed
 * whatever the signal is, but for SIGKILL and SIGSTOP. */
static ssize_t read_hidden_line(int tty, const char *label, const char *again, char *out,
                                size_t size)
{
    struct termios hidden;
    signals before = {0};
    ssize_t length;
    bool is_tty = tcgetattr(tty, &shown) == 0;

    take_signals(&before);
    if (is_tty) {
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        hidden_tty = tty;
        tcsetattr(tty, TCSAFLUSH, &hidden);
    }
    /* Only now: an answer that comes at once must be neither shown nor dropped. */
    dprintf(tty, "%s%s: ", label, again);
    length = read_line(tty, &before.mask, out, size);
    if (is_tty)
        tcsetattr(tty, TCSAFLUSH, &shown);
    hidden_tty = -1;
    dprintf(tty, "\n");
    give_signals_back(&before);
    if (caught != 0)
        raise(caught);
    return caught != 0 ? -1 : length;
}

zq_rc zq_prompt_secret(zq_vault *vault, const char *label, bool twice, const char **out_text,
                       zq_err *err)
{
    char *first = zq_vault_alloc(vault, ZQ_SECRET_MAX);
    char *second = zq_vault_alloc(vault, ZQ_SECRET_MAX);
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    bool ended;
    bool same;

    if (tty < 0) {
        zq_fail(err, ZQ_E_USAGE, "there is no terminal to ask for a password on");
        return zq_err_hint(err, "give it by a file instead, see '--help'");
    }
    do {
        ended = read_hidden_line(tty, label, "", first, ZQ_SECRET_MAX) < 0;
        if (!ended && twice)
            ended = read_hidden_line(tty, label, ", again", second, ZQ_SECRET_MAX) < 0;
        same = !twice || strcmp(first, second) == 0;
        if (!ended && !same)
            dprintf(tty, "they differ; once more\n");
    } while (!ended && !same);
    close(tty);
    if (ended)
        return zq_fail(err, ZQ_E_INTERRUPTED, "no password was given on the terminal");
    *out_text = first;
    return ZQ_OK;
}
