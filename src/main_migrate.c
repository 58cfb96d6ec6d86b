#include "app/app.h"
#include "app/commands.h"

static const zq_command commands[] = {
    {"show", "REV", "what a revision is",
     "REV is a revision, a unique prefix of one, a release, or head. With --schema, prints the\n"
     "canonical text that the schema id is the SHA-256 of.\n"
     "\n"
     "    zquant-migrate show --schema 0.3.0",
     zq_cmd_show},
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
