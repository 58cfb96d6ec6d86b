/* What zq_draft_write writes reads back, by the reader of revision files, as the very statements
 * that were planned. */
#include "rev/draft.h"

#include "diff/diff.h"
#include "model/canon.h"
#include "release.h"
#include "rev/new_revision.h"

#include <criterion/criterion.h>
#include <string.h>

#define TABLE(name) "table " name " engine InnoDB charset utf8mb4 collate utf8mb4_unicode_ci\n"

static zq_arena *arena;

static void begin(void)
{
    arena = zq_arena_open();
}

static void end(void)
{
    zq_arena_close(arena);
}

TestSuite(draft, .init = begin, .fini = end);

static zq_draft_body plan(const char *from_text, const char *to_text, zq_plan_direction direction)
{
    const zq_schema *from, *to;
    zq_draft_body body;
    zq_changes changes;
    zq_err err = {0};

    cr_assert_eq(zq_canon_parse(from_text, strlen(from_text), arena, &from, &err), ZQ_OK, "%s",
                 err.message);
    cr_assert_eq(zq_canon_parse(to_text, strlen(to_text), arena, &to, &err), ZQ_OK, "%s",
                 err.message);
    cr_assert_eq(zq_diff(to, from, arena, &changes, &err), ZQ_OK, "%s", err.message);
    cr_assert_eq(zq_draft_plan(&changes, direction, ZQ_MYSQL, arena, &body, &err), ZQ_OK, "%s",
                 err.message);
    return body;
}

static const char *text_of(const zq_draft_body *body)
{
    ZQ_AUTO_BUF(out);

    zq_draft_write(&out, body, arena);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

/* ---- read back ---- */

static void expect_same(const zq_draft_body *body, const zq_rev_section *section)
{
    cr_assert_eq(section->n, body->n, "%zu statements, not %zu", section->n, body->n);
    for (size_t i = 0; i < body->n; i++) {
        const zq_rev_statement *s = &section->statements[i];

        cr_expect_str_eq(s->text, body->items[i].text);
        cr_expect_eq(s->block == ZQ_BLOCK_FAMILY, body->items[i].family != NULL);
        if (s->block == ZQ_BLOCK_FAMILY)
            cr_expect_str_eq(s->family, body->items[i].family);
    }
}

static void expect_read_back(const char *from, const char *to)
{
    zq_draft_body up = plan(from, to, ZQ_PLAN_FORTH), down = plan(from, to, ZQ_PLAN_BACK);
    zq_draft draft = {
        .id = "own-1", .title = "a change", .upgrade = text_of(&up), .downgrade = text_of(&down)};
    zq_revision revision;
    ZQ_AUTO_BUF(out);
    zq_err err = {0};

    cr_assert_eq(zq_new_revision_write(&draft, &out, &err), ZQ_OK, "%s", err.message);
    cr_assert_eq(
        zq_revision_file_read("own-1.sql", zq_buf_text(&out), out.length, arena, &revision, &err),
        ZQ_OK);
    cr_assert_gt(up.n + down.n, 0);
    expect_same(&up, &revision.upgrade);
    expect_same(&down, &revision.downgrade);
}

Test(draft, what_is_written_between_any_two_releases_reads_back_as_what_was_planned)
{
    for (size_t i = 0; i < zq_n_releases; i++) {
        expect_read_back("", zq_release_text(&zq_releases[i]));
        for (size_t j = 0; j < zq_n_releases; j++) {
            if (i != j)
                expect_read_back(zq_release_text(&zq_releases[i]),
                                 zq_release_text(&zq_releases[j]));
        }
    }
}

Test(draft, names_and_texts_that_look_like_sql_read_back_too)
{
    expect_read_back(TABLE("t") "  column a int\n",
                     TABLE("t") "  column a int comment 'x; -- zq:end\\n-- zq:downgrade'\n"
                                "  column `b;` varchar(5) default ';\\\\'\n"
                                "  column `-- x` int comment 'it''s /* {range} */'\n"
                                "  key `DELIMITER //` (a)\n");
}

/* ---- words ---- */

Test(draft, what_is_lost_and_who_waits_is_said_over_the_statement)
{
    zq_draft_body body = plan(TABLE("t") "  column id int not null\n"
                                         "  column gone int\n"
                                         "  column note varchar(20)\n"
                                         "  primary key (id)\n",
                              TABLE("t") "  column id bigint not null\n"
                                         "  column note varchar(10)\n"
                                         "  primary key (id)\n",
                              ZQ_PLAN_FORTH);

    cr_assert_str_eq(
        text_of(&body),
        "-- drops the column 'gone' of 't'\n"
        "-- narrows the column 'note' of 't' from varchar(20) to varchar(10)\n"
        "-- copies the table, and blocks writes to it: column 'id' becomes bigint, from int\n"
        "ALTER TABLE `t`\n"
        "    DROP COLUMN `gone`,\n"
        "    MODIFY COLUMN `id` bigint NOT NULL,\n"
        "    MODIFY COLUMN `note` varchar(10);\n");
}

Test(draft, a_family_has_one_block_and_no_statement_makes_or_drops_its_tables)
{
    static const char before[] = TABLE("f_{code}") "  column id int\n"
                                                   "\n" TABLE("g_{code}") "  column id int\n";
    static const char after[] = TABLE("f_{code}") "  column id int\n"
                                                  "  column x int\n"
                                                  "  key ix_f_{code}_x (x)\n"
                                                  "\n" TABLE("h_{code}") "  column id int\n";
    zq_draft_body body = plan(before, after, ZQ_PLAN_FORTH);

    cr_assert_str_eq(text_of(&body),
                     "-- zq:family f\n"
                     "ALTER TABLE `f_{code}`\n"
                     "    ADD COLUMN `x` int AFTER `id`,\n"
                     "    ADD KEY `ix_f_{code}_x` (`x`);\n"
                     "-- zq:end\n"
                     "\n"
                     "-- left to you: g_{code}: table 'g_{code}' should not be there: 1 column, no "
                     "indexes, no foreign keys (no revision drops the tables of a family: they "
                     "hold its data)\n"
                     "-- left to you: h_{code}: table 'h_{code}' is missing: 1 column, no indexes, "
                     "no foreign keys (the application makes the tables of a family)\n");
}

Test(draft, one_odd_table_does_not_keep_the_others_from_being_written)
{
    zq_draft_body body = plan(TABLE("t") "  column id int\n"
                                         "  extra trigger trg \"BEFORE INSERT\"\n",
                              TABLE("t") "  column id bigint\n"
                                         "\n" TABLE("u") "  column id int\n",
                              ZQ_PLAN_FORTH);

    cr_assert_eq(body.n, 2);
    cr_assert_eq(body.n_left, 1);
    cr_assert_not_null(strstr(text_of(&body), "-- left to you: t: trigger 'trg' should not be "
                                              "there: "),
                       "%s", text_of(&body));
}

Test(draft, members_in_a_form_of_their_own_get_a_statement_each)
{
    static const char *const codes[] = {"000001", "000002", "000003", "000004", "000005", "000006"};
    const zq_draft_members members = {codes, ZQ_LEN(codes)};
    zq_draft_body body = plan(TABLE("f_{code}") "  column id int\n",
                              TABLE("f_{code}") "  column id int\n"
                                                "  key i_{code} (id)\n",
                              ZQ_PLAN_FORTH);
    const char *text;

    body.items[0].members = &members;
    text = text_of(&body);
    cr_assert_eq(strncmp(text,
                         "-- 6 of the members of f_{code}: 000001, 000002, 000003, 000004, 000005, "
                         "...\n"
                         "ALTER TABLE `f_000001`\n"
                         "    ADD KEY `i_000001` (`id`);\n"
                         "ALTER TABLE `f_000002`\n",
                         130),
                 0, "%s", text);
    cr_assert_null(strstr(text, "zq:family"));
}
