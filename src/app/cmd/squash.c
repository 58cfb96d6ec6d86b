/* `squash`: one revision for several, beside them. */
#include "app/cmd/commands.h"
#include "app/head.h"
#include "app/rerun.h"
#include "app/show/json.h"

#include "base/text.h"
#include "rev/squash.h"

#include <string.h>

static zq_rc need_words(const zq_app *app, const char **out_dir, zq_err *err)
{
    *out_dir = zq_settings_text(app->settings, ZQ_SET_DIR);
    if (app->argc == 0 || strchr(app->argv[0], ':') == NULL) {
        zq_fail(err, ZQ_E_USAGE, "'squash' needs FROM:TO");
        return zq_err_hint(err,
                           "name the revision before the first of them, and the last: for example "
                           "'zquant-migrate squash 0001:0003'");
    }
    if (*out_dir == NULL && !zq_settings_flag(app->settings, ZQ_SET_DRY_RUN)) {
        zq_fail(err, ZQ_E_USAGE, "the squash needs the folder of your own revisions");
        return zq_err_hint(err, "name it with --dir DIR");
    }
    return ZQ_OK;
}

static zq_rc print(const zq_app *app, const zq_squashed *made, const char *path, zq_err *err)
{
    if (zq_settings_flag(app->settings, ZQ_SET_JSON))
        return zq_out_json(json_pack("{s:s, s:s, s:s, s:I, s:I}", "path", path, "revision",
                                     made->draft.id, "revises", made->draft.revises, "statements",
                                     (json_int_t)made->n, "statements_before",
                                     (json_int_t)made->n_before),
                           err);
    ZQ_TRY(zq_out_printf(err, "%s\n", path));
    zq_say("%zu statements instead of %zu; try it with '%s'", made->n, made->n_before,
           zq_rerun_other(app, "zquant-migrate rehearse"));
    return ZQ_OK;
}

zq_rc zq_cmd_squash(zq_app *app, zq_err *err)
{
    zq_chain chain;
    zq_squashed made;
    size_t from, to;
    const char *dir, *path;
    ZQ_AUTO_BUF(text);

    ZQ_TRY(need_words(app, &dir, err));
    ZQ_TRY(zq_head_chain(app, &chain, err));
    ZQ_TRY(zq_chain_resolve_range(&chain, app->argv[0], &from, &to, err));
    ZQ_TRY(zq_squash_make(&chain, from, to, zq_settings_text(app->settings, ZQ_SET_MESSAGE),
                          app->arena, &made, err));
    if (zq_settings_flag(app->settings, ZQ_SET_DRY_RUN)) {
        ZQ_TRY(zq_new_revision_write(&made.draft, &text, err));
        return zq_out_exact(zq_buf_text(&text), err);
    }
    ZQ_TRY(zq_new_revision_save(&made.draft, dir, app->arena, &path, err));
    return print(app, &made, path, err);
}
