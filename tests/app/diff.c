/* zquant-migrate diff between schemas for which no server is asked. */

#include "program.h"
#include "release.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT(status, out, err, ...)      \
    program_expect((status), (out), (err), \
                   (const char *const[]){"zquant-migrate", "diff", __VA_ARGS__, NULL})

Test(diff, a_release_is_what_the_models_are)
{
    EXPECT(0, "", "zquant-migrate: revision '0003' (zquant 0.4.0) and the models are the same\n",
           "--from", "0.4.0");
    EXPECT(0, "", "", "--from", "head", "-q");
}

#define TABLE "table t engine InnoDB charset utf8mb4 collate utf8mb4_unicode_ci\n"

Test(diff, the_statements_between_two_files_are_printed_with_status_1)
{
    const char *from, *to;

    program_env_reset();
    from = strdup(program_file("from.txt", TABLE "  column a int\n", 0644));
    to = strdup(program_file("to.txt", TABLE "  column a int\n  column b date\n", 0644));
    EXPECT(1,
           "-- from 'from.txt' to 'to.txt', for mysql\n"
           "\n"
           "ALTER TABLE `t`\n"
           "    ADD COLUMN `b` date AFTER `a`;\n",
           "zquant-migrate: 1 difference from 'from.txt' to 'to.txt'\n", "--from", "from.txt",
           "--to", "to.txt");
    EXPECT(64, "",
           "zquant-migrate: both sides are 'from.txt'\nhint: name another by --from or --to\n",
           "--from", "from.txt", "--to", "from.txt");
    free((char *)from);
    free((char *)to);
}

Test(diff, a_text_may_come_by_standard_input)
{
    static const char *const words[] = {"zquant-migrate", "diff", "--from", "-",
                                        "--to",           "base", "-q",     NULL};
    program_result r;

    program_env_reset();
    r = program_run(words, TABLE "  column a int\n");
    cr_assert_eq(r.status, 1);
    cr_assert_str_eq(r.out, "-- from standard input to base, for mysql\n"
                            "\n"
                            "-- drops 't'\n"
                            "DROP TABLE `t`;\n");
    program_free(&r);
}

#define SUCH                                                                 \
    "hint: 'zquant-migrate show --schema' prints such a text, and the page " \
    "docs/canonical-form.md "                                                \
    "describes it\n"

Test(diff, a_side_that_cannot_be_read_is_named_with_file_and_line)
{
    program_env_reset();
    program_file("bad.txt", TABLE "  column a int\n  column b number\n", 0644);
    program_file("twice.txt", TABLE "  column a int\n  column a int\n", 0644);
    program_file("spaces.txt", TABLE "  column a int\n\n\n", 0644);
    EXPECT(65, "", "zquant-migrate: bad.txt:3: expected a type:   column b number\n" SUCH, "--from",
           "bad.txt");
    EXPECT(65, "", "zquant-migrate: twice.txt:1: table 't' has two columns 'a'\n" SUCH, "--from",
           "twice.txt");
    EXPECT(65, "", "zquant-migrate: spaces.txt:4: expected a table\n" SUCH, "--from", "spaces.txt");
    EXPECT(66, "",
           "zquant-migrate: cannot read 'none.txt': No such file or directory\n"
           "hint: see that it is there, and that this user may read it\n",
           "--from", "none.txt");
    EXPECT(64, "",
           "zquant-migrate: there is no revision 'none'\n"
           "hint: a side is models, live, a revision or release ('zquant-migrate history'), a file "
           "with a '/' in its name or that ends in '.txt', or '-'\n",
           "--from", "none");
    EXPECT(64, "",
           "zquant-migrate: '-1' counts from where a database is, and a side is one schema\n"
           "hint: name the revision: 'zquant-migrate history' has them all\n",
           "--from", "-1");
}

#define OWN                \
    "-- revision: own-1\n" \
    "-- revises: 0003\n"   \
    "-- title: a note\n"   \
    "-- created: 2026-11-27T00:00:00Z\n"
#define BODY                                               \
    "-- zq:upgrade\nALTER TABLE zq_app_roles ADD n int;\n" \
    "-- zq:downgrade\nALTER TABLE zq_app_roles DROP COLUMN n;\n"

Test(diff, a_revision_of_ones_own_is_a_side_by_the_text_beside_it)
{
    char text[512];

    program_env_reset();
    program_file("own-1_a_note.sql", OWN BODY, 0644);
    EXPECT(64, "",
           "zquant-migrate: the schema of revision 'own-1' is not kept: there is no "
           "'./own-1_a_note.schema.txt'\n"
           "hint: at a database that is there, 'zquant-migrate show --schema live' prints what "
           "belongs into it\n",
           "--from", "own-1", "--dir", ".");
    program_file("own-1_a_note.schema.txt", TABLE "  column a int\n", 0644);
    EXPECT(1,
           "-- from revision 'own-1' to base, for mysql\n"
           "\n"
           "-- drops 't'\n"
           "DROP TABLE `t`;\n",
           "zquant-migrate: 1 difference from revision 'own-1' to base\n", "--from", "own-1",
           "--to", "base", "--dir", ".");
    snprintf(text, sizeof text, OWN "-- schema-id: %s\n\n" BODY, zq_releases[0].id);
    program_file("own-1_a_note.sql", text, 0644);
    EXPECT(65, "",
           "zquant-migrate: ./own-1_a_note.schema.txt:1: it has the schema id 0b49c9ac47fa, and "
           "'./own-1_a_note.sql' leads to b5301047007f\n"
           "hint: the two were made together: take both from the same place\n",
           "--from", "own-1", "--dir", ".");
}

Test(diff, the_document_has_each_statement_with_its_cost_and_its_changes)
{
    program_result r;
    json_t *document, *statement;
    json_error_t error;

    program_env_reset();
    program_file("from.txt", TABLE "  column a int\n  column b int\n", 0644);
    program_file("to.txt", TABLE "  column a bigint\n", 0644);
    r = PROGRAM("zquant-migrate", "diff", "--from", "from.txt", "--to", "to.txt", "--json",
                "--flavor", "mariadb");
    cr_assert_eq(r.status, 1);
    document = json_loads(r.out, 0, &error);
    cr_assert_not_null(document, "%s", r.out);
    cr_assert_str_eq(json_string_value(json_object_get(document, "from")), "'from.txt'");
    cr_assert_str_eq(json_string_value(json_object_get(document, "flavor")), "mariadb");
    cr_assert_eq(json_integer_value(json_object_get(document, "differences")), 2);
    cr_assert_eq(json_array_size(json_object_get(document, "left")), 0);
    statement = json_array_get(json_object_get(document, "statements"), 0);
    cr_assert_str_eq(json_string_value(json_object_get(statement, "sql")),
                     "ALTER TABLE `t`\n    DROP COLUMN `b`,\n    MODIFY COLUMN `a` bigint");
    cr_assert_str_eq(json_string_value(json_object_get(statement, "blocking")), "copy");
    cr_assert_str_eq(json_string_value(json_array_get(json_object_get(statement, "losses"), 0)),
                     "drops the column 'b' of 't'");
    cr_assert_eq(json_array_size(json_object_get(statement, "changes")), 2);
    json_decref(document);
    program_free(&r);
}

/* Of a build whose descriptors are behind its revisions; that they are before them looks the same.
 */
Test(diff, descriptors_to_which_no_revision_leads_are_found_with_their_statements)
{
    char *with_more = malloc(strlen(zq_release_text(zq_release_head())) + 256);
    program_result r;

    program_env_reset();
    r = PROGRAM("zquant-migrate", "check", "--descriptors");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_str_eq(r.err, "zquant-migrate: the descriptors are what revision '0003' leads to\n");
    program_free(&r);
    sprintf(
        with_more,
        "table ours engine InnoDB charset utf8mb4 collate utf8mb4_unicode_ci\n  column a int\n\n%s",
        zq_release_text(zq_release_head()));
    program_file("own-1.sql", OWN BODY, 0644);
    program_file("own-1.schema.txt", with_more, 0644);
    r = PROGRAM("zquant-migrate", "check", "--descriptors", "--dir", ".");
    cr_assert_eq(r.status, 1);
    cr_assert_str_eq(r.out, "-- from revision 'own-1' to the models, for mysql\n"
                            "\n"
                            "-- drops 'ours'\n"
                            "DROP TABLE `ours`;\n");
    cr_assert_str_eq(r.err,
                     "zquant-migrate: no revision leads to the descriptors: 1 difference from "
                     "revision 'own-1'\n"
                     "hint: write what is missing by 'zquant-migrate revision --autogenerate "
                     "--from own-1 -m TEXT'\n");
    program_free(&r);
    free(with_more);
}
