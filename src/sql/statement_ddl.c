#include "sql/statement_reader.h"

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

/* A name of a column, taken; NULL when there is none. */
static const char *take_name(reader *r)
{
    const char *name = NULL;

    if (r->now.kind == ZQ_TOKEN_WORD || r->now.kind == ZQ_TOKEN_NAME) {
        name = unquoted(r);
        next(r);
    }
    return name;
}

/* "[COLUMN] [IF EXISTS] old [TO] new": unlike other lists, this one is of pairs, in which a name
 * may come twice. */
static void read_new_name(reader *r)
{
    const char *const *old = r->out->renamed;
    size_t n = 0;
    const char **more;
    const char *from, *to;

    accept(r, "COLUMN");
    skip_if_exists(r);
    from = take_name(r);
    accept(r, "TO");
    to = take_name(r);
    if (from == NULL || to == NULL)
        return;
    while (old != NULL && old[n] != NULL)
        n++;
    more = ZQ_NEW_ARRAY(r->arena, const char *, n + 3);
    if (n > 0)
        memcpy(more, old, n * sizeof *more);
    more[n] = from;
    more[n + 1] = to;
    r->out->renamed = more;
}

static void read_rename_clause(reader *r)
{
    if (is(r, "COLUMN")) {
        read_new_name(r);
        return;
    }
    if (one_of(r, WORDS("INDEX", "KEY")) != NULL)
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
        out->loses |= ZQ_LOSES_ROWS;
    else if (accept(r, "DISCARD"))
        out->loses |= ZQ_LOSES_TABLE;
    else if (is(r, "MODIFY"))
        out->retypes = true;
    else if (accept(r, "CHANGE")) {
        out->retypes = true;
        read_new_name(r);
    } else if (accept(r, "CONVERT")) {
        out->retypes = true;
        if (one_of(r, WORDS("PARTITION", "TABLE")) != NULL)
            out->tables_known = false;
    } else if (is(r, "EXCHANGE")) {
        out->tables_known = false;
        out->swaps = true;
    } else if (is(r, "ALGORITHM"))
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
        while (!at_end(r) && !(r->depth == 0 && zq_token_is_sign(&r->now, ','))) {
            /* Behind these no clause can be added. */
            if (r->depth == 0 && one_of(r, WORDS("PARTITION", "PARTITIONING", "ORDER")) != NULL)
                r->out->alters = false;
            next(r);
        }
        next(r);
    }
}

void zq_read_alter(reader *r)
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

void zq_read_create(reader *r)
{
    bool replace = false;
    const char *object;

    if (accept(r, "OR"))
        replace = accept(r, "REPLACE");
    if (accept(r, "TEMPORARY")) {
        be(r, ZQ_STATEMENT_SESSION, "CREATE TEMPORARY TABLE");
        r->out->tables_known = accept(r, "TABLE");
        skip_if_exists(r);
        take_table(r);
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

void zq_read_drop(reader *r)
{
    if (is(r, "PREPARE")) {
        be(r, ZQ_STATEMENT_SESSION, "DROP PREPARE");
    } else if (accept(r, "TEMPORARY")) {
        be(r, ZQ_STATEMENT_SESSION, "DROP TEMPORARY TABLE");
        next(r);
        skip_if_exists(r);
        take_tables(r);
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

/* The names of RENAME TABLE as they stand: old, new, old ... */
typedef struct names {
    const char **items;
    size_t n;
} names;

static void take_renamed(reader *r, names *all)
{
    const char **more = ZQ_NEW_ARRAY(r->arena, const char *, all->n + 1);

    if (all->n > 0)
        memcpy(more, all->items, all->n * sizeof *more);
    more[all->n++] = unquoted(r);
    all->items = more;
    take_table(r);
}

/* A name was there before when it is taken from first, and is there after when it is given last. */
static bool is_circle(const names *all)
{
    for (size_t i = 0; i < all->n; i++) {
        size_t first = i;
        size_t last = i;

        for (size_t j = 0; j < all->n; j++) {
            if (strcmp(all->items[j], all->items[i]) != 0)
                continue;
            first = j < first ? j : first;
            last = j > last ? j : last;
        }
        if ((first % 2 == 0) != (last % 2 == 1))
            return false;
    }
    return true;
}

void zq_read_rename(reader *r)
{
    names all = {0};

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
        take_renamed(r, &all);
        if (seek(r, WORDS("TO")) != NULL)
            next(r);
        take_renamed(r, &all);
    } while (zq_token_is_sign(&r->now, ','));
    r->out->swaps = is_circle(&all);
}

void zq_read_truncate(reader *r)
{
    accept(r, "TABLE");
    be_ddl(r, ZQ_OBJECT_TABLE, "TRUNCATE TABLE");
    r->out->loses |= ZQ_LOSES_ROWS;
    r->out->tables_known = true;
    take_table(r);
}
