/* The programs against a live database of their own: run, and look at what is left behind. */
#ifndef ZQ_TEST_CLI_H
#define ZQ_TEST_CLI_H

#include "live.h"
#include "program.h"

#include <stdbool.h>

/* A database name for this test, and an environment with its address and nothing else. */
void cli_begin(const char *test);
void cli_end(void);
const char *cli_database(void);

/* Run a program; status and, unless NULL, all of standard error must be these. */
void cli_expect(int status, const char *messages, const char *const *words);
#define EXPECT(status, messages, ...) \
    cli_expect((status), (messages), (const char *const[]){__VA_ARGS__, NULL})

/* The same for words that stand somewhere in standard error; NULL: any. */
void cli_expect_said(int status, const char *said, const char *const *words);
#define SAYS(status, said, ...) \
    cli_expect_said((status), (said), (const char *const[]){__VA_ARGS__, NULL})

/* A connection in the database, which the caller closes. */
zq_db *cli_open(void);
/* One whose open transaction has run `sql`: what it touched is in the way of others. */
zq_db *cli_hold(const char *sql);

/* One value of the database, as a malloc'ed copy; and a change to it. */
char *cli_value(const char *sql);
void cli_expect_value(const char *wanted, const char *sql);
void cli_change(const char *sql);

/* The value as a number; -1 for none. Wait until it is `least` or more, a minute at most. */
int cli_number(const char *sql);
void cli_expect_number(int wanted, const char *sql);
void cli_wait_for(int least, const char *sql);
bool cli_database_exists(void);

/* Another connection that is at something in the database, as the columns of a process list have it
 * ("INFO LIKE '%x%'"): its id, 0 when there is none; never one of cli_hold or cli_change. Wait for
 * one, a minute at most. */
int cli_other(const char *where);
int cli_wait_for_other(const char *where);
/* End a connection on the server, and wait until it is gone. */
void cli_cut(int id);

/* All rows of roles, permissions, grants, users and the record; malloc'ed. */
char *cli_rows(void);
/* The definitions of all tables and views and the checksums of their rows, malloc'ed: nothing may
 * change without changing it. And: it is as it was then; frees `before`. */
char *cli_contents(void);
void cli_expect_contents(char *before);

#endif
