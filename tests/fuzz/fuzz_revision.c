/* Any bytes: a revision is read in full or refused with file and line, and never both. The first
 * byte chooses whether the rest is a whole file or the body behind a good header. */
#include "release.h"
#include "rev/revision_file.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char good_header[] = "-- revision: 0002\n-- revises: 0001\n-- title: t\n"
                                  "-- created: 2026-01-04T00:00:00Z\n-- zq:upgrade\n";

static void check_section(const zq_revision *revision, const zq_rev_section *section)
{
    for (size_t i = 0; i < section->n; i++) {
        const zq_rev_statement *s = &section->statements[i];

        if (s->length == 0 || strlen(s->text) != s->length || s->line == 0 ||
            s->line > revision->length + 1)
            abort();
        if (s->parsed.more_line != 0 || s->parsed.open_line != 0 || s->parsed.other_database ||
            s->parsed.meta != NULL || s->parsed.kind == ZQ_STATEMENT_TRANSACTION)
            abort();
        if ((s->block == ZQ_BLOCK_FAMILY) != (s->family != NULL) ||
            (s->block == ZQ_BLOCK_BATCH) != (s->table != NULL && s->key != NULL && s->size > 0))
            abort();
    }
}

static void check_read(const char *text, size_t length)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_revision revision = {0};
    zq_err err = {0};

    if (zq_revision_file_read("0002_x.sql", text, length, arena, &revision, &err) != ZQ_OK) {
        if (err.code != ZQ_E_DATA || revision.id != NULL ||
            strncmp(err.message, "0002_x.sql:", 11) != 0)
            abort();
        return;
    }
    if (memmem(revision.text, revision.length, "\r\n", 2) != NULL)
        abort();
    if (revision.upgrade.line == 0 || revision.downgrade.line <= revision.upgrade.line)
        abort();
    check_section(&revision, &revision.upgrade);
    check_section(&revision, &revision.downgrade);
    (void)zq_revision_file_lint(&revision, &zq_schema_head, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t head = sizeof good_header - 1;
    char *text;

    if (size == 0)
        return 0;
    text = malloc(head + size);
    if (text == NULL)
        return 0;
    memcpy(text, good_header, head);
    memcpy(text + head, data + 1, size - 1);
    if (data[0] & 1)
        check_read(text, head + size - 1);
    else
        check_read(text + head, size - 1);
    free(text);
    return 0;
}
