/* What to do with a step of a revision that another run may have begun: a table, and nothing but
 * the table. Pure.
 *
 * A DDL statement and the record that it ran cannot share a transaction, but the statement itself
 * happens as a whole or not at all. So the journal says "started" before it and "done" after it,
 * with the digest of the touched tables each time, and whoever comes next compares. */
#ifndef ZQ_RUN_JOURNAL_RULE_H
#define ZQ_RUN_JOURNAL_RULE_H

#include "base/err.h"

#include <stdbool.h>

/* The step's row in zq_meta_journal. */
typedef enum zq_journal_state {
    ZQ_JOURNAL_NONE, /* no row */
    ZQ_JOURNAL_STARTED,
    ZQ_JOURNAL_DONE,
} zq_journal_state;

/* The touched tables as the server has them now. */
typedef enum zq_tables_now {
    ZQ_TABLES_AS_BEFORE,
    ZQ_TABLES_AS_MEANT,
    ZQ_TABLES_OTHERWISE,
} zq_tables_now;

typedef enum zq_resume {
    ZQ_RESUME_RUN,       /* (again) */
    ZQ_RESUME_MARK_DONE, /* it happened: only the record is missing */
    ZQ_RESUME_SKIP,      /* it is done and recorded */
    ZQ_RESUME_STOP,
} zq_resume;

typedef struct zq_journal_rule {
    zq_resume resume;
    const char *why; /* STOP: what is wrong, in words that follow the names of the tables */
} zq_journal_rule;

/* How the tables are, from digests in hexadecimal; any of the last three may be NULL for "not
 * known". `before` is the journal's digest of before the statement (of a step without a row, what
 * the step before it left), `meant` is what the statement is computed to leave (`now` itself where
 * it is known only that the tables are as it leaves them, "" where it is known that they are not),
 * `after` what the journal says it left.
 *
 * Where `meant` cannot be computed, a started statement has happened when the tables differ from
 * before; the revision's schema id settles it at the end. */
zq_tables_now zq_tables_compare(zq_journal_state state, const char *now, const char *before,
                                const char *meant, const char *after);

/* The cell for a DDL statement. `text_changed`: the file's statement is no longer the one whose
 * digest the journal holds. */
zq_journal_rule zq_journal_rule_decide(zq_journal_state state, bool text_changed,
                                       zq_tables_now now);

/* The same for a statement that changes rows, which commits together with its journal row: no
 * table need be looked at. A batch is "started" between its ranges, and is run on from its key. */
zq_journal_rule zq_journal_rule_decide_rows(zq_journal_state state, bool text_changed);

/* Fill `err` for a STOP: "FILE:LINE: cannot continue: 'zq_app_users' ...". `tables` is a list for
 * people: "'a', 'b'". Returns ZQ_E_DIFFERS. */
zq_rc zq_journal_rule_stop(const zq_journal_rule *rule, const char *file, unsigned line,
                           const char *tables, zq_err *err);

#endif
