/* Where memory is too short for argon2id, that is said with figures and a way out, before anything
 * is changed. */
#include "cli.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PASSWORD "Memory1!short"

static void begin(void)
{
    cli_begin("memory");
    program_env("ZQUANT_ADMIN_PASSWORD", PASSWORD);
}

TestSuite(memory, .init = begin, .fini = cli_end, .timeout = 60);

/* Run the words in what a container of 64 MiB sees, 5 of them in use: a control group of its own,
 * which is also the root. */
static program_result in_container(const char *command)
{
    char script[1024];
    program_result r;

    r = PROGRAM("/usr/bin/unshare", "--mount", "true");
    if (r.status != 0)
        cr_skip_test("only root may show another /sys to a program");
    program_free(&r);
    snprintf(script, sizeof script,
             "mount -t tmpfs none /sys && mkdir -p /sys/fs/cgroup && cd /sys/fs/cgroup &&"
             "echo 67108864 >memory.max && echo 8388608 >memory.current &&"
             "echo 'file 3145728' >memory.stat && cd - >/dev/null && exec %s/%s",
             ZQ_BUILD_DIR, command);
    return PROGRAM("/usr/bin/unshare", "--mount", "sh", "-c", script);
}

static void expect_refused(const program_result *r)
{
    cr_assert_eq(r->status, 2, "%d: %s", r->status, r->err);
    cr_assert_str_eq(r->err,
                     "zquant-init: to hash a password by argon2id takes 68 MiB of memory, and 59 "
                     "are left: the control group allows 64 MiB, of which 5 MiB are in use\n"
                     "hint: raise the limit to 77 MiB, or use '--admin-hash bcrypt'\n");
    cr_assert_str_eq(r->out, "");
}

Test(memory, a_container_of_64_mib_is_refused_before_anything_is_made)
{
    program_result r = in_container("zquant-init");

    expect_refused(&r);
    cr_assert_not(cli_database_exists());
    program_free(&r);
}

Test(memory, what_the_hint_says_works_and_a_ready_database_needs_no_room)
{
    program_result r = in_container("zquant-init -q --admin-hash bcrypt");

    cr_assert_eq(r.status, 0, "%d: %s", r.status, r.err);
    cli_expect_value("1", "SELECT COUNT(*) FROM zq_app_users WHERE hashed_password LIKE '$2b$%'");
    program_free(&r);
    r = in_container("zquant-init -q");
    cr_assert_eq(r.status, 0, "%d: %s", r.status, r.err);
    program_free(&r);
}

Test(memory, no_row_is_changed_for_a_password_that_cannot_be_hashed)
{
    char *before;
    char *after;
    program_result r;

    EXPECT(0, NULL, "zquant-init", "-q", "--no-admin");
    before = cli_rows();
    r = in_container("zquant-init");
    expect_refused(&r);
    program_free(&r);
    r = in_container("zquant-init admin create");
    expect_refused(&r);
    program_free(&r);
    after = cli_rows();
    cr_assert_str_eq(after, before);
    free(before);
    free(after);
}

Test(memory, a_reset_that_is_refused_leaves_the_old_password)
{
    char *before;
    program_result r;

    EXPECT(0, NULL, "zquant-init", "-q", "--admin-hash", "bcrypt");
    before = cli_value("SELECT CONCAT(hashed_password, updated_time) FROM zq_app_users");
    r = in_container("zquant-init admin reset-password --admin-hash argon2id");
    expect_refused(&r);
    program_free(&r);
    cli_expect_value(before, "SELECT CONCAT(hashed_password, updated_time) FROM zq_app_users");
    free(before);
}

#ifndef __SANITIZE_ADDRESS__
static program_result in_address_space(unsigned kib)
{
    char script[512];

    snprintf(script, sizeof script, "ulimit -v %u; exec %s/zquant-init -q", kib, ZQ_BUILD_DIR);
    return PROGRAM("/bin/sh", "-c", script);
}

/* Refused, with nothing made; gives the MiB that the hint asks for. */
static unsigned refused_in(unsigned kib)
{
    static const char hint[] = "\nhint: raise the limit to ";
    program_result r = in_address_space(kib);
    const char *at = strstr(r.err, hint);
    unsigned mib;

    cr_assert_eq(r.status, 2, "%u KiB: %d: %s", kib, r.status, r.err);
    cr_assert_not_null(strstr(r.err, ": the address space limit (RLIMIT_AS) allows "), "%s", r.err);
    cr_assert_not_null(at, "%s", r.err);
    cr_assert_not(cli_database_exists(), "%u KiB", kib);
    mib = (unsigned)atoi(at + strlen(hint));
    program_free(&r);
    return mib;
}

static void done_in(unsigned kib)
{
    program_result r = in_address_space(kib);

    cr_assert_eq(r.status, 0, "%u KiB: %d: %s", kib, r.status, r.err);
    live_drop(cli_database());
    program_free(&r);
}

Test(memory, the_address_space_that_the_hint_asks_for_is_enough_and_little_more)
{
    const unsigned mib = refused_in(64U << 10);

    cr_assert_gt(mib, 68);
    refused_in((mib - 6) << 10);
    done_in(mib << 10);
    done_in((mib + 30) << 10);
    done_in((mib + 80) << 10);
}
#endif

ZQ_LIVE_MAIN
