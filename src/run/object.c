#include "run/object.h"

#include "base/arena.h"
#include "sql/read/token.h"
#include "sql/sql.h"

#include <stdint.h>
#include <string.h>

/* Triggers, routines and events are read with the columns that both servers fill in alike; where
 * the catalog would have to be walked (MariaDB opens each table to look for a trigger), by SHOW. */
typedef struct looking_glass {
    zq_statement_object object;
    const char *columns; /* of its answer */
    size_t first; /* column that tells of the object; the rest do, too. SIZE_MAX: none does */
    void (*write)(zq_sql *sql, const zq_statement *parsed, const char *name);
} looking_glass;

static void write_trigger(zq_sql *sql, ZQ_UNUSED const zq_statement *parsed, const char *name)
{
    zq_sql_add(sql, "SHOW CREATE TRIGGER `%s`", name);
}

static void write_routine(zq_sql *sql, const zq_statement *parsed, const char *name)
{
    const char *space = strrchr(parsed->verb, ' '); /* CREATE FUNCTION */

    zq_sql_add(sql,
               "SELECT ROUTINE_DEFINITION, SECURITY_TYPE, SQL_DATA_ACCESS, IS_DETERMINISTIC, "
               "ROUTINE_COMMENT FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() "
               "AND ROUTINE_TYPE = '%s' AND ROUTINE_NAME = '%s'",
               space == NULL ? "" : space + 1, name);
}

static void write_event(zq_sql *sql, ZQ_UNUSED const zq_statement *parsed, const char *name)
{
    zq_sql_add(sql,
               "SELECT EVENT_DEFINITION, INTERVAL_VALUE, INTERVAL_FIELD FROM "
               "information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() AND EVENT_NAME = '%s'",
               name);
}

static void write_sequence(zq_sql *sql, ZQ_UNUSED const zq_statement *parsed, const char *name)
{
    zq_sql_add(sql, "SHOW CREATE SEQUENCE `%s`", name);
}

static void write_database(zq_sql *sql, ZQ_UNUSED const zq_statement *parsed, const char *name)
{
    zq_sql_add(sql, "SHOW CREATE DATABASE `%s`", name);
}

/* An account is USER@HOST. A role of MariaDB has no host. */
static void write_account(zq_sql *sql, ZQ_UNUSED const zq_statement *parsed, const char *name)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *at = strrchr(name, '@');

    zq_sql_add(sql, "SELECT 1 FROM mysql.user WHERE User = '%s' AND Host IN ('%s'",
               zq_arena_strndup(arena, name, (size_t)(at - name)), at + 1);
    if (strcmp(at, "@%") == 0)
        zq_sql_lit(sql, ", ''");
    zq_sql_lit(sql, ")");
}

static const looking_glass glasses[] = {
    {ZQ_OBJECT_TRIGGER, "ttt+", 2, write_trigger},
    {ZQ_OBJECT_ROUTINE, "TTTTT", 0, write_routine},
    {ZQ_OBJECT_EVENT, "TTT", 0, write_event},
    {ZQ_OBJECT_SEQUENCE, "tt", 1, write_sequence},
    {ZQ_OBJECT_DATABASE, "t+", SIZE_MAX, write_database},
    {ZQ_OBJECT_USER, "i", SIZE_MAX, write_account},
};

static bool is_missing(zq_cause cause)
{
    return cause == ZQ_CAUSE_NO_OBJECT || cause == ZQ_CAUSE_NO_TABLE ||
           cause == ZQ_CAUSE_NO_DATABASE;
}

/* Who made a thing is said before the word for what it is: CREATE DEFINER=`a`@`b` TRIGGER. */
static const char *from_word(const char *definition, const char *word)
{
    zq_scanner scanner = {.text = definition, .length = strlen(definition), .line = 1};

    for (;;) {
        zq_token token = zq_scan_code(&scanner);

        if (token.kind == ZQ_TOKEN_END || token.kind == ZQ_TOKEN_BROKEN)
            return definition;
        if (zq_token_is(&token, word))
            return token.text;
    }
}

static void print(const looking_glass *glass, const zq_rows *rows, zq_fingerprint *out)
{
    const size_t n = strspn(glass->columns, "tTiI");
    ZQ_AUTO_BUF(text);

    if (rows->n == 0)
        return;
    zq_buf_str(&text, "there");
    for (size_t i = glass->first; i < n; i++) {
        const char *value = zq_rows_at(rows, 0, i);

        zq_buf_char(&text, '\n');
        if (value != NULL && glass->object == ZQ_OBJECT_TRIGGER)
            value = from_word(value, "TRIGGER");
        zq_fingerprint_add_words(&text, value == NULL ? "-" : value);
    }
    zq_fingerprint_text(&text, out->hex);
}

static zq_rc look_at(zq_db *db, const looking_glass *glass, const zq_statement *parsed,
                     const char *name, zq_fingerprint *out, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_SQL(sql);
    zq_err local = {0};
    zq_rows rows;
    zq_rc rc;

    glass->write(&sql, parsed, name);
    rc = zq_db_query_sql(db, &sql, glass->columns, arena, &rows, &local);
    if (rc == ZQ_OK) {
        print(glass, &rows, out);
        return ZQ_OK;
    }
    if (rc != ZQ_E_LOST && is_missing(local.cause))
        return ZQ_OK;
    if (rc == ZQ_E_DENIED) {
        memcpy(out->hex, ZQ_OBJECT_UNSEEN, sizeof ZQ_OBJECT_UNSEEN);
        return ZQ_OK;
    }
    zq_err_prefix(&local, ZQ_CANNOT_LOOK "'%s': ", name);
    return zq_err_give(err, &local);
}

zq_rc zq_objects_digest(zq_db *db, const zq_statement *parsed, char out_hex[ZQ_DIGEST_HEX],
                        zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_fingerprint *prints = ZQ_NEW_ARRAY(arena, zq_fingerprint, parsed->n_names + 1);
    const looking_glass *glass = glasses;

    while (glass < glasses + ZQ_LEN(glasses) && glass->object != parsed->object)
        glass++;
    memcpy(out_hex, ZQ_OBJECT_UNSEEN, sizeof ZQ_OBJECT_UNSEEN);
    if (glass == glasses + ZQ_LEN(glasses) || parsed->n_names == 0)
        return ZQ_OK;
    /* MySQL has none, and is to say so in the user's words, not of ours. */
    if (parsed->object == ZQ_OBJECT_SEQUENCE && zq_db_server(db)->flavor == ZQ_MYSQL)
        return ZQ_OK;
    for (size_t i = 0; i < parsed->n_names; i++) {
        ZQ_TRY(look_at(db, glass, parsed, parsed->names[i], &prints[i], err));
        if (strcmp(prints[i].hex, ZQ_OBJECT_UNSEEN) == 0)
            return ZQ_OK;
    }
    zq_fingerprints_digest(parsed->names, prints, parsed->n_names, out_hex);
    return ZQ_OK;
}
