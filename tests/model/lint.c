#include "lint.h"

#include <criterion/criterion.h>

/* clang-format off */
static const zq_index id_key[] = {{"PRIMARY", ZQ_PRIMARY, ZQ_ON("id")}};

#define COLUMNS(...) \
    .columns = (const zq_column[]){__VA_ARGS__}, .n_columns = ZQ_LEN(((const zq_column[]){__VA_ARGS__}))
#define INDEXES(...) \
    .indexes = (const zq_index[]){__VA_ARGS__}, .n_indexes = ZQ_LEN(((const zq_index[]){__VA_ARGS__}))
#define KEYS(...) \
    .foreign_keys = (const zq_foreign_key[]){__VA_ARGS__}, \
    .n_foreign_keys = ZQ_LEN(((const zq_foreign_key[]){__VA_ARGS__}))
#define ID {"id", ZQ_INT, ZQ_NOT_NULL}
#define ID_KEY .indexes = id_key, .n_indexes = 1
#define REF {"r", ZQ_INT}
#define REF_KEY {"r", ZQ_INDEX, ZQ_ON("r")}

/* What every case stands beside: a table to refer to, and a key with a name. */
static const zq_table target = {
    "target", COLUMNS(ID, {"code", ZQ_VARCHAR(10)}, {"loose", ZQ_INT}, {"r", ZQ_INT}),
    INDEXES({"PRIMARY", ZQ_PRIMARY, ZQ_ON("id")}, {"code", ZQ_UNIQUE, ZQ_ON("code")}, REF_KEY),
    KEYS({"taken", ZQ_COLS("r"), "target", ZQ_COLS("id")}),
};

static const struct {
    const char *message; /* NULL: nothing is wrong */
    zq_table table;
} cases[] = {
    {NULL, {"t", COLUMNS(ID), ID_KEY}},
    {NULL, {"t", COLUMNS({"id", ZQ_INT, ZQ_NOT_NULL | ZQ_AUTO_INCREMENT}), ID_KEY}},
    {NULL, {"t", COLUMNS(ID, REF), INDEXES(REF_KEY), KEYS({"k", ZQ_COLS("r"), "target", ZQ_COLS("id")})}},
    {NULL, {"t", COLUMNS({"c", ZQ_VARCHAR(20)}), INDEXES({"c", ZQ_INDEX, ZQ_ON("c")}), KEYS({"k", ZQ_COLS("c"), "target", ZQ_COLS("code")})}},
    {NULL, {"t", COLUMNS(REF), INDEXES(REF_KEY), KEYS({"k", ZQ_COLS("r"), "t", ZQ_COLS("r")})}},
    {NULL, {"t", COLUMNS(REF), INDEXES(REF_KEY), KEYS({"k", ZQ_COLS("r"), "else", ZQ_COLS("r"), .ref_schema = "where"})}},
    {NULL, {"t", COLUMNS({"b", ZQ_TEXT}), INDEXES({"f", ZQ_FULLTEXT, ZQ_ON("b")}, {"p", ZQ_INDEX, (const zq_key_part[]){{"b", 10}, {NULL}}})}},
    {NULL, {"t", COLUMNS(ID), INDEXES({"e", ZQ_INDEX, (const zq_key_part[]){{.expression = "`id` + 1"}, {NULL}}})}},
    {NULL, {"f_{code}", COLUMNS(ID, REF), INDEXES({"ix_{code}_r", ZQ_INDEX, ZQ_ON("r")}), KEYS({"{code}_k", ZQ_COLS("r"), "target", ZQ_COLS("id")})}},
    {NULL, {"sixty_four_characters_中文中文中文中文中文中文中文中文中文中文中文中文中文中文中文中文中文中文中文中文中", COLUMNS(ID)}},

    {"a table has no name", {"", COLUMNS(ID)}},
    {"a table has no name", {NULL, COLUMNS(ID)}},
    {"table 'target' is there twice", {"target", COLUMNS(ID)}},
    {"table 'a2345678901234567890123456789012345678901234567890123456789012345': its name has more than 64 characters",
     {"a2345678901234567890123456789012345678901234567890123456789012345", COLUMNS(ID)}},
    {"table 'a23456789012345678901234567890123456789012345{code}': its name has more than 64 characters",
     {"a23456789012345678901234567890123456789012345{code}", COLUMNS(ID)}},
    {"table '{code}': the name of a family has a prefix and ends in {code}", {"{code}", COLUMNS(ID)}},
    {"table 'a_{code}_b': the name of a family has a prefix and ends in {code}", {"a_{code}_b", COLUMNS(ID)}},
    {"table 'a_{code}_{code}': the name of a family has a prefix and ends in {code}", {"a_{code}_{code}", COLUMNS(ID)}},

    {"table 't': it has no columns", {"t"}},
    {"table 't': column has no name", {"t", COLUMNS({"", ZQ_INT})}},
    {"table 't': column 'ID' is there twice", {"t", COLUMNS(ID, {"ID", ZQ_INT})}},
    {"table 't': column 'a2345678901234567890123456789012345678901234567890123456789012345' has a name of more than 64 characters",
     {"t", COLUMNS({"a2345678901234567890123456789012345678901234567890123456789012345", ZQ_INT})}},
    {"table 't': column 'c_{code}' has {code} in its name, but the table is no family", {"t", COLUMNS({"c_{code}", ZQ_INT})}},
    {"table 't': column 'c' has a type without digits", {"t", COLUMNS({"c", {.kind = ZQ_TYPE_BIT}})}},
    {"table 't': column 'c' has a type without digits", {"t", COLUMNS({"c", {.kind = ZQ_TYPE_DECIMAL}})}},
    {"table 't': column 'c' has more places than digits", {"t", COLUMNS({"c", ZQ_DECIMAL(3, 4)})}},
    {"table 't': column 'c' has more than 6 digits of a second", {"t", COLUMNS({"c", {.kind = ZQ_TYPE_TIME, .length = 7}})}},
    {"table 't': column 'c' has a type without values", {"t", COLUMNS({"c", {.kind = ZQ_TYPE_ENUM}})}},
    {"table 't': column 'c' has no type", {"t", COLUMNS({"c", {.kind = ZQ_TYPE_OTHER}})}},
    {"table 't': column 'id' has both a default and AUTO_INCREMENT", {"t", COLUMNS({"id", ZQ_INT, ZQ_NOT_NULL | ZQ_AUTO_INCREMENT, NULL, ZQ_DEFAULT("0")}), ID_KEY}},
    {"table 't': column 'id' has AUTO_INCREMENT on a type that cannot count", {"t", COLUMNS({"id", ZQ_DATE, ZQ_NOT_NULL | ZQ_AUTO_INCREMENT}), ID_KEY}},
    {"table 't': column 'n' has AUTO_INCREMENT and is first in no index", {"t", COLUMNS(ID, {"n", ZQ_INT, ZQ_AUTO_INCREMENT}), ID_KEY}},
    {"table 't': columns 'id' and 'n' both have AUTO_INCREMENT",
     {"t", COLUMNS({"id", ZQ_INT, ZQ_NOT_NULL | ZQ_AUTO_INCREMENT}, {"n", ZQ_INT, ZQ_AUTO_INCREMENT}), INDEXES({"PRIMARY", ZQ_PRIMARY, ZQ_ON("id")}, {"n", ZQ_INDEX, ZQ_ON("n")})}},
    {"table 't': column 'c' is generated and has a value of its own", {"t", COLUMNS({"c", ZQ_INT, 0, NULL, ZQ_DEFAULT("1"), .generated = "1"})}},

    {"table 't': index has no name", {"t", COLUMNS(ID), INDEXES({"", ZQ_INDEX, ZQ_ON("id")})}},
    {"table 't': index 'I' is there twice", {"t", COLUMNS(ID), INDEXES({"i", ZQ_INDEX, ZQ_ON("id")}, {"I", ZQ_INDEX, ZQ_ON("id")})}},
    {"table 'f_{code}': index 'a23456789012345678901234567890123456789012345678901234{code}b' has a name of more than 64 characters",
     {"f_{code}", COLUMNS(ID), INDEXES({"a23456789012345678901234567890123456789012345678901234{code}b", ZQ_INDEX, ZQ_ON("id")})}},
    {"table 't': index 'i_{code}' has {code} in its name, but the table is no family", {"t", COLUMNS(ID), INDEXES({"i_{code}", ZQ_INDEX, ZQ_ON("id")})}},
    {"table 't': index 'p': the primary key, and no other, is called PRIMARY", {"t", COLUMNS(ID), INDEXES({"p", ZQ_PRIMARY, ZQ_ON("id")})}},
    {"table 't': index 'PRIMARY': the primary key, and no other, is called PRIMARY", {"t", COLUMNS(ID), INDEXES({"PRIMARY", ZQ_UNIQUE, ZQ_ON("id")})}},
    {"table 't': index 'i' has no columns", {"t", COLUMNS(ID), INDEXES({"i", ZQ_INDEX, NULL})}},
    {"table 't': index 'i' is on column 'x', which is not there", {"t", COLUMNS(ID), INDEXES({"i", ZQ_INDEX, ZQ_ON("id", "x")})}},
    {"table 't': index 'i' is on column 'Id' twice", {"t", COLUMNS(ID), INDEXES({"i", ZQ_INDEX, ZQ_ON("id", "Id")})}},
    {"table 't': the primary key is on column 'r', which can be NULL", {"t", COLUMNS(REF), INDEXES({"PRIMARY", ZQ_PRIMARY, ZQ_ON("r")})}},
    {"table 't': index 'i' needs a length for column 'b'", {"t", COLUMNS({"b", ZQ_TEXT}), INDEXES({"i", ZQ_INDEX, ZQ_ON("b")})}},

    {"table 't': foreign key has no name", {"t", COLUMNS(REF), INDEXES(REF_KEY), KEYS({"", ZQ_COLS("r"), "target", ZQ_COLS("id")})}},
    {"table 't': foreign key 'Taken' is there twice", {"t", COLUMNS(REF), INDEXES(REF_KEY), KEYS({"Taken", ZQ_COLS("r"), "target", ZQ_COLS("id")})}},
    {"table 'f_{code}': foreign key 'k' would have the same name in every member of the family",
     {"f_{code}", COLUMNS(REF), INDEXES(REF_KEY), KEYS({"k", ZQ_COLS("r"), "target", ZQ_COLS("id")})}},
    {"table 't': foreign key 'k' does not pair its columns", {"t", COLUMNS(REF), INDEXES(REF_KEY), KEYS({"k", ZQ_COLS("r"), "target", ZQ_COLS("id", "code")})}},
    {"table 't': foreign key 'k' does not pair its columns", {"t", COLUMNS(REF), INDEXES(REF_KEY), KEYS({"k", NULL, "target", NULL})}},
    {"table 't': foreign key 'k' refers to table 'x', which is not there", {"t", COLUMNS(REF), INDEXES(REF_KEY), KEYS({"k", ZQ_COLS("r"), "x", ZQ_COLS("id")})}},
    {"table 't': foreign key 'k' is on column 'x', which is not there", {"t", COLUMNS(REF), INDEXES(REF_KEY), KEYS({"k", ZQ_COLS("x"), "target", ZQ_COLS("id")})}},
    {"table 't': foreign key 'k' refers to column 'x' of 'target', which is not there", {"t", COLUMNS(REF), INDEXES(REF_KEY), KEYS({"k", ZQ_COLS("r"), "target", ZQ_COLS("x")})}},
    {"table 't': foreign key 'k': column 'r' and column 'code' of 'target' differ in type", {"t", COLUMNS(REF), INDEXES(REF_KEY), KEYS({"k", ZQ_COLS("r"), "target", ZQ_COLS("code")})}},
    {"table 't': foreign key 'k': column 'u' and column 'id' of 'target' differ in type",
     {"t", COLUMNS({"u", ZQ_INT_UNSIGNED}), INDEXES({"u", ZQ_INDEX, ZQ_ON("u")}), KEYS({"k", ZQ_COLS("u"), "target", ZQ_COLS("id")})}},
    {"table 't': foreign key 'k': column 'c' and column 'code' of 'target' differ in type",
     {"t", COLUMNS({"c", ZQ_VARCHAR(10), .collation = "utf8mb4_bin"}), INDEXES({"c", ZQ_INDEX, ZQ_ON("c")}), KEYS({"k", ZQ_COLS("c"), "target", ZQ_COLS("code")})}},
    {"table 't': foreign key 'k' sets column 'id' to NULL, which it cannot be",
     {"t", COLUMNS(ID), ID_KEY, KEYS({"k", ZQ_COLS("id"), "target", ZQ_COLS("id"), ZQ_RESTRICT, ZQ_SET_NULL})}},
    {"table 't': foreign key 'k' refers to columns of 'target' that no index begins with", {"t", COLUMNS(REF), INDEXES(REF_KEY), KEYS({"k", ZQ_COLS("r"), "target", ZQ_COLS("loose")})}},
    {"table 't': foreign key 'k' has no index on its columns", {"t", COLUMNS(ID, REF), ID_KEY, KEYS({"k", ZQ_COLS("r"), "target", ZQ_COLS("id")})}},
    {"table 't': foreign key 'k' has no index on its columns",
     {"t", COLUMNS(ID, REF), INDEXES({"i", ZQ_INDEX, ZQ_ON("id", "r")}), KEYS({"k", ZQ_COLS("r"), "target", ZQ_COLS("id")})}},
};
/* clang-format on */

Test(lint, each_contradiction_is_named)
{
    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        const zq_table *tables[] = {&target, &cases[i].table};
        zq_schema schema = {tables, ZQ_LEN(tables)};
        zq_err err = {0};
        zq_rc rc = zq_schema_lint(&schema, &err);

        cr_assert_str_eq(err.message, cases[i].message != NULL ? cases[i].message : "");
        cr_assert_eq(rc, cases[i].message != NULL ? ZQ_E_MODEL : ZQ_OK);
    }
}
