/* The descriptors and the texts of the releases against tests/facts/: what zquant's own initialiser
 * creates, release by release. */
#include "base/buf.h"
#include "lint.h"
#include "model/canon.h"
#include "model/family.h"
#include "release.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lines of a table with tabs, without its heading. */
typedef struct rows {
    char *lines[1000];
    size_t n;
} rows;

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(rows *r)
{
    qsort(r->lines, r->n, sizeof r->lines[0], by_text);
}

static rows read_facts(const char *release, const char *what)
{
    rows facts = {0};
    char path[512], line[1024];
    FILE *file;

    snprintf(path, sizeof path, ZQ_SOURCE_DIR "/tests/facts/zquant-%s.%s.tsv", release, what);
    file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    cr_assert_not_null(fgets(line, sizeof line, file), "%s is empty", path);
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        cr_assert_lt(facts.n, ZQ_LEN(facts.lines));
        facts.lines[facts.n++] = strdup(line);
    }
    fclose(file);
    sort(&facts);
    return facts;
}

static void add_row(rows *r, zq_buf *line)
{
    cr_assert_lt(r->n, ZQ_LEN(r->lines));
    r->lines[r->n++] = strdup(zq_buf_text(line));
    zq_buf_clear(line);
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static void add_column(rows *r, const zq_table *table, size_t i)
{
    const zq_column *column = &table->columns[i];
    ZQ_AUTO_BUF(line);

    zq_buf_printf(&line, "%s\t%zu\t%s\t", table->name, i + 1, column->name);
    zq_type_write(&line, &column->type);
    zq_buf_printf(&line, "\t%s\t%s\t%s\t%s", column->flags & ZQ_NOT_NULL ? "NO" : "YES",
                  or_empty(column->def.text),
                  column->flags & ZQ_AUTO_INCREMENT ? "auto_increment" : "",
                  or_empty(column->comment));
    add_row(r, &line);
    cr_assert_null(column->on_update);
    cr_assert_null(column->generated);
    cr_assert_eq(column->flags & ~(unsigned)(ZQ_NOT_NULL | ZQ_AUTO_INCREMENT), 0);
    cr_assert_eq(column->def.kind, ZQ_DEFAULT_NONE);
    cr_assert_null(column->charset);
    cr_assert_null(column->collation);
}

static void add_names(zq_buf *line, const char *const *names)
{
    for (size_t i = 0; i < zq_names_count(names); i++)
        zq_buf_printf(line, "%s%s", i > 0 ? "," : "", names[i]);
}

static void add_index(rows *r, const zq_table *table, const zq_index *index)
{
    ZQ_AUTO_BUF(line);

    zq_buf_printf(&line, "%s\t%s\t%s\t", table->name, index->name,
                  index->kind == ZQ_INDEX ? "no" : "yes");
    for (const zq_key_part *part = index->parts; part->column != NULL; part++) {
        zq_buf_printf(&line, "%s%s", part > index->parts ? "," : "", part->column);
        cr_assert_eq(part->length, 0);
        cr_assert(!part->descending);
    }
    add_row(r, &line);
    cr_assert_eq(index->kind == ZQ_PRIMARY, strcmp(index->name, "PRIMARY") == 0);
    cr_assert_leq(index->kind, ZQ_INDEX);
    cr_assert_eq(index->flags, 0);
    cr_assert_null(index->comment);
    cr_assert_null(index->parser);
}

static void add_foreign_key(rows *r, const zq_table *table, const zq_foreign_key *key)
{
    ZQ_AUTO_BUF(line);

    zq_buf_printf(&line, "%s\t%s\t", table->name, key->name);
    add_names(&line, key->columns);
    zq_buf_printf(&line, "\t%s\t", key->ref_table);
    add_names(&line, key->ref_columns);
    zq_buf_printf(&line, "\t%s\t%s", zq_rule_sql(key->on_update), zq_rule_sql(key->on_delete));
    add_row(r, &line);
    cr_assert_null(key->ref_schema);
}

/* Sorted, both must be the same, row for row: nothing missing, nothing more. */
static void compare(rows *ours, const rows *facts, const char *release, const char *what)
{
    sort(ours);
    for (size_t i = 0; i < ours->n && i < facts->n; i++)
        cr_assert_str_eq(ours->lines[i], facts->lines[i], "%s %s:\n ours: %s\nfacts: %s", release,
                         what, ours->lines[i], facts->lines[i]);
    cr_assert_eq(ours->n, facts->n, "%s %s: %zu rows, not %zu", release, what, ours->n, facts->n);
    cr_assert_gt(ours->n, 0);
}

static void compare_columns(const zq_schema *schema, const char *release)
{
    rows ours = {0}, facts = read_facts(release, "columns");

    for (size_t t = 0; t < schema->n_tables; t++)
        for (size_t i = 0; i < schema->tables[t]->n_columns; i++)
            if (!zq_table_is_meta(schema->tables[t]))
                add_column(&ours, schema->tables[t], i);
    compare(&ours, &facts, release, "columns");
}

static void compare_indexes(const zq_schema *schema, const char *release)
{
    rows ours = {0}, facts = read_facts(release, "indexes");

    for (size_t t = 0; t < schema->n_tables; t++)
        for (size_t i = 0; i < schema->tables[t]->n_indexes; i++)
            if (!zq_table_is_meta(schema->tables[t]))
                add_index(&ours, schema->tables[t], &schema->tables[t]->indexes[i]);
    compare(&ours, &facts, release, "indexes");
}

static void compare_foreign_keys(const zq_schema *schema, const char *release)
{
    rows ours = {0}, facts = read_facts(release, "foreign_keys");

    for (size_t t = 0; t < schema->n_tables; t++)
        for (size_t i = 0; i < schema->tables[t]->n_foreign_keys; i++)
            add_foreign_key(&ours, schema->tables[t], &schema->tables[t]->foreign_keys[i]);
    compare(&ours, &facts, release, "foreign_keys");
}

static void compare_all(const zq_schema *schema, const char *release)
{
    compare_columns(schema, release);
    compare_indexes(schema, release);
    compare_foreign_keys(schema, release);
    for (size_t t = 0; t < schema->n_tables; t++) {
        const zq_table *table = schema->tables[t];

        cr_assert_str_eq(zq_table_engine(table), "InnoDB");
        cr_assert_str_eq(zq_table_charset(table), "utf8mb4");
        cr_assert_str_eq(zq_table_collation(table), "utf8mb4_unicode_ci");
        cr_assert_null(table->comment);
        cr_assert_eq(table->n_extras, 0);
    }
}

static const zq_schema *parse(const zq_release *release, zq_arena *arena)
{
    const zq_schema *schema = NULL;
    zq_err err = {0};

    cr_assert_eq(zq_canon_parse(zq_release_text(release), strlen(zq_release_text(release)), arena,
                                &schema, &err),
                 ZQ_OK, "%s: %s: %s", release->name, err.message, err.detail);
    return schema;
}

static size_t count_tables(const zq_schema *schema, bool families)
{
    size_t n = 0;

    for (size_t t = 0; t < schema->n_tables; t++)
        n += !zq_table_is_meta(schema->tables[t]) &&
             zq_table_is_family(schema->tables[t]) == families;
    return n;
}

Test(facts, the_descriptors_are_those_of_the_newest_release_row_for_row)
{
    compare_all(&zq_schema_head, "0.4.0");
    cr_assert_eq(count_tables(&zq_schema_head, false), 25);
    cr_assert_eq(count_tables(&zq_schema_head, true), 5);
}

Test(facts, the_text_of_each_release_is_that_release_row_for_row)
{
    static const struct {
        const char *name, *revision;
        size_t n_tables;
    } expected[] = {{"0.2.0", "0001", 22}, {"0.3.0", "0002", 25}, {"0.4.0", "0003", 25}};

    cr_assert_eq(zq_n_releases, ZQ_LEN(expected));
    for (size_t i = 0; i < zq_n_releases; i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        const zq_schema *schema = parse(&zq_releases[i], arena);

        cr_assert_str_eq(zq_releases[i].name, expected[i].name);
        cr_assert_str_eq(zq_releases[i].revision, expected[i].revision);
        compare_all(schema, zq_releases[i].name);
        cr_assert_eq(count_tables(schema, false), expected[i].n_tables);
        cr_assert_eq(count_tables(schema, true), 5);
    }
}

/* `sed '/^  open$/d; s/ was [a-z_]*$//' FILE | sha256sum` gives the id. */
static size_t length_without_was(const char *line, size_t length)
{
    size_t end = length;

    while (end > 0 && ((line[end - 1] >= 'a' && line[end - 1] <= 'z') || line[end - 1] == '_'))
        end--;
    return end >= 5 && strncmp(line + end - 5, " was ", 5) == 0 ? end - 5 : length;
}

static void digest_without_annotations(const zq_release *release, char id[ZQ_DIGEST_HEX])
{
    ZQ_AUTO_BUF(kept);
    const char *line = zq_release_text(release);

    while (*line != '\0') {
        size_t length = strcspn(line, "\n") + 1;

        if (strncmp(line, "  open\n", length) != 0) {
            zq_buf_add(&kept, line, length_without_was(line, length - 1));
            zq_buf_char(&kept, '\n');
        }
        line += length;
    }
    zq_digest_hex(zq_buf_text(&kept), kept.length, id);
}

Test(facts, the_recorded_ids_are_those_of_the_texts)
{
    for (size_t i = 0; i < zq_n_releases; i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        const zq_release *release = &zq_releases[i];
        char id[ZQ_DIGEST_HEX];

        digest_without_annotations(release, id);
        cr_assert_str_eq(release->id, id, "%s", release->name);
        zq_canon_id(parse(release, arena), id);
        cr_assert_str_eq(release->id, id, "%s", release->name);
    }
}

Test(facts, the_texts_compiled_in_are_the_files_byte_for_byte)
{
    for (size_t i = 0; i < zq_n_releases; i++) {
        const zq_release *release = &zq_releases[i];
        char path[512], *text = malloc(strlen(zq_release_text(release)) + 2);
        FILE *file;

        snprintf(path, sizeof path, ZQ_SOURCE_DIR "/schema/releases/%s.txt", release->name);
        file = fopen(path, "r");
        cr_assert_not_null(file, "%s", path);
        cr_assert_eq(fread(text, 1, strlen(zq_release_text(release)) + 2, file),
                     strlen(zq_release_text(release)), "%s", path);
        cr_assert_eq(memcmp(text, zq_release_text(release), strlen(zq_release_text(release))), 0,
                     "%s", path);
        cr_assert_eq(zq_release_text(release)[strlen(zq_release_text(release))], '\0', "%s", path);
        fclose(file);
        free(text);
    }
}

Test(facts, the_text_of_the_newest_release_is_that_of_the_descriptors)
{
    const zq_release *head = zq_release_head();
    ZQ_AUTO_BUF(text);

    zq_canon_schema(&text, &zq_schema_head);
    cr_assert_str_eq(head->name, "0.4.0");
    cr_assert_str_eq(zq_buf_text(&text), zq_release_text(head));
    cr_assert_eq(text.length, strlen(zq_release_text(head)));
}

Test(facts, neither_descriptors_nor_releases_contradict_themselves)
{
    zq_err err = {0};

    cr_assert_eq(zq_schema_lint(&zq_schema_head, &err), ZQ_OK, "%s", err.message);
    for (size_t i = 0; i < zq_n_releases; i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();

        cr_assert_eq(zq_schema_lint(parse(&zq_releases[i], arena), &err), ZQ_OK, "%s: %s",
                     zq_releases[i].name, err.message);
    }
}

Test(facts, every_table_begins_its_indexes_with_the_primary_key)
{
    for (size_t t = 0; t < zq_schema_head.n_tables; t++)
        cr_assert_eq(zq_schema_head.tables[t]->indexes[0].kind, ZQ_PRIMARY, "%s",
                     zq_schema_head.tables[t]->name);
}

Test(facts, every_table_of_the_application_ends_in_the_audit_columns)
{
    static const char *const names[] = {"created_by", "created_time", "updated_by", "updated_time"};

    for (size_t t = 0; t < zq_schema_head.n_tables; t++) {
        const zq_table *table = zq_schema_head.tables[t];

        for (size_t i = 0; i < ZQ_LEN(names) && !zq_table_is_meta(table); i++)
            cr_assert_str_eq(table->columns[table->n_columns - 4 + i].name, names[i]);
    }
}

/* The factor calculation of every release adds columns to these members, and to no others. A column
 * that one release calls its own is another's too, or it would be left out where it counts. */
Test(facts, the_factors_are_the_open_family_of_every_release)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 0; i < zq_n_releases; i++) {
        const zq_schema *schema = parse(&zq_releases[i], arena);

        for (size_t t = 0; t < schema->n_tables; t++) {
            const zq_table *table = schema->tables[t];
            const zq_table *head = zq_schema_table(&zq_schema_head, table->name);

            cr_assert_eq(table->open, strcmp(table->name, "zq_quant_factor_spacex_{code}") == 0,
                         "%s: %s", zq_releases[i].name, table->name);
            for (size_t c = 0; table->open && c < table->n_columns; c++)
                cr_assert_not(zq_family_leaves_open(head, &table->columns[c]), "%s: %s",
                              zq_releases[i].name, table->columns[c].name);
        }
    }
}
