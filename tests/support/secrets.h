/* Passwords that tests look for where they must not be, and every command that is given one. */
#ifndef ZQ_TEST_SECRETS_H
#define ZQ_TEST_SECRETS_H

#include <stddef.h>

#define SECRET_DB "dbS3cret-7up!x"
#define SECRET_ADMIN "AdminS3cret-9!"
#define SECRET_APP "AppS3cret-5?zw"

/* A database of its own, and an account that has a password, both given to programs by files.
 * secrets_end takes them away, after a failure too. */
void secrets_begin(const char *test);
void secrets_end(void);
const char *secrets_database(void);
const char *secrets_account(void);

/* The test fails when one of them is in the text. */
void secrets_expect_clean(const char *text, size_t length, const char *what);

/* Call `each` with the words of every command that is given a secret, in an order in which they
 * work, from a fresh install on. */
void secrets_each(void (*each)(const char *const *words));

/* Run one of them, and look at what it prints. */
void secrets_run(const char *const *words);

#endif
