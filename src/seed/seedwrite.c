#include "seed/seedwrite.h"

#include "base/buf.h"
#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether a text means itself as it stands: nothing that is a quote, white space at an end, a
 * control character or, for a name, something with a meaning of its own. */
static bool stands_alone(const char *text, const char *special)
{
    size_t length = strlen(text);

    if (length == 0 || text[0] == '"' || strpbrk(text, special) != NULL)
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c < ' ' || c == 0x7F || (c == ' ' && (i == 0 || i + 1 == length)))
            return false;
    }
    return true;
}

static void write_text(zq_buf *out, const char *text, const char *special)
{
    if (stands_alone(text, special)) {
        zq_buf_str(out, text);
        return;
    }
    zq_buf_char(out, '"');
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            zq_buf_printf(out, "\\%c", *c);
        else if (*c == '\n')
            zq_buf_str(out, "\\n");
        else if ((unsigned char)*c < ' ' || *c == 0x7F || *c == ']')
            zq_buf_printf(out, "\\x%02X", (unsigned)*c);
        else
            zq_buf_char(out, *c);
    }
    zq_buf_char(out, '"');
}

static void write_key(zq_buf *out, const char *key, const char *value)
{
    zq_buf_printf(out, "%s =", key);
    if (value != NULL) {
        zq_buf_char(out, ' ');
        write_text(out, value, "");
    }
    zq_buf_char(out, '\n');
}

static void write_id(zq_buf *out, long long id)
{
    if (id != 0)
        zq_buf_printf(out, "id = %lld\n", id);
}

static void write_section(zq_buf *out, const char *name)
{
    zq_buf_str(out, out->length == 0 ? "[" : "\n[");
    write_text(out, name, "[]");
    zq_buf_str(out, "]\n");
}

/* A half of the name that reads back by itself is left out. */
static void write_half(zq_buf *out, const char *key, const char *value, const char *half,
                       size_t length)
{
    if (strlen(value) != length || strncmp(value, half, length) != 0)
        write_key(out, key, *value == '\0' ? "" : value);
}

static void write_permission(zq_buf *out, const zq_seed_permission *permission)
{
    const char *colon = strchr(permission->name, ':');

    write_section(out, permission->name);
    write_id(out, permission->id);
    write_key(out, "description", permission->description);
    if (colon == NULL || colon == permission->name || colon[1] == '\0') {
        write_key(out, "resource", permission->resource);
        write_key(out, "action", permission->action);
        return;
    }
    write_half(out, "resource", permission->resource, permission->name,
               (size_t)(colon - permission->name));
    write_half(out, "action", permission->action, colon + 1, strlen(colon + 1));
}

static size_t write_role(zq_buf *out, const zq_seeds *seeds, unsigned role, size_t grant)
{
    const zq_seed_role *item = &seeds->roles[role];

    write_section(out, item->name);
    write_id(out, item->id);
    write_key(out, "description", item->description);
    if (!item->reconcile)
        write_key(out, "reconcile", "no");
    zq_buf_str(out, "permissions =\n");
    for (; grant < seeds->n_grants && seeds->grants[grant].role == role; grant++) {
        zq_buf_str(out, "    ");
        write_text(out, seeds->permissions[seeds->grants[grant].permission].name, "*,;#");
        zq_buf_char(out, '\n');
    }
    return grant;
}

void zq_seedwrite_text(const zq_seeds *seeds, zq_arena *arena, const char **out_roles,
                       const char **out_permissions)
{
    ZQ_AUTO_BUF(roles);
    ZQ_AUTO_BUF(permissions);
    size_t grant = 0;

    for (unsigned i = 0; i < seeds->n_roles; i++)
        grant = write_role(&roles, seeds, i, grant);
    for (size_t i = 0; i < seeds->n_permissions; i++)
        write_permission(&permissions, &seeds->permissions[i]);
    *out_roles = zq_arena_strdup(arena, zq_buf_text(&roles));
    *out_permissions = zq_arena_strdup(arena, zq_buf_text(&permissions));
}

static const char *admins_text(const zq_seed_admins *admins, zq_arena *arena, bool *out_has_hash)
{
    ZQ_AUTO_BUF(out);

    *out_has_hash = false;
    for (size_t i = 0; i < admins->n; i++) {
        const zq_seed_admin *admin = &admins->items[i];

        write_section(&out, admin->username);
        write_key(&out, "email", admin->email);
        if (!admin->is_active)
            write_key(&out, "active", "no");
        if (admin->hash != NULL)
            write_key(&out, "hash", admin->hash);
        *out_has_hash = *out_has_hash || admin->hash != NULL;
    }
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

zq_rc zq_seedwrite_write(const zq_seeds *seeds, const zq_seed_admins *admins, const char *dir,
                         bool replace, zq_err *err)
{
    static const char *const names[] = {"roles.ini", "permissions.ini", "administrators.ini"};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_new_file) roles = NULL;
    ZQ_AUTO(zq_new_file) permissions = NULL;
    ZQ_AUTO(zq_new_file) people = NULL;
    const char *texts[ZQ_LEN(names)];
    const char *paths[ZQ_LEN(names)];
    bool has_hash;

    zq_seedwrite_text(seeds, arena, &texts[0], &texts[1]);
    texts[2] = admins_text(admins, arena, &has_hash);
    if (mkdir(dir, 0755) != 0 && errno != EEXIST)
        return zq_fail_errno(err, ZQ_E_IO, "cannot make directory '%s'", dir);
    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        paths[i] = zq_arena_printf(arena, "%s/%s", dir, names[i]);
        if (!replace && access(paths[i], F_OK) == 0) {
            zq_fail(err, ZQ_E_USAGE, "'%s' is there already", paths[i]);
            return zq_err_hint(err, "name a directory without '%s', or replace it by '--replace'",
                               names[i]);
        }
    }
    ZQ_TRY(zq_new_file_write(paths[0], texts[0], strlen(texts[0]), 0644, &roles, err));
    ZQ_TRY(zq_new_file_write(paths[1], texts[1], strlen(texts[1]), 0644, &permissions, err));
    ZQ_TRY(zq_new_file_write(paths[2], texts[2], strlen(texts[2]), has_hash ? 0600 : 0644, &people,
                             err));
    ZQ_TRY(zq_new_file_place(roles, replace, err));
    ZQ_TRY(zq_new_file_place(permissions, replace, err));
    return zq_new_file_place(people, replace, err);
}
