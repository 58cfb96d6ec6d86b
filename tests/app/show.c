/* zquant-migrate show: what the compiled-in releases are; no server is asked. */
#include "base/digest.h"

#include "program.h"
#include "schema.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void expect(int status, const char *out, const char *err, const char *const *words)
{
    program_result r;

    program_env_reset();
    r = program_run(words, NULL);
    cr_assert_eq(r.status, status, "%s", r.err);
    cr_assert_str_eq(r.out, out);
    cr_assert_str_eq(r.err, err);
    program_free(&r);
}
#define EXPECT(status, out, err, ...) \
    expect((status), (out), (err),    \
           (const char *const[]){"zquant-migrate", "show", __VA_ARGS__, NULL})

Test(show, the_schema_id_of_each_release_is_the_digest_of_the_text_that_is_printed)
{
    cr_assert_eq(zq_n_releases, 3);
    for (size_t i = 0; i < zq_n_releases; i++) {
        char id[ZQ_DIGEST_HEX];
        program_result r;

        program_env_reset();
        r = PROGRAM("zquant-migrate", "show", "--schema", zq_releases[i].name);
        cr_assert_eq(r.status, 0);
        zq_digest_hex(r.out, strlen(r.out), id);
        cr_assert_str_eq(id, zq_releases[i].id);
        program_free(&r);
    }
}

Test(show, a_release_may_be_called_by_its_revision_or_head)
{
    char wanted[256];

    snprintf(wanted, sizeof wanted, "revision   0003\nrelease    zquant 0.4.0\nschema id  %s\n",
             zq_release_head()->id);
    EXPECT(0, wanted, "", "head");
    EXPECT(0, wanted, "", "0003");
    EXPECT(0, wanted, "", "0.4.0");
}

Test(show, an_unknown_or_ambiguous_name_is_refused)
{
    const char *hint = "hint: known are 0.2.0 (revision 0001), 0.3.0 (revision 0002), 0.4.0 "
                       "(revision 0003)\n";
    char wanted[512];

    snprintf(wanted, sizeof wanted, "zquant-migrate: there is no release or revision '9'\n%s",
             hint);
    EXPECT(64, "", wanted, "9");
    snprintf(wanted, sizeof wanted, "zquant-migrate: there is no release or revision '000'\n%s",
             hint);
    EXPECT(64, "", wanted, "000");
}
