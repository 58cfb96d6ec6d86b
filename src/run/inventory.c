#include "run/inventory.h"

#include "base/buf.h"
#include "db/sight.h"
#include "model/schema.h"
#include "sql/sql.h"

#include <stdlib.h>
#include <string.h>

typedef struct reading {
    zq_arena *arena;
    const char *database; /* in backticks, with the dot: "`zquant`." */
    zq_object *objects;
    size_t n_objects;
} reading;

/* ---- objects ---- */

/* MySQL keeps what stands between a body and the next statement: the blank that a dump puts there,
 * the ';' of a client that sends several at once. */
static size_t length_of_body(const zq_buf *text)
{
    size_t length = text->length;

    while (length > 0 && strchr(" \t\r\n;", zq_buf_text(text)[length - 1]) != NULL)
        length--;
    return length;
}

/* What a view's definition says in front of each name is where the database was, not what the view
 * is. */
static void digest_without(const char *text, const char *database, char out_hex[ZQ_DIGEST_HEX])
{
    size_t length = strlen(database);
    ZQ_AUTO_BUF(plain);

    for (const char *next; (next = strstr(text, database)) != NULL; text = next + length)
        zq_buf_add(&plain, text, (size_t)(next - text));
    zq_buf_str(&plain, text);
    zq_digest_hex(zq_buf_text(&plain), length_of_body(&plain), out_hex);
}

static zq_rc take_object(void *context, ZQ_UNUSED size_t statement, const zq_row *row,
                         ZQ_UNUSED zq_err *err)
{
    reading *r = context;
    zq_object *o;

    o = ZQ_APPEND(r->arena, r->objects, r->n_objects);
    o->kind = zq_arena_strdup(r->arena, zq_row_text(row, 0));
    o->name = zq_arena_strdup(r->arena, zq_row_text(row, 1));
    o->definer = zq_arena_strdup(r->arena, zq_row_text(row, 2));
    digest_without(zq_row_text(row, 3) == NULL ? "" : zq_row_text(row, 3), r->database, o->digest);
    return ZQ_OK;
}

/* What a routine takes and gives, in types that both vendors show alike: neither the display width
 * of an integer nor what stands for JSON. */
#define PARAMETERS                                                                               \
    "(SELECT GROUP_CONCAT(CONCAT_WS(' ', PARAMETER_MODE, PARAMETER_NAME, "                       \
    "IF(DATA_TYPE = 'json', 'longtext', DATA_TYPE), IF(DTD_IDENTIFIER LIKE '%unsigned%', "       \
    "'unsigned', NULL), IF(DATA_TYPE LIKE '%char' OR DATA_TYPE LIKE '%binary', "                 \
    "CHARACTER_MAXIMUM_LENGTH, NULL), IF(DATA_TYPE = 'decimal', CONCAT(NUMERIC_PRECISION, ',', " \
    "NUMERIC_SCALE), NULL)) ORDER BY ORDINAL_POSITION) FROM information_schema.PARAMETERS AS p " \
    "WHERE p.SPECIFIC_SCHEMA = r.ROUTINE_SCHEMA AND p.SPECIFIC_NAME = r.SPECIFIC_NAME "          \
    "AND p.ROUTINE_TYPE = r.ROUTINE_TYPE)"

#define OBJECTS                                                                              \
    "SELECT 'view', TABLE_NAME, DEFINER, CONCAT_WS('\\n', VIEW_DEFINITION, CHECK_OPTION, "   \
    "SECURITY_TYPE) FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?;"                   \
    "SELECT 'trigger', TRIGGER_NAME, DEFINER, CONCAT_WS('\\n', EVENT_OBJECT_TABLE, "         \
    "ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT) FROM information_schema.TRIGGERS " \
    "WHERE TRIGGER_SCHEMA = ?;"                                                              \
    "SELECT LOWER(ROUTINE_TYPE), ROUTINE_NAME, DEFINER, CONCAT_WS('\\n', SECURITY_TYPE, "    \
    "SQL_DATA_ACCESS, " PARAMETERS ", ROUTINE_DEFINITION) FROM information_schema.ROUTINES " \
    "AS r WHERE ROUTINE_SCHEMA = ?;"                                                         \
    "SELECT 'event', EVENT_NAME, DEFINER, CONCAT_WS('\\n', EVENT_TYPE, EXECUTE_AT, "         \
    "INTERVAL_VALUE, INTERVAL_FIELD, ENDS, ON_COMPLETION, STATUS = 'ENABLED', "              \
    "EVENT_DEFINITION) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?;"               \
    "SELECT 'sequence', TABLE_NAME, NULL, NULL FROM information_schema.TABLES "              \
    "WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'SEQUENCE'"

static int by_kind_and_name(const void *a, const void *b)
{
    const zq_object *x = a;
    const zq_object *y = b;
    int kind = strcmp(x->kind, y->kind);

    return kind != 0 ? kind : strcmp(x->name, y->name);
}

/* ---- do the views open? ---- */

static zq_rc take_text(void *context, ZQ_UNUSED size_t statement, const zq_row *row,
                       ZQ_UNUSED zq_err *err)
{
    zq_buf *all = context;

    zq_buf_str(all, zq_row_text(row, 0));
    zq_buf_char(all, '\n');
    return ZQ_OK;
}

/* Its columns are shown though its definer is gone; rows, even none of them, are not. */
static zq_rc open_view(zq_db *db, zq_object *view, zq_arena *arena, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    ZQ_AUTO_BUF(columns);
    const zq_answer lists[] = {{.columns = "t+"}, {.columns = "t"}};
    const zq_answers answers = {
        .items = lists, .n = ZQ_LEN(lists), .take = take_text, .context = &columns};
    zq_err failure = {0};
    const char *text;
    zq_rc rc;

    zq_sql_add(&sql, "SHOW COLUMNS FROM `%s`;SELECT 1 FROM `%s` LIMIT 0", view->name, view->name);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    rc = zq_db_run(db, text, NULL, 0, &answers, NULL, &failure);
    if (rc == ZQ_E_LOST || rc == ZQ_E_ANSWER)
        return zq_err_give(err, &failure);
    if (rc != ZQ_OK)
        view->problem = zq_arena_strdup(arena, failure.detail);
    else
        zq_digest_hex(zq_buf_text(&columns), columns.length, view->columns);
    return ZQ_OK;
}

/* ---- who may use it ---- */

/* Rows of one column, each once; gives how many. */
static size_t sort_once(const zq_rows *rows)
{
    size_t n = 0;

    zq_names_sort(rows->values, rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        if (n == 0 || strcmp(rows->values[n - 1], rows->values[i]) != 0)
            rows->values[n++] = rows->values[i];
    }
    return n;
}

/* A grant may name its databases by a pattern. */
#define GRANTS                                                                                \
    "SELECT CONCAT(GRANTEE, ': ', PRIVILEGE_TYPE) FROM information_schema.SCHEMA_PRIVILEGES " \
    "WHERE ? LIKE TABLE_SCHEMA "                                                              \
    "UNION ALL SELECT CONCAT(GRANTEE, ': ', PRIVILEGE_TYPE, ' on ', TABLE_NAME) "             \
    "FROM information_schema.TABLE_PRIVILEGES WHERE TABLE_SCHEMA = ?"

/* Without the right to read all of mysql.*, information_schema shows one's own account alone. */
static zq_rc sees_accounts(zq_db *db, zq_arena *arena, bool *out, zq_err *err)
{
    const char *account;
    zq_err failure = {0};
    zq_rc rc = zq_db_exec(db, "SELECT 1 FROM mysql.user WHERE FALSE", &failure);

    ZQ_TRY(zq_sight_lacks(db, "SELECT", "mysql", arena, &account, err));
    *out = rc == ZQ_OK && account == NULL;
    if (rc != ZQ_E_LOST)
        return ZQ_OK;
    return zq_err_give(err, &failure);
}

static zq_rc read_grants(zq_db *db, const char *database, zq_arena *arena, zq_inventory *out,
                         zq_err *err)
{
    zq_arg args[] = {zq_arg_text(database), zq_arg_text(database)};
    zq_rows rows;

    ZQ_TRY(sees_accounts(db, arena, &out->sees_accounts, err));
    ZQ_TRY(zq_db_query(db, GRANTS, args, ZQ_LEN(args), "t", arena, &rows, err));
    out->grants = rows.values;
    out->n_grants = sort_once(&rows);
    return ZQ_OK;
}

static zq_rc find_missing_definers(zq_db *db, zq_arena *arena, zq_inventory *inventory, zq_err *err)
{
    zq_rows accounts, missing = {0};

    if (!inventory->sees_accounts)
        return ZQ_OK;
    ZQ_TRY(zq_db_query(db, "SELECT CONCAT(User, '@', Host) FROM mysql.user", NULL, 0, "t", arena,
                       &accounts, err));
    accounts.n = sort_once(&accounts);
    for (size_t i = 0; i < inventory->n_objects; i++) {
        const char *definer = inventory->objects[i].definer;

        /* A view's own problem says so already. */
        if (definer == NULL || inventory->objects[i].problem != NULL ||
            zq_names_sorted_have(accounts.values, accounts.n, definer))
            continue;
        *ZQ_APPEND(arena, missing.values, missing.n) = definer;
    }
    inventory->missing_definers = missing.values;
    inventory->n_missing_definers = sort_once(&missing);
    return ZQ_OK;
}

/* ---- what may not be seen ---- */

bool zq_inventory_misses(const zq_inventory *inventory, const char *kind)
{
    const char *at = inventory->unseen == NULL ? NULL : strstr(inventory->unseen, kind);

    return at != NULL && at[strlen(kind)] == ' ';
}

/* MariaDB shows routines to whoever may read the table that they are in. */
static zq_rc misses_routines(zq_db *db, const char *database, zq_arena *arena, bool *out,
                             zq_err *err)
{
    const char *routines;
    const char *all;
    zq_err failure = {0};
    zq_rc rc;

    if (zq_db_server(db)->flavor == ZQ_MYSQL) {
        ZQ_TRY(zq_sight_lacks(db, "SHOW_ROUTINE", database, arena, &routines, err));
        ZQ_TRY(zq_sight_lacks(db, "SELECT", "", arena, &all, err));
        *out = routines != NULL && all != NULL;
        return ZQ_OK;
    }
    rc = zq_db_exec(db, "SELECT 1 FROM mysql.proc WHERE FALSE", &failure);
    *out = rc != ZQ_OK;
    if (rc != ZQ_E_LOST)
        return ZQ_OK;
    return zq_err_give(err, &failure);
}

static zq_rc find_unseen(zq_db *db, const char *database, zq_arena *arena, const char **out,
                         zq_err *err)
{
    static const struct {
        const char *privilege;
        const char *kind;
    } needed[] = {{"SHOW VIEW", "view "}, {"TRIGGER", "trigger "}, {"EVENT", "event "}};
    ZQ_AUTO_BUF(unseen);
    bool misses;

    for (size_t i = 0; i < ZQ_LEN(needed); i++) {
        const char *account;

        ZQ_TRY(zq_sight_lacks(db, needed[i].privilege, database, arena, &account, err));
        if (account != NULL)
            zq_buf_str(&unseen, needed[i].kind);
    }
    ZQ_TRY(misses_routines(db, database, arena, &misses, err));
    if (misses)
        zq_buf_str(&unseen, "procedure function ");
    *out = zq_arena_strdup(arena, zq_buf_text(&unseen));
    return ZQ_OK;
}

/* ---- all ---- */

zq_rc zq_inventory_read(zq_db *db, const char *database, zq_arena *arena, zq_inventory *out,
                        zq_err *err)
{
    ZQ_AUTO_SQL(quoted);
    reading r = {.arena = arena};
    const zq_answer five = {.columns = "ttTT", .times = 5};
    const zq_answers objects = {.items = &five, .n = 1, .take = take_object, .context = &r};
    zq_arg args[5];
    zq_inventory found = {0};

    for (size_t i = 0; i < ZQ_LEN(args); i++)
        args[i] = zq_arg_text(database);
    zq_sql_add(&quoted, "`%s`.", database);
    ZQ_TRY(zq_sql_finish(&quoted, &r.database, err));
    ZQ_TRY(zq_db_exec(db, "SET SESSION group_concat_max_len = 1048576", err));
    ZQ_TRY(zq_db_run(db, OBJECTS, args, ZQ_LEN(args), &objects, NULL, err));
    if (r.n_objects > 1)
        qsort(r.objects, r.n_objects, sizeof *r.objects, by_kind_and_name);
    for (size_t i = 0; i < r.n_objects; i++) {
        if (strcmp(r.objects[i].kind, "view") == 0)
            ZQ_TRY(open_view(db, &r.objects[i], arena, err));
    }
    ZQ_TRY(read_grants(db, database, arena, &found, err));
    ZQ_TRY(find_unseen(db, database, arena, &found.unseen, err));
    found.objects = r.objects;
    found.n_objects = r.n_objects;
    ZQ_TRY(find_missing_definers(db, arena, &found, err));
    *out = found;
    return ZQ_OK;
}
