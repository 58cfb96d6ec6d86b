/* Pairs of schemas made by chance: 'revision --autogenerate' writes the way between them, and the
 * way is gone, forth and back, on tables with rows. What both can hold must be there each time.
 *
 * A pair is a schema and what was done to it, one thing after the other. When a pair fails, things
 * are left away as long as it still fails, and what is left is printed. ZQ_TEST_SEED=N
 * ZQ_TEST_INPUTS=1 runs pair N again; scripts/soak runs many. */
#include "cli.h"
#include "model/canon.h"
#include "old_release.h"
#include "stocks.h"

#include "release.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_COLUMNS = 16, MOST_THINGS = 6, ROWS = 3 };

static unsigned long long state;

static unsigned random_below(unsigned n)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(state >> 33) % n;
}

/* ---- schemas ---- */

/* Our own tables are changed in place, so all of them lie in the arena. */
typedef struct made {
    zq_table *tables[8];
    size_t n;
    zq_table family;
    zq_table *own_family; /* with members; NULL: it is gone */
    zq_table *new_family;
    zq_arena *arena;
    const char *renames; /* for --rename */
} made;

static const char *const ab[] = {"a", "b", NULL}, *const abc[] = {"a", "b", "c", NULL};

static zq_column any_column(const char *name, unsigned kind)
{
    static const zq_column columns[] = {
        {.type = ZQ_INT},
        {.type = ZQ_INT, .flags = ZQ_NOT_NULL, .def = ZQ_DEFAULT("7")},
        {.type = ZQ_BIGINT, .flags = ZQ_NOT_NULL},
        {.type = ZQ_VARCHAR(20), .comment = "it's a \\ ?"},
        {.type = ZQ_VARCHAR(40), .flags = ZQ_NOT_NULL},
        {.type = ZQ_DECIMAL(10, 2), .flags = ZQ_NOT_NULL},
        {.type = ZQ_DATETIME, .flags = ZQ_NOT_NULL},
        {.type = ZQ_DATETIME, .def = ZQ_DEFAULT_SQL("CURRENT_TIMESTAMP")},
        {.type = ZQ_DATE, .flags = ZQ_NOT_NULL},
        {.type = ZQ_TEXT, .flags = ZQ_NOT_NULL},
        {.type = {.kind = ZQ_TYPE_ENUM, .values = ab}, .flags = ZQ_NOT_NULL},
        {.type = ZQ_DOUBLE},
        {.type = ZQ_DATETIME_MS, .flags = ZQ_NOT_NULL},
        {.type = ZQ_BOOL, .flags = ZQ_NOT_NULL},
    };
    zq_column column = columns[kind % ZQ_LEN(columns)];

    column.name = name;
    return column;
}

static const zq_key_part *on(made *m, const char *column, const char *other)
{
    zq_key_part *parts = ZQ_NEW_ARRAY(m->arena, zq_key_part, 3);

    parts[0].column = column;
    parts[1].column = other;
    return parts;
}

static zq_column *columns_of(zq_table *table)
{
    return (zq_column *)table->columns;
}

static zq_index *indexes_of(zq_table *table)
{
    return (zq_index *)table->indexes;
}

static void put_column(zq_table *table, size_t at, zq_column column)
{
    zq_column *columns = columns_of(table);

    if (table->n_columns == MOST_COLUMNS || zq_table_column(table, column.name) != NULL)
        return;
    memmove(columns + at + 1, columns + at, (table->n_columns - at) * sizeof *columns);
    columns[at] = column;
    table->n_columns++;
}

static void put_index(made *m, zq_table *table, const char *name, const char *column,
                      const char *other)
{
    (void)m;
    if (table->n_indexes < MOST_COLUMNS)
        indexes_of(table)[table->n_indexes++] =
            (zq_index){.name = name, .kind = ZQ_INDEX, .parts = on(m, column, other)};
}

static zq_table *make_table(made *m, const char *name)
{
    zq_table *table = ZQ_NEW(m->arena, zq_table);

    *table = (zq_table){
        .name = name,
        .columns = ZQ_NEW_ARRAY(m->arena, zq_column, MOST_COLUMNS + 1),
        .indexes = ZQ_NEW_ARRAY(m->arena, zq_index, MOST_COLUMNS + 1),
        .foreign_keys = ZQ_NEW_ARRAY(m->arena, zq_foreign_key, 4),
    };
    put_column(table, 0, (zq_column){"id", ZQ_INT, ZQ_NOT_NULL | ZQ_AUTO_INCREMENT});
    indexes_of(table)[table->n_indexes++] = (zq_index){"PRIMARY", ZQ_PRIMARY, on(m, "id", NULL)};
    return table;
}

static zq_table *put_table(made *m, const char *name)
{
    return m->tables[m->n++] = make_table(m, name);
}

static zq_table *make_family(made *m, const char *name, unsigned kind)
{
    zq_table *family = make_table(m, name);

    put_column(family, 1, any_column("a", kind));
    put_index(m, family, "ix_{code}_a", "id", NULL);
    return family;
}

/* What they read is nobody's to change. */
static zq_column generated_column(const char *name, unsigned kind)
{
    return (zq_column){
        .name = name,
        .type = ZQ_BIGINT,
        .flags = kind % 2 == 0 ? ZQ_STORED : 0,
        .generated = kind % 4 < 2 ? "`base` + 1" : "`base` * 2",
    };
}

static void put_key(made *m, zq_table *table, const char *column, const char *parent)
{
    static const char *const id[] = {"id", NULL};
    const char **columns = ZQ_NEW_ARRAY(m->arena, const char *, 2);

    columns[0] = column;
    ((zq_foreign_key *)table->foreign_keys)[table->n_foreign_keys++] = (zq_foreign_key){
        .name = zq_arena_printf(m->arena, "%s_ibfk_1", table->name),
        .columns = columns,
        .ref_table = parent,
        .ref_columns = id,
    };
}

static made first_of(unsigned seed, zq_arena *arena)
{
    static const char *const names[] = {"zq_own_a", "zq_own_b", "zq_own_c"};
    static const char *const columns[] = {"a", "b", "c", "d", "e"};
    made m = {.arena = arena};

    state = seed;
    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        zq_table *table = put_table(&m, names[i]);

        for (size_t k = 0; k < ZQ_LEN(columns); k++)
            put_column(table, table->n_columns, any_column(columns[k], random_below(100)));
        put_column(table, table->n_columns,
                   (zq_column){"base", ZQ_INT, ZQ_NOT_NULL, .def = ZQ_DEFAULT("3")});
        put_column(table, table->n_columns, generated_column("g", random_below(100)));
        put_index(&m, table, "ix_id", "id", NULL);
    }
    m.own_family = make_family(&m, "zq_own_f_{code}", random_below(100));
    put_column(m.tables[1], 1, (zq_column){"parent", ZQ_INT});
    put_index(&m, m.tables[1], "parent", "parent", NULL);
    put_key(&m, m.tables[1], "parent", "zq_own_a");
    return m;
}

/* ---- things that are done to them ---- */

typedef struct thing {
    unsigned what, table, column, more;
} thing;

/* A column that is nobody's key and that none is made from, or NULL. */
static zq_column *plain_column(zq_table *table, unsigned choice)
{
    zq_column *column = columns_of(table) + 1 + choice % (table->n_columns - 1);

    return strcmp(column->name, "parent") == 0 || strcmp(column->name, "base") == 0 ||
                   zq_column_is_generated(column) || column->was != NULL
               ? NULL
               : column;
}

static bool is_indexed(const zq_table *table, const char *column)
{
    for (size_t i = 0; i < table->n_indexes; i++) {
        for (size_t k = 0; k < zq_index_parts_count(table->indexes[i].parts); k++) {
            if (strcmp(table->indexes[i].parts[k].column, column) == 0)
                return true;
        }
    }
    return false;
}

static void give_rename(made *m, const char *text)
{
    m->renames = m->renames == NULL ? text : zq_arena_printf(m->arena, "%s,%s", m->renames, text);
}

static void rename_column(made *m, zq_table *table, const thing *t)
{
    zq_column *column = plain_column(table, t->column);

    if (column == NULL || is_indexed(table, column->name) || table->was != NULL ||
        strstr(column->name, "_new") != NULL || column->name[0] == 'n')
        return;
    if (t->more % 2 == 0)
        column->was = column->name;
    else
        give_rename(
            m, zq_arena_printf(m->arena, "%s.%s=%s_new", table->name, column->name, column->name));
    column->name = zq_arena_printf(m->arena, "%s_new", column->name);
}

static void rename_table(made *m, zq_table *table, const thing *t)
{
    if (table != m->tables[2] || table->was != NULL || strcmp(table->name, "zq_own_c") != 0)
        return;
    if (t->more % 2 == 0 || m->renames != NULL)
        table->was = table->name;
    else
        give_rename(m, "zq_own_c=zq_own_z");
    table->name = "zq_own_z";
}

static void rename_index(made *m, zq_table *table, const thing *t)
{
    (void)m;
    (void)t;
    for (size_t i = 1; i < table->n_indexes; i++) {
        if (strcmp(table->indexes[i].name, "ix_id") == 0) {
            indexes_of(table)[i].was = "ix_id";
            indexes_of(table)[i].name = "ix_id_new";
        }
    }
}

static void add_column(made *m, zq_table *table, const thing *t)
{
    put_column(table, 1 + t->column % table->n_columns,
               any_column(zq_arena_printf(m->arena, "n%zu", table->n_columns), t->more));
}

static void drop_column(made *m, zq_table *table, const thing *t)
{
    zq_column *column = plain_column(table, t->column);

    (void)m;
    if (column == NULL || is_indexed(table, column->name) || table->n_columns < 4)
        return;
    memmove(column, column + 1,
            (size_t)(columns_of(table) + table->n_columns - column - 1) * sizeof *column);
    table->n_columns--;
}

static void alter_column(made *m, zq_table *table, const thing *t)
{
    zq_column *column = plain_column(table, t->column);

    (void)m;
    if (column == NULL || strstr(column->name, "_new") != NULL || column->name[0] == 'n')
        return;
    if (t->more % 3 == 0)
        column->comment = "said anew";
    else if (column->type.kind == ZQ_TYPE_INT)
        column->type = (zq_type)ZQ_BIGINT;
    else if (column->type.kind == ZQ_TYPE_VARCHAR)
        column->type.length += t->more % 2 == 0 ? 10 : 300;
    else if (column->type.kind == ZQ_TYPE_ENUM)
        column->type.values = abc;
    else
        column->flags ^= ZQ_NOT_NULL;
}

static void move_column(made *m, zq_table *table, const thing *t)
{
    const size_t from = 1 + t->column % (table->n_columns - 1);
    const zq_column column = table->columns[from];

    (void)m;
    memmove(columns_of(table) + from, columns_of(table) + from + 1,
            (table->n_columns - from - 1) * sizeof column);
    table->n_columns--;
    put_column(table, t->more % (table->n_columns + 1), column);
}

static void add_index(made *m, zq_table *table, const thing *t)
{
    const zq_column *column = plain_column(table, t->column);

    if (column == NULL || column->type.kind == ZQ_TYPE_TEXT)
        return;
    put_index(m, table, zq_arena_printf(m->arena, "ix_%zu", table->n_indexes), column->name, "id");
    if (t->more % 2 == 0)
        indexes_of(table)[table->n_indexes - 1].kind = ZQ_UNIQUE;
}

static void change_key(made *m, zq_table *table, const thing *t)
{
    zq_foreign_key *key = (zq_foreign_key *)table->foreign_keys;

    (void)m;
    if (table->n_foreign_keys == 0)
        return;
    if (t->more % 3 == 0)
        table->n_foreign_keys = 0;
    else
        key->on_delete = t->more % 3 == 1 ? ZQ_CASCADE : ZQ_SET_NULL;
}

static void comment(made *m, zq_table *table, const thing *t)
{
    table->comment = zq_arena_printf(m->arena, "the %uth", t->more % 10);
}

static void add_table(made *m, zq_table *table, const thing *t)
{
    zq_table *fresh;

    (void)table;
    if (m->n > 3)
        return;
    fresh = put_table(m, "zq_own_e");
    put_column(fresh, 1, (zq_column){"parent", ZQ_INT, ZQ_NOT_NULL});
    put_column(fresh, 2, any_column("a", t->more));
    put_index(m, fresh, "parent", "parent", NULL);
    put_key(m, fresh, "parent", "zq_own_a");
}

static void drop_table(made *m, zq_table *table, const thing *t)
{
    (void)t;
    if (m->n == 3 && table == m->tables[2] && table->was == NULL && m->renames == NULL)
        m->n = 2;
}

static void change_family(made *m, zq_table *table, const thing *t)
{
    static const char *const families[] = {"zq_data_tustock_daily_{code}",
                                           "zq_quant_factor_spacex_{code}"};
    const zq_table *family = zq_schema_table(&zq_schema_head, families[t->column % 2]);
    zq_column *columns = ZQ_NEW_ARRAY(m->arena, zq_column, family->n_columns + 1);

    (void)table;
    if (m->family.name != NULL)
        return;
    m->family = *family;
    memcpy(columns, family->columns, family->n_columns * sizeof *columns);
    columns[m->family.n_columns++] = any_column("noted", t->more);
    m->family.columns = columns;
}

static void add_generated(made *m, zq_table *table, const thing *t)
{
    put_column(table, 1 + t->column % table->n_columns,
               generated_column(zq_arena_printf(m->arena, "n%zu", table->n_columns), t->more));
}

/* Gone, or made from the same in another way. One that is virtual stays so: no statement makes it a
 * stored one. */
static void change_generated(made *m, zq_table *table, const thing *t)
{
    (void)m;
    for (size_t i = 0; i < table->n_columns; i++) {
        zq_column *column = columns_of(table) + i;

        if (strcmp(column->name, "g") != 0)
            continue;
        if (t->more % 3 == 0) {
            memmove(column, column + 1, (table->n_columns - i - 1) * sizeof *column);
            table->n_columns--;
        } else if (t->more % 3 == 1) {
            column->generated = "`base` + 5";
        } else {
            column->comment = "made";
        }
        return;
    }
}

static void change_own_family(made *m, zq_table *table, const thing *t)
{
    (void)table;
    if (t->column % 2 == 0)
        m->own_family = NULL;
    else if (m->new_family == NULL)
        m->new_family = make_family(m, "zq_own_new_{code}", t->more);
}

static void (*const doers[])(made *m, zq_table *table, const thing *t) = {
    rename_column, rename_column, rename_table,  rename_index,  add_column,       add_column,
    drop_column,   alter_column,  move_column,   add_index,     change_key,       comment,
    add_table,     drop_table,    change_family, add_generated, change_generated, change_own_family,
};
static const char *const names[] = {
    "rename a column",
    "rename a column",
    "rename a table",
    "rename an index",
    "add a column",
    "add a column",
    "drop a column",
    "alter a column",
    "move a column",
    "add an index",
    "change a key",
    "comment",
    "add a table",
    "drop a table",
    "change a family",
    "add a generated column",
    "change a generated column",
    "a family of their own",
};

/* ---- a pair ---- */

typedef struct pair {
    unsigned seed;
    thing things[MOST_THINGS];
    size_t n;
} pair;

static pair any_pair(unsigned seed)
{
    pair p = {.seed = seed};

    state = seed * 2654435761ULL + 1;
    p.n = 1 + random_below(MOST_THINGS);
    for (size_t i = 0; i < p.n; i++)
        p.things[i] = (thing){random_below(ZQ_LEN(doers)), random_below(3), random_below(100),
                              random_below(100)};
    return p;
}

static made second_of(const pair *p, zq_arena *arena)
{
    made m = first_of(p->seed, arena);

    for (size_t i = 0; i < p->n; i++) {
        const thing *t = &p->things[i];

        if (t->table < m.n)
            doers[t->what](&m, m.tables[t->table], t);
    }
    return m;
}

/* zquant's tables and these. */
static const char *text_of(const made *m)
{
    zq_schema schema = {0};
    const zq_table **tables = ZQ_NEW_ARRAY(m->arena, const zq_table *, 100);
    ZQ_AUTO_BUF(out);

    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        const zq_table *table = zq_schema_head.tables[i];

        tables[schema.n_tables++] =
            m->family.name != NULL && strcmp(table->name, m->family.name) == 0 ? &m->family : table;
    }
    for (size_t i = 0; i < m->n; i++)
        tables[schema.n_tables++] = m->tables[i];
    if (m->own_family != NULL)
        tables[schema.n_tables++] = m->own_family;
    if (m->new_family != NULL)
        tables[schema.n_tables++] = m->new_family;
    schema.tables = tables;
    zq_canon_schema(&out, &schema);
    return zq_arena_strdup(m->arena, zq_buf_text(&out));
}

/* ---- the way ---- */

static char why[20000];

/* Run a program; false, with what it said in `why`, unless it ends with status 0. */
static bool runs(const char *const *words)
{
    program_result r = program_run(words, NULL);
    const bool well = r.status == 0;

    if (!well) {
        int at = snprintf(why, sizeof why, "status %d of", r.status);

        for (size_t i = 0; words[i] != NULL; i++)
            at += snprintf(why + at, sizeof why - (size_t)at, " %s", words[i]);
        snprintf(why + at, sizeof why - (size_t)at, ":\n%.2000s\n%.4000s", r.err, r.out);
    }
    program_free(&r);
    return well;
}

#define RUNS(...) runs((const char *const[]){__VA_ARGS__, "--dir", "m", NULL})
#define ALLOWED "--allow-data-loss", "--allow-locking", "--allow-unreviewed"

/* The members of their own family, as the application makes them. */
static void make_members(const made *m, zq_db *db)
{
    const zq_table *const tables[] = {m->own_family};
    const zq_schema schema = {.tables = tables, .n_tables = 1};
    ZQ_AUTO_BUF(sql);

    for (int stock = 0; stock < 2; stock++)
        cr_assert_eq(stocks_write(&sql, &schema, stock, &(stocks_ways){.rows = ROWS}, NULL), ZQ_OK);
    live_exec(db, zq_buf_text(&sql));
}

static void fill_rows(const made *m)
{
    ZQ_AUTO(zq_db) db = cli_open();

    make_members(m, db);

    for (size_t t = 0; t < m->n; t++) {
        for (int row = 1; row <= ROWS; row++) {
            ZQ_AUTO_BUF(sql);

            zq_buf_printf(&sql, "INSERT INTO %s VALUES (%d", m->tables[t]->name, row);
            for (size_t i = 1; i < m->tables[t]->n_columns; i++) {
                const zq_column *column = &m->tables[t]->columns[i];

                zq_buf_str(&sql, ", ");
                if (strcmp(column->name, "parent") == 0)
                    zq_buf_printf(&sql, "%d", row);
                else if (zq_column_is_generated(column))
                    zq_buf_str(&sql, "DEFAULT");
                else if (column->type.kind == ZQ_TYPE_ENUM)
                    zq_buf_str(&sql, row % 2 == 0 ? "'a'" : "'b'");
                else
                    stocks_write_value(&sql, column, row);
            }
            zq_buf_str(&sql, ")");
            live_exec(db, zq_buf_text(&sql));
        }
    }
}

/* What `name` of the first schema is called in the second; NULL: it is gone. */
static const char *now(const made *then, const made *m, size_t t, const char *name)
{
    const zq_table *table = t < m->n ? m->tables[t] : NULL;
    const char *new_name = zq_arena_printf(then->arena, "%s_new", name);

    if (table == NULL || strcmp(table->name, "zq_own_e") == 0)
        return NULL;
    if (zq_table_column(table, name) != NULL)
        return name;
    return zq_table_column(table, new_name) != NULL ? new_name : NULL;
}

/* The values of all columns that both schemas have and that are not made of others, under the names
 * of one of them. */
static const char *values(const made *then, const made *m, bool after)
{
    ZQ_AUTO(zq_db) db = cli_open();
    const char *all = "";
    char *value;

    for (size_t t = 0; t < then->n; t++) {
        const char *list = "";

        for (size_t i = 0; i < then->tables[t]->n_columns; i++) {
            const char *name = then->tables[t]->columns[i].name;
            const char *new_name = now(then, m, t, name);

            if (new_name != NULL && !zq_column_is_generated(&then->tables[t]->columns[i]))
                list = zq_arena_printf(then->arena, "%s%s%s", list, *list != '\0' ? "," : "",
                                       after ? new_name : name);
        }
        if (*list == '\0')
            continue;
        value = live_value(
            db, zq_arena_printf(then->arena,
                                "SELECT GROUP_CONCAT(CONCAT_WS('|', %s) ORDER BY id) FROM %s", list,
                                after ? m->tables[t]->name : then->tables[t]->name));
        all = zq_arena_printf(then->arena, "%s%s: %s\n", all, then->tables[t]->name,
                              value != NULL ? value : "nothing");
        free(value);
    }
    value = live_value(db, "SELECT GROUP_CONCAT(CONCAT_WS('|', id, a) ORDER BY id) FROM "
                           "zq_own_f_600001");
    all = zq_arena_printf(then->arena, "%smember: %s\n", all, value != NULL ? value : "nothing");
    free(value);
    return all;
}

static bool same_values(const char *a, const char *b, const char *when)
{
    if (strcmp(a, b) == 0)
        return true;
    snprintf(why, sizeof why, "%s the rows are others:\n%s\nwere\n%s", when, b, a);
    return false;
}

static bool draft(const made *m)
{
    program_file("b.txt", text_of(m), 0644);
    if (m->renames != NULL)
        return RUNS("zquant-migrate", "revision", "-m", "b", "--autogenerate", "--to", "./b.txt",
                    "--rename", m->renames);
    return RUNS("zquant-migrate", "revision", "-m", "b", "--autogenerate", "--to", "./b.txt");
}

static bool walk(const made *one, const made *two)
{
    const char *path = zq_arena_printf(one->arena, "%s/m/own-0002_b.sql", program_dir());
    const char *rows;

    program_file("a.txt", text_of(one), 0644);
    if (!RUNS("zquant-migrate", "revision", "-m", "a", "--autogenerate", "--from", "0.4.0", "--to",
              "./a.txt", "--flavor", live_flavor_name()) ||
        !RUNS("zquant-migrate", "upgrade", ALLOWED))
        return false;
    fill_rows(one);
    rows = values(one, two, false);
    if (!draft(two))
        return false;
    if (access(path, F_OK) != 0)
        return true;
    return RUNS("zquant-migrate", "upgrade", ALLOWED) &&
           RUNS("zquant-migrate", "diff", "--from", "live", "--to", "own-0002") &&
           same_values(rows, values(one, two, true), "after the upgrade") &&
           RUNS("zquant-migrate", "downgrade", "-1", ALLOWED) &&
           RUNS("zquant-migrate", "diff", "--from", "live", "--to", "own-0001") &&
           same_values(rows, values(one, two, false), "after the downgrade");
}

/* Two members, and the revision of zquant; nothing of an earlier pair. */
static void begin_again(bool harmed)
{
    program_result r = PROGRAM("/bin/sh", "-c", "rm -rf m; mkdir m");

    program_free(&r);
    if (!harmed)
        return;
    if (cli_database_exists())
        live_drop(cli_database());
    EXPECT(0, NULL, "zquant-init", "--quiet");
    for (int stock = 0; stock < 2; stock++) {
        ZQ_AUTO(zq_db) db = cli_open();
        ZQ_AUTO_BUF(sql);

        cr_assert_eq(stocks_write(&sql, &zq_schema_head, stock,
                                  &(stocks_ways){.rows = 2, .factors = true, .shuffled = true},
                                  NULL),
                     ZQ_OK);
        live_exec(db, zq_buf_text(&sql));
    }
}

/* What was written, to what went wrong with it. */
static void add_draft(void)
{
    program_result r = PROGRAM("/bin/sh", "-c", "cat m/own-0002_b.sql");
    const size_t at = strlen(why);

    snprintf(why + at, sizeof why - at, "\n%.8000s", r.out);
    program_free(&r);
}

static bool holds(const pair *p)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const made one = first_of(p->seed, arena);
    const made two = second_of(p, arena);
    bool well = walk(&one, &two);

    if (well)
        well = RUNS("zquant-migrate", "downgrade", "0003", ALLOWED);
    if (!well)
        add_draft();
    else
        cli_change("DROP TABLE zq_own_f_600000, zq_own_f_600001");
    begin_again(!well);
    return well;
}

/* Leave away what is not needed for the failure, and say the rest. */
static void fail_pair(pair p)
{
    for (size_t i = 0; i < p.n;) {
        pair less = p;

        memmove(&less.things[i], &less.things[i + 1], (p.n - i - 1) * sizeof *less.things);
        less.n--;
        if (less.n > 0 && !holds(&less))
            p = less;
        else
            i++;
    }
    holds(&p);
    for (size_t i = 0; i < p.n; i++)
        printf("%s: table %u, column %u, more %u\n", names[p.things[i].what], p.things[i].table,
               p.things[i].column, p.things[i].more);
    cr_assert_fail("seed %u: %s", p.seed, why);
}

static unsigned setting(const char *name, unsigned otherwise)
{
    const char *text = getenv(name);

    return text != NULL ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

Test(autogenerate, what_it_writes_leads_there_and_back_with_all_rows)
{
    const unsigned seed = setting("ZQ_TEST_SEED", 1), n = setting("ZQ_TEST_INPUTS", 3);

    cli_begin("autogenerate");
    program_env("ZQUANT_NO_ADMIN", "yes");
    begin_again(true);
    for (unsigned i = 0; i < n; i++) {
        const pair p = any_pair(seed + i);

        if (!holds(&p))
            fail_pair(p);
    }
    cli_end();
}

/* ---- releases ---- */

/* A database of that release, recorded as head so that a revision of our own may follow. */
static void begin_at(const char *release)
{
    static const char *const codes[] = {"000001", "600000", NULL};
    ZQ_AUTO(zq_db) db = live_open();

    cli_begin("autogenerate");
    old_release_make(db, cli_database(), release, codes);
    SAYS(0, NULL, "zquant-migrate", "stamp", "0003");
    begin_again(false);
}

Test(autogenerate, what_it_writes_between_releases_leads_to_their_schemas_and_back)
{
    for (size_t i = 1; i < zq_n_releases; i++) {
        const char *from = zq_releases[i - 1].name, *to = zq_releases[i].name;
        char *before, *after;
        zq_db *db;

        begin_at(from);
        db = cli_open();
        before = old_release_rows(db, false);
        cr_assert(RUNS("zquant-migrate", "revision", "-m", to, "--autogenerate", "--from", from,
                       "--to", to, "--flavor", live_flavor_name()),
                  "%s", why);
        cr_assert(RUNS("zquant-migrate", "upgrade", ALLOWED), "%s", why);
        cr_assert(RUNS("zquant-migrate", "diff", "--from", "live", "--to", to), "%s", why);
        /* The recorded 0003 is not what was there. */
        SAYS(1, "all statements of revision 'own-0001' are done, but the schema is not what it",
             "zquant-migrate", "downgrade", "-1", ALLOWED, "--dir", "m");
        cr_assert(RUNS("zquant-migrate", "diff", "--from", "live", "--to", from), "%s", why);
        after = old_release_rows(db, false);
        cr_assert_str_eq(after, before, "from %s to %s and back", from, to);
        free(before);
        free(after);
        zq_db_close(db);
        cli_end();
    }
}

/* ---- what is asked, and refused ---- */

#define HEAD "./head.txt"

/* The schema of head, with `lines` for the table zq_own. */
static void write_schema(const char *lines)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(text);
    zq_schema schema = {.tables = zq_schema_head.tables, .n_tables = zq_schema_head.n_tables};
    const char *own = "table zq_own engine InnoDB charset utf8mb4 collate utf8mb4_unicode_ci\n"
                      "  column id int not null auto_increment\n";
    const char *at;

    zq_canon_schema(&text, &schema);
    at = strstr(zq_buf_text(&text), "table zq_quant_factor_configs");
    cr_assert_not_null(at);
    program_file("head.txt",
                 zq_arena_printf(arena, "%.*s%s%s  primary key (id)\n\n%s",
                                 (int)(at - zq_buf_text(&text)), zq_buf_text(&text), own, lines,
                                 at),
                 0644);
}

static void begin_own(const char *lines)
{
    cli_begin("autogenerate");
    program_env("ZQUANT_NO_ADMIN", "yes");
    begin_again(true);
    write_schema(lines);
    cr_assert(RUNS("zquant-migrate", "revision", "-m", "a", "--autogenerate", "--to", HEAD), "%s",
              why);
    cr_assert(RUNS("zquant-migrate", "upgrade"), "%s", why);
}

static char *drafted(void)
{
    program_result r = PROGRAM("zquant-migrate", "revision", "-m", "b", "--autogenerate", "--to",
                               HEAD, "--dir", "m", "--dry-run");
    char *text = strdup(r.out);

    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    return text;
}

static void expect_in(const char *text, const char *part)
{
    cr_expect_not_null(strstr(text, part), "there is no\n%s\nin\n%s", part, text);
}

Test(autogenerate, the_rows_that_are_there_are_asked)
{
    char *text;

    begin_own("  column code varchar(20)\n  column kind varchar(10)\n  column other int\n");
    cli_change("INSERT INTO zq_own VALUES (1, 'a', 'x', 1), (2, 'abcdef', 'y', 1), "
               "(3, NULL, 'x', 7), (4, 'b', 'z', NULL)");
    write_schema("  column code varchar(5) not null\n"
                 "  column kind enum('x', 'y')\n"
                 "  column other int\n"
                 "  column fresh int not null\n");
    text = drafted();
    expect_in(text, "-- zq:unreviewed NULL in 'code', which shall be NOT NULL: 1 row (3); this "
                    "puts '' there\nUPDATE `zq_own` SET `code` = '' WHERE `code` IS NULL;\n");
    expect_in(text,
              "-- zq:unreviewed longer than 5 characters in 'code': 1 row (2); this cuts them\n"
              "UPDATE `zq_own` SET `code` = LEFT(`code`, 5) WHERE CHAR_LENGTH(`code`) > 5;\n");
    expect_in(text, "-- zq:unreviewed values in 'kind' that it will not have: 1 row (4); this "
                    "puts NULL there\n");
    expect_in(text, "-- zq:unreviewed what do the rows that are there get as 'fresh'? choose it "
                    "here\n");
    expect_in(text, "ADD COLUMN `fresh` int NOT NULL DEFAULT '0' AFTER `other`");
    expect_in(text, "    ALTER COLUMN `fresh` DROP DEFAULT;\n");
    free(text);
    SAYS(0, "4 questions are open in it", "zquant-migrate", "revision", "-m", "b", "--autogenerate",
         "--to", HEAD, "--dir", "m");
    SAYS(64,
         "m/own-0002_b.sql:11: nobody has answered: NULL in 'code', which shall be NOT NULL: 1 row "
         "(3)",
         "zquant-migrate", "upgrade", "--dir", "m", "--allow-data-loss", "--allow-locking");
    SAYS(64,
         "hint: answer each question in the file and remove its line, or say "
         "--allow-unreviewed\n",
         "zquant-migrate", "upgrade", "--dir", "m", "--allow-data-loss", "--allow-locking");
    SAYS(0, "is at revision own-0002", "zquant-migrate", "upgrade", "--dir", "m", ALLOWED);
    cli_expect_value("1/a/x/1/0,2/abcde/y/1/0,3//x/7/0,4/b/-/-/0",
                     "SELECT GROUP_CONCAT(CONCAT_WS('/', id, code, COALESCE(kind, '-'), "
                     "COALESCE(other, '-'), fresh) ORDER BY id) FROM zq_own");
    cli_end();
}

/* The schema of head with these texts, in pairs, in place of the first of them behind "table NAME".
 */
static void write_changed(const char *table, const char *const *pairs)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(out);
    zq_schema schema = {.tables = zq_schema_head.tables, .n_tables = zq_schema_head.n_tables};
    const char *text;

    zq_canon_schema(&out, &schema);
    text = zq_buf_text(&out);
    for (; *pairs != NULL; pairs += 2) {
        const char *at = strstr(text, table);

        at = at == NULL ? NULL : strstr(at, pairs[0]);
        cr_assert_not_null(at, "no '%s'", pairs[0]);
        text = zq_arena_printf(arena, "%.*s%s%s", (int)(at - text), text, pairs[1],
                               at + strlen(pairs[0]));
    }
    program_file("head.txt", text, 0644);
}

#define DAILY "zq_data_tustock_daily_"

Test(autogenerate, the_rows_of_all_members_are_asked)
{
    static const char *const pairs[] = {
        "pre_close double comment",
        "pre_close double not null comment",
        "created_by varchar(50)",
        "created_by varchar(5)",
        "  column vol double",
        "  column fresh int not null\n  column vol double",
        "  key ix_zq_data_tustock_daily_{code}_ts_code (ts_code)\n",
        "  key ix_zq_data_tustock_daily_{code}_ts_code (ts_code)\n"
        "  unique key uq_close_{code} (close)\n",
        NULL,
    };
    char *text;

    cli_begin("autogenerate");
    program_env("ZQUANT_NO_ADMIN", "yes");
    begin_again(true);
    cli_change("CREATE TABLE " DAILY "700000 LIKE " DAILY "600000; "
               "UPDATE " DAILY "600000 SET pre_close = NULL, created_by = 'nobody', close = 1; "
               "UPDATE " DAILY "600001 SET pre_close = NULL WHERE id = 2; "
               "UPDATE " DAILY "600001 SET close = id, created_by = 'me'");
    write_changed("table " DAILY "{code}", pairs);
    text = drafted();
    expect_in(text, "-- 3 members, about ");
    expect_in(text, "-- zq:unreviewed NULL in 'pre_close', which shall be NOT NULL: 3 rows in 2 of "
                    "3 members (600000: 1, 600000: 2, 600001: 2); this puts '0' there\n"
                    "-- zq:family zq_data_tustock_daily\n"
                    "UPDATE `" DAILY "{code}` SET `pre_close` = '0' WHERE `pre_close` IS NULL;\n");
    free(text);
    SAYS(0, "4 questions are open in it", "zquant-migrate", "revision", "-m", "b", "--autogenerate",
         "--to", HEAD, "--dir", "m");
    SAYS(0, "is at revision own-0001", "zquant-migrate", "upgrade", "--dir", "m", ALLOWED);
    cli_expect_value("1/0/nobod/0", "SELECT GROUP_CONCAT(CONCAT_WS('/', id, pre_close, created_by, "
                                    "fresh)) FROM " DAILY "600000");
    cli_expect_value("2", "SELECT COUNT(*) FROM " DAILY "600001");
    SAYS(0, NULL, "zquant-migrate", "downgrade", "-1", "--dir", "m", ALLOWED);
    cli_end();
}

Test(autogenerate, of_a_unique_index_on_beginnings_the_beginnings_are_asked)
{
    static const char *const pairs[] = {
        "  key ix_zq_data_tustock_daily_{code}_ts_code (ts_code)\n",
        "  key ix_zq_data_tustock_daily_{code}_ts_code (ts_code)\n"
        "  unique key uq_by_{code} (created_by(3))\n",
        NULL,
    };
    char *text;

    cli_begin("autogenerate");
    program_env("ZQUANT_NO_ADMIN", "yes");
    begin_again(true);
    cli_change("UPDATE " DAILY "600000 SET created_by = CONCAT('abc', id); "
               "UPDATE " DAILY "600001 SET created_by = CONCAT(id, 'abc')");
    write_changed("table " DAILY "{code}", pairs);
    text = drafted();
    expect_in(text, "-- zq:unreviewed the same values as another row under 'uq_by_{code}', which "
                    "shall be unique: 1 row in 1 of 2 members (600000: abc); this deletes all but "
                    "the one with the least `id`\n");
    free(text);
    SAYS(0, "1 question is open in it", "zquant-migrate", "revision", "-m", "b", "--autogenerate",
         "--to", HEAD, "--dir", "m");
    SAYS(0, "is at revision own-0001", "zquant-migrate", "upgrade", "--dir", "m", ALLOWED);
    cli_expect_value("abc1", "SELECT GROUP_CONCAT(created_by) FROM " DAILY "600000");
    cli_expect_value("2", "SELECT COUNT(*) FROM " DAILY "600001");
    cli_end();
}

ZQ_LIVE_MAIN
