/* Every command that writes, over a connection that ends at request 1, 2, 3 ...: what calls itself
 * done is done, and what does not is completed by the same command, once.
 *
 * In the short run every fifth request fails; with ZQ_TEST_KILLS (scripts/soak) each. */
#include "cutter.h"
#include "killed.h"
#include "own_revision.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HISTORY                                                                     \
    "(SELECT COALESCE(GROUP_CONCAT(operation, ' ', revision ORDER BY id), 'none') " \
    "FROM zq_meta_history), ' ', (SELECT COUNT(*) FROM zq_meta_journal)"
#define ROLES                                                                                   \
    "(SELECT GROUP_CONCAT(name, description ORDER BY name) FROM zq_app_roles), (SELECT "        \
    "COUNT(*) FROM zq_app_role_permissions), ' ', (SELECT GROUP_CONCAT(content ORDER BY kind, " \
    "role_name, permission_name) FROM zq_meta_seeds)"
#define HASH                                                 \
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$" \
    "PfpwXeGT2uZvgGYqPVdRZ3SpUPzyDvQ8Cjyc7ZgB0nA"

typedef struct fault {
    const char *reset; /* statements after which the command has all of its work to do */
    const char *state; /* asks for what it makes */
    const char *const *words;
    const char *unharmed;
    int there_already; /* what it ends with where all of it is done; 0, where that is nothing to do
                        */
} fault;

/* The program goes through the proxy, and again without it where it says that it failed. */
static void fail_request(cutter *c, const fault *f, unsigned at, bool after)
{
    program_result r;
    char port[16];

    cli_change(f->reset);
    cutter_arm(c, at, after);
    snprintf(port, sizeof port, "%u", c->port);
    program_env("DB_PORT", port);
    r = program_run(f->words, NULL);
    snprintf(port, sizeof port, "%u", live_target().port);
    program_env("DB_PORT", port);
    cr_assert(r.status == 0 || r.status == 2 || r.status == 69, "request %u: %d: %s", at, r.status,
              r.err);
    cr_assert(c->cut || r.status == 0, "request %u: %s", at, r.err);
    if (r.status != 0) {
        program_free(&r);
        r = program_run(f->words, NULL);
        cr_assert(r.status == 0 || r.status == f->there_already, "request %u, again: %s", at,
                  r.err);
    }
    program_free(&r);
    cli_expect_value(f->unharmed, f->state);
}

static void fail_each_request(int there_already, const char *reset, const char *state,
                              const char *const *words)
{
    const unsigned step = getenv("ZQ_TEST_KILLS") != NULL ? 1 : 5;
    char *unharmed;
    cutter c;

    cli_change(reset);
    cli_expect(0, NULL, words);
    unharmed = cli_value(state);
    cutter_begin(&c);
    for (int after = 0; after < 2; after++) {
        const fault f = {reset, state, words, unharmed, there_already};
        unsigned at = 1 + (unsigned)rand() % step;

        for (c.cut = true; c.cut; at += step)
            fail_request(&c, &f, at, after);
        cr_assert_gt(at, 5 + step, "%u requests", at);
    }
    cutter_end(&c);
    free(unharmed);
}

#define FAIL_EACH(there_already, reset, state, ...)                         \
    fail_each_request((there_already), (reset), "SELECT CONCAT(" state ")", \
                      (const char *const[]){__VA_ARGS__, NULL})

Test(commands_fault, a_command_that_lost_its_connection_is_completed_by_the_same_once,
     .timeout = 1800)
{
    killed_seed();
    own_begin("commands_fault");
    own_write("CREATE TABLE zq_own (id int PRIMARY KEY);\nINSERT INTO zq_own VALUES (1);\n"
              "ALTER TABLE zq_own ADD COLUMN a int;",
              "DROP TABLE zq_own;");
    program_env("DB_HOST", "127.0.0.1");
    FAIL_EACH(0, "DELETE FROM zq_meta_history; DELETE FROM zq_meta_journal", HISTORY,
              "zquant-migrate", "stamp", "0.3.0");
    FAIL_EACH(0, "DELETE FROM zq_meta_history; DELETE FROM zq_meta_journal", HISTORY,
              "zquant-migrate", "adopt");
    FAIL_EACH(0,
              "DROP TABLE IF EXISTS zq_own; DELETE FROM zq_meta_history WHERE revision = 't1'; "
              "DELETE FROM zq_meta_journal",
              HISTORY ", (SELECT CONCAT(COUNT(*), SUM(id), COUNT(a)) FROM zq_own)",
              "zquant-migrate", "upgrade", "--dir", ".");
    cli_change("DROP TABLE zq_own; DELETE FROM zq_meta_history WHERE revision = 't1'");
    FAIL_EACH(0, "DELETE FROM zq_meta_seeds; DELETE FROM zq_app_role_permissions WHERE role_id = 2",
              ROLES, "zquant-init", "seeds", "apply");
    program_env("ZQUANT_NO_ADMIN", "");
    program_env("ZQUANT_ADMIN_PASSWORD_HASH", HASH);
    /* Where the user was made, and nobody heard of it, the name is taken. */
    FAIL_EACH(65, "DELETE FROM zq_app_users",
              "(SELECT CONCAT(COUNT(*), MAX(username), MAX(hashed_password)) FROM zq_app_users)",
              "zquant-init", "admin", "create", "--admin-username", "second", "--admin-email",
              "second@x.com");
    cli_end();
}

ZQ_LIVE_MAIN
