#include "app/settings/secret.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdalign.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

/* LeakSanitizer looks into the process by ptrace, which a process that is not dumpable refuses. */
#if defined(__SANITIZE_ADDRESS__)
#define TRACED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TRACED 1
#endif
#endif
#ifndef TRACED
#define TRACED 0
#endif

enum { CHUNK_SIZE = 16 * 1024 };

typedef struct chunk {
    struct chunk *next;
    size_t size;
    size_t used;
    alignas(max_align_t) char bytes[];
} chunk;

struct zq_vault {
    chunk *chunks; /* the newest first */
};

static rlim_t core_limit_before;
static bool guarded;

zq_vault *zq_vault_open(void)
{
    zq_vault *vault = sodium_malloc(sizeof *vault);

    if (vault == NULL)
        zq_out_of_memory(sizeof *vault);
    vault->chunks = NULL;
    return vault;
}

void zq_vault_close(zq_vault *vault)
{
    chunk *next;

    for (chunk *c = vault->chunks; c != NULL; c = next) {
        next = c->next;
        sodium_free(c);
    }
    sodium_free(vault);
}

void *zq_vault_alloc(zq_vault *vault, size_t size)
{
    chunk *c = vault->chunks;
    void *memory;

    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (c == NULL || c->size - c->used < size) {
        size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;

        c = sodium_malloc(sizeof *c + room);
        if (c == NULL)
            zq_out_of_memory(room);
        *c = (chunk){.next = vault->chunks, .size = room};
        vault->chunks = c;
    }
    memory = c->bytes + c->used;
    c->used += size;
    memset(memory, 0, size);
    return memory;
}

char *zq_vault_strndup(zq_vault *vault, const char *text, size_t length)
{
    char *copy = zq_vault_alloc(vault, length + 1);

    memcpy(copy, text, length);
    return copy;
}

char *zq_vault_strdup(zq_vault *vault, const char *text)
{
    return text == NULL ? NULL : zq_vault_strndup(vault, text, strlen(text));
}

char *zq_vault_printf(zq_vault *vault, const char *format, ...)
{
    va_list args;
    int length;
    char *text;

    va_start(args, format);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        length = 0;
    text = zq_vault_alloc(vault, (size_t)length + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}

static void *alloc_in_vault(void *owner, size_t size)
{
    return zq_vault_alloc(owner, size);
}

zq_rc zq_vault_read(zq_vault *vault, const char *path, size_t most, zq_file_kind kind,
                    zq_file *out_file, zq_err *err)
{
    return zq_file_read(path, most, kind, alloc_in_vault, vault, out_file, err);
}

zq_rc zq_secret_refuse_open(const char *path, const zq_file_facts *facts, const char *what,
                            zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *command;
    const char *exposure = zq_file_exposure(path, facts, arena, &command);

    if (exposure == NULL)
        return ZQ_OK;
    zq_fail(err, ZQ_E_CONFIG, "'%s' holds %s, but %s", path, what, exposure);
    zq_err_hint(err, "run: %s", command);
    return ZQ_E_CONFIG;
}

zq_rc zq_secret_read(zq_vault *vault, const char *path, const char **out_text,
                     zq_file_facts *out_facts, zq_err *err)
{
    static const char bom[] = "\xEF\xBB\xBF";
    zq_file file;
    size_t length;

    ZQ_TRY(zq_vault_read(vault, path, ZQ_SECRET_MAX, ZQ_FILE_NAMED, &file, err));
    /* An editor's, which nobody could type at a login. */
    if (strncmp(file.text, bom, strlen(bom)) == 0) {
        file.text += strlen(bom);
        file.length -= strlen(bom);
    }
    length = file.length;
    if (length > 0 && file.text[length - 1] == '\n')
        length--;
    if (length > 0 && file.text[length - 1] == '\r')
        length--;
    file.text[length] = '\0';
    if (length == 0)
        return zq_fail(err, ZQ_E_CONFIG, "'%s' is empty, but should hold a secret", path);
    if (strlen(file.text) != length)
        return zq_fail(err, ZQ_E_CONFIG, "'%s' holds a NUL byte", path);
    if (strpbrk(file.text, "\r\n") != NULL)
        return zq_fail(err, ZQ_E_CONFIG, "'%s' has more than one line", path);
    *out_text = file.text;
    if (out_facts != NULL)
        *out_facts = file.facts;
    return ZQ_OK;
}

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

zq_rc zq_secret_prompt(zq_vault *vault, const char *label, bool twice, const char **out_text,
                       zq_err *err)
{
    char *first = zq_vault_alloc(vault, ZQ_SECRET_MAX);
    char *second = zq_vault_alloc(vault, ZQ_SECRET_MAX);
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    bool ended;
    bool same;

    if (tty < 0) {
        zq_fail(err, ZQ_E_USAGE, "there is no terminal to ask for a password on");
        zq_err_hint(err, "give it by a file instead, see '--help'");
        return ZQ_E_USAGE;
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

void zq_secret_guard(void)
{
    struct rlimit limit;

    if (guarded || getrlimit(RLIMIT_CORE, &limit) != 0)
        return;
    core_limit_before = limit.rlim_cur;
    limit.rlim_cur = 0;
    setrlimit(RLIMIT_CORE, &limit);
    if (!TRACED)
        prctl(PR_SET_DUMPABLE, 0);
    guarded = true;
}

void zq_secret_unguard(void)
{
    struct rlimit limit;

    if (!guarded || getrlimit(RLIMIT_CORE, &limit) != 0)
        return;
    limit.rlim_cur = core_limit_before;
    setrlimit(RLIMIT_CORE, &limit);
    guarded = false;
}
