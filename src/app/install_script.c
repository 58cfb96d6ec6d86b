#include "app/install_script.h"

#include "app/head.h"
#include "base/text.h"
#include "run/runner.h"
#include "seed/merge/rbac_merge.h"
#include "sql/ddl_write.h"

#include "release.h"

#include <string.h>

/* An empty server, as zq_state_read would find it. */
static zq_state nothing_there(const zq_schema *schema, zq_arena *arena)
{
    const char **missing = ZQ_NEW_ARRAY(arena, const char *, schema->n_tables + 1);
    zq_state state = {.condition = ZQ_DB_MISSING, .missing = missing};

    for (size_t i = 0; i < schema->n_tables; i++) {
        const zq_table *table = schema->tables[i];

        if (zq_table_is_meta(table))
            state.n_missing_meta++;
        else if (!zq_table_is_family(table))
            missing[state.n_missing++] = table->name;
    }
    return state;
}

/* As zq_make_ready does it. MySQL does not prepare ALTER DATABASE, but CALL; and a procedure of one
 * statement needs no DELIMITER. */
static void write_collation(zq_sql *sql, const char *database)
{
    zq_sql_lit(sql, "-- A database without any table gets the default collation that the "
                    "application's own\n"
                    "-- tables need. That takes CREATE ROUTINE; --keep-collation leaves it out.\n"
                    "DROP PROCEDURE IF EXISTS zq_meta_set_collation;\n"
                    "CREATE PROCEDURE zq_meta_set_collation() ");
    zq_ddl_alter_database(sql, database);
    zq_sql_lit(sql, ";\n"
                    "SET @zq_meta_call = IF(EXISTS (SELECT 1 FROM information_schema.TABLES "
                    "WHERE TABLE_SCHEMA = DATABASE()),\n"
                    "    'DO 0', 'CALL zq_meta_set_collation()');\n"
                    "PREPARE zq_meta_call FROM @zq_meta_call;\n"
                    "EXECUTE zq_meta_call;\n"
                    "DEALLOCATE PREPARE zq_meta_call;\n"
                    "DROP PROCEDURE zq_meta_set_collation;\n\n");
}

static zq_rc write_head(zq_buf *out, const zq_app *app, zq_flavor flavor, zq_err *err)
{
    const char *database = zq_settings_text(app->settings, ZQ_SET_DATABASE);
    ZQ_AUTO_SQL(sql);
    const zq_release *head = zq_release_head();

    zq_comment(out, "A fresh install of zquant %s (revision %s), by zquant-init %s, for %s.",
               head->name, head->revision, ZQ_VERSION, zq_flavor_name(flavor));
    zq_buf_str(out,
               "-- Run it as:  mysql --default-character-set=utf8mb4 --comments < this-file\n"
               "-- It may be run again: what is there already is left as it is.\n"
               "--\n"
               "-- The administrator is left out, because a script is no place for a password.\n"
               "-- Make it afterwards, with an account that may write zq_app_users:\n"
               "-- run zquant-init on the database.\n\n");
    zq_ddl_begin_script(&sql, database, true);
    if (!zq_settings_flag(app->settings, ZQ_SET_KEEP_COLLATION))
        write_collation(&sql, database);
    return zq_sql_append(&sql, out, err);
}

static zq_rc write_script(zq_buf *out, zq_app *app, const zq_seeds *seeds, zq_flavor flavor,
                          zq_err *err)
{
    zq_state state = nothing_there(&zq_schema_head, app->arena);
    zq_history_entry entry;
    zq_chain chain;
    zq_sink sink = zq_sink_script_of(out);
    const zq_rbac_options options = {0};
    zq_rbac_merged rbac;
    zq_steps tables;
    zq_steps rows;
    zq_steps end;

    ZQ_TRY(zq_chain_embedded(app->arena, &chain, err));
    entry = zq_head_install_entry(&chain);
    ZQ_TRY(zq_install_plan_tables(&zq_schema_head, &state, entry.revision, flavor, app->arena,
                                  &tables, err));
    ZQ_TRY(zq_rbac_merge(seeds, &zq_rbac_empty, &options, app->arena, &rbac, err));
    rows = zq_install_plan_rows(&rbac.steps, app->arena);
    end = zq_install_plan_end(&state, &(zq_steps){0}, &entry, NULL, app->arena);
    ZQ_TRY(write_head(out, app, flavor, err));
    ZQ_TRY(zq_run_steps(&tables, &sink, err));
    ZQ_TRY(zq_run_steps(&rows, &sink, err));
    return zq_run_steps(&end, &sink, err);
}

zq_rc zq_install_script_print(zq_app *app, const zq_seeds *seeds, zq_err *err)
{
    ZQ_AUTO_BUF(script);

    ZQ_TRY(write_script(&script, app, seeds, zq_settings_flavor(app->settings), err));
    return zq_out_exact(zq_buf_text(&script), err);
}
