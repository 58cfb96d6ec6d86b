/* Which databases may be taken for ours, by their names alone. */
#include "run/scratch.h"

#include <criterion/criterion.h>
#include <string.h>

Test(scratch, a_name_that_was_made_is_known_and_one_that_is_like_it_is_not)
{
    char name[ZQ_SCRATCH_NAME], other[ZQ_SCRATCH_NAME];

    zq_scratch_name(name);
    cr_expect(zq_scratch_is_name(name), "%s", name);
    for (size_t i = 0; i < strlen(name); i++) {
        memcpy(other, name, sizeof other);
        other[i] = other[i] == '0' ? '1' : '0';
        cr_expect_not(zq_scratch_is_name(other), "%s", other);
    }
    cr_expect_not(zq_scratch_is_name("zquant"));
    cr_expect_not(zq_scratch_is_name("zq_rehearsal_"));
    cr_expect_not(zq_scratch_is_name("zq_rehearsal_production"));
}
