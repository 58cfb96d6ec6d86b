#include "app/events.h"

#include "app/connect.h"
#include "app/show/output.h"
#include "app/show/progress.h"
#include "app/stop.h"

#include "release.h"

#include <pthread.h>

static bool is_stopped(void *context)
{
    (void)context;
    return zq_stop_signal() != 0;
}

/* ---- what the library tells ---- */

static void tell(void *context, zq_tell weight, const char *text)
{
    (void)context;
    if (weight == ZQ_TELL_WARN)
        zq_warn("%s", text);
    else if (weight == ZQ_TELL_SAY || (weight == ZQ_TELL_DONE && zq_output_is_watched()))
        zq_say("%s", text);
    else
        zq_note("%s", text);
}

static void show_progress(void *context, const char *what, size_t done, size_t total)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static size_t shown_total;

    (void)context;
    pthread_mutex_lock(&lock);
    if (total == 0 && shown_total != 0)
        zq_progress_end();
    else if (total != 0 && shown_total != total)
        zq_progress_begin(what, total);
    shown_total = total;
    pthread_mutex_unlock(&lock);
    if (total != 0)
        zq_progress_set(done);
}

static void show_step(void *context, const zq_watch_step *step)
{
    (void)context;
    zq_progress_step(step);
    if (step != NULL && step->ended)
        zq_output_step(step);
}

zq_watch zq_events_watch(zq_app *app)
{
    return (zq_watch){.tell = tell,
                      .progress = show_progress,
                      .step = show_step,
                      .stopped = is_stopped,
                      .context = app};
}

static zq_rc say_who_is_at_work(void *context, const char *holder, unsigned waited_ms, zq_err *err)
{
    const zq_app *app = context;

    zq_stop_where("waiting for another run");
    if (waited_ms < 2000)
        zq_say("another run is at work (%s); waiting for it, up to %ld s", holder,
               zq_settings_num(app->settings, ZQ_SET_LOCK_TIMEOUT));
    return zq_stop_signal() != 0
               ? zq_fail(err, ZQ_E_INTERRUPTED, "stopped while waiting for another run")
               : ZQ_OK;
}

zq_lease_request zq_events_lease_request(zq_app *app, zq_db *db)
{
    const zq_settings *settings = app->settings;

    return (zq_lease_request){
        .db = db,
        .database = zq_settings_text(settings, ZQ_SET_DATABASE),
        .program = app->program->name,
        .schema = &zq_schema_head,
        .timeout_ms = zq_settings_ms(settings, ZQ_SET_LOCK_TIMEOUT),
        .on_wait = say_who_is_at_work,
        .wait_context = app,
        .open = zq_connect_open,
        .open_context = app,
    };
}

zq_rc zq_events_lease_take(zq_app *app, zq_db *db, bool may_make, zq_lease **out_lease, zq_err *err)
{
    zq_lease_request request = zq_events_lease_request(app, db);

    request.may_make = may_make;
    return zq_lease_take(&request, out_lease, err);
}
