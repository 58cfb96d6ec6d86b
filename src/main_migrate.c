#include "app/app.h"
#include "app/commands.h"

static const zq_command commands[] = {
    {"config", "", "print every setting and where it came from", "", zq_cmd_config},
    {0},
};

static const zq_program program = {
    .name = "zquant-migrate",
    .summary = "carry a zquant database from release to release",
    .options = ZQ_FOR_MIGRATE,
    .commands = commands,
};

int main(int argc, char **argv)
{
    return zq_app_main(&program, argc, argv);
}
