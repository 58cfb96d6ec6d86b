#include "migrate/step.h"

#include "migrate/plain.h"
#include "migrate/step_batch.h"
#include "migrate/step_ddl.h"
#include "migrate/step_family.h"
#include "migrate/step_kept.h"
#include "migrate/step_members.h"
#include "migrate/step_say.h"
#include "rev/step_kind.h"

static zq_rc run(zq_walk *w, size_t i, zq_err *err)
{
    static zq_rc (*const runners[])(zq_walk *, size_t, zq_err *) = {
        [ZQ_STEP_TABLES] = zq_step_ddl,      [ZQ_STEP_OBJECTS] = zq_step_ddl,
        [ZQ_STEP_ROWS] = zq_step_rows,       [ZQ_STEP_REPEAT] = zq_step_repeat,
        [ZQ_STEP_SESSION] = zq_step_session, [ZQ_STEP_BATCH] = zq_step_batch,
        [ZQ_STEP_FAMILY] = zq_step_family,   [ZQ_STEP_MEMBERS] = zq_step_members,
    };

    const zq_rev_statement *s = &w->leg->section->statements[i];
    const zq_step_kind kind = zq_step_kind_of(s);

    ZQ_TRY(zq_step_check_batch(w, i, err));
    /* Temporary tables of the section's own die with their connection. */
    if (s->temporary)
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
