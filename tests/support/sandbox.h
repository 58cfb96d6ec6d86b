/* A directory of its own for a test: settings files, and programs run in it. */
#ifndef ZQ_TEST_SANDBOX_H
#define ZQ_TEST_SANDBOX_H

/* Make a new, empty directory below /tmp and enter it; it is removed when the test's process ends.
 */
void sandbox_enter(void);

/* Write a file with this mode. */
void sandbox_write(const char *path, unsigned mode, const char *text);

/* What a program printed, and how it ended. The texts are malloc'ed. */
typedef struct sandbox_run {
    int status; /* exit status; 128 + signal */
    char *out;
    char *err;
} sandbox_run;

/* Run "/bin/sh -c command" with an empty environment but PATH and HOME (the sandbox), the programs
 * of the build first in PATH. */
sandbox_run sandbox_sh(const char *command);

#endif
