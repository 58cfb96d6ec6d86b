/* The embedded revisions, applied to the releases' schemas in the model alone: what their words say
 * leads from each release to the next, and back. */
#include "model/canon.h"
#include "rev/chain.h"
#include "schema.h"
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

static void apply(const zq_rev_statement *s, zq_flavor flavor, bool squash, zq_table *tables,
                  size_t n, zq_arena *arena)
{
    const char *text = expand(s, arena);
    zq_table *table = find(tables, n, s->family != NULL ? s->family : s->is.tables[0]);
    zq_table after;

    /* A squash makes tables on its way, and drops of members what they may have. */
    if (squash &&
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
                   zq_flavor flavor, bool squash, zq_arena *arena)
{
    const zq_schema *schema = read_release(from, arena);
    zq_table *tables = ZQ_NEW_ARRAY(arena, zq_table, schema->n_tables);
    const zq_schema *wanted = read_release(to, arena);

    for (size_t i = 0; i < schema->n_tables; i++)
        tables[i] = *schema->tables[i];
    for (size_t i = 0; i < section->n; i++) {
        if (section->statements[i].is.alters)
            apply(&section->statements[i], flavor, squash, tables, schema->n_tables, arena);
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

        cr_assert_eq(zq_revision_complete(zq_chain_at(&chain, i + 1), arena, &revision, &err),
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

        cr_assert_eq(zq_revision_complete(s->revision, arena, &revision, &err), ZQ_OK, "%s",
                     err.message);
        for (int flavor = ZQ_MYSQL; flavor <= ZQ_MARIADB; flavor++)
            replay(&revision->upgrade, &zq_releases[s->from - 1], &zq_releases[s->to - 1],
                   (zq_flavor)flavor, true, arena);
    }
}
