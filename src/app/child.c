#include "app/child.h"

#include "app/connect.h"
#include "app/settings/guard.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

zq_rc zq_child_exec(zq_app *app, zq_err *err)
{
    ZQ_TRY(zq_output_document(NULL, err));
    ZQ_TRY(zq_out_flush(err));
    zq_unguard();
    zq_connect_undo();
    signal(SIGPIPE, SIG_DFL);
    execvp(app->exec[0], app->exec);
    zq_fail_errno(err, errno == ENOENT ? ZQ_E_NOINPUT : ZQ_E_IO, "cannot run '%s'", app->exec[0]);
    return zq_err_hint(err, "what stands behind '--' is a program and its arguments: see that it "
                            "is there, and that this user may run it");
}

zq_rc zq_child_start(zq_app *app, zq_child *out, zq_err *err)
{
    zq_err failure = {0};
    pid_t pid;

    ZQ_TRY(zq_out_flush(err));
    /* Where whoever started this program ignores it, no child's status is kept. */
    signal(SIGCHLD, SIG_DFL);
    pid = fork();
    if (pid < 0)
        return zq_fail(err, ZQ_E_IO, "cannot start '%s': %s", app->exec[0], strerror(errno));
    if (pid == 0) {
        zq_child_exec(app, &failure);
        zq_output_error(&failure);
        _exit(zq_rc_exit_status(failure.code));
    }
    *out = (zq_child){.pid = pid, .name = app->exec[0]};
    return ZQ_OK;
}

static void take_end(zq_child *child, int flags)
{
    pid_t ended = 0;

    if (child->pid == 0)
        return;
    do
        ended = waitpid(child->pid, &child->status, flags);
    while (ended < 0 && errno == EINTR);
    if (ended != 0)
        child->pid = 0;
}

bool zq_child_ended(zq_child *child)
{
    take_end(child, WNOHANG);
    return child->pid == 0;
}

zq_rc zq_child_wait(zq_child *child, zq_err *err)
{
    take_end(child, 0);
    if (WIFEXITED(child->status) && WEXITSTATUS(child->status) == 0)
        return ZQ_OK;
    if (WIFEXITED(child->status))
        return zq_fail(err, ZQ_E_SERVER, "'%s' ended with status %d", child->name,
                       WEXITSTATUS(child->status));
    return zq_fail(err, ZQ_E_SERVER, "'%s' was ended by signal %d", child->name,
                   WTERMSIG(child->status));
}

void zq_child_stop(zq_child *child)
{
    enum { LOOKS = 100, PAUSE_MS = 50 };

    if (zq_child_ended(child))
        return;
    kill(child->pid, SIGTERM);
    for (int i = 0; i < LOOKS && !zq_child_ended(child); i++)
        zq_connect_pause_ms(PAUSE_MS);
    if (child->pid != 0)
        kill(child->pid, SIGKILL);
    take_end(child, 0);
}
