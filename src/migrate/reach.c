/* Statements that run others.
 *
 * SELECT f(), an INSERT on a table with a trigger, a view over a function: what they change stands
 * in bodies elsewhere. Those are looked up by name, from body to body, until nothing new is named,
 * and read as statements. A trigger counts for the events that its statement has, one that is
 * reached from a body for all. Given up: what a body makes of its names at run time (PREPARE) is
 * opaque, and a trigger that this account may not see is not found. */
#include "migrate/reach.h"

#include "base/language.h"
#include "sql/read/statement.h"
#include "sql/sql.h"

#include <string.h>
#include <strings.h>

/* May the statement reach anything? Most DDL does not. */
static bool may_reach(const zq_rev_statement *s)
{
    switch (s->parsed.kind) {
    case ZQ_STATEMENT_DDL:
        return s->parsed.filled || (s->parsed.object == ZQ_OBJECT_EVENT && s->parsed.body != NULL);
    case ZQ_STATEMENT_ADMIN:
        return false;
    default:
        return s->parsed.n_calls + s->parsed.n_mentions + s->parsed.n_tables > 0;
    }
}

static void add(zq_reach *reach, zq_arena *arena, zq_hidden hidden)
{
    *ZQ_APPEND(arena, reach->items, reach->n) = hidden;
}

/* ---- what the way makes ---- */

static const char *event_of(const char *text, size_t length, zq_arena *arena)
{
    static const char *const events[] = {"INSERT", "UPDATE", "DELETE"};
    const char *head = zq_arena_strndup(arena, text, length);

    for (size_t i = 0; i < ZQ_LEN(events); i++)
        if (strcasestr(head, events[i]) != NULL)
            return events[i];
    return "";
}

/* A view, a trigger, a routine or an event that the statement makes; the kind of another is -1. */
static int kind_made(const zq_statement *parsed)
{
    if (parsed->kind != ZQ_STATEMENT_DDL)
        return -1;
    if (zq_statement_is(parsed, "CREATE VIEW") || zq_statement_is(parsed, "ALTER VIEW"))
        return ZQ_HIDDEN_VIEW;
    if (parsed->body == NULL || parsed->name == NULL)
        return -1;
    return parsed->object == ZQ_OBJECT_TRIGGER ? ZQ_HIDDEN_TRIGGER
           : parsed->object == ZQ_OBJECT_EVENT ? ZQ_HIDDEN_EVENT
                                               : ZQ_HIDDEN_ROUTINE;
}

static void take_creation(const zq_rev_statement *s, size_t at, zq_arena *arena, zq_reach *io)
{
    static const char *const words[] = {
        [ZQ_HIDDEN_ROUTINE] = N_("the procedure '%s'"),
        [ZQ_HIDDEN_TRIGGER] = N_("the trigger '%s'"),
        [ZQ_HIDDEN_VIEW] = N_("the view '%s'"),
        [ZQ_HIDDEN_EVENT] = N_("the event '%s'"),
    };
    const zq_statement *parsed = &s->parsed;
    const char *table = parsed->n_tables > 0 ? parsed->tables[0] : "";
    int kind = kind_made(parsed);
    zq_hidden hidden = {.from = at, .table = table, .parsed = *parsed};

    if (kind < 0)
        return;
    hidden.kind = (zq_hidden_kind)kind;
    hidden.name = kind == ZQ_HIDDEN_VIEW ? table : parsed->name;
    hidden.said = strstr(parsed->verb, "FUNCTION") != NULL ? N_("the function '%s'") : words[kind];
    if (kind != ZQ_HIDDEN_VIEW) {
        size_t head = (size_t)(parsed->body - s->text);

        hidden.event = event_of(s->text, head, arena);
        zq_statement_read_body(parsed->body, parsed->length - head, arena, &hidden.parsed);
    }
    hidden.is_seen = !hidden.parsed.opaque && !hidden.parsed.too_many;
    add(io, arena, hidden);
}

void zq_reach_made(const zq_path *path, zq_arena *arena, zq_reach *io)
{
    size_t at = 0;

    for (size_t l = 0; l < path->n; l++)
        for (size_t i = 0; i < path->legs[l].section->n; i++)
            take_creation(&path->legs[l].section->statements[i], ++at, arena, io);
}

/* ---- from one to the next ---- */

/* A name in this database; NULL: it is in another. */
static const char *local_name(const zq_reach *reach, const char *call)
{
    const char *dot = strchr(call, '.');

    if (dot == NULL)
        return call;
    if (reach->database != NULL && strlen(reach->database) == (size_t)(dot - call) &&
        strncasecmp(reach->database, call, (size_t)(dot - call)) == 0)
        return dot + 1;
    return NULL;
}

typedef struct following {
    const zq_reach *reach;
    const char *member;
    size_t at;
    bool *met; /* by the numbers of the items */
    const zq_hidden **found;
    size_t n;
    const char *foreign;
} following;

static void meet(following *f, size_t i)
{
    const zq_hidden *hidden = &f->reach->items[i];

    if (f->met[i] || hidden->from >= f->at)
        return;
    f->met[i] = true;
    f->found[f->n++] = hidden;
}

static void meet_named(following *f, zq_hidden_kind kind, const char *name)
{
    if (strcmp(name, "{table}") == 0 && f->member != NULL)
        name = f->member;
    for (size_t i = 0; i < f->reach->n; i++)
        if (f->reach->items[i].kind == kind && strcasecmp(f->reach->items[i].name, name) == 0)
            meet(f, i);
}

/* `verb` is what is done to the table; NULL: anything. */
static void meet_triggers(following *f, const char *table, const char *verb)
{
    if (strcmp(table, "{table}") == 0 && f->member != NULL)
        table = f->member;
    for (size_t i = 0; i < f->reach->n; i++) {
        const zq_hidden *hidden = &f->reach->items[i];

        if (hidden->kind == ZQ_HIDDEN_TRIGGER && strcasecmp(hidden->table, table) == 0 &&
            (verb == NULL || strcmp(hidden->event, verb) == 0))
            meet(f, i);
    }
}

/* INSERT may update, and REPLACE and LOAD DATA delete. */
static const char *event_verb(const zq_statement *parsed)
{
    return zq_statement_is(parsed, "UPDATE") || zq_statement_is(parsed, "DELETE") ? parsed->verb
                                                                                  : NULL;
}

static void follow(following *f, const zq_statement *parsed)
{
    for (size_t i = 0; i < parsed->n_calls; i++) {
        const char *name = local_name(f->reach, parsed->calls[i]);

        if (name != NULL)
            meet_named(f, ZQ_HIDDEN_ROUTINE, name);
        else
            f->foreign = parsed->calls[i];
    }
    for (size_t i = 0; i < parsed->n_mentions; i++)
        meet_named(f, ZQ_HIDDEN_VIEW, parsed->mentions[i]);
    for (size_t i = 0; i < parsed->n_tables; i++)
        meet_triggers(f, parsed->tables[i], event_verb(parsed));
}

bool zq_reach_writes_through(const zq_hidden *hidden, const zq_rev_statement *s)
{
    for (size_t i = 0; hidden->kind == ZQ_HIDDEN_VIEW && i < s->parsed.n_tables; i++)
        if (strcasecmp(hidden->name, s->parsed.tables[i]) == 0)
            return true;
    return false;
}

size_t zq_reach_of(const zq_reach *reach, const zq_rev_statement *s, size_t at, const char *member,
                   zq_arena *arena, const zq_hidden *const **out, const char **out_foreign)
{
    following f = {.reach = reach, .member = member, .at = at};

    *out = NULL;
    *out_foreign = NULL;
    if (!may_reach(s))
        return 0;
    f.met = ZQ_NEW_ARRAY(arena, bool, reach->n + 1);
    f.found = ZQ_NEW_ARRAY(arena, const zq_hidden *, reach->n + 1);
    if (s->parsed.object == ZQ_OBJECT_EVENT) {
        f.at = at + 1; /* its own */
        meet_named(&f, ZQ_HIDDEN_EVENT, s->parsed.name != NULL ? s->parsed.name : "");
    } else {
        follow(&f, &s->parsed);
    }
    for (size_t i = 0; i < f.n; i++) {
        const zq_hidden *hidden = f.found[i];

        follow(&f, &hidden->parsed);
        for (size_t m = 0; zq_reach_writes_through(hidden, s) && m < hidden->parsed.n_mentions; m++)
            meet_triggers(&f, hidden->parsed.mentions[m], event_verb(&s->parsed));
    }
    *out = f.found;
    *out_foreign = f.foreign;
    return f.n;
}

const char *zq_reach_unknown(const zq_reach *reach, const zq_rev_statement *s, size_t at)
{
    for (size_t i = 0; may_reach(s) && !s->parsed.opaque && i < s->parsed.n_calls; i++) {
        bool known = false;

        for (size_t k = 0; !known && k < reach->n; k++)
            known = reach->items[k].kind == ZQ_HIDDEN_ROUTINE && reach->items[k].from < at &&
                    strcasecmp(reach->items[k].name, s->parsed.calls[i]) == 0;
        /* WITH x (a) AS ...; the list of an INSERT's columns. */
        for (size_t m = 0; !known && m < s->parsed.n_mentions; m++)
            known = strcasecmp(s->parsed.mentions[m], s->parsed.calls[i]) == 0;
        if (!known)
            return s->parsed.calls[i];
    }
    return NULL;
}

/* ---- what is on the server ---- */

/* Names that are to be asked for, or were. */
typedef struct asking {
    zq_reach *reach;
    zq_arena *arena;
    zq_reach_name *items;
    size_t n, n_asked;
    size_t first; /* of those that are being asked for */
} asking;

static void want(asking *a, zq_hidden_kind kind, const char *name)
{
    if (name == NULL)
        return;
    for (size_t i = 0; i < a->n; i++)
        if (a->items[i].kind == kind && strcasecmp(a->items[i].name, name) == 0)
            return;
    *ZQ_APPEND(a->arena, a->items, a->n) = (zq_reach_name){kind, name};
}

static void want_of(asking *a, const zq_statement *parsed, const char *member)
{
    for (size_t i = 0; i < parsed->n_calls; i++)
        want(a, ZQ_HIDDEN_ROUTINE, local_name(a->reach, parsed->calls[i]));
    for (size_t i = 0; i < parsed->n_mentions; i++) {
        bool family = strcmp(parsed->mentions[i], "{table}") == 0;

        want(a, ZQ_HIDDEN_VIEW, family ? NULL : parsed->mentions[i]);
    }
    for (size_t i = 0; i < parsed->n_tables; i++)
        want(a, ZQ_HIDDEN_TRIGGER,
             strcmp(parsed->tables[i], "{table}") == 0 ? member : parsed->tables[i]);
}

/* Equality, one by one: else MariaDB would open each table of the database. */
static void write_question(zq_sql *sql, const zq_reach_name *wanted)
{
    static const struct {
        const char *head, *name;
    } questions[] = {
        [ZQ_HIDDEN_ROUTINE] = {"SELECT ROUTINE_NAME, '', LOWER(ROUTINE_TYPE), SQL_MODE, "
                               "IFNULL(ROUTINE_BODY = 'SQL', 0), ROUTINE_DEFINITION "
                               "FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()",
                               "ROUTINE_NAME"},
        [ZQ_HIDDEN_TRIGGER] = {"SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, EVENT_MANIPULATION, "
                               "SQL_MODE, 1, ACTION_STATEMENT FROM information_schema.TRIGGERS "
                               "WHERE EVENT_OBJECT_SCHEMA = DATABASE()",
                               "EVENT_OBJECT_TABLE"},
        [ZQ_HIDDEN_VIEW] = {"SELECT TABLE_NAME, '', '', '', 1, VIEW_DEFINITION "
                            "FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()",
                            "TABLE_NAME"},
    };

    zq_sql_add(sql, "%-s AND %-s = '%s';", questions[wanted->kind].head,
               questions[wanted->kind].name, wanted->name);
}

/* Its words mean what they mean to us only in the modes that are ours. */
static bool is_readable(const zq_row *row)
{
    const char *mode = zq_row_text(row, 3);

    return zq_row_length(row, 5) > 0 && strcmp(zq_row_text(row, 4), "1") == 0 &&
           strstr(mode, "ANSI_QUOTES") == NULL && strstr(mode, "NO_BACKSLASH_ESCAPES") == NULL &&
           strstr(mode, "ORACLE") == NULL;
}

static zq_rc take_row(void *context, size_t statement, const zq_row *row, ZQ_UNUSED zq_err *err)
{
    asking *a = context;
    const char *body = zq_row_text(row, 5);
    zq_hidden hidden = {
        .kind = a->items[a->first + statement].kind,
        .name = zq_arena_strdup(a->arena, zq_row_text(row, 0)),
        .table = zq_arena_strdup(a->arena, zq_row_text(row, 1)),
        .event = zq_arena_strdup(a->arena, zq_row_text(row, 2)),
        .parsed = {.verb = ""},
    };

    hidden.said = hidden.kind == ZQ_HIDDEN_VIEW               ? "the view '%s'"
                  : hidden.kind == ZQ_HIDDEN_TRIGGER          ? "the trigger '%s'"
                  : strcasecmp(hidden.event, "FUNCTION") == 0 ? "the function '%s'"
                                                              : "the procedure '%s'";
    if (is_readable(row)) {
        body = zq_arena_strdup(a->arena, body);
        if (hidden.kind == ZQ_HIDDEN_VIEW)
            zq_statement_read(body, strlen(body), a->arena, &hidden.parsed);
        else
            zq_statement_read_body(body, strlen(body), a->arena, &hidden.parsed);
        hidden.is_seen = !hidden.parsed.opaque && !hidden.parsed.too_many;
    }
    add(a->reach, a->arena, hidden);
    return ZQ_OK;
}

static zq_rc ask(asking *a, zq_db *db, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_answer answer = {"ttttiT", ZQ_ANY_ROWS, a->n - a->n_asked};

    a->first = a->n_asked;
    for (; a->n_asked < a->n; a->n_asked++)
        write_question(&sql, &a->items[a->n_asked]);
    return zq_db_run_sql(db, &sql, &(zq_answers){&answer, 1, take_row, a}, NULL, err);
}

/* `member` names what stands for "{table}"; NULL: the family does. */
static void want_of_path(asking *a, const zq_path *path, zq_reach_member *member,
                         const void *context)
{
    for (size_t l = 0; l < path->n; l++) {
        const zq_rev_section *section = path->legs[l].section;

        for (size_t i = 0; i < section->n; i++) {
            const zq_rev_statement *s = &section->statements[i];

            if (may_reach(s) && s->parsed.object != ZQ_OBJECT_EVENT)
                want_of(a, &s->parsed, member != NULL ? member(context, s) : s->family);
        }
    }
}

zq_rc zq_reach_read(zq_db *db, const zq_path *path, zq_reach_member *member, const void *context,
                    zq_arena *arena, zq_reach *io, zq_err *err)
{
    asking a = {.reach = io, .arena = arena};
    size_t followed = 0;

    want_of_path(&a, path, member, context);
    for (;;) {
        for (; followed < io->n; followed++)
            want_of(&a, &io->items[followed].parsed, NULL);
        if (a.n == a.n_asked)
            return ZQ_OK;
        ZQ_TRY(ask(&a, db, err));
    }
}

size_t zq_reach_names(const zq_path *path, zq_arena *arena, const zq_reach_name **out)
{
    zq_reach nothing = {0};
    asking a = {.reach = &nothing, .arena = arena};
    size_t n = 0;

    want_of_path(&a, path, NULL, NULL);
    for (size_t i = 0; i < a.n; i++)
        if (a.items[i].kind != ZQ_HIDDEN_ROUTINE)
            a.items[n++] = a.items[i];
    *out = a.items;
    return n;
}
