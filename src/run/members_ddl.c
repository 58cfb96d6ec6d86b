#include "run/members_ddl.h"

#include "sql/lexer.h"
#include "sql/sql.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLE = 64 };

/* How a member is; as many statements are done as its place among a step's forms. */
typedef struct form {
    char hex[ZQ_DIGEST_HEX]; /* "": the member is gone */
} form;

typedef struct changing {
    const zq_member_step *step;
    const zq_member *members;
    size_t n;
    form *forms;            /* before all statements, and after each */
    zq_way *ways;           /* the one that served the first member, for each statement */
    size_t n_learnt;        /* statements whose form afterwards is known */
    const zq_member *first; /* was changed alone, before the others */

    pthread_mutex_t lock; /* for all below */
    zq_member_result result;
    const char *left[ZQ_MEMBERS_NAMED];
} changing;

/* ---- how one is ---- */

typedef struct member_look {
    const zq_member *member;
    form *out;
} member_look;

static zq_rc take_look(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    member_look *l = context;

    (void)statement;
    (void)err;
    zq_definition_digest(zq_row_text(row, 1), l->member->name, l->member->code, l->out->hex);
    return ZQ_OK;
}

static zq_rc look_at(const changing *c, zq_db *db, const zq_member *member, form *out, zq_err *err)
{
    enum { ER_NO_SUCH_TABLE = 1146 };
    const zq_answer answer = {ZQ_SHOW_CREATE_COLUMNS, ZQ_ONE_ROW, 1};
    ZQ_AUTO_SQL(sql);
    member_look l = {.member = member, .out = out};
    zq_err local = {0};
    const char *text;
    zq_rc rc;

    out->hex[0] = '\0';
    zq_sql_lit(&sql, "SHOW CREATE TABLE ");
    zq_sql_ident(&sql, member->name);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    rc = zq_db_run(db, text, NULL, 0, &(zq_answers){&answer, 1, take_look, &l}, NULL, &local);
    if (rc == ZQ_OK || (rc != ZQ_E_LOST && local.server_errno == ER_NO_SUCH_TABLE))
        return ZQ_OK;
    *err = local;
    zq_err_prefix(err, "%s: " ZQ_CANNOT_LOOK "'%s': ", c->step->statements[0].where, member->name);
    return rc;
}

static bool same(const form *a, const form *b)
{
    return strcmp(a->hex, b->hex) == 0;
}

/* How many statements a member has; more than there are when its form is none of the known ones. */
static size_t place_of(const changing *c, const form *now)
{
    for (size_t s = 0; s <= c->n_learnt; s++) {
        if (same(now, &c->forms[s]))
            return s;
    }
    return c->step->n + 1;
}

/* ---- one member ---- */

static zq_rc change(const changing *c, zq_db *db, const zq_member *member, size_t s,
                    const char *text, zq_way *way, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_member_ddl *d = &c->step->statements[s];
    zq_binding bindings[] = {{"table", member->name}, {"code", member->code}};
    zq_ddl ddl = {
        .text = zq_statement_expand(arena, text, strlen(text), bindings, ZQ_LEN(bindings)),
        .is = d->is,
        .name = member->name,
        .looker = db,
    };
    zq_db *session = c->step->walk.session;
    zq_rc rc = zq_ddl_run(session == NULL ? db : session, c->step->walk.rules, &ddl, way, err);

    if (rc != ZQ_OK)
        zq_err_prefix(err, "%s: cannot run the statement on '%s': ", d->where, member->name);
    return rc;
}

/* Statement `*io_s` and those after it that are done in the same way: index work of one table is
 * less in one pass than in several. They have been tried one by one on the first member. */
static zq_rc change_joined(const changing *c, zq_db *db, const zq_member *member, size_t *io_s,
                           zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    size_t first = *io_s;
    const char *text = c->step->statements[first].text;
    zq_way way = c->ways[first];

    for (++*io_s; *io_s < c->step->n; ++*io_s) {
        const char *joined = NULL;

        if (way == ZQ_WAY_INPLACE && c->ways[*io_s] == way)
            joined = zq_ddl_join(text, c->step->statements[*io_s].text, arena);
        if (joined == NULL)
            break;
        text = joined;
    }
    return change(c, db, member, first, text, &way, err);
}

static void note(changing *c, size_t *counter)
{
    pthread_mutex_lock(&c->lock);
    ++*counter;
    pthread_mutex_unlock(&c->lock);
}

static void leave(changing *c, const zq_member *member)
{
    pthread_mutex_lock(&c->lock);
    if (c->result.n_left < ZQ_MEMBERS_NAMED)
        c->left[c->result.n_left] = member->name;
    c->result.n_left++;
    pthread_mutex_unlock(&c->lock);
}

static zq_rc visit(void *context, zq_db *db, const zq_member *member, zq_err *err)
{
    changing *c = context;
    size_t n = c->step->n;
    form now;
    size_t s;

    if (member == c->first)
        return ZQ_OK;
    ZQ_TRY(look_at(c, db, member, &now, err));
    if (now.hex[0] == '\0')
        return ZQ_OK;
    s = place_of(c, &now);
    if (s > n) {
        leave(c, member);
        return ZQ_OK;
    }
    if (s == n) {
        note(c, &c->result.n_done_before);
        return ZQ_OK;
    }
    while (s < n)
        ZQ_TRY(change_joined(c, db, member, &s, err));
    note(c, &c->result.n_changed);
    return ZQ_OK;
}

/* ---- the form before ---- */

static int by_hex(const void *a, const void *b)
{
    return strcmp(((const form *)a)->hex, ((const form *)b)->hex);
}

/* The form that stands most often in a sorted array. */
static const form *most_common(const form *forms, size_t n)
{
    const form *best = forms;
    size_t best_run = 0;

    for (size_t i = 0; i < n;) {
        size_t run = 1;

        while (i + run < n && same(&forms[i], &forms[i + run]))
            run++;
        if (run > best_run) {
            best = &forms[i];
            best_run = run;
        }
        i += run;
    }
    return best;
}

static zq_rc sample(changing *c, zq_arena *arena, zq_err *err)
{
    size_t n = c->n < SAMPLE ? c->n : SAMPLE;
    form *seen = ZQ_NEW_ARRAY(arena, form, n);

    for (size_t i = 0; i < n; i++)
        ZQ_TRY(look_at(c, c->step->walk.db, &c->members[i * c->n / n], &seen[i], err));
    qsort(seen, n, sizeof *seen, by_hex);
    c->forms[0] = *most_common(seen, n);
    return ZQ_OK;
}

/* ---- the first member ---- */

static zq_rc tell(const changing *c, size_t s, const char *first, bool changed, zq_arena *arena,
                  zq_err *err)
{
    return c->step->found_out(c->step->context, s, zq_arena_strdup(arena, c->forms[s].hex), first,
                              changed ? zq_arena_strdup(arena, c->forms[s + 1].hex) : NULL, err);
}

/* What is wrong with a statement itself is found on one table, and how a member is afterwards too.
 */
static zq_rc learn(changing *c, const zq_member *member, zq_arena *arena, zq_err *err)
{
    zq_db *db = c->step->walk.db;
    size_t s = c->n_learnt;
    zq_rc rc;

    ZQ_TRY(tell(c, s, member->name, false, arena, err));
    rc = change(c, db, member, s, c->step->statements[s].text, &c->ways[s], err);
    if (rc != ZQ_OK) {
        c->result.n_failed++;
        c->result.first_refused = rc != ZQ_E_LOST;
        c->result.refused = s;
        return rc;
    }
    ZQ_TRY(look_at(c, db, member, &c->forms[s + 1], err));
    c->n_learnt++;
    return tell(c, s, member->name, true, arena, err);
}

/* The member that has `s` of the statements goes through the others. */
static zq_rc go_first(changing *c, const zq_member *member, size_t s, zq_arena *arena, zq_err *err)
{
    for (; s < c->n_learnt; s++)
        ZQ_TRY(
            change(c, c->step->walk.db, member, s, c->step->statements[s].text, &c->ways[s], err));
    while (c->n_learnt < c->step->n)
        ZQ_TRY(learn(c, member, arena, err));
    c->result.n_changed++;
    c->first = member;
    return ZQ_OK;
}

static const zq_member *member_called(const changing *c, const char *name)
{
    for (size_t i = 0; name != NULL && i < c->n; i++) {
        if (strcmp(c->members[i].name, name) == 0)
            return &c->members[i];
    }
    return NULL;
}

/* A run that was killed between the first member and its record left one that tells. */
static zq_rc learn_from_first(changing *c, zq_arena *arena, zq_err *err)
{
    size_t s = c->n_learnt;
    const zq_member *first = member_called(c, c->step->statements[s].first);
    form now;

    if (first == NULL)
        return ZQ_OK;
    ZQ_TRY(look_at(c, c->step->walk.db, first, &now, err));
    if (now.hex[0] == '\0' || same(&now, &c->forms[s]))
        return ZQ_OK;
    c->forms[s + 1] = now;
    c->n_learnt++;
    return tell(c, s, first->name, true, arena, err);
}

/* The one that went first through what is known goes on, so that a statement that fails has been
 * tried on one table only; else any that fits. */
static zq_rc run_first(changing *c, zq_arena *arena, zq_err *err)
{
    const zq_member_ddl *statements = c->step->statements;
    size_t learnt = c->n_learnt;
    const zq_member *before = learnt == 0 ? NULL : member_called(c, statements[learnt - 1].first);

    for (size_t i = 0; i <= c->n; i++) {
        const zq_member *member = i == 0 ? before : &c->members[i - 1];
        form now;
        size_t s;

        if (member == NULL)
            continue;
        if (zq_watch_stopped(c->step->walk.rules->watch))
            return zq_fail(err, ZQ_E_INTERRUPTED, "stopped");
        ZQ_TRY(look_at(c, c->step->walk.db, member, &now, err));
        s = place_of(c, &now);
        if (now.hex[0] != '\0' && s <= learnt)
            return go_first(c, member, s, arena, err);
    }
    return ZQ_OK;
}

static zq_rc begin(changing *c, zq_arena *arena, zq_err *err)
{
    const zq_member_step *step = c->step;

    if (step->statements[0].before != NULL)
        memcpy(c->forms[0].hex, step->statements[0].before, ZQ_DIGEST_HEX);
    else
        ZQ_TRY(sample(c, arena, err));
    for (size_t s = 0; s < step->n; s++)
        c->ways[s] = zq_way_first(step->statements[s].is);
    while (c->n_learnt < step->n && step->statements[c->n_learnt].after != NULL) {
        memcpy(c->forms[c->n_learnt + 1].hex, step->statements[c->n_learnt].after, ZQ_DIGEST_HEX);
        c->n_learnt++;
    }
    if (c->n_learnt < step->n)
        ZQ_TRY(learn_from_first(c, arena, err));
    return c->n_learnt < step->n ? run_first(c, arena, err) : ZQ_OK;
}

/* ---- all ---- */

static zq_rc run_members(changing *c, zq_arena *arena, zq_err *err)
{
    const zq_member_walk *given = &c->step->walk;
    zq_member_walk walk = *given;
    zq_member_walked walked;
    zq_rc rc;

    walk.visit = visit;
    walk.context = c;
    ZQ_TRY(zq_members_list(given->db, given->database, given->schema, given->family, arena,
                           &c->members, &c->n, err));
    c->result.n_members = c->n;
    if (c->n == 0)
        return ZQ_OK;
    ZQ_TRY(begin(c, arena, err));
    rc = zq_members_walk(&walk, c->members, c->n, arena, &walked, err);
    c->result.n_members = walked.n_members;
    c->result.n_failed += walked.n_failed;
    return rc;
}

zq_rc zq_members_run(const zq_member_step *step, zq_arena *arena, zq_member_result *out,
                     zq_err *err)
{
    changing c = {
        .step = step,
        .forms = ZQ_NEW_ARRAY(arena, form, step->n + 1),
        .ways = ZQ_NEW_ARRAY(arena, zq_way, step->n),
        .lock = PTHREAD_MUTEX_INITIALIZER,
    };
    size_t named;
    const char **left;
    zq_rc rc = run_members(&c, arena, err);

    named = c.result.n_left < ZQ_MEMBERS_NAMED ? c.result.n_left : ZQ_MEMBERS_NAMED;
    left = ZQ_NEW_ARRAY(arena, const char *, named + 1);
    memcpy(left, c.left, named * sizeof *left);
    c.result.left = left;
    *out = c.result;
    return rc;
}
