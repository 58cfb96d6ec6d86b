/* --help, --version, the man page and the completion, from the commands and the table of settings.
 */
#ifndef ZQ_APP_HELP_HELP_H
#define ZQ_APP_HELP_HELP_H

#include "app/program.h"
#include "base/arena.h"
#include "base/buf.h"

/* What the program is, its commands, all options in groups, environment, exit statuses, examples.
 */
void zq_help_program(const zq_program *program, zq_buf *out);

/* One command: what it does, its arguments and the options that it knows. */
void zq_help_command(const zq_program *program, const zq_command *command, zq_buf *out);

/* Name and version, and the libraries at work. */
void zq_help_version(const zq_program *program, zq_buf *out);

/* The man page, and that of zquant.ini, in groff's man macros. */
void zq_help_man(const zq_program *program, zq_buf *out);
void zq_help_man_ini(zq_buf *out);

/* What could be the last of `words` (ends in NULL, its last may be ""): lines of a word, a tab and
 * what it is; ":files" or ":dirs" alone where the shell knows better. In `arena` meanwhile. */
void zq_help_complete(const zq_program *program, char **words, zq_arena *arena, zq_buf *out);

/* The completion for "bash", "zsh" or "fish", which asks zq_help_complete; false: another shell. */
bool zq_help_shell(const zq_program *program, const char *shell, zq_buf *out);

/* The sample zquant.ini, which stands at the top of the source. */
void zq_help_ini(zq_buf *out);

/* What the exit status of `code` means, for lists with one line for each status. */
const char *zq_exit_words(zq_rc code);

#endif
