#include "rev/consent.h"

#include <string.h>

size_t zq_findings_count(const zq_findings *findings, zq_finding_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < findings->n; i++)
        n += findings->items[i].kind == kind;
    return n;
}

/* "9 statements lose data", "1 statement copies a table or blocks writes to it" */
static const char *count(size_t n, zq_finding_kind kind, zq_arena *arena)
{
    static const char *const words[][2] = {
        [ZQ_FINDS_LOSS] = {"statement loses data", "statements lose data"},
        [ZQ_FINDS_LOCKING] = {"statement copies a table or blocks writes to it",
                              "statements copy a table or block writes to it"},
    };

    return n == 0 ? "" : zq_arena_printf(arena, "%zu %s", n, words[kind][n != 1]);
}

static void hint(bool loses, bool locks, zq_err *err)
{
    if (loses && locks)
        zq_err_hint(err, "make sure that there is a backup and choose a quiet time, then say "
                         "--allow-data-loss --allow-locking");
    else if (loses)
        zq_err_hint(err, "make sure that there is a backup, then say --allow-data-loss");
    else
        zq_err_hint(err, "choose a quiet time, then say --allow-locking");
}

zq_rc zq_findings_consent(const zq_findings *findings, bool allow_loss, bool allow_locking,
                          zq_arena *arena, zq_err *err)
{
    const bool allowed[] = {[ZQ_FINDS_LOSS] = allow_loss, [ZQ_FINDS_LOCKING] = allow_locking};
    size_t n[] = {allow_loss ? 0 : zq_findings_count(findings, ZQ_FINDS_LOSS),
                  allow_locking ? 0 : zq_findings_count(findings, ZQ_FINDS_LOCKING)};
    const zq_finding *first = NULL;
    const char *others = "";

    for (size_t i = 0; i < findings->n && strlen(others) < sizeof err->detail; i++) {
        const zq_finding *f = &findings->items[i];

        if (allowed[f->kind])
            continue;
        if (first != NULL)
            others = zq_arena_printf(arena, "%s%s%s:%u: %s", others, *others != '\0' ? "; " : "",
                                     f->file, f->line, f->what);
        else
            first = f;
    }
    if (first == NULL)
        return ZQ_OK;
    zq_fail(err, ZQ_E_USAGE, "%s:%u: %s", first->file, first->line, first->what);
    if (*others != '\0')
        zq_err_detail(err, "%s%s%s: %s", count(n[0], ZQ_FINDS_LOSS, arena),
                      n[0] > 0 && n[1] > 0 ? ", " : "", count(n[1], ZQ_FINDS_LOCKING, arena),
                      others);
    hint(n[0] > 0, n[1] > 0, err);
    return ZQ_E_USAGE;
}
