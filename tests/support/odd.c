#include "odd.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>

enum { MAX_TABLES = 1000, MAX_COLUMNS = 40, MAX_INDEXES = 40 };

typedef struct maker {
    zq_arena *arena;
    zq_flavor flavor;
    const zq_table **tables;
    size_t n;
} maker;

/* ---- tables that grow ---- */

static zq_table *new_table(maker *m, const char *name)
{
    zq_table *table = ZQ_NEW(m->arena, zq_table);

    table->name = name;
    table->columns = ZQ_NEW_ARRAY(m->arena, zq_column, MAX_COLUMNS);
    table->indexes = ZQ_NEW_ARRAY(m->arena, zq_index, MAX_INDEXES);
    table->foreign_keys = ZQ_NEW_ARRAY(m->arena, zq_foreign_key, MAX_COLUMNS);
    m->tables[m->n++] = table;
    return table;
}

static zq_column *add(zq_table *table, zq_column column)
{
    zq_column *columns = (zq_column *)table->columns;

    columns[table->n_columns] = column;
    return &columns[table->n_columns++];
}

static zq_index *add_index(maker *m, zq_table *table, const char *name, zq_index_kind kind,
                           const char *column)
{
    zq_index *indexes = (zq_index *)table->indexes;
    zq_key_part *parts = ZQ_NEW_ARRAY(m->arena, zq_key_part, 5);

    parts[0].column = column;
    indexes[table->n_indexes] = (zq_index){.name = name, .kind = kind, .parts = parts};
    return &indexes[table->n_indexes++];
}

/* A table with a primary key, called after `kind` and its number. */
static zq_table *keyed_table(maker *m, const char *kind)
{
    zq_table *table = new_table(m, zq_arena_printf(m->arena, "odd_%s_%zu", kind, m->n));

    add(table, (zq_column){"id", ZQ_INT, ZQ_NOT_NULL | ZQ_AUTO_INCREMENT});
    add_index(m, table, "PRIMARY", ZQ_PRIMARY, "id");
    return table;
}

static const char *numbered(maker *m, const char *stem, size_t n)
{
    return zq_arena_printf(m->arena, "%s%zu", stem, n);
}

/* ---- types, each with and without NULL, default, comment ---- */

static const char *const letters[] = {"b",    "a",    "it's",         "c,d",
                                      "e\\f", "g\"h", "\xE4\xB8\xAD", NULL};

static const struct {
    zq_type type;
    zq_default def;
} typed[] = {
    {{.kind = ZQ_TYPE_TINYINT}, ZQ_DEFAULT("-5")},
    {{.kind = ZQ_TYPE_TINYINT, .is_unsigned = true}, ZQ_DEFAULT("200")},
    {ZQ_BOOL, ZQ_DEFAULT("1")},
    {ZQ_SMALLINT, ZQ_DEFAULT("0")},
    {{.kind = ZQ_TYPE_SMALLINT, .is_unsigned = true}, ZQ_DEFAULT("65535")},
    {{.kind = ZQ_TYPE_MEDIUMINT}, ZQ_DEFAULT("-8388608")},
    {{.kind = ZQ_TYPE_MEDIUMINT, .is_unsigned = true}, ZQ_DEFAULT("7")},
    {ZQ_INT, ZQ_DEFAULT("0")},
    {ZQ_INT_UNSIGNED, ZQ_DEFAULT("4294967295")},
    {ZQ_BIGINT, ZQ_DEFAULT("-9223372036854775808")},
    {ZQ_BIGINT_UNSIGNED, ZQ_DEFAULT("18446744073709551615")},
    {ZQ_FLOAT, ZQ_DEFAULT("1.5")},
    {{.kind = ZQ_TYPE_FLOAT, .is_unsigned = true}, ZQ_DEFAULT("0")},
    {ZQ_DOUBLE, ZQ_DEFAULT("-0.25")},
    {{.kind = ZQ_TYPE_DOUBLE, .is_unsigned = true}, ZQ_DEFAULT("1e20")},
    {ZQ_DECIMAL(10, 2), ZQ_DEFAULT("1.50")},
    {ZQ_DECIMAL(65, 30), ZQ_DEFAULT("0")},
    {ZQ_DECIMAL(1, 0), ZQ_DEFAULT("7")},
    {{.kind = ZQ_TYPE_DECIMAL, .length = 5, .scale = 5, .is_unsigned = true}, ZQ_DEFAULT("0.5")},
    {{.kind = ZQ_TYPE_BIT, .length = 1}, ZQ_DEFAULT_SQL("b'1'")},
    {{.kind = ZQ_TYPE_BIT, .length = 64}, ZQ_DEFAULT_SQL("b'101'")},
    {ZQ_CHAR(1), ZQ_DEFAULT("x")},
    {ZQ_CHAR(255), ZQ_DEFAULT("")},
    {ZQ_VARCHAR(1), ZQ_DEFAULT("0")},
    {ZQ_VARCHAR(50), ZQ_DEFAULT("NULL")},
    {ZQ_VARCHAR(255), ZQ_DEFAULT("CURRENT_TIMESTAMP")},
    {ZQ_VARCHAR(3000), ZQ_DEFAULT("it's")},
    {{.kind = ZQ_TYPE_BINARY, .length = 1}, ZQ_DEFAULT("x")},
    {{.kind = ZQ_TYPE_BINARY, .length = 16}, ZQ_DEFAULT("abc")},
    {ZQ_VARBINARY(1), ZQ_DEFAULT("")},
    {ZQ_VARBINARY(300), ZQ_DEFAULT("it's \\")},
    {{.kind = ZQ_TYPE_TINYTEXT}, ZQ_DEFAULT("x")},
    {ZQ_TEXT, ZQ_DEFAULT("it's")},
    {ZQ_MEDIUMTEXT, ZQ_DEFAULT("")},
    {ZQ_LONGTEXT, ZQ_DEFAULT("\xE4\xB8\xAD")},
    {{.kind = ZQ_TYPE_TINYBLOB}, ZQ_DEFAULT("x")},
    {ZQ_BLOB, ZQ_DEFAULT("it's")},
    {{.kind = ZQ_TYPE_MEDIUMBLOB}, ZQ_DEFAULT("")},
    {{.kind = ZQ_TYPE_LONGBLOB}, ZQ_DEFAULT("a\\b")},
    {{.kind = ZQ_TYPE_ENUM, .values = letters}, ZQ_DEFAULT("it's")},
    {{.kind = ZQ_TYPE_SET, .values = (const char *const[]){"b", "a", "it's", NULL}},
     ZQ_DEFAULT("b,it's")},
    {ZQ_DATE, ZQ_DEFAULT("2026-01-31")},
    {{.kind = ZQ_TYPE_TIME}, ZQ_DEFAULT("-10:20:30")},
    {{.kind = ZQ_TYPE_TIME, .length = 6}, ZQ_DEFAULT("00:00:00.000001")},
    {ZQ_DATETIME, ZQ_DEFAULT("2026-01-31 01:02:03")},
    {ZQ_DATETIME, ZQ_DEFAULT_SQL("CURRENT_TIMESTAMP")},
    {ZQ_DATETIME_MS, ZQ_DEFAULT_SQL("CURRENT_TIMESTAMP(3)")},
    {{.kind = ZQ_TYPE_DATETIME, .length = 6}, ZQ_DEFAULT("2026-01-31 01:02:03.000004")},
    {{.kind = ZQ_TYPE_TIMESTAMP}, ZQ_DEFAULT("2026-01-31 01:02:03")},
    {{.kind = ZQ_TYPE_TIMESTAMP}, ZQ_DEFAULT_SQL("CURRENT_TIMESTAMP")},
    {{.kind = ZQ_TYPE_TIMESTAMP, .length = 6}, ZQ_DEFAULT_SQL("CURRENT_TIMESTAMP(6)")},
    {{.kind = ZQ_TYPE_YEAR}, ZQ_DEFAULT("2026")},
    {ZQ_JSON, ZQ_DEFAULT("{\"a\": [1, \"it's\"]}")},
    {{.kind = ZQ_TYPE_OTHER, .other = "geometry"}, {0}},
    {{.kind = ZQ_TYPE_OTHER, .other = "point"}, {0}},
    {{.kind = ZQ_TYPE_OTHER, .other = "float(7,3)"}, ZQ_DEFAULT("1.500")},
    {{.kind = ZQ_TYPE_OTHER, .other = "int(8) unsigned zerofill"}, ZQ_DEFAULT("00000007")},
};

/* A TIMESTAMP that is NOT NULL without a default is left out: on a server with
 * explicit_defaults_for_timestamp off there is no such thing. */
static void make_types(maker *m)
{
    for (size_t i = 0; i < ZQ_LEN(typed); i++) {
        for (unsigned null = 0; null < 2; null++) {
            zq_table *table = keyed_table(m, "type");
            unsigned flags = null ? 0 : ZQ_NOT_NULL;
            bool bare = null || typed[i].type.kind != ZQ_TYPE_TIMESTAMP;

            if (bare)
                add(table, (zq_column){"bare", typed[i].type, flags});
            if (bare)
                add(table, (zq_column){"said", typed[i].type, flags, "a comment"});
            add(table, (zq_column){"with_default", typed[i].type, flags, NULL, typed[i].def});
            add(table, (zq_column){"both", typed[i].type, flags, "it's \\ both", typed[i].def});
            add(table,
                (zq_column){"hidden", typed[i].type, flags | ZQ_INVISIBLE, NULL, typed[i].def});
            if (!null && typed[i].def.kind == ZQ_DEFAULT_NONE)
                table->n_columns--; /* MariaDB wants a default for what is hidden and NOT NULL */
        }
    }
}

static void make_on_update(maker *m)
{
    static const char *const now[] = {"CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP(3)"};

    for (unsigned i = 0; i < 16; i++) {
        zq_table *table = keyed_table(m, "time");
        unsigned digits = i & 1 ? 3 : 0;
        zq_type type = {.kind = i & 2 ? ZQ_TYPE_DATETIME : ZQ_TYPE_TIMESTAMP, .length = digits};
        zq_default def = {0};

        if (i & 4)
            def = (zq_default){ZQ_DEFAULT_EXPR, now[i & 1]};
        /* What is NOT NULL and follows updates gets a default from MariaDB when it has none. */
        if ((i & 12) == 8)
            def = (zq_default)ZQ_DEFAULT(i & 1 ? "2026-01-31 00:00:00.000" : "2026-01-31 00:00:00");
        add(table, (zq_column){.name = "t",
                               .type = type,
                               .flags = i & 8 ? ZQ_NOT_NULL : 0,
                               .def = def,
                               .on_update = now[i & 1]});
    }
}

/* ---- charsets ---- */

static const struct {
    const char *charset;
    const char *collation;
} sets[] = {
    {"utf8mb4", "utf8mb4_unicode_ci"},
    {"utf8mb4", "utf8mb4_bin"},
    {"utf8mb4", "utf8mb4_general_ci"},
    {"utf8mb3", "utf8mb3_general_ci"},
    {"utf8mb3", "utf8mb3_unicode_ci"},
    {"latin1", "latin1_swedish_ci"},
    {"latin1", "latin1_bin"},
    {"ascii", "ascii_general_ci"},
    {"gbk", "gbk_chinese_ci"},
    {"ucs2", "ucs2_general_ci"},
    {"utf16", "utf16_bin"},
    {"utf32", "utf32_unicode_ci"},
};

static void make_charsets(maker *m)
{
    static const char *const ab[] = {"a", "b", NULL};
    static const zq_type texts[] = {
        ZQ_CHAR(10),
        ZQ_VARCHAR(10),
        {.kind = ZQ_TYPE_TINYTEXT},
        ZQ_TEXT,
        ZQ_MEDIUMTEXT,
        ZQ_LONGTEXT,
        {.kind = ZQ_TYPE_ENUM, .values = ab},
        {.kind = ZQ_TYPE_SET, .values = ab},
    };

    for (size_t i = 0; i < ZQ_LEN(sets); i++) {
        for (size_t step = 0; step < 5; step++) {
            zq_table *table = keyed_table(m, "charset");
            size_t j = (i + step) % ZQ_LEN(sets);

            table->charset = sets[i].charset;
            table->collation = sets[i].collation;
            for (size_t k = 0; k < ZQ_LEN(texts); k++) {
                zq_column *plain = add(table, (zq_column){numbered(m, "c", k), texts[k]});
                zq_column *other = add(table, (zq_column){numbered(m, "d", k), texts[k]});

                if (k < 2)
                    plain->def = other->def = (zq_default)ZQ_DEFAULT("x");
                other->charset = sets[j].charset;
                other->collation = sets[j].collation;
            }
            add(table, (zq_column){"n", ZQ_INT});
        }
    }
}

/* ---- texts that are hard to write and to read ---- */

static const char *const hard[] = {
    "it's",
    "''",
    "'",
    "a''b",
    "a\\b",
    "\\",
    "\\'",
    "\\n",
    "a\"b",
    "a`b",
    "a\nb",
    "a\r\nb",
    "a\tb",
    "\x01\x1a\x7f",
    " spaces around ",
    "\xE4\xB8\xAD\xE6\x96\x87\xEF\xBC\x8C\xE5\xA6\x82\xEF\xBC\x9A",
    "\xC3\xA9\xC3\xA8",
    "\xF0\x9F\x98\x80 beyond the basic plane",
    "NULL",
    "CURRENT_TIMESTAMP",
    "current_timestamp()",
    "(uuid())",
    "0",
    "1.50",
    "0x41",
    "b'1'",
    "_utf8mb4'x'",
    "a, b",
    "-- x",
    "/* x */ # x",
    "; DROP TABLE x",
    "%s %d",
    "COMMENT 'x'",
    ") ENGINE=InnoDB",
};

static void make_texts(maker *m)
{
    for (size_t i = 0; i < ZQ_LEN(hard); i++) {
        zq_table *table = keyed_table(m, "text");
        bool wide = (unsigned char)hard[i][0] == 0xF0;

        add(table, (zq_column){"c", ZQ_INT, 0, hard[i]});
        add(table, (zq_column){"v", ZQ_VARCHAR(60), 0, hard[i], ZQ_DEFAULT(hard[i])});
        if (hard[i][0] != ' ') /* the server takes spaces off the end of a CHAR */
            add(table, (zq_column){"n", ZQ_CHAR(60), ZQ_NOT_NULL, NULL, ZQ_DEFAULT(hard[i])});
        add(table, (zq_column){"b", ZQ_VARBINARY(60), 0, NULL, ZQ_DEFAULT(hard[i])});
        add(table, (zq_column){"t", ZQ_TEXT, 0, NULL, ZQ_DEFAULT(hard[i])});
        /* The server takes spaces off the end of a value, and keeps no wide character. */
        if (hard[i][0] != ' ' && !wide) {
            const char **values = ZQ_NEW_ARRAY(m->arena, const char *, 4);

            values[0] = "first";
            values[1] = hard[i];
            values[2] = "last";
            add(table,
                (zq_column){
                    "e", {.kind = ZQ_TYPE_ENUM, .values = values}, 0, NULL, ZQ_DEFAULT(hard[i])});
            /* To a collation the full-width comma is a comma. */
            if (strchr(hard[i], ',') == NULL && strstr(hard[i], "\xEF\xBC\x8C") == NULL)
                add(table, (zq_column){"s",
                                       {.kind = ZQ_TYPE_SET, .values = values},
                                       0,
                                       NULL,
                                       ZQ_DEFAULT(hard[i])});
        }
        add_index(m, table, "i", ZQ_INDEX, "v")->comment = hard[i];
        table->comment = hard[i];
    }
}

/* ---- names ---- */

static const char *const names[] = {
    "a b",
    "a`b",
    "``",
    "a'b",
    "a\"b",
    "a\\b",
    "a.b",
    "a/b",
    "a-b",
    "a$b",
    "a#b",
    "a;b",
    "a,b",
    "a(b",
    "%s",
    "1",
    "0x1",
    "1e5",
    "select",
    "table",
    "key",
    "\xE4\xB8\xAD\xE6\x96\x87",
    "a234567890123456789012345678901234567890123456789012345678901234",
};

static void make_names(maker *m)
{
    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        zq_table *table = new_table(m, names[i]);
        zq_foreign_key *key = (zq_foreign_key *)table->foreign_keys;
        const char *next = names[(i + 1) % ZQ_LEN(names)];
        const char **columns = ZQ_NEW_ARRAY(m->arena, const char *, 2);
        const char **targets = ZQ_NEW_ARRAY(m->arena, const char *, 2);

        add(table, (zq_column){names[i], ZQ_INT, ZQ_NOT_NULL});
        add(table, (zq_column){next, ZQ_INT});
        add_index(m, table, "PRIMARY", ZQ_PRIMARY, names[i]);
        add_index(m, table, names[i], ZQ_INDEX, next);
        columns[0] = next;
        targets[0] = names[i];
        *key = (zq_foreign_key){.name = names[i],
                                .columns = columns,
                                .ref_table = names[i],
                                .ref_columns = targets,
                                .on_delete = ZQ_CASCADE};
        table->n_foreign_keys = 1;
    }
}

/* ---- indexes ---- */

static void set_part(zq_index *index, size_t i, const char *column, unsigned length, bool down)
{
    zq_key_part *parts = (zq_key_part *)index->parts;

    parts[i] = (zq_key_part){.column = column, .length = length, .descending = down};
}

static void add_index_columns(zq_table *table)
{
    add(table, (zq_column){"a", ZQ_INT});
    add(table, (zq_column){"b", ZQ_VARCHAR(300)});
    add(table, (zq_column){"c", ZQ_TEXT});
    add(table, (zq_column){"d", ZQ_VARBINARY(300)});
    add(table, (zq_column){"e", ZQ_VARCHAR(40), 0, NULL, {0}, NULL, NULL, "latin1", "latin1_bin"});
}

static void make_indexes(maker *m)
{
    for (unsigned i = 0; i < 32; i++) {
        zq_table *table = keyed_table(m, "index");
        zq_index_kind kind = i & 1 ? ZQ_UNIQUE : ZQ_INDEX;
        bool down = i & 2;

        add_index_columns(table);
        set_part(add_index(m, table, "one", kind, "a"), 0, "a", 0, down);
        set_part(add_index(m, table, "prefix", kind, "b"), 0, "b", 10, down);
        set_part(add_index(m, table, "of_text", kind, "c"), 0, "c", 100, down);
        set_part(add_index(m, table, "of_bytes", kind, "d"), 0, "d", 7, down);
        set_part(add_index(m, table, "narrow", kind, "e"), 0, "e", 7, down);
        set_part(add_index(m, table, "whole", kind, "e"), 0, "e", 0, down);
        set_part(add_index(m, table, "many", kind, "a"), 1, "b", 5, down);
        set_part((zq_index *)&table->indexes[table->n_indexes - 1], 2, "id", 0, !down);
        for (size_t j = 1; j < table->n_indexes; j++) {
            zq_index *index = (zq_index *)&table->indexes[j];

            index->flags = i & 4 ? ZQ_INVISIBLE : 0;
            index->comment = i & 8 ? "it's an index" : NULL;
        }
        if (i & 16)
            set_part((zq_index *)&table->indexes[0], 0, "id", 0, down);
    }
}

static void make_special_indexes(maker *m)
{
    zq_table *table = keyed_table(m, "fulltext");
    zq_index *index;

    add_index_columns(table);
    set_part(add_index(m, table, "words", ZQ_FULLTEXT, "b"), 1, "c", 0, false);
    add_index(m, table, "one_word", ZQ_FULLTEXT, "c")->comment = "it's";
    if (m->flavor == ZQ_MYSQL)
        add_index(m, table, "grams", ZQ_FULLTEXT, "b")->parser = "ngram";

    table = keyed_table(m, "spatial");
    add(table, (zq_column){"g", {.kind = ZQ_TYPE_OTHER, .other = "geometry"}, ZQ_NOT_NULL});
    add(table, (zq_column){"p", {.kind = ZQ_TYPE_OTHER, .other = "point"}, ZQ_NOT_NULL});
    add_index(m, table, "around", ZQ_SPATIAL, "g");

    table = new_table(m, "odd_composite_key");
    add(table, (zq_column){"a", ZQ_INT, ZQ_NOT_NULL});
    add(table, (zq_column){"b", ZQ_VARCHAR(300), ZQ_NOT_NULL});
    add(table, (zq_column){"c", ZQ_BIGINT_UNSIGNED, ZQ_NOT_NULL | ZQ_AUTO_INCREMENT});
    index = add_index(m, table, "PRIMARY", ZQ_PRIMARY, "b");
    set_part(index, 0, "b", 20, false);
    set_part(index, 1, "a", 0, false);
    add_index(m, table, "counter", ZQ_UNIQUE, "c");

    table = new_table(m, "odd_without_key");
    add(table, (zq_column){"a", ZQ_INT});

    table = keyed_table(m, "engine");
    table->engine = "MyISAM";
    add(table, (zq_column){"a", ZQ_VARCHAR(20)});
}

static void make_functional(maker *m)
{
    static const char *const expressions[] = {
        "lower(`b`)",
        "`a` + 1",
        "concat(`b`,'it''s')",
        "(`a` + 1) * 2",
        "cast(`b` as char(10))",
        "coalesce(`a`,0) between 1 and 5",
    };

    for (size_t i = 0; m->flavor == ZQ_MYSQL && i < ZQ_LEN(expressions); i++) {
        zq_table *table = keyed_table(m, "functional");
        zq_index *index;

        add(table, (zq_column){"a", ZQ_INT});
        add(table, (zq_column){"b", ZQ_VARCHAR(30)});
        index = add_index(m, table, "f", i & 1 ? ZQ_UNIQUE : ZQ_INDEX, NULL);
        ((zq_key_part *)index->parts)[0].expression = expressions[i];
        ((zq_key_part *)index->parts)[0].descending = i & 2;
        set_part(index, 1, "a", 0, false);
    }
}

/* ---- expressions ---- */

static void make_generated(maker *m)
{
    static const struct {
        zq_type type;
        const char *expression;
    } rows[] = {
        {ZQ_INT, "`a` + 1"},
        {ZQ_BIGINT, "`a` * 2 + `id`"},
        {ZQ_BIGINT, "(`a` + `id`) * 2"},
        {ZQ_VARCHAR(60), "concat(`s`,'x')"},
        {ZQ_VARCHAR(60), "coalesce(`s`,'it''s')"},
        {ZQ_VARCHAR(60), "concat(`s`,'\xE4\xB8\xAD')"},
        {ZQ_BOOL, "`a` > 5 and `s` is not null"},
        {ZQ_VARCHAR(10), "if(`a` > 0,'yes','no')"},
        {ZQ_VARCHAR(10), "case when `a` = 1 then 'one' else 'many' end"},
        {ZQ_DATE, "cast(`t` as date)"},
        {ZQ_INT, "json_unquote(json_extract(`j`,'$.a'))"},
        {ZQ_DECIMAL(12, 2), "`a` / 3"},
        {ZQ_INT, "`a` & 15 | 1"},
        {ZQ_INT, "-`a`"},
        {ZQ_BOOL, "`s` like 'a%'"},
        {ZQ_BOOL, "`a` in (1,2,3)"},
    };

    for (size_t i = 0; i < ZQ_LEN(rows) * 2; i++) {
        zq_table *table = keyed_table(m, "generated");
        unsigned stored = i & 1 ? ZQ_STORED : 0;
        zq_type type = rows[i / 2].type;

        /* MySQL lets no generated column read an AUTO_INCREMENT one. */
        ((zq_column *)table->columns)->flags = ZQ_NOT_NULL;
        add(table, (zq_column){"a", ZQ_INT});
        add(table, (zq_column){"s", ZQ_VARCHAR(40)});
        add(table, (zq_column){"t", ZQ_DATETIME});
        add(table, (zq_column){"j", ZQ_JSON});
        add(table, (zq_column){.name = "g",
                               .type = type,
                               .flags = stored,
                               .comment = i % 3 ? "it's made" : NULL,
                               .generated = rows[i / 2].expression});
        add_index(m, table, "g", ZQ_INDEX, "g");
    }
}

static void make_defaults(maker *m)
{
    static const struct {
        zq_type type;
        const char *expression;
    } rows[] = {
        {ZQ_CHAR(36), "(uuid())"},
        {ZQ_INT, "(1 + 2)"},
        {ZQ_INT, "(floor(rand() * 10))"},
        {ZQ_VARCHAR(20), "(concat('it''s','b'))"},
        {ZQ_DATE, "(curdate())"},
        {ZQ_DATETIME, "(now() + interval 1 day)"},
        {ZQ_INT, "(`a` + 1)"},
        {ZQ_VARCHAR(40), "(upper('\xE4\xB8\xAD x'))"},
        {ZQ_JSON, "(json_array())"},
        {ZQ_JSON, "(json_object('a',1))"},
    };

    for (size_t i = 0; i < ZQ_LEN(rows); i++) {
        zq_table *table = keyed_table(m, "expression");

        add(table, (zq_column){"a", ZQ_INT, 0, NULL, ZQ_DEFAULT("3")});
        add(table, (zq_column){"x", rows[i].type, 0, "x", ZQ_DEFAULT_SQL(rows[i].expression)});
        add(table,
            (zq_column){"y", rows[i].type, ZQ_NOT_NULL, NULL, ZQ_DEFAULT_SQL(rows[i].expression)});
    }
}

/* ---- foreign keys ---- */

static void make_foreign_keys(maker *m)
{
    static const zq_rule rules[] = {ZQ_RESTRICT, ZQ_CASCADE, ZQ_SET_NULL};
    zq_table *parent = new_table(m, "odd_parent");

    add(parent, (zq_column){"x", ZQ_INT, ZQ_NOT_NULL});
    add(parent, (zq_column){"y", ZQ_INT, ZQ_NOT_NULL});
    set_part(add_index(m, parent, "PRIMARY", ZQ_PRIMARY, "x"), 1, "y", 0, false);
    for (size_t i = 0; i < 9; i++) {
        zq_table *table = keyed_table(m, "child");
        zq_foreign_key *keys = (zq_foreign_key *)table->foreign_keys;

        add(table, (zq_column){"a", ZQ_INT});
        add(table, (zq_column){"b", ZQ_INT});
        set_part(add_index(m, table, "a", ZQ_INDEX, "a"), 1, "b", 0, false);
        add_index(m, table, "self", ZQ_INDEX, "b");
        keys[0] = (zq_foreign_key){.name = zq_arena_printf(m->arena, "odd_fk_%zu", i),
                                   .columns = ZQ_COLS("a", "b"),
                                   .ref_table = "odd_parent",
                                   .ref_columns = ZQ_COLS("x", "y"),
                                   .on_update = rules[i % 3],
                                   .on_delete = rules[i / 3]};
        keys[1] = (zq_foreign_key){.name = zq_arena_printf(m->arena, "odd_self_%zu", i),
                                   .columns = ZQ_COLS("b"),
                                   .ref_table = table->name,
                                   .ref_columns = ZQ_COLS("id"),
                                   .on_delete = rules[i / 3]};
        /* The columns of both keys are shared by all: they must outlive this block. */
        for (size_t k = 0; k < 2; k++) {
            const char **columns = ZQ_NEW_ARRAY(m->arena, const char *, 3);
            const char **targets = ZQ_NEW_ARRAY(m->arena, const char *, 3);

            memcpy(columns, keys[k].columns, zq_names_count(keys[k].columns) * sizeof *columns);
            memcpy(targets, keys[k].ref_columns,
                   zq_names_count(keys[k].ref_columns) * sizeof *targets);
            keys[k].columns = columns;
            keys[k].ref_columns = targets;
        }
        table->n_foreign_keys = 2;
    }
}

const zq_schema *odd_schema(zq_flavor flavor, zq_arena *arena)
{
    maker m = {.arena = arena, .flavor = flavor};
    zq_schema *schema = ZQ_NEW(arena, zq_schema);

    m.tables = ZQ_NEW_ARRAY(arena, const zq_table *, MAX_TABLES);
    make_types(&m);
    make_on_update(&m);
    make_charsets(&m);
    make_texts(&m);
    make_names(&m);
    make_indexes(&m);
    make_special_indexes(&m);
    make_functional(&m);
    make_generated(&m);
    make_defaults(&m);
    make_foreign_keys(&m);
    *schema = (zq_schema){.tables = m.tables, .n_tables = m.n};
    return schema;
}
