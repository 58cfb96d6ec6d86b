/* The session of a revision. What a revision SETs holds for it alone, and nothing of ours is read
 * under it: its statements have a connection of their own, which ends with it, and all that is ours
 * goes over the connection that holds the lease, whose session nobody changes. One thing cannot:
 * rows commit together with their row of the journal, so that one is written so that no session can
 * read it differently (zq_journal_write).
 *
 * Its connection has a lock of its own, since a statement may outlive its program
 * (run/session_lock.h).
 *
 * A revision of DDL alone cannot leave anything behind, and needs no second connection. Resetting
 * one (COM_RESET_CONNECTION) was not taken: it leaves roles to the server's version, and a new
 * connection costs little beside a revision. */
#include "migrate/step_session.h"

#include "run/session_lock.h"

#include <string.h>

/* DDL cannot change a session, but for an assignment in what a table is made from. */
static bool leaves_nothing(const zq_rev_section *section)
{
    for (size_t i = 0; i < section->n; i++) {
        const zq_rev_statement *s = &section->statements[i];

        if (s->parsed.kind != ZQ_STATEMENT_DDL || s->block == ZQ_BLOCK_BATCH ||
            strchr(s->text, '@') != NULL)
            return false;
    }
    return true;
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
    ZQ_TRY(zq_online_begin(own, &a->rules, err));
    ZQ_TRY(zq_session_lock(own, &a->rules, ZQ_SESSION_OF_REVISION, err));
    w->session = own;
    *out_own = own;
    own = NULL;
    return ZQ_OK;
}
