#include "rev/script.h"

#include "base/text.h"
#include "rev/history.h"
#include "run/runner.h"
#include "sql/ddl.h"
#include "sql/lexer.h"

#include <string.h>

/* ---- procedures ---- */

/* Runs a statement on every base table whose name matches `wanted` and not `others`. */
static const char each_member[] =
    "DROP PROCEDURE IF EXISTS zq_meta_each_member;\n"
    "DELIMITER //\n"
    "CREATE PROCEDURE zq_meta_each_member(IN prefix varchar(64), IN others text,\n"
    "                                     IN statement longtext)\n"
    "BEGIN\n"
    "    DECLARE ended boolean DEFAULT FALSE;\n"
    "    DECLARE member varchar(64);\n"
    "    DECLARE members CURSOR FOR\n"
    "        SELECT TABLE_NAME FROM information_schema.TABLES\n"
    "        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'\n"
    "          AND TABLE_NAME REGEXP CONCAT('(?-i)^', prefix, '[a-z0-9_]{1,20}$')\n"
    "          AND NOT TABLE_NAME REGEXP others\n"
    "        ORDER BY TABLE_NAME;\n"
    "    DECLARE CONTINUE HANDLER FOR NOT FOUND SET ended = TRUE;\n"
    "    OPEN members;\n"
    "    FETCH members INTO member;\n"
    "    WHILE NOT ended DO\n"
    "        SET @zq_statement = REPLACE(REPLACE(statement, '{table}', member), '{code}',\n"
    "                                    SUBSTRING(member, CHAR_LENGTH(prefix) + 1));\n"
    "        PREPARE zq_statement FROM @zq_statement;\n"
    "        EXECUTE zq_statement;\n"
    "        DEALLOCATE PREPARE zq_statement;\n"
    "        SET ended = FALSE;\n"
    "        FETCH members INTO member;\n"
    "    END WHILE;\n"
    "    CLOSE members;\n"
    "END//\n"
    "DELIMITER ;\n\n";

/* Runs a statement on one range of keys after the other; each commits by itself. */
static const char each_range[] =
    "DROP PROCEDURE IF EXISTS zq_meta_each_range;\n"
    "DELIMITER //\n"
    "CREATE PROCEDURE zq_meta_each_range(IN key_table varchar(64), IN key_column varchar(64),\n"
    "                                    IN size int, IN statement longtext)\n"
    "BEGIN\n"
    "    DECLARE above varchar(128) DEFAULT CONCAT('`', key_column, '` IS NOT NULL');\n"
    "    SET @zq_high = NULL;\n"
    "    ranges: LOOP\n"
    "        SET @zq_low = @zq_high, @zq_high = NULL;\n"
    "        SET @zq_statement = CONCAT('SELECT MAX(k) INTO @zq_high FROM (SELECT `', key_column,\n"
    "            '` AS k FROM `', key_table, '` WHERE ', above, ' ORDER BY `', key_column,\n"
    "            '` LIMIT ', size, ') AS zq_keys');\n"
    "        PREPARE zq_statement FROM @zq_statement;\n"
    "        EXECUTE zq_statement;\n"
    "        DEALLOCATE PREPARE zq_statement;\n"
    "        IF @zq_high IS NULL THEN\n"
    "            LEAVE ranges;\n"
    "        END IF;\n"
    "        SET @zq_statement = REPLACE(statement, '{range}', CONCAT('(', above, ' AND `',\n"
    "            key_column, '` <= @zq_high)'));\n"
    "        PREPARE zq_statement FROM @zq_statement;\n"
    "        EXECUTE zq_statement;\n"
    "        DEALLOCATE PREPARE zq_statement;\n"
    "        SET above = CONCAT('`', key_column, '` > @zq_low');\n"
    "    END LOOP;\n"
    "    SET @zq_statement = CONCAT('SELECT EXISTS (SELECT 1 FROM `', key_table, '` WHERE `',\n"
    "        key_column, '` <=> NULL) INTO @zq_high');\n"
    "    PREPARE zq_statement FROM @zq_statement;\n"
    "    EXECUTE zq_statement;\n"
    "    DEALLOCATE PREPARE zq_statement;\n"
    "    IF @zq_high THEN\n"
    "        SET @zq_statement = REPLACE(statement, '{range}', CONCAT('(`', key_column,\n"
    "            '` <=> NULL)'));\n"
    "        PREPARE zq_statement FROM @zq_statement;\n"
    "        EXECUTE zq_statement;\n"
    "        DEALLOCATE PREPARE zq_statement;\n"
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

/* ---- head ---- */

static void write_guard(const zq_script *script, zq_sql *sql)
{
    const zq_revision *at = zq_chain_at(script->chain, script->from);

    zq_sql_lit(sql,
               "DROP PROCEDURE IF EXISTS zq_meta_guard;\n"
               "DELIMITER //\n"
               "CREATE PROCEDURE zq_meta_guard()\n"
               "BEGIN\n"
               "    IF IFNULL((SELECT revision FROM zq_meta_history ORDER BY id DESC LIMIT 1), "
               "'') <> ");
    zq_sql_str(sql, at != NULL ? at->id : "");
    zq_sql_lit(sql, " THEN\n"
                    "        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =\n"
                    "            'the database is not at the revision where this script begins';\n"
                    "    END IF;\n"
                    "    IF EXISTS (SELECT 1 FROM zq_meta_journal) THEN\n"
                    "        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =\n"
                    "            'a run of zquant-migrate is under way or was cut short';\n"
                    "    END IF;\n"
                    "END//\n"
                    "DELIMITER ;\n"
                    "CALL zq_meta_guard();\n"
                    "DROP PROCEDURE zq_meta_guard;\n\n");
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

static zq_rc write_head(const zq_script *script, const zq_path *path, zq_buf *out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;
    size_t to = path->n == 0 ? script->from : path->legs[path->n - 1].to;

    zq_comment(out, "From %s to %s, by zquant-migrate %s, for %s.",
               zq_chain_name(script->chain, script->from), zq_chain_name(script->chain, to),
               script->tool_version, zq_flavor_name(script->flavor));
    zq_buf_str(out,
               "-- Run it as:  mysql --default-character-set=utf8mb4 < this-file\n"
               "-- The account needs CREATE ROUTINE besides what the statements need.\n"
               "-- The client ends at the first error: what is before it has happened then, and\n"
               "-- zq_meta_history says which revisions are complete.\n\n");
    zq_sql_rawz(&sql, zq_session_sql());
    zq_sql_lit(&sql, ";\n");
    if (script->from == 0) {
        zq_ddl_create_database(&sql, script->database);
        zq_sql_lit(&sql, ";\n");
    }
    zq_sql_lit(&sql, "USE ");
    zq_sql_ident(&sql, script->database);
    zq_sql_lit(&sql, ";\n\n");
    if (script->from == 0)
        write_meta_tables(script, &sql);
    write_guard(script, &sql);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    zq_buf_str(out, text);
    if (has_block(path, ZQ_BLOCK_FAMILY))
        zq_buf_str(out, each_member);
    if (has_block(path, ZQ_BLOCK_BATCH))
        zq_buf_str(out, each_range);
    return ZQ_OK;
}

/* ---- statements ---- */

/* Would the client cut the statement in two at this delimiter? */
static bool is_cut_by(const zq_rev_statement *s, const char *delimiter)
{
    zq_lexer lexer = zq_lexer_on("", s->text, s->length);
    zq_piece piece;

    memcpy(lexer.delimiter, delimiter, strlen(delimiter) + 1);
    return zq_lexer_next(&lexer, &piece, NULL) != ZQ_OK || piece.length != s->length;
}

static const char *delimiter_for(const zq_rev_statement *s)
{
    static const char *const others[] = {"//", "$$", "//zq//"};

    for (size_t i = 0; i < ZQ_LEN(others); i++)
        if (!is_cut_by(s, others[i]))
            return others[i];
    return "//zq-end-of-statement//";
}

static void write_plain(const zq_rev_statement *s, zq_buf *out)
{
    const char *delimiter;

    if (!is_cut_by(s, ";")) {
        zq_buf_printf(out, "%s;\n", s->text);
        return;
    }
    delimiter = delimiter_for(s);
    zq_buf_printf(out, "DELIMITER %s\n%s%s\nDELIMITER ;\n", delimiter, s->text, delimiter);
}

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

static void write_family(const zq_script *script, const zq_rev_statement *s, zq_arena *arena,
                         zq_sql *sql)
{
    size_t length = strlen(s->family) - strlen(ZQ_CODE);
    const char *prefix = zq_arena_strndup(arena, s->family, length);

    zq_sql_lit(sql, "CALL zq_meta_each_member(");
    zq_sql_str(sql, prefix);
    zq_sql_lit(sql, ", ");
    zq_sql_str(sql, others_of(script, prefix, arena));
    zq_sql_lit(sql, ", ");
    zq_sql_str(sql, s->text);
    zq_sql_lit(sql, ");\n");
}

static void write_batch(const zq_rev_statement *s, zq_sql *sql)
{
    zq_sql_lit(sql, "CALL zq_meta_each_range(");
    zq_sql_str(sql, s->table);
    zq_sql_lit(sql, ", ");
    zq_sql_str(sql, s->key);
    zq_sql_lit(sql, ", ");
    zq_sql_unum(sql, s->size);
    zq_sql_lit(sql, ", ");
    zq_sql_str(sql, s->text);
    zq_sql_lit(sql, ");\n");
}

static zq_rc write_statement(const zq_script *script, const zq_rev_statement *s, zq_arena *arena,
                             zq_buf *out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;

    if (s->block == ZQ_BLOCK_PLAIN) {
        write_plain(s, out);
        return ZQ_OK;
    }
    if (s->block == ZQ_BLOCK_FAMILY)
        write_family(script, s, arena, &sql);
    else
        write_batch(s, &sql);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    zq_buf_str(out, text);
    return ZQ_OK;
}

/* ---- legs ---- */

/* The row of the history is the one that an online run writes, but for the duration. */
static zq_rc write_history(const zq_script *script, const zq_leg *leg, zq_arena *arena, zq_buf *out,
                           zq_err *err)
{
    zq_history_entry entry = zq_revision_history(script->chain, leg->to,
                                                 leg->direction == ZQ_UP ? "upgrade" : "downgrade",
                                                 script->tool_version);
    zq_step step = zq_history_step(&entry, arena);
    zq_sink sink = zq_script_sink_of(out);
    zq_steps steps = {&step, 1};

    step.changes_rows = true;
    return zq_run_steps(&steps, &sink, err);
}

static zq_rc write_leg(const zq_script *script, const zq_leg *leg, zq_arena *arena, zq_buf *out,
                       zq_err *err)
{
    zq_comment(out, "---- %s %s: %s (%s) ----", leg->direction == ZQ_UP ? "upgrade" : "downgrade",
               leg->revision->id, leg->revision->title, leg->revision->file);
    zq_buf_char(out, '\n');
    for (size_t i = 0; i < leg->section->n; i++)
        ZQ_TRY(write_statement(script, &leg->section->statements[i], arena, out, err));
    zq_buf_char(out, '\n');
    return write_history(script, leg, arena, out, err);
}

zq_rc zq_script_write(const zq_script *script, const zq_path *path, zq_arena *arena, zq_buf *out,
                      zq_err *err)
{
    ZQ_AUTO_BUF(text);

    ZQ_TRY(write_head(script, path, &text, err));
    for (size_t i = 0; i < path->n; i++)
        ZQ_TRY(write_leg(script, &path->legs[i], arena, &text, err));
    if (has_block(path, ZQ_BLOCK_FAMILY))
        zq_buf_str(&text, "DROP PROCEDURE zq_meta_each_member;\n");
    if (has_block(path, ZQ_BLOCK_BATCH))
        zq_buf_str(&text, "DROP PROCEDURE zq_meta_each_range;\n");
    zq_buf_add(out, zq_buf_text(&text), text.length);
    return ZQ_OK;
}
