/* `revision`: a new file behind the newest revision, empty or filled with what differs. */
#include "app/autogenerate.h"
#include "app/cmd/commands.h"
#include "app/head.h"
#include "app/show/differences.h"
#include "app/show/json.h"

#include "base/file.h"
#include "base/language.h"
#include "base/text.h"
#include "model/canon.h"
#include "rev/new_revision.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TEMPLATE_MAX = 1024 * 1024 };

#define TEMPLATE "revision.template"

typedef struct writing {
    zq_app *app;
    zq_chain chain;
    const char *dir;
    zq_draft draft;
    zq_drafted drafted; /* with --autogenerate */
} writing;

static zq_rc need_words(writing *w, zq_err *err)
{
    w->dir = zq_settings_text(w->app->settings, ZQ_SET_DIR);
    w->draft.title = zq_settings_text(w->app->settings, ZQ_SET_MESSAGE);
    if (w->draft.title == NULL) {
        zq_fail(err, ZQ_E_USAGE, "the new revision needs a title");
        return zq_err_hint(err, "say in a few words what it does, with -m TEXT");
    }
    if (w->dir == NULL) {
        zq_fail(err, ZQ_E_USAGE, "the new revision needs the folder of your own revisions");
        return zq_err_hint(err, "name it with --dir DIR");
    }
    return ZQ_OK;
}

/* zquant's own folder has zquant's own files; in any other, digits alone would be taken for them.
 */
static bool is_zquants_folder(const writing *w)
{
    return w->chain.n > 0 &&
           access(zq_arena_printf(w->app->arena, "%s/%s", w->dir, w->chain.items[0]->file), F_OK) ==
               0;
}

static void name(writing *w)
{
    const zq_revision *head = zq_chain_at(&w->chain, w->chain.n);

    w->draft.id = is_zquants_folder(w) ? zq_new_revision_next_id(&w->chain, w->app->arena)
                                       : zq_new_revision_own_id(&w->chain, w->app->arena);
    w->draft.revises = head != NULL ? head->id : NULL;
    w->draft.release = zq_settings_text(w->app->settings, ZQ_SET_RELEASE);
    w->draft.created = time(NULL);
}

static zq_rc read_template(writing *w, zq_err *err)
{
    zq_file file;

    w->draft.template_name = zq_arena_printf(w->app->arena, "%s/" TEMPLATE, w->dir);
    ZQ_TRY(zq_file_read(w->draft.template_name, TEMPLATE_MAX, ZQ_FILE_FOUND, w->app->arena, &file,
                        err));
    w->draft.template_text = file.text;
    return ZQ_OK;
}

/* ---- the result ---- */

static zq_rc print(const writing *w, const char *path, zq_err *err)
{
    if (!zq_settings_flag(w->app->settings, ZQ_SET_JSON))
        return path != NULL ? zq_out_printf(err, "%s\n", path) : ZQ_OK;
    return zq_out_json(json_pack("{s:o, s:s?, s:s?, s:s?, s:I, s:I}", "path", zq_json_text(path),
                                 "revision", path != NULL ? w->draft.id : NULL, "revises",
                                 path != NULL ? w->draft.revises : NULL, "schema_id",
                                 path != NULL ? w->draft.schema_id : NULL, "statements",
                                 (json_int_t)w->drafted.n_statements, "unreviewed",
                                 (json_int_t)w->drafted.n_unreviewed),
                       err);
}

static void say(const writing *w)
{
    const zq_drafted *d = &w->drafted;

    for (size_t i = 0; i < d->n_left; i++)
        zq_warn("left to you: %s", d->left[i]);
    if (d->n_unreviewed > 0)
        zq_warn(d->n_unreviewed == 1 ? N_("%zu question is open in it: answer each, and remove its "
                                          "line '-- zq:unreviewed'")
                                     : N_("%zu questions are open in it: answer each, and remove "
                                          "its line '-- zq:unreviewed'"),
                d->n_unreviewed);
}

static zq_rc save(writing *w, zq_err *err)
{
    zq_arena *arena = w->app->arena;
    const char *path;

    ZQ_TRY(zq_new_revision_save(&w->draft, w->dir, arena, &path, err));
    ZQ_TRY(print(w, path, err));
    say(w);
    return ZQ_OK;
}

static zq_rc show(writing *w, zq_err *err)
{
    ZQ_AUTO_BUF(text);

    ZQ_TRY(zq_new_revision_write(&w->draft, &text, err));
    ZQ_TRY(zq_out_exact(zq_buf_text(&text), err));
    say(w);
    return ZQ_OK;
}

static zq_rc fill(writing *w, zq_err *err)
{
    zq_arena *arena = w->app->arena;
    char *id = zq_arena_alloc(arena, ZQ_DIGEST_HEX);
    ZQ_AUTO_BUF(text);

    ZQ_TRY(zq_autogenerate(w->app, &w->chain, &w->drafted, err));
    if (w->drafted.n_changes == 0)
        return ZQ_OK;
    zq_canon_id(w->drafted.schema, id);
    zq_canon_schema(&text, w->drafted.schema);
    w->draft.schema_id = id;
    w->draft.schema_text = zq_arena_strdup(arena, zq_buf_text(&text));
    w->draft.upgrade = w->drafted.upgrade;
    w->draft.downgrade = w->drafted.downgrade;
    return ZQ_OK;
}

zq_rc zq_cmd_revision(zq_app *app, zq_err *err)
{
    const bool fills = zq_settings_flag(app->settings, ZQ_SET_AUTOGENERATE);
    writing w = {.app = app};

    ZQ_TRY(need_words(&w, err));
    ZQ_TRY(zq_head_chain(app, &w.chain, err));
    name(&w);
    ZQ_TRY(read_template(&w, err));
    if (!zq_settings_flag(app->settings, ZQ_SET_DRY_RUN))
        ZQ_TRY(zq_new_revision_try(&w.draft, w.dir, err));
    if (fills)
        ZQ_TRY(fill(&w, err));
    if (fills && w.drafted.n_changes == 0) {
        zq_say("nothing to do: %s and %s are the same", w.drafted.from, w.drafted.to);
        return print(&w, NULL, err);
    }
    return zq_settings_flag(app->settings, ZQ_SET_DRY_RUN) ? show(&w, err) : save(&w, err);
}
