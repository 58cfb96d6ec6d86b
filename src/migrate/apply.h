/* Revisions run against a server, each statement effectively once. docs/journal.md
 * says how; whoever runs it holds the lease. */
#ifndef ZQ_MIGRATE_APPLY_H
#define ZQ_MIGRATE_APPLY_H

#include "rev/chain.h"
#include "run/alter.h"
#include "run/compare.h"
#include "run/runner.h"

typedef struct zq_apply {
    zq_db *db;            /* holds the lease; all that is ours is asked and written over it */
    const char *database; /* its default database, with our zq_meta_* in it */
    unsigned jobs;
    zq_opener *open; /* more connections: for the revisions' own sessions, and for families */
    void *open_context;
    const zq_schema *schema; /* what this build wants: it names the families */
    const zq_known *known;   /* what each release is, to hold the result against */
    size_t n_known;
    zq_ddl_rules rules;
    unsigned max_errors; /* failed members of a family before a step is stopped */
    void (*left)(void *context, const char *member); /* hears of each that is left; may be NULL */
    void *left_context;
    bool leave_members;       /* record a revision although members are left as they are */
    const char *again;        /* the command to continue with: "zquant-migrate upgrade" */
    const char *resume;       /* the command that shows the ways out: "zquant-migrate resume" */
    const char *leaving;      /* the same with --leave-members */
    const char *fixes;        /* the command that says what fixes members; a release follows it */
    const char *stamp;        /* the command that records the revision that follows it */
    const char *tool_version; /* for the history */
    unsigned long long token; /* for the journal */
} zq_apply;

/* Run the legs of a path, one after the other: every statement of each that the journal does not
 * say is done; then the schema is held against what the revision says it is, and in one
 * transaction the history gets its row and the journal is emptied.
 *
 * Members of a family to which a statement cannot be applied, or which are not as the revision has
 * them, are named and left; then the revision is recorded only with `leave_members`.
 *
 * Killed anywhere and run again, it goes on where it was. A failure names file, line, statement
 * and what the server said, and hints at the command to continue with. Fails with ZQ_E_DIFFERS when
 * somebody else changed what the journal speaks of, when the schema is not what it should be, or
 * when members are left; ZQ_E_USAGE when a statement needs more locking than the rules allow;
 * ZQ_E_INTERRUPTED when the user stopped it; else as zq_db_run does. */
zq_rc zq_apply_path(const zq_apply *apply, const zq_chain *chain, const zq_path *path, zq_err *err);

#endif
