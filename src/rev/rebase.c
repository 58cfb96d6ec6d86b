/* Whether two revisions may be run in either order is not for a program to prove. What is shown
 * here is where nobody need ask: they change tables that have nothing to do with each other. All
 * else is shown, and left to people. To undo and redo the user's own revisions instead was given
 * up: the values that they hold would be lost. */
#include "rev/rebase.h"

#include "base/phrase.h"
#include "model/family.h"

#include <string.h>
#include <strings.h>

/* ---- files ---- */

typedef struct planning {
    const zq_revisions *all;
    zq_arena *arena;
    zq_rebased *files; /* own ones, in the order of the folder */
    const char **ids;  /* as they shall be */
    size_t n;
    zq_chain zquant;
    const zq_revision *tail; /* what the next of the user's own comes after */
} planning;

static const zq_revision *own_of(const planning *p, size_t i)
{
    return p->files[i].was;
}

static const zq_revision *zquants(const planning *p, const char *id)
{
    size_t position;

    return zq_chain_find(&p->zquant, id, &position) ? zq_chain_at(&p->zquant, position) : NULL;
}

/* Of what another one revises; ids that both have mean the user's own. */
static size_t find_own(const planning *p, const char *id)
{
    size_t i = 0;

    while (i < p->n &&
           (id == NULL || p->files[i].there_already || strcmp(own_of(p, i)->id, id) != 0))
        i++;
    return i;
}

static zq_rc choose_ids(planning *p, zq_err *err)
{
    for (size_t i = 0; i < p->n; i++) {
        const zq_revision *r = own_of(p, i);

        p->ids[i] = r->id;
        if (zquants(p, r->id) == NULL)
            continue;
        p->ids[i] = zq_arena_printf(p->arena, ZQ_OWN_PREFIX "%s", r->id);
        if (!zq_revision_id_valid(p->ids[i]))
            return zq_fail(err, ZQ_E_DATA,
                           "%s:%u: zquant has a revision '%s' of its own, and '%s' is too long",
                           r->file, r->id_line, r->id, p->ids[i]);
    }
    return ZQ_OK;
}

/* Its file's name with the new id. */
static const char *file_with(const planning *p, const zq_revision *r, const char *id)
{
    const char *slash = strrchr(r->file, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - r->file) + 1;

    return zq_arena_printf(p->arena, "%.*s%s%s", (int)folder, r->file, id,
                           r->file + folder + strlen(r->id));
}

/* `moved`: what comes before it has been: it leads to another schema than its header says. */
static zq_rc rewrite(planning *p, size_t i, const char *revises, bool moved, zq_err *err)
{
    zq_rebased *f = &p->files[i];
    zq_revision *made;
    const char *text;

    f->becomes = f->was;
    if (strcmp(zq_revision_revises(f->was), revises) == 0 && strcmp(f->was->id, p->ids[i]) == 0 &&
        (!moved || f->was->schema_id == NULL))
        return ZQ_OK;
    made = ZQ_NEW(p->arena, zq_revision);
    text = zq_revision_file_with(f->was, p->ids[i], revises, ZQ_SCHEMA_ID_ASIDE, p->arena);
    ZQ_TRY(zq_revision_file_read(file_with(p, f->was, p->ids[i]), text, strlen(text), p->arena,
                                 made, err));
    made->own = true;
    f->becomes = made;
    return ZQ_OK;
}

/* Now, or by a rebase that was cut short before it came to those after it. */
static bool was_moved(const zq_rebased *f)
{
    return f->becomes != f->was || strstr(f->becomes->text, "\n" ZQ_SCHEMA_ID_WAS) != NULL;
}

/* One that revises another of the user's own, which is done before it. */
static zq_rc follow(planning *p, size_t parent, zq_err *err)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->files[i].becomes != NULL || find_own(p, own_of(p, i)->revises) != parent)
            continue;
        ZQ_TRY(rewrite(p, i, p->ids[parent], was_moved(&p->files[parent]), err));
        p->tail = p->files[i].becomes;
        ZQ_TRY(follow(p, i, err));
    }
    return ZQ_OK;
}

/* Those that begin at this one of zquant's; NULL: at base. */
static zq_rc follow_zquants(planning *p, const char *id, zq_err *err)
{
    for (size_t i = 0; i < p->n; i++) {
        const char *revises = own_of(p, i)->revises;

        if (p->files[i].becomes != NULL || find_own(p, revises) < p->n ||
            (id == NULL ? revises != NULL : revises == NULL || strcmp(revises, id) != 0))
            continue;
        ZQ_TRY(rewrite(p, i, p->tail->id, false, err));
        p->tail = p->files[i].becomes;
        ZQ_TRY(follow(p, i, err));
    }
    return ZQ_OK;
}

/* A rebase that was cut short between the new file and the removal of the old one. */
static zq_rc find_left_over(planning *p, zq_err *err)
{
    for (size_t i = 0; i < p->n; i++) {
        const zq_revision *r = own_of(p, i);
        size_t k = find_own(p, p->ids[i]);

        if (k == i || k == p->n)
            continue;
        if (strcmp(zq_revision_file_with(r, p->ids[i], zq_revision_revises(own_of(p, k)),
                                         ZQ_SCHEMA_ID_ASIDE, p->arena),
                   own_of(p, k)->text) != 0) {
            zq_fail(err, ZQ_E_DATA,
                    "%s:%u: zquant has a revision '%s' of its own, and '%s' is in '%s'", r->file,
                    r->id_line, r->id, p->ids[i], own_of(p, k)->file);
            return zq_err_hint(err, "give '%s' and its file another id", r->file);
        }
        p->files[i].becomes = own_of(p, k);
        p->files[i].there_already = true;
    }
    return ZQ_OK;
}

static zq_rc build(const planning *p, zq_rebase *out, zq_err *err)
{
    zq_revision *all = ZQ_NEW_ARRAY(p->arena, zq_revision, p->all->n + 1);
    zq_rebased *files = ZQ_NEW_ARRAY(p->arena, zq_rebased, p->n + 1);
    size_t n = p->zquant.n;

    for (size_t i = 0; i < n; i++)
        all[i] = *p->zquant.items[i];
    for (size_t i = 0; i < p->n; i++) {
        if (p->files[i].becomes == NULL) /* nothing of zquant's leads to it */
            p->files[i].becomes = p->files[i].was;
        if (!p->files[i].there_already)
            all[n++] = *p->files[i].becomes;
    }
    ZQ_TRY(zq_chain_build(all, n, p->arena, &out->chain, err));
    out->files = files;
    out->n = 0;
    for (size_t position = 1; position <= out->chain.n; position++) {
        for (size_t i = 0; i < p->n; i++) {
            if (strcmp(p->files[i].becomes->id, zq_chain_name(&out->chain, position)) == 0)
                files[out->n++] = p->files[i];
        }
    }
    return ZQ_OK;
}

/* Of revisions that are rewritten none is left. */
static zq_rc check_no_squash(const zq_revision *r, zq_err *err)
{
    if (r->squash_last == NULL)
        return ZQ_OK;
    zq_fail(err, ZQ_E_DATA, "%s:%u: a squash of your own cannot be rebased", r->file,
            r->squash_line);
    return zq_err_hint(
        err, "see that no database is in the middle of it ('zquant-migrate status'), remove "
             "its file, and write it anew after the rebase by 'zquant-migrate squash'");
}

zq_rc zq_rebase_plan(const zq_revisions *revisions, zq_arena *arena, zq_rebase *out, zq_err *err)
{
    planning p = {.all = revisions,
                  .arena = arena,
                  .n = revisions->n - revisions->n_embedded,
                  .files = ZQ_NEW_ARRAY(arena, zq_rebased, revisions->n + 1),
                  .ids = ZQ_NEW_ARRAY(arena, const char *, revisions->n + 1)};

    ZQ_TRY(zq_chain_build(revisions->items, revisions->n_embedded, arena, &p.zquant, err));
    p.tail = zq_chain_at(&p.zquant, p.zquant.n);
    for (size_t i = 0; i < p.n; i++)
        ZQ_TRY(check_no_squash(&revisions->items[revisions->n_embedded + i], err));
    for (size_t i = 0; i < p.n; i++)
        p.files[i].was = &revisions->items[revisions->n_embedded + i];
    ZQ_TRY(choose_ids(&p, err));
    ZQ_TRY(find_left_over(&p, err));
    ZQ_TRY(follow_zquants(&p, NULL, err));
    for (size_t i = 0; i < p.zquant.n; i++)
        ZQ_TRY(follow_zquants(&p, p.zquant.items[i]->id, err));
    return build(&p, out, err);
}

/* ---- the record ---- */

static zq_rc fail_unknown(const char *id, zq_err *err)
{
    zq_fail(err, ZQ_E_DIFFERS, "the database is at revision '%.64s', which is not known here", id);
    return zq_err_hint(err,
                       "name the folder of its file by --dir; where nobody has it any more, run "
                       "'zquant-migrate stamp REV --allow-unknown' first");
}

/* The user's own that has this id in the database; NULL: it is zquant's. */
static zq_rc find_applied(const zq_chain *chain, const zq_applied *rows, size_t n, const char *id,
                          zq_arena *arena, const zq_revision **out, const char **out_revises,
                          zq_err *err)
{
    const char *checksum = zq_chain_remembered(rows, n, id);
    const zq_revision *r;
    size_t position = 0;
    bool known = zq_chain_find(chain, id, &position);

    *out = NULL;
    if (*id == '\0' || strcmp(id, ZQ_REVISION_BASE) == 0)
        return ZQ_OK;
    r = known ? zq_chain_at(chain, position) : NULL;
    if (r != NULL && (checksum == NULL || strcmp(checksum, r->checksum) == 0)) {
        *out = r->own ? r : NULL;
        *out_revises = zq_revision_revises(r);
        return ZQ_OK;
    }
    if (checksum != NULL)
        *out = zq_chain_before_rebase(chain->items, chain->n, id, checksum, arena, out_revises);
    if (*out != NULL)
        return ZQ_OK;
    return r == NULL ? fail_unknown(id, err) : zq_chain_fail_changed(chain, r, checksum, err);
}

zq_rc zq_rebase_look(const zq_rebase *rebase, const zq_applied *rows, size_t n, zq_arena *arena,
                     zq_rebase_record *out, zq_err *err)
{
    const zq_chain *chain = &rebase->chain;
    const zq_revision **ahead = ZQ_NEW_ARRAY(arena, const zq_revision *, chain->n + 1);
    zq_rebase_record record = {.ahead = ahead};
    const char *id = n == 0 ? "" : rows[n - 1].revision;
    size_t at = chain->n;
    bool moves = false;

    for (;;) {
        const char *checksum = zq_chain_remembered(rows, n, id), *revises;
        const zq_revision *r;

        ZQ_TRY(find_applied(chain, rows, n, id, arena, &r, &revises, err));
        if (r == NULL || at == 0)
            break;
        moves = moves || (checksum != NULL && strcmp(r->checksum, checksum) != 0);
        ahead[--at] = r;
        id = revises;
    }
    if (moves) {
        record.ahead = ahead + at;
        record.n_ahead = chain->n - at;
    }
    zq_chain_find(chain, strcmp(id, ZQ_REVISION_BASE) == 0 ? "" : id, &record.at);
    *out = record;
    return ZQ_OK;
}

/* ---- what may not go together ---- */

typedef struct finding {
    const zq_rebase *rebase;
    zq_arena *arena;
    const char **lines;
    size_t n;
} finding;

static bool matters(const zq_rev_statement *s)
{
    return s->parsed.kind == ZQ_STATEMENT_DDL || s->parsed.kind == ZQ_STATEMENT_ROWS ||
           s->parsed.kind == ZQ_STATEMENT_UNKNOWN;
}

static bool is_known(const zq_rev_statement *s)
{
    return !s->parsed.opaque && s->parsed.tables_known && s->parsed.object <= ZQ_OBJECT_TABLE;
}

/* "{table}" is the family; a name of a family covers its members. */
static bool same_table(const char *a, const char *b)
{
    size_t prefix = strcspn(a, "{");

    return strcasecmp(a, b) == 0 || (a[prefix] == '{' && strncasecmp(a, b, prefix) == 0);
}

static const char *table_of(const zq_rev_statement *s, size_t i)
{
    return strcmp(s->parsed.tables[i], "{table}") == 0 && s->family != NULL ? s->family
                                                                            : s->parsed.tables[i];
}

static const char *common_table(const zq_rev_statement *a, const zq_rev_statement *b)
{
    for (size_t i = 0; i < a->parsed.n_tables; i++) {
        for (size_t k = 0; k < b->parsed.n_tables; k++) {
            const char *one = table_of(a, i), *other = table_of(b, k);

            if (same_table(one, other) || same_table(other, one))
                return one;
        }
    }
    return NULL;
}

static void add(finding *f, const char *line)
{
    if (!zq_names_have(f->lines, f->n, line))
        *ZQ_APPEND(f->arena, f->lines, f->n) = line;
}

/* The first statement of each that cannot be known, and the first on each common table. */
static void compare(finding *f, const zq_revision *own, const zq_revision *between)
{
    for (size_t i = 0; i < own->upgrade.n; i++) {
        const zq_rev_statement *a = &own->upgrade.statements[i];

        if (matters(a) && !is_known(a))
            add(f, zq_tr_printf(f->arena, "%s:%u: what it changes cannot be known", own->file,
                                a->line));
        for (size_t k = 0; matters(a) && is_known(a) && k < between->upgrade.n; k++) {
            const zq_rev_statement *b = &between->upgrade.statements[k];
            const char *table = matters(b) ? common_table(a, b) : NULL;

            if (table == NULL)
                continue;
            add(f, zq_tr_printf(f->arena, "%s:%u: changes '%s', and so does %s:%u", own->file,
                                a->line, table, between->file, b->line));
            break;
        }
    }
}

zq_rc zq_rebase_conflicts(const zq_rebase *rebase, const zq_rebase_record *record, zq_arena *arena,
                          const char *const **out, size_t *out_n, zq_err *err)
{
    finding f = {.rebase = rebase, .arena = arena};

    for (size_t p = record->at; record->n_ahead > 0 && p < rebase->chain.n; p++) {
        const zq_revision *between = rebase->chain.items[p];
        bool is_ahead = false;

        for (size_t i = 0; i < record->n_ahead; i++)
            is_ahead = is_ahead || strcmp(record->ahead[i]->id, between->id) == 0;
        if (is_ahead)
            continue;
        ZQ_TRY(zq_revision_file_complete(between, arena, &between, err));
        for (size_t i = 0; i < record->n_ahead; i++) {
            const zq_revision *own;

            ZQ_TRY(zq_revision_file_complete(record->ahead[i], arena, &own, err));
            compare(&f, own, between);
        }
    }
    *out = f.lines;
    *out_n = f.n;
    return ZQ_OK;
}
