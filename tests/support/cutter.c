#include "cutter.h"

#include "live.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 24 };

/* A request begins where the client speaks after the server. */
typedef struct link {
    int client, server;
    bool client_speaks;
    bool drops; /* the answer, and then all */
} link_ends;

typedef struct links {
    link_ends items[MOST];
    nfds_t n;
} links;

static struct sockaddr_in local(unsigned port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void take_one(const cutter *c, links *l)
{
    const struct sockaddr_in to = local(live_target().port);
    const int client = accept(c->listener, NULL, NULL);
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (client < 0 || l->n == MOST ||
        connect(server, (const struct sockaddr *)&to, sizeof to) != 0) {
        close(client);
        close(server);
        return;
    }
    l->items[l->n++] = (link_ends){.client = client, .server = server};
}

/* False: the connection is over. */
static bool pass(cutter *c, link_ends *of, bool from_client)
{
    char bytes[65536];
    const ssize_t n = recv(from_client ? of->client : of->server, bytes, sizeof bytes, 0);

    if (n <= 0 || (!from_client && of->drops))
        return false;
    if (from_client && !of->client_speaks &&
        __atomic_add_fetch(&c->requests, 1, __ATOMIC_SEQ_CST) == c->cut_at) {
        c->cut = true;
        if (!c->after)
            return false;
        of->drops = true;
    }
    of->client_speaks = from_client;
    return send(from_client ? of->server : of->client, bytes, (size_t)n, MSG_NOSIGNAL) == n;
}

static void end_link(links *l, nfds_t i)
{
    close(l->items[i].client);
    close(l->items[i].server);
    l->items[i] = l->items[--l->n];
}

static void *serve(void *context)
{
    cutter *c = context;
    links l = {.n = 0};

    for (;;) {
        struct pollfd fds[2 + 2 * MOST] = {{c->stop[0], POLLIN, 0}, {c->listener, POLLIN, 0}};
        const nfds_t n = l.n;

        for (nfds_t i = 0; i < n; i++) {
            fds[2 + 2 * i] = (struct pollfd){l.items[i].client, POLLIN, 0};
            fds[3 + 2 * i] = (struct pollfd){l.items[i].server, POLLIN, 0};
        }
        poll(fds, 2 + 2 * n, -1);
        if (fds[0].revents != 0)
            break;
        for (nfds_t i = n; i-- > 0;) {
            if ((fds[2 + 2 * i].revents != 0 && !pass(c, &l.items[i], true)) ||
                (fds[3 + 2 * i].revents != 0 && !pass(c, &l.items[i], false)))
                end_link(&l, i);
        }
        if (fds[1].revents != 0)
            take_one(c, &l);
    }
    while (l.n > 0)
        end_link(&l, 0);
    return NULL;
}

void cutter_begin(cutter *c)
{
    struct sockaddr_in at = local(0);
    socklen_t size = sizeof at;

    *c = (cutter){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    cr_assert_eq(bind(c->listener, (const struct sockaddr *)&at, sizeof at), 0);
    cr_assert_eq(listen(c->listener, MOST), 0);
    cr_assert_eq(getsockname(c->listener, (struct sockaddr *)&at, &size), 0);
    c->port = ntohs(at.sin_port);
    cr_assert_eq(pipe(c->stop), 0);
    cr_assert_eq(pthread_create(&c->thread, NULL, serve, c), 0);
}

void cutter_arm(cutter *c, unsigned cut_at, bool after)
{
    c->cut_at = cut_at;
    c->after = after;
    c->cut = false;
    c->requests = 0;
}

void cutter_end(cutter *c)
{
    close(c->stop[1]);
    pthread_join(c->thread, NULL);
    close(c->stop[0]);
    close(c->listener);
}
