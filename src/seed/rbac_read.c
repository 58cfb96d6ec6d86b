#include "seed/rbac_read.h"

#include "run/book.h"
#include "seed/seed_record.h"
#include "sql/sql.h"

#include <stdlib.h>
#include <string.h>

/* A list in the arena that rows are appended to. */
typedef struct list {
    void *items;
    size_t n;
} list;

enum {
    QUERY_ROLES,
    QUERY_PERMISSIONS,
    QUERY_GRANTS,
    QUERY_ADMIN,
    QUERY_TAKERS,
    QUERY_HASHES,
    QUERY_RECORDS,
    QUERY_COUNT_,
};

typedef struct reading {
    zq_arena *arena;
    list of[QUERY_COUNT_];
    bool has_bcrypt;
    bool has_argon2id;
} reading;

static void *append(zq_arena *arena, list *l, size_t size)
{
    l->items = zq_arena_grow(arena, l->items, size, l->n);
    return (char *)l->items + size * l->n++;
}

#define APPEND(r, query, type) ((type *)append((r)->arena, &(r)->of[query], sizeof(type)))

static long long number(const zq_row *row, size_t i)
{
    const char *text = zq_row_text(row, i);

    return text == NULL ? 0 : strtoll(text, NULL, 10);
}

static const char *text(reading *r, const zq_row *row, size_t i)
{
    return zq_arena_strdup(r->arena, zq_row_text(row, i));
}

static zq_rc take_row(void *context, size_t query, const zq_row *row, zq_err *err)
{
    reading *r = context;

    (void)err;
    switch (query) {
    case QUERY_ROLES:
        *APPEND(r, query, zq_rbac_role) =
            (zq_rbac_role){number(row, 0), text(r, row, 1), text(r, row, 2), number(row, 3)};
        break;
    case QUERY_PERMISSIONS:
        *APPEND(r, query, zq_rbac_permission) = (zq_rbac_permission){
            number(row, 0), text(r, row, 1), text(r, row, 2), text(r, row, 3), text(r, row, 4)};
        break;
    case QUERY_GRANTS:
        *APPEND(r, query, zq_rbac_grant) = (zq_rbac_grant){number(row, 0), number(row, 1)};
        break;
    case QUERY_ADMIN:
    case QUERY_TAKERS:
        *APPEND(r, query, zq_rbac_user) = (zq_rbac_user){
            number(row, 0), text(r, row, 1), text(r, row, 2), text(r, row, 3), number(row, 4) != 0};
        break;
    case QUERY_HASHES:
        r->has_bcrypt = number(row, 0) != 0;
        r->has_argon2id = number(row, 1) != 0;
        break;
    case QUERY_RECORDS:
        *APPEND(r, query, zq_rbac_record) =
            (zq_rbac_record){text(r, row, 0), text(r, row, 1), text(r, row, 2), text(r, row, 3)};
        break;
    }
    return ZQ_OK;
}

/* The record comes last: where it is missing, all before it has been read. */
static void write_queries(zq_sql *sql, const char *database)
{
    zq_sql_add(sql,
               "SELECT r.id, r.name, r.description, (SELECT COUNT(*) FROM `%s`.`zq_app_users` AS u "
               "WHERE u.role_id = r.id) FROM `%s`.`zq_app_roles` AS r ORDER BY r.id;\n"
               "SELECT id, name, resource, action, description FROM `%s`.`zq_app_permissions` "
               "ORDER BY id;\n"
               "SELECT role_id, permission_id FROM `%s`.`zq_app_role_permissions` "
               "ORDER BY role_id, permission_id;\n",
               database, database, database, database);
    zq_sql_add(
        sql,
        "SELECT u.id, u.username, u.email, r.name, u.is_active FROM `%s`.`zq_app_users` AS u "
        "JOIN `%s`.`zq_app_roles` AS r ON r.id = u.role_id WHERE r.name = ? "
        "ORDER BY u.is_active DESC, u.id LIMIT 1;\n"
        "SELECT u.id, u.username, u.email, r.name, u.is_active FROM `%s`.`zq_app_users` AS u "
        "LEFT JOIN `%s`.`zq_app_roles` AS r ON r.id = u.role_id "
        "WHERE u.username = ? OR u.email = ? ORDER BY u.id;\n",
        database, database, database, database);
    zq_sql_add(sql,
               "SELECT EXISTS (SELECT 1 FROM `%s`.`zq_app_users` WHERE hashed_password LIKE "
               "'$2_$%%'), EXISTS (SELECT 1 FROM `%s`.`zq_app_users` WHERE hashed_password LIKE "
               "'$argon2id$%%');\n"
               "SELECT kind, role_name, permission_name, content FROM `%s`.`" ZQ_BOOK_SEEDS "`",
               database, database, database);
}

zq_rc zq_rbac_read(zq_db *db, const char *database, const zq_admin_identity *admin, zq_arena *arena,
                   zq_rbac *out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const zq_arg args[] = {zq_arg_text(admin->role), zq_arg_text(admin->username),
                           zq_arg_text(admin->email)};
    static const zq_answer answers[] = {
        [QUERY_ROLES] = {.columns = "itTi"},   [QUERY_PERMISSIONS] = {.columns = "itttT"},
        [QUERY_GRANTS] = {.columns = "ii"},    [QUERY_ADMIN] = {"itttI", ZQ_AT_MOST_ONE_ROW, 1},
        [QUERY_TAKERS] = {.columns = "ittTI"}, [QUERY_HASHES] = {"ii", ZQ_ONE_ROW, 1},
        [QUERY_RECORDS] = {.columns = "tttt"},
    };
    reading r = {.arena = arena};
    zq_err why = {0};
    const char *statements;
    size_t done;
    zq_rc rc;

    write_queries(&sql, database);
    ZQ_TRY(zq_sql_finish(&sql, &statements, err));
    rc = zq_db_run(db, statements, args, ZQ_LEN(args),
                   &(zq_answers){answers, ZQ_LEN(answers), take_row, &r}, &done, &why);
    if (rc != ZQ_OK && !(why.cause == ZQ_CAUSE_NO_TABLE && done == QUERY_RECORDS)) {
        *err = why;
        return zq_err_prefix(err, "cannot read roles and permissions: ");
    }
    *out = (zq_rbac){
        .roles = r.of[QUERY_ROLES].items,
        .n_roles = r.of[QUERY_ROLES].n,
        .permissions = r.of[QUERY_PERMISSIONS].items,
        .n_permissions = r.of[QUERY_PERMISSIONS].n,
        .grants = r.of[QUERY_GRANTS].items,
        .n_grants = r.of[QUERY_GRANTS].n,
        .admin = r.of[QUERY_ADMIN].items,
        .takers = r.of[QUERY_TAKERS].items,
        .n_takers = r.of[QUERY_TAKERS].n,
        .has_bcrypt = r.has_bcrypt,
        .has_argon2id = r.has_argon2id,
    };
    return zq_seed_record_split(&(zq_record_rows){r.of[QUERY_RECORDS].items, r.of[QUERY_RECORDS].n},
                                arena, out, err);
}
