/* A certificate held against a database.
 *
 * Both are sorted by name, so each comparison is one walk over two lists. A table that a revision
 * has altered since is still read by the certificate's columns, each under the name it has now: a
 * sum does not hold names, so the same values give the same sum. What an upgrade adds is not
 * looked at, and what it drops is said to be gone.
 *
 * Two tables that have each other's rows are one difference, not two: to find the other one, the
 * certificate's tables are sorted by their sums. */
#include "run/certificate.h"

#include "model/family.h"

#include <stdlib.h>
#include <string.h>

/* ---- by the certificate's columns ---- */

static const zq_tally_column *column_called(const zq_tally_form *form, const char *name)
{
    for (size_t i = 0; form != NULL && i < form->n; i++) {
        if (strcmp(form->columns[i].name, name) == 0)
            return &form->columns[i];
    }
    return NULL;
}

static const char *name_now(const zq_renames *renames, const char *table, const char *column)
{
    for (size_t i = 0; i < renames->n; i++) {
        if (strcmp(renames->items[i].table, table) == 0 &&
            strcmp(renames->items[i].from, column) == 0)
            column = renames->items[i].to;
    }
    return column;
}

/* The last one that was made serves most tables: members come one after the other. */
typedef struct aligned {
    const zq_tally_form *then;
    const zq_tally_form *live;
    const char *known_as;
    const zq_tally_form *form;
} aligned;

static const zq_tally_form *align_form(const zq_tally_form *then, const zq_tally *live,
                                       const char *known_as, const zq_renames *renames,
                                       zq_faults *out)
{
    zq_tally_column *columns = ZQ_NEW_ARRAY(out->arena, zq_tally_column, then->n + 1);
    zq_tally_form *form = ZQ_NEW(out->arena, zq_tally_form);

    for (size_t i = 0; i < then->n; i++) {
        const char *name = name_now(renames, known_as, then->columns[i].name);
        const zq_tally_column *column = column_called(live->form, name);

        if (column == NULL) {
            zq_fault_add(out, "missing column", live->name,
                         "%s: column '%s' of the certificate is not there", live->name,
                         then->columns[i].name);
            return NULL;
        }
        columns[i] = *column;
    }
    *form = (zq_tally_form){columns, then->n};
    return form;
}

void zq_certificate_align(const zq_certificate *certificate, const zq_schema *schema,
                          const zq_renames *renames, zq_tallies *live, zq_faults *out)
{
    aligned last = {0};

    for (size_t i = 0; i < live->n; i++) {
        zq_tally *now = &live->items[i];
        const zq_tally *then = zq_tally_find(&certificate->tables, now->name);
        const zq_table *family = zq_family_of(schema, now->name, NULL);
        const char *known_as = family != NULL ? family->name : now->name;

        if (then == NULL || then->form == NULL)
            continue;
        if (last.form == NULL || last.then != then->form || last.live != now->form ||
            strcmp(last.known_as, known_as) != 0)
            last = (aligned){then->form, now->form, known_as,
                             align_form(then->form, now, known_as, renames, out)};
        now->form = last.form;
    }
}

/* ---- tables ---- */

static const char *rows_text(unsigned long long n, zq_arena *arena)
{
    return zq_arena_printf(arena, "%llu %s", n, n == 1 ? "row" : "rows");
}

static zq_fault *differ(zq_faults *out, const char *kind, const char *table, const char *expected,
                        const char *found, const char *message)
{
    zq_fault *fault = zq_fault_add(out, kind, table, "%s: %s", table, message);

    fault->expected = expected;
    fault->found = found;
    return fault;
}

static void compare_rows(const zq_tally *then, const zq_tally *now, zq_faults *out)
{
    zq_arena *arena = out->arena;
    const char *expected = rows_text(then->rows, arena);
    const char *found = rows_text(now->rows, arena);

    if (now->problem != NULL)
        zq_fault_add(out, "not read", now->name, "%s: cannot be read: %s", now->name, now->problem);
    else if (then->rows != now->rows)
        differ(out, "rows", now->name, expected, found,
               zq_arena_printf(arena, "%s, and the certificate has %s", found, expected));
    else if (strcmp(then->sum, now->sum) != 0)
        differ(out, "values", now->name, then->sum, now->sum,
               zq_arena_printf(arena, "%s as in the certificate, but not all with the same values",
                               found));
    if (then->counter > now->counter)
        differ(out, "counter", now->name, zq_arena_printf(arena, "%llu", then->counter),
               zq_arena_printf(arena, "%llu", now->counter),
               zq_arena_printf(arena,
                               "the next value of its AUTO_INCREMENT column would be %llu, and was "
                               "%llu: ids would be given out again",
                               now->counter, then->counter));
}

/* The certificate's tables by what they came to. */
typedef struct by_sums {
    const zq_tally **items;
    size_t n;
} by_sums;

static int by_sum(const void *a, const void *b)
{
    return strcmp((*(const zq_tally *const *)a)->sum, (*(const zq_tally *const *)b)->sum);
}

static by_sums sort_by_sum(const zq_tallies *tables, zq_arena *arena)
{
    by_sums sorted = {ZQ_NEW_ARRAY(arena, const zq_tally *, tables->n + 1), tables->n};

    for (size_t i = 0; i < tables->n; i++)
        sorted.items[i] = &tables->items[i];
    if (sorted.n > 1)
        qsort(sorted.items, sorted.n, sizeof *sorted.items, by_sum);
    return sorted;
}

/* Is `other`, a table of the certificate, the one that has changed places with `then`? */
static bool has_swapped(const zq_tally *then, const zq_tally *other, const zq_tallies *live)
{
    const zq_tally *theirs = other == then ? NULL : zq_tally_find(live, other->name);

    return theirs != NULL && theirs->problem == NULL && strcmp(theirs->sum, then->sum) == 0;
}

/* The table that has the rows of `then`, which has that one's; NULL: there is none. Of tables
 * without rows nobody can tell. */
static const zq_tally *swapped_with(const zq_tally *then, const zq_tally *now, const by_sums *sums,
                                    const zq_tallies *live)
{
    size_t low = 0;

    if (then->rows == 0 || now->rows == 0 || strcmp(then->sum, now->sum) == 0)
        return NULL;
    for (size_t high = sums->n; low < high;) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(sums->items[middle]->sum, now->sum) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < sums->n && strcmp(sums->items[low]->sum, now->sum) == 0; low++) {
        if (has_swapped(then, sums->items[low], live))
            return sums->items[low];
    }
    return NULL;
}

/* A table that both have. Without a form its columns were found to be gone. */
static void compare_table(const zq_tally *then, const zq_tally *now, const by_sums *sums,
                          const zq_tallies *live, zq_faults *out)
{
    const zq_tally *other = swapped_with(then, now, sums, live);

    if (other != NULL && strcmp(now->name, other->name) < 0)
        differ(out, "swapped tables", now->name, NULL, other->name,
               zq_arena_printf(out->arena,
                               "has the rows that '%s' has in the certificate, and the other way "
                               "round",
                               other->name));
    else if (other == NULL && (now->form != NULL || now->problem == NULL))
        compare_rows(then, now, out);
}

static void compare_tables(const zq_certificate *then, const zq_certificate *now, bool upgraded,
                           zq_faults *out)
{
    const zq_tallies *a = &then->tables;
    const zq_tallies *b = &now->tables;
    const by_sums sums = sort_by_sum(a, out->arena);

    for (size_t i = 0, j = 0; i < a->n || j < b->n;) {
        int order = i == a->n ? 1 : j == b->n ? -1 : strcmp(a->items[i].name, b->items[j].name);

        if (order < 0) {
            const zq_tally *lost = &a->items[i++];

            differ(out, "missing table", lost->name, rows_text(lost->rows, out->arena), NULL,
                   zq_arena_printf(out->arena, "is missing, with %s",
                                   rows_text(lost->rows, out->arena)));
        } else if (order > 0) {
            const zq_tally *more = &b->items[j++];

            if (!upgraded)
                differ(out, "unexpected table", more->name, NULL, rows_text(more->rows, out->arena),
                       "is not in the certificate");
        } else {
            compare_table(&a->items[i++], &b->items[j++], &sums, b, out);
        }
    }
}

/* ---- views and the like ---- */

static int object_order(const zq_object *a, const zq_object *b)
{
    int kind = strcmp(a->kind, b->kind);

    return kind != 0 ? kind : strcmp(a->name, b->name);
}

static void compare_object(const zq_object *then, const zq_object *now, bool compares_digest,
                           bool upgraded, zq_faults *out)
{
    bool is_view = strcmp(now->kind, "view") == 0;

    /* One that did not open then had no columns. */
    if (now->problem != NULL && *then->columns == '\0')
        return;
    if (now->problem != NULL)
        zq_fault_add(out, now->kind, now->name, "%s: the view does not open: %s", now->name,
                     now->problem);
    else if (!upgraded && is_view && strcmp(then->columns, now->columns) != 0)
        zq_fault_add(out, now->kind, now->name,
                     "%s: the view has other columns than in the certificate", now->name);
    else if (!upgraded && compares_digest && strcmp(then->digest, now->digest) != 0)
        zq_fault_add(out, now->kind, now->name,
                     "%s: the %s is defined otherwise than in the certificate", now->name,
                     now->kind);
}

static void compare_objects(const zq_certificate *then, const zq_certificate *now, bool upgraded,
                            zq_faults *out)
{
    const zq_inventory *a = &then->things;
    const zq_inventory *b = &now->things;

    for (size_t i = 0, j = 0; i < a->n_objects || j < b->n_objects;) {
        int order = i == a->n_objects   ? 1
                    : j == b->n_objects ? -1
                                        : object_order(&a->objects[i], &b->objects[j]);

        const zq_object *object = order <= 0 ? &a->objects[i] : &b->objects[j];
        bool is_view = strcmp(object->kind, "view") == 0;
        bool unseen = zq_inventory_misses(a, object->kind) || zq_inventory_misses(b, object->kind);

        if (order != 0 && unseen && !is_view)
            ;
        else if (order < 0)
            zq_fault_add(out, object->kind, object->name, "%s: the %s is missing", object->name,
                         object->kind);
        else if (order > 0)
            zq_fault_add(out, object->kind, object->name, "%s: the %s is not in the certificate",
                         object->name, object->kind);
        else
            compare_object(object, &b->objects[j],
                           !is_view || (then->flavor == now->flavor && !unseen), upgraded, out);
        i += order <= 0;
        j += order >= 0;
    }
}

/* ---- grants ---- */

static void compare_grants(const zq_certificate *then, const zq_certificate *now, zq_faults *out)
{
    const zq_inventory *a = &then->things;
    const zq_inventory *b = &now->things;

    if (!a->sees_accounts || !b->sees_accounts)
        return;
    for (size_t i = 0, j = 0; i < a->n_grants || j < b->n_grants;) {
        int order = i == a->n_grants   ? 1
                    : j == b->n_grants ? -1
                                       : strcmp(a->grants[i], b->grants[j]);

        if (order < 0)
            zq_fault_add(out, "grant", a->grants[i], "%s: is not granted any more", a->grants[i]);
        else if (order > 0)
            zq_fault_add(out, "grant", b->grants[j], "%s: is granted, and was not", b->grants[j]);
        i += order <= 0;
        j += order >= 0;
    }
}

/* An account that was missing then is not missed now. */
static void compare_definers(const zq_certificate *then, const zq_certificate *now, zq_faults *out)
{
    const zq_inventory *a = &then->things;
    const zq_inventory *b = &now->things;

    for (size_t i = 0, j = 0; i < b->n_missing_definers; i++) {
        while (j < a->n_missing_definers &&
               strcmp(a->missing_definers[j], b->missing_definers[i]) < 0)
            j++;
        if (j == a->n_missing_definers ||
            strcmp(a->missing_definers[j], b->missing_definers[i]) != 0)
            zq_fault_missing_definer(out, b->missing_definers[i]);
    }
}

/* ---- all ---- */

static void compare_records(const zq_certificate *then, const zq_certificate *now, bool upgraded,
                            zq_faults *out)
{
    const char *was = then->revision == NULL ? "none" : then->revision;
    const char *at = now->revision == NULL ? "none" : now->revision;

    if (upgraded)
        return;
    if (strcmp(was, at) != 0)
        zq_fault_add(out, "revision", now->database,
                     "%s: the recorded revision is '%s', and was '%s'", now->database, at, was);
    if (then->schema_id != NULL && now->schema_id != NULL &&
        strcmp(then->schema_id, now->schema_id) != 0)
        zq_fault_add(out, "schema", now->database,
                     "%s: the schema is not the certificate's: its id is %s, and was %s",
                     now->database, now->schema_id, then->schema_id);
    if (then->seeds_digest != NULL &&
        (now->seeds_digest == NULL || strcmp(then->seeds_digest, now->seeds_digest) != 0))
        zq_fault_add(out, "seeds", now->database,
                     "%s: the seeds that were last applied are not the certificate's",
                     now->database);
}

void zq_certificate_compare(const zq_certificate *certificate, const zq_certificate *live,
                            bool upgraded, zq_faults *out)
{
    compare_records(certificate, live, upgraded, out);
    compare_tables(certificate, live, upgraded, out);
    compare_objects(certificate, live, upgraded, out);
    compare_grants(certificate, live, out);
    compare_definers(certificate, live, out);
}
