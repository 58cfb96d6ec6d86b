/* Whatever the parser of the canonical form accepts is exactly what the writer would write. */
#include "model/canon.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(again);
    const zq_schema *schema = NULL;
    char id[ZQ_DIGEST_HEX];
    zq_err err = {0};

    if (zq_canon_parse((const char *)data, size, arena, &schema, &err) != ZQ_OK)
        return err.code == ZQ_E_DATA && schema == NULL ? 0 : (abort(), 1);
    zq_canon_schema(&again, schema);
    if (again.length != size || memcmp(zq_buf_text(&again), data, size) != 0)
        abort();
    zq_canon_id(schema, id);
    return 0;
}
