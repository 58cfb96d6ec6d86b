/* Writes the way as SQL that a client runs from top to bottom and stops at the first error.
 *
 * What the program decides while it runs must be decided by the script itself: a guard at its head
 * stops it on the wrong database, procedures walk over members and ranges, and a mark in the
 * journal says from which line on it is to be continued. What a script cannot do, such as a
 * statement in a block that no server prepares, is refused here, before anything is written. */
#include "migrate/script.h"

#include "base/text.h"
#include "migrate/reach.h"
#include "migrate/record.h"
#include "migrate/script_session.h"
#include "rev/kept.h"
#include "run/journal.h"
#include "run/runner.h"
#include "sql/ddl_write.h"
#include "sql/read/placeholder.h"
#include "sql/read/split.h"
#include "sql/read/token.h"

#include <string.h>
#include <strings.h>

/* ---- procedures ---- */

/* Their parameters are utf8mb4 whatever the database's charset is. A procedure has the sql_mode of
 * its CREATE, and so has what it prepares: that of the session is handed over. `place` is where in
 * the file the statement stands; `above` lets people continue behind a member or key. */

/* Runs a statement on every base table whose name begins with `prefix` and is not `others`. */
static const char each_member[] =
    "DROP PROCEDURE IF EXISTS zq_meta_each_member;\n"
    "DELIMITER //\n"
    "CREATE PROCEDURE zq_meta_each_member(IN place varchar(64) CHARACTER SET utf8mb4,\n"
    "    IN prefix varchar(64) CHARACTER SET utf8mb4, IN others longtext CHARACTER SET utf8mb4,\n"
    "    IN together boolean, IN statement longtext CHARACTER SET utf8mb4,\n"
    "    IN mode text CHARACTER SET utf8mb4, IN above varchar(64) CHARACTER SET utf8mb4)\n"
    "BEGIN\n"
    "    DECLARE ended boolean DEFAULT FALSE;\n"
    "    DECLARE member varchar(64) CHARACTER SET utf8mb4;\n"
    "    DECLARE members CURSOR FOR\n"
    "        SELECT TABLE_NAME FROM information_schema.TABLES\n"
    "        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'\n"
    "          AND TABLE_NAME REGEXP CONCAT('(?-i)^', prefix, '[a-z0-9_]{1,20}$')\n"
    "          AND NOT TABLE_NAME REGEXP others\n"
    "          AND CAST(TABLE_NAME AS BINARY) > CAST(IFNULL(above, '') AS BINARY)\n"
    "        ORDER BY CAST(TABLE_NAME AS BINARY);\n"
    "    DECLARE CONTINUE HANDLER FOR NOT FOUND SET ended = TRUE;\n"
    "    DECLARE EXIT HANDLER FOR SQLEXCEPTION\n"
    "    BEGIN\n"
    "        DECLARE reason text CHARACTER SET utf8mb4;\n"
    /* On MySQL, the handler has diagnostics of its own; MariaDB knows only these. */
    "        GET /*!80000 STACKED */ DIAGNOSTICS CONDITION 1 reason = MESSAGE_TEXT;\n"
    "        SET reason = LEFT(CONCAT('on ', member, ': ', IFNULL(reason, '')), 128);\n"
    "        RESIGNAL SET MESSAGE_TEXT = reason;\n"
    "    END;\n"
    "    SET sql_mode = mode;\n"
    "    OPEN members;\n"
    "    FETCH members INTO member;\n"
    "    WHILE NOT ended DO\n"
    "        SET @zq_statement = REPLACE(REPLACE(statement, '{zq:table}', member), '{zq:code}',\n"
    "                                    SUBSTRING(member, CHAR_LENGTH(prefix) + 1));\n"
    "        IF together THEN\n"
    "            START TRANSACTION;\n"
    "        END IF;\n"
    "        PREPARE zq_statement FROM @zq_statement;\n"
    "        EXECUTE zq_statement;\n"
    "        DEALLOCATE PREPARE zq_statement;\n"
    "        UPDATE " ZQ_BOOK_JOURNAL " SET position = CONCAT(place, ', done up to ', member)\n"
    "        WHERE step = 4294967294 LIMIT 1;\n"
    "        IF together THEN\n"
    "            COMMIT AND NO CHAIN NO RELEASE;\n"
    "        END IF;\n"
    "        SET ended = FALSE;\n"
    "        FETCH members INTO member;\n"
    "    END WHILE;\n"
    "    CLOSE members;\n"
    "END//\n"
    "DELIMITER ;\n\n";

/* Runs a statement on one range of keys after the other; each commits by itself. Keys are looked
 * for and written as they are online (migrate/batch_key.c), as constants. Variables would not do:
 * their type is that of the value they had when the statement was prepared, not that of the column.
 */
static const char each_range_head[] =
    "DROP PROCEDURE IF EXISTS zq_meta_each_range;\n"
    "DELIMITER //\n"
    "CREATE PROCEDURE zq_meta_each_range(IN place varchar(64) CHARACTER SET utf8mb4,\n"
    "    IN key_table varchar(64) CHARACTER SET utf8mb4,\n"
    "    IN key_column varchar(64) CHARACTER SET utf8mb4, IN size int,\n"
    "    IN statement longtext CHARACTER SET utf8mb4,\n"
    "    IN mode text CHARACTER SET utf8mb4, IN above longtext CHARACTER SET utf8mb4)\n"
    "BEGIN\n"
    "    DECLARE ours text CHARACTER SET utf8mb4 DEFAULT @@sql_mode;\n"
    "    DECLARE name varchar(80) CHARACTER SET utf8mb4 DEFAULT CONCAT('`', key_column, '`');\n"
    "    DECLARE kind varchar(10) CHARACTER SET utf8mb4;\n"
    "    DECLARE problem varchar(128) CHARACTER SET utf8mb4;\n"
    "    DECLARE low longtext CHARACTER SET utf8mb4;\n"
    "    DECLARE high longtext CHARACTER SET utf8mb4;\n"
    "    SET kind = (SELECT CASE\n"
    "            WHEN DATA_TYPE IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint', "
    "'decimal')\n"
    "                THEN 'number'\n"
    "            WHEN DATA_TYPE IN ('char', 'varchar', 'tinytext', 'text', 'mediumtext',\n"
    "                               'longtext', 'enum', 'set', 'uuid') THEN 'text'\n"
    "            WHEN DATA_TYPE IN ('date', 'datetime', 'time', 'year') THEN 'time'\n"
    "            WHEN DATA_TYPE = 'timestamp' THEN 'instant' END\n"
    "        FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()\n"
    "            AND TABLE_NAME = key_table AND COLUMN_NAME = key_column);\n"
    "    IF kind IS NULL THEN\n"
    "        SET problem = CONCAT('cannot be the key: batches go by text, whole numbers, decimals "
    "'\n"
    "            'and times');\n"
    "    END IF;\n";
static const char each_range_body[] =
    "    ranges: LOOP\n"
    "        SET low = CASE\n"
    "            WHEN above IS NULL THEN CONCAT(name, ' IS NOT NULL')\n"
    "            WHEN kind = 'number' THEN CONCAT(name, ' > ', above)\n"
    "            WHEN kind = 'instant' THEN CONCAT(IF(above > 172800, CONCAT(name,\n"
    "                ' >= FROM_UNIXTIME(', above - 172800, ') AND '), ''),\n"
    "                'UNIX_TIMESTAMP(', name, ') > ', above)\n"
    "            ELSE CONCAT(name, ' > _utf8mb4 x''', HEX(above), '''') END;\n"
    "        SET @zq_statement = CONCAT(\n"
    "            'SELECT CAST(MAX(k) AS CHAR CHARACTER SET utf8mb4) INTO @zq_key FROM (SELECT ',\n"
    "            IF(kind = 'instant', CONCAT('UNIX_TIMESTAMP(', name, ')'), name), ' AS k FROM "
    "`',\n"
    "            key_table, '` WHERE ', low, ' ORDER BY ', name, ' LIMIT ', size, ') zq_keys');\n"
    "        IF problem IS NULL THEN\n"
    "            PREPARE zq_statement FROM @zq_statement;\n"
    "            EXECUTE zq_statement;\n"
    "            DEALLOCATE PREPARE zq_statement;\n"
    "            IF @zq_key IS NULL THEN\n"
    "                LEAVE ranges;\n"
    "            ELSEIF CHAR_LENGTH(@zq_key) > 255 THEN\n"
    "                SET problem = 'cannot be the key: it has texts of over 255 characters';\n"
    "            ELSEIF kind = 'time' AND LOCATE('-00', @zq_key, 2) THEN\n"
    "                SET problem = CONCAT('cannot be the key: ', @zq_key, ' is not a date');\n"
    "            ELSEIF CAST(@zq_key AS BINARY) = CAST(above AS BINARY)\n"
    "                OR LOCATE(CHAR(0), CAST(@zq_key AS BINARY)) THEN\n"
    "                SET problem = 'cannot be the key';\n"
    "            END IF;\n"
    "        END IF;\n"
    "        IF problem IS NOT NULL THEN\n"
    "            SET problem = CONCAT('column ', LEFT(key_column, 40), ' ', problem);\n"
    "            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = problem;\n"
    "        END IF;\n"
    "        SET high = CASE kind\n"
    "            WHEN 'number' THEN CONCAT(name, ' <= ', @zq_key)\n"
    "            WHEN 'instant' THEN CONCAT(IF(@zq_key < 2147310847, CONCAT(name,\n"
    "                ' <= FROM_UNIXTIME(', @zq_key + 172800, ') AND '), ''),\n"
    "                'UNIX_TIMESTAMP(', name, ') <= ', @zq_key)\n"
    "            ELSE CONCAT(name, ' <= _utf8mb4 x''', HEX(@zq_key), '''') END;\n"
    "        SET @zq_statement = REPLACE(statement, '{zq:range}',\n"
    "            CONCAT('(', IF(above IS NULL, '', CONCAT(low, ' AND ')), high, ')'));\n"
    "        SET above = @zq_key;\n"
    "        SET sql_mode = mode;\n"
    "        START TRANSACTION;\n"
    "        PREPARE zq_statement FROM @zq_statement;\n"
    "        EXECUTE zq_statement;\n"
    "        DEALLOCATE PREPARE zq_statement;\n"
    "        UPDATE " ZQ_BOOK_JOURNAL "\n"
    "        SET position = LEFT(CONCAT(place, ', done up to ', above), 255)\n"
    "        WHERE step = 4294967294 LIMIT 1;\n"
    "        COMMIT AND NO CHAIN NO RELEASE;\n"
    "        SET sql_mode = ours;\n"
    "    END LOOP;\n"
    "    SET @zq_statement = CONCAT('SELECT EXISTS (SELECT 1 FROM `', key_table, '` WHERE ', "
    "name,\n"
    "        ' <=> NULL) INTO @zq_key');\n"
    "    PREPARE zq_statement FROM @zq_statement;\n"
    "    EXECUTE zq_statement;\n"
    "    DEALLOCATE PREPARE zq_statement;\n"
    "    IF @zq_key THEN\n"
    "        SET @zq_statement = REPLACE(statement, '{zq:range}', CONCAT('(', name, ' <=> "
    "NULL)'));\n"
    "        SET sql_mode = mode;\n"
    "        START TRANSACTION;\n"
    "        PREPARE zq_statement FROM @zq_statement;\n"
    "        EXECUTE zq_statement;\n"
    "        DEALLOCATE PREPARE zq_statement;\n"
    "        UPDATE " ZQ_BOOK_JOURNAL " SET position = CONCAT(place, ', done')\n"
    "        WHERE step = 4294967294 LIMIT 1;\n"
    "        COMMIT AND NO CHAIN NO RELEASE;\n"
    "    END IF;\n"
    "END//\n"
    "DELIMITER ;\n\n";

static bool has_block(const zq_path *path, zq_block block)
{
    for (size_t i = 0; i < path->n; i++)
        for (size_t k = 0; k < path->legs[i].section->n; k++)
            if (path->legs[i].section->statements[k].block == block)
                return true;
    return false;
}

/* ---- what cannot be written ---- */

/* What a statement does to the session before statement `i` of the leg. */
static zq_session_use use_before(const zq_leg *leg, size_t i)
{
    zq_session_use most = ZQ_SESSION_LEFT;

    while (i-- > 0) {
        zq_session_use use = zq_script_session_use_of(&leg->section->statements[i]);

        most = use > most ? use : most;
    }
    return most;
}

static const char *first_word(const zq_rev_statement *s, zq_arena *arena)
{
    zq_scanner scanner = {.text = s->text, .length = s->length, .line = 1};
    zq_token token = zq_scan_code(&scanner);

    return zq_arena_strndup(arena, token.text, token.length);
}

/* MySQL 9 Reference Manual, "SQL Syntax Permitted in Prepared Statements". MariaDB has prepared
 * all but these few since 10.6, in a procedure too. */
static bool can_be_prepared(const zq_rev_statement *s, zq_flavor flavor, zq_arena *arena)
{
    static const char *const never[] = {"PREPARE", "EXECUTE", "DEALLOCATE", "DROP PREPARE"};
    static const char *const on_mysql[] = {"ALTER TABLE",
                                           "CREATE TABLE",
                                           "CREATE TEMPORARY TABLE",
                                           "DROP TABLE",
                                           "CREATE INDEX",
                                           "DROP INDEX",
                                           "RENAME TABLE",
                                           "DROP TEMPORARY TABLE",
                                           "INSERT",
                                           "REPLACE",
                                           "TRUNCATE TABLE",
                                           "CREATE VIEW",
                                           "DROP VIEW",
                                           "UPDATE",
                                           "DELETE",
                                           "SELECT",
                                           "SELECT INTO",
                                           "SET",
                                           "DO",
                                           "SHOW",
                                           "GRANT",
                                           "REVOKE",
                                           "ANALYZE",
                                           "OPTIMIZE",
                                           "REPAIR",
                                           "CALL"};
    const char *words[] = {s->parsed.verb, first_word(s, arena)};

    for (size_t w = 0; w < ZQ_LEN(words); w++) {
        for (size_t i = 0; i < ZQ_LEN(never); i++)
            if (strcasecmp(words[w], never[i]) == 0)
                return false;
        for (size_t i = 0; i < ZQ_LEN(on_mysql); i++)
            if (strcasecmp(words[w], on_mysql[i]) == 0)
                return true;
    }
    return flavor == ZQ_MARIADB;
}

static zq_rc check_block(const zq_script *script, const zq_leg *leg, size_t i, zq_arena *arena,
                         zq_err *err)
{
    const zq_rev_statement *s = &leg->section->statements[i];
    const char *file = leg->revision->file;

    if (use_before(leg, i) == ZQ_SESSION_CHARSET) {
        zq_fail(err, ZQ_E_DATA,
                "%s:%u: a script cannot hold a 'zq:family' or 'zq:batch' block after SET NAMES",
                file, s->line);
        return zq_err_hint(err, "put the block into a revision of its own, or run this one online");
    }
    if (!can_be_prepared(s, script->flavor, arena)) {
        zq_fail(err, ZQ_E_DATA,
                "%s:%u: a script for %s cannot run '%s' on each member: the server does not "
                "prepare it",
                file, s->line, zq_flavor_name(script->flavor),
                *s->parsed.verb != '\0' ? s->parsed.verb : first_word(s, arena));
        return zq_err_hint(err,
                           "run this revision online, or write the statement once for each member");
    }
    if (strstr(s->text, "{zq:") != NULL)
        return zq_fail(err, ZQ_E_DATA, "%s:%u: a script cannot hold '{zq:' in a block", file,
                       s->line);
    return ZQ_OK;
}

static zq_rc check_statement(const zq_script *script, const zq_leg *leg, size_t i, zq_arena *arena,
                             zq_err *err)
{
    const zq_rev_statement *s = &leg->section->statements[i];

    if (zq_script_session_use_of(s) == ZQ_SESSION_ROLE) {
        zq_fail(err, ZQ_E_DATA, "%s:%u: a script cannot hold SET ROLE: it has one session",
                leg->revision->file, s->line);
        return zq_err_hint(err, "run this revision online, or without the role");
    }
    return s->block == ZQ_BLOCK_PLAIN ? ZQ_OK : check_block(script, leg, i, arena, err);
}

static zq_rc check_statements(const zq_script *script, const zq_path *path, zq_arena *arena,
                              zq_err *err)
{
    for (size_t i = 0; i < path->n; i++)
        for (size_t k = 0; k < path->legs[i].section->n; k++)
            ZQ_TRY(check_statement(script, &path->legs[i], k, arena, err));
    return ZQ_OK;
}

/* ---- head ---- */

/* What begins like the family's members and is not one: members of a family with a longer prefix,
 * and tables with a name of their own. As a regular expression. */
static const char *others_of(const zq_script *script, const char *prefix, zq_arena *arena)
{
    const char *others = "";
    const zq_schema *schema = script->schema;

    for (size_t i = 0; i < schema->n_tables; i++) {
        const char *name = schema->tables[i]->name;
        const char *code = strstr(name, ZQ_CODE);
        int length = (int)(code != NULL ? (size_t)(code - name) : strlen(name));

        if (strncmp(name, prefix, strlen(prefix)) != 0 || (size_t)length <= strlen(prefix))
            continue;
        others = zq_arena_printf(arena, "%s|%.*s%s", others, length, name,
                                 code != NULL ? "[a-z0-9_]{1,20}" : "");
    }
    return *others == '\0' ? "^$" : zq_arena_printf(arena, "(?-i)^(%s)$", others + 1);
}

/* Equality for one table, one by one: else MariaDB would open each table of the database. */
static void write_which(const zq_script *script, const char *column, const char *name,
                        zq_arena *arena, zq_sql *sql)
{
    const char *code = strstr(name, ZQ_CODE);
    const char *prefix;

    zq_sql_rawz(sql, column);
    if (code == NULL) {
        zq_sql_add(sql, " = '%s'", name);
        return;
    }
    prefix = zq_arena_strndup(arena, name, (size_t)(code - name));
    zq_sql_add(sql, " REGEXP '%s' AND NOT %-s REGEXP '%s'",
               zq_arena_printf(arena, "(?-i)^%s[a-z0-9_]{1,20}$", prefix), column,
               others_of(script, prefix, arena));
}

/* What triggers and views of the database do, the words of the script do not say, and who wrote it
 * could not look. */
static void write_unknown(const zq_script *script, const zq_path *path, zq_arena *arena,
                          zq_sql *sql)
{
    const zq_reach_name *names;
    size_t n = script->allow_unknown ? 0 : zq_reach_names(path, arena, &names);

    for (size_t i = 0; i < n; i++) {
        bool view = names[i].kind == ZQ_HIDDEN_VIEW;

        zq_sql_add(sql,
                   "    SET problem = IFNULL(problem, (SELECT LEFT(CONCAT('written without "
                   "--allow-unknown, and ', %-s",
                   view ? "TABLE_NAME, ' is a view'), 128)\n"
                          "        FROM information_schema.VIEWS "
                          "WHERE TABLE_SCHEMA = DATABASE() AND "
                        : "EVENT_OBJECT_TABLE, ' has trigger ', TRIGGER_NAME), 128)\n"
                          "        FROM information_schema.TRIGGERS "
                          "WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND ");
        write_which(script, view ? "TABLE_NAME" : "EVENT_OBJECT_TABLE", names[i].name, arena, sql);
        zq_sql_lit(sql, " LIMIT 1));\n");
    }
}

/* Stops the client, with a word, on a database where the script must not run. */
static void write_guard(const zq_script *script, const zq_path *path, zq_arena *arena, zq_sql *sql)
{
    bool mysql = script->flavor == ZQ_MYSQL;
    const zq_revision *at = zq_chain_at(script->chain, script->from);

    zq_sql_lit(sql, "DROP PROCEDURE IF EXISTS zq_meta_guard;\n"
                    "DELIMITER //\n"
                    "CREATE PROCEDURE zq_meta_guard(IN begins varchar(64) CHARACTER SET utf8mb4)\n"
                    "BEGIN\n"
                    "    DECLARE problem varchar(128) CHARACTER SET utf8mb4;\n"
                    "    DECLARE revision_now varchar(64) CHARACTER SET utf8mb4 DEFAULT IFNULL(\n"
                    "        (SELECT revision FROM " ZQ_BOOK_HISTORY " ORDER BY id DESC LIMIT 1), "
                    "'');\n");
    write_unknown(script, path, arena, sql);
    zq_sql_add(
        sql,
        "    IF revision_now <> begins THEN\n"
        "        SET problem =\n"
        "            'the database is not at the revision where this script begins';\n"
        "    END IF;\n"
        "    IF EXISTS (SELECT 1 FROM " ZQ_BOOK_JOURNAL " WHERE step <> 4294967293) THEN\n"
        "        SET problem = 'a run of zquant-migrate is under way or was cut short';\n"
        "    END IF;\n"
        "    IF EXISTS (SELECT 1 FROM " ZQ_BOOK_HISTORY
        " a WHERE a.operation = 'ahead' AND NOT EXISTS "
        "(SELECT 1\n"
        "        FROM " ZQ_BOOK_HISTORY " b WHERE b.id > a.id AND b.revision = a.revision\n"
        "        AND b.operation <> 'ahead')) THEN\n"
        "        SET problem = 'after a rebase, what comes first is run by zquant-migrate "
        "upgrade';\n"
        "    END IF;\n"
        "    SET problem = IFNULL((SELECT LEFT(CONCAT('a script was cut short at ', position,\n"
        "        ' of revision ', revision), 128) FROM " ZQ_BOOK_JOURNAL "\n"
        "        WHERE step = 4294967294 LIMIT 1), problem);\n"
        "    IF VERSION() %-s THEN\n"
        "        SET problem = 'this script is for %-s, and the server is %-s';\n"
        "    END IF;\n"
        "    IF problem IS NOT NULL THEN\n"
        "        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = problem;\n"
        "    END IF;\n"
        "END//\n"
        "DELIMITER ;\n"
        "CALL zq_meta_guard('%s');\n"
        "DROP PROCEDURE zq_meta_guard;\n\n",
        mysql ? "LIKE '%MariaDB%'" : "NOT LIKE '%MariaDB%'", mysql ? "MySQL" : "MariaDB",
        mysql ? "MariaDB" : "MySQL", at != NULL ? at->id : "");
}

static void write_meta_tables(const zq_script *script, zq_sql *sql)
{
    for (size_t i = 0; i < script->schema->n_tables; i++) {
        if (!zq_table_is_meta(script->schema->tables[i]))
            continue;
        zq_ddl_create_table(sql, script->schema->tables[i], true, script->flavor);
        zq_sql_lit(sql, ";\n");
    }
    zq_sql_lit(sql, "\n");
}

static zq_rc write_head(const zq_script *script, const zq_path *path, zq_arena *arena, zq_buf *out,
                        zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    size_t to = path->n == 0 ? script->from : path->legs[path->n - 1].to;

    zq_comment(out, "From %s to %s, by zquant-migrate %s, for %s.",
               zq_chain_name(script->chain, script->from), zq_chain_name(script->chain, to),
               script->tool_version, zq_flavor_name(script->flavor));
    zq_buf_str(out,
               "-- Run it as:  mysql --default-character-set=utf8mb4 --comments < this-file\n"
               "-- The account needs CREATE ROUTINE besides what the statements need.\n"
               "-- The client ends at the first error. Then zq_meta_history says which revisions\n"
               "-- are complete, and zq_meta_journal from which line on the next one is not.\n\n");
    zq_ddl_begin_script(&sql, script->database, script->from == 0);
    if (script->from == 0)
        write_meta_tables(script, &sql);
    write_guard(script, path, arena, &sql);
    ZQ_TRY(zq_sql_append(&sql, out, err));
    if (has_block(path, ZQ_BLOCK_FAMILY))
        zq_buf_str(out, each_member);
    if (has_block(path, ZQ_BLOCK_BATCH)) {
        zq_buf_str(out, each_range_head);
        zq_buf_str(out, each_range_body);
    }
    return ZQ_OK;
}

/* ---- statements ---- */

/* Would the client cut the statement in two at this delimiter? */
static bool is_cut_by(const zq_rev_statement *s, const char *delimiter)
{
    zq_split lexer = zq_split_on("", s->text, s->length);
    zq_piece piece;

    memcpy(lexer.delimiter, delimiter, strlen(delimiter) + 1);
    return zq_split_next(&lexer, &piece, NULL) != ZQ_OK || piece.length != s->length;
}

/* What the text does not hold at all: the clients look for delimiters in executable comments, too,
 * where ours does not. */
static const char *delimiter_for(const zq_rev_statement *s, zq_arena *arena)
{
    const char *delimiter = "//";

    for (unsigned n = 1; strstr(s->text, delimiter) != NULL; n++)
        delimiter = zq_arena_printf(arena, "//%u//", n);
    return delimiter;
}

/* On a line of its own: behind the end of a comment, the slashes of both would be one. */
static void write_text(const zq_rev_statement *s, zq_arena *arena, zq_sql *sql)
{
    const char *delimiter;

    if (!is_cut_by(s, ";")) {
        zq_sql_add(sql, "%-s;\n", s->text);
        return;
    }
    delimiter = delimiter_for(s, arena);
    zq_sql_rawz(sql, zq_arena_printf(arena, "DELIMITER %s\n%s\n%s\nDELIMITER ;\n", delimiter,
                                     s->text, delimiter));
}

/* A statement that is not for the session alone changes where the script is. */
static bool is_marked(const zq_rev_statement *s)
{
    return s->parsed.kind != ZQ_STATEMENT_SESSION || zq_runs_once(s);
}

/* The statement behind `i`, as the mark names it. */
static const char *place_after(const zq_leg *leg, size_t i, zq_arena *arena)
{
    if (i + 1 == leg->section->n)
        return "its end";
    return zq_arena_printf(arena, "line %u", leg->section->statements[i + 1].line);
}

static void write_mark(const char *place, zq_sql *sql)
{
    zq_journal_script_at(sql, place);
    zq_sql_lit(sql, ";\n");
}

/* Rows, and where the script is, change in one transaction, as they do online. */
static void write_plain(const zq_leg *leg, size_t i, zq_arena *arena, zq_sql *sql)
{
    const zq_rev_statement *s = &leg->section->statements[i];
    bool together = zq_runs_once(s);

    if (together)
        zq_sql_lit(sql, "START TRANSACTION;\n");
    write_text(s, arena, sql);
    if (is_marked(s))
        write_mark(place_after(leg, i, arena), sql);
    if (together)
        zq_sql_lit(sql, "COMMIT AND NO CHAIN NO RELEASE;\n");
}

/* The procedures put in what stands for these, and leave {table} in comments alone. */
static void write_template(const zq_rev_statement *s, zq_arena *arena, zq_sql *sql)
{
    static const zq_binding of_member[] = {{"table", "{zq:table}"}, {"code", "{zq:code}"}};
    static const zq_binding of_batch[] = {{"range", "{zq:range}"}};
    bool family = s->block == ZQ_BLOCK_FAMILY;

    zq_sql_str(sql, zq_placeholder_fill(arena, s->text, s->length, family ? of_member : of_batch,
                                        family ? ZQ_LEN(of_member) : ZQ_LEN(of_batch)));
}

static void write_family(const zq_script *script, const zq_rev_statement *s, zq_arena *arena,
                         zq_sql *sql)
{
    size_t length = strlen(s->family) - strlen(ZQ_CODE);
    const char *prefix = zq_arena_strndup(arena, s->family, length);

    zq_sql_add(sql, "CALL zq_meta_each_member('%s', '%s', '%s'%-s",
               zq_arena_printf(arena, "line %u", s->line), prefix, others_of(script, prefix, arena),
               zq_runs_once(s) ? ", TRUE, " : ", FALSE, ");
    write_template(s, arena, sql);
}

static void write_batch(const zq_rev_statement *s, zq_arena *arena, zq_sql *sql)
{
    zq_sql_add(sql, "CALL zq_meta_each_range('%s', '%s', '%s', %zu, ",
               zq_arena_printf(arena, "line %u", s->line), s->table, s->key, s->size);
    write_template(s, arena, sql);
}

/* Strings of ours hold backslashes, which a revision may have turned off. */
static void write_block(const zq_script *script, const zq_leg *leg, size_t i, zq_arena *arena,
                        zq_sql *sql)
{
    const zq_rev_statement *s = &leg->section->statements[i];
    bool set = use_before(leg, i) != ZQ_SESSION_LEFT;

    if (s->block == ZQ_BLOCK_FAMILY)
        zq_comment(&sql->text,
                   "every member of %s, also one that is not like the others: online, "
                   "that is left and named",
                   s->family);
    if (set)
        zq_sql_lit(sql, "SET @zq_mode = @@sql_mode, sql_mode = '';\n");
    if (s->block == ZQ_BLOCK_FAMILY)
        write_family(script, s, arena, sql);
    else
        write_batch(s, arena, sql);
    zq_sql_rawz(sql,
                set ? ", @zq_mode, NULL);\nSET sql_mode = @zq_mode;\n" : ", @@sql_mode, NULL);\n");
    write_mark(place_after(leg, i, arena), sql);
}

/* ---- legs ---- */

/* That the leg is under way, and from which statement on. */
static void write_begin(const zq_leg *leg, zq_arena *arena, zq_sql *sql)
{
    if (leg->section->n == 0)
        return;
    zq_journal_script_begin(
        sql, &(zq_journal){leg->revision->id, leg->direction == ZQ_UP ? "up" : "down", 0},
        zq_arena_printf(arena, "line %u", leg->section->statements[0].line));
    zq_sql_lit(sql, ";\n\n");
}

/* The row of the history is the one that an online run writes, but for the duration. */
static void write_end(const zq_script *script, const zq_leg *leg, zq_arena *arena, zq_sql *sql)
{
    zq_history_entry entry =
        zq_record_history(script->chain, leg->to, leg->direction == ZQ_UP ? "upgrade" : "downgrade",
                          script->tool_version);
    zq_step step = zq_history_step(&entry, arena);

    zq_script_session_undo(leg->section, arena, sql);
    zq_sql_lit(sql, "START TRANSACTION;\n");
    zq_comment(&sql->text, "%s", step.say);
    zq_sql_expand(sql, step.text, step.args, step.n_args);
    zq_sql_lit(sql, ";\n");
    zq_journal_clear(sql, leg->revision->id);
    zq_sql_lit(sql, ";\nCOMMIT;\n\n");
}

/* The script's sink: statements as a client is to run them, with the mark that says how far it
 * came. */
typedef struct writing {
    const zq_script *script;
    const zq_leg *leg;
    zq_arena *arena;
    zq_sql *sql;
} writing;

static zq_rc write_steps(void *context, const zq_step *steps, size_t n, ZQ_UNUSED zq_err *err)
{
    const writing *w = context;

    for (size_t k = 0; k < n; k++) {
        zq_comment(&w->sql->text, "%s", steps[k].say);
        if (steps[k].revised->block == ZQ_BLOCK_PLAIN)
            write_plain(w->leg, steps[k].stage, w->arena, w->sql);
        else
            write_block(w->script, w->leg, steps[k].stage, w->arena, w->sql);
        zq_sql_lit(w->sql, "\n");
    }
    return ZQ_OK;
}

static zq_rc write_leg(const zq_script *script, const zq_leg *leg, zq_arena *arena, zq_buf *out,
                       zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    writing w = {script, leg, arena, &sql};
    const zq_sink sink = {.run = write_steps, .context = &w};
    const zq_steps steps = zq_leg_steps(leg, arena);

    zq_comment(&sql.text, "---- %s %s: %s (%s) ----",
               leg->direction == ZQ_UP ? "upgrade" : "downgrade", leg->revision->id,
               leg->revision->title, leg->revision->file);
    zq_sql_lit(&sql, "\n");
    write_begin(leg, arena, &sql);
    ZQ_TRY(zq_run_steps(&steps, &sink, err));
    write_end(script, leg, arena, &sql);
    return zq_sql_append(&sql, out, err);
}

zq_rc zq_script_write(const zq_script *script, const zq_path *path, zq_arena *arena, zq_buf *out,
                      zq_err *err)
{
    ZQ_AUTO_BUF(text);

    ZQ_TRY(check_statements(script, path, arena, err));
    ZQ_TRY(write_head(script, path, arena, &text, err));
    for (size_t i = 0; i < path->n; i++)
        ZQ_TRY(write_leg(script, &path->legs[i], arena, &text, err));
    if (has_block(path, ZQ_BLOCK_FAMILY))
        zq_buf_str(&text, "DROP PROCEDURE zq_meta_each_member;\n");
    if (has_block(path, ZQ_BLOCK_BATCH))
        zq_buf_str(&text, "DROP PROCEDURE zq_meta_each_range;\n");
    zq_buf_add(out, zq_buf_text(&text), text.length);
    return ZQ_OK;
}
