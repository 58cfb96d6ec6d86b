#include "db/db.h"
#include "db/errors.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* A port that keeps what it was sent and answers with one error, if it has one. */
typedef struct script {
    char sent[512];
    zq_server_error error;
    bool finished;
} script;

static zq_rc script_run(void *impl, const char *sql, size_t length, zq_raw_fn *take, void *context,
                        size_t *out_done, unsigned long long *out_affected, zq_err *err)
{
    script *of = impl;

    (void)take;
    (void)context;
    (void)out_affected;
    snprintf(of->sent, sizeof of->sent, "%.*s", (int)length, sql);
    if (of->error.number != 0)
        return zq_errors_fail_statement(err, &of->error);
    *out_done = 1;
    return ZQ_OK;
}

static void script_finish(void *impl)
{
    ((script *)impl)->finished = true;
}

static zq_db *open_script(script *of)
{
    static const zq_port port = {script_run, script_finish};
    static const zq_server server = {ZQ_MARIADB, 101119, "10.11.19-MariaDB"};

    return zq_db_over(&port, of, &server, 7);
}

static void expect_sent(const char *sql, const zq_arg *args, size_t n_args, const char *expected)
{
    script of = {0};
    ZQ_AUTO(zq_db) db = open_script(&of);
    zq_err err = {0};

    cr_assert_eq(zq_db_run(db, sql, args, n_args, NULL, NULL, &err), ZQ_OK, "%s", err.message);
    cr_assert_str_eq(of.sent, expected);
}

Test(run, arguments_take_the_place_of_question_marks)
{
    const zq_arg args[] = {zq_arg_int(5), zq_arg_text("a'b\\c\"d"), zq_arg_text(NULL)};

    expect_sent("SELECT ?, ?, ?", args, 3, "SELECT 5, 'a''b\\\\c\"d', NULL");
}

Test(run, question_marks_in_quotes_and_comments_stay)
{
    static const char *const kept[] = {"'?'",       "'a''?'",   "'a\\'?'",       "\"?\"",
                                       "\"\\\"?\"", "`?`",      "`a``?`",        "`\\` /*?*/",
                                       "/* ? */",   "/*! ? */", "# ?\n",         "-- ?\n",
                                       "--\t?\n",   "--\n",     "'#' /* '?' */", "/* ` ? ' */"};
    const zq_arg one = zq_arg_int(1);

    for (size_t i = 0; i < ZQ_LEN(kept); i++) {
        char sql[64], expected[64];

        snprintf(sql, sizeof sql, "a %s ?", kept[i]);
        snprintf(expected, sizeof expected, "a %s 1", kept[i]);
        expect_sent(sql, &one, 1, expected);
    }
}

Test(run, two_minus_signs_without_a_space_are_no_comment)
{
    const zq_arg one = zq_arg_int(-1);

    expect_sent("SELECT 1--?", &one, 1, "SELECT 1---1");
}

Test(run, a_statement_without_arguments_is_sent_as_it_is)
{
    expect_sent("SELECT ?", NULL, 0, "SELECT ?");
}

Test(run, a_wrong_number_of_arguments_is_never_sent)
{
    script of = {0};
    ZQ_AUTO(zq_db) db = open_script(&of);
    const zq_arg args[] = {zq_arg_int(1), zq_arg_int(2)};
    zq_err err = {0};

    cr_assert_eq(zq_db_run(db, "SELECT ?", args, 2, NULL, NULL, &err), ZQ_E_MODEL);
    cr_assert_str_eq(err.message, "a statement takes 1 arguments, not 2: SELECT ?");
    cr_assert_str_eq(of.sent, "");
    cr_assert_eq(zq_db_round_trips(db), 0);
}

Test(run, an_error_has_a_code_words_and_the_servers_words)
{
    static const struct {
        unsigned number;
        const char *words;
        zq_rc code;
        const char *message;
    } cases[] = {
        {1142, "CREATE command denied", ZQ_E_DENIED, "access denied"},
        {1205, "Lock wait timeout exceeded", ZQ_E_LOCKED, "a lock was held too long by another"},
        {1213, "Deadlock found", ZQ_E_LOCKED, "a deadlock with another"},
        {3572, "NOWAIT is set", ZQ_E_LOCKED, "a lock is held by another"},
        {2006, "Server has gone away", ZQ_E_LOST, "the connection to the server was lost"},
        {2013, "Lost connection", ZQ_E_LOST, "the connection to the server was lost"},
        {4031, "disconnected by the server", ZQ_E_LOST, "the connection to the server was lost"},
        {1927, "Connection was killed", ZQ_E_LOST, "the connection to the server was lost"},
        {1053, "Server shutdown in progress", ZQ_E_LOST, "the server is shutting down"},
        {1792, "Cannot execute statement in a READ ONLY transaction", ZQ_E_READ_ONLY,
         "transactions on this server are read only"},
        {1836, "Running in read-only mode", ZQ_E_READ_ONLY, "the server is read only"},
        {1290, "running with the --read-only option", ZQ_E_READ_ONLY, "the server is read only"},
        {1290, "running with the --secure-file-priv option", ZQ_E_SERVER,
         "the server refused the statement"},
        {1047, "WSREP has not yet prepared node", ZQ_E_UNAVAILABLE,
         "the cluster node is not ready"},
        {1064, "You have an error", ZQ_E_SERVER, "the server refused the statement"},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        script of = {.error = {cases[i].number, "HY000", cases[i].words}};
        ZQ_AUTO(zq_db) db = open_script(&of);
        zq_err err = {0};
        char detail[200];

        cr_assert_eq(zq_db_exec(db, "DO 1", &err), cases[i].code, "%u", cases[i].number);
        cr_assert_eq(err.code, cases[i].code);
        cr_assert_str_eq(err.message, cases[i].message);
        snprintf(detail, sizeof detail, "%s (%u)", cases[i].words, cases[i].number);
        cr_assert_str_eq(err.detail, detail);
        cr_assert_eq(err.server_errno, cases[i].number);
        cr_assert_str_eq(err.sqlstate, "HY000");
        cr_assert_eq(zq_db_is_lost(db), cases[i].code == ZQ_E_LOST);
    }
}

/* The same numbers on both servers, or of one of them alone. */
Test(run, an_error_has_the_cause_that_callers_ask_for)
{
    static const struct {
        unsigned number;
        zq_cause cause;
    } cases[] = {
        {0, ZQ_CAUSE_OTHER},
        {1205, ZQ_CAUSE_OTHER},
        {1044, ZQ_CAUSE_DATABASE_DENIED},
        {1142, ZQ_CAUSE_TABLE_DENIED},
        {1143, ZQ_CAUSE_COLUMN_DENIED},
        {1049, ZQ_CAUSE_NO_DATABASE},
        {1146, ZQ_CAUSE_NO_TABLE},
        {1054, ZQ_CAUSE_NO_COLUMN},
        {1360, ZQ_CAUSE_NO_OBJECT},
        {4089, ZQ_CAUSE_NO_OBJECT},
        {1051, ZQ_CAUSE_NO_TABLE_TO_DROP},
        {1091, ZQ_CAUSE_NOTHING_TO_DROP},
        {1060, ZQ_CAUSE_DUPLICATE_COLUMN},
        {1061, ZQ_CAUSE_DUPLICATE_NAME},
        {1062, ZQ_CAUSE_DUPLICATE_ROW},
        {1242, ZQ_CAUSE_MANY_ROWS},
        {1213, ZQ_CAUSE_GAVE_WAY},
        {1180, ZQ_CAUSE_GAVE_WAY},
        {3101, ZQ_CAUSE_GAVE_WAY},
        {1280, ZQ_CAUSE_BAD_INDEX_NAME},
        {1356, ZQ_CAUSE_BAD_VIEW},
        {1396, ZQ_CAUSE_BAD_ACCOUNT},
        {1064, ZQ_CAUSE_BAD_TEXT},
        {1295, ZQ_CAUSE_NOT_PREPARED},
        {1845, ZQ_CAUSE_NOT_THAT_WAY},
        {1846, ZQ_CAUSE_NOT_THAT_WAY},
        {4092, ZQ_CAUSE_NOT_THAT_WAY},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        const zq_server_error error = {cases[i].number, "HY000", "words"};
        zq_err err = {0};

        zq_errors_fail_statement(&err, &error);
        cr_assert_eq(err.cause, cases[i].cause, "%u", cases[i].number);
    }
}

Test(run, a_file_without_its_table_is_named_as_what_is_in_the_way)
{
    static const zq_server_error said[] = {
        {1813, "HY000", "Tablespace '`zquant`.`t`' exists."},
        {1005, "HY000",
         "Can't create table `zquant`.`t` (errno: 184 \"Tablespace already exists\")"},
    };
    static const zq_server_error other = {1005, "HY000", "Can't create table (errno: 150 \"key\")"};
    static const char words[] =
        "a file without its table is in the way, and has to be moved out of "
        "the database's directory";
    zq_err err = {0};

    for (size_t i = 0; i < ZQ_LEN(said); i++) {
        cr_assert_eq(zq_errors_fail_statement(&err, &said[i]), ZQ_E_SERVER);
        cr_assert_str_eq(err.message, words);
    }
    zq_errors_fail_statement(&err, &other);
    cr_assert_str_eq(err.message, "the server refused the statement");
}

Test(run, a_table_that_the_server_cannot_open_is_named_as_that)
{
    static const zq_server_error said = {1177, "42000", "Can't open table"};
    zq_err err = {0};

    cr_assert_eq(zq_errors_fail_statement(&err, &said), ZQ_E_SERVER);
    cr_assert_str_eq(err.message, "the server cannot open the table, which may be damaged: its "
                                  "error log says why");
    cr_assert_str_eq(err.detail, "Can't open table (1177)");
}

Test(run, a_lost_connection_is_not_asked_again)
{
    script of = {.error = {2013, "HY000", "Lost connection"}};
    ZQ_AUTO(zq_db) db = open_script(&of);
    zq_err err = {0};

    cr_assert_eq(zq_db_exec(db, "DO 1", &err), ZQ_E_LOST);
    cr_assert_eq(zq_db_exec(db, "DO 2", &err), ZQ_E_LOST);
    cr_assert_str_eq(of.sent, "DO 1");
}

Test(run, an_error_never_shows_an_argument)
{
    static const struct {
        const char *words;
        const char *expected;
    } cases[] = {
        {"Duplicate entry 'S3cret-pass' for key 'x'", "Duplicate entry '***' for key 'x' (1062)"},
        {"near 'S3cret-pa' at line 1", "near '***' at line 1 (1062)"},
        {"near 'cret-pass'' at line 1", "near '***'' at line 1 (1062)"},
        {"Duplicate entry 'abc' for key 'x'", "Duplicate entry '***' for key 'x' (1062)"},
        {"nothing of it", "nothing of it (1062)"},
    };
    const zq_arg args[] = {zq_arg_text("S3cret-pass"), zq_arg_int(5), zq_arg_text("abc")};

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        script of = {.error = {1062, "23000", cases[i].words}};
        ZQ_AUTO(zq_db) db = open_script(&of);
        zq_err err = {0};

        cr_assert_eq(zq_db_run(db, "?, ?, ?", args, 3, NULL, NULL, &err), ZQ_E_SERVER);
        cr_assert_str_eq(err.detail, cases[i].expected);
    }
}

Test(run, closing_a_handle_finishes_its_port)
{
    script of = {0};

    zq_db_close(open_script(&of));
    cr_assert(of.finished);
}

Test(run, connect_errors_name_the_address_and_the_next_command)
{
    const zq_server_error error = {1045, "28000", "Access denied for user 'u'@'h'"};
    zq_err err = {0};

    cr_assert_eq(zq_errors_fail_connect(&err, &error, "u@h:3306"), ZQ_E_DENIED);
    cr_assert_str_eq(err.message, "cannot connect to 'u@h:3306': access denied");
    cr_assert_str_eq(err.detail, "Access denied for user 'u'@'h' (1045)");
    cr_assert_str_eq(err.hint, "check --user and --password-file");
}

/* As MariaDB's connector 3.3.20 gives it: the server spoke before TLS began. */
Test(run, what_a_server_says_before_tls_is_told_as_the_server_said_it)
{
    const zq_server_error error = {
        2002, "HY000",
        "Received error packet before completion of TLS handshake. The authenticity of the "
        "following error cannot be verified: 1129 - Host 'h' is blocked because of many connection "
        "errors"};
    zq_err err = {0};

    cr_assert_eq(zq_errors_fail_connect(&err, &error, "u@h:3306"), ZQ_E_DENIED, "worth no waiting");
    cr_assert_str_eq(err.message, "cannot connect to 'u@h:3306': the server blocks this host after "
                                  "many failed connections");
    cr_assert_str_eq(err.detail, "Host 'h' is blocked because of many connection errors (1129)");
}
