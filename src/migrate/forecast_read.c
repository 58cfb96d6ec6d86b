#include "migrate/forecast.h"

#include "model/family.h"
#include "run/fingerprint.h"
#include "run/members.h"
#include "sql/table/show_create_read.h"

#include <string.h>

/* One member stands for all. They are changed in the order of their names: the last one is as they
 * were before, when a run was stopped among them. */
static zq_rc find_member(const zq_forecast *f, zq_foreseen *family, zq_arena *arena, zq_err *err)
{
    zq_member *members;
    size_t n;

    ZQ_TRY(zq_members_list(f->db, f->database, f->schema, family->name, arena, &members, &n, err));
    family->is_read = true;
    while (n > 0 && members[n - 1].other != NULL)
        n--;
    if (n == 0)
        return ZQ_OK;
    family->member = members[n - 1].name;
    family->code = members[n - 1].code;
    return ZQ_OK;
}

/* A view or a sequence with a member's name has no statement run on it. */
static bool is_table(const zq_table *table)
{
    for (size_t i = 0; i < table->n_extras; i++) {
        if (strcmp(table->extras[i].kind, "view") == 0 ||
            strcmp(table->extras[i].kind, "sequence") == 0)
            return false;
    }
    return true;
}

/* Each form of the family, as the catalog has it. */
static void take_forms(const zq_catalog *catalog, zq_foreseen *family, zq_arena *arena)
{
    family->forms = ZQ_NEW_ARRAY(arena, zq_foreseen, catalog->n_forms + 1);
    for (size_t i = 0; i < catalog->n_forms; i++) {
        const zq_form *form = &catalog->forms[i];
        const zq_table *table = form->conforms ? form->family : form->table;

        if (strcmp(form->family->name, family->name) != 0 || form->n_members == 0 ||
            !is_table(table))
            continue;
        family->forms[family->n_forms++] = (zq_foreseen){
            .name = family->name,
            .member = family->name,
            .code = ZQ_CODE,
            .is_read = true,
            .is_there = true,
            .n_members = form->n_members,
            .open = form->family->open,
            .example =
                form->conforms ? NULL : zq_family_expand(arena, family->name, form->codes[0]),
            .table = *table,
        };
    }
    family->is_read = true;
    family->is_there = family->n_forms > 0;
    if (family->is_there)
        family->table = family->forms[0].table;
}

/* A definition that is not understood (a view's) counts as not read: words decide. */
static void take_definition(zq_foreseen *table, const char *definition, zq_flavor flavor,
                            zq_arena *arena)
{
    zq_err ignored = {0};

    table->is_there = definition != NULL;
    table->is_read =
        definition == NULL || zq_show_create_read(definition, strlen(definition), flavor, arena,
                                                  &table->table, &ignored) == ZQ_OK;
}

/* From number `first` on. */
static zq_rc read_tables(const zq_forecast *f, const zq_foresight *s, size_t first, zq_arena *arena,
                         zq_err *err)
{
    const char **names = ZQ_NEW_ARRAY(arena, const char *, s->n_tables + 1);
    const char **definitions = ZQ_NEW_ARRAY(arena, const char *, s->n_tables + 1);
    zq_foreseen **tables = ZQ_NEW_ARRAY(arena, zq_foreseen *, s->n_tables + 1);
    size_t n = 0;

    for (size_t i = first; i < s->n_tables; i++) {
        zq_foreseen *table = &s->tables[i];

        if (table->is_family && f->catalog != NULL)
            take_forms(f->catalog, table, arena);
        else if (table->is_family)
            ZQ_TRY(find_member(f, table, arena, err));
        if (table->is_family && table->member == NULL)
            continue;
        tables[n] = table;
        names[n++] = table->is_family ? table->member : table->name;
    }
    ZQ_TRY(zq_definitions_read(f->db, names, n, arena, definitions, err));
    for (size_t i = 0; i < n; i++)
        take_definition(tables[i], definitions[i], s->flavor, arena);
    return ZQ_OK;
}

/* ---- sizes, and who is in the way ---- */

/* The tables of all statements, each once. */
static size_t names_of(const zq_step_costs *costs, zq_size *out)
{
    size_t n = 0;

    for (size_t i = 0; i < costs->n; i++) {
        const char *name = costs->items[i].done ? NULL : costs->items[i].table;
        size_t k = 0;

        while (name != NULL && k < n && strcmp(out[k].name, name) != 0)
            k++;
        if (name != NULL && k == n)
            out[n++] = (zq_size){.name = name};
    }
    return n;
}

static bool is_of(const zq_schema *schema, const char *table, const char *name)
{
    const char *code;
    const zq_table *family;

    if (strcmp(table, name) == 0)
        return true;
    family = strstr(name, ZQ_CODE) == NULL ? NULL : zq_family_of(schema, table, &code);
    return family != NULL && strcmp(family->name, name) == 0;
}

/* Where the server does not say on which table a lock is, it may be on any. */
static zq_blockers blockers_of(const zq_forecast *f, const zq_blockers *all, const char *name,
                               zq_arena *arena)
{
    zq_blocker *items = ZQ_NEW_ARRAY(arena, zq_blocker, all->n + 1);
    zq_blockers some = {.items = items, .certain = all->certain, .complete = all->complete};

    for (size_t i = 0; i < all->n; i++) {
        if (*all->items[i].table == '\0' || is_of(f->schema, all->items[i].table, name))
            items[some.n++] = all->items[i];
    }
    return some;
}

static zq_rc measure(const zq_forecast *f, zq_arena *arena, zq_step_costs *costs, zq_err *err)
{
    zq_step_cost *items = costs->items;
    zq_size *sizes = ZQ_NEW_ARRAY(arena, zq_size, costs->n + 1);
    size_t n = names_of(costs, sizes);
    zq_blockers all;

    ZQ_TRY(zq_sizes_read(f->db, f->database, f->schema, sizes, n, err));
    ZQ_TRY(zq_blockers_find(f->db, f->database, NULL, 0, arena, &all, err));
    for (size_t i = 0; i < costs->n; i++) {
        for (size_t k = 0; k < n && items[i].table != NULL && !items[i].done; k++) {
            if (strcmp(sizes[k].name, items[i].table) == 0)
                items[i].size = sizes[k];
        }
        if (items[i].size.known)
            items[i].blockers = blockers_of(f, &all, items[i].table, arena);
    }
    return ZQ_OK;
}

/* What is known to fail is not begun. */
static zq_rc check_keys(const zq_step_costs *costs, zq_err *err)
{
    for (size_t i = 0; i < costs->n; i++) {
        const zq_step_cost *cost = &costs->items[i];

        if (cost->unfit == ZQ_KEY_FITS)
            continue;
        zq_key_fail(cost->statement, cost->unfit, err);
        zq_err_prefix(err, "%s:%u: ", cost->leg->revision->file, cost->statement->line);
        zq_err_hint(err, "let the batch go by another column that has an index");
        return ZQ_E_DATA;
    }
    return ZQ_OK;
}

static const char *member_of(const void *context, const zq_rev_statement *s)
{
    return zq_foresight_member(context, s);
}

zq_rc zq_forecast_read(const zq_forecast *f, zq_arena *arena, zq_step_costs *out, zq_err *err)
{
    zq_foresight s = {
        .path = f->path,
        .journal = f->journal,
        .flavor = zq_db_server(f->db)->flavor,
        .in_full = f->in_full,
        .tongue = f->tongue,
        .reach = {.database = f->database},
    };
    size_t known;

    zq_foresight_need(&s, arena);
    known = s.n_tables;
    if (known > 0)
        ZQ_TRY(read_tables(f, &s, 0, arena, err));
    zq_reach_made(f->path, arena, &s.reach);
    ZQ_TRY(zq_reach_read(f->db, f->path, member_of, &s, arena, &s.reach, err));
    zq_foresight_need_reached(&s, arena);
    if (s.n_tables > known)
        ZQ_TRY(read_tables(f, &s, known, arena, err));
    zq_foresight_walk(&s, arena, out);
    ZQ_TRY(check_keys(out, err));
    return f->in_full ? measure(f, arena, out, err) : ZQ_OK;
}
