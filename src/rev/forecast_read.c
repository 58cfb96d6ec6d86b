#include "rev/forecast.h"

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
    while (n > 0 && members[n - 1].is != NULL)
        n--;
    if (n == 0)
        return ZQ_OK;
    family->member = members[n - 1].name;
    family->code = members[n - 1].code;
    return ZQ_OK;
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

static zq_rc read_tables(const zq_forecast *f, const zq_foresight *s, zq_arena *arena, zq_err *err)
{
    const char **names = ZQ_NEW_ARRAY(arena, const char *, s->n_tables + 1);
    const char **definitions = ZQ_NEW_ARRAY(arena, const char *, s->n_tables + 1);
    zq_foreseen **tables = ZQ_NEW_ARRAY(arena, zq_foreseen *, s->n_tables + 1);
    size_t n = 0;

    for (size_t i = 0; i < s->n_tables; i++) {
        zq_foreseen *table = &s->tables[i];

        if (table->is_family)
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

zq_rc zq_forecast_read(const zq_forecast *f, zq_arena *arena, zq_findings *out, zq_err *err)
{
    zq_foresight s = {
        .path = f->path, .journal = f->journal, .flavor = zq_db_server(f->db)->flavor};

    zq_foresight_need(&s, arena);
    if (s.n_tables > 0)
        ZQ_TRY(read_tables(f, &s, arena, err));
    zq_foresight_walk(&s, arena, out);
    return ZQ_OK;
}
