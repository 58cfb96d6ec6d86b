/* One round trip that finds out what a database is.
 *
 * All questions are sent at once, in an order in which the first that fails says what is missing:
 * no database, then no table of ours. What comes after it is not answered, and nothing depends on
 * it. A run that ends between two of the answers shows as tables that do not go with their record,
 * and then all are asked once more. The condition follows from the answers alone
 * (zq_state_condition). */
#include "run/state.h"

#include "db/probe.h"
#include "run/ahead.h"
#include "run/book.h"
#include "run/lease.h"
#include "run/node.h"
#include "sql/sql.h"
#include "sql/table/show_create_read.h"

#include <stdlib.h>
#include <string.h>

/* The statements of one reading, in the order they are sent; the caller's own stands before them.
 */
enum {
    ASK_USE,
    ASK_DEFAULTS,
    ASK_TABLES,
    ASK_HISTORY,
    ASK_JOURNAL,
    ASK_SEEDS,
    ASK_ADMIN /* where one is wanted; the columns come last */
};

typedef struct reading {
    const zq_wanted *wanted;
    zq_arena *arena;
    zq_state *state;
    size_t n_before; /* statements of the caller's */
    /* for each table of wanted->schema */
    bool *present;
    bool *differs;     /* a column of it is not as it should be */
    size_t *n_columns; /* that were seen */
    size_t *shown;     /* the tables whose definitions are asked for, in that order */
    size_t n_shown;
    zq_book book;
    zq_ahead ahead;
    const char **applied; /* the checksum that was remembered last, for each of wanted->revisions */
} reading;

static void take_table(reading *r, const char *name, const char *type)
{
    for (size_t i = 0; i < r->wanted->schema->n_tables; i++) {
        const zq_table *table = r->wanted->schema->tables[i];

        if (strcmp(table->name, name) != 0)
            continue;
        r->present[i] = true;
        if (strcmp(type, "BASE TABLE") != 0 && r->state->not_a_table == NULL) {
            r->state->not_a_table = table->name;
            r->state->not_a_table_type = zq_arena_strdup(r->arena, type);
        }
    }
}

/* The kind of a type alone, the first `length` bytes of its name: how it is spelled in full differs
 * from vendor to vendor, and so does what JSON is. */
static bool is_kind(const zq_type *type, const char *found, size_t length)
{
    const char *name = zq_type_infos[type->kind].sql;

    if (type->kind == ZQ_TYPE_OTHER ||
        (type->kind == ZQ_TYPE_JSON && length == strlen("longtext") &&
         strncasecmp(found, "longtext", length) == 0))
        return true;
    return strcspn(name, "(") == length && strncasecmp(name, found, length) == 0;
}

static void take_column(reading *r, const zq_row *row)
{
    const zq_schema *schema = r->wanted->schema;
    const unsigned long position = strtoul(zq_row_text(row, 2), NULL, 10);
    const char *type = zq_row_text(row, 3);
    size_t i = 0;
    const zq_column *column;

    while (i < schema->n_tables && strcmp(schema->tables[i]->name, zq_row_text(row, 0)) != 0)
        i++;
    if (i == schema->n_tables)
        return;
    r->n_columns[i]++;
    column = position - 1 < schema->tables[i]->n_columns ? &schema->tables[i]->columns[position - 1]
                                                         : NULL;
    if (column == NULL || strcmp(column->name, zq_row_text(row, 1)) != 0 ||
        !is_kind(&column->type, type, strlen(type)) ||
        ((column->flags & ZQ_NOT_NULL) == 0) != (strcmp(zq_row_text(row, 4), "YES") == 0))
        r->differs[i] = true;
}

static void take_definition(reading *r, size_t place, const zq_row *row)
{
    const zq_table *wanted = r->wanted->schema->tables[place];
    zq_table found;

    if (zq_show_create_read(zq_row_text(row, 1), zq_row_length(row, 1), ZQ_MARIADB, r->arena,
                            &found, NULL) != ZQ_OK) {
        r->n_columns[place] = 1;
        r->differs[place] = true;
        return;
    }
    r->n_columns[place] = found.n_columns;
    for (size_t i = 0; i < found.n_columns && i < wanted->n_columns; i++) {
        const zq_column *want = &wanted->columns[i];
        const zq_column *have = &found.columns[i];
        const char *type = zq_type_infos[have->type.kind].sql;

        r->differs[place] |= strcmp(want->name, have->name) != 0 ||
                             !is_kind(&want->type, type, strcspn(type, "(")) ||
                             ((want->flags ^ have->flags) & ZQ_NOT_NULL) != 0;
    }
}

/* Of the seeds; `content` is NULL in a view that is not our table. */
static bool is_digest(const reading *r, const char *content)
{
    return content != NULL && r->wanted->seeds_digest != NULL &&
           strcmp(content, r->wanted->seeds_digest) == 0;
}

/* Without the caller's own and those about columns. */
static size_t n_questions(const reading *r)
{
    return ASK_ADMIN + (r->wanted->admin_role != NULL);
}

static zq_rc take_row(void *context, size_t statement, const zq_row *row, ZQ_UNUSED zq_err *err)
{
    reading *r = context;
    zq_state *state = r->state;

    if (statement < r->n_before) {
        state->first = zq_arena_strdup(r->arena, zq_row_text(row, 0));
        return ZQ_OK;
    }
    statement -= r->n_before;
    if (statement >= n_questions(r)) {
        if (r->n_shown > 0)
            take_definition(r, r->shown[statement - n_questions(r)], row);
        else
            take_column(r, row);
        return ZQ_OK;
    }
    switch (statement) {
    case ASK_DEFAULTS:
        state->charset = zq_arena_strdup(r->arena, zq_row_text(row, 0));
        state->collation = zq_arena_strdup(r->arena, zq_row_text(row, 1));
        state->at_work = strcmp(zq_row_text(row, 2), "1") == 0;
        break;
    case ASK_TABLES:
        take_table(r, zq_row_text(row, 0), zq_row_text(row, 1));
        break;
    case ASK_HISTORY:
        zq_book_take_history(&r->book, row);
        break;
    case ASK_JOURNAL:
        zq_book_take_journal(&r->book, row);
        break;
    case ASK_SEEDS:
        state->seeds_applied = is_digest(r, zq_row_text(row, 0));
        break;
    case ASK_ADMIN:
        state->has_admin = true;
        state->locked_out = strcmp(zq_row_text(row, 0), "0") == 0;
        break;
    default:
        break;
    }
    return ZQ_OK;
}

/* MariaDB writes down 25 tables in the time that it needs for the columns of five: its
 * information_schema fills a table on disk for each, since some of the columns are long texts. */
static void ask_for_columns(zq_sql *sql, const char *database, reading *r, zq_flavor flavor)
{
    const zq_schema *schema = r->wanted->schema;

    if (flavor == ZQ_MYSQL) {
        zq_sql_lit(sql, ";");
        zq_probe_columns(sql, schema, database);
        return;
    }
    for (size_t i = 0; i < schema->n_tables; i++) {
        if (zq_table_is_family(schema->tables[i]) || zq_table_is_meta(schema->tables[i]))
            continue;
        zq_sql_add(sql, ";SHOW CREATE TABLE `%s`", schema->tables[i]->name);
        r->shown[r->n_shown++] = i;
    }
}

static void write_questions(zq_sql *sql, const char *database, reading *r, zq_flavor flavor)
{
    const zq_wanted *wanted = r->wanted;
    zq_arena *arena = r->arena;

    if (wanted->first != NULL)
        zq_sql_add(sql, "%-s;", wanted->first);
    zq_sql_add(sql, "USE `%s`;SELECT @@character_set_database, @@collation_database, %-s;",
               database, zq_lease_is_taken(database, arena));
    zq_probe_tables(sql, wanted->schema, database, flavor);
    zq_sql_lit(sql, ";");
    zq_book_ask(sql);
    zq_sql_add(sql, ";%-s",
               wanted->seeds_of_folder ? ZQ_BOOK_ASK_FOLDER_DIGEST : ZQ_BOOK_ASK_SEEDS_DIGEST);
    if (wanted->admin_role != NULL)
        zq_sql_add(sql,
                   ";SELECT u.is_active FROM zq_app_users u JOIN zq_app_roles r ON r.id = "
                   "u.role_id WHERE r.name = '%s' ORDER BY u.is_active DESC LIMIT 1",
                   wanted->admin_role);
    ask_for_columns(sql, database, r, flavor);
}

/* The tables that are missing, in byte order whatever the descriptors' order is. */
static void list_missing(reading *r)
{
    const zq_schema *schema = r->wanted->schema;
    const char **missing = ZQ_NEW_ARRAY(r->arena, const char *, schema->n_tables + 1);
    zq_state *state = r->state;

    state->n_present = 0;
    for (size_t i = 0; i < schema->n_tables; i++) {
        const zq_table *table = schema->tables[i];
        size_t at;

        if (zq_table_is_family(table))
            continue;
        if (zq_table_is_meta(table)) {
            state->n_missing_meta += !r->present[i];
            state->no_lease |= !r->present[i] && strcmp(table->name, ZQ_BOOK_LEASE) == 0;
            continue;
        }
        if (r->present[i]) {
            state->n_present++;
            continue;
        }
        for (at = state->n_missing++; at > 0 && strcmp(missing[at - 1], table->name) > 0; at--)
            missing[at] = missing[at - 1];
        missing[at] = table->name;
    }
    state->missing = missing;
}

/* A table without a column in sight may not be seen by this account. */
static void find_changed(reading *r)
{
    const zq_schema *schema = r->wanted->schema;

    for (size_t i = 0; i < schema->n_tables; i++) {
        const zq_table *table = schema->tables[i];

        if (zq_table_is_family(table) || zq_table_is_meta(table) || r->n_columns[i] == 0 ||
            (!r->differs[i] && r->n_columns[i] == table->n_columns))
            continue;
        r->state->n_changed++;
        if (r->state->changed == NULL || strcmp(table->name, r->state->changed) < 0)
            r->state->changed = table->name;
    }
}

static bool is_known(const zq_wanted *wanted, const char *revision)
{
    return zq_names_have(wanted->revisions, zq_names_count(wanted->revisions), revision);
}

/* The last row is where the database is; of each known revision, the last checksum counts. */
static void take_book(reading *r)
{
    const zq_book *book = &r->book;
    const char *const *known = r->wanted->revisions;
    zq_state *state = r->state;

    for (size_t k = 0; k < book->n; k++) {
        const zq_history_row *row = &book->rows[k];

        state->revision = row->revision;
        state->schema_id = row->schema_id;
        zq_ahead_take(&r->ahead, known, row->revision, row->operation, r->arena);
        for (size_t i = 0; known[i] != NULL && row->checksum != NULL; i++) {
            if (strcmp(known[i], row->revision) == 0 && strcmp(row->operation, "downgrade") != 0)
                r->applied[i] = row->checksum;
        }
    }
    state->install_started = book->install_started;
    state->under_way = book->under_way;
    state->direction = book->direction;
    state->n_left = book->n_left;
}

/* The first revision up to where the database is whose file is another than the one applied. */
static void find_changed_file(const reading *r)
{
    const zq_wanted *wanted = r->wanted;
    zq_state *state = r->state;

    if (state->revision == NULL || *state->revision == '\0')
        return;
    for (size_t i = 0; wanted->checksums != NULL && wanted->revisions[i] != NULL; i++) {
        if (r->applied[i] != NULL && strcmp(r->applied[i], wanted->checksums[i]) != 0) {
            state->changed_file = wanted->revisions[i];
            state->changed_checksum = r->applied[i];
            return;
        }
        if (strcmp(wanted->revisions[i], state->revision) == 0)
            return;
    }
}

static void find_unknown(const reading *r)
{
    zq_state *state = r->state;

    if (state->revision != NULL && *state->revision != '\0' &&
        !is_known(r->wanted, state->revision))
        state->unknown = state->revision;
    else
        state->unknown = zq_ahead_unknown(&r->ahead, r->wanted->revisions);
}

static const char *head_of(const zq_wanted *wanted)
{
    return wanted->revisions[zq_names_count(wanted->revisions) - 1];
}

zq_condition zq_state_condition(const zq_state *state, const zq_wanted *wanted)
{
    const char *revision = state->revision != NULL ? state->revision : "";

    if (!state->database_exists)
        return ZQ_DB_MISSING;
    if (state->under_way != NULL && !(*revision == '\0' && state->install_started))
        return ZQ_DB_CUT_SHORT;
    if (*revision == '\0') {
        if (state->install_started)
            return ZQ_DB_HALF_MADE;
        /* The tables of stocks outlive a downgrade to base, in the oldest form. */
        if (state->revision != NULL)
            return ZQ_DB_OLDER;
        return state->n_present == 0 ? ZQ_DB_EMPTY : ZQ_DB_UNRECORDED;
    }
    if (state->unknown != NULL || !is_known(wanted, revision))
        return ZQ_DB_NEWER;
    if (state->changed_file != NULL)
        return ZQ_DB_FILE_CHANGED;
    if (strcmp(revision, head_of(wanted)) != 0)
        return ZQ_DB_OLDER;
    /* An older release lacks tables too: then it is not those that are the news. */
    if (state->changed != NULL && !wanted->own_revisions)
        return ZQ_DB_CHANGED;
    if (state->n_missing > 0)
        return ZQ_DB_LOST;
    if (wanted->admin_role != NULL && state->locked_out)
        return ZQ_DB_LOCKED_OUT;
    if (state->n_missing_meta > 0 || (wanted->seeds_digest != NULL && !state->seeds_applied) ||
        (wanted->admin_role != NULL && !state->has_admin))
        return ZQ_DB_INCOMPLETE;
    return ZQ_DB_READY;
}

/* A database or a table that is not there yet ends the questions early, and so may a view in a
 * table's place, by what it lacks; what is left of them is moot. `done`: how many of ours were
 * answered. */
static bool is_moot(const reading *r, const zq_err *err, size_t done)
{
    if (done <= ASK_TABLES)
        return err->cause == ZQ_CAUSE_NO_DATABASE && done == ASK_USE;
    return err->cause == ZQ_CAUSE_NO_TABLE ||
           (err->cause == ZQ_CAUSE_TABLE_DENIED && done >= n_questions(r)) ||
           (err->code == ZQ_E_SERVER && r->state->not_a_table != NULL);
}

static zq_rc ask(zq_db *db, const char *text, reading *r, size_t *out_done, zq_err *err)
{
    /* The caller's own, then one for each ASK_ in its order, and the columns. */
    zq_answer items[] = {
        {"T", ZQ_ONE_ROW, 1},   /* the caller's */
        {"", ZQ_ANY_ROWS, 1},   /* ASK_USE */
        {"tti", ZQ_ONE_ROW, 1}, /* ASK_DEFAULTS */
        {"tt", ZQ_ANY_ROWS, 1}, /* ASK_TABLES */
        {ZQ_BOOK_HISTORY_COLUMNS, ZQ_ANY_ROWS, 1},
        {ZQ_BOOK_JOURNAL_COLUMNS, ZQ_ANY_ROWS, 1},
        {"T", ZQ_ANY_ROWS, 1},        /* ASK_SEEDS */
        {"i", ZQ_AT_MOST_ONE_ROW, 1}, /* ASK_ADMIN */
        {"", ZQ_ANY_ROWS, 1},
    };
    const size_t n = n_questions(r);
    const zq_answers answers = {items + 1 - r->n_before, n + 1 + r->n_before, take_row, r};
    size_t done = 0;
    zq_rc rc;

    items[1 + n] = r->n_shown > 0 ? (zq_answer){ZQ_SHOW_CREATE_COLUMNS, ZQ_ONE_ROW, r->n_shown}
                                  : (zq_answer){"ttitt", ZQ_ANY_ROWS, 1};
    zq_db_expect_soon(db);
    rc = zq_db_run(db, text, NULL, 0, &answers, &done, err);
    if (done < r->n_before)
        return rc;
    *out_done = done - r->n_before;
    return rc != ZQ_OK && is_moot(r, err, *out_done) ? ZQ_OK : rc;
}

static zq_rc read_once(zq_db *db, const char *database, const zq_wanted *wanted, zq_arena *arena,
                       zq_state *out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_state state = {.charset = "", .collation = ""};
    reading r = {.wanted = wanted, .arena = arena, .state = &state, .book = {.arena = arena}};
    const char *text;
    size_t done = 0;
    zq_err local = {0};
    zq_rc rc;

    r.n_before = wanted->first != NULL;
    r.applied = ZQ_NEW_ARRAY(arena, const char *, zq_names_count(wanted->revisions) + 1);
    r.present = ZQ_NEW_ARRAY(arena, bool, wanted->schema->n_tables + 1);
    r.differs = ZQ_NEW_ARRAY(arena, bool, wanted->schema->n_tables + 1);
    r.n_columns = ZQ_NEW_ARRAY(arena, size_t, wanted->schema->n_tables + 1);
    r.shown = ZQ_NEW_ARRAY(arena, size_t, wanted->schema->n_tables + 1);
    write_questions(&sql, database, &r, zq_db_server(db)->flavor);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    rc = ask(db, text, &r, &done, &local);
    if (rc != ZQ_OK) {
        if (err != NULL)
            *err = local;
        /* Who may not use a database does not learn whether it exists. */
        if (local.cause == ZQ_CAUSE_DATABASE_DENIED && done == ASK_USE)
            zq_err_prefix(err, "cannot open or create database '%s': ", database);
        return rc;
    }
    state.database_exists = done > ASK_USE;
    take_book(&r);
    list_missing(&r);
    find_changed(&r);
    find_changed_file(&r);
    find_unknown(&r);
    state.condition = zq_state_condition(&state, wanted);
    *out = state;
    return ZQ_OK;
}

/* That a database is ready is never too old to be true; anything else a node of a cluster says
 * after it has caught up, so that it is not said of what another node has changed already. Under
 * the lease's lock, the session waits by itself where it has to.
 *
 * The tables are looked up before the history is read, and a run that ends between the two is seen
 * as tables that do not go with their record: what is the case is still so on a second look. */
zq_rc zq_state_read(zq_db *db, const char *database, const zq_wanted *wanted, zq_arena *arena,
                    zq_state *out, zq_err *err)
{
    zq_wanted again = *wanted;
    const char *first;
    bool waited = false;

    ZQ_TRY(read_once(db, database, wanted, arena, out, err));
    if (out->condition != ZQ_DB_READY && !wanted->locks)
        ZQ_TRY(zq_node_catch_up(db, &waited, err));
    if (waited)
        ZQ_TRY(read_once(db, database, wanted, arena, out, err));
    if (out->condition == ZQ_DB_CUT_SHORT && !out->at_work && !wanted->locks) {
        ZQ_TRY(zq_lease_elsewhere(db, database, wanted->look_ms, arena, &out->elsewhere, err));
        out->at_work = out->elsewhere != NULL;
    }
    if (out->condition != ZQ_DB_LOST && out->condition != ZQ_DB_CHANGED)
        return ZQ_OK;
    first = out->first;
    again.first = NULL;
    ZQ_TRY(read_once(db, database, &again, arena, out, err));
    out->first = first;
    return ZQ_OK;
}

zq_rc zq_state_need_tables(const zq_state *state, const char *database, zq_err *err)
{
    if (state->not_a_table == NULL)
        return ZQ_OK;
    zq_fail(err, ZQ_E_DIFFERS, "'%s' in database '%s' is not a table but a %s", state->not_a_table,
            database, state->not_a_table_type);
    return zq_err_hint(err, "rename or drop it, then run this again");
}

bool zq_condition_at_head(zq_condition condition)
{
    return condition == ZQ_DB_READY || condition == ZQ_DB_INCOMPLETE || condition == ZQ_DB_LOST ||
           condition == ZQ_DB_CHANGED || condition == ZQ_DB_LOCKED_OUT;
}

const char *zq_condition_words(zq_condition condition)
{
    static const char *const words[] = {
#define ZQ_CONDITION_WORDS(name, words) [ZQ_DB_##name] = (words),
        ZQ_CONDITION_LIST(ZQ_CONDITION_WORDS)
#undef ZQ_CONDITION_WORDS
    };
    return words[condition];
}
