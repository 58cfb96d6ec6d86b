#include "app/next_step.h"

/* Of each kind of error what helps whoever meets it: the hint of an error that has none of its own.
 * Those of ZQ_E_DIFFERS have, since what to do depends on what differs (scripts/check-hints). */
static const struct {
    zq_rc code;
    const char *hint;
} steps[] = {
    {ZQ_E_SERVER, "fix what the server says, then run it again: nothing runs twice"},
    {ZQ_E_READ_ONLY, "connect to the server that takes writes"},
    {ZQ_E_INTERRUPTED, "run it again: what is done stays done, and the rest follows"},
    {ZQ_E_IO, "make room there, or name another place, then run it again"},
    {ZQ_E_MODEL, "this is a fault of the program, not of the database: please report it, with what "
                 "'--version' prints"},
    {ZQ_E_MEMORY, "give it more memory, then run it again"},
    {ZQ_E_DATA, "fix that, then run it again"},
    {ZQ_E_NOINPUT, "see that it is there, and that this user may read it"},
    {ZQ_E_UNAVAILABLE, "run it again; with '--wait 60' it waits for a server that comes back"},
    {ZQ_E_LOST, "run it again: nothing is lost, and nothing runs twice"},
    {ZQ_E_LOCKED,
     "'zquant-migrate lock show' says who is at work; run it again when that has ended"},
    {ZQ_E_TAKEN,
     "'zquant-migrate lock show' says who is at work; run it again when that has ended"},
    {ZQ_E_ANSWER, "see that a MySQL or MariaDB server is at that host and port"},
    {ZQ_E_DENIED, "'zquant-init grants' prints the privileges that each program needs"},
    {ZQ_E_CONFIG, "'man zquant.ini' says what each setting takes"},
};

void zq_next_step(const char *program, const char *command, zq_err *err)
{
    if (err->hint[0] != '\0')
        return;
    if (err->code == ZQ_E_USAGE && command != NULL)
        zq_err_hint(err, "see '%s %s --help'", program, command);
    else if (err->code == ZQ_E_USAGE)
        zq_err_hint(err, "see '%s --help'", program);
    for (size_t i = 0; i < ZQ_LEN(steps); i++) {
        if (steps[i].code == err->code)
            zq_err_hint(err, "%s", steps[i].hint);
    }
}
