#include "seed/ready.h"

#include "base/language.h"
#include "base/text.h"
#include "seed/admin.h"
#include "seed/memory.h"
#include "seed/rbac_read.h"
#include "sql/ddl_write.h"

#include <pthread.h>
#include <string.h>

static bool can_be_made_ready(zq_condition condition)
{
    return condition == ZQ_DB_MISSING || condition == ZQ_DB_EMPTY || condition == ZQ_DB_HALF_MADE ||
           condition == ZQ_DB_READY || condition == ZQ_DB_INCOMPLETE;
}

typedef struct walk {
    const zq_ready_request *request;
    zq_wanted wanted;
    zq_arena *arena;
    zq_ready_result *out;
    zq_state state; /* the newest reading */
    zq_rbac rbac;
    zq_lease *lease;       /* NULL: nothing is changed */
    bool claimed;          /* its row is ours */
    bool moved;            /* another run has been at work before: all is to be looked at again */
    pthread_mutex_t guard; /* of `made` */
    zq_made_table made;    /* the last that was */
} walk;

/* ---- looking ---- */

static bool is_new(zq_condition condition)
{
    return condition == ZQ_DB_MISSING || condition == ZQ_DB_EMPTY || condition == ZQ_DB_HALF_MADE;
}

/* A restore that failed, or stopped half way, must not be filled up with empty tables. */
static zq_rc check_expected(walk *w, zq_err *err)
{
    const zq_ready_request *request = w->request;
    const zq_state *state = &w->state;
    bool no_admin = w->wanted.admin_role != NULL && !state->has_admin;

    if (request->expect == ZQ_EXPECT_EXISTING &&
        (is_new(state->condition) || state->condition == ZQ_DB_LOST ||
         (state->condition == ZQ_DB_INCOMPLETE && no_admin))) {
        w->out->unexpected = true;
        zq_fail(err, ZQ_E_DIFFERS, "an existing database is expected, but %s",
                zq_tr(state->condition == ZQ_DB_INCOMPLETE
                          ? N_("it has no administrator: rows may be missing")
                          : zq_condition_words(state->condition)));
        return zq_err_hint(err, "restore database '%s', or run this again with --expect any",
                           request->database);
    }
    if (request->expect == ZQ_EXPECT_EMPTY && !is_new(state->condition)) {
        w->out->unexpected = true;
        zq_fail(err, ZQ_E_DIFFERS, "an empty database is expected, but %s",
                zq_tr(zq_condition_words(state->condition)));
        return zq_err_hint(err,
                           "choose another database than '%s', or run this again with --expect any",
                           request->database);
    }
    return ZQ_OK;
}

static zq_rc refuse(walk *w, zq_err *err)
{
    const zq_state *state = &w->state;

    ZQ_TRY(zq_state_need_tables(state, w->request->database, err));
    ZQ_TRY(check_expected(w, err));
    if (can_be_made_ready(state->condition) ||
        (state->condition == ZQ_DB_LOST && w->request->recreate_missing))
        return ZQ_OK;
    return zq_fail(err, ZQ_E_DIFFERS, "database '%s': %s", w->request->database,
                   zq_tr(zq_condition_words(state->condition)));
}

static zq_rc read_state(walk *w, zq_err *err)
{
    ZQ_TRY(
        zq_state_read(w->request->db, w->request->database, &w->wanted, w->arena, &w->state, err));
    w->out->found = w->state;
    return ZQ_OK;
}

static zq_rc look(walk *w, zq_err *err)
{
    ZQ_TRY(read_state(w, err));
    return refuse(w, err);
}

static zq_lease_request lease_request(const zq_ready_request *request)
{
    zq_lease_request lease = request->lease;

    lease.db = request->db;
    lease.database = request->database;
    lease.schema = request->wanted.schema;
    lease.may_make = true;
    lease.open = request->open;
    lease.open_context = request->open_context;
    return lease;
}

/* The lease's lock, and how the database is now that nobody else on this server changes it: in one
 * round trip, unless another run is at work. */
static zq_rc look_under_lock(walk *w, zq_err *err)
{
    const zq_ready_request *request = w->request;
    const zq_lease_request lease = lease_request(request);
    bool row = w->state.database_exists && !w->state.no_lease;

    w->wanted.first = zq_lease_question(request->database, row, w->arena);
    w->wanted.locks = true;
    ZQ_TRY(read_state(w, err));
    w->lease = zq_lease_locked(&lease, w->state.first);
    if (w->lease == NULL) {
        ZQ_TRY(zq_lease_lock(&lease, err));
        row = w->state.database_exists && !w->state.no_lease;
        w->wanted.first = zq_lease_question(request->database, row, w->arena);
        ZQ_TRY(read_state(w, err));
        w->lease = zq_lease_locked(&lease, w->state.first);
    }
    w->wanted.first = NULL;
    w->wanted.locks = false;
    return refuse(w, err);
}

/* What is wrong with the administrator is said before anything is changed. */
static zq_rc look_at_rows(walk *w, zq_err *err)
{
    const zq_ready_request *request = w->request;
    const zq_rbac_options options = {0};
    const zq_rbac_user *existing = NULL;

    w->rbac = zq_rbac_empty;
    if (zq_rbac_has_tables(&w->state))
        ZQ_TRY(
            zq_rbac_read(request->db, request->database, request->admin, w->arena, &w->rbac, err));
    ZQ_TRY(zq_rbac_merge(request->seeds, &w->rbac, &options, w->arena, &w->out->rbac, err));
    if (request->leave_admin_out)
        return ZQ_OK;
    ZQ_TRY(zq_admin_needed(&w->rbac, &w->out->rbac, request->admin, &existing, err));
    w->out->made_admin = existing == NULL;
    return ZQ_OK;
}

/* ---- doing ---- */

static zq_rc create_database(const walk *w, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;

    zq_ddl_create_database(&sql, w->request->database);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    return zq_db_exec(w->request->db, text, err) == ZQ_OK
               ? ZQ_OK
               : zq_err_prefix(err, "cannot create database '%s': ", w->request->database);
}

static zq_rc begin_script(const walk *w, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;

    zq_ddl_begin_script(&sql, w->request->database, !w->state.database_exists);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    zq_buf_str(w->request->script, text);
    return ZQ_OK;
}

/* Whether the database has the default that the application's own tables need, or may be given it
 * because nobody has made a table by the one it has; the lease's was made by this run. */
static zq_rc may_set_collation(const walk *w, bool *out_may, zq_err *err)
{
    zq_arg name = zq_arg_text(w->request->database);
    zq_rows rows;

    *out_may = false;
    if (w->request->keep_collation || w->state.condition != ZQ_DB_EMPTY ||
        strcmp(w->state.collation, ZQ_COLLATION) == 0)
        return ZQ_OK;
    ZQ_TRY(zq_db_query(w->request->db,
                       "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND "
                       "TABLE_NAME <> '" ZQ_BOOK_LEASE "' LIMIT 1",
                       &name, 1, "i", w->arena, &rows, err));
    *out_may = rows.n == 0;
    return ZQ_OK;
}

/* The application makes a table for each stock without naming a collation, and compares its columns
 * with those of our tables. An account that may not alter the database makes all the rest. */
static zq_rc set_collation(const walk *w, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;
    bool may;
    zq_rc rc;

    ZQ_TRY(may_set_collation(w, &may, err));
    if (!may)
        return ZQ_OK;
    zq_ddl_alter_database(&sql, w->request->database);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    if (w->request->script != NULL) {
        zq_comment(w->request->script, "what tables without a collation of their own get");
        zq_buf_printf(w->request->script, "%s;\n\n", text);
        w->out->set_collation = true;
        return ZQ_OK;
    }
    rc = zq_db_exec(w->request->db, text, err);
    w->out->set_collation = rc == ZQ_OK;
    w->out->cannot_collation = rc == ZQ_E_DENIED;
    return rc == ZQ_OK || rc == ZQ_E_DENIED
               ? ZQ_OK
               : zq_err_prefix(err, "cannot set the default collation of database '%s': ",
                               w->request->database);
}

static void note_made(void *context, const zq_table *table, unsigned long long ms)
{
    walk *w = context;

    pthread_mutex_lock(&w->guard);
    w->made.name = table->name;
    w->made.ms = ms;
    w->made.done++;
    w->request->made(w->request->made_context, &w->made);
    pthread_mutex_unlock(&w->guard);
}

static zq_rc make_tables(walk *w, const zq_sink *sink, zq_err *err)
{
    zq_steps steps;

    ZQ_TRY(zq_install_plan_tables(w->wanted.schema, &w->state, w->request->entry.revision,
                                  zq_db_server(w->request->db)->flavor, w->arena, &steps, err));
    w->out->n_tables = w->state.n_missing;
    w->made = (zq_made_table){0};
    for (size_t i = 0; i < steps.n; i++)
        w->made.total += steps.items[i].change != NULL;
    return zq_run_steps(&steps, sink, err);
}

/* The administrator, and whether it became ours: somebody else may have made one while the password
 * was being hashed. */
static zq_steps admin_steps(const walk *w, const char *hash, bool hashes)
{
    zq_step *steps = ZQ_NEW_ARRAY(w->arena, zq_step, 2);
    size_t n = 0;

    if (w->out->made_admin)
        steps[n++] = zq_admin_insert(w->request->admin, hash, 0, w->arena);
    if (hashes)
        steps[n++] = zq_admin_ask(w->request->admin, hash, &w->out->made_admin, 0, w->arena);
    return (zq_steps){steps, n};
}

/* What is not a hash would make an administrator who cannot log in, and whom nobody replaces. */
static void leave_admin_out(const walk *w)
{
    if (w->out->made_admin)
        zq_comment(w->request->script,
                   "The administrator '%s' is left out: a script is no place for a password.",
                   w->request->admin->username);
}

/* The rows are sent while the password is still being hashed, and the administrator's follows. */
static zq_rc make_rows(const walk *w, const zq_sink *sink, bool hashes, zq_err *err)
{
    zq_steps rows = zq_install_plan_rows(&w->out->rbac.steps, w->arena);
    const char *hash = NULL;
    zq_steps admin = {0};
    zq_step last;
    zq_steps end;

    ZQ_TRY(zq_run_steps(&rows, sink, err));
    if (hashes)
        ZQ_TRY(w->request->hash.end(w->request->hash.context, &hash, err));
    if (w->request->script == NULL)
        admin = admin_steps(w, hash, hashes);
    else
        leave_admin_out(w);
    last = w->lease == NULL ? (zq_step){0} : zq_lease_last_step(w->lease, w->arena);
    end = zq_install_plan_end(&w->state, &admin, &w->request->entry,
                              w->lease == NULL ? NULL : &last, w->arena);
    /* Until zq_admin_ask has found it. */
    w->out->made_admin = w->out->made_admin && !hashes;
    ZQ_TRY(zq_run_steps(&end, sink, err));
    if (w->lease != NULL)
        zq_lease_gave_back(w->lease);
    return ZQ_OK;
}

/* The row needs the database. Nothing was changed until here, so another run may have had it. */
static zq_rc claim(walk *w, zq_err *err)
{
    ZQ_TRY(zq_lease_claim(w->lease, &w->moved, err));
    w->claimed = true;
    return ZQ_OK;
}

static zq_rc make(walk *w, const zq_sink *sink, zq_err *err)
{
    bool hashes = w->out->made_admin && w->request->script == NULL;
    bool resume = w->state.condition == ZQ_DB_HALF_MADE || w->state.condition == ZQ_DB_INCOMPLETE ||
                  w->state.condition == ZQ_DB_LOST;

    /* A password that is refused is refused before anything is changed. The hash takes longest: it
     * begins before whatever need not be known for it. */
    if (hashes)
        ZQ_TRY(w->request->hash.begin(w->request->hash.context, resume, &w->rbac, err));
    if (w->lease != NULL && !w->claimed)
        ZQ_TRY(zq_lease_check_node(w->lease, err));
    if (w->request->script != NULL)
        ZQ_TRY(begin_script(w, err));
    else if (!w->state.database_exists)
        ZQ_TRY(create_database(w, err));
    if (w->lease != NULL && !w->claimed)
        ZQ_TRY(claim(w, err));
    if (w->moved)
        return ZQ_OK;
    if (w->state.database_exists)
        ZQ_TRY(set_collation(w, err));
    w->out->created_database = !w->state.database_exists;
    ZQ_TRY(make_tables(w, sink, err));
    return make_rows(w, sink, hashes, err);
}

/* Make it from what was read last. */
static zq_rc make_from_state(walk *w, zq_err *err)
{
    const zq_ready_request *request = w->request;
    ZQ_AUTO_SERVER_SINK server = {.db = request->db,
                                  .lease = w->lease,
                                  .database = request->database,
                                  .jobs = request->jobs,
                                  .open = request->open,
                                  .open_context = request->open_context,
                                  .made = request->made == NULL ? NULL : note_made,
                                  .made_context = w};
    zq_sink sink = zq_sink_server_of(&server);

    w->moved = false;
    w->out->made_admin = false;
    if (w->state.condition == ZQ_DB_READY)
        return ZQ_OK;
    ZQ_TRY(look_at_rows(w, err));
    zq_memory_share_store();
    if (w->state.n_missing > 1)
        zq_sink_server_begin(&server);
    return make(w, &sink, err);
}

/* One does the work; the others wait for the lease, and then find it done. */
static zq_rc make_on_server(walk *w, zq_err *err)
{
    const zq_ready_request *request = w->request;

    if (!request->leave_admin_out && !w->state.has_admin && request->hash.ask != NULL)
        ZQ_TRY(request->hash.ask(request->hash.context, err));
    ZQ_TRY(look_under_lock(w, err));
    if (w->state.condition == ZQ_DB_READY)
        return ZQ_OK;
    ZQ_TRY(make_from_state(w, err));
    if (!w->moved)
        return ZQ_OK;
    ZQ_TRY(look(w, err));
    return make_from_state(w, err);
}

static zq_rc make_script(walk *w, zq_err *err)
{
    zq_sink sink = zq_sink_script_of(w->request->script);

    ZQ_TRY(look_at_rows(w, err));
    return make(w, &sink, err);
}

zq_rc zq_make_ready(const zq_ready_request *request, zq_arena *arena, zq_ready_result *out,
                    zq_err *err)
{
    walk w = {.request = request,
              .wanted = request->wanted,
              .arena = arena,
              .out = out,
              .guard = PTHREAD_MUTEX_INITIALIZER};
    zq_rc rc;

    *out = (zq_ready_result){0};
    w.wanted.seeds_digest = request->seeds->digest;
    w.wanted.seeds_of_folder = request->seeds->from_folder;
    w.wanted.admin_role = request->leave_admin_out ? NULL : request->admin->role;
    ZQ_TRY(look(&w, err));
    if (request->look_closer != NULL)
        ZQ_TRY(request->look_closer(request->look_context, request->db, &out->found, err));
    if (w.state.condition == ZQ_DB_READY)
        return ZQ_OK;
    rc = request->script != NULL ? make_script(&w, err) : make_on_server(&w, err);
    zq_lease_release(w.lease);
    return rc;
}
