/* A node of a cluster that is not ready still answers some questions, and untruly: one without its
 * primary component may say that a database does not exist. And an account that may do anything
 * (SUPER) writes to a MariaDB replica through `read_only`. So what the server says of itself is
 * asked before anything is changed, by SHOW, which gives no error for a variable that the server
 * does not have, and which every account may use. */
#include "run/node.h"

#include "base/language.h"

#include <stdio.h>
#include <string.h>

typedef struct facts {
    char hostname[ZQ_NODE_ID];
    char port[16];
    char server_uuid[64];
    char read_only[16];
    char super_read_only[16];
    char innodb_read_only[16];
    char sql_log_bin[16];
    char wsrep_provider[ZQ_NODE_ID];
    char wsrep_on[16];
    char wsrep_osu_method[16];
    char wsrep_osu_of_others[16]; /* sessions that begin now; "": not asked */
    char group_name[64];
    char group_state[32]; /* "": not to be seen */
    char wsrep_ready[16];
    char wsrep_cluster_status[32];
    char wsrep_state[64];
    char wsrep_uuid[64];
} facts;

#define FACT(name, field)                                         \
    {                                                             \
        name, offsetof(facts, field), sizeof(((facts *)0)->field) \
    }

static const struct {
    const char *name;
    size_t offset, size;
} fact_names[] = {
    FACT("hostname", hostname),
    FACT("port", port),
    FACT("server_uuid", server_uuid),
    FACT("read_only", read_only),
    FACT("super_read_only", super_read_only),
    FACT("innodb_read_only", innodb_read_only),
    FACT("sql_log_bin", sql_log_bin),
    FACT("wsrep_provider", wsrep_provider),
    FACT("wsrep_on", wsrep_on),
    FACT("wsrep_OSU_method", wsrep_osu_method),
    FACT("group_replication_group_name", group_name),
    FACT("wsrep_ready", wsrep_ready),
    FACT("wsrep_cluster_status", wsrep_cluster_status),
    FACT("wsrep_local_state_comment", wsrep_state),
    FACT("wsrep_cluster_state_uuid", wsrep_uuid),
};

enum { ASK_SESSION, ASK_STATUS, ASK_OF_OTHERS, N_ASK };

static zq_rc take_fact(void *context, size_t statement, const zq_row *row, ZQ_UNUSED zq_err *err)
{
    facts *f = context;

    if (statement == ASK_OF_OTHERS) {
        snprintf(f->wsrep_osu_of_others, sizeof f->wsrep_osu_of_others, "%s", zq_row_text(row, 1));
        return ZQ_OK;
    }
    for (size_t i = 0; i < ZQ_LEN(fact_names); i++) {
        if (strcasecmp(fact_names[i].name, zq_row_text(row, 0)) == 0)
            snprintf((char *)f + fact_names[i].offset, fact_names[i].size, "%s",
                     zq_row_text(row, 1));
    }
    return ZQ_OK;
}

static zq_rc take_group_state(void *context, ZQ_UNUSED size_t statement, const zq_row *row,
                              ZQ_UNUSED zq_err *err)
{
    facts *f = context;

    snprintf(f->group_state, sizeof f->group_state, "%s", zq_row_text(row, 0));
    return ZQ_OK;
}

/* A server that is to be in a group, and is not, answers as if nothing were amiss. Only an account
 * that may look into performance_schema can see it. */
static zq_rc read_group_state(zq_db *db, facts *f, zq_err *err)
{
    static const zq_answer answer = {.columns = "t", .rows = ZQ_AT_MOST_ONE_ROW};
    zq_err local = {0};
    zq_rc rc;

    if (f->group_name[0] == '\0')
        return ZQ_OK;
    zq_db_expect_soon(db);
    rc = zq_db_run(db,
                   "SELECT MEMBER_STATE FROM performance_schema.replication_group_members WHERE "
                   "MEMBER_ID = @@server_uuid",
                   NULL, 0, &(zq_answers){&answer, 1, take_group_state, f}, NULL, &local);
    return rc == ZQ_OK || local.cause == ZQ_CAUSE_TABLE_DENIED ? ZQ_OK : zq_err_give(err, &local);
}

#define ASK_FOR_FACTS                                                                       \
    "SHOW SESSION VARIABLES WHERE Variable_name IN ('hostname', 'port', 'server_uuid', "    \
    "'read_only', 'super_read_only', 'innodb_read_only', 'sql_log_bin', 'wsrep_provider', " \
    "'wsrep_on', 'wsrep_OSU_method', 'group_replication_group_name')"                       \
    ";SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_cluster_status', "   \
    "'wsrep_local_state_comment', 'wsrep_cluster_state_uuid')"

static zq_rc read_facts(zq_db *db, bool to_write, facts *out, zq_err *err)
{
    const zq_answer answers = {"tt", ZQ_ANY_ROWS, to_write ? N_ASK : ASK_OF_OTHERS};

    *out = (facts){0};
    zq_db_expect_soon(db);
    ZQ_TRY(zq_db_run(db,
                     to_write ? ASK_FOR_FACTS
                         ";SHOW GLOBAL VARIABLES WHERE Variable_name = 'wsrep_OSU_method'"
                              : ASK_FOR_FACTS,
                     NULL, 0, &(zq_answers){&answers, 1, take_fact, out}, NULL, err));
    return read_group_state(db, out, err);
}

static bool is_galera(const facts *f)
{
    return f->wsrep_provider[0] != '\0' && strcmp(f->wsrep_provider, "none") != 0;
}

static bool is_on(const char *value)
{
    return strcasecmp(value, "ON") == 0 || strcmp(value, "1") == 0;
}

static zq_rc fail_not_ready(zq_err *err)
{
    zq_fail(err, ZQ_E_UNAVAILABLE, "the cluster node is not ready");
    return zq_err_hint(err, "wait for it with --wait 30, or connect to another node");
}

static zq_rc check_ready(const facts *f, zq_err *err)
{
    zq_rc rc = ZQ_OK;

    if (is_galera(f) &&
        (!is_on(f->wsrep_ready) || strcmp(f->wsrep_cluster_status, "Primary") != 0)) {
        rc = fail_not_ready(err);
        zq_err_detail(err, "wsrep_ready is '%s', wsrep_cluster_status '%s', state '%s'",
                      f->wsrep_ready, f->wsrep_cluster_status, f->wsrep_state);
    } else if (f->group_state[0] != '\0' && strcmp(f->group_state, "ONLINE") != 0) {
        rc = fail_not_ready(err);
        zq_err_detail(err, "its state in the group is '%s'", f->group_state);
    }
    return rc;
}

static zq_rc fail_read_only(const facts *f, const char *which, zq_err *err)
{
    bool group = f->group_name[0] != '\0';

    zq_fail(err, ZQ_E_READ_ONLY,
            group ? N_("the server is not a primary of its group") : N_("the server is read only"));
    zq_err_detail(err, "%s is ON", which);
    return zq_err_hint(
        err, group ? N_("connect to the group's primary, or wait for this one with --wait 30")
                   : N_("if the server is a replica, connect to the primary; else run this "
                        "again once it accepts writes"));
}

static zq_rc fail_setting(const char *what, const char *hint, zq_err *err)
{
    zq_fail(err, ZQ_E_CONFIG, "%s: what is changed here would not reach the others", what);
    return zq_err_hint(err, "%s", hint);
}

static zq_rc check_writable(const facts *f, zq_err *err)
{
    /* MariaDB 12 and later have other words than ON for it. */
    bool read_only = f->read_only[0] != '\0' && strcasecmp(f->read_only, "OFF") != 0 &&
                     strcmp(f->read_only, "0") != 0;

    if (is_on(f->super_read_only))
        return fail_read_only(f, "super_read_only", err);
    if (read_only)
        return fail_read_only(f, "read_only", err);
    if (is_on(f->innodb_read_only))
        return fail_read_only(f, "innodb_read_only", err);
    if (!is_on(f->sql_log_bin))
        return fail_setting("sql_log_bin is OFF", "see what sets it, as init_connect may", err);
    if (is_galera(f) && !is_on(f->wsrep_on))
        return fail_setting("wsrep_on is OFF", "see what sets it, as init_connect may", err);
    return ZQ_OK;
}

/* Galera's and a group's, so that a decision does not hang on what is old. */
static const char wait_for_galera[] = "SET SESSION wsrep_sync_wait = 15";
static const char wait_for_group[] = "SET SESSION group_replication_consistency = 'BEFORE'";
static const char in_total_order[] = "SET SESSION wsrep_sync_wait = 15, wsrep_OSU_method = 'TOI'";

/* Of this session, which may have been set so, and of the run's others, which are not yet. */
static bool is_in_total_order(const facts *f)
{
    return strcasecmp(f->wsrep_osu_method, "TOI") == 0 &&
           strcasecmp(f->wsrep_osu_of_others, "TOI") == 0;
}

static void describe(const facts *f, bool to_write, zq_node *out)
{
    bool group = f->group_name[0] != '\0';

    *out = (zq_node){.cluster = is_galera(f) || group};
    snprintf(out->name, sizeof out->name, "%.200s:%s", f->hostname, f->port);
    snprintf(out->server, sizeof out->server, "%s",
             is_galera(f)                ? f->wsrep_uuid
             : group                     ? f->group_name
             : f->server_uuid[0] != '\0' ? f->server_uuid
                                         : out->name);
    if (is_galera(f))
        out->begin = !to_write || is_in_total_order(f) ? wait_for_galera : in_total_order;
    else if (group)
        out->begin = wait_for_group;
}

zq_rc zq_node_read(zq_db *db, zq_node *out, zq_err *err)
{
    facts f;

    ZQ_TRY(read_facts(db, false, &f, err));
    ZQ_TRY(check_ready(&f, err));
    describe(&f, false, out);
    return ZQ_OK;
}

zq_rc zq_node_begin(zq_db *db, const zq_node *node, zq_err *err)
{
    if (node->begin == NULL)
        return ZQ_OK;
    zq_db_expect_soon(db);
    return zq_db_exec(db, node->begin, err);
}

zq_rc zq_node_catch_up(zq_db *db, bool *out_waited, zq_err *err)
{
    zq_node node;

    *out_waited = false;
    ZQ_TRY(zq_node_read(db, &node, err));
    if (node.begin == NULL)
        return ZQ_OK;
    ZQ_TRY(zq_node_begin(db, &node, err));
    *out_waited = true;
    zq_db_expect_soon(db);
    return zq_db_exec(db, "SELECT 1 FROM information_schema.ENGINES LIMIT 1", err);
}

zq_rc zq_node_read_to_write(zq_db *db, zq_node *out, zq_err *err)
{
    facts f;
    zq_rc rc;

    ZQ_TRY(read_facts(db, true, &f, err));
    ZQ_TRY(check_ready(&f, err));
    ZQ_TRY(check_writable(&f, err));
    describe(&f, true, out);
    rc = zq_node_begin(db, out, err);
    if (rc != ZQ_OK && rc != ZQ_E_LOST && out->begin == in_total_order)
        return fail_setting("wsrep_OSU_method is not TOI",
                            "let a DBA run \"SET GLOBAL wsrep_OSU_method = 'TOI'\"", err);
    return rc;
}
