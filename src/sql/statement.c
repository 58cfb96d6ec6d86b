#include "sql/statement_reader.h"

/* ---- rows ---- */

static void read_insert(reader *r)
{
    be(r, ZQ_STATEMENT_ROWS, "INSERT");
    r->out->object = ZQ_OBJECT_TABLE;
    r->out->tables_known = true;
    skip_words(r, WORDS("LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "IGNORE", "INTO"));
    take_table(r);
}

static void read_replace(reader *r)
{
    read_insert(r);
    r->out->verb = "REPLACE";
    r->out->loses |= ZQ_LOSES_ROWS;
}

/* A join or a list of tables: which of them change is not told by the first words. */
static void doubt_joins(reader *r, const char *const *until)
{
    for (; !at_end(r); next(r)) {
        if (r->depth > 0)
            continue;
        if (one_of(r, until) != NULL)
            return;
        if (zq_token_is_sign(&r->now, ',') ||
            one_of(r, WORDS("JOIN", "STRAIGHT_JOIN", "USING", "FROM")) != NULL)
            r->out->tables_known = false;
    }
}

static void read_update(reader *r)
{
    be(r, ZQ_STATEMENT_ROWS, "UPDATE");
    r->out->object = ZQ_OBJECT_TABLE;
    r->out->tables_known = true;
    skip_words(r, WORDS("LOW_PRIORITY", "IGNORE"));
    take_table(r);
    doubt_joins(r, WORDS("SET"));
}

static void read_delete(reader *r)
{
    be(r, ZQ_STATEMENT_ROWS, "DELETE");
    r->out->object = ZQ_OBJECT_TABLE;
    r->out->loses |= ZQ_LOSES_ROWS;
    skip_words(r, WORDS("LOW_PRIORITY", "QUICK", "IGNORE", "HISTORY"));
    r->out->tables_known = accept(r, "FROM");
    take_table(r);
    doubt_joins(r, WORDS("WHERE", "ORDER", "LIMIT", "RETURNING"));
}

static void read_load(reader *r)
{
    if (one_of(r, WORDS("DATA", "XML")) == NULL) {
        be(r, ZQ_STATEMENT_ADMIN, "LOAD");
        return;
    }
    be(r, ZQ_STATEMENT_ROWS, "LOAD DATA");
    r->out->object = ZQ_OBJECT_TABLE;
    r->out->tables_known = true;
    if (seek(r, WORDS("TABLE")) != NULL)
        next(r);
    take_table(r);
}

/* ---- the session ---- */

static void read_select(reader *r)
{
    be(r, ZQ_STATEMENT_READ, "SELECT");
    if (seek(r, WORDS("INTO")) == NULL)
        return;
    next(r);
    if (zq_token_is_sign(&r->now, '@'))
        be(r, ZQ_STATEMENT_SESSION, "SELECT INTO");
    else
        be(r, ZQ_STATEMENT_UNKNOWN, "SELECT INTO");
}

static void read_with(reader *r)
{
    const char *verb = seek(r, WORDS("SELECT", "UPDATE", "DELETE"));

    if (verb == NULL)
        return;
    if (strcmp(verb, "SELECT") == 0) {
        read_select(r);
        return;
    }
    be(r, ZQ_STATEMENT_ROWS, verb);
    r->out->object = ZQ_OBJECT_TABLE;
    if (strcmp(verb, "DELETE") == 0)
        r->out->loses |= ZQ_LOSES_ROWS;
}

/* One assignment of SET, up to its comma. */
static zq_statement_kind read_assignment(reader *r)
{
    zq_statement_kind kind = ZQ_STATEMENT_SESSION;

    while (zq_token_is_sign(&r->now, '@') || zq_token_is_sign(&r->now, '.') ||
           one_of(r, WORDS("SESSION", "LOCAL")) != NULL)
        next(r);
    if (one_of(r, WORDS("GLOBAL", "PERSIST", "PERSIST_ONLY", "PASSWORD", "DEFAULT")) != NULL)
        kind = ZQ_STATEMENT_ADMIN;
    else if (one_of(r, WORDS("TRANSACTION", "AUTOCOMMIT")) != NULL)
        kind = ZQ_STATEMENT_TRANSACTION;
    else if (is(r, "STATEMENT"))
        kind = ZQ_STATEMENT_UNKNOWN;
    while (!at_end(r) && !(r->depth == 0 && zq_token_is_sign(&r->now, ',')))
        next(r);
    next(r);
    return kind;
}

static void read_set(reader *r)
{
    be(r, ZQ_STATEMENT_SESSION, "SET");
    while (!at_end(r)) {
        zq_statement_kind kind = read_assignment(r);

        if (kind != ZQ_STATEMENT_SESSION)
            r->out->kind = kind;
    }
}

/* BEGIN opens a transaction; BEGIN NOT ATOMIC, MariaDB's, a compound statement. */
static void read_begin(reader *r)
{
    accept(r, "WORK");
    be(r, at_end(r) ? ZQ_STATEMENT_TRANSACTION : ZQ_STATEMENT_UNKNOWN, "BEGIN");
}

static void read_start(reader *r)
{
    be(r, is(r, "TRANSACTION") ? ZQ_STATEMENT_TRANSACTION : ZQ_STATEMENT_UNKNOWN, "START");
}

/* MariaDB's ANALYZE runs any statement; ANALYZE TABLE is another thing. */
static void read_maintenance(reader *r)
{
    skip_words(r, WORDS("NO_WRITE_TO_BINLOG", "LOCAL"));
    if (!accept(r, "TABLE") && !accept(r, "TABLES"))
        return;
    be(r, ZQ_STATEMENT_ADMIN, "table maintenance");
    r->out->object = ZQ_OBJECT_TABLE;
    take_tables(r);
}

/* ---- the verbs ---- */

static const struct {
    const char *word;
    void (*read)(reader *r);
} readers[] = {
    {"ALTER", zq_read_alter},
    {"CREATE", zq_read_create},
    {"DROP", zq_read_drop},
    {"RENAME", zq_read_rename},
    {"TRUNCATE", zq_read_truncate},
    {"INSERT", read_insert},
    {"REPLACE", read_replace},
    {"UPDATE", read_update},
    {"DELETE", read_delete},
    {"LOAD", read_load},
    {"SELECT", read_select},
    {"WITH", read_with},
    {"SET", read_set},
    {"BEGIN", read_begin},
    {"START", read_start},
    {"ANALYZE", read_maintenance},
    {"OPTIMIZE", read_maintenance},
    {"REPAIR", read_maintenance},
    {"CHECK", read_maintenance},
    {"CHECKSUM", read_maintenance},
};

/* Those whose first word is all that matters. */
static const struct {
    const char *word;
    zq_statement_kind kind;
} verbs[] = {
    {"SHOW", ZQ_STATEMENT_READ},
    {"DESC", ZQ_STATEMENT_READ},
    {"DESCRIBE", ZQ_STATEMENT_READ},
    {"EXPLAIN", ZQ_STATEMENT_READ},
    {"DO", ZQ_STATEMENT_READ},
    {"TABLE", ZQ_STATEMENT_READ},
    {"VALUES", ZQ_STATEMENT_READ},
    {"PREPARE", ZQ_STATEMENT_SESSION},
    {"DEALLOCATE", ZQ_STATEMENT_SESSION},
    {"FLUSH", ZQ_STATEMENT_ADMIN},
    {"GRANT", ZQ_STATEMENT_ADMIN},
    {"REVOKE", ZQ_STATEMENT_ADMIN},
    {"COMMIT", ZQ_STATEMENT_TRANSACTION},
    {"ROLLBACK", ZQ_STATEMENT_TRANSACTION},
    {"SAVEPOINT", ZQ_STATEMENT_TRANSACTION},
    {"RELEASE", ZQ_STATEMENT_TRANSACTION},
    {"LOCK", ZQ_STATEMENT_TRANSACTION},
    {"UNLOCK", ZQ_STATEMENT_TRANSACTION},
    {"XA", ZQ_STATEMENT_TRANSACTION},
    {"USE", ZQ_STATEMENT_USE},
};

static void read_verb(reader *r)
{
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        if (accept(r, readers[i].word)) {
            readers[i].read(r);
            return;
        }
    }
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (is(r, verbs[i].word)) {
            be(r, verbs[i].kind, verbs[i].word);
            return;
        }
    }
}

void zq_statement_read(const char *text, size_t length, zq_arena *arena, zq_statement *out)
{
    reader r = {
        .scanner = {.text = text, .length = length, .line = 1},
        .arena = arena,
        .out = out,
    };

    *out = (zq_statement){.verb = "", .tables = ZQ_NEW(arena, const char *)};
    r.now = zq_scan_code(&r.scanner);
    while (zq_token_is_sign(&r.now, '('))
        r.now = zq_scan_code(&r.scanner); /* (SELECT ...) UNION ... */
    read_verb(&r);
}
