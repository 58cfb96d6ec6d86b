/* stock-tables STOCKS [WORKER WORKERS]
 *
 * Print CREATE TABLE statements for the members that STOCKS stocks have in every family: codes
 * 600000, 600001 and so on; with WORKER and WORKERS, only those that are this worker's share. */
#include "base/arena.h"
#include "base/err.h"
#include "model/family.h"
#include "model/schema.h"
#include "schema.h"
#include "sql/ddl.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIRST_CODE = 600000 };

static zq_rc print_member(const zq_table *family, const char *code, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_SQL(sql);
    const char *text;

    zq_ddl_create_table(&sql, zq_family_member(arena, family, code), true, ZQ_MARIADB);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    printf("%s;\n", text);
    return ZQ_OK;
}

static zq_rc print_stock(int stock, zq_err *err)
{
    char code[ZQ_CODE_MAX + 1];

    snprintf(code, sizeof code, "%d", FIRST_CODE + stock);
    for (size_t i = 0; i < zq_schema_head.n_tables; i++)
        if (zq_table_is_family(zq_schema_head.tables[i]))
            ZQ_TRY(print_member(zq_schema_head.tables[i], code, err));
    return ZQ_OK;
}

int main(int argc, char **argv)
{
    int worker = argc > 3 ? atoi(argv[2]) : 0, workers = argc > 3 ? atoi(argv[3]) : 1;
    zq_err err = {0};

    if (argc < 2 || workers < 1) {
        fprintf(stderr, "usage: stock-tables STOCKS [WORKER WORKERS]\n");
        return 64;
    }
    for (int stock = worker; stock < atoi(argv[1]); stock += workers)
        if (print_stock(stock, &err) != ZQ_OK) {
            fprintf(stderr, "stock-tables: %s\n", err.message);
            return zq_rc_exit_status(err.code);
        }
    return fflush(stdout) == 0 ? 0 : 2;
}
