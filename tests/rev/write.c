#include "rev/new_revision.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static zq_draft draft(void)
{
    return (zq_draft){
        .id = "0004", .revises = "0003", .title = "Add a column", .created = 1767484800};
}

static const char *text_of(const zq_draft *d, zq_buf *buf)
{
    zq_err err = {0};

    cr_assert_eq(zq_new_revision_write(d, buf, &err), ZQ_OK, "%s", err.message);
    return zq_buf_text(buf);
}

Test(write, an_empty_draft_is_a_template_that_says_what_belongs_where)
{
    ZQ_AUTO_BUF(buf);
    zq_draft d = draft();

    cr_expect_str_eq(
        text_of(&d, &buf),
        "-- revision: 0004\n"
        "-- revises: 0003\n"
        "-- title: Add a column\n"
        "-- created: 2026-01-04T00:00:00Z\n"
        "--\n"
        "-- Say here what becomes of the rows that are there. docs/revisions.md describes the "
        "format.\n"
        "\n"
        "-- zq:upgrade\n"
        "\n"
        "-- Plain SQL, each statement ended by a semicolon.\n"
        "\n"
        "-- zq:downgrade\n"
        "\n"
        "-- What undoes the upgrade; where nothing can, write instead of the marker\n"
        "-- above a line of the form: zq:irreversible WHY\n");
}

Test(write, a_full_draft_reads_back_as_it_was_meant)
{
    static const char schema_id[] =
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(buf);
    zq_draft d = draft();
    zq_revision r;
    zq_err err = {0};

    d.revises = NULL;
    d.release = "0.5.0";
    d.schema_id = schema_id;
    d.upgrade = "ALTER TABLE t ADD a int COMMENT '{x}';\nALTER TABLE t ADD b int;\n";
    d.downgrade = "ALTER TABLE t DROP b, DROP a;";
    text_of(&d, &buf);
    cr_assert_eq(
        zq_revision_file_read("0004_x.sql", zq_buf_text(&buf), buf.length, arena, &r, &err), ZQ_OK,
        "%s", err.message);
    cr_expect_str_eq(r.id, "0004");
    cr_expect_null(r.revises);
    cr_expect_str_eq(r.release, "0.5.0");
    cr_expect_str_eq(r.title, "Add a column");
    cr_expect_str_eq(r.schema_id, schema_id);
    cr_assert_eq(r.upgrade.n, 2);
    cr_expect_str_eq(r.upgrade.statements[0].text, "ALTER TABLE t ADD a int COMMENT '{x}'");
    cr_assert_eq(r.downgrade.n, 1);
}

Test(write, what_cannot_be_undone_says_why)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(buf);
    zq_draft d = draft();
    zq_revision r;

    d.upgrade = "TRUNCATE t;\n";
    d.irreversible = "the rows are gone";
    text_of(&d, &buf);
    cr_assert_eq(
        zq_revision_file_read("0004_x.sql", zq_buf_text(&buf), buf.length, arena, &r, NULL), ZQ_OK);
    cr_expect_str_eq(r.irreversible, "the rows are gone");
}

Test(write, what_does_not_fit_is_refused)
{
    ZQ_AUTO_BUF(buf);
    zq_draft d = draft();
    zq_err err = {0};

    d.title = "two\nlines";
    cr_expect_eq(zq_new_revision_write(&d, &buf, &err), ZQ_E_USAGE);
    cr_expect_str_eq(err.message, "the title must be one line of text");
    d.title = " ";
    cr_expect_eq(zq_new_revision_write(&d, &buf, &err), ZQ_E_USAGE);
    cr_expect_str_eq(err.message, "the title is empty");
    d = draft();
    d.id = "head";
    cr_expect_eq(zq_new_revision_write(&d, &buf, &err), ZQ_E_USAGE);
    cr_expect_str_eq(err.message, "'head' cannot be a revision: 1 to 64 of a-z, 0-9 and '-'");
    d = draft();
    d.upgrade = "ALTER TABLE t ADD a int";
    cr_expect_eq(zq_new_revision_write(&d, &buf, &err), ZQ_E_DATA);
    cr_expect_eq(buf.length, 0);
}

Test(write, file_names_come_from_titles)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    cr_expect_str_eq(zq_new_revision_file_name("0004", "Add  a column, quickly!", arena),
                     "0004_add_a_column_quickly.sql");
    cr_expect_str_eq(zq_new_revision_file_name("0004", "\xE4\xB8\xAD\xE6\x96\x87", arena),
                     "0004.sql");
    cr_expect_str_eq(zq_new_revision_file_name("0004", "../../etc/passwd", arena),
                     "0004_etc_passwd.sql");
    cr_expect_str_eq(
        zq_new_revision_file_name("1", "0123456789 0123456789 0123456789 012345 789", arena),
        "1_0123456789_0123456789_0123456789_012345.sql");
}

static const char *next_id(const char *a, const char *b, zq_arena *arena)
{
    zq_revision revisions[] = {{.id = a}, {.id = b}};
    const zq_revision *items[] = {&revisions[0], &revisions[1]};

    return zq_new_revision_next_id(&(zq_chain){items, a == NULL ? 0 : b == NULL ? 1 : 2}, arena);
}

Test(write, the_next_id_is_one_more_than_the_greatest_number)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    cr_expect_str_eq(next_id(NULL, NULL, arena), "0001");
    cr_expect_str_eq(next_id("0001", "0003", arena), "0004");
    cr_expect_str_eq(next_id("0009", "my-own", arena), "0010");
    cr_expect_str_eq(next_id("my-own", "other", arena), "0003");
    cr_expect_str_eq(next_id("000999", NULL, arena), "001000");
}

Test(write, a_new_file_is_made_and_an_old_one_is_never_written_over)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    char dir[] = "/tmp/zq_write_XXXXXX", line[64] = "";
    zq_draft d = draft();
    const char *path = NULL;
    zq_err err = {0};
    FILE *file;

    cr_assert_not_null(mkdtemp(dir));
    cr_assert_eq(zq_new_revision_save(&d, dir, arena, &path, &err), ZQ_OK, "%s", err.message);
    cr_expect_str_eq(path, zq_arena_printf(arena, "%s/0004_add_a_column.sql", dir));
    cr_assert_not_null(file = fopen(path, "r"));
    cr_expect_not_null(fgets(line, sizeof line, file));
    cr_expect_str_eq(line, "-- revision: 0004\n");
    fclose(file);
    cr_expect_eq(zq_new_revision_save(&d, dir, arena, &path, &err), ZQ_E_IO);
    cr_expect_str_eq(err.message, zq_arena_printf(arena, "'%s' is there already", path));
    unlink(path);
    rmdir(dir);
}
