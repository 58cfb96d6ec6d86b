#include "sql/alter/algorithm.h"
#include "sql/read/statement.h"

#include "base/err.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *text, *instant, *inplace; /* NULL: cannot be asked that way */
} cases[] = {
    {"ALTER TABLE t ADD a int", "ALTER TABLE t ADD a int, ALGORITHM=INSTANT",
     "ALTER TABLE t ADD a int, ALGORITHM=INPLACE, LOCK=NONE"},
    {"CREATE INDEX i ON t (a)", NULL, "CREATE INDEX i ON t (a) ALGORITHM=INPLACE LOCK=NONE"},
    {"DROP INDEX i ON t", NULL, "ALTER TABLE t DROP INDEX i , ALGORITHM=INPLACE, LOCK=NONE"},
    {"drop index if exists `on` on d.`t u`", NULL,
     "ALTER TABLE d.`t u` DROP INDEX if exists `on` , ALGORITHM=INPLACE, LOCK=NONE"},
    {"DROP INDEX i ON t NOWAIT", NULL, NULL},
    {"DROP INDEX", NULL, NULL},
    {"ALTER TABLE t ADD a int, ALGORITHM=COPY", NULL, NULL},
    {"ALTER TABLE t ADD a int, LOCK=SHARED", NULL, NULL},
    {"ALTER TABLE t DROP PARTITION p", NULL, NULL},
    {"ALTER TABLE t ADD a int PARTITION BY HASH (a)", NULL, NULL},
    {"ALTER TABLE t REMOVE PARTITIONING", NULL, NULL},
    {"ALTER TABLE t ADD `partition` int", "ALTER TABLE t ADD `partition` int, ALGORITHM=INSTANT",
     "ALTER TABLE t ADD `partition` int, ALGORITHM=INPLACE, LOCK=NONE"},
    {"CREATE TABLE t (a int)", NULL, NULL},
    {"DROP TABLE t", NULL, NULL},
    {"UPDATE t SET a = 1", NULL, NULL},
};

static void expect_text(const char *have, const char *want)
{
    if (want == NULL)
        cr_expect_null(have, "%s", have);
    else
        cr_expect_str_eq(have, want);
}

Test(algorithm, a_way_is_asked_for_where_the_grammar_has_a_place_for_it)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        size_t length = strlen(cases[i].text);
        zq_statement s;

        zq_statement_read(cases[i].text, length, arena, &s);
        expect_text(zq_algorithm_ask(&s, cases[i].text, length, ZQ_ALGORITHM_INSTANT, arena),
                    cases[i].instant);
        expect_text(zq_algorithm_ask(&s, cases[i].text, length, ZQ_ALGORITHM_INPLACE, arena),
                    cases[i].inplace);
        expect_text(zq_algorithm_ask(&s, cases[i].text, length, ZQ_ALGORITHM_ANY, arena),
                    cases[i].text);
    }
}

static const char *joined(const char *first, const char *second)
{
    static char out[256];
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *text = zq_algorithm_join(first, second, arena);

    if (text == NULL)
        return NULL;
    snprintf(out, sizeof out, "%s", text);
    return out;
}

Test(algorithm, statements_on_the_same_member_are_joined_into_one)
{
    cr_expect_str_eq(joined("ALTER TABLE {table} ADD INDEX a (a) -- one",
                            "alter table {table} ADD INDEX ix_{table}_b (b)"),
                     "ALTER TABLE {table} ADD INDEX a (a) -- one\n, ADD INDEX ix_{table}_b (b)");
    cr_expect_null(joined("ALTER TABLE {table} ADD INDEX a (a)", "CREATE INDEX b ON {table} (b)"));
    cr_expect_null(joined("ALTER TABLE {table} ADD INDEX a (a)",
                          "ALTER TABLE zq_quant_factor_spacex_{code} ADD INDEX ix_{table} (b)"));
}
