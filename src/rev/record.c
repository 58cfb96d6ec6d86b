#include "rev/record.h"

#include "rev/history.h"
#include "run/ahead.h"
#include "run/journal.h"
#include "run/transact.h"
#include "sql/sql.h"

#include <stdlib.h>
#include <string.h>

enum { ASK_USE, ASK_HISTORY, ASK_JOURNAL };

typedef struct reading {
    zq_arena *arena;
    zq_record *record;
    zq_applied *applied;
    zq_record_row *rows;
    size_t n;
} reading;

static const zq_answer answer_items[] = {
    [ASK_USE] = {.columns = ""},
    [ASK_HISTORY] = {.columns = "ttTTTTTTTI"},
    [ASK_JOURNAL] = {.columns = "ttiiT"},
};

static zq_rc take_row(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    reading *r = context;
    const char *text[10] = {NULL};

    (void)err;
    for (size_t i = 0; i < strlen(answer_items[statement].columns); i++)
        text[i] = zq_arena_strdup(r->arena, zq_row_text(row, i));
    if (statement == ASK_JOURNAL) {
        if (text[4] != NULL) {
            r->record->n_left = strtoul(text[4], NULL, 10);
        } else if (text[2] != NULL && strcmp(text[2], "0") == 0) {
            r->record->install_started = true;
        } else {
            r->record->under_way = text[0];
            r->record->direction = text[1];
            r->record->at_work = text[3] != NULL && strcmp(text[3], "1") == 0;
        }
        return ZQ_OK;
    }
    r->applied = zq_arena_grow(r->arena, r->applied, sizeof *r->applied, r->n);
    r->rows = zq_arena_grow(r->arena, r->rows, sizeof *r->rows, r->n);
    r->applied[r->n] = (zq_applied){.revision = text[0], .operation = text[1], .checksum = text[2]};
    r->rows[r->n] =
        (zq_record_row){.release = text[3],
                        .title = text[4],
                        .schema_id = text[5],
                        .applied_time = text[6],
                        .applied_by = text[7],
                        .tool_version = text[8],
                        .duration_ms = text[9] == NULL ? -1 : strtoll(text[9], NULL, 10)};
    r->n++;
    return ZQ_OK;
}

/* A column that is not there: a view, or another's table, has the name of ours. */
static zq_rc fail_read(const zq_err *failure, size_t done, zq_err *err)
{
    const char *table = done == ASK_HISTORY ? "zq_meta_history" : "zq_meta_journal";

    if (failure->cause != ZQ_CAUSE_NO_COLUMN) {
        *err = *failure;
        return failure->code;
    }
    zq_fail(err, ZQ_E_DIFFERS, "'%s' is not the table that zquant makes", table);
    zq_err_detail(err, "%s", failure->detail);
    zq_err_hint(err, "rename or drop it, then run this again");
    return ZQ_E_DIFFERS;
}

zq_rc zq_record_read(zq_db *db, const char *database, zq_arena *arena, zq_record *out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_record record = {0};
    reading r = {.arena = arena, .record = &record};
    zq_err local = {0};
    const char *text;
    size_t done = 0;
    zq_rc rc;

    zq_sql_lit(&sql, "USE ");
    zq_sql_ident(&sql, database);
    zq_sql_lit(
        &sql, ";SELECT revision, operation, checksum, release_name, title, schema_id, "
              "applied_time, applied_by, tool_version, duration_ms FROM zq_meta_history ORDER BY id"
              ";SELECT DISTINCT revision, direction, step > 0, ");
    zq_sql_rawz(&sql, zq_lease_is_taken(database, arena));
    zq_sql_lit(&sql, ", IF(step = ");
    zq_sql_unum(&sql, ZQ_JOURNAL_LEFT);
    zq_sql_lit(&sql, ", position, NULL) FROM zq_meta_journal");
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    rc = zq_db_run(db, text, NULL, 0,
                   &(zq_answers){answer_items, ZQ_LEN(answer_items), take_row, &r}, &done, &local);
    if (rc != ZQ_OK && !(local.cause == ZQ_CAUSE_NO_DATABASE && done == ASK_USE) &&
        !(local.cause == ZQ_CAUSE_NO_TABLE && done > ASK_USE))
        return fail_read(&local, done, err);
    record.database_exists = done > ASK_USE;
    if (!record.database_exists)
        ZQ_TRY(zq_node_check(db, err));
    record.has_history = done > ASK_HISTORY;
    record.applied = r.applied;
    record.rows = r.rows;
    record.n = r.n;
    *out = record;
    return ZQ_OK;
}

bool zq_record_is_empty(const zq_record *record)
{
    return record->n == 0;
}

/* Statements with their arguments, for one transaction. */
typedef struct entries {
    zq_arena *arena;
    const char *text;
    zq_arg *args;
    size_t n;
} entries;

static void add_entry(entries *e, const zq_history_entry *entry)
{
    zq_step step = zq_history_step(entry, e->arena);

    e->text = e->text == NULL ? step.text : zq_arena_printf(e->arena, "%s;%s", e->text, step.text);
    for (size_t i = 0; i < step.n_args; i++) {
        e->args = zq_arena_grow(e->arena, e->args, sizeof *e->args, e->n);
        e->args[e->n++] = step.args[i];
    }
}

static zq_rc write_entries(zq_db *db, const zq_lease *lease, const entries *e, const char *name,
                           zq_err *err)
{
    zq_rc rc = zq_transact(db, lease, e->text, e->args, e->n, NULL, NULL, err);

    if (rc != ZQ_OK && rc != ZQ_E_TAKEN)
        zq_err_prefix(err, "cannot record revision '%s': ", name);
    return rc;
}

zq_rc zq_record_write(zq_db *db, const zq_lease *lease, const zq_chain *chain, size_t position,
                      const char *operation, const char *schema_id, const char *tool_version,
                      zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    entries e = {.arena = arena, .text = "DELETE FROM zq_meta_journal"};
    zq_history_entry entry = zq_revision_history(chain, position, operation, tool_version);

    entry.schema_id = schema_id;
    add_entry(&e, &entry);
    return write_entries(db, lease, &e, zq_chain_name(chain, position), err);
}

zq_rc zq_record_rebase(zq_db *db, const zq_lease *lease, const zq_chain *chain,
                       const zq_rebase_record *record, const char *tool_version, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    entries e = {.arena = arena, .text = NULL};
    zq_history_entry entry;
    size_t position;

    for (size_t i = 0; i < record->n_ahead; i++) {
        zq_chain_find(chain, record->ahead[i]->id, &position);
        entry = zq_revision_history(chain, position, ZQ_OPERATION_AHEAD, tool_version);
        entry.schema_id = NULL;
        add_entry(&e, &entry);
    }
    entry = zq_revision_history(chain, record->at, ZQ_OPERATION_REBASE, tool_version);
    entry.schema_id = NULL;
    add_entry(&e, &entry);
    return write_entries(db, lease, &e, zq_chain_name(chain, record->at), err);
}
