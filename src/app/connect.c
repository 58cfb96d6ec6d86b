#include "app/connect.h"

#include "app/show/output.h"
#include "app/silence.h"
#include "app/stop.h"
#include "base/clock.h"
#include "run/node.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Short at first, so that a start costs no more than it must; then once a second. */
enum { FIRST_PAUSE_MS = 50, LONGEST_PAUSE_MS = 1000, SAY_EVERY_MS = 10000, AGAIN_PAUSE_MS = 500 };

/* Milliseconds left of --wait; 0 without it. What counts is the time without a server, not the time
 * that work takes. */
static unsigned wait_left_ms(const zq_app *app)
{
    unsigned long long all_ms = zq_settings_ms(app->settings, ZQ_SET_WAIT);
    unsigned long long gone_ms = app->waited_ms;

    if (app->waiting_since_ms > 0)
        gone_ms += zq_now_ms() - app->waiting_since_ms;
    return gone_ms >= all_ms ? 0 : (unsigned)(all_ms - gone_ms);
}

/* Can trying again a little later succeed? */
static bool is_worth_waiting(zq_rc rc)
{
    return rc == ZQ_E_UNAVAILABLE || rc == ZQ_E_LOST || rc == ZQ_E_READ_ONLY;
}

/* It is the run's own connections that are in the way: to wait for a free one would be in vain. */
static void hint_own_limit(zq_err *err)
{
    if (err->cause == ZQ_CAUSE_USER_LIMIT)
        zq_err_hint(err, "let a DBA give the account more connections (MAX_USER_CONNECTIONS): this "
                         "run has one already");
}

zq_rc zq_connect_open(void *context, zq_db **out_db, zq_err *err)
{
    const zq_app *app = context;
    zq_rc rc = zq_db_open(&app->target, out_db, err);

    if (rc != ZQ_OK && err != NULL)
        hint_own_limit(err);
    return rc;
}

void zq_connect_pause_ms(unsigned ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    nanosleep(&pause, NULL);
}

static zq_rc try_once(const zq_app *app, zq_db **out_db, zq_err *err)
{
    zq_target target = app->target;
    unsigned left_ms = wait_left_ms(app);

    /* A server that accepts and then says nothing must not use up more than the time there is. */
    if (left_ms > 0 && left_ms < target.connect_timeout_ms)
        target.connect_timeout_ms = left_ms < LONGEST_PAUSE_MS ? LONGEST_PAUSE_MS : left_ms;
    return zq_db_open(&target, out_db, err);
}

/* What the client libraries would take from the environment, and what they find instead (NULL:
 * nothing).
 *
 * MariaDB's connector reads all of the system's certificate authorities for every connection, which
 * takes 1 MB and most of its time, though nothing here is ever verified by them: the modes that
 * verify need --tls-ca. OpenSSL finds them by these variables
 * (SSL_CTX_set_default_verify_paths(3)). The last one lets Oracle's library give any server that
 * asks the password in the clear, whatever it was set to do. */
static const struct {
    const char *name;
    const char *value;
} hidden_env[] = {
    {"SSL_CERT_FILE", "/dev/null"},
    {"SSL_CERT_DIR", "/dev/null"},
    {"LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN", NULL},
};
static char *former[ZQ_LEN(hidden_env)]; /* what COMMAND gets back; NULL: it was not set */
static bool hidden;

static void put_env(const char *name, const char *value)
{
    if (value != NULL)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

static void hide_env(void)
{
    for (size_t i = 0; !hidden && i < ZQ_LEN(hidden_env); i++) {
        const char *value = getenv(hidden_env[i].name);

        former[i] = value != NULL ? strdup(value) : NULL;
        put_env(hidden_env[i].name, hidden_env[i].value);
    }
    hidden = true;
}

void zq_connect_undo(void)
{
    for (size_t i = 0; hidden && i < ZQ_LEN(hidden_env); i++) {
        put_env(hidden_env[i].name, former[i]);
        free(former[i]);
    }
    hidden = false;
}

zq_rc zq_connect(zq_app *app, zq_db **out_db, zq_err *err)
{
    unsigned pause = FIRST_PAUSE_MS;
    unsigned long long said_ms = 0;

    ZQ_TRY(zq_settings_target(app->settings, &app->target, err));
    if (app->waiting_since_ms == 0)
        app->waiting_since_ms = zq_now_ms();
    if (app->impatient)
        app->target.within_ms = app->target.connect_timeout_ms;
    hide_env();
    zq_stop_where("connecting to the server");
    for (;;) {
        zq_rc rc = try_once(app, out_db, err);
        unsigned left_ms = wait_left_ms(app);

        if (rc == ZQ_OK) {
            zq_silence_watch(zq_output_silence);
            zq_stop_where("looking at the database");
            app->waited_ms += zq_now_ms() - app->waiting_since_ms;
            app->waiting_since_ms = 0;
        }
        if (rc == ZQ_OK || !is_worth_waiting(rc))
            return rc;
        if (left_ms == 0) {
            long wait_s = zq_settings_num(app->settings, ZQ_SET_WAIT);

            if (wait_s > 0)
                zq_err_prefix(err, "gave up after %ld s: ", wait_s);
            return rc;
        }
        if (said_ms == 0 || zq_now_ms() - said_ms >= SAY_EVERY_MS) {
            zq_say("waiting for the server, up to %u s more (%s)", (left_ms + 999) / 1000,
                   err->detail[0] != '\0' ? err->detail : err->message);
            said_ms = zq_now_ms();
        }
        zq_connect_pause_ms(pause < left_ms ? pause : left_ms);
        pause = pause * 2 < LONGEST_PAUSE_MS ? pause * 2 : LONGEST_PAUSE_MS;
    }
}

zq_rc zq_connect_caught_up(zq_app *app, zq_db **out_db, zq_err *err)
{
    bool waited;

    ZQ_TRY(zq_connect(app, out_db, err));
    return zq_node_catch_up(*out_db, &waited, err);
}

/* Wait a little. False when the time is over, or somebody stops the program. */
static bool wait_again(zq_app *app, bool first, const zq_err *err)
{
    if (app->waiting_since_ms == 0)
        app->waiting_since_ms = zq_now_ms();
    if (wait_left_ms(app) == 0 || zq_stop_signal() != 0)
        return false;
    if (first)
        zq_say("%s; trying again, up to %u s more", err->message, (wait_left_ms(app) + 999) / 1000);
    /* There is nothing under way that would have to be finished. */
    zq_stop_at_once();
    zq_connect_pause_ms(AGAIN_PAUSE_MS);
    return true;
}

/* On Galera even a look at a table may have to, when another node is about to change it. */
static bool is_conflict(zq_rc rc, const zq_err *err)
{
    return rc == ZQ_E_LOCKED && err->cause == ZQ_CAUSE_GAVE_WAY;
}

static bool give_way(unsigned *conflicts, const zq_err *err)
{
    enum { MOST_CONFLICTS = 5 };

    if (*conflicts >= MOST_CONFLICTS || zq_stop_signal() != 0)
        return false;
    zq_say("%s; trying again", err->message);
    zq_stop_at_once();
    zq_connect_pause_ms(AGAIN_PAUSE_MS * ++*conflicts / 2);
    return true;
}

zq_rc zq_connect_repeat(zq_app *app, zq_rc (*run)(void *context, zq_err *err), void *context,
                        zq_err *err)
{
    zq_rc rc = run(context, err);
    unsigned conflicts = 0;
    bool first = true;

    while (rc != ZQ_OK) {
        if (is_conflict(rc, err) ? !give_way(&conflicts, err)
                                 : !is_worth_waiting(rc) || !wait_again(app, first, err))
            break;
        first = first && is_conflict(rc, err);
        *err = (zq_err){0};
        rc = run(context, err);
    }
    return rc;
}
