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
    .doc =
        "Makes a database ready for zquant: once on a fresh host, at every start of a container, "
        "after a disaster. On a database that is ready it changes nothing and takes milliseconds; "
        "killed at any point, it is simply run again.\n",
    .examples = "  zquant-init -H db -u root --password-file pw --wait 60\n"
                "  zquant-init --wait 60 -- uvicorn zquant.main:app\n"
                "  DB_PASSWORD_FILE=/run/secrets/db zquant-init status --json\n"
                "  zquant-init --sql --flavor mariadb > install.sql\n"
                "  zquant-init config\n",
    .options = ZQ_FOR_INIT,
    .commands = commands,
    .has_default = true,
};

int main(int argc, char **argv)
{
    return zq_app_main(&program, argc, argv);
}
