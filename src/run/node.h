/* Whom a run writes to: one server, or a node of a cluster; and whether that may be written to. */
#ifndef ZQ_RUN_NODE_H
#define ZQ_RUN_NODE_H

#include "db/db.h"

enum { ZQ_NODE_ID = 256 };

/* The name of the server that answers, in SQL: as `name` below. */
#define ZQ_NODE_HERE "CONCAT(@@hostname, ':', @@port)"

typedef struct zq_node {
    bool cluster;            /* others may write at the same time over another node */
    char server[ZQ_NODE_ID]; /* what is common to all nodes: the cluster's id, else the server's */
    char name[ZQ_NODE_ID];   /* "host:port" of this one, as it calls itself */
    const char *begin; /* to be run in each session of ours: what is read then has all that was
                          committed before, on whatever node; NULL: nothing is needed. Static. */
} zq_node;

/* Read it: one round trip. Fails with ZQ_E_UNAVAILABLE for a node that is not ready, or not in the
 * part of its cluster that may go on. */
zq_rc zq_node_read(zq_db *db, zq_node *out, zq_err *err);

/* For whoever heard that a database, or its record, is not there: let a node of a cluster catch up
 * with what was committed on the others, and set this session up like that. USE alone, by which a
 * database is looked for, waits for nothing, and a node that is not ready says of any that it is
 * not there. `*out_waited` is false on a server by itself. Fails as zq_node_read does. */
zq_rc zq_node_catch_up(zq_db *db, bool *out_waited, zq_err *err);

/* The same as zq_node_read, and fail where nothing may be changed, or a change would not reach the
 * other nodes: ZQ_E_READ_ONLY for a server that is read only, for whatever account, or a secondary
 * of its group; ZQ_E_CONFIG for sql_log_bin, wsrep_on or wsrep_OSU_method. Sets this session up. */
zq_rc zq_node_read_to_write(zq_db *db, zq_node *out, zq_err *err);

/* Set another session up like that one. */
zq_rc zq_node_begin(zq_db *db, const zq_node *node, zq_err *err);

#endif
