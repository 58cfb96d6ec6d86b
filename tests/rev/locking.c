#include "rev/locking.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static zq_rc check(const char *statement, bool allowed, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *text = zq_arena_printf(arena,
                                       "-- revision: t1\n-- revises: base\n-- title: t\n"
                                       "-- created: 2026-01-04T00:00:00Z\n-- zq:upgrade\n%s;\n"
                                       "-- zq:irreversible it is a test\n",
                                       statement);
    zq_revision revision;
    zq_chain chain;
    zq_path path;

    cr_assert_eq(zq_revision_read("t1_x.sql", text, strlen(text), arena, &revision, err), ZQ_OK,
                 "%s", err->message);
    cr_assert_eq(zq_chain_build(&revision, 1, arena, &chain, err), ZQ_OK);
    cr_assert_eq(zq_chain_path(&chain, 0, 1, ZQ_UP, arena, &path, err), ZQ_OK);
    return zq_path_locking(&path, allowed, err);
}

Test(locking, what_asks_for_a_copy_or_a_lock_itself_needs_consent)
{
    static const char *const statements[] = {
        "ALTER TABLE t ADD a int, ALGORITHM=COPY",
        "ALTER TABLE t ADD a int, ALGORITHM = copy",
        "ALTER TABLE t ADD a int, LOCK=EXCLUSIVE",
        "CREATE INDEX a ON t (a) LOCK SHARED",
    };

    for (size_t i = 0; i < ZQ_LEN(statements); i++) {
        zq_err err = {0};

        cr_assert_eq(check(statements[i], false, &err), ZQ_E_USAGE, "%s", statements[i]);
        cr_assert_str_eq(err.message, "t1_x.sql:6: copies 't', or blocks writes to it");
        cr_assert_str_eq(err.hint, "choose a quiet time, then say --allow-locking");
        cr_assert_eq(check(statements[i], true, &err), ZQ_OK, "%s", statements[i]);
    }
}

Test(locking, other_statements_do_not)
{
    static const char *const statements[] = {
        "ALTER TABLE t ADD a int, ALGORITHM=INSTANT",
        "ALTER TABLE t ADD a int, ALGORITHM=INPLACE, LOCK=NONE",
        "ALTER TABLE t ADD copy int, ADD shared int",
    };

    for (size_t i = 0; i < ZQ_LEN(statements); i++) {
        zq_err err = {0};

        cr_assert_eq(check(statements[i], false, &err), ZQ_OK, "%s: %s", statements[i],
                     err.message);
    }
}
