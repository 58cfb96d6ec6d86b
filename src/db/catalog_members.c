#include "base/buf.h"
#include "db/reading.h"
#include "model/family.h"
#include "sql/sql.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>

/* ---- finding and adding ---- */

static uint64_t hash_name(const zq_reading *of, const char *name, size_t length)
{
    unsigned char out[crypto_shorthash_siphash24_BYTES];
    uint64_t hash;

    crypto_shorthash_siphash24(out, (const unsigned char *)name, length, of->key);
    memcpy(&hash, out, sizeof hash);
    return hash;
}

void zq_reading_index(zq_reading *of)
{
    of->n_slots = 16;
    while (of->n_slots < 2 * of->n_members)
        of->n_slots *= 2;
    of->slots = ZQ_NEW_ARRAY(of->arena, uint32_t, of->n_slots);
    for (size_t i = 0; i < of->n_members; i++) {
        const char *name = of->members[i].name;
        size_t slot = hash_name(of, name, strlen(name)) & (of->n_slots - 1);

        while (of->slots[slot] != 0)
            slot = (slot + 1) & (of->n_slots - 1);
        of->slots[slot] = (uint32_t)i + 1;
    }
}

zq_member *zq_reading_member(const zq_reading *of, const char *name, size_t length)
{
    size_t slot = hash_name(of, name, length) & (of->n_slots - 1);

    for (; of->slots[slot] != 0; slot = (slot + 1) & (of->n_slots - 1)) {
        zq_member *member = &of->members[of->slots[slot] - 1];

        if (strncmp(member->name, name, length) == 0 && member->name[length] == '\0')
            return member;
    }
    return NULL;
}

/* The sum of keyed 128-bit hashes does not depend on the order of rows, and, the key being random,
 * nobody can make two different sets of rows meet in it. */
void zq_member_add(const zq_reading *of, zq_member *member, zq_buf *scratch, char kind,
                   const char *const *values, const size_t *lengths, size_t n)
{
    unsigned char out[crypto_shorthash_siphashx24_BYTES];
    uint64_t words[2];

    zq_buf_clear(scratch);
    zq_buf_char(scratch, kind);
    for (size_t i = 0; i < n; i++) {
        const uint32_t length = values[i] != NULL ? (uint32_t)lengths[i] : UINT32_MAX;

        zq_buf_add(scratch, (const char *)&length, sizeof length);
        if (values[i] != NULL)
            zq_buf_add(scratch, values[i], lengths[i]);
    }
    crypto_shorthash_siphashx24(out, (const unsigned char *)scratch->text, scratch->length,
                                of->key);
    memcpy(words, out, sizeof words);
    member->sum[0] += words[0];
    member->sum[1] += words[1];
}

/* ---- one pass over information_schema ---- */

/* The queries that one chunk of members takes. Only what the form depends on is selected: on MySQL
 * every further column of these views costs, on MariaDB some make it open the table's file. */
static const char *const mysql_queries[] = {
    "SELECT TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT,"
    " EXTRA, COLLATION_NAME, COLUMN_COMMENT, GENERATION_EXPRESSION, SRS_ID"
    " FROM information_schema.COLUMNS",
    "SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME, COLLATION, SUB_PART,"
    " INDEX_TYPE, INDEX_COMMENT, IS_VISIBLE, EXPRESSION FROM information_schema.STATISTICS",
    "SELECT TABLE_NAME, CONSTRAINT_TYPE FROM information_schema.TABLE_CONSTRAINTS",
};
/* STATISTICS comes first: it opens the tables, and the others then find them open. */
static const char *const mariadb_queries[] = {
    "SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME, COLLATION, SUB_PART,"
    " INDEX_TYPE, INDEX_COMMENT, IGNORED FROM information_schema.STATISTICS",
    "SELECT TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT,"
    " EXTRA, COLLATION_NAME, COLUMN_COMMENT, GENERATION_EXPRESSION FROM information_schema.COLUMNS",
    "SELECT TABLE_NAME, CONSTRAINT_TYPE FROM information_schema.TABLE_CONSTRAINTS",
    "SELECT TABLE_NAME, CREATE_OPTIONS FROM information_schema.TABLES",
};
typedef enum row_kind { ROW_COLUMN, ROW_INDEX, ROW_CONSTRAINT, ROW_OPTIONS } row_kind;
static const row_kind mysql_kinds[] = {ROW_COLUMN, ROW_INDEX, ROW_CONSTRAINT};
static const row_kind mariadb_kinds[] = {ROW_INDEX, ROW_COLUMN, ROW_CONSTRAINT, ROW_OPTIONS};

/* Where the values stand in a row. */
enum { COLUMN_DEFAULT = 5, COLUMN_GENERATION = 9, INDEX_NAME = 1, INDEX_TYPE = 7, CONSTRAINT = 1 };

/* What the connections share. */
typedef struct pass {
    zq_reading *of;
    size_t chunk; /* members in one */
    size_t n_chunks;
    atomic_size_t next;
    atomic_bool stop;
    const char *const **patterns; /* by family: its index names */
} pass;

typedef struct worker {
    pass *of;
    zq_db *db;
    const row_kind *kinds;
    zq_member *last; /* rows of a table come one after the other */
    zq_buf scratch;
    zq_arena *arena;
    zq_err err;
    zq_rc rc;
} worker;

static zq_member *member_of(worker *w, const zq_row *row)
{
    const size_t length = row->lengths[0];

    if (w->last == NULL || strncmp(w->last->name, row->values[0], length) != 0 ||
        w->last->name[length] != '\0')
        w->last = zq_reading_member(w->of->of, row->values[0], length);
    return w->last;
}

static bool has_question_mark(const zq_row *row, size_t column)
{
    return row->values[column] != NULL && strchr(row->values[column], '?') != NULL;
}

static void add_index_row(worker *w, zq_member *member, const zq_row *row)
{
    const char *values[16];
    size_t lengths[16];

    memcpy(values, row->values, row->n * sizeof *values);
    memcpy(lengths, row->lengths, row->n * sizeof *lengths);
    values[INDEX_NAME] = zq_family_fold(w->arena, w->of->patterns[member->family],
                                        row->values[INDEX_NAME], member->code);
    lengths[INDEX_NAME] = strlen(values[INDEX_NAME]);
    zq_member_add(w->of->of, member, &w->scratch, 'i', values + 1, lengths + 1, row->n - 1);
    /* The parser of a full-text index stands in SHOW CREATE only. */
    if (row->values[INDEX_TYPE] != NULL && strcmp(row->values[INDEX_TYPE], "FULLTEXT") == 0)
        member->alone = true;
}

static zq_rc take_row(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    worker *w = context;
    zq_member *member = member_of(w, row);

    if (atomic_load_explicit(&w->of->stop, memory_order_relaxed))
        return zq_fail(err, ZQ_E_INTERRUPTED, "stopped");
    if (member == NULL)
        return ZQ_OK;
    switch (w->kinds[statement]) {
    case ROW_COLUMN:
        zq_member_add(w->of->of, member, &w->scratch, 'c', row->values + 1, row->lengths + 1,
                      row->n - 1);
        /* It may stand for a character that information_schema cannot show. */
        if (has_question_mark(row, COLUMN_DEFAULT) || has_question_mark(row, COLUMN_GENERATION))
            member->alone = true;
        break;
    case ROW_INDEX:
        add_index_row(w, member, row);
        break;
    case ROW_CONSTRAINT:
        if (strcmp(row->values[CONSTRAINT], "CHECK") == 0 ||
            strcmp(row->values[CONSTRAINT], "FOREIGN KEY") == 0)
            member->alone = true;
        break;
    case ROW_OPTIONS:
        zq_member_add(w->of->of, member, &w->scratch, 'o', row->values + 1, row->lengths + 1,
                      row->n - 1);
        if (row->values[1] != NULL && strstr(row->values[1], "partitioned") != NULL)
            member->alone = true;
        break;
    }
    return ZQ_OK;
}

/* The tables from the first of one chunk to the first of the next, in the server's own order. */
static void write_range(zq_sql *sql, const pass *p, size_t chunk)
{
    const zq_reading *of = p->of;

    zq_sql_lit(sql, " WHERE TABLE_SCHEMA = ");
    zq_sql_str(sql, of->database);
    zq_sql_lit(sql, " AND TABLE_NAME >= ");
    zq_sql_str(sql, of->members[chunk * p->chunk].name);
    if (chunk + 1 < p->n_chunks) {
        zq_sql_lit(sql, " AND TABLE_NAME < ");
        zq_sql_str(sql, of->members[(chunk + 1) * p->chunk].name);
    } else {
        zq_sql_lit(sql, " AND TABLE_NAME <= ");
        zq_sql_str(sql, of->members[of->n_members - 1].name);
    }
}

static zq_rc read_chunk(worker *w, size_t chunk, zq_err *err)
{
    const bool mysql = zq_db_server(w->db)->flavor == ZQ_MYSQL;
    const size_t n = mysql ? ZQ_LEN(mysql_queries) : ZQ_LEN(mariadb_queries);
    ZQ_AUTO_SQL(sql);
    const char *text;

    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            zq_sql_lit(&sql, ";");
        zq_sql_rawz(&sql, mysql ? mysql_queries[i] : mariadb_queries[i]);
        write_range(&sql, w->of, chunk);
    }
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    w->kinds = mysql ? mysql_kinds : mariadb_kinds;
    w->last = NULL;
    return zq_db_run(w->db, text, NULL, 0, take_row, w, NULL, err);
}

static void *work(void *context)
{
    worker *w = context;

    w->arena = zq_arena_open();
    while (w->rc == ZQ_OK && !atomic_load(&w->of->stop)) {
        const size_t chunk = atomic_fetch_add(&w->of->next, 1);

        if (chunk >= w->of->n_chunks)
            break;
        w->rc = read_chunk(w, chunk, &w->err);
        zq_arena_reset(w->arena);
    }
    if (w->rc != ZQ_OK)
        atomic_store(&w->of->stop, true);
    zq_arena_close(w->arena);
    zq_buf_done(&w->scratch);
    return NULL;
}

static const char *const **index_patterns(const zq_reading *of)
{
    const char *const **patterns =
        ZQ_NEW_ARRAY(of->arena, const char *const *, of->wanted->n_tables);

    for (size_t i = 0; i < of->wanted->n_tables; i++) {
        const zq_table *table = of->wanted->tables[i];
        const char **names = ZQ_NEW_ARRAY(of->arena, const char *, table->n_indexes + 1);

        for (size_t k = 0; k < table->n_indexes; k++)
            names[k] = table->indexes[k].name;
        patterns[i] = names;
    }
    return patterns;
}

/* MariaDB opens a table for each of its queries, unless it is still open: a chunk is what it can
 * keep open beside another. To MySQL it does not matter; a few chunks share the work evenly. */
static size_t chunk_size(const zq_reading *of)
{
    enum { MYSQL_CHUNKS = 4, SMALLEST = 50 };
    const size_t size = of->open_tables != 0 ? of->open_tables * 2 / 5
                                             : (of->n_members + MYSQL_CHUNKS - 1) / MYSQL_CHUNKS;

    return size < SMALLEST ? SMALLEST : size;
}

zq_rc zq_members_read(zq_reading *of, zq_err *err)
{
    pass p = {.of = of, .chunk = chunk_size(of), .patterns = index_patterns(of)};
    worker own = {.of = &p, .db = of->db}, other = {.of = &p, .db = of->helper};
    pthread_t thread;
    bool helped;
    const worker *failed;

    p.n_chunks = (of->n_members + p.chunk - 1) / p.chunk;
    helped =
        of->helper != NULL && p.n_chunks > 1 && pthread_create(&thread, NULL, work, &other) == 0;
    work(&own);
    if (helped)
        pthread_join(thread, NULL);
    failed = own.rc != ZQ_OK && own.rc != ZQ_E_INTERRUPTED ? &own : &other;
    if (failed->rc == ZQ_OK)
        return own.rc;
    if (err != NULL)
        *err = failed->err;
    zq_err_prefix(err, "cannot read the tables of the families: ");
    return failed->rc;
}
