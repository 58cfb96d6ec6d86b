/* Both libraries bound a single wait at most, and not even that where OpenSSL reads from the socket
 * by itself. So a timer of the thread sends it a signal when time is over, and the signal's handler
 * shuts the socket down, which ends whatever waits for it. A thread of its own would do as well,
 * but takes addresses, for which one waits while a password is hashed (seed/memory.h).
 *
 * A name is asked for beforehand, by a thread of the C library (getaddrinfo_a), which can be left
 * behind while it still waits for an answer. */
#include "db/deadline.h"

#include "base/arena.h"
#include "base/clock.h"
#include "db/errors.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static _Thread_local struct {
    unsigned long long end_ms; /* 0: there is no end */
    const MYSQL *mysql;
    timer_t timer;
    bool has_timer;
    volatile int socket; /* of MariaDB's connector: when it connects, once it has waited for it */
    volatile sig_atomic_t over;
} deadline;

/* What is left of the time, at least 0; there is an end. */
static unsigned left_ms(void)
{
    const unsigned long long now = zq_now_ms();
    const unsigned long long left = deadline.end_ms > now ? deadline.end_ms - now : 0;

    return left > 3600000 ? 3600000 : (unsigned)left;
}

static struct timespec time_of(unsigned ms)
{
    return (struct timespec){.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
}

#ifdef MARIADB_PACKAGE_VERSION

int zq_deadline_poll(struct pollfd *wait, int timeout_ms)
{
    int n;

    deadline.socket = wait->fd;
    do {
        n = deadline.over ? 0 : poll(wait, 1, timeout_ms > 0 ? timeout_ms : -1);
    } while (n < 0 && errno == EINTR);
    if (n == 0)
        errno = ETIMEDOUT;
    return n;
}

int zq_deadline_wait(my_socket fd, my_bool reading, int timeout_ms)
{
    struct pollfd wait = {.fd = fd, .events = reading ? POLLIN : POLLOUT};

    return zq_deadline_poll(&wait, timeout_ms);
}

static int current_socket(void)
{
    return deadline.socket;
}

#else

static int current_socket(void)
{
    return deadline.mysql->net.vio == NULL ? -1 : (int)deadline.mysql->net.fd;
}

#endif

/* A real-time signal, which nobody else has a use for. */
static int signal_number(void)
{
    return SIGRTMIN + 7;
}

static void hang_up(ZQ_UNUSED int number)
{
    const int error = errno;

    if (deadline.end_ms != 0) {
        deadline.over = 1;
        if (current_socket() >= 0)
            shutdown(current_socket(), SHUT_RDWR);
    }
    errno = error;
}

static void handle_signal(void)
{
    const struct sigaction action = {.sa_handler = hang_up, .sa_flags = SA_RESTART};

    sigaction(signal_number(), &action, NULL);
}

/* The library may have no socket yet when time is over, or go on to another address: as long as it
 * has not given up, it is hung up on again. Without a timer there is only the library's own bound.
 */
static void start_timer(unsigned ms)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const struct itimerspec when = {.it_value = time_of(ms), .it_interval = time_of(100)};
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = signal_number()};
    sigset_t only;

    pthread_once(&once, handle_signal);
    sigemptyset(&only);
    sigaddset(&only, signal_number());
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
    event.sigev_notify_thread_id = gettid();
    deadline.has_timer = timer_create(CLOCK_MONOTONIC, &event, &deadline.timer) == 0;
    if (deadline.has_timer)
        timer_settime(deadline.timer, 0, &when, NULL);
}

void zq_deadline_begin(const MYSQL *mysql, int socket, unsigned ms)
{
    deadline.mysql = mysql;
    deadline.socket = socket;
    deadline.over = 0;
    deadline.end_ms = ms == 0 ? 0 : zq_now_ms() + ms;
    deadline.has_timer = false;
    if (ms != 0)
        start_timer(ms);
}

bool zq_deadline_end(void)
{
    if (deadline.has_timer)
        timer_delete(deadline.timer);
    deadline.has_timer = false;
    deadline.end_ms = 0;
    return deadline.over != 0;
}

/* ---- names ---- */

typedef struct question {
    struct gaicb ask;
    struct addrinfo hints;
    char host[];
} question;

static bool is_address(const char *host)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
    struct addrinfo *found = NULL;

    if (getaddrinfo(host, NULL, &hints, &found) != 0)
        return false;
    freeaddrinfo(found);
    return true;
}

/* Wait for the answer; EAI_INPROGRESS when time is over. */
static int await(question *of)
{
    const struct gaicb *list[] = {&of->ask};
    struct timespec left;

    while (gai_error(&of->ask) == EAI_INPROGRESS) {
        const unsigned ms = deadline.end_ms == 0 ? 1000 : left_ms();

        if (ms == 0)
            return EAI_INPROGRESS;
        left = time_of(ms);
        gai_suspend(list, 1, &left);
    }
    return gai_error(&of->ask);
}

zq_rc zq_deadline_resolve(const char *host, const char *where, zq_err *err)
{
    static atomic_bool answered;
    question *of;
    struct gaicb *list[1];
    zq_server_error error = {2005, "HY000", ""};
    int said;

    if (answered || is_address(host))
        return ZQ_OK;
    of = calloc(1, sizeof *of + strlen(host) + 1);
    if (of == NULL)
        zq_out_of_memory(sizeof *of);
    memcpy(of->host, host, strlen(host));
    of->hints.ai_socktype = SOCK_STREAM;
    of->ask.ar_name = of->host;
    of->ask.ar_request = &of->hints;
    list[0] = &of->ask;
    said = getaddrinfo_a(GAI_NOWAIT, list, 1, NULL);
    if (said == 0)
        said = await(of);
    if (said == EAI_INPROGRESS) {
        deadline.over = 1;
        /* Who is still being asked keeps the question. */
        if (gai_cancel(&of->ask) == EAI_CANCELED)
            free(of);
        error.words = "the name service does not answer";
        return zq_errors_fail_connect(err, &error, where);
    }
    if (said == 0) {
        answered = true;
        freeaddrinfo(of->ask.ar_result);
    }
    free(of);
    error.words = gai_strerror(said);
    return said == 0 ? ZQ_OK : zq_errors_fail_connect(err, &error, where);
}
