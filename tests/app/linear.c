/* What a parser does grows with what it reads, and no faster, whatever that is. Steps are counted,
 * not seconds: the parsers are compiled a second time for this test (support/counted.h), and each
 * input is read at two sizes. */
#include "app/settings/dotenv.h"
#include "app/settings/inifile.h"
#include "app/settings/mycnf.h"
#include "app/settings/url.h"
#include "base/buf.h"
#include "model/canon.h"
#include "rev/revision_file.h"
#include "seed/seeds.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <string.h>

enum { TIMES = 8 };

unsigned long long zq_counted_steps;
void __sanitizer_cov_trace_pc(void);

void __sanitizer_cov_trace_pc(void)
{
    zq_counted_steps++;
}

typedef zq_rc parser(const char *text, size_t length, zq_err *err);

static zq_rc ignore_dotenv(void *context, const zq_dotenv_item *item, zq_err *err)
{
    (void)context, (void)item, (void)err;
    return ZQ_OK;
}

static zq_rc ignore_ini(void *context, const zq_inifile_item *item, zq_err *err)
{
    (void)context, (void)item, (void)err;
    return ZQ_OK;
}

static void ignore_section(void *context, unsigned line, const char *section, const char *nearest)
{
    (void)context, (void)line, (void)section, (void)nearest;
}

static zq_rc ignore_mycnf(void *context, const zq_mycnf_item *item, zq_err *err)
{
    (void)context, (void)item, (void)err;
    return ZQ_OK;
}

static zq_rc dotenv(const char *text, size_t length, zq_err *err)
{
    ZQ_AUTO(zq_vault) vault = zq_vault_open();

    return zq_dotenv_parse(".env", text, length, NULL, vault, ignore_dotenv, NULL, err);
}

static zq_rc ini(const char *text, size_t length, zq_err *err)
{
    return zq_inifile_parse("x.ini", text, length, ignore_ini, ignore_section, NULL, err);
}

static zq_rc mycnf(const char *text, size_t length, zq_err *err)
{
    ZQ_AUTO(zq_vault) vault = zq_vault_open();

    return zq_mycnf_parse(".my.cnf", text, length, vault, ignore_mycnf, NULL, err);
}

static zq_rc url(const char *text, size_t length, zq_err *err)
{
    ZQ_AUTO(zq_vault) vault = zq_vault_open();
    zq_url parts;

    (void)length;
    return zq_url_parse(text, vault, &parts, err);
}

static zq_rc seeds_of(const zq_seed_text *roles, const zq_seed_text *permissions, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_seeds seeds;

    return zq_seeds_parse(roles, permissions, arena, &seeds, NULL, err);
}

static zq_rc roles(const char *text, size_t length, zq_err *err)
{
    static const zq_seed_text permissions = {"p.ini", "[a:b]\ndescription = x\n", 22};
    const zq_seed_text file = {"r.ini", text, length};

    return seeds_of(&file, &permissions, err);
}

static zq_rc permissions(const char *text, size_t length, zq_err *err)
{
    static const zq_seed_text none = {"r.ini", "", 0};
    const zq_seed_text file = {"p.ini", text, length};

    return seeds_of(&none, &file, err);
}

static zq_rc canon(const char *text, size_t length, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_schema *schema;

    return zq_canon_parse(text, length, arena, &schema, err);
}

static zq_rc revision(const char *text, size_t length, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_revision read;

    return zq_revision_file_read("0002_x.sql", text, length, arena, &read, err);
}

#define REVISION                                                                           \
    "-- revision: 0002\n-- revises: 0001\n-- title: t\n-- created: 2026-01-04T00:00:00Z\n" \
    "-- zq:upgrade\n"

/* `head`, then `unit` again and again with "#" in it as a number, then `tail`. */
static const struct {
    const char *name;
    parser *parse;
    const char *head, *unit, *tail;
} inputs[] = {
    {"references", dotenv, "A=x\n", "B#=${A}\n", ""},
    {"references to the first of many", dotenv, "A0=x\n", "A#=y${A0}${A#}\n", ""},
    {"references that double", dotenv, "A=0123456789abcdef\n", "A=${A}${A}\n", ""},
    {"an unclosed reference", dotenv, "A=", "${", "\n"},
    {"an unclosed default", dotenv, "A=", "${a:-", "\n"},
    {"references to a colon", dotenv, "A=", "${", ":x}\n"},
    {"references with a colon each", dotenv, "A=", "${a:", "}\n"},
    {"keys without a value", dotenv, "", "a\n", ""},
    {"quotes with a backslash", dotenv, "", "A='\\'\n", ""},
    {"an unclosed quote", dotenv, "A=\"", "\\\"\n", ""},
    {"white space", dotenv, "A=", "\xE3\x80\x80", "x\n"},
    {"keys", ini, "[common]\n", "wait = 1\n", ""},
    {"sections", ini, "", "[s#]\nx = y\n", ""},
    {"continued lines", ini, "[s]\nx = 1\n", "  y\n", ""},
    {"options", mycnf, "[client]\n", "user = \"a\\n#b\" # c\n", ""},
    {"groups", mycnf, "", "[g#]\n", ""},
    {"parameters", url, "mysql://u:p@h/d?", "p#=v&", ""},
    {"escapes", url, "mysql://u:", "%41", "@h/d"},
    {"more than one '@'", url, "mysql://u:p", "@", "h/d"},
    {"roles", roles, "", "[r#]\ndescription = x\npermissions = a:b\n", ""},
    {"wildcards", roles, "[r]\ndescription = x\npermissions =\n", "  a:*\n", ""},
    {"unknown permissions", roles, "[r]\ndescription = x\npermissions =\n", "  q#\n", ""},
    {"permissions", permissions, "", "[p#:a]\ndescription = x\n", ""},
    {"mistakes", permissions, "", "[p]\n", ""},
    {"columns", canon, "table t engine InnoDB charset utf8mb4 collate utf8mb4_bin\n",
     "  column c# int\n", ""},
    {"tables", canon, "", "table t# engine InnoDB charset utf8mb4 collate utf8mb4_bin\n\n", ""},
    {"values of an enum", canon,
     "table t engine InnoDB charset utf8mb4 collate utf8mb4_bin\n  column c enum('a'", ", 'v#'",
     ")\n"},
    {"an unclosed comment", canon,
     "table t engine InnoDB charset utf8mb4 collate utf8mb4_bin comment '", "\\x01''", "\n"},
    {"comments", revision, "", "-- x\n", ""},
    {"headers", revision, "", "-- revision: 0002\n", ""},
    {"statements", revision, REVISION, "CREATE TABLE t# (a INT);\n",
     "-- zq:downgrade\nSELECT 1;\n"},
    {"parentheses", revision, REVISION "SELECT ", "(", "1;\n"},
    {"unclosed quotes", revision, REVISION, "SELECT '\n", ""},
    {"clauses", revision, REVISION "ALTER TABLE t ADD a INT", ", ADD c# INT", ";\n"},
    {"names", revision, REVISION "SELECT 1 FROM a", " JOIN b# ON 1", ";\n-- zq:downgrade\n"},
    {"tables of one statement", revision, REVISION "DROP TABLE a", ", b#", ";\n-- zq:downgrade\n"},
    {"columns renamed", revision, REVISION "ALTER TABLE t ADD a INT", ", CHANGE c# d# INT",
     ";\n-- zq:downgrade\n"},
    {"assignments", revision, REVISION "SET @a = 1", ", @b# = 2", ";\n-- zq:downgrade\n"},
    {"labels", revision, REVISION "DELIMITER //\nCREATE PROCEDURE p() BEGIN\n",
     "a#: BEGIN /* x */ SELECT 1 FROM b#; END;\n", "END//\n-- zq:downgrade\n"},
    {"blocks in blocks", revision, REVISION "DELIMITER //\nCREATE PROCEDURE p() BEGIN\n",
     "IF CASE a WHEN 1 THEN 2 END THEN ", "SELECT 1; END//\n-- zq:downgrade\n"},
    {"handlers", revision, REVISION "DELIMITER //\nCREATE PROCEDURE p() BEGIN\n",
     "DECLARE EXIT HANDLER FOR ", "1062 BEGIN END; END//\n-- zq:downgrade\n"},
    {"what runs another", revision, REVISION, "SET STATEMENT a = 1 FOR ", "SELECT 1;\n"},
    {"executable comments", revision, REVISION "SELECT 1", " /*! + 1 */ /*M! + 2 */",
     ";\n-- zq:downgrade\n"},
    {"tables made", revision, REVISION,
     "CREATE TABLE t# (a INT);\nINSERT INTO t# VALUES (1);\nDROP TABLE t#;\n", "-- zq:downgrade\n"},
    {"names with dots", revision, REVISION "SELECT ", "a.b.", "c;\n-- zq:downgrade\n"},
    {"carriage returns", revision, REVISION "SELECT '", "\r\n\r", "';\n-- zq:downgrade\n"},
    {"blocks", revision, REVISION,
     "-- zq:family zq_data_tustock_daily_{code}\nALTER TABLE {table} ADD c INT;\n-- zq:end\n",
     "-- zq:downgrade\nSELECT 1;\n"},
};

static void write_input(zq_buf *out, size_t i, size_t times)
{
    zq_buf_str(out, inputs[i].head);
    for (size_t k = 0; k < times; k++) {
        for (const char *c = inputs[i].unit; *c != '\0'; c++) {
            if (*c == '#' && inputs[i].parse != mycnf)
                zq_buf_printf(out, "%06zu", k);
            else
                zq_buf_char(out, *c);
        }
    }
    zq_buf_str(out, inputs[i].tail);
}

static unsigned long long steps_of(size_t i, size_t times)
{
    ZQ_AUTO_BUF(text);
    zq_err err = {0};

    write_input(&text, i, times);
    zq_counted_steps = 0;
    inputs[i].parse(zq_buf_text(&text), text.length, &err);
    return zq_counted_steps;
}

Test(linear, eight_times_the_input_takes_no_more_than_some_eight_times_the_steps)
{
    cr_assert_geq(sodium_init(), 0);
    for (size_t i = 0; i < ZQ_LEN(inputs); i++) {
        unsigned long long once = steps_of(i, 500);
        unsigned long long more = steps_of(i, 500 * TIMES);

        cr_expect_gt(once, 100, "%s: nothing was counted", inputs[i].name);
        /* Sorting takes a logarithm more, and buffers double. */
        cr_expect_lt(more, once * TIMES * 3 / 2 + 200000, "%s: %llu steps became %llu",
                     inputs[i].name, once, more);
    }
}

Test(linear, what_stands_for_too_much_is_refused)
{
    ZQ_AUTO_BUF(text);
    zq_err err = {0};

    cr_assert_geq(sodium_init(), 0);
    zq_buf_str(&text, "A=0123456789abcdef\n");
    for (int i = 0; i < 54; i++)
        zq_buf_str(&text, "A=${A}${A}\n");
    zq_counted_steps = 0;
    cr_assert_eq(dotenv(zq_buf_text(&text), text.length, &err), ZQ_E_CONFIG);
    cr_assert_str_eq(err.message,
                     ".env:17: the '${...}' up to here stand for more than 1048576 bytes");
    cr_assert_str_eq(err.hint, "write the value itself; each '${...}' repeats all that its name "
                               "stands for");
    cr_assert_lt(zq_counted_steps, 4000000);
}

Test(linear, seeds_that_would_make_too_many_grants_are_refused)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(many);
    ZQ_AUTO_BUF(all);
    zq_err err = {0};
    zq_seeds seeds;

    for (int i = 0; i < 9000; i++) {
        zq_buf_printf(&many, "[p%d:a]\ndescription = x\n", i);
        zq_buf_printf(&all, "[r%d]\ndescription = x\npermissions = *\n", i);
    }
    cr_assert_eq(zq_seeds_parse(&(zq_seed_text){"r.ini", zq_buf_text(&all), all.length},
                                &(zq_seed_text){"p.ini", zq_buf_text(&many), many.length}, arena,
                                &seeds, NULL, &err),
                 ZQ_E_DATA);
    cr_assert_str_eq(err.message, "r.ini:334: more than 1000000 grants");
}
