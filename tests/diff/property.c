/* What must hold for any two schemas, tried on many made up from a fixed seed. */
#include "diff/diff.h"
#include "model/canon.h"
#include "ops.h"

#include <criterion/criterion.h>
#include <string.h>

enum { N_COLUMNS = 3, N_CHOICES = 64, ROUNDS = 20000 };

/* A table is made from a list of choices; two lists that differ in one give neighbours. */
typedef struct recipe {
    unsigned choices[N_CHOICES];
    size_t next;
} recipe;

static unsigned long long state = 20260122;

static unsigned random_below(unsigned n)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(state >> 33) % n;
}

static unsigned choose(recipe *r, unsigned n)
{
    cr_assert_lt(r->next, N_CHOICES);
    return r->choices[r->next++] % n;
}

#define CHOOSE(r, list) ((list)[choose((r), ZQ_LEN(list))])

static zq_type make_type(recipe *r)
{
    static const char *const ab[] = {"a", "b", NULL}, *const ba[] = {"b", "a", NULL},
                             *const quoted[] = {"a','b", NULL}, *const slash[] = {"a\\", NULL};
    static const zq_type types[] = {
        ZQ_INT,
        ZQ_INT_UNSIGNED,
        ZQ_BIGINT,
        ZQ_BOOL,
        ZQ_TINYINT,
        ZQ_DECIMAL(10, 2),
        ZQ_DECIMAL(10, 3),
        ZQ_DECIMAL(11, 2),
        ZQ_VARCHAR(10),
        ZQ_VARCHAR(11),
        ZQ_CHAR(10),
        ZQ_TEXT,
        ZQ_BLOB,
        ZQ_VARBINARY(10),
        ZQ_DATETIME,
        ZQ_DATETIME_MS,
        {.kind = ZQ_TYPE_TIMESTAMP},
        ZQ_JSON,
        {.kind = ZQ_TYPE_ENUM, .values = ab},
        {.kind = ZQ_TYPE_ENUM, .values = ba},
        {.kind = ZQ_TYPE_SET, .values = ab},
        {.kind = ZQ_TYPE_ENUM, .values = quoted},
        {.kind = ZQ_TYPE_ENUM, .values = slash},
        {.kind = ZQ_TYPE_OTHER, .other = "geometry"},
        {.kind = ZQ_TYPE_OTHER, .other = "int"},
        {.kind = ZQ_TYPE_OTHER, .other = "int(8) zerofill"},
    };

    return CHOOSE(r, types);
}

static zq_column make_column(recipe *r, const char *name)
{
    static const unsigned flags[] = {
        0, ZQ_NOT_NULL, ZQ_AUTO_INCREMENT, ZQ_INVISIBLE, ZQ_STORED, ZQ_NOT_NULL | ZQ_INVISIBLE};
    static const char *const comments[] = {NULL, "", "x", "x'", "x', not null", "no comment"};
    static const zq_default defaults[] = {{0},
                                          ZQ_DEFAULT(""),
                                          ZQ_DEFAULT("0"),
                                          ZQ_DEFAULT("NULL"),
                                          ZQ_DEFAULT_SQL("NULL"),
                                          ZQ_DEFAULT("a'b"),
                                          ZQ_DEFAULT_SQL("('0')"),
                                          ZQ_DEFAULT_SQL("CURRENT_TIMESTAMP")};
    static const char *const updates[] = {NULL, "", "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP(3)"};
    static const char *const generated[] = {NULL, "", "1 + 1", "1 + 1) stored"};
    static const char *const charsets[] = {NULL, "", "utf8mb4", "latin1"};
    static const char *const collations[] = {NULL, "utf8mb4_unicode_ci", "utf8mb4_bin"};

    return (zq_column){
        .name = name,
        .type = make_type(r),
        .flags = CHOOSE(r, flags),
        .comment = CHOOSE(r, comments),
        .def = CHOOSE(r, defaults),
        .on_update = CHOOSE(r, updates),
        .generated = CHOOSE(r, generated),
        .charset = CHOOSE(r, charsets),
        .collation = CHOOSE(r, collations),
    };
}

static zq_index make_index(recipe *r)
{
    static const zq_key_part parts[][3] = {
        {{.column = "a"}},
        {{.column = "a"}, {.column = "b"}},
        {{.column = "b"}, {.column = "a"}},
        {{.column = "a, b"}},
        {{.column = "a", .length = 5}},
        {{.column = "a(5)"}},
        {{.column = "a", .descending = true}},
        {{.column = "a desc"}},
        {{.expression = "a"}},
        {{.expression = "a", .descending = true}},
    };
    static const char *const names[] = {"i", "j", "PRIMARY", "i j"};
    static const zq_index_kind kinds[] = {ZQ_UNIQUE, ZQ_INDEX, ZQ_FULLTEXT, ZQ_SPATIAL, ZQ_PRIMARY};
    static const char *const comments[] = {NULL, "", "x"};
    static const char *const parsers[] = {NULL, "", "ngram"};

    return (zq_index){
        .name = CHOOSE(r, names),
        .kind = CHOOSE(r, kinds),
        .parts = parts[choose(r, ZQ_LEN(parts))],
        .flags = choose(r, 2) ? ZQ_INVISIBLE : 0,
        .comment = CHOOSE(r, comments),
        .parser = CHOOSE(r, parsers),
    };
}

static zq_foreign_key make_key(recipe *r)
{
    static const char *const a[] = {"a", NULL}, *const ab[] = {"a", "b", NULL},
                             *const comma[] = {"a, b", NULL};
    static const char *const *const columns[] = {a, ab, comma};
    static const char *const names[] = {"f", "g"};
    static const char *const tables[] = {"t", "u", "o.t"};
    static const char *const schemas[] = {NULL, "", "o"};

    return (zq_foreign_key){
        .name = CHOOSE(r, names),
        .columns = CHOOSE(r, columns),
        .ref_table = CHOOSE(r, tables),
        .ref_columns = CHOOSE(r, columns),
        .on_update = (zq_rule)choose(r, 4),
        .on_delete = (zq_rule)choose(r, 4),
        .ref_schema = CHOOSE(r, schemas),
    };
}

static zq_extra make_extra(recipe *r)
{
    static const char *const kinds[] = {"check", "partitions"};
    static const char *const names[] = {NULL, "", "c"};
    static const char *const texts[] = {"", "`a` > 0", "`a` > 1"};

    return (zq_extra){CHOOSE(r, kinds), CHOOSE(r, names), CHOOSE(r, texts)};
}

static const zq_table *make_table(zq_arena *arena, recipe r)
{
    static const char *const names[] = {"a", "b", "c"};
    static const char *const comments[] = {NULL, "", "x", "y"};
    static const char *const engines[] = {NULL, "", "InnoDB", "MyISAM"};
    static const char *const charsets[] = {NULL, "utf8mb4", "latin1"};
    static const char *const collations[] = {NULL, "utf8mb4_unicode_ci", "utf8mb4_bin"};
    zq_table *table = ZQ_NEW(arena, zq_table);
    zq_column *columns = ZQ_NEW_ARRAY(arena, zq_column, N_COLUMNS);
    zq_index *index = ZQ_NEW(arena, zq_index);
    zq_foreign_key *key = ZQ_NEW(arena, zq_foreign_key);
    zq_extra *extra = ZQ_NEW(arena, zq_extra);
    unsigned turn = choose(&r, N_COLUMNS);

    for (unsigned i = 0; i < N_COLUMNS; i++)
        columns[(i + turn) % N_COLUMNS] = make_column(&r, names[i]);
    *index = make_index(&r);
    *key = make_key(&r);
    *extra = make_extra(&r);
    *table = (zq_table){
        .name = choose(&r, 8) == 0 ? "u" : "t",
        .columns = columns,
        .n_columns = N_COLUMNS - (choose(&r, 4) == 0),
        .indexes = index,
        .n_indexes = choose(&r, 4) != 0,
        .foreign_keys = key,
        .n_foreign_keys = choose(&r, 4) != 0,
        .extras = extra,
        .n_extras = choose(&r, 4) == 0,
        .comment = CHOOSE(&r, comments),
        .engine = CHOOSE(&r, engines),
        .charset = CHOOSE(&r, charsets),
        .collation = CHOOSE(&r, collations),
    };
    return table;
}

static recipe any_recipe(void)
{
    recipe r = {.next = 0};

    for (size_t i = 0; i < N_CHOICES; i++)
        r.choices[i] = random_below(1000);
    return r;
}

static const char *canonical(const zq_schema *schema, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    zq_canon_schema(&out, schema);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

static zq_changes diff(const zq_schema *desired, const zq_schema *actual, zq_arena *arena)
{
    zq_changes changes = {0};
    zq_err err = {0};

    cr_assert_eq(zq_diff(desired, actual, arena, &changes, &err), ZQ_OK, "%s", err.message);
    return changes;
}

Test(property, the_diff_is_empty_exactly_when_the_canonical_texts_are_equal)
{
    unsigned equal = 0, different = 0;

    for (unsigned round = 0; round < ROUNDS; round++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        recipe a = any_recipe(), b = a;
        const zq_table *one, *two;
        zq_schema x = {&one, 1}, y = {&two, 1};
        const char *text_x, *text_y;
        bool same;

        for (unsigned i = random_below(3); i < 2; i++)
            b.choices[random_below(N_CHOICES)] = random_below(1000);
        one = make_table(arena, a);
        two = make_table(arena, b);
        text_x = canonical(&x, arena);
        text_y = canonical(&y, arena);
        same = strcmp(text_x, text_y) == 0;
        cr_assert_eq(diff(&x, &y, arena).n == 0, same, "round %u:\n%s\n%s", round, text_x, text_y);
        equal += same;
        different += !same;
    }
    cr_assert_gt(equal, ROUNDS / 10);
    cr_assert_gt(different, ROUNDS / 10);
}

Test(property, the_diff_the_other_way_round_is_the_reverse)
{
    for (unsigned round = 0; round < ROUNDS / 10; round++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        const zq_table *one = make_table(arena, any_recipe());
        const zq_table *two = make_table(arena, any_recipe());
        zq_schema x = {&one, 1}, y = {&two, 1};
        zq_changes there = diff(&x, &y, arena), back = diff(&y, &x, arena);

        cr_assert_eq(there.n, back.n, "round %u", round);
        for (size_t i = 0; i < there.n; i++) {
            const zq_change *change = &there.items[i];
            bool found = false;

            /* Of two columns that changed places either may be the one that moved. */
            for (size_t j = 0; j < back.n && !found; j++)
                found = back.items[j].op == ops[change->op].reverse &&
                        (change->op == ZQ_OP_MOVE_COLUMN ||
                         (back.items[j].to == change->from && back.items[j].from == change->to &&
                          back.items[j].mask == change->mask));
            cr_assert(found, "round %u: %s", round, zq_change_say(change, arena));
        }
    }
}

Test(property, a_schema_read_back_from_its_canonical_text_does_not_differ)
{
    for (unsigned round = 0; round < ROUNDS / 10; round++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        const zq_table *one = make_table(arena, any_recipe());
        zq_schema x = {&one, 1};
        const char *text = canonical(&x, arena);
        const zq_schema *y;
        zq_err err = {0};

        cr_assert_eq(zq_canon_parse(text, strlen(text), arena, &y, &err), ZQ_OK, "%s:\n%s",
                     err.message, text);
        cr_assert_eq(diff(&x, y, arena).n, 0, "round %u:\n%s", round, text);
    }
}
