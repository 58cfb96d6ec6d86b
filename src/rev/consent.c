#include "rev/consent.h"

#include "sql/token.h"

#include <string.h>

static const struct {
    unsigned loses;
    const char *words; /* what it does, before the table's name */
} losses[] = {
    {ZQ_LOSES_DATABASE, "drops a database"},
    {ZQ_LOSES_TABLE, "drops"},
    {ZQ_LOSES_COLUMN, "drops columns of"},
    {ZQ_LOSES_PARTITION, "drops partitions of"},
    {ZQ_LOSES_ROWS, "deletes rows of"},
};

static const char *object_of(const zq_rev_statement *s, zq_arena *arena)
{
    if (s->block == ZQ_BLOCK_FAMILY)
        return zq_arena_printf(arena, "every member of '%s'", s->family);
    return s->is.n_tables == 0 ? "a table" : zq_arena_printf(arena, "'%s'", s->is.tables[0]);
}

static const char *loss_of(const zq_rev_statement *s, zq_arena *arena)
{
    for (size_t i = 0; i < ZQ_LEN(losses); i++) {
        if ((s->is.loses & losses[i].loses) == 0)
            continue;
        if (losses[i].loses == ZQ_LOSES_DATABASE)
            return losses[i].words;
        return zq_arena_printf(arena, "%s %s", losses[i].words, object_of(s, arena));
    }
    return NULL;
}

/* "ALGORITHM = COPY", "LOCK=EXCLUSIVE": what the file asks for itself. */
static bool asks_to_lock(const zq_rev_statement *s)
{
    static const char *const words[] = {"COPY", "SHARED", "EXCLUSIVE"};
    zq_scanner scanner = {.text = s->text, .length = s->length, .line = 1};
    bool option = false;

    if (!s->is.has_algorithm && !s->is.has_lock)
        return false;
    for (;;) {
        zq_token token = zq_scan_code(&scanner);

        if (token.kind == ZQ_TOKEN_END || token.kind == ZQ_TOKEN_BROKEN)
            return false;
        for (size_t i = 0; option && i < ZQ_LEN(words); i++) {
            if (zq_token_is(&token, words[i]))
                return true;
        }
        option = zq_token_is(&token, "ALGORITHM") || zq_token_is(&token, "LOCK") ||
                 (option && zq_token_is_sign(&token, '='));
    }
}

static size_t count_statements(const zq_path *path)
{
    size_t n = 0;

    for (size_t i = 0; i < path->n; i++)
        n += path->legs[i].section->n;
    return n;
}

size_t zq_worries(const zq_path *path, zq_arena *arena, const zq_worry **out)
{
    zq_worry *worries = ZQ_NEW_ARRAY(arena, zq_worry, count_statements(path) * 2 + 1);
    size_t n = 0;

    for (size_t i = 0; i < path->n; i++) {
        for (size_t k = 0; k < path->legs[i].section->n; k++) {
            const zq_leg *leg = &path->legs[i];
            const zq_rev_statement *s = &leg->section->statements[k];
            const char *loss = loss_of(s, arena);

            if (loss != NULL)
                worries[n++] = (zq_worry){ZQ_CONSENT_DATA_LOSS, leg, s, loss};
            if (asks_to_lock(s))
                worries[n++] = (zq_worry){
                    ZQ_CONSENT_LOCKING, leg, s,
                    zq_arena_printf(arena, "copies %s or blocks writes to it", object_of(s, arena))};
        }
    }
    *out = worries;
    return n;
}

zq_rc zq_consent_check(const zq_worry *worries, size_t n, unsigned given, zq_err *err)
{
    const zq_worry *first = NULL;
    size_t more = 0;

    for (size_t i = 0; i < n; i++) {
        if ((worries[i].consent & ~given) == 0)
            continue;
        if (first == NULL)
            first = &worries[i];
        else
            more += worries[i].consent == first->consent;
    }
    if (first == NULL)
        return ZQ_OK;
    zq_fail(err, ZQ_E_USAGE, "%s:%u %s", first->leg->revision->file, first->statement->line,
            first->say);
    if (more > 0)
        zq_err_detail(err, "and %zu more %s like it", more, more == 1 ? "statement" : "statements");
    if (first->consent == ZQ_CONSENT_DATA_LOSS)
        zq_err_hint(err, "nothing was run; add --allow-data-loss if that may be lost");
    else
        zq_err_hint(err, "nothing was run; choose a quiet time, and add --allow-locking");
    return ZQ_E_USAGE;
}
