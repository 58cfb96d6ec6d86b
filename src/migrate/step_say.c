#include "migrate/step.h"

#include "base/language.h"
#include "run/fingerprint.h"

#include <string.h>
#include <strings.h>

/* ---- what it changes ---- */

bool zq_step_touches(const zq_statement *parsed, const char *table)
{
    for (size_t i = 0; i < parsed->n_tables; i++) {
        if (strcasecmp(parsed->tables[i], table) == 0)
            return true;
    }
    return false;
}

const char *const *zq_step_names_of(const zq_statement *parsed, size_t *out_n)
{
    bool others = parsed->n_tables == 0 || parsed->object == ZQ_OBJECT_TRIGGER;

    *out_n = others ? parsed->n_names : parsed->n_tables;
    return others ? parsed->names : parsed->tables;
}

/* ---- words ---- */

/* The statement's beginning, in one line. */
const char *zq_step_excerpt(const zq_rev_statement *s, zq_arena *arena)
{
    enum { MOST = 72 };
    char *text = zq_arena_alloc(arena, MOST + 4);
    size_t n = 0;

    for (const char *c = s->text; *c != '\0' && n < MOST; c++) {
        bool space = *c == ' ' || *c == '\n' || *c == '\t' || *c == '\r';

        if (!space)
            text[n++] = *c;
        else if (n > 0 && text[n - 1] != ' ')
            text[n++] = ' ';
    }
    if (n == MOST) {
        /* Not in the middle of a character. */
        while (n > 0 && ((unsigned char)text[n - 1] & 0xC0) == 0x80)
            n--;
        n -= n > 0 && (unsigned char)text[n - 1] >= 0xC0;
        memcpy(text + n, "...", 4);
    }
    return text;
}

const char *zq_step_where(const zq_walk *w, const zq_rev_statement *s)
{
    return zq_arena_printf(w->arena, "%s:%u", w->leg->revision->file, s->line);
}

const char *zq_step_changes(const zq_statement *parsed, zq_arena *arena)
{
    ZQ_AUTO_BUF(list);
    size_t n;
    const char *const *names = zq_step_names_of(parsed, &n);

    for (size_t i = 0; i < n; i++)
        zq_buf_printf(&list, "%s'%s'", i > 0 ? ", " : "", names[i]);
    return n == 0 ? "the database" : zq_arena_strdup(arena, zq_buf_text(&list));
}

/* ---- failures ---- */

zq_rc zq_step_stop(const zq_walk *w, size_t i, const zq_journal_rule *rule, const char *what,
                   zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];

    zq_journal_rule_stop(rule, w->leg->revision->file, s->line, what, err);
    zq_err_hint(err, "'%s' shows what was expected, what was found, and the ways out",
                w->apply->resume);
    return ZQ_E_DIFFERS;
}

static void hint_to_go_on(const zq_walk *w, zq_rc rc, zq_err *err)
{
    const char *again = w->apply->again;

    if (rc == ZQ_E_LOST || rc == ZQ_E_UNAVAILABLE)
        zq_err_hint(err,
                    "run '%s' when the server answers: it finds out what was done, and continues",
                    again);
    else if (rc == ZQ_E_READ_ONLY)
        zq_err_hint(err,
                    "run '%s' on the primary if this is a replica, else once the server accepts "
                    "writes: it finds out what was done, and continues",
                    again);
    else if (rc == ZQ_E_LOCKED)
        zq_err_hint(err, "run '%s' to continue, or allow more time with --lock-timeout", again);
    else if (rc == ZQ_E_INTERRUPTED)
        zq_err_hint(err, "run '%s' to continue", again);
    else if (w->n_done == 0)
        zq_err_hint(err, "fix the cause, then run '%s' again; '%s' shows the ways out", again,
                    w->apply->resume);
    else
        zq_err_hint(
            err,
            w->n_done == 1
                ? N_("fix the cause, then run '%s' to continue with this statement, the %zu before "
                     "it is done; '%s' shows the ways out")
                : N_("fix the cause, then run '%s' to continue with this statement, the %zu before "
                     "it are done; '%s' shows the ways out"),
            again, w->n_done, w->apply->resume);
}

static bool begins_with(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* The statement for whose tables the look was that failed: the tables of the next ones are looked
 * at along with statement `i`. */
static const zq_rev_statement *looked_for(const zq_walk *w, size_t i, const char *message)
{
    const zq_rev_section *section = w->leg->section;

    for (size_t j = i; j < section->n; j++) {
        const zq_statement *parsed = &section->statements[j].parsed;

        for (size_t t = 0; t < parsed->n_tables; t++) {
            if (begins_with(message,
                            zq_arena_printf(w->arena, ZQ_CANNOT_LOOK "'%s'", parsed->tables[t])))
                return &section->statements[j];
        }
    }
    return &section->statements[i];
}

zq_rc zq_step_fail(const zq_walk *w, size_t i, zq_rc rc, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];

    if (err == NULL)
        return rc;
    if (rc == ZQ_E_INTERRUPTED) {
        zq_fail(err, rc, "stopped in revision '%s', with %zu of its %zu statements done",
                w->leg->revision->id, w->n_done, w->leg->section->n);
        hint_to_go_on(w, rc, err);
        return rc;
    }
    if (begins_with(err->message, ZQ_CANNOT_LOOK))
        zq_err_prefix(err, "%s: ", zq_step_where(w, looked_for(w, i, err->message)));
    else if (s->block != ZQ_BLOCK_FAMILY || !begins_with(err->message, w->leg->revision->file))
        zq_err_prefix(err, "%s: cannot run '%s': ", zq_step_where(w, s),
                      zq_step_excerpt(s, w->arena));
    if (rc != ZQ_E_USAGE && rc != ZQ_E_DENIED)
        hint_to_go_on(w, rc, err);
    return rc;
}

zq_warned zq_step_warned(const zq_walk *w, size_t i)
{
    return (zq_warned){.where = zq_step_where(w, &w->leg->section->statements[i]),
                       .watch = w->apply->rules.watch};
}
