/* Turns decisions into statements, as few as the sizes allow: a fresh install needs one for each
 * table. Rows are found by name, and what is added is added where it is not there by now, so that
 * two runs at once add nothing twice; the record of what was applied comes last, in the same
 * transaction. */
#include "seed/merge/merge.h"

#include "base/buf.h"
#include "run/book.h"
#include "seed/record_text.h"
#include "seed/seed_record.h"

#include <stdlib.h>
#include <string.h>

/* Rows in one statement: enough for a fresh install to need one for each table, few enough for the
 * depth of a parser's stack. */
enum { ROWS_MAX = 200, NAMES_MAX = 1000, RECORDS_MAX = 250 };

/* Steps under construction. */
typedef struct writer {
    const zq_merge *m;
    zq_arena *arena;
    zq_step *steps;
    size_t n;
    zq_buf text; /* of the statement under construction */
    zq_arg *args;
    size_t n_args;
} writer;

static void add_arg(writer *w, zq_arg arg)
{
    *ZQ_APPEND(w->arena, w->args, w->n_args) = arg;
}

static void put(writer *w, const char *sql)
{
    zq_buf_str(&w->text, sql);
}

static void bind(writer *w, const char *sql, const char *text)
{
    zq_buf_str(&w->text, sql);
    zq_buf_char(&w->text, '?');
    add_arg(w, zq_arg_text(text));
}

/* The statement is whole: it becomes a step. */
static void end_step(writer *w, const char *say)
{
    *ZQ_APPEND(w->arena, w->steps, w->n) = (zq_step){
        .stage = w->m->options->stage,
        .text = zq_arena_strdup(w->arena, zq_buf_text(&w->text)),
        .args = w->args,
        .n_args = w->n_args,
        .say = say,
        .changes_rows = true,
        .in_order = true,
    };
    zq_buf_clear(&w->text);
    w->args = NULL;
    w->n_args = 0;
}

/* ---- adding ---- */

/* What rows of a kind are inserted with. */
typedef struct row_kind {
    const char *noun;
    const char *table;
    const char *columns; /* with the words, but for the id */
    const char *selected;
    size_t n_words;
} row_kind;

/* The roles that the application's web front end knows by their ids, which count from 1. */
static const char *const known_roles[] = {"admin", "researcher", "user"};

static bool has_id(const long long *ids, size_t n, long long id)
{
    size_t i = 0;

    while (i < n && ids[i] != id)
        i++;
    return i < n;
}

/* Those that seeds which were exported want for what is to be added, where nobody has them; whether
 * there are any. */
static bool take_wanted_ids(const zq_merge_object *objects, size_t n, long long *ids)
{
    bool any = false;

    for (size_t i = 0; i < n; i++)
        ids[i] = objects[i].where & ZQ_IN_DATABASE ? objects[i].id : 0;
    for (size_t i = 0; i < n; i++) {
        if (ids[i] != 0 || objects[i].seed_id == 0 || has_id(ids, n, objects[i].seed_id))
            continue;
        ids[i] = objects[i].seed_id;
        any = true;
    }
    return any;
}

/* In an empty table, what this server or an earlier try has made of its counter does not matter.
 * The known roles have theirs whatever the order of the seeds. */
static void give_ids(const zq_merge_object *objects, size_t n, bool are_roles, long long *ids)
{
    long long next = are_roles ? ZQ_LEN(known_roles) : 0;

    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; are_roles && ids[i] == 0 && k < ZQ_LEN(known_roles); k++) {
            if (zq_seed_name_cmp(objects[i].name, known_roles[k]) == 0 &&
                !has_id(ids, n, (long long)k + 1))
                ids[i] = (long long)k + 1;
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (ids[i] != 0)
            continue;
        do
            next++;
        while (has_id(ids, n, next));
        ids[i] = next;
    }
}

/* The ids of the objects; 0: the server gives one. NULL: it gives all. */
static const long long *ids_of(writer *w, const zq_merge_object *objects, size_t n, bool are_roles,
                               bool is_empty)
{
    long long *ids = ZQ_NEW_ARRAY(w->arena, long long, n + 1);
    bool any = take_wanted_ids(objects, n, ids);

    if (is_empty)
        give_ids(objects, n, are_roles, ids);
    return any || is_empty ? ids : NULL;
}

/* INSERT ... SELECT, so that a row that is there by now is left alone; numbered, so that ids come
 * in the order of the seeds. Without `ids`, the server gives them. */
static void insert_objects(writer *w, const zq_merge_object *objects, size_t n,
                           const row_kind *kind, const long long *ids)
{
    static const char *const names[] = {" AS description", " AS resource", " AS action"};
    size_t rows = 0;

    for (size_t i = 0; i < n; i++) {
        bool first = rows == 0;

        if (objects[i].verdict == ZQ_VERDICT_ADD) {
            if (first)
                zq_buf_printf(&w->text,
                              "INSERT INTO `%s` (%s`name`, %s`created_by`, `created_time`, "
                              "`updated_by`, `updated_time`) SELECT %ss.name, %s'admin', NOW(), "
                              "'admin', NOW() FROM (",
                              kind->table, ids != NULL ? "`id`, " : "", kind->columns,
                              ids != NULL ? "s.n, " : "", kind->selected);
            put(w, first ? "SELECT " : " UNION ALL SELECT ");
            if (ids != NULL && ids[i] == 0)
                put(w, "NULL");
            else
                zq_buf_printf(&w->text, "%lld", ids != NULL ? ids[i] : (long long)rows + 1);
            put(w, first ? " AS n" : "");
            bind(w, ", ", objects[i].name);
            put(w, first ? " AS name" : "");
            for (size_t k = 0; k < kind->n_words; k++) {
                bind(w, ", ", objects[i].words[ZQ_SIDE_SEEDS][k]);
                put(w, first ? names[k] : "");
            }
            rows++;
        }
        if (rows == ROWS_MAX || (rows > 0 && i + 1 == n)) {
            zq_buf_printf(&w->text,
                          ") AS s WHERE NOT EXISTS (SELECT 1 FROM `%s` AS t WHERE t.name = s.name) "
                          "ORDER BY s.n",
                          kind->table);
            end_step(w, zq_arena_printf(w->arena, "add %zu %s%s", rows, kind->noun,
                                        rows == 1 ? "" : "s"));
            rows = 0;
        }
    }
}

static void insert_roles(writer *w)
{
    static const row_kind roles = {"role", "zq_app_roles", "`description`, ", "s.description, ", 1};
    const zq_merge *m = w->m;

    insert_objects(w, m->roles, m->n_roles, &roles,
                   ids_of(w, m->roles, m->n_roles, true, m->now->n_roles == 0));
}

static void insert_permissions(writer *w)
{
    static const row_kind permissions = {"permission", "zq_app_permissions",
                                         "`resource`, `action`, `description`, ",
                                         "s.resource, s.action, s.description, ", ZQ_WORDS_MAX};
    const zq_merge *m = w->m;

    insert_objects(w, m->permissions, m->n_permissions, &permissions,
                   ids_of(w, m->permissions, m->n_permissions, false, m->now->n_permissions == 0));
}

static void insert_grants(writer *w, size_t role)
{
    const zq_merge *m = w->m;
    size_t names = 0;

    for (size_t p = 0; p < m->n_permissions; p++) {
        const zq_merge_grant *cell = zq_merge_cell(m, role, p);

        if (cell->where != 0 && cell->verdict == ZQ_VERDICT_ADD) {
            if (names == 0) {
                put(w, "INSERT INTO `zq_app_role_permissions` (`role_id`, `permission_id`, "
                       "`created_by`, `created_time`, `updated_by`, `updated_time`) "
                       "SELECT r.id, p.id, 'admin', NOW(), 'admin', NOW() "
                       "FROM `zq_app_roles` AS r JOIN `zq_app_permissions` AS p "
                       "WHERE r.name = ");
                bind(w, "", m->roles[role].name);
                put(w, " AND p.name IN (");
            }
            bind(w, names == 0 ? "" : ", ", m->permissions[p].name);
            names++;
        }
        if (names == NAMES_MAX || (names > 0 && p + 1 == m->n_permissions)) {
            put(w, ") AND NOT EXISTS (SELECT 1 FROM `zq_app_role_permissions` AS g "
                   "WHERE g.role_id = r.id AND g.permission_id = p.id)");
            end_step(w, zq_arena_printf(w->arena, "grant %zu permission%s to role '%s'", names,
                                        names == 1 ? "" : "s", m->roles[role].name));
            names = 0;
        }
    }
}

/* ---- changing ---- */

/* Only where the words are still those that were read. */
static void update_object(writer *w, const zq_merge_object *object, const char *table,
                          const char *noun, size_t n_words)
{
    static const char *const columns[] = {"`description`", "`resource`", "`action`"};

    if (object->verdict != ZQ_VERDICT_UPDATE)
        return;
    zq_buf_printf(&w->text, "UPDATE `%s` SET ", table);
    for (size_t k = 0; k < n_words; k++) {
        if (object->newer & (1u << k)) {
            put(w, columns[k]);
            bind(w, " = ", object->words[ZQ_SIDE_SEEDS][k]);
            put(w, ", ");
        }
    }
    zq_buf_printf(&w->text, "`updated_by` = 'admin', `updated_time` = NOW() WHERE `id` = %lld",
                  object->id);
    for (size_t k = 0; k < n_words; k++) {
        if (object->newer & (1u << k)) {
            zq_buf_printf(&w->text, " AND %s", columns[k]);
            bind(w, " <=> ", object->words[ZQ_SIDE_DATABASE][k]);
        }
    }
    end_step(w, zq_arena_printf(w->arena, "update %s '%s'", noun, object->name));
}

/* ---- removing ---- */

static void delete_grants(writer *w, size_t role)
{
    const zq_merge *m = w->m;
    size_t names = 0;

    for (size_t p = 0; p < m->n_permissions; p++) {
        const zq_merge_grant *cell = zq_merge_cell(m, role, p);

        if (cell->where != 0 && cell->verdict == ZQ_VERDICT_REMOVE) {
            if (names == 0)
                zq_buf_printf(&w->text,
                              "DELETE FROM `zq_app_role_permissions` WHERE `role_id` = %lld "
                              "AND `permission_id` IN (",
                              m->roles[role].id);
            zq_buf_printf(&w->text, "%s%lld", names == 0 ? "" : ", ", m->permissions[p].id);
            names++;
        }
    }
    if (names > 0) {
        put(w, ")");
        end_step(w, zq_arena_printf(w->arena, "revoke %zu permission%s from role '%s'", names,
                                    names == 1 ? "" : "s", m->roles[role].name));
    }
}

static void delete_object(writer *w, const zq_merge_object *object, const char *table,
                          const char *noun)
{
    if (object->verdict != ZQ_VERDICT_REMOVE)
        return;
    zq_buf_printf(&w->text, "DELETE FROM `%s` WHERE `id` = %lld", table, object->id);
    end_step(w, zq_arena_printf(w->arena, "remove %s '%s'", noun, object->name));
}

/* ---- the record ---- */

/* Which side's words of an object the record shall hold; ZQ_SIDES: none. */
static unsigned recorded_side(unsigned where, zq_verdict verdict)
{
    bool as_it_was = verdict == ZQ_VERDICT_LEAVE || verdict == ZQ_VERDICT_WAIT;

    if (!as_it_was && (where & ZQ_IN_SEEDS))
        return ZQ_SIDE_SEEDS;
    return as_it_was && (where & ZQ_IN_LAST) ? ZQ_SIDE_LAST : ZQ_SIDES;
}

static const char *role_content(const zq_merge *m, const zq_merge_object *role, unsigned side)
{
    bool reconcile = role->where & ZQ_IN_SEEDS ? role->reconcile : !role->was_left;

    return zq_role_encode(m->arena, role->words[side][0], reconcile);
}

static void record_objects(const zq_merge *m, zq_record_rows *out, const zq_merge_object *objects,
                           size_t n, const char *kind)
{
    bool is_role = strcmp(kind, "role") == 0;

    for (size_t i = 0; i < n; i++) {
        unsigned side = recorded_side(objects[i].where, objects[i].verdict);

        if (side != ZQ_SIDES)
            zq_seed_record_add(
                m->arena, out,
                (zq_rbac_record){.kind = kind,
                                 .role = is_role ? objects[i].name : "",
                                 .permission = is_role ? "" : objects[i].name,
                                 .content = is_role ? role_content(m, &objects[i], side)
                                                    : zq_record_text_encode(m->arena,
                                                                            objects[i].words[side],
                                                                            ZQ_WORDS_MAX)});
    }
}

static void record_grants(const zq_merge *m, zq_record_rows *out)
{
    for (size_t r = 0; r < m->n_roles; r++) {
        for (size_t p = 0; p < m->n_permissions; p++) {
            const zq_merge_grant *cell = zq_merge_cell(m, r, p);

            if (cell->where != 0 &&
                recorded_side(cell->where, (zq_verdict)cell->verdict) != ZQ_SIDES)
                zq_seed_record_add(m->arena, out,
                                   (zq_rbac_record){.kind = "grant",
                                                    .role = m->roles[r].name,
                                                    .permission = m->permissions[p].name,
                                                    .content = ""});
        }
    }
}

/* What is applied of these seeds now. The digest is that of seeds applied as a whole. */
static void record_own(const zq_merge *m, zq_record_rows *out)
{
    const char *had = m->seeds->from_folder ? m->now->folder_digest : m->now->digest;
    const char *digest = m->options->role == NULL ? m->seeds->digest : had;

    record_objects(m, out, m->roles, m->n_roles, "role");
    record_objects(m, out, m->permissions, m->n_permissions, "permission");
    record_grants(m, out);
    if (digest != NULL)
        zq_seed_record_add(m->arena, out, (zq_rbac_record){"digest", "", "", digest});
}

/* What was last applied of both: a folder's seeds, as a whole, stand for the built-in ones too. */
static void record_both(const zq_merge *m, zq_record_rows *out)
{
    zq_record_rows builtin = {(zq_rbac_record *)m->now->records, m->now->n_records};
    zq_record_rows folder = {(zq_rbac_record *)m->now->folder_records, m->now->n_folder_records};
    zq_record_rows own = {0};
    zq_seeds seeds;

    record_own(m, &own);
    if (!m->seeds->from_folder) {
        zq_seed_record_join(&own, &folder, m->arena, out);
        return;
    }
    if (m->options->role == NULL && zq_seeds_builtin(m->arena, &seeds, NULL) == ZQ_OK)
        zq_seed_record_seeds(&seeds, m->arena, &builtin);
    zq_seed_record_join(&builtin, &own, m->arena, out);
}

static int by_key(const void *a, const void *b)
{
    const zq_rbac_record *left = a;
    const zq_rbac_record *right = b;
    int order = strcmp(left->kind, right->kind);

    if (order == 0)
        order = strcmp(left->role, right->role);
    if (order == 0)
        order = strcmp(left->permission, right->permission);
    return order != 0 ? order : strcmp(left->content, right->content);
}

static bool is_recorded(const zq_merge *m, const zq_record_rows *wanted)
{
    zq_record_rows had;
    zq_record_rows want = {ZQ_NEW_ARRAY(m->arena, zq_rbac_record, wanted->n + 1), wanted->n};

    zq_seed_record_join(
        &(zq_record_rows){(zq_rbac_record *)m->now->records, m->now->n_records},
        &(zq_record_rows){(zq_rbac_record *)m->now->folder_records, m->now->n_folder_records},
        m->arena, &had);
    if (m->now->record_is_old || had.n != want.n)
        return false;
    for (size_t i = 0; i < want.n; i++)
        want.items[i] = wanted->items[i];
    qsort(had.items, had.n, sizeof *had.items, by_key);
    qsort(want.items, want.n, sizeof *want.items, by_key);
    for (size_t i = 0; i < had.n; i++) {
        if (by_key(&had.items[i], &want.items[i]) != 0)
            return false;
    }
    return true;
}

static void write_record(writer *w)
{
    const zq_merge *m = w->m;
    zq_record_rows new;

    if (m->options->as_operator)
        return;
    record_both(m, &new);
    if (is_recorded(m, &new))
        return;
    put(w, ZQ_BOOK_FORGET_SEEDS);
    end_step(w, "forget what was last applied");
    for (size_t i = 0; i < new.n; i++) {
        put(w, i % RECORDS_MAX == 0 ? ZQ_BOOK_ADD_SEEDS : ", ");
        bind(w, "(", new.items[i].kind);
        bind(w, ", ", new.items[i].role);
        bind(w, ", ", new.items[i].permission);
        bind(w, ", ", new.items[i].content);
        put(w, ")");
        if ((i + 1) % RECORDS_MAX == 0 || i + 1 == new.n)
            end_step(w, "record what is applied");
    }
}

void zq_merge_steps(const zq_merge *m, zq_steps *out)
{
    writer w = {.m = m, .arena = m->arena};

    insert_roles(&w);
    insert_permissions(&w);
    for (size_t r = 0; r < m->n_roles; r++)
        update_object(&w, &m->roles[r], "zq_app_roles", "role", 1);
    for (size_t p = 0; p < m->n_permissions; p++)
        update_object(&w, &m->permissions[p], "zq_app_permissions", "permission", ZQ_WORDS_MAX);
    for (size_t r = 0; r < m->n_roles; r++)
        insert_grants(&w, r);
    for (size_t r = 0; r < m->n_roles; r++)
        delete_grants(&w, r);
    for (size_t r = 0; r < m->n_roles; r++)
        delete_object(&w, &m->roles[r], "zq_app_roles", "role");
    for (size_t p = 0; p < m->n_permissions; p++)
        delete_object(&w, &m->permissions[p], "zq_app_permissions", "permission");
    write_record(&w);
    zq_buf_done(&w.text);
    *out = (zq_steps){.items = w.steps, .n = w.n};
}
