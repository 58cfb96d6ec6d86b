#include "run/state.h"

#include <criterion/criterion.h>

static const char *const revisions[] = {"0001", "0002", "0003", NULL};
static const zq_schema no_tables = {0};

static zq_condition condition_of(zq_state state)
{
    zq_wanted wanted = {
        .schema = &no_tables, .revisions = revisions, .seeds_digest = "d", .admin_role = "admin"};

    return zq_state_condition(&state, &wanted);
}

/* A database at head, to be spoilt in one way by each test. */
static zq_state ready(void)
{
    return (zq_state){.database_exists = true,
                      .revision = "0003",
                      .n_present = 25,
                      .seeds_applied = true,
                      .has_admin = true};
}

Test(state, a_database_at_head_with_everything_in_it_is_ready)
{
    cr_assert_eq(condition_of(ready()), ZQ_DB_READY);
}

Test(state, a_missing_database_is_missing)
{
    cr_assert_eq(condition_of((zq_state){0}), ZQ_DB_MISSING);
}

Test(state, a_database_without_our_tables_is_empty_even_when_our_bookkeeping_is_there)
{
    cr_assert_eq(condition_of((zq_state){.database_exists = true, .n_missing_meta = 4}),
                 ZQ_DB_EMPTY);
    cr_assert_eq(condition_of((zq_state){.database_exists = true}), ZQ_DB_EMPTY);
}

Test(state, the_mark_of_an_install_without_an_entry_means_half_made)
{
    cr_assert_eq(condition_of((zq_state){.database_exists = true, .install_started = true}),
                 ZQ_DB_HALF_MADE);
    cr_assert_eq(
        condition_of((zq_state){.database_exists = true, .install_started = true, .n_present = 12}),
        ZQ_DB_HALF_MADE);
}

Test(state, our_tables_without_an_entry_or_a_mark_are_unrecorded)
{
    cr_assert_eq(condition_of((zq_state){.database_exists = true, .n_present = 1}),
                 ZQ_DB_UNRECORDED);
}

Test(state, a_known_revision_before_head_is_older_and_an_unknown_one_newer)
{
    zq_state state = ready();

    state.revision = "0001";
    cr_assert_eq(condition_of(state), ZQ_DB_OLDER);
    state.revision = "";
    cr_assert_eq(condition_of(state), ZQ_DB_OLDER, "base");
    state.n_present = 0;
    cr_assert_eq(condition_of(state), ZQ_DB_OLDER, "base, without a table");
    state.revision = "0004";
    cr_assert_eq(condition_of(state), ZQ_DB_NEWER);
}

Test(state, at_head_anything_missing_makes_it_incomplete)
{
    zq_state state = ready();

    state.n_missing_meta = 1;
    cr_assert_eq(condition_of(state), ZQ_DB_INCOMPLETE, "a table of ours");
    state = ready();
    state.seeds_applied = false;
    cr_assert_eq(condition_of(state), ZQ_DB_INCOMPLETE, "seeds");
    state = ready();
    state.has_admin = false;
    cr_assert_eq(condition_of(state), ZQ_DB_INCOMPLETE, "the administrator");
}

Test(state, at_head_administrators_who_are_all_deactivated_are_nobodys_to_add_to)
{
    zq_state state = ready();

    state.locked_out = true;
    state.seeds_applied = false;
    cr_assert_eq(condition_of(state), ZQ_DB_LOCKED_OUT);
    state.n_missing = 1;
    cr_assert_eq(condition_of(state), ZQ_DB_LOST);
}

Test(state, at_head_tables_that_are_gone_are_a_loss_and_others_are_changed)
{
    zq_state state = ready();
    zq_wanted own = {.schema = &no_tables, .revisions = revisions, .own_revisions = true};

    state.changed = "zq_app_users";
    cr_assert_eq(condition_of(state), ZQ_DB_CHANGED);
    cr_assert_eq(zq_state_condition(&state, &own), ZQ_DB_READY, "by a revision of the site's own");
    state.n_missing = 1;
    cr_assert_eq(condition_of(state), ZQ_DB_CHANGED, "an older release lacks tables, too");
    state.changed = NULL;
    cr_assert_eq(condition_of(state), ZQ_DB_LOST);
    state.revision = "0002";
    cr_assert_eq(condition_of(state), ZQ_DB_OLDER, "what an older one has is not known");
}
