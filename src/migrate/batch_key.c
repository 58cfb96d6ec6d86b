/* A batch is resumed at exactly one place when each row is on one side of a key, whoever compares
 * them: the question for the next key in our session, the statement in the revision's, a later run.
 * So a key is written as a constant of its column's type that no session reads differently, and
 * compared by the column's own collation; rows that compare equal are in one range.
 *
 * The text of a TIMESTAMP does not do: an hour a year has two meanings where clocks are put back.
 * Its instant does, but UNIX_TIMESTAMP(key) uses no index; so the condition has both, the instant
 * and, for the index, a wall clock time that lies more than any zone's step beyond it. */
#include "migrate/batch_key.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEY_MOST = 255,            /* characters of zq_meta_journal.position */
    SLACK_S = 2 * 24 * 3600,   /* a zone may leave a day out, or have it twice */
    LAST_INSTANT = 2147483647, /* of a TIMESTAMP, on most servers */
};

zq_rc zq_key_fail(const zq_rev_statement *s, zq_key_fault fault, zq_err *err)
{
    if (fault == ZQ_KEY_MISSING)
        return zq_fail(err, ZQ_E_DATA, "there is no column '%s' in a table '%s'", s->key, s->table);
    return zq_fail(err, ZQ_E_DATA,
                   "column '%s' of '%s' cannot be the key: batches go by text, whole numbers, "
                   "decimals and times",
                   s->key, s->table);
}

bool zq_key_class_of(const char *type, zq_key_class *out)
{
    static const struct {
        const char *type;
        zq_key_class class;
    } classes[] = {
        {"tinyint", ZQ_KEY_NUMBER}, {"smallint", ZQ_KEY_NUMBER},   {"mediumint", ZQ_KEY_NUMBER},
        {"int", ZQ_KEY_NUMBER},     {"bigint", ZQ_KEY_NUMBER},     {"decimal", ZQ_KEY_NUMBER},
        {"char", ZQ_KEY_TEXT},      {"varchar", ZQ_KEY_TEXT},      {"tinytext", ZQ_KEY_TEXT},
        {"text", ZQ_KEY_TEXT},      {"mediumtext", ZQ_KEY_TEXT},   {"longtext", ZQ_KEY_TEXT},
        {"enum", ZQ_KEY_TEXT},      {"set", ZQ_KEY_TEXT},          {"uuid", ZQ_KEY_TEXT},
        {"date", ZQ_KEY_TIME},      {"datetime", ZQ_KEY_TIME},     {"time", ZQ_KEY_TIME},
        {"year", ZQ_KEY_TIME},      {"timestamp", ZQ_KEY_INSTANT},
    };

    for (size_t i = 0; i < ZQ_LEN(classes); i++) {
        if (strcmp(classes[i].type, type) == 0) {
            *out = classes[i].class;
            return true;
        }
    }
    return false;
}

/* "-12.50" */
static bool is_number(const char *text)
{
    size_t n;

    text += *text == '-';
    n = strspn(text, "0123456789");
    if (n == 0)
        return false;
    text += n;
    if (*text == '.')
        text += 1 + strspn(text + 1, "0123456789");
    return *text == '\0';
}

static zq_rc any_row(zq_db *db, const zq_rev_statement *s, const char *condition, bool *out,
                     zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_SQL(sql);
    zq_rows rows;

    zq_sql_add(&sql, "SELECT 1 FROM `%s` WHERE %-s LIMIT 1", s->table, condition);
    ZQ_TRY(zq_db_query_sql(db, &sql, "i", arena, &rows, err));
    *out = rows.n > 0;
    return ZQ_OK;
}

static zq_rc check_length(zq_db *db, const zq_rev_statement *s, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *condition;
    bool any;

    zq_sql_add(&sql, "CHAR_LENGTH(`%s`) > %d", s->key, KEY_MOST);
    ZQ_TRY(zq_sql_finish(&sql, &condition, err));
    ZQ_TRY(any_row(db, s, condition, &any, err));
    if (!any)
        return ZQ_OK;
    zq_fail(err, ZQ_E_DATA,
            "column '%s' of '%s' cannot be the key: it has texts of over %d characters", s->key,
            s->table, KEY_MOST);
    return zq_err_hint(err, "let the batch go by another column that has an index");
}

static zq_rc fail_position(const zq_rev_statement *s, const char *position, zq_err *err)
{
    zq_fail(err, ZQ_E_DIFFERS,
            "cannot continue: '%s' is not a key of column '%s' of '%s': its type has changed",
            position, s->key, s->table);
    return zq_err_hint(
        err, "give the column its former type back, or decide by 'zquant-migrate resume'");
}

void zq_key_write_type(zq_sql *sql, const zq_rev_statement *s)
{
    zq_sql_lit(sql, "SELECT DATA_TYPE, CHARACTER_MAXIMUM_LENGTH FROM information_schema.COLUMNS "
                    "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ");
    zq_sql_str(sql, s->table);
    zq_sql_lit(sql, " AND COLUMN_NAME = ");
    zq_sql_str(sql, s->key);
}

zq_rc zq_key_judge(zq_db *db, const zq_rev_statement *s, const char *type, const char *length,
                   const char *position, zq_key_class *out_class, zq_err *err)
{
    if (type == NULL)
        return zq_key_fail(s, ZQ_KEY_MISSING, err);
    if (!zq_key_class_of(type, out_class))
        return zq_key_fail(s, ZQ_KEY_UNFIT, err);
    if (position != NULL && (*out_class == ZQ_KEY_NUMBER || *out_class == ZQ_KEY_INSTANT) &&
        !is_number(position))
        return fail_position(s, position, err);
    return length != NULL && strtoull(length, NULL, 10) > KEY_MOST ? check_length(db, s, err)
                                                                   : ZQ_OK;
}

zq_rc zq_key_check(const zq_rev_statement *s, zq_key_class class, const char *from, const char *key,
                   const char *nul, zq_err *err)
{
    bool again = from != NULL && strcmp(from, key) == 0;

    if (again || !zq_utf8_valid(key, strlen(key)) || nul == NULL || strcmp(nul, "0") != 0)
        return zq_key_fail(s, ZQ_KEY_UNFIT, err);
    /* "-00" begins a TIME, too. */
    if (class == ZQ_KEY_TIME && strstr(key + (*key == '-'), "-00") != NULL) {
        zq_fail(err, ZQ_E_DATA,
                "column '%s' of '%s' cannot be the key: it has '%s', which is not a date", s->key,
                s->table, key);
        return zq_err_hint(err,
                           "give these rows a date or NULL first, or let the batch go by another "
                           "column that has an index");
    }
    return ZQ_OK;
}

static void write_instant(zq_sql *sql, const zq_rev_statement *s, zq_key_end end, const char *key)
{
    long long at = strtoll(key, NULL, 10) + (end == ZQ_KEY_ABOVE ? -SLACK_S : SLACK_S);

    zq_sql_lit(sql, "(");
    if (at > 0 && at < LAST_INSTANT)
        zq_sql_add(sql, "`%s` %-s FROM_UNIXTIME(%lld) AND ", s->key,
                   end == ZQ_KEY_ABOVE ? ">=" : "<=", at);
    zq_sql_add(sql, "UNIX_TIMESTAMP(`%s`) %-s %-s)", s->key, end == ZQ_KEY_ABOVE ? ">" : "<=", key);
}

void zq_key_write_bound(zq_sql *sql, const zq_rev_statement *s, zq_key_class class, zq_key_end end,
                        const char *key)
{
    if (class == ZQ_KEY_INSTANT) {
        write_instant(sql, s, end, key);
        return;
    }
    zq_sql_add(sql, "`%s`%-s", s->key, end == ZQ_KEY_ABOVE ? " > " : " <= ");
    if (class == ZQ_KEY_NUMBER)
        zq_sql_rawz(sql, key);
    else
        zq_sql_str_anywhere(sql, key);
}

void zq_key_write_question(zq_sql *sql, const zq_rev_statement *s, zq_key_class class,
                           const char *from)
{
    zq_sql_lit(sql,
               "SELECT MAX(zq_key), LOCATE(CHAR(0), CAST(CAST(MAX(zq_key) AS CHAR) AS BINARY)) "
               "FROM (SELECT ");
    if (class == ZQ_KEY_INSTANT)
        zq_sql_lit(sql, "UNIX_TIMESTAMP(");
    zq_sql_add(sql, "`%s`%-s`%s` WHERE ", s->key,
               class == ZQ_KEY_INSTANT ? ") AS zq_key FROM " : " AS zq_key FROM ", s->table);
    if (from != NULL)
        zq_key_write_bound(sql, s, class, ZQ_KEY_ABOVE, from);
    else
        zq_sql_add(sql, "`%s` IS NOT NULL", s->key);
    zq_sql_add(sql, " ORDER BY `%s` LIMIT %zu) zq_keys", s->key, s->size);
}
