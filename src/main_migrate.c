#include "app/cmd/commands.h"
#include "app/main.h"

static const zq_command commands[] = {
    {"upgrade", "[REV]", "run pending revisions",
     "REV is a revision, a unique prefix of one, a release, +N, or head, which is the default.\n"
     "Interrupted work is resumed; nothing runs twice.\n"
     "\n"
     "    zquant-migrate upgrade\n"
     "    zquant-migrate upgrade --dry-run 0.3.0",
     zq_cmd_upgrade, true},
    {"downgrade", "REV", "undo revisions",
     "REV is a revision, a unique prefix of one, a release, -N, or base. Columns and tables that\n"
     "the older revision does not have are dropped with their data: that needs\n"
     "--allow-data-loss.\n"
     "\n"
     "    zquant-migrate downgrade --allow-data-loss -1",
     zq_cmd_downgrade, true},
    {"plan", "[REV]", "what a run would do, and what each statement costs",
     "For each statement up or down to REV, which is head by default: its table, rows and size as\n"
     "the server estimates them, the algorithm and the lock that the server will grant, what is\n"
     "lost, and who has a metadata lock on the table now; of a family, how many members of each\n"
     "form. Changes nothing.\n"
     "\n"
     "    zquant-migrate plan\n"
     "    zquant-migrate plan --markdown 0.4.0\n"
     "    zquant-migrate plan --html plan.html",
     zq_cmd_plan, true},
    {"rehearse", "[REV]", "try a run in a scratch database on the same server",
     "Makes a database of its own, with empty copies of the tables and one member for each form "
     "of\n"
     "a family, runs the revisions there up to REV and back, and says what the server granted\n"
     "beside what was foretold. With --rows N copies N rows of each table, too, and estimates how\n"
     "long each statement would take on all of them. The scratch database is dropped at the end;\n"
     "one that a killed rehearsal left is dropped by the next.\n"
     "\n"
     "    zquant-migrate rehearse\n"
     "    zquant-migrate rehearse --rows 10000 --html rehearsal.html",
     zq_cmd_rehearse, true},
    {"resume", "", "what was cut short, and the ways out",
     "Shows each statement of a revision that was cut short: whether it is done, and how what it\n"
     "changes is now. To continue, run the command that was cut short again. Where that stops,\n"
     "or the revision cannot be fixed:\n"
     "\n"
     "    zquant-migrate resume --accept 3     statement 3 counts as done, whatever it did\n"
     "    zquant-migrate resume --repeat 3     statement 3 counts as not begun, and is run again\n"
     "    zquant-migrate resume --forget       the revision counts as never begun; what its\n"
     "                                         statements have done stays and is yours to undo",
     zq_cmd_resume},
    {"current", "", "the revision that the database is at", "", zq_cmd_current, true},
    {"history", "", "all revisions, which are applied, and what was done",
     "The newest on top: '@' is where the database is, 'o' is applied, '.' is pending; behind "
     "each\n"
     "when it was applied, and how long that took. With --html FILE as a page, too.",
     zq_cmd_history, true},
    {"heads", "", "the newest revision", "", zq_cmd_heads},
    {"stamp", "REV", "record a revision without running it",
     "For a database that was brought there by other means. What had been cut short is forgotten.\n"
     "Where the database is at a revision that no file has any more, or an applied file has\n"
     "changed, --allow-unknown records REV all the same; what was done stays.",
     zq_cmd_stamp, true},
    {"rebase", "", "move your own revisions behind those of a new release",
     "A new release adds revisions where yours begin. This rewrites the headers of the files in\n"
     "--dir, so that they come after it. In a database that has yours already, those of the\n"
     "release are run by the next upgrade, and yours are only recorded when their turn comes.\n"
     "Run it once for the files and once with each such database; where both change the same\n"
     "table, it shows that and wants --allow-unknown.\n"
     "\n"
     "    zquant-migrate rebase --dir migrations --dry-run",
     zq_cmd_rebase},
    {"adopt", "", "record a database that has no record, by its schema",
     "A database that the Python initialiser made, or that was restored from its dump, is\n"
     "recorded as the release whose schema it has exactly. One that differs is refused with every\n"
     "difference to the nearest release; --as records it all the same.\n"
     "\n"
     "    zquant-migrate adopt\n"
     "    zquant-migrate adopt --as 0.2.0",
     zq_cmd_adopt, true},
    {"check", "", "is the schema exactly what it should be?",
     "Ends with status 0 when the newest revision is recorded and the schema is exactly its, else\n"
     "with 1 and a line for each difference. Members of a family that differ alike share a line.\n"
     "Tables that are not zquant's are counted, and named with -v; they are never a difference.\n"
     "\n"
     "With --fixes, prints a script instead: statements for what can be fixed without losing or\n"
     "inventing a value, and the rest in comments. With --html FILE, writes a page, too.\n"
     "\n"
     "With --descriptors, no server is asked: the statements are printed that lead from the "
     "newest\n"
     "revision to what is compiled in, with status 1, when a change of the descriptors has no\n"
     "revision yet.\n"
     "\n"
     "    zquant-migrate check --against 0.3.0\n"
     "    zquant-migrate check --fixes > fixes.sql",
     zq_cmd_check, true},
    {"diff", "", "the SQL between two schemas",
     "Prints what goes from one schema to another as the body of a revision, from the database to\n"
     "what this build wants unless --from and --to say otherwise; status 1 when they differ. What "
     "a\n"
     "statement loses, and whether it blocks writes, is said in a comment over it. Members of a\n"
     "family that are all alike have one block, others a statement each.\n"
     "\n"
     "A side is models (what is compiled in), live (the database), a revision or release, a file\n"
     "with a canonical text as 'show --schema' prints it (a '/' in its name, or '.txt' at its "
     "end),\n"
     "or - for standard input.\n"
     "\n"
     "    zquant-migrate diff\n"
     "    zquant-migrate diff --from 0.3.0 --to 0.4.0\n"
     "    zquant-migrate diff --from live --to head.txt --json",
     zq_cmd_diff, true},
    {"revision", "", "a new revision file",
     "Writes a file behind the newest revision into --dir, from the template there\n"
     "(revision.template) or zquant's own, and prints its path. With --autogenerate, both\n"
     "directions are filled: what leads from the database, which must be at the newest revision,\n"
     "to what this build wants, unless --from and --to say otherwise (see 'diff'). The schema "
     "that\n"
     "it leads to is kept beside the file.\n"
     "\n"
     "What is only called otherwise is renamed: as a descriptor or a canonical text says, as\n"
     "--rename says, or as you answer. What nobody has answered has a line '-- zq:unreviewed' "
     "over\n"
     "it, and 'upgrade' does not run it before that line is gone. The rows that are there are\n"
     "asked whether they fit.\n"
     "\n"
     "    zquant-migrate revision -m 'notes on positions' --dir migrations\n"
     "    zquant-migrate revision -m 'audit columns' --dir migrations --autogenerate \\\n"
     "        --rename zq_app_users.created_at=created_time",
     zq_cmd_revision},
    {"squash", "FROM:TO", "one revision for several, beside them",
     "Writes a file into --dir that does what the revisions after FROM up to TO do, in their "
     "order,\n"
     "without the indexes that one of them adds and a later one drops, and prints its path. "
     "Whoever\n"
     "is at FROM goes by it from then on; whoever is between goes on by the revisions, and so "
     "does\n"
     "the way back. Refused is what means something else beside the statements of another "
     "revision:\n"
     "what is for the session, what cannot be known from its words.\n"
     "\n"
     "    zquant-migrate squash own-0001:own-0004 --dir migrations",
     zq_cmd_squash},
    {"verify", "[FILE] [-- COMMAND [ARG...]]",
     "is the database what it should be, and what it was?",
     "With --write FILE, writes a certificate: the schema id, the revision, and for each table "
     "the\n"
     "number of rows, a checksum of their values and the next AUTO_INCREMENT value; views,\n"
     "triggers, routines, events and grants. All tables are read in one snapshot. With\n"
     "-- COMMAND, a program that makes a dump is run beside it, and what it dumps is just what "
     "the\n"
     "certificate says: writers are held off, for a fraction of a second, while both begin.\n"
     "\n"
     "With FILE, says whether a database, on whatever server, is what that certificate says: a\n"
     "line for each difference, and status 1. Revisions that were run since are understood: a\n"
     "renamed column is compared under its new name.\n"
     "\n"
     "Without either, looks for what can be known without a certificate: orphans of foreign keys,\n"
     "views that do not open, definers that do not exist, counters behind the greatest key,\n"
     "stocks without tables, nobody who may administer, a schema or revision that is not the\n"
     "newest.\n"
     "\n"
     "    zquant-migrate verify --write zquant.cert\n"
     "    zquant-migrate verify --write zquant.cert -- \\\n"
     "        mysqldump --single-transaction --routines --events zquant > zquant.sql\n"
     "    zquant-migrate verify zquant.cert",
     zq_cmd_verify},
    {"lock show", "", "who is at work on the database",
     "Who has the lock, over which node of a cluster, and since when.", zq_cmd_lock_show, true},
    {"lock release", "", "take the lock from a run that is gone",
     "A run that is dead is followed by itself: at once on the same server, else after some "
     "seconds.\n"
     "This is for one that is known to be gone and still seems to be alive. Should it be alive "
     "after\n"
     "all, it stops before it changes anything more.\n"
     "\n"
     "    zquant-migrate lock release",
     zq_cmd_lock_release},
    {"show", "[REV]", "what a revision is, or a schema",
     "REV is a revision, a unique prefix of one, a release, or head.\n"
     "\n"
     "With --schema, prints the schema of a side instead, as 'diff' has them: models, which is "
     "the\n"
     "default, live, a revision, a file, or -. As text that is the canonical form, which the "
     "schema\n"
     "id is the SHA-256 of; --format makes statements of it (sql), descriptors as they stand in\n"
     "schema/models (c), a document (json), or a diagram (mermaid, dot, svg), in which -v "
     "shows columns.\n"
     "\n"
     "    zquant-migrate show 0003\n"
     "    zquant-migrate show --schema 0.3.0\n"
     "    zquant-migrate show --schema live --format svg > schema.svg",
     zq_cmd_show},
    {"config", "", "print every setting and where it came from", "", zq_cmd_config},
    {0},
};

static const zq_program program = {
    .name = "zquant-migrate",
    .summary = "carry a zquant database from release to release",
    .doc =
        "Runs the revisions that a database lacks, or undoes them, and tells whether its schema is "
        "exactly that of a release. A statement that was under way when the program or the server "
        "died is neither lost nor run twice: run the same command again.\n",
    .examples = "  zquant-migrate check\n"
                "  zquant-migrate upgrade --dry-run\n"
                "  zquant-migrate upgrade\n"
                "  zquant-migrate history\n"
                "  zquant-migrate upgrade --sql 0.3.0:0.4.0 > upgrade.sql\n"
                "  zquant-migrate verify --write zquant.cert\n"
                "  zquant-migrate verify zquant.cert\n",
    .options = ZQ_FOR_MIGRATE,
    .commands = commands,
};

int main(int argc, char **argv)
{
    return zq_main(&program, argc, argv);
}
