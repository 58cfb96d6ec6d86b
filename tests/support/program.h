/* Run one of our programs as a user would: words, an environment of its own, and what came out. */
#ifndef ZQ_TEST_PROGRAM_H
#define ZQ_TEST_PROGRAM_H

#include <sys/types.h>

typedef struct program_result {
    int status; /* exit status; 128 + signal when it was killed */
    char *out;  /* standard output */
    char *err;  /* standard error */
} program_result;

/* The environment that programs get: PATH, HOME (an empty directory), LANG, and what was set here
 * since program_env_reset. */
void program_env_reset(void);
void program_env(const char *name, const char *value);

/* The settings of the live server (tests/support/live.h) and a database, as DB_*. */
void program_env_live(const char *database);

/* Where programs run: a directory of this test, empty at first, that goes when its process ends. */
const char *program_dir(void);
/* Write a file in program_dir() with that mode; gives its path, valid until the next call. */
const char *program_file(const char *name, const char *content, unsigned mode);

/* Run `words` (ends in NULL); a first word without a slash is one of the programs just built.
 * `input` (may be NULL) is standard input. Free the result by program_free. */
program_result program_run(const char *const *words, const char *input);
#define PROGRAM(...) program_run((const char *const[]){__VA_ARGS__, NULL}, NULL)
void program_free(program_result *result);

/* Run them in an environment where nothing was set, and expect all of this; `out` NULL: anything.
 */
void program_expect(int status, const char *out, const char *err, const char *const *words);

/* Let the mysql client run a script on the live server, in `database` unless that is NULL. */
program_result program_mysql(const char *database, const char *script);

/* The same without waiting: start it with its output going to files, then end it. */
pid_t program_start(const char *const *words);
int program_wait(pid_t pid);

#endif
