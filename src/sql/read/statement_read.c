/* A statement's verb, and what follows it.
 *
 * The words are read from left to right, one token ahead; what an object is called and what is done
 * to it is kept, all else is passed over, quotes and parentheses considered. It need not be right
 * SQL: the server says whether it is. It must not say less than the statement does. Statements that
 * run another one (SET STATEMENT, ANALYZE, EXECUTE IMMEDIATE) are read on as that one. */
#include "sql/read/statement.h"

#include "sql/read/reader.h"

#include <strings.h>

/* ---- rows ---- */

static void be_rows(reader *r, const char *verb)
{
    be(r, ZQ_STATEMENT_ROWS, verb);
    r->out->object = ZQ_OBJECT_TABLE;
    r->out->tables_known = true;
}

static void read_insert(reader *r)
{
    be_rows(r, "INSERT");
    skip_words(r, WORDS("LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "IGNORE", "INTO"));
    take_table(r);
}

static void read_replace(reader *r)
{
    read_insert(r);
    r->out->verb = "REPLACE";
    r->out->loses |= ZQ_LOSES_ROWS;
}

/* ---- UPDATE and DELETE of several tables ---- */

/* What stands in a list of tables, or is joined. */
typedef struct reference {
    const char *table; /* NULL: a query in parentheses */
    const char *alias;
} reference;

typedef struct references {
    reference *items;
    size_t n;
} references;

static void skip_parentheses(reader *r)
{
    unsigned depth = r->depth;

    do
        next(r);
    while (!at_end(r) && r->depth > depth);
}

static void read_reference(reader *r, references *all)
{
    static const char *const no_alias[] = {
        "JOIN",   "INNER",     "LEFT",  "RIGHT", "CROSS",     "NATURAL", "STRAIGHT_JOIN",
        "ON",     "USING",     "WHERE", "ORDER", "RETURNING", "LIMIT",   "FORCE",
        "IGNORE", "PARTITION", "FROM",  "SET",   "USE",       "FOR",     NULL};
    reference it = {0};

    accept(r, "LATERAL");
    if (at_name(r))
        it.table = it.alias = take_path(r);
    if (it.table == NULL || zq_token_is_sign(&r->now, '(')) {
        it.table = NULL;
        skip_parentheses(r);
    }
    if (accept(r, "PARTITION") && zq_token_is_sign(&r->now, '('))
        skip_parentheses(r);
    accept(r, "AS");
    if (at_name(r) && one_of(r, no_alias) == NULL)
        it.alias = take_name(r);
    *ZQ_APPEND(r->arena, all->items, all->n) = it;
}

/* Up to one of the words. A parenthesis where a table may stand holds a query, or more of them. */
static references read_references(reader *r, const char *const *until)
{
    references all = {0};
    bool expected = true;

    while (!at_end(r) && one_of(r, until) == NULL) {
        zq_token after = ahead(r);
        bool open = zq_token_is_sign(&r->now, '(');
        bool query = zq_token_is(&after, "SELECT") || zq_token_is(&after, "WITH") ||
                     zq_token_is(&after, "VALUES") || zq_token_is(&after, "TABLE");

        if (expected && (at_name(r) || (open && query))) {
            read_reference(r, &all);
            expected = false;
        } else if (open && !expected) {
            skip_parentheses(r);
        } else {
            expected |=
                zq_token_is_sign(&r->now, ',') || one_of(r, WORDS("JOIN", "STRAIGHT_JOIN")) != NULL;
            next(r);
        }
    }
    return all;
}

/* It changes the one that is called so; NULL: its words do not say which. */
static void change(reader *r, const references *all, const char *alias)
{
    for (size_t i = 0; alias != NULL && i < all->n; i++) {
        const reference *it = &all->items[i];

        if (it->table == NULL || strcasecmp(it->alias, alias) != 0)
            continue;
        zq_read_add_table(r, it->table);
        return;
    }
    r->out->tables_known = false;
}

/* Where it is not known which of them change, all may. */
static void change_all(reader *r, const references *all)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i].table != NULL)
            zq_read_add_table(r, all->items[i].table);
}

/* [[database.]table.]column = value, ...: gives the table; NULL: it is not said. */
static const char *take_qualifier(reader *r)
{
    const char *parts[] = {take_name(r), NULL, NULL};
    size_t n = 1;

    while (n < ZQ_LEN(parts) && accept_sign(r, '.'))
        parts[n++] = take_name(r);
    return n == 1 ? NULL : parts[n - 2];
}

static void read_update(reader *r)
{
    references all;

    be_rows(r, "UPDATE");
    skip_words(r, WORDS("LOW_PRIORITY", "IGNORE"));
    all = read_references(r, WORDS("SET"));
    r->out->joins = all.n > 1;
    if (all.n == 1) {
        change(r, &all, all.items[0].alias);
        return;
    }
    do {
        next(r); /* SET, or the comma */
        change(r, &all, take_qualifier(r));
        while (!at_end(r) && !(r->depth == 0 && zq_token_is_sign(&r->now, ',')) &&
               !(r->depth == 0 && one_of(r, WORDS("WHERE", "ORDER", "LIMIT")) != NULL))
            next(r);
    } while (zq_token_is_sign(&r->now, ','));
    if (!r->out->tables_known)
        change_all(r, &all);
}

/* [database.]table[.*] */
static const char *take_target(reader *r)
{
    const char *name = take_name(r);

    while (accept_sign(r, '.')) {
        if (accept_sign(r, '*'))
            break;
        r->all->other_database = true;
        name = take_name(r);
    }
    return name;
}

/* DELETE FROM a; DELETE FROM a, b USING ...; DELETE a, b FROM ... */
static void read_delete(reader *r)
{
    static const char *const end[] = {"WHERE", "ORDER", "LIMIT", "RETURNING", NULL};
    const char **targets = NULL;
    references all = {0};
    size_t n = 0;
    bool from;

    be_rows(r, "DELETE");
    r->out->loses |= ZQ_LOSES_ROWS;
    skip_words(r, WORDS("LOW_PRIORITY", "QUICK", "IGNORE", "HISTORY"));
    from = accept(r, "FROM");
    do {
        *ZQ_APPEND(r->arena, targets, n) = take_target(r);
    } while (accept_sign(r, ','));
    r->out->joins = n > 1 || !from || is_at(r, "USING");
    if (!r->out->joins && targets[0] != NULL) {
        zq_read_add_table(r, targets[0]);
        return;
    }
    if (accept_one(r, WORDS("FROM", "USING")) != NULL)
        all = read_references(r, end);
    for (size_t i = 0; i < n; i++)
        change(r, &all, targets[i]);
    if (!r->out->tables_known)
        change_all(r, &all);
}

static void read_load(reader *r)
{
    if (one_of(r, WORDS("DATA", "XML")) == NULL) {
        be(r, ZQ_STATEMENT_ADMIN, "LOAD");
        return;
    }
    be_rows(r, "LOAD DATA");
    r->out->from_client = seek(r, WORDS("LOCAL", "INFILE")) != NULL && is_at(r, "LOCAL");
    if (seek(r, WORDS("REPLACE", "TABLE")) != NULL && accept(r, "REPLACE"))
        r->out->loses |= ZQ_LOSES_ROWS;
    if (seek(r, WORDS("TABLE")) != NULL)
        next(r);
    take_table(r);
}

/* ---- queries ---- */

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
    const char *verb = seek(r, WORDS("SELECT", "UPDATE", "DELETE", "TABLE", "VALUES"));

    if (verb != NULL)
        next(r);
    if (verb != NULL && strcmp(verb, "UPDATE") == 0)
        read_update(r);
    else if (verb != NULL && strcmp(verb, "DELETE") == 0)
        read_delete(r);
    else
        read_select(r);
}

/* ---- what runs another statement ---- */

static void read_nested(reader *r, const char *verb)
{
    if (r->nested == NESTED_MAX) {
        be_opaque(r, verb);
        return;
    }
    r->nested++;
    r->depth = 0;
    r->read_verb(r);
    r->nested--;
}

/* What is read of the text of another statement counts as this one's. */
static void take_text(reader *r, const char *text)
{
    zq_statement *out = r->out;
    zq_statement inner;

    zq_statement_read(text, strlen(text), r->arena, &inner);
    for (size_t i = 0; i < inner.n_mentions; i++)
        zq_read_add_mention(r, inner.mentions[i]);
    for (size_t i = 0; i < inner.n_calls; i++)
        zq_read_add_call(r, inner.calls[i]);
    r->all->other_database |= inner.other_database;
    r->all->too_many |= inner.too_many;
    if (r->all->meta == NULL)
        r->all->meta = inner.meta;
    inner.mentions = out->mentions;
    inner.n_mentions = out->n_mentions;
    inner.calls = out->calls;
    inner.n_calls = out->n_calls;
    inner.other_database = out->other_database;
    inner.too_many = out->too_many;
    inner.meta = out->meta;
    inner.opaque |= inner.more_line != 0 || inner.open_line != 0;
    inner.more_line = inner.open_line = 0;
    inner.alters = false; /* nothing can be added behind it */
    *out = inner;
}

static void read_execute(reader *r)
{
    zq_token after;

    if (!accept(r, "IMMEDIATE") || r->now.kind != ZQ_TOKEN_STRING) {
        be_opaque(r, "EXECUTE");
        return;
    }
    after = ahead(r);
    if ((after.kind == ZQ_TOKEN_END || zq_token_is_sign(&after, ';') ||
         zq_token_is(&after, "USING")) &&
        r->nested < NESTED_MAX)
        take_text(r, zq_read_unquoted(r, &r->now));
    else
        be_opaque(r, "EXECUTE IMMEDIATE");
}

static void skip_format(reader *r)
{
    if (accept(r, "FORMAT"))
        take_value(r);
}

/* EXPLAIN runs nothing, EXPLAIN ANALYZE does. */
static void read_explain(reader *r)
{
    skip_words(r, WORDS("EXTENDED", "PARTITIONS"));
    skip_format(r);
    if (accept(r, "ANALYZE")) {
        skip_format(r);
        read_nested(r, "EXPLAIN ANALYZE");
    } else {
        be(r, ZQ_STATEMENT_READ, "EXPLAIN");
    }
}

/* MariaDB's ANALYZE runs the statement that follows; ANALYZE TABLE is another thing. */
static void read_maintenance(reader *r)
{
    skip_words(r, WORDS("NO_WRITE_TO_BINLOG", "LOCAL"));
    if (accept_one(r, WORDS("TABLE", "TABLES")) == NULL) {
        skip_format(r);
        read_nested(r, "ANALYZE");
        return;
    }
    be(r, ZQ_STATEMENT_ADMIN, "table maintenance");
    r->out->object = ZQ_OBJECT_TABLE;
    take_tables(r);
}

/* ---- the session ---- */

/* In backquotes, too. */
static bool is_of_transactions(const char *variable)
{
    static const char *const names[] = {"autocommit", "transaction_read_only", "tx_read_only"};

    for (size_t i = 0; variable != NULL && i < ZQ_LEN(names); i++)
        if (strcasecmp(variable, names[i]) == 0)
            return true;
    return false;
}

/* One assignment of SET, up to its comma. */
static zq_statement_kind read_assignment(reader *r)
{
    zq_statement_kind kind = ZQ_STATEMENT_SESSION;
    zq_clause clause = begin_clause(r);
    unsigned ats = 0;

    clause.verb = "SET";
    for (;; next(r)) {
        if (zq_token_is_sign(&r->now, '@'))
            ats++;
        else if (!zq_token_is_sign(&r->now, '.') && one_of(r, WORDS("SESSION", "LOCAL")) == NULL)
            break;
    }
    if (ats == 1)
        clause.object = "@";
    else if (one_of(r, WORDS("GLOBAL", "PERSIST", "PERSIST_ONLY")) != NULL)
        clause.object = "GLOBAL";
    if (ats != 1 &&
        one_of(r, WORDS("GLOBAL", "PERSIST", "PERSIST_ONLY", "PASSWORD", "DEFAULT")) != NULL)
        kind = ZQ_STATEMENT_ADMIN;
    else if (ats == 0 && is_at(r, "TRANSACTION"))
        kind = ZQ_STATEMENT_TRANSACTION;
    clause.name = take_name(r);
    if (ats != 1 && is_of_transactions(clause.name))
        kind = ZQ_STATEMENT_TRANSACTION;
    accept_sign(r, ':');
    accept_sign(r, '=');
    if (at_name(r) || r->now.kind == ZQ_TOKEN_STRING)
        clause.new_name = zq_read_unquoted(r, &r->now);
    while (!at_end(r) && !(r->depth == 0 && zq_token_is_sign(&r->now, ',')))
        next(r);
    end_clause(r, clause);
    return kind;
}

static void read_set(reader *r)
{
    if (accept(r, "STATEMENT")) {
        if (seek(r, WORDS("FOR")) != NULL)
            next(r);
        read_nested(r, "SET STATEMENT");
        return;
    }
    be(r, ZQ_STATEMENT_SESSION, "SET");
    do {
        zq_statement_kind kind = read_assignment(r);

        if (kind != ZQ_STATEMENT_SESSION)
            r->out->kind = kind;
    } while (accept_sign(r, ','));
}

/* BEGIN opens a transaction; BEGIN NOT ATOMIC, MariaDB's, a compound statement. */
static void read_begin(reader *r)
{
    accept(r, "WORK");
    if (at_end(r))
        be(r, ZQ_STATEMENT_TRANSACTION, "BEGIN");
    else
        be_opaque(r, "BEGIN");
}

static void read_start(reader *r)
{
    if (is_at(r, "TRANSACTION"))
        be(r, ZQ_STATEMENT_TRANSACTION, "START");
    else
        be_opaque(r, "START");
}

static void read_call(reader *r)
{
    const char *name;

    be_opaque(r, "CALL");
    name = take_path(r);
    r->out->name = name;
    r->out->opaque = !r->follows;
    if (name != NULL && !zq_token_is_sign(&r->now, '('))
        zq_read_add_call(r, name);
}

/* FLUSH TABLES ... WITH READ LOCK, FOR EXPORT: nothing of ours could be written beside it. */
static void read_flush(reader *r)
{
    be(r, ZQ_STATEMENT_ADMIN, "FLUSH");
    if (seek(r, WORDS("LOCK", "EXPORT")) != NULL)
        be(r, ZQ_STATEMENT_TRANSACTION, "FLUSH TABLES WITH READ LOCK");
}

static void read_prepare(reader *r)
{
    be(r, ZQ_STATEMENT_SESSION, "PREPARE");
    r->out->name = take_name(r);
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
    {"TABLE", read_select},
    {"VALUES", read_select},
    {"FLUSH", read_flush},
    {"WITH", read_with},
    {"SET", read_set},
    {"BEGIN", read_begin},
    {"START", read_start},
    {"CALL", read_call},
    {"EXECUTE", read_execute},
    {"PREPARE", read_prepare},
    {"EXPLAIN", read_explain},
    {"DESCRIBE", read_explain},
    {"DESC", read_explain},
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
    {"DO", ZQ_STATEMENT_READ},
    {"HELP", ZQ_STATEMENT_READ},
    {"DEALLOCATE", ZQ_STATEMENT_SESSION},
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
    while (zq_token_is_sign(&r->now, '('))
        next(r); /* (SELECT ...) UNION ... */
    r->depth = 0;
    for (size_t i = 0; i < ZQ_LEN(readers); i++) {
        if (accept(r, readers[i].word)) {
            readers[i].read(r);
            return;
        }
    }
    for (size_t i = 0; i < ZQ_LEN(verbs); i++) {
        if (accept(r, verbs[i].word)) {
            be(r, verbs[i].kind, verbs[i].word);
            return;
        }
    }
    be_opaque(r, "");
}

/* ---- the whole ---- */

/* A BEGIN that has more behind it than a word is MariaDB's compound statement. */
static bool is_compound(const reader *r)
{
    zq_token after = ahead(r);

    if (is_at(r, "BEGIN"))
        return zq_token_is(&after, "NOT");
    return zq_read_begins_body(r);
}

static void find_end(reader *r, const char *text, size_t length)
{
    zq_statement *out = r->out;

    while (!at_end(r))
        next(r);
    out->length = length;
    if (zq_token_is_sign(&r->now, ';')) {
        out->length = (size_t)(r->now.text - text);
        while (out->length > 0 && strchr(" \t\n\v\f\r", text[out->length - 1]) != NULL &&
               text[out->length - 1] != '\0')
            out->length--;
        /* It cannot be taken away from a comment that is run. */
        if (r->scanner.in_executable)
            out->more_line = r->now.line;
        next(r);
        if (r->now.kind != ZQ_TOKEN_END)
            out->more_line = r->now.line;
    }
    zq_read_watch(r, &r->now);
}

/* Gives which kinds of executable comments it has. */
static unsigned read_as(const char *text, size_t length, unsigned leaves_out, bool follows,
                        zq_arena *arena, zq_statement *out)
{
    reader r = {
        .scanner = {.text = text, .length = length, .line = 1, .leaves_out = leaves_out},
        .arena = arena,
        .out = out,
        .all = out,
        .read_verb = read_verb,
        .follows = follows,
    };
    static const char *const none[] = {NULL};

    *out =
        (zq_statement){.verb = "", .tables = none, .names = none, .mentions = none, .calls = none};
    r.now = zq_scan_code(&r.scanner);
    if (is_compound(&r)) {
        be(&r, ZQ_STATEMENT_UNKNOWN, "BEGIN NOT ATOMIC");
        zq_read_body(&r, true);
    } else {
        read_verb(&r);
    }
    find_end(&r, text, length);
    return r.scanner.executables;
}

/* What another server sees of the same text counts too; where it is another statement, nobody can
 * tell what it does. Nothing at all is a syntax error there. */
static void take_variant(const char *text, size_t length, unsigned leaves_out, zq_arena *arena,
                         zq_statement *io)
{
    zq_scanner scanner = {.text = text, .length = length, .line = 1, .leaves_out = leaves_out};
    zq_statement other;

    if (zq_scan_code(&scanner).kind == ZQ_TOKEN_END)
        return;
    read_as(text, length, leaves_out, false, arena, &other);
    /* CREATE without a word that says what is a syntax error, too. */
    if (*other.verb != '\0' && strlen(other.verb) < strlen(io->verb) &&
        strncmp(other.verb, io->verb, strlen(other.verb)) == 0)
        return;
    io->opaque |= other.opaque || other.kind != io->kind || strcmp(other.verb, io->verb) != 0;
    io->loses |= other.loses;
    io->other_database |= other.other_database;
    io->makes_empty &= other.makes_empty;
    if (other.n_tables != io->n_tables)
        io->tables_known = false;
    if (io->meta == NULL)
        io->meta = other.meta;
    if (io->more_line == 0)
        io->more_line = other.more_line;
}

void zq_statement_read(const char *text, size_t length, zq_arena *arena, zq_statement *out)
{
    unsigned seen = read_as(text, length, 0, false, arena, out);

    for (unsigned leave = 1; leave <= seen; leave++)
        if ((leave & ~seen) == 0)
            take_variant(text, length, leave, arena, out);
}

void zq_statement_read_body(const char *body, size_t length, zq_arena *arena, zq_statement *out)
{
    static const char begin[] = "BEGIN NOT ATOMIC ";
    const char *text = zq_arena_printf(arena, "%s%.*s\n; END", begin, (int)length, body);

    /* One that is not understood would end elsewhere. */
    read_as(text, strlen(text), 0, true, arena, out);
    out->opaque |= out->more_line != 0 || out->open_line != 0;
}
