#include "app/show/progress.h"

#include <criterion/criterion.h>
#include <string.h>

static const zq_place place = {
    .step = {.revision = "0003",
             .leg = 2,
             .legs = 3,
             .step = 4,
             .steps = 28,
             .object = "zq_data_tustock_daily_{code}"},
    .what = "tables",
    .done = 1250,
    .total = 5000,
    .rate = 50,
};

static void expect_line(const zq_place *at, size_t columns, const char *line)
{
    ZQ_AUTO_BUF(out);

    zq_progress_line(&out, at, columns);
    cr_assert_str_eq(zq_buf_text(&out), line);
}

Test(progress, one_line_has_the_whole_run)
{
    expect_line(&place, 200,
                "[#####...............] 0003 (2 of 3), step 4 of 28, zq_data_tustock_daily_{code}: "
                "1250 of 5000 tables, 50 a second, 75 s left");
}

Test(progress, in_a_narrow_terminal_bar_rate_and_object_give_way)
{
    expect_line(&place, 110,
                "0003 (2 of 3), step 4 of 28, zq_data_tustock_daily_{code}: 1250 of 5000 tables, "
                "50 a second, 75 s left");
    expect_line(&place, 90,
                "0003 (2 of 3), step 4 of 28, zq_data_tustock_daily_{code}: 1250 of 5000 tables");
    expect_line(&place, 60, "0003 (2 of 3), step 4 of 28: 1250 of 5000 tables");
    expect_line(&place, 20, "0003 (2 of 3), step ");
}

Test(progress, no_line_is_wider_than_the_terminal)
{
    zq_place chinese = place;

    chinese.step.object = "股票表_600000";
    for (size_t columns = 1; columns < 200; columns++) {
        ZQ_AUTO_BUF(out);

        zq_progress_line(&out, &place, columns);
        cr_assert_leq(out.length, columns);
        zq_progress_line(&out, &chinese, columns);
    }
    expect_line(&chinese, 44, "0003 (2 of 3), step 4 of 28: 1250 of 5000 ta");
}

Test(progress, what_is_not_known_is_left_out)
{
    zq_place only_count = {.what = "tables", .done = 3, .total = 4};
    zq_place only_step = place;

    only_step.what = NULL;
    only_step.step.legs = 1;
    expect_line(&(zq_place){0}, 80, "");
    expect_line(&only_count, 80, "[###############.....] 3 of 4 tables");
    expect_line(&only_step, 80, "0003, step 4 of 28, zq_data_tustock_daily_{code}");
}
