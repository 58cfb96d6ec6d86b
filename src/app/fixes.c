#include "app/fixes.h"

#include "app/app.h"
#include "app/show/differences.h"
#include "base/text.h"
#include "diff/clause.h"
#include "diff/fix.h"
#include "model/family.h"

#include <string.h>

typedef struct writing {
    zq_buf *out;
    const zq_fixes *fixes;
    zq_arena *arena;
    zq_buf keys; /* foreign keys, which come last: both tables are as they should be by then */
} writing;

zq_rc zq_fixes_rename(const zq_rename *renames, size_t n, size_t *at, zq_arena *arena,
                      const char **out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_clauses clauses = {.sql = &sql, .table = renames[*at].table};

    for (; *at < n && strcmp(renames[*at].table, clauses.table) == 0; ++*at) {
        const zq_change change = {
            .op = ZQ_OP_RENAME_INDEX, .was = renames[*at].from, .object = renames[*at].to};

        zq_clauses_add(&clauses, &change);
    }
    return zq_sql_keep(&sql, arena, out, err);
}

static zq_rc write_renames(writing *w, const zq_family_count *family, zq_err *err)
{
    const char *text;

    for (size_t i = 0; i < family->n_renames;) {
        ZQ_TRY(zq_fixes_rename(family->renames, family->n_renames, &i, w->arena, &text, err));
        zq_buf_printf(w->out, "%s;\n", text);
    }
    return ZQ_OK;
}

/* ---- foreign keys ---- */

static bool is_converted(const writing *w, const char *table)
{
    const zq_changes *changes = &w->fixes->comparison->changes;

    for (size_t i = 0; i < changes->n; i++) {
        if (changes->items[i].op == ZQ_OP_ALTER_TABLE && changes->items[i].actual != NULL &&
            (changes->items[i].mask & ZQ_DIFF_COLLATION) != 0 &&
            strcmp(changes->items[i].table, table) == 0)
            return true;
    }
    return false;
}

static bool is_over_text(const zq_table *table, const zq_foreign_key *key)
{
    for (size_t i = 0; i < zq_names_count(key->columns); i++) {
        const zq_column *column = zq_table_column(table, key->columns[i]);

        if (column != NULL && zq_type_is_text(&column->type))
            return true;
    }
    return false;
}

static zq_rc write_key(zq_buf *out, zq_op op, const char *table, const zq_foreign_key *key,
                       zq_err *err)
{
    const zq_change change = {.op = op, .object = key->name, .to = key};
    ZQ_AUTO_SQL(sql);
    zq_clauses clauses = {.sql = &sql, .table = table};

    zq_clauses_add(&clauses, &change);
    zq_sql_lit(&sql, ";\n");
    return zq_sql_append(&sql, out, err);
}

static zq_rc add_key_later(writing *w, const char *table, const zq_foreign_key *key, zq_err *err)
{
    return write_key(&w->keys, ZQ_OP_ADD_FOREIGN_KEY, table, key, err);
}

static zq_rc drop_key(writing *w, const char *table, const zq_foreign_key *key, zq_err *err)
{
    ZQ_TRY(write_key(w->out, ZQ_OP_DROP_FOREIGN_KEY, table, key, err));
    return add_key_later(w, table, key, err);
}

/* Two columns of a foreign key have one collation at all times, so the key stands aside while they
 * get another; MariaDB refuses that even with foreign_key_checks off. */
static zq_rc drop_keys(writing *w, zq_err *err)
{
    const zq_schema *live = w->fixes->live;

    for (size_t i = 0; i < live->n_tables; i++) {
        const zq_table *table = live->tables[i];

        for (size_t k = 0; k < table->n_foreign_keys; k++) {
            const zq_foreign_key *key = &table->foreign_keys[k];

            if (is_over_text(table, key) &&
                (is_converted(w, table->name) || is_converted(w, key->ref_table)))
                ZQ_TRY(drop_key(w, table->name, key, err));
        }
    }
    return ZQ_OK;
}

/* ---- tables ---- */

static void write_left(writing *w, const zq_change *change, const zq_deviation *deviation)
{
    ZQ_AUTO_BUF(members);

    if (deviation != NULL && deviation->n_members > 1)
        zq_buf_printf(&members, " [%zu members]", deviation->n_members);
    zq_comment(w->out, "left to you: %s: %s%s", change->table, zq_change_say(change, w->arena),
               zq_buf_text(&members));
}

/* `changes` of one table; of a form, for each of its members. */
static zq_rc write_table(writing *w, const zq_change *const *changes, size_t n,
                         const zq_deviation *deviation, zq_err *err)
{
    const zq_change **left = ZQ_NEW_ARRAY(w->arena, const zq_change *, n + 1);
    ZQ_AUTO_SQL(sql);
    const char *text;
    size_t n_left;

    zq_fix_table(&sql, changes[0]->table, changes, n, w->fixes->flavor, left, &n_left);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    for (size_t i = 0; i < n_left; i++)
        write_left(w, left[i], deviation);
    if (*text == '\0')
        return ZQ_OK;
    if (deviation == NULL || deviation->n_members == 1)
        zq_buf_printf(w->out, "%s;\n", text);
    for (size_t i = 0; deviation != NULL && deviation->n_members > 1 && i < deviation->n_members;
         i++)
        zq_buf_printf(w->out, "%s;\n", zq_family_expand(w->arena, text, deviation->codes[i]));
    return ZQ_OK;
}

/* Table after table: the changes are sorted by it. */
static zq_rc write_changes(writing *w, const zq_changes *changes, const zq_deviation *deviation,
                           zq_err *err)
{
    const zq_change **same = ZQ_NEW_ARRAY(w->arena, const zq_change *, changes->n + 1);

    for (size_t i = 0; i < changes->n;) {
        size_t n = 0;

        const char *table = changes->items[i].table;

        for (; i < changes->n && strcmp(changes->items[i].table, table) == 0; i++) {
            if (changes->items[i].op == ZQ_OP_ADD_FOREIGN_KEY && deviation == NULL)
                ZQ_TRY(add_key_later(w, table, changes->items[i].to, err));
            else
                same[n++] = &changes->items[i];
        }
        if (n > 0)
            ZQ_TRY(write_table(w, same, n, deviation, err));
    }
    return ZQ_OK;
}

static zq_rc write_head(zq_buf *out, const zq_fixes *fixes, zq_err *err)
{
    ZQ_AUTO_SQL(sql);

    zq_comment(out, "What brings database '%s' to the schema of %s, as far as statements can,",
               fixes->database, fixes->measure);
    zq_comment(out, "by zquant-migrate %s. Read it, then run it as:", ZQ_VERSION);
    zq_comment(out, "mysql --default-character-set=utf8mb4 < this-file");
    zq_sql_add(&sql, "%-s;\nUSE `%s`;\n\n", zq_session_sql(), fixes->database);
    return zq_sql_append(&sql, out, err);
}

static zq_rc write_all(writing *w, zq_err *err)
{
    const zq_comparison *c = w->fixes->comparison;

    ZQ_TRY(write_head(w->out, w->fixes, err));
    if (w->fixes->default_fix != NULL)
        zq_buf_printf(w->out, "%s;\n", w->fixes->default_fix);
    ZQ_TRY(drop_keys(w, err));
    ZQ_TRY(write_changes(w, &c->changes, NULL, err));
    zq_buf_str(w->out, zq_buf_text(&w->keys));
    for (size_t i = 0; i < c->n_families; i++)
        ZQ_TRY(write_renames(w, &c->families[i], err));
    for (size_t i = 0; i < c->n_deviations; i++)
        ZQ_TRY(write_changes(w, &c->deviations[i].changes, &c->deviations[i], err));
    return ZQ_OK;
}

zq_rc zq_fixes_write(zq_buf *out, const zq_fixes *fixes, zq_arena *arena, zq_err *err)
{
    writing w = {.out = out, .fixes = fixes, .arena = arena};
    zq_rc rc = write_all(&w, err);

    zq_buf_done(&w.keys);
    return rc;
}
