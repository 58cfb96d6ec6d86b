/* The members of a family, listed and walked through by several connections. A connection takes a
 * few members at a time that nobody has claimed, since some take longer than others; at the end,
 * one that has none takes a member of another, who may be waiting for a lock. Members that were
 * made meanwhile are walked through after that, until a list has no new ones. */
#include "run/members.h"

#include "base/language.h"
#include "model/family.h"
#include "sql/sql.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A connection costs as much as a few statements: one for each that many members. */
enum { MEMBERS_WORTH_A_WORKER = 8, TOGETHER_WORTH_A_WORKER = 32 };

/* ---- which there are ---- */

typedef struct listing {
    const zq_schema *schema;
    zq_member_listing *of; /* each of a statement */
    zq_arena *arena;
} listing;

/* By TABLE_TYPE. */
static const char *kind_of(const char *type)
{
    static const struct {
        const char *type, *kind;
    } kinds[] = {
        {"BASE TABLE", "table"},
        {"SYSTEM VERSIONED", "table"},
        {"VIEW", "view"},
        {"SEQUENCE", "sequence"},
    };

    for (size_t i = 0; i < ZQ_LEN(kinds); i++) {
        if (type != NULL && strcmp(type, kinds[i].type) == 0)
            return kinds[i].kind;
    }
    return "thing of another kind";
}

/* The application's views over all members of a family: "zq_x_view", and where there are many
 * members "zq_x_view_part_1". */
static bool is_over_members(const char *code)
{
    static const char part[] = "view_part_";
    const char *number = code + sizeof part - 1;

    return strcmp(code, "view") == 0 ||
           (strncmp(code, part, sizeof part - 1) == 0 && *number != '\0' &&
            number[strspn(number, "0123456789")] == '\0');
}

void zq_members_take(zq_member_listing *io, const zq_schema *schema, const zq_row *row,
                     zq_arena *arena)
{
    const char *code;
    const zq_table *family = zq_family_of(schema, zq_row_text(row, 0), &code);
    const char *kind = kind_of(zq_row_text(row, 1));
    char *name;

    if (family == NULL || strcmp(family->name, io->family) != 0 ||
        (strcmp(kind, "view") == 0 && is_over_members(code)))
        return;
    name = zq_arena_strdup(arena, zq_row_text(row, 0));
    *ZQ_APPEND(arena, io->members, io->n) = (zq_member){
        .name = name,
        .code = name + (code - zq_row_text(row, 0)),
        .other = strcmp(kind, "table") == 0 ? NULL : kind,
    };
}

static zq_rc take_name(void *context, size_t statement, const zq_row *row, ZQ_UNUSED zq_err *err)
{
    const listing *l = context;

    zq_members_take(&l->of[statement], l->schema, row, l->arena);
    return ZQ_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const zq_member *)a)->name, ((const zq_member *)b)->name);
}

/* "zq\_data\_x\_%", for LIKE. */
static void write_pattern(zq_sql *sql, const char *family)
{
    ZQ_AUTO_BUF(pattern);

    for (const char *c = family; *c != '\0' && *c != '{'; c++) {
        if (*c == '_' || *c == '%')
            zq_buf_char(&pattern, '\\');
        zq_buf_char(&pattern, *c);
    }
    zq_buf_char(&pattern, '%');
    zq_sql_str(sql, zq_buf_text(&pattern));
}

void zq_members_write_lists(zq_sql *sql, const char *database, const zq_member_listing *of,
                            size_t n)
{
    for (size_t i = 0; i < n; i++) {
        zq_sql_add(sql,
                   "%-sSELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE "
                   "TABLE_SCHEMA = '%s' AND TABLE_NAME LIKE ",
                   i > 0 ? ";" : "", database);
        write_pattern(sql, of[i].family);
    }
}

void zq_members_end_lists(zq_member_listing *io, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (io[i].n > 1)
            qsort(io[i].members, io[i].n, sizeof *io[i].members, by_name);
        io[i].listed = true;
    }
}

zq_rc zq_members_list_all(zq_db *db, const char *database, const zq_schema *schema,
                          zq_member_listing *io, size_t n, zq_arena *arena, zq_err *err)
{
    const zq_answer answer = {.columns = ZQ_MEMBERS_COLUMNS, .times = n};
    listing l = {.schema = schema, .of = io, .arena = arena};
    ZQ_AUTO_SQL(sql);

    for (size_t i = 0; i < n; i++)
        io[i] = (zq_member_listing){.family = io[i].family};
    zq_members_write_lists(&sql, database, io, n);
    ZQ_TRY(zq_db_run_sql(db, &sql, &(zq_answers){&answer, 1, take_name, &l, false}, NULL, err));
    zq_members_end_lists(io, n);
    return ZQ_OK;
}

zq_rc zq_members_list(zq_db *db, const char *database, const zq_schema *schema, const char *family,
                      zq_arena *arena, zq_member **out, size_t *out_n, zq_err *err)
{
    zq_member_listing one = {.family = family};

    ZQ_TRY(zq_members_list_all(db, database, schema, &one, 1, arena, err));
    *out = one.members;
    *out_n = one.n;
    return ZQ_OK;
}

size_t zq_members_keep(zq_member *members, size_t n, const char *const *names, size_t n_names)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        if (zq_names_have(names, n_names, members[i].name))
            members[kept++] = members[i];
    }
    return kept;
}

/* ---- one after the other ---- */

/* One connection's part in it. */
typedef struct worker {
    struct walking *of;
    unsigned number; /* 0 is the walk's own connection */
    /* Of the members that it has claimed, as their places. */
    size_t first; /* of those that it looks at together */
    size_t next, end;
} worker;

typedef struct walking {
    const zq_member_walk *walk;
    const zq_member *members;
    size_t n;

    pthread_mutex_t lock; /* for all below */
    size_t next;
    size_t finished;
    worker workers[ZQ_MOST_JOBS];
    size_t n_workers;           /* set before they begin */
    zq_member_listing lists[2]; /* of the walk's family, and of the next */
    bool stop;
    size_t n_failed;
    zq_err first_error;
    zq_rc first_rc;
} walking;

static void stop_when_asked(walking *w)
{
    if (w->stop || !zq_watch_stopped(w->walk->rules->watch))
        return;
    w->stop = true;
    if (w->first_rc == ZQ_OK)
        w->first_rc = zq_fail(&w->first_error, ZQ_E_INTERRUPTED, "stopped");
}

/* Give a worker that has nothing left a few members that nobody has claimed: not so many that the
 * others have none at the end. */
static void claim_few(walking *w, worker *self)
{
    const size_t left = w->n - w->next;
    const size_t few = w->n_workers == 1 ? left : left / (2 * w->n_workers) + (left > 0);

    self->first = self->next = w->next;
    w->next += few < ZQ_MEMBERS_AT_ONCE ? few : ZQ_MEMBERS_AT_ONCE;
    self->end = w->next;
}

/* Or one of another's, who may be waiting for a lock. */
static void claim_of_another(walking *w, worker *self)
{
    for (size_t i = 0; !w->walk->together && i < w->n_workers && self->next == self->end; i++) {
        worker *other = &w->workers[i];

        if (other->next == other->end)
            continue;
        self->first = self->next = --other->end;
        self->end = self->next + 1;
    }
}

/* The place of the worker's next member; false: there are no more. `*out_look`: of how many that
 * begin with it there is no look yet; 0: there is one. */
static bool claim(worker *self, size_t *out, size_t *out_look)
{
    walking *w = self->of;
    bool found;

    pthread_mutex_lock(&w->lock);
    stop_when_asked(w);
    if (self->next == self->end)
        claim_few(w, self);
    if (self->next == self->end)
        claim_of_another(w, self);
    found = !w->stop && self->next < self->end;
    if (found) {
        *out_look = self->next == self->first ? self->end - self->next : 0;
        *out = self->next++;
    }
    pthread_mutex_unlock(&w->lock);
    return found;
}

static void count(walking *w)
{
    size_t finished;

    pthread_mutex_lock(&w->lock);
    finished = ++w->finished;
    pthread_mutex_unlock(&w->lock);
    zq_watch_progress(w->walk->rules->watch, "tables", finished, w->n);
}

static void fail(walking *w, zq_rc rc, const zq_err *failure)
{
    pthread_mutex_lock(&w->lock);
    if (w->first_rc == ZQ_OK) {
        w->first_rc = rc;
        w->first_error = *failure;
    }
    w->n_failed++;
    if (w->n_failed > w->walk->max_errors || rc == ZQ_E_LOST || rc == ZQ_E_READ_ONLY ||
        rc == ZQ_E_INTERRUPTED || rc == ZQ_E_TAKEN)
        w->stop = true;
    pthread_mutex_unlock(&w->lock);
    if (w->walk->max_errors > 0)
        zq_watch_tell(w->walk->rules->watch, ZQ_TELL_WARN, "%s: %s", failure->message,
                      failure->detail);
}

static void visit_all(worker *self, zq_db *db)
{
    walking *w = self->of;
    const zq_member_walk *walk = w->walk;
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const void *looks = NULL;
    size_t at, n_look;

    while (!zq_db_is_lost(db) && claim(self, &at, &n_look)) {
        zq_err failure = {0};
        zq_rc rc;

        if (n_look > 0 && walk->look != NULL) {
            const bool last = !walk->these_only && w->n_workers == 1 && at + n_look == w->n;

            zq_arena_reset(arena);
            looks = walk->look(walk->context, db, &w->members[at], n_look, last ? w->lists : NULL,
                               arena);
        }
        rc = walk->visit(walk->context, db, &w->members[at], looks, at - self->first, &failure);
        if (rc == ZQ_OK)
            count(w);
        else
            fail(w, rc, &failure);
    }
}

/* ---- workers ---- */

/* A worker's connection, with the lock that tells the next run of it. */
static zq_rc open_worker(const worker *self, zq_db **out, zq_err *err)
{
    const zq_member_walk *walk = self->of->walk;
    ZQ_AUTO(zq_db) db = NULL;

    ZQ_TRY(walk->open(walk->open_context, &db, err));
    ZQ_TRY(zq_online_begin(db, walk->rules, err));
    ZQ_TRY(zq_session_lock(db, walk->rules, self->number, err));
    *out = db;
    db = NULL;
    return ZQ_OK;
}

/* One that cannot connect is done without. */
static void *work(void *context)
{
    worker *self = context;
    const zq_watch *watch = self->of->walk->rules->watch;
    ZQ_AUTO(zq_db) db = NULL;
    zq_err err = {0};

    if (open_worker(self, &db, &err) != ZQ_OK)
        zq_watch_tell(watch, ZQ_TELL_WARN, "one connection less: %s", err.message);
    else
        visit_all(self, db);
    return NULL;
}

static size_t workers_wanted(const walking *w)
{
    size_t wanted =
        w->n / (w->walk->together ? TOGETHER_WORTH_A_WORKER : MEMBERS_WORTH_A_WORKER) + 1;

    if (wanted > w->walk->jobs)
        wanted = w->walk->jobs;
    if (wanted > ZQ_MOST_JOBS)
        wanted = ZQ_MOST_JOBS;
    return wanted == 0 || w->walk->open == NULL ? 1 : wanted;
}

static void run_side_by_side(walking *w)
{
    pthread_t threads[ZQ_MOST_JOBS];
    size_t n = 1;

    w->n_workers = workers_wanted(w);
    for (size_t i = 0; i < w->n_workers; i++)
        w->workers[i] = (worker){.of = w, .number = (unsigned)i};
    while (n < w->n_workers && pthread_create(&threads[n], NULL, work, &w->workers[n]) == 0)
        n++;
    visit_all(&w->workers[0], w->walk->db);
    for (size_t i = 1; i < n; i++)
        pthread_join(threads[i], NULL);
}

/* ---- until there are no more ---- */

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

static zq_rc walk_to_the_end(walking *w, zq_arena *arena, zq_member_walked *out, zq_err *err)
{
    const zq_member_walk *walk = w->walk;
    const zq_member *seen = w->members;
    size_t n_seen = w->n;

    for (;;) {
        zq_member_listing *lists = w->lists;

        lists[0] = (zq_member_listing){.family = walk->family};
        lists[1] = walk->next == NULL ? (zq_member_listing){0} : *walk->next;
        out->n_members += w->n;
        run_side_by_side(w);
        if (w->first_rc != ZQ_OK) {
            *err = w->first_error;
            return w->first_rc;
        }
        if (walk->these_only)
            return ZQ_OK;
        if (!lists[0].listed)
            ZQ_TRY(zq_members_list_all(walk->db, walk->database, walk->schema, lists,
                                       walk->next == NULL ? 1 : 2, arena, err));
        if (walk->next != NULL)
            *walk->next = lists[1];
        w->members = newcomers(lists[0].members, lists[0].n, seen, n_seen, arena, &w->n);
        w->next = 0;
        w->finished = 0;
        if (w->n == 0)
            return ZQ_OK;
        zq_watch_tell(walk->rules->watch, ZQ_TELL_SAY,
                      w->n == 1 ? N_("%zu new member of '%s' meanwhile")
                                : N_("%zu new members of '%s' meanwhile"),
                      w->n, walk->family);
        seen = lists[0].members;
        n_seen = lists[0].n;
    }
}

zq_rc zq_members_walk(const zq_member_walk *walk, const zq_member *members, size_t n,
                      zq_arena *arena, zq_member_walked *out, zq_err *err)
{
    walking w = {.walk = walk, .members = members, .n = n, .lock = PTHREAD_MUTEX_INITIALIZER};
    zq_rc rc;

    *out = (zq_member_walked){0};
    rc = walk_to_the_end(&w, arena, out, err);
    zq_watch_progress(walk->rules->watch, "tables", 0, 0);
    out->n_failed = w.n_failed;
    return rc;
}
