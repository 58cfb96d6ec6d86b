/* A revision of the test's own, after the newest of ours, and what zquant-migrate makes of it. */
#ifndef ZQ_TEST_OWN_REVISION_H
#define ZQ_TEST_OWN_REVISION_H

#include "cli.h"

/* cli_begin, and a database at head without an administrator. */
void own_begin(const char *test);

/* Write revision t1, in t1.sql of program_dir(). `upgrade` is from line 7 on; `downgrade` may be
 * NULL: it cannot be undone. */
void own_write(const char *upgrade, const char *downgrade);

/* SAYS, of a command that is given the folder of that file, in which programs run. */
#define OWN_SAYS(status, said, ...) SAYS(status, said, __VA_ARGS__, "--dir", ".")

/* The revision that is recorded last. */
void own_expect_at(const char *revision);

/* A member of the family zq_quant_factor_spacex: integers id, x and y, and the row (1, 0, 0). */
void own_make_member(const char *code);
/* Members 000000, 000001, ... */
void own_make_members(int n);

/* Statements on each of them, the first one in line 8. */
#define FAMILY(statements) "-- zq:family zq_quant_factor_spacex\n" statements "\n-- zq:end"

#endif
