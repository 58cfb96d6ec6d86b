/* Walks the way through the chain with a copy of each table that it touches, and has every
 * statement change the copy (sql/alter/predict): so each is judged with the table as it will be
 * then, not as it is now. Where the prediction does not understand a statement, nothing is known of
 * its table from there on, and the words of the statement count alone. Statements that the journal
 * says are done are stepped over. */
#include "migrate/forecast.h"

#include "diff/cost.h"
#include "migrate/batch_key.h"
#include "rev/made.h"
#include "rev/statement_cost.h"
#include "run/online_ddl.h"
#include "sql/alter/predict.h"
#include "sql/read/placeholder.h"

#include <string.h>
#include <strings.h>

/* A walk over the way. */
typedef struct walk {
    zq_foresight *with;
    zq_arena *arena;
    zq_finding *items;
    size_t n;
    zq_step_cost *cost;  /* of the statement at hand */
    zq_form_cost *forms; /* its */
    bool keys_off;       /* SET foreign_key_checks = 0 was met */
    const zq_leg *leg;
    size_t i;  /* of the statement */
    size_t at; /* its number on the way, counted from 1 */
} walk;

static const zq_rev_statement *statement_of(const walk *w)
{
    return &w->leg->section->statements[w->i];
}

const char *zq_method_name(zq_method method)
{
    static const char *const names[] = {
        [ZQ_METHOD_NONE] = "",           [ZQ_METHOD_INSTANT] = "INSTANT",
        [ZQ_METHOD_INPLACE] = "INPLACE", [ZQ_METHOD_REBUILD] = "INPLACE, rebuild",
        [ZQ_METHOD_COPY] = "COPY",       [ZQ_METHOD_UNKNOWN] = "?",
    };

    return names[method];
}

const char *zq_forecast_lock_name(zq_step_lock lock)
{
    static const char *const names[] = {
        [ZQ_STEP_LOCK_NONE] = "NONE",
        [ZQ_STEP_LOCK_ROWS] = "rows",
        [ZQ_STEP_LOCK_ALL] = "SHARED",
        [ZQ_STEP_LOCK_UNKNOWN] = "?",
    };

    return names[lock];
}

/* ---- what was done already ---- */

static zq_journal_row row_of(const zq_foresight *f, const zq_leg *leg, size_t i)
{
    if (f->journal == NULL || leg != f->path->legs)
        return (zq_journal_row){.state = ZQ_JOURNAL_NONE};
    return zq_journal_row_of(f->journal, (unsigned)i + 1);
}

static bool is_done(const zq_foresight *f, const zq_leg *leg, size_t i)
{
    return row_of(f, leg, i).state == ZQ_JOURNAL_DONE;
}

/* It may have happened, or not. */
static bool is_begun(const zq_foresight *f, const zq_leg *leg, size_t i)
{
    zq_journal_row row = row_of(f, leg, i);

    return row.state == ZQ_JOURNAL_STARTED && row.before != NULL;
}

/* ---- tables ---- */

static bool is_verb(const zq_rev_statement *s, const char *verb)
{
    return strcmp(s->parsed.verb, verb) == 0;
}

static bool is_change(const zq_rev_statement *s)
{
    return is_verb(s, "ALTER TABLE") || is_verb(s, "CREATE INDEX") || is_verb(s, "DROP INDEX");
}

static zq_foreseen *find(const zq_foresight *f, const char *name)
{
    for (size_t i = 0; i < f->n_tables; i++) {
        if (strcmp(f->tables[i].name, name) == 0)
            return &f->tables[i];
    }
    return NULL;
}

/* The table that the statement changes, or the family; NULL when nothing is known of it. */
static zq_foreseen *table_of(const zq_foresight *f, const zq_rev_statement *s)
{
    if (zq_statement_cost_of_member(s))
        return find(f, s->family);
    return s->parsed.n_tables == 0 ? NULL : find(f, s->parsed.tables[0]);
}

/* From here on, nothing is known of them. */
static void forget(const zq_foresight *f, const zq_rev_statement *s)
{
    zq_foreseen *family = zq_statement_cost_of_member(s) ? find(f, s->family) : NULL;

    if (family != NULL)
        family->is_read = false;
    for (size_t t = 0; family == NULL && t < s->parsed.n_tables; t++) {
        zq_foreseen *table = find(f, s->parsed.tables[t]);

        if (table != NULL)
            table->is_read = false;
    }
}

/* Its tables have no rows to lose, and nobody waits for them. */
static bool is_of_the_way(const zq_leg *leg, size_t i)
{
    return (leg->facts[i] & ZQ_FACT_NEW) != 0 || leg->section->statements[i].temporary;
}

static void need(zq_foresight *io, const char *name, bool is_family, zq_arena *arena)
{
    if (find(io, name) != NULL)
        return;
    *ZQ_APPEND(arena, io->tables, io->n_tables) =
        (zq_foreseen){.name = name, .is_family = is_family};
}

static void need_of(zq_foresight *io, const zq_leg *leg, size_t i, zq_arena *arena)
{
    const zq_rev_statement *s = &leg->section->statements[i];
    bool perhaps_done = is_begun(io, leg, i) && s->parsed.loses != 0;
    bool rows = s->parsed.kind == ZQ_STATEMENT_ROWS;

    if (is_done(io, leg, i) || is_of_the_way(leg, i))
        return;
    if (!rows && !perhaps_done &&
        !(is_change(s) && (io->in_full || zq_statement_cost_of(s).leaves_open)))
        return;
    if (zq_statement_cost_of_member(s))
        need(io, s->family, true, arena);
    if (s->block == ZQ_BLOCK_BATCH)
        need(io, s->table, false, arena);
    for (size_t t = 0; !zq_statement_cost_of_member(s) && t < s->parsed.n_tables; t++)
        need(io, s->parsed.tables[t], false, arena);
    for (size_t t = 0; rows && !s->parsed.tables_known && t < s->parsed.n_mentions; t++)
        need(io, s->parsed.mentions[t], false, arena);
}

void zq_foresight_need(zq_foresight *io, zq_arena *arena)
{
    const zq_path *path = io->path;

    io->tables = NULL;
    io->n_tables = 0;
    for (size_t l = 0; l < path->n; l++) {
        for (size_t i = 0; i < path->legs[l].section->n; i++)
            need_of(io, &path->legs[l], i, arena);
    }
}

/* What a view shows is changed where it is written to. */
void zq_foresight_need_reached(zq_foresight *io, zq_arena *arena)
{
    for (size_t h = 0; h < io->reach.n; h++) {
        const zq_hidden *hidden = &io->reach.items[h];
        bool view = hidden->kind == ZQ_HIDDEN_VIEW;
        const char *const *names = view ? hidden->parsed.mentions : hidden->parsed.tables;
        size_t n = view ? hidden->parsed.n_mentions : hidden->parsed.n_tables;

        for (size_t t = 0; t < n; t++)
            need(io, names[t], false, arena);
    }
}

const char *zq_foresight_member(const zq_foresight *f, const zq_rev_statement *s)
{
    const zq_foreseen *family = s->block == ZQ_BLOCK_FAMILY ? find(f, s->family) : NULL;

    return family == NULL ? NULL : family->member;
}

/* ---- the session ---- */

/* SET foreign_key_checks = 0; anything but a plain 0 counts as 1. */
static void follow_session(walk *w)
{
    const zq_statement *parsed = &statement_of(w)->parsed;

    for (size_t i = 0; i < parsed->n_clauses; i++) {
        const zq_clause *set = &parsed->clauses[i];

        if (strcmp(set->verb, "SET") == 0 && set->name != NULL &&
            strcasecmp(set->name, "foreign_key_checks") == 0)
            w->keys_off = set->new_name != NULL && (strcmp(set->new_name, "0") == 0 ||
                                                    strcasecmp(set->new_name, "OFF") == 0 ||
                                                    strcasecmp(set->new_name, "FALSE") == 0);
    }
}

/* ---- one statement ---- */

#define SAY(w, ...) zq_printf_in((w)->with->tongue, (w)->arena, __VA_ARGS__)

static const char *names_of(const walk *w)
{
    return zq_statement_cost_names(statement_of(w), w->with->tongue, w->arena);
}

static void note(walk *w, zq_finding_kind kind, const char *what)
{
    const zq_rev_statement *s = statement_of(w);

    *ZQ_APPEND(w->arena, w->items, w->n) =
        (zq_finding){kind, w->leg->revision->file, s->line, s, what};
}

/* What the statement is, with the member's name where it is a family's. */
static const char *text_for(const walk *w, const zq_foreseen *table)
{
    const zq_rev_statement *s = statement_of(w);
    zq_binding bindings[] = {{"table", table->member}, {"code", table->code}};

    if (s->block != ZQ_BLOCK_FAMILY)
        return s->text;
    return zq_placeholder_fill(w->arena, s->text, s->length, bindings, ZQ_LEN(bindings));
}

/* Sessions of the workers that run over families are not the revision's own. */
static zq_cost_request request_for(const walk *w, const zq_foreseen *table, const zq_table *after)
{
    const zq_rev_statement *s = statement_of(w);

    return (zq_cost_request){
        .before = &table->table,
        .after = after,
        .predicted = true,
        .name = names_of(w),
        .flavor = w->with->flavor,
        .checks_keys = !w->keys_off || s->block == ZQ_BLOCK_FAMILY,
        .rebuilds = zq_statement_cost_of(s).rebuilds,
        .tongue = w->with->tongue,
    };
}

/* The losses that words did not tell already, behind those that they did. */
static const char *join_losses(const walk *w, const char *said, const zq_cost *cost)
{
    for (size_t i = 0; i < cost->n_losses; i++) {
        if (said != NULL && cost->losses[i].op == ZQ_OP_DROP_COLUMN)
            continue;
        said = said == NULL ? cost->losses[i].what : SAY(w, "%s, %s", said, cost->losses[i].what);
    }
    return said;
}

static const char *say_blocking(const walk *w, const zq_cost *cost)
{
    const zq_rev_statement *s = statement_of(w);
    zq_statement_cost words = zq_statement_cost_of(s);

    if (cost->blocking < ZQ_BLOCKING_WRITES || words.never ||
        (cost->blocking == ZQ_BLOCKING_COPY && words.never_copy))
        return NULL;
    return cost->blocking == ZQ_BLOCKING_COPY
               ? SAY(w, "copies %s: %s", names_of(w), cost->why)
               : SAY(w, "blocks writes to %s: %s", names_of(w), cost->why);
}

static zq_method method_of(const zq_statement *parsed, const zq_cost *cost)
{
    static const zq_method methods[] = {
        [ZQ_BLOCKING_NONE] = ZQ_METHOD_INPLACE,
        [ZQ_BLOCKING_REBUILD] = ZQ_METHOD_REBUILD,
        [ZQ_BLOCKING_WRITES] = ZQ_METHOD_INPLACE,
        [ZQ_BLOCKING_COPY] = ZQ_METHOD_COPY,
    };

    if (cost->instant && zq_online_first(parsed) == ZQ_ALGORITHM_INSTANT)
        return ZQ_METHOD_INSTANT;
    return methods[cost->blocking];
}

/* What the words say of how it is done, where nothing more is known of its table. */
static void guess_method(const walk *w, zq_method *out_method, zq_step_lock *out_lock)
{
    const zq_rev_statement *s = statement_of(w);
    zq_statement_cost words = zq_statement_cost_of(s);
    bool index = zq_online_first(&s->parsed) == ZQ_ALGORITHM_INPLACE;

    *out_method = ZQ_METHOD_UNKNOWN;
    *out_lock = words.locks || words.may_lock ? ZQ_STEP_LOCK_ALL : ZQ_STEP_LOCK_UNKNOWN;
    if (words.locks || words.may_lock || (words.leaves_open && !index))
        return;
    *out_method = words.rebuilds ? ZQ_METHOD_REBUILD : ZQ_METHOD_INPLACE;
    *out_lock = ZQ_STEP_LOCK_NONE;
}

/* The worst of what the forms of a family take is the statement's. */
static void note_form(walk *w, const zq_foreseen *table, zq_method method, zq_step_lock lock,
                      const char *obstacle)
{
    zq_step_cost *cost = w->cost;

    if (table->n_members > 0) {
        w->forms[cost->n_forms++] =
            (zq_form_cost){table->n_members, table->example, method, lock, obstacle};
    } else {
        cost->obstacle = obstacle;
    }
    if (obstacle == NULL && method > cost->method)
        cost->method = method;
    if (obstacle == NULL && lock > cost->lock)
        cost->lock = lock;
}

/* A member that has what the statement adds, or lacks what it drops, is done. */
static bool is_done_there(const walk *w, const zq_foreseen *table, const char *text)
{
    return table->n_members > 0 && zq_predict_is_done(text, strlen(text), w->with->flavor,
                                                      &table->table, w->arena) == ZQ_DONE;
}

/* ---- NULLs in the way ---- */

static bool is_noted(const zq_step_cost *cost, const char *column)
{
    for (size_t i = 0; i < cost->n_not_null; i++) {
        if (strcmp(cost->not_null[i].column, column) == 0)
            return true;
    }
    return false;
}

static void note_column(walk *w, const zq_foreseen *table, const char *column)
{
    zq_step_cost *cost = w->cost;
    zq_table *now;

    if (is_noted(cost, column))
        return;
    now = ZQ_NEW(w->arena, zq_table);
    *now = *table->first;
    now->name = table->name;
    *ZQ_APPEND(w->arena, cost->not_null, cost->n_not_null) =
        (zq_not_null){.table = now, .column = column};
}

static bool may_be_null(const zq_table *table, const char *column)
{
    const zq_column *there = zq_table_column(table, column);

    return there != NULL && (there->flags & ZQ_NOT_NULL) == 0;
}

/* The columns that become NOT NULL by it, and were not before the way began. */
static void note_not_null(walk *w, zq_foreseen *table, const zq_table *after)
{
    bool renames = false;

    if (table->first == NULL) {
        zq_table *first = ZQ_NEW(w->arena, zq_table);

        *first = table->table;
        table->first = first;
    }
    for (size_t i = 0; i < after->n_columns; i++) {
        const zq_column *to = &after->columns[i];
        const char *name = to->was != NULL ? to->was : to->name;

        renames = renames || to->was != NULL;
        if (!table->is_changed && (to->flags & ZQ_NOT_NULL) != 0 &&
            may_be_null(table->first, name) && may_be_null(&table->table, name))
            note_column(w, table, name);
    }
    table->is_changed = table->is_changed || renames;
}

/* Rows that hold NULLs now may hold none by the time of a later statement. */
static void note_rows(const walk *w)
{
    const zq_rev_statement *s = statement_of(w);
    const bool member = zq_statement_cost_of_member(s);
    const char *const *names = s->parsed.tables_known ? s->parsed.tables : s->parsed.mentions;
    const size_t n = s->parsed.tables_known ? s->parsed.n_tables : s->parsed.n_mentions;

    for (size_t i = 0; i < n; i++) {
        zq_foreseen *table = find(w->with, member ? s->family : names[i]);

        if (table == NULL)
            continue;
        table->is_changed = true;
        for (size_t f = 0; f < table->n_forms; f++)
            table->forms[f].is_changed = true;
    }
}

/* What the statement makes of the table that is known, and what that costs. */
static zq_prediction apply_one(walk *w, zq_foreseen *table, const char **io_loses,
                               const char **io_locks)
{
    const zq_statement *parsed = &statement_of(w)->parsed;
    const char *text = text_for(w, table);
    zq_flavor flavor = w->with->flavor;
    const char *loses = *io_loses, *locks;
    zq_table after;
    zq_prediction altered = zq_predict(text, strlen(text), flavor, &table->table, w->arena, &after);
    zq_cost_request request;
    zq_cost cost;

    if (altered == ZQ_PREDICTION_REFUSED && table->open)
        return ZQ_PREDICTION_UNKNOWN;
    if (altered == ZQ_PREDICTION_REFUSED)
        note_form(w, table, ZQ_METHOD_NONE, ZQ_STEP_LOCK_NONE,
                  is_done_there(w, table, text)
                      ? NULL
                      : zq_predict_obstacle(text, strlen(text), flavor, &table->table, w->arena));
    if (altered != ZQ_PREDICTED)
        return altered;
    request = request_for(w, table, &after);
    if (zq_cost_of(&request, w->arena, &cost, NULL) != ZQ_OK)
        return ZQ_PREDICTION_UNKNOWN;
    loses = join_losses(w, loses, &cost);
    locks = say_blocking(w, &cost);
    if (*io_loses == NULL || w->cost->n_forms == 0)
        *io_loses = loses;
    if (*io_locks == NULL && locks != NULL) {
        *io_locks = locks;
        w->cost->why = cost.why;
    }
    note_form(w, table, method_of(parsed, &cost),
              cost.blocking >= ZQ_BLOCKING_WRITES ? ZQ_STEP_LOCK_ALL : ZQ_STEP_LOCK_NONE, NULL);
    note_not_null(w, table, &after);
    table->table = after;
    return ZQ_PREDICTED;
}

/* Of a family whose forms are known, each: it is as predicted when one of them is, and unknown when
 * one of them is. */
static zq_prediction apply(walk *w, zq_foreseen *table, const char **io_loses,
                           const char **out_locks)
{
    zq_prediction all = ZQ_PREDICTION_REFUSED;

    if (table->n_forms == 0)
        return apply_one(w, table, io_loses, out_locks);
    w->cost->forms = w->forms = ZQ_NEW_ARRAY(w->arena, zq_form_cost, table->n_forms);
    for (size_t i = 0; i < table->n_forms; i++) {
        zq_prediction one = apply_one(w, &table->forms[i], io_loses, out_locks);

        if (one == ZQ_PREDICTION_UNKNOWN)
            note_form(w, &table->forms[i], ZQ_METHOD_UNKNOWN, ZQ_STEP_LOCK_UNKNOWN, NULL);
        if (one == ZQ_PREDICTION_UNKNOWN || all == ZQ_PREDICTION_REFUSED)
            all = one;
    }
    return all;
}

/* Where a statement that was begun finds its table gone, or no longer as it needs it, it has
 * happened. */
static bool has_happened(const walk *w, const zq_foreseen *table, zq_prediction altered)
{
    if (!is_begun(w->with, w->leg, w->i) || table == NULL || !table->is_read)
        return false;
    return !table->is_there || altered == ZQ_PREDICTION_REFUSED;
}

static const char *say_words(const walk *w, zq_prediction altered)
{
    const zq_rev_statement *s = statement_of(w);
    zq_statement_cost words = zq_statement_cost_of(s);

    if (!words.locks && !(words.may_lock && altered == ZQ_PREDICTION_UNKNOWN))
        return NULL;
    return SAY(w, "copies %s, or blocks writes to it", names_of(w));
}

/* What a change loses that the table could not tell of. */
static void note_unpredicted(walk *w, bool is_known, const char **io_loses)
{
    const zq_rev_statement *s = statement_of(w);

    if (*io_loses == NULL)
        *io_loses = zq_statement_cost_narrows(s, w->with->tongue, w->arena);
    if (is_known && zq_statement_cost_retypes(s))
        note(w, ZQ_FINDS_UNKNOWN,
             SAY(w, "what its new definition does to values of %s cannot be known", names_of(w)));
}

/* Members that have it already, or are left, are as they were. */
static bool stays(const zq_foreseen *table, zq_prediction altered)
{
    return table != NULL && table->n_forms > 0 && altered == ZQ_PREDICTION_REFUSED;
}

static void judge(walk *w)
{
    const zq_rev_statement *s = statement_of(w);
    zq_foreseen *table = table_of(w->with, s);
    const char *loses = zq_statement_cost_loses(s, w->with->tongue, w->arena);
    const char *locks = NULL;
    zq_prediction altered = ZQ_PREDICTION_UNKNOWN;
    bool is_known;

    if (s->parsed.kind != ZQ_STATEMENT_DDL)
        table = NULL;
    is_known = table != NULL && table->is_read && table->is_there && is_change(s);
    if (is_known)
        altered = apply(w, table, &loses, &locks);
    if (has_happened(w, table, altered))
        return;
    if (altered == ZQ_PREDICTION_UNKNOWN)
        note_unpredicted(w, is_known, &loses);
    if (altered == ZQ_PREDICTION_UNKNOWN && s->parsed.alters)
        guess_method(w, &w->cost->method, &w->cost->lock);
    if (locks == NULL)
        locks = say_words(w, altered);
    if (loses != NULL)
        note(w, ZQ_FINDS_LOSS, loses);
    if (locks != NULL)
        note(w, ZQ_FINDS_LOCKING, locks);
    if (s->parsed.kind == ZQ_STATEMENT_DDL && s->parsed.object == ZQ_OBJECT_TABLE &&
        altered != ZQ_PREDICTED && !stays(table, altered))
        forget(w->with, s);
}

/* The name of a table whose rows it changes, and the engine that cannot roll that back; NULL: there
 * is none. */
static const char *find_unsafe(const walk *w, const char **out_engine)
{
    const zq_statement *parsed = &statement_of(w)->parsed;
    const char *const *names = parsed->tables_known ? parsed->tables : parsed->mentions;
    size_t n = parsed->tables_known ? parsed->n_tables : parsed->n_mentions;
    bool member = zq_statement_cost_of_member(statement_of(w));

    *out_engine = NULL;
    for (size_t i = 0; i < n; i++) {
        const zq_foreseen *table = find(w->with, member ? statement_of(w)->family : names[i]);

        if (table == NULL || !table->is_read || !table->is_there)
            continue;
        *out_engine = zq_table_engine(&table->table);
        if (!zq_engine_has_transactions(*out_engine))
            return table->name;
    }
    return NULL;
}

/* A dead connection leaves such rows changed, or not, and the journal says neither. */
static void note_unsafe(walk *w)
{
    unsigned facts = w->leg->facts[w->i];
    const char *engine;
    const char *name = find_unsafe(w, &engine);

    if (statement_of(w)->parsed.kind != ZQ_STATEMENT_ROWS || statement_of(w)->temporary)
        return;
    if (name == NULL && (facts & ZQ_FACT_UNSAFE) == 0)
        return;
    if (name == NULL)
        note(w, ZQ_FINDS_UNKNOWN,
             SAY(w,
                 "changes rows of %s, and its engine has no transactions: if the connection is "
                 "lost, they may be changed twice",
                 names_of(w)));
    else
        note(w, ZQ_FINDS_UNKNOWN,
             SAY(w,
                 "changes rows of '%s', and %s has no transactions: if the connection is lost, "
                 "they may be changed twice",
                 name, engine));
}

/* Types that the model does not know, and JSON, which MariaDB has as text, are seen by the server
 * at the statement. */
static bool may_be_key(const zq_type *type)
{
    zq_key_class class;

    return type->kind == ZQ_TYPE_OTHER || type->kind == ZQ_TYPE_JSON ||
           type->kind == ZQ_TYPE_BOOL || zq_key_class_of(zq_type_infos[type->kind].sql, &class);
}

static void check_key(walk *w)
{
    const zq_rev_statement *s = statement_of(w);
    const zq_foreseen *table = s->block == ZQ_BLOCK_BATCH ? find(w->with, s->table) : NULL;
    const zq_column *key = NULL;

    if (table == NULL || !table->is_read || !table->is_there)
        return;
    for (size_t i = 0; key == NULL && i < table->table.n_columns; i++) {
        if (strcasecmp(table->table.columns[i].name, s->key) == 0)
            key = &table->table.columns[i];
    }
    if (key == NULL)
        w->cost->unfit = ZQ_KEY_MISSING;
    else if (!may_be_key(&key->type))
        w->cost->unfit = ZQ_KEY_UNFIT;
}

/* ---- what it reaches ---- */

static void note_unknown(walk *w, const char *what)
{
    note(w, ZQ_FINDS_UNKNOWN, SAY(w, "what %s does cannot be known", what));
}

static const char *hidden_name(const walk *w, const zq_hidden *hidden)
{
    return zq_printf_in(w->with->tongue, w->arena, hidden->said, hidden->name);
}

/* The engine that a table was given on the way, before this statement; NULL: none is said. */
static const char *engine_made(const walk *w, const char *name)
{
    const zq_path *path = w->with->path;
    const char *engine = NULL;
    size_t at = 0;

    for (size_t l = 0; l < path->n; l++)
        for (size_t i = 0; i < path->legs[l].section->n && ++at < w->at; i++) {
            const zq_statement *parsed = &path->legs[l].section->statements[i].parsed;
            const zq_clause *clause = zq_statement_clause(parsed, "ENGINE");

            if (clause != NULL && parsed->n_tables > 0 && strcasecmp(parsed->tables[0], name) == 0)
                engine = clause->new_name;
        }
    return engine;
}

static void note_reached_unsafe(walk *w, const zq_hidden *hidden, const char *const *names,
                                size_t n)
{
    for (size_t t = 0; t < n; t++) {
        const zq_foreseen *table = find(w->with, names[t]);
        const char *engine = engine_made(w, names[t]);

        if (engine == NULL && table != NULL && table->is_read && table->is_there)
            engine = zq_table_engine(&table->table);
        if (engine == NULL || zq_engine_has_transactions(engine))
            continue;
        note(w, ZQ_FINDS_UNKNOWN,
             SAY(w,
                 "changes rows of '%s' through %s, and %s has no transactions: if the connection "
                 "is lost, they may be changed twice",
                 names[t], hidden_name(w, hidden), engine));
        return;
    }
}

static void note_hidden(walk *w, const zq_hidden *hidden)
{
    const zq_rev_statement inner = {.parsed = hidden->parsed};
    const char *loses;

    if (hidden->kind == ZQ_HIDDEN_VIEW) {
        if (zq_reach_writes_through(hidden, statement_of(w)))
            note_reached_unsafe(w, hidden, hidden->parsed.mentions, hidden->parsed.n_mentions);
        return;
    }
    loses = zq_statement_cost_loses(&inner, w->with->tongue, w->arena);
    if (loses != NULL)
        note(w, ZQ_FINDS_LOSS, SAY(w, "%s through %s", loses, hidden_name(w, hidden)));
    note_reached_unsafe(w, hidden, hidden->parsed.tables, hidden->parsed.n_tables);
}

/* What its own words do not say: routines, triggers and views have theirs. */
static void note_reached(walk *w)
{
    const zq_rev_statement *s = statement_of(w);
    const zq_reach *reach = &w->with->reach;
    const zq_hidden *const *found;
    const char *foreign;
    const char *unknown = w->with->offline ? zq_reach_unknown(reach, s, w->at) : NULL;
    size_t n =
        zq_reach_of(reach, s, w->at, zq_foresight_member(w->with, s), w->arena, &found, &foreign);

    for (size_t i = 0; i < n; i++) {
        if (found[i]->is_seen)
            note_hidden(w, found[i]);
        else if (!s->parsed.opaque)
            note_unknown(w, hidden_name(w, found[i]));
    }
    if (unknown == NULL)
        unknown = foreign;
    if (unknown != NULL && !s->parsed.opaque)
        note_unknown(w, zq_arena_printf(w->arena, "'%s'", unknown));
}

/* The one table that it changes, or the family. */
static const char *name_of(const zq_rev_statement *s)
{
    if (zq_statement_cost_of_member(s))
        return s->family;
    if (s->block == ZQ_BLOCK_FAMILY || s->parsed.object == ZQ_OBJECT_VIEW ||
        s->parsed.n_tables != 1)
        return NULL;
    return s->parsed.tables[0];
}

static void step(walk *w)
{
    const zq_rev_statement *s = statement_of(w);
    const char *unknown = zq_statement_cost_unknown(s, w->with->tongue, w->arena);
    size_t before = w->n;

    *w->cost = (zq_step_cost){
        .leg = w->leg, .statement = s, .done = is_done(w->with, w->leg, w->i), .table = name_of(s)};
    if (s->parsed.kind == ZQ_STATEMENT_SESSION)
        follow_session(w);
    if (w->cost->done)
        return;
    if (s->parsed.kind == ZQ_STATEMENT_ROWS && !is_of_the_way(w->leg, w->i))
        w->cost->lock = ZQ_STEP_LOCK_ROWS;
    if (s->unreviewed != NULL) {
        note(w, ZQ_FINDS_UNREVIEWED, SAY(w, "nobody has answered: %s", s->unreviewed));
        w->items[w->n - 1].line = s->unreviewed_line;
    }
    if (unknown != NULL)
        note(w, ZQ_FINDS_UNKNOWN, unknown);
    note_unsafe(w);
    check_key(w);
    note_reached(w);
    if (s->parsed.kind != ZQ_STATEMENT_SESSION && !is_of_the_way(w->leg, w->i))
        judge(w);
    if (s->parsed.kind == ZQ_STATEMENT_ROWS)
        note_rows(w);
    w->cost->findings = &w->items[before];
    w->cost->n_findings = w->n - before;
}

void zq_foresight_walk(zq_foresight *foresight, zq_arena *arena, zq_step_costs *out)
{
    const zq_path *path = foresight->path;
    walk w = {.with = foresight, .arena = arena};
    zq_step_cost *costs;
    size_t n = 0;

    for (size_t l = 0; l < path->n; l++)
        n += path->legs[l].section->n;
    w.cost = costs = ZQ_NEW_ARRAY(arena, zq_step_cost, n + 1);
    for (size_t l = 0; l < path->n; l++) {
        w.leg = &path->legs[l];
        for (w.i = 0; w.i < w.leg->section->n; w.i++, w.cost++) {
            w.at++;
            step(&w);
        }
    }
    *out = (zq_step_costs){.items = costs, .n = n, .findings = {w.items, w.n}};
}

void zq_forecast_words(const zq_path *path, zq_tongue tongue, zq_arena *arena, zq_step_costs *out)
{
    zq_foresight nothing = {.path = path, .offline = true, .tongue = tongue};

    zq_reach_made(path, arena, &nothing.reach);
    zq_foresight_walk(&nothing, arena, out);
}
