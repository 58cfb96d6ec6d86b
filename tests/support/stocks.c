#include "stocks.h"

#include "base/arena.h"
#include "model/family.h"
#include "sql/ddl_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CODE = 600000, EACH_LIKE = 3, EACH_COPIED = 10 };

/* Columns that the application's factor calculation adds; the last is an int, like its counters. */
static const char *const factors[] = {
    "ma5_tr",        "ma10_tr",       "ma20_tr",       "ma30_tr",     "theday_turnover_volume",
    "theday_xcross", "turnover_rate", "total5_xcross", "total_times",
};

/* ---- chance ---- */

/* splitmix64 (Steele, Lea, Flood 2014): one number after another from a state of 64 bits. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15);

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

static size_t below(uint64_t *state, size_t n)
{
    return (size_t)(next(state) % n);
}

/* The table's name decides, so that it comes out the same beside whatever else is made. */
static uint64_t chance_of(const char *name, uint64_t seed)
{
    uint64_t state = seed;

    for (; *name != '\0'; name++)
        state = next(&state) ^ (unsigned char)*name;
    return state;
}

/* ---- one table ---- */

static void shuffle_indexes(zq_table *table, zq_arena *arena, uint64_t *state)
{
    zq_index *indexes = ZQ_NEW_ARRAY(arena, zq_index, table->n_indexes + 1);

    memcpy(indexes, table->indexes, table->n_indexes * sizeof *indexes);
    for (size_t i = table->n_indexes; i > 2; i--) {
        size_t other = 1 + below(state, i - 1); /* the primary key stays in front */
        zq_index kept = indexes[i - 1];

        indexes[i - 1] = indexes[other];
        indexes[other] = kept;
    }
    table->indexes = indexes;
}

static void spell_charsets(zq_table *table, zq_arena *arena)
{
    zq_column *columns = ZQ_NEW_ARRAY(arena, zq_column, table->n_columns + 1);

    memcpy(columns, table->columns, table->n_columns * sizeof *columns);
    for (size_t i = 0; i < table->n_columns; i++) {
        if (!zq_type_is_text(&columns[i].type))
            continue;
        columns[i].charset = zq_table_charset(table);
        columns[i].collation = zq_table_collation(table);
    }
    table->columns = columns;
}

/* Some have none yet: nothing was computed for them. */
static void write_factors(zq_buf *out, const char *name, uint64_t *state)
{
    size_t left = below(state, 4) == 0 ? 0 : 1 + below(state, ZQ_LEN(factors));

    for (size_t i = 0; i < ZQ_LEN(factors) && left > 0; i++) {
        if (below(state, ZQ_LEN(factors) - i) >= left)
            continue;
        left--;
        zq_buf_printf(out, "ALTER TABLE `%s` ADD COLUMN `%s` %s NULL COMMENT '组合因子字段: %s';\n",
                      name, factors[i], i + 1 == ZQ_LEN(factors) ? "INT" : "DOUBLE", factors[i]);
    }
}

void stocks_write_value(zq_buf *sql, const zq_column *column, int row)
{
    switch (column->type.kind) {
    case ZQ_TYPE_ENUM:
        zq_buf_printf(sql, "'%s'", column->type.values[0]);
        break;
    case ZQ_TYPE_DATE:
        zq_buf_printf(sql, "'%04d-%02d-%02d'", 2000 + row / 336 % 30, row / 28 % 12 + 1,
                      row % 28 + 1);
        break;
    case ZQ_TYPE_DATETIME:
        zq_buf_printf(sql, "'%04d-%02d-%02d 03:04:05'", 2000 + row / 336 % 30, row / 28 % 12 + 1,
                      row % 28 + 1);
        break;
    case ZQ_TYPE_CHAR:
    case ZQ_TYPE_VARCHAR:
        zq_buf_printf(sql, "'%.*s%d'", column->type.length > 4 ? 2 : 0, "r-", row);
        break;
    case ZQ_TYPE_TEXT:
        zq_buf_printf(sql, "'text %d'", row);
        break;
    default:
        zq_buf_printf(sql, "%d", row);
    }
}

static void write_rows(zq_buf *out, const char *name, const zq_table *table, int rows)
{
    for (int row = 1; row <= rows; row++) {
        zq_buf_printf(out, row == 1 ? "INSERT INTO `%s` (" : ", (", name);
        for (size_t i = 0; row == 1 && i < table->n_columns; i++)
            zq_buf_printf(out, "%s`%s`", i > 0 ? ", " : "", table->columns[i].name);
        zq_buf_str(out, row == 1 ? ") VALUES (" : "");
        for (size_t i = 0; i < table->n_columns; i++) {
            zq_buf_str(out, i > 0 ? ", " : "");
            stocks_write_value(out, &table->columns[i], row);
        }
        zq_buf_char(out, ')');
    }
    zq_buf_str(out, rows > 0 ? ";\n" : "");
}

/* A table by its columns and indexes; its rows and factors are not in it. */
static zq_rc write_table(zq_buf *out, const zq_table *family, const char *code,
                         const stocks_ways *ways, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_SQL(sql);
    zq_table table = *zq_family_member(arena, family, code);
    uint64_t state = chance_of(table.name, ways->seed);
    const char *text;

    if (ways->shuffled)
        shuffle_indexes(&table, arena, &state);
    if (ways->charsets && below(&state, 2) == 0)
        spell_charsets(&table, arena);
    zq_ddl_create_table(&sql, &table, true, ZQ_MARIADB);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    zq_buf_printf(out, "%s;\n", text);
    return ZQ_OK;
}

static void write_like(zq_buf *out, const char *name, const char *template)
{
    zq_buf_printf(out, "CREATE TABLE IF NOT EXISTS `%s` LIKE `%s`;\n", name, template);
}

static void write_copies(zq_buf *out, const char *name)
{
    zq_buf_printf(out, "CREATE TABLE IF NOT EXISTS `%s_bak` LIKE `%s`;\n", name, name);
    zq_buf_printf(out, "CREATE TABLE IF NOT EXISTS `%s_old` LIKE `%s`;\n", name, name);
}

/* The template is the first stock's table, which has no factors yet when it is copied: LIKE is how
 * the application makes the table of a new stock. */
static zq_rc write_member(zq_buf *out, const zq_table *family, int stock, const stocks_ways *ways,
                          zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    char first[ZQ_CODE_MAX + 1], code[ZQ_CODE_MAX + 1];
    const char *name;
    uint64_t state;

    stocks_code(0, first);
    stocks_code(stock, code);
    name = zq_family_expand(arena, family->name, code);
    state = chance_of(name, ~ways->seed);
    if (ways->like && stock > 0 && stock % EACH_LIKE == 0) {
        ZQ_TRY(write_table(out, family, first, ways, err));
        write_like(out, name, zq_family_expand(arena, family->name, first));
    } else {
        ZQ_TRY(write_table(out, family, code, ways, err));
    }
    /* The template stays as it is: who copies it must not depend on who comes first. */
    if (ways->factors && family->open && (stock > 0 || !ways->like))
        write_factors(out, name, &state);
    write_rows(out, name, family, ways->rows);
    if (ways->copies && stock % EACH_COPIED == 0)
        write_copies(out, name);
    return ZQ_OK;
}

/* ---- what others see ---- */

void stocks_code(int stock, char *out)
{
    snprintf(out, ZQ_CODE_MAX + 1, "%d", FIRST_CODE + stock);
}

zq_rc stocks_write(zq_buf *out, const zq_schema *schema, int stock, const stocks_ways *ways,
                   zq_err *err)
{
    for (size_t i = 0; i < schema->n_tables; i++)
        if (zq_table_is_family(schema->tables[i]))
            ZQ_TRY(write_member(out, schema->tables[i], stock, ways, err));
    return ZQ_OK;
}
