/* Databases that the published application made, dumped from it: they may lie beside the project,
 * and are used when they do. What is like them is made by the project's own tests. */
#include "old_release.h"

#include "cli.h"
#include "release.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void go_up_and_back(zq_db *db, const zq_release *release)
{
    char *before = old_release_rows(db, false), *after;

    EXPECT(0, NULL, "zquant-migrate", "upgrade", "-q");
    EXPECT(0, "", "zquant-migrate", "check", "-q");
    free(old_release_rows(db, false)); /* the views among them can still be read */
    EXPECT(0, NULL, "zquant-migrate", "downgrade", "-q", "--allow-data-loss", "--allow-locking",
           release->revision);
    EXPECT(0, "", "zquant-migrate", "check", "-q", "--against", release->name);
    after = old_release_rows(db, false);
    cr_assert_str_eq(after, before, "a row, a column or a view of %s was lost", release->name);
    free(after);
    free(before);
}

Test(samples, they_are_recognised_exactly_and_go_up_and_back_with_every_row_column_and_view,
     .timeout = 300)
{
    ZQ_AUTO(zq_db) db = live_open();

    cli_begin("samples");
    for (size_t i = 0; i < zq_n_releases; i++) {
        if (!old_release_load_sample(db, cli_database(), zq_releases[i].name))
            break;
        EXPECT(0, NULL, "zquant-migrate", "adopt", "-q");
        cli_expect_value(zq_releases[i].id, "SELECT schema_id FROM zq_meta_history");
        go_up_and_back(db, &zq_releases[i]);
    }
    cli_end();
}

ZQ_LIVE_MAIN
