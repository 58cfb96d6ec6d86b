#include "migrate/consent.h"

#include "base/phrase.h"

#include <string.h>

size_t zq_findings_count(const zq_findings *findings, zq_finding_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < findings->n; i++)
        n += findings->items[i].kind == kind;
    return n;
}

static const struct {
    const char *option;
    const char *one, *many; /* "%zu statement loses data" */
    const char *advice;
} kinds[ZQ_FINDING_KINDS] = {
    [ZQ_FINDS_LOSS] = {"--allow-data-loss", N_("%zu statement loses data"),
                       N_("%zu statements lose data"), N_("make sure that there is a backup")},
    [ZQ_FINDS_LOCKING] = {"--allow-locking",
                          N_("%zu statement copies a table or blocks writes to it"),
                          N_("%zu statements copy a table or block writes to it"),
                          N_("choose a quiet time")},
    [ZQ_FINDS_UNKNOWN] = {"--allow-unknown",
                          N_("%zu statement has an outcome that cannot be known"),
                          N_("%zu statements have an outcome that cannot be known"),
                          N_("make sure that there is a backup")},
    [ZQ_FINDS_UNREVIEWED] = {"--allow-unreviewed", N_("%zu question is open"),
                             N_("%zu questions are open"), N_("read what is asked in the file")},
};

const char *zq_finding_option(zq_finding_kind kind)
{
    return kinds[kind].option;
}

const char *zq_findings_options(const zq_findings *findings, zq_arena *arena)
{
    const char *all = "";

    for (size_t k = 0; k < ZQ_FINDING_KINDS; k++)
        if (zq_findings_count(findings, (zq_finding_kind)k) > 0)
            all = zq_arena_printf(arena, "%s %s", all, kinds[k].option);
    return all;
}

/* What is not allowed. */
static zq_findings refused(const zq_findings *findings, const bool *allowed, zq_arena *arena)
{
    zq_finding *items = ZQ_NEW_ARRAY(arena, zq_finding, findings->n + 1);
    size_t n = 0;

    for (size_t i = 0; i < findings->n; i++)
        if (!allowed[findings->items[i].kind])
            items[n++] = findings->items[i];
    return (zq_findings){items, n};
}

/* "9 statements lose data, 1 statement copies a table or blocks writes to it" */
static const char *counts(const zq_findings *findings, zq_arena *arena)
{
    const char *all = "";

    for (size_t k = 0; k < ZQ_FINDING_KINDS; k++) {
        size_t n = zq_findings_count(findings, (zq_finding_kind)k);
        const char *one;

        if (n == 0)
            continue;
        one = zq_tr_printf(arena, n == 1 ? kinds[k].one : kinds[k].many, n);
        all = *all == '\0' ? one : zq_tr_printf(arena, "%s, %s", all, one);
    }
    return all;
}

static const char *advice(const zq_findings *findings, zq_arena *arena)
{
    const char *all = "";

    for (size_t k = 0; k < ZQ_FINDING_KINDS; k++) {
        const char *one = zq_tr(kinds[k].advice);

        if (zq_findings_count(findings, (zq_finding_kind)k) == 0 || strstr(all, one) != NULL)
            continue;
        all = *all == '\0' ? one : zq_tr_printf(arena, "%s and %s", all, one);
    }
    return all;
}

zq_rc zq_findings_consent(const zq_findings *findings, const bool allowed[ZQ_FINDING_KINDS],
                          zq_arena *arena, zq_err *err)
{
    zq_findings left = refused(findings, allowed, arena);
    const char *others = "";

    if (left.n == 0)
        return ZQ_OK;
    zq_fail(err, ZQ_E_USAGE, "%s:%u: %s", left.items[0].file, left.items[0].line,
            left.items[0].what);
    for (size_t i = 1; i < left.n && strlen(others) < sizeof err->detail; i++)
        others = zq_arena_printf(arena, "%s%s%s:%u: %s", others, i > 1 ? zq_tr(N_("; ")) : "",
                                 left.items[i].file, left.items[i].line, left.items[i].what);
    if (left.n > 1)
        zq_err_detail(err, "%s: %s", counts(&left, arena), others);
    if (zq_findings_count(&left, ZQ_FINDS_UNREVIEWED) == left.n)
        zq_err_hint(err, "answer each question in the file and remove its line, or say "
                         "--allow-unreviewed");
    else
        zq_err_hint(err, "%s, then say%s", advice(&left, arena), zq_findings_options(&left, arena));
    return ZQ_E_USAGE;
}
