#include "rev/consent.h"

#include <string.h>

/* 'a', 'b' and 'c' */
static const char *listed(const char *const *names, zq_arena *arena)
{
    const char *all = "";

    for (size_t i = 0; names[i] != NULL; i++)
        all = zq_arena_printf(arena, "%s%s'%s'", all,
                              i == 0                 ? ""
                              : names[i + 1] == NULL ? " and "
                                                     : ", ",
                              names[i]);
    return all;
}

/* The tables, or the members of the family that stand for "{table}". */
static const char *where(const zq_rev_statement *s, zq_arena *arena)
{
    if (s->block == ZQ_BLOCK_FAMILY)
        return zq_arena_printf(arena, "every member of '%s'", s->family);
    return s->is.n_tables == 0 ? "a table" : listed(s->is.tables, arena);
}

static const char *plural(const char *const *names)
{
    return names[0] != NULL && names[1] != NULL ? "s" : "";
}

static const char *say(const zq_rev_statement *s, zq_arena *arena)
{
    unsigned loses = s->is.loses;

    if (loses & ZQ_LOSES_DATABASE)
        return "drops a database";
    if (loses & ZQ_LOSES_TABLE && s->block == ZQ_BLOCK_FAMILY)
        return zq_arena_printf(arena, "drops %s", where(s, arena));
    if (loses & ZQ_LOSES_TABLE)
        return zq_arena_printf(arena, "drops the table%s %s", plural(s->is.tables),
                               where(s, arena));
    if (loses & ZQ_LOSES_COLUMN && s->is.dropped != NULL)
        return zq_arena_printf(arena, "drops the column%s %s of %s", plural(s->is.dropped),
                               listed(s->is.dropped, arena), where(s, arena));
    if (loses & ZQ_LOSES_COLUMN)
        return zq_arena_printf(arena, "drops a column of %s", where(s, arena));
    if (loses & ZQ_LOSES_PARTITION)
        return zq_arena_printf(arena, "drops a partition of %s", where(s, arena));
    return zq_arena_printf(arena, "deletes rows of %s", where(s, arena));
}

size_t zq_path_losses(const zq_path *path, zq_arena *arena, const zq_loss **out)
{
    size_t n = 0, most = 0;
    zq_loss *losses;

    for (size_t i = 0; i < path->n; i++)
        most += path->legs[i].section->n;
    losses = ZQ_NEW_ARRAY(arena, zq_loss, most + 1);
    for (size_t i = 0; i < path->n; i++) {
        for (size_t k = 0; k < path->legs[i].section->n; k++) {
            const zq_rev_statement *s = &path->legs[i].section->statements[k];

            if (s->is.loses != 0)
                losses[n++] = (zq_loss){path->legs[i].revision->file, s->line, say(s, arena)};
        }
    }
    *out = losses;
    return n;
}

zq_rc zq_path_consent(const zq_path *path, bool allowed, zq_arena *arena, zq_err *err)
{
    const zq_loss *losses;
    size_t n = zq_path_losses(path, arena, &losses);
    const char *others = "";

    if (n == 0 || allowed)
        return ZQ_OK;
    for (size_t i = 1; i < n && strlen(others) < sizeof err->detail; i++)
        others = zq_arena_printf(arena, "%s%s%s:%u: %s", others, i > 1 ? "; " : "", losses[i].file,
                                 losses[i].line, losses[i].what);
    zq_fail(err, ZQ_E_USAGE, "%s:%u: %s", losses[0].file, losses[0].line, losses[0].what);
    if (n > 1)
        zq_err_detail(err, "%zu statements lose data: %s", n, others);
    zq_err_hint(err, "make sure that there is a backup, then say --allow-data-loss");
    return ZQ_E_USAGE;
}
