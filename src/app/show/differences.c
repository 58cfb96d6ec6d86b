#include "app/show/differences.h"

#include "app/show/json.h"
#include "base/phrase.h"
#include "base/text.h"
#include "model/family.h"

enum { NAMED_MEMBERS = 5 };

/* ---- text ---- */

static void write_members(zq_buf *out, const zq_deviation *deviation, bool all)
{
    size_t n = deviation->n_members;

    zq_text_printf(out, " [%zu members", n);
    for (size_t i = 0; deviation->codes != NULL && i < n; i++) {
        if (!all && i == NAMED_MEMBERS) {
            zq_buf_str(out, ", ...");
            break;
        }
        zq_text_printf(out, "%s%s", i == 0 ? ": " : ", ", deviation->codes[i]);
    }
    zq_buf_char(out, ']');
}

static void write_changes(zq_buf *out, const zq_changes *changes, const zq_deviation *deviation,
                          bool all_members, zq_arena *arena)
{
    for (size_t i = 0; i < changes->n; i++) {
        const zq_change *change = &changes->items[i];

        if (change->object != NULL)
            zq_text_printf(out, "%s: ", change->table);
        zq_text_printf(out, "%s", zq_change_say(change, arena));
        if (deviation != NULL && deviation->n_members > 1)
            write_members(out, deviation, all_members);
        zq_buf_char(out, '\n');
    }
}

/* ---- JSON ---- */

static json_t *tables_of(const zq_deviation *deviation, zq_arena *arena)
{
    json_t *list = json_array();

    for (size_t i = 0; deviation->codes != NULL && i < deviation->n_members; i++)
        json_array_append_new(list, json_string(zq_family_expand(arena, deviation->family->name,
                                                                 deviation->codes[i])));
    return list;
}

/* All changes of a deviation share one list of tables: there may be thousands of each. */
static void append_changes(json_t *list, const zq_changes *changes, const zq_deviation *deviation,
                           zq_arena *arena)
{
    bool named = deviation != NULL && deviation->n_members > 1;
    json_t *members = named ? tables_of(deviation, arena) : NULL;

    for (size_t i = 0; i < changes->n; i++) {
        const zq_change *change = &changes->items[i];
        json_t *row =
            json_pack("{s:s, s:s, s:o, s:o, s:o, s:s}", "table", change->table, "kind",
                      zq_op_kind(change->op), "object", zq_json_text(change->object), "expected",
                      zq_json_text(change->expected), "actual", zq_json_text(change->found),
                      "message", zq_change_say(change, arena));

        if (named)
            json_object_set(row, "members", members);
        json_array_append_new(list, row);
    }
    json_decref(members);
}

static json_t *forms_of(const zq_comparison *comparison, const zq_table *family, zq_arena *arena)
{
    json_t *forms = json_array();

    for (size_t i = 0; i < comparison->n_deviations; i++) {
        const zq_deviation *deviation = &comparison->deviations[i];
        json_t *differences;

        if (deviation->family != family)
            continue;
        differences = json_array();
        append_changes(differences, &deviation->changes, NULL, arena);
        json_array_append_new(forms,
                              json_pack("{s:o, s:o}", "members",
                                        zq_json_names(deviation->codes, deviation->n_members),
                                        "differences", differences));
    }
    return forms;
}

static json_t *open_columns_of(const zq_family_count *count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count->n_open_columns; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:I}", "name", count->open_columns[i].name,
                                        "members", (json_int_t)count->open_columns[i].n_members));
    return list;
}

static json_t *renames_of(const zq_family_count *count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count->n_renames; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s}", "table", count->renames[i].table, "from",
                                        count->renames[i].from, "to", count->renames[i].to));
    return list;
}

/* ---- what others see ---- */

void zq_differences_text(zq_buf *out, const zq_comparison *comparison, bool all_members,
                         zq_arena *arena)
{
    write_changes(out, &comparison->changes, NULL, all_members, arena);
    for (size_t i = 0; i < comparison->n_deviations; i++)
        write_changes(out, &comparison->deviations[i].changes, &comparison->deviations[i],
                      all_members, arena);
}

void *zq_differences_json(const zq_comparison *comparison, zq_arena *arena)
{
    json_t *list = json_array();

    append_changes(list, &comparison->changes, NULL, arena);
    for (size_t i = 0; i < comparison->n_deviations; i++)
        append_changes(list, &comparison->deviations[i].changes, &comparison->deviations[i], arena);
    return list;
}

void *zq_differences_changes_json(const zq_changes *changes, zq_arena *arena)
{
    json_t *list = json_array();

    append_changes(list, changes, NULL, arena);
    return list;
}

void *zq_families_json(const zq_comparison *comparison, zq_arena *arena)
{
    json_t *list = json_array();

    for (size_t i = 0; i < comparison->n_families; i++) {
        const zq_family_count *count = &comparison->families[i];

        json_array_append_new(
            list,
            json_pack("{s:s, s:I, s:I, s:o, s:o, s:o}", "name", count->family->name, "members",
                      (json_int_t)count->n_members, "differing", (json_int_t)count->n_differing,
                      "forms", forms_of(comparison, count->family, arena), "application_columns",
                      open_columns_of(count), "renames", renames_of(count)));
    }
    return list;
}

const char *zq_count_words(size_t n, const char *one, const char *many, zq_arena *arena)
{
    return zq_arena_printf(arena, "%zu %s", n, n == 1 ? one : many);
}

const char *zq_count_said(size_t n, const char *one, const char *many, zq_arena *arena)
{
    return zq_arena_printf(arena, zq_tr(n == 1 ? one : many), n);
}

const char *zq_recognition_words(const zq_recognition *recognition, zq_arena *arena)
{
    const zq_known *release = recognition->release;

    if (recognition->exact && recognition->n_missing > 0)
        return zq_tr_printf(
            arena, "the schema is exactly that of zquant %s (revision %s without %s)",
            release->release, release->revision,
            zq_count_said(recognition->n_missing, N_("%zu table"), N_("%zu tables"), arena));
    if (recognition->exact)
        return zq_tr_printf(arena, "the schema is exactly that of zquant %s (revision %s)",
                            release->release, release->revision);
    if (recognition->collation != NULL)
        return zq_tr_printf(
            arena,
            "the schema is that of zquant %s (revision %s), but for a collation: %s %s, "
            "not %s",
            release->release, release->revision,
            zq_count_said(recognition->n_collated, N_("%zu table has"), N_("%zu tables have"),
                          arena),
            recognition->collation, ZQ_COLLATION);
    return zq_tr_printf(
        arena, "the schema is that of no release: the nearest is zquant %s (revision %s), with %s",
        release->release, release->revision,
        zq_count_said(recognition->comparison.n_differences, N_("%zu difference"),
                      N_("%zu differences"), arena));
}

void *zq_recognition_json(const zq_recognition *recognition, zq_arena *arena)
{
    const zq_known *release = recognition->release;

    if (release == NULL)
        return json_null();
    return json_pack("{s:s, s:s, s:b, s:o, s:o, s:o}", "release", release->release, "revision",
                     release->revision, "exact", recognition->exact, "missing_tables",
                     zq_json_names(recognition->missing, recognition->n_missing), "collation",
                     zq_json_text(recognition->collation), "differences",
                     zq_differences_json(&recognition->comparison, arena));
}
