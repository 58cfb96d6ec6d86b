/* What zquant-init finds and leaves alone, unless it may do more: other revisions, tables without a
 * record, views in the place of tables. */
#include "cli.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void begin(const char *test)
{
    cli_begin(test);
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
}

Test(init_left, a_database_at_an_older_revision_is_left_alone)
{
    char text[512];
    char *before;

    begin("older");
    EXPECT(0, NULL, "zquant-init");
    cli_change(
        "UPDATE zq_meta_history SET revision = '0002', checksum = NULL; DROP TABLE zq_app_configs");
    before = cli_contents();
    snprintf(text, sizeof text,
             "zquant-init: database '%s' is at revision '0002' (zquant 0.3.0), this build is for "
             "'0003' (0.4.0)\nhint: run 'zquant-migrate upgrade', or this again with --upgrade\n",
             cli_database());
    EXPECT(1, text, "zquant-init");
    program_env("LC_ALL", "zh_CN.UTF-8");
    SAYS(1, "位于修订 '0002'（zquant 0.3.0），本程序对应 '0003'（0.4.0）\n", "zquant-init");
    cli_expect_contents(before);
    cli_end();
}

Test(init_left, a_database_of_a_newer_build_is_left_alone)
{
    char text[512];
    char *before;

    begin("newer");
    EXPECT(0, NULL, "zquant-init");
    cli_change("UPDATE zq_meta_history SET revision = '0099'; DROP TABLE zq_app_configs");
    before = cli_contents();
    snprintf(text, sizeof text,
             "zquant-init: database '%s' is at revision '0099', which this build does not know\n"
             "hint: use the build that made revision '0099', or a newer one; if its file is your "
             "own, name the file's folder with --dir; where nobody has it any more, run "
             "'zquant-migrate stamp REV --allow-unknown'\n",
             cli_database());
    EXPECT(1, text, "zquant-init");
    cli_expect_contents(before);
    cli_end();
}

Test(init_left, tables_without_a_record_are_left_alone)
{
    char *before;

    begin("unrecorded");
    EXPECT(0, NULL, "zquant-init");
    cli_change("DROP TABLE zq_meta_history, zq_meta_journal, zq_meta_lease, zq_meta_seeds,"
               " zq_app_configs");
    before = cli_contents();
    EXPECT(1, NULL, "zquant-init");
    cli_expect_contents(before);
    cli_end();
}

Test(init_left, tables_that_are_exactly_a_release_are_recorded_as_that)
{
    begin("adopted");
    EXPECT(0, NULL, "zquant-init");
    cli_change("DROP TABLE zq_meta_history, zq_meta_journal, zq_meta_lease, zq_meta_seeds;"
               "DELETE FROM zq_app_role_permissions WHERE role_id = 3");
    EXPECT(0, NULL, "zquant-init");
    cli_expect_value(
        "0003 adopt",
        "SELECT GROUP_CONCAT(CONCAT_WS(' ', revision, operation)) FROM zq_meta_history");
    /* What an operator had taken away before is not granted again. */
    cli_expect_value("0", "SELECT COUNT(*) FROM zq_app_role_permissions WHERE role_id = 3");
    EXPECT(0, NULL, "zquant-init", "status");
    cli_end();
}

Test(init_left, with_upgrade_an_older_database_is_brought_to_head_first)
{
    ZQ_AUTO(zq_db) db = live_open();

    begin("upgrade");
    live_make_database(db, cli_database());
    EXPECT(0, NULL, "zquant-migrate", "-q", "upgrade", "0.2.0");
    EXPECT(1, NULL, "zquant-init");
    /* Made by the Python initialiser: recognised, then upgraded. */
    cli_change("DROP TABLE zq_meta_history, zq_meta_journal, zq_meta_lease, zq_meta_seeds");
    EXPECT(0, NULL, "zquant-init", "--upgrade");
    cli_expect_value("0001 adopt,0002 squash,0003 squash",
                     "SELECT GROUP_CONCAT(CONCAT_WS(' ', revision, operation) ORDER BY id) "
                     "FROM zq_meta_history");
    cli_expect_value("1", "SELECT COUNT(*) FROM zq_app_users");
    EXPECT(0, NULL, "zquant-migrate", "-q", "check");
    cli_end();
}

/* Of our own tables, too, and whatever it shows: the record is read through it. */
Test(init_left, a_view_in_the_place_of_a_table_is_named_and_nothing_is_touched)
{
    static const char *const names[] = {"zq_app_configs", "zq_app_users", "zq_meta_history",
                                        "zq_meta_journal"};
    char text[512];

    begin("view");
    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        ZQ_AUTO(zq_db) db = live_open();
        char *before;

        live_make_database(db, cli_database());
        snprintf(text, sizeof text, "CREATE VIEW %s AS SELECT 1 AS config_key", names[i]);
        live_exec(db, text);
        before = cli_contents();
        snprintf(text, sizeof text,
                 "zquant-init: '%s' in database '%s' is not a table but a VIEW\n"
                 "hint: rename or drop it, then run this again\n",
                 names[i], cli_database());
        EXPECT(1, text, "zquant-init");
        EXPECT(1, text, "zquant-init", "admin", "create");
        EXPECT(1, text, "zquant-init", "seeds", "apply");
        snprintf(text, sizeof text,
                 "zquant-init: '%s' is not a table but a VIEW\n"
                 "hint: rename or drop it, then run 'zquant-init init'\n",
                 names[i]);
        EXPECT(1, text, "zquant-init", "status");
        cli_expect_contents(before);
        live_drop(cli_database());
    }
    cli_end();
}

Test(init_left, a_table_of_others_in_the_place_of_a_record_is_named_to_who_migrates)
{
    static const char *const names[] = {"zq_meta_history", "zq_meta_journal"};
    char text[512];

    begin("notours");
    EXPECT(0, NULL, "zquant-init");
    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        program_result r;
        char *before;

        snprintf(text, sizeof text, "RENAME TABLE %s TO kept; CREATE TABLE %s (x int)", names[i],
                 names[i]);
        cli_change(text);
        before = cli_contents();
        r = PROGRAM("zquant-migrate", "downgrade", "-1", "--allow-data-loss");
        snprintf(text, sizeof text,
                 "zquant-migrate: '%s' is not the table that zquant makes: Unknown column "
                 "'revision' in ",
                 names[i]);
        cr_assert_eq(r.status, 1, "%d: %s", r.status, r.err);
        cr_assert(strncmp(r.err, text, strlen(text)) == 0, "%s", r.err);
        cr_assert_not_null(strstr(r.err, "\nhint: rename or drop it, then run this again\n"));
        program_free(&r);
        cli_expect_contents(before);
        snprintf(text, sizeof text, "DROP TABLE %s; RENAME TABLE kept TO %s", names[i], names[i]);
        cli_change(text);
    }
    cli_end();
}

Test(init_left, a_view_in_a_database_that_is_ready_otherwise_is_named_and_nothing_is_touched)
{
    char text[512];
    char *before;

    begin("viewready");
    EXPECT(0, NULL, "zquant-init");
    cli_change("CREATE TABLE kept AS SELECT * FROM zq_app_users; SET foreign_key_checks = 0;"
               "DROP TABLE zq_app_users, zq_app_configs;"
               "CREATE VIEW zq_app_users AS SELECT * FROM kept");
    before = cli_contents();
    snprintf(text, sizeof text,
             "zquant-init: 'zq_app_users' in database '%s' is not a table but a VIEW\n"
             "hint: rename or drop it, then run this again\n",
             cli_database());
    EXPECT(1, text, "zquant-init");
    EXPECT(1, text, "zquant-init", "admin", "reset-password");
    EXPECT(1, text, "zquant-init", "seeds", "apply", "--prune");
    cli_expect_contents(before);
    cli_end();
}

ZQ_LIVE_MAIN
