/* What a database is, as far as `init` must know: one round trip tells. */
#ifndef ZQ_RUN_STATE_H
#define ZQ_RUN_STATE_H

#include "base/arena.h"
#include "base/language.h"
#include "db/db.h"
#include "model/schema.h"

/* What was found, in the order in which it is asked; docs/states.md says what each leads to. */
#define ZQ_CONDITION_LIST(X)                                                                 \
    X(MISSING, N_("the database does not exist"))                                            \
    X(EMPTY, N_("the database has none of zquant's tables"))                                 \
    X(HALF_MADE, N_("an install was cut short"))                                             \
    X(CUT_SHORT, N_("a revision is under way or was cut short"))                             \
    X(READY, N_("the database is at head and complete"))                                     \
    X(LOST, N_("the database is at head, but tables are gone"))                              \
    X(LOCKED_OUT, N_("the database is at head, but nobody who is active may administer it")) \
    X(CHANGED, N_("the database has other tables than those of its revision"))               \
    X(INCOMPLETE, N_("the database is at head, but something is missing"))                   \
    X(OLDER, N_("the database is at an older revision"))                                     \
    X(NEWER, N_("the database is at a revision that this build does not know"))              \
    X(FILE_CHANGED, N_("the file of an applied revision has changed"))                       \
    X(UNRECORDED, N_("the database has zquant's tables, but no record of a revision"))

typedef enum zq_condition {
#define ZQ_CONDITION_ENUM(name, words) ZQ_DB_##name,
    ZQ_CONDITION_LIST(ZQ_CONDITION_ENUM)
#undef ZQ_CONDITION_ENUM
} zq_condition;

/* What the caller wants to find; plain data, so that this floor need not know schema/ or seeds/. */
typedef struct zq_wanted {
    const zq_schema *schema;
    const char *const
        *revisions; /* every known one, oldest first, ends in NULL; the last is head */
    const char *const *checksums; /* of their files, in the same order; NULL: not asked */
    const char *seeds_digest;     /* NULL: not asked */
    bool seeds_of_folder;         /* ... of those of a folder, not of the built-in ones */
    const char *admin_role;       /* NULL: not asked */
    bool own_revisions; /* the last of `revisions` leads to another schema than `schema` */
    const char *first;  /* a SELECT of one value, to be asked before all else; NULL: none */
    bool locks;         /* ... which takes the lease's lock: nobody else is at work then */
    unsigned look_ms;   /* ZQ_LEASE_LOOK_MS; where less is left for an answer, less */
} zq_wanted;

typedef struct zq_state {
    zq_condition condition;
    bool database_exists;
    const char *charset; /* the database's defaults; "" when it is missing */
    const char *collation;
    const char *revision;  /* the newest entry's, "" is base; NULL: nothing is recorded */
    const char *schema_id; /* the newest entry's; may be NULL */
    bool install_started;
    const char *under_way;    /* a revision that is under way or was cut short; NULL: none */
    const char *direction;    /* "up" or "down", of that revision */
    bool at_work;             /* somebody has the lease now */
    const char *elsewhere;    /* who, over another node (zq_lease_elsewhere); NULL: not so */
    const char *changed_file; /* the first applied revision whose file is not the one that was */
    const char *changed_checksum; /* that the file had */
    const char *unknown; /* a revision that the database has and this build does not know */
    const char *const
        *missing; /* names of `schema` that are not there, sorted, without zq_meta_* */
    size_t n_missing;
    size_t n_present;      /* those that are, without zq_meta_* */
    size_t n_missing_meta; /* zq_meta_* tables that are not there */
    bool no_lease;         /* ... zq_meta_lease among them */
    const char *changed;   /* the first table by name whose columns are not those of `schema`: their
                              names, order, kinds of type and whether they may be NULL; NULL: none.
                              Meaningful at head, and where nobody added revisions of their own */
    size_t n_changed;
    const char *not_a_table;      /* a name of ours that is a view or a sequence; NULL: none */
    const char *not_a_table_type; /* "VIEW" */
    bool seeds_applied;           /* the last applied seeds have the digest asked for */
    bool has_admin;               /* somebody has the role asked for */
    bool locked_out;              /* ... but nobody who is active */
    const char *first;            /* the value; NULL: none */
    size_t n_left; /* members of families that the recorded revision left as they were */
} zq_state;

/* Read the state of `database` in one round trip (two, where it is not ready: a node of a cluster
 * catches up first, and is read again; one more where tables seem to be gone or to be others than
 * recorded) and make it the connection's default database when it exists. Writes nothing. Texts in
 * `arena`. Fails as zq_db_run does; a missing database or table is a state, not an error. */
zq_rc zq_state_read(zq_db *db, const char *database, const zq_wanted *wanted, zq_arena *arena,
                    zq_state *out, zq_err *err);

/* Fails with ZQ_E_DIFFERS when something that is not a table has the name of one of ours. */
zq_rc zq_state_need_tables(const zq_state *state, const char *database, zq_err *err);

/* The condition that the facts in `state` amount to; pure. */
zq_condition zq_state_condition(const zq_state *state, const zq_wanted *wanted);

const char *zq_condition_words(zq_condition condition);

/* Is head recorded, whatever else may be wrong? */
bool zq_condition_at_head(zq_condition condition);

#endif
