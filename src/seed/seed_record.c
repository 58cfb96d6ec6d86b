#include "seed/seed_record.h"

#include "seed/record_text.h"

#include <string.h>

/* The built-in seeds' rows have the kinds 'role', 'permission', 'grant' and 'digest', those of a
 * folder the same with "dir-" before it. Today's first builds wrote the former for both. Their only
 * built-in seeds were, word for word, those of the Python initialiser, which never change: rows
 * with another digest, and without the mark that later builds leave, are a folder's.
 *
 * A folder's seeds stand for the whole: where they left out something that the built-in ones have,
 * somebody has decided so. So when they are applied, the built-in ones count as applied, too, as
 * they are in this build; what a later build adds to them still comes. */
#define FOLDER "dir-"
#define MARK "format"

void zq_seed_record_add(zq_arena *arena, zq_record_rows *rows, zq_rbac_record row)
{
    *ZQ_APPEND(arena, rows->items, rows->n) = row;
}

void zq_seed_record_seeds(const zq_seeds *seeds, zq_arena *arena, zq_record_rows *out)
{
    *out = (zq_record_rows){0};
    for (size_t i = 0; i < seeds->n_roles; i++)
        zq_seed_record_add(arena, out,
                           (zq_rbac_record){"role", seeds->roles[i].name, "",
                                            zq_role_encode(arena, seeds->roles[i].description,
                                                           seeds->roles[i].reconcile)});
    for (size_t i = 0; i < seeds->n_permissions; i++) {
        const zq_seed_permission *p = &seeds->permissions[i];
        const char *words[ZQ_WORDS_MAX] = {p->description, p->resource, p->action};

        zq_seed_record_add(arena, out,
                           (zq_rbac_record){"permission", "", p->name,
                                            zq_record_text_encode(arena, words, ZQ_WORDS_MAX)});
    }
    for (size_t i = 0; i < seeds->n_grants; i++)
        zq_seed_record_add(arena, out,
                           (zq_rbac_record){"grant", seeds->roles[seeds->grants[i].role].name,
                                            seeds->permissions[seeds->grants[i].permission].name,
                                            ""});
    zq_seed_record_add(arena, out,
                       (zq_rbac_record){"digest", "", "", zq_arena_strdup(arena, seeds->digest)});
}

static const char *digest_of(const zq_record_rows *rows)
{
    const char *digest = NULL;

    for (size_t i = 0; i < rows->n; i++) {
        if (strcmp(rows->items[i].kind, "digest") == 0)
            digest = rows->items[i].content;
    }
    return digest;
}

/* Whether rows that do not say so are known for the built-in seeds' by their digest. */
static bool is_known(const zq_record_rows *builtin, zq_arena *arena)
{
    const char *digest = digest_of(builtin);
    zq_seeds python;

    return digest == NULL ||
           (zq_seeds_python(arena, &python, NULL) == ZQ_OK && strcmp(python.digest, digest) == 0);
}

void zq_seed_record_join(const zq_record_rows *builtin, const zq_record_rows *folder,
                         zq_arena *arena, zq_record_rows *out)
{
    *out = (zq_record_rows){0};
    for (size_t i = 0; i < builtin->n; i++)
        zq_seed_record_add(arena, out, builtin->items[i]);
    for (size_t i = 0; i < folder->n; i++) {
        zq_rbac_record row = folder->items[i];

        row.kind = zq_arena_printf(arena, FOLDER "%s", row.kind);
        zq_seed_record_add(arena, out, row);
    }
    if (folder->n > 0 || !is_known(builtin, arena))
        zq_seed_record_add(arena, out, (zq_rbac_record){MARK, "", "", "2"});
}

zq_rc zq_seed_record_split(const zq_record_rows *rows, zq_arena *arena, zq_rbac *out, zq_err *err)
{
    zq_record_rows builtin = {0};
    zq_record_rows folder = {0};
    bool marked = false;

    for (size_t i = 0; i < rows->n; i++) {
        zq_rbac_record row = rows->items[i];

        if (strcmp(row.kind, MARK) == 0) {
            marked = true;
        } else if (strncmp(row.kind, FOLDER, strlen(FOLDER)) == 0) {
            row.kind += strlen(FOLDER);
            zq_seed_record_add(arena, &folder, row);
        } else {
            zq_seed_record_add(arena, &builtin, row);
        }
    }
    if (!marked && !is_known(&builtin, arena)) {
        zq_seeds seeds;

        ZQ_TRY(zq_seeds_builtin(arena, &seeds, err));
        folder = builtin;
        zq_seed_record_seeds(&seeds, arena, &builtin);
        out->record_is_old = true;
    }
    out->records = builtin.items;
    out->n_records = builtin.n;
    out->digest = digest_of(&builtin);
    out->folder_records = folder.items;
    out->n_folder_records = folder.n;
    out->folder_digest = digest_of(&folder);
    return ZQ_OK;
}
