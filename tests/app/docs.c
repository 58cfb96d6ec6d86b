/* The pages in docs/ that repeat what the code's tables say, held against those tables. */
#include "app/settings/option.h"
#include "base/buf.h"
#include "base/err.h"
#include "program.h"
#include "release.h"
#include "run/state.h"
#include "runbook.h"
#include "seed/seeds.h"

#include <criterion/criterion.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const languages[] = {".md", ".zh-CN.md"};

/* The text of docs/NAME in one language, or of NAME when it begins with a slash. */
static char *read_page(const char *name, const char *language)
{
    char path[512];
    size_t size = 1 << 19;
    char *text = calloc(1, size);
    FILE *file;

    snprintf(path, sizeof path, "%s%s%s%s", ZQ_SOURCE_DIR, *name == '/' ? "" : "/docs/", name,
             language);
    file = fopen(path, "r");
    cr_assert_not_null(file, "%s is missing", path);
    cr_assert_lt(fread(text, 1, size - 1, file), size - 1, "%s is too long for this test", path);
    fclose(file);
    return text;
}

/* Whether a page says `words`, wherever its lines end. */
static bool says(const char *page, const char *words)
{
    const char *at, *w;

    for (; *page != '\0'; page++) {
        for (at = page, w = words; *w != '\0'; w++) {
            if (*at != *w && !(*w == ' ' && *at == '\n'))
                break;
            at += *at == '\n' ? 1 + strspn(at + 1, " ") : 1;
        }
        if (*w == '\0')
            return true;
    }
    return false;
}

static bool has_line_with_start(const char *text, const char *start)
{
    size_t length = strlen(start);

    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, start, length) == 0)
            return true;
    }
    return false;
}

/* How many lines of tables begin with a cell that is `first` or, with "`", any name in code. */
static size_t count_rows(const char *text, const char *first)
{
    size_t n = 0;
    char start[64];

    snprintf(start, sizeof start, "\n| %s", first);
    for (const char *at = strstr(text, start); at != NULL; at = strstr(at + 1, start))
        n++;
    return n;
}

/* ---- settings ---- */

static void add_cell(zq_buf *row, const char *text)
{
    if (text == NULL)
        zq_buf_str(row, " - |");
    else
        zq_buf_printf(row, " `%s` |", text);
}

static void add_values(zq_buf *row, const zq_option *o)
{
    if (o->kind == ZQ_OPTION_NUMBER) {
        zq_buf_printf(row, " %ld..%ld |", o->least, o->most);
        return;
    }
    if (o->choices == NULL) {
        zq_buf_str(row, " - |");
        return;
    }
    zq_buf_str(row, " `");
    for (const char *c = o->choices; *c != '\0'; c++) {
        if (*c == '|')
            zq_buf_str(row, "` `");
        else
            zq_buf_char(row, *c);
    }
    zq_buf_str(row, "` |");
}

/* A row of docs/settings.md up to the words: "| `-H`, `--host HOST` | `DB_HOST` | ...". */
static void write_row(zq_buf *row, const zq_option *o)
{
    zq_buf_clear(row);
    zq_buf_str(row, "| ");
    if (o->letter != '\0')
        zq_buf_printf(row, "`-%c`, ", o->letter);
    zq_buf_printf(row, "`%s%s%s%s` |", o->no_option ? "" : "--", o->name,
                  o->argument != NULL && !o->no_option ? " " : "",
                  o->argument != NULL && !o->no_option ? o->argument : "");
    add_cell(row, o->env);
    add_cell(row, o->key);
    add_cell(row, o->mycnf);
    add_values(row, o);
    add_cell(row, o->fallback);
}

Test(docs, list_every_setting_as_the_table_of_options_has_it)
{
    ZQ_AUTO_BUF(row);

    for (size_t i = 0; i < ZQ_LEN(languages); i++) {
        char *page = read_page("settings", languages[i]);

        for (const zq_option *o = zq_options; o->name != NULL; o++) {
            write_row(&row, o);
            cr_expect(has_line_with_start(page, zq_buf_text(&row)),
                      "docs/settings%s lacks the row\n%s", languages[i], zq_buf_text(&row));
        }
        cr_expect_eq(count_rows(page, "`"), (size_t)ZQ_SET_COUNT_,
                     "docs/settings%s has %zu rows, and there are %d settings", languages[i],
                     count_rows(page, "`"), ZQ_SET_COUNT_);
        free(page);
    }
}

/* "| `-P`, `--port` | `DB_PORT` | `3306` |", of each setting that the README shows. */
static void check_row_of_readme(const char *row)
{
    const char *name = strstr(row, "`--");
    const zq_option *o = zq_options;
    ZQ_AUTO_BUF(wanted);

    while (o->name != NULL &&
           (strncmp(o->name, name + 3, strlen(o->name)) != 0 || name[3 + strlen(o->name)] != '`'))
        o++;
    cr_assert_not_null(o->name, "%.60s", row);
    if (o->letter != '\0')
        zq_buf_printf(&wanted, "`-%c`, ", o->letter);
    zq_buf_printf(&wanted, "`--%s` | `%s` |", o->name, o->env);
    if (o->fallback != NULL)
        zq_buf_printf(&wanted, " `%s` |", o->fallback);
    cr_expect_eq(strncmp(row, zq_buf_text(&wanted), strlen(zq_buf_text(&wanted))), 0,
                 "the README has\n%.80s\nand not\n%s", row, zq_buf_text(&wanted));
}

Test(docs, show_in_the_readme_settings_as_the_table_of_options_has_them)
{
    for (size_t i = 0; i < ZQ_LEN(languages); i++) {
        char *page = read_page("/README", languages[i]);
        size_t n = 0;

        for (char *at = strstr(page, "\n| `-"); at != NULL; at = strstr(at + 1, "\n| `-")) {
            check_row_of_readme(at + 3);
            n++;
        }
        cr_expect_gt(n, 5);
        free(page);
    }
}

Test(docs, count_in_the_readme_what_a_release_has)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    char *page = read_page("/README", ".md");
    size_t n_tables = 0;
    zq_seeds seeds;
    char words[128];

    for (size_t i = 0; i < zq_schema_head.n_tables; i++)
        n_tables += !zq_table_is_family(zq_schema_head.tables[i]) &&
                    !zq_table_is_meta(zq_schema_head.tables[i]);
    cr_assert_eq(zq_seeds_builtin(arena, &seeds, NULL), ZQ_OK);
    snprintf(words, sizeof words,
             "zquant %s: %zu tables, %zu roles, %zu permissions, %zu grants, one administrator.",
             zq_release_head()->name, n_tables, seeds.n_roles, seeds.n_permissions, seeds.n_grants);
    cr_expect(says(page, words), "README.md does not say: %s", words);
    free(page);
}

Test(docs, count_on_the_page_about_the_architecture_what_is_made_once_and_what_grows)
{
    static const char *const numbers[] = {"no", "one", "two", "three", "four", "five", "six"};
    char *page = read_page("architecture", ".md");
    size_t n_tables = 0, n_families = 0;
    char words[128];

    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        const bool family = zq_table_is_family(zq_schema_head.tables[i]);

        n_families += family;
        n_tables += !family && !zq_table_is_meta(zq_schema_head.tables[i]);
    }
    cr_assert_lt(n_families, ZQ_LEN(numbers));
    snprintf(words, sizeof words, "%zu of them are made once, and %s **families**", n_tables,
             numbers[n_families]);
    cr_expect(says(page, words), "docs/architecture.md does not say: %s", words);
    free(page);
}

/* ---- the runbook ---- */

Test(docs, show_the_same_commands_in_both_languages_of_the_runbook)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    runbook_block *english, *chinese;
    size_t n = runbook_read("docs/recovery", languages[0], arena, &english);

    cr_assert_eq(n, runbook_read("docs/recovery", languages[1], arena, &chinese));
    for (size_t i = 0; i < n; i++)
        cr_expect_str_eq(chinese[i].text, english[i].text);
}

/* ---- numbers ---- */

/* Where a number stands, and the words of the page that repeats it: whoever changes one of the two
 * changes the other, and the row. */
static const struct {
    const char *file, *there;
    const char *page, *words;
} numbers[] = {
    {"/src/run/lease.h", "ZQ_LEASE_MS = 12000", "lease", "half of the 12 s"},
    {"/src/run/lease.h", "ZQ_LEASE_MS = 12000", "clusters", "has not moved for 12 s"},
    {"/src/run/lease.h", "ZQ_LEASE_MS = 12000", "operations", "node is followed after 12 s"},
    {"/src/run/lease.h", "ZQ_LEASE_MS = 12000", "operations.zh-CN", "12 秒后"},
    {"/src/run/lease.h", "ZQ_LEASE_SILENT_MS = 30000", "lease", "stands still for 30 s"},
    {"/src/run/lease.h", "ZQ_LEASE_SILENT_MS = 30000", "clusters", "has stood still for 30 s"},
    {"/src/run/lease.c", "BEAT_MS = 2000", "lease", "more than 2 s"},
    {"/src/run/lease.c", "BEAT_MS = 2000", "clusters", "first two seconds"},
    {"/src/migrate/step_group.c", "LONG_MS = 100, LONG_LOOKS = 4", "journal",
     "100 ms and four times as long as the look"},
    {"/src/run/fingerprint.h", "FORM \"c2-\"", "journal", "its form (`c2-`)"},
    {"/src/run/transact.c", "MOST_TRIES = 10", "lease", "tried again up to ten times"},
    {"/src/app/connect.c", "MOST_CONFLICTS = 5", "lease", "run again up to five times"},
    {"/src/db/mysql.c", "unacknowledged_ms = 40000", "clusters", "after some 40 s"},
    {"/src/db/db.h", "ZQ_SHORT_MS = 60000", "operations", "is given up after 60 s"},
    {"/src/db/db.h", "ZQ_SHORT_MS = 60000", "operations.zh-CN", "在 60 秒后放弃"},
    {"/src/app/silence.c", "SAY_EVERY_S = 10", "operations", "every ten seconds there is a line"},
    {"/src/app/silence.c", "SAY_EVERY_S = 10", "operations.zh-CN", "每十秒有一行"},
    {"/src/app/show/progress.c", "LINE_MS = 10000", "operations", "else every ten seconds"},
    {"/src/app/show/progress.c", "LINE_MS = 10000", "operations.zh-CN", "否则每十秒一行"},
    {"/src/app/show/differences.c", "NAMED_MEMBERS = 5", "check", "first five are named"},
    {"/src/app/show/differences.c", "NAMED_MEMBERS = 5", "check.zh-CN", "列出前五个"},
    {"/src/app/rehearsal_copy.h", "ZQ_COPY_FORMS = 40", "plan", "at most 40 of one"},
    {"/src/app/rehearsal_copy.h", "ZQ_COPY_FORMS = 40", "plan.zh-CN", "最多 40 个"},
    {"/src/db/catalog.c", "randombytes_buf(of->key", "families", "key is random for each reading"},
    {"/packaging/systemd/zquant-init.service.in", "--wait 60 ", "deploy", "waits 60 s"},
    {"/packaging/systemd/zquant-init.service.in", "RestartSec=30s", "deploy", "30 s later"},
    {"/packaging/systemd/zquant-init.service.in", "StartLimitBurst=10", "deploy", "ten times"},
    {"/packaging/systemd/zquant-check.timer.in", "OnCalendar=daily", "deploy", "once a day"},
    {"/Containerfile", "\"--wait\", \"60\", \"--\"", "deploy", "`zquant-init --wait 60 --`"},
    {"/Containerfile", "USER 65532", "deploy", "the user is 65532"},
    {"/scripts/package", "MOST=1000000", "deploy", "at most 1,000,000 bytes"},
};

Test(docs, say_the_numbers_that_the_programs_go_by)
{
    for (size_t i = 0; i < ZQ_LEN(numbers); i++) {
        char *source = read_page(numbers[i].file, "");
        char *page = read_page(numbers[i].page, ".md");

        cr_expect(strstr(source, numbers[i].there) != NULL, "%s has no '%s' any more: see %s.md",
                  numbers[i].file, numbers[i].there, numbers[i].page);
        cr_expect(says(page, numbers[i].words), "docs/%s.md has no '%s'", numbers[i].page,
                  numbers[i].words);
        free(page);
        free(source);
    }
}

/* ---- Alembic ---- */

Test(docs, let_alembic_leave_the_tables_alone_that_it_does_not_know)
{
    static const char before[] = "ours = re.compile(r\"";
    char *page = read_page("operations", ".md");
    const char *begin = strstr(page, before);
    char pattern[256];
    regex_t ours;

    cr_assert_not_null(begin);
    begin += strlen(before);
    snprintf(pattern, sizeof pattern, "^(%.*s)", (int)strcspn(begin, "\""), begin);
    cr_assert_eq(regcomp(&ours, pattern, REG_EXTENDED | REG_NOSUB), 0, "%s", pattern);
    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        const zq_table *t = zq_schema_head.tables[i];

        cr_expect_eq(regexec(&ours, t->name, 0, NULL, 0) == 0,
                     zq_table_is_family(t) || zq_table_is_meta(t), "%s", t->name);
    }
    regfree(&ours);
    free(page);
}

/* ---- exit statuses and states ---- */

/* Is the status in the first cell of a row, "| 64, 65, 66 |"? */
static bool names_status(const char *table, const char *status)
{
    for (const char *line = table; strncmp(line, "| ", 2) == 0; line = strchr(line, '\n') + 1) {
        const char *at = strstr(line, status);

        if (at != NULL && at < strchr(line + 1, '|'))
            return true;
    }
    return false;
}

Test(docs, list_every_exit_status_as_the_table_of_errors_has_it)
{
    char row[256];

    for (size_t i = 0; i < ZQ_LEN(languages); i++) {
        char *page = read_page("exit-codes", languages[i]);
        size_t n = 0;

#define HAS_ROW(code, status, words)                                                               \
    n++;                                                                                           \
    snprintf(row, sizeof row, "| %d | `%s` | %s", status, #code, i == 0 ? words : "");             \
    cr_expect(has_line_with_start(page, row), "docs/exit-codes%s lacks the row\n%s", languages[i], \
              row);
        ZQ_RC_LIST(HAS_ROW)
#undef HAS_ROW
        for (int digit = '0'; digit <= '9'; digit++)
            n -= count_rows(page, (char[]){(char)digit, '\0'});
        cr_expect_eq(n, 0, "docs/exit-codes%s has a row that no error has", languages[i]);
        free(page);
    }
    for (size_t i = 0; i < ZQ_LEN(languages); i++) {
        char *readme = read_page("/README", languages[i]);

#define IN_README(code, status, words)                                                   \
    snprintf(row, sizeof row, "%d", status);                                             \
    cr_expect(names_status(strstr(readme, "| 0 |"), row), "README%s: no exit status %d", \
              languages[i], status);
        ZQ_RC_LIST(IN_README)
#undef IN_README
        free(readme);
    }
}

Test(docs, list_every_state_of_a_database_in_its_own_words)
{
    char *page = read_page("states", ".md");
    size_t n = 0;

#define HAS_STATE(name, words) \
    n++;                       \
    cr_expect(strstr(page, "| " words " |") != NULL, "docs/states.md lacks a row of '%s'", words);
    ZQ_CONDITION_LIST(HAS_STATE)
#undef HAS_STATE
    cr_expect_eq(count_rows(page, "the database") + count_rows(page, "an install") +
                     count_rows(page, "a revision") + count_rows(page, "the file"),
                 n, "docs/states.md has a row that is not a state");
    free(page);
}

/* ---- commands ---- */

/* "  status                 is the ..." gives "status"; of "show REV" the words in lower case. */
static bool read_command(const char *line, char *out, size_t size)
{
    size_t n = 0;

    if (strncmp(line, "  ", 2) != 0 || line[2] < 'a' || line[2] > 'z')
        return false;
    for (line += 2; n + 1 < size; line++) {
        bool more = *line == ' ' && line[1] >= 'a' && line[1] <= 'z';

        if ((*line < 'a' || *line > 'z') && *line != '-' && !more)
            break;
        out[n++] = *line;
    }
    out[n] = '\0';
    return true;
}

static void check_commands(const char *program, const char *readme, const char *language)
{
    program_result help = PROGRAM(program, "--help");
    char *line = strstr(help.out, "\nCommands:\n");
    char command[64];
    char words[128];

    cr_assert_not_null(line);
    for (line += strlen("\nCommands:\n"); read_command(line, command, sizeof command);
         line = strchr(line, '\n') + 1) {
        while (strncmp(strchr(line, '\n') + 1, "   ", 3) == 0)
            line = strchr(line, '\n') + 1;
        snprintf(words, sizeof words, "`%s %s", program, command);
        cr_expect(strstr(readme, words) != NULL, "README%s does not name '%s %s'", language,
                  program, command);
    }
    program_free(&help);
}

Test(docs, name_every_command_in_both_readmes)
{
    for (size_t i = 0; i < ZQ_LEN(languages); i++) {
        char *readme = read_page("/README", languages[i]);

        check_commands("zquant-init", readme, languages[i]);
        check_commands("zquant-migrate", readme, languages[i]);
        free(readme);
    }
}

/* ---- seeds ---- */

Test(docs, show_seed_files_that_are_read)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    runbook_block *blocks;
    program_result r;

    cr_assert_geq(runbook_read("docs/seeds", ".md", arena, &blocks), 2);
    program_file("permissions.ini", blocks[0].text, 0600);
    program_file("roles.ini", blocks[1].text, 0600);
    r = PROGRAM("zquant-init", "seeds", "show", "--seeds", ".");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_expect_str_empty(r.err);
    program_free(&r);
}

/* `page` behind the row's first cell has what `grants` gives to the account, in `flavor`. */
static void expect_privileges(const char *page, const char *row, const char *before,
                              const char *account, zq_arena *arena)
{
    const char *at = strstr(page, zq_arena_printf(arena, "\n| %s | ", row));
    program_result r = PROGRAM("zquant-init", "grants", "--flavor", "mariadb");
    const char *list, *wanted;

    cr_assert_not_null(at, "docs/seeds has no row '%s'", row);
    list = strchr(at, '`') + 1;
    wanted = zq_arena_printf(arena, "GRANT %s%.*s ON `zquant`.* TO '%s'@", before,
                             (int)strcspn(list, "`"), list, account);
    cr_expect(strstr(r.out, wanted) != NULL, "%s\n%s", wanted, r.out);
    program_free(&r);
}

Test(docs, name_the_privileges_that_grants_prints)
{
    static const char least[] = "SELECT, INSERT, UPDATE, DELETE, CREATE, ";
    static const char *const rows[][4] = {
        {"zquant-init", "zquant-init", "", "zquant_init"},
        {"zquant-migrate", "zquant-migrate", least, "zquant_migrate"},
        {"backup", "备份", "", "zquant_backup"},
        {"the application", "应用", "", "zquant"},
    };

    for (size_t i = 0; i < ZQ_LEN(languages); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        char *page = read_page("seeds", languages[i]);

        for (size_t r = 0; r < ZQ_LEN(rows); r++)
            expect_privileges(page, rows[r][i], rows[r][2], rows[r][3], arena);
        free(page);
    }
}

/* The rows of the page beside those of the source: "| S | L | | |", "{S | L, ANY, V(ADD) ...". */
Test(docs, show_the_table_of_merging_as_the_source_has_it)
{
    static const struct {
        const char *verdict, *words;
    } said[] = {
        {"ADD)", "added"},
        {"FORGET)", "forgotten"},
        {"KEEP_ADDED)", "stays"},
        {"KEEP_REMOVED)", "stays removed"},
        {"REMOVE)", "removed"},
        {"NOTHING)", "nothing"},
        {"KEEP_CHANGED)", "stays"},
        {"KEEP_CHANGED)", "the operator's words stay"},
        {"UPDATE)", "the seeds' words"},
        {"UPDATE)", "the seeds'"},
    };
    char *page = read_page("seeds", ".md");
    char *source = read_page("/src/seed/merge/rbac_merge", ".c");
    char *row = strstr(page, "\n| S | | | new in the seeds");
    char *line = strstr(source, "    {S, ");
    size_t n = 0;

    cr_assert(row != NULL && line != NULL);
    for (row++; *row == '|'; row = strchr(row, '\n') + 1, line = strchr(line, '\n') + 1, n++) {
        char cells[6][128] = {{0}};
        const char *at = line;

        cr_assert_eq(strncmp(line, "    {", 5), 0, "%.60s\n%.60s", row, line);
        cr_expect_eq(sscanf(row, "|%127[^|]|%127[^|]|%127[^|]|%127[^|]|%127[^|]|%127[^|]|",
                            cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]),
                     6, "%.60s", row);
        for (size_t c = 0; c < 3; c++)
            cr_expect_eq(memchr(line, "SLD"[c], strcspn(line, ",")) != NULL,
                         strchr(cells[c], "SLD"[c]) != NULL, "%.60s\n%.60s", row, line);
        for (size_t c = 4; c < 6; c++) {
            bool same = false;

            at = strstr(at, "V(") + 2;
            cells[c][strlen(cells[c]) - 1] = '\0';
            for (size_t i = 0; i < ZQ_LEN(said); i++)
                same |= strncmp(at, said[i].verdict, strlen(said[i].verdict)) == 0 &&
                        strcmp(cells[c] + 1, said[i].words) == 0;
            cr_expect(same, "'%s' of\n%.80s\nis not %.20s", cells[c], row, at);
        }
    }
    cr_expect_eq(strncmp(line, "/*", 2), 0, "the page lacks %.60s", line);
    cr_expect_eq(n, 12);
    free(page);
    free(source);
}

/* ---- the canonical form ---- */

Test(docs, show_a_table_in_canonical_form_and_how_its_id_is_made)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    char *page = read_page("canonical-form", ".md");
    const char *command = strstr(page, "\n    sed ");
    runbook_block *blocks;
    program_result r, show = PROGRAM("zquant-migrate", "show", zq_release_head()->name);

    runbook_read("docs/canonical-form", ".md", arena, &blocks);
    cr_assert_not_null(command);
    command += 5;
    r = PROGRAM(
        "/bin/sh", "-c",
        zq_arena_printf(arena, "cd " ZQ_SOURCE_DIR "; %.*s", (int)strcspn(command, "|"), command));
    cr_expect(strstr(r.out, blocks[0].text) != NULL, "%s", blocks[0].text);
    program_free(&r);
    r = PROGRAM(
        "/bin/sh", "-c",
        zq_arena_printf(arena, "cd " ZQ_SOURCE_DIR "; %.*s", (int)strcspn(command, "\n"), command));
    cr_assert_eq(strlen(r.out), strlen("  -\n") + 64, "%s", r.err);
    cr_expect_not_null(strstr(show.out, zq_arena_strndup(arena, r.out, 64)));
    program_free(&r);
    program_free(&show);
    free(page);
}
