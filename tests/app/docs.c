/* The pages in docs/ that repeat what the code's tables say, held against those tables. */
#include "app/settings/option.h"
#include "base/buf.h"
#include "base/err.h"
#include "program.h"
#include "run/state.h"
#include "runbook.h"

#include <criterion/criterion.h>
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

/* ---- exit statuses and states ---- */

Test(docs, list_every_exit_status_as_the_table_of_errors_has_it)
{
    char row[256];
    char *page = read_page("exit-codes", ".md");
    size_t n = 0;

#define HAS_ROW(code, status, words)                                       \
    n++;                                                                   \
    snprintf(row, sizeof row, "| %d | `%s` | %s |", status, #code, words); \
    cr_expect(has_line_with_start(page, row), "docs/exit-codes.md lacks the row\n%s", row);
    ZQ_RC_LIST(HAS_ROW)
#undef HAS_ROW
    for (int digit = '0'; digit <= '9'; digit++)
        n -= count_rows(page, (char[]){(char)digit, '\0'});
    cr_expect_eq(n, 0, "docs/exit-codes.md has a row that no error has");
    free(page);
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
