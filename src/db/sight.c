#include "db/sight.h"

zq_rc zq_sight_lacks(zq_db *db, const char *privilege, const char *database, zq_arena *arena,
                     const char **out_account, zq_err *err)
{
    /* MySQL's view of the enabled roles fails with 1267 where default_collation_for_utf8mb4 is set
     * (seen on 9.7). */
    static const char question[] =
        "SELECT CURRENT_USER() FROM (SELECT CONCAT('''', LEFT(CURRENT_USER(), "
        "CHAR_LENGTH(CURRENT_USER()) - CHAR_LENGTH(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)) - 1), "
        "'''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''') AS name) AS me WHERE NOT EXISTS "
        "(SELECT 1 FROM information_schema.USER_PRIVILEGES WHERE PRIVILEGE_TYPE = ? AND "
        "GRANTEE = me.name) AND NOT EXISTS (SELECT 1 FROM information_schema.SCHEMA_PRIVILEGES "
        "WHERE PRIVILEGE_TYPE = ? AND GRANTEE = me.name AND ? LIKE TABLE_SCHEMA) AND "
        "/*!80000 CURRENT_ROLE() = 'NONE' */ /*M! NOT EXISTS (SELECT 1 FROM "
        "information_schema.ENABLED_ROLES WHERE ROLE_NAME IS NOT NULL) */";
    zq_arg args[] = {zq_arg_text(privilege), zq_arg_text(privilege), zq_arg_text(database)};
    zq_rows rows;

    ZQ_TRY(zq_db_query(db, question, args, ZQ_LEN(args), "t", arena, &rows, err));
    *out_account = rows.n > 0 ? zq_rows_at(&rows, 0, 0) : NULL;
    return ZQ_OK;
}
