#include "app/show/check_page.h"

#include "app/show/differences.h"
#include "app/show/page.h"
#include "base/text.h"

enum { NAMED_MEMBERS = 100 };

static void add_verdict(zq_buf *page, const zq_checked *c)
{
    ZQ_AUTO_BUF(heading);

    zq_text_printf(&heading, "Database %s is %s%s", c->database,
                   c->verdict == NULL ? "exactly " : "not what it should be",
                   c->verdict == NULL ? c->measure : "");
    zq_page_heading(page, 1, c->verdict == NULL ? "good" : "bad", zq_buf_text(&heading));
    zq_page_line(page, c->verdict);
    zq_page_line(page, c->hint);
}

static void add_facts(zq_buf *page, const zq_checked *c)
{
    zq_buf_str(page, "<table>\n");
    zq_page_fact(page, "Server", c->server);
    zq_page_fact(page, "Compared with", c->measure);
    zq_page_fact(page, "Revision",
                 c->revision == NULL || *c->revision == '\0' ? "none recorded" : c->revision);
    zq_page_fact(page, "Newest", c->head);
    zq_page_fact(page, "Schema id", c->schema_id);
    zq_page_number(page, "Differences", c->comparison->n_differences);
    zq_page_number(page, "Tables that are not zquant's", c->catalog->n_foreign_tables);
    for (size_t i = 0; i < c->n_warnings; i++)
        zq_page_fact(page, "Warning", c->warnings[i]);
    zq_buf_str(page, "</table>\n");
}

/* ---- differences ---- */

static const char *members_words(const zq_deviation *deviation, zq_arena *arena)
{
    ZQ_AUTO_BUF(words);

    if (deviation == NULL || deviation->codes == NULL || deviation->n_members < 2)
        return NULL;
    zq_text_printf(&words, "%zu: ", deviation->n_members);
    for (size_t i = 0; i < deviation->n_members && i < NAMED_MEMBERS; i++)
        zq_text_printf(&words, "%s%s", i > 0 ? ", " : "", deviation->codes[i]);
    if (deviation->n_members > NAMED_MEMBERS)
        zq_buf_str(&words, ", ...");
    return zq_arena_strdup(arena, zq_buf_text(&words));
}

static void add_changes(zq_buf *page, const char *const *headings, const zq_changes *changes,
                        const zq_deviation *deviation, zq_arena *arena)
{
    const char *members = members_words(deviation, arena);

    for (size_t i = 0; i < changes->n; i++) {
        const zq_change *change = &changes->items[i];
        const char *const cells[] = {change->table, zq_change_say(change, arena), change->expected,
                                     change->found, members};

        zq_page_row(page, headings, cells, ZQ_LEN(cells));
    }
}

static void add_differences(zq_buf *page, const zq_comparison *c, zq_arena *arena)
{
    static const char *const headings[] = {"Table", "What", "Expected", "Found", "Members"};

    if (c->n_differences == 0)
        return;
    zq_page_heading(page, 2, NULL, "Differences");
    zq_page_table_begin(page, headings, ZQ_LEN(headings));
    add_changes(page, headings, &c->changes, NULL, arena);
    for (size_t i = 0; i < c->n_deviations; i++)
        add_changes(page, headings, &c->deviations[i].changes, &c->deviations[i], arena);
    zq_page_table_end(page);
}

/* ---- families ---- */

static const char *open_words(const zq_family_count *count, zq_arena *arena)
{
    const char *words = NULL;

    for (size_t i = 0; i < count->n_open_columns; i++)
        words = zq_arena_printf(arena, "%s%s%s (%zu)", words == NULL ? "" : words,
                                words == NULL ? "" : ", ", count->open_columns[i].name,
                                count->open_columns[i].n_members);
    return words;
}

static void add_families(zq_buf *page, const zq_comparison *c, zq_arena *arena)
{
    static const char *const headings[] = {"Family", "Members", "That differ",
                                           "Columns of the application's own (members)"};

    zq_page_heading(page, 2, NULL, "Families");
    zq_page_table_begin(page, headings, ZQ_LEN(headings));
    for (size_t i = 0; i < c->n_families; i++) {
        const zq_family_count *count = &c->families[i];
        const char *const cells[] = {
            count->family->name,
            zq_arena_printf(arena, "%zu", count->n_members),
            zq_arena_printf(arena, "%zu", count->n_differing),
            open_words(count, arena),
        };

        zq_page_row(page, headings, cells, ZQ_LEN(cells));
    }
    zq_page_table_end(page);
}

static void add_foreign(zq_buf *page, const zq_catalog *catalog)
{
    if (catalog->n_foreign_tables == 0)
        return;
    zq_page_heading(page, 2, NULL, "Tables that are not zquant's, left alone");
    zq_buf_str(page, "<p>");
    for (size_t i = 0; i < catalog->n_foreign_tables; i++) {
        zq_text_printf(page, "%s", i > 0 ? ", " : "");
        zq_page_text(page, catalog->foreign_tables[i]);
    }
    zq_buf_str(page, "</p>\n");
}

zq_rc zq_check_page(const zq_checked *checked, const char *path, zq_arena *arena, zq_err *err)
{
    ZQ_AUTO_BUF(title);
    ZQ_AUTO_BUF(page);

    zq_text_printf(&title, "%s: checked", checked->database);
    zq_page_begin(&page, zq_buf_text(&title));
    add_verdict(&page, checked);
    add_facts(&page, checked);
    add_differences(&page, checked->comparison, arena);
    add_families(&page, checked->comparison, arena);
    add_foreign(&page, checked->catalog);
    return zq_page_write(&page, path, err);
}
