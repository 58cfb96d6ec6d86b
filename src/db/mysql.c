#include "base/clock.h"
#include "base/language.h"
#include "db/auth.h"
#include "db/db.h"
#include "db/deadline.h"
#include "db/errors.h"
#include "db/tls.h"

#include <mysql.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

_Static_assert(sizeof(unsigned long) == sizeof(size_t), "lengths of a row are the library's array");

typedef struct session {
    MYSQL mysql;
    unsigned long long end_ms; /* nothing may take longer; 0: there is no such time */
    unsigned short_ms;         /* what zq_db_expect_soon allows */
    bool soon;                 /* the next run is one of those */
    atomic_ullong since_ms;    /* nothing came since then; 0: nothing is waited for */
    struct session *next;      /* of those that are open */
} session;

/* ---- those that are open ---- */

static pthread_mutex_t open_lock = PTHREAD_MUTEX_INITIALIZER;
static session *open_sessions;

static void list_session(session *of)
{
    pthread_mutex_lock(&open_lock);
    of->next = open_sessions;
    open_sessions = of;
    pthread_mutex_unlock(&open_lock);
}

static void unlist_session(const session *of)
{
    session **at = &open_sessions;

    pthread_mutex_lock(&open_lock);
    while (*at != NULL && *at != of)
        at = &(*at)->next;
    if (*at != NULL)
        *at = of->next;
    pthread_mutex_unlock(&open_lock);
}

unsigned long long zq_db_silent_ms(void)
{
    const unsigned long long now = zq_now_ms();
    unsigned long long longest = 0;

    pthread_mutex_lock(&open_lock);
    for (session *of = open_sessions; of != NULL; of = of->next) {
        const unsigned long long since = atomic_load(&of->since_ms);

        if (since != 0 && now - since > longest && now > since)
            longest = now - since;
    }
    pthread_mutex_unlock(&open_lock);
    return longest;
}

/* ---- the library ---- */

static pthread_once_t library_once = PTHREAD_ONCE_INIT;
static pthread_key_t thread_key;
static int library_failed;

static void thread_done(ZQ_UNUSED void *unused)
{
    mysql_thread_end();
}

static void library_init(void)
{
    library_failed =
        mysql_library_init(0, NULL, NULL) != 0 || pthread_key_create(&thread_key, thread_done) != 0;
    if (!library_failed)
        zq_auth_library_init();
}

/* libmysqlclient keeps state for each thread and must hear of its end. */
static void enter_thread(void)
{
    if (pthread_getspecific(thread_key) != NULL)
        return;
    mysql_thread_init();
    pthread_setspecific(thread_key, &thread_key);
}

static zq_rc library_begin(zq_err *err)
{
    pthread_once(&library_once, library_init);
    if (library_failed)
        return zq_fail(err, ZQ_E_MEMORY, "cannot start the MySQL client library");
    enter_thread();
    return ZQ_OK;
}

const char *zq_db_library_name(void)
{
    static char name[64];

#ifdef MARIADB_PACKAGE_VERSION
    snprintf(name, sizeof name, "libmariadb %s (built against %s)", mysql_get_client_info(),
             MARIADB_PACKAGE_VERSION);
#else
    snprintf(name, sizeof name, "libmysqlclient %s", mysql_get_client_info());
#endif
    return name;
}

/* ---- the port ---- */

static zq_server_error last_error(MYSQL *mysql)
{
    return (zq_server_error){mysql_errno(mysql), mysql_sqlstate(mysql), mysql_error(mysql)};
}

static zq_rc fail(MYSQL *mysql, zq_err *err)
{
    const zq_server_error error = last_error(mysql);

    return zq_errors_fail_statement(err, &error);
}

static zq_rc stream_rows(session *of, MYSQL_RES *result, size_t statement, zq_raw_fn *take,
                         void *context, zq_err *err)
{
    const size_t n = mysql_num_fields(result);
    MYSQL_ROW values;

    ZQ_TRY(take(context, statement, n, NULL, NULL, err));
    while ((values = mysql_fetch_row(result)) != NULL) {
        atomic_store(&of->since_ms, zq_now_ms());
        ZQ_TRY(take(context, statement, n, (const char *const *)values,
                    (const size_t *)mysql_fetch_lengths(result), err));
    }
    return mysql_errno(&of->mysql) != 0 ? fail(&of->mysql, err) : ZQ_OK;
}

static int socket_of(MYSQL *mysql)
{
#ifdef MARIADB_PACKAGE_VERSION
    return (int)mysql_get_socket(mysql);
#else
    return (int)mysql->net.fd;
#endif
}

/* Freeing a result reads it to its end, which may never come. */
static void hang_up(MYSQL *mysql)
{
    shutdown(socket_of(mysql), SHUT_RDWR);
}

/* What is left after a row that the caller did not want is read and dropped, so that the connection
 * can be used again. After an error of the server's nothing is left, and the library would forget
 * the error. */
static void drain(MYSQL *mysql)
{
    while (mysql_next_result(mysql) == 0) {
        MYSQL_RES *result = mysql_use_result(mysql);

        if (result != NULL)
            mysql_free_result(result);
    }
}

static zq_rc take_result(session *of, size_t statement, zq_raw_fn *take, void *context,
                         unsigned long long *out_affected, zq_err *err)
{
    MYSQL *mysql = &of->mysql;
    MYSQL_RES *result = mysql_use_result(mysql);
    zq_rc rc;

    atomic_store(&of->since_ms, zq_now_ms());
    if (result == NULL) {
        if (mysql_errno(mysql) != 0)
            return fail(mysql, err);
        if (mysql_affected_rows(mysql) != 0)
            *out_affected = mysql_affected_rows(mysql);
        return take(context, statement, 0, NULL, NULL, err);
    }
    rc = stream_rows(of, result, statement, take, context, err);
    if (rc == ZQ_E_ANSWER)
        hang_up(mysql);
    mysql_free_result(result);
    return rc;
}

static zq_rc run(session *of, const char *sql, size_t length, zq_raw_fn *take, void *context,
                 size_t *out_done, unsigned long long *out_affected, zq_err *err)
{
    MYSQL *mysql = &of->mysql;
    int more;

    if (mysql_real_query(mysql, sql, length) != 0)
        return fail(mysql, err);
    do {
        zq_rc rc = take_result(of, *out_done, take, context, out_affected, err);

        if (rc != ZQ_OK) {
            if (rc != ZQ_E_LOST && rc != ZQ_E_ANSWER && mysql_errno(mysql) == 0)
                drain(mysql);
            return rc;
        }
        ++*out_done;
        more = mysql_next_result(mysql);
    } while (more == 0);
    return more > 0 ? fail(mysql, err) : ZQ_OK;
}

/* What the run at hand may take; 0: as long as it likes. */
static unsigned time_for_run(const session *of)
{
    const unsigned long long now = zq_now_ms();
    unsigned long long left = of->soon ? of->short_ms : 0;

    if (of->end_ms != 0 && (left == 0 || of->end_ms < now + left))
        left = of->end_ms > now ? of->end_ms - now : 1;
    return (unsigned)left;
}

static zq_rc fail_mute(unsigned ms, zq_err *err)
{
    char words[64];
    const zq_server_error error = {2013, "HY000", words};

    snprintf(words, sizeof words, zq_tr(N_("it took longer than %u s to answer")),
             (ms + 999) / 1000);
    return zq_errors_fail_statement(err, &error);
}

static zq_rc session_run(void *impl, const char *sql, size_t length, zq_raw_fn *take, void *context,
                         size_t *out_done, unsigned long long *out_affected, zq_err *err)
{
    session *of = impl;
    const unsigned ms = time_for_run(of);
    zq_rc rc;

    enter_thread();
    of->soon = false;
    atomic_store(&of->since_ms, zq_now_ms());
    if (ms != 0)
        zq_deadline_begin(&of->mysql, socket_of(&of->mysql), ms);
    rc = run(of, sql, length, take, context, out_done, out_affected, err);
    if (ms != 0 && zq_deadline_end() && rc != ZQ_OK)
        rc = fail_mute(ms, err);
    atomic_store(&of->since_ms, 0);
    return rc;
}

static void session_expect_soon(void *impl)
{
    session *of = impl;

    of->soon = true;
}

static void session_finish(void *impl)
{
    session *of = impl;

    enter_thread();
    unlist_session(of);
    mysql_close(&of->mysql);
    free(of);
}

static unsigned session_warnings(const void *impl)
{
    const session *of = impl;

    return mysql_warning_count((MYSQL *)&of->mysql);
}

static const zq_port session_port = {session_run, session_finish, session_warnings,
                                     session_expect_soon};

/* ---- connecting ---- */

static bool is_set(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static bool by_socket(const zq_target *target)
{
    return is_set(target->socket) || !is_set(target->host);
}

static size_t most_bytes(const zq_target *target)
{
    return target->max_result != 0 ? target->max_result : ZQ_MAX_RESULT;
}

static void set_options(MYSQL *mysql, const zq_target *target, zq_tls tls)
{
    const unsigned seconds = (target->connect_timeout_ms + 999) / 1000;
    const unsigned read_seconds = (target->within_ms + 999) / 1000;
    const unsigned no = 0;
    const unsigned protocol = by_socket(target) ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
    /* A packet holds a statement, or one row, and is read whole before it is looked at. */
    const unsigned long packet = (unsigned long)most_bytes(target);

    if (seconds != 0)
        mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
    if (read_seconds != 0)
        mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &read_seconds);
    mysql_options(mysql, MYSQL_OPT_PROTOCOL, &protocol);
    mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &no);
    mysql_options(mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet);
    mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
#ifdef ZQ_PLUGIN_DIR
    mysql_options(mysql, MYSQL_PLUGIN_DIR, ZQ_PLUGIN_DIR);
#endif
    if (is_set(target->program_name))
        mysql_options4(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", target->program_name);
    zq_tls_set(mysql, target, tls);
    zq_auth_set(mysql, target, tls);
}

/* A server whose host is gone, or the way to it, sends nothing more, not even an end: ask it now
 * and then while it is silent, and do not wait longer for what was sent to arrive. */
static void keep_alive(MYSQL *mysql)
{
    const int fd = socket_of(mysql);
    const int on = 1, idle_s = 20, interval_s = 5, count = 4;
    const unsigned unacknowledged_ms = 40000;

    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof interval_s);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_ms, sizeof unacknowledged_ms);
}

/* Both libraries keep a copy of the password to connect again by themselves, which is never asked
 * of them: it would lie in ordinary memory for as long as the connection lives. */
static void forget_password(MYSQL *mysql)
{
    if (mysql->passwd != NULL)
        explicit_bzero(mysql->passwd, strlen(mysql->passwd));
}

static zq_rc log_in(session *of, const zq_target *target, const char *where, zq_err *err)
{
    MYSQL *mysql = &of->mysql;
    /* A socket is safe without TLS, and faster. */
    const zq_tls tls =
        by_socket(target) && target->tls == ZQ_TLS_PREFERRED ? ZQ_TLS_DISABLED : target->tls;
    const char *host = by_socket(target) ? NULL : target->host;
    const char *path = is_set(target->socket) ? target->socket : NULL;
    bool connected;

    if (host != NULL)
        ZQ_TRY(zq_deadline_resolve(host, where, err));
    set_options(mysql, target, tls);
    connected = mysql_real_connect(mysql, host, target->user, target->password, NULL, target->port,
                                   path, CLIENT_MULTI_STATEMENTS | CLIENT_REMEMBER_OPTIONS) != NULL;
    zq_auth_done(mysql);
    if (!connected) {
        const zq_server_error error = last_error(mysql);

        zq_errors_fail_connect(err, &error, where);
        zq_auth_explain(target, tls, &error, where, err);
        return zq_tls_explain(target, tls, &error, where, err);
    }
    forget_password(mysql);
    ZQ_TRY(zq_tls_confirm(mysql, tls, where, err));
    if (host != NULL)
        keep_alive(mysql);
    return ZQ_OK;
}

/* It may have been sent bit by bit, or not at all: what the library says of that is only a detail.
 */
static zq_rc fail_late(const zq_target *target, const char *where, zq_err *err)
{
    const zq_err said = *err;

    zq_fail(err, ZQ_E_UNAVAILABLE, "cannot connect to '%s': it took longer than %u s", where,
            (target->connect_timeout_ms + 999) / 1000);
    zq_err_detail(err, "%s", said.detail);
    return zq_err_hint(
        err, "start the server, or wait for it with --wait 30; --connect-timeout gives one "
             "attempt more time");
}

/* Log in and ask who answers; takes `of` over. */
static zq_rc open_session(session *of, const zq_target *target, const char *where, zq_db **out_db,
                          zq_err *err)
{
    static const zq_server unknown = {0};
    zq_db *db = zq_db_over(&session_port, of, &unknown, 0);
    const unsigned long long began_ms = zq_now_ms();
    zq_rc rc;

    zq_deadline_begin(&of->mysql, -1, target->connect_timeout_ms);
    rc = log_in(of, target, where, err);
    zq_db_limit(db, most_bytes(target));
    if (rc == ZQ_OK) {
        rc = zq_db_begin(db, err);
        if (rc == ZQ_E_ANSWER)
            zq_err_prefix(err, "cannot connect to '%s': ", where);
        if (rc != ZQ_OK && err->server_errno != 0) {
            const zq_server_error error = last_error(&of->mysql);

            rc = zq_errors_fail_connect(err, &error, where);
        }
    }
    if (zq_deadline_end() && rc != ZQ_OK)
        rc = fail_late(target, where, err);
    if (rc != ZQ_OK) {
        zq_db_close(db);
        return rc;
    }
    of->end_ms = target->within_ms == 0 ? 0 : began_ms + target->within_ms;
    of->short_ms = target->short_ms == 0 ? ZQ_SHORT_MS : target->short_ms;
    list_session(of);
    *out_db = db;
    return ZQ_OK;
}

zq_rc zq_db_open(const zq_target *target, zq_db **out_db, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_err own = {0};
    session *of;

    /* Why a login failed follows from what was said of it first. */
    if (err == NULL)
        err = &own;
    ZQ_TRY(library_begin(err));
    ZQ_TRY(zq_tls_check(target, err));
    ZQ_TRY(zq_auth_check(target, err));
    of = calloc(1, sizeof *of);
    if (of == NULL)
        zq_out_of_memory(sizeof *of);
    mysql_init(&of->mysql);
    return open_session(of, target, zq_target_text(target, arena), out_db, err);
}
