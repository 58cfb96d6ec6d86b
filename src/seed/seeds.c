#include "seed/seeds.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/language.h"
#include "base/utf8.h"
#include "embed/zq_embed_permissions.h"
#include "embed/zq_embed_python_permissions.h"
#include "embed/zq_embed_python_roles.h"
#include "embed/zq_embed_roles.h"
#include "seed/hash.h"
#include "seed/seedfile.h"
#include "seed/seedwrite.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEED_FILE_MAX = 16 * 1024 * 1024 };

/* A line "*" in each role makes grants of the number of roles times that of permissions. */
enum { SECTIONS_MAX = 10000, GRANTS_MAX = 1000000, LOOKS_MAX = 100 * GRANTS_MAX };

enum { ROLE_DESCRIPTION, ROLE_PERMISSIONS, ROLE_RECONCILE, ROLE_ID };
static const zq_seed_shape role_shape = {
    .noun = N_("role"),
    .name_max = ZQ_ROLE_NAME_MAX,
    .keys = {
        {.name = "description", .required = true, .max = ZQ_DESCRIPTION_MAX, .may_be_no = true},
        {.name = "permissions", .required = true, .is_list = true},
        {.name = "reconcile", .max = 16},
        {.name = "id", .max = 10},
    }};

enum { PERMISSION_DESCRIPTION, PERMISSION_RESOURCE, PERMISSION_ACTION, PERMISSION_ID };
static const zq_seed_shape permission_shape = {
    .noun = N_("permission"),
    .name_max = ZQ_PERMISSION_NAME_MAX,
    .keys = {
        {.name = "description", .required = true, .max = ZQ_DESCRIPTION_MAX, .may_be_no = true},
        {.name = "resource", .max = ZQ_RESOURCE_MAX},
        {.name = "action", .max = ZQ_ACTION_MAX},
        {.name = "id", .max = 10},
    }};

enum { ADMIN_EMAIL, ADMIN_ACTIVE, ADMIN_HASH };
static const zq_seed_shape admin_shape = {.noun = N_("administrator"),
                                          .name_max = 50,
                                          .keys = {
                                              {.name = "email", .required = true, .max = 100},
                                              {.name = "active", .max = 16},
                                              {.name = "hash", .max = ZQ_HASH_MAX - 1},
                                          }};

/* What is built up while two files are read. */
typedef struct build {
    zq_arena *arena;
    const char *roles_file;
    const char *permissions_file;
    zq_mistake_list mistakes;
    zq_seed_permission *permissions;
    size_t n_permissions;
    const zq_seed_permission **by_name; /* the same, sorted */
    zq_seed_role *roles;
    size_t n_roles;
    zq_seed_grant *grants;
    size_t n_grants;
    size_t n_looks; /* at a permission, for a wildcard or for a role */
} build;

static int by_name(const void *a, const void *b)
{
    const zq_seed_permission *const *left = a;
    const zq_seed_permission *const *right = b;

    return zq_seed_name_cmp((*left)->name, (*right)->name);
}

/* A half of the name, where the file does not say it outright: "user" and "create" of
 * "user:create". */
static const char *half_of_name(build *b, const zq_seed_section *section, int key, size_t max)
{
    const char *colon = strchr(section->name, ':');
    const zq_seed_value *value = &section->values[key];
    const char *noun = permission_shape.keys[key].name;
    const char *half;

    if (value->line != 0)
        return value->text != NULL ? value->text : "";
    if (colon == NULL || colon == section->name || colon[1] == '\0') {
        zq_mistake_add(&b->mistakes, b->permissions_file, section->line,
                       "permission '%s' has no '%s', and its name is not 'resource:action'",
                       section->name, noun);
        return "";
    }
    half = key == PERMISSION_RESOURCE
               ? zq_arena_strndup(b->arena, section->name, (size_t)(colon - section->name))
               : colon + 1;
    if (zq_utf8_count(half) > max)
        zq_mistake_add(&b->mistakes, b->permissions_file, section->line,
                       "the %s in '%s' has %zu characters (at most %zu)", noun, section->name,
                       zq_utf8_count(half), max);
    return half;
}

/* An id of a section; 0 where it has none. */
static long long read_id(build *b, const char *file, const zq_seed_value *value)
{
    long long id = 0;

    if (value->line == 0)
        return 0;
    for (const char *c = value->text == NULL ? "" : value->text; id >= 0 && *c != '\0'; c++)
        id = *c >= '0' && *c <= '9' ? id * 10 + (*c - '0') : -1;
    if (id >= 1 && id <= INT32_MAX)
        return id;
    zq_mistake_add(&b->mistakes, file, value->line, "'id' is a whole number from 1, not '%s'",
                   value->text == NULL ? "" : value->text);
    return 0;
}

static int by_id(const void *a, const void *b)
{
    long long left = *(const long long *)a;
    long long right = *(const long long *)b;

    return (left > right) - (left < right);
}

/* Two of the same kind with one id. */
static void refuse_same_ids(build *b, const char *file, const zq_seed_file *of, long long *ids)
{
    qsort(ids, of->n, sizeof *ids, by_id);
    for (size_t i = 1; i < of->n; i++) {
        if (ids[i] != 0 && ids[i] == ids[i - 1])
            zq_mistake_add(&b->mistakes, file, 1, "two have the id %lld", ids[i]);
    }
}

/* Note that a file makes more than anybody needs of what it holds, and whether it does. */
static bool is_too_much(build *b, const char *file, unsigned line, size_t n, size_t most,
                        const char *what)
{
    if (n > most)
        zq_mistake_add(&b->mistakes, file, line, "more than %zu %s", most, zq_tr(what));
    return n > most;
}

static void take_permissions(build *b, const zq_seed_file *file)
{
    long long *ids;

    if (is_too_much(b, b->permissions_file, 1, file->n, SECTIONS_MAX, N_("permissions")))
        return;
    b->permissions = ZQ_NEW_ARRAY(b->arena, zq_seed_permission, file->n);
    ids = ZQ_NEW_ARRAY(b->arena, long long, file->n + 1);
    b->by_name = ZQ_NEW_ARRAY(b->arena, const zq_seed_permission *, file->n);
    for (size_t i = 0; i < file->n; i++) {
        const zq_seed_section *section = &file->sections[i];

        b->permissions[i] = (zq_seed_permission){
            .name = section->name,
            .resource = half_of_name(b, section, PERMISSION_RESOURCE, ZQ_RESOURCE_MAX),
            .action = half_of_name(b, section, PERMISSION_ACTION, ZQ_ACTION_MAX),
            .description = section->values[PERMISSION_DESCRIPTION].text,
            .id = ids[i] = read_id(b, b->permissions_file, &section->values[PERMISSION_ID]),
            .file = b->permissions_file,
            .line = section->line,
        };
        b->by_name[i] = &b->permissions[i];
    }
    b->n_permissions = file->n;
    refuse_same_ids(b, b->permissions_file, file, ids);
    qsort(b->by_name, b->n_permissions, sizeof *b->by_name, by_name);
}

/* Where grants of one role are noted: the line that gives each permission, 0 for none. */
typedef struct grant_lines {
    unsigned *lines;
    bool *outright; /* by its own name, not by a wildcard */
} grant_lines;

static void grant_matching(build *b, grant_lines *given, const char *prefix, size_t length,
                           const zq_seed_item *item)
{
    bool found = length == 0;

    b->n_looks += b->n_permissions;
    for (size_t i = 0; i < b->n_permissions && b->n_looks <= LOOKS_MAX; i++) {
        if (strncmp(b->permissions[i].name, prefix, length) != 0)
            continue;
        found = true;
        if (given->lines[i] == 0)
            given->lines[i] = item->line;
    }
    if (!found && b->n_looks <= LOOKS_MAX)
        zq_mistake_add(&b->mistakes, b->roles_file, item->line, "'%s' matches no permission",
                       item->text);
}

static void grant_one(build *b, grant_lines *given, const zq_seed_section *role,
                      const zq_seed_item *item)
{
    zq_seed_permission wanted = {.name = item->text};
    const zq_seed_permission *key = &wanted;
    const zq_seed_permission **found =
        bsearch(&key, b->by_name, b->n_permissions, sizeof *b->by_name, by_name);
    size_t index;

    if (found == NULL) {
        zq_mistake_add(&b->mistakes, b->roles_file, item->line,
                       "unknown permission '%s' in role '%s'", item->text, role->name);
        return;
    }
    index = (size_t)(*found - b->permissions);
    if (given->outright[index])
        zq_mistake_add(&b->mistakes, b->roles_file, item->line,
                       "permission '%s' is listed twice in role '%s'", item->text, role->name);
    given->outright[index] = true;
    if (given->lines[index] == 0)
        given->lines[index] = item->line;
}

static void take_item(build *b, grant_lines *given, const zq_seed_section *role,
                      const zq_seed_item *item)
{
    const char *star = item->quoted ? NULL : strchr(item->text, '*');

    if (star == NULL)
        grant_one(b, given, role, item);
    else if (star[1] == '\0' && (star == item->text || (star > item->text + 1 && star[-1] == ':')))
        grant_matching(b, given, item->text, (size_t)(star - item->text), item);
    else
        zq_mistake_add(&b->mistakes, b->roles_file, item->line,
                       "'%s' is not a wildcard: those are '*' and 'resource:*'", item->text);
}

static void add_grant(build *b, unsigned role, unsigned permission, unsigned line)
{
    *ZQ_APPEND(b->arena, b->grants, b->n_grants) = (zq_seed_grant){
        .role = role, .permission = permission, .file = b->roles_file, .line = line};
}

static bool read_yes_no(zq_mistake_list *mistakes, const char *file, const char *key,
                        const zq_seed_value *value)
{
    static const char *const yes[] = {"yes", "true", "on", "1"};
    static const char *const no[] = {"no", "false", "off", "0"};

    if (value->line == 0 || value->text == NULL)
        return true;
    for (size_t i = 0; i < ZQ_LEN(yes); i++) {
        if (strcmp(value->text, yes[i]) == 0 || strcmp(value->text, no[i]) == 0)
            return strcmp(value->text, yes[i]) == 0;
    }
    zq_mistake_add(mistakes, file, value->line, "'%s' is yes or no, not '%s'", key, value->text);
    return true;
}

static void take_roles(build *b, const zq_seed_file *file)
{
    grant_lines given = {ZQ_NEW_ARRAY(b->arena, unsigned, b->n_permissions),
                         ZQ_NEW_ARRAY(b->arena, bool, b->n_permissions)};
    long long *ids;

    if (is_too_much(b, b->roles_file, 1, file->n, SECTIONS_MAX, N_("roles")))
        return;
    b->roles = ZQ_NEW_ARRAY(b->arena, zq_seed_role, file->n);
    ids = ZQ_NEW_ARRAY(b->arena, long long, file->n + 1);
    b->n_roles = file->n;
    for (size_t i = 0; i < file->n; i++) {
        const zq_seed_section *section = &file->sections[i];
        const zq_seed_value *list = &section->values[ROLE_PERMISSIONS];

        memset(given.lines, 0, b->n_permissions * sizeof *given.lines);
        memset(given.outright, 0, b->n_permissions * sizeof *given.outright);
        b->roles[i] = (zq_seed_role){
            .name = section->name,
            .description = section->values[ROLE_DESCRIPTION].text,
            .reconcile = read_yes_no(&b->mistakes, b->roles_file, "reconcile",
                                     &section->values[ROLE_RECONCILE]),
            .id = ids[i] = read_id(b, b->roles_file, &section->values[ROLE_ID]),
            .file = b->roles_file,
            .line = section->line,
        };
        for (size_t k = 0; k < list->n_items; k++)
            take_item(b, &given, section, &list->items[k]);
        for (size_t p = 0; p < b->n_permissions; p++) {
            if (given.lines[p] != 0)
                add_grant(b, (unsigned)i, (unsigned)p, given.lines[p]);
        }
        b->n_looks += b->n_permissions;
        if (is_too_much(b, b->roles_file, section->line, b->n_grants, GRANTS_MAX, N_("grants")) ||
            is_too_much(b, b->roles_file, section->line, b->n_looks, LOOKS_MAX,
                        "comparisons of a wildcard with a permission"))
            return;
    }
    refuse_same_ids(b, b->roles_file, file, ids);
}

static int by_place(const void *a, const void *b)
{
    const zq_seed_mistake *left = a;
    const zq_seed_mistake *right = b;
    int order = strcmp(left->file, right->file);

    if (order == 0)
        order = (left->line > right->line) - (left->line < right->line);
    return order != 0 ? order : (left->order > right->order) - (left->order < right->order);
}

/* One mistake is the message; several are counted there and listed in the detail. */
static zq_rc report(zq_mistake_list *list, zq_seed_mistakes *out_mistakes, zq_err *err)
{
    ZQ_AUTO_BUF(lines);

    qsort(list->items, list->n, sizeof *list->items, by_place);
    if (out_mistakes != NULL)
        *out_mistakes = (zq_seed_mistakes){.items = list->items, .n = list->n};
    if (list->n == 1) {
        zq_fail(err, ZQ_E_DATA, "%s:%u: %s", list->items[0].file, list->items[0].line,
                list->items[0].words);
    } else {
        for (size_t i = 0; i < list->n; i++)
            zq_buf_printf(&lines, "%s%s:%u: %s", i == 0 ? "" : "\n", list->items[i].file,
                          list->items[i].line, list->items[i].words);
        zq_fail(err, ZQ_E_DATA, "the seed files have %zu mistakes", list->n);
        zq_err_detail(err, "%s", zq_buf_text(&lines));
    }
    return zq_err_hint(err, "nothing was changed; fix the files and run it again");
}

void zq_seeds_seal(zq_seeds *seeds)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(both);
    const char *roles;
    const char *permissions;

    zq_seedwrite_text(seeds, arena, &roles, &permissions);
    zq_buf_str(&both, roles);
    zq_buf_str(&both, permissions);
    zq_digest_hex(zq_buf_text(&both), both.length, seeds->digest);
}

zq_rc zq_seeds_parse(const zq_seed_text *roles, const zq_seed_text *permissions, zq_arena *arena,
                     zq_seeds *out, zq_seed_mistakes *out_mistakes, zq_err *err)
{
    build b = {.arena = arena,
               .roles_file = roles->file,
               .permissions_file = permissions->file,
               .mistakes = {.arena = arena}};
    zq_seed_file role_file = {0};
    zq_seed_file permission_file = {0};

    zq_seedfile_read(permissions, &permission_shape, arena, &permission_file, &b.mistakes);
    zq_seedfile_read(roles, &role_shape, arena, &role_file, &b.mistakes);
    take_permissions(&b, &permission_file);
    take_roles(&b, &role_file);
    if (b.mistakes.n > 0)
        return report(&b.mistakes, out_mistakes, err);
    *out = (zq_seeds){
        .roles = b.roles,
        .n_roles = b.n_roles,
        .permissions = b.permissions,
        .n_permissions = b.n_permissions,
        .grants = b.grants,
        .n_grants = b.n_grants,
    };
    zq_seeds_seal(out);
    return ZQ_OK;
}

static zq_rc read_file(const char *dir, const char *name, zq_arena *arena, zq_seed_text *out,
                       const char **out_doubt, zq_err *err)
{
    size_t end = strlen(dir);
    const char *path =
        zq_arena_printf(arena, "%s%s%s", dir, end > 0 && dir[end - 1] == '/' ? "" : "/", name);
    zq_file file;

    if (zq_file_read(path, SEED_FILE_MAX, ZQ_FILE_PLAIN, arena, &file, err) != ZQ_OK) {
        zq_err_hint(err, "a directory of seeds holds 'roles.ini' and 'permissions.ini'; "
                         "'zquant-init seeds export DIR' writes both");
        return ZQ_E_NOINPUT;
    }
    if (*out_doubt == NULL)
        *out_doubt = zq_trust_warning(path, &file.facts, arena);
    *out = (zq_seed_text){.file = path, .text = file.text, .length = file.length};
    return ZQ_OK;
}

zq_rc zq_seeds_load(const char *dir, zq_arena *arena, zq_seeds *out, zq_seed_mistakes *out_mistakes,
                    zq_err *err)
{
    const char *doubt = NULL;
    zq_seed_text roles;
    zq_seed_text permissions;

    ZQ_TRY(read_file(dir, "permissions.ini", arena, &permissions, &doubt, err));
    ZQ_TRY(read_file(dir, "roles.ini", arena, &roles, &doubt, err));
    ZQ_TRY(zq_seeds_parse(&roles, &permissions, arena, out, out_mistakes, err));
    out->doubt = doubt;
    out->from_folder = true;
    return ZQ_OK;
}

static void take_admins(const zq_seed_file *file, const char *path, zq_arena *arena,
                        zq_mistake_list *mistakes, zq_seed_admins *out)
{
    zq_seed_admin *items = ZQ_NEW_ARRAY(arena, zq_seed_admin, file->n + 1);

    for (size_t i = 0; i < file->n; i++) {
        const zq_seed_section *section = &file->sections[i];
        const char *hash = section->values[ADMIN_HASH].text;
        zq_err err = {0};

        if (hash != NULL && zq_hash_check(hash, &err) != ZQ_OK)
            zq_mistake_add(mistakes, path, section->values[ADMIN_HASH].line, "%s", err.message);
        items[i] = (zq_seed_admin){
            .username = section->name,
            .email = section->values[ADMIN_EMAIL].text,
            .hash = hash,
            .is_active = read_yes_no(mistakes, path, "active", &section->values[ADMIN_ACTIVE]),
        };
    }
    out->items = items;
    out->n = file->n;
}

zq_rc zq_seeds_admins_load(const char *dir, zq_arena *arena, zq_seed_admins *out, zq_err *err)
{
    static const char name[] = "administrators.ini";
    zq_mistake_list mistakes = {.arena = arena};
    zq_seed_file file = {0};
    zq_seed_text text;

    *out = (zq_seed_admins){0};
    if (access(zq_arena_printf(arena, "%s/%s", dir, name), F_OK) != 0)
        return ZQ_OK;
    ZQ_TRY(read_file(dir, name, arena, &text, &out->doubt, err));
    zq_seedfile_read(&text, &admin_shape, arena, &file, &mistakes);
    take_admins(&file, text.file, arena, &mistakes, out);
    return mistakes.n > 0 ? report(&mistakes, NULL, err) : ZQ_OK;
}

#define EMBEDDED(file_name, symbol)          \
    {                                        \
        file_name, symbol, sizeof symbol - 1 \
    }

zq_rc zq_seeds_builtin(zq_arena *arena, zq_seeds *out, zq_err *err)
{
    static const zq_seed_text roles = EMBEDDED("seeds/roles.ini", zq_embed_roles);
    static const zq_seed_text permissions = EMBEDDED("seeds/permissions.ini", zq_embed_permissions);

    return zq_seeds_parse(&roles, &permissions, arena, out, NULL, err);
}

zq_rc zq_seeds_python(zq_arena *arena, zq_seeds *out, zq_err *err)
{
    static const zq_seed_text roles = EMBEDDED("seeds/python/roles.ini", zq_embed_python_roles);
    static const zq_seed_text permissions =
        EMBEDDED("seeds/python/permissions.ini", zq_embed_python_permissions);

    return zq_seeds_parse(&roles, &permissions, arena, out, NULL, err);
}
