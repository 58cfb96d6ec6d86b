#include "seed/hash.h"

#include "hash_of.h"
#include "seed/memory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

static zq_rc hash_now(zq_hash_kind kind, const char *password, char out_hash[ZQ_HASH_MAX],
                      zq_err *err)
{
    zq_hash_job *job = NULL;
    zq_rc rc = zq_hash_begin(kind, password, &job, err);

    return rc != ZQ_OK ? rc : zq_hash_end(job, out_hash, err);
}

Test(hash, argon2id_is_made_on_a_thread_and_verifies)
{
    zq_hash_job *job = NULL;
    char hash[ZQ_HASH_MAX];
    zq_err err = {0};

    cr_assert_eq(zq_hash_begin(ZQ_HASH_ARGON2ID, "Sesam-1x", &job, &err), ZQ_OK, "%s", err.message);
    cr_assert_eq(zq_hash_end(job, hash, &err), ZQ_OK, "%s", err.message);
    cr_assert_eq(strncmp(hash, "$argon2id$v=19$m=65536,t=2,p=1$", 31), 0, "%s", hash);
    cr_assert(hash_is_of(hash, "Sesam-1x"));
    cr_assert_not(hash_is_of(hash, "Sesam-1y"));
    cr_assert_eq(zq_hash_check(hash, &err), ZQ_OK);
}

Test(hash, a_result_can_be_dropped)
{
    zq_hash_job *job = NULL;

    cr_assert_eq(zq_hash_begin(ZQ_HASH_ARGON2ID, "Sesam-1x", &job, NULL), ZQ_OK);
    cr_assert_eq(zq_hash_end(job, NULL, NULL), ZQ_OK);
}

Test(hash, bcrypt_is_2b_with_cost_12_and_verifies)
{
    char hash[ZQ_HASH_MAX];
    zq_err err = {0};

    cr_assert_eq(hash_now(ZQ_HASH_BCRYPT, "Sesam-1x", hash, &err), ZQ_OK, "%s", err.message);
    cr_assert_eq(strncmp(hash, "$2b$12$", 7), 0, "%s", hash);
    cr_assert(hash_is_of(hash, "Sesam-1x"));
    cr_assert_not(hash_is_of(hash, "Sesam-1y"));
    cr_assert_eq(zq_hash_check(hash, &err), ZQ_OK);
}

Test(hash, bcrypt_refuses_what_it_would_cut)
{
    char password[74];
    char hash[ZQ_HASH_MAX];
    zq_err err = {0};

    memset(password, 'x', 73);
    password[73] = '\0';
    cr_assert_eq(hash_now(ZQ_HASH_BCRYPT, password, hash, &err), ZQ_E_DATA);
    cr_assert_str_eq(err.message,
                     "bcrypt looks at the first 72 bytes of a password, and this one has 73");
    password[72] = '\0';
    cr_assert_eq(hash_now(ZQ_HASH_BCRYPT, password, hash, &err), ZQ_OK);
}

Test(hash, hashes_made_elsewhere_are_validated)
{
#define SALT53 "abcdefghijklmnopqrstuuJ8zT1gP3pAF3OZ6gTEmL2dFoS1xX1Qy"
    static const char *const good[] = {
        "$2b$12$" SALT53,
        "$2a$04$" SALT53,
        "$2y$16$" SALT53,
        "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b4fWg",
        "$argon2id$v=19$m=102400,t=2,p=8$c29tZXNhbHQ$RdescudvJCsgt3ub+b4fWgRdescudvJCsgt3ub+b4fWg",
    };
    static const char *const damaged[] = {
        "$2b$12$abc",
        "$2b$1$" SALT53 "x",
        "$2b$12$" SALT53 "x",
        "$2b",
        "$2b$12$!bcdefghijklmnopqrstuuJ8zT1gP3pAF3OZ6gTEmL2dFoS1xX1Qy",
        "$argon2id$",
        "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA",
        "$argon2id$v=16$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b4fWg",
        "$argon2id$v=19$m=65536,t=3,p=4$c29t$RdescudvJCsgt3ub+b4fWg",
        "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b4fWg\n",
    };
    static const char *const unknown[] = {
        "",
        "Sesam-1x",
        "$1$abc$def",
        "$2x$12$" SALT53,
        "$2$12$" SALT53,
        "$argon2i$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b4fWg",
    };
    zq_err err = {0};

    for (size_t i = 0; i < ZQ_LEN(good); i++)
        cr_assert_eq(zq_hash_check(good[i], &err), ZQ_OK, "%s: %s", good[i], err.message);
    for (size_t i = 0; i < ZQ_LEN(damaged); i++) {
        cr_assert_eq(zq_hash_check(damaged[i], &err), ZQ_E_DATA, "%s", damaged[i]);
        cr_assert_str_eq(err.message, "the administrator's password hash is damaged or cut short",
                         "%s", damaged[i]);
    }
    for (size_t i = 0; i < ZQ_LEN(unknown); i++) {
        cr_assert_eq(zq_hash_check(unknown[i], &err), ZQ_E_DATA, "%s", unknown[i]);
        cr_assert_str_eq(err.message,
                         "the administrator's password hash is neither argon2id nor bcrypt");
    }
}

#define SALT "$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA"
#define BCRYPTED "abcdefghijklmnopqrstuuJ8zT1gP3pAF3OZ6gTEmL2dFoS1xX1Qy"

Test(hash, parameters_that_would_keep_the_application_busy_are_refused)
{
    static const char *const absurd[] = {
        "$argon2id$v=19$m=1048577,t=1,p=1" SALT,
        "$argon2id$v=19$m=99999999999999999999999,t=1,p=1" SALT,
        "$argon2id$v=19$m=65536,t=21,p=1" SALT,
        "$argon2id$v=19$m=65536,t=0,p=1" SALT,
        "$argon2id$v=19$m=65536,t=1,p=17" SALT,
        "$argon2id$v=19$m=15,t=1,p=2" SALT,
        "$2b$17$" BCRYPTED,
        "$2b$03$" BCRYPTED,
    };
    zq_err err = {0};

    for (size_t i = 0; i < ZQ_LEN(absurd); i++) {
        cr_assert_eq(zq_hash_check(absurd[i], &err), ZQ_E_DATA, "%s", absurd[i]);
        cr_assert_str_eq(err.message,
                         "the administrator's password hash has parameters that no "
                         "login should meet",
                         "%s", absurd[i]);
    }
    cr_assert_eq(zq_hash_check("$argon2id$v=19$m=1048576,t=20,p=16" SALT, &err), ZQ_OK);
    cr_assert_eq(zq_hash_check("$2b$16$" BCRYPTED, &err), ZQ_OK);
}

Test(hash, those_below_the_least_that_owasp_wants_are_weak)
{
    cr_assert_null(zq_hash_weak("$argon2id$v=19$m=19456,t=2,p=1" SALT));
    cr_assert_null(zq_hash_weak("$argon2id$v=19$m=7168,t=5,p=1" SALT));
    cr_assert_null(zq_hash_weak("$2b$10$" BCRYPTED));
    cr_assert_str_eq(zq_hash_weak("$argon2id$v=19$m=19455,t=2,p=1" SALT),
                     "argon2id's parameters should be m=19456,t=2,p=1 at least");
    cr_assert_str_eq(zq_hash_weak("$argon2id$v=19$m=7167,t=20,p=1" SALT),
                     "argon2id's parameters should be m=19456,t=2,p=1 at least");
    cr_assert_str_eq(zq_hash_weak("$2b$09$" BCRYPTED), "bcrypt's cost should be 10 at least");
}

/* ---- memory ---- */

static char root[] = "/tmp/zq-memory-XXXXXX";

static void put(const char *path, const char *text)
{
    char full[512];
    FILE *file;

    snprintf(full, sizeof full, "%s%s", root, path);
    for (char *c = full + sizeof root; *c != '\0'; c++) {
        if (*c == '/') {
            *c = '\0';
            mkdir(full, 0700);
            *c = '/';
        }
    }
    file = fopen(full, "w");
    cr_assert_not_null(file, "%s", full);
    fputs(text, file);
    fclose(file);
}

static void begin(void)
{
    cr_assert_not_null(mkdtemp(root));
}

static void end(void)
{
    struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
    char command[64];

    setrlimit(RLIMIT_AS, &unlimited);
    snprintf(command, sizeof command, "rm -rf %s", root);
    cr_assert_eq(system(command), 0);
}

TestSuite(memory, .init = begin, .fini = end);

Test(memory, a_version_2_group_and_those_around_it_count)
{
    zq_memory_room room;

    put("/proc/self/cgroup", "0::/a/b\n");
    put("/sys/fs/cgroup/a/b/memory.max", "max\n");
    put("/sys/fs/cgroup/a/b/memory.current", "1000\n");
    room = zq_memory_left(root);
    cr_assert_not(room.limited);
    put("/sys/fs/cgroup/a/memory.max", "67108864\n");
    put("/sys/fs/cgroup/a/memory.current", "20000000\n");
    put("/sys/fs/cgroup/a/memory.stat", "anon 1\nfile 5000000\nfile_mapped 7\n");
    room = zq_memory_left(root);
    cr_assert(room.limited);
    cr_assert_eq(room.limit, 67108864);
    cr_assert_eq(room.used, 15000000);
    cr_assert_eq(room.left, 52108864);
    cr_assert_str_eq(room.what, "control group");
}

Test(memory, a_container_sees_its_own_group_as_the_root)
{
    zq_memory_room room;

    put("/proc/self/cgroup", "0::/\n");
    put("/sys/fs/cgroup/memory.max", "1000000\n");
    put("/sys/fs/cgroup/memory.current", "400000\n");
    room = zq_memory_left(root);
    cr_assert_eq(room.left, 600000);
}

Test(memory, a_version_1_group_counts_and_its_absence_of_a_limit_does_not)
{
    zq_memory_room room;

    put("/proc/self/cgroup", "5:cpu:/x\n4:memory:/docker/1\n0::/\n");
    put("/sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes", "9223372036854771712\n");
    put("/sys/fs/cgroup/memory/docker/1/memory.usage_in_bytes", "9\n");
    cr_assert_not(zq_memory_left(root).limited);
    put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "5000000\n");
    put("/sys/fs/cgroup/memory/memory.usage_in_bytes", "6000000\n");
    put("/sys/fs/cgroup/memory/memory.stat", "total_cache 2000000\n");
    room = zq_memory_left(root);
    cr_assert_eq(room.left, 1000000);
}

Test(memory, nothing_there_limits_nothing)
{
    cr_assert_not(zq_memory_left(root).limited);
}

#ifndef __SANITIZE_ADDRESS__
Test(memory, an_address_space_limit_is_said_before_argon2id_fails)
{
    struct rlimit limit = {48 << 20, RLIM_INFINITY};
    char hash[ZQ_HASH_MAX];
    zq_err err = {0};

    cr_assert_eq(setrlimit(RLIMIT_AS, &limit), 0);
    cr_assert_eq(hash_now(ZQ_HASH_ARGON2ID, "Sesam-1x", hash, &err), ZQ_E_MEMORY);
    cr_assert_eq(
        strncmp(err.message, "to hash a password by argon2id takes 76 MiB of memory, and ", 59), 0,
        "%s", err.message);
    cr_assert_eq(strncmp(err.detail, "the address space limit (RLIMIT_AS) allows 48 MiB, of ", 54),
                 0, "%s", err.detail);
    cr_assert_eq(strncmp(err.hint, "raise the limit to ", 19), 0, "%s", err.hint);
    cr_assert_geq(atoi(err.hint + 19), 68 + 1, "%s", err.hint);
    cr_assert_not_null(strstr(err.hint, " MiB, or use '--admin-hash bcrypt'"), "%s", err.hint);
}
#endif
