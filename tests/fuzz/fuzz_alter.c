/* Any bytes: a statement is predicted, refused or unknown, and the table that is predicted is one
 * that the canonical form can hold. The first byte chooses the server, and whether the rest is a
 * whole statement or clauses. */
#include "base/buf.h"
#include "model/canon.h"
#include "sql/alter/predict.h"
#include "sql/table/show_create_read.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char definition[] =
    "CREATE TABLE `t` (`id` int NOT NULL AUTO_INCREMENT, `a` varchar(50) DEFAULT 'x', "
    "`b` int GENERATED ALWAYS AS ((`id` + 1)) STORED, `c` enum('p','q'), `d` text, `e` int, "
    "PRIMARY KEY (`id`), UNIQUE KEY `uq` (`a`,`e`), KEY `ix` (`d`(10)), KEY `e` (`e`), "
    "CONSTRAINT `t_ibfk_1` FOREIGN KEY (`e`) REFERENCES `t` (`id`), "
    "CONSTRAINT `chk` CHECK ((`id` > 0))) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 "
    "COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC";

static void check_table(const zq_table *table, zq_arena *arena)
{
    ZQ_AUTO_BUF(text);
    const zq_schema *schema;

    zq_canon_table(&text, table);
    if (zq_canon_parse(zq_buf_text(&text), text.length, arena, &schema, NULL) != ZQ_OK ||
        schema->n_tables != 1)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(sql);
    zq_table before, after;
    zq_flavor flavor;

    if (size == 0)
        return 0;
    flavor = data[0] & 1 ? ZQ_MYSQL : ZQ_MARIADB;
    if (zq_show_create_read(definition, sizeof definition - 1, flavor, arena, &before, NULL) !=
        ZQ_OK)
        abort();
    if (data[0] & 2)
        zq_buf_str(&sql, "ALTER TABLE t ");
    zq_buf_add(&sql, (const char *)data + 1, size - 1);
    if (zq_predict(zq_buf_text(&sql), sql.length, flavor, &before, arena, &after) == ZQ_PREDICTED)
        check_table(&after, arena);
    (void)zq_predict_is_done(zq_buf_text(&sql), sql.length, flavor, &before, arena);
    return 0;
}
