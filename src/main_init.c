#include "app/app.h"
#include "app/commands.h"

static const zq_command commands[] = {
    {"init", "[-- COMMAND ARG...]", "make the database ready, then become COMMAND",
     "Creates what is missing: the database, its tables, roles, permissions and grants, and an "
     "administrator. Safe to repeat, to kill, and to start many times at once.",
     zq_cmd_init},
    {"status", "", "is the database ready?",
     "Ends with status 0 when the database is ready, else with 1: fit for a health check.",
     zq_cmd_status},
    {"config", "", "print every setting and where it came from", "", zq_cmd_config},
    {0},
};

static const zq_program program = {
    .name = "zquant-init",
    .summary = "make a zquant database ready",
    .options = ZQ_FOR_INIT,
    .commands = commands,
    .has_default = true,
};

int main(int argc, char **argv)
{
    return zq_app_main(&program, argc, argv);
}
