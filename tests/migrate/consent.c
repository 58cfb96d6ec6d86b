#include "migrate/consent.h"

#include "base/language.h"

#include <criterion/criterion.h>
#include <string.h>

static const char text[] =
    "-- revision: 0001\n-- revises: base\n-- title: t\n-- created: 2026-01-04T00:00:00Z\n"
    "-- zq:upgrade\n"
    "ALTER TABLE a DROP COLUMN x, DROP y, DROP z, DROP INDEX i;\n"
    "ALTER TABLE a CHANGE b c int, DROP INDEX j;\n"
    "ALTER TABLE a DROP COLUMN x;\n"
    "DROP TABLE a, b;\n"
    "DELETE FROM a;\n"
    "TRUNCATE b;\n"
    "UPDATE a SET b = 1;\n"
    "ALTER TABLE a DROP PARTITION p;\n"
    "-- zq:family zq_data_tustock_daily\n"
    "ALTER TABLE {table} DROP COLUMN x;\n"
    "DROP TABLE {table};\n"
    "-- zq:end\n"
    "WITH c AS (SELECT 1) DELETE FROM d;\n"
    "-- zq:downgrade\n"
    "CREATE TABLE b (a int);\n";

static const char *const wanted[] = {
    "6: drops the columns 'x', 'y' and 'z' of 'a'",
    "8: drops the column 'x' of 'a'",
    "9: drops the tables 'a' and 'b'",
    "10: deletes rows of 'a'",
    "11: deletes rows of 'b'",
    "13: drops a partition of 'a'",
    "15: drops the column 'x' of every member of 'zq_data_tustock_daily_{code}'",
    "16: drops every member of 'zq_data_tustock_daily_{code}'",
    "18: deletes rows of 'd'",
};

static zq_path path_of(zq_direction direction, zq_arena *arena)
{
    zq_revision *revision = ZQ_NEW(arena, zq_revision);
    zq_chain chain;
    zq_path path;
    zq_err err = {0};

    cr_assert_eq(zq_revision_file_read("0001_t.sql", text, sizeof text - 1, arena, revision, &err),
                 ZQ_OK, "%s", err.message);
    cr_assert_eq(zq_chain_build(revision, 1, arena, &chain, &err), ZQ_OK);
    cr_assert_eq(zq_chain_path(&chain, direction == ZQ_UP ? 0 : 1, direction == ZQ_UP ? 1 : 0,
                               direction, arena, &path, &err),
                 ZQ_OK);
    return path;
}

#define ALLOW(...) ((const bool[ZQ_FINDING_KINDS]){__VA_ARGS__})

static zq_findings foretold(const zq_path *path, zq_arena *arena)
{
    zq_step_costs costs;

    zq_forecast_words(path, ZQ_USERS_LANGUAGE, arena, &costs);
    return costs.findings;
}

static zq_findings findings_of(zq_direction direction, zq_arena *arena)
{
    zq_path path = path_of(direction, arena);

    return foretold(&path, arena);
}

Test(consent, every_loss_is_said_in_words)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_findings found = findings_of(ZQ_UP, arena);

    cr_assert_eq(found.n, ZQ_LEN(wanted));
    for (size_t i = 0; i < found.n; i++) {
        const zq_finding *f = &found.items[i];

        cr_expect_str_eq(zq_arena_printf(arena, "%u: %s", f->line, f->what), wanted[i]);
        cr_expect_str_eq(f->file, "0001_t.sql");
        cr_expect_eq(f->kind, ZQ_FINDS_LOSS);
    }
}

Test(consent, a_loss_needs_its_option)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_findings found = findings_of(ZQ_UP, arena);
    zq_err err = {0};

    cr_expect_eq(zq_findings_consent(&found, ALLOW(true, false, false), arena, &err), ZQ_OK);
    cr_expect_eq(zq_findings_consent(&found, ALLOW(false, true, false), arena, &err), ZQ_E_USAGE);
    cr_expect_str_eq(err.message, "0001_t.sql:6: drops the columns 'x', 'y' and 'z' of 'a'");
    cr_expect_eq(strncmp(err.detail,
                         "9 statements lose data: 0001_t.sql:8: drops the column 'x' of 'a'; "
                         "0001_t.sql:9: drops the tables 'a' and 'b'; ",
                         100),
                 0, "%s", err.detail);
    cr_expect_str_eq(err.hint, "make sure that there is a backup, then say --allow-data-loss");
}

Test(consent, where_nothing_is_lost_nothing_is_asked)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_findings found = findings_of(ZQ_DOWN, arena);
    zq_err err = {0};

    cr_expect_eq(found.n, 0);
    cr_expect_eq(zq_findings_consent(&found, ALLOW(false, false, false), arena, &err), ZQ_OK);
}

Test(consent, going_up_through_the_releases_loses_nothing_and_going_down_does)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_chain chain;
    zq_path path;
    zq_findings found;
    zq_err err = {0};

    cr_assert_eq(zq_chain_embedded(arena, &chain, &err), ZQ_OK);
    cr_assert_eq(zq_chain_path(&chain, 0, chain.n, ZQ_UP, arena, &path, &err), ZQ_OK);
    found = foretold(&path, arena);
    cr_expect_eq(zq_findings_consent(&found, ALLOW(false, false, false), arena, &err), ZQ_OK, "%s",
                 err.message);
    for (size_t at = chain.n; at > 0; at--) {
        cr_assert_eq(zq_chain_path(&chain, at, at - 1, ZQ_DOWN, arena, &path, &err), ZQ_OK);
        found = foretold(&path, arena);
        cr_expect_eq(zq_findings_consent(&found, ALLOW(false, true, false), arena, &err),
                     ZQ_E_USAGE);
        cr_expect_eq(zq_findings_consent(&found, ALLOW(true, false, false), arena, &err), ZQ_OK);
    }
}

Test(consent, an_outcome_that_cannot_be_known_needs_an_option_of_its_own)
{
    static const zq_finding items[] = {
        {ZQ_FINDS_UNKNOWN, "a.sql", 1, NULL, "what the procedure 'p' does cannot be known"},
        {ZQ_FINDS_LOSS, "a.sql", 2, NULL, "drops the table 'u'"},
    };
    static const zq_findings found = {items, ZQ_LEN(items)};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_err err = {0};

    cr_assert_eq(zq_findings_consent(&found, ALLOW(false, true, false), arena, &err), ZQ_E_USAGE);
    cr_expect_str_eq(err.message, "a.sql:1: what the procedure 'p' does cannot be known");
    cr_expect_str_eq(err.detail,
                     "1 statement loses data, 1 statement has an outcome that cannot be "
                     "known: a.sql:2: drops the table 'u'");
    cr_expect_str_eq(err.hint, "make sure that there is a backup, then say --allow-data-loss "
                               "--allow-unknown");
    cr_assert_eq(zq_findings_consent(&found, ALLOW(true, true, false), arena, &err), ZQ_E_USAGE);
    cr_expect_str_eq(err.hint, "make sure that there is a backup, then say --allow-unknown");
    cr_assert_eq(zq_findings_consent(&found, ALLOW(true, false, true), arena, &err), ZQ_OK);
}

Test(consent, losses_and_locks_are_told_together_with_the_options_that_are_missing)
{
    static const zq_finding items[] = {
        {ZQ_FINDS_LOCKING, "a.sql", 1, NULL, "copies 't': it must"},
        {ZQ_FINDS_LOSS, "a.sql", 2, NULL, "drops the table 'u'"},
        {ZQ_FINDS_LOSS, "b.sql", 3, NULL, "drops the table 'v'"},
    };
    static const zq_findings found = {items, ZQ_LEN(items)};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_err err = {0};

    cr_assert_eq(zq_findings_consent(&found, ALLOW(false, false, false), arena, &err), ZQ_E_USAGE);
    cr_expect_str_eq(err.message, "a.sql:1: copies 't': it must");
    cr_expect_str_eq(err.detail, "2 statements lose data, 1 statement copies a table or blocks "
                                 "writes to it: a.sql:2: drops the table 'u'; "
                                 "b.sql:3: drops the table 'v'");
    cr_expect_str_eq(err.hint, "make sure that there is a backup and choose a quiet time, then say "
                               "--allow-data-loss --allow-locking");
    err = (zq_err){0};
    cr_assert_eq(zq_findings_consent(&found, ALLOW(true, false, false), arena, &err), ZQ_E_USAGE);
    cr_expect_str_eq(err.message, "a.sql:1: copies 't': it must");
    cr_expect_str_eq(err.detail, "");
    cr_expect_str_eq(err.hint, "choose a quiet time, then say --allow-locking");
    cr_assert_eq(zq_findings_consent(&found, ALLOW(true, true, false), arena, &err), ZQ_OK);
}

static void speak_english(void)
{
    zq_language_set(NULL);
}

Test(consent, the_risk_and_the_way_out_are_said_in_the_language_of_the_user, .fini = speak_english)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_path path = path_of(ZQ_UP, arena);
    zq_findings found;
    zq_step_costs written;
    zq_err err = {0};

    zq_language_set("zh_CN.UTF-8");
    found = foretold(&path, arena);
    cr_assert_eq(zq_findings_consent(&found, ALLOW(false, false, false), arena, &err), ZQ_E_USAGE);
    cr_expect_str_eq(err.message, "0001_t.sql:6: 删除 'a' 的列 'x'、'y' 和 'z'");
    cr_expect_str_eq(err.detail, "9 条语句会丢失数据：0001_t.sql:8: 删除 'a' 的列 'x'；"
                                 "0001_t.sql:9: 删除表 'a' 和 'b'；0001_t.sql:10: 删除 'a' 的行；"
                                 "0001_t.sql:11: 删除 'b' 的行；0001_t.sql:13: 删除 'a' 的分区；"
                                 "0001_t.sql:15: 删除 表族成员 'zq_data_tustock_daily_{code}'"
                                 " 的列 'x'；0001_t.sql:16: 删除 表族成员 "
                                 "'zq_data_tustock_daily_{code}'；"
                                 "0001_t.sql:18: 删除 'd' 的行");
    cr_expect_str_eq(err.hint, "请先确认已有备份，然后加上 --allow-data-loss");

    zq_forecast_words(&path, ZQ_ENGLISH, arena, &written);
    cr_expect_str_eq(written.findings.items[1].what, "drops the column 'x' of 'a'",
                     "what goes into a file is English");
}
