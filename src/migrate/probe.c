#include "migrate/step.h"

#include "rev/step_kind.h"
#include "run/object.h"
#include "sql/table/show_create_read.h"

#include <string.h>

/* The server has no such thing to drop or change, or has one already. */
static bool is_of_presence(zq_cause cause)
{
    switch (cause) {
    case ZQ_CAUSE_NO_TABLE_TO_DROP:
    case ZQ_CAUSE_NO_COLUMN:
    case ZQ_CAUSE_NO_KEY:
    case ZQ_CAUSE_NOTHING_TO_DROP:
    case ZQ_CAUSE_DUPLICATE_COLUMN:
    case ZQ_CAUSE_DUPLICATE_NAME:
        return true;
    default:
        return false;
    }
}

static bool is_alter_of_one(const zq_statement *parsed)
{
    return parsed->alters && parsed->tables_known && parsed->n_tables == 1 &&
           !parsed->other_database;
}

/* The table as it is; false when it cannot be had, or is a view. */
static bool read_table(const zq_walk *w, const char *name, zq_table *out)
{
    zq_db *db = w->apply->db;
    ZQ_AUTO_SQL(sql);
    const char *text;
    zq_rows rows;

    zq_sql_add(&sql, "SHOW CREATE TABLE `%s`", name);
    if (zq_db_query_sql(db, &sql, ZQ_SHOW_CREATE_COLUMNS, w->arena, &rows, NULL) != ZQ_OK ||
        rows.n != 1)
        return false;
    text = zq_rows_at(&rows, 0, 1);
    if (text == NULL || zq_show_create_read(text, strlen(text), zq_db_server(db)->flavor, w->arena,
                                            out, NULL) != ZQ_OK)
        return false;
    out->name = name;
    return true;
}

zq_done zq_step_is_done(const zq_walk *w, const zq_online_ddl *ddl)
{
    zq_table table;

    if (!is_alter_of_one(ddl->parsed) || !read_table(w, ddl->parsed->tables[0], &table))
        return ZQ_DONE_UNKNOWN;
    return zq_predict_is_done(ddl->text, strlen(ddl->text), zq_db_server(w->apply->db)->flavor,
                              &table, w->arena);
}

/* ---- what it changes ---- */

zq_rc zq_step_look(const zq_walk *w, const zq_statement *parsed, const char **out, zq_err *err)
{
    char *hex = zq_arena_alloc(w->arena, ZQ_DIGEST_HEX);
    size_t n;
    const char *const *names = zq_step_names_of(parsed, &n);
    zq_fingerprint *prints = ZQ_NEW_ARRAY(w->arena, zq_fingerprint, n + 1);

    *out = hex;
    if (names == parsed->names)
        return zq_objects_digest(w->apply->db, parsed, hex, err);
    ZQ_TRY(zq_fingerprints_read(w->apply->db, names, n, prints, err));
    zq_fingerprints_digest(names, prints, n, hex);
    return ZQ_OK;
}

bool zq_step_drops(const zq_statement *parsed)
{
    return strncmp(parsed->verb, "DROP ", 5) == 0 && !zq_statement_is(parsed, "DROP INDEX");
}

const char *zq_step_digest_of_none(const zq_statement *parsed, zq_arena *arena)
{
    size_t n;
    const char *const *names = zq_step_names_of(parsed, &n);
    zq_fingerprint *prints = ZQ_NEW_ARRAY(arena, zq_fingerprint, n + 1);
    char *hex = zq_arena_alloc(arena, ZQ_DIGEST_HEX);

    zq_fingerprints_digest(names, prints, n, hex);
    return hex;
}

/* The digest after a statement that was started; NULL: not known. What was there before is not
 * there any more, so what is known of what is after is whether this is it. */
static const char *digest_meant(const zq_walk *w, const zq_online_ddl *ddl,
                                const zq_journal_row *row, const char *now)
{
    if (row->state != ZQ_JOURNAL_STARTED || strcmp(now, row->before) == 0)
        return NULL;
    if (zq_step_drops(ddl->parsed))
        return zq_step_digest_of_none(ddl->parsed, w->arena);
    switch (zq_step_is_done(w, ddl)) {
    case ZQ_DONE:
        return now;
    case ZQ_DONE_NOT:
        return "";
    default:
        return NULL;
    }
}

zq_tables_now zq_step_compare_begun(const zq_walk *w, const zq_online_ddl *ddl,
                                    const zq_journal_row *row, const char *now)
{
    const char *meant = digest_meant(w, ddl, row, now);
    zq_tables_now tables = zq_tables_compare(row->state, now, row->before, meant, row->after);
    bool several =
        row->state == ZQ_JOURNAL_STARTED && zq_step_drops(ddl->parsed) && ddl->parsed->n_tables > 1;

    /* Some of them are dropped. */
    return several && tables == ZQ_TABLES_OTHERWISE ? ZQ_TABLES_AS_BEFORE : tables;
}

/* ---- somebody else ---- */

/* Did an earlier statement of the revision, run now or by another run, make of the table what this
 * one finds? */
static bool may_be_own(const zq_walk *w, size_t i)
{
    const zq_rev_section *section = w->leg->section;
    const char *table = section->statements[i].parsed.tables[0];

    for (size_t j = 0; j < i; j++) {
        const zq_statement *parsed = &section->statements[j].parsed;

        if (parsed->kind == ZQ_STATEMENT_UNKNOWN ||
            (parsed->kind == ZQ_STATEMENT_DDL && !parsed->tables_known))
            return true;
        if (zq_step_touches(parsed, table))
            return true;
    }
    return false;
}

bool zq_step_done_by_another(const zq_walk *w, size_t i, zq_cause cause)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    const zq_statement *parsed = &s->parsed;

    if (!is_of_presence(cause) || parsed->n_tables != 1 || may_be_own(w, i))
        return false;
    if (zq_step_kind_of(s) != ZQ_STEP_TABLES)
        return false;
    return strcmp(parsed->verb, "DROP TABLE") == 0 ||
           zq_step_is_done(w, &(zq_online_ddl){.text = s->text, .parsed = parsed}) == ZQ_DONE;
}
