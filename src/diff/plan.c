/* Orders changes into statements.
 *
 * Tables get their new names first, so that all else is said under them. Foreign keys are what
 * makes an order necessary, so they have stages of their own: old keys go before and new ones come
 * after the tables, which are made, altered and dropped in any order, all that differs in one of
 * them by one statement. A fresh install has foreign key checks off instead, and makes each table
 * with its keys at once. */
#include "diff/plan.h"

#include "diff/clause.h"
#include "diff/diff.h"
#include "sql/ddl_write.h"

#include <string.h>

enum { STAGE_META, STAGE_MODEL }; /* of a fresh install */

/* A family is not a table: its members come from the application, one for each stock. */
static bool makes_table(const zq_change *change)
{
    return change->op == ZQ_OP_CREATE_TABLE && !zq_table_is_family(change->desired);
}

static zq_rc create_step(const zq_change *change, zq_flavor flavor, zq_arena *arena,
                         zq_step *out_step, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;

    zq_ddl_create_table(&sql, change->desired, true, flavor);
    if (zq_sql_keep(&sql, arena, &text, err) != ZQ_OK)
        return zq_err_prefix(err, "table '%s' ", change->table);
    *out_step = (zq_step){
        .stage = zq_table_is_meta(change->desired) ? STAGE_META : STAGE_MODEL,
        .text = text,
        .say = zq_arena_printf(arena, "create table '%s'", change->table),
        .change = change,
    };
    return ZQ_OK;
}

zq_rc zq_plan_create(const zq_changes *changes, zq_flavor flavor, zq_arena *arena,
                     zq_steps *out_steps, zq_err *err)
{
    zq_step *steps = ZQ_NEW_ARRAY(arena, zq_step, changes->n);
    size_t n = 0;

    for (int meta = 1; meta >= 0; meta--) {
        for (size_t i = 0; i < changes->n; i++) {
            const zq_change *change = &changes->items[i];

            if (makes_table(change) && zq_table_is_meta(change->desired) == (meta == 1))
                ZQ_TRY(create_step(change, flavor, arena, &steps[n++], err));
        }
    }
    *out_steps = (zq_steps){.items = steps, .n = n};
    return ZQ_OK;
}

/* ---- from one schema to another ---- */

/* One pair of tables, and those of its changes. */
typedef struct group {
    const zq_change *items;
    size_t n;
} group;

static group group_at(const zq_changes *changes, size_t at)
{
    const zq_change *first = &changes->items[at];
    size_t n = 1;

    while (at + n < changes->n && first[n].actual == first->actual &&
           first[n].desired == first->desired)
        n++;
    return (group){first, n};
}

static bool is_key(zq_op op)
{
    return op == ZQ_OP_ADD_FOREIGN_KEY || op == ZQ_OP_DROP_FOREIGN_KEY ||
           op == ZQ_OP_ALTER_FOREIGN_KEY;
}

/* The keys that a table has, as changes of `op`. */
static void add_all_keys(zq_clauses *clauses, const zq_table *table, zq_op op)
{
    for (size_t i = 0; i < table->n_foreign_keys; i++) {
        const zq_foreign_key *key = &table->foreign_keys[i];

        zq_clauses_add(clauses,
                       &(zq_change){.op = op, .object = key->name, .from = key, .to = key});
    }
}

/* Do the values of the column become others to compare? */
static bool is_retyped(const zq_changes *changes, const char *table, const char *column)
{
    const unsigned compared = ZQ_DIFF_TYPE | ZQ_DIFF_CHARSET | ZQ_DIFF_COLLATION;

    for (size_t i = 0; i < changes->n; i++) {
        const zq_change *change = &changes->items[i];

        if ((change->op == ZQ_OP_ALTER_COLUMN || change->op == ZQ_OP_MOVE_COLUMN) &&
            (change->mask & compared) != 0 && strcmp(change->table, table) == 0 &&
            strcmp(change->object, column) == 0)
            return true;
    }
    return false;
}

/* Both columns of a key are of one type and collation at all times: while they become of another,
 * it stands aside. MariaDB refuses that even with foreign_key_checks off. */
static bool stands_aside(const zq_changes *changes, const char *table, const zq_foreign_key *key)
{
    for (size_t i = 0; i < zq_names_count(key->columns); i++) {
        if (is_retyped(changes, table, key->columns[i]) ||
            (key->ref_schema == NULL && is_retyped(changes, key->ref_table, key->ref_columns[i])))
            return true;
    }
    return false;
}

static bool is_changed(const group *g, const char *key)
{
    for (size_t i = 0; i < g->n; i++) {
        if (is_key(g->items[i].op) && strcmp(g->items[i].object, key) == 0)
            return true;
    }
    return false;
}

/* The keys that the table has before and after. */
static void write_kept_keys(zq_clauses *clauses, const zq_changes *changes, const group *g,
                            zq_op op)
{
    const zq_table *table = g->items->desired;

    for (size_t i = 0; table != NULL && g->items->actual != NULL && i < table->n_foreign_keys;
         i++) {
        const zq_foreign_key *key = &table->foreign_keys[i];

        if (!is_changed(g, key->name) && stands_aside(changes, g->items->table, key))
            zq_clauses_add(clauses,
                           &(zq_change){.op = op, .object = key->name, .from = key, .to = key});
    }
}

/* A key that changes is dropped before and added after. */
static void write_keys(zq_clauses *clauses, const zq_changes *changes, const group *g, zq_op op)
{
    const bool adds = op == ZQ_OP_ADD_FOREIGN_KEY;

    for (size_t i = 0; i < g->n; i++) {
        zq_change change = g->items[i];

        if (change.op == (adds ? ZQ_OP_CREATE_TABLE : ZQ_OP_DROP_TABLE))
            add_all_keys(clauses, adds ? change.desired : change.actual, op);
        if (change.op != op && change.op != ZQ_OP_ALTER_FOREIGN_KEY)
            continue;
        change.op = op;
        zq_clauses_add(clauses, &change);
    }
    write_kept_keys(clauses, changes, g, op);
}

/* A clause that says all of a column comes after one about the same column, which it says too. */
static bool is_said_later(const group *g, size_t i)
{
    const zq_change *change = &g->items[i];

    if (change->op != ZQ_OP_RENAME_COLUMN)
        return false;
    for (size_t k = i + 1; k < g->n; k++) {
        if ((g->items[k].op == ZQ_OP_MOVE_COLUMN || g->items[k].op == ZQ_OP_ALTER_COLUMN) &&
            strcmp(g->items[k].object, change->object) == 0)
            return true;
    }
    return false;
}

/* Everything but the foreign keys. */
static void write_table(zq_clauses *clauses, const group *g)
{
    const zq_change *moved = NULL;

    for (size_t i = 0; i < g->n; i++) {
        const zq_change *change = &g->items[i];

        if (change->op == ZQ_OP_CREATE_TABLE) {
            zq_table without_keys = *change->desired;

            without_keys.n_foreign_keys = 0;
            zq_ddl_create_table(clauses->sql, &without_keys, false, clauses->flavor);
        } else if (change->op == ZQ_OP_DROP_TABLE) {
            zq_sql_add(clauses->sql, "DROP TABLE `%s`", change->table);
        } else if (!is_key(change->op) && !is_said_later(g, i) &&
                   !(moved != NULL && change->op == ZQ_OP_ALTER_COLUMN &&
                     strcmp(moved->object, change->object) == 0)) {
            zq_clauses_add(clauses, change);
        }
        moved = change->op == ZQ_OP_MOVE_COLUMN ? change : NULL;
    }
}

static const char *say_table(const zq_change *change, zq_arena *arena)
{
    const char *verb = change->op == ZQ_OP_CREATE_TABLE ? "create"
                       : change->op == ZQ_OP_DROP_TABLE ? "drop"
                                                        : "alter";

    return zq_arena_printf(arena, "%s table '%s'", verb, change->table);
}

/* The statement of one stage for one pair; `out_any`: there is something to do. */
static zq_rc group_step(const zq_changes *changes, const group *g, unsigned stage, zq_flavor flavor,
                        zq_arena *arena, zq_step *out_step, bool *out_any, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_clauses clauses = {
        .sql = &sql, .table = g->items->table, .flavor = flavor, .in_lines = true};
    const char *text;

    if (stage == ZQ_STAGE_TABLES)
        write_table(&clauses, g);
    else
        write_keys(&clauses, changes, g,
                   stage == ZQ_STAGE_OLD_KEYS ? ZQ_OP_DROP_FOREIGN_KEY : ZQ_OP_ADD_FOREIGN_KEY);
    if (zq_sql_keep(&sql, arena, &text, err) != ZQ_OK)
        return zq_err_prefix(err, "table '%s' ", g->items->table);
    *out_any = *text != '\0';
    *out_step = (zq_step){
        .stage = stage,
        .text = text,
        .say = stage == ZQ_STAGE_TABLES ? say_table(g->items, arena)
               : stage == ZQ_STAGE_OLD_KEYS
                   ? zq_arena_printf(arena, "drop foreign keys of '%s'", g->items->table)
                   : zq_arena_printf(arena, "add foreign keys to '%s'", g->items->table),
        .change = g->items,
    };
    return ZQ_OK;
}

/* ---- new names ---- */

static const char *old_name(const zq_changes *changes, size_t i)
{
    return changes->items[i].op == ZQ_OP_RENAME_TABLE ? changes->items[i].was : NULL;
}

/* Has the name that table `i` is to get an owner still: one that waits for its own new name, or one
 * that goes? */
static bool is_taken(const zq_changes *changes, const bool *done, size_t i)
{
    for (size_t k = 0; k < changes->n; k++) {
        const zq_change *other = &changes->items[k];
        const char *name = other->op == ZQ_OP_DROP_TABLE ? other->table : old_name(changes, k);

        if (!done[k] && name != NULL && strcmp(name, changes->items[i].table) == 0)
            return true;
    }
    return false;
}

static zq_rc rename_step(const zq_change *change, zq_arena *arena, zq_step *out_step, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;

    if (zq_table_is_family(change->desired)) {
        zq_fail(err, ZQ_E_DATA, "the family '%s' cannot be renamed to '%s'", change->was,
                change->table);
        return zq_err_hint(err,
                           "the application names the members; write a revision for them by hand");
    }
    zq_sql_add(&sql, "RENAME TABLE `%s` TO `%s`", change->was, change->table);
    ZQ_TRY(zq_sql_keep(&sql, arena, &text, err));
    *out_step = (zq_step){
        .stage = ZQ_STAGE_NAMES,
        .text = text,
        .say = zq_arena_printf(arena, "rename table '%s' to '%s'", change->was, change->table),
        .change = change,
    };
    return ZQ_OK;
}

/* Each when its name is free. */
static zq_rc rename_steps(const zq_changes *changes, zq_arena *arena, zq_step *steps, size_t *n,
                          zq_err *err)
{
    bool *done = ZQ_NEW_ARRAY(arena, bool, changes->n + 1);
    const char *stuck = NULL;
    bool more = true;

    while (more) {
        more = false;
        stuck = NULL;
        for (size_t i = 0; i < changes->n; i++) {
            if (done[i] || old_name(changes, i) == NULL)
                continue;
            if (is_taken(changes, done, i)) {
                stuck = changes->items[i].table;
                continue;
            }
            ZQ_TRY(rename_step(&changes->items[i], arena, &steps[(*n)++], err));
            done[i] = more = true;
        }
    }
    if (stuck == NULL)
        return ZQ_OK;
    zq_fail(err, ZQ_E_DATA, "a table cannot be renamed to '%s', which is there", stuck);
    return zq_err_hint(err, "do it in two revisions, by way of a third name");
}

zq_rc zq_plan_changes(const zq_changes *changes, zq_plan_direction direction, zq_flavor flavor,
                      zq_arena *arena, zq_steps *out_steps, zq_err *err)
{
    zq_changes way = *changes;
    zq_step *steps;
    size_t n = 0;

    if (direction == ZQ_PLAN_BACK)
        ZQ_TRY(zq_diff_reverse(changes, arena, &way, err));
    steps = ZQ_NEW_ARRAY(arena, zq_step, 4 * way.n + 1);
    ZQ_TRY(rename_steps(&way, arena, steps, &n, err));
    for (unsigned stage = ZQ_STAGE_OLD_KEYS; stage <= ZQ_STAGE_NEW_KEYS; stage++) {
        for (size_t at = 0; at < way.n;) {
            const group g = group_at(&way, at);
            bool any = false;

            ZQ_TRY(group_step(&way, &g, stage, flavor, arena, &steps[n], &any, err));
            n += any;
            at += g.n;
        }
    }
    *out_steps = (zq_steps){.items = steps, .n = n};
    return ZQ_OK;
}

const char *zq_plan_obstacle(const zq_change *change, zq_flavor flavor, zq_arena *arena)
{
    ZQ_AUTO_SQL(sql);
    zq_clauses clauses = {.sql = &sql, .table = change->table, .flavor = flavor};

    write_table(&clauses, &(group){change, 1});
    if (sql.wrong == NULL)
        return NULL;
    return *sql.piece == '\0' ? sql.wrong
                              : zq_arena_printf(arena, "%s: '%s'", sql.wrong, sql.piece);
}
