#include "app/kept_schema.h"

#include "app/known.h"
#include "base/file.h"
#include "diff/diff.h"
#include "model/canon.h"

#include "release.h"

#include <string.h>

enum { SCHEMA_FILE_MAX = 16 * 1024 * 1024 };

/* ---- files ---- */

/* `name` is for messages. A table, column or index that stands twice reads well, and could be
 * compared with nothing. */
static zq_rc read_text(const char *name, const zq_file *file, zq_arena *arena,
                       const zq_schema **out, zq_err *err)
{
    zq_changes none;
    zq_err twice = {0};
    zq_rc rc = zq_canon_parse_file(name, file->text, file->length, arena, out, err);

    if (rc == ZQ_OK && zq_diff(*out, *out, arena, &none, &twice) != ZQ_OK)
        rc = zq_fail(err, ZQ_E_DATA, "%s:1: %s", name, twice.message);
    if (rc == ZQ_OK)
        return ZQ_OK;
    zq_err_hint(err, "'zquant-migrate show --schema' prints such a text, and the page "
                     "docs/canonical-form.md describes it");
    return rc;
}

zq_rc zq_kept_schema_read(const char *path, zq_arena *arena, const zq_schema **out, zq_err *err)
{
    const bool is_input = strcmp(path, "-") == 0;
    zq_file file;

    ZQ_TRY(zq_file_read(is_input ? "/dev/stdin" : path, SCHEMA_FILE_MAX,
                        is_input ? ZQ_FILE_NAMED : ZQ_FILE_PLAIN, arena, &file, err));
    return read_text(is_input ? "standard input" : path, &file, arena, out, err);
}

const char *zq_kept_schema_file_of(const char *revision_file, zq_arena *arena)
{
    size_t length = strlen(revision_file);

    if (length > 4 && strcmp(revision_file + length - 4, ".sql") == 0)
        length -= 4;
    return zq_arena_printf(arena, "%.*s.schema.txt", (int)length, revision_file);
}

/* ---- revisions ---- */

static zq_rc check_id(const zq_revision *revision, const char *path, const zq_schema *schema,
                      zq_err *err)
{
    char id[ZQ_DIGEST_HEX];

    zq_canon_id(schema, id);
    if (revision->schema_id == NULL || strcmp(revision->schema_id, id) == 0)
        return ZQ_OK;
    zq_fail(err, ZQ_E_DATA, "%s:1: it has the schema id %.12s, and '%s' leads to %.12s", path, id,
            revision->file, revision->schema_id);
    return zq_err_hint(err, "the two were made together: take both from the same place");
}

static zq_rc read_own(const zq_revision *revision, zq_arena *arena, const zq_schema **out,
                      zq_err *err)
{
    const char *path = zq_kept_schema_file_of(revision->file, arena);
    zq_file file;

    ZQ_TRY(zq_file_read(path, SCHEMA_FILE_MAX, ZQ_FILE_FOUND, arena, &file, err));
    if (file.text == NULL) {
        *out = NULL;
        return ZQ_OK;
    }
    ZQ_TRY(read_text(path, &file, arena, out, err));
    return check_id(revision, path, *out, err);
}

zq_rc zq_kept_schema_at(const zq_chain *chain, size_t position, zq_arena *arena,
                        const zq_schema **out, zq_err *err)
{
    const zq_revision *revision = zq_chain_at(chain, position);
    const zq_release *release = revision != NULL ? zq_known_release_at(revision->id) : NULL;

    if (revision == NULL) {
        *out = ZQ_NEW(arena, zq_schema);
        return ZQ_OK;
    }
    if (revision->own)
        return read_own(revision, arena, out, err);
    *out = NULL;
    return release != NULL ? zq_known_schema(release, arena, out, err) : ZQ_OK;
}

zq_rc zq_kept_schema_need(const zq_chain *chain, size_t position, zq_arena *arena,
                          const zq_schema **out, zq_err *err)
{
    const zq_revision *revision = zq_chain_at(chain, position);

    ZQ_TRY(zq_kept_schema_at(chain, position, arena, out, err));
    if (*out != NULL)
        return ZQ_OK;
    zq_fail(err, ZQ_E_USAGE, "the schema of revision '%s' is not kept: there is no '%s'",
            revision->id, zq_kept_schema_file_of(revision->file, arena));
    return zq_err_hint(
        err, "at a database that is there, 'zquant-migrate show --schema live' prints what "
             "belongs into it");
}

/* ---- the newest ---- */

static const zq_schema *with_meta(const zq_schema *schema, zq_arena *arena)
{
    zq_schema *result = ZQ_NEW(arena, zq_schema);

    for (size_t i = 0; i < schema->n_tables; i++)
        zq_schema_add(result, schema->tables[i], arena);
    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        if (zq_table_is_meta(zq_schema_head.tables[i]))
            zq_schema_add(result, zq_schema_head.tables[i], arena);
    }
    return result;
}

zq_rc zq_kept_schema_desired(zq_app *app, const zq_chain *chain, zq_desired *out, zq_err *err)
{
    const zq_release *head = zq_release_head();
    const zq_schema *schema;

    *out = (zq_desired){
        .schema = &zq_schema_head,
        .name = head->name,
        .words = zq_arena_printf(app->arena, "zquant %s", head->name),
    };
    for (size_t at = chain->n; at > 0 && zq_chain_at(chain, at)->own; at--) {
        ZQ_TRY(zq_kept_schema_at(chain, at, app->arena, &schema, err));
        if (schema == NULL)
            continue;
        out->schema = with_meta(schema, app->arena);
        out->name = zq_chain_name(chain, at);
        out->words = zq_arena_printf(app->arena, "revision '%s'", out->name);
        out->is_newest = at == chain->n;
        return ZQ_OK;
    }
    out->is_newest = chain->n > 0 && !zq_chain_at(chain, chain->n)->own;
    return ZQ_OK;
}

zq_rc zq_kept_schema_newest(zq_app *app, const zq_chain *chain, zq_desired *out, zq_err *err)
{
    size_t at = chain->n;

    *out = (zq_desired){0};
    for (; at > 0 && out->schema == NULL; at--)
        ZQ_TRY(zq_kept_schema_at(chain, at, app->arena, &out->schema, err));
    out->name = zq_chain_name(chain, at + 1);
    out->words = zq_arena_printf(app->arena, "revision '%s'", out->name);
    out->is_newest = at + 1 == chain->n;
    return ZQ_OK;
}
