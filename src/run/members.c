#include "run/members.h"

#include "model/family.h"
#include "sql/lexer.h"
#include "sql/sql.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A connection costs as much as a few statements: one for each that many members. */
enum { SAMPLE = 64, LARGEST_JOBS = 64, MEMBERS_WORTH_A_WORKER = 8 };

/* ---- which there are ---- */

typedef struct listing {
    const zq_schema *schema;
    const char *family;
    zq_arena *arena;
    zq_member *items;
    size_t n;
    size_t capacity;
} listing;

static zq_rc take_name(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    listing *l = context;
    const char *code;
    const zq_table *family = zq_family_of(l->schema, row->values[0], &code);
    char *name;

    (void)statement;
    (void)err;
    if (family == NULL || strcmp(family->name, l->family) != 0)
        return ZQ_OK;
    if (l->n == l->capacity) {
        zq_member *more = ZQ_NEW_ARRAY(l->arena, zq_member, l->capacity * 2 + 64);

        if (l->n > 0)
            memcpy(more, l->items, l->n * sizeof *more);
        l->items = more;
        l->capacity = l->capacity * 2 + 64;
    }
    name = zq_arena_strdup(l->arena, row->values[0]);
    l->items[l->n++] = (zq_member){.name = name, .code = name + (code - row->values[0])};
    return ZQ_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const zq_member *)a)->name, ((const zq_member *)b)->name);
}

/* "zq\_data\_x\_%", for LIKE. */
static const char *like_pattern(const char *family, zq_arena *arena)
{
    char *pattern = zq_arena_alloc(arena, strlen(family) * 2 + 2);
    size_t n = 0;

    for (const char *c = family; *c != '\0' && *c != '{'; c++) {
        if (*c == '_' || *c == '%')
            pattern[n++] = '\\';
        pattern[n++] = *c;
    }
    pattern[n] = '%';
    return pattern;
}

zq_rc zq_members_list(zq_db *db, const char *database, const zq_schema *schema, const char *family,
                      zq_arena *arena, const zq_member **out, size_t *out_n, zq_err *err)
{
    zq_arg args[] = {zq_arg_text(database), zq_arg_text(like_pattern(family, arena))};
    listing l = {.schema = schema, .family = family, .arena = arena};

    ZQ_TRY(zq_db_run(db,
                     "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? "
                     "AND TABLE_NAME LIKE ? AND TABLE_TYPE = 'BASE TABLE'",
                     args, ZQ_LEN(args), take_name, &l, NULL, err));
    if (l.n > 1)
        qsort(l.items, l.n, sizeof *l.items, by_name);
    *out = l.items;
    *out_n = l.n;
    return ZQ_OK;
}

/* ---- how one is ---- */

typedef struct member_look {
    const zq_member *member;
    size_t statement;
    char *hex;
} member_look;

static zq_rc take_look(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    member_look *l = context;

    (void)err;
    if (statement == l->statement && row->n >= 2)
        zq_definition_digest(row->values[1], l->member->name, l->member->code, l->hex);
    return ZQ_OK;
}

/* The member's form, "" when it is gone. */
static zq_rc look_at(zq_db *db, const zq_member *member, char hex[ZQ_DIGEST_HEX], zq_err *err)
{
    enum { ER_NO_SUCH_TABLE = 1146 };
    ZQ_AUTO_SQL(sql);
    member_look l = {.member = member, .hex = hex};
    zq_err local = {0};
    const char *text;
    zq_rc rc;

    hex[0] = '\0';
    zq_sql_lit(&sql, "SHOW CREATE TABLE ");
    zq_sql_ident(&sql, member->name);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    rc = zq_db_run(db, text, NULL, 0, take_look, &l, NULL, &local);
    if (rc == ZQ_OK || (rc != ZQ_E_LOST && local.server_errno == ER_NO_SUCH_TABLE))
        return ZQ_OK;
    *err = local;
    return rc;
}

/* ---- the walk ---- */

typedef struct walk {
    const zq_member_step *step;
    const zq_member *members;
    size_t n;
    zq_way first_way;
    const zq_member *first; /* was changed alone, before the others */

    pthread_mutex_t lock; /* for all below */
    size_t next;
    size_t finished;
    bool stop;
    zq_member_result result;
    const char *left[ZQ_MEMBERS_NAMED];
    char before[ZQ_DIGEST_HEX];
    char after[ZQ_DIGEST_HEX];
    zq_way way; /* the one that served the first member */
    zq_err first_error;
    zq_rc first_rc;
} walk;

static const zq_member *claim(walk *w)
{
    const zq_member *member = NULL;

    pthread_mutex_lock(&w->lock);
    if (!w->stop && zq_watch_stopped(w->step->rules->watch)) {
        w->stop = true;
        if (w->first_rc == ZQ_OK)
            w->first_rc = zq_fail(&w->first_error, ZQ_E_INTERRUPTED, "stopped");
    }
    if (!w->stop && w->next < w->n)
        member = &w->members[w->next++];
    pthread_mutex_unlock(&w->lock);
    return member;
}

static void count(walk *w, size_t *counter)
{
    size_t finished;

    pthread_mutex_lock(&w->lock);
    if (counter != NULL)
        ++*counter;
    finished = ++w->finished;
    pthread_mutex_unlock(&w->lock);
    zq_watch_progress(w->step->rules->watch, "tables", finished, w->n);
}

static void leave(walk *w, const zq_member *member)
{
    pthread_mutex_lock(&w->lock);
    if (w->result.n_left < ZQ_MEMBERS_NAMED)
        w->left[w->result.n_left] = member->name;
    pthread_mutex_unlock(&w->lock);
    count(w, &w->result.n_left);
}

static void fail_member(walk *w, const zq_member *member, zq_rc rc, zq_err *failure)
{
    zq_err_prefix(failure, "%s: cannot run the statement on '%s': ", w->step->where, member->name);
    pthread_mutex_lock(&w->lock);
    if (w->first_rc == ZQ_OK) {
        w->first_rc = rc;
        w->first_error = *failure;
    }
    w->result.n_failed++;
    if (w->result.n_failed > w->step->max_errors || rc == ZQ_E_LOST || rc == ZQ_E_INTERRUPTED)
        w->stop = true;
    pthread_mutex_unlock(&w->lock);
    if (w->step->max_errors > 0)
        zq_watch_tell(w->step->rules->watch, ZQ_TELL_WARN, "%s: %s", failure->message,
                      failure->detail);
}

static zq_rc change(walk *w, zq_db *db, const zq_member *member, zq_way *way, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_member_step *step = w->step;
    zq_binding bindings[] = {{"table", member->name}, {"code", member->code}};
    zq_ddl ddl = {
        .text =
            zq_statement_expand(arena, step->text, strlen(step->text), bindings, ZQ_LEN(bindings)),
        .is = step->is,
        .name = member->name,
    };

    return zq_ddl_run(db, step->rules, &ddl, way, NULL, NULL, err);
}

static void visit(walk *w, zq_db *db, const zq_member *member)
{
    char now[ZQ_DIGEST_HEX];
    zq_err failure = {0};
    zq_way way = w->way;
    zq_rc rc = look_at(db, member, now, &failure);

    if (rc == ZQ_OK && now[0] == '\0') {
        count(w, NULL);
    } else if (rc == ZQ_OK && strcmp(now, w->before) == 0) {
        rc = change(w, db, member, &way, &failure);
        if (rc == ZQ_OK)
            count(w, &w->result.n_changed);
    } else if (rc == ZQ_OK && strcmp(now, w->after) == 0) {
        count(w, member == w->first ? NULL : &w->result.n_done_before);
    } else if (rc == ZQ_OK) {
        leave(w, member);
    }
    if (rc != ZQ_OK)
        fail_member(w, member, rc, &failure);
}

static void visit_all(walk *w, zq_db *db)
{
    const zq_member *member;

    while (!zq_db_is_lost(db) && (member = claim(w)) != NULL)
        visit(w, db, member);
}

/* ---- workers ---- */

static zq_rc enter(const zq_member_step *step, zq_db *db, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;

    zq_sql_lit(&sql, "USE ");
    zq_sql_ident(&sql, step->database);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    ZQ_TRY(zq_db_exec(db, text, err));
    return zq_ddl_begin(db, step->rules, err);
}

/* One that cannot connect is done without. */
static void *work(void *context)
{
    walk *w = context;
    ZQ_AUTO(zq_db) db = NULL;
    zq_err err = {0};

    if (w->step->open(w->step->open_context, &db, &err) != ZQ_OK ||
        enter(w->step, db, &err) != ZQ_OK)
        zq_watch_tell(w->step->rules->watch, ZQ_TELL_WARN, "one connection less: %s", err.message);
    else
        visit_all(w, db);
    return NULL;
}

static void run_side_by_side(walk *w)
{
    pthread_t threads[LARGEST_JOBS];
    size_t n = 0;
    size_t wanted = w->step->jobs > LARGEST_JOBS ? LARGEST_JOBS : w->step->jobs;

    if (w->step->open == NULL)
        wanted = 1;
    if (wanted > (w->n - w->next) / MEMBERS_WORTH_A_WORKER + 1)
        wanted = (w->n - w->next) / MEMBERS_WORTH_A_WORKER + 1;
    while (n + 1 < wanted && pthread_create(&threads[n], NULL, work, w) == 0)
        n++;
    visit_all(w, w->step->db);
    for (size_t i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
}

/* ---- the form before, the first member ---- */

static int by_hex(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The text that stands most often in a sorted array. */
static const char *most_common(const char **texts, size_t n)
{
    const char *best = texts[0];
    size_t best_run = 0;

    for (size_t i = 0; i < n;) {
        size_t run = 1;

        while (i + run < n && strcmp(texts[i], texts[i + run]) == 0)
            run++;
        if (run > best_run) {
            best = texts[i];
            best_run = run;
        }
        i += run;
    }
    return best;
}

static zq_rc sample(walk *w, zq_arena *arena, zq_err *err)
{
    size_t n = w->n < SAMPLE ? w->n : SAMPLE;
    const char **seen = ZQ_NEW_ARRAY(arena, const char *, n);

    for (size_t i = 0; i < n; i++) {
        char *hex = zq_arena_alloc(arena, ZQ_DIGEST_HEX);

        ZQ_TRY(look_at(w->step->db, &w->members[i * w->n / n], hex, err));
        seen[i] = hex;
    }
    qsort(seen, n, sizeof *seen, by_hex);
    memcpy(w->before, most_common(seen, n), ZQ_DIGEST_HEX);
    return ZQ_OK;
}

static zq_rc tell_found(walk *w, const char *first, bool changed, zq_arena *arena, zq_err *err)
{
    return w->step->found_out(w->step->context, zq_arena_strdup(arena, w->before), first,
                              changed ? zq_arena_strdup(arena, w->after) : NULL, err);
}

/* The first member goes alone: what is wrong with the statement itself is found on one table, and
 * how a member is afterwards too. */
static zq_rc change_first(walk *w, const zq_member *member, zq_arena *arena, zq_err *err)
{
    const zq_member_step *step = w->step;
    zq_rc rc;

    ZQ_TRY(tell_found(w, member->name, false, arena, err));
    w->way = w->first_way;
    rc = change(w, step->db, member, &w->way, err);
    if (rc != ZQ_OK) {
        w->result.n_failed++;
        zq_err_prefix(err, "%s: cannot run the statement on '%s': ", step->where, member->name);
        return rc;
    }
    ZQ_TRY(look_at(step->db, member, w->after, err));
    w->result.n_changed++;
    w->first = member;
    return tell_found(w, member->name, true, arena, err);
}

/* A run that was killed between the first member and its record left one that tells. */
static zq_rc learn_from_first(walk *w, zq_arena *arena, bool *out_learnt, zq_err *err)
{
    const char *first = w->step->first;
    char now[ZQ_DIGEST_HEX];

    for (size_t i = 0; first != NULL && i < w->n; i++) {
        if (strcmp(w->members[i].name, first) != 0)
            continue;
        ZQ_TRY(look_at(w->step->db, &w->members[i], now, err));
        if (now[0] == '\0' || strcmp(now, w->before) == 0)
            break;
        memcpy(w->after, now, ZQ_DIGEST_HEX);
        *out_learnt = true;
        return tell_found(w, first, true, arena, err);
    }
    return ZQ_OK;
}

static zq_rc run_first(walk *w, zq_arena *arena, zq_err *err)
{
    bool learnt = false;
    char now[ZQ_DIGEST_HEX];

    ZQ_TRY(learn_from_first(w, arena, &learnt, err));
    for (size_t i = 0; !learnt && i < w->n; i++) {
        if (zq_watch_stopped(w->step->rules->watch))
            return zq_fail(err, ZQ_E_INTERRUPTED, "stopped");
        ZQ_TRY(look_at(w->step->db, &w->members[i], now, err));
        if (strcmp(now, w->before) == 0)
            return change_first(w, &w->members[i], arena, err);
    }
    return ZQ_OK;
}

static zq_rc begin(walk *w, zq_arena *arena, zq_err *err)
{
    const zq_member_step *step = w->step;

    if (step->before != NULL)
        memcpy(w->before, step->before, ZQ_DIGEST_HEX);
    else
        ZQ_TRY(sample(w, arena, err));
    w->first_way = zq_way_first(step->text, step->is);
    w->way = w->first_way;
    if (step->after == NULL)
        return run_first(w, arena, err);
    memcpy(w->after, step->after, ZQ_DIGEST_HEX);
    return ZQ_OK;
}

/* ---- the end ---- */

/* The members that are in `now` and not in `then`, both in order. */
static zq_member *newcomers(const zq_member *now, size_t n_now, const zq_member *then,
                            size_t n_then, zq_arena *arena, size_t *out_n)
{
    zq_member *items = ZQ_NEW_ARRAY(arena, zq_member, n_now + 1);
    size_t n = 0;

    for (size_t i = 0, j = 0; i < n_now; i++) {
        while (j < n_then && strcmp(then[j].name, now[i].name) < 0)
            j++;
        if (j == n_then || strcmp(then[j].name, now[i].name) != 0)
            items[n++] = now[i];
    }
    *out_n = n;
    return items;
}

/* Work until no member is there that was not seen. */
static zq_rc run_to_the_end(walk *w, zq_arena *arena, zq_err *err)
{
    const zq_member_step *step = w->step;
    const zq_member *seen = w->members;
    size_t n_seen = w->n;

    for (;;) {
        const zq_member *now;
        size_t n_now;

        run_side_by_side(w);
        if (w->first_rc != ZQ_OK) {
            *err = w->first_error;
            return w->first_rc;
        }
        ZQ_TRY(zq_members_list(step->db, step->database, step->schema, step->family, arena, &now,
                               &n_now, err));
        w->members = newcomers(now, n_now, seen, n_seen, arena, &w->n);
        w->next = 0;
        w->finished = 0;
        if (w->n == 0)
            return ZQ_OK;
        zq_watch_tell(step->rules->watch, ZQ_TELL_SAY, "%zu new %s of '%s' meanwhile", w->n,
                      w->n == 1 ? "member" : "members", step->family);
        w->result.n_members += w->n;
        seen = now;
        n_seen = n_now;
    }
}

static zq_rc run_members(walk *w, zq_arena *arena, zq_err *err)
{
    const zq_member_step *step = w->step;

    ZQ_TRY(zq_members_list(step->db, step->database, step->schema, step->family, arena, &w->members,
                           &w->n, err));
    w->result.n_members = w->n;
    if (w->n == 0)
        return ZQ_OK;
    ZQ_TRY(begin(w, arena, err));
    return run_to_the_end(w, arena, err);
}

zq_rc zq_members_run(const zq_member_step *step, zq_arena *arena, zq_member_result *out,
                     zq_err *err)
{
    walk w = {.step = step, .lock = PTHREAD_MUTEX_INITIALIZER};
    size_t named;
    const char **left;
    zq_rc rc = run_members(&w, arena, err);

    zq_watch_progress(step->rules->watch, "tables", 0, 0);
    named = w.result.n_left < ZQ_MEMBERS_NAMED ? w.result.n_left : ZQ_MEMBERS_NAMED;
    left = ZQ_NEW_ARRAY(arena, const char *, named + 1);
    memcpy(left, w.left, named * sizeof *left);
    w.result.left = left;
    *out = w.result;
    return rc;
}
