/* What a server sends is input: all that is not as asked for is one error. */
#include "chinese.h"

#include "base/buf.h"
#include "db/db.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* A port that answers with what a text says: results separated by ';', rows by '/', values by ','.
 * "NULL" is NULL; "!" at the end is an error of the server's, "?" one in the middle of a result; an
 * empty result has no columns, and "2:" is one of two columns without rows. */
typedef struct script {
    const char *answer;
} script;

enum { MOST = 8 };

static zq_rc give_row(const char *row, size_t length, size_t statement, bool first, zq_raw_fn *take,
                      void *context, zq_err *err)
{
    char cells[MOST][32];
    const char *values[MOST];
    size_t lengths[MOST], n = 0;

    for (size_t at = 0; at <= length && n < MOST; n++) {
        lengths[n] = strcspn(row + at, ",/;!?");
        snprintf(cells[n], sizeof cells[n], "%.*s", (int)lengths[n], row + at);
        values[n] = strcmp(cells[n], "NULL") == 0 ? NULL : cells[n];
        at += lengths[n] + 1;
    }
    if (first)
        ZQ_TRY(take(context, statement, n, NULL, NULL, err));
    return take(context, statement, n, values, lengths, err);
}

static zq_rc give_result(const char *text, size_t length, size_t statement, zq_raw_fn *take,
                         void *context, zq_err *err)
{
    if (length == 0)
        return take(context, statement, 0, NULL, NULL, err);
    if (length == 2 && text[1] == ':')
        return take(context, statement, (size_t)(text[0] - '0'), NULL, NULL, err);
    for (size_t at = 0; at < length;) {
        const size_t row = strcspn(text + at, "/;!?");

        ZQ_TRY(give_row(text + at, row, statement, at == 0, take, context, err));
        at += row + 1;
    }
    return ZQ_OK;
}

static zq_rc script_run(void *impl, const char *sql, size_t sql_length, zq_raw_fn *take,
                        void *context, size_t *out_done, unsigned long long *out_affected,
                        zq_err *err)
{
    const char *at = ((script *)impl)->answer;

    (void)sql;
    (void)sql_length;
    (void)out_affected;
    for (;;) {
        const size_t length = strcspn(at, ";!?");

        if (length == 0 && *at == '!')
            return zq_fail(err, ZQ_E_SERVER, "refused");
        ZQ_TRY(give_result(at, length, *out_done, take, context, err));
        at += length;
        if (*at == '?')
            return zq_fail(err, ZQ_E_DENIED, "refused");
        ++*out_done;
        if (*at == '\0')
            return ZQ_OK;
        at += *at == ';';
    }
}

static void script_finish(void *impl)
{
    (void)impl;
}

static zq_rc note_row(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    zq_buf *out = context;

    (void)err;
    zq_buf_printf(out, "%zu:%s ", statement,
                  zq_row_text(row, 0) != NULL ? zq_row_text(row, 0) : "NULL");
    return ZQ_OK;
}

static const zq_answer answers[] = {
    {.columns = ""},
    {"it", ZQ_ONE_ROW, 1},
    {.columns = "TI"},
    {"tt+", ZQ_AT_MOST_ONE_ROW, 2},
};

static const zq_port scripted = {script_run, script_finish};
static const zq_server some_server = {ZQ_MARIADB, 101119, "10.11.19-MariaDB"};

static zq_rc run(zq_db *db, zq_buf *seen, zq_err *err)
{
    return zq_db_run(db, "x", NULL, 0, &(zq_answers){answers, ZQ_LEN(answers), note_row, seen},
                     NULL, err);
}

static void expect_in_chinese(const char *answer)
{
    script of = {answer};
    ZQ_AUTO(zq_db) db = zq_db_over(&scripted, &of, &some_server, 7);
    ZQ_AUTO_BUF(seen);
    zq_err err = {0};

    EXPECT_CHINESE(run(db, &seen, &err), err);
    expect_chinese(err.detail);
    cr_expect_null(strstr(err.detail, "statement"), "%s", err.detail);
    cr_expect_null(strstr(err.detail, "answers"), "%s", err.detail);
}

static void expect(const char *answer, const char *rows, zq_rc rc, const char *detail)
{
    script of = {answer};
    ZQ_AUTO(zq_db) db = zq_db_over(&scripted, &of, &some_server, 7);
    ZQ_AUTO_BUF(seen);
    zq_err err = {0};
    zq_rc got = run(db, &seen, &err);

    cr_assert_eq(got, rc, "%s: %s %s", answer, err.message, err.detail);
    cr_assert_str_eq(zq_buf_text(&seen), rows, "%s", answer);
    if (rc == ZQ_E_ANSWER) {
        cr_assert_str_eq(err.message, "the server answered something else");
        cr_assert_str_eq(err.detail, detail, "%s", answer);
        expect_in_chinese(answer);
        cr_assert(zq_db_is_lost(db), "it is not asked again");
    }
}

Test(answer, what_was_asked_for_reaches_the_caller)
{
    expect(";1,a;2:;2:;2:", "1:1 ", ZQ_OK, NULL);
    expect(";-1,a;NULL,NULL/x,-7/y,18446744073709551615;t,t;u,u,NULL,w",
           "1:-1 2:NULL 2:x 2:y 3:t 4:u ", ZQ_OK, NULL);
}

Test(answer, another_number_of_results_is_refused)
{
    expect(";1,a;2:;2:", "1:1 ", ZQ_E_ANSWER, "answers: 4 instead of 5");
    expect("", "", ZQ_E_ANSWER, "answers: 1 instead of 5");
    expect(";1,a;2:;2:;2:;", "1:1 ", ZQ_E_ANSWER, "more than 5 answers");
    expect(";1,a;2:;2:;2:;x,y", "1:1 ", ZQ_E_ANSWER, "more than 5 answers");
}

Test(answer, another_number_of_columns_is_refused)
{
    expect("1,a;1,a;2:;2:;2:", "", ZQ_E_ANSWER, "statement 1: columns: 2 instead of 0");
    expect(";1;2:;2:;2:", "", ZQ_E_ANSWER, "statement 2: columns: 1 instead of 2");
    expect(";1,a,b;2:;2:;2:", "", ZQ_E_ANSWER, "statement 2: columns: 3 instead of 2");
    expect(";;2:;2:;2:", "", ZQ_E_ANSWER, "statement 2: columns: 0 instead of 2");
    expect(";1,a;3:;2:;2:", "1:1 ", ZQ_E_ANSWER, "statement 3: columns: 3 instead of 2");
    expect(";1,a;2:;1:;2:", "1:1 ", ZQ_E_ANSWER, "statement 4: columns: 1 instead of 2");
}

Test(answer, another_number_of_rows_is_refused)
{
    expect(";2:;2:;2:;2:", "", ZQ_E_ANSWER, "statement 2: no row instead of one");
    expect(";1,a/2,b;2:;2:;2:", "1:1 ", ZQ_E_ANSWER, "statement 2: more than one row");
    expect(";1,a;2:;a,b/c,d;2:", "1:1 3:a ", ZQ_E_ANSWER, "statement 4: more than one row");
}

Test(answer, a_null_or_what_is_not_a_number_is_refused_where_none_may_stand)
{
    static const char *const numbers[] = {"x",  "-",  "1.5", "1e9", "0x10",
                                          "+1", " 1", "1 ",  "",    "184467440737095516150"};

    expect(";NULL,a;2:;2:;2:", "", ZQ_E_ANSWER, "statement 2: column 1 is NULL");
    expect(";1,NULL;2:;2:;2:", "", ZQ_E_ANSWER, "statement 2: column 2 is NULL");
    for (size_t i = 0; i < ZQ_LEN(numbers); i++) {
        char answer[64];

        snprintf(answer, sizeof answer, ";1,a;x,%s;2:;2:", numbers[i]);
        expect(answer, "1:1 ", ZQ_E_ANSWER, "statement 3: column 2 is not a whole number");
    }
}

Test(answer, an_error_of_the_servers_is_the_result_unless_a_row_is_missing_before_it)
{
    expect(";1,a;!", "1:1 ", ZQ_E_SERVER, NULL);
    expect(";2:;!", "", ZQ_E_ANSWER, "statement 2: no row instead of one");
}

Test(answer, an_error_in_the_middle_of_a_result_is_the_servers)
{
    expect(";2:?", "", ZQ_E_DENIED, NULL);
    expect(";1,a?", "1:1 ", ZQ_E_DENIED, NULL);
    expect(";1,a;2:?", "1:1 ", ZQ_E_DENIED, NULL);
    expect(";2:;2:?", "", ZQ_E_ANSWER, "statement 2: no row instead of one");
}

/* ---- bounds ---- */

static zq_rc endless_run(void *impl, const char *sql, size_t length, zq_raw_fn *take, void *context,
                         size_t *out_done, unsigned long long *out_affected, zq_err *err)
{
    static const char text[1024] = {0};
    const char *values[] = {text};
    const size_t lengths[] = {sizeof text};
    const bool rows = strncmp(sql, "rows", length) == 0;

    (void)out_affected;
    ZQ_TRY(take(context, 0, rows, NULL, NULL, err));
    for (;; ++*(size_t *)impl) {
        if (rows)
            ZQ_TRY(take(context, 0, 1, values, lengths, err));
        else
            ZQ_TRY(take(context, ++*out_done, 0, NULL, NULL, err));
    }
}

static zq_rc drop_row(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    (void)context;
    (void)statement;
    (void)row;
    (void)err;
    return ZQ_OK;
}

Test(answer, rows_and_results_without_end_are_refused)
{
    static const zq_port port = {endless_run, script_finish};
    static const zq_server server = {ZQ_MARIADB, 101119, "10.11.19-MariaDB"};
    static const zq_answer rows = {.columns = "t"}, none = {.columns = ""};
    size_t taken = 0;
    zq_err err = {0};
    zq_db *db = zq_db_over(&port, &taken, &server, 7);

    zq_db_limit(db, 2 << 20);
    cr_assert_eq(
        zq_db_run(db, "rows", NULL, 0, &(zq_answers){&rows, 1, drop_row, NULL}, NULL, &err),
        ZQ_E_ANSWER);
    cr_assert_str_eq(err.detail, "statement 1: more than 2 MiB of rows");
    cr_assert_str_eq(err.hint, "if the database is that large, allow more with --max-result");
    cr_assert_lt(taken, 2048);
    zq_db_close(db);
    taken = 0;
    db = zq_db_over(&port, &taken, &server, 7);
    cr_assert_eq(zq_db_run(db, "ok", NULL, 0, &(zq_answers){&none, 1, drop_row, NULL}, NULL, &err),
                 ZQ_E_ANSWER);
    cr_assert_str_eq(err.detail, "more than 1 answers");
    cr_assert_eq(taken, 0);
    zq_db_close(db);
}
