/* Any bytes as what SHOW CREATE TABLE answers: a table is read, or refused with words, and what is
 * read can be written, compared and digested. The first byte chooses the server. */
#include "base/buf.h"
#include "model/canon.h"
#include "release.h"
#include "run/fingerprint.h"
#include "sql/table/reconcile.h"
#include "sql/table/show_create_read.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(text);
    ZQ_AUTO_BUF(canon);
    zq_fingerprint print;
    zq_flavor flavor;
    zq_table table;
    zq_err err = {0};

    if (size == 0)
        return 0;
    zq_buf_add(&text, (const char *)data + 1, size - 1);
    flavor = data[0] & 1 ? ZQ_MYSQL : ZQ_MARIADB;
    zq_fingerprint_definition(zq_buf_text(&text), text.length, flavor, "zq_x_1", &print);
    if (zq_show_create_read(zq_buf_text(&text), text.length, flavor, arena, &table, &err) !=
        ZQ_OK) {
        if (err.message[0] == '\0')
            abort();
        return 0;
    }
    zq_reconcile(&table, zq_schema_head.tables[data[0] % zq_schema_head.n_tables], arena);
    zq_canon_table(&canon, &table);
    return 0;
}
