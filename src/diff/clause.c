/* One function for each kind of clause, named in the rows of the table of operations
 * (diff/change.h).
 *
 * One ALTER TABLE with all of them, in the order of zq_diff, makes the desired table of the one
 * that is there. An index that differs is dropped and added, but for its visibility; a column says
 * all of its definition again, since MODIFY forgets what is not said. What a server would refuse,
 * or do otherwise, is refused here by name. sql/alter/predict.c reads these clauses back, and a
 * test holds the two against each other. */
#include "diff/clause.h"

#include "sql/alter/kit.h"
#include "sql/ddl_write.h"

void zq_clauses_begin(zq_clauses *c)
{
    if (c->n++ == 0)
        zq_sql_add(c->sql, "ALTER TABLE `%s`", c->table);
    else
        zq_sql_lit(c->sql, ",");
    zq_sql_rawz(c->sql, c->in_lines ? "\n    " : " ");
}

/* ---- tables ---- */

/* CREATE, DROP and RENAME TABLE are statements of their own. */
static void clause_none(ZQ_UNUSED zq_clauses *c, ZQ_UNUSED const zq_change *change)
{
}

static void clause_alter_table(zq_clauses *c, const zq_change *change)
{
    const zq_table *to = change->desired;

    if (change->mask & ZQ_DIFF_KIND)
        zq_sql_refuse(c->sql, "something else stands in the place of a table", change->table);
    if (change->mask & ZQ_DIFF_ENGINE) {
        zq_clauses_begin(c);
        zq_sql_add(c->sql, "ENGINE=%-s", zq_table_engine(to));
    }
    if (change->mask & (ZQ_DIFF_CHARSET | ZQ_DIFF_COLLATION)) {
        zq_clauses_begin(c);
        zq_sql_add(c->sql, "DEFAULT CHARSET=%-s COLLATE=%-s", zq_table_charset(to),
                   zq_table_collation(to));
    }
    if (change->mask & ZQ_DIFF_COMMENT) {
        zq_clauses_begin(c);
        zq_sql_add(c->sql, "COMMENT = '%s'", to->comment == NULL ? "" : to->comment);
    }
}

/* ---- columns ---- */

static void write_place(zq_clauses *c, const char *after)
{
    if (after == NULL) {
        zq_sql_lit(c->sql, " FIRST");
        return;
    }
    zq_sql_add(c->sql, " AFTER `%s`", after);
}

static void clause_add_column(zq_clauses *c, const zq_change *change)
{
    zq_clauses_begin(c);
    zq_sql_lit(c->sql, "ADD COLUMN ");
    zq_ddl_column(c->sql, change->to, c->flavor);
    write_place(c, change->after);
}

static void clause_drop_column(zq_clauses *c, const zq_change *change)
{
    zq_clauses_begin(c);
    zq_sql_add(c->sql, "DROP COLUMN `%s`", change->object);
}

/* One server follows a rename into expressions, the other does not take it. */
static void refuse_mentioned(zq_clauses *c, const zq_change *change)
{
    if (zq_alter_is_mentioned(change->actual, change->was))
        zq_sql_refuse(c->sql, "an expression of the table uses a column that is renamed",
                      change->was);
}

static void clause_rename_column(zq_clauses *c, const zq_change *change)
{
    refuse_mentioned(c, change);
    zq_clauses_begin(c);
    zq_sql_add(c->sql, "RENAME COLUMN `%s` TO `%s`", change->was, change->object);
}

/* A virtual column has no values in its rows: no server takes it for one that has (MySQL
 * manual, 15.1.9.2 "ALTER TABLE and Generated Columns"). */
static void clause_alter_column(zq_clauses *c, const zq_change *change)
{
    if (zq_column_is_virtual(change->from) != zq_column_is_virtual(change->to))
        zq_sql_refuse(c->sql, "a column cannot become virtual, or stop being it", change->object);
    zq_clauses_begin(c);
    if (change->was != NULL) {
        refuse_mentioned(c, change);
        zq_sql_add(c->sql, "CHANGE COLUMN `%s` ", change->was);
    } else {
        zq_sql_lit(c->sql, "MODIFY COLUMN ");
    }
    zq_ddl_column(c->sql, change->to, c->flavor);
}

static void clause_move_column(zq_clauses *c, const zq_change *change)
{
    clause_alter_column(c, change);
    write_place(c, change->after);
}

/* ---- indexes and keys ---- */

static void clause_drop_index(zq_clauses *c, const zq_change *change)
{
    const zq_index *index = change->from;

    zq_clauses_begin(c);
    if (index->kind == ZQ_PRIMARY) {
        zq_sql_lit(c->sql, "DROP PRIMARY KEY");
        return;
    }
    zq_sql_add(c->sql, "DROP INDEX `%s`", index->name);
}

static void clause_add_index(zq_clauses *c, const zq_change *change)
{
    zq_clauses_begin(c);
    zq_sql_lit(c->sql, "ADD ");
    zq_ddl_index(c->sql, change->to, c->flavor);
}

/* An index that is dropped and added with no other difference stays as hidden, or as visible, as it
 * was. */
static void write_visibility(zq_clauses *c, const zq_index *index)
{
    const bool hidden = (index->flags & ZQ_INVISIBLE) != 0;

    zq_clauses_begin(c);
    zq_sql_add(c->sql, "ALTER INDEX `%s`", index->name);
    if (c->flavor == ZQ_MARIADB)
        zq_sql_rawz(c->sql, hidden ? " IGNORED" : " NOT IGNORED");
    else
        zq_sql_rawz(c->sql, hidden ? " INVISIBLE" : " VISIBLE");
}

static void clause_alter_index(zq_clauses *c, const zq_change *change)
{
    if (change->mask == ZQ_DIFF_VISIBLE) {
        write_visibility(c, change->to);
        return;
    }
    clause_drop_index(c, change);
    clause_add_index(c, change);
}

static void clause_rename_index(zq_clauses *c, const zq_change *change)
{
    zq_clauses_begin(c);
    zq_ddl_rename_index(c->sql, change->was, change->object);
}

static void clause_add_foreign_key(zq_clauses *c, const zq_change *change)
{
    zq_clauses_begin(c);
    zq_sql_lit(c->sql, "ADD ");
    zq_ddl_foreign_key(c->sql, change->to);
}

static void clause_drop_foreign_key(zq_clauses *c, const zq_change *change)
{
    zq_clauses_begin(c);
    zq_sql_add(c->sql, "DROP FOREIGN KEY `%s`", change->object);
}

/* InnoDB cannot drop a key and add one of the same name in one statement. */
static void clause_two_statements(zq_clauses *c, const zq_change *change)
{
    zq_sql_refuse(c->sql, "a foreign key is dropped and added in two statements", change->object);
}

/* ---- what the model cannot express ---- */

static void clause_refused(zq_clauses *c, const zq_change *change)
{
    const zq_extra *extra = change->to != NULL ? change->to : change->from;

    zq_sql_refuse(c->sql, "a table has what the model cannot make", extra->text);
}

static void (*const writers[])(zq_clauses *c, const zq_change *change) = {
#define ZQ_OP_CLAUSE_(op, name, reverse, kind, object, say, cost, clause) \
    [ZQ_OP_##op] = clause_##clause,
    ZQ_OP_LIST(ZQ_OP_CLAUSE_)
#undef ZQ_OP_CLAUSE_
};

void zq_clauses_add(zq_clauses *clauses, const zq_change *change)
{
    writers[change->op](clauses, change);
}
