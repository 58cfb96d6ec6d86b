/* Reads the members of families, 27,000 tables of which nearly all are alike, without a query for
 * each.
 *
 * Each row of information_schema is hashed and added to its member's sum: members whose sums are
 * equal have the same rows, and one of them is then read in full (catalog_forms.c). What is kept is
 * 60 bytes for each member, however many columns it has. The tables are read in chunks of names, in
 * the server's own order, over two connections. */
#include "base/buf.h"
#include "db/reading.h"
#include "model/family.h"
#include "sql/sql.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
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

void zq_reading_index_names(zq_reading *of)
{
    const char *const **all = ZQ_NEW_ARRAY(of->arena, const char *const *, of->wanted->n_tables);

    for (size_t i = 0; i < of->wanted->n_tables; i++) {
        const zq_table *table = of->wanted->tables[i];
        const size_t n_other = zq_names_count(table->other_indexes);
        const char **names = ZQ_NEW_ARRAY(of->arena, const char *, table->n_indexes + n_other + 1);

        for (size_t k = 0; k < table->n_indexes; k++)
            names[k] = table->indexes[k].name;
        for (size_t k = 0; k < n_other; k++)
            names[table->n_indexes + k] = table->other_indexes[k];
        all[i] = names;
    }
    of->index_names = all;
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

zq_catalog_member *zq_reading_member(const zq_reading *of, const char *name, size_t length)
{
    size_t slot = hash_name(of, name, length) & (of->n_slots - 1);

    for (; of->slots[slot] != 0; slot = (slot + 1) & (of->n_slots - 1)) {
        zq_catalog_member *member = &of->members[of->slots[slot] - 1];

        if (strncmp(member->name, name, length) == 0 && member->name[length] == '\0')
            return member;
    }
    return NULL;
}

/* The sum of keyed 128-bit hashes does not depend on the order of rows, and, the key being random,
 * nobody can make two different sets of rows meet in it. */
void zq_reading_member_add(const zq_reading *of, zq_catalog_member *member, zq_buf *scratch,
                           char kind, const zq_cell *cells, size_t n)
{
    unsigned char out[crypto_shorthash_siphashx24_BYTES];
    uint64_t words[2];

    zq_buf_clear(scratch);
    zq_buf_char(scratch, kind);
    for (size_t i = 0; i < n; i++) {
        const uint32_t length = cells[i].text != NULL ? (uint32_t)cells[i].length : UINT32_MAX;

        zq_buf_add(scratch, (const char *)&length, sizeof length);
        if (cells[i].text != NULL)
            zq_buf_add(scratch, cells[i].text, cells[i].length);
    }
    crypto_shorthash_siphashx24(out, (const unsigned char *)scratch->text, scratch->length,
                                of->key);
    memcpy(words, out, sizeof words);
    __atomic_fetch_add(&member->sum[0], words[0], __ATOMIC_RELAXED);
    __atomic_fetch_add(&member->sum[1], words[1], __ATOMIC_RELAXED);
}

static void set_alone(zq_catalog_member *member)
{
    __atomic_store_n(&member->alone, true, __ATOMIC_RELAXED);
}

/* ---- one pass over information_schema ---- */

typedef enum row_kind { ROW_COLUMN, ROW_INDEX, ROW_CONSTRAINT, ROW_OPTIONS } row_kind;

/* Only what the form depends on is selected: every further column of these views costs. */
typedef struct query {
    row_kind kind;
    const char *columns; /* as in zq_answer: the first is the table's name */
    const char *text;
} query;

#define COLUMNS_OF                                                                                \
    "SELECT TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT," \
    " EXTRA, COLLATION_NAME, COLUMN_COMMENT, GENERATION_EXPRESSION"
#define INDEXES_OF                                                                               \
    "SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME, COLLATION, SUB_PART," \
    " INDEX_TYPE, INDEX_COMMENT"
#define CONSTRAINTS "SELECT TABLE_NAME, CONSTRAINT_TYPE FROM information_schema.TABLE_CONSTRAINTS"

static const query mysql_queries[] = {
    {ROW_COLUMN, "titttTTTTTT", COLUMNS_OF ", SRS_ID FROM information_schema.COLUMNS"},
    {ROW_INDEX, "ttTiTTTTTTT",
     INDEXES_OF ", IS_VISIBLE, EXPRESSION FROM information_schema.STATISTICS"},
    {ROW_CONSTRAINT, "tt", CONSTRAINTS},
};
/* The first reads a table's file without opening the table; each query also costs a walk through
 * the database's directory, so where there are many chunks it is asked once for all. To MariaDB,
 * the cost of the others is that of opening each table, which only the first of them has to do
 * while the chunk is small enough for all its tables to stay open. */
static const query mariadb_queries[] = {
    {ROW_COLUMN, "titttTTTTT", COLUMNS_OF " FROM information_schema.COLUMNS"},
    {ROW_INDEX, "ttTiTTTTTT", INDEXES_OF ", IGNORED FROM information_schema.STATISTICS"},
    {ROW_CONSTRAINT, "tt", CONSTRAINTS},
    {ROW_OPTIONS, "tT", "SELECT TABLE_NAME, CREATE_OPTIONS FROM information_schema.TABLES"},
};

/* Where the values stand in a row. */
enum {
    COLUMN_NAME = 2,
    COLUMN_DEFAULT = 5,
    COLUMN_GENERATION = 9,
    INDEX_NAME = 1,
    INDEX_PLACE = 3,
    INDEX_TYPE = 7,
    CONSTRAINT = 1,
    INDEX_BITS = 32, /* of zq_catalog_member.indexes */
};
enum { MOST_COLUMNS = 11, MOST_QUERIES = 4 }; /* of a query; in one round trip */

/* What the connections share. */
typedef struct pass {
    zq_reading *of;
    const query *queries; /* for each chunk of members */
    size_t n_queries;
    const query *whole_queries; /* for all members at once */
    size_t n_whole_queries;
    size_t chunk; /* members in one */
    size_t n_chunks;
    atomic_size_t next; /* job: the whole ones first, then chunk after chunk */
    atomic_bool stop;
} pass;

typedef struct worker {
    pass *of;
    zq_db *db;
    const query *queries;    /* under way */
    zq_catalog_member *last; /* rows of a table come one after the other */
    zq_buf scratch;
    zq_arena *arena; /* for a job */
    zq_arena *kept;
    zq_opened opened; /* in `kept` */
    zq_index_renames renames;
    zq_err err;
    zq_rc rc;
} worker;

static zq_catalog_member *member_of(worker *w, const zq_row *row)
{
    const char *name = zq_row_text(row, 0);

    if (w->last == NULL || strcmp(w->last->name, name) != 0)
        w->last = zq_reading_member(w->of->of, name, strlen(name));
    return w->last;
}

static bool has_question_mark(const zq_row *row, size_t column)
{
    const char *text = zq_row_text(row, column);

    return text != NULL && strchr(text, '?') != NULL;
}

/* Two indexes of one name of the family's are distinguished by reading the table in full. */
static void mark_name(const worker *w, zq_catalog_member *member, const char *name)
{
    const char *const *names = w->of->of->index_names[member->family];
    uint32_t i = 0;

    while (names[i] != NULL && names[i] != name)
        i++;
    if (names[i] == NULL)
        return;
    if (i >= INDEX_BITS || (member->indexes & (1u << i)) != 0) {
        member->twice = true;
        set_alone(member);
    } else {
        member->indexes |= 1u << i;
    }
}

static void add_rename(worker *w, const zq_catalog_member *member, const char *from, const char *to)
{
    zq_index_renames *list = &w->renames;

    *ZQ_APPEND(w->kept, list->items, list->n) = (zq_rename){
        .family = w->of->of->wanted->tables[member->family],
        .table = member->name,
        .from = zq_arena_strdup(w->kept, from),
        .to = zq_family_expand(w->kept, to, member->code),
    };
}

/* Add all of a row but the table's name; `name` (may be NULL) stands for its index's. */
static void add_row(worker *w, zq_catalog_member *member, char kind, const zq_row *row, size_t n,
                    const char *name)
{
    zq_cell cells[MOST_COLUMNS] = {0};

    for (size_t i = 1; i < n; i++)
        cells[i] = zq_cell_of(row, i);
    if (name != NULL)
        cells[INDEX_NAME] = (zq_cell){name, strlen(name)};
    zq_reading_member_add(w->of->of, member, &w->scratch, kind, cells + 1, n - 1);
}

static void add_index_row(worker *w, zq_catalog_member *member, const zq_row *row, size_t n)
{
    const bool first = strcmp(zq_row_text(row, INDEX_PLACE), "1") == 0;
    const char *type = zq_row_text(row, INDEX_TYPE);
    const char *name;
    bool other;

    name = zq_family_fold_index(w->arena, w->of->of->index_names[member->family],
                                zq_row_text(row, INDEX_NAME), member->code, &other);
    add_row(w, member, 'i', row, n, name);
    if (first)
        mark_name(w, member, name);
    if (first && other)
        add_rename(w, member, zq_row_text(row, INDEX_NAME), name);
    /* The parser of a full-text index stands in SHOW CREATE only. */
    if (type != NULL && strcmp(type, "FULLTEXT") == 0)
        set_alone(member);
}

static void add_column_row(worker *w, zq_catalog_member *member, const zq_row *row, size_t n)
{
    const zq_table *family = w->of->of->wanted->tables[member->family];
    const bool is_open = zq_reading_row_is_open(family, row, w->arena);

    if (family->open)
        zq_reading_member_place(member, row, is_open);
    if (is_open) {
        zq_opened_count(&w->opened, w->kept, family, zq_row_text(row, COLUMN_NAME), 1);
        return;
    }
    add_row(w, member, 'c', row, n, NULL);
    /* It may stand for a character that information_schema cannot show. */
    if (has_question_mark(row, COLUMN_DEFAULT) || has_question_mark(row, COLUMN_GENERATION))
        set_alone(member);
}

static zq_rc take_row(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    worker *w = context;
    const query *asked = &w->queries[statement];
    const size_t n = strlen(asked->columns);
    zq_catalog_member *member = member_of(w, row);

    if (atomic_load_explicit(&w->of->stop, memory_order_relaxed))
        return zq_fail(err, ZQ_E_INTERRUPTED, "stopped");
    if (member == NULL)
        return ZQ_OK;
    __atomic_fetch_or(&member->seen, (uint8_t)(1u << asked->kind), __ATOMIC_RELAXED);
    switch (asked->kind) {
    case ROW_COLUMN:
        add_column_row(w, member, row, n);
        break;
    case ROW_INDEX:
        add_index_row(w, member, row, n);
        break;
    case ROW_CONSTRAINT:
        if (strcmp(zq_row_text(row, CONSTRAINT), "CHECK") == 0 ||
            strcmp(zq_row_text(row, CONSTRAINT), "FOREIGN KEY") == 0)
            set_alone(member);
        break;
    case ROW_OPTIONS:
        add_row(w, member, 'o', row, n, NULL);
        if (zq_row_text(row, 1) != NULL && strstr(zq_row_text(row, 1), "partitioned") != NULL)
            set_alone(member);
        break;
    }
    return ZQ_OK;
}

/* The tables from the first of one chunk to the first of another, in the server's own order. */
static void write_range(zq_sql *sql, const pass *p, size_t from, size_t to)
{
    const zq_reading *of = p->of;

    zq_sql_add(sql, " WHERE TABLE_SCHEMA = '%s' AND TABLE_NAME >= '%s'", of->database,
               of->members[from * p->chunk].name);
    if (to < p->n_chunks)
        zq_sql_add(sql, " AND TABLE_NAME < '%s'", of->members[to * p->chunk].name);
    else
        zq_sql_add(sql, " AND TABLE_NAME <= '%s'", of->members[of->n_members - 1].name);
}

static zq_rc run_queries(worker *w, const query *queries, size_t n, size_t from, size_t to)
{
    ZQ_AUTO_SQL(sql);
    zq_answer answers[MOST_QUERIES];
    const char *text;

    for (size_t i = 0; i < n; i++) {
        answers[i] = (zq_answer){.columns = queries[i].columns};
        if (i > 0)
            zq_sql_lit(&sql, ";");
        zq_sql_rawz(&sql, queries[i].text);
        write_range(&sql, w->of, from, to);
    }
    ZQ_TRY(zq_sql_finish(&sql, &text, &w->err));
    w->queries = queries;
    w->last = NULL;
    return zq_db_run(w->db, text, NULL, 0, &(zq_answers){answers, n, take_row, w}, NULL, &w->err);
}

static zq_rc do_job(worker *w, size_t job)
{
    const pass *p = w->of;

    if (job < p->n_whole_queries)
        return run_queries(w, &p->whole_queries[job], 1, 0, p->n_chunks);
    job -= p->n_whole_queries;
    return run_queries(w, p->queries, p->n_queries, job, job + 1);
}

static void *work(void *context)
{
    worker *w = context;

    w->arena = zq_arena_open();
    while (w->rc == ZQ_OK && !atomic_load(&w->of->stop)) {
        const size_t job = atomic_fetch_add(&w->of->next, 1);

        if (job >= w->of->n_whole_queries + w->of->n_chunks)
            break;
        w->rc = do_job(w, job);
        zq_arena_reset(w->arena);
    }
    if (w->rc != ZQ_OK)
        atomic_store(&w->of->stop, true);
    zq_arena_close(w->arena);
    zq_buf_done(&w->scratch);
    return NULL;
}

/* What MariaDB can keep open for each of two connections. To MySQL it does not matter; a few chunks
 * share the work evenly. */
static size_t chunk_size(const zq_reading *of)
{
    enum { MYSQL_CHUNKS = 4, SMALLEST = 50 };
    const size_t size = of->open_tables != 0 ? of->open_tables * 9 / 20
                                             : (of->n_members + MYSQL_CHUNKS - 1) / MYSQL_CHUNKS;

    return size < SMALLEST ? SMALLEST : size;
}

/* A second connection, when there is enough to read; without one it only takes longer. */
static zq_db *open_helper(const zq_reading *of)
{
    enum { WORTH_IT = 200 };
    zq_db *helper = NULL;

    if (of->helper == NULL || of->n_members < WORTH_IT)
        return NULL;
    return zq_db_open(of->helper, &helper, NULL) == ZQ_OK ? helper : NULL;
}

/* Where all is one chunk, and one connection's, all is asked in one round trip. */
static void plan_pass(pass *p, zq_reading *of, bool helped)
{
    const bool mysql = zq_db_server(of->db)->flavor == ZQ_MYSQL;

    p->of = of;
    p->chunk = chunk_size(of);
    p->n_chunks = (of->n_members + p->chunk - 1) / p->chunk;
    p->n_whole_queries = !mysql && (p->n_chunks > 1 || helped);
    p->whole_queries = mariadb_queries;
    p->queries = mysql ? mysql_queries : mariadb_queries + p->n_whole_queries;
    p->n_queries = mysql ? ZQ_LEN(mysql_queries) : ZQ_LEN(mariadb_queries) - p->n_whole_queries;
}

static zq_rc first_failure(const worker *a, const worker *b, zq_err *err)
{
    const worker *failed = a->rc != ZQ_OK && a->rc != ZQ_E_INTERRUPTED ? a : b;

    if (failed->rc == ZQ_OK)
        return ZQ_OK;
    if (err != NULL)
        *err = failed->err;
    zq_err_prefix(err, "cannot read the tables of the families: ");
    return failed->rc;
}

/* A server leaves a table out, with a warning only, while another changes it: what was not seen
 * in every way is read by itself. So is one whose columns stand in no order that its sum tells. */
static void find_unseen(const pass *p)
{
    unsigned all = 0;

    for (size_t i = 0; i < p->n_queries; i++)
        all |= 1u << p->queries[i].kind;
    for (size_t i = 0; i < p->n_whole_queries; i++)
        all |= 1u << p->whole_queries[i].kind;
    all &= ~(1u << ROW_CONSTRAINT); /* a table may have none */
    for (size_t i = 0; i < p->of->n_members; i++) {
        if ((p->of->members[i].seen & all) != all || zq_reading_member_is_mixed(&p->of->members[i]))
            p->of->members[i].alone = true;
    }
}

static int by_table_and_name(const void *a, const void *b)
{
    const zq_rename *x = a, *y = b;
    int order = strcmp(x->family->name, y->family->name);

    if (order == 0)
        order = strcmp(x->table, y->table);
    return order != 0 ? order : strcmp(x->from, y->from);
}

/* What a worker found beside the sums. Names that cannot be set right by renaming are left out. */
static void take_found(zq_reading *of, const worker *from)
{
    zq_index_renames *to = &of->renames;

    zq_opened_take(&of->opened, of->arena, &from->opened);
    for (size_t i = 0; i < from->renames.n; i++) {
        zq_rename rename = from->renames.items[i];

        if (zq_reading_member(of, rename.table, strlen(rename.table))->twice)
            continue;
        rename.from = zq_arena_strdup(of->arena, rename.from);
        rename.to = zq_arena_strdup(of->arena, rename.to);
        *ZQ_APPEND(of->arena, to->items, to->n) = rename;
    }
    if (to->n > 1)
        qsort(to->items, to->n, sizeof *to->items, by_table_and_name);
}

zq_rc zq_reading_members(zq_reading *of, zq_err *err)
{
    ZQ_AUTO(zq_db) helper = open_helper(of);
    ZQ_AUTO(zq_arena) kept = zq_arena_open();
    ZQ_AUTO(zq_arena) kept_by_other = zq_arena_open();
    pass p = {0};
    worker own = {.of = &p, .db = of->db, .kept = kept};
    worker other = {.of = &p, .db = helper, .kept = kept_by_other};
    pthread_t thread;
    bool helped;
    zq_rc rc;

    plan_pass(&p, of, helper != NULL);
    helped = helper != NULL && pthread_create(&thread, NULL, work, &other) == 0;
    work(&own);
    if (helped)
        pthread_join(thread, NULL);
    rc = first_failure(&own, &other, err);
    if (rc == ZQ_OK) {
        find_unseen(&p);
        take_found(of, &own);
        take_found(of, &other);
    }
    return rc;
}
