/* Whatever is refused, somebody learns what to do next: each row is a file that is wrong in one
 * way. */
#include "sandbox.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "-- revision: x1\n-- revises: 0003\n-- title: t\n-- created: 2026-01-04T00:00:00Z\n"
#define UP HEAD "\n-- zq:upgrade\n"
#define DOWN "-- zq:downgrade\n"

static const char *const revisions[] = {
    "",
    "-- revision: x1\n",
    HEAD,
    "-- revision: x1\n-- revision: x1\n",
    "-- revision: X 1\n-- revises: 0003\n",
    "-- revision: y1\n-- revises: 0003\n-- title: t\n-- created: 2026-01-04T00:00:00Z\n\n"
    "-- zq:upgrade\n" DOWN,
    "-- revision: x1\n-- revises: nowhere\n-- title: t\n-- created: 2026-01-04T00:00:00Z\n\n"
    "-- zq:upgrade\nSELECT 1;\n" DOWN,
    "-- revision: x1\n-- revises: 0002\n-- title: t\n-- created: 2026-01-04T00:00:00Z\n\n"
    "-- zq:upgrade\nSELECT 1;\n" DOWN,
    "-- revision: x1\n-- revises: 0003\n-- title: t\n-- created: yesterday\n\n-- zq:upgrade\n" DOWN,
    "-- revision: x1\n-- revises: 0003\n-- release: 0.4.0\n-- title: t\n"
    "-- created: 2026-01-04T00:00:00Z\n\n-- zq:upgrade\nSELECT 1;\n" DOWN,
    UP "SELECT 'open;\n" DOWN,
    UP "/* open\n" DOWN,
    UP ";\n" DOWN,
    UP "SELECT 1\\G\n" DOWN,
    UP "DELIMITER\n" DOWN,
    UP "DROP TABLE zq_meta_history;\n" DOWN,
    UP "DELETE FROM other.t;\n" DOWN,
    UP "-- zq:nonsense\n" DOWN,
    UP "-- zq:family nothing\nSELECT 1;\n-- zq:end\n" DOWN,
    UP "-- zq:family zq_data_tustock_daily\nSELECT 1;\n" DOWN,
    UP "-- zq:batch table=t\nDELETE FROM t;\n-- zq:end\n" DOWN,
    UP "SELECT {range};\n" DOWN,
    UP "LOCK TABLES t WRITE;\n" DOWN,
    UP "START TRANSACTION;\n" DOWN,
    UP "SELECT '\xFF';\n" DOWN,
    UP "SELECT 1;\n",
};

static const char *const lines[] = {
    "zquant-migrate show nowhere",
    "zquant-migrate show base",
    "zquant-migrate show --schema 9.9",
    "zquant-migrate check --against 9.9",
    "zquant-migrate upgrade --sql +x",
    "zquant-migrate upgrade --sql 0003:0001",
    "zquant-migrate downgrade --sql 0001:0003",
    "zquant-migrate verify nowhere",
    "zquant-migrate verify a --write b",
    "zquant-migrate verify --sign key",
    "zquant-migrate verify --key key",
    "zquant-migrate verify -- ls",
    "zquant-migrate verify zquant.ini",
    "zquant-migrate rebase",
    "zquant-migrate heads --dir nowhere",
    "zquant-migrate resume --forget --accept 1",
    "zquant-init --seeds nowhere",
    "zquant-init seeds show --seeds .",
    "zquant-init --admin-username a%b --admin-email nobody",
    "zquant-init --admin-username= ",
    "zquant-init --config nowhere",
    "zquant-init --password-file nowhere",
    "zquant-init --password-file open",
    "zquant-init --host= ",
    "zquant-init --tls-ca nowhere",
    "zquant-init --flavor oracle --sql",
    "zquant-init grants --apply @",
    "DATABASE_URL=mysql://[::1 zquant-init",
    "DATABASE_URL=postgres://a/b zquant-init",
    "ZQUANT_ADMIN_PASSWORD=a ZQUANT_ADMIN_PASSWORD_FILE=b zquant-init",
    "zquant-init --json >/dev/full",
    "zquant-init -- nosuchprogram",
};

static void expect_hint(const char *line)
{
    sandbox_run run = sandbox_sh(line);

    cr_assert_neq(run.status, 0, "%s: %s", line, run.out);
    cr_assert_leq(run.status, 78, "%s: %s", line, run.err);
    cr_assert_not_null(strstr(run.err, "\nhint: "), "%s: %s", line, run.err);
    free(run.out);
    free(run.err);
}

Test(hints, every_refusal_of_a_revision_has_one)
{
    sandbox_enter();
    for (size_t i = 0; i < sizeof revisions / sizeof revisions[0]; i++) {
        sandbox_run run;

        sandbox_write("x1_t.sql", 0644, revisions[i]);
        run = sandbox_sh("zquant-migrate heads --dir .");
        cr_assert_eq(run.status, 65, "%s: %d %s", revisions[i], run.status, run.err);
        cr_assert_not_null(strstr(run.err, "x1_t.sql:"), "%s: %s", revisions[i], run.err);
        cr_assert_not_null(strstr(run.err, "\nhint: "), "%s: %s", revisions[i], run.err);
        free(run.out);
        free(run.err);
    }
}

Test(hints, every_refusal_of_a_line_has_one)
{
    sandbox_enter();
    sandbox_write("open", 0644, "secret\n");
    sandbox_write("roles.ini", 0644, "[r]\n");
    sandbox_write("permissions.ini", 0644, "[p]\n");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char line[256];

        snprintf(line, sizeof line, "export DB_HOST=127.0.0.1 DB_PORT=1; %s", lines[i]);
        expect_hint(line);
    }
}
