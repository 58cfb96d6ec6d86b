#include "diff/diff.h"

#include "ops.h"
#include "release.h"

#include <criterion/criterion.h>
#include <string.h>

/* Two small tables to compare, which each test changes in one place. */
typedef struct pair {
    zq_column columns[2][6];
    zq_table tables[2];
} pair;

static void set_up(pair *p)
{
    static const zq_column columns[] = {
        {"a", ZQ_INT, ZQ_NOT_NULL},
        {"b", ZQ_VARCHAR(10)},
        {"c", ZQ_DATETIME},
        {"d", ZQ_TEXT},
        {"e", ZQ_BOOL},
    };

    *p = (pair){0};
    for (int i = 0; i < 2; i++) {
        memcpy(p->columns[i], columns, sizeof columns);
        p->tables[i] = (zq_table){.name = "t", .columns = p->columns[i], .n_columns = 5};
    }
}

/* The differences, one line each: "<operation> <object>: <sentence>[ after <column>]". */
static const char *diff_text(const pair *p, zq_arena *arena)
{
    const char *text = "";
    zq_changes changes;
    zq_err err = {0};

    cr_assert_eq(zq_diff_table(&p->tables[0], &p->tables[1], arena, &changes, &err), ZQ_OK, "%s",
                 err.message);
    for (size_t i = 0; i < changes.n; i++)
        text = zq_arena_printf(arena, "%s%s %s\n", text, ops[changes.items[i].op].name,
                               zq_change_say(&changes.items[i], arena));
    return text;
}

static void assert_diff(const pair *p, const char *expected)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    cr_assert_str_eq(diff_text(p, arena), expected);
}

/* Put the columns of the table that is there into the order of `names`, a letter each; others are
 * left out, and an unknown letter is a column of its own. */
static void order_actual(pair *p, const char *names)
{
    zq_column all[6];
    size_t n = strlen(names);

    memcpy(all, p->columns[0], sizeof all);
    for (size_t i = 0; i < n; i++) {
        static const char *const others[] = {"v", "w", "x", "y", "z"};

        if (names[i] >= 'a' && names[i] <= 'e')
            p->columns[1][i] = all[names[i] - 'a'];
        else
            p->columns[1][i] = (zq_column){others[names[i] - 'v'], ZQ_INT};
    }
    p->tables[1].n_columns = n;
}

/* ---- operations ---- */

Test(diff, the_reverse_of_a_reverse_is_the_operation)
{
    for (zq_op op = ZQ_OP_CREATE_TABLE; op <= ZQ_OP_DROP_EXTRA; op++)
        cr_assert_eq(ops[ops[op].reverse].reverse, op, "%s", ops[op].name);
    cr_assert_eq(ops[ZQ_OP_ADD_COLUMN].reverse, ZQ_OP_DROP_COLUMN);
    cr_assert_str_eq(zq_op_kind(ZQ_OP_ADD_COLUMN), "missing-column");
}

/* ---- columns ---- */

Test(diff, equal_tables_do_not_differ)
{
    pair p;

    set_up(&p);
    assert_diff(&p, "");
}

Test(diff, what_is_the_default_is_the_same_said_or_not)
{
    pair p;

    set_up(&p);
    p.tables[1].engine = "InnoDB";
    p.tables[1].charset = "utf8mb4";
    p.tables[1].collation = "utf8mb4_unicode_ci";
    p.tables[1].comment = "";
    p.columns[1][1].charset = "utf8mb4";
    p.columns[1][1].collation = "utf8mb4_unicode_ci";
    p.columns[1][0].comment = "";
    assert_diff(&p, "");
}

Test(diff, each_property_of_a_column_that_differs_is_named_and_no_other)
{
    pair p;

    set_up(&p);
    p.columns[1][1] = (zq_column){.name = "b",
                                  .type = ZQ_VARCHAR(20),
                                  .flags = ZQ_NOT_NULL,
                                  .comment = "it's",
                                  .def = ZQ_DEFAULT("x")};
    p.columns[1][2].on_update = "CURRENT_TIMESTAMP";
    p.columns[1][3].charset = "latin1";
    p.columns[1][3].collation = "latin1_bin";
    p.columns[1][4].flags = ZQ_INVISIBLE;
    assert_diff(&p, "alter-column column 'b': expected varchar(10), NULL, no default, no comment, "
                    "found varchar(20), NOT NULL, default 'x', comment 'it''s'\n"
                    "alter-column column 'c': expected no on update, found on update "
                    "CURRENT_TIMESTAMP\n"
                    "alter-column column 'd': expected charset utf8mb4, collation "
                    "utf8mb4_unicode_ci, found charset latin1, collation latin1_bin\n"
                    "alter-column column 'e': expected visible, found invisible\n");
}

Test(diff, a_default_text_is_not_taken_for_an_expression)
{
    pair p;

    set_up(&p);
    p.columns[0][2].def = (zq_default)ZQ_DEFAULT("CURRENT_TIMESTAMP");
    p.columns[1][2].def = (zq_default)ZQ_DEFAULT_SQL("CURRENT_TIMESTAMP");
    assert_diff(&p, "alter-column column 'c': expected default 'CURRENT_TIMESTAMP', found default "
                    "CURRENT_TIMESTAMP\n");
}

Test(diff, a_generated_column_that_is_kept_otherwise_differs)
{
    pair p;

    set_up(&p);
    p.columns[0][4].generated = "`a` > 0";
    p.columns[0][4].flags = ZQ_STORED;
    p.columns[1][4].generated = "`a` > 0";
    assert_diff(&p, "alter-column column 'e': expected generated as (`a` > 0) stored, found "
                    "generated as (`a` > 0) virtual\n");
}

Test(diff, a_column_that_turned_into_a_number_is_not_said_to_have_lost_its_charset)
{
    pair p;

    set_up(&p);
    p.columns[1][1].type = (zq_type)ZQ_INT;
    assert_diff(&p, "alter-column column 'b': expected varchar(10), found int\n");
}

Test(diff, a_missing_column_and_one_too_many_are_described_in_full)
{
    pair p;

    set_up(&p);
    p.columns[0][1].flags = ZQ_NOT_NULL;
    p.columns[0][1].comment = "x";
    order_actual(&p, "acdez");
    assert_diff(&p, "drop-column column 'z' should not be there: int, NULL\n"
                    "add-column column 'b' is missing: varchar(10), NOT NULL, comment 'x', after "
                    "'a'\n");
}

/* ---- order of columns ---- */

Test(diff, a_column_inserted_in_the_middle_moves_no_other)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_changes changes;
    pair p;

    set_up(&p);
    order_actual(&p, "abde");
    assert_diff(&p, "add-column column 'c' is missing: datetime, NULL, after 'b'\n");
    cr_assert_eq(zq_diff_table(&p.tables[0], &p.tables[1], arena, &changes, NULL), ZQ_OK);
    cr_assert_str_eq(changes.items[0].after, "b");
}

Test(diff, a_missing_first_column_is_wanted_first)
{
    pair p;

    set_up(&p);
    order_actual(&p, "bcde");
    assert_diff(&p, "add-column column 'a' is missing: int, NOT NULL, first\n");
}

Test(diff, a_column_too_many_moves_no_other)
{
    pair p;

    set_up(&p);
    order_actual(&p, "abzcde");
    assert_diff(&p, "drop-column column 'z' should not be there: int, NULL\n");
}

Test(diff, a_moved_column_is_one_difference)
{
    pair p;

    set_up(&p);
    order_actual(&p, "eabcd");
    assert_diff(&p, "move-column column 'e': expected after 'd', found first\n");
    order_actual(&p, "bcdea");
    assert_diff(&p, "move-column column 'a': expected first, found after 'e'\n");
    order_actual(&p, "acdbe");
    assert_diff(&p, "move-column column 'b': expected after 'a', found after 'd'\n");
}

Test(diff, a_column_may_move_and_change_at_once)
{
    pair p;

    set_up(&p);
    order_actual(&p, "acdbe");
    p.columns[1][3].type = (zq_type)ZQ_VARCHAR(99);
    assert_diff(&p, "move-column column 'b': expected after 'a', found after 'd'\n"
                    "alter-column column 'b': expected varchar(10), found varchar(99)\n");
}

/* Every order of five columns: what is reported, done in its order, gives the wanted order, and no
 * fewer moves could: a longest rising subsequence stays. */
static void apply_moves(char *order, const zq_changes *changes)
{
    for (size_t i = 0; i < changes->n; i++) {
        const zq_change *change = &changes->items[i];
        char *at = strchr(order, change->object[0]);
        size_t to;

        cr_assert_eq(change->op, ZQ_OP_MOVE_COLUMN);
        memmove(at, at + 1, strlen(at));
        to = change->after == NULL ? 0 : (size_t)(strchr(order, change->after[0]) - order) + 1;
        memmove(order + to + 1, order + to, strlen(order + to) + 1);
        order[to] = change->object[0];
    }
}

static size_t longest_rising(const char *order)
{
    size_t best = 0;

    for (unsigned subset = 0; subset < 32; subset++) {
        char last = 0;
        size_t n = 0;

        for (size_t i = 0; i < 5; i++) {
            if (!(subset & (1u << i)))
                continue;
            if (order[i] < last) {
                n = 0;
                break;
            }
            last = order[i];
            n++;
        }
        best = n > best ? n : best;
    }
    return best;
}

static void check_order(const char *order)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_changes changes;
    char moved[8];
    pair p;

    set_up(&p);
    order_actual(&p, order);
    cr_assert_eq(zq_diff_table(&p.tables[0], &p.tables[1], arena, &changes, NULL), ZQ_OK);
    cr_assert_eq(changes.n, 5 - longest_rising(order), "%s: %zu moves", order, changes.n);
    strcpy(moved, order);
    apply_moves(moved, &changes);
    cr_assert_str_eq(moved, "abcde", "%s became %s", order, moved);
}

static void each_order(char *order, size_t fixed, int *count)
{
    if (fixed == 5) {
        check_order(order);
        ++*count;
        return;
    }
    for (size_t i = fixed; i < 5; i++) {
        char swap = order[fixed];

        order[fixed] = order[i];
        order[i] = swap;
        each_order(order, fixed + 1, count);
        order[i] = order[fixed];
        order[fixed] = swap;
    }
}

Test(diff, of_every_order_the_fewest_columns_move_and_end_where_they_should)
{
    char order[] = "abcde";
    int count = 0;

    each_order(order, 0, &count);
    cr_assert_eq(count, 120);
}

/* ---- indexes and keys ---- */

Test(diff, indexes_are_compared_by_name_in_every_part)
{
    static const zq_key_part prefix[] = {{.column = "b", .length = 5}, {0}};
    static const zq_key_part down[] = {{.column = "b", .descending = true}, {0}};
    const zq_index desired[] = {
        {"PRIMARY", ZQ_PRIMARY, ZQ_ON("a")},
        {"i1", ZQ_UNIQUE, ZQ_ON("b")},
        {"i2", ZQ_INDEX, ZQ_ON("b", "c")},
        {"i3", ZQ_INDEX, prefix},
        {"i4", ZQ_INDEX, down},
        {"i5", ZQ_INDEX, ZQ_ON("c")},
        {"i6", ZQ_INDEX, ZQ_ON("c")},
    };
    const zq_index actual[] = {
        {"i6", ZQ_INDEX, ZQ_ON("c"), ZQ_INVISIBLE, "x"},
        {"i7", ZQ_FULLTEXT, ZQ_ON("d"), 0, "x", "ngram"},
        {"PRIMARY", ZQ_PRIMARY, ZQ_ON("a", "b")},
        {"i1", ZQ_INDEX, ZQ_ON("b")},
        {"i2", ZQ_INDEX, ZQ_ON("c", "b")},
        {"i3", ZQ_INDEX, ZQ_ON("b")},
        {"i4", ZQ_INDEX, ZQ_ON("b")},
    };
    pair p;

    set_up(&p);
    p.tables[0].indexes = desired;
    p.tables[0].n_indexes = ZQ_LEN(desired);
    p.tables[1].indexes = actual;
    p.tables[1].n_indexes = ZQ_LEN(actual);
    assert_diff(&p,
                "alter-index primary key: expected on (a), found on (a, b)\n"
                "alter-index unique index 'i1': expected unique, found not unique\n"
                "alter-index index 'i2': expected on (b, c), found on (c, b)\n"
                "alter-index index 'i3': expected on (b(5)), found on (b)\n"
                "alter-index index 'i4': expected on (b desc), found on (b)\n"
                "add-index index 'i5' is missing: on (c)\n"
                "alter-index index 'i6': expected visible, no comment, found invisible, comment "
                "'x'\n"
                "drop-index fulltext index 'i7' should not be there: on (d), parser ngram, "
                "comment 'x'\n");
}

Test(diff, foreign_keys_are_compared_by_name_in_every_part)
{
    const zq_foreign_key desired[] = {
        {"f1", ZQ_COLS("a"), "t", ZQ_COLS("x")},
        {"f2", ZQ_COLS("a"), "t", ZQ_COLS("x"), ZQ_RESTRICT, ZQ_CASCADE},
        {"f3", ZQ_COLS("a"), "t", ZQ_COLS("x"), ZQ_CASCADE, ZQ_RESTRICT},
    };
    const zq_foreign_key actual[] = {
        {"f4", ZQ_COLS("a"), "t", ZQ_COLS("x"), .ref_schema = "o"},
        {"f2", ZQ_COLS("b"), "u", ZQ_COLS("y")},
        {"f1", ZQ_COLS("a"), "t", ZQ_COLS("x")},
    };
    pair p;

    set_up(&p);
    p.tables[0].foreign_keys = desired;
    p.tables[0].n_foreign_keys = ZQ_LEN(desired);
    p.tables[1].foreign_keys = actual;
    p.tables[1].n_foreign_keys = ZQ_LEN(actual);
    assert_diff(&p, "alter-foreign-key foreign key 'f2': expected on (a), references t (x), on "
                    "delete CASCADE, on update RESTRICT, found on (b), references u (y), on "
                    "delete RESTRICT, on update RESTRICT\n"
                    "add-foreign-key foreign key 'f3' is missing: on (a), references t (x), on "
                    "delete RESTRICT, on update CASCADE\n"
                    "drop-foreign-key foreign key 'f4' should not be there: on (a), references "
                    "o.t (x)\n");
}

/* ---- tables ---- */

Test(diff, engine_charset_collation_and_comment_of_a_table_are_compared)
{
    pair p;

    set_up(&p);
    p.tables[0].comment = "orders";
    p.tables[1].engine = "MyISAM";
    p.tables[1].collation = "utf8mb4_bin";
    for (int i = 0; i < 5; i++)
        p.columns[1][i].collation = "utf8mb4_unicode_ci";
    assert_diff(&p, "alter-table table 't': expected engine InnoDB, collation utf8mb4_unicode_ci, "
                    "comment 'orders', found engine MyISAM, collation utf8mb4_bin, no comment\n");
}

Test(diff, what_the_model_cannot_express_is_reported)
{
    static const zq_extra desired[] = {{"check", "c1", "`a` > 0"}};
    static const zq_extra actual[] = {{"partitions", "", "PARTITION BY HASH (`a`)"},
                                      {"check", "c1", "`a` > 1"}};
    pair p;

    set_up(&p);
    p.tables[0].extras = desired;
    p.tables[0].n_extras = 1;
    p.tables[1].extras = actual;
    p.tables[1].n_extras = 2;
    assert_diff(&p, "add-extra check 'c1' is missing: `a` > 0\n"
                    "drop-extra check 'c1' should not be there: `a` > 1\n"
                    "drop-extra partitions should not be there: PARTITION BY HASH (`a`)\n");
}

Test(diff, a_view_in_the_place_of_a_table_is_one_difference)
{
    static const zq_extra extras[] = {{"view", "", ""}};
    pair p;

    set_up(&p);
    p.tables[1] = (zq_table){.name = "t", .extras = extras, .n_extras = 1};
    assert_diff(&p, "alter-table table 't': expected a table, found a view\n");
}

Test(diff, tables_missing_and_too_many_are_found_in_any_order)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    static const zq_column column[] = {{"a", ZQ_INT}};
    static const zq_table a = {.name = "a", .columns = column, .n_columns = 1};
    static const zq_table b = {.name = "b", .columns = column, .n_columns = 1};
    static const zq_table c = {.name = "c", .columns = column, .n_columns = 1};
    const zq_table *desired[] = {&c, &b}, *actual[] = {&b, &a};
    const zq_schema to = {desired, 2}, from = {actual, 2};
    zq_changes changes;

    cr_assert_eq(zq_diff(&to, &from, arena, &changes, NULL), ZQ_OK);
    cr_assert_eq(changes.n, 2);
    cr_assert_str_eq(zq_change_say(&changes.items[0], arena),
                     "table 'a' should not be there: 1 column, no indexes, no foreign keys");
    cr_assert_str_eq(zq_change_say(&changes.items[1], arena),
                     "table 'c' is missing: 1 column, no indexes, no foreign keys");
    cr_assert_null(changes.items[1].object);
    cr_assert_str_eq(zq_change_say_in(ZQ_USERS_LANGUAGE, &changes.items[1], arena),
                     zq_change_say(&changes.items[1], arena));
    zq_language_set("zh_CN.UTF-8");
    cr_expect_str_eq(zq_change_say_in(ZQ_USERS_LANGUAGE, &changes.items[0], arena),
                     "表 'a' 不应存在：1 列，0 个索引，0 个外键");
    cr_expect_str_eq(zq_change_say_in(ZQ_USERS_LANGUAGE, &changes.items[1], arena),
                     "表 'c' 缺失：1 列，0 个索引，0 个外键");
    cr_expect_str_eq(zq_change_say(&changes.items[1], arena),
                     "table 'c' is missing: 1 column, no indexes, no foreign keys");
    zq_language_set(NULL);
}

Test(diff, a_difference_is_told_in_the_users_language_and_a_definition_in_that_of_sql)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_index unique = {.name = "u", .kind = ZQ_UNIQUE};
    const zq_extra check = {.kind = "CHECK", .name = "c"};
    const struct {
        zq_change change;
        const char *said;
    } cases[] = {
        {{.op = ZQ_OP_ALTER_COLUMN,
          .object = "a",
          .expected = "varchar(50), NOT NULL",
          .found = "varchar(60), NULL"},
         "列 'a'：应为 varchar(50), NOT NULL，实为 varchar(60), NULL"},
        {{.op = ZQ_OP_ALTER_COLUMN,
          .object = "a",
          .expected = "no default",
          .found = "default '1'"},
         "列 'a'：应为 没有默认值，实为 default '1'"},
        {{.op = ZQ_OP_RENAME_COLUMN, .object = "{found}", .expected = "{found}", .found = "b"},
         "列 '{found}' 仍名为 'b'"},
        {{.op = ZQ_OP_DROP_INDEX, .from = &unique, .expected = "", .found = "on (a)"},
         "唯一索引 'u' 不应存在：on (a)"},
        {{.op = ZQ_OP_ADD_EXTRA, .to = &check, .expected = "a > 0", .found = ""},
         "CHECK 'c' 缺失：a > 0"},
    };

    zq_language_set("zh_CN.UTF-8");
    for (size_t i = 0; i < ZQ_LEN(cases); i++)
        cr_expect_str_eq(zq_change_say_in(ZQ_USERS_LANGUAGE, &cases[i].change, arena),
                         cases[i].said);
    zq_language_set(NULL);
}

Test(diff, what_is_wanted_against_nothing_is_a_fresh_install)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_schema nothing = {0};
    zq_changes changes;

    cr_assert_eq(zq_diff(&zq_schema_head, &nothing, arena, &changes, NULL), ZQ_OK);
    cr_assert_eq(changes.n, zq_schema_head.n_tables);
    for (size_t i = 0; i < changes.n; i++) {
        cr_assert_eq(changes.items[i].op, ZQ_OP_CREATE_TABLE);
        cr_assert(i == 0 || strcmp(changes.items[i - 1].table, changes.items[i].table) < 0);
    }
    cr_assert_eq(zq_diff(&zq_schema_head, &zq_schema_head, arena, &changes, NULL), ZQ_OK);
    cr_assert_eq(changes.n, 0);
}

/* ---- what contradicts itself ---- */

Test(diff, a_name_given_twice_is_an_error_of_the_model)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    static const zq_column columns[] = {{"a", ZQ_INT}, {"a", ZQ_INT}};
    static const zq_table bad = {.name = "t", .columns = columns, .n_columns = 2};
    static const zq_table good = {.name = "t", .columns = columns, .n_columns = 1};
    const zq_table *one[] = {&bad}, *two[] = {&good, &good};
    const zq_schema schema = {one, 1}, twice = {two, 2}, nothing = {0};
    zq_changes changes = {.n = 99};
    zq_err err = {0};

    cr_assert_eq(zq_diff(&schema, &nothing, arena, &changes, &err), ZQ_E_MODEL);
    cr_assert_str_eq(err.message, "table 't' has two columns 'a'");
    cr_assert_eq(zq_diff(&twice, &nothing, arena, &changes, &err), ZQ_E_MODEL);
    cr_assert_str_eq(err.message, "two tables are called 't'");
    cr_assert_eq(changes.n, 99);
}
