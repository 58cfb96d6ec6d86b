#include "rev/revision_file.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "rev/body.h"
#include "rev/header.h"

#include <string.h>

/* The text that everybody sees from here on: checksum, statements, journal and database. Without a
 * byte order mark and without DOS's end of file, and with each CRLF as LF; so is what was
 * made CRLF twice, or what is settled could be settled once more. */
static void settle(const char **text, size_t *length, zq_arena *arena)
{
    const char *at = *text, *end = at + *length, *cr;
    char *plain;
    size_t n = 0;

    if (*length >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    if (end > at && end[-1] == '\x1A')
        end--;
    *text = at;
    *length = (size_t)(end - at);
    if (memmem(at, *length, "\r\n", 2) == NULL)
        return;
    plain = zq_arena_alloc(arena, *length + 1);
    while ((cr = memchr(at, '\r', (size_t)(end - at))) != NULL) {
        const char *next = cr;
        size_t size;

        while (next < end && *next == '\r')
            next++;
        size = (size_t)((next < end && *next == '\n' ? cr : next) - at);
        memcpy(plain + n, at, size);
        n += size;
        at = next;
    }
    memcpy(plain + n, at, (size_t)(end - at));
    *text = plain;
    *length = n + (size_t)(end - at);
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

void zq_revision_file_checksum(const char *text, size_t length, char out_hex[ZQ_DIGEST_HEX])
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    settle(&text, &length, arena);
    zq_digest_hex(text, length, out_hex);
}

zq_rc zq_revision_file_read_head(const char *name, const char *text, size_t length,
                                 const char *checksum, zq_arena *arena, zq_revision *out,
                                 zq_err *err)
{
    zq_revision revision = {.file = zq_arena_strdup(arena, name), .is_head = true};

    ZQ_TRY(check_bytes(name, text, length, err));
    settle(&text, &length, arena);
    revision.text = text;
    revision.length = length;
    ZQ_TRY(zq_header_read(&revision, arena, err));
    ZQ_TRY(check_name(&revision, err));
    if (checksum != NULL)
        memcpy(revision.checksum, checksum, sizeof revision.checksum);
    else
        zq_digest_hex(text, length, revision.checksum);
    *out = revision;
    return ZQ_OK;
}

zq_rc zq_revision_file_read(const char *name, const char *text, size_t length, zq_arena *arena,
                            zq_revision *out, zq_err *err)
{
    zq_revision revision;

    ZQ_TRY(zq_revision_file_read_head(name, text, length, NULL, arena, &revision, err));
    ZQ_TRY(zq_body_read(&revision, arena, err));
    revision.is_head = false;
    *out = revision;
    return ZQ_OK;
}

zq_rc zq_revision_file_complete(const zq_revision *revision, zq_arena *arena,
                                const zq_revision **out, zq_err *err)
{
    zq_revision *full;

    *out = revision;
    if (!revision->is_head)
        return ZQ_OK;
    full = ZQ_NEW(arena, zq_revision);
    *full = *revision;
    full->is_head = false;
    *out = full;
    return zq_body_read(full, arena, err);
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

zq_rc zq_revision_file_lint(const zq_revision *revision, const zq_schema *schema, zq_err *err)
{
    ZQ_TRY(lint_section(revision, &revision->upgrade, schema, err));
    return lint_section(revision, &revision->downgrade, schema, err);
}

/* A line `-- key: value` with another value; the blanks stay, so that nothing else changes. */
static void write_line(zq_buf *out, const char *line, const char *end, const char *value)
{
    const char *at = (const char *)memchr(line, ':', (size_t)(end - line)) + 1, *stop = end;

    while (at < end && (unsigned char)*at <= ' ')
        at++;
    while (stop > at && (unsigned char)stop[-1] <= ' ')
        stop--;
    zq_buf_add(out, line, (size_t)(at - line));
    zq_buf_str(out, value);
    zq_buf_add(out, stop, (size_t)(end - stop));
}

#define ASIDE " before a rebase:" /* stands behind the dashes */

/* A comment `-- schema-id: ...`, aside or not, as the other of the two. */
static void turn_line(zq_buf *out, const char *line, const char *end, bool aside)
{
    const char *text = (const char *)memmem(line, (size_t)(end - line), "--", 2) + 2;

    zq_buf_add(out, line, (size_t)(text - line));
    if (aside)
        zq_buf_str(out, ASIDE);
    else
        text += strlen(ASIDE);
    zq_buf_add(out, text, (size_t)(end - text));
}

static bool is_aside(const char *line, const char *end)
{
    return memmem(line, (size_t)(end - line), ZQ_SCHEMA_ID_WAS, strlen(ZQ_SCHEMA_ID_WAS)) != NULL;
}

const char *zq_revision_file_with(const zq_revision *revision, const char *id, const char *revises,
                                  zq_schema_id_line schema_id, zq_arena *arena)
{
    const char *at = revision->text, *end = at + revision->length;
    ZQ_AUTO_BUF(out);

    for (unsigned line = 1; at < end; line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline != NULL ? newline : end;

        if (line == revision->id_line)
            write_line(&out, at, stop, id);
        else if (line == revision->revises_line)
            write_line(&out, at, stop, revises);
        else if (schema_id == ZQ_SCHEMA_ID_ASIDE && line == revision->schema_id_line)
            turn_line(&out, at, stop, true);
        else if (schema_id == ZQ_SCHEMA_ID_BACK && is_aside(at, stop))
            turn_line(&out, at, stop, false);
        else
            zq_buf_add(&out, at, (size_t)(stop - at));
        if (newline != NULL)
            zq_buf_char(&out, '\n');
        at = newline != NULL ? newline + 1 : end;
    }
    return zq_arena_strdup(arena, zq_buf_text(&out));
}
