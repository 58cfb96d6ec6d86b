#include "app/silence.h"
#include "app/show/output.h"

#include "sandbox.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

Test(silence, it_is_said_every_ten_seconds_and_anew_after_an_answer)
{
    unsigned said = 0, n = 0;

    for (unsigned s = 0; s < 35; s++) {
        if (zq_silence_is_due(s, &said))
            cr_assert_eq(said, ++n * 10);
    }
    cr_assert_eq(n, 3);
    cr_assert(!zq_silence_is_due(0, &said));
    cr_assert(!zq_silence_is_due(9, &said));
    cr_assert(zq_silence_is_due(11, &said));
    cr_assert_eq(said, 10);
}

Test(silence, it_is_a_line_for_people_and_for_programs)
{
    char text[1024] = "";
    FILE *file;

    sandbox_enter();
    cr_assert_not_null(freopen("err", "w", stderr));
    zq_output_set(&(zq_output){.program = "zquant-init", .quiet = true});
    zq_output_silence(10);
    zq_output_set(&(zq_output){.program = "zquant-init"});
    zq_output_silence(20);
    zq_output_set(&(zq_output){.program = "zquant-init", .json = true});
    zq_output_silence(30);
    fflush(stderr);
    file = fopen("err", "r");
    cr_assert_gt(fread(text, 1, sizeof text - 1, file), 0);
    fclose(file);
    cr_assert_eq(strncmp(text, "zquant-init: the server has not answered for 20 s\n{", 51), 0, "%s",
                 text);
    cr_assert_not_null(strstr(text, "\"message\":\"the server has not answered for 30 s\","
                                    "\"event\":\"silence\",\"seconds\":30}\n"));
}
