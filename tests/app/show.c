/* zquant-migrate show: what the compiled-in releases are; no server is asked. */

#include "program.h"
#include "release.h"
#include "rev/chain.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define EXPECT(status, out, err, ...)      \
    program_expect((status), (out), (err), \
                   (const char *const[]){"zquant-migrate", "show", __VA_ARGS__, NULL})

Test(show, a_text_is_not_promised_as_json)
{
    EXPECT(64, NULL,
           "zquant-migrate: '--json' and '--schema' do not go together\n"
           "hint: leave one of the two out\n",
           "0001", "--schema", "--json");
}

Test(show, no_database_is_looked_at_that_a_place_could_be_counted_from)
{
    EXPECT(64, "",
           "zquant-migrate: '-1' counts from where a database is, and 'show' looks at none\n"
           "hint: name the revision: 'zquant-migrate history' has them all\n",
           "-1");
}

Test(show, the_text_of_each_release_is_printed_with_its_annotations)
{
    cr_assert_eq(zq_n_releases, 3);
    for (size_t i = 0; i < zq_n_releases; i++) {
        program_result r;

        program_env_reset();
        r = PROGRAM("zquant-migrate", "show", "--schema", zq_releases[i].name);
        cr_assert_eq(r.status, 0);
        cr_assert_str_eq(r.out, zq_release_text(&zq_releases[i]));
        cr_assert_not_null(strstr(r.out, "\n  open\n"));
        program_free(&r);
    }
}

Test(show, a_revision_may_be_called_by_its_id_its_release_or_head)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_chain chain;
    const zq_revision *head;
    char wanted[1024];

    cr_assert_eq(zq_chain_embedded(arena, &chain, NULL), ZQ_OK);
    cr_assert_eq(zq_revision_file_complete(zq_chain_at(&chain, chain.n), arena, &head, NULL),
                 ZQ_OK);
    snprintf(wanted, sizeof wanted,
             "revision   0003\nrevises    0002\nrelease    zquant 0.4.0\ntitle      %s\n"
             "created    %s\nschema id  %s\nchecksum   %s\nfile       0003_zquant_0_4_0.sql\n"
             "upgrade    %zu statements, %zu to undo it\n",
             head->title, head->created, zq_release_head()->id, head->checksum, head->upgrade.n,
             head->downgrade.n);
    EXPECT(0, wanted, "", "head");
    EXPECT(0, wanted, "", "0003");
    EXPECT(0, wanted, "", "0.4.0");
}

Test(show, an_unknown_or_ambiguous_name_is_refused)
{
    EXPECT(64, "",
           "zquant-migrate: there is no revision '9'\n"
           "hint: see 'zquant-migrate history' for those that there are\n",
           "9");
    EXPECT(64, "",
           "zquant-migrate: '000' is the beginning of 3 revisions: 0001, 0002, 0003\n"
           "hint: write more of the revision you mean\n",
           "000");
    EXPECT(64, "",
           "zquant-migrate: base is before all revisions: there is nothing to show\n"
           "hint: see 'zquant-migrate show --help'\n",
           "base");
}
