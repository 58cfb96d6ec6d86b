/* The session of a revision. What a revision SETs holds for it alone, and nothing of ours is read
 * under it: its statements have a connection of their own, which ends with it, and all that is ours
 * goes over the connection that holds the lease, whose session nobody changes. One thing cannot:
 * rows commit together with their row of the journal, so that one is written so that no session can
 * read it differently (zq_journal_write).
 *
 * A statement may outlive its program: the server notices that a client is gone when the statement
 * has ended. The lease is on the other connection, and free at once. So a session has a lock of its
 * own, and whoever begins waits until nobody has it.
 *
 * A revision of DDL alone cannot leave anything behind, and needs no second connection. Resetting
 * one (COM_RESET_CONNECTION) was not taken: it leaves roles to the server's version, and a new
 * connection costs little beside a revision. */
#include "rev/step_kit.h"

#include "run/lease.h"

#include <string.h>

/* DDL cannot change a session, but for an assignment in what a table is made from. */
static bool leaves_nothing(const zq_rev_section *section)
{
    for (size_t i = 0; i < section->n; i++) {
        const zq_rev_statement *s = &section->statements[i];

        if (s->is.kind != ZQ_STATEMENT_DDL || s->block == ZQ_BLOCK_BATCH ||
            strchr(s->text, '@') != NULL)
            return false;
    }
    return true;
}

static const char *lock_name(const zq_apply *a, zq_arena *arena)
{
    return zq_arena_printf(arena, "%s session", a->database);
}

zq_rc zq_step_wait_for_sessions(const zq_apply *a, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_lease) nobody = NULL;
    zq_rc rc = zq_lease_take(a->db, lock_name(a, arena), a->rules.lock_timeout_ms, NULL, NULL,
                             &nobody, err);

    if (rc == ZQ_E_LOCKED)
        zq_err_prefix(err, "a statement of a run that is gone is still at work: ");
    return rc;
}

/* Held until the connection is closed. A server takes a moment to notice that the session before it
 * is gone, however short a time the user allows for others. */
static zq_rc lock(const zq_walk *w, zq_db *db, zq_err *err)
{
    enum { MOMENT_MS = 10000 };
    const zq_apply *a = w->apply;
    unsigned timeout_ms =
        a->rules.lock_timeout_ms > MOMENT_MS ? a->rules.lock_timeout_ms : MOMENT_MS;
    zq_lease *held = NULL;

    ZQ_TRY(zq_lease_take(db, lock_name(a, w->arena), timeout_ms, NULL, NULL, &held, err));
    zq_lease_leave(held);
    return ZQ_OK;
}

zq_rc zq_step_begin_session(zq_walk *w, zq_db **out_own, zq_err *err)
{
    const zq_apply *a = w->apply;
    ZQ_AUTO(zq_db) own = NULL;

    w->session = a->db;
    w->n_names = zq_kept_names(w->leg->section, w->arena, &w->names);
    w->known = ZQ_NEW_ARRAY(w->arena, const char *, w->n_names + 1);
    if (a->open == NULL || leaves_nothing(w->leg->section))
        return ZQ_OK;
    ZQ_TRY(a->open(a->open_context, &own, err));
    ZQ_TRY(zq_ddl_begin(own, &a->rules, err));
    ZQ_TRY(lock(w, own, err));
    w->session = own;
    *out_own = own;
    own = NULL;
    return ZQ_OK;
}
