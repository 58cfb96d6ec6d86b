/* A real connection that fails when told to: call number N is not sent, or is sent and its answer
 * lost, which a real server shows only by chance. Tests fail call 1, 2, 3 ... until none is hit. */
#ifndef ZQ_TEST_FAULTY_H
#define ZQ_TEST_FAULTY_H

#include "db/db.h"

typedef enum faulty_kind {
    FAULTY_REFUSED,     /* the server refuses the statement: nothing happened */
    FAULTY_LOST_BEFORE, /* the connection is lost before the statement is sent */
    FAULTY_LOST_AFTER,  /* it is lost after the statement ran: whether it did is unknown */
} faulty_kind;

/* Shared by all connections of one run; calls are counted over all of them. */
typedef struct faulty {
    unsigned calls;   /* so far */
    unsigned fail_at; /* which one fails; 0: none */
    faulty_kind kind;
    bool failed; /* it has */
    bool looked; /* ... and it only looked at several tables: who is refused looks at each alone */
} faulty;

/* A handle over `inner`, which it takes over; it closes with it. */
zq_db *faulty_over(zq_db *inner, faulty *plan);

#endif
