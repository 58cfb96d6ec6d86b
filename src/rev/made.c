/* Tables that are made on the way.
 *
 * A table that the way has made, and put nothing into, has no rows to lose or to copy; a temporary
 * one is nobody's but the revision's. What may fill a table ends that: rows of its own statements,
 * in a batch or for a family too; a view, a trigger or a routine that names it, through which other
 * statements reach it; a statement of which nobody knows what it does. One walk over the way keeps
 * the tables in a hash table, so that the cost grows with the text. Given up: a name is compared as
 * it is written, so that another spelling is another table, of which nothing is known. */
#include "rev/made.h"

#include <string.h>
#include <strings.h>

typedef struct made {
    const char *name;
    struct made *next; /* in its bucket */
    bool temporary;
    bool unsafe;     /* its engine has no transactions */
    size_t empty_at; /* nothing was put into it while this is the age of the way */
} made;

enum { BUCKETS = 1024 };

typedef struct way {
    made *buckets[BUCKETS];
    size_t n_temporary;
    size_t age; /* grows with each statement that may have filled any table; counts from 1 */
    zq_arena *arena;
} way;

/* ---- the tables ---- */

static made **bucket_of(way *w, const char *name)
{
    unsigned hash = 2166136261U;

    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619U;
    return &w->buckets[hash % BUCKETS];
}

static made *find(way *w, const char *name)
{
    for (made *m = *bucket_of(w, name); m != NULL; m = m->next)
        if (strcmp(m->name, name) == 0)
            return m;
    return NULL;
}

/* The one of this name, about which nothing is known yet. */
static made *put(way *w, const char *name)
{
    made **bucket = bucket_of(w, name);
    made *m = find(w, name);

    if (m == NULL) {
        m = ZQ_NEW(w->arena, made);
        m->next = *bucket;
        *bucket = m;
    }
    w->n_temporary -= m->temporary;
    *m = (made){.name = name, .next = m->next};
    return m;
}

static bool is_temporary(way *w, const char *name)
{
    const made *m = find(w, name);

    return m != NULL && m->temporary;
}

static bool is_new(way *w, const char *name)
{
    const made *m = find(w, name);

    return m != NULL && m->empty_at == w->age;
}

static bool is_unsafe(way *w, const char *name)
{
    const made *m = find(w, name);

    return m != NULL && m->unsafe;
}

static bool all_tables(way *w, const zq_statement *parsed,
                       bool (*true_of)(way *w, const char *name))
{
    for (size_t i = 0; i < parsed->n_tables; i++)
        if (!true_of(w, parsed->tables[i]))
            return false;
    return parsed->tables_known && parsed->n_tables > 0;
}

/* ---- what a statement leaves of them ---- */

bool zq_engine_has_transactions(const char *engine)
{
    static const char *const engines[] = {"InnoDB", "RocksDB", "NDB", "NDBCluster", "TokuDB"};

    for (size_t i = 0; i < ZQ_LEN(engines); i++)
        if (strcasecmp(engine, engines[i]) == 0)
            return true;
    return false;
}

static void take_engine(const zq_statement *parsed, made *m)
{
    const zq_clause *engine = zq_statement_clause(parsed, "ENGINE");

    if (engine != NULL && engine->new_name != NULL)
        m->unsafe = !zq_engine_has_transactions(engine->new_name);
}

static void take_creation(way *w, const zq_statement *parsed)
{
    for (size_t i = 0; i < parsed->n_tables; i++) {
        made *m = put(w, parsed->tables[i]);

        m->temporary = parsed->kind == ZQ_STATEMENT_SESSION;
        w->n_temporary += m->temporary;
        m->empty_at = parsed->makes_empty ? w->age : 0;
        take_engine(parsed, m);
    }
}

static void fill(way *w, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        made *m = find(w, names[i]);

        if (m != NULL)
            m->empty_at = 0;
    }
}

static void drop(way *w, const zq_statement *parsed)
{
    for (size_t i = 0; i < parsed->n_tables; i++)
        put(w, parsed->tables[i]);
}

/* DDL on tables: DROP, RENAME, ALTER TABLE ... RENAME and EXCHANGE put another in its place. */
static void take_change(way *w, const zq_statement *parsed)
{
    bool stays = parsed->n_tables == 1 && parsed->tables_known;

    if (zq_statement_is(parsed, "DROP TABLE"))
        drop(w, parsed);
    else if (!stays || zq_statement_clause(parsed, "IMPORT") != NULL)
        fill(w, parsed->tables, parsed->n_tables);
    for (size_t i = 0; i < parsed->n_tables; i++) {
        made *m = find(w, parsed->tables[i]);

        if (m != NULL)
            take_engine(parsed, m);
    }
}

static void take_rows(way *w, const zq_statement *parsed)
{
    if (zq_statement_is(parsed, "UPDATE") || zq_statement_is(parsed, "DELETE"))
        return;
    if (!parsed->tables_known)
        w->age++;
    fill(w, parsed->tables, parsed->n_tables);
}

static void take(way *w, const zq_statement *parsed)
{
    if (parsed->kind == ZQ_STATEMENT_UNKNOWN || parsed->opaque)
        w->age++;
    else if (zq_statement_is(parsed, "CREATE TABLE") ||
             zq_statement_is(parsed, "CREATE TEMPORARY TABLE"))
        take_creation(w, parsed);
    else if (zq_statement_is(parsed, "DROP TEMPORARY TABLE"))
        drop(w, parsed);
    else if (parsed->kind == ZQ_STATEMENT_ROWS)
        take_rows(w, parsed);
    else if (parsed->kind == ZQ_STATEMENT_DDL && parsed->object == ZQ_OBJECT_TABLE)
        take_change(w, parsed);
    else if (parsed->kind == ZQ_STATEMENT_DDL)
        fill(w, parsed->mentions, parsed->n_mentions);
}

/* ---- facts ---- */

static bool is_rows_or_ddl(const zq_rev_statement *s)
{
    return s->parsed.object == ZQ_OBJECT_TABLE &&
           (s->parsed.kind == ZQ_STATEMENT_DDL || s->parsed.kind == ZQ_STATEMENT_ROWS);
}

static bool changes_temporary(way *w, const zq_rev_statement *s)
{
    return s->block == ZQ_BLOCK_PLAIN && is_rows_or_ddl(s) &&
           !zq_statement_is(&s->parsed, "CREATE TABLE") && all_tables(w, &s->parsed, is_temporary);
}

/* One of several that it may change; renamed, or hidden by a real one; in a block. */
static bool changes_temporary_too(way *w, const zq_rev_statement *s)
{
    for (size_t i = 0; is_rows_or_ddl(s) && i < s->parsed.n_tables; i++)
        if (is_temporary(w, s->parsed.tables[i]))
            return !changes_temporary(w, s);
    return false;
}

/* While there is one: what runs a statement or a body that stands elsewhere may change it. */
static bool may_change_temporary(const way *w, const zq_rev_statement *s)
{
    bool stored = (s->parsed.kind == ZQ_STATEMENT_DDL && !s->parsed.filled) ||
                  zq_statement_is(&s->parsed, "CREATE TEMPORARY TABLE");

    return w->n_temporary > 0 && !stored &&
           (s->parsed.opaque || zq_statement_call(&s->parsed) != NULL);
}

static unsigned facts_of(way *w, const zq_rev_statement *s)
{
    unsigned facts = 0;

    if (s->block != ZQ_BLOCK_FAMILY && all_tables(w, &s->parsed, is_new))
        facts |= ZQ_FACT_NEW;
    for (size_t i = 0; s->parsed.kind == ZQ_STATEMENT_ROWS && i < s->parsed.n_tables; i++)
        if (is_unsafe(w, s->parsed.tables[i]))
            facts |= ZQ_FACT_UNSAFE;
    return facts;
}

static way *new_way(zq_arena *arena)
{
    way *w = ZQ_NEW(arena, way);

    w->arena = arena;
    w->age = 1;
    return w;
}

void zq_section_find_temporary(zq_rev_statement *statements, size_t n, zq_arena *arena)
{
    way *w = new_way(arena);

    for (size_t i = 0; i < n; i++) {
        statements[i].temporary = changes_temporary(w, &statements[i]);
        statements[i].temporary_too = changes_temporary_too(w, &statements[i]);
        statements[i].temporary_perhaps = may_change_temporary(w, &statements[i]);
        take(w, &statements[i].parsed);
    }
}

/* A temporary table does not outlive its section. */
static void forget_temporary(way *w)
{
    for (size_t b = 0; b < BUCKETS; b++)
        for (made *m = w->buckets[b]; m != NULL; m = m->next)
            if (m->temporary)
                w->n_temporary--, *m = (made){.name = m->name, .next = m->next};
}

void zq_legs_find_facts(zq_leg *legs, size_t n, zq_arena *arena)
{
    way *w = new_way(arena);

    for (size_t l = 0; l < n; l++) {
        const zq_rev_section *section = legs[l].section;
        unsigned *facts = ZQ_NEW_ARRAY(arena, unsigned, section->n + 1);

        for (size_t i = 0; i < section->n; i++) {
            facts[i] = facts_of(w, &section->statements[i]);
            take(w, &section->statements[i].parsed);
        }
        legs[l].facts = facts;
        forget_temporary(w);
    }
}
