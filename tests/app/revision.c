/* zquant-migrate revision where no server is asked. */
#include "program.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXPECT(status, out, err, ...)      \
    program_expect((status), (out), (err), \
                   (const char *const[]){"zquant-migrate", "revision", __VA_ARGS__, NULL})

static void begin(void)
{
    program_result r;

    program_env_reset();
    r = PROGRAM("/bin/sh", "-c", "rm -rf m; mkdir m");
    program_free(&r);
}

/* The text of a file in the folder of revisions; malloc'ed. */
static char *text_of(const char *name)
{
    char words[300];
    program_result r;
    char *text;

    snprintf(words, sizeof words, "cat m/%s", name);
    program_env_reset();
    r = PROGRAM("/bin/sh", "-c", words);
    cr_assert_eq(r.status, 0, "%s", r.err);
    text = strdup(r.out);
    program_free(&r);
    return text;
}

static void expect_in(const char *text, const char *part)
{
    cr_expect_not_null(strstr(text, part), "there is no\n%s\nin\n%s", part, text);
}

Test(revision, a_file_is_written_behind_the_newest_and_its_path_printed)
{
    char *text;

    begin();
    EXPECT(0, "m/own-0001_notes_on_positions.sql\n", "", "-m", "Notes on positions", "--dir", "m");
    text = text_of("own-0001_notes_on_positions.sql");
    expect_in(text, "-- revision: own-0001\n-- revises: 0003\n-- title: Notes on positions\n");
    free(text);
    EXPECT(0, "m/own-0002_more.sql\n", "", "-m", "more", "--dir", "m");
    text = text_of("own-0002_more.sql");
    expect_in(text, "-- revises: own-0001\n");
    free(text);
}

Test(revision, what_cannot_be_begun_is_refused_with_what_to_do)
{
    begin();
    EXPECT(64, "",
           "zquant-migrate: the new revision needs a title\n"
           "hint: say in a few words what it does, with -m TEXT\n",
           "--dir", "m");
    EXPECT(64, "",
           "zquant-migrate: the new revision needs the folder of your own revisions\n"
           "hint: name it with --dir DIR\n",
           "-m", "x");
    program_file("m/revision.template", "{header}\n-- zq:upgrade\n{upgrade}{downgrade}", 0644);
    EXPECT(65, "",
           "zquant-migrate: m/revision.template:1: '{down}' is missing, or not in its place\n"
           "hint: a template has {header}, {upgrade}, {down} and {downgrade}, in this order\n",
           "-m", "x", "--dir", "m");
}

Test(revision, a_template_of_the_users_own_is_filled)
{
    char *text;

    begin();
    program_file("m/revision.template",
                 "{header}-- reviewed by: nobody yet\n\n-- zq:upgrade\n{upgrade}\n{down}\n"
                 "{downgrade}",
                 0644);
    EXPECT(0, "m/own-0001_x.sql\n", "", "-m", "x", "--dir", "m");
    text = text_of("own-0001_x.sql");
    expect_in(text, "\n-- reviewed by: nobody yet\n");
    expect_in(text, "\n-- zq:downgrade\n");
    free(text);
}

#define TABLE(name) "table " name " engine InnoDB charset utf8mb4 collate utf8mb4_unicode_ci\n"
#define GENERATE() "-m", "x", "--dir", "m", "--autogenerate", "--from", "./a.txt", "--to", "./b.txt"

static void sides(const char *from, const char *to)
{
    begin();
    program_file("a.txt", from, 0644);
    program_file("b.txt", to, 0644);
}

Test(revision, sides_that_are_the_same_give_no_file)
{
    sides(TABLE("t") "  column a int\n", TABLE("t") "  column a int\n");
    EXPECT(0, "", "zquant-migrate: nothing to do: './a.txt' and './b.txt' are the same\n",
           GENERATE());
    cr_expect_neq(access("m/own-0001_x.sql", F_OK), 0);
}

Test(revision, what_looks_like_a_rename_is_one_with_a_mark)
{
    char *text;

    sides(TABLE("t") "  column id int\n  column created_at datetime\n  column n int\n",
          TABLE("t") "  column id int\n  column created_time datetime not null\n");
    EXPECT(0, "m/own-0001_x.sql\n",
           "zquant-migrate: warning: 2 questions are open in it: answer each, and remove its line "
           "'-- zq:unreviewed'\n",
           GENERATE());
    text = text_of("own-0001_x.sql");
    expect_in(text, "-- zq:unreviewed rows with NULL in 'created_time', which shall be NOT NULL: "
                    "not looked for; this puts CURRENT_TIMESTAMP there\n"
                    "UPDATE `t` SET `created_at` = CURRENT_TIMESTAMP WHERE `created_at` IS NULL;\n"
                    "\n");
    expect_in(text, "-- zq:unreviewed is column 'created_time' what 'created_at' was? if not, its "
                    "values go, and an empty one comes\n"
                    "-- drops the column 'n' of 't'\n"
                    "ALTER TABLE `t`\n"
                    "    DROP COLUMN `n`,\n"
                    "    CHANGE COLUMN `created_at` `created_time` datetime NOT NULL;\n");
    expect_in(text, "-- zq:downgrade\n\n"
                    "ALTER TABLE `t`\n"
                    "    CHANGE COLUMN `created_time` `created_at` datetime,\n"
                    "    ADD COLUMN `n` int AFTER `created_at`;\n");
    free(text);
    text = text_of("own-0001_x.schema.txt");
    cr_expect_str_eq(text, TABLE("t") "  column id int\n  column created_time datetime not null\n");
    free(text);
}

Test(revision, a_rename_that_is_given_is_not_asked)
{
    char *text;

    sides(TABLE("s") "  column id int\n  column a int\n\n" TABLE("t") "  column id int\n",
          TABLE("t") "  column id int\n\n" TABLE("u") "  column id int\n  column b int\n");
    EXPECT(0, "m/own-0001_x.sql\n", "", GENERATE(), "--rename", "s=u", "--rename", "u.a=b");
    text = text_of("own-0001_x.sql");
    expect_in(text, "RENAME TABLE `s` TO `u`;\n\nALTER TABLE `u`\n    RENAME COLUMN `a` TO `b`;\n");
    expect_in(text, "RENAME TABLE `u` TO `s`;\n\nALTER TABLE `s`\n    RENAME COLUMN `b` TO `a`;\n");
    free(text);
}

Test(revision, a_column_whose_name_is_part_of_one_in_an_expression_is_renamed)
{
    static const char made[] = "  column base int\n  column g int as \"`base` + 1\" virtual\n";
    char before[400], after[400], *text;

    snprintf(before, sizeof before, TABLE("t") "  column a int\n%s", made);
    snprintf(after, sizeof after, TABLE("t") "  column b int was a\n%s", made);
    sides(before, after);
    EXPECT(0, "m/own-0001_x.sql\n", "", GENERATE());
    text = text_of("own-0001_x.sql");
    expect_in(text, "ALTER TABLE `t`\n    RENAME COLUMN `a` TO `b`;\n");
    free(text);
    sides(TABLE("t") "  column a int\n  column g int as \"`a` + 1\" virtual\n",
          TABLE("t") "  column b int was a\n  column g int as \"`b` + 1\" virtual\n");
    EXPECT(0, "m/own-0001_x.sql\n",
           "zquant-migrate: warning: left to you: t: column 'b' is still called 'a' (an expression "
           "of the table uses a column that is renamed: 'a')\n",
           GENERATE());
    text = text_of("own-0001_x.sql");
    expect_in(text, "(an expression of the table uses a column that is renamed: 'a')\n");
    free(text);
}

Test(revision, a_generated_column_is_another_one_where_it_is_made_in_another_way)
{
    char *text;

    sides(TABLE("t") "  column a int\n  column g int as \"`a` + 1\" stored\n",
          TABLE("t") "  column a int\n  column h int as \"`a` + 1\" virtual\n");
    EXPECT(0, "m/own-0001_x.sql\n", "", GENERATE());
    text = text_of("own-0001_x.sql");
    expect_in(text, "    DROP COLUMN `g`,\n    ADD COLUMN `h` int ");
    free(text);
}

Test(revision, a_family_that_no_revision_can_name_is_refused)
{
    program_result r;

    sides(TABLE("t_{code}") "  column a int\n",
          TABLE("t_{code}") "  column a int\n  column b int\n");
    EXPECT(65, "",
           "zquant-migrate: t_{code}: column 'b' is missing: int, NULL, after 'a': no revision can "
           "change a family that this build does not know\n"
           "hint: leave 't_{code}' as './a.txt' has it, and change its tables by other means\n",
           GENERATE());
    program_env("LC_ALL", "zh_CN.UTF-8");
    r = PROGRAM("zquant-migrate", "revision", GENERATE());
    expect_in(r.err, "t_{code}: 列 'b' 缺失：int, NULL, after 'a'：本程序不认识的表族");
    program_free(&r);
}

#define HOW                                                                                    \
    "hint: name what is there now and what it shall be called: TABLE.OLD=NEW, or OLD=NEW for " \
    "a table\n"

Test(revision, a_rename_that_cannot_be_is_refused)
{
    sides(TABLE("t") "  column a int\n  column b int\n  column c int\n",
          TABLE("t") "  column c bigint\n  column d bigint\n");
    EXPECT(64, "", "zquant-migrate: --rename: there is no table 's' on both sides\n" HOW,
           GENERATE(), "--rename", "s.a=d");
    EXPECT(64, "", "zquant-migrate: --rename: there is no column or index 'x' in table 't'\n" HOW,
           GENERATE(), "--rename", "t.x=d");
    EXPECT(64, "", "zquant-migrate: --rename: a column 'c' is there already, in table 't'\n" HOW,
           GENERATE(), "--rename", "t.a=c");
    EXPECT(64, "", "zquant-migrate: --rename: 'a' and 'b' cannot both become 'd'\n" HOW, GENERATE(),
           "--rename", "t.a=d,t.b=d");
    EXPECT(64, "", "zquant-migrate: --rename: 'a' is not of the form OLD=NEW\n" HOW, GENERATE(),
           "--rename", "a");
    EXPECT(65, "",
           "zquant-migrate: column 'd' of 't' was 'a', and has another type\n"
           "hint: make two revisions of it: one for the new name, one for the new type\n",
           GENERATE(), "--rename", "t.a=d");
    sides(TABLE("t") "  column a int\n", TABLE("t") "  column b int was a\n  column c int was a\n");
    EXPECT(65, "",
           "zquant-migrate: ./b.txt:1: columns 'b' and 'c' of table 't' were both called 'a'\n"
           "hint: 'zquant-migrate show --schema' prints such a text, and the page "
           "docs/canonical-form.md describes it\n",
           GENERATE());
}

Test(revision, a_mark_needs_a_statement)
{
    begin();
    program_file("m/t1.sql",
                 "-- revision: t1\n-- revises: 0003\n-- title: a test\n"
                 "-- created: 2026-01-04T00:00:00Z\n\n-- zq:upgrade\n"
                 "-- zq:unreviewed what then?\n-- zq:downgrade\n",
                 0644);
    program_expect(
        65, "",
        "zquant-migrate: m/t1.sql:7: 'zq:unreviewed' without a statement behind it\n"
        "hint: nothing was changed; 'man zquant-revision' says what a revision may hold\n",
        (const char *const[]){"zquant-migrate", "heads", "--dir", "m", NULL});
}
