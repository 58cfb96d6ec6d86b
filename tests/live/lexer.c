/* The mysql client and our lexer split the same text into the same statements: a script that is
 * full of traps is run by both, and leaves the same rows. */
#include "live.h"
#include "program.h"
#include "sql/read/split.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const char traps[] =
    "CREATE TABLE t (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, v text) -- it's a comment;\n"
    ";\n"
    "INSERT INTO t (v) VALUES ('a;b'), (\"c;d\"), ('it''s; \\'quoted\\';'), (\"say \"\";\"\"\");\n"
    "INSERT INTO t (v) VALUES ('-- no comment;\n"
    "-- none here either;\n"
    "'), ('/* nor here; */'), ('# nor here;');\n"
    "INSERT INTO t (v) -- one; two\n"
    "  VALUES (5--1) # three; four\n"
    "  /* five; ' six */ ;\n"
    "INSERT INTO t (v) SELECT `a;``b` FROM (SELECT 1 AS `a;``b`) x;INSERT INTO t (v) VALUES "
    "('same line');\n"
    "/*!40000 INSERT INTO t (v) VALUES ('executable; comment') */;\n"
    "INSERT INTO t (v) VALUES ('back\\\\'); INSERT INTO t (v) VALUES ('slash\\\\\\'; one');\n"
    "DELIMITER //\n"
    "CREATE PROCEDURE p() BEGIN INSERT INTO t (v) VALUES ('p;1'); INSERT INTO t (v) VALUES ('p2'); "
    "END//\n"
    "CALL p()//\n"
    "delimiter $$ -- the rest of the line does not count\n"
    "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW\n"
    "BEGIN\n"
    "  SET NEW.v = CONCAT(NEW.v, ';//');\n"
    "END$$\n"
    " DELIMITER ;\n"
    "INSERT INTO t (v) VALUES ('\xE4\xB8\xAD;\xE6\x96\x87');\n"
    "DELIMITER ';;'\n"
    "INSERT INTO t (v) VALUES ('semi;;colons');;\n"
    "DELIMITER ;\n"
    "INSERT INTO t (v) SELECT '*/' /* ;*/ ;\n"
    "INSERT INTO t (v) VALUES ('last, without a delimiter')";

static char *rows_of(zq_db *db)
{
    return live_value(db, "SELECT GROUP_CONCAT(id, '=', v ORDER BY id SEPARATOR '\\n') FROM t");
}

static char *by_client(const char *database)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    /* MySQL's client asks for a collation that MariaDB does not have, and gets latin1. */
    program_result result =
        program_mysql(database, zq_arena_printf(arena, "SET NAMES utf8mb4;\n%s", traps));
    ZQ_AUTO(zq_db) db = live_open();

    cr_assert_eq(result.status, 0, "%s", result.err);
    program_free(&result);
    live_use(db, database);
    return rows_of(db);
}

static char *by_lexer(const char *database)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_db) db = live_open();
    zq_split lexer = zq_split_on("traps", traps, sizeof traps - 1);
    zq_piece piece;
    zq_err err = {0};

    live_exec(db, zq_arena_printf(arena, "USE `%s`; DROP TABLE t; DROP PROCEDURE p", database));
    for (;;) {
        cr_assert_eq(zq_split_next(&lexer, &piece, &err), ZQ_OK, "%s", err.message);
        if (piece.kind == ZQ_PIECE_END)
            return rows_of(db);
        live_exec(db, zq_arena_strndup(arena, piece.text, piece.length));
    }
}

Test(lexer, it_splits_as_the_mysql_client_does)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_db) db = live_open();
    const char *database = live_database("lexer");
    char *client, *ours;

    live_exec(db, zq_arena_printf(arena, "CREATE DATABASE `%s` CHARACTER SET utf8mb4", database));
    client = by_client(database);
    ours = by_lexer(database);
    cr_assert_not_null(strstr(client, "last, without a delimiter;//"), "%s", client);
    cr_assert_str_eq(ours, client);
    free(client);
    free(ours);
    live_drop(database);
}

ZQ_LIVE_MAIN
