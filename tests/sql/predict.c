#include "sql/alter/predict.h"

#include "base/buf.h"
#include "model/canon.h"
#include "sql/table/show_create_read.h"

#include <criterion/criterion.h>
#include <string.h>

static const char users[] =
    "CREATE TABLE `users` (\n"
    "  `id` int NOT NULL AUTO_INCREMENT,\n"
    "  `name` varchar(50) NOT NULL COMMENT 'their name',\n"
    "  `role_id` int DEFAULT NULL,\n"
    "  `note` text,\n"
    "  PRIMARY KEY (`id`),\n"
    "  UNIQUE KEY `uq_name` (`name`,`role_id`),\n"
    "  KEY `ix_role` (`role_id`),\n"
    "  CONSTRAINT `users_ibfk_3` FOREIGN KEY (`role_id`) REFERENCES `roles` (`id`),\n"
    "  CONSTRAINT `chk_name` CHECK ((length(`name`) > 1))\n"
    ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='people'";

static zq_arena *arena;
static zq_table before;
static zq_table after;

static void begin(void)
{
    zq_err err = {0};

    arena = zq_arena_open();
    cr_assert_eq(zq_show_create_read(users, strlen(users), ZQ_MYSQL, arena, &before, &err), ZQ_OK,
                 "%s", err.message);
}

static void end(void)
{
    zq_arena_close(arena);
}

TestSuite(predict, .init = begin, .fini = end);

static zq_prediction apply_on(zq_flavor flavor, const char *sql)
{
    return zq_predict(sql, strlen(sql), flavor, &before, arena, &after);
}

static zq_prediction apply(const char *sql)
{
    return apply_on(ZQ_MYSQL, sql);
}

static const char *form(const zq_table *table)
{
    ZQ_AUTO_BUF(out);

    zq_canon_table(&out, table);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

/* The canonical form afterwards has the line (or does not). */
static void assert_line(const char *line, bool there)
{
    const char *wanted = zq_arena_printf(arena, "\n  %s\n", line);

    cr_assert_eq(strstr(form(&after), wanted) != NULL, there, "%s:\n%s", line, form(&after));
}

static void assert_told(const char *sql)
{
    cr_assert_eq(apply(sql), ZQ_PREDICTED, "%s", sql);
}

/* ---- columns ---- */

Test(predict, a_column_is_added_where_it_is_wanted)
{
    assert_told("ALTER TABLE users ADD COLUMN age INTEGER NOT NULL DEFAULT 0 AFTER name");
    cr_assert_str_eq(after.columns[2].name, "age");
    assert_line("column age int not null default '0'", true);
    assert_told("ALTER TABLE users ADD a int FIRST, ADD b int AFTER a, ADD c int");
    cr_assert_str_eq(after.columns[0].name, "a");
    cr_assert_str_eq(after.columns[1].name, "b");
    cr_assert_str_eq(after.columns[6].name, "c");
}

Test(predict, what_people_write_is_what_the_server_would_print)
{
    static const struct {
        const char *people;
        const char *line;
    } cases[] = {
        {"x BOOLEAN DEFAULT TRUE", "column x tinyint(1) default '1'"},
        {"`x y` dec(5,2) default .5", "column `x y` decimal(5,2) default '0.50'"},
        {"x CHARACTER VARYING(9) DEFAULT \"a'b\"", "column x varchar(9) default 'a''b'"},
        {"x DATETIME DEFAULT NOW()", "column x datetime default \"CURRENT_TIMESTAMP\""},
        {"x datetime(3) DEFAULT '2026-01-04'",
         "column x datetime(3) default '2026-01-04 00:00:00.000'"},
        {"x enum('a','B') default 'b'", "column x enum('a', 'B') default 'B'"},
        {"x bigint unsigned -- why\n not null # end\n", "column x bigint unsigned not null"},
        {"x varchar(5) COLLATE LATIN1_BIN",
         "column x varchar(5) charset latin1 collate latin1_bin"},
        {"x int /* so */ AS (ID + 0) STORED", NULL},
        {"x int AS (id + 1) STORED", "column x int as \"`id` + 1\" stored"},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        const char *sql = zq_arena_printf(arena, "alter table users add %s", cases[i].people);

        cr_assert_eq(apply(sql), cases[i].line != NULL ? ZQ_PREDICTED : ZQ_PREDICTION_UNKNOWN, "%s",
                     sql);
        if (cases[i].line != NULL)
            assert_line(cases[i].line, true);
    }
}

Test(predict, a_column_that_goes_takes_its_part_of_the_indexes_along)
{
    assert_told("ALTER TABLE users DROP FOREIGN KEY users_ibfk_3, DROP COLUMN role_id");
    assert_line("unique key uq_name (name)", true);
    cr_assert_null(strstr(form(&after), "role_id"));
    cr_assert_null(strstr(form(&after), "ix_role"));
}

Test(predict, mariadb_takes_no_column_out_of_a_unique_key_of_several)
{
    cr_assert_eq(apply_on(ZQ_MARIADB,
                          "ALTER TABLE users DROP FOREIGN KEY users_ibfk_3, DROP COLUMN role_id"),
                 ZQ_PREDICTION_UNKNOWN);
}

Test(predict, a_column_that_is_renamed_is_renamed_in_indexes_and_keys)
{
    assert_told("ALTER TABLE users CHANGE role_id rid bigint");
    assert_line("key ix_role (rid)", true);
    assert_line("foreign key users_ibfk_3 (rid) references roles (id)", true);
    assert_line("column rid bigint", true);
}

Test(predict, a_column_that_an_expression_speaks_of_is_not_known)
{
    cr_assert_eq(apply("ALTER TABLE users RENAME COLUMN name TO nick"), ZQ_PREDICTION_UNKNOWN);
    cr_assert_eq(apply("ALTER TABLE users DROP COLUMN name"), ZQ_PREDICTION_UNKNOWN);
}

Test(predict, what_is_there_already_or_is_not_there_is_refused)
{
    static const char *const statements[] = {
        "ALTER TABLE users ADD COLUMN NAME int",
        "ALTER TABLE users DROP COLUMN nope",
        "ALTER TABLE users MODIFY nope int",
        "ALTER TABLE users RENAME COLUMN id TO name",
        "ALTER TABLE users ADD INDEX ix_role (id)",
        "ALTER TABLE users ADD PRIMARY KEY (name)",
        "ALTER TABLE users DROP INDEX nope",
        "ALTER TABLE users DROP FOREIGN KEY nope",
        "ALTER TABLE users ADD CONSTRAINT chk_name CHECK (id > 1)",
        "CREATE INDEX ix_role ON users (id)",
        "DROP INDEX nope ON users",
    };

    for (size_t i = 0; i < ZQ_LEN(statements); i++)
        cr_assert_eq(apply(statements[i]), ZQ_PREDICTION_REFUSED, "%s", statements[i]);
}

/* ---- indexes and keys ---- */

Test(predict, an_index_without_a_name_is_called_like_its_first_column)
{
    assert_told("ALTER TABLE users ADD INDEX (note(10)), ADD KEY (note(20), id), ADD UNIQUE (id)");
    assert_line("key note (note(10))", true);
    assert_line("key note_2 (note(20), id)", true);
    assert_line("unique key id (id)", true);
}

Test(predict, a_foreign_key_gets_the_next_number_and_an_index_where_none_serves)
{
    assert_told("ALTER TABLE users ADD x int, ADD FOREIGN KEY (X) REFERENCES roles (id), "
                "ADD CONSTRAINT fk_id FOREIGN KEY (id) REFERENCES roles (id) ON DELETE CASCADE");
    assert_line("foreign key users_ibfk_4 (x) references roles (id)", true);
    assert_line("foreign key fk_id (id) references roles (id) on delete cascade", true);
    assert_line("key x (x)", true);
    cr_assert_null(strstr(form(&after), "key fk_id (id)\n"));
}

Test(predict, an_index_that_a_foreign_key_needs_is_not_seen_dropped)
{
    cr_assert_eq(apply("ALTER TABLE users DROP INDEX ix_role"), ZQ_PREDICTION_UNKNOWN);
    assert_told("ALTER TABLE users DROP INDEX ix_role, ADD INDEX y (role_id, id)");
    assert_line("key y (role_id, id)", true);
}

/* ---- the table ---- */

Test(predict, columns_keep_their_charset_when_the_table_gets_another_one)
{
    assert_told("ALTER TABLE users DEFAULT CHARSET=latin1 COLLATE latin1_bin, COMMENT=''");
    assert_line("column note text charset utf8mb4 collate utf8mb4_unicode_ci", true);
    cr_assert_str_eq(after.charset, "latin1");
    cr_assert_null(after.comment);
    assert_told("ALTER TABLE users CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    assert_line("column note text", true);
    cr_assert_str_eq(after.collation, "utf8mb4_bin");
}

Test(predict, what_leaves_the_schema_alone_leaves_it_alone)
{
    assert_told("ALTER TABLE users FORCE, ALGORITHM=INPLACE, LOCK = NONE, ENGINE=innodb, "
                "AUTO_INCREMENT 7");
    cr_assert_str_eq(form(&after), form(&before));
}

Test(predict, a_familys_patterns_are_names_like_others)
{
    before.name = "zq_x_{code}";
    assert_told("ALTER TABLE zq_x_{code} ADD INDEX ix_zq_x_{code}_id (id)");
    assert_line("key ix_zq_x_{code}_id (id)", true);
}

/* ---- what is not known ---- */

Test(predict, what_is_not_understood_or_depends_on_more_is_not_known)
{
    static const char *const statements[] = {
        "",
        "SELECT 1",
        "DROP TABLE users",
        "CREATE TABLE users (id int)",
        "ALTER TABLE",
        "ALTER TABLE users RENAME TO u",
        "ALTER TABLE users PARTITION BY HASH (id)",
        "ALTER TABLE users ADD PARTITION (PARTITION p VALUES LESS THAN (1))",
        "ALTER TABLE users ORDER BY id",
        "ALTER TABLE users ADD x int /*!80000 NOT NULL */",
        "ALTER TABLE users ADD x int 'unended",
        "ALTER TABLE users ADD x int; DROP TABLE roles",
        "ALTER TABLE users ADD x wonder",
        "ALTER TABLE users ADD x int WONDER",
        "ALTER TABLE users ADD x int DEFAULT 1.5",
        "ALTER TABLE users ADD x int DEFAULT 'one'",
        "ALTER TABLE users ADD x time DEFAULT '1:00'",
        "ALTER TABLE users ADD x char(3) DEFAULT 'a '",
        "ALTER TABLE users ADD x varchar(3) DEFAULT _latin1'a'",
        "ALTER TABLE users ADD x varchar(9) CHARACTER SET binary",
        "ALTER TABLE users ADD x int COLLATE utf8mb4_bin",
        "ALTER TABLE users ADD x int AS (wonder(id))",
        "ALTER TABLE users ADD x int AS (nope + 1)",
        "ALTER TABLE users ADD x int CHECK (x > 1)",
        "ALTER TABLE users ADD CHECK (id > 1)",
        "ALTER TABLE users ADD COLUMN IF NOT EXISTS x int",
        "ALTER TABLE users ADD FOREIGN KEY (id) REFERENCES other.roles (id)",
        "ALTER TABLE users ADD FOREIGN KEY (id) REFERENCES roles (id) ON DELETE SET DEFAULT",
        "ALTER TABLE users ADD FOREIGN KEY (id) REFERENCES roles (id) MATCH FULL",
        "ALTER TABLE users ADD INDEX (id) KEY_BLOCK_SIZE=8",
        "ALTER TABLE users ADD INDEX (note)",
        "ALTER TABLE users ADD x varchar(1000), ADD INDEX (x)",
        "ALTER TABLE users MODIFY id int, MODIFY id bigint",
        "ALTER TABLE users ENGINE=wonder",
        "ALTER TABLE users CONVERT TO CHARACTER SET latin1",
        "ALTER TABLE users DROP INDEX ix_role, ADD INDEX ix_role (role_id) INVISIBLE",
    };

    for (size_t i = 0; i < ZQ_LEN(statements); i++)
        cr_assert_eq(apply(statements[i]), ZQ_PREDICTION_UNKNOWN, "%s", statements[i]);
}

Test(predict, an_index_that_is_there_already_leaves_nothing_to_the_next_one)
{
    cr_assert_eq(apply_on(ZQ_MARIADB, "ALTER TABLE users ADD INDEX a (id), ADD INDEX b (name), "
                                      "ADD INDEX c (name, id), ADD INDEX IF NOT EXISTS ix_role "
                                      "(role_id) IGNORED, ADD INDEX d (id, name)"),
                 ZQ_PREDICTED);
    assert_line("key d (id, name)", true);
}

/* ---- is it done? ---- */

static zq_done is_done(const char *sql)
{
    return zq_predict_is_done(sql, strlen(sql), ZQ_MYSQL, &before, arena);
}

Test(predict, a_table_that_is_as_the_statement_leaves_it_is_seen)
{
    static const char *const done[] = {
        "ALTER TABLE users ADD COLUMN note text",
        "ALTER TABLE users ADD COLUMN role_id int AFTER name, ADD INDEX ix_role (role_id)",
        "ALTER TABLE users DROP COLUMN gone, DROP INDEX gone",
        "ALTER TABLE users RENAME COLUMN gone TO note",
        "ALTER TABLE users CHANGE gone note text",
        "ALTER TABLE users ADD UNIQUE KEY (name, role_id)",
        "ALTER TABLE users ADD FOREIGN KEY (role_id) REFERENCES roles (id)",
        "ALTER TABLE users COMMENT 'people'",
        "CREATE INDEX ix_role ON users (role_id)",
        "DROP INDEX gone ON users",
    };

    for (size_t i = 0; i < ZQ_LEN(done); i++)
        cr_assert_eq(is_done(done[i]), ZQ_DONE, "%s", done[i]);
}

Test(predict, a_table_that_is_otherwise_is_seen_too)
{
    static const char *const not_done[] = {
        "ALTER TABLE users ADD COLUMN x int",
        "ALTER TABLE users ADD COLUMN note longtext",
        "ALTER TABLE users ADD COLUMN note text FIRST",
        "ALTER TABLE users DROP COLUMN note",
        "ALTER TABLE users ADD INDEX ix_role (role_id, id)",
        "ALTER TABLE users ADD FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE",
        "ALTER TABLE users ADD COLUMN note text, ADD COLUMN x int",
        "DROP INDEX ix_role ON users",
    };

    for (size_t i = 0; i < ZQ_LEN(not_done); i++)
        cr_assert_neq(is_done(not_done[i]), ZQ_DONE, "%s", not_done[i]);
    cr_assert_eq(is_done("ALTER TABLE users ADD COLUMN x int"), ZQ_DONE_NOT);
    cr_assert_eq(is_done("ALTER TABLE users DROP COLUMN note"), ZQ_DONE_NOT);
}

Test(predict, a_statement_that_does_something_each_time_is_not_known)
{
    cr_assert_eq(is_done("ALTER TABLE users RENAME COLUMN id TO note, RENAME COLUMN note TO id"),
                 ZQ_DONE_UNKNOWN);
    cr_assert_eq(is_done("ALTER TABLE users RENAME TO u"), ZQ_DONE_UNKNOWN);
}
