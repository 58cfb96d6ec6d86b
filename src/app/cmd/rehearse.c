/* A run is rehearsed in a scratch database on the same server: empty copies of our tables, and one
 * member for each form of a family, so that some dozens of tables stand for thousands. What runs
 * there is the run itself, under a lease of its own: the copy has a book and a lease as any other
 * database, and the real ones are only read. A rehearsal that was killed leaves its database; the
 * next one drops it, when nobody has its lease and it carries our mark (run/scratch.h). */
#include "app/cmd/commands.h"
#include "app/connect.h"
#include "app/events.h"
#include "app/known.h"
#include "app/migrate.h"
#include "app/rehearsal_copy.h"
#include "app/show/plan_view.h"
#include "base/language.h"
#include "model/family.h"
#include "run/fingerprint.h"
#include "run/scratch.h"

#include "release.h"

#include <string.h>

typedef struct rehearsal {
    zq_app *app;
    zq_migration *m; /* the real database: only read */
    zq_migration s;  /* the scratch database */
    char name[ZQ_SCRATCH_NAME];
    zq_plan plan;
    const zq_revision **back; /* that are undone on the way back */
    size_t n_back;
    zq_rehearsed *seen; /* of each statement of the plan */
    zq_copy copy;
    bool made;         /* the scratch database is there */
    const char **left; /* members that a statement could not be applied to */
    size_t n_left;
    const char **remarks;
    size_t n_remarks;
} rehearsal;

static void remark(rehearsal *r, const char *text)
{
    r->remarks[r->n_remarks++] = text;
}

/* ---- may it be rehearsed? ---- */

/* What a statement does beyond the tables of its database; NULL: nothing. What a copy has not, or
 * what would really happen, is not a rehearsal. */
static const char *reaches_out(const zq_rev_statement *s)
{
    static const char *const objects[] = {
        [ZQ_OBJECT_TRIGGER] = N_("changes a trigger"),
        [ZQ_OBJECT_ROUTINE] = N_("changes a routine"),
        [ZQ_OBJECT_EVENT] = N_("changes an event"),
        [ZQ_OBJECT_SEQUENCE] = N_("changes a sequence"),
        [ZQ_OBJECT_DATABASE] = N_("changes a database"),
        [ZQ_OBJECT_USER] = N_("changes an account"),
    };
    const zq_statement *parsed = &s->parsed;

    if (parsed->other_database)
        return N_("names another database");
    if (parsed->opaque)
        return N_("does what cannot be known from its words");
    switch (parsed->kind) {
    case ZQ_STATEMENT_DDL:
        if (parsed->object == ZQ_OBJECT_VIEW &&
            strncmp(parsed->verb, "CREATE", strlen("CREATE")) != 0)
            return N_("changes a view");
        return parsed->object < ZQ_LEN(objects) ? objects[parsed->object] : NULL;
    case ZQ_STATEMENT_ADMIN:
        return strcmp(parsed->verb, "ANALYZE TABLE") == 0 ? NULL
                                                          : N_("is for the server, not for tables");
    case ZQ_STATEMENT_ROWS:
    case ZQ_STATEMENT_SESSION:
    case ZQ_STATEMENT_READ:
        return NULL;
    default:
        return N_("does what cannot be known from its words");
    }
}

static zq_rc check_section(const zq_revision *revision, const zq_rev_section *section, zq_err *err)
{
    for (size_t i = 0; i < section->n; i++) {
        const char *why = reaches_out(&section->statements[i]);

        if (why == NULL)
            continue;
        zq_fail(err, ZQ_E_USAGE, "%s:%u: cannot be rehearsed: the statement %s", revision->file,
                section->statements[i].line, zq_tr(why));
        return zq_err_hint(
            err, "rehearse up to the revision before it, and try this one on a copy of the "
                 "whole database");
    }
    return ZQ_OK;
}

/* Whatever way leads up, the way back is that of the revisions, one by one. */
static zq_rc find_way_back(rehearsal *r, zq_err *err)
{
    r->back = ZQ_NEW_ARRAY(r->app->arena, const zq_revision *, r->m->chain.n + 1);
    for (size_t at = r->plan.from; at < r->plan.to; at++)
        ZQ_TRY(zq_revision_file_complete(r->m->chain.items[at], r->app->arena,
                                         &r->back[r->n_back++], err));
    return ZQ_OK;
}

static zq_rc check_path(const rehearsal *r, zq_err *err)
{
    const zq_path *path = &r->plan.path;

    for (size_t i = 0; i < path->n; i++)
        ZQ_TRY(check_section(path->legs[i].revision, path->legs[i].section, err));
    for (size_t i = 0; i < r->n_back; i++)
        ZQ_TRY(check_section(r->back[i], &r->back[i]->downgrade, err));
    return ZQ_OK;
}

/* ---- what dead rehearsals left ---- */

static zq_rc take_lease(const rehearsal *r, zq_db *db, const char *name, unsigned timeout_ms,
                        zq_lease **out, zq_err *err)
{
    zq_lease_request request = zq_events_lease_request(r->app, db);

    request.database = name;
    request.may_make = timeout_ms > 0;
    request.timeout_ms = timeout_ms;
    request.on_wait = NULL;
    return zq_lease_take(&request, out, err);
}

/* Whoever has its lease is alive. */
static zq_rc drop_dead(const rehearsal *r, zq_err *err)
{
    const char *const *names;
    size_t n;

    ZQ_TRY(zq_scratch_list(r->m->db, r->app->arena, &names, &n, err));
    for (size_t i = 0; i < n; i++) {
        ZQ_AUTO(zq_db) db = NULL;
        ZQ_AUTO(zq_lease) lease = NULL;
        zq_err refused = {0};
        bool dropped = false;

        ZQ_TRY(zq_connect_open(r->app, &db, err));
        if (take_lease(r, db, names[i], 0, &lease, &refused) != ZQ_OK)
            continue;
        refused = (zq_err){0};
        if (zq_scratch_drop(db, names[i], &dropped, &refused) != ZQ_OK || !dropped)
            zq_warn(refused.message[0] != '\0'
                        ? N_("database '%s' has the name of a rehearsal, and is left alone: %s")
                        : N_("database '%s' has the name of a rehearsal, and is left alone because "
                             "it has no mark of one%s"),
                    names[i], refused.message);
        else
            zq_say("dropped '%s', which a rehearsal that was killed had left", names[i]);
    }
    return ZQ_OK;
}

/* ---- the run ---- */

static void see(void *context, size_t i, zq_algorithm way, unsigned long long us)
{
    rehearsal *r = context;

    if (i >= r->plan.costs.n)
        return;
    r->seen[i].way = r->seen[i].n == 0 || way > r->seen[i].way ? way : r->seen[i].way;
    r->seen[i].n++;
    r->seen[i].us += us;
}

typedef struct looked {
    const char **names;
    zq_fingerprint *prints;
    size_t n;
} looked;

static void add_look(looked *out, const char *name, const zq_table *table)
{
    out->names[out->n] = name;
    zq_fingerprint_table(table, &out->prints[out->n++]);
}

/* What the tables of the copy are, the book left out: a member as its family knows it, so that the
 * name of another stock in that of an index does not count. Members that are as they should be in
 * the newest release are not in the list. */
static zq_rc look(const rehearsal *r, looked *out, zq_err *err)
{
    zq_arena *arena = r->app->arena;
    size_t most;
    zq_catalog now;

    ZQ_TRY(zq_catalog_read(r->s.db, NULL, r->name, &zq_schema_head, arena, &now, err));
    most = now.schema.n_tables + now.n_foreign_tables + r->copy.n + 1;
    *out = (looked){ZQ_NEW_ARRAY(arena, const char *, most),
                    ZQ_NEW_ARRAY(arena, zq_fingerprint, most), 0};
    for (size_t i = 0; i < now.n_foreign_tables; i++)
        out->names[i] = now.foreign_tables[i];
    ZQ_TRY(
        zq_fingerprints_read(r->s.db, now.foreign_tables, now.n_foreign_tables, out->prints, err));
    out->n = now.n_foreign_tables;
    for (size_t i = 0; i < now.schema.n_tables; i++) {
        if (!zq_table_is_meta(now.schema.tables[i]))
            add_look(out, now.schema.tables[i]->name, now.schema.tables[i]);
    }
    for (size_t i = 0; i < now.n_forms; i++) {
        const zq_form *form = &now.forms[i];

        for (size_t k = 0; !form->conforms && k < form->n_members && out->n < most; k++)
            add_look(out, zq_family_expand(arena, form->family->name, form->codes[k]), form->table);
    }
    return ZQ_OK;
}

static bool has_same(const looked *in, const looked *of, size_t i)
{
    for (size_t k = 0; k < in->n; k++) {
        if (strcmp(in->names[k], of->names[i]) == 0)
            return strcmp(in->prints[k].hex, of->prints[i].hex) == 0;
    }
    return false;
}

/* A member that a statement left as it was may get from the way back what it never had. */
static bool was_left(const rehearsal *r, const char *name)
{
    return zq_names_have(r->left, r->n_left, name);
}

static void take_left(void *context, const char *member)
{
    rehearsal *r = context;

    *ZQ_APPEND(r->app->arena, r->left, r->n_left) = zq_arena_strdup(r->app->arena, member);
}

/* So may one that is not as its revision has it: where that is a release's, it is known. */
static zq_rc find_odd(rehearsal *r, zq_err *err)
{
    const zq_revision *from = zq_chain_at(&r->m->chain, r->plan.from);
    const zq_release *release = from == NULL ? NULL : zq_known_release_at(from->id);
    zq_arena *arena = r->app->arena;
    const zq_schema *schema;
    zq_comparison now;

    if (release == NULL)
        return ZQ_OK;
    ZQ_TRY(zq_known_schema(release, arena, &schema, err));
    ZQ_TRY(zq_compare(schema, r->plan.catalog, arena, &now, err));
    for (size_t i = 0; i < now.n_deviations; i++) {
        const zq_deviation *d = &now.deviations[i];

        for (size_t k = 0; k < d->n_members; k++)
            take_left(r, zq_family_expand(arena, d->family->name, d->codes[k]));
    }
    return ZQ_OK;
}

/* The first table that is in one of them alone, or is another there; NULL: there is none. */
static const char *find_difference(const rehearsal *r, const looked *a, const looked *b,
                                   size_t *io_n_left)
{
    for (size_t i = 0; i < a->n; i++) {
        if (has_same(b, a, i))
            continue;
        if (!was_left(r, a->names[i]))
            return a->names[i];
        ++*io_n_left;
    }
    return NULL;
}

static void remark_schema(rehearsal *r)
{
    const zq_history_row *row = &r->s.record.rows[r->s.record.n - 1];
    const zq_revision *to = zq_chain_at(&r->s.chain, r->plan.to);
    zq_arena *arena = r->app->arena;

    if (to->schema_id == NULL)
        remark(r, zq_arena_printf(arena, "revision '%s' does not say to which schema it leads",
                                  to->id));
    else if (row->schema_id != NULL && strcmp(row->schema_id, to->schema_id) == 0)
        remark(r, zq_arena_printf(arena, "after it the schema is that of '%s': %s", to->id,
                                  to->schema_id));
    else
        remark(r, zq_arena_printf(arena,
                                  "after it the schema is not that of '%s', which is %s: see the "
                                  "warnings",
                                  to->id, to->schema_id));
}

static const char *why_irreversible(const rehearsal *r)
{
    for (size_t i = 0; i < r->n_back; i++) {
        if (r->back[i]->irreversible != NULL)
            return zq_arena_printf(r->app->arena, "'%s' cannot be undone: %s", r->back[i]->id,
                                   r->back[i]->irreversible);
    }
    return NULL;
}

static zq_rc go_back(rehearsal *r, const looked *before, zq_err *err)
{
    const zq_trial back = {.left = take_left, .context = r};
    const char *why = why_irreversible(r), *differs;
    size_t n_left = 0, ignored = 0;
    looked after;

    if (why != NULL) {
        remark(r, why);
        return ZQ_OK;
    }
    ZQ_TRY(zq_migration_read(&r->s, err));
    ZQ_TRY(zq_plan_view_rehearse(&r->s, r->plan.from, ZQ_DOWN, &back, err));
    ZQ_TRY(look(r, &after, err));
    differs = find_difference(r, before, &after, &n_left);
    if (differs == NULL)
        differs = find_difference(r, &after, before, &ignored);
    if (differs != NULL) {
        zq_fail(err, ZQ_E_DIFFERS,
                "the downgrade does not lead back: '%s' is not what it was before", differs);
        return zq_err_hint(err,
                           "compare what the revision's two directions do with that table, and fix "
                           "its file before 'upgrade'");
    }
    remark(r, n_left == 0
                  ? "the downgrade leads back to the tables as they were"
                  : zq_arena_printf(r->app->arena,
                                    "the downgrade leads back to the tables as they were, but for "
                                    "members that were not as '%s' has them, or were left",
                                    zq_chain_name(&r->s.chain, r->plan.from)));
    return ZQ_OK;
}

static zq_rc run_it(rehearsal *r, zq_err *err)
{
    const zq_trial there = {.ran = see, .left = take_left, .context = r};
    looked before;

    ZQ_TRY(zq_copy_fill(&r->copy, r->s.db, r->name, err));
    ZQ_TRY(zq_migration_read(&r->s, err));
    ZQ_TRY(look(r, &before, err));
    ZQ_TRY(find_odd(r, err));
    ZQ_TRY(zq_plan_view_rehearse(&r->s, r->plan.to, ZQ_UP, &there, err));
    ZQ_TRY(zq_migration_read(&r->s, err));
    remark_schema(r);
    return go_back(r, &before, err) == ZQ_OK ? ZQ_OK : zq_err_prefix(err, "after the upgrade: ");
}

/* The lock is taken before the database is there, so that nobody takes it for a dead one's. */
static zq_rc make_and_run(rehearsal *r, zq_err *err)
{
    const zq_catalog *catalog = r->plan.catalog;
    bool moved;
    zq_rc rc;

    ZQ_TRY(take_lease(r, r->s.db, r->name, 10000, &r->s.lease, err));
    ZQ_TRY(zq_lease_begin_session(r->s.lease, r->m->db, err));
    rc = zq_scratch_make(r->m->db, r->name, r->m->database, catalog->charset, catalog->collation,
                         err);
    r->made = rc != ZQ_E_DENIED; /* it may have been half made */
    if (rc != ZQ_OK)
        return rc;
    zq_say("rehearsing in database '%s'", r->name);
    ZQ_TRY(zq_copy_make(&r->copy, r->s.db, r->name, err));
    ZQ_TRY(zq_lease_claim(r->s.lease, &moved, err));
    return run_it(r, err);
}

static zq_rc in_scratch(rehearsal *r, zq_err *err)
{
    zq_err trouble = {0};
    bool dropped = false;
    zq_rc rc, gone = ZQ_OK;

    zq_scratch_name(r->name);
    r->s = (zq_migration){.app = r->app, .database = r->name, .chain = r->m->chain};
    ZQ_TRY(zq_connect_open(r->app, &r->s.db, err));
    rc = make_and_run(r, err);
    zq_migration_done(&r->s);
    if (r->made)
        gone = zq_scratch_drop(r->m->db, r->name, &dropped, &trouble);
    if (gone != ZQ_OK)
        zq_warn("cannot drop '%s': %s; the next rehearsal does", r->name, trouble.message);
    return rc;
}

/* ---- what it says ---- */

static unsigned long long rows_copied(const rehearsal *r, const char *name, size_t *out_n)
{
    unsigned long long rows = 0;
    const char *code;

    *out_n = 0;
    for (size_t i = 0; i < r->copy.n; i++) {
        const zq_table *family = zq_family_of(&zq_schema_head, r->copy.tables[i], &code);

        if (strcmp(family == NULL ? r->copy.tables[i] : family->name, name) != 0)
            continue;
        rows += r->copy.rows[i];
        ++*out_n;
    }
    return rows;
}

/* From the rows that were copied to all of them: what writes only the dictionary takes no longer
 * for more rows; members are done by several connections at once. */
static void estimate(const rehearsal *r, size_t i)
{
    const zq_step_cost *cost = &r->plan.costs.items[i];
    zq_rehearsed *seen = &r->seen[i];
    double each, ms, of_tables = 1;
    unsigned long long rows;
    size_t n;

    seen->whole_ms = -1;
    if (seen->n == 0 || !cost->size.known || zq_settings_num(r->app->settings, ZQ_SET_ROWS) == 0)
        return;
    rows = rows_copied(r, cost->table, &n);
    each = (double)seen->us / 1000 / (double)seen->n;
    if (n > 0 && strstr(cost->table, ZQ_CODE) != NULL)
        of_tables = (double)cost->size.n_tables;
    ms = each * of_tables;
    if (seen->way != ZQ_ALGORITHM_INSTANT && rows > 0 && n > 0 &&
        (double)cost->size.rows / of_tables > (double)rows / (double)n)
        ms *= (double)cost->size.rows / of_tables / ((double)rows / (double)n);
    if (of_tables > 1 && seen->way != ZQ_N_ALGORITHMS)
        ms /= (double)zq_settings_num(r->app->settings, ZQ_SET_JOBS);
    seen->whole_ms = (long long)ms;
}

static zq_rc rehearse(rehearsal *r, zq_err *err)
{
    zq_arena *arena = r->app->arena;
    zq_rc rc;

    ZQ_TRY(find_way_back(r, err));
    ZQ_TRY(check_path(r, err));
    ZQ_TRY(drop_dead(r, err));
    r->copy =
        (zq_copy){.app = r->app, .from = r->m, .catalog = r->plan.catalog, .costs = &r->plan.costs};
    ZQ_TRY(zq_copy_choose(&r->copy, err));
    r->seen = ZQ_NEW_ARRAY(arena, zq_rehearsed, r->plan.costs.n + 1);
    r->remarks = ZQ_NEW_ARRAY(arena, const char *, 8);
    rc = in_scratch(r, err);
    if (rc == ZQ_E_DENIED)
        zq_err_hint(err,
                    "a rehearsal needs privileges on `zq\\_rehearsal\\_%%`.*: 'zquant-init grants' "
                    "prints them, with those of zquant-migrate");
    else if (rc != ZQ_OK && rc != ZQ_E_INTERRUPTED && rc != ZQ_E_LOST)
        zq_err_hint(err, "the real database was only read; what failed here would fail there, too: "
                         "fix the revision, and rehearse it again");
    if (rc != ZQ_OK)
        return rc;
    if (r->copy.n_left_out > 0)
        remark(r, zq_arena_printf(arena,
                                  "%zu forms of members were left out: a rehearsal takes %d "
                                  "of a family",
                                  r->copy.n_left_out, ZQ_COPY_FORMS));
    for (size_t i = 0; i < r->plan.costs.n; i++)
        estimate(r, i);
    r->plan.rehearsed = r->seen;
    r->plan.remarks = r->remarks;
    r->plan.n_remarks = r->n_remarks;
    return ZQ_OK;
}

zq_rc zq_cmd_rehearse(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);
    rehearsal r = {.app = app, .m = &m};

    ZQ_TRY(zq_plan_view_check_words(app, err));
    ZQ_TRY(zq_migration_open(app, &m, err));
    ZQ_TRY(zq_migration_connect(&m, err));
    ZQ_TRY(zq_migration_need_record(&m, err));
    if (m.record.under_way != NULL)
        return zq_migration_fail_under_way(&m, err);
    ZQ_TRY(zq_plan_view_foresee(&m, app->argc > 0 ? app->argv[0] : NULL, &r.plan, err));
    if (r.plan.to < r.plan.from)
        return zq_fail(err, ZQ_E_USAGE, "'%s' is older than '%s': a rehearsal goes up, and back",
                       zq_chain_name(&m.chain, r.plan.to), zq_chain_name(&m.chain, r.plan.from));
    if (r.plan.path.n > 0)
        ZQ_TRY(rehearse(&r, err));
    return zq_plan_view_write(&r.plan, err);
}
