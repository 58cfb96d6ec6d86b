#include "app/app.h"
#include "app/commands.h"

static const zq_command commands[] = {
    {"check", "", "is the schema exactly what it should be?",
     "Ends with status 0 when the newest revision is recorded and the schema is exactly its, else\n"
     "with 1 and a line for each difference. Members of a family that differ alike share a line.\n"
     "Tables that are not zquant's are counted, and named with -v; they are never a difference.\n"
     "\n"
     "    zquant-migrate check --against 0.3.0",
     zq_cmd_check},
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
