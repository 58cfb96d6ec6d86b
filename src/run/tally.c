/* A table's rows, as a number and a sum.
 *
 * Each row is hashed to 128 bits by BLAKE2b over its values as the server shows them in the pinned
 * session (UTF-8, UTC), each with its length in front, NULL apart from the empty text; the hashes
 * are added up modulo 2^128. Addition does not care about order, so no server has to sort and a
 * table without a primary key needs no special case; unlike XOR it tells a doubled row from none.
 *
 * What the vendors keep in spellings of their own is brought into one before it is hashed: JSON,
 * which MySQL stores parsed and MariaDB as it was written. FLOAT is taken as it is shown, with six
 * digits, because that is what a dump carries over.
 *
 * To a server with thousands of tables the cost of a question about all of them is that of opening
 * each. So MariaDB is asked what it checks to be JSON of those tables alone that can have it, and
 * rows are read from the last table to the first: the list was made in the other direction, and
 * left the last ones open.
 *
 * Sums made by the server (CRC32 of CONCAT_WS, CHECKSUM TABLE) were tried and given up: they are 32
 * bits wide, collide on purpose and by chance, and are not the same on the two vendors. */
#include "run/tally.h"

#include "base/buf.h"
#include "model/schema.h"
#include "sql/sql.h"

#include <jansson.h>
#include <pthread.h>
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    SUM_BYTES = 16,
    TABLES_AT_ONCE = 64, /* in one round trip */
};

/* ---- which tables there are ---- */

typedef struct listing {
    zq_arena *arena;
    zq_arena *scratch; /* for the table that is being read */
    zq_tallies *out;
    const zq_tally_form **forms; /* by zq_arena_grow */
    size_t n_forms;
    const char *table; /* the one that is being read; NULL: none yet */
    zq_tally_form now; /* its columns so far */
    const char **json; /* "table\ncolumn" of the columns that MariaDB checks to be JSON, sorted */
    size_t n_json;
    const char *failed; /* a table whose columns came in two parts */
} listing;

static int by_name(const void *a, const void *b)
{
    return strcmp(((const zq_tally *)a)->name, ((const zq_tally *)b)->name);
}

void zq_tally_sort(zq_tallies *tallies)
{
    if (tallies->n > 1)
        qsort(tallies->items, tallies->n, sizeof *tallies->items, by_name);
}

zq_tally *zq_tally_find(const zq_tallies *tallies, const char *name)
{
    const zq_tally key = {.name = name};

    return tallies->n == 0 ? NULL : bsearch(&key, tallies->items, tallies->n, sizeof key, by_name);
}

static bool is_checked_json(const listing *l, const char *table, const char *column)
{
    return zq_names_sorted_have(l->json, l->n_json,
                                zq_arena_printf(l->scratch, "%s\n%s", table, column));
}

static bool same_form(const zq_tally_form *a, const zq_tally_form *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        if (strcmp(a->columns[i].name, b->columns[i].name) != 0 ||
            a->columns[i].is_json != b->columns[i].is_json ||
            a->columns[i].may_be_json != b->columns[i].may_be_json)
            return false;
    }
    return true;
}

static const zq_tally_form *copy_form(const zq_tally_form *form, zq_arena *arena)
{
    zq_tally_column *columns = ZQ_NEW_ARRAY(arena, zq_tally_column, form->n);
    zq_tally_form *copy = ZQ_NEW(arena, zq_tally_form);

    for (size_t i = 0; i < form->n; i++) {
        columns[i] = form->columns[i];
        columns[i].name = zq_arena_strdup(arena, columns[i].name);
    }
    *copy = (zq_tally_form){columns, form->n};
    return copy;
}

/* There are about as many forms as families: the newest are looked at first. */
static const zq_tally_form *keep_form(listing *l)
{
    for (size_t i = l->n_forms; i > 0; i--) {
        if (same_form(l->forms[i - 1], &l->now))
            return l->forms[i - 1];
    }
    l->forms = zq_arena_grow(l->arena, l->forms, sizeof *l->forms, l->n_forms);
    l->forms[l->n_forms] = copy_form(&l->now, l->arena);
    return l->forms[l->n_forms++];
}

/* Columns of one table come one after the other; those that do not would be read as two tables. */
static void end_table(listing *l)
{
    zq_tally *table = l->table == NULL ? NULL : zq_tally_find(l->out, l->table);

    if (table != NULL && table->form != NULL)
        l->failed = table->name;
    else if (table != NULL)
        table->form = keep_form(l);
    l->now = (zq_tally_form){0};
    zq_arena_reset(l->scratch);
}

static zq_rc take_table(void *context, ZQ_UNUSED size_t statement, const zq_row *row,
                        ZQ_UNUSED zq_err *err)
{
    listing *l = context;
    zq_tallies *out = l->out;
    zq_tally *t;

    if (strncmp(zq_row_text(row, 0), ZQ_META_PREFIX, strlen(ZQ_META_PREFIX)) == 0)
        return ZQ_OK;
    t = ZQ_APPEND(l->arena, out->items, out->n);
    t->name = zq_arena_strdup(l->arena, zq_row_text(row, 0));
    t->counter = zq_row_text(row, 1) == NULL ? 0 : strtoull(zq_row_text(row, 1), NULL, 10);
    t->transactional =
        zq_row_text(row, 2) != NULL && strcasecmp(zq_row_text(row, 2), ZQ_ENGINE) == 0;
    return ZQ_OK;
}

static zq_rc take_json(void *context, ZQ_UNUSED size_t statement, const zq_row *row,
                       ZQ_UNUSED zq_err *err)
{
    listing *l = context;

    *ZQ_APPEND(l->arena, l->json, l->n_json) =
        zq_arena_printf(l->arena, "%s\n%s", zq_row_text(row, 0), zq_row_text(row, 1));
    return ZQ_OK;
}

/* An AUTO_INCREMENT column of an empty table has no counter on MySQL, 1 on MariaDB. */
static void take_counter(listing *l, const char *table, const char *column, const char *extra)
{
    zq_tally *t = strcasestr(extra, "auto_increment") == NULL ? NULL : zq_tally_find(l->out, table);

    if (t == NULL)
        return;
    t->counts = zq_arena_strdup(l->arena, column);
    if (t->counter == 0)
        t->counter = 1;
}

static zq_rc take_column(void *context, ZQ_UNUSED size_t statement, const zq_row *row,
                         ZQ_UNUSED zq_err *err)
{
    listing *l = context;
    const char *table = zq_row_text(row, 0);
    const char *column = zq_row_text(row, 1);
    zq_tally_column *columns;

    if (l->table == NULL || strcmp(l->table, table) != 0) {
        end_table(l);
        l->table = zq_arena_strdup(l->scratch, table);
    }
    columns = zq_arena_grow(l->scratch, (void *)l->now.columns, sizeof *columns, l->now.n);
    columns[l->now.n++] = (zq_tally_column){
        .name = zq_arena_strdup(l->scratch, column),
        .is_json = strcmp(zq_row_text(row, 2), "json") == 0,
        .may_be_json = strcmp(zq_row_text(row, 2), "longtext") == 0,
    };
    l->now.columns = columns;
    take_counter(l, table, column, zq_row_text(row, 3));
    return ZQ_OK;
}

#define FROM_TABLES                           \
    " ENGINE FROM information_schema.TABLES " \
    "WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')"
#define TABLES "SELECT TABLE_NAME, AUTO_INCREMENT," FROM_TABLES
#define TABLES_WITHOUT_COUNTERS "SELECT TABLE_NAME, NULL," FROM_TABLES
#define COUNT                                                                         \
    "SELECT COUNT(*) FROM information_schema.TABLES "                                 \
    "WHERE TABLE_SCHEMA = ? AND CAST(TABLE_NAME AS BINARY) NOT LIKE 'zq\\_meta\\_%' " \
    "AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')"
#define COLUMNS                                                                         \
    "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, EXTRA FROM information_schema.COLUMNS " \
    "WHERE TABLE_SCHEMA = ? AND COALESCE(GENERATION_EXPRESSION, '') = ''"
/* MariaDB fills in one table after the other, and sorting them all takes as long as that. */
#define IN_ORDER " ORDER BY CAST(TABLE_NAME AS BINARY), ORDINAL_POSITION"
#define CHECKED_JSON                                                                \
    "SELECT TABLE_NAME, CONSTRAINT_NAME FROM information_schema.CHECK_CONSTRAINTS " \
    "WHERE LEVEL = 'Column' AND CHECK_CLAUSE LIKE 'json\\_valid(%%' AND CONSTRAINT_SCHEMA = "

static zq_rc ask(zq_db *db, const char *sql, const char *columns, const zq_arg *database,
                 zq_row_fn *take, listing *l, zq_err *err)
{
    const zq_answer answer = {.columns = columns};

    return zq_db_run(
        db, sql, database, database != NULL,
        &(zq_answers){.items = &answer, .n = 1, .take = take, .context = l, .streams = true}, NULL,
        err);
}

zq_rc zq_tally_is_complete(zq_db *db, const char *database, const zq_tallies *tallies, bool *out,
                           zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_arg args[] = {zq_arg_text(database)};
    zq_rows rows;

    ZQ_TRY(zq_db_query_one(db, COUNT, args, ZQ_LEN(args), "i", arena, &rows, err));
    *out = strtoull(zq_rows_at(&rows, 0, 0), NULL, 10) == tallies->n;
    return ZQ_OK;
}

static bool may_have_json(const zq_tally *table)
{
    for (size_t i = 0; table->form != NULL && i < table->form->n; i++) {
        if (table->form->columns[i].may_be_json)
            return true;
    }
    return false;
}

/* Gives NULL when no table can have a column that MariaDB checks to be JSON. */
static zq_rc write_json_question(const zq_tallies *tables, const char *database, zq_sql *sql,
                                 const char **out, zq_err *err)
{
    size_t n = 0;

    zq_sql_add(sql, CHECKED_JSON "'%s' AND TABLE_NAME IN (", database);
    for (size_t i = 0; i < tables->n; i++) {
        if (!may_have_json(&tables->items[i]))
            continue;
        zq_sql_add(sql, "%-s'%s'", n++ > 0 ? ", " : "", tables->items[i].name);
    }
    zq_sql_lit(sql, ")");
    *out = NULL;
    return n == 0 ? ZQ_OK : zq_sql_finish(sql, out, err);
}

static void mark_json(listing *l, zq_tally *table)
{
    const zq_tally_form *form = table->form;
    zq_tally_column *columns = ZQ_NEW_ARRAY(l->scratch, zq_tally_column, form->n);

    for (size_t i = 0; i < form->n; i++) {
        columns[i] = form->columns[i];
        columns[i].is_json =
            columns[i].may_be_json && is_checked_json(l, table->name, columns[i].name);
    }
    l->now = (zq_tally_form){columns, form->n};
    table->form = keep_form(l);
    zq_arena_reset(l->scratch);
}

/* MySQL has a type for JSON; MariaDB has long texts that it checks. */
static zq_rc find_checked_json(zq_db *db, listing *l, const char *database, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;

    ZQ_TRY(write_json_question(l->out, database, &sql, &text, err));
    if (text == NULL)
        return ZQ_OK;
    ZQ_TRY(ask(db, text, "tt", NULL, take_json, l, err));
    zq_names_sort(l->json, l->n_json);
    for (size_t i = 0; l->n_json > 0 && i < l->out->n; i++) {
        if (may_have_json(&l->out->items[i]))
            mark_json(l, &l->out->items[i]);
    }
    return ZQ_OK;
}

/* ---- counters of MySQL ---- */

/* A table whose columns could not be seen has no form; one with a name that cannot be written as
 * SQL is never sent. */
static const char *cannot_ask(const zq_tally *table)
{
    if (table->form == NULL || table->form->n == 0)
        return "its columns cannot be seen";
    return zq_sql_ident_problem(table->name);
}

typedef struct counting {
    zq_tally *tables[TABLES_AT_ONCE];
    size_t n;
} counting;

static zq_rc take_next_value(void *context, ZQ_UNUSED size_t statement, const zq_row *row,
                             ZQ_UNUSED zq_err *err)
{
    counting *c = context;

    for (size_t i = 0; i < c->n; i++) {
        if (strcmp(c->tables[i]->name, zq_row_text(row, 0)) == 0 && zq_row_text(row, 1) != NULL)
            c->tables[i]->counter = strtoull(zq_row_text(row, 1), NULL, 10);
    }
    return ZQ_OK;
}

static zq_rc write_counting(const counting *c, const char *database, zq_sql *sql, const char **out,
                            zq_err *err)
{
    for (size_t i = 0; i < c->n; i++)
        zq_sql_add(sql, "SELECT 1 FROM `%s` LIMIT 0;", c->tables[i]->name);
    zq_sql_add(sql,
               "SELECT TABLE_NAME, AUTO_INCREMENT FROM information_schema.TABLES WHERE "
               "TABLE_SCHEMA = '%s' AND TABLE_NAME IN (",
               database);
    for (size_t i = 0; i < c->n; i++)
        zq_sql_add(sql, "%-s'%s'", i > 0 ? ", " : "", c->tables[i]->name);
    zq_sql_lit(sql, ")");
    return zq_sql_finish(sql, out, err);
}

/* One that cannot be opened keeps the counter that it had, and is found when its rows are read. */
static zq_rc count_some(zq_db *db, const char *database, counting *c, zq_err *err)
{
    while (c->n > 0) {
        zq_answer items[TABLES_AT_ONCE + 1];
        const zq_answers answers = {
            .items = items, .n = c->n + 1, .take = take_next_value, .context = c};
        ZQ_AUTO_SQL(sql);
        const char *text;
        size_t done = 0;
        zq_rc rc;

        for (size_t i = 0; i <= c->n; i++)
            items[i] = (zq_answer){.columns = i < c->n ? "t" : "tI"};
        ZQ_TRY(write_counting(c, database, &sql, &text, err));
        rc = zq_db_run(db, text, NULL, 0, &answers, &done, err);
        if (rc == ZQ_OK || rc == ZQ_E_LOST || rc == ZQ_E_ANSWER || done >= c->n)
            return rc;
        memmove(&c->tables[done], &c->tables[done + 1], (--c->n - done) * sizeof *c->tables);
    }
    return ZQ_OK;
}

/* Of a table that is not open, because the server was started since or opened others meanwhile,
 * MySQL shows the last value that was given out, not the next one. So each is opened first, and
 * asked before it may be closed again. */
static zq_rc read_counters(zq_db *db, const char *database, const zq_tallies *tables, zq_err *err)
{
    counting c = {0};

    for (size_t i = 0; i < tables->n; i++) {
        if (tables->items[i].counts != NULL && cannot_ask(&tables->items[i]) == NULL)
            c.tables[c.n++] = &tables->items[i];
        if (c.n < TABLES_AT_ONCE && (i + 1 < tables->n || c.n == 0))
            continue;
        ZQ_TRY(count_some(db, database, &c, err));
        c.n = 0;
    }
    return ZQ_OK;
}

zq_rc zq_tally_list(zq_db *db, const char *database, zq_arena *arena, zq_tallies *out, zq_err *err)
{
    ZQ_AUTO(zq_arena) scratch = zq_arena_open();
    zq_tallies found = {0};
    listing l = {.arena = arena, .scratch = scratch, .out = &found};
    zq_arg args[] = {zq_arg_text(database)};
    bool mysql = zq_db_server(db)->flavor == ZQ_MYSQL;

    /* The statistics that MySQL keeps of a table would be a day old. */
    if (mysql)
        ZQ_TRY(zq_db_exec(db, "SET SESSION information_schema_stats_expiry = 0", err));
    ZQ_TRY(ask(db, mysql ? TABLES_WITHOUT_COUNTERS : TABLES, "tIT", args, take_table, &l, err));
    zq_tally_sort(&found);
    ZQ_TRY(ask(db, mysql ? COLUMNS IN_ORDER : COLUMNS, "tttt", args, take_column, &l, err));
    end_table(&l);
    if (l.failed != NULL)
        return zq_fail(err, ZQ_E_ANSWER, "the columns of table '%s' came in two parts", l.failed);
    if (mysql)
        ZQ_TRY(read_counters(db, database, &found, err));
    else
        ZQ_TRY(find_checked_json(db, &l, database, err));
    found.forms = l.forms;
    found.n_forms = l.n_forms;
    *out = found;
    return ZQ_OK;
}

/* ---- their rows ---- */

typedef struct sum {
    uint64_t low;
    uint64_t high;
} sum;

typedef struct adding {
    zq_tally *tables; /* of this round trip */
    size_t n;
    sum *sums; /* of each */
    zq_buf row;
} adding;

/* Eight bytes, the lowest first, on every machine. */
static void store(uint64_t number, unsigned char out[8])
{
    for (size_t i = 0; i < 8; i++)
        out[i] = (unsigned char)(number >> (8 * i));
}

static uint64_t load(const unsigned char bytes[8])
{
    uint64_t number = 0;

    for (size_t i = 8; i > 0; i--)
        number = number << 8 | bytes[i - 1];
    return number;
}

static void add_number(zq_buf *to, uint64_t number)
{
    unsigned char bytes[8];

    store(number, bytes);
    zq_buf_add(to, (const char *)bytes, sizeof bytes);
}

static void add_bytes(zq_buf *to, const char *bytes, size_t length)
{
    add_number(to, length);
    zq_buf_add(to, bytes, length);
}

/* Members of objects in one order, numbers and white space in one spelling; a text that is not JSON
 * is taken as it is. */
static void add_json(zq_buf *to, const char *text, size_t length)
{
    json_t *value = json_loadb(text, length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    char *plain = value == NULL ? NULL
                                : json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS |
                                                        JSON_COMPACT | JSON_REAL_PRECISION(17));

    if (plain != NULL)
        add_bytes(to, plain, strlen(plain));
    else
        add_bytes(to, text, length);
    free(plain);
    json_decref(value);
}

static void add_value(zq_buf *to, const zq_row *row, size_t i, bool is_json)
{
    if (zq_row_text(row, i) == NULL)
        add_number(to, UINT64_MAX);
    else if (is_json)
        add_json(to, zq_row_text(row, i), zq_row_length(row, i));
    else
        add_bytes(to, zq_row_text(row, i), zq_row_length(row, i));
}

static void add_up(sum *to, const unsigned char hash[SUM_BYTES])
{
    uint64_t low = load(hash);

    to->low += low;
    to->high += load(hash + 8) + (to->low < low);
}

static zq_rc take_row(void *context, size_t statement, const zq_row *row, ZQ_UNUSED zq_err *err)
{
    adding *a = context;
    const zq_tally_form *form = a->tables[statement].form;
    unsigned char hash[SUM_BYTES];

    zq_buf_clear(&a->row);
    for (size_t i = 0; i < form->n; i++)
        add_value(&a->row, row, i, form->columns[i].is_json);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)zq_buf_text(&a->row),
                       a->row.length, NULL, 0);
    add_up(&a->sums[statement], hash);
    a->tables[statement].rows++;
    return ZQ_OK;
}

/* `n` columns of which each may be NULL, as an answer says it. */
static const char *any_texts(size_t n, zq_arena *arena)
{
    char *columns = zq_arena_alloc(arena, n + 1);

    memset(columns, 'T', n);
    return columns;
}

static void write_question(zq_sql *sql, const zq_tally *table)
{
    zq_sql_lit(sql, "SELECT ");
    for (size_t i = 0; i < table->form->n; i++)
        zq_sql_add(sql, "%-s`%s`", i > 0 ? ", " : "", table->form->columns[i].name);
    zq_sql_add(sql, " FROM `%s`", table->name);
}

static void write_sum(zq_tally *table, const sum *s)
{
    unsigned char bytes[SUM_BYTES];

    store(s->low, bytes);
    store(s->high, bytes + 8);
    sodium_bin2hex(table->sum, sizeof table->sum, bytes, sizeof bytes);
}

/* One round trip; `*out_done` tables were read to their end. */
static zq_rc read_some(zq_db *db, zq_tally *tables, size_t n, size_t *out_done, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    sum sums[TABLES_AT_ONCE] = {0};
    zq_answer items[TABLES_AT_ONCE] = {0};
    adding a = {.tables = tables, .n = n, .sums = sums};
    const zq_answers answers = {
        .items = items, .n = n, .take = take_row, .context = &a, .streams = true};
    zq_rc rc;

    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            zq_sql_lit(&sql, ";");
        write_question(&sql, &tables[i]);
        items[i].columns = any_texts(tables[i].form->n, arena);
        tables[i].rows = 0;
    }
    rc = zq_db_run_sql(db, &sql, &answers, out_done, err);
    for (size_t i = 0; i < *out_done; i++)
        write_sum(&tables[i], &sums[i]);
    zq_buf_done(&a.row);
    return rc;
}

/* What several connections read side by side. */
typedef struct team {
    zq_tally *tables;
    size_t n;
    size_t n_readers;
    const zq_watch *watch;

    pthread_mutex_t lock; /* for all below */
    zq_arena *arena;
    size_t left; /* the first so many are nobody's yet */
    size_t finished;
    zq_rc rc; /* of the first that failed */
    zq_err err;
} team;

static void give_up(team *t, zq_rc rc, const zq_err *failure)
{
    pthread_mutex_lock(&t->lock);
    if (t->rc == ZQ_OK) {
        t->rc = rc;
        t->err = *failure;
    }
    pthread_mutex_unlock(&t->lock);
}

/* Take the next tables that can be asked, from the last one on, as many as one round trip may have:
 * fewer towards the end, so that no reader is left with all of them. */
static size_t claim(team *t, zq_tally **out)
{
    zq_err stop = {0};
    size_t some = 0;
    size_t most;

    if (zq_watch_stopped(t->watch))
        give_up(t, zq_fail(&stop, ZQ_E_INTERRUPTED, "stopped"), &stop);
    pthread_mutex_lock(&t->lock);
    for (; t->left > 0; t->left--, t->finished++) {
        if ((t->tables[t->left - 1].problem = cannot_ask(&t->tables[t->left - 1])) == NULL)
            break;
    }
    most = t->left / (4 * t->n_readers) + 1;
    most = most > TABLES_AT_ONCE ? TABLES_AT_ONCE : most;
    while (t->rc == ZQ_OK && some < most && t->left > 0 &&
           cannot_ask(&t->tables[t->left - 1]) == NULL) {
        some++;
        t->left--;
    }
    *out = &t->tables[t->left];
    pthread_mutex_unlock(&t->lock);
    return some;
}

static void count(team *t, size_t n)
{
    size_t finished;

    pthread_mutex_lock(&t->lock);
    finished = t->finished += n;
    pthread_mutex_unlock(&t->lock);
    zq_watch_progress(t->watch, "tables", finished, t->n);
}

/* The table that ended a round trip is left out, and the others are read. */
static zq_rc read_claimed(team *t, zq_db *db, zq_tally *tables, size_t n, zq_err *err)
{
    while (n > 0) {
        size_t done = 0;
        zq_rc rc = read_some(db, tables, n, &done, err);

        if (rc == ZQ_E_LOST || rc == ZQ_E_ANSWER || (rc != ZQ_OK && done == n))
            return rc;
        if (rc != ZQ_OK) {
            pthread_mutex_lock(&t->lock);
            tables[done].problem = zq_arena_strdup(t->arena, err->detail);
            pthread_mutex_unlock(&t->lock);
            tables[done++].rows = 0;
        }
        count(t, done);
        tables += done;
        n -= done;
    }
    return ZQ_OK;
}

typedef struct reader {
    team *team;
    zq_db *db;
    pthread_t thread;
    bool started;
} reader;

static void *read_for_team(void *context)
{
    const reader *r = context;
    zq_tally *tables;
    size_t n;

    while ((n = claim(r->team, &tables)) > 0) {
        zq_err failure = {0};
        zq_rc rc = read_claimed(r->team, r->db, tables, n, &failure);

        if (rc != ZQ_OK)
            give_up(r->team, rc, &failure);
    }
    return NULL;
}

zq_rc zq_tally_read(zq_db *const *dbs, size_t n_dbs, zq_tally *tables, size_t n,
                    const zq_watch *watch, zq_arena *arena, zq_err *err)
{
    ZQ_AUTO(zq_arena) scratch = zq_arena_open();
    reader *readers = ZQ_NEW_ARRAY(scratch, reader, n_dbs);
    team t = {.tables = tables,
              .n = n,
              .left = n,
              .n_readers = n_dbs,
              .watch = watch,
              .lock = PTHREAD_MUTEX_INITIALIZER,
              .arena = arena};

    for (size_t i = 0; i < n_dbs; i++) {
        readers[i] = (reader){.team = &t, .db = dbs[i]};
        readers[i].started =
            i > 0 && pthread_create(&readers[i].thread, NULL, read_for_team, &readers[i]) == 0;
    }
    read_for_team(&readers[0]);
    for (size_t i = 0; i < n_dbs; i++) {
        if (readers[i].started)
            pthread_join(readers[i].thread, NULL);
    }
    zq_watch_progress(watch, "tables", 0, 0);
    if (t.rc != ZQ_OK)
        *err = t.err;
    return t.rc;
}
