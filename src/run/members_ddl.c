/* Statements of a family, over its members.
 *
 * The application makes each member by itself: their indexes stand in as many orders as there are
 * members, some were made like another, some are copies, some were changed by hand. So a member is
 * judged by what it is, never by what most are. The statement is held against the member in the
 * model (sql/alter/predict.h): it is done there, or can be applied, or something is in the way.
 * Members of the same form (run/member_form.h) are judged once.
 *
 * What the model does not understand, and what leaves no trace, cannot be judged so. Such a
 * statement has a row in the journal for each member, as a statement on one table has: started,
 * with the digest of before; done. The member that goes first has such rows in any case, because it
 * also shows whether the model was right. */
#include "run/members_ddl.h"

#include "base/clock.h"
#include "base/language.h"
#include "model/family.h"
#include "run/member_form.h"
#include "sql/alter/predict.h"
#include "sql/read/placeholder.h"
#include "sql/sql.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef enum verdict {
    DONE,
    APPLY,
    NOT_KNOWN, /* to be run with rows in the journal */
    BLOCKED,   /* as all after it */
} verdict;

/* What the statements mean to members of one form. */
typedef struct plan {
    char hex[ZQ_DIGEST_HEX];
    verdict *verdicts; /* of each statement */
    size_t blocked;    /* the first that cannot be applied; n: none */
    const char *why;
    struct plan *next;
} plan;

typedef struct member_look {
    const char *definition; /* NULL: the member is gone */
    size_t length;
    bool old;     /* statements were sent to it since then */
    bool changed; /* and all of them have run */
} member_look;

/* Looks at some members, taken in one round trip. */
typedef struct member_looks {
    zq_arena *arena;
    member_look *items;
    size_t n; /* so many could be had */
    unsigned long long taken_ms;
} member_looks;

typedef struct changing {
    const zq_member_step *step;
    zq_member *members;
    size_t n;
    const char **texts; /* of each statement, for the family */
    zq_algorithm *ways; /* the one that served the first member, for each statement */
    bool *doubtful;     /* the model was wrong about the first member */
    bool *seen;         /* members that went first, by their place */
    member_looks first; /* at the first of the list, taken with that */
    member_looks ahead; /* at those that begin the list, taken with that at the first */
    zq_flavor flavor;

    pthread_mutex_t lock; /* for all below */
    bool slow;            /* a statement took long: each member's are sent by themselves */
    zq_arena *arena;
    plan *plans;
    zq_member_result result;
    zq_member_left *left;
} changing;

/* A member that is being visited. */
typedef struct visiting {
    changing *c;
    zq_db *db;
    const zq_member *member;
    zq_arena *arena;
    zq_member_form form;
    const plan *plan;
    const void *looks; /* taken before; NULL: none */
    size_t at;         /* the member's among them */
    member_look seen;  /* as it was looked at last */
    bool goes_first;   /* nobody else changes it, so that it is as it was seen */
} visiting;

/* ---- what statements mean ---- */

/* Is it the member itself that the statement alters, and nothing else? */
static bool is_on_member(const zq_statement *parsed)
{
    return parsed->alters && parsed->tables_known && parsed->n_tables == 1 &&
           !parsed->other_database && strcmp(parsed->tables[0], "{table}") == 0;
}

static verdict judge(const changing *c, size_t s, zq_table *io_table, const char **out_why,
                     zq_arena *arena)
{
    const char *text = c->texts[s];
    zq_done done;
    zq_table after;

    if (!is_on_member(c->step->statements[s].parsed))
        return NOT_KNOWN;
    done = zq_predict_is_done(text, strlen(text), c->flavor, io_table, arena);
    if (done == ZQ_DONE)
        return DONE;
    switch (zq_predict(text, strlen(text), c->flavor, io_table, arena, &after)) {
    case ZQ_PREDICTED:
        *io_table = after;
        return done == ZQ_DONE_NOT ? APPLY : NOT_KNOWN;
    case ZQ_PREDICTION_REFUSED:
        *out_why = zq_predict_obstacle(text, strlen(text), c->flavor, io_table, arena);
        return BLOCKED;
    default:
        return NOT_KNOWN;
    }
}

static void judge_all(const changing *c, const zq_table *table, plan *out, zq_arena *arena)
{
    const size_t n = c->step->n;
    bool known = true;
    zq_table now = *table;

    out->blocked = n;
    for (size_t s = 0; s < n && out->blocked == n; s++) {
        out->verdicts[s] = known ? judge(c, s, &now, &out->why, arena) : NOT_KNOWN;
        known = known && out->verdicts[s] != NOT_KNOWN;
        if (out->verdicts[s] == BLOCKED)
            out->blocked = s;
    }
}

static plan *plan_called(changing *c, const char *hex)
{
    plan *p = c->plans;

    while (p != NULL && strcmp(p->hex, hex) != 0)
        p = p->next;
    return p;
}

static const plan *plan_of(visiting *v)
{
    changing *c = v->c;
    plan judged = {.verdicts = ZQ_NEW_ARRAY(v->arena, verdict, c->step->n)};
    plan *kept;

    pthread_mutex_lock(&c->lock);
    kept = plan_called(c, v->form.print.hex);
    pthread_mutex_unlock(&c->lock);
    if (kept != NULL)
        return kept;
    judge_all(c, &v->form.table, &judged, v->arena);
    pthread_mutex_lock(&c->lock);
    kept = ZQ_NEW(c->arena, plan);
    memcpy(kept->hex, v->form.print.hex, sizeof kept->hex);
    kept->verdicts = ZQ_NEW_ARRAY(c->arena, verdict, c->step->n);
    memcpy(kept->verdicts, judged.verdicts, c->step->n * sizeof *judged.verdicts);
    kept->blocked = judged.blocked;
    kept->why = zq_arena_strdup(c->arena, judged.why);
    kept->next = c->plans;
    c->plans = kept;
    pthread_mutex_unlock(&c->lock);
    return kept;
}

/* ---- how one is ---- */

static zq_rc take_look(void *context, size_t statement, const zq_row *row, ZQ_UNUSED zq_err *err)
{
    member_looks *looks = context;
    member_look *look = &looks->items[statement];

    look->length = zq_row_length(row, 1);
    look->definition = zq_arena_strndup(looks->arena, zq_row_text(row, 1), look->length);
    return ZQ_OK;
}

static void begin_looks(member_looks *out, size_t n, zq_arena *arena)
{
    *out = (member_looks){
        .arena = arena, .items = ZQ_NEW_ARRAY(arena, member_look, n), .taken_ms = zq_now_ms()};
}

static void write_looks(zq_sql *sql, const zq_member *members, size_t n)
{
    for (size_t i = 0; i < n; i++)
        zq_sql_add(sql, "%-sSHOW CREATE TABLE `%s`", i > 0 ? ";" : "", members[i].name);
}

/* Those before the first that cannot be looked at are in `out` in any case. */
static zq_rc take_looks(zq_db *db, const zq_member *members, size_t n, zq_arena *arena,
                        member_looks *out, zq_err *err)
{
    const zq_answer answer = {ZQ_SHOW_CREATE_COLUMNS, ZQ_ONE_ROW, n};
    ZQ_AUTO_SQL(sql);

    begin_looks(out, n, arena);
    write_looks(&sql, members, n);
    return zq_db_run_sql(db, &sql, &(zq_answers){&answer, 1, take_look, out}, &out->n, err);
}

static zq_rc look_at(const visiting *v, member_look *out, zq_err *err)
{
    member_looks looks;
    zq_err local = {0};
    zq_rc rc = take_looks(v->db, v->member, 1, v->arena, &looks, &local);

    *out = looks.items[0];
    if (rc == ZQ_OK || (rc != ZQ_E_LOST && local.cause == ZQ_CAUSE_NO_TABLE))
        return ZQ_OK;
    *err = local;
    zq_err_prefix(err, "%s: " ZQ_CANNOT_LOOK "'%s': ", v->c->step->statements[0].where,
                  v->member->name);
    return rc;
}

static bool is_fresh(const member_looks *looks)
{
    enum { FRESH_MS = 1000 };

    return zq_now_ms() - looks->taken_ms <= FRESH_MS;
}

/* The one that was taken with those of its neighbours, unless it is old by now. */
static zq_rc look_again(const visiting *v, member_look *out, zq_err *err)
{
    const member_looks *looks = v->looks;

    if (looks == NULL || v->at >= looks->n || looks->items[v->at].old || !is_fresh(looks))
        return look_at(v, out, err);
    *out = looks->items[v->at];
    return ZQ_OK;
}

/* Fill in the member's form and what the statements mean to it. `*out_why`: why that cannot be;
 * `*out_gone`: the member is not there any more. */
static zq_rc see(visiting *v, bool *out_gone, const char **out_why, zq_err *err)
{
    const zq_member_step *step = v->c->step;
    const char *family = step->walk.family;
    member_look *look = &v->seen;

    *out_gone = false;
    *out_why =
        v->member->other != NULL ? zq_arena_printf(v->arena, "is a %s", v->member->other) : NULL;
    if (*out_why != NULL)
        return ZQ_OK;
    ZQ_TRY(look_again(v, look, err));
    *out_gone = look->definition == NULL;
    if (*out_gone)
        return ZQ_OK;
    if (zq_definition_is_view(look->definition))
        *out_why = N_("is a view");
    else if (zq_member_form_read(look->definition, look->length, v->c->flavor, family,
                                 v->member->code, step->patterns, v->arena, &v->form,
                                 NULL) != ZQ_OK)
        *out_why = N_("has a definition that is not understood");
    else
        v->plan = plan_of(v);
    return ZQ_OK;
}

/* ---- one member ---- */

static const char *text_for(const visiting *v, const char *text)
{
    zq_binding bindings[] = {{"table", v->member->name}, {"code", v->member->code}};

    text = zq_placeholder_fill(v->arena, text, strlen(text), bindings, ZQ_LEN(bindings));
    return v->plan == NULL ? text : zq_member_form_write(&v->form, v->member->code, text, v->arena);
}

static zq_rc change(const visiting *v, size_t s, const char *text, zq_algorithm *way, zq_err *err)
{
    const zq_member_ddl *d = &v->c->step->statements[s];
    zq_online_ddl ddl = {
        .text = text_for(v, text),
        .parsed = d->parsed,
        .name = v->member->name,
        .looker = v->db,
        .warned = d->warned,
    };
    zq_db *session = v->c->step->walk.session;
    zq_rc rc =
        zq_online_run(session == NULL ? v->db : session, v->c->step->walk.rules, &ddl, way, err);

    if (rc != ZQ_OK)
        zq_err_prefix(err, "%s: cannot run the statement on '%s': ", d->where, v->member->name);
    return rc;
}

/* Statement `*io_s` and those after it that are done in the same way: index work of one table is
 * less in one pass than in several. They have been tried one by one on the first member. */
static const char *joined_from(const visiting *v, size_t *io_s)
{
    const changing *c = v->c;
    size_t first = *io_s;
    const char *text = c->step->statements[first].text;
    const zq_algorithm way = c->ways[first];

    for (++*io_s; *io_s < c->step->n; ++*io_s) {
        const size_t s = *io_s;
        const char *joined = NULL;

        if (way == ZQ_ALGORITHM_INPLACE && c->ways[s] == way && v->plan->verdicts[s] == APPLY &&
            !c->doubtful[s] && s < v->plan->blocked)
            joined = zq_algorithm_join(text, c->step->statements[s].text, v->arena);
        if (joined == NULL)
            break;
        text = joined;
    }
    return text;
}

static zq_rc change_joined(const visiting *v, size_t *io_s, zq_err *err)
{
    const size_t first = *io_s;
    zq_algorithm way = v->c->ways[first];

    return change(v, first, joined_from(v, io_s), &way, err);
}

static void digest_of_seen(const visiting *v, char out_hex[ZQ_DIGEST_HEX])
{
    zq_fingerprint print;

    zq_fingerprint_definition(v->seen.definition, v->seen.length, v->c->flavor, v->member->name,
                              &print);
    zq_fingerprints_digest(&v->member->name, &print, 1, out_hex);
}

static zq_rc digest_anew(const visiting *v, const zq_statement *parsed, char out_hex[ZQ_DIGEST_HEX],
                         zq_err *err)
{
    const char **names = ZQ_NEW_ARRAY(v->arena, const char *, parsed->n_tables + 1);
    zq_fingerprint *prints = ZQ_NEW_ARRAY(v->arena, zq_fingerprint, parsed->n_tables + 1);

    for (size_t t = 0; t < parsed->n_tables; t++)
        names[t] = text_for(v, parsed->tables[t]);
    ZQ_TRY(zq_fingerprints_read(v->db, names, parsed->n_tables, prints, err));
    zq_fingerprints_digest(names, prints, parsed->n_tables, out_hex);
    return ZQ_OK;
}

/* The digest of what the statement is on, as it is now. */
static zq_rc digest_now(const visiting *v, size_t s, char out_hex[ZQ_DIGEST_HEX], zq_err *err)
{
    const zq_statement *parsed = v->c->step->statements[s].parsed;

    if (v->goes_first && is_on_member(parsed) && v->seen.definition != NULL) {
        digest_of_seen(v, out_hex);
        return ZQ_OK;
    }
    return digest_anew(v, parsed, out_hex, err);
}

static zq_rc note(const visiting *v, size_t s, const char *before, const char *after, zq_tail *then,
                  zq_err *err)
{
    changing *c = v->c;
    zq_rc rc;

    pthread_mutex_lock(&c->lock);
    rc = c->step->note(c->step->context, v->db, s, v->member->name, before, after, then, err);
    pthread_mutex_unlock(&c->lock);
    return rc;
}

static zq_rc in_doubt(const visiting *v, size_t s, const zq_journal_row *row, zq_err *err)
{
    changing *c = v->c;
    zq_rc rc;

    pthread_mutex_lock(&c->lock);
    rc = c->step->in_doubt(c->step->context, s, row, err);
    pthread_mutex_unlock(&c->lock);
    return rc;
}

/* ---- the statement on the member that goes first ---- */

/* Over a slow network, one round trip serves for its row in the journal, for the statement, and for
 * a look at what it has made, with those that are visited next. The server comes to the statement
 * only once the row is committed, and to the looks only once the statement has run. */
typedef struct joint {
    visiting *v;
    size_t s;
    zq_answer answers[3];
    zq_answers all;
    member_looks looks;
} joint;

enum { AT_WARNINGS = 1, AT_LOOKS = 2 };

static zq_rc take_joint(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    joint *j = context;

    if (statement >= AT_LOOKS)
        return take_look(&j->looks, statement - AT_LOOKS, row, err);
    if (statement == AT_WARNINGS)
        zq_warnings_take(j->v->c->step->statements[j->s].warned, row);
    return ZQ_OK;
}

/* Those to look at behind statement `s`: the member, and after its last one those beside it. */
static size_t looks_behind(const visiting *v, size_t s)
{
    const changing *c = v->c;

    if (s + 1 < c->step->n || v->member != c->members)
        return 1;
    return c->n < ZQ_MEMBERS_AT_ONCE ? c->n : ZQ_MEMBERS_AT_ONCE;
}

static zq_rc write_joint(joint *j, zq_algorithm way, zq_tail *out, zq_err *err)
{
    const visiting *v = j->v;
    const zq_member_ddl *d = &v->c->step->statements[j->s];
    const size_t n = looks_behind(v, j->s);
    const char *own = text_for(v, d->text);
    const char *asked = zq_algorithm_ask(d->parsed, own, strlen(own), way, v->arena);
    ZQ_AUTO_SQL(sql);

    zq_sql_add(&sql, "%-s\n;" ZQ_SHOW_WARNINGS ";", asked == NULL ? own : asked);
    write_looks(&sql, v->member, n);
    *out = (zq_tail){.answers = &j->all};
    ZQ_TRY(zq_sql_keep(&sql, v->arena, &out->text, err));
    j->answers[0] = (zq_answer){.columns = ""};
    j->answers[AT_WARNINGS] = (zq_answer){.columns = ZQ_WARNING_COLUMNS};
    j->answers[AT_LOOKS] = (zq_answer){ZQ_SHOW_CREATE_COLUMNS, ZQ_ONE_ROW, n};
    j->all = (zq_answers){j->answers, ZQ_LEN(j->answers), take_joint, j, false};
    begin_looks(&j->looks, n, v->c->arena);
    return ZQ_OK;
}

/* Write that the statement is started, and run it where that can go along. `*out_ran`: it has; what
 * the server refuses has not happened, and is left to be sent by itself. */
static zq_rc start(visiting *v, size_t s, const char *now, zq_algorithm way, bool *out_ran,
                   zq_err *err)
{
    changing *c = v->c;
    joint j = {.v = v, .s = s};
    zq_tail tail;

    *out_ran = false;
    if (!v->goes_first || !c->step->together)
        return note(v, s, now, NULL, NULL, err);
    ZQ_TRY(zq_lease_ask(c->step->walk.rules->lease, v->db, err));
    ZQ_TRY(write_joint(&j, way, &tail, err));
    ZQ_TRY(note(v, s, now, NULL, &tail, err));
    *out_ran = tail.n_done > 0;
    j.looks.n = tail.n_done < AT_LOOKS ? 0 : tail.n_done - AT_LOOKS;
    if (j.looks.n > 0)
        v->seen = j.looks.items[0];
    else if (*out_ran)
        ZQ_TRY(look_at(v, &v->seen, err));
    if (v->member == c->members && s + 1 == c->step->n)
        c->ahead = j.looks;
    return ZQ_OK;
}

/* As a statement on one table: started, run, done. */
static zq_rc change_noted(visiting *v, size_t s, zq_algorithm *way, zq_err *err)
{
    const zq_member_step *step = v->c->step;
    const zq_statement *parsed = step->statements[s].parsed;
    const zq_journal_row row = step->recall(step->context, s, v->member->name);
    const bool started = row.state == ZQ_JOURNAL_STARTED && row.before != NULL;
    char now[ZQ_DIGEST_HEX], after[ZQ_DIGEST_HEX];
    bool ran;

    if (row.state == ZQ_JOURNAL_DONE)
        return ZQ_OK;
    ZQ_TRY(digest_now(v, s, now, err));
    if (started && strcmp(row.before, now) != 0)
        return note(v, s, row.before, now, NULL, err);
    if (started && (parsed->n_tables == 0 || zq_online_only_rows_show(parsed)))
        return in_doubt(v, s, &row, err);
    ZQ_TRY(start(v, s, now, *way, &ran, err));
    if (!ran) {
        ZQ_TRY(change(v, s, step->statements[s].text, way, err));
        if (v->goes_first)
            ZQ_TRY(look_at(v, &v->seen, err));
    }
    ZQ_TRY(digest_now(v, s, after, err));
    return note(v, s, now, after, NULL, err);
}

static void count(changing *c, size_t *counter)
{
    pthread_mutex_lock(&c->lock);
    ++*counter;
    pthread_mutex_unlock(&c->lock);
}

static const char *lacking(const visiting *v, size_t s)
{
    ZQ_AUTO_BUF(sql);

    if (v->member->other != NULL)
        return "";
    for (; s < v->c->step->n; s++) {
        zq_member_line(&sql, text_for(v, v->c->step->statements[s].text));
    }
    return zq_arena_strdup(v->arena, zq_buf_text(&sql));
}

static void leave(const visiting *v, size_t s, const char *why)
{
    const char *lacks = lacking(v, s);
    changing *c = v->c;

    pthread_mutex_lock(&c->lock);
    *ZQ_APPEND(c->arena, c->left, c->result.n_left) = (zq_member_left){
        .name = v->member->name,
        .code = v->member->code,
        .statement = s,
        .why = zq_arena_strdup(c->arena, why),
        .lacks = zq_arena_strdup(c->arena, lacks),
    };
    pthread_mutex_unlock(&c->lock);
}

static bool runs_noted(const visiting *v, size_t s)
{
    return v->plan->verdicts[s] == NOT_KNOWN ||
           (v->plan->verdicts[s] == APPLY && v->c->doubtful[s]);
}

/* Everything that the member lacks, up to what is in the way. */
static zq_rc change_all(visiting *v, zq_err *err)
{
    changing *c = v->c;
    bool changed = false;

    for (size_t s = 0; s < v->plan->blocked;) {
        zq_algorithm way = c->ways[s];

        if (v->plan->verdicts[s] == DONE) {
            s++;
            continue;
        }
        changed = true;
        if (runs_noted(v, s))
            ZQ_TRY(change_noted(v, s++, &way, err));
        else
            ZQ_TRY(change_joined(v, &s, err));
    }
    if (v->plan->blocked < c->step->n)
        leave(v, v->plan->blocked, v->plan->why);
    else
        count(c, changed ? &c->result.n_changed : &c->result.n_done_before);
    return ZQ_OK;
}

/* Those that appeared meanwhile stand in another list. */
static bool was_seen(const changing *c, const zq_member *member)
{
    const uintptr_t at = (uintptr_t)member, first = (uintptr_t)c->members;

    return at >= first && at < (uintptr_t)(c->members + c->n) && c->seen[member - c->members];
}

/* ---- several members at once ---- */

/* Over a slow network, one round trip serves for the statements of many members. What goes along is
 * plain: whatever is to be noted, or is in the way of something, is for its own visit, as is what
 * the server refuses. */

/* Texts of some members, one behind the other. */
typedef struct bundle {
    zq_warned_text *texts;
    size_t *member; /* of each, its place among the looks */
    size_t n;
    zq_arena *arena;
} bundle;

static void add_text(bundle *b, const visiting *v, size_t s, const char *text, zq_algorithm way)
{
    const zq_member_ddl *d = &v->c->step->statements[s];
    const char *own = text_for(v, text);
    const char *asked = zq_algorithm_ask(d->parsed, own, strlen(own), way, v->arena);

    b->texts = zq_arena_grow(b->arena, b->texts, sizeof *b->texts, b->n);
    b->texts[b->n] = (zq_warned_text){asked == NULL ? own : asked, d->warned};
    *ZQ_APPEND(b->arena, b->member, b->n) = v->at;
}

static bool is_plain(const visiting *v)
{
    const size_t n = v->c->step->n;

    for (size_t s = 0; s < n; s++) {
        if (v->plan->blocked < n || runs_noted(v, s))
            return false;
    }
    return true;
}

/* Gives whether nothing more is to be done to the member once the bundle has run. */
static bool add_member(bundle *b, visiting *v)
{
    const changing *c = v->c;
    const char *why = NULL;
    bool gone;

    if (was_seen(c, v->member))
        return true;
    if (c->step->left_before(c->step->context, v->member->name) != NULL ||
        see(v, &gone, &why, NULL) != ZQ_OK || gone || why != NULL || !is_plain(v))
        return false;
    for (size_t s = 0; s < c->step->n;) {
        const size_t first = s;

        if (v->plan->verdicts[s] == DONE)
            s++;
        else
            add_text(b, v, first, joined_from(v, &s), c->ways[first]);
    }
    return true;
}

/* Which members have all of theirs, now that `n_done` texts have run. */
static void note_changed(const bundle *b, size_t n_done, member_looks *looks)
{
    for (size_t i = 0; i < b->n; i++) {
        looks->items[b->member[i]].old = true;
        looks->items[b->member[i]].changed = i < n_done;
    }
}

/* What goes behind the last bundle: lists of the family and of the next, and a look at the member
 * of that which has the code of this one's first. */
typedef struct ending {
    zq_answers texts;
    zq_answer *answers;
    size_t n; /* answers */
    size_t n_lists;
    zq_member_listing *lists;
    const changing *c;
} ending;

static zq_rc take_ending(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    const ending *e = context;
    const size_t n_texts = e->texts.n;

    if (statement < n_texts)
        return e->texts.take(e->texts.context, statement, row, err);
    if (statement - n_texts < e->n_lists) {
        zq_members_take(&e->lists[statement - n_texts], e->c->step->walk.schema, row, e->c->arena);
        return ZQ_OK;
    }
    e->lists[1].length = zq_row_length(row, 1);
    e->lists[1].definition = zq_arena_strndup(e->c->arena, zq_row_text(row, 1), e->lists[1].length);
    return ZQ_OK;
}

static void write_ending(ending *e, zq_sql *sql)
{
    zq_member_listing *next = &e->lists[1];

    zq_sql_lit(sql, ";");
    zq_members_write_lists(sql, e->c->step->walk.database, e->lists, e->n_lists);
    for (size_t i = 0; i < e->n_lists; i++)
        e->answers[e->n++] = (zq_answer){.columns = ZQ_MEMBERS_COLUMNS};
    if (e->n_lists == 1)
        return;
    next->looked_at = zq_family_expand(e->c->arena, next->family, e->c->members[0].code);
    next->looked_ms = zq_now_ms();
    zq_sql_add(sql, ";SHOW CREATE TABLE `%s`", next->looked_at);
    e->answers[e->n++] = (zq_answer){ZQ_SHOW_CREATE_COLUMNS, ZQ_ONE_ROW, 1};
}

/* Send the texts, then the ending where there are `lists`; gives how many of the texts have run. */
static size_t send_texts(const changing *c, zq_db *db, const bundle *b, zq_member_listing *lists)
{
    ending e = {.lists = lists, .c = c};
    const char *text = zq_warnings_join(b->texts, b->n, b->arena, &e.texts);
    ZQ_AUTO_SQL(sql);
    size_t done = 0;

    e.answers = ZQ_NEW_ARRAY(b->arena, zq_answer, e.texts.n + 3);
    for (; e.n < e.texts.n; e.n++)
        e.answers[e.n] = e.texts.items[e.n];
    zq_sql_rawz(&sql, text);
    if (lists != NULL) {
        e.n_lists = lists[1].family == NULL ? 1 : 2;
        write_ending(&e, &sql);
    }
    (void)zq_db_run_sql(db, &sql, &(zq_answers){e.answers, e.n, take_ending, &e, false}, &done,
                        NULL);
    if (lists != NULL && done >= e.texts.n + e.n_lists)
        zq_members_end_lists(lists, e.n_lists);
    return done < e.texts.n ? (done + 1) / 2 : b->n;
}

static void send_bundle(changing *c, zq_db *db, const bundle *b, member_looks *looks,
                        zq_member_listing *lists)
{
    enum { SLOW_MS = 1000 };
    const unsigned long long began_ms = zq_now_ms();

    if (zq_lease_ask(c->step->walk.rules->lease, db, NULL) != ZQ_OK)
        return;
    note_changed(b, send_texts(c, db, b, lists), looks);
    if (zq_now_ms() - began_ms > SLOW_MS) {
        pthread_mutex_lock(&c->lock);
        c->slow = true;
        pthread_mutex_unlock(&c->lock);
    }
}

static bool goes_together(changing *c)
{
    bool slow;

    pthread_mutex_lock(&c->lock);
    slow = c->slow;
    pthread_mutex_unlock(&c->lock);
    return c->step->together && !slow && !zq_watch_stopped(c->step->walk.rules->watch);
}

/* What is not a table, or has gone, ends it: the rest is looked at one by one. */
static const void *look_at_some(void *context, zq_db *db, const zq_member *members, size_t n,
                                zq_member_listing *lists, zq_arena *arena)
{
    changing *c = context;
    member_looks *looks = ZQ_NEW(arena, member_looks);
    bundle b = {.arena = arena};
    size_t n_settled = 0;

    if (members == c->members && n <= c->ahead.n && is_fresh(&c->ahead))
        *looks = c->ahead;
    else
        take_looks(db, members, n, arena, looks, NULL);
    for (size_t i = 0; i < looks->n && goes_together(c); i++) {
        visiting v = {
            .c = c, .db = db, .member = &members[i], .arena = arena, .looks = looks, .at = i};

        n_settled += add_member(&b, &v);
    }
    if (b.n > 1)
        send_bundle(c, db, &b, looks, n_settled == n ? lists : NULL);
    return looks;
}

static bool was_changed(const member_looks *looks, size_t at)
{
    return looks != NULL && at < looks->n && looks->items[at].changed;
}

static zq_rc visit(void *context, zq_db *db, const zq_member *member, const void *looks, size_t at,
                   zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    changing *c = context;
    visiting v = {.c = c, .db = db, .member = member, .arena = arena, .looks = looks, .at = at};
    const char *why = c->step->left_before(c->step->context, member->name);
    bool gone = false;
    zq_rc rc;

    if (was_seen(c, member))
        return ZQ_OK;
    if (was_changed(looks, at)) {
        count(c, &c->result.n_changed);
        return ZQ_OK;
    }
    if (why == NULL)
        ZQ_TRY(see(&v, &gone, &why, err));
    if (why != NULL)
        leave(&v, 0, why);
    if (gone)
        count(c, &c->result.n_gone);
    if (why != NULL || gone)
        return ZQ_OK;
    rc = change_all(&v, err);
    /* Dropped since it was looked at. */
    if (rc != ZQ_OK && rc != ZQ_E_LOST && err->cause == ZQ_CAUSE_NO_TABLE) {
        count(c, &c->result.n_gone);
        return ZQ_OK;
    }
    return rc;
}

/* ---- the first member ---- */

/* One statement on the member that goes first. The model was right when it finds it done then. */
static zq_rc try_first(visiting *v, size_t s, zq_err *err)
{
    enum { FIRST_SLOW_MS = 1000 };
    changing *c = v->c;
    const unsigned long long began_ms = zq_now_ms();
    const member_look *look = &v->seen;
    const char *why;
    zq_member_form after;
    zq_rc rc = change_noted(v, s, &c->ways[s], err);

    if (rc != ZQ_OK) {
        c->result.n_failed++;
        c->result.first_refused = rc != ZQ_E_LOST && rc != ZQ_E_DIFFERS;
        c->result.refused = s;
        return rc;
    }
    c->slow = c->slow || zq_now_ms() - began_ms > FIRST_SLOW_MS;
    if (v->plan->verdicts[s] != APPLY)
        return ZQ_OK;
    c->doubtful[s] =
        look->definition == NULL ||
        zq_member_form_read(look->definition, look->length, c->flavor, c->step->walk.family,
                            v->member->code, c->step->patterns, v->arena, &after, NULL) != ZQ_OK ||
        judge(c, s, &after.table, &why, v->arena) != DONE;
    return ZQ_OK;
}

/* Does the family, as it is known to be, take the statement? */
static bool family_takes(const changing *c, size_t s, zq_arena *arena)
{
    plan p = {.verdicts = ZQ_NEW_ARRAY(arena, verdict, c->step->n)};

    if (c->step->family == NULL)
        return false;
    judge_all(c, c->step->family, &p, arena);
    return p.blocked > s;
}

/* Is it the statement that is wrong, and not the members? It is when none takes it. */
static zq_rc is_at_fault(changing *c, size_t s, bool *out, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    *out = c->step->only == NULL && !family_takes(c, s, arena);
    for (size_t i = 0; *out && i < c->n; i++) {
        ZQ_AUTO(zq_arena) scratch = zq_arena_open();
        visiting v = {.c = c, .db = c->step->walk.db, .member = &c->members[i], .arena = scratch};
        const char *why = NULL;
        bool gone;

        ZQ_TRY(see(&v, &gone, &why, err));
        *out = gone || why != NULL || v.plan->blocked <= s;
    }
    return ZQ_OK;
}

/* The member goes alone through what it lacks, so that what is wrong with a statement itself is
 * found on one table. `*out_through`: it went through all of them. */
static zq_rc go_first(visiting *v, bool *out_through, zq_err *err)
{
    changing *c = v->c;
    const size_t blocked = v->plan->blocked;
    bool at_fault;

    v->goes_first = true;

    for (size_t s = 0; s < blocked; s++) {
        if (v->plan->verdicts[s] != DONE)
            ZQ_TRY(try_first(v, s, err));
    }
    c->seen[v->member - c->members] = true;
    *out_through = blocked == c->step->n;
    if (*out_through) {
        c->result.n_changed++;
        return ZQ_OK;
    }
    ZQ_TRY(is_at_fault(c, blocked, &at_fault, err));
    if (at_fault)
        ZQ_TRY(try_first(v, blocked, err));
    leave(v, blocked, v->plan->why);
    return ZQ_OK;
}

static bool has_all(const plan *p, size_t n)
{
    for (size_t s = 0; s < n; s++) {
        if (s >= p->blocked || p->verdicts[s] != DONE)
            return false;
    }
    return true;
}

/* The last ones first when another run was among them: they are changed in the order of names. */
static zq_rc run_first(changing *c, zq_err *err)
{
    bool through = false;

    for (size_t i = 0; i < c->n && !through; i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        const size_t at = c->step->resumed ? c->n - 1 - i : i;
        visiting v = {.c = c, .db = c->step->walk.db, .member = &c->members[at], .arena = arena};
        const char *why = c->step->left_before(c->step->context, v.member->name);
        bool gone = false;

        if (at == 0)
            v.looks = &c->first;
        if (zq_watch_stopped(c->step->walk.rules->watch))
            return zq_fail(err, ZQ_E_INTERRUPTED, "stopped");
        if (why == NULL)
            ZQ_TRY(see(&v, &gone, &why, err));
        if (why == NULL && !gone && !has_all(v.plan, c->step->n))
            ZQ_TRY(go_first(&v, &through, err));
    }
    return ZQ_OK;
}

/* The look at the first that was taken along with the list, where it was that. */
static void take_first(changing *c, const zq_member_listing *listing, zq_arena *arena)
{
    if (c->n == 0 || listing->definition == NULL ||
        strcmp(listing->looked_at, c->members[0].name) != 0)
        return;
    c->first =
        (member_looks){.items = ZQ_NEW(arena, member_look), .n = 1, .taken_ms = listing->looked_ms};
    c->first.items[0] = (member_look){.definition = listing->definition, .length = listing->length};
}

static void begin(changing *c, zq_arena *arena)
{
    const zq_member_step *step = c->step;

    for (size_t s = 0; s < step->n; s++) {
        const char *text = step->statements[s].text;
        zq_binding bindings[] = {{"table", step->walk.family}, {"code", ZQ_CODE}};

        c->ways[s] = zq_online_first(step->statements[s].parsed);
        c->texts[s] = zq_placeholder_fill(arena, text, strlen(text), bindings, ZQ_LEN(bindings));
    }
}

/* ---- all ---- */

static zq_rc run_members(changing *c, zq_arena *arena, zq_err *err)
{
    const zq_member_walk *given = &c->step->walk;
    zq_member_listing listing = c->step->listing;
    zq_member_walk walk = *given;
    zq_member_walked walked;
    zq_rc rc;

    walk.visit = visit;
    walk.look = look_at_some;
    walk.together = c->step->together;
    walk.context = c;
    if (!listing.listed)
        ZQ_TRY(zq_members_list_all(given->db, given->database, given->schema, &listing, 1, arena,
                                   err));
    c->members = listing.members;
    c->n = listing.n;
    walk.these_only = c->step->only != NULL;
    if (walk.these_only)
        c->n = zq_members_keep(c->members, c->n, c->step->only, c->step->n_only);
    c->result.n_members = c->n;
    if (c->n == 0)
        return ZQ_OK;
    begin(c, arena);
    take_first(c, &listing, arena);
    c->seen = ZQ_NEW_ARRAY(arena, bool, c->n);
    ZQ_TRY(run_first(c, err));
    ZQ_TRY(c->step->ready(c->step->context, err));
    rc = zq_members_walk(&walk, c->members, c->n, arena, &walked, err);
    c->result.n_members = walked.n_members;
    c->result.n_failed += walked.n_failed;
    return rc;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const zq_member_left *)a)->name, ((const zq_member_left *)b)->name);
}

zq_rc zq_members_ddl_run(const zq_member_step *step, zq_arena *arena, zq_member_result *out,
                         zq_err *err)
{
    changing c = {
        .step = step,
        .texts = ZQ_NEW_ARRAY(arena, const char *, step->n),
        .ways = ZQ_NEW_ARRAY(arena, zq_algorithm, step->n),
        .doubtful = ZQ_NEW_ARRAY(arena, bool, step->n),
        .flavor = zq_db_server(step->walk.db)->flavor,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .arena = arena,
    };
    zq_rc rc = run_members(&c, arena, err);

    if (c.result.n_left > 1)
        qsort(c.left, c.result.n_left, sizeof *c.left, by_name);
    c.result.left = c.left;
    *out = c.result;
    return rc;
}
