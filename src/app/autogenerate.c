/* From two sides to the two directions of a revision.
 *
 * The database is only asked whether it is what the newest revision leads to; what is compared then
 * is that revision's recorded schema, so that nothing of others can get into the file: tables that
 * are not ours, views, triggers, columns of open families. */
#include "app/autogenerate.h"

#include "app/asked.h"
#include "app/connect.h"
#include "app/kept_schema.h"
#include "app/rerun.h"
#include "app/show/differences.h"
#include "app/show/output.h"
#include "app/side.h"
#include "base/language.h"
#include "diff/diff.h"
#include "rev/gentle.h"

#include "release.h"

#include <string.h>

typedef struct generating {
    zq_app *app;
    const zq_chain *chain;
    zq_side from;
    zq_side to;
    zq_flavor flavor;
    const zq_schema *wanted; /* `to`, which says what its new names were */
    zq_gentle gentle;
    zq_changes changes;
} generating;

/* ---- the sides ---- */

static zq_rc fail_at(const generating *g, const char *head, zq_err *err)
{
    const char *at = g->from.revision;

    if (at == NULL)
        zq_fail(err, ZQ_E_DIFFERS, "%s has no revision recorded", g->from.label);
    else
        zq_fail(err, ZQ_E_DIFFERS, "%s is at revision '%s', and the newest is '%s'", g->from.label,
                at, head);
    return zq_err_hint(
        err, "run '%s' first: a new revision begins where the newest ends",
        zq_rerun_other(g->app, at == NULL ? "zquant-migrate adopt" : "zquant-migrate upgrade"));
}

static zq_rc fail_differs(const generating *g, const char *head, size_t n, zq_err *err)
{
    zq_fail(err, ZQ_E_DIFFERS, "%s differs in %s from what revision '%s' leads to", g->from.label,
            zq_count_said(n, N_("%zu place"), N_("%zu places"), g->app->arena), head);
    return zq_err_hint(err, "'%s' shows and '%s' fixes that; then run this again",
                       zq_rerun_other(g->app, "zquant-migrate check"),
                       zq_rerun_other(g->app, "zquant-migrate diff"));
}

/* The database stands for the newest revision, if it is just that. */
static zq_rc read_live(generating *g, zq_db *db, zq_err *err)
{
    const char *head = zq_chain_name(g->chain, g->chain->n);
    zq_side recorded = {.label = head};
    zq_between between;

    ZQ_TRY(zq_kept_schema_need(g->chain, g->chain->n, g->app->arena, &recorded.schema, err));
    ZQ_TRY(zq_side_read_live(g->app, db, g->chain, recorded.schema, false, &g->from, err));
    if (g->from.revision == NULL || strcmp(g->from.revision, head) != 0)
        return fail_at(g, head, err);
    ZQ_TRY(zq_sides_compare(&g->from, &recorded, g->app->arena, &between, err));
    if (between.n > 0)
        return fail_differs(g, head, between.n, err);
    g->from.schema = recorded.schema;
    g->flavor = g->from.flavor;
    return ZQ_OK;
}

static zq_rc read_sides(generating *g, zq_db **db, zq_err *err)
{
    const char *from = zq_settings_text(g->app->settings, ZQ_SET_FROM);
    const char *to = zq_settings_text(g->app->settings, ZQ_SET_TO);

    g->flavor = zq_settings_flavor(g->app->settings);
    if (zq_side_kind_of(from) != ZQ_SIDE_LIVE || zq_side_kind_of(to) == ZQ_SIDE_LIVE)
        return zq_sides_read(g->app, g->chain, from, to, &g->from, &g->to, err);
    ZQ_TRY(zq_side_read(g->app, g->chain, to, &g->to, err));
    ZQ_TRY(zq_connect_caught_up(g->app, db, err));
    return read_live(g, *db, err);
}

/* ---- renames ---- */

/* Yes, no, or no answer at all. */
static bool ask(const zq_app *app, const zq_rename_pair *pair, bool *out_yes)
{
    const char *question =
        pair->table == NULL
            ? zq_arena_printf(app->arena, zq_tr("is table '%s' what '%s' was?"), pair->new_name,
                              pair->old_name)
            : zq_arena_printf(app->arena, zq_tr("is column '%s' of '%s' what '%s' was?"),
                              pair->new_name, pair->table, pair->old_name);

    return zq_output_ask(question, out_yes);
}

/* What looks like a rename: asked, else taken for one and marked. */
static void guess(generating *g)
{
    zq_arena *arena = g->app->arena;
    const zq_rename_pairs found = zq_renames_guess(g->from.schema, g->wanted, arena);
    zq_rename_pair *taken = ZQ_NEW_ARRAY(arena, zq_rename_pair, found.n + 1);
    zq_rename_pair *open = ZQ_NEW_ARRAY(arena, zq_rename_pair, found.n + 1);
    size_t n_taken = 0, n_open = 0;

    for (size_t i = 0; i < found.n; i++) {
        const bool asks = !found.items[i].index && zq_output_can_ask();
        bool yes = true;

        if (asks && !ask(g->app, &found.items[i], &yes))
            yes = true;
        else if (asks && !yes)
            continue;
        else if (asks || found.items[i].index) {
            taken[n_taken++] = found.items[i];
            continue;
        }
        taken[n_taken++] = open[n_open++] = found.items[i];
    }
    g->wanted = zq_rename_given_apply(g->wanted, &(zq_rename_pairs){taken, n_taken}, arena);
    g->gentle.guesses = (zq_rename_pairs){open, n_open};
}

static zq_rc find_renames(generating *g, zq_err *err)
{
    const char *given = zq_settings_text(g->app->settings, ZQ_SET_RENAME);
    zq_rename_pairs pairs;

    g->wanted = g->to.schema;
    if (given != NULL) {
        ZQ_TRY(zq_renames_read(given, g->from.schema, g->to.schema, g->app->arena, &pairs, err));
        g->wanted = zq_rename_given_apply(g->wanted, &pairs, g->app->arena);
    }
    guess(g);
    return ZQ_OK;
}

/* A build knows nothing of what revisions of the user's own made, and would drop it. */
static zq_rc check_models(const generating *g, zq_err *err)
{
    const zq_revision *head = zq_chain_at(g->chain, g->chain->n);

    if (g->to.kind != ZQ_SIDE_MODELS || head == NULL || !head->own ||
        zq_settings_level(g->app->settings, ZQ_SET_TO) != ZQ_LEVEL_DEFAULT)
        return ZQ_OK;
    for (size_t i = 0; i < g->changes.n; i++) {
        const zq_change *change = &g->changes.items[i];

        if (change->op != ZQ_OP_DROP_TABLE && change->op != ZQ_OP_DROP_COLUMN)
            continue;
        zq_fail(err, ZQ_E_USAGE, "the models know nothing of revision '%s': %s: %s", head->id,
                change->table, zq_change_say_in(ZQ_USERS_LANGUAGE, change, g->app->arena));
        return zq_err_hint(
            err,
            "change a copy of '%s' into what you want, and name it with --to; --to models "
            "drops what your revisions made",
            zq_kept_schema_file_of(head->file, g->app->arena));
    }
    return ZQ_OK;
}

/* A revision names families that this build knows: no other one can be read back. */
static zq_rc check_families(const generating *g, zq_err *err)
{
    for (size_t i = 0; i < g->changes.n; i++) {
        const zq_change *change = &g->changes.items[i];

        if (change->actual == NULL || change->desired == NULL ||
            !zq_table_is_family(change->desired) ||
            zq_schema_table(&zq_schema_head, change->table) != NULL)
            continue;
        zq_fail(err, ZQ_E_DATA,
                "%s: %s: no revision can change a family that this build does not know",
                change->table, zq_change_say_in(ZQ_USERS_LANGUAGE, change, g->app->arena));
        return zq_err_hint(err, "leave '%s' as %s has it, and change its tables by other means",
                           change->table, g->from.label);
    }
    return ZQ_OK;
}

static bool retypes(const generating *g, const zq_change *rename)
{
    for (size_t i = 0; i < g->changes.n; i++) {
        const zq_change *change = &g->changes.items[i];

        if (change->op == ZQ_OP_ALTER_COLUMN && (change->mask & ZQ_DIFF_TYPE) != 0 &&
            change->desired == rename->desired && strcmp(change->object, rename->object) == 0)
            return true;
    }
    return false;
}

/* Whether the values survive both at once depends on the server. */
static zq_rc check_renames(const generating *g, zq_err *err)
{
    for (size_t i = 0; i < g->changes.n; i++) {
        const zq_change *change = &g->changes.items[i];

        if (change->op != ZQ_OP_RENAME_COLUMN || !retypes(g, change))
            continue;
        zq_fail(err, ZQ_E_DATA, "column '%s' of '%s' was '%s', and has another type",
                change->object, change->table, change->was);
        return zq_err_hint(err,
                           "make two revisions of it: one for the new name, one for the new type");
    }
    return ZQ_OK;
}

/* ---- the text ---- */

static const char *text_of(const zq_draft_body *body, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    zq_draft_write(&out, body, arena);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

static size_t count_marks(const char *text)
{
    static const char mark[] = "-- zq:unreviewed ";
    size_t n = 0;

    for (const char *at = text; (at = strstr(at, mark)) != NULL; at += strlen(mark))
        n++;
    return n;
}

static void list_left(const zq_draft_body *body, zq_arena *arena, zq_drafted *out)
{
    const char **left = ZQ_NEW_ARRAY(arena, const char *, body->n_left + 1);

    for (size_t i = 0; i < body->n_left; i++)
        left[i] = zq_arena_printf(arena, "%s: %s (%s)", body->left[i]->table,
                                  zq_change_say(body->left[i], arena), body->why_left[i]);
    out->left = left;
    out->n_left = body->n_left;
}

static zq_rc write_both(generating *g, zq_drafted *out, zq_err *err)
{
    zq_arena *arena = g->app->arena;
    zq_gentle back_gently = {.asks = false};
    zq_draft_body forth, back;
    zq_changes way_back;

    g->gentle.asks = true;
    ZQ_TRY(zq_gentle_draft(&g->changes, g->flavor, &g->gentle, arena, &forth, err));
    ZQ_TRY(zq_diff_reverse(&g->changes, arena, &way_back, err));
    ZQ_TRY(zq_asked_changes(g->app, NULL, &way_back, g->to.schema, &back_gently, err));
    ZQ_TRY(zq_gentle_draft(&way_back, g->flavor, &back_gently, arena, &back, err));
    out->upgrade = text_of(&forth, arena);
    out->downgrade = text_of(&back, arena);
    out->n_statements = forth.n;
    out->n_unreviewed = count_marks(out->upgrade);
    list_left(&forth, arena, out);
    return ZQ_OK;
}

zq_rc zq_autogenerate(zq_app *app, const zq_chain *chain, zq_drafted *out, zq_err *err)
{
    generating g = {.app = app, .chain = chain};
    ZQ_AUTO(zq_db) db = NULL;

    ZQ_TRY(read_sides(&g, &db, err));
    *out = (zq_drafted){.from = g.from.label, .to = g.to.label, .schema = g.to.schema};
    ZQ_TRY(find_renames(&g, err));
    ZQ_TRY(zq_diff(g.wanted, g.from.schema, app->arena, &g.changes, err));
    out->n_changes = g.changes.n;
    if (g.changes.n == 0)
        return ZQ_OK;
    ZQ_TRY(check_models(&g, err));
    ZQ_TRY(check_families(&g, err));
    ZQ_TRY(check_renames(&g, err));
    ZQ_TRY(zq_asked_changes(app, db, &g.changes, g.from.schema, &g.gentle, err));
    return write_both(&g, out, err);
}
