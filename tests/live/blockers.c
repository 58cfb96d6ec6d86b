#include "run/blockers.h"

#include "live.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const tables[] = {"it's", "other", NULL};

static zq_arena *arena;
static zq_db *holder, *asker;
static const char *database;

static void set_up(const char *test)
{
    arena = zq_arena_open();
    database = live_database(test);
    holder = live_open();
    asker = live_open();
    live_exec(holder, zq_arena_printf(arena, "CREATE DATABASE `%s`; USE `%s`", database, database));
    live_exec(holder, "CREATE TABLE `it's` (a int); INSERT INTO `it's` VALUES (1)");
}

static void tear_down(void)
{
    zq_db_close(holder);
    zq_db_close(asker);
    live_drop(database);
    zq_arena_close(arena);
}

/* InnoDB's list of transactions is kept for 0.1 s. */
static zq_blockers find(unsigned long long except)
{
    zq_blockers found;
    zq_err err = {0};

    live_exec(asker, "DO SLEEP(0.2)");
    cr_assert_eq(zq_blockers_find(asker, database, tables, except, arena, &found, &err), ZQ_OK,
                 "%s", err.message);
    return found;
}

static void assert_holder(const zq_blockers *found)
{
    cr_assert_eq(found->n, 1);
    cr_expect_eq(strtoull(found->items[0].connection_id, NULL, 10), zq_db_connection_id(holder));
    cr_expect_not_null(strchr(found->items[0].account, '@'));
}

Test(blockers, an_open_transaction_on_the_table_is_named)
{
    zq_blockers found;

    set_up("blockers");
    cr_expect_eq(find(0).n, 0, "nobody holds anything");
    live_exec(holder, "START TRANSACTION; SELECT * FROM `it's`");
    found = find(0);
    assert_holder(&found);
    cr_expect_eq(found.certain, live_flavor() == ZQ_MYSQL);
    if (live_flavor() == ZQ_MYSQL)
        cr_expect_not_null(strstr(zq_blockers_say(&found, arena), " s: SELECT * FROM `it's`"), "%s",
                           zq_blockers_say(&found, arena));
    cr_expect_eq(find(zq_db_connection_id(holder)).n, 0, "the one who waits is left out");
    live_exec(holder, "COMMIT");
    cr_expect_eq(find(0).n, 0);
    tear_down();
}

/* The plugin comes with MariaDB; it is taken out again. */
Test(blockers, mariadbs_plugin_knows_for_certain)
{
    zq_blockers found;

    if (live_flavor() != ZQ_MARIADB)
        cr_skip_test("MySQL has performance_schema");
    set_up("blockers_plugin");
    live_exec(asker, "INSTALL SONAME 'metadata_lock_info'");
    live_exec(holder, "LOCK TABLES `it's` READ");
    found = find(0);
    live_exec(asker, "UNINSTALL SONAME 'metadata_lock_info'");
    assert_holder(&found);
    cr_expect(found.certain);
    tear_down();
}

Test(blockers, without_rights_nobody_is_named_and_nothing_fails)
{
    zq_target target = live_target();
    const char *user;
    zq_blockers found = {.n = 9};
    zq_db *poor = NULL;
    zq_err err = {0};

    set_up("blockers_poor");
    user = zq_arena_printf(arena, "zqt_b_%ld", (long)getpid());
    live_exec(holder, zq_arena_printf(arena,
                                      "CREATE USER '%s'@'%%' IDENTIFIED BY 'Secret_123', "
                                      "'%s'@'localhost' IDENTIFIED BY 'Secret_123'",
                                      user, user));
    live_exec(holder, "START TRANSACTION; SELECT * FROM `it's`");
    target.user = user;
    target.password = "Secret_123";
    cr_assert_eq(zq_db_open(&target, &poor, &err), ZQ_OK, "%s %s", err.message, err.detail);
    cr_expect_eq(zq_blockers_find(poor, database, tables, 0, arena, &found, &err), ZQ_OK, "%s",
                 err.message);
    cr_expect_eq(found.n, 0);
    zq_db_close(poor);
    live_exec(holder, "COMMIT");
    live_exec(holder, zq_arena_printf(arena, "DROP USER '%s'@'%%', '%s'@'localhost'", user, user));
    tear_down();
}

Test(blockers, several_are_listed_in_one_sentence)
{
    static const zq_blocker items[] = {{"7", "a@h:1", "90", "SELECT 1"}, {"8", "b@h:2", "3", ""}};
    zq_blockers some = {.items = items, .n = 2};

    arena = zq_arena_open();
    cr_expect_str_eq(zq_blockers_say(&some, arena),
                     "connection 7 of 'a@h:1' may have held it for 90 s: SELECT 1; "
                     "connection 8 of 'b@h:2' may have held it for 3 s");
    some.certain = true;
    some.n = 1;
    cr_expect_str_eq(zq_blockers_say(&some, arena),
                     "connection 7 of 'a@h:1' has held it for 90 s: SELECT 1");
    some.n = 0;
    cr_expect_str_eq(zq_blockers_say(&some, arena), "");
    zq_arena_close(arena);
}

ZQ_LIVE_MAIN
