#include "sql/statement.h"

#include "sql/token.h"

#include <string.h>

typedef struct reader {
    zq_scanner scanner;
    zq_token now; /* not yet taken */
    unsigned depth;
    zq_arena *arena;
    zq_statement *out;
} reader;

/* ---- words ---- */

static void next(reader *r)
{
    if (zq_token_is_sign(&r->now, '('))
        r->depth++;
    else if (zq_token_is_sign(&r->now, ')') && r->depth > 0)
        r->depth--;
    r->now = zq_scan_code(&r->scanner);
}

static bool at_end(const reader *r)
{
    return r->now.kind == ZQ_TOKEN_END || r->now.kind == ZQ_TOKEN_BROKEN;
}

static bool is(const reader *r, const char *word)
{
    return zq_token_is(&r->now, word);
}

static bool accept(reader *r, const char *word)
{
    if (!is(r, word))
        return false;
    next(r);
    return true;
}

/* Is the token one of `words`, which ends in NULL? Gives the word as the list spells it. */
static const char *one_of(const reader *r, const char *const *words)
{
    for (; *words != NULL; words++)
        if (is(r, *words))
            return *words;
    return NULL;
}

static void skip_words(reader *r, const char *const *words)
{
    while (one_of(r, words) != NULL)
        next(r);
}

/* Go on to one of `words` outside parentheses; NULL at the end of the statement. */
static const char *seek(reader *r, const char *const *words)
{
    for (; !at_end(r); next(r)) {
        const char *found = r->depth == 0 ? one_of(r, words) : NULL;

        if (found != NULL)
            return found;
    }
    return NULL;
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void skip_if_exists(reader *r)
{
    if (accept(r, "IF")) {
        accept(r, "NOT");
        accept(r, "EXISTS");
    }
}

/* ---- names ---- */

static const char *unquoted(reader *r)
{
    char *name;
    size_t n = 0;

    if (r->now.kind == ZQ_TOKEN_WORD)
        return zq_arena_strndup(r->arena, r->now.text, r->now.length);
    name = zq_arena_alloc(r->arena, r->now.length + 1);
    for (size_t i = 1; i + 1 < r->now.length; i++) {
        name[n++] = r->now.text[i];
        if (r->now.text[i] == '`')
            i++;
    }
    return name;
}

/* Append to a list that ends in NULL and may be NULL when it is empty; a name counts once. */
static void add_name(reader *r, const char *const **list, const char *name)
{
    size_t n = 0;
    const char **more;

    for (; *list != NULL && (*list)[n] != NULL; n++)
        if (strcmp((*list)[n], name) == 0)
            return;
    more = ZQ_NEW_ARRAY(r->arena, const char *, n + 2);
    if (n > 0)
        memcpy(more, *list, n * sizeof *more);
    more[n] = name;
    *list = more;
}

static void add_table(reader *r, const char *name)
{
    add_name(r, &r->out->tables, name);
    r->out->n_tables = 0;
    while (r->out->tables[r->out->n_tables] != NULL)
        r->out->n_tables++;
}

/* Take a table's name, [database.]table, into the list. */
static bool take_table(reader *r)
{
    const char *name;

    if (r->now.kind != ZQ_TOKEN_WORD && r->now.kind != ZQ_TOKEN_NAME) {
        r->out->tables_known = false;
        return false;
    }
    name = unquoted(r);
    next(r);
    if (zq_token_is_sign(&r->now, '.')) {
        next(r);
        r->out->other_database = true;
        name = unquoted(r);
        next(r);
    }
    add_table(r, name);
    return true;
}

/* name [, name] ... */
static void take_tables(reader *r)
{
    r->out->tables_known = true;
    while (take_table(r) && zq_token_is_sign(&r->now, ','))
        next(r);
}

/* ---- verdicts ---- */

static void be(reader *r, zq_statement_kind kind, const char *verb)
{
    r->out->kind = kind;
    r->out->verb = verb;
}

static void be_ddl(reader *r, zq_statement_object object, const char *verb)
{
    be(r, ZQ_STATEMENT_DDL, verb);
    r->out->object = object;
}

/* ---- ALTER ---- */

static void read_drop_clause(reader *r)
{
    if (is(r, "PARTITION"))
        r->out->loses |= ZQ_LOSES_PARTITION;
    if (one_of(r, WORDS("PARTITION", "INDEX", "KEY", "PRIMARY", "FOREIGN", "CONSTRAINT",
                        "CHECK")) != NULL)
        return;
    accept(r, "COLUMN");
    skip_if_exists(r);
    r->out->loses |= ZQ_LOSES_COLUMN;
    if (r->now.kind == ZQ_TOKEN_WORD || r->now.kind == ZQ_TOKEN_NAME)
        add_name(r, &r->out->dropped, unquoted(r));
}

static void read_rename_clause(reader *r)
{
    if (one_of(r, WORDS("COLUMN", "INDEX", "KEY")) != NULL)
        return;
    skip_words(r, WORDS("TO", "AS"));
    if (zq_token_is_sign(&r->now, '='))
        next(r);
    take_table(r);
}

/* One clause of ALTER TABLE, or as much of it as matters. */
static void read_alter_clause(reader *r)
{
    zq_statement *out = r->out;

    if (accept(r, "DROP"))
        read_drop_clause(r);
    else if (accept(r, "RENAME"))
        read_rename_clause(r);
    else if (accept(r, "TRUNCATE"))
        out->loses |= ZQ_LOSES_PARTITION;
    else if (accept(r, "DISCARD"))
        out->loses |= ZQ_LOSES_TABLE;
    else if (one_of(r, WORDS("MODIFY", "CHANGE")) != NULL)
        out->retypes = true;
    else if (accept(r, "CONVERT")) {
        out->retypes = true;
        if (one_of(r, WORDS("PARTITION", "TABLE")) != NULL)
            out->tables_known = false;
    } else if (is(r, "EXCHANGE"))
        out->tables_known = false;
    else if (is(r, "ALGORITHM"))
        out->has_algorithm = true;
    else if (is(r, "LOCK"))
        out->has_lock = true;
}

static void read_alter_table(reader *r)
{
    be_ddl(r, ZQ_OBJECT_TABLE, "ALTER TABLE");
    r->out->alters = true;
    skip_if_exists(r);
    r->out->tables_known = true;
    take_table(r);
    if (accept(r, "WAIT"))
        next(r);
    accept(r, "NOWAIT");
    while (!at_end(r)) {
        read_alter_clause(r);
        while (!at_end(r) && !(r->depth == 0 && zq_token_is_sign(&r->now, ',')))
            next(r);
        next(r);
    }
}

static void read_alter(reader *r)
{
    const char *object;

    skip_words(r, WORDS("ONLINE", "OFFLINE", "IGNORE"));
    if (accept(r, "TABLE")) {
        read_alter_table(r);
        return;
    }
    object = seek(r, WORDS("VIEW", "PROCEDURE", "FUNCTION", "DATABASE", "SCHEMA", "EVENT", "USER",
                           "ROLE", "SERVER", "TABLESPACE", "SEQUENCE", "INSTANCE"));
    if (object == NULL)
        return;
    next(r);
    if (strcmp(object, "VIEW") == 0) {
        be_ddl(r, ZQ_OBJECT_VIEW, "ALTER VIEW");
        r->out->tables_known = true;
        take_table(r);
    } else if (strcmp(object, "PROCEDURE") == 0 || strcmp(object, "FUNCTION") == 0) {
        be_ddl(r, ZQ_OBJECT_ROUTINE, "ALTER ROUTINE");
    } else {
        be_ddl(r, ZQ_OBJECT_OTHER, "ALTER");
    }
}

/* ---- CREATE ---- */

/* Index statements end in ALGORITHM and LOCK without commas. */
static void read_index_options(reader *r)
{
    const char *option;

    while ((option = seek(r, WORDS("ALGORITHM", "LOCK"))) != NULL) {
        if (strcmp(option, "LOCK") == 0)
            r->out->has_lock = true;
        else
            r->out->has_algorithm = true;
        next(r);
    }
}

static void read_index(reader *r, const char *verb)
{
    be_ddl(r, ZQ_OBJECT_TABLE, verb);
    r->out->alters = true;
    r->out->tables_known = true;
    skip_if_exists(r);
    next(r);
    if (seek(r, WORDS("ON")) != NULL)
        next(r);
    take_table(r);
    read_index_options(r);
}

static void read_create_table(reader *r, bool replace)
{
    be_ddl(r, ZQ_OBJECT_TABLE, "CREATE TABLE");
    if (replace)
        r->out->loses |= ZQ_LOSES_TABLE;
    skip_if_exists(r);
    r->out->tables_known = true;
    take_table(r);
}

static void read_create_trigger(reader *r)
{
    be_ddl(r, ZQ_OBJECT_TRIGGER, "CREATE TRIGGER");
    r->out->tables_known = true;
    if (seek(r, WORDS("ON")) != NULL)
        next(r);
    take_table(r);
}

static void read_create_view(reader *r)
{
    be_ddl(r, ZQ_OBJECT_VIEW, "CREATE VIEW");
    skip_if_exists(r);
    r->out->tables_known = true;
    take_table(r);
}

static void read_create(reader *r)
{
    bool replace = false;
    const char *object;

    if (accept(r, "OR"))
        replace = accept(r, "REPLACE");
    if (is(r, "TEMPORARY")) {
        be(r, ZQ_STATEMENT_SESSION, "CREATE TEMPORARY TABLE");
        return;
    }
    object = seek(r, WORDS("TABLE", "INDEX", "VIEW", "TRIGGER", "PROCEDURE", "FUNCTION", "DATABASE",
                           "SCHEMA", "EVENT", "USER", "ROLE", "SERVER", "TABLESPACE", "SEQUENCE"));
    if (object == NULL)
        return;
    next(r);
    if (strcmp(object, "TABLE") == 0)
        read_create_table(r, replace);
    else if (strcmp(object, "INDEX") == 0)
        read_index(r, "CREATE INDEX");
    else if (strcmp(object, "VIEW") == 0)
        read_create_view(r);
    else if (strcmp(object, "TRIGGER") == 0)
        read_create_trigger(r);
    else if (strcmp(object, "PROCEDURE") == 0 || strcmp(object, "FUNCTION") == 0)
        be_ddl(r, ZQ_OBJECT_ROUTINE, "CREATE ROUTINE");
    else
        be_ddl(r, ZQ_OBJECT_OTHER, "CREATE");
}

/* ---- DROP, RENAME, TRUNCATE ---- */

static void read_drop(reader *r)
{
    if (one_of(r, WORDS("TEMPORARY", "PREPARE")) != NULL) {
        be(r, ZQ_STATEMENT_SESSION, "DROP TEMPORARY");
    } else if (accept(r, "TABLE") || accept(r, "TABLES")) {
        be_ddl(r, ZQ_OBJECT_TABLE, "DROP TABLE");
        r->out->loses |= ZQ_LOSES_TABLE;
        skip_if_exists(r);
        take_tables(r);
    } else if (accept(r, "INDEX")) {
        read_index(r, "DROP INDEX");
    } else if (accept(r, "VIEW")) {
        be_ddl(r, ZQ_OBJECT_VIEW, "DROP VIEW");
        skip_if_exists(r);
        take_tables(r);
    } else if (is(r, "TRIGGER")) {
        be_ddl(r, ZQ_OBJECT_TRIGGER, "DROP TRIGGER");
    } else if (one_of(r, WORDS("PROCEDURE", "FUNCTION")) != NULL) {
        be_ddl(r, ZQ_OBJECT_ROUTINE, "DROP ROUTINE");
    } else {
        be_ddl(r, ZQ_OBJECT_OTHER, "DROP");
        if (one_of(r, WORDS("DATABASE", "SCHEMA")) != NULL)
            r->out->loses |= ZQ_LOSES_DATABASE;
    }
}

static void read_rename(reader *r)
{
    if (!accept(r, "TABLE") && !accept(r, "TABLES")) {
        be_ddl(r, ZQ_OBJECT_OTHER, "RENAME");
        return;
    }
    be_ddl(r, ZQ_OBJECT_TABLE, "RENAME TABLE");
    skip_if_exists(r);
    r->out->tables_known = true;
    do {
        if (zq_token_is_sign(&r->now, ','))
            next(r);
        take_table(r);
        if (seek(r, WORDS("TO")) != NULL)
            next(r);
        take_table(r);
    } while (zq_token_is_sign(&r->now, ','));
}

static void read_truncate(reader *r)
{
    accept(r, "TABLE");
    be_ddl(r, ZQ_OBJECT_TABLE, "TRUNCATE TABLE");
    r->out->loses |= ZQ_LOSES_ROWS;
    r->out->tables_known = true;
    take_table(r);
}

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
    if (one_of(r, WORDS("GLOBAL", "PERSIST", "PERSIST_ONLY", "PASSWORD", "ROLE", "DEFAULT")) !=
        NULL)
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
    {"ALTER", read_alter},
    {"CREATE", read_create},
    {"DROP", read_drop},
    {"RENAME", read_rename},
    {"TRUNCATE", read_truncate},
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
