/* The walk from argv to an exit status. */
#ifndef ZQ_APP_MAIN_H
#define ZQ_APP_MAIN_H

#include "app/program.h"

/* Read settings, run the command, report its error on standard error in one shape, and give the
 * exit status. Both mains are a command table and this call. */
int zq_main(const zq_program *program, int argc, char **argv);

#endif
