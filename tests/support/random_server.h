/* A server whose answers are drawn by chance, some of them as they were asked for, some of them
 * not. It lets everybody in and serves any number of connections on loopback, in threads of the
 * test's; the same seed gives the same answers on each of them. */
#ifndef ZQ_TEST_RANDOM_SERVER_H
#define ZQ_TEST_RANDOM_SERVER_H

typedef struct random_server {
    unsigned port;
    unsigned seed; /* of the connections to come */
    int listener;
    unsigned long thread;
} random_server;

void random_server_begin(random_server *server);
void random_server_end(random_server *server);

#endif
