/* The blocks of code in a page, as a reader runs them. */
#ifndef ZQ_TEST_RUNBOOK_H
#define ZQ_TEST_RUNBOOK_H

#include "base/arena.h"

#include <stdbool.h>

typedef struct runbook_block {
    const char *page;    /* "docs/recovery" */
    const char *heading; /* of the section that it is in */
    const char *text;    /* its lines, each ended by "\n" */
} runbook_block;

/* The text of `page` in a language, malloc'ed. */
char *runbook_page(const char *page, const char *language);

/* The blocks of `page` ("docs/recovery", "README") in a language (".md", ".zh-CN.md"), in `arena`;
 * gives how many. */
size_t runbook_read(const char *page, const char *language, zq_arena *arena, runbook_block **out);

/* Run a block by a shell in program_dir(), with the programs just built in front of PATH and the
 * live server's address in ~/.my.cnf. Where the page says database 'zquant' and the folder
 * /backup/zquant, `database` and `folder` are taken; for /var/lib/mysql, the folder with "-data"
 * behind it; and the live engine's client for the other's.
 *
 * Lines behind "$ " are commands, and what follows each must be what came out of it, standard
 * output and standard error as they come; where "..." is a line of it, each other line must be one
 * of those that came, sizes and times aside. In a block without "$ " all lines are commands, and
 * none of them may fail. With ZQ_GOLDEN_UPDATE=1 in the environment what comes out is written into
 * the page, in both languages, for somebody to read it. */
void runbook_run(const runbook_block *block, const char *database, const char *folder);

#endif
