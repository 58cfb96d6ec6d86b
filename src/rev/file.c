#include "rev/file.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "rev/body.h"
#include "rev/header.h"

#include <string.h>

static size_t mark_length(const char *text, size_t length)
{
    return length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static unsigned line_of(const char *text, const char *at)
{
    unsigned line = 1;

    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

/* The line of the first byte that is not text. */
static unsigned bad_line(const char *text, size_t length)
{
    const char *at = text, *end = text + length, *newline;

    while ((newline = memchr(at, '\n', (size_t)(end - at))) != NULL &&
           zq_utf8_valid(at, (size_t)(newline - at)))
        at = newline + 1;
    return line_of(text, at);
}

static zq_rc check_bytes(const char *name, const char *text, size_t length, zq_err *err)
{
    const char *nul;

    if (length > ZQ_REVISION_FILE_MAX)
        return zq_fail(err, ZQ_E_DATA, "%s:1: the file has %zu bytes, more than 16 MiB", name,
                       length);
    if (!zq_utf8_valid(text, length))
        return zq_fail(err, ZQ_E_DATA, "%s:%u: the line is not UTF-8", name,
                       bad_line(text, length));
    if ((nul = memchr(text, '\0', length)) != NULL)
        return zq_fail(err, ZQ_E_DATA, "%s:%u: the line holds a NUL", name, line_of(text, nul));
    return ZQ_OK;
}

/* The file is called <revision>.sql or <revision>_<slug>.sql. */
static zq_rc check_name(const zq_revision *revision, zq_err *err)
{
    const char *slash = strrchr(revision->file, '/');
    const char *name = slash != NULL ? slash + 1 : revision->file;
    size_t length = strlen(revision->id);
    char after = '\0';

    if (strncmp(name, revision->id, length) == 0)
        after = name[length];
    if (after != '_' && after != '.')
        return zq_fail(err, ZQ_E_DATA,
                       "%s:%u: revision '%s' in a file whose name does not begin "
                       "with '%s_'",
                       revision->file, revision->id_line, revision->id, revision->id);
    return ZQ_OK;
}

void zq_revision_checksum(const char *text, size_t length, char out_hex[ZQ_DIGEST_HEX])
{
    const char *at = text + mark_length(text, length), *end = text + length, *cr;
    ZQ_AUTO_BUF(buf);

    while ((cr = memchr(at, '\r', (size_t)(end - at))) != NULL) {
        bool before_lf = cr + 1 < end && cr[1] == '\n';

        zq_buf_add(&buf, at, (size_t)(cr - at) + !before_lf);
        at = cr + 1;
    }
    zq_buf_add(&buf, at, (size_t)(end - at));
    zq_digest_hex(zq_buf_text(&buf), buf.length, out_hex);
}

bool zq_revision_id_valid(const char *id)
{
    static const char *const targets[] = {ZQ_REVISION_BASE, "head", "heads", "current"};
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

    for (size_t i = 0; i < ZQ_LEN(targets); i++)
        if (strcmp(id, targets[i]) == 0)
            return false;
    return *id != '\0' && *id != '-' && strlen(id) <= ZQ_REVISION_ID_MAX &&
           id[strspn(id, allowed)] == '\0';
}

zq_rc zq_revision_read_head(const char *name, const char *text, size_t length, const char *checksum,
                            zq_arena *arena, zq_revision *out, zq_err *err)
{
    size_t mark = mark_length(text, length);
    zq_revision revision = {.file = zq_arena_strdup(arena, name),
                            .text = text + mark,
                            .length = length - mark,
                            .is_head = true};

    ZQ_TRY(check_bytes(name, text, length, err));
    ZQ_TRY(zq_revision_header_read(&revision, arena, err));
    ZQ_TRY(check_name(&revision, err));
    if (checksum != NULL)
        memcpy(revision.checksum, checksum, sizeof revision.checksum);
    else
        zq_revision_checksum(text, length, revision.checksum);
    *out = revision;
    return ZQ_OK;
}

zq_rc zq_revision_read(const char *name, const char *text, size_t length, zq_arena *arena,
                       zq_revision *out, zq_err *err)
{
    zq_revision revision;

    ZQ_TRY(zq_revision_read_head(name, text, length, NULL, arena, &revision, err));
    ZQ_TRY(zq_revision_body_read(&revision, arena, err));
    revision.is_head = false;
    *out = revision;
    return ZQ_OK;
}

zq_rc zq_revision_complete(const zq_revision *revision, zq_arena *arena, const zq_revision **out,
                           zq_err *err)
{
    zq_revision *full;

    *out = revision;
    if (!revision->is_head)
        return ZQ_OK;
    full = ZQ_NEW(arena, zq_revision);
    *full = *revision;
    full->is_head = false;
    *out = full;
    return zq_revision_body_read(full, arena, err);
}

static zq_rc lint_section(const zq_revision *revision, const zq_rev_section *section,
                          const zq_schema *schema, zq_err *err)
{
    for (size_t i = 0; i < section->n; i++) {
        const zq_rev_statement *s = &section->statements[i];

        if (s->block == ZQ_BLOCK_FAMILY && zq_schema_table(schema, s->family) == NULL)
            return zq_fail(err, ZQ_E_DATA, "%s:%u: there is no family '%s'", revision->file,
                           s->line, s->family);
    }
    return ZQ_OK;
}

zq_rc zq_revision_lint(const zq_revision *revision, const zq_schema *schema, zq_err *err)
{
    ZQ_TRY(lint_section(revision, &revision->upgrade, schema, err));
    return lint_section(revision, &revision->downgrade, schema, err);
}
