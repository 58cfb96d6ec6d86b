/* Some dozens of tables that stand for thousands: those of zquant, what the statements speak of,
 * and one member for each form of a family. They are empty, or have the first rows of each; reading
 * those locks nothing. */
#include "app/rehearsal_copy.h"

#include "model/family.h"
#include "run/book.h"
#include "run/members.h"
#include "sql/sql.h"
#include "sql/table/show_create_read.h"

#include "release.h"

#include <string.h>

/* ---- what is copied ---- */

static void add_table(zq_copy *c, const char *name)
{
    if (!zq_names_have(c->tables, c->n, name))
        c->tables[c->n++] = name;
}

static bool is_foreign(const zq_catalog *catalog, const char *name)
{
    return zq_names_have(catalog->foreign_tables, catalog->n_foreign_tables, name);
}

/* The user's own tables that the statements speak of. */
static void add_mentioned(zq_copy *c)
{
    const zq_step_costs *costs = c->costs;

    for (size_t i = 0; i < costs->n; i++) {
        const zq_statement *parsed = &costs->items[i].statement->parsed;

        for (size_t t = 0; t < parsed->n_tables; t++) {
            if (is_foreign(c->catalog, parsed->tables[t]))
                add_table(c, parsed->tables[t]);
        }
        for (size_t t = 0; t < parsed->n_mentions; t++) {
            if (is_foreign(c->catalog, parsed->mentions[t]))
                add_table(c, parsed->mentions[t]);
        }
    }
}

static size_t count_mentions(const zq_step_costs *costs)
{
    size_t n = 0;

    for (size_t i = 0; i < costs->n; i++)
        n += costs->items[i].statement->parsed.n_tables +
             costs->items[i].statement->parsed.n_mentions;
    return n;
}

static bool is_of_another_form(const zq_catalog *catalog, const zq_table *family, const char *code)
{
    for (size_t i = 0; i < catalog->n_forms; i++) {
        const zq_form *form = &catalog->forms[i];

        if (form->family == family && !form->conforms &&
            zq_names_have(form->codes, form->n_members, code))
            return true;
    }
    return false;
}

/* The catalog names no member that is as the family; NULL: there is none. */
static zq_rc find_conforming(const zq_copy *c, const zq_table *family, const char **out_code,
                             zq_err *err)
{
    zq_member *members;
    size_t n;

    *out_code = NULL;
    ZQ_TRY(zq_members_list(c->from->db, c->from->database, &zq_schema_head, family->name,
                           c->app->arena, &members, &n, err));
    for (size_t i = 0; *out_code == NULL && i < n; i++) {
        if (members[i].other == NULL && !is_of_another_form(c->catalog, family, members[i].code))
            *out_code = members[i].code;
    }
    return ZQ_OK;
}

/* One member stands for each form; of those that are as the revision knows the family, any. */
static zq_rc add_members(zq_copy *c, zq_err *err)
{
    const zq_catalog *catalog = c->catalog;
    size_t n_of_family = 0;

    for (size_t i = 0; i < catalog->n_forms; i++) {
        const zq_form *form = &catalog->forms[i];
        const char *code = form->conforms || form->n_members == 0 ? NULL : form->codes[0];

        if (i > 0 && catalog->forms[i - 1].family != form->family)
            n_of_family = 0;
        if (form->n_members == 0 || ++n_of_family > ZQ_COPY_FORMS) {
            c->n_left_out += form->n_members > 0;
            continue;
        }
        if (form->conforms)
            ZQ_TRY(find_conforming(c, form->family, &code, err));
        if (code != NULL)
            add_table(c, zq_family_expand(c->app->arena, form->family->name, code));
    }
    return ZQ_OK;
}

zq_rc zq_copy_choose(zq_copy *c, zq_err *err)
{
    const zq_catalog *catalog = c->catalog;
    size_t most = catalog->schema.n_tables + catalog->n_forms + count_mentions(c->costs) + 1;
    zq_arena *arena = c->app->arena;

    c->tables = ZQ_NEW_ARRAY(arena, const char *, most);
    for (size_t i = 0; i < catalog->schema.n_tables; i++)
        add_table(c, catalog->schema.tables[i]->name);
    ZQ_TRY(add_members(c, err));
    add_mentioned(c);
    c->definitions = ZQ_NEW_ARRAY(arena, const char *, c->n + 1);
    c->rows = ZQ_NEW_ARRAY(arena, unsigned long long, c->n + 1);
    return zq_definitions_read(c->from->db, c->tables, c->n, arena, c->definitions, err);
}

/* ---- making the copy ---- */

zq_rc zq_copy_make(const zq_copy *c, zq_db *db, const char *name, zq_err *err)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_add(&sql, "USE `%s`;SET foreign_key_checks = 0", name);
    for (size_t i = 0; i < c->n; i++) {
        if (c->definitions[i] != NULL && !zq_definition_is_view(c->definitions[i]))
            zq_sql_add(&sql, ";%-s", c->definitions[i]);
    }
    zq_sql_lit(&sql, ";SET foreign_key_checks = 1");
    return zq_db_run_sql(db, &sql, NULL, NULL, err);
}

/* Columns that are computed have no place in an INSERT. */
static void add_columns(zq_sql *sql, const zq_table *table)
{
    const char *separator = "";

    for (size_t i = 0; i < table->n_columns; i++) {
        if (zq_column_is_generated(&table->columns[i]))
            continue;
        zq_sql_add(sql, "%-s`%s`", separator, table->columns[i].name);
        separator = ", ";
    }
}

static zq_rc copy_rows(const zq_copy *c, zq_db *db, const char *name, size_t i, const char *limit,
                       zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_table table;

    ZQ_TRY(zq_show_create_read(c->definitions[i], strlen(c->definitions[i]),
                               zq_db_server(db)->flavor, c->app->arena, &table, err));
    zq_sql_add(&sql, "INSERT INTO `%s`.`%s` (", name, c->tables[i]);
    add_columns(&sql, &table);
    zq_sql_lit(&sql, ") SELECT ");
    add_columns(&sql, &table);
    zq_sql_add(&sql, " FROM `%s`.`%s`%-s", c->from->database, c->tables[i], limit);
    ZQ_TRY(zq_db_run_sql(db, &sql, NULL, NULL, err));
    c->rows[i] = zq_db_affected(db);
    return ZQ_OK;
}

static bool is_book(const char *table)
{
    return strncmp(table, ZQ_META_PREFIX, strlen(ZQ_META_PREFIX)) == 0;
}

/* The history says where the copy is; the lease and the journal begin empty. With READ COMMITTED
 * what is read is not locked, so that the application goes on writing. */
zq_rc zq_copy_fill(const zq_copy *c, zq_db *db, const char *name, zq_err *err)
{
    long n_rows = zq_settings_num(c->app->settings, ZQ_SET_ROWS);
    const char *limit = zq_arena_printf(c->app->arena, " LIMIT %ld", n_rows);

    ZQ_TRY(zq_db_exec(db,
                      "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;"
                      "SET foreign_key_checks = 0",
                      err));
    for (size_t i = 0; i < c->n; i++) {
        bool history = strcmp(c->tables[i], ZQ_BOOK_HISTORY) == 0;

        if (c->definitions[i] == NULL || zq_definition_is_view(c->definitions[i]))
            continue;
        if (history)
            ZQ_TRY(copy_rows(c, db, name, i, "", err));
        else if (n_rows > 0 && !is_book(c->tables[i]))
            ZQ_TRY(copy_rows(c, db, name, i, limit, err));
    }
    return zq_db_exec(db,
                      "SET foreign_key_checks = 1;"
                      "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
                      err);
}
