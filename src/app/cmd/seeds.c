#include "app/cmd/commands.h"
#include "app/rbac_session.h"
#include "app/rerun.h"
#include "app/show/json.h"
#include "app/show/rbac_table.h"
#include "base/language.h"
#include "base/text.h"
#include "run/runner.h"
#include "seed/admin.h"
#include "seed/seedwrite.h"
#include "sql/ddl_write.h"

#include <string.h>

/* What a command has worked out. */
typedef struct outcome {
    zq_seeds seeds;
    zq_rbac_merged merged;
} outcome;

static zq_rbac_options options_of(const zq_app *app)
{
    return (zq_rbac_options){
        .prune = zq_settings_flag(app->settings, ZQ_SET_PRUNE),
        .role = zq_settings_text(app->settings, ZQ_SET_ROLE),
    };
}

static zq_rc work_out(zq_app *app, zq_rbac_session *session, outcome *o, zq_err *err)
{
    zq_rbac_options options = options_of(app);

    return zq_rbac_merge(&o->seeds, &session->now, &options, app->arena, &o->merged, err);
}

/* ---- JSON ---- */

static json_t *decision_json(const zq_rbac_decision *d)
{
    json_t *item = json_object();

    if (d->role != NULL)
        json_object_set_new(item, d->kind == ZQ_RBAC_ROLE ? "name" : "role", json_string(d->role));
    if (d->permission != NULL)
        json_object_set_new(item, d->kind == ZQ_RBAC_PERMISSION ? "name" : "permission",
                            json_string(d->permission));
    json_object_set_new(item, "seeds", json_boolean(d->where & ZQ_IN_SEEDS));
    json_object_set_new(item, "last", json_boolean(d->where & ZQ_IN_LAST));
    json_object_set_new(item, "folder", json_boolean(d->where & ZQ_IN_FOLDER));
    json_object_set_new(item, "database", json_boolean(d->where & ZQ_IN_DATABASE));
    json_object_set_new(item, "action", json_string(zq_verdict_name(d->verdict)));
    json_object_set_new(item, "say", zq_json_text(d->say));
    return item;
}

static json_t *merged_json(const zq_rbac_merged *merged)
{
    static const char *const names[] = {
        [ZQ_RBAC_ROLE] = "roles", [ZQ_RBAC_PERMISSION] = "permissions", [ZQ_RBAC_GRANT] = "grants"};
    json_t *document = json_object();

    json_object_set_new(document, "changes", json_integer((json_int_t)merged->n_changes));
    json_object_set_new(document, "differs", json_boolean(merged->differs));
    json_object_set_new(document, "taken_over", json_boolean(merged->taken_over));
    for (size_t k = 0; k < ZQ_LEN(names); k++)
        json_object_set_new(document, names[k], json_array());
    for (size_t i = 0; i < merged->n; i++) {
        const zq_rbac_decision *d = &merged->decisions[i];

        json_array_append_new(json_object_get(document, names[d->kind]), decision_json(d));
    }
    return document;
}

static json_t *seeds_json(const zq_seeds *seeds)
{
    json_t *roles = json_array();
    json_t *permissions = json_array();

    for (size_t i = 0; i < seeds->n_roles; i++) {
        json_t *grants = json_array();

        for (size_t g = 0; g < seeds->n_grants; g++) {
            if (seeds->grants[g].role == i)
                json_array_append_new(
                    grants, json_string(seeds->permissions[seeds->grants[g].permission].name));
        }
        json_array_append_new(roles,
                              json_pack("{s:s, s:s?, s:b, s:o}", "name", seeds->roles[i].name,
                                        "description", seeds->roles[i].description, "reconcile",
                                        seeds->roles[i].reconcile, "permissions", grants));
    }
    for (size_t i = 0; i < seeds->n_permissions; i++) {
        const zq_seed_permission *p = &seeds->permissions[i];

        json_array_append_new(permissions, json_pack("{s:s, s:s, s:s, s:s?}", "name", p->name,
                                                     "resource", p->resource, "action", p->action,
                                                     "description", p->description));
    }
    return json_pack("{s:s, s:o, s:o}", "digest", seeds->digest, "roles", roles, "permissions",
                     permissions);
}

/* ---- show ---- */

zq_rc zq_cmd_seeds_show(zq_app *app, zq_err *err)
{
    zq_seeds seeds;
    const char *roles;
    const char *permissions;

    ZQ_TRY(zq_rbac_session_seeds(app, &seeds, err));
    if (zq_settings_flag(app->settings, ZQ_SET_JSON))
        return zq_out_json(seeds_json(&seeds), err);
    zq_seedwrite_text(&seeds, app->arena, &roles, &permissions);
    return zq_out_exact(
        zq_arena_printf(app->arena, "; roles.ini\n%s\n; permissions.ini\n%s", roles, permissions),
        err);
}

/* ---- diff ---- */

static const zq_paint paints[] = {
    {"S in the seeds", true, ZQ_DIM},
    {"D-", false, ZQ_RED},
    {"L-", false, ZQ_RED},
    {"!", false, ZQ_RED},
    {"~", false, ZQ_YELLOW},
    {"+", false, ZQ_GREEN},
    {0},
};

static zq_rc print_diff(const zq_rbac_merged *merged, zq_err *err)
{
    ZQ_AUTO_BUF(out);

    zq_matrix_write(&out, merged);
    zq_buf_str(&out, "\nS in the seeds, L last applied, ");
    if (zq_matrix_has_folder(merged))
        zq_buf_str(&out, "F last applied from a folder (--seeds), ");
    zq_buf_str(&out,
               "D in the database; 'seeds apply' would: + add, "
               "- remove, ~ change\nits words, = keep what an operator did, ! wait for a role or "
               "permission that is not there\n");
    if (merged->taken_over)
        zq_buf_str(&out, "There is no record of what was last applied: L is what the Python "
                         "initialiser had applied.\n");
    for (size_t i = 0; i < merged->n; i++) {
        if (merged->decisions[i].say != NULL)
            zq_text_printf(&out, "%s\n", merged->decisions[i].say);
    }
    return zq_out_painted(zq_buf_text(&out), paints, err);
}

zq_rc zq_cmd_seeds_diff(zq_app *app, zq_err *err)
{
    ZQ_AUTO_RBAC_SESSION session = {0};
    zq_admin_identity admin = zq_rbac_session_admin(app);
    bool json = zq_settings_flag(app->settings, ZQ_SET_JSON);
    outcome o = {0};

    ZQ_TRY(zq_rbac_session_seeds(app, &o.seeds, err));
    ZQ_TRY(zq_rbac_session_open(app, false, &admin, &session, err));
    ZQ_TRY(work_out(app, &session, &o, err));
    ZQ_TRY(json ? zq_out_json(merged_json(&o.merged), err) : print_diff(&o.merged, err));
    if (o.merged.n_changes > 0) {
        zq_fail(err, ZQ_E_DIFFERS,
                o.merged.n_changes == 1 ? N_("'seeds apply' would change %zu row")
                                        : N_("'seeds apply' would change %zu rows"),
                o.merged.n_changes);
        return zq_err_hint(err, "'zquant-init seeds apply --dry-run' shows how");
    }
    if (o.merged.differs) {
        zq_fail(err, ZQ_E_DIFFERS, "operators have changed what the seeds say, and that is kept");
        return zq_err_hint(
            err, "'zquant-init seeds apply --prune' makes the database equal to the seeds");
    }
    return ZQ_OK;
}

/* ---- apply ---- */

static zq_rc print_script(const zq_app *app, const zq_rbac_merged *merged, zq_err *err)
{
    ZQ_AUTO_BUF(script);
    ZQ_AUTO_SQL(head);
    const char *text;
    zq_sink sink = zq_sink_script_of(&script);

    if (merged->steps.n == 0)
        return ZQ_OK;
    zq_ddl_begin_script(&head, zq_settings_text(app->settings, ZQ_SET_DATABASE), false);
    ZQ_TRY(zq_sql_finish(&head, &text, err));
    ZQ_TRY(zq_run_steps(&merged->steps, &sink, err));
    ZQ_TRY(zq_out_exact(text, err));
    return zq_out_exact(zq_buf_text(&script), err);
}

static void say_decisions(const zq_rbac_merged *merged)
{
    for (size_t i = 0; i < merged->n; i++) {
        const zq_rbac_decision *d = &merged->decisions[i];

        if (d->say != NULL)
            zq_say("%s", d->say);
    }
}

static zq_rc print_dry_run(const zq_app *app, const zq_rbac_merged *merged, zq_err *err)
{
    say_decisions(merged);
    if (merged->steps.n == 0)
        zq_say("roles, permissions and grants are up to date, nothing would be done");
    return zq_settings_flag(app->settings, ZQ_SET_JSON) ? zq_out_json(merged_json(merged), err)
                                                        : print_script(app, merged, err);
}

static zq_rc fail_still_differs(zq_err *err)
{
    zq_fail(err, ZQ_E_DIFFERS, "the database still differs from the seeds");
    return zq_err_hint(
        err, "give the users of roles that are gone from the seeds another role, then run "
             "this again");
}

/* Prune promises equality: what stands in its way is an answer of its own. */
static zq_rc still_differs(const zq_app *app, const outcome *o, zq_err *err)
{
    if (!o->merged.differs || !zq_settings_flag(app->settings, ZQ_SET_PRUNE))
        return ZQ_OK;
    return fail_still_differs(err);
}

static zq_rc say_applied(const outcome *o, zq_err *err)
{
    say_decisions(&o->merged);
    if (o->merged.n_changes > 0)
        zq_say(o->merged.n_changes == 1 ? N_("changed %zu row of roles, permissions and grants")
                                        : N_("changed %zu rows of roles, permissions and grants"),
               o->merged.n_changes);
    else
        zq_say(o->merged.steps.n > 0
                   ? N_("roles, permissions and grants are up to date; recorded what is "
                        "applied")
                   : N_("roles, permissions and grants are up to date, nothing to do"));
    return zq_out_json(merged_json(&o->merged), err);
}

zq_rc zq_cmd_seeds_apply(zq_app *app, zq_err *err)
{
    ZQ_AUTO_RBAC_SESSION session = {0};
    zq_admin_identity admin = zq_rbac_session_admin(app);
    outcome o = {0};

    ZQ_TRY(zq_rbac_session_seeds(app, &o.seeds, err));
    ZQ_TRY(zq_rbac_session_open(app, true, &admin, &session, err));
    ZQ_TRY(work_out(app, &session, &o, err));
    if (zq_settings_flag(app->settings, ZQ_SET_DRY_RUN))
        return print_dry_run(app, &o.merged, err);
    ZQ_TRY(zq_rbac_session_run(&session, &o.merged.steps, err));
    ZQ_TRY(say_applied(&o, err));
    return still_differs(app, &o, err);
}

/* ---- export ---- */

/* What --seeds would refuse of the files. */
static void warn_of_names(const zq_seeds *seeds)
{
    static const char words[] = "the name of %s '%s' has a control character or one that is not "
                                "seen: '--seeds' refuses it, rename it in the database";

    for (size_t i = 0; i < seeds->n_roles; i++) {
        if (!zq_text_is_plain(seeds->roles[i].name, strlen(seeds->roles[i].name)))
            zq_warn(words, "role", seeds->roles[i].name);
    }
    for (size_t i = 0; i < seeds->n_permissions; i++) {
        if (!zq_text_is_plain(seeds->permissions[i].name, strlen(seeds->permissions[i].name)))
            zq_warn(words, "permission", seeds->permissions[i].name);
    }
}

/* ---- administrators ---- */

/* Those of a role, with the hashes of their passwords only where they are asked for. */
static zq_rc read_admins(zq_app *app, zq_db *db, const char *database, const char *role,
                         zq_seed_admins *out, zq_err *err)
{
    bool with_hashes = zq_settings_flag(app->settings, ZQ_SET_WITH_HASHES);
    ZQ_AUTO_SQL(sql);
    zq_seed_admin *items;
    zq_rows rows;

    zq_sql_add(&sql,
               "SELECT u.username, u.email, u.is_active, %-s FROM `%s`.zq_app_users AS u "
               "JOIN `%s`.zq_app_roles AS r ON r.id = u.role_id WHERE r.name = '%s' ORDER BY u.id",
               with_hashes ? "u.hashed_password" : "NULL", database, database, role);
    ZQ_TRY(zq_db_query_sql(db, &sql, "ttTT", app->arena, &rows, err));
    items = ZQ_NEW_ARRAY(app->arena, zq_seed_admin, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const char *active = zq_rows_at(&rows, i, 2);

        items[i] = (zq_seed_admin){
            .username = zq_rows_at(&rows, i, 0),
            .email = zq_rows_at(&rows, i, 1),
            .is_active = active != NULL && strcmp(active, "0") != 0,
            .hash = zq_rows_at(&rows, i, 3),
        };
    }
    *out = (zq_seed_admins){.items = items, .n = rows.n};
    return ZQ_OK;
}

zq_rc zq_cmd_seeds_export(zq_app *app, zq_err *err)
{
    ZQ_AUTO_RBAC_SESSION session = {0};
    zq_admin_identity admin = zq_rbac_session_admin(app);
    zq_seed_admins admins;
    zq_seeds seeds;

    ZQ_TRY(zq_rbac_session_open(app, false, &admin, &session, err));
    zq_rbac_seeds(&session.now, app->arena, &seeds);
    ZQ_TRY(read_admins(app, session.db, session.database, admin.role, &admins, err));
    ZQ_TRY(zq_seedwrite_write(&seeds, &admins, app->argv[0],
                              zq_settings_flag(app->settings, ZQ_SET_REPLACE), err));
    warn_of_names(&seeds);
    zq_say("wrote %zu roles, %zu permissions and %zu grants of database '%s' to '%s'",
           seeds.n_roles, seeds.n_permissions, seeds.n_grants, session.database, app->argv[0]);
    return zq_out_json(seeds_json(&seeds), err);
}

/* ---- import ---- */

/* Make one that was exported, with the password that he had. */
static zq_rc import_admin(zq_app *app, zq_rbac_session *session, const outcome *o,
                          const zq_seed_admin *admin, const char *role, zq_err *err)
{
    const bool dry = zq_settings_flag(app->settings, ZQ_SET_DRY_RUN);
    zq_admin_identity who = {admin->username, admin->email, role};
    zq_arg args[] = {zq_arg_text(admin->username), zq_arg_text(admin->email)};
    zq_step step;
    zq_rows rows;

    ZQ_TRY(zq_db_query(session->db,
                       "SELECT 1 FROM zq_app_users WHERE username = ? OR email = ? LIMIT 1", args,
                       ZQ_LEN(args), "t", app->arena, &rows, err));
    if (rows.n > 0) {
        zq_say("user '%s' is there already, left as it is", admin->username);
        return ZQ_OK;
    }
    if (!admin->is_active) {
        zq_say("administrator '%s' was not active, and is not made", admin->username);
        return ZQ_OK;
    }
    if (admin->hash == NULL) {
        zq_say("administrator '%s' is not made, for the file does not hold his hash: run "
               "'zquant-init admin create --admin-username %s --admin-email %s'",
               admin->username, zq_rerun_word(admin->username, app->arena),
               zq_rerun_word(admin->email, app->arena));
        return ZQ_OK;
    }
    ZQ_TRY(zq_admin_need_role(&o->merged, role, err));
    step = zq_admin_insert_another(&who, admin->hash, 0, app->arena);
    if (!dry)
        ZQ_TRY(zq_rbac_session_run(session, &(zq_steps){.items = &step, .n = 1}, err));
    zq_say(dry ? N_("would make the administrator '%s', with the password that he had")
               : N_("made the administrator '%s', with the password that he had"),
           admin->username);
    return ZQ_OK;
}

static zq_rc import_admins(zq_app *app, zq_rbac_session *session, const outcome *o,
                           const zq_seed_admins *admins, const char *role, zq_err *err)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_add(&sql, "USE `%s`", session->database);
    ZQ_TRY(zq_db_run_sql(session->db, &sql, NULL, NULL, err));
    for (size_t i = 0; i < admins->n; i++)
        ZQ_TRY(import_admin(app, session, o, &admins->items[i], role, err));
    return ZQ_OK;
}

zq_rc zq_cmd_seeds_import(zq_app *app, zq_err *err)
{
    ZQ_AUTO_RBAC_SESSION session = {0};
    const zq_rbac_options options = {.prune = true, .as_operator = true};
    zq_admin_identity admin = zq_rbac_session_admin(app);
    zq_seed_admins admins;
    outcome o = {0};

    ZQ_TRY(zq_rbac_session_seeds_of(app, app->argv[0], &o.seeds, err));
    ZQ_TRY(zq_seeds_admins_load(app->argv[0], app->arena, &admins, err));
    if (admins.doubt != NULL)
        zq_warn("%s", admins.doubt);
    ZQ_TRY(zq_rbac_session_open(app, true, &admin, &session, err));
    ZQ_TRY(zq_rbac_merge(&o.seeds, &session.now, &options, app->arena, &o.merged, err));
    if (zq_settings_flag(app->settings, ZQ_SET_DRY_RUN)) {
        ZQ_TRY(print_dry_run(app, &o.merged, err));
        return import_admins(app, &session, &o, &admins, admin.role, err);
    }
    ZQ_TRY(zq_rbac_session_run(&session, &o.merged.steps, err));
    ZQ_TRY(say_applied(&o, err));
    ZQ_TRY(import_admins(app, &session, &o, &admins, admin.role, err));
    return o.merged.differs ? fail_still_differs(err) : ZQ_OK;
}
