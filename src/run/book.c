#include "run/book.h"

#include <stdlib.h>
#include <string.h>

/* ---- version ---- */

zq_rc zq_book_check_version(const char *database, unsigned long long version, zq_err *err)
{
    if (version <= ZQ_BOOK_VERSION)
        return ZQ_OK;
    zq_fail(err, ZQ_E_DIFFERS,
            "the tables zq_meta_* of database '%s' are of version %llu, and this build knows them "
            "up to version %d",
            database, version, ZQ_BOOK_VERSION);
    return zq_err_hint(err, "use the build that made them so, or a newer one");
}

/* ---- reading ---- */

void zq_book_ask(zq_sql *sql)
{
    zq_sql_add(sql,
               "SELECT revision, operation, checksum, release_name, title, schema_id, "
               "applied_time, applied_by, tool_version, duration_ms FROM " ZQ_BOOK_HISTORY
               " ORDER BY id;SELECT DISTINCT revision, direction, step > 0, IF(step = %u, "
               "position, NULL) FROM " ZQ_BOOK_JOURNAL,
               ZQ_JOURNAL_LEFT);
}

void zq_book_take_history(zq_book *book, const zq_row *row)
{
    const char *text[sizeof ZQ_BOOK_HISTORY_COLUMNS - 1];

    for (size_t i = 0; i < ZQ_LEN(text); i++)
        text[i] = zq_arena_strdup(book->arena, zq_row_text(row, i));
    *ZQ_APPEND(book->arena, book->rows, book->n) = (zq_history_row){
        .revision = text[0],
        .operation = text[1],
        .checksum = text[2],
        .release = text[3],
        .title = text[4],
        .schema_id = text[5],
        .applied_time = text[6],
        .applied_by = text[7],
        .tool_version = text[8],
        .duration_ms = text[9] == NULL ? -1 : strtoll(text[9], NULL, 10),
    };
}

void zq_book_take_journal(zq_book *book, const zq_row *row)
{
    if (zq_row_text(row, 3) != NULL) {
        book->n_left = strtoul(zq_row_text(row, 3), NULL, 10);
    } else if (strcmp(zq_row_text(row, 2), "0") == 0) {
        book->install_started = true;
    } else if (book->under_way == NULL) {
        book->under_way = zq_arena_strdup(book->arena, zq_row_text(row, 0));
        book->direction = zq_arena_strdup(book->arena, zq_row_text(row, 1));
    }
}

/* ---- writing ---- */

static zq_step step(zq_arena *arena, const char *text, const zq_arg *args, size_t n_args,
                    const char *say)
{
    zq_arg *copy = ZQ_NEW_ARRAY(arena, zq_arg, n_args + 1);

    memcpy(copy, args, n_args * sizeof *args);
    return (zq_step){.text = text, .args = copy, .n_args = n_args, .say = say};
}

zq_step zq_book_mark_install(const char *revision, zq_arena *arena)
{
    zq_arg args[] = {zq_arg_text(revision)};

    return step(arena,
                "INSERT IGNORE INTO " ZQ_BOOK_JOURNAL ZQ_BOOK_JOURNAL_ROW
                "(?, 'up', 0, 'started', NULL, NULL, NULL, NULL, 0, NOW(3), NULL)",
                args, ZQ_LEN(args), "mark that an install is under way");
}

zq_step zq_book_unmark_install(const char *revision, zq_arena *arena)
{
    zq_arg args[] = {zq_arg_text(revision)};

    return step(arena, "DELETE FROM " ZQ_BOOK_JOURNAL " WHERE revision = ? AND step = 0", args,
                ZQ_LEN(args), "remove the mark of the install");
}

zq_step zq_history_step(const zq_history_entry *entry, zq_arena *arena)
{
    zq_arg duration =
        entry->duration_ms < 0 ? (zq_arg){.kind = ZQ_ARG_NULL} : zq_arg_int(entry->duration_ms);
    zq_arg args[] = {
        zq_arg_text(entry->revision),     zq_arg_text(entry->operation),
        zq_arg_text(entry->release_name), zq_arg_text(entry->title),
        zq_arg_text(entry->checksum),     zq_arg_text(entry->schema_id),
        zq_arg_text(entry->tool_version), duration,
        zq_arg_text(entry->revision),     zq_arg_text(entry->checksum),
    };

    return step(arena,
                "INSERT INTO " ZQ_BOOK_HISTORY
                " (revision, operation, release_name, title, checksum, "
                "schema_id, tool_version, duration_ms, applied_by, applied_time) "
                "SELECT ?, ?, ?, ?, ?, ?, ?, ?, CURRENT_USER(), NOW(3) FROM DUAL "
                "WHERE NOT EXISTS (SELECT 1 FROM (SELECT revision, checksum FROM " ZQ_BOOK_HISTORY
                " ORDER BY id DESC LIMIT 1) newest "
                "WHERE newest.revision = ? AND newest.checksum <=> ?)",
                args, ZQ_LEN(args), zq_arena_printf(arena, "record revision %s", entry->revision));
}
