/* What zq_plan_changes writes, and that it leads from one table to the other: each statement is
 * read back by the prediction. */
#include "diff/plan.h"

#include "diff/diff.h"
#include "diff/rename.h"
#include "model/canon.h"
#include "sql/alter/predict.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { ROUNDS = 4000, N_NAMES = 6 };

static unsigned long long state = 20261127;

static unsigned random_below(unsigned n)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(state >> 33) % n;
}

#define ANY(list) ((list)[random_below(ZQ_LEN(list))])

/* ---- tables in the form in which the servers have them ---- */

static zq_column any_column(const char *name)
{
    static const char *const ab[] = {"a", "b", NULL}, *const abc[] = {"a", "b", "c", NULL};
    static const zq_column columns[] = {
        {.type = ZQ_INT},
        {.type = ZQ_INT, .flags = ZQ_NOT_NULL},
        {.type = ZQ_INT, .def = ZQ_DEFAULT("7")},
        {.type = ZQ_BIGINT, .flags = ZQ_NOT_NULL, .def = ZQ_DEFAULT("0")},
        {.type = ZQ_DECIMAL(10, 2), .def = ZQ_DEFAULT("1.50")},
        {.type = ZQ_VARCHAR(20), .comment = "it's a \\"},
        {.type = ZQ_VARCHAR(20), .charset = "latin1", .collation = "latin1_bin"},
        {.type = ZQ_VARCHAR(40), .flags = ZQ_NOT_NULL, .def = ZQ_DEFAULT("a'b\\")},
        {.type = ZQ_CHAR(3), .flags = ZQ_INVISIBLE},
        {.type = ZQ_DATETIME, .def = ZQ_DEFAULT_SQL("CURRENT_TIMESTAMP")},
        {.type = {.kind = ZQ_TYPE_ENUM, .values = ab}, .def = ZQ_DEFAULT("b")},
        {.type = {.kind = ZQ_TYPE_ENUM, .values = abc}},
        {.type = ZQ_INT, .generated = "`id` + 1"},
        {.type = ZQ_INT, .generated = "`id` + 2", .flags = ZQ_STORED},
        {.type = ZQ_DOUBLE},
    };
    zq_column column = ANY(columns);

    column.name = name;
    return column;
}

/* `id` and some of a to f, in any order. */
static void add_columns(zq_table *table, zq_arena *arena)
{
    static const char *const names[N_NAMES] = {"a", "b", "c", "d", "e", "f"};
    zq_column *columns = ZQ_NEW_ARRAY(arena, zq_column, N_NAMES + 1);

    columns[table->n_columns++] = (zq_column){"id", ZQ_INT, ZQ_NOT_NULL};
    for (unsigned i = 0; i < N_NAMES; i++) {
        const size_t at = random_below((unsigned)table->n_columns + 1);

        if (random_below(4) == 0)
            continue;
        memmove(columns + at + 1, columns + at, (table->n_columns - at) * sizeof *columns);
        columns[at] = any_column(names[i]);
        table->n_columns++;
    }
    table->columns = columns;
}

static const zq_key_part *any_parts(const zq_table *table, zq_arena *arena)
{
    zq_key_part *parts = ZQ_NEW_ARRAY(arena, zq_key_part, 3);
    const size_t first = random_below((unsigned)table->n_columns);
    const size_t second = random_below((unsigned)table->n_columns);

    parts[0].column = table->columns[first].name;
    if (second != first)
        parts[1].column = table->columns[second].name;
    return parts;
}

static void add_indexes(zq_table *table, zq_arena *arena)
{
    static const char *const names[] = {"i", "j", "k"};
    static const zq_key_part on_id[] = {{.column = "id"}, {.column = NULL}};
    zq_index *indexes = ZQ_NEW_ARRAY(arena, zq_index, ZQ_LEN(names) + 2);

    if (random_below(4) != 0)
        indexes[table->n_indexes++] = (zq_index){"PRIMARY", ZQ_PRIMARY, on_id};
    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        if (random_below(2) == 0)
            continue;
        indexes[table->n_indexes++] = (zq_index){
            .name = names[i],
            .kind = random_below(3) == 0 ? ZQ_UNIQUE : ZQ_INDEX,
            .parts = any_parts(table, arena),
            .comment = random_below(3) == 0 ? "of some use" : NULL,
            .flags = random_below(5) == 0 ? ZQ_INVISIBLE : 0,
        };
    }
    indexes[table->n_indexes++] = (zq_index){"to_u", ZQ_INDEX, on_id};
    table->indexes = indexes;
}

static void add_key(zq_table *table, zq_arena *arena)
{
    static const char *const id[] = {"id", NULL};
    static const zq_rule rules[] = {ZQ_RESTRICT, ZQ_CASCADE};
    zq_foreign_key *key = ZQ_NEW(arena, zq_foreign_key);

    *key = (zq_foreign_key){.name = random_below(3) == 0 ? "x" : "y",
                            .columns = id,
                            .ref_table = "u",
                            .ref_columns = id,
                            .on_delete = ANY(rules)};
    table->foreign_keys = key;
    table->n_foreign_keys = random_below(3) != 0;
}

static zq_table any_table(zq_arena *arena)
{
    static const char *const collations[] = {"utf8mb4_unicode_ci", "utf8mb4_bin"};
    zq_table table = {
        .name = "t",
        .comment = random_below(3) == 0 ? "a table" : NULL,
        .engine = "InnoDB",
        .charset = "utf8mb4",
        .collation = ANY(collations),
    };

    add_columns(&table, arena);
    add_indexes(&table, arena);
    add_key(&table, arena);
    return table;
}

/* ---- there and back ---- */

static const char *form(const zq_table *table, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    zq_canon_table(&out, table);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

static const char *all_text(const zq_steps *steps, zq_arena *arena)
{
    const char *text = "";

    for (size_t i = 0; i < steps->n; i++)
        text = zq_arena_printf(arena, "%s%u: %s;\n", text, steps->items[i].stage,
                               steps->items[i].text);
    return text;
}

/* What the statements make of `before`, one after the other; false when that is not known. */
static bool predict(const zq_steps *steps, zq_flavor flavor, const zq_table *before,
                    zq_arena *arena, zq_table *out)
{
    *out = *before;
    for (size_t i = 0; i < steps->n; i++) {
        const char *text = steps->items[i].text;
        const zq_table now = *out;
        const zq_prediction prediction = zq_predict(text, strlen(text), flavor, &now, arena, out);

        cr_assert_neq(prediction, ZQ_PREDICTION_REFUSED, "%s: the table %s\n%s", text,
                      zq_predict_obstacle(text, strlen(text), flavor, &now, arena),
                      form(&now, arena));
        if (prediction == ZQ_PREDICTION_UNKNOWN)
            return false;
    }
    return true;
}

/* Plans the way from one to the other; gives whether it was known where it leads. */
static bool leads(const zq_table *from, const zq_table *to, zq_plan_direction direction,
                  zq_flavor flavor, zq_arena *arena)
{
    const bool back = direction == ZQ_PLAN_BACK;
    zq_changes changes;
    zq_steps steps;
    zq_table got;
    zq_err err = {0};

    cr_assert_eq(zq_diff_table(back ? from : to, back ? to : from, arena, &changes, &err), ZQ_OK);
    if (zq_plan_changes(&changes, direction, flavor, arena, &steps, &err) != ZQ_OK) {
        /* A column that is virtual on one side, NOT NULL and generated on MariaDB ... */
        cr_assert_eq(err.code, ZQ_E_DATA, "%s", err.message);
        return false;
    }
    if (!predict(&steps, flavor, from, arena, &got))
        return false;
    cr_assert_str_eq(form(&got, arena), form(to, arena), "from\n%s\nby\n%s", form(from, arena),
                     all_text(&steps, arena));
    return true;
}

Test(plan_changes, what_the_prediction_makes_of_a_plan_is_the_desired_table)
{
    static const zq_flavor flavors[] = {ZQ_MYSQL, ZQ_MARIADB};

    for (size_t f = 0; f < ZQ_LEN(flavors); f++) {
        unsigned known = 0;

        for (unsigned round = 0; round < ROUNDS; round++) {
            ZQ_AUTO(zq_arena) arena = zq_arena_open();
            const zq_table one = any_table(arena), two = any_table(arena);

            known += leads(&one, &two, ZQ_PLAN_FORTH, flavors[f], arena);
            known += leads(&two, &one, ZQ_PLAN_BACK, flavors[f], arena);
        }
        cr_assert_gt(known, ROUNDS / 4, "%u of %d", known, 2 * ROUNDS);
    }
}

/* Some of its columns and indexes say that they were others; never two that they were the same. */
static void mark_some(zq_table *table)
{
    static const char *const columns[] = {"a", "b", "c", "d", "e", "f"};
    static const char *const indexes[] = {"i", "j", "k"};
    zq_err err;

    for (size_t i = 1; i < table->n_columns; i++) {
        zq_column *column = (zq_column *)&table->columns[i];

        column->was = random_below(3) == 0 ? ANY(columns) : NULL;
        if (zq_renaming_check(table, &err) != ZQ_OK)
            column->was = NULL;
    }
    for (size_t i = 0; i < table->n_indexes; i++) {
        zq_index *index = (zq_index *)&table->indexes[i];

        index->was = random_below(3) == 0 ? ANY(indexes) : NULL;
        if (zq_renaming_check(table, &err) != ZQ_OK)
            index->was = NULL;
    }
}

Test(plan_changes, renames_lead_there_and_back_too)
{
    static const zq_flavor flavors[] = {ZQ_MYSQL, ZQ_MARIADB};

    for (size_t f = 0; f < ZQ_LEN(flavors); f++) {
        unsigned known = 0, renames = 0;

        for (unsigned round = 0; round < ROUNDS; round++) {
            ZQ_AUTO(zq_arena) arena = zq_arena_open();
            const zq_table one = any_table(arena);
            zq_table two = any_table(arena);

            mark_some(&two);
            renames += zq_renaming_of(&two, &one, false, arena).renames;
            known += leads(&one, &two, ZQ_PLAN_FORTH, flavors[f], arena);
            known += leads(&two, &one, ZQ_PLAN_BACK, flavors[f], arena);
        }
        cr_assert_gt(known, ROUNDS / 4, "%u of %d", known, 2 * ROUNDS);
        cr_assert_gt(renames, ROUNDS / 10, "%u of %d", renames, ROUNDS);
    }
}

/* ---- words ---- */

static const char *plan_between(const char *actual, const char *desired,
                                zq_plan_direction direction, zq_arena *arena)
{
    const zq_schema *from, *to;
    zq_changes changes;
    zq_steps steps;
    zq_err err = {0};

    cr_assert_eq(zq_canon_parse(actual, strlen(actual), arena, &from, &err), ZQ_OK, "%s",
                 err.message);
    cr_assert_eq(zq_canon_parse(desired, strlen(desired), arena, &to, &err), ZQ_OK, "%s",
                 err.message);
    cr_assert_eq(zq_diff(to, from, arena, &changes, &err), ZQ_OK);
    if (zq_plan_changes(&changes, direction, ZQ_MYSQL, arena, &steps, &err) != ZQ_OK)
        return zq_arena_printf(arena, "%s", err.message);
    return all_text(&steps, arena);
}

#define TABLE(name) "table " name " engine InnoDB charset utf8mb4 collate utf8mb4_unicode_ci\n"
#define OPTIONS "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"

static const char owner[] = TABLE("owner") "  column id int not null\n"
                                           "  primary key (id)\n";

Test(plan_changes, all_that_differs_in_a_table_is_one_statement_and_keys_are_two_more)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    static const char before[] = TABLE("t") "  column id int not null\n"
                                            "  column a int\n"
                                            "  column b varchar(10)\n"
                                            "  column c int\n"
                                            "  primary key (id)\n"
                                            "  key i (a)\n"
                                            "  key k (id)\n"
                                            "  foreign key f (id) references owner (id)\n";
    static const char after[] =
        TABLE("t") "  column id int not null\n"
                   "  column b varchar(20) not null\n"
                   "  column a bigint\n"
                   "  column d datetime\n"
                   "  primary key (id)\n"
                   "  key i (a, b)\n"
                   "  key k (id)\n"
                   "  foreign key f (id) references owner (id) on delete cascade\n";

    cr_expect_str_eq(
        plan_between(before, after, ZQ_PLAN_FORTH, arena),
        "1: ALTER TABLE `t`\n"
        "    DROP FOREIGN KEY `f`;\n"
        "2: ALTER TABLE `t`\n"
        "    DROP COLUMN `c`,\n"
        "    MODIFY COLUMN `b` varchar(20) NOT NULL,\n"
        "    MODIFY COLUMN `a` bigint AFTER `b`,\n"
        "    ADD COLUMN `d` datetime AFTER `a`,\n"
        "    DROP INDEX `i`,\n"
        "    ADD KEY `i` (`a`,`b`);\n"
        "3: ALTER TABLE `t`\n"
        "    ADD CONSTRAINT `f` FOREIGN KEY (`id`) REFERENCES `owner` (`id`) ON DELETE CASCADE;\n");
    cr_expect_str_eq(plan_between(before, before, ZQ_PLAN_FORTH, arena), "");
}

Test(plan_changes, tables_are_made_and_dropped_without_regard_to_who_refers_to_whom)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *both = zq_arena_printf(arena, "%s\n%s", owner,
                                       TABLE("t") "  column id int not null\n"
                                                  "  primary key (id)\n"
                                                  "  foreign key f (id) references owner (id)\n");

    cr_expect_str_eq(
        plan_between("", both, ZQ_PLAN_FORTH, arena),
        "2: CREATE TABLE `owner` (\n  `id` int NOT NULL,\n  PRIMARY KEY (`id`)\n) " OPTIONS ";\n"
        "2: CREATE TABLE `t` (\n  `id` int NOT NULL,\n  PRIMARY KEY (`id`)\n) " OPTIONS ";\n"
        "3: ALTER TABLE `t`\n"
        "    ADD CONSTRAINT `f` FOREIGN KEY (`id`) REFERENCES `owner` (`id`);\n");
    cr_expect_str_eq(plan_between("", both, ZQ_PLAN_BACK, arena), "1: ALTER TABLE `t`\n"
                                                                  "    DROP FOREIGN KEY `f`;\n"
                                                                  "2: DROP TABLE `owner`;\n"
                                                                  "2: DROP TABLE `t`;\n");
}

Test(plan_changes, a_key_stands_aside_while_a_column_of_it_gets_another_type)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    static const char *const types[] = {"int", "bigint"};
    const char *sides[2];

    for (size_t i = 0; i < ZQ_LEN(types); i++)
        sides[i] = zq_arena_printf(arena,
                                   TABLE("owner") "  column id %s not null\n"
                                                  "  column note varchar(%zu)\n"
                                                  "  primary key (id)\n"
                                                  "\n" TABLE("t") "  column id %s not null\n"
                                                                  "  primary key (id)\n"
                                                                  "  foreign key f (id) references "
                                                                  "owner (id)\n",
                                   types[i], 10 + i, types[i]);
    cr_expect_str_eq(plan_between(sides[0], sides[1], ZQ_PLAN_FORTH, arena),
                     "1: ALTER TABLE `t`\n"
                     "    DROP FOREIGN KEY `f`;\n"
                     "2: ALTER TABLE `owner`\n"
                     "    MODIFY COLUMN `id` bigint NOT NULL,\n"
                     "    MODIFY COLUMN `note` varchar(11);\n"
                     "2: ALTER TABLE `t`\n"
                     "    MODIFY COLUMN `id` bigint NOT NULL;\n"
                     "3: ALTER TABLE `t`\n"
                     "    ADD CONSTRAINT `f` FOREIGN KEY (`id`) REFERENCES `owner` (`id`);\n");
}

Test(plan_changes, what_no_statement_can_do_is_refused_by_name)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    static const char without[] = TABLE("t") "  column id int not null\n";
    static const char with[] = TABLE("t") "  column id int not null\n"
                                          "  extra check c \"`id` > 0\"\n";
    static const char plain[] = TABLE("t") "  column id int not null\n"
                                           "  column v int\n";
    static const char virtual[] = TABLE("t") "  column id int not null\n"
                                             "  column v int as \"`id` + 1\" virtual\n";

    cr_expect_str_eq(
        plan_between(without, with, ZQ_PLAN_FORTH, arena),
        "table 't' cannot be written as SQL: a table has what the model cannot make: '`id` > 0'");
    cr_expect_str_eq(plan_between(plain, virtual, ZQ_PLAN_FORTH, arena),
                     "table 't' cannot be written as SQL: a column cannot become virtual, or stop "
                     "being it: 'v'");
}

Test(plan_changes, a_rename_is_said_once_with_all_else_that_differs)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    static const char before[] = TABLE("t") "  column id int not null\n"
                                            "  column created_at datetime\n"
                                            "  column note varchar(10)\n"
                                            "  primary key (id)\n"
                                            "  key i (created_at)\n"
                                            "  key k (note)\n";
    static const char after[] =
        TABLE("t") "  column id int not null\n"
                   "  column created_time datetime not null was created_at\n"
                   "  column remark varchar(10) was note\n"
                   "  primary key (id)\n"
                   "  key ix_created_time (created_time) was i\n"
                   "  key k (remark, id)\n";

    cr_expect_str_eq(plan_between(before, after, ZQ_PLAN_FORTH, arena),
                     "2: ALTER TABLE `t`\n"
                     "    RENAME COLUMN `note` TO `remark`,\n"
                     "    CHANGE COLUMN `created_at` `created_time` datetime NOT NULL,\n"
                     "    RENAME INDEX `i` TO `ix_created_time`,\n"
                     "    DROP INDEX `k`,\n"
                     "    ADD KEY `k` (`remark`,`id`);\n");
    cr_expect_str_eq(plan_between(before, after, ZQ_PLAN_BACK, arena),
                     "2: ALTER TABLE `t`\n"
                     "    RENAME COLUMN `remark` TO `note`,\n"
                     "    CHANGE COLUMN `created_time` `created_at` datetime,\n"
                     "    RENAME INDEX `ix_created_time` TO `i`,\n"
                     "    DROP INDEX `k`,\n"
                     "    ADD KEY `k` (`note`);\n");
    /* From the text that says it to the one that does not: it is the same rename. */
    cr_expect_str_eq(plan_between(after, before, ZQ_PLAN_FORTH, arena),
                     plan_between(before, after, ZQ_PLAN_BACK, arena));
    cr_expect_str_eq(plan_between(after, after, ZQ_PLAN_FORTH, arena), "");
}

#define TABLE_WAS(name, was) \
    "table " name " engine InnoDB charset utf8mb4 collate utf8mb4_unicode_ci was " was "\n"

Test(plan_changes, tables_get_their_new_names_first_and_keys_follow_them)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    static const char before[] =
        TABLE("a") "  column id int not null\n"
                   "  primary key (id)\n"
                   "\n" TABLE("b") "  column id int not null\n"
                                   "  column a_id int\n"
                                   "  key a_id (a_id)\n"
                                   "  foreign key b_ibfk_1 (a_id) references a (id)\n";
    static const char after[] = TABLE_WAS(
        "b", "a") "  column id int not null\n"
                  "  primary key (id)\n"
                  "\n" TABLE_WAS("c", "b") "  column id int not null\n"
                                           "  column b_id int was a_id\n"
                                           "  key b_id (b_id) was a_id\n"
                                           "  foreign key c_ibfk_1 (b_id) references b (id)\n";
    static const char taken[] = TABLE_WAS("b", "a") "  column id int not null\n"
                                                    "  primary key (id)\n";

    cr_expect_str_eq(plan_between(before, after, ZQ_PLAN_FORTH, arena),
                     "0: RENAME TABLE `b` TO `c`;\n"
                     "0: RENAME TABLE `a` TO `b`;\n"
                     "2: ALTER TABLE `c`\n"
                     "    RENAME COLUMN `a_id` TO `b_id`,\n"
                     "    RENAME INDEX `a_id` TO `b_id`;\n");
    cr_expect_str_eq(plan_between(before, after, ZQ_PLAN_BACK, arena),
                     "0: RENAME TABLE `b` TO `a`;\n"
                     "0: RENAME TABLE `c` TO `b`;\n"
                     "2: ALTER TABLE `b`\n"
                     "    RENAME COLUMN `b_id` TO `a_id`,\n"
                     "    RENAME INDEX `b_id` TO `a_id`;\n");
    /* `b` is there, so it is not what `a` becomes. */
    cr_expect_str_eq(plan_between(before, taken, ZQ_PLAN_FORTH, arena),
                     "1: ALTER TABLE `b`\n"
                     "    DROP FOREIGN KEY `b_ibfk_1`;\n"
                     "2: DROP TABLE `a`;\n"
                     "2: ALTER TABLE `b`\n"
                     "    DROP COLUMN `a_id`,\n"
                     "    ADD PRIMARY KEY (`id`),\n"
                     "    DROP INDEX `a_id`;\n");
}

Test(plan_changes, a_rename_that_no_statement_does_is_refused_by_name)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    static const char plain[] = TABLE("t") "  column id int not null\n"
                                           "  column v int as \"`id` + 1\" virtual\n";
    static const char other[] = TABLE("t") "  column ident int not null was id\n"
                                           "  column v int as \"`ident` + 1\" virtual\n";
    static const char family[] = TABLE("t_{code}") "  column id int\n";
    static const char renamed[] = TABLE_WAS("u_{code}", "t_{code}") "  column id int\n";

    cr_expect_str_eq(plan_between(plain, other, ZQ_PLAN_FORTH, arena),
                     "table 't' cannot be written as SQL: an expression of the table uses a column "
                     "that is renamed: 'id'");
    cr_expect_str_eq(plan_between(family, renamed, ZQ_PLAN_FORTH, arena),
                     "the family 't_{code}' cannot be renamed to 'u_{code}'");
}
