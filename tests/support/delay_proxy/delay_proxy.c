/* delay-proxy PORT MILLISECONDS COMMAND ARG...
 *
 * Run a command with a server that is far away: what connects to the loopback port in
 * ZQ_PROXY_PORT reaches 127.0.0.1:PORT, each round trip MILLISECONDS later. Ends with the command's
 * status. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_JOINTS = 256, CHUNK = 64 * 1024, NAP_MS = 20 };

/* Bytes on their way. */
typedef struct packet {
    struct packet *next;
    long long due_us;
    size_t length, sent;
    char bytes[];
} packet;

/* One direction of one connection. */
typedef struct pipe_end {
    int from, to;
    packet *first, **last;
    bool ended; /* nothing more will be read */
    bool shut;  /* and `to` has been told */
} pipe_end;

typedef struct joint {
    bool used;
    pipe_end way[2]; /* to the server, to the client */
} joint;

static joint joints[MOST_JOINTS];
static long long one_way_us;

static _Noreturn void die(const char *what)
{
    perror(what);
    exit(125);
}

static long long now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static struct sockaddr_in loopback(unsigned port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((unsigned short)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int listen_anywhere(unsigned *out_port)
{
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        die("listen");
    *out_port = ntohs(address.sin_port);
    return listener;
}

static void no_waiting(int fd)
{
    int on = 1;

    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void way_begin(pipe_end *way, int from, int to)
{
    *way = (pipe_end){.from = from, .to = to};
    way->last = &way->first;
}

static void joint_begin(int client, unsigned port)
{
    struct sockaddr_in address = loopback(port);
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    joint *l = joints;

    while (l < joints + MOST_JOINTS && l->used)
        l++;
    if (l == joints + MOST_JOINTS || server < 0 ||
        connect(server, (struct sockaddr *)&address, sizeof address) != 0) {
        close(client);
        if (server >= 0)
            close(server);
        return;
    }
    no_waiting(client);
    no_waiting(server);
    l->used = true;
    way_begin(&l->way[0], client, server);
    way_begin(&l->way[1], server, client);
}

static void way_read(pipe_end *way)
{
    static char buffer[CHUNK];
    ssize_t got = read(way->from, buffer, sizeof buffer);
    packet *fresh;

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        way->ended = true;
        return;
    }
    fresh = malloc(sizeof *fresh + (size_t)got);
    if (fresh == NULL)
        die("malloc");
    *fresh = (packet){.due_us = now_us() + one_way_us, .length = (size_t)got};
    memcpy(fresh->bytes, buffer, (size_t)got);
    *way->last = fresh;
    way->last = &fresh->next;
}

static void way_drop(pipe_end *way)
{
    packet *p = way->first;

    way->first = p->next;
    if (way->first == NULL)
        way->last = &way->first;
    free(p);
}

static void way_write(pipe_end *way)
{
    while (way->first != NULL && way->first->due_us <= now_us()) {
        packet *p = way->first;
        ssize_t put = send(way->to, p->bytes + p->sent, p->length - p->sent, MSG_NOSIGNAL);

        if (put < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (put < 0) {
            way->ended = true;
            way_drop(way);
            continue;
        }
        p->sent += (size_t)put;
        if (p->sent == p->length)
            way_drop(way);
    }
    if (way->first == NULL && way->ended && !way->shut) {
        shutdown(way->to, SHUT_WR);
        way->shut = true;
    }
}

static void joint_end_if_done(joint *l)
{
    if (!l->way[0].shut || !l->way[1].shut)
        return;
    close(l->way[0].from);
    close(l->way[0].to);
    l->used = false;
}

/* How long nothing can happen but a read. */
static int wait_ms(void)
{
    long long now = now_us(), wait = NAP_MS * 1000LL;

    for (joint *l = joints; l < joints + MOST_JOINTS; l++)
        for (pipe_end *way = l->way; l->used && way < l->way + 2; way++)
            if (way->first != NULL && way->first->due_us - now < wait)
                wait = way->first->due_us > now ? way->first->due_us - now : 0;
    return (int)((wait + 999) / 1000);
}

static void serve_once(int listener, unsigned port)
{
    struct pollfd fds[1 + 2 * MOST_JOINTS];
    pipe_end *ways[1 + 2 * MOST_JOINTS];
    nfds_t n = 1;

    fds[0] = (struct pollfd){.fd = listener, .events = POLLIN};
    for (joint *l = joints; l < joints + MOST_JOINTS; l++)
        for (pipe_end *way = l->way; l->used && way < l->way + 2; way++)
            if (!way->ended) {
                ways[n] = way;
                fds[n++] = (struct pollfd){.fd = way->from, .events = POLLIN};
            }
    if (poll(fds, n, wait_ms()) < 0 && errno != EINTR)
        die("poll");
    for (nfds_t i = 1; i < n; i++)
        if (fds[i].revents != 0)
            way_read(ways[i]);
    for (joint *l = joints; l < joints + MOST_JOINTS; l++)
        if (l->used) {
            way_write(&l->way[0]);
            way_write(&l->way[1]);
            joint_end_if_done(l);
        }
    if (fds[0].revents & POLLIN) {
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

        if (client >= 0)
            joint_begin(client, port);
    }
}

static pid_t start(char **command, unsigned port)
{
    pid_t child;
    char text[16];

    snprintf(text, sizeof text, "%u", port);
    setenv("ZQ_PROXY_PORT", text, 1);
    child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        execvp(command[0], command);
        die(command[0]);
    }
    return child;
}

int main(int argc, char **argv)
{
    unsigned own_port;
    int listener, status;
    pid_t child;

    if (argc < 4) {
        fprintf(stderr, "usage: delay-proxy PORT MILLISECONDS COMMAND ARG...\n");
        return 125;
    }
    one_way_us = atoll(argv[2]) * 1000 / 2;
    listener = listen_anywhere(&own_port);
    child = start(argv + 3, own_port);
    while (waitpid(child, &status, WNOHANG) == 0)
        serve_once(listener, (unsigned)atoi(argv[1]));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
