/* What follows ALTER, CREATE, DROP, RENAME and TRUNCATE: the object, its name, and for ALTER TABLE
 * the list of its clauses.
 *
 * A clause is kept as verb, object and names, with the place where it stands; what comes behind
 * those (a definition, options) is passed over up to the next comma outside parentheses.
 * sql/alter/predict.c, which must know what a clause makes of a table, reads it again from that
 * place, to the last word; here a clause in a syntax that is not known must still count as one. */
#include "sql/read/reader.h"

#include <strings.h>

/* ---- ALTER TABLE ---- */

/* What ADD and DROP name besides columns. */
static const char *const parts[] = {"COLUMN",  "INDEX",      "KEY",       "UNIQUE", "FULLTEXT",
                                    "SPATIAL", "PRIMARY",    "CHECK",     "PERIOD", "FOREIGN",
                                    "SYSTEM",  "CONSTRAINT", "PARTITION", "VECTOR", NULL};

static bool is_index(const char *part)
{
    return strcmp(part, "INDEX") == 0 || strcmp(part, "KEY") == 0 || strcmp(part, "UNIQUE") == 0 ||
           strcmp(part, "FULLTEXT") == 0 || strcmp(part, "SPATIAL") == 0;
}

/* Some of these words are names, too, unless their own follow: a column may be called `period`. */
static const char *accept_part(reader *r, bool adds)
{
    const char *part = one_of(r, parts);
    zq_scanner scanner = r->scanner;
    zq_token behind = part != NULL ? zq_scan_code(&scanner) : r->now;

    if (part == NULL || (strcmp(part, "PERIOD") == 0 && !zq_token_is(&behind, "FOR")) ||
        (strcmp(part, "SYSTEM") == 0 && !zq_token_is(&behind, "VERSIONING")) ||
        (strcmp(part, "VECTOR") == 0 &&
         (!adds || !(zq_token_is(&behind, "INDEX") || zq_token_is(&behind, "KEY") ||
                     zq_token_is_sign(&behind, '(')))))
        return NULL;
    next(r);
    return part;
}

/* ADD [CONSTRAINT [name]] part ...; DROP part name. */
static void read_part(reader *r, zq_clause *clause)
{
    bool adds = strcmp(clause->verb, "ADD") == 0;
    const char *part;

    if (adds && accept(r, "CONSTRAINT") && one_of(r, parts) == NULL)
        clause->name = take_name(r);
    part = accept_part(r, adds);
    clause->object = part == NULL ? "COLUMN" : is_index(part) && !adds ? "INDEX" : part;
    if (part != NULL && strcmp(part, "PARTITION") == 0)
        r->out->alters = false;
    if (part != NULL && strcmp(part, "COLUMN") != 0)
        skip_words(r, WORDS("INDEX", "KEY", "VERSIONING", "FOR"));
    skip_if_exists(r);
    if (clause->name == NULL && at_name(r))
        clause->name = take_name(r);
}

static void lose_part(reader *r, const zq_clause *clause)
{
    if (strcmp(clause->object, "COLUMN") == 0)
        r->out->loses |= ZQ_LOSES_COLUMN;
    else if (strcmp(clause->object, "PARTITION") == 0)
        r->out->loses |= ZQ_LOSES_PARTITION;
    else if (strcmp(clause->object, "SYSTEM") == 0)
        r->out->loses |= ZQ_LOSES_ROWS; /* those that were before: DROP SYSTEM VERSIONING */
}

/* [COLUMN] [IF EXISTS] old [TO] new */
static void read_new_name(reader *r, zq_clause *clause)
{
    accept(r, "COLUMN");
    skip_if_exists(r);
    clause->object = "COLUMN";
    clause->name = take_name(r);
    accept(r, "TO");
    clause->new_name = take_name(r);
}

static void read_renaming(reader *r, zq_clause *clause)
{
    if (is_at(r, "COLUMN")) {
        read_new_name(r, clause);
    } else if (accept_one(r, WORDS("INDEX", "KEY")) != NULL) {
        clause->object = "INDEX";
        skip_if_exists(r);
        clause->name = take_name(r);
        accept(r, "TO");
        clause->new_name = take_name(r);
    } else {
        clause->object = "TABLE";
        skip_words(r, WORDS("TO", "AS"));
        accept_sign(r, '=');
        if (take_table(r))
            clause->new_name = r->out->tables[r->out->n_tables - 1];
    }
}

/* Rows that an engine does not keep. */
static void lose_to_engine(reader *r, const char *engine)
{
    static const char *const engines[] = {"BLACKHOLE", "MEMORY", "HEAP"};

    for (size_t i = 0; engine != NULL && i < ZQ_LEN(engines); i++)
        if (strcasecmp(engine, engines[i]) == 0)
            r->out->loses |= ZQ_LOSES_KEPT;
}

/* CONVERT TO CHARACTER SET name; CONVERT PARTITION, TABLE are MariaDB's. */
static void read_conversion(reader *r, zq_clause *clause)
{
    if (one_of(r, WORDS("PARTITION", "TABLE")) != NULL) {
        clause->object = "PARTITION";
        r->out->tables_known = false;
        return;
    }
    skip_words(r, WORDS("TO", "CHARACTER", "CHARSET", "SET"));
    clause->new_name = take_value(r);
}

static void read_action(reader *r, zq_clause *clause)
{
    static const char *const actions[] = {
        "ADD",     "DROP",      "MODIFY",   "CHANGE",         "ALTER",     "RENAME",     "CONVERT",
        "ENGINE",  "ALGORITHM", "LOCK",     "FORCE",          "ORDER",     "TRUNCATE",   "DISCARD",
        "IMPORT",  "EXCHANGE",  "COMMENT",  "AUTO_INCREMENT", "PARTITION", "REORGANIZE", "COALESCE",
        "REBUILD", "REMOVE",    "OPTIMIZE", "REPAIR",         "ANALYZE",   "CHECK",      NULL};
    const char *verb = accept_one(r, actions);
    zq_statement *out = r->out;

    if (verb == NULL)
        return;
    clause->verb = verb;
    if (strcmp(verb, "ADD") == 0 || strcmp(verb, "DROP") == 0) {
        read_part(r, clause);
        if (verb[0] == 'D')
            lose_part(r, clause);
    } else if (strcmp(verb, "CHANGE") == 0) {
        read_new_name(r, clause);
    } else if (strcmp(verb, "MODIFY") == 0) {
        accept(r, "COLUMN");
        skip_if_exists(r);
        clause->object = "COLUMN";
        clause->name = take_name(r);
    } else if (strcmp(verb, "RENAME") == 0) {
        read_renaming(r, clause);
    } else if (strcmp(verb, "CONVERT") == 0) {
        read_conversion(r, clause);
    } else if (strcmp(verb, "ENGINE") == 0) {
        clause->new_name = take_value(r);
        lose_to_engine(r, clause->new_name);
    } else if (strcmp(verb, "ALGORITHM") == 0) {
        out->has_algorithm = true;
        clause->new_name = take_value(r);
    } else if (strcmp(verb, "LOCK") == 0) {
        out->has_lock = true;
        clause->new_name = take_value(r);
    } else if (strcmp(verb, "TRUNCATE") == 0) {
        out->loses |= ZQ_LOSES_ROWS;
    } else if (strcmp(verb, "DISCARD") == 0) {
        out->loses |= ZQ_LOSES_TABLE;
    } else if (strcmp(verb, "EXCHANGE") == 0) {
        out->tables_known = false;
        out->swaps = true;
    }
}

/* Some stand without a comma behind others: options of the table, PARTITION BY, ORDER BY. */
static bool at_next_action(const reader *r)
{
    zq_token after;

    if (r->depth > 0 ||
        one_of(r, WORDS("ENGINE", "ORDER", "PARTITION", "REMOVE", "CONVERT")) == NULL ||
        zq_token_is(&r->last, "AFTER") || zq_token_is(&r->last, "REFERENCES"))
        return false;
    after = ahead(r);
    if (is_at(r, "ENGINE"))
        return after.kind != ZQ_TOKEN_END && !zq_token_is_sign(&after, ',');
    return one_of(r, WORDS("ORDER", "PARTITION")) != NULL ? zq_token_is(&after, "BY")
           : is_at(r, "REMOVE")                           ? zq_token_is(&after, "PARTITIONING")
                                                          : zq_token_is(&after, "TO");
}

/* To the end of the clause. KEY k ((lower(a))) is an index over an expression. */
static void pass_clause(reader *r, zq_clause *clause)
{
    while (!at_end(r) && !(r->depth == 0 && zq_token_is_sign(&r->now, ',')) && !at_next_action(r)) {
        bool opened = zq_token_is_sign(&r->last, '(');

        /* Behind these no clause can be added. */
        if (r->depth == 0 && one_of(r, WORDS("PARTITION", "PARTITIONING", "ORDER")) != NULL)
            r->out->alters = false;
        if (opened && zq_token_is_sign(&r->now, '('))
            clause->object = "EXPRESSION";
        clause->refers |= is_at(r, "REFERENCES");
        next(r);
    }
}

/* Old name, new name, old ...: a name may come twice in it. */
static void list_renamed(reader *r)
{
    zq_statement *out = r->out;
    const char **names = ZQ_NEW_ARRAY(r->arena, const char *, 2 * out->n_clauses + 1);
    size_t n = 0;

    for (size_t i = 0; i < out->n_clauses; i++) {
        const zq_clause *clause = &out->clauses[i];

        if (strcmp(clause->object, "COLUMN") != 0 || clause->name == NULL ||
            clause->new_name == NULL)
            continue;
        names[n++] = clause->name;
        names[n++] = clause->new_name;
    }
    out->renamed = n > 0 ? names : NULL;
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
        zq_clause clause = begin_clause(r);

        r->depth = 0;
        if (one_of(r, WORDS("PARTITION", "ORDER", "REMOVE")) != NULL)
            r->out->alters = false;
        read_action(r, &clause);
        pass_clause(r, &clause);
        end_clause(r, clause);
        accept_sign(r, ',');
    }
    list_renamed(r);
}

/* ---- other objects ---- */

/* What CREATE, ALTER, DROP and RENAME are about, by the word behind them. */
static const struct {
    const char *word;
    zq_statement_object object;
    const char *create, *alter, *drop;
} objects[] = {
    {"VIEW", ZQ_OBJECT_VIEW, "CREATE VIEW", "ALTER VIEW", "DROP VIEW"},
    {"TRIGGER", ZQ_OBJECT_TRIGGER, "CREATE TRIGGER", "ALTER", "DROP TRIGGER"},
    {"PROCEDURE", ZQ_OBJECT_ROUTINE, "CREATE PROCEDURE", "ALTER PROCEDURE", "DROP PROCEDURE"},
    {"FUNCTION", ZQ_OBJECT_ROUTINE, "CREATE FUNCTION", "ALTER FUNCTION", "DROP FUNCTION"},
    {"EVENT", ZQ_OBJECT_EVENT, "CREATE EVENT", "ALTER EVENT", "DROP EVENT"},
    {"SEQUENCE", ZQ_OBJECT_SEQUENCE, "CREATE SEQUENCE", "ALTER SEQUENCE", "DROP SEQUENCE"},
    {"DATABASE", ZQ_OBJECT_DATABASE, "CREATE DATABASE", "ALTER DATABASE", "DROP DATABASE"},
    {"SCHEMA", ZQ_OBJECT_DATABASE, "CREATE DATABASE", "ALTER DATABASE", "DROP DATABASE"},
    {"USER", ZQ_OBJECT_USER, "CREATE USER", "ALTER USER", "DROP USER"},
    {"ROLE", ZQ_OBJECT_USER, "CREATE ROLE", "ALTER", "DROP ROLE"},
    {"SERVER", ZQ_OBJECT_NONE, "CREATE SERVER", "ALTER SERVER", "DROP SERVER"},
    {"TABLESPACE", ZQ_OBJECT_NONE, "CREATE TABLESPACE", "ALTER TABLESPACE", "DROP TABLESPACE"},
    {"INSTANCE", ZQ_OBJECT_NONE, "CREATE", "ALTER INSTANCE", "DROP"},
};

/* Go to the word that says which object it is, take it, and give its row; -1: there is none. What
 * stands behind words for other things (RESOURCE GROUP g TYPE = USER) says nothing. */
static int seek_object(reader *r)
{
    static const char *const others[] = {"TABLE",   "INDEX",   "RESOURCE",  "LOGFILE",
                                         "LIBRARY", "PACKAGE", "REFERENCE", NULL};

    for (; !at_end(r); next(r)) {
        for (size_t i = 0; r->depth == 0 && i < ZQ_LEN(objects); i++)
            if (accept(r, objects[i].word))
                return (int)i;
        if (r->depth == 0 && one_of(r, others) != NULL)
            return -1;
    }
    return -1;
}

/* An account is user@host, of any host unless it is said. */
static const char *take_account(reader *r)
{
    const char *user = take_value(r);
    const char *host = user != NULL && accept_sign(r, '@') ? take_value(r) : NULL;

    return user == NULL ? NULL
                        : zq_arena_printf(r->arena, "%s@%s", user, host != NULL ? host : "%");
}

static void take_object(reader *r)
{
    const char *name = r->out->object == ZQ_OBJECT_USER       ? take_account(r)
                       : r->out->object == ZQ_OBJECT_DATABASE ? take_name(r)
                                                              : take_path(r);

    if (name != NULL)
        zq_read_add_object(r, name);
}

/* To the next name of a list: behind a comma, but not one of DEFAULT ROLE a, b. */
static bool to_next_object(reader *r)
{
    while (!at_end(r) && !is_at(r, "DEFAULT")) {
        if (r->depth == 0 && accept_sign(r, ','))
            return true;
        next(r);
    }
    return false;
}

/* What goes with an object that is dropped or replaced; the others are no more than their text. */
static unsigned lost_with(zq_statement_object object)
{
    return object == ZQ_OBJECT_DATABASE   ? ZQ_LOSES_DATABASE
           : object == ZQ_OBJECT_SEQUENCE ? ZQ_LOSES_SEQUENCE
                                          : 0;
}

/* The first of them; all, where there may be several: accounts, and sequences that are dropped. */
static void take_objects(reader *r)
{
    bool several = r->out->object == ZQ_OBJECT_USER || (r->out->object == ZQ_OBJECT_SEQUENCE &&
                                                        zq_statement_is(r->out, "DROP SEQUENCE"));

    skip_if_exists(r);
    do
        take_object(r);
    while (several && to_next_object(r));
}

/* ... [AT time | EVERY ... [ENDS time]] [ON COMPLETION [NOT] PRESERVE] ... DO body. Without
 * PRESERVE, the server drops an event whose time is over. */
static void read_event(reader *r)
{
    bool ends = false, stays = false;

    for (; !at_end(r) && !(r->depth == 0 && is_at(r, "DO")); next(r)) {
        ends |= one_of(r, WORDS("AT", "ENDS")) != NULL;
        stays |= is_at(r, "PRESERVE") && !zq_token_is(&r->last, "NOT");
        if (zq_token_is(&r->last, "RENAME") && accept(r, "TO"))
            take_object(r);
        if (at_end(r) || is_at(r, "DO"))
            break;
    }
    r->out->vanishes = ends && !stays;
    if (accept(r, "DO"))
        zq_read_body(r, false);
}

/* What is of the server, not of a database: nothing there tells what has happened. */
static bool be_object(reader *r, int row, const char *verb)
{
    if (objects[row].object == ZQ_OBJECT_NONE) {
        be_opaque(r, verb);
        return false;
    }
    be_ddl(r, objects[row].object, verb);
    return true;
}

void zq_read_alter(reader *r)
{
    int object;

    for (const char *word; (word = accept_one(r, WORDS("ONLINE", "OFFLINE", "IGNORE"))) != NULL;)
        if (word[0] == 'I')
            r->out->loses |= ZQ_LOSES_ROWS; /* that a new key does not take */
    if (accept(r, "TABLE")) {
        read_alter_table(r);
        return;
    }
    if ((object = seek_object(r)) < 0) {
        be_opaque(r, "ALTER");
        return;
    }
    if (!be_object(r, object, objects[object].alter))
        return;
    if (r->out->object == ZQ_OBJECT_VIEW) {
        r->out->tables_known = true;
        take_table(r);
    } else {
        take_objects(r);
    }
    if (r->out->object == ZQ_OBJECT_EVENT)
        read_event(r);
}

/* ---- CREATE TABLE ---- */

/* Is its engine one that begins without rows, and keeps them where it is? */
static bool is_local(const char *engine)
{
    static const char *const engines[] = {"INNODB", "MYISAM", "ARIA",    "MEMORY",
                                          "HEAP",   "CSV",    "ARCHIVE", "ROCKSDB"};

    for (size_t i = 0; engine != NULL && i < ZQ_LEN(engines); i++)
        if (strcasecmp(engine, engines[i]) == 0)
            return true;
    return false;
}

static void read_table_options(reader *r)
{
    for (; !at_end(r); next(r)) {
        bool head = r->depth == 0 || zq_token_is_sign(&r->last, '(');

        if (is_at(r, "SELECT") || (head && one_of(r, WORDS("TABLE", "VALUES")) != NULL))
            r->out->filled = true;
        if (r->out->filled || (head && is_at(r, "UNION")))
            r->out->makes_empty = false;
        while (r->depth == 0 && is_at(r, "ENGINE")) {
            zq_clause clause = begin_clause(r);

            clause.verb = accept_one(r, WORDS("ENGINE"));
            clause.new_name = take_value(r);
            end_clause(r, clause);
            if (!is_local(clause.new_name))
                r->out->makes_empty = false;
        }
        if (at_end(r))
            return;
    }
}

static void read_create_table(reader *r, bool replace)
{
    be_ddl(r, ZQ_OBJECT_TABLE, "CREATE TABLE");
    if (replace)
        r->out->loses |= ZQ_LOSES_TABLE;
    r->out->makes_empty = !skip_if_exists(r);
    r->out->tables_known = true;
    take_table(r);
    if (zq_token_is_sign(&r->now, '(')) {
        zq_token after = ahead(r);

        if (zq_token_is(&after, "LIKE"))
            next(r);
    }
    if (accept(r, "LIKE")) {
        const char *like = take_path(r);

        if (like != NULL)
            zq_read_add_mention(r, like);
        return;
    }
    read_table_options(r);
}

static void read_temporary(reader *r, bool replace)
{
    accept(r, "TABLE");
    read_create_table(r, replace);
    r->out->loses = 0;
    be(r, ZQ_STATEMENT_SESSION, "CREATE TEMPORARY TABLE");
}

/* ---- indexes ---- */

/* Index statements end in ALGORITHM and LOCK without commas. */
static void read_index_options(reader *r, zq_clause *clause)
{
    for (; !at_end(r); next(r)) {
        if (zq_token_is_sign(&r->last, '(') && zq_token_is_sign(&r->now, '('))
            clause->object = "EXPRESSION";
        while (r->depth == 0 && one_of(r, WORDS("ALGORITHM", "LOCK")) != NULL) {
            zq_clause option = begin_clause(r);

            option.verb = accept_one(r, WORDS("ALGORITHM", "LOCK"));
            *(option.verb[0] == 'L' ? &r->out->has_lock : &r->out->has_algorithm) = true;
            option.new_name = take_value(r);
            end_clause(r, option);
        }
        if (at_end(r))
            return;
    }
}

static void read_index(reader *r, const char *verb, const char *kind)
{
    zq_clause clause = begin_clause(r);

    be_ddl(r, ZQ_OBJECT_TABLE, verb);
    r->out->alters = true;
    r->out->tables_known = true;
    clause.verb = verb[0] == 'C' ? "ADD" : "DROP";
    clause.object = kind;
    skip_if_exists(r);
    clause.name = take_name(r);
    if (seek(r, WORDS("ON")) != NULL)
        next(r);
    take_table(r);
    end_clause(r, clause);
    read_index_options(r, (zq_clause *)&r->out->clauses[0]);
}

/* ---- what has a body ---- */

static void read_trigger_body(reader *r)
{
    r->out->tables_known = true;
    if (seek(r, WORDS("ON")) != NULL)
        next(r);
    take_table(r);
    skip_words(r, WORDS("FOR", "EACH", "ROW"));
    if (accept_one(r, WORDS("FOLLOWS", "PRECEDES")) != NULL)
        take_name(r);
    zq_read_body(r, false);
}

/* (parameters) [RETURNS type] [characteristic ...] body */
static void read_routine_body(reader *r)
{
    static const char *const marks[] = {
        "DETERMINISTIC", "NOT",      "CONTAINS", "SQL",     "NO",      "READS",
        "MODIFIES",      "DATA",     "SECURITY", "DEFINER", "INVOKER", "UNSIGNED",
        "SIGNED",        "ZEROFILL", "BINARY",   NULL};

    while (!at_end(r)) {
        if (r->depth > 0 || zq_token_is_sign(&r->now, '('))
            next(r);
        else if (accept_one(r, WORDS("RETURNS", "CHARACTER")) != NULL)
            next(r); /* the type; SET */
        else if (accept_one(r, WORDS("COMMENT", "LANGUAGE", "CHARSET", "COLLATE")) != NULL)
            next(r);
        else if (zq_token_is(&r->last, "SET") && r->now.kind == ZQ_TOKEN_WORD)
            next(r); /* CHARACTER SET utf8mb4 */
        else if (accept_one(r, marks) == NULL)
            break;
    }
    zq_read_body(r, false);
}

static void read_body_of(reader *r, zq_statement_object object)
{
    if (object == ZQ_OBJECT_TRIGGER) {
        read_trigger_body(r);
    } else if (object == ZQ_OBJECT_ROUTINE) {
        if (is_at(r, "RETURNS")) { /* a function of a library */
            next(r);
            next(r);
        }
        if (is_at(r, "SONAME"))
            be_opaque(r, r->out->verb); /* it is the server's */
        else
            read_routine_body(r);
    } else if (object == ZQ_OBJECT_EVENT) {
        read_event(r);
    }
}

void zq_read_create(reader *r)
{
    bool replace = accept(r, "OR") && accept(r, "REPLACE");
    const char *kind = NULL;
    int object;

    if (accept(r, "TEMPORARY")) {
        read_temporary(r, replace);
        return;
    }
    while (kind == NULL &&
           one_of(r, WORDS("UNIQUE", "FULLTEXT", "SPATIAL", "ONLINE", "OFFLINE", "VECTOR")) != NULL)
        if ((kind = accept_one(r, WORDS("UNIQUE", "FULLTEXT", "SPATIAL"))) == NULL)
            next(r);
    object = seek_object(r);
    if (object < 0 && accept(r, "TABLE")) {
        read_create_table(r, replace);
    } else if (object < 0 && accept(r, "INDEX")) {
        read_index(r, "CREATE INDEX", kind != NULL ? kind : "INDEX");
    } else if (object < 0) {
        be_opaque(r, "CREATE");
    } else if (be_object(r, object, objects[object].create)) {
        if (r->out->object == ZQ_OBJECT_VIEW) {
            skip_if_exists(r);
            r->out->tables_known = true;
            take_table(r);
        } else {
            take_objects(r);
        }
        if (replace)
            r->out->loses |= lost_with(r->out->object);
        read_body_of(r, r->out->object);
    }
}

/* ---- DROP, RENAME, TRUNCATE ---- */

static void read_drop_object(reader *r)
{
    int object = seek_object(r);

    if (object < 0)
        be_opaque(r, "DROP");
    if (object < 0 || !be_object(r, object, objects[object].drop))
        return;
    r->out->loses |= lost_with(r->out->object);
    if (r->out->object == ZQ_OBJECT_VIEW) {
        skip_if_exists(r);
        take_tables(r);
    } else {
        take_objects(r);
    }
}

void zq_read_drop(reader *r)
{
    if (accept(r, "PREPARE")) {
        be(r, ZQ_STATEMENT_SESSION, "DROP PREPARE");
    } else if (accept(r, "TEMPORARY")) {
        be(r, ZQ_STATEMENT_SESSION, "DROP TEMPORARY TABLE");
        next(r);
        skip_if_exists(r);
        take_tables(r);
    } else if (accept_one(r, WORDS("TABLE", "TABLES")) != NULL) {
        be_ddl(r, ZQ_OBJECT_TABLE, "DROP TABLE");
        r->out->loses |= ZQ_LOSES_TABLE;
        skip_if_exists(r);
        take_tables(r);
    } else if (accept(r, "INDEX")) {
        read_index(r, "DROP INDEX", "INDEX");
    } else {
        read_drop_object(r);
    }
}

/* A name was there before when it is taken from first, and is there after when it is given last. */
static bool is_circle(const zq_statement *s)
{
    for (size_t i = 0; i < 2 * s->n_clauses; i++) {
        const char *name = i % 2 == 0 ? s->clauses[i / 2].name : s->clauses[i / 2].new_name;
        size_t first = i, last = i;

        for (size_t j = 0; j < 2 * s->n_clauses; j++) {
            const char *other = j % 2 == 0 ? s->clauses[j / 2].name : s->clauses[j / 2].new_name;

            if (name == NULL || other == NULL || strcmp(other, name) != 0)
                continue;
            first = j < first ? j : first;
            last = j > last ? j : last;
        }
        if ((first % 2 == 0) != (last % 2 == 1))
            return false;
    }
    return true;
}

/* [database.]table, taken into the list. */
static const char *take_renamed(reader *r)
{
    const char *name = take_path(r);

    if (name == NULL)
        r->out->tables_known = false;
    else
        zq_read_add_table(r, name);
    return name;
}

void zq_read_rename(reader *r)
{
    if (accept(r, "USER")) {
        be_ddl(r, ZQ_OBJECT_USER, "RENAME USER");
        do
            take_object(r);
        while (accept(r, "TO") || accept_sign(r, ','));
        return;
    }
    if (accept_one(r, WORDS("TABLE", "TABLES")) == NULL) {
        be_opaque(r, "RENAME");
        return;
    }
    be_ddl(r, ZQ_OBJECT_TABLE, "RENAME TABLE");
    skip_if_exists(r);
    r->out->tables_known = true;
    do {
        zq_clause clause = begin_clause(r);

        clause.verb = "RENAME";
        clause.object = "TABLE";
        clause.name = take_renamed(r);
        if (seek(r, WORDS("TO")) != NULL)
            next(r);
        clause.new_name = take_renamed(r);
        end_clause(r, clause);
    } while (!r->all->too_many && accept_sign(r, ','));
    r->out->swaps = !r->all->too_many && is_circle(r->out);
}

void zq_read_truncate(reader *r)
{
    accept(r, "TABLE");
    be_ddl(r, ZQ_OBJECT_TABLE, "TRUNCATE TABLE");
    r->out->loses |= ZQ_LOSES_ROWS;
    r->out->tables_known = true;
    take_table(r);
}
