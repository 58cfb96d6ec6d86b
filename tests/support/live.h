/* A real server for a live test. ctest sets ZQ_TEST_ENGINE; scripts/with-server sets the rest:
 * ZQ_TEST_<ENGINE>_HOST, _PORT, _SOCKET (may be missing), _USER and _PASSWORD (may be missing). The
 * account may do everything. */
#ifndef ZQ_TEST_LIVE_H
#define ZQ_TEST_LIVE_H

#include "db/db.h"
#include "model/schema.h"

/* Put `ZQ_LIVE_MAIN` at the end of a file of live tests: main() that ends with status 77, which
 * ctest shows as skipped, when no server of the wanted engine is there. */
#define ZQ_LIVE_MAIN                  \
    int main(int argc, char **argv)   \
    {                                 \
        return live_main(argc, argv); \
    }
int live_main(int argc, char **argv);

/* The same for tests that are in the way of whoever else uses the server, or change what holds for
 * all of it: theirs is the one with certificates (scripts/with-server ENGINE-tls), which the others
 * leave alone, and CMake lets one such file at a time have it. */
#define ZQ_LIVE_MAIN_ALONE                  \
    int main(int argc, char **argv)         \
    {                                       \
        return live_main_alone(argc, argv); \
    }
int live_main_alone(int argc, char **argv);

/* What scripts/with-server calls it: "mariadb", "mysql", "mariadb-newer". */
const char *live_engine(void);
zq_flavor live_flavor(void);
const char *live_flavor_name(void);

/* ZQ_TEST_<ENGINE>_<name>, or `fallback` (may be NULL) when it is not set. */
const char *live_env(const char *name, const char *fallback);

/* The server's address, over TCP; static storage. */
zq_target live_target(void);

/* A connection; the test fails when it cannot be had. Close it with zq_db_close. */
zq_db *live_open(void);

/* A database name that no other test uses at the moment: "zqt_<test>_<pid>". Static storage; the
 * database is dropped first when it exists. Drop it at the end by live_drop. */
const char *live_database(const char *test);
void live_drop(const char *database);

/* Make it, with the defaults that zquant-init gives it, and work in it. */
void live_make_database(zq_db *db, const char *database);
void live_use(zq_db *db, const char *database);
void live_make_table(zq_db *db, const zq_table *table);

/* Run statements; the test fails, with the server's words, when they do. */
void live_exec(zq_db *db, const char *sql);

/* All rows of one statement, whatever they are, in `arena`. */
zq_rc live_query(zq_db *db, const char *sql, const zq_arg *args, size_t n_args, zq_arena *arena,
                 zq_rows *out_rows, zq_err *err);

/* The first value of the first row, as a malloc'ed copy; NULL for no row or SQL's NULL. */
char *live_value(zq_db *db, const char *sql);

#endif
