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
 * connection costs little beside a revision. It is opened while the leg begins, since over a slow
 * network that takes as long. */
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

static void *open_session(void *context)
{
    zq_step_opening *o = context;
    const zq_apply *a = o->apply;
    ZQ_AUTO(zq_db) own = NULL;

    o->rc = a->open(a->open_context, &own, &o->err);
    if (o->rc == ZQ_OK)
        o->rc = zq_online_begin(own, &a->rules, &o->err);
    if (o->rc == ZQ_OK)
        o->rc = zq_session_lock(own, &a->rules, ZQ_SESSION_OF_REVISION, &o->err);
    if (o->rc == ZQ_OK) {
        o->own = own;
        own = NULL;
    }
    return NULL;
}

void zq_step_session_open(const zq_walk *w, zq_step_opening *o)
{
    *o = (zq_step_opening){.apply = w->apply};
    if (w->apply->open == NULL || leaves_nothing(w->leg->section))
        return;
    o->runs = pthread_create(&o->thread, NULL, open_session, o) == 0;
    if (!o->runs)
        open_session(o);
}

static void wait_for(zq_step_opening *o)
{
    if (o->runs)
        pthread_join(o->thread, NULL);
    o->runs = false;
}

zq_rc zq_step_session_begin(zq_walk *w, zq_step_opening *o, zq_err *err)
{
    w->session = w->apply->db;
    w->n_names = zq_kept_names(w->leg->section, w->arena, &w->names);
    w->known = ZQ_NEW_ARRAY(w->arena, const char *, w->n_names + 1);
    wait_for(o);
    if (o->rc != ZQ_OK)
        *err = o->err;
    else if (o->own != NULL)
        w->session = o->own;
    return o->rc;
}

void zq_step_session_done(zq_step_opening *o)
{
    wait_for(o);
    zq_db_close(o->own);
    o->own = NULL;
}
