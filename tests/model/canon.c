#include "model/canon.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A schema in which every field of the model says something. */
typedef struct fixture {
    zq_column columns[14];
    zq_key_part parts[4];
    zq_index indexes[5];
    zq_foreign_key keys[2];
    zq_extra extras[3];
    zq_table table, other;
    const zq_table *tables[2];
    zq_schema schema;
} fixture;

/* clang-format off */
static const zq_column all_columns[] = {
    {"id",     ZQ_BIGINT_UNSIGNED,                                   ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"name",   ZQ_VARCHAR(50),                                       ZQ_NOT_NULL, "what's its name?", ZQ_DEFAULT("")},
    {"flag",   ZQ_BOOL,                                              ZQ_NOT_NULL, NULL, ZQ_DEFAULT("0")},
    {"price",  ZQ_DECIMAL(10, 3)},
    {"kind",   ZQ_ENUM("a", "it's", "b,c", "\\")},
    {"latin",  ZQ_CHAR(7), .charset = "latin1", .collation = "latin1_bin"},
    {"made",   ZQ_DATETIME_MS,                                       ZQ_NOT_NULL, NULL, ZQ_DEFAULT_SQL("CURRENT_TIMESTAMP(3)"), "CURRENT_TIMESTAMP(3)"},
    {"sum",    ZQ_INT,                                               ZQ_STORED, .generated = "`price` + 1"},
    {"hidden", ZQ_INT,                                               ZQ_INVISIBLE},
    {"where",  {.kind = ZQ_TYPE_OTHER, .other = "geometry"},         ZQ_NOT_NULL},
    {"note",   ZQ_TEXT,                                              0, "two\nlines\tand \xF0\x9F\x98\x80"},
    {"bits",   {.kind = ZQ_TYPE_BIT, .length = 8}},
    {"day",    ZQ_DATE},
    {"价格",   ZQ_DOUBLE},
};
static const zq_key_part name_parts[] = {{"name", 10}, {"day", .descending = true}, {.expression = "lower(`name`)"}, {NULL}};
static const zq_index all_indexes[] = {
    {"PRIMARY", ZQ_PRIMARY,  ZQ_ON("id")},
    {"by name", ZQ_UNIQUE,   NULL, ZQ_INVISIBLE, "why `this`"},
    {"text",    ZQ_FULLTEXT, ZQ_ON("note"), .parser = "ngram"},
    {"place",   ZQ_SPATIAL,  ZQ_ON("where")},
    {"bare",    ZQ_INDEX,    ZQ_ON("sum", "flag")},
};
static const zq_foreign_key all_keys[] = {
    {"k1", ZQ_COLS("id"),          "other", ZQ_COLS("id"), ZQ_CASCADE, ZQ_SET_NULL},
    {"k0", ZQ_COLS("sum", "flag"), "far",   ZQ_COLS("a", "b"), .ref_schema = "else where"},
};
static const zq_extra all_extras[] = {
    {"check",  "positive", "`price` > 0"},
    {"option", "",         "ROW_FORMAT=COMPACT"},
    {"check",  "b",        "1"},
};
/* clang-format on */

static void fill(fixture *f)
{
    memcpy(f->columns, all_columns, sizeof f->columns);
    memcpy(f->parts, name_parts, sizeof f->parts);
    memcpy(f->indexes, all_indexes, sizeof f->indexes);
    memcpy(f->keys, all_keys, sizeof f->keys);
    memcpy(f->extras, all_extras, sizeof f->extras);
    f->indexes[1].parts = f->parts;
    f->table = (zq_table){.name = "odd`one",
                          .columns = f->columns,
                          .n_columns = ZQ_LEN(f->columns),
                          .indexes = f->indexes,
                          .n_indexes = ZQ_LEN(f->indexes),
                          .foreign_keys = f->keys,
                          .n_foreign_keys = ZQ_LEN(f->keys),
                          .extras = f->extras,
                          .n_extras = ZQ_LEN(f->extras),
                          .comment = "a \"table\"",
                          .engine = "Aria",
                          .charset = "utf8mb3",
                          .collation = "utf8mb3_bin"};
    f->other = (zq_table){.name = "other",
                          .columns = f->columns,
                          .n_columns = 1,
                          .indexes = f->indexes,
                          .n_indexes = 1};
    f->tables[0] = &f->other;
    f->tables[1] = &f->table;
    f->schema = (zq_schema){f->tables, ZQ_LEN(f->tables)};
}

static const char odd_text[] =
    "table `odd``one` engine Aria charset utf8mb3 collate utf8mb3_bin comment 'a \"table\"'\n"
    "  column id bigint unsigned not null auto_increment\n"
    "  column name varchar(50) not null default '' comment 'what''s its name?'\n"
    "  column flag tinyint(1) not null default '0'\n"
    "  column price decimal(10,3)\n"
    "  column kind enum('a', 'it''s', 'b,c', '\\\\')\n"
    "  column latin char(7) charset latin1 collate latin1_bin\n"
    "  column made datetime(3) not null default \"CURRENT_TIMESTAMP(3)\""
    " on update \"CURRENT_TIMESTAMP(3)\"\n"
    "  column sum int as \"`price` + 1\" stored\n"
    "  column hidden int invisible\n"
    "  column where other \"geometry\" not null\n"
    "  column note text comment 'two\\nlines\\tand \xF0\x9F\x98\x80'\n"
    "  column bits bit(8)\n"
    "  column day date\n"
    "  column `价格` double\n"
    "  primary key (id)\n"
    "  key bare (sum, flag)\n"
    "  unique key `by name` (name(10), day desc, \"lower(`name`)\") invisible comment"
    " 'why `this`'\n"
    "  spatial key place (where)\n"
    "  fulltext key text (note) parser ngram\n"
    "  foreign key k0 (sum, flag) references `else where`.far (a, b)\n"
    "  foreign key k1 (id) references other (id) on update cascade on delete set null\n"
    "  extra check b \"1\"\n"
    "  extra check positive \"`price` > 0\"\n"
    "  extra option \"ROW_FORMAT=COMPACT\"\n";

static const char other_text[] =
    "\n"
    "table other engine InnoDB charset utf8mb4 collate utf8mb4_unicode_ci\n"
    "  column id bigint unsigned not null auto_increment\n"
    "  primary key (id)\n";

static const zq_schema *parse(const char *text, zq_arena *arena)
{
    const zq_schema *schema = NULL;
    zq_err err = {0};

    cr_assert_eq(zq_canon_parse(text, strlen(text), arena, &schema, &err), ZQ_OK, "%s: %s",
                 err.message, err.detail);
    return schema;
}

Test(canon, every_field_has_its_place_in_the_text)
{
    fixture f;
    ZQ_AUTO_BUF(text);

    fill(&f);
    zq_canon_table(&text, &f.table);
    cr_assert_str_eq(zq_buf_text(&text), odd_text);
    zq_buf_clear(&text);
    zq_canon_schema(&text, &f.schema);
    cr_assert(strncmp(zq_buf_text(&text), odd_text, strlen(odd_text)) == 0);
    cr_assert_str_eq(zq_buf_text(&text) + strlen(odd_text), other_text);
}

static void same_text(const char *a, const char *b, const char *where)
{
    cr_assert_str_eq(a != NULL ? a : "", b != NULL ? b : "", "%s", where);
}

static void same_columns(const zq_table *a, const zq_table *b)
{
    cr_assert_eq(a->n_columns, b->n_columns);
    for (size_t i = 0; i < a->n_columns; i++) {
        const zq_column *x = &a->columns[i], *y = &b->columns[i];

        same_text(x->name, y->name, "name");
        cr_assert(zq_type_equal(&x->type, &y->type), "%s", x->name);
        cr_assert_eq(x->flags, y->flags, "%s", x->name);
        same_text(x->comment, y->comment, x->name);
        cr_assert_eq(x->def.kind, y->def.kind, "%s", x->name);
        same_text(x->def.text, y->def.text, x->name);
        same_text(x->on_update, y->on_update, x->name);
        same_text(x->generated, y->generated, x->name);
        same_text(x->charset, y->charset, x->name);
        same_text(x->collation, y->collation, x->name);
    }
}

static void same_index(const zq_index *x, const zq_index *y)
{
    size_t n = zq_index_parts_count(x->parts);

    cr_assert_eq(x->kind, y->kind, "%s", x->name);
    cr_assert_eq(x->flags, y->flags, "%s", x->name);
    same_text(x->comment, y->comment, x->name);
    same_text(x->parser, y->parser, x->name);
    cr_assert_eq(n, zq_index_parts_count(y->parts), "%s", x->name);
    for (size_t i = 0; i < n; i++) {
        same_text(x->parts[i].column, y->parts[i].column, x->name);
        same_text(x->parts[i].expression, y->parts[i].expression, x->name);
        cr_assert_eq(x->parts[i].length, y->parts[i].length, "%s", x->name);
        cr_assert_eq(x->parts[i].descending, y->parts[i].descending, "%s", x->name);
    }
}

static const zq_foreign_key *find_key(const zq_table *table, const char *key)
{
    for (size_t i = 0; i < table->n_foreign_keys; i++) {
        if (strcmp(table->foreign_keys[i].name, key) == 0)
            return &table->foreign_keys[i];
    }
    cr_assert_fail("there is no foreign key '%s'", key);
    return NULL;
}

static void same_key(const zq_foreign_key *x, const zq_foreign_key *y)
{
    cr_assert(zq_names_equal(x->columns, y->columns));
    cr_assert(zq_names_equal(x->ref_columns, y->ref_columns));
    same_text(x->ref_table, y->ref_table, x->name);
    same_text(x->ref_schema, y->ref_schema, x->name);
    cr_assert_eq(x->on_update, y->on_update);
    cr_assert_eq(x->on_delete, y->on_delete);
}

Test(canon, what_is_read_back_is_what_was_written_field_by_field)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_table *back;
    fixture f;

    fill(&f);
    back = parse(odd_text, arena)->tables[0];
    same_text(back->name, f.table.name, "name");
    same_text(back->engine, f.table.engine, "engine");
    same_text(back->charset, f.table.charset, "charset");
    same_text(back->collation, f.table.collation, "collation");
    same_text(back->comment, f.table.comment, "comment");
    same_columns(back, &f.table);
    cr_assert_eq(back->n_indexes, 5);
    for (size_t i = 0; i < 5; i++)
        same_index(&f.indexes[i], zq_table_index(back, f.indexes[i].name));
    cr_assert_eq(back->n_foreign_keys, 2);
    for (size_t i = 0; i < 2; i++)
        same_key(&f.keys[i], find_key(back, f.keys[i].name));
    cr_assert_eq(back->n_extras, 3);
    same_text(back->extras[0].name, "b", "sorted by kind and name");
    same_text(back->extras[1].text, f.extras[0].text, "text");
    same_text(back->extras[2].kind, "option", "kind");
}

/* ---- nothing is ambiguous ---- */

Test(canon, any_text_comes_back_as_it_was)
{
    static const char *const nasty[] = {
        "'",
        "''",
        "\\",
        "\\'",
        "`",
        "``",
        "\"",
        "\"\"",
        "\n",
        "\r\n",
        "\t",
        "\x01\x1F\x7F",
        " ",
        "a' comment 'b",
        "x\n  column y int",
        "') not null",
        "\\n",
        "\\x41",
        "中文，“引号”",
        "\xF0\x9F\x98\x80",
        "\xEF\xBB\xBF",
        "\xE2\x80\xA8",
        "\x80\xFF",
        "\xC0\xAF",
        "\xED\xA0\x80",
        "\xF4\x90\x80\x80",
        "\xE4\xB8",
        "--",
        "/* */",
        "{code}",
        "NULL",
        "a.b",
        "a b",
        "",
        "PRIMARY",
        "primary",
        "(",
        ")",
        ", ",
        "key",
        "column",
    };

    for (size_t i = 0; i < ZQ_LEN(nasty); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        ZQ_AUTO_BUF(text);
        const char *t = nasty[i], *const values[] = {t, "x", t, NULL}, *const cols[] = {t, NULL};
        zq_key_part parts[] = {{t}, {.expression = t}, {NULL}};
        zq_column column = {
            t, {.kind = ZQ_TYPE_ENUM, .values = values}, 0, t, ZQ_DEFAULT(t), t, t, t, t};
        zq_index index = {t, ZQ_PRIMARY, parts, 0, t, t};
        zq_foreign_key key = {t, cols, t, cols, .ref_schema = t};
        zq_extra extra = {t, t, t};
        zq_table table = {t, &column, 1, &index, 1, &key, 1, &extra, 1, t, t, t, t};
        const zq_table *tables[] = {&table}, *back;
        const char *shown;

        zq_canon_schema(&text, &(zq_schema){tables, 1});
        shown = zq_buf_text(&text);
        back = parse(shown, arena)->tables[0];
        same_text(back->name, t, shown);
        same_text(back->comment, t, shown);
        same_text(back->columns[0].name, t, shown);
        same_text(back->columns[0].comment, t, shown);
        same_text(back->columns[0].def.text, t, shown);
        same_text(back->columns[0].on_update, t, shown);
        same_text(back->columns[0].generated, t, shown);
        cr_assert(zq_names_equal(back->columns[0].type.values, values), "%s", shown);
        same_text(back->indexes[0].name, t, shown);
        same_text(back->indexes[0].comment, t, shown);
        same_text(back->indexes[0].parser, t, shown);
        same_text(back->indexes[0].parts[0].column, t, shown);
        same_text(back->indexes[0].parts[1].expression, t, shown);
        same_text(back->foreign_keys[0].name, t, shown);
        same_text(back->foreign_keys[0].ref_table, t, shown);
        same_text(back->foreign_keys[0].ref_schema, t, shown);
        cr_assert(zq_names_equal(back->foreign_keys[0].columns, cols), "%s", shown);
        same_text(back->extras[0].kind, t, shown);
        same_text(back->extras[0].name, t, shown);
        same_text(back->extras[0].text, t, shown);
    }
}

Test(canon, every_type_comes_back_as_it_was)
{
    for (int kind = 0; kind <= ZQ_TYPE_OTHER; kind++)
        for (unsigned length = 0; length < 3; length++) {
            ZQ_AUTO(zq_arena) arena = zq_arena_open();
            ZQ_AUTO_BUF(text);
            zq_column column = {"c"};
            zq_table table = {"t", &column, 1};
            const zq_table *tables[] = {&table};
            const zq_schema *back;

            column.type = (zq_type){(zq_type_kind)kind, length,    length, length == 1,
                                    ZQ_COLS("a", "b"),  "geometry"};
            zq_canon_schema(&text, &(zq_schema){tables, 1});
            back = parse(zq_buf_text(&text), arena);
            cr_assert(zq_type_equal(&back->tables[0]->columns[0].type, &column.type), "%s",
                      zq_buf_text(&text));
        }
}

/* ---- what does and does not change the id ---- */

static void id_of(const fixture *f, char id[ZQ_DIGEST_HEX])
{
    zq_canon_id(&f->schema, id);
}

static const char *const values_changed[] = {"a", "its", "b,c", "\\", NULL};
static const char *const values_split[] = {"a", "it's", "b", "c", "\\", NULL};
static const char *const values_swapped[] = {"it's", "a", "b,c", "\\", NULL};
static const char *const flag_sum[] = {"flag", "sum", NULL};
static const char *const b_a[] = {"b", "a", NULL};
static const zq_key_part on_sum[] = {{"sum"}, {NULL}};
static const zq_key_part on_flag_sum[] = {{"flag"}, {"sum"}, {NULL}};

#define MUTATIONS(X)                                                         \
    X(table_name, f->table.name = "odd`two")                                 \
    X(table_comment, f->table.comment = "another")                           \
    X(table_no_comment, f->table.comment = NULL)                             \
    X(table_engine, f->table.engine = "MyISAM")                              \
    X(table_charset, f->table.charset = "latin1")                            \
    X(table_collation, f->table.collation = "utf8mb3_general_ci")            \
    X(table_missing, f->schema.n_tables = 1)                                 \
    X(column_missing, f->table.n_columns--)                                  \
    X(column_order, swap(&f->columns[2], &f->columns[3], sizeof(zq_column))) \
    X(column_name, f->columns[1].name = "Name")                              \
    X(column_comment, f->columns[1].comment = "what's its name")             \
    X(column_no_comment, f->columns[1].comment = NULL)                       \
    X(column_type, f->columns[0].type.kind = ZQ_TYPE_INT)                    \
    X(column_bool, f->columns[2].type.kind = ZQ_TYPE_TINYINT)                \
    X(column_unsigned, f->columns[0].type.is_unsigned = false)               \
    X(column_length, f->columns[1].type.length = 51)                         \
    X(column_digits, f->columns[3].type.length = 11)                         \
    X(column_scale, f->columns[3].type.scale = 2)                            \
    X(column_fraction, f->columns[6].type.length = 6)                        \
    X(column_bits, f->columns[11].type.length = 9)                           \
    X(enum_value, f->columns[4].type.values = values_changed)                \
    X(enum_split, f->columns[4].type.values = values_split)                  \
    X(enum_order, f->columns[4].type.values = values_swapped)                \
    X(enum_set, f->columns[4].type.kind = ZQ_TYPE_SET)                       \
    X(other_type, f->columns[9].type.other = "point")                        \
    X(not_null, f->columns[1].flags = 0)                                     \
    X(auto_increment, f->columns[0].flags = ZQ_NOT_NULL)                     \
    X(stored, f->columns[7].flags = 0)                                       \
    X(invisible, f->columns[8].flags = 0)                                    \
    X(default_none, f->columns[2].def.kind = ZQ_DEFAULT_NONE)                \
    X(default_kind, f->columns[2].def.kind = ZQ_DEFAULT_EXPR)                \
    X(default_text, f->columns[2].def.text = "1")                            \
    X(on_update, f->columns[6].on_update = NULL)                             \
    X(on_update_text, f->columns[6].on_update = "CURRENT_TIMESTAMP")         \
    X(generated, f->columns[7].generated = NULL)                             \
    X(generated_text, f->columns[7].generated = "`price` + 2")               \
    X(column_charset, f->columns[5].charset = "latin2")                      \
    X(column_collation, f->columns[5].collation = "latin1_swedish_ci")       \
    X(index_missing, f->table.n_indexes--)                                   \
    X(index_name, f->indexes[4].name = "Bare")                               \
    X(index_kind, f->indexes[4].kind = ZQ_UNIQUE)                            \
    X(index_visible, f->indexes[1].flags = 0)                                \
    X(index_comment, f->indexes[1].comment = NULL)                           \
    X(index_parser, f->indexes[2].parser = NULL)                             \
    X(index_columns, f->indexes[4].parts = on_sum)                           \
    X(index_order, f->indexes[4].parts = on_flag_sum)                        \
    X(part_column, f->parts[0].column = "note")                              \
    X(part_length, f->parts[0].length = 11)                                  \
    X(part_whole, f->parts[0].length = 0)                                    \
    X(part_descending, f->parts[1].descending = false)                       \
    X(part_expression, f->parts[2].expression = "upper(`name`)")             \
    X(part_quoted, f->parts[2] = (zq_key_part){"lower(`name`)"})             \
    X(key_missing, f->table.n_foreign_keys--)                                \
    X(key_name, f->keys[0].name = "k2")                                      \
    X(key_columns, f->keys[1].columns = flag_sum)                            \
    X(key_target, f->keys[0].ref_table = "odd`one")                          \
    X(key_target_columns, f->keys[1].ref_columns = b_a)                      \
    X(key_target_schema, f->keys[1].ref_schema = NULL)                       \
    X(key_on_update, f->keys[0].on_update = ZQ_RESTRICT)                     \
    X(key_on_delete, f->keys[0].on_delete = ZQ_SET_DEFAULT)                  \
    X(extra_missing, f->table.n_extras--)                                    \
    X(extra_kind, f->extras[0].kind = "trigger")                             \
    X(extra_name, f->extras[0].name = "negative")                            \
    X(extra_text, f->extras[0].text = "`price` > 1")

static void swap(void *a, void *b, size_t size)
{
    char kept[sizeof(zq_table)];

    memcpy(kept, a, size);
    memcpy(a, b, size);
    memcpy(b, kept, size);
}

#define MUTATE(name, statement)           \
    static void mutate_##name(fixture *f) \
    {                                     \
        statement;                        \
    }
MUTATIONS(MUTATE)
#undef MUTATE

Test(canon, every_single_change_changes_the_id)
{
    static const struct {
        const char *name;
        void (*mutate)(fixture *f);
    } mutations[] = {
#define ROW(name, statement) {#name, mutate_##name},
        MUTATIONS(ROW)
#undef ROW
    };
    char ids[ZQ_LEN(mutations) + 1][ZQ_DIGEST_HEX];
    fixture f;

    fill(&f);
    id_of(&f, ids[ZQ_LEN(mutations)]);
    for (size_t i = 0; i < ZQ_LEN(mutations); i++) {
        fill(&f);
        mutations[i].mutate(&f);
        id_of(&f, ids[i]);
        cr_assert_str_neq(ids[i], ids[ZQ_LEN(mutations)], "%s", mutations[i].name);
        for (size_t j = 0; j < i; j++)
            cr_assert_str_neq(ids[i], ids[j], "%s and %s", mutations[i].name, mutations[j].name);
    }
}

/* As docs/canonical-form.md has it. */
Test(canon, what_is_not_seen_is_spelled_out)
{
    static const struct {
        const char *text, *written;
    } spelled[] = {
        {"it's \"\\\"", "comment 'it\'\'s \"\\\\\"'"},
        {"\n\r\t", "comment '\\n\\r\\t'"},
        {"\x01\x1F\x7F", "comment '\\x01\\x1f\\x7f'"},
        {"\xC2\x80\xC2\x9F", "comment '\\xc2\\x80\\xc2\\x9f'"},
        {"\xE2\x80\xA8\xE2\x80\xAE\xEF\xBB\xBF",
         "comment '\\xe2\\x80\\xa8\\xe2\\x80\\xae\\xef\\xbb\\xbf'"},
        {"\x80\xFF\xC0\xAF", "comment '\\x80\\xff\\xc0\\xaf'"},
        {"价格 \xF0\x9F\x98\x80", "comment '价格 \xF0\x9F\x98\x80'"},
    };

    for (size_t i = 0; i < ZQ_LEN(spelled); i++) {
        ZQ_AUTO_BUF(text);
        fixture f;

        fill(&f);
        f.other.comment = spelled[i].text;
        zq_canon_table(&text, &f.other);
        cr_expect_not_null(strstr(zq_buf_text(&text), spelled[i].written), "%s\n%s",
                           spelled[i].written, zq_buf_text(&text));
    }
}

Test(canon, the_order_of_what_has_none_does_not_change_the_id)
{
    char before[ZQ_DIGEST_HEX], after[ZQ_DIGEST_HEX];
    fixture f;

    fill(&f);
    id_of(&f, before);
    swap(&f.tables[0], &f.tables[1], sizeof f.tables[0]);
    swap(&f.keys[0], &f.keys[1], sizeof f.keys[0]);
    swap(&f.extras[0], &f.extras[2], sizeof f.extras[0]);
    swap(&f.indexes[1], &f.indexes[4], sizeof f.indexes[0]);
    swap(&f.indexes[2], &f.indexes[3], sizeof f.indexes[0]);
    id_of(&f, after);
    cr_assert_str_eq(before, after);
}

Test(canon, extras_are_in_the_order_of_kind_name_and_text)
{
    static const char wanted[] = "  extra check \"2\"\n  extra check b \"0\"\n"
                                 "  extra check b \"1\"\n";
    static const zq_extra extras[] = {{"check", "b", "1"}, {"check", "", "2"}, {"check", "b", "0"}};
    ZQ_AUTO_BUF(text);
    fixture f;

    fill(&f);
    memcpy(f.extras, extras, sizeof extras);
    zq_canon_table(&text, &f.table);
    cr_assert_not_null(strstr(zq_buf_text(&text), wanted), "%s", zq_buf_text(&text));
}

Test(canon, what_means_the_same_has_the_same_id)
{
    char before[ZQ_DIGEST_HEX], after[ZQ_DIGEST_HEX];
    fixture f;

    fill(&f);
    id_of(&f, before);
    f.other.engine = "InnoDB";
    f.other.charset = "utf8mb4";
    f.other.collation = "utf8mb4_unicode_ci";
    f.other.comment = "";
    f.columns[0].comment = "";
    f.columns[1].charset = f.table.charset;
    f.columns[1].collation = f.table.collation;
    f.columns[12].charset = "latin1"; /* a date has none */
    f.columns[12].type.length = 3;
    f.columns[12].type.is_unsigned = true;
    f.columns[3].def.text = "a text without a default";
    f.extras[1].name = NULL;
    id_of(&f, after);
    cr_assert_str_eq(before, after);
}

Test(canon, our_own_tables_are_not_part_of_the_id)
{
    char before[ZQ_DIGEST_HEX], after[ZQ_DIGEST_HEX];
    fixture f;
    const zq_table *three[3];
    zq_table meta;

    fill(&f);
    id_of(&f, before);
    meta = f.other;
    meta.name = "zq_meta_history";
    three[0] = &meta;
    three[1] = f.tables[0];
    three[2] = f.tables[1];
    f.schema = (zq_schema){three, 3};
    id_of(&f, after);
    cr_assert_str_eq(before, after);
}

Test(canon, an_empty_schema_has_an_empty_text)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(text);
    zq_schema none = {0};

    zq_canon_schema(&text, &none);
    cr_assert_str_eq(zq_buf_text(&text), "");
    cr_assert_eq(parse("", arena)->n_tables, 0);
}

/* ---- texts that are none ---- */

#define HEAD "table t engine InnoDB charset utf8mb4 collate utf8mb4_unicode_ci\n"

Test(canon, a_text_in_another_form_is_refused_with_its_line)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"tabel t\n", "line 1: expected a table"},
        {"table \n", "line 1: expected a name"},
        {"table t\n", "line 1: expected 'engine'"},
        {"table t engine InnoDB\n", "line 1: expected 'charset'"},
        {"table t engine InnoDB charset utf8mb4\n", "line 1: expected 'collate'"},
        {"table `t engine InnoDB\n", "line 1: expected a name"},
        {"\n" HEAD, "line 1: expected a table"},
        {HEAD "column a int\n", "line 2: expected two spaces"},
        {HEAD "  colum a int\n", "line 2: expected a column, a key, a foreign key or an extra"},
        {HEAD "  column a\n", "line 2: expected a type"},
        {HEAD "  column a nit\n", "line 2: expected a type"},
        {HEAD "  column a int(11)\n", "line 2: expected a type"},
        {HEAD "  column a integer\n", "line 2: expected a type"},
        {HEAD "  column a varchar\n", "line 2: expected '('"},
        {HEAD "  column a varchar()\n", "line 2: expected a number"},
        {HEAD "  column a varchar(99999999999)\n", "line 2: the number is too large"},
        {HEAD "  column a varchar(5\n", "line 2: expected ')'"},
        {HEAD "  column a decimal(5)\n", "line 2: expected ','"},
        {HEAD "  column a enum('a' 'b')\n", "line 2: expected ', ' or ')'"},
        {HEAD "  column a enum(a)\n", "line 2: expected a text in quotes"},
        {HEAD "  column a enum('a\n", "line 2: expected a text in quotes"},
        {HEAD "  column a enum('a\\q')\n", "line 2: expected a text in quotes"},
        {HEAD "  column a enum('a\\x00')\n", "line 2: expected a text in quotes"},
        {HEAD "  column a enum('a\\x4')\n", "line 2: expected a text in quotes"},
        {HEAD "  column a other geometry\n", "line 2: expected a text in double quotes"},
        {HEAD "  column a int nul\n", "line 2: expected the end of the line"},
        {HEAD "  column a int auto_increment not null\n", "line 2: expected the end of the line"},
        {HEAD "  column a int as \"1\"\n", "line 2: expected 'stored' or 'virtual'"},
        {HEAD "  primary key id\n", "line 2: expected '('"},
        {HEAD "  foreign key k (a) referencing b (c)\n", "line 2: expected 'references'"},
        {HEAD "  foreign key k (a) references b (c) on delete never\n",
         "line 2: expected 'cascade', 'set null' or 'set default'"},
        {HEAD "  extra check\n", "line 2: expected a text in double quotes"},
        /* what reads well but is not the one form */
        {HEAD "  column a int", "line 2: this is not the canonical form"},
        {HEAD "  column a int not null\n\n", "line 3: this is not the canonical form"},
        {HEAD "  column a INT\n", "line 2: this is not the canonical form"},
        {HEAD "  column `a` int\n", "line 2: this is not the canonical form"},
        {HEAD "  column a varchar(05)\n", "line 2: this is not the canonical form"},
        {HEAD "  column a text charset utf8mb4\n", "line 2: this is not the canonical form"},
        {HEAD "  column a text comment ''\n", "line 2: this is not the canonical form"},
        {HEAD "  column a text comment '\\x41'\n", "line 2: this is not the canonical form"},
        {HEAD "  column a text unsigned\n", "line 2: this is not the canonical form"},
        {HEAD "  primary key (a)\n  column a int\n", "line 2: this is not the canonical form"},
        {HEAD "  column a int\n  key y (a)\n  key x (a)\n",
         "line 3: this is not the canonical form"},
        {HEAD "\ntable a engine InnoDB charset utf8mb4 collate utf8mb4_unicode_ci\n",
         "line 1: this is not the canonical form"},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        const zq_schema *schema = NULL;
        char expected[256];
        zq_err err = {0};

        snprintf(expected, sizeof expected, "canonical text, %s", cases[i].message);
        cr_assert_eq(zq_canon_parse(cases[i].text, strlen(cases[i].text), arena, &schema, &err),
                     ZQ_E_DATA, "%s", cases[i].text);
        cr_assert_str_eq(err.message, expected, "%s: %s", cases[i].text, err.message);
        cr_assert_null(schema);
    }
}

Test(canon, what_something_was_called_is_written_and_read_and_no_part_of_the_id)
{
    static const char text[] = "table t engine a charset b collate c comment 'x' was s\n"
                               "  column a int comment 'y' was `a b`\n"
                               "  column b int was was\n"
                               "  key i (a) invisible was j\n";
    static const char plain[] = "table t engine a charset b collate c comment 'x'\n"
                                "  column a int comment 'y'\n"
                                "  column b int\n"
                                "  key i (a) invisible\n";
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(again);
    const zq_schema *schema;
    char id[ZQ_DIGEST_HEX], other[ZQ_DIGEST_HEX];
    zq_err err = {0};

    cr_assert_eq(zq_canon_parse(text, strlen(text), arena, &schema, &err), ZQ_OK, "%s", err.detail);
    cr_expect_str_eq(schema->tables[0]->was, "s");
    cr_expect_str_eq(schema->tables[0]->columns[0].was, "a b");
    cr_expect_str_eq(schema->tables[0]->columns[1].was, "was");
    cr_expect_str_eq(schema->tables[0]->indexes[0].was, "j");
    zq_canon_schema(&again, schema);
    cr_expect_str_eq(zq_buf_text(&again), text);
    zq_canon_id(schema, id);
    cr_assert_eq(zq_canon_parse(plain, strlen(plain), arena, &schema, &err), ZQ_OK);
    zq_canon_id(schema, other);
    cr_expect_str_eq(id, other);
}

Test(canon, openness_is_a_line_that_is_no_part_of_the_id)
{
    ZQ_AUTO_BUF(text);
    ZQ_AUTO_BUF(one);
    char before[ZQ_DIGEST_HEX], after[ZQ_DIGEST_HEX];
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_schema *schema;
    static const char misplaced[] =
        "table t engine a charset b collate c\n  column d int\n  open\n";
    zq_err err = {0};
    fixture f;

    fill(&f);
    id_of(&f, before);
    f.table.open = true;
    id_of(&f, after);
    cr_assert_str_eq(after, before);
    zq_canon_schema(&text, &f.schema);
    cr_assert_not_null(strstr(zq_buf_text(&text), "\n  open\n  column "));
    zq_canon_table(&one, &f.table);
    cr_assert_null(strstr(zq_buf_text(&one), "open"));
    cr_assert_eq(zq_canon_parse(zq_buf_text(&text), text.length, arena, &schema, &err), ZQ_OK, "%s",
                 err.message);
    cr_assert(zq_schema_table(schema, f.table.name)->open);
    cr_assert_eq(zq_canon_parse(misplaced, strlen(misplaced), arena, &schema, &err), ZQ_E_DATA);
    cr_assert_str_eq(err.message, "canonical text, line 2: this is not the canonical form");
}

Test(canon, a_text_cut_anywhere_is_refused_or_a_shorter_schema)
{
    ZQ_AUTO_BUF(text);
    size_t good = 0;
    fixture f;

    fill(&f);
    zq_canon_schema(&text, &f.schema);
    for (size_t n = 0; n <= text.length; n++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        const zq_schema *schema = NULL;
        char *cut = strndup(zq_buf_text(&text), n); /* so that a sanitizer sees the end */

        if (zq_canon_parse(cut, n, arena, &schema, NULL) == ZQ_OK) {
            ZQ_AUTO_BUF(again);

            zq_canon_schema(&again, schema);
            cr_assert_str_eq(zq_buf_text(&again), cut);
            good++;
        }
        free(cut);
    }
    cr_assert_gt(good, 20);
}
