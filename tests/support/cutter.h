/* A proxy in front of the live server that ends a connection at request number N, whatever is said
 * over it: for programs that cannot be given a port of ours (faulty.h). */
#ifndef ZQ_TEST_CUTTER_H
#define ZQ_TEST_CUTTER_H

#include <pthread.h>
#include <stdbool.h>

typedef struct cutter {
    unsigned port; /* of 127.0.0.1 */
    /* for the next program; the steps of a login count as requests, too */
    unsigned cut_at; /* 0: none */
    bool after;      /* the request reaches the server, and its answer nobody */
    bool cut;        /* out: it happened */

    unsigned requests;
    int listener;
    int stop[2];
    pthread_t thread;
} cutter;

void cutter_begin(cutter *c);
void cutter_arm(cutter *c, unsigned cut_at, bool after);
void cutter_end(cutter *c);

#endif
