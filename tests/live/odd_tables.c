#include "live.h"

#include "base/buf.h"
#include "db/catalog.h"
#include "model/canon.h"
#include "sql/ddl_write.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a type can have for a default, as a literal and as SQL; NULL: none. */
typedef struct sample {
    zq_type type;
    const char *literal;
    const char *sql;
    bool is_key; /* can stand in an index as it is */
} sample;

#define U(k)                                     \
    {                                            \
        .kind = ZQ_TYPE_##k, .is_unsigned = true \
    }
#define T(k)                \
    {                       \
        .kind = ZQ_TYPE_##k \
    }
#define L(k, n)                            \
    {                                      \
        .kind = ZQ_TYPE_##k, .length = (n) \
    }

static const sample samples[] = {
    {T(TINYINT), "-7", NULL, true},
    {U(TINYINT), "200", NULL, true},
    {T(BOOL), "1", NULL, true},
    {T(SMALLINT), "-300", NULL, true},
    {U(SMALLINT), "0", NULL, true},
    {T(MEDIUMINT), "5", NULL, true},
    {T(INT), "-2147483648", "(1 + 2)", true},
    {U(INT), "4294967295", NULL, true},
    {T(BIGINT), "9223372036854775807", "(3 * 4 + 1)", true},
    {U(BIGINT), "18446744073709551615", NULL, true},
    {T(FLOAT), "1.5", NULL, true},
    {U(FLOAT), "0.25", NULL, true},
    {T(DOUBLE), "-1e30", NULL, true},
    {T(DOUBLE), "0.1", NULL, true},
    {ZQ_DECIMAL(10, 0), "12", NULL, true},
    {ZQ_DECIMAL(10, 2), "1.50", NULL, true},
    {ZQ_DECIMAL(12, 4), "1.5", NULL, true},
    {ZQ_DECIMAL(65, 30), "-0.1", NULL, true},
    {L(BIT, 1), NULL, "b'1'", true},
    {L(BIT, 64), NULL, "b'101'", true},
    {L(CHAR, 1), "x", NULL, true},
    {L(CHAR, 255), "", NULL, false},
    {L(VARCHAR, 1), "'", NULL, true},
    {L(VARCHAR, 50), "it's \"x\" \\ `y` % _ \n \t 中文", NULL, true},
    {L(VARCHAR, 100), "NULL", "(upper('a'))", true},
    {L(VARCHAR, 101), "current_timestamp()", "(concat('a', 'b', 'it''s'))", true},
    {L(VARCHAR, 102), "😀 and 😁?", NULL, true},
    {L(VARCHAR, 103), "what?", NULL, true},
    {L(VARCHAR, 255), "0x41", "(uuid())", false},
    {L(VARCHAR, 104), "b'1'", NULL, true},
    {L(VARCHAR, 105), "007", NULL, true},
    {L(BINARY, 4), "ab", NULL, true},
    {L(BINARY, 16), NULL, "0x00FF", true},
    {L(VARBINARY, 10), "ab", NULL, true},
    {L(VARBINARY, 20), NULL, "0x00FF41", true},
    {T(TINYTEXT), "x", NULL, false},
    {T(TEXT), "it's 中", NULL, false},
    {T(MEDIUMTEXT), "\\", NULL, false},
    {T(LONGTEXT), "", NULL, false},
    {T(TINYBLOB), "x", NULL, false},
    {T(BLOB), NULL, NULL, false},
    {T(MEDIUMBLOB), NULL, NULL, false},
    {T(LONGBLOB), NULL, NULL, false},
    {ZQ_ENUM("a"), "a", NULL, true},
    {ZQ_ENUM("b", "a", "c,d", "it's", "\"q\"", "中", "\\", ""), "it's", NULL, true},
    {ZQ_ENUM("😀", "x?"), "😀", NULL, true},
    {{.kind = ZQ_TYPE_SET, .values = (const char *const[]){"x", "y", "z z", NULL}},
     "x,y",
     NULL,
     true},
    {T(DATE), "2020-02-29", NULL, true},
    {T(TIME), "10:00:00", NULL, true},
    {L(TIME, 3), "-10:00:00.5", NULL, true},
    {T(DATETIME), "2020-01-01 00:00:00", "CURRENT_TIMESTAMP", true},
    {L(DATETIME, 3), "2020-01-01 00:00:00", "CURRENT_TIMESTAMP(3)", true},
    {L(DATETIME, 6), "2020-01-01 10:00:00.123456", "CURRENT_TIMESTAMP(6)", true},
    {T(TIMESTAMP), "2020-01-01 00:00:01", "CURRENT_TIMESTAMP", true},
    {L(TIMESTAMP, 6), "2020-01-01 00:00:01", "CURRENT_TIMESTAMP(6)", true},
    {T(YEAR), "2020", NULL, true},
    {T(JSON), NULL, NULL, false},
};

/* A schema under construction. */
typedef struct odd {
    zq_arena *arena;
    const zq_table **tables;
    size_t n;
    size_t capacity;
} odd;

static zq_table *add_table(odd *to, const zq_column *columns, size_t n_columns,
                           const zq_index *indexes, size_t n_indexes)
{
    zq_table *table = ZQ_NEW(to->arena, zq_table);

    cr_assert_lt(to->n, to->capacity);
    *table = (zq_table){.name = zq_arena_printf(to->arena, "t%03zu", to->n),
                        .columns = columns,
                        .n_columns = n_columns,
                        .indexes = indexes,
                        .n_indexes = n_indexes};
    to->tables[to->n++] = table;
    return table;
}

static zq_column *one_column(odd *to, const sample *of, unsigned flags)
{
    zq_column *column = ZQ_NEW(to->arena, zq_column);

    *column = (zq_column){.name = "c", .type = of->type, .flags = flags};
    return column;
}

static zq_index *one_index(odd *to, zq_index_kind kind, const zq_key_part *parts)
{
    zq_index *index = ZQ_NEW(to->arena, zq_index);

    *index =
        (zq_index){.name = kind == ZQ_PRIMARY ? "PRIMARY" : "ix", .kind = kind, .parts = parts};
    return index;
}

static const zq_key_part *part_of(odd *to, unsigned length, bool descending)
{
    zq_key_part *parts = ZQ_NEW_ARRAY(to->arena, zq_key_part, 2);

    parts[0] = (zq_key_part){.column = "c", .length = length, .descending = descending};
    return parts;
}

static void add_defaults(odd *to, const sample *of)
{
    zq_column *column;

    if (of->literal != NULL) {
        for (unsigned flags = 0; flags <= ZQ_NOT_NULL; flags++) {
            column = one_column(to, of, flags);
            column->def = (zq_default){ZQ_DEFAULT_LITERAL, of->literal};
            add_table(to, column, 1, NULL, 0);
        }
    }
    if (of->sql != NULL) {
        column = one_column(to, of, 0);
        column->def = (zq_default){ZQ_DEFAULT_EXPR, of->sql};
        add_table(to, column, 1, NULL, 0);
    }
    if (of->sql != NULL && strncmp(of->sql, "CURRENT", 7) == 0) {
        column = one_column(to, of, ZQ_NOT_NULL);
        column->def = (zq_default){ZQ_DEFAULT_EXPR, of->sql};
        column->on_update = of->sql;
        add_table(to, column, 1, NULL, 0);
    }
}

static void add_charsets(odd *to, const sample *of)
{
    static const char *const collations[][2] = {
        {"utf8mb4", "utf8mb4_bin"},        {"utf8mb4", "utf8mb4_general_ci"},
        {"utf8mb3", "utf8mb3_general_ci"}, {"latin1", "latin1_swedish_ci"},
        {"latin1", "latin1_bin"},          {"ascii", "ascii_general_ci"},
    };

    for (size_t i = 0; i < ZQ_LEN(collations); i++) {
        zq_column *column = one_column(to, of, 0);

        column->charset = collations[i][0];
        column->collation = collations[i][1];
        add_table(to, column, 1, NULL, 0);
    }
}

static void add_indexes(odd *to, const sample *of)
{
    zq_index *index;

    add_table(to, one_column(to, of, ZQ_NOT_NULL), 1,
              one_index(to, ZQ_PRIMARY, part_of(to, 0, false)), 1);
    add_table(to, one_column(to, of, 0), 1, one_index(to, ZQ_UNIQUE, part_of(to, 0, false)), 1);
    index = one_index(to, ZQ_INDEX, part_of(to, 0, true));
    index->comment = "it's 😀";
    index->flags = ZQ_INVISIBLE;
    add_table(to, one_column(to, of, 0), 1, index, 1);
}

static void add_all_of(odd *to, const sample *of)
{
    zq_column *columns;

    add_table(to, one_column(to, of, 0), 1, NULL, 0);
    columns = one_column(to, of, ZQ_NOT_NULL);
    columns->comment = "it's a 'comment' \\ \"q\" 中 😀?";
    add_table(to, columns, 1, NULL, 0);
    columns = ZQ_NEW_ARRAY(to->arena, zq_column, 2);
    columns[0] = (zq_column){.name = "id", .type = ZQ_INT};
    columns[1] = *one_column(to, of, ZQ_INVISIBLE);
    add_table(to, columns, 2, NULL, 0);
    add_defaults(to, of);
    if (of->is_key)
        add_indexes(to, of);
}

static void add_prefixes(odd *to)
{
    static const sample with_prefix[] = {
        {L(CHAR, 50), NULL, NULL, true},       {L(VARCHAR, 200), NULL, NULL, true},
        {T(TEXT), NULL, NULL, true},           {L(BINARY, 30), NULL, NULL, true},
        {L(VARBINARY, 300), NULL, NULL, true}, {T(BLOB), NULL, NULL, true},
    };

    for (size_t i = 0; i < ZQ_LEN(with_prefix); i++) {
        add_table(to, one_column(to, &with_prefix[i], 0), 1,
                  one_index(to, ZQ_INDEX, part_of(to, 10, false)), 1);
        add_table(to, one_column(to, &with_prefix[i], 0), 1,
                  one_index(to, ZQ_UNIQUE, part_of(to, 20, true)), 1);
    }
}

static const zq_column numbers[] = {
    {"a", ZQ_INT, ZQ_NOT_NULL},
    {"b", ZQ_INT},
};

static const zq_key_part on_a[] = {{.column = "a"}, {.column = NULL}};
static const zq_key_part on_b[] = {{.column = "b"}, {.column = NULL}};
static const char *const just_a[] = {"a", NULL};
static const char *const just_b[] = {"b", NULL};

/* Generated columns, with what expressions are made of. */
static void add_generated(odd *to)
{
    static const char *const expressions[] = {
        "`a` + `b`",
        "(`a` + `b`) * 2",
        "`a` + `b` * 2 - 1",
        "-`a`",
        "`a` = 1 or `b` <> 2",
        "(`a` = 1 or `b` = 2) and `b` is not null",
        "ifnull(`a`,`b`)",
        "`a` div 2",
        "`a` in (1,2,3)",
        "`a` between 1 and 5",
        "if(`a` > `b`,'x','y')",
        "concat('中',`a`)",
        "coalesce(`a`,0) % 7",
        "`a` * (`b` + 1)",
        "not `a`",
    };
    static const sample text = {L(VARCHAR, 50), NULL, NULL, false};

    for (size_t i = 0; i < 2 * ZQ_LEN(expressions); i++) {
        zq_column *columns = ZQ_NEW_ARRAY(to->arena, zq_column, 3);

        memcpy(columns, numbers, sizeof numbers);
        columns[2] = *one_column(to, &text, i % 2 == 0 ? 0 : ZQ_STORED);
        columns[2].generated = expressions[i / 2];
        add_table(to, columns, 3, NULL, 0);
    }
}

static void add_functional(odd *to)
{
    static const char *const expressions[] = {"`a` + `b`", "abs(`a`)", "`a` * 2 + 1"};

    for (size_t i = 0; i < ZQ_LEN(expressions) && live_flavor() == ZQ_MYSQL; i++) {
        zq_key_part *parts = ZQ_NEW_ARRAY(to->arena, zq_key_part, 3);

        parts[0].expression = expressions[i];
        parts[0].descending = i % 2 == 1;
        parts[1].column = "b";
        add_table(to, numbers, 2, one_index(to, ZQ_INDEX, parts), 1);
    }
}

static void add_fulltext(odd *to)
{
    static const sample text = {T(TEXT), NULL, NULL, false};
    zq_index *index = one_index(to, ZQ_FULLTEXT, part_of(to, 0, false));

    add_table(to, one_column(to, &text, 0), 1, index, 1);
    if (live_flavor() != ZQ_MYSQL)
        return;
    index = one_index(to, ZQ_FULLTEXT, part_of(to, 0, false));
    index->parser = "ngram";
    add_table(to, one_column(to, &text, 0), 1, index, 1);
}

/* A parent, and a child for each pair of rules. */
static void add_keys(odd *to)
{
    static const zq_rule rules[] = {ZQ_RESTRICT, ZQ_CASCADE, ZQ_SET_NULL};
    const zq_table *parent = add_table(to, numbers, 2, one_index(to, ZQ_PRIMARY, on_a), 1);

    for (size_t i = 0; i < ZQ_LEN(rules) * ZQ_LEN(rules); i++) {
        zq_foreign_key *key = ZQ_NEW(to->arena, zq_foreign_key);
        zq_table *table = add_table(to, numbers, 2, one_index(to, ZQ_INDEX, on_b), 1);

        *key = (zq_foreign_key){.name = zq_arena_printf(to->arena, "fk `%zu`", i),
                                .columns = just_b,
                                .ref_table = parent->name,
                                .ref_columns = just_a,
                                .on_update = rules[i % 3],
                                .on_delete = rules[i / 3]};
        table->foreign_keys = key;
        table->n_foreign_keys = 1;
    }
}

static void add_names(odd *to)
{
    static const char *const names[] = {"select", "a b", "a`b", "it's", "中文", "\"q\"", "a.b",
                                        "a\\b",   "%",   "?",   "1",    "A",    "/*x*/"};

    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        zq_column *columns = ZQ_NEW_ARRAY(to->arena, zq_column, 2);
        zq_key_part *parts = ZQ_NEW_ARRAY(to->arena, zq_key_part, 2);
        zq_index *index = one_index(to, ZQ_INDEX, parts);
        zq_table *table;

        columns[0] = (zq_column){.name = names[i], .type = ZQ_INT};
        columns[1] = (zq_column){.name = "j", .type = ZQ_JSON};
        parts[0].column = names[i];
        index->name = names[i];
        table = add_table(to, columns, 2, index, 1);
        /* A server may turn the names of tables to lower case. */
        if (strcmp(names[i], "A") != 0)
            table->name = zq_arena_printf(to->arena, "%s_%zu", names[i], i);
        table->comment = names[i];
    }
}

static void add_options(odd *to)
{
    static const struct {
        const char *charset, *collation, *comment;
    } options[] = {
        {"latin1", "latin1_swedish_ci", "é"},
        {"utf8mb4", "utf8mb4_bin", "it's \\ 😀"},
        {"utf8mb3", "utf8mb3_general_ci", ""},
        {"utf8mb4", "utf8mb4_general_ci", "中文?"},
    };
    static const sample text = {L(VARCHAR, 10), NULL, NULL, true};

    for (size_t i = 0; i < ZQ_LEN(options); i++) {
        zq_table *table = add_table(to, one_column(to, &text, 0), 1, NULL, 0);

        table->charset = options[i].charset;
        table->collation = options[i].collation;
        table->comment = options[i].comment;
    }
}

static zq_schema odd_schema(zq_arena *arena)
{
    static const sample text = {L(VARCHAR, 10), NULL, NULL, true};
    odd to = {.arena = arena, .capacity = 1000};
    zq_column *column;

    to.tables = ZQ_NEW_ARRAY(arena, const zq_table *, to.capacity);
    for (size_t i = 0; i < ZQ_LEN(samples); i++)
        add_all_of(&to, &samples[i]);
    add_charsets(&to, &text);
    column = one_column(&to, &samples[9], ZQ_NOT_NULL | ZQ_AUTO_INCREMENT);
    add_table(&to, column, 1, one_index(&to, ZQ_PRIMARY, part_of(&to, 0, false)), 1);
    add_prefixes(&to);
    add_generated(&to);
    add_functional(&to);
    add_fulltext(&to);
    add_keys(&to);
    add_names(&to);
    add_options(&to);
    return (zq_schema){to.tables, to.n};
}

static void create_all(zq_db *db, const char *database, const zq_schema *schema)
{
    live_make_database(db, database);
    for (size_t i = 0; i < schema->n_tables; i++) {
        ZQ_AUTO_SQL(sql);
        const char *text;
        zq_err err = {0};

        zq_ddl_create_table(&sql, schema->tables[i], false, live_flavor());
        cr_assert_eq(zq_sql_finish(&sql, &text, &err), ZQ_OK, "%s", err.message);
        cr_expect_eq(zq_db_exec(db, text, &err), ZQ_OK, "%s: %s", err.detail, text);
    }
}

Test(odd_tables, whatever_the_model_can_say_is_read_back_as_it_was_said, .timeout = 300)
{
    const char *database = live_database("odd");
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_schema wanted = odd_schema(arena);
    zq_catalog catalog;
    zq_err err = {0};

    create_all(db, database, &wanted);
    cr_assert_eq(zq_catalog_read(db, NULL, database, &wanted, arena, &catalog, &err), ZQ_OK,
                 "%s: %s", err.message, err.detail);
    cr_assert_gt(wanted.n_tables, 300);
    for (size_t i = 0; i < wanted.n_tables; i++) {
        const zq_table *found = zq_schema_table(&catalog.schema, wanted.tables[i]->name);
        ZQ_AUTO_BUF(a);
        ZQ_AUTO_BUF(b);

        cr_expect_not_null(found, "%s", wanted.tables[i]->name);
        if (found == NULL)
            continue;
        zq_canon_table(&a, wanted.tables[i]);
        zq_canon_table(&b, found);
        cr_expect_str_eq(zq_buf_text(&a), zq_buf_text(&b));
    }
    live_drop(database);
}

ZQ_LIVE_MAIN
