#include "live.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static zq_rc open_target(const zq_target *target, zq_err *err)
{
    zq_db *db = NULL;
    zq_rc rc = zq_db_open(target, &db, err);

    if (rc == ZQ_OK)
        zq_db_close(db);
    return rc;
}

static void expect_value(zq_db *db, const char *sql, const char *expected)
{
    char *value = live_value(db, sql);

    cr_assert_not_null(value);
    cr_assert_str_eq(value, expected);
    free(value);
}

Test(connect, the_server_says_who_it_is)
{
    ZQ_AUTO(zq_db) db = live_open();

    cr_assert_eq(zq_db_server(db)->flavor, live_flavor());
    cr_assert_geq(zq_db_server(db)->version, 80000);
    cr_assert_eq(zq_db_round_trips(db), 0);
    cr_assert_gt(zq_db_connection_id(db), 0);
}

Test(connect, a_session_is_pinned)
{
    ZQ_AUTO(zq_db) db = live_open();

    expect_value(db, "SELECT @@sql_mode",
                 "STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
                 "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION");
    expect_value(db, "SELECT @@collation_connection", "utf8mb4_unicode_ci");
    expect_value(db, "SELECT @@character_set_results", "utf8mb4");
    expect_value(db, "SELECT @@time_zone = @@GLOBAL.time_zone", "1");
    cr_assert_eq(zq_db_round_trips(db), 4);
}

Test(connect, arguments_arrive_as_they_are)
{
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char text[] = "it's \\ \"x\" `y` \n 中文 😀 ?";
    zq_arg args[] = {zq_arg_text(text),
                     zq_arg_int(-42),
                     zq_arg_text(NULL),
                     {.kind = ZQ_ARG_TEXT, .text = "a\0b", .length = 3}};
    zq_rows rows;
    zq_err err = {0};

    cr_assert_eq(zq_db_query(db, "SELECT ?, ?, '?', ? /* ? */, HEX(?) -- ?", args, ZQ_LEN(args),
                             "titTt", arena, &rows, &err),
                 ZQ_OK, "%s: %s", err.message, err.detail);
    cr_assert_str_eq(zq_rows_at(&rows, 0, 0), text);
    cr_assert_str_eq(zq_rows_at(&rows, 0, 1), "-42");
    cr_assert_str_eq(zq_rows_at(&rows, 0, 2), "?");
    cr_assert_null(zq_rows_at(&rows, 0, 3));
    cr_assert_str_eq(zq_rows_at(&rows, 0, 4), "610062");
}

static zq_rc count_rows(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    size_t *n = context;

    (void)row;
    (void)err;
    n[statement]++;
    return ZQ_OK;
}

Test(connect, several_statements_are_one_round_trip)
{
    static const zq_answer answers[] = {{.columns = "i"}, {.columns = ""}, {"i", ZQ_ONE_ROW, 1}};
    ZQ_AUTO(zq_db) db = live_open();
    size_t n[3] = {0}, done = 0;
    zq_err err = {0};

    cr_assert_eq(zq_db_run(db, "SELECT 1 UNION ALL SELECT 2; SET @a = 1; SELECT @a", NULL, 0,
                           &(zq_answers){answers, ZQ_LEN(answers), count_rows, n}, &done, &err),
                 ZQ_OK);
    cr_assert_eq(done, 3);
    cr_assert_eq(n[0], 2);
    cr_assert_eq(n[1], 0);
    cr_assert_eq(n[2], 1);
    cr_assert_eq(zq_db_round_trips(db), 1);
}

Test(connect, the_first_statement_that_fails_ends_the_run)
{
    static const zq_answer answer = {"i", ZQ_ONE_ROW, 3};
    ZQ_AUTO(zq_db) db = live_open();
    size_t n[3] = {0}, done = 0;
    zq_err err = {0};

    cr_assert_eq(zq_db_run(db, "SELECT 1; SELECT * FROM zq_no.such; SELECT 1", NULL, 0,
                           &(zq_answers){&answer, 1, count_rows, n}, &done, &err),
                 ZQ_E_SERVER);
    cr_assert_eq(done, 1);
    cr_assert_eq(n[0], 1);
    cr_assert_eq(n[2], 0);
    cr_assert_str_eq(err.message, "the server refused the statement");
    cr_assert(err.server_errno == 1049 || err.server_errno == 1146, "%u", err.server_errno);
    expect_value(db, "SELECT 7", "7");
}

static zq_rc refuse_row(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    (void)context;
    (void)statement;
    (void)row;
    return zq_fail(err, ZQ_E_DATA, "enough");
}

Test(connect, a_callback_that_refuses_a_row_leaves_the_connection_usable)
{
    static const zq_answer answer = {.columns = "i", .times = 2};
    ZQ_AUTO(zq_db) db = live_open();
    zq_err err = {0};

    cr_assert_eq(zq_db_run(db, "SELECT 1 UNION ALL SELECT 2; SELECT 3", NULL, 0,
                           &(zq_answers){&answer, 1, refuse_row, NULL}, NULL, &err),
                 ZQ_E_DATA);
    cr_assert_str_eq(err.message, "enough");
    expect_value(db, "SELECT 7", "7");
}

Test(connect, an_answer_that_was_not_asked_for_ends_the_connection)
{
    static const zq_answer answer = {.columns = "ii"};
    ZQ_AUTO(zq_db) db = live_open();
    size_t n[1] = {0};
    zq_err err = {0};

    cr_assert_eq(zq_db_run(db, "SELECT SLEEP(0) UNION ALL SELECT 2", NULL, 0,
                           &(zq_answers){&answer, 1, count_rows, n}, NULL, &err),
                 ZQ_E_ANSWER);
    cr_assert_str_eq(err.message, "the server answered something else");
    cr_assert_str_eq(err.detail, "statement 1: columns: 1 instead of 2");
    cr_assert_eq(n[0], 0);
    cr_assert_eq(zq_db_exec(db, "DO 1", &err), ZQ_E_LOST);
}

Test(connect, changed_rows_are_those_of_the_last_statement_that_changed_any)
{
    ZQ_AUTO(zq_db) db = live_open();

    live_exec(db, "DO 1");
    cr_assert_eq(zq_db_affected(db), 0);
    live_exec(db,
              "CREATE TEMPORARY TABLE mysql.zq_t (a int); INSERT INTO mysql.zq_t VALUES (1), (2);"
              "COMMIT");
    cr_assert_eq(zq_db_affected(db), 2);
    live_exec(db, "UPDATE mysql.zq_t SET a = 3 WHERE a = 9; COMMIT");
    cr_assert_eq(zq_db_affected(db), 0);
}

Test(connect, a_wrong_password_is_denied)
{
    zq_target target = live_target();
    zq_err err = {0};
    char expected[200];

    target.user = "zq_nobody";
    target.password = "not the password";
    cr_assert_eq(open_target(&target, &err), ZQ_E_DENIED);
    snprintf(expected, sizeof expected, "cannot connect to 'zq_nobody@%s:%u': access denied",
             target.host, target.port);
    cr_assert_str_eq(err.message, expected);
    cr_assert_str_eq(err.hint, "check --user and --password-file");
    cr_assert_eq(err.server_errno, 1045);
    cr_assert_null(strstr(err.detail, "not the password"));
}

Test(connect, a_failure_is_known_by_its_code_where_no_words_are_wanted)
{
    zq_target denied = live_target();
    zq_target closed = live_target();

    denied.user = "zqt_nobody";
    cr_assert_eq(open_target(&denied, NULL), ZQ_E_DENIED);
    closed.port = 1;
    cr_assert_eq(open_target(&closed, NULL), ZQ_E_UNAVAILABLE);
}

Test(connect, a_port_nobody_listens_on_is_worth_waiting_for)
{
    zq_target target = live_target();
    zq_err err = {0};

    target.host = "127.0.0.1";
    target.port = 1;
    cr_assert_eq(open_target(&target, &err), ZQ_E_UNAVAILABLE);
    /* MariaDB's connector does not give the reason. */
    cr_assert(strstr(err.message, "@127.0.0.1:1': nobody answers") != NULL ||
                  strstr(err.message, "@127.0.0.1:1': connection refused") != NULL,
              "%s", err.message);
    cr_assert_str_eq(err.hint, "start the server, or wait for it with --wait 30");
}

Test(connect, a_socket_that_is_not_there_is_worth_waiting_for)
{
    zq_target target = live_target();
    zq_err err = {0};

    target.socket = "/nonexistent/mysqld.sock";
    cr_assert_eq(open_target(&target, &err), ZQ_E_UNAVAILABLE);
    cr_assert(strstr(err.message, "@/nonexistent/mysqld.sock': no such file or directory") != NULL,
              "%s", err.message);
}

Test(connect, an_unknown_host_is_named)
{
    zq_target target = live_target();
    zq_err err = {0};

    target.host = "no-such-host.invalid";
    cr_assert_eq(open_target(&target, &err), ZQ_E_UNAVAILABLE);
    cr_assert(strstr(err.message, "@no-such-host.invalid:") != NULL, "%s", err.message);
    cr_assert(strstr(err.message, ": unknown host") != NULL, "%s", err.message);
}

Test(connect, a_listener_that_says_nothing_times_out, .timeout = 10)
{
    zq_target target = live_target();
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    zq_err err = {0};

    cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    cr_assert_eq(listen(fd, 1), 0);
    getsockname(fd, (struct sockaddr *)&address, &size);
    target.host = "127.0.0.1";
    target.port = ntohs(address.sin_port);
    target.connect_timeout_ms = 1000;
    cr_assert_eq(open_target(&target, &err), ZQ_E_UNAVAILABLE, "%s: %s", err.message, err.detail);
    close(fd);
}

/* What becomes of what the server says, from now on. */
static _Atomic enum { PASSES, COMES_A_BYTE_AT_A_TIME, STOPS_IN_A_ROW } answers;
static atomic_ullong silent_ms; /* the most that was known of that */

/* Between one client and the server. */
static void *drip(void *argument)
{
    const int *sockets = argument; /* the listener, and one that is connected to the server */
    int client = accept(sockets[0], NULL, NULL);
    int server = sockets[1];
    char text[4096];
    ssize_t n = 1;

    while (n > 0) {
        struct pollfd waits[] = {{.fd = client, .events = POLLIN},
                                 {.fd = server, .events = POLLIN}};
        const int from = poll(waits, 2, -1) > 0 && waits[0].revents != 0 ? client : server;

        n = read(from, text, from == server && answers != PASSES ? 1 : sizeof text);
        if (n > 0 && send(from == client ? server : client, text, (size_t)n, MSG_NOSIGNAL) < 0)
            break;
        if (from == server && answers == COMES_A_BYTE_AT_A_TIME)
            usleep(50000);
        for (int i = 0; from == server && answers == STOPS_IN_A_ROW && i < 20; i++) {
            usleep(100000);
            if (zq_db_silent_ms() > silent_ms)
                silent_ms = zq_db_silent_ms();
        }
    }
    close(client);
    close(server);
    return NULL;
}

static void expect_no_longer_than_its_time(int how, zq_tls tls)
{
    zq_target target = live_target();
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((unsigned short)target.port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int sockets[] = {socket(AF_INET, SOCK_STREAM, 0), socket(AF_INET, SOCK_STREAM, 0)};
    ZQ_AUTO(zq_db) db = NULL;
    pthread_t thread;
    zq_err err = {0};

    cr_assert_eq(connect(sockets[1], (struct sockaddr *)&address, sizeof address), 0);
    address.sin_port = 0;
    cr_assert_eq(bind(sockets[0], (struct sockaddr *)&address, sizeof address), 0);
    cr_assert_eq(listen(sockets[0], 1), 0);
    getsockname(sockets[0], (struct sockaddr *)&address, &size);
    cr_assert_eq(pthread_create(&thread, NULL, drip, sockets), 0);
    target.host = "127.0.0.1";
    target.socket = NULL;
    target.port = ntohs(address.sin_port);
    target.tls = tls;
    target.short_ms = 1000;
    cr_assert_eq(zq_db_open(&target, &db, &err), ZQ_OK, "%s: %s", err.message, err.detail);
    answers = how;
    zq_db_expect_soon(db);
    cr_assert_eq(zq_db_exec(db, "SELECT REPEAT('x', 10000)", &err), ZQ_E_LOST, "%s: %s",
                 err.message, err.detail);
    cr_assert_str_eq(err.detail, "it took longer than 1 s to answer (2013)");
    cr_assert_eq(zq_db_silent_ms(), 0);
    answers = PASSES;
    zq_db_close(db);
    db = NULL;
    pthread_join(thread, NULL);
    close(sockets[0]);
}

Test(connect, an_answer_that_comes_a_byte_at_a_time_takes_no_longer_than_its_time, .timeout = 20)
{
    expect_no_longer_than_its_time(COMES_A_BYTE_AT_A_TIME, ZQ_TLS_DISABLED);
    expect_no_longer_than_its_time(COMES_A_BYTE_AT_A_TIME, ZQ_TLS_PREFERRED);
    expect_no_longer_than_its_time(STOPS_IN_A_ROW, ZQ_TLS_PREFERRED);
    cr_assert_geq(silent_ms, 500);
}

Test(connect, a_killed_connection_is_lost_for_good)
{
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_db) other = live_open();
    char sql[64];
    zq_err err = {0};

    snprintf(sql, sizeof sql, "KILL %llu", zq_db_connection_id(db));
    live_exec(other, sql);
    cr_assert_eq(zq_db_exec(db, "DO SLEEP(1)", &err), ZQ_E_LOST, "%s", err.detail);
    cr_assert(zq_db_is_lost(db));
    cr_assert_eq(zq_db_exec(db, "DO 1", &err), ZQ_E_LOST);
    cr_assert_str_eq(err.message, "the connection to the server was lost");
}

Test(connect, verification_without_a_ca_is_refused)
{
    zq_target target = live_target();
    zq_err err = {0};

    target.tls = ZQ_TLS_VERIFY_CA;
    cr_assert_eq(open_target(&target, &err), ZQ_E_CONFIG);
    cr_assert_str_eq(err.message, "the server's certificate cannot be verified without a CA");
    target.tls_ca = "/nonexistent/ca.pem";
    cr_assert_eq(open_target(&target, &err), ZQ_E_NOINPUT);
    cr_assert_str_eq(err.message, "cannot read '/nonexistent/ca.pem'");
    cr_assert_str_eq(err.hint, "check --tls-ca");
}

static bool offers_tls(void)
{
    ZQ_AUTO(zq_db) db = live_open();
    char *cipher = live_value(
        db, live_flavor() == ZQ_MARIADB
                ? "SELECT NULLIF(VARIABLE_VALUE, '') FROM information_schema.SESSION_STATUS"
                  " WHERE VARIABLE_NAME = 'Ssl_cipher'"
                : "SELECT NULLIF(VARIABLE_VALUE, '') FROM performance_schema.session_status"
                  " WHERE VARIABLE_NAME = 'Ssl_cipher'");
    const bool offers = cipher != NULL;

    free(cipher);
    return offers;
}

Test(connect, tls_that_is_required_is_used_or_the_connection_refused)
{
    zq_target target = live_target();
    zq_err err = {0};

    target.tls = ZQ_TLS_REQUIRED;
    if (offers_tls()) {
        cr_assert_eq(open_target(&target, &err), ZQ_OK, "%s: %s", err.message, err.detail);
        return;
    }
    cr_assert_eq(open_target(&target, &err), ZQ_E_CONFIG);
    cr_assert_not_null(strstr(err.message, "': the server does not offer TLS"), "%s", err.message);
}

Test(connect, a_certificate_that_another_ca_signed_is_refused)
{
    static const char other_ca[] = "/etc/ssl/certs/ca-certificates.crt";
    static const zq_tls modes[] = {ZQ_TLS_VERIFY_CA, ZQ_TLS_VERIFY_IDENTITY};

    if (access(other_ca, R_OK) != 0 || !offers_tls())
        cr_skip_test("no TLS to be had");
    for (size_t i = 0; i < ZQ_LEN(modes); i++) {
        zq_target target = live_target();
        zq_err err = {0};

        target.tls = modes[i];
        target.tls_ca = other_ca;
        cr_assert_eq(open_target(&target, &err), ZQ_E_CONFIG);
        cr_assert_not_null(strstr(err.message, "': the server's certificate cannot be verified"),
                           "%s", err.message);
        cr_assert_not_null(strstr(err.hint, "the CA in '/etc/ssl/certs/ca-certificates.crt' "
                                            "(--tls-ca) must have signed it"),
                           "%s", err.hint);
    }
}

Test(connect, values_are_blanked_in_what_the_server_says)
{
    ZQ_AUTO(zq_db) db = live_open();
    zq_arg args[] = {zq_arg_text("very-secret-hash"), zq_arg_text("very-secret-hash")};
    zq_err err = {0};

    live_exec(db, "CREATE TEMPORARY TABLE mysql.zq_s (a varchar(100) PRIMARY KEY)");
    cr_assert_eq(zq_db_run(db, "INSERT INTO mysql.zq_s VALUES (?), (?)", args, 2, NULL, NULL, &err),
                 ZQ_E_SERVER);
    cr_assert_eq(err.server_errno, 1062);
    cr_assert_null(strstr(err.detail, "secret"), "%s", err.detail);
    cr_assert_not_null(strstr(err.detail, "Duplicate entry '***'"), "%s", err.detail);
}

ZQ_LIVE_MAIN
