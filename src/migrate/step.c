#include "migrate/step.h"

#include "base/language.h"
#include "migrate/step_kit.h"
#include "run/fingerprint.h"

#include <string.h>

static void hint_to_go_on(const zq_walk *w, zq_rc rc, zq_err *err)
{
    const char *again = w->apply->again;

    if (rc == ZQ_E_LOST || rc == ZQ_E_UNAVAILABLE)
        zq_err_hint(err,
                    "run '%s' when the server answers: it finds out what was done, and goes on",
                    again);
    else if (rc == ZQ_E_READ_ONLY)
        zq_err_hint(err,
                    "run '%s' on the primary if this is a replica, else once the server accepts "
                    "writes: it finds out what was done, and goes on",
                    again);
    else if (rc == ZQ_E_LOCKED)
        zq_err_hint(err, "run '%s' to continue, or allow more time with --lock-timeout", again);
    else if (rc == ZQ_E_INTERRUPTED)
        zq_err_hint(err, "run '%s' to continue", again);
    else if (w->n_done == 0)
        zq_err_hint(err, "fix the cause, then run '%s' again; '%s' shows the ways out", again,
                    w->apply->resume);
    else
        zq_err_hint(
            err,
            w->n_done == 1
                ? N_("fix the cause, then run '%s' to continue with this statement, the %zu before "
                     "it is done; '%s' shows the ways out")
                : N_("fix the cause, then run '%s' to continue with this statement, the %zu before "
                     "it are done; '%s' shows the ways out"),
            again, w->n_done, w->apply->resume);
}

static bool begins_with(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* The statement for whose tables the look was that failed: the tables of the next ones are looked
 * at along with statement `i`. */
static const zq_rev_statement *looked_for(const zq_walk *w, size_t i, const char *message)
{
    const zq_rev_section *section = w->leg->section;

    for (size_t j = i; j < section->n; j++) {
        const zq_statement *is = &section->statements[j].is;

        for (size_t t = 0; t < is->n_tables; t++) {
            if (begins_with(message,
                            zq_arena_printf(w->arena, ZQ_CANNOT_LOOK "'%s'", is->tables[t])))
                return &section->statements[j];
        }
    }
    return &section->statements[i];
}

zq_rc zq_step_fail(const zq_walk *w, size_t i, zq_rc rc, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];

    if (err == NULL)
        return rc;
    if (rc == ZQ_E_INTERRUPTED) {
        zq_fail(err, rc, "stopped in revision '%s', with %zu of its %zu statements done",
                w->leg->revision->id, w->n_done, w->leg->section->n);
        hint_to_go_on(w, rc, err);
        return rc;
    }
    if (begins_with(err->message, ZQ_CANNOT_LOOK))
        zq_err_prefix(err, "%s: ", zq_step_where(w, looked_for(w, i, err->message)));
    else if (s->block != ZQ_BLOCK_FAMILY || !begins_with(err->message, w->leg->revision->file))
        zq_err_prefix(err, "%s: cannot run '%s': ", zq_step_where(w, s),
                      zq_step_excerpt(s, w->arena));
    if (rc != ZQ_E_USAGE && rc != ZQ_E_DENIED)
        hint_to_go_on(w, rc, err);
    return rc;
}

zq_warned zq_step_warned(const zq_walk *w, size_t i)
{
    return (zq_warned){.where = zq_step_where(w, &w->leg->section->statements[i]),
                       .watch = w->apply->rules.watch};
}

static zq_rc run(zq_walk *w, size_t i, zq_err *err)
{
    static zq_rc (*const runners[])(zq_walk *, size_t, zq_err *) = {
        [ZQ_STEP_TABLES] = zq_step_ddl,      [ZQ_STEP_OBJECTS] = zq_step_ddl,
        [ZQ_STEP_ROWS] = zq_step_rows,       [ZQ_STEP_REPEAT] = zq_step_repeat,
        [ZQ_STEP_SESSION] = zq_step_session, [ZQ_STEP_BATCH] = zq_step_batch,
        [ZQ_STEP_FAMILY] = zq_step_family,   [ZQ_STEP_MEMBERS] = zq_step_members,
    };

    const zq_step_kind kind = zq_step_kind_of(&w->leg->section->statements[i]);

    ZQ_TRY(zq_step_check_batch(w, i, err));
    if (zq_step_is_temporary(w, i))
        return zq_step_session(w, i, err);
    if (kind != ZQ_STEP_SESSION)
        ZQ_TRY(zq_step_give_back(w, i, err));
    return runners[kind](w, i, err);
}

zq_rc zq_step_run(zq_walk *w, size_t i, zq_err *err)
{
    zq_rc rc;

    w->warned = ZQ_NEW(w->arena, zq_warned);
    *w->warned = zq_step_warned(w, i);
    rc = run(w, i, err);
    zq_warnings_end(w->warned);
    return rc;
}
