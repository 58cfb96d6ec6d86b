#include "app/cmd/commands.h"
#include "app/main.h"

static const zq_command commands[] = {
    {"init", "[-- COMMAND ARG...]", "make the database ready, then become COMMAND",
     "Creates what is missing: the database, its tables, roles, permissions and grants, and an "
     "administrator. Safe to repeat, to kill, and to start many times at once.",
     zq_cmd_init},
    {"status", "", "is the database ready?",
     "Ends with status 0 when the database is ready, else with 1: fit for a health check.",
     zq_cmd_status, true},
    {"admin create", "", "make an administrator",
     "Makes a user with the administrator's role, whether or not there is one already. The "
     "password comes from where `init` takes it; without any a random one is made and shown once.",
     zq_cmd_admin_create},
    {"admin reset-password", "[USER]", "give an administrator, or USER, a new password",
     "Changes the password of one user and nothing else. The password comes from where `init` "
     "takes it; without any a random one is made and shown once.",
     zq_cmd_admin_reset_password},
    {"seeds show", "", "print the roles, permissions and grants of this build, or of --seeds DIR",
     "Prints the compiled-in seeds, or those of --seeds DIR with wildcards resolved. Makes no "
     "connection.",
     zq_cmd_seeds_show, true},
    {"seeds diff", "", "compare seeds, database and what was last applied",
     "Shows them side by side, and what `seeds apply` would do. Ends with status 1 when they "
     "differ.",
     zq_cmd_seeds_diff, true},
    {"seeds apply", "", "bring roles, permissions and grants up to date",
     "Adds what is new in the seeds and takes back what is gone from them; what operators changed "
     "stays, unless --prune says otherwise. All in one transaction.",
     zq_cmd_seeds_apply, true},
    {"seeds export", "DIR", "write the database's roles, permissions and grants as seed files",
     "A rebuild with --seeds DIR has the same roles, permissions and grants, with the same ids.\n"
     "administrators.ini says who has the administrator's role; with --with-hashes also the hash\n"
     "of his password.",
     zq_cmd_seeds_export},
    {"seeds import", "DIR", "put exported roles, permissions and grants back",
     "Makes those of the database what DIR has, as edits of operators: what the built-in seeds\n"
     "have besides stays away, and later starts and releases leave all of it as it is.\n"
     "Administrators are made where the files hold the hash of their password.",
     zq_cmd_seeds_import},
    {"grants", "", "print the least privileges that each program needs",
     "Prints GRANT statements for zquant-init, zquant-migrate and the application. With --apply "
     "USER makes the application's database account and grants it what it needs.",
     zq_cmd_grants},
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
    .examples = "  zquant-init --dry-run\n"
                "  zquant-init --wait 60 --admin-password-out first-password\n"
                "  zquant-init status --json\n"
                "  zquant-init --wait 60 -- zquant-migrate check\n"
                "  zquant-init --sql --flavor mariadb > install.sql\n"
                "  zquant-init config\n",
    .options = ZQ_FOR_INIT,
    .commands = commands,
    .has_default = true,
};

int main(int argc, char **argv)
{
    return zq_main(&program, argc, argv);
}
