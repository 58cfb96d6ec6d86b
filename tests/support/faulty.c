#include "faulty.h"

#include <stdlib.h>
#include <string.h>

typedef struct connection {
    zq_db *inner;
    faulty *plan;
    bool lost;
} connection;

static zq_rc lose(connection *c, zq_err *err)
{
    zq_db_close(c->inner);
    c->inner = NULL;
    c->lost = true;
    return zq_fail(err, ZQ_E_LOST, "the connection to the server was lost");
}

static zq_rc run(void *impl, const char *sql, size_t length, zq_raw_fn *take, void *context,
                 size_t *out_done, unsigned long long *out_affected, zq_err *err)
{
    connection *c = impl;
    bool fails;
    zq_rc rc;

    if (c->lost)
        return zq_fail(err, ZQ_E_LOST, "the connection to the server was lost");
    fails = __atomic_add_fetch(&c->plan->calls, 1, __ATOMIC_SEQ_CST) == c->plan->fail_at;
    if (fails) {
        c->plan->failed = true;
        c->plan->looked = strstr(sql, ";SHOW CREATE TABLE ") != NULL;
    }
    if (fails && c->plan->kind == FAULTY_REFUSED)
        return zq_fail(err, ZQ_E_SERVER, "the server refused the statement");
    if (fails && c->plan->kind == FAULTY_LOST_BEFORE)
        return lose(c, err);
    rc = zq_db_pass(c->inner, sql, length, take, context, out_done, out_affected, err);
    return fails ? lose(c, err) : rc;
}

static void finish(void *impl)
{
    connection *c = impl;

    zq_db_close(c->inner);
    free(c);
}

zq_db *faulty_over(zq_db *inner, faulty *plan)
{
    static const zq_port port = {.run = run, .finish = finish};
    connection *c = calloc(1, sizeof *c);

    if (c == NULL)
        abort();
    *c = (connection){.inner = inner, .plan = plan};
    return zq_db_over(&port, c, zq_db_server(inner), zq_db_connection_id(inner));
}
