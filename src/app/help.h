/* --help, --version, the man page and the completion, from the commands and the table of settings.
 */
#ifndef ZQ_APP_HELP_H
#define ZQ_APP_HELP_H

#include "app/app.h"
#include "base/buf.h"

/* What the program is, its commands, all options in groups, environment, exit statuses, examples.
 */
void zq_help_program(const zq_program *program, zq_buf *out);

/* One command: what it does, its arguments and the options that it knows. */
void zq_help_command(const zq_program *program, const zq_command *command, zq_buf *out);

/* Name and version, and the libraries at work. */
void zq_help_version(const zq_program *program, zq_buf *out);

/* The man page, in groff's man macros, and the completion for bash. */
void zq_help_man(const zq_program *program, zq_buf *out);
void zq_help_bash(const zq_program *program, zq_buf *out);

/* The sample zquant.ini, which stands at the top of the source. */
void zq_help_ini(zq_buf *out);

/* What the exit status of `code` means, for lists with one line for each status. */
const char *zq_exit_words(zq_rc code);

#endif
