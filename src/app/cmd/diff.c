#include "app/cmd/commands.h"
#include "app/head.h"
#include "app/show/differences.h"
#include "app/show/print_diff.h"
#include "base/language.h"

zq_rc zq_cmd_diff(zq_app *app, zq_err *err)
{
    zq_chain chain;
    zq_side from, to;
    size_t n;

    ZQ_TRY(zq_head_chain(app, &chain, err));
    ZQ_TRY(zq_sides_read(app, &chain, zq_settings_text(app->settings, ZQ_SET_FROM),
                         zq_settings_text(app->settings, ZQ_SET_TO), &from, &to, err));
    ZQ_TRY(zq_print_diff(app, &from, &to, &n, err));
    if (n > 0)
        return zq_fail(err, ZQ_E_DIFFERS, "%s from %s to %s",
                       zq_count_said(n, N_("%zu difference"), N_("%zu differences"), app->arena),
                       from.label, to.label);
    zq_say("%s and %s are the same", from.label, to.label);
    return ZQ_OK;
}
