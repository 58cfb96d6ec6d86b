#include "migrate/record.h"

#include "run/ahead.h"
#include "run/journal.h"
#include "run/transact.h"
#include "sql/sql.h"

#include <string.h>

enum { ASK_USE, ASK_AT_WORK, ASK_HISTORY, ASK_JOURNAL };

typedef struct reading {
    zq_book book;
    bool at_work;
} reading;

static const zq_answer answer_items[] = {
    [ASK_USE] = {.columns = ""},
    [ASK_AT_WORK] = {"i", ZQ_ONE_ROW, 1},
    [ASK_HISTORY] = {.columns = ZQ_BOOK_HISTORY_COLUMNS},
    [ASK_JOURNAL] = {.columns = ZQ_BOOK_JOURNAL_COLUMNS},
};

static zq_rc take_row(void *context, size_t statement, const zq_row *row, ZQ_UNUSED zq_err *err)
{
    reading *r = context;

    if (statement == ASK_AT_WORK)
        r->at_work = strcmp(zq_row_text(row, 0), "1") == 0;
    else if (statement == ASK_HISTORY)
        zq_book_take_history(&r->book, row);
    else
        zq_book_take_journal(&r->book, row);
    return ZQ_OK;
}

/* A column that is not there: a view, or another's table, has the name of ours. */
static zq_rc fail_read(const zq_err *failure, size_t done, zq_err *err)
{
    const char *table = done == ASK_HISTORY ? ZQ_BOOK_HISTORY : ZQ_BOOK_JOURNAL;

    if (failure->cause != ZQ_CAUSE_NO_COLUMN) {
        *err = *failure;
        return failure->code;
    }
    zq_fail(err, ZQ_E_DIFFERS, "'%s' is not the table that zquant makes", table);
    zq_err_detail(err, "%s", failure->detail);
    return zq_err_hint(err, "rename or drop it, then run this again");
}

/* The rows as the chain wants them. */
static const zq_applied *applied_of(const zq_book *book)
{
    zq_applied *items = ZQ_NEW_ARRAY(book->arena, zq_applied, book->n + 1);

    for (size_t i = 0; i < book->n; i++)
        items[i] = (zq_applied){.revision = book->rows[i].revision,
                                .operation = book->rows[i].operation,
                                .checksum = book->rows[i].checksum};
    return items;
}

zq_rc zq_record_read(zq_db *db, const char *database, zq_arena *arena, zq_record *out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    reading r = {.book = {.arena = arena}};
    zq_err local = {0};
    size_t done = 0;
    zq_rc rc;

    zq_sql_add(&sql, "USE `%s`;SELECT %-s;", database, zq_lease_is_taken(database, arena));
    zq_book_ask(&sql);
    zq_db_expect_soon(db);
    rc = zq_db_run_sql(db, &sql, &(zq_answers){answer_items, ZQ_LEN(answer_items), take_row, &r},
                       &done, &local);
    if (rc != ZQ_OK && !(local.cause == ZQ_CAUSE_NO_DATABASE && done == ASK_USE) &&
        !(local.cause == ZQ_CAUSE_NO_TABLE && done > ASK_USE))
        return fail_read(&local, done, err);
    *out = (zq_record){
        .database_exists = done > ASK_USE,
        .has_history = done > ASK_HISTORY,
        .applied = applied_of(&r.book),
        .rows = r.book.rows,
        .n = r.book.n,
        .install_started = r.book.install_started,
        .under_way = r.book.under_way,
        .direction = r.book.direction,
        .at_work = r.book.under_way != NULL && r.at_work,
        .n_left = r.book.n_left,
    };
    return ZQ_OK;
}

bool zq_record_is_empty(const zq_record *record)
{
    return record->n == 0;
}

zq_history_entry zq_record_history(const zq_chain *chain, size_t position, const char *operation,
                                   const char *tool_version)
{
    const zq_revision *at = zq_chain_at(chain, position);
    zq_history_entry entry = {
        .revision = "",
        .operation = operation,
        .tool_version = tool_version,
        .duration_ms = -1,
    };

    if (at == NULL)
        return entry;
    entry.revision = at->id;
    entry.release_name = at->release;
    entry.title = at->title;
    entry.checksum = at->checksum;
    entry.schema_id = at->schema_id;
    return entry;
}

void zq_record_entry(zq_record_entries *e, const zq_history_entry *entry)
{
    zq_step step = zq_history_step(entry, e->arena);

    zq_sql_add(e->sql, "%-s%-s", e->sql->text.length > 0 ? ";" : "", step.text);
    for (size_t i = 0; i < step.n_args; i++)
        *ZQ_APPEND(e->arena, e->args, e->n) = step.args[i];
}

static zq_rc write_entries(zq_db *db, const zq_lease *lease, const zq_record_entries *e,
                           const char *name, zq_err *err)
{
    const char *text;
    zq_rc rc;

    ZQ_TRY(zq_sql_finish(e->sql, &text, err));
    rc = zq_transact(db, lease, text, e->args, e->n, NULL, NULL, err);
    if (rc != ZQ_OK && rc != ZQ_E_TAKEN)
        zq_err_prefix(err, "cannot record revision '%s': ", name);
    return rc;
}

zq_rc zq_record_write(zq_db *db, const zq_lease *lease, const zq_chain *chain, size_t position,
                      const char *operation, const char *schema_id, const char *tool_version,
                      zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_SQL(sql);
    zq_record_entries e = {.arena = arena, .sql = &sql};
    zq_history_entry entry = zq_record_history(chain, position, operation, tool_version);

    zq_sql_lit(&sql, ZQ_JOURNAL_FORGET_ALL);
    entry.schema_id = schema_id;
    zq_record_entry(&e, &entry);
    return write_entries(db, lease, &e, zq_chain_name(chain, position), err);
}

zq_rc zq_record_rebase(zq_db *db, const zq_lease *lease, const zq_chain *chain,
                       const zq_rebase_record *record, const char *tool_version, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_SQL(sql);
    zq_record_entries e = {.arena = arena, .sql = &sql};
    zq_history_entry entry;
    size_t position;

    for (size_t i = 0; i < record->n_ahead; i++) {
        zq_chain_find(chain, record->ahead[i]->id, &position);
        entry = zq_record_history(chain, position, ZQ_OPERATION_AHEAD, tool_version);
        entry.schema_id = NULL;
        zq_record_entry(&e, &entry);
    }
    entry = zq_record_history(chain, record->at, ZQ_OPERATION_REBASE, tool_version);
    entry.schema_id = NULL;
    zq_record_entry(&e, &entry);
    return write_entries(db, lease, &e, zq_chain_name(chain, record->at), err);
}
