/* Whole commands against a server that answers by chance: whatever it says, each ends with a status
 * of its own and a line of its own, without a crash. ZQ_RANDOM_RUNS is how often for each command,
 * from seed ZQ_RANDOM_SEED on; ZQ_RANDOM_COMMANDS how many of the commands below, from the first.
 */
#include "base/err.h"
#include "program.h"
#include "random_server.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nothing is to be proven about hashing, which takes a tenth of a second. */
#define HASH "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"

static const char *const commands[][7] = {
    {"zquant-init", "status"},
    {"zquant-migrate", "check"},
    {"zquant-init", "init", "--upgrade", "--no-admin"},
    {"zquant-migrate", "upgrade", "--allow-data-loss", "--allow-locking"},
    {"zquant-init", "seeds", "diff"},
    {"zquant-migrate", "check", "--fixes"},
    {"zquant-migrate", "verify"},
    {"zquant-migrate", "verify", "--write", "random.cert"},
    {"zquant-migrate", "resume"},
    {"zquant-migrate", "adopt"},
    {"zquant-migrate", "downgrade", "--allow-data-loss", "--allow-locking", "-1"},
    {"zquant-migrate", "history"},
    {"zquant-init", "seeds", "apply"},
    {"zquant-init", "seeds", "export", "--replace", "."},
    {"zquant-init", "admin", "create"},
    {"zquant-init", "grants", "--apply", "app"},
    {"zquant-migrate", "diff"},
    {"zquant-migrate", "show", "--schema", "live", "--format", "c"},
};

static unsigned number_of(const char *name, unsigned fallback)
{
    const char *text = getenv(name);

    return text != NULL ? (unsigned)strtoul(text, NULL, 10) : fallback;
}

static bool is_ours(int status)
{
    static const int ours[] = {0, 1, 2, 64, 65, 69, 75, 76, 77, 78};

    for (size_t i = 0; i < ZQ_LEN(ours); i++) {
        if (ours[i] == status)
            return true;
    }
    return false;
}

static void run(random_server *server, size_t command, unsigned seed, unsigned *counts)
{
    program_result r;

    __atomic_store_n(&server->seed, seed, __ATOMIC_SEQ_CST);
    r = program_run(commands[command], NULL);
    cr_assert(is_ours(r.status), "%s %s, seed %u: status %d: %s", commands[command][0],
              commands[command][1], seed, r.status, r.err);
    cr_assert_null(strstr(r.err, "Sanitizer"), "%s %s, seed %u: %s", commands[command][0],
                   commands[command][1], seed, r.err);
    cr_assert_null(strstr(r.err, "runtime error"), "%s %s, seed %u: %s", commands[command][0],
                   commands[command][1], seed, r.err);
    cr_assert(r.status == 0 || r.err[0] != '\0' || r.out[0] != '\0', "seed %u", seed);
    counts[r.status]++;
    program_free(&r);
}

Test(random, no_answer_of_a_server_breaks_a_command, .timeout = 36000)
{
    const unsigned runs = number_of("ZQ_RANDOM_RUNS", 4);
    const unsigned first = number_of("ZQ_RANDOM_SEED", 1);
    const unsigned last = number_of("ZQ_RANDOM_COMMANDS", ZQ_LEN(commands));
    random_server server = {0};
    char port[16];

    random_server_begin(&server);
    snprintf(port, sizeof port, "%u", server.port);
    program_env_reset();
    program_env("DB_HOST", "127.0.0.1");
    program_env("DB_PORT", port);
    program_env("DB_PASSWORD", "x");
    program_env("ZQUANT_LOCK_TIMEOUT", "0");
    program_env("ZQUANT_CONNECT_TIMEOUT", "5");
    program_env("ZQUANT_ADMIN_PASSWORD_HASH", HASH);
    program_env("ASAN_OPTIONS", "exitcode=99");
    program_env("UBSAN_OPTIONS", "halt_on_error=1:exitcode=99");
    for (size_t i = 0; i < ZQ_LEN(commands) && i < last; i++) {
        unsigned counts[256] = {0};

        for (unsigned n = 0; n < runs; n++)
            run(&server, i, first + n, counts);
        printf("%s %s %s:", commands[i][0], commands[i][1],
               commands[i][2] != NULL ? commands[i][2] : "");
        for (int status = 0; status < 256; status++) {
            if (counts[status] != 0)
                printf(" %u ended with %d,", counts[status], status);
        }
        printf("\n");
    }
    random_server_end(&server);
}
