/* Several revisions in one: which statements are left out, and which chains a squash fits. */
#include "rev/squash.h"

#include "base/buf.h"
#include "rev/revision_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static zq_arena *arena;
static zq_err err;

static void open_arena(void)
{
    arena = zq_arena_open();
    memset(&err, 0, sizeof err);
}

static void close_arena(void)
{
    zq_arena_close(arena);
}

TestSuite(squash, .init = open_arena, .fini = close_arena);

static zq_revision read_text(const char *id, const char *text)
{
    zq_revision revision;

    cr_assert_eq(zq_revision_file_read(zq_arena_printf(arena, "%s.sql", id), text, strlen(text),
                                       arena, &revision, &err),
                 ZQ_OK, "%s", err.message);
    return revision;
}

static zq_revision revision(const char *id, const char *revises, const char *upgrade)
{
    return read_text(id, zq_arena_printf(arena,
                                         "-- revision: %s\n-- revises: %s\n-- title: %s\n"
                                         "-- created: 2026-01-04T00:00:00Z\n"
                                         "-- zq:upgrade\n%s\n-- zq:downgrade\n",
                                         id, revises, id, upgrade));
}

/* a (nothing), b, c, and what else there is; all of them in a chain. */
static zq_rc build(const char *b, const char *c, const zq_revision *squash, zq_chain *out)
{
    zq_revision *all = ZQ_NEW_ARRAY(arena, zq_revision, 4);

    all[0] = revision("a", "base", "");
    all[1] = revision("b", "a", b);
    all[2] = revision("c", "b", c);
    if (squash != NULL)
        all[3] = *squash;
    return zq_chain_build(all, squash != NULL ? 4 : 3, arena, out, &err);
}

static zq_rc make(const char *b, const char *c, zq_squashed *out)
{
    zq_chain chain;

    cr_assert_eq(build(b, c, NULL, &chain), ZQ_OK, "%s", err.message);
    return zq_squash_make(&chain, 1, 3, NULL, arena, out, &err);
}

static const char *without_headings(const char *text)
{
    ZQ_AUTO_BUF(out);

    for (const char *at = text; *at != '\0';) {
        size_t length = strcspn(at, "\n");

        if (length > 0 && strncmp(at, "-- b:", 5) != 0 && strncmp(at, "-- c:", 5) != 0)
            zq_buf_printf(&out, "%.*s\n", (int)length, at);
        at += length + (at[length] == '\n');
    }
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

#define ADD "ALTER TABLE t ADD INDEX i (x);"
#define DROP "ALTER TABLE t DROP INDEX i;"

/* Of b and c, what is left; NULL: all. */
static const struct {
    const char *b, *c, *left;
} cases[] = {
    {ADD, DROP, ""},
    {"ALTER TABLE t ADD KEY i (x), ADD COLUMN y int;", DROP, "ALTER TABLE t ADD COLUMN y int;\n"},
    {ADD "\nALTER TABLE t ADD COLUMN y int;", DROP, "ALTER TABLE t ADD COLUMN y int;\n"},
    {ADD "\nUPDATE u SET x = 1;", DROP, "UPDATE u SET x = 1;\n"},
    {"ALTER TABLE t ADD INDEX i (x),\n ADD INDEX j (y);", "ALTER TABLE t DROP INDEX j;",
     "ALTER TABLE t ADD INDEX i (x);\n"},
    {ADD, "ALTER TABLE t DROP INDEX I, ADD INDEX i (y);", "ALTER TABLE t ADD INDEX i (y);\n"},
    /* where rows, keys or other objects could know of it */
    {ADD, "UPDATE t SET x = 1;\n" DROP, NULL},
    {ADD, "DELETE u FROM u JOIN t ON t.x = u.x;\n" DROP, NULL},
    {ADD, "CREATE TABLE u LIKE t;\n" DROP, NULL},
    {ADD, "CREATE TABLE u (x int, FOREIGN KEY (x) REFERENCES t (x));\n" DROP, NULL},
    {ADD, "ALTER TABLE t ADD FOREIGN KEY (x) REFERENCES u (x);\n" DROP, NULL},
    {ADD, "ALTER TABLE t DROP COLUMN x;\n" DROP, NULL},
    {ADD, "ALTER TABLE t MODIFY x bigint;\n" DROP, NULL},
    {ADD, "RENAME TABLE t TO u;\nRENAME TABLE u TO t;\n" DROP, NULL},
    {ADD, "CREATE VIEW v AS SELECT x FROM t FORCE INDEX (i);\n" DROP, NULL},
    {ADD, "ALTER TABLE t RENAME INDEX i TO j;\nALTER TABLE t DROP INDEX j;", NULL},
    /* another thing than an index that was added */
    {"ALTER TABLE t ADD UNIQUE INDEX i (x);", DROP, NULL},
    {"ALTER TABLE t ADD FULLTEXT INDEX i (x);", DROP, NULL},
    {"ALTER TABLE t ADD INDEX IF NOT EXISTS i (x);", DROP, NULL},
    {ADD, "ALTER TABLE t DROP INDEX IF EXISTS i;", NULL},
    {ADD, "ALTER TABLE u DROP INDEX i;", NULL},
    {DROP, ADD, NULL},
    /* blocks stay blocks */
    {"-- zq:batch table=t key=id size=7\nUPDATE t SET x = 1 WHERE {range};\n-- zq:end",
     "INSERT INTO u VALUES (';');", NULL},
};

Test(squash, leaves_out_an_index_that_nothing_between_could_know_of_and_nothing_else)
{
    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        zq_squashed made;
        const char *whole = zq_arena_printf(arena, "%s\n%s", cases[i].b, cases[i].c);

        cr_assert_eq(make(cases[i].b, cases[i].c, &made), ZQ_OK, "%zu: %s", i, err.message);
        whole = cases[i].left != NULL ? cases[i].left : zq_arena_printf(arena, "%s\n", whole);
        cr_assert_str_eq(without_headings(made.draft.upgrade), whole, "%zu", i);
    }
}

#define FAMILY(text) "-- zq:family zq_data_tustock_daily\n" text "\n-- zq:end"

Test(squash, of_a_family_the_index_is_still_dropped_where_a_member_has_it)
{
    zq_squashed made;

    cr_assert_eq(make(FAMILY("ALTER TABLE {table} ADD INDEX ix_{table}_a (a), ADD COLUMN b int;"),
                      FAMILY("ALTER TABLE {table} DROP INDEX ix_{table}_c, DROP INDEX "
                             "ix_zq_data_tustock_daily_{code}_a;"),
                      &made),
                 ZQ_OK, "%s", err.message);
    cr_assert_str_eq(without_headings(made.draft.upgrade),
                     "-- zq:family zq_data_tustock_daily\n"
                     "ALTER TABLE {table} ADD COLUMN b int;\n"
                     "-- zq:end\n"
                     "-- zq:family zq_data_tustock_daily\n"
                     "ALTER TABLE {table} DROP INDEX ix_{table}_c;\n"
                     "ALTER TABLE {table} DROP INDEX ix_zq_data_tustock_daily_{code}_a;\n"
                     "-- zq:end\n");
    cr_assert_eq(made.n, 3);
    cr_assert_eq(make(FAMILY("ALTER TABLE {table} ADD INDEX i (a);"),
                      "UPDATE zq_data_tustock_daily_000001 SET a = 1;\n" FAMILY(
                          "ALTER TABLE {table} DROP INDEX i;"),
                      &made),
                 ZQ_OK, "%s", err.message);
    cr_assert_not_null(strstr(made.draft.upgrade, "ADD INDEX i (a)"));
}

Test(squash, what_means_something_else_beside_other_statements_is_refused_with_its_line)
{
    static const struct {
        const char *b, *said;
    } refused[] = {
        {"SET @n = 1;", "is for the session, and each revision has one of its own"},
        {"INSERT INTO t VALUES (LAST_INSERT_ID());",
         "is for the session, and each revision has one of its own"},
        {"CALL p();", "does what cannot be known from its words"},
        {"-- zq:unreviewed is it?\nDROP TABLE t;", "has a question that nobody has answered"},
        {"DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END//\nDELIMITER ;",
         "needs a DELIMITER"},
    };

    for (size_t i = 0; i < ZQ_LEN(refused); i++) {
        zq_squashed made;

        cr_assert_eq(make(refused[i].b, "", &made), ZQ_E_DATA, "%zu", i);
        cr_assert(strncmp(err.message, "b.sql:", 6) == 0, "%s", err.message);
        cr_assert_not_null(strstr(err.message, refused[i].said), "%s", err.message);
        cr_assert_str_eq(err.hint, "squash the revisions before it, and those after it");
    }
}

static zq_revision written(const zq_squashed *made)
{
    ZQ_AUTO_BUF(text);

    cr_assert_eq(zq_new_revision_write(&made->draft, &text, &err), ZQ_OK, "%s", err.message);
    return read_text(made->draft.id, zq_arena_strdup(arena, zq_buf_text(&text)));
}

static void expect_way(const zq_chain *chain, size_t from, size_t to, zq_direction direction,
                       const char *under_way, const char *wanted)
{
    ZQ_AUTO_BUF(way);
    zq_path path;

    cr_assert_eq(zq_chain_short_path(chain, from, to, direction, under_way, arena, &path, &err),
                 ZQ_OK, "%s", err.message);
    for (size_t i = 0; i < path.n; i++)
        zq_buf_printf(&way, " %s", path.legs[i].revision->id);
    cr_assert_str_eq(zq_buf_text(&way), wanted, "%s instead of %s", zq_buf_text(&way), wanted);
}

Test(squash, is_the_way_up_from_its_beginning_and_from_nowhere_else)
{
    static const bool ahead[] = {false, false, true};
    zq_squashed made;
    zq_revision squash;
    zq_chain chain;

    cr_assert_eq(make(ADD, DROP, &made), ZQ_OK, "%s", err.message);
    cr_assert_str_eq(made.draft.id, "a-c");
    squash = written(&made);
    cr_assert_eq(build(ADD, DROP, &squash, &chain), ZQ_OK, "%s", err.message);
    cr_assert_eq(chain.n, 3);
    expect_way(&chain, 0, 3, ZQ_UP, NULL, " a a-c");
    expect_way(&chain, 1, 3, ZQ_UP, NULL, " a-c");
    expect_way(&chain, 1, 2, ZQ_UP, NULL, " b");
    expect_way(&chain, 2, 3, ZQ_UP, NULL, " c");
    expect_way(&chain, 3, 1, ZQ_DOWN, NULL, " c b");
    /* what was begun is completed, on the way on which it was begun */
    expect_way(&chain, 1, 3, ZQ_UP, "b", " b c");
    expect_way(&chain, 1, 3, ZQ_UP, "a-c", " a-c");
    expect_way(&chain, 1, 2, ZQ_UP, "a-c", " b");
    chain.ahead = ahead;
    expect_way(&chain, 1, 3, ZQ_UP, NULL, " b c");
}

Test(squash, of_revisions_that_are_others_now_is_refused_by_file_and_line)
{
    zq_squashed made;
    zq_revision squash;
    zq_chain chain;

    cr_assert_eq(make(ADD, DROP, &made), ZQ_OK, "%s", err.message);
    squash = written(&made);
    cr_assert_eq(build(ADD, "DROP TABLE t;", &squash, &chain), ZQ_E_DATA);
    cr_assert_str_eq(err.message, "a-c.sql:5: the squash 'a-c' was made of revisions that have "
                                  "changed since");
    cr_assert_str_eq(err.hint, "remove the file; 'zquant-migrate squash' writes it anew");
    squash.squash_last = "d";
    cr_assert_eq(build(ADD, DROP, &squash, &chain), ZQ_E_DATA);
    cr_assert_str_eq(err.message, "a-c.sql:5: the squash 'a-c' stands for revisions that do not "
                                  "follow each other here");
}

Test(squash, needs_two_revisions_that_no_other_squash_stands_for)
{
    zq_squashed made;
    zq_revision squash;
    zq_chain chain;

    cr_assert_eq(make(ADD, DROP, &made), ZQ_OK, "%s", err.message);
    squash = written(&made);
    cr_assert_eq(build(ADD, DROP, &squash, &chain), ZQ_OK, "%s", err.message);
    cr_assert_eq(zq_squash_make(&chain, 0, 3, NULL, arena, &made, &err), ZQ_E_USAGE);
    cr_assert_str_eq(err.message, "a squash begins at a revision, not at base");
    cr_assert_eq(zq_squash_make(&chain, 2, 3, NULL, arena, &made, &err), ZQ_E_USAGE);
    cr_assert_str_eq(err.message, "from 'b' to 'c' there are not two revisions to squash");
    cr_assert_eq(zq_squash_make(&chain, 1, 3, NULL, arena, &made, &err), ZQ_E_USAGE);
    cr_assert_str_eq(err.message, "'a-c.sql' does that already: the squash 'a-c'");
}

Test(squash, has_no_way_back_of_its_own)
{
    static const char text[] = "-- revision: a-c\n-- revises: a\n-- title: t\n"
                               "-- created: 2026-01-04T00:00:00Z\n"
                               "-- squashes: b..c 00000000000000000000000000000000"
                               "00000000000000000000000000000000\n"
                               "-- zq:upgrade\n-- zq:downgrade\n";
    zq_revision read;

    cr_assert_eq(zq_revision_file_read("a-c.sql", text, strlen(text), arena, &read, &err),
                 ZQ_E_DATA);
    cr_assert_str_eq(err.message, "a-c.sql:7: a squash has no way back of its own");
}

/* What the build carries is what the command writes today. */
Test(squash, of_the_build_is_what_the_command_writes)
{
    zq_chain chain;

    cr_assert_eq(zq_chain_embedded(arena, &chain, &err), ZQ_OK, "%s", err.message);
    cr_assert_geq(chain.n_squashes, 1);
    for (size_t i = 0; i < chain.n_squashes; i++) {
        const zq_squash of = chain.squashes[i];
        zq_chain without = chain;
        zq_squashed made;

        without.n_squashes = 0;
        cr_assert_eq(
            zq_squash_make(&without, of.from, of.to, of.revision->title, arena, &made, &err), ZQ_OK,
            "%s", err.message);
        cr_assert_str_eq(made.draft.id, of.revision->id);
        cr_assert_not_null(strstr(of.revision->text, made.draft.squashes));
        cr_assert_not_null(strstr(of.revision->text, made.draft.upgrade), "write '%s' anew",
                           of.revision->file);
    }
}
