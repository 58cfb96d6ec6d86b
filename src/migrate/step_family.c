/* A statement on every member of a family. The members are walked through once for all statements
 * that go along with it, and each member's own form says how many of them it has: so what is done
 * is read from the members themselves, where it shows there, whoever was cut short. */
#include "migrate/step.h"

#include "base/clock.h"
#include "base/language.h"
#include "rev/step_kind.h"
#include "run/member_form.h"
#include "run/members_ddl.h"
#include "sql/read/placeholder.h"

#include <string.h>

/* Statements `from` to before `end`, which are walked through the members together. */
typedef struct family_step {
    zq_walk *walk;
    const char *family;
    size_t from;
    size_t end;
    const char **keys;                  /* of the statements' rows of members, from `from` on */
    zq_journal_row begun[ZQ_MOST_JOBS]; /* rows of members that are under way, one for each job */
    size_t n_begun;
    bool first;     /* the member that goes first is alone, over the run's own connection */
    bool on_record; /* that the statements are started */
} family_step;

/* ---- what the journal has of members ---- */

static const char *why_left(const void *context, const char *member)
{
    const family_step *f = context;

    return zq_step_why_left(f->walk, f->family, member);
}

static zq_journal_row recall(const void *context, size_t s, const char *member)
{
    const family_step *f = context;

    return zq_step_member_found(f->walk, f->keys[s], member);
}

/* The row that is under way for the member, which is forgotten then; a new one when there is none.
 */
static zq_journal_row begun_row(family_step *f, size_t s, const char *member)
{
    const char *key = f->keys[s];

    for (size_t i = 0; i < f->n_begun; i++) {
        const zq_journal_row row = f->begun[i];

        if (strcmp(row.statement, key) == 0 && strcmp(row.position, member) == 0) {
            f->begun[i] = f->begun[--f->n_begun];
            return row;
        }
    }
    return zq_step_member_row(f->walk, key, member, ZQ_JOURNAL_STARTED);
}

/* Does the member itself tell that the statement is done? */
static bool tells(const family_step *f, size_t s, const char *before, const char *after)
{
    const zq_statement *parsed = &f->walk->leg->section->statements[f->from + s].parsed;

    return parsed->tables_known && parsed->n_tables == 1 &&
           strcmp(parsed->tables[0], "{table}") == 0 && !zq_online_only_rows_show(parsed) &&
           strcmp(before, after) != 0;
}

/* Of the member that goes first: with its being started goes what waits, that of the statements
 * too; that it is done waits where the member tells. */
static zq_rc note_first(family_step *f, size_t s, zq_journal_row *row, zq_tail *then, zq_err *err)
{
    zq_walk *w = f->walk;

    if (row->state == ZQ_JOURNAL_DONE && tells(f, s, row->before, row->after)) {
        row->before = zq_arena_strdup(w->arena, row->before);
        row->after = zq_arena_strdup(w->arena, row->after);
        return zq_step_note(w, row, err);
    }
    ZQ_TRY(zq_step_flush_then(w, row, 1, w->apply->db, then, err));
    f->on_record = true;
    return ZQ_OK;
}

static zq_rc note(void *context, zq_db *db, size_t s, const char *member, const char *before,
                  const char *after, zq_tail *then, zq_err *err)
{
    family_step *f = context;
    zq_journal_row row = begun_row(f, s, member);
    ZQ_AUTO_SQL(sql);
    const char *text;

    row.state = after == NULL ? ZQ_JOURNAL_STARTED : ZQ_JOURNAL_DONE;
    row.before = before;
    row.after = after;
    if (after == NULL && f->n_begun < ZQ_LEN(f->begun))
        f->begun[f->n_begun++] = row;
    if (f->first)
        return note_first(f, s, &row, then, err);
    zq_journal_write(&sql, &f->walk->journal, &row, 1);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    return zq_transact_then(db, f->walk->apply->rules.lease, text, then, err);
}

/* No member went first where all have it, or another run got that far: that the statements are
 * started is still to be written. */
static zq_rc ready(void *context, zq_err *err)
{
    family_step *f = context;

    f->first = false;
    return f->on_record ? ZQ_OK : zq_step_flush(f->walk, NULL, err);
}

static zq_rc in_doubt(const void *context, size_t s, const zq_journal_row *row, zq_err *err)
{
    const family_step *f = context;

    return zq_step_unknown(f->walk, f->from + s,
                           &f->walk->leg->section->statements[f->from + s].parsed, row, err);
}

/* ---- words ---- */

static const char *where(const family_step *f)
{
    const zq_rev_statement *s = f->walk->leg->section->statements;
    const char *first = zq_step_where(f->walk, &s[f->from]);

    return f->end == f->from + 1
               ? first
               : zq_arena_printf(f->walk->arena, "%s-%u", first, s[f->end - 1].line);
}

static void tell_of_family(const family_step *f, const zq_member_result *r,
                           unsigned long long took_ms)
{
    const zq_watch *watch = f->walk->apply->rules.watch;

    if (r->n_members > 0)
        zq_watch_tell(watch, ZQ_TELL_DONE,
                      "%s: '%s': %zu of %zu members changed, %zu were already, in %.2f s", where(f),
                      f->family, r->n_changed, r->n_members, r->n_done_before,
                      (double)took_ms / 1000);
    if (r->n_gone > 0)
        zq_watch_tell(watch, ZQ_TELL_SAY,
                      r->n_gone == 1 ? N_("%s: %zu member of '%s' vanished meanwhile")
                                     : N_("%s: %zu members of '%s' vanished meanwhile"),
                      where(f), r->n_gone, f->family);
}

/* The sentences of families that were stopped: what there is to continue with. */
static zq_rc family_failed(const family_step *f, const zq_member_result *r, zq_rc rc)
{
    const zq_watch *watch = f->walk->apply->rules.watch;

    if (r->n_failed > 1)
        zq_watch_tell(watch, ZQ_TELL_WARN, "%s: the statement failed on %zu members", where(f),
                      r->n_failed);
    if (r->n_changed > 0)
        zq_watch_tell(watch, ZQ_TELL_SAY, "%s: %zu of %zu members are done", where(f),
                      r->n_changed + r->n_done_before, r->n_members);
    return rc;
}

/* ---- which statements ---- */

/* Statements of one family that only add, or only drop, go through its members together: each
 * table is opened once, and a member's own form tells how many of them it has. */
static bool goes_along(const zq_rev_statement *a, const zq_rev_statement *b)
{
    zq_ddl_direction trend = zq_online_direction(&a->parsed);

    return trend != ZQ_DDL_MIXES && zq_step_kind_of(b) == ZQ_STEP_FAMILY &&
           strcmp(a->family, b->family) == 0 && zq_online_direction(&b->parsed) == trend;
}

/* Up to one that is done, which may have been left on members. */
static size_t end_of(const zq_walk *w, size_t i)
{
    const zq_rev_section *section = w->leg->section;
    size_t end = i + 1;

    while (end < section->n && goes_along(&section->statements[i], &section->statements[end]) &&
           zq_step_found(w, end).state != ZQ_JOURNAL_DONE)
        end++;
    return end;
}

/* ---- running them ---- */

/* What the revision has SET is only in its session. */
static bool has_set(const family_step *f)
{
    for (size_t i = 0; i < f->from; i++) {
        const zq_rev_statement *s = &f->walk->leg->section->statements[i];

        if (zq_step_kind_of(s) == ZQ_STEP_SESSION || s->parsed.kind == ZQ_STATEMENT_UNKNOWN)
            return true;
    }
    return false;
}

static size_t add_patterns(const zq_schema *schema, const char *family, zq_arena *arena,
                           const char ***io_patterns, size_t n)
{
    const zq_table *table = schema == NULL ? NULL : zq_schema_table(schema, family);

    for (size_t i = 0; table != NULL && i < table->n_indexes; i++) {
        *ZQ_APPEND(arena, *io_patterns, n) = table->indexes[i].name;
    }
    return n;
}

/* What the family's indexes are called, as far as it is known: by this build, by the releases on
 * the way, and by the revision itself. */
static const char *const *patterns_of(const family_step *f)
{
    const zq_walk *w = f->walk;
    const zq_rev_section *section = w->leg->section;
    const char **patterns = NULL;
    size_t n = add_patterns(w->apply->schema, f->family, w->arena, &patterns, 0);

    for (size_t i = 0; i < w->apply->n_known; i++)
        n = add_patterns(w->apply->known[i].schema, f->family, w->arena, &patterns, n);
    for (size_t i = 0; i < section->n; i++) {
        const zq_rev_statement *s = &section->statements[i];

        if (zq_step_kind_of(s) == ZQ_STEP_FAMILY && strcmp(s->family, f->family) == 0)
            n = zq_member_patterns(s->text, f->family, w->arena, &patterns, n);
    }
    /* Zeroed: the list's end. */
    return zq_arena_grow(w->arena, patterns, sizeof *patterns, n);
}

static void add_left(const family_step *f, const zq_member_result *r)
{
    zq_walk *w = f->walk;

    for (size_t i = 0; i < r->n_left; i++) {
        const size_t s = f->from + r->left[i].statement;
        const zq_left_member left = {
            .family = f->family,
            .name = r->left[i].name,
            .statement = s,
            .where = zq_step_where(w, &w->leg->section->statements[s]),
            .why = r->left[i].why,
            .lacks = r->left[i].lacks,
        };

        zq_step_add_left(w, &left);
    }
}

/* That they are started, with something in the place of a digest of before: what has none is a
 * statement that was refused. It is written with the first member's being started. */
static zq_rc note_started(family_step *f, zq_err *err)
{
    for (size_t i = f->from; i < f->end; i++) {
        zq_journal_row row = zq_step_row(f->walk, i, ZQ_JOURNAL_STARTED);

        row.before = row.statement;
        ZQ_TRY(zq_step_note(f->walk, &row, err));
    }
    return ZQ_OK;
}

/* The family of the statements after these, NULL: there is none. They are next, so that its members
 * may be listed along with this one's. */
static const char *next_family(const family_step *f)
{
    const zq_rev_section *section = f->walk->leg->section;

    return f->end < section->n && zq_step_kind_of(&section->statements[f->end]) == ZQ_STEP_FAMILY
               ? section->statements[f->end].family
               : NULL;
}

static zq_member_listing listing_of(const family_step *f)
{
    const zq_member_listing *kept = &f->walk->listing;

    if (kept->listed && strcmp(kept->family, f->family) == 0)
        return *kept;
    return (zq_member_listing){.family = f->family};
}

/* On those members alone that another run has left, when `only` is not NULL. */
static zq_rc run_statements(family_step *f, const char *const *only, size_t n_only, zq_err *err)
{
    zq_walk *w = f->walk;
    const zq_apply *a = w->apply;
    const size_t n = f->end - f->from;
    zq_member_ddl *statements = ZQ_NEW_ARRAY(w->arena, zq_member_ddl, n);
    zq_warned *warned = ZQ_NEW_ARRAY(w->arena, zq_warned, n);
    zq_member_result result = {0};
    bool in_session = has_set(f);
    zq_member_step step = {
        .walk = {.db = a->db,
                 .session = in_session ? w->session : NULL,
                 .database = a->database,
                 .jobs = in_session ? 1 : a->jobs,
                 .open = a->open,
                 .open_context = a->open_context,
                 .schema = a->schema,
                 .family = f->family,
                 .rules = &a->rules,
                 .next = next_family(f) == NULL ? NULL : &w->listing,
                 .max_errors = a->max_errors},
        .statements = statements,
        .n = n,
        .patterns = patterns_of(f),
        .family = w->before == NULL ? NULL : zq_schema_table(w->before, f->family),
        .listing = listing_of(f),
        .together = !w->leg->revision->own && !in_session && a->rules.ran == NULL &&
                    !zq_lease_is_on_cluster(a->rules.lease),
        .resumed = zq_step_found(w, f->from).state != ZQ_JOURNAL_NONE,
        .only = only,
        .n_only = n_only,
        .left_before = why_left,
        .recall = recall,
        .note = note,
        .ready = ready,
        .in_doubt = in_doubt,
        .context = f,
    };
    const unsigned long long started = zq_now_ms();
    zq_rc rc;

    f->first = true;
    f->keys = ZQ_NEW_ARRAY(w->arena, const char *, n);
    for (size_t s = 0; s < n; s++) {
        const zq_rev_statement *of = &w->leg->section->statements[f->from + s];

        f->keys[s] = zq_step_member_key(w, f->from + s);
        warned[s] = zq_step_warned(w, f->from + s);
        statements[s] = (zq_member_ddl){of->text, &of->parsed, warned[s].where, &warned[s]};
    }
    w->listing = (zq_member_listing){.family = next_family(f)};
    rc = zq_members_ddl_run(&step, w->arena, &result, err);
    for (size_t s = 0; s < n; s++)
        zq_warnings_end(&warned[s]);
    tell_of_family(f, &result, zq_now_ms() - started);
    add_left(f, &result);
    /* Then none has it, nor those after it: they may still be fixed in the file. */
    for (size_t s = result.refused; result.first_refused && s < n; s++)
        zq_step_note_failure(w, f->from + s);
    return rc == ZQ_OK ? ZQ_OK : family_failed(f, &result, rc);
}

/* A statement that is done but for the members that were left. */
static zq_rc run_left(family_step *f, zq_err *err)
{
    size_t n;
    const char *const *names =
        zq_step_left_found(f->walk, zq_step_member_key(f->walk, f->from), &n);

    if (n == 0)
        return ZQ_OK;
    ZQ_TRY(run_statements(f, names, n, err));
    return zq_step_note_left(f->walk, f->from, f->family, names, n, err);
}

/* Is it to be run? One that was refused on the first member is, whatever the file says now. */
static zq_rc resume(zq_walk *w, size_t i, bool *out_run, zq_err *err)
{
    zq_journal_row row = zq_step_found(w, i);

    *out_run = true;
    return zq_step_has_failed(&row) ? ZQ_OK : zq_step_resume_rows(w, i, out_run, err);
}

/* ---- what all members have ---- */

static bool is_member_of(const char *name, const char *family)
{
    return strncmp(name, family, strcspn(family, "{")) == 0;
}

/* Has an earlier statement of the revision to do with a member, or could it? */
static bool may_have_changed(const family_step *f, const zq_rev_statement *s)
{
    if (!s->parsed.tables_known ||
        (s->block == ZQ_BLOCK_FAMILY && strcmp(s->family, f->family) == 0))
        return true;
    for (size_t i = 0; i < s->parsed.n_mentions; i++) {
        if (is_member_of(s->parsed.mentions[i], f->family))
            return true;
    }
    return false;
}

static bool is_done(const family_step *f, const zq_rev_statement *s, const zq_table *family)
{
    const zq_binding table = {"table", f->family};
    const zq_walk *w = f->walk;
    const char *text = zq_placeholder_fill(w->arena, s->text, s->length, &table, 1);

    return s->parsed.alters && s->parsed.tables_known && s->parsed.n_tables == 1 &&
           strcmp(s->parsed.tables[0], "{table}") == 0 &&
           zq_predict_is_done(text, strlen(text), zq_db_server(w->apply->db)->flavor, family,
                              w->arena) == ZQ_DONE;
}

/* When the leg began, all members were as the family is known to be, and that has what the
 * statements do: there is nobody to visit. */
static bool all_have_it(const family_step *f)
{
    const zq_walk *w = f->walk;
    const zq_rev_statement *s = w->leg->section->statements;
    const zq_table *family =
        w->exact && w->before != NULL ? zq_schema_table(w->before, f->family) : NULL;

    for (size_t i = 0; family != NULL && i < f->from; i++) {
        if (may_have_changed(f, &s[i]))
            return false;
    }
    for (size_t i = f->from; family != NULL && i < f->end; i++) {
        if (!is_done(f, &s[i], family))
            return false;
    }
    return family != NULL;
}

static zq_rc visit(family_step *f, zq_err *err)
{
    if (all_have_it(f)) {
        zq_watch_tell(f->walk->apply->rules.watch, ZQ_TELL_DONE,
                      "%s: '%s': all members were already", where(f), f->family);
        return ZQ_OK;
    }
    ZQ_TRY(note_started(f, err));
    return run_statements(f, NULL, 0, err);
}

zq_rc zq_step_family(zq_walk *w, size_t i, zq_err *err)
{
    family_step f = {
        .walk = w,
        .family = w->leg->section->statements[i].family,
        .from = i,
        .end = i + 1,
    };
    bool run;

    if (i < w->family_end)
        return ZQ_OK;
    ZQ_TRY(resume(w, i, &run, err));
    if (!run)
        return run_left(&f, err);
    f.end = end_of(w, i);
    for (size_t k = i + 1; k < f.end; k++)
        ZQ_TRY(resume(w, k, &run, err));
    ZQ_TRY(visit(&f, err));
    w->family_end = f.end;
    for (size_t k = i; k < f.end; k++) {
        zq_journal_row row = zq_step_row(w, k, ZQ_JOURNAL_DONE);
        size_t n;
        const char *const *before = zq_step_left_found(w, zq_step_member_key(w, k), &n);

        ZQ_TRY(zq_step_note_left(w, k, f.family, before, n, err));
        ZQ_TRY(zq_step_note_done(w, &row, err));
    }
    return ZQ_OK;
}
