#include "rev/rebase.h"

#include <criterion/criterion.h>
#include <string.h>

static zq_arena *arena;
static zq_err err;
static zq_revision all[8];
static zq_revisions set;
static zq_rebase plan;

static void open_arena(void)
{
    arena = zq_arena_open();
    memset(&err, 0, sizeof err);
    set = (zq_revisions){.items = all};
}

static void close_arena(void)
{
    zq_arena_close(arena);
}

TestSuite(rebase, .init = open_arena, .fini = close_arena);

static const char *header = ""; /* more of it, of what is added next */

static void add(const char *id, const char *revises, const char *upgrade, bool own)
{
    const char *text = zq_arena_printf(arena,
                                       "-- revision: %s\n--  revises:  %s \n-- title: t\n"
                                       "-- created: 2026-01-04T00:00:00Z\n%s-- zq:upgrade\n%s\n"
                                       "-- zq:downgrade\n",
                                       id, revises, header, upgrade);

    cr_assert_eq(zq_revision_file_read(zq_arena_printf(arena, "d/%s_x.sql", id), text, strlen(text),
                                       arena, &all[set.n], &err),
                 ZQ_OK, "%s", err.message);
    all[set.n].own = own;
    set.n_embedded += !own;
    set.n++;
}

static void begin(void)
{
    add("0001", "base", "CREATE TABLE a (i int);", false);
    add("0002", "0001", "ALTER TABLE a ADD j int;", false);
    add("0003", "0002",
        "-- zq:family f_{code}\nALTER TABLE {table} ADD j int;\n-- zq:end\nUPDATE b SET i = 1;",
        false);
}

/* "0001 0002 0003 own-a" */
static const char *planned(void)
{
    const char *line = "";

    cr_assert_eq(zq_rebase_plan(&set, arena, &plan, &err), ZQ_OK, "%s", err.message);
    for (size_t i = 1; i <= plan.chain.n; i++)
        line = zq_arena_printf(arena, "%s%s%s", line, i == 1 ? "" : " ",
                               zq_chain_name(&plan.chain, i));
    return line;
}

Test(rebase, several_lines_become_one_in_the_order_of_where_they_begin)
{
    begin();
    add("b", "0002", "SELECT 1;", true);
    add("b2", "b", "SELECT 1;", true);
    add("a", "0001", "SELECT 1;", true);
    cr_expect_str_eq(planned(), "0001 0002 0003 a b b2");
    cr_expect_eq(plan.n, 3);
    cr_expect_str_eq(plan.files[1].becomes->revises, "a");
    cr_expect(plan.files[2].becomes == plan.files[2].was);
    cr_expect(strstr(plan.files[0].becomes->text, "--  revises:  0003 \n-- title: t\n") != NULL,
              "%s", plan.files[0].becomes->text);
}

Test(rebase, a_schema_id_that_is_not_true_any_more_is_put_aside_and_the_file_is_still_known)
{
    const char *revises;

    begin();
    header = "-- schema-id: "
             "d1837669331d4ed5731330d7c7189d41d82692ffcbf8d371ee356a4143cf64c4\n";
    add("a", "0002", "SELECT 1;", true);
    add("b", "a", "SELECT 1;", true);
    header = "";
    cr_expect_str_eq(planned(), "0001 0002 0003 a b");
    for (size_t i = 0; i < 2; i++) {
        const zq_rebased *f = &plan.files[i];
        const zq_revision *known;

        cr_expect_null(f->becomes->schema_id);
        cr_expect_not_null(strstr(f->becomes->text, "\n-- before a rebase: schema-id: d1837669"),
                           "%s", f->becomes->text);
        known = zq_chain_before_rebase(plan.chain.items, plan.chain.n, f->was->id, f->was->checksum,
                                       arena, &revises);

        cr_assert_not_null(known);
        cr_expect_str_eq(known->id, f->becomes->id);
        cr_expect_str_eq(revises, f->was->revises);
    }
    /* A second time there is nothing to do. */
    all[3] = *plan.files[0].becomes;
    all[4] = *plan.files[1].becomes;
    cr_expect_str_eq(planned(), "0001 0002 0003 a b");
    cr_expect(plan.files[0].becomes == plan.files[0].was &&
              plan.files[1].becomes == plan.files[1].was);
}

Test(rebase, an_id_that_zquant_has_gets_a_word_and_those_after_it_follow)
{
    begin();
    add("0003", "0002", "SELECT 1;", true);
    add("next", "0003", "SELECT 1;", true);
    cr_expect_str_eq(planned(), "0001 0002 0003 own-0003 next");
    cr_expect_str_eq(plan.files[0].becomes->file, "d/own-0003_x.sql");
    cr_expect_str_eq(plan.files[1].becomes->revises, "own-0003");
}

Test(rebase, one_that_was_cut_short_between_two_files_is_resumed)
{
    begin();
    add("0003", "0002", "SELECT 1;", true);
    add("own-0003", "0003", "SELECT 1;", true);
    /* The old file is what is left over: its revision stands in the other. */
    cr_expect_str_eq(planned(), "0001 0002 0003 own-0003");
    cr_expect_eq(plan.n, 2);
    cr_expect(plan.files[0].there_already != plan.files[1].there_already);
}

Test(rebase, another_file_with_that_id_is_not_taken_for_what_is_left_over)
{
    begin();
    add("0003", "0002", "SELECT 1;", true);
    add("own-0003", "0003", "SELECT 2;", true);
    cr_assert_eq(zq_rebase_plan(&set, arena, &plan, &err), ZQ_E_DATA);
    cr_expect_str_eq(err.message, "d/0003_x.sql:1: zquant has a revision '0003' of its own, and "
                                  "'own-0003' is in 'd/own-0003_x.sql'");
    cr_expect_str_eq(err.hint, "give 'd/0003_x.sql' and its file another id");
}

Test(rebase, what_nobody_but_the_user_can_settle_is_left_to_him)
{
    begin();
    add("a", "0002", "SELECT 1;", true);
    add("b", "a", "SELECT 1;", true);
    add("c", "a", "SELECT 1;", true);
    cr_assert_eq(zq_rebase_plan(&set, arena, &plan, &err), ZQ_E_DATA);
    cr_expect(strstr(err.message, "two heads: ") != NULL, "%s", err.message);
    cr_expect_str_eq(err.hint, "let one of the two revise the other");
}

static zq_rebase_record look(const zq_applied *rows, size_t n)
{
    zq_rebase_record record;

    cr_assert_eq(zq_rebase_look(&plan, rows, n, arena, &record, &err), ZQ_OK, "%s", err.message);
    return record;
}

Test(rebase, what_the_database_has_is_found_by_the_text_that_it_was)
{
    zq_rebase_record record;

    begin();
    add("a", "0001", "SELECT 1;", true);
    add("b", "a", "SELECT 2;", true);
    planned();
    record = look((zq_applied[]){{"0001", "upgrade", all[0].checksum},
                                 {"a", "upgrade", all[3].checksum},
                                 {"b", "upgrade", all[4].checksum}},
                  3);
    cr_expect_eq(record.at, 1);
    cr_assert_eq(record.n_ahead, 2);
    cr_expect_str_eq(record.ahead[0]->id, "a");
    cr_expect_str_eq(record.ahead[1]->id, "b");
    record = look((zq_applied[]){{"0002", "upgrade", all[1].checksum}}, 1);
    cr_expect_eq(record.n_ahead, 0);
    cr_expect_eq(
        zq_rebase_look(&plan, (zq_applied[]){{"b", "upgrade", "another"}}, 1, arena, &record, &err),
        ZQ_E_DATA);
    cr_expect_eq(
        zq_rebase_look(&plan, (zq_applied[]){{"z", "upgrade", "z"}}, 1, arena, &record, &err),
        ZQ_E_DIFFERS);
}

static void expect_conflicts(const char *own, const char *wanted)
{
    const char *const *lines;
    const char *text = "";
    zq_rebase_record record;
    size_t n;

    open_arena();
    begin();
    add("a", "0001", own, true);
    planned();
    record = look((zq_applied[]){{"a", "upgrade", all[3].checksum}}, 1);
    cr_assert_eq(zq_rebase_conflicts(&plan, &record, arena, &lines, &n, &err), ZQ_OK);
    for (size_t i = 0; i < n; i++)
        text = zq_arena_printf(arena, "%s%s\n", text, lines[i]);
    cr_expect_str_eq(text, wanted);
}

Test(rebase, only_what_changes_the_same_or_cannot_be_known_is_shown)
{
    expect_conflicts("CREATE TABLE mine (i int); INSERT INTO mine SELECT i FROM a;", "");
    expect_conflicts("ALTER TABLE A ADD k int;",
                     "d/a_x.sql:6: changes 'A', and so does d/0002_x.sql:6\n");
    expect_conflicts("DELETE FROM b;", "d/a_x.sql:6: changes 'b', and so does d/0003_x.sql:9\n");
    expect_conflicts("ALTER TABLE f_000001 ADD k int;",
                     "d/a_x.sql:6: changes 'f_000001', and so does d/0003_x.sql:7\n");
    expect_conflicts("-- zq:family f\nDELETE FROM {table};\n-- zq:end",
                     "d/a_x.sql:7: changes 'f_{code}', and so does d/0003_x.sql:7\n");
    expect_conflicts("CALL p();", "d/a_x.sql:6: what it changes cannot be known\n");
    expect_conflicts("DROP PROCEDURE p;", "d/a_x.sql:6: what it changes cannot be known\n");
}
