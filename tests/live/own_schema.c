/* A site with a revision of its own, which has the text of its schema beside it: the database is
 * held against that. */
#include "own_revision.h"

#include "model/family.h"
#include "release.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(own_schema, .fini = cli_end, .timeout = 300);

#define UP                                                                                        \
    "ALTER TABLE zq_app_roles ADD COLUMN note varchar(40);\n"                                     \
    "CREATE TABLE our_notes (id int NOT NULL PRIMARY KEY) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 " \
    "COLLATE=utf8mb4_unicode_ci;\n"                                                               \
    "-- zq:family zq_data_tustock_daily\n"                                                        \
    "ALTER TABLE {table} ADD COLUMN extra double;\n"                                              \
    "-- zq:end\n"
#define OTHER_ID "8f44e55f167ea01a66121097f23f5e814d7f09bfe437c37298a00e66ca869d8f"

/* `text` with `line` put before the first line that begins with `before` after `from`. */
static char *put(const char *text, const char *from, const char *before, const char *line)
{
    const char *at = strstr(strstr(text, from), before);
    size_t size = strlen(text) + strlen(line) + 1;
    char *out = malloc(size);

    snprintf(out, size, "%.*s%s%s", (int)(at - text), text, line, at);
    return out;
}

/* The schema that the revision leads to: that of 0.4.0 with what it adds. */
static void write_text(void)
{
    char *one = put(zq_release_text(zq_release_head()), "table zq_app_roles ", "  primary key",
                    "  column note varchar(40)\n");
    char *two =
        put(one, "table zq_data_tustock_daily_{code} ", "  primary key", "  column extra double\n");
    char *three = put(two, "table", "table zq_app_apikeys",
                      "table our_notes engine InnoDB charset utf8mb4 collate utf8mb4_unicode_ci\n"
                      "  column id int not null\n"
                      "  primary key (id)\n\n");

    program_file("t1.schema.txt", three, 0644);
    free(one);
    free(two);
    free(three);
}

static void begin(const char *test)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_db) db = NULL;

    own_begin(test);
    db = cli_open();
    live_make_table(
        db, zq_family_member(
                arena, zq_schema_table(&zq_schema_head, "zq_data_tustock_daily_{code}"), "600001"));
    own_write(UP, "ALTER TABLE zq_app_roles DROP COLUMN note;\n"
                  "DROP TABLE our_notes;\n"
                  "-- zq:family zq_data_tustock_daily\n"
                  "ALTER TABLE {table} DROP COLUMN extra;\n"
                  "-- zq:end");
    write_text();
}

Test(own_schema, a_database_at_an_own_revision_is_what_the_text_beside_it_says)
{
    program_result live;

    begin("own_schema");
    OWN_SAYS(1, "it is at revision '0003'; run 'zquant-migrate upgrade'", "zquant-migrate", "check",
             "-q");
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade", "-q");
    OWN_SAYS(0, NULL, "zquant-migrate", "check", "-q");
    OWN_SAYS(0, NULL, "zquant-init", "status", "-q");
    OWN_SAYS(0, "is ready at revision t1 (on top of zquant 0.4.0), nothing to do\n", "zquant-init",
             "--no-admin");
    /* the administrator, who is left out */
    OWN_SAYS(1, "is not sound: 1 fault\n", "zquant-migrate", "verify", "-q");
    OWN_SAYS(0, NULL, "zquant-migrate", "diff", "-q", "--from", "live", "--to", "t1");
    /* No server knows what a column was called before, as the text does. */
    live = PROGRAM("zquant-migrate", "show", "--schema", "live", "--dir", ".");
    cr_assert_not_null(strstr(live.out, "table our_notes engine InnoDB "), "%s", live.err);
    /* Without the text it is held against the release, and a word says how to have it. */
    cr_assert_eq(PROGRAM("/bin/rm", "t1.schema.txt").status, 0);
    OWN_SAYS(
        1,
        "2 differences\nhint: what revision 't1' makes counts as a difference until its schema "
        "lies beside its file: where all is as it should be, run 'zquant-migrate show "
        "--schema live --dir . > ./t1.schema.txt'\n",
        "zquant-migrate", "check");
    program_file("t1.schema.txt", live.out, 0644);
    OWN_SAYS(0, NULL, "zquant-migrate", "check", "-q");
    program_free(&live);
    EXPECT(1, NULL, "zquant-migrate", "check", "-q");
}

Test(own_schema, drift_of_what_is_ones_own_is_a_difference)
{
    program_result r;

    begin("own_drift");
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade", "-q");
    cli_change("ALTER TABLE our_notes ADD COLUMN more int");
    cli_change("ALTER TABLE zq_data_tustock_daily_600001 DROP COLUMN extra");
    r = PROGRAM("zquant-migrate", "check", "--dir", ".");
    cr_assert_eq(r.status, 1);
    cr_assert_not_null(strstr(r.out, "our_notes: column 'more' should not be there: int"), "%s",
                       r.out);
    cr_assert_not_null(
        strstr(r.out, "zq_data_tustock_daily_600001: column 'extra' is missing: double"), "%s",
        r.out);
    cr_assert_not_null(
        strstr(r.err, "the schema differs from that of revision 't1': 2 differences"), "%s", r.err);
    program_free(&r);
    OWN_SAYS(1, "but 1 table is not its: 'our_notes'", "zquant-init", "status", "-q");
    OWN_SAYS(1, "but 1 table is not its: 'our_notes'\nhint: run 'zquant-migrate check --dir .' to",
             "zquant-init", "--no-admin");
    OWN_SAYS(1, "but 1 table is not its: 'our_notes'", "zquant-init", "--no-admin", "--dry-run");
    OWN_SAYS(1, "is not sound: 2 faults\n", "zquant-migrate", "verify", "-q");
    cli_change("DROP TABLE our_notes");
    OWN_SAYS(1, "hint: restore it from a backup\n", "zquant-init", "status", "-q");
    cli_change("DROP TABLE zq_quant_position");
    /* zquant's own is made anew, and the other is still gone */
    OWN_SAYS(1, "1 table is gone: 'our_notes'\nhint: restore it from a backup\n", "zquant-init",
             "--no-admin", "--recreate-missing");
    cli_change("SELECT 1 FROM zq_quant_position");
}

Test(own_schema, an_upgrade_that_does_not_lead_to_the_text_says_what_differs)
{
    begin("own_other");
    program_file("t1.sql",
                 "-- revision: t1\n-- revises: 0003\n-- title: a test\n"
                 "-- created: 2026-01-04T00:00:00Z\n"
                 "-- schema-id: " OTHER_ID "\n"
                 "-- zq:upgrade\n-- zq:irreversible a test\n",
                 0644);
    OWN_SAYS(65, "./t1.schema.txt:1: it has the schema id ", "zquant-migrate", "check");
    OWN_SAYS(65, "the two were made together", "zquant-migrate", "upgrade");
    own_expect_at("0003");
}

ZQ_LIVE_MAIN
