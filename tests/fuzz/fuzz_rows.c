/* Any bytes as the rows of a server, given to everything that reads some: each reading ends, well
 * or in an error with words. The first byte chooses the reading and the server.
 *
 * Then, for each result: a byte for its columns (0: none; 255: an error instead; 254: no more) and
 * one for its rows; for each value a byte of length (255: NULL) and so many bytes. */
#include "db/catalog.h"
#include "db/errors.h"
#include "migrate/record.h"
#include "model/family.h"
#include "release.h"
#include "run/fingerprint.h"
#include "run/journal.h"
#include "run/object.h"
#include "run/state.h"
#include "seed/rbac_read.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct input {
    const uint8_t *at;
    size_t left;
} input;

static uint8_t next(input *in)
{
    if (in->left == 0)
        return 254;
    in->left--;
    return *in->at++;
}

enum { MOST_COLUMNS = 16, VALUE_MAX = 256 };

static zq_rc give_row(input *in, size_t statement, size_t n, zq_raw_fn *take, void *context,
                      zq_err *err)
{
    char cells[MOST_COLUMNS][VALUE_MAX];
    const char *values[MOST_COLUMNS];
    size_t lengths[MOST_COLUMNS];

    for (size_t i = 0; i < n; i++) {
        const uint8_t length = next(in);

        lengths[i] = length == 255 ? 0 : length < in->left ? length : in->left;
        memcpy(cells[i], in->at, lengths[i]);
        cells[i][lengths[i]] = '\0';
        values[i] = length == 255 ? NULL : cells[i];
        in->at += lengths[i];
        in->left -= lengths[i];
    }
    return take(context, statement, n, values, lengths, err);
}

static zq_rc run(void *impl, const char *sql, size_t length, zq_raw_fn *take, void *context,
                 size_t *out_done, unsigned long long *out_affected, zq_err *err)
{
    input *in = impl;

    (void)sql;
    (void)length;
    (void)out_affected;
    for (;;) {
        const uint8_t n = next(in);

        if (n == 254)
            return ZQ_OK;
        if (n == 255) {
            const zq_server_error error = {1140U + next(in) % 8, "HY000", "refused"};

            return zq_errors_fail_statement(err, &error);
        }
        ZQ_TRY(take(context, *out_done, n % MOST_COLUMNS, NULL, NULL, err));
        if (n % MOST_COLUMNS != 0) {
            for (uint8_t rows = next(in); rows > 0 && in->left > 0; rows--)
                ZQ_TRY(give_row(in, *out_done, n % MOST_COLUMNS, take, context, err));
        }
        ++*out_done;
    }
}

static void finish(void *impl)
{
    (void)impl;
}

static zq_rc read_state(zq_db *db, zq_arena *arena, zq_err *err)
{
    static const char *const revisions[] = {"0001", "0002", NULL};
    const zq_wanted wanted = {.schema = &zq_schema_head,
                              .revisions = revisions,
                              .seeds_digest = "x",
                              .admin_role = "admin",
                              .first = "SELECT 1"};
    zq_state state;

    return zq_state_read(db, "zquant", &wanted, arena, &state, err);
}

static zq_rc read_rbac(zq_db *db, zq_arena *arena, zq_err *err)
{
    const zq_admin_identity admin = {.username = "a", .email = "b", .role = "admin"};
    zq_rbac rbac;
    zq_seeds seeds;

    ZQ_TRY(zq_rbac_read(db, "zquant", &admin, arena, &rbac, err));
    zq_rbac_seeds(&rbac, arena, &seeds);
    return ZQ_OK;
}

static zq_rc read_journal(zq_db *db, zq_arena *arena, zq_err *err)
{
    const zq_journal journal = {.revision = "0001", .direction = "up"};
    zq_journal_rows rows;

    return zq_journal_read(db, &journal, arena, &rows, err);
}

static zq_rc read_prints(zq_db *db, zq_err *err)
{
    static const char *const names[] = {"a@%", "b@%", "a@%"};
    zq_fingerprint prints[ZQ_LEN(names)];
    char hex[ZQ_DIGEST_HEX];

    ZQ_TRY(zq_fingerprints_read(db, names, ZQ_LEN(names), prints, err));
    for (size_t o = ZQ_OBJECT_TRIGGER; o <= ZQ_OBJECT_USER; o++) {
        const zq_statement parsed = {
            .verb = "DROP", .object = (zq_statement_object)o, .names = names, .n_names = 2};

        ZQ_TRY(zq_objects_digest(db, &parsed, hex, err));
    }
    return ZQ_OK;
}

static zq_rc read_any(unsigned which, zq_db *db, zq_arena *arena, zq_err *err)
{
    zq_catalog catalog;
    zq_record record;

    switch (which % 7) {
    case 0:
        return zq_db_begin(db, err);
    case 1:
        return read_state(db, arena, err);
    case 2:
        return read_rbac(db, arena, err);
    case 3:
        return read_journal(db, arena, err);
    case 4:
        return read_prints(db, err);
    case 5:
        return zq_record_read(db, "zquant", arena, &record, err);
    default:
        return zq_catalog_read(db, NULL, "zquant", &zq_schema_head, arena, &catalog, err);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const zq_port port = {run, finish};
    static const zq_server servers[] = {{ZQ_MARIADB, 101119, "10.11.19-MariaDB"},
                                        {ZQ_MYSQL, 80040, "8.0.40"}};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    input in = {data + 1, size - 1};
    zq_db *db;
    zq_err err = {0};

    if (size == 0)
        return 0;
    db = zq_db_over(&port, &in, &servers[data[0] >> 7], 7);
    if (read_any(data[0] & 0x7f, db, arena, &err) != ZQ_OK && err.message[0] == '\0')
        abort();
    zq_db_close(db);
    return 0;
}
