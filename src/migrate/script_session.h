/* What the statements of a revision leave in their session, and the SQL that takes it away again.
 * A connection of ours is reset for that; a script runs in one session from its first line to its
 * last. Pure. */
#ifndef ZQ_MIGRATE_SCRIPT_SESSION_H
#define ZQ_MIGRATE_SCRIPT_SESSION_H

#include "rev/revision_file.h"
#include "sql/sql.h"

typedef enum zq_session_use {
    ZQ_SESSION_LEFT,    /* its variables stay as they are, but for @own ones */
    ZQ_SESSION_SET,     /* SET changes some of them */
    ZQ_SESSION_CHARSET, /* also the charset that the text is read as, as SET NAMES does */
    ZQ_SESSION_ROLE,    /* SET ROLE: nothing but a new session has the roles that it began with */
} zq_session_use;

zq_session_use zq_script_session_use_of(const zq_rev_statement *statement);

/* Append what makes the session as it was before the section: variables that were SET, user
 * variables, temporary tables, prepared statements. Nothing where the section leaves nothing. What
 * a procedure sets that the section only calls is not seen. */
void zq_script_session_undo(const zq_rev_section *section, zq_arena *arena, zq_sql *sql);

#endif
