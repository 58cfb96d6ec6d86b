/* The embedded revisions, applied to the releases' schemas in the model alone: what their words say
 * leads from each release to the next, and back. */
#include "diff/diff.h"
#include "model/canon.h"
#include "release.h"
#include "rev/chain.h"
#include "rev/draft.h"
#include "sql/alter/predict.h"

#include "base/buf.h"

#include <criterion/criterion.h>
#include <string.h>

static const zq_schema *read_release(const zq_release *release, zq_arena *arena)
{
    const zq_schema *schema;
    zq_err err = {0};

    cr_assert_eq(zq_canon_parse(zq_release_text(release), strlen(zq_release_text(release)), arena,
                                &schema, &err),
                 ZQ_OK, "%s", err.message);
    return schema;
}

/* "{table}" is the family's own pattern, in which "{code}" stands for itself. */
static const char *expand(const zq_rev_statement *s, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);
    const char *at = s->text;

    for (const char *found; (found = strstr(at, "{table}")) != NULL; at = found + 7) {
        zq_buf_add(&out, at, (size_t)(found - at));
        zq_buf_str(&out, s->family != NULL ? s->family : "{table}");
    }
    zq_buf_str(&out, at);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

static zq_table *find(zq_table *tables, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(tables[i].name, name) == 0)
            return &tables[i];
    }
    return NULL;
}

static void apply(const zq_rev_statement *s, zq_flavor flavor, bool lenient, zq_table *tables,
                  size_t n, zq_arena *arena)
{
    const char *text = expand(s, arena);
    zq_table *table = find(tables, n, s->family != NULL ? s->family : s->parsed.tables[0]);
    zq_table after;

    /* Tables are made on the way; a squash drops of members what they may have. */
    if (lenient &&
        (table == NULL || zq_predict_is_done(text, strlen(text), flavor, table, arena) == ZQ_DONE))
        return;
    cr_assert_not_null(table, "%s", text);
    cr_assert_eq(zq_predict(text, strlen(text), flavor, table, arena, &after), ZQ_PREDICTED, "%s",
                 text);
    *table = after;
    cr_assert_eq(zq_predict_is_done(text, strlen(text), flavor, table, arena), ZQ_DONE, "%s", text);
}

static const char *form(const zq_table *table, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    zq_canon_table(&out, table);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

static void replay(const zq_rev_section *section, const zq_release *from, const zq_release *to,
                   zq_flavor flavor, bool lenient, zq_arena *arena)
{
    const zq_schema *schema = read_release(from, arena);
    zq_table *tables = ZQ_NEW_ARRAY(arena, zq_table, schema->n_tables);
    const zq_schema *wanted = read_release(to, arena);

    for (size_t i = 0; i < schema->n_tables; i++)
        tables[i] = *schema->tables[i];
    for (size_t i = 0; i < section->n; i++) {
        if (section->statements[i].parsed.alters)
            apply(&section->statements[i], flavor, lenient, tables, schema->n_tables, arena);
    }
    for (size_t i = 0; i < wanted->n_tables; i++) {
        const zq_table *table = find(tables, schema->n_tables, wanted->tables[i]->name);

        if (table != NULL) /* else it is made by CREATE TABLE */
            cr_assert_str_eq(form(table, arena), form(wanted->tables[i], arena), "from %s to %s",
                             from->name, to->name);
    }
}

Test(replay, the_words_of_each_revision_lead_from_release_to_release_and_back)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_chain chain;
    zq_err err = {0};

    cr_assert_eq(zq_chain_embedded(arena, &chain, &err), ZQ_OK, "%s", err.message);
    for (size_t i = 1; i < zq_n_releases; i++) {
        const zq_revision *revision;

        cr_assert_eq(zq_revision_file_complete(zq_chain_at(&chain, i + 1), arena, &revision, &err),
                     ZQ_OK, "%s", err.message);
        for (int flavor = ZQ_MYSQL; flavor <= ZQ_MARIADB; flavor++) {
            replay(&revision->upgrade, &zq_releases[i - 1], &zq_releases[i], (zq_flavor)flavor,
                   false, arena);
            replay(&revision->downgrade, &zq_releases[i], &zq_releases[i - 1], (zq_flavor)flavor,
                   false, arena);
        }
    }
}

Test(replay, a_squash_leads_where_the_revisions_lead_that_it_stands_for)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_chain chain;
    zq_err err = {0};

    cr_assert_eq(zq_chain_embedded(arena, &chain, &err), ZQ_OK, "%s", err.message);
    for (size_t i = 0; i < chain.n_squashes; i++) {
        const zq_squash *s = &chain.squashes[i];
        const zq_revision *revision;

        cr_assert_eq(zq_revision_file_complete(s->revision, arena, &revision, &err), ZQ_OK, "%s",
                     err.message);
        for (int flavor = ZQ_MYSQL; flavor <= ZQ_MARIADB; flavor++)
            replay(&revision->upgrade, &zq_releases[s->from - 1], &zq_releases[s->to - 1],
                   (zq_flavor)flavor, true, arena);
    }
}

/* ---- what is generated from the texts alone ---- */

static const zq_column *column_of(const zq_table *table, const char *name)
{
    for (size_t i = 0; table != NULL && i < table->n_columns; i++) {
        if (strcmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    }
    return NULL;
}

/* `to` with what a user would answer: each `x_time` that is not there yet was `x_at`. */
static const zq_schema *with_renames(const zq_schema *to, const zq_schema *from, zq_arena *arena)
{
    const zq_table **tables = ZQ_NEW_ARRAY(arena, const zq_table *, to->n_tables);
    zq_schema *out = ZQ_NEW(arena, zq_schema);

    for (size_t t = 0; t < to->n_tables; t++) {
        const zq_table *old = zq_schema_table(from, to->tables[t]->name);
        zq_table *table = ZQ_NEW(arena, zq_table);
        zq_column *columns = ZQ_NEW_ARRAY(arena, zq_column, to->tables[t]->n_columns);

        *table = *to->tables[t];
        memcpy(columns, table->columns, table->n_columns * sizeof *columns);
        for (size_t i = 0; i < table->n_columns; i++) {
            const char *name = columns[i].name, *end = strstr(name, "_time");
            const char *was =
                end == NULL ? "" : zq_arena_printf(arena, "%.*s_at", (int)(end - name), name);

            if (column_of(old, name) == NULL && column_of(old, was) != NULL)
                columns[i].was = was;
        }
        table->columns = columns;
        tables[t] = table;
    }
    *out = (zq_schema){tables, to->n_tables};
    return out;
}

/* The upgrade and the downgrade of a revision file that is generated, read back as one. */
static zq_revision generate(const zq_schema *from, const zq_schema *to, zq_flavor flavor,
                            zq_arena *arena)
{
    ZQ_AUTO_BUF(text);
    zq_changes changes;
    zq_draft_body up, down;
    zq_revision revision;
    zq_err err = {0};

    cr_assert_eq(zq_diff(to, from, arena, &changes, &err), ZQ_OK, "%s", err.message);
    for (size_t i = 0; i < changes.n; i++)
        cr_assert(changes.items[i].op != ZQ_OP_DROP_COLUMN, "%s.%s is dropped",
                  changes.items[i].table, changes.items[i].object);
    cr_assert_eq(zq_draft_plan(&changes, ZQ_PLAN_FORTH, flavor, arena, &up, &err), ZQ_OK, "%s",
                 err.message);
    cr_assert_eq(zq_draft_plan(&changes, ZQ_PLAN_BACK, flavor, arena, &down, &err), ZQ_OK, "%s",
                 err.message);
    cr_assert_eq(up.n_left + down.n_left, 0);
    zq_buf_str(&text, "-- revision: g\n-- revises: base\n-- title: g\n"
                      "-- created: 2026-01-04T00:00:00Z\n-- zq:upgrade\n");
    zq_draft_write(&text, &up, arena);
    zq_buf_str(&text, "-- zq:downgrade\n");
    zq_draft_write(&text, &down, arena);
    cr_assert_eq(zq_revision_file_read("g.sql", zq_arena_strdup(arena, zq_buf_text(&text)),
                                       text.length, arena, &revision, &err),
                 ZQ_OK, "%s", err.message);
    return revision;
}

Test(replay, from_the_texts_alone_and_the_renames_generated_ones_lead_to_the_same_and_back)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t from = 0; from < zq_n_releases; from++) {
        for (size_t to = from + 1; to < zq_n_releases; to++) {
            const zq_schema *a = read_release(&zq_releases[from], arena);
            const zq_schema *b = read_release(&zq_releases[to], arena);

            for (int flavor = ZQ_MYSQL; flavor <= ZQ_MARIADB; flavor++) {
                zq_revision g = generate(a, with_renames(b, a, arena), (zq_flavor)flavor, arena);

                replay(&g.upgrade, &zq_releases[from], &zq_releases[to], (zq_flavor)flavor, true,
                       arena);
                replay(&g.downgrade, &zq_releases[to], &zq_releases[from], (zq_flavor)flavor, true,
                       arena);
            }
        }
    }
}

/* The descriptors say themselves what their columns were in 0.2.0. */
Test(replay, from_0_2_0_to_the_descriptors_nothing_is_dropped_that_is_only_called_otherwise)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_table **tables = ZQ_NEW_ARRAY(arena, const zq_table *, zq_schema_head.n_tables);
    zq_schema models = {.tables = tables};

    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        if (!zq_table_is_meta(zq_schema_head.tables[i]))
            tables[models.n_tables++] = zq_schema_head.tables[i];
    }
    generate(read_release(&zq_releases[0], arena), &models, ZQ_MARIADB, arena);
}
