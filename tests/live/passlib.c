/* The application's side: passlib, as zquant uses it, checks the hashes that are made here. */
#include "cli.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define PYTHON "/usr/bin/python3"
#define PASSWORD "Correct1!horse"

static void begin(void)
{
    cli_begin("passlib");
    program_env("ZQUANT_ADMIN_PASSWORD", PASSWORD);
}

TestSuite(passlib, .init = begin, .fini = cli_end, .timeout = 120);

/* 0: verified; 1: not; 3: the context does not know the kind. */
static int verify(const char *schemes, const char *password)
{
    static const char script[] = "import sys\n"
                                 "from passlib.context import CryptContext\n"
                                 "context = CryptContext(schemes=sys.argv[1].split(','))\n"
                                 "try:\n"
                                 "    sys.exit(not context.verify(sys.argv[2], sys.argv[3]))\n"
                                 "except ValueError:\n"
                                 "    sys.exit(3)\n";
    char *hash = cli_value("SELECT hashed_password FROM zq_app_users WHERE username = 'admin'");
    program_result r = PROGRAM(PYTHON, "-c", script, schemes, password, hash);
    int status = r.status;

    free(hash);
    program_free(&r);
    return status;
}

Test(passlib, argon2id_verifies_where_the_application_knows_argon2)
{
    EXPECT(0, NULL, "zquant-init");
    cr_assert_eq(verify("argon2,bcrypt", PASSWORD), 0);
    cr_assert_eq(verify("argon2,bcrypt", PASSWORD "x"), 1);
    cr_assert_eq(verify("bcrypt", PASSWORD), 3, "zquant as published knows bcrypt only");
}

Test(passlib, bcrypt_verifies_with_either)
{
    EXPECT(0, NULL, "zquant-init", "--admin-hash", "bcrypt");
    cr_assert_eq(verify("bcrypt", PASSWORD), 0);
    cr_assert_eq(verify("argon2,bcrypt", PASSWORD), 0);
    cr_assert_eq(verify("bcrypt", PASSWORD "x"), 1);
}

Test(passlib, hashes_that_passlib_makes_are_taken)
{
    static const char script[] = "import sys\n"
                                 "from passlib.hash import argon2, bcrypt\n"
                                 "kind = {'argon2': argon2, 'bcrypt': bcrypt}[sys.argv[1]]\n"
                                 "sys.stdout.write(kind.hash(sys.argv[2]))\n";
    static const char *const kinds[] = {"argon2", "bcrypt"};

    for (size_t i = 0; i < ZQ_LEN(kinds); i++) {
        program_result r = PROGRAM(PYTHON, "-c", script, kinds[i], PASSWORD);

        cr_assert_eq(r.status, 0, "%s", r.err);
        program_env("ZQUANT_ADMIN_PASSWORD_HASH", r.out);
        EXPECT(0, NULL, "zquant-init");
        cli_expect_value(r.out, "SELECT hashed_password FROM zq_app_users");
        cr_assert_eq(verify("argon2,bcrypt", PASSWORD), 0);
        live_drop(cli_database());
        program_free(&r);
    }
}

int main(int argc, char **argv)
{
    if (system(PYTHON " -c 'import passlib, bcrypt, argon2' 2>/dev/null") != 0) {
        fprintf(stderr, "SKIPPED: no python3-passlib, python3-bcrypt and python3-argon2\n");
        return 77;
    }
    return live_main(argc, argv);
}
