/* Sorts members into forms: of those whose rows came to the same sum (catalog_members.c), one is
 * read by SHOW CREATE TABLE; its code is written back as "{code}", and groups whose canonical text
 * is then the same are one form. So the number of definitions that are read is that of the
 * spellings there are, not that of the members. */
#include "base/buf.h"
#include "base/digest.h"
#include "db/reading.h"
#include "model/canon.h"
#include "model/family.h"
#include "sql/table/reconcile.h"

#include <stdlib.h>
#include <string.h>

/* Members whose rows were equal, one of which is read in full. */
typedef struct group {
    size_t first; /* index of a member, the first of its `n` */
    size_t n;
    size_t next; /* of the same form: index + 1, or 0 */
} group;

/* A form under construction. */
typedef struct form {
    uint32_t family;
    unsigned char digest[ZQ_DIGEST_BYTES]; /* of its canonical text */
    const zq_table *table;                 /* NULL: that of the family */
    size_t n_members;
    size_t groups; /* the first of its groups: index + 1, or 0 */
} form;

typedef struct forming {
    zq_reading *of;
    group *groups;
    size_t n_groups;
    form *forms;
    size_t n_forms;
    zq_arena *scratch;
} forming;

static int by_digest(const void *a, const void *b)
{
    const zq_catalog_member *x = a, *y = b;

    if (x->family != y->family)
        return x->family < y->family ? -1 : 1;
    for (int i = 0; i < 2; i++) {
        if (x->sum[i] != y->sum[i])
            return x->sum[i] < y->sum[i] ? -1 : 1;
    }
    return strcmp(x->name, y->name);
}

static bool same_rows(const zq_catalog_member *a, const zq_catalog_member *b)
{
    return a->family == b->family && a->sum[0] == b->sum[0] && a->sum[1] == b->sum[1] &&
           !a->alone && !b->alone;
}

static void find_groups(forming *f)
{
    zq_catalog_member *members = f->of->members;
    const size_t n = f->of->n_members;

    if (n > 1) /* a family may have no members, and the list be NULL */
        qsort(members, n, sizeof *members, by_digest);
    for (size_t i = 0; i < n; i++)
        f->n_groups += i == 0 || !same_rows(&members[i - 1], &members[i]);
    f->groups = ZQ_NEW_ARRAY(f->of->arena, group, f->n_groups);
    for (size_t i = 0, g = 0; i < n; i++) {
        if (i == 0 || !same_rows(&members[i - 1], &members[i]))
            f->groups[g++].first = i;
        f->groups[g - 1].n++;
    }
}

static const char *const *key_names_of(const zq_table *family, zq_arena *arena)
{
    const char **names = ZQ_NEW_ARRAY(arena, const char *, family->n_foreign_keys + 1);

    for (size_t i = 0; i < family->n_foreign_keys; i++)
        names[i] = family->foreign_keys[i].name;
    return names;
}

static void digest_table(const zq_table *table, unsigned char out[ZQ_DIGEST_BYTES])
{
    ZQ_AUTO_BUF(text);

    zq_canon_table(&text, table);
    zq_digest(zq_buf_text(&text), text.length, out);
}

static form *find_form(forming *f, uint32_t family, const unsigned char digest[ZQ_DIGEST_BYTES])
{
    for (size_t i = 0; i < f->n_forms; i++) {
        if (f->forms[i].family == family &&
            memcmp(f->forms[i].digest, digest, ZQ_DIGEST_BYTES) == 0)
            return &f->forms[i];
    }
    return NULL;
}

/* A copy that outlives the scratch: its canonical text, read back. */
static zq_rc keep_table(const zq_table *table, bool open, zq_arena *arena, const zq_table **out,
                        zq_err *err)
{
    ZQ_AUTO_BUF(text);
    zq_table *kept = ZQ_NEW(arena, zq_table);
    const zq_schema *schema;

    zq_canon_table(&text, table);
    ZQ_TRY(zq_canon_parse(zq_buf_text(&text), text.length, arena, &schema, err));
    *kept = *schema->tables[0];
    kept->open = open;
    *out = kept;
    return ZQ_OK;
}

static zq_rc take_table(forming *f, size_t i, zq_table *table, zq_err *err)
{
    const zq_catalog_member *member = &f->of->members[f->groups[i].first];
    const zq_table *family = f->of->wanted->tables[member->family];
    unsigned char digest[ZQ_DIGEST_BYTES];
    const zq_table *closed;
    form *to;

    table->name = family->name;
    zq_family_fold_table(f->scratch, table, f->of->index_names[member->family],
                         key_names_of(family, f->scratch), member->code);
    zq_reconcile(table, family, f->scratch);
    closed = zq_family_closed(f->scratch, family, table);
    digest_table(closed, digest);
    to = find_form(f, member->family, digest);
    if (to == NULL) {
        to = &f->forms[f->n_forms++];
        to->family = member->family;
        memcpy(to->digest, digest, sizeof digest);
        ZQ_TRY(keep_table(closed, family->open, f->of->arena, &to->table, err));
    }
    f->groups[i].next = to->groups;
    to->groups = i + 1;
    to->n_members += f->groups[i].n;
    return ZQ_OK;
}

/* Of the groups from `first` on: one whose first member is gone has the next one stand in for it,
 * or is empty. */
static void drop_gone(forming *f, size_t first, size_t n)
{
    for (size_t i = first; i < first + n; i++) {
        group *g = &f->groups[i];

        if (g->n > 0 && strcmp(f->of->members[g->first].name, f->of->gone) == 0) {
            g->first++;
            g->n--;
        }
    }
}

/* One member of each group that has any. Members that vanish meanwhile, as those of stocks that are
 * cleared away, end nothing: each has a round trip more. */
static zq_rc read_some(forming *f, size_t first, size_t n, zq_err *err)
{
    const char *names[ZQ_SHOW_BATCH];
    zq_table tables[ZQ_SHOW_BATCH];
    size_t groups[ZQ_SHOW_BATCH];
    size_t n_names;
    zq_rc rc;

    do {
        f->of->gone = NULL;
        n_names = 0;
        for (size_t i = first; i < first + n; i++) {
            if (f->groups[i].n == 0)
                continue;
            groups[n_names] = i;
            names[n_names++] = f->of->members[f->groups[i].first].name;
        }
        zq_arena_reset(f->scratch);
        rc = zq_show_create(f->of, names, n_names, f->scratch, tables, err);
        if (rc != ZQ_OK && f->of->gone != NULL)
            drop_gone(f, first, n);
    } while (rc != ZQ_OK && f->of->gone != NULL);
    for (size_t i = 0; rc == ZQ_OK && i < n_names; i++)
        rc = take_table(f, groups[i], &tables[i], err);
    return rc;
}

/* Some at a time: what is kept is one table for each form. */
static zq_rc read_representatives(forming *f, zq_err *err)
{
    for (size_t first = 0; first < f->n_groups; first += ZQ_SHOW_BATCH) {
        const size_t left = f->n_groups - first;

        ZQ_TRY(read_some(f, first, left < ZQ_SHOW_BATCH ? left : ZQ_SHOW_BATCH, err));
    }
    f->of->vanished = false;
    return ZQ_OK;
}

/* The form that the family itself has stands first for each, members or not. */
static void add_conforming(forming *f)
{
    const zq_schema *wanted = f->of->wanted;

    for (size_t i = 0; i < wanted->n_tables; i++) {
        form *to = &f->forms[f->n_forms];

        if (!zq_table_is_family(wanted->tables[i]))
            continue;
        to->family = (uint32_t)i;
        digest_table(wanted->tables[i], to->digest);
        f->n_forms++;
    }
}

static const char *const *codes_of(const forming *f, const form *from)
{
    const char **codes = ZQ_NEW_ARRAY(f->of->arena, const char *, from->n_members + 1);
    size_t n = 0;

    for (size_t g = from->groups; g != 0; g = f->groups[g - 1].next) {
        const group *of = &f->groups[g - 1];

        for (size_t i = 0; i < of->n; i++)
            codes[n++] = f->of->members[of->first + i].code;
    }
    zq_names_sort(codes, n);
    return codes;
}

/* By family name, the conforming form first, then by size, then by the first code. */
static int by_size(const void *a, const void *b)
{
    const zq_form *x = a, *y = b;
    const int names = strcmp(x->family->name, y->family->name);

    if (names != 0)
        return names;
    if (x->conforms != y->conforms)
        return x->conforms ? -1 : 1;
    if (x->n_members != y->n_members)
        return x->n_members > y->n_members ? -1 : 1;
    return x->conforms ? 0 : strcmp(x->codes[0], y->codes[0]);
}

/* What is not a table is a form of its own. */
static zq_form form_of(const forming *f, const zq_stranger *stranger)
{
    const char **codes = ZQ_NEW_ARRAY(f->of->arena, const char *, 2);

    codes[0] = stranger->code;
    return (zq_form){
        .family = stranger->family, .table = stranger->table, .n_members = 1, .codes = codes};
}

static void write_forms(forming *f, zq_catalog *out)
{
    zq_form *forms = ZQ_NEW_ARRAY(f->of->arena, zq_form, f->n_forms + f->of->n_strangers);

    for (size_t i = 0; i < f->n_forms; i++) {
        const form *from = &f->forms[i];

        forms[i] = (zq_form){
            .family = f->of->wanted->tables[from->family],
            .table = from->table,
            .conforms = from->table == NULL,
            .n_members = from->n_members,
            .codes = from->table == NULL ? NULL : codes_of(f, from),
        };
    }
    for (size_t i = 0; i < f->of->n_strangers; i++)
        forms[f->n_forms++] = form_of(f, &f->of->strangers[i]);
    if (f->n_forms > 1)
        qsort(forms, f->n_forms, sizeof *forms, by_size);
    out->open_columns = f->of->opened.items;
    out->n_open_columns = f->of->opened.n;
    out->renames = f->of->renames.items;
    out->n_renames = f->of->renames.n;
    out->forms = forms;
    out->n_forms = f->n_forms;
}

zq_rc zq_reading_group_members(zq_reading *of, zq_catalog *out, zq_err *err)
{
    ZQ_AUTO(zq_arena) scratch = zq_arena_open();
    forming f = {.of = of, .scratch = scratch};

    find_groups(&f);
    f.forms = ZQ_NEW_ARRAY(of->arena, form, f.n_groups + of->wanted->n_tables);
    add_conforming(&f);
    ZQ_TRY(read_representatives(&f, err));
    write_forms(&f, out);
    return ZQ_OK;
}
