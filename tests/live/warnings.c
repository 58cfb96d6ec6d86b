/* What the server warns of is shown, with the place in the file. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <string.h>

static void begin(void)
{
    own_begin("warnings");
    cli_change("CREATE TABLE zq_t_one (id int PRIMARY KEY, v varchar(3), k varchar(1000)) "
               "DEFAULT CHARSET utf8mb4 ENGINE=InnoDB");
}

TestSuite(warnings, .init = begin, .fini = cli_end, .timeout = 60);

#define CUT(row) "the server warns: Data truncated for column 'v' at row " row " (1265)\n"

static void expect_upgrade(const char *said)
{
    OWN_SAYS(0, said, "zquant-migrate", "upgrade", "--allow-locking");
}

Test(warnings, a_value_that_is_cut_is_said_with_its_place)
{
    own_write("INSERT IGNORE INTO zq_t_one (id, v) VALUES (1, 'long'), (2, 'x'), (3, 'longer');",
              NULL);
    expect_upgrade("zquant-migrate: warning: ./t1.sql:7: " CUT(
        "1") "zquant-migrate: warning: ./t1.sql:7: " CUT("3"));
}

Test(warnings, a_key_that_is_shortened_is_said)
{
    if (live_flavor() != ZQ_MARIADB)
        return; /* MySQL refuses it */
    own_write("ALTER TABLE zq_t_one ADD INDEX ix_k (k);", NULL);
    expect_upgrade("t1.sql:7: the server warns: Specified key was too long; max key length is 3072 "
                   "bytes (1071)\n");
}

Test(warnings, of_many_the_first_are_shown_and_the_others_counted)
{
    cli_change("INSERT INTO zq_t_one (id) VALUES (1), (2), (3), (4), (5), (6), (7), (8)");
    own_write("-- zq:batch table=zq_t_one key=id size=1\n"
              "UPDATE IGNORE zq_t_one SET v = 'longer' WHERE {range};\n-- zq:end",
              NULL);
    expect_upgrade(
        "t1.sql:8: " CUT("1") "zquant-migrate: warning: ./t1.sql:8: 3 further warnings of "
                              "the server\n");
}

Test(warnings, those_of_members_are_said_together)
{
    own_make_members(8);
    own_write(FAMILY("INSERT IGNORE INTO {table} (id, x, y) VALUES (1, 2, 3);"), NULL);
    expect_upgrade("t1.sql:8: 3 further warnings of the server\n");
}

Test(warnings, those_of_members_that_are_altered_are_said_together)
{
    if (live_flavor() != ZQ_MARIADB)
        return; /* MySQL refuses it */
    own_make_members(8);
    own_write(FAMILY("ALTER TABLE {table} ADD COLUMN k varchar(1000);\n"
                     "ALTER TABLE {table} ADD INDEX ix_{code}_k (k);"),
              NULL);
    expect_upgrade("t1.sql:9: 3 further warnings of the server\n");
}

Test(warnings, what_a_later_server_will_not_take_is_not_worth_a_word)
{
    own_write(
        "CREATE TABLE zq_t_two (a int(11), b varchar(9) CHARACTER SET utf8, KEY (a), KEY (a));",
        NULL);
    OWN_SAYS(0, "zquant-migrate: upgrading to t1: a test\nzquant-migrate: database '",
             "zquant-migrate", "upgrade");
}

Test(warnings, they_are_in_the_log_for_programs_too)
{
    own_write("INSERT IGNORE INTO zq_t_one (id, v) VALUES (1, 'long');", NULL);
    OWN_SAYS(0, "\"./t1.sql:7: the server warns: Data truncated for column 'v' at row 1 (1265)\"",
             "zquant-migrate", "upgrade", "--log-format", "json");
}

Test(warnings, what_was_not_there_to_drop_is_not_worth_a_word)
{
    own_write("DROP VIEW IF EXISTS none;\nDROP PROCEDURE IF EXISTS none;\nSET @a = 1;", NULL);
    OWN_SAYS(0, "zquant-migrate: upgrading to t1: a test\nzquant-migrate: database '",
             "zquant-migrate", "upgrade");
}

ZQ_LIVE_MAIN
