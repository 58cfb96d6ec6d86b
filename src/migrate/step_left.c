/* Rows of the journal that are a member's, and members that a revision leaves as they are.
 *
 * A statement that could not be applied to a member is done for all others, and its row says so: to
 * judge those again, after statements that came later, could only mislead. Of the member itself a
 * row says that it was left. It is left out of all later statements of the revision, because those
 * rest on this one. A run that comes again finds the row, and visits nobody else. */
#include "migrate/step.h"

#include "base/phrase.h"

#include <stdlib.h>
#include <string.h>

/* ---- rows of members ---- */

static int by_key(const void *a, const void *b)
{
    const zq_journal_row *x = *(const zq_journal_row *const *)a;
    const zq_journal_row *y = *(const zq_journal_row *const *)b;
    const int keys = strcmp(x->statement, y->statement);

    return keys != 0 ? keys : strcmp(x->position, y->position);
}

void zq_step_read_members(zq_walk *w)
{
    w->member_rows = ZQ_NEW_ARRAY(w->arena, const zq_journal_row *, w->found.n + 1);
    w->n_member_rows = 0;
    w->next_member = ZQ_JOURNAL_MEMBERS;
    for (size_t k = 0; k < w->found.n; k++) {
        const zq_journal_row *row = &w->found.items[k];

        if (!zq_journal_is_member(row))
            continue;
        w->member_rows[w->n_member_rows++] = row;
        if (row->step >= w->next_member)
            w->next_member = row->step + 1;
    }
    if (w->n_member_rows > 1)
        qsort(w->member_rows, w->n_member_rows, sizeof *w->member_rows, by_key);
}

/* A revision may hold the same statement twice: its number is a part of the key. */
const char *zq_step_member_key(const zq_walk *w, size_t i)
{
    const char *text =
        zq_arena_printf(w->arena, "%zu %s", i + 1, w->leg->section->statements[i].text);
    char *hex = zq_arena_alloc(w->arena, ZQ_DIGEST_HEX);

    zq_digest_hex(text, strlen(text), hex);
    return hex;
}

zq_journal_row zq_step_member_found(const zq_walk *w, const char *key, const char *member)
{
    const zq_journal_row wanted = {.statement = key, .position = member};
    const zq_journal_row *of = &wanted;
    const zq_journal_row **found = NULL;

    if (w->n_member_rows > 0)
        found = bsearch(&of, w->member_rows, w->n_member_rows, sizeof *w->member_rows, by_key);
    return found == NULL ? (zq_journal_row){.state = ZQ_JOURNAL_NONE} : **found;
}

zq_journal_row zq_step_member_row(zq_walk *w, const char *key, const char *member,
                                  zq_journal_state state)
{
    zq_journal_row row = zq_step_member_found(w, key, member);

    if (row.state == ZQ_JOURNAL_NONE)
        row.step = w->next_member++;
    return (zq_journal_row){.step = row.step, .state = state, .statement = key, .position = member};
}

/* ---- those that are left ---- */

static bool was_left(const zq_journal_row *row)
{
    return row->state == ZQ_JOURNAL_STARTED && row->before == NULL;
}

const char *const *zq_step_left_found(const zq_walk *w, const char *key, size_t *out_n)
{
    const char **names = ZQ_NEW_ARRAY(w->arena, const char *, w->n_member_rows + 1);

    *out_n = 0;
    for (size_t k = 0; k < w->n_member_rows; k++) {
        if (strcmp(w->member_rows[k]->statement, key) == 0 && was_left(w->member_rows[k]))
            names[(*out_n)++] = w->member_rows[k]->position;
    }
    return names;
}

static zq_left_member *left_called(const zq_walk *w, const char *family, const char *member)
{
    for (size_t i = 0; i < w->n_left; i++) {
        if (strcmp(w->left[i].name, member) == 0 && strcmp(w->left[i].family, family) == 0)
            return &w->left[i];
    }
    return NULL;
}

const char *zq_step_why_left(const zq_walk *w, const char *family, const char *member)
{
    const zq_left_member *left = left_called(w, family, member);

    return left == NULL ? NULL : left->why;
}

void zq_step_add_left(zq_walk *w, const zq_left_member *left)
{
    zq_left_member *known = left_called(w, left->family, left->name);

    if (known != NULL) {
        known->lacks = zq_arena_printf(w->arena, "%s%s", known->lacks, left->lacks);
    } else {
        *ZQ_APPEND(w->arena, w->left, w->n_left) = *left;
    }
}

zq_rc zq_step_note_left(zq_walk *w, size_t i, const char *family, const char *const *before,
                        size_t n_before, zq_err *err)
{
    const char *key = zq_step_member_key(w, i);

    for (size_t k = 0; k < w->n_left; k++) {
        zq_journal_row row;

        if (strcmp(w->left[k].family, family) != 0 || w->left[k].statement > i)
            continue;
        row = zq_step_member_row(w, key, w->left[k].name, ZQ_JOURNAL_STARTED);
        ZQ_TRY(zq_step_note(w, &row, err));
    }
    for (size_t k = 0; k < n_before; k++) {
        zq_journal_row row = zq_step_member_row(w, key, before[k], ZQ_JOURNAL_DONE);

        if (zq_step_why_left(w, family, before[k]) == NULL)
            ZQ_TRY(zq_step_note(w, &row, err));
    }
    return ZQ_OK;
}

/* ---- words ---- */

static bool same_group(const zq_left_member *a, const zq_left_member *b)
{
    return strcmp(a->family, b->family) == 0 && strcmp(a->where, b->where) == 0 &&
           strcmp(a->why, b->why) == 0;
}

static bool is_first_of_group(const zq_walk *w, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (same_group(&w->left[k], &w->left[i]))
            return false;
    }
    return true;
}

/* "'a', 'b' and 3 more" */
static const char *names_in_words(const char *const *names, size_t n, zq_arena *arena)
{
    enum { NAMED = 10 };
    ZQ_AUTO_BUF(list);

    for (size_t i = 0; i < n && i < NAMED; i++)
        zq_buf_printf(&list, "%s'%s'", i > 0 ? ", " : "", names[i]);
    if (n > NAMED)
        return zq_tr_printf(arena, "%s and %zu more", zq_buf_text(&list), n - NAMED);
    return zq_arena_strdup(arena, zq_buf_text(&list));
}

/* Where, how many, of what family, why, and which. */
static const char *sentence(const zq_left_member *left, size_t n)
{
    if (left->took_all)
        return n == 1 ? N_("%s: %zu member of '%s' has every statement, and %s: %s")
                      : N_("%s: %zu members of '%s' have every statement, and %s: %s");
    return n == 1 ? N_("%s: %zu member of '%s' is left as it is: %s: %s")
                  : N_("%s: %zu members of '%s' are left as they are: %s: %s");
}

static void say_group(const zq_walk *w, size_t first)
{
    const zq_left_member *of = &w->left[first];
    const zq_watch *watch = w->apply->rules.watch;
    const char **names = ZQ_NEW_ARRAY(w->arena, const char *, w->n_left + 1);
    size_t n = 0;

    for (size_t i = first; i < w->n_left; i++) {
        if (same_group(&w->left[i], of))
            names[n++] = w->left[i].name;
    }
    zq_watch_tell(watch, ZQ_TELL_WARN, sentence(of, n), of->where, n, of->family,
                  zq_phrase_made(w->arena, of->why), names_in_words(names, n, w->arena));
    for (const char *line = of->lacks; *line != '\0'; line += strcspn(line, "\n") + 1)
        zq_watch_tell(watch, ZQ_TELL_SAY, "once that is fixed, '%s' lacks: %.*s", of->name,
                      (int)strcspn(line, "\n"), line);
}

void zq_step_say_left(const zq_walk *w)
{
    for (size_t i = 0; i < w->n_left; i++) {
        if (is_first_of_group(w, i))
            say_group(w, i);
    }
}
