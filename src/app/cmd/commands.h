/* Every command of both programs, for the tables in the mains. One file each, of the same name */
#ifndef ZQ_APP_CMD_COMMANDS_H
#define ZQ_APP_CMD_COMMANDS_H

#include "app/app.h"

zq_rc zq_cmd_init(zq_app *app, zq_err *err);
zq_rc zq_cmd_status(zq_app *app, zq_err *err);
zq_rc zq_cmd_config(zq_app *app, zq_err *err);
zq_rc zq_cmd_admin_create(zq_app *app, zq_err *err);
zq_rc zq_cmd_admin_reset_password(zq_app *app, zq_err *err);
zq_rc zq_cmd_seeds_show(zq_app *app, zq_err *err);
zq_rc zq_cmd_seeds_diff(zq_app *app, zq_err *err);
zq_rc zq_cmd_seeds_apply(zq_app *app, zq_err *err);
zq_rc zq_cmd_seeds_export(zq_app *app, zq_err *err);
zq_rc zq_cmd_seeds_import(zq_app *app, zq_err *err);
zq_rc zq_cmd_grants(zq_app *app, zq_err *err);
zq_rc zq_cmd_check(zq_app *app, zq_err *err);
zq_rc zq_cmd_diff(zq_app *app, zq_err *err);
zq_rc zq_cmd_show(zq_app *app, zq_err *err);
zq_rc zq_cmd_upgrade(zq_app *app, zq_err *err);
zq_rc zq_cmd_downgrade(zq_app *app, zq_err *err);
zq_rc zq_cmd_plan(zq_app *app, zq_err *err);
zq_rc zq_cmd_rehearse(zq_app *app, zq_err *err);
zq_rc zq_cmd_current(zq_app *app, zq_err *err);
zq_rc zq_cmd_history(zq_app *app, zq_err *err);
zq_rc zq_cmd_heads(zq_app *app, zq_err *err);
zq_rc zq_cmd_stamp(zq_app *app, zq_err *err);
zq_rc zq_cmd_adopt(zq_app *app, zq_err *err);
zq_rc zq_cmd_revision(zq_app *app, zq_err *err);
zq_rc zq_cmd_squash(zq_app *app, zq_err *err);
zq_rc zq_cmd_rebase(zq_app *app, zq_err *err);
zq_rc zq_cmd_resume(zq_app *app, zq_err *err);
zq_rc zq_cmd_lock_show(zq_app *app, zq_err *err);
zq_rc zq_cmd_lock_release(zq_app *app, zq_err *err);
zq_rc zq_cmd_verify(zq_app *app, zq_err *err);

#endif
