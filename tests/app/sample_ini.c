#include "app/help/help.h"
#include "app/settings/inifile.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static zq_rc check_value(void *context, const zq_inifile_item *item, zq_err *err)
{
    const char *fallback = item->option->fallback == NULL ? "" : item->option->fallback;

    (void)err;
    cr_assert_str_eq(item->value, fallback, "%s", item->key);
    (*(int *)context)++;
    return ZQ_OK;
}

static void no_other_section(void *context, unsigned line, const char *section, const char *nearest)
{
    (void)context;
    (void)nearest;
    cr_assert_fail("line %u: [%s]", line, section);
}

Test(sample, zquant_ini_with_its_keys_switched_on_is_all_defaults)
{
    static char text[65536];
    FILE *sample = fopen(ZQ_SOURCE_DIR "/zquant.ini", "r");
    zq_err err = {0};
    int n = 0;
    int keys = 0;

    cr_assert_not_null(sample);
    text[fread(text, 1, sizeof text - 1, sample)] = '\0';
    fclose(sample);
    for (char *c = text; (c = strstr(c, "\n;")) != NULL; c++)
        c[1] = ' ';
    cr_assert_eq(
        zq_inifile_parse("zquant.ini", text, strlen(text), check_value, no_other_section, &n, &err),
        ZQ_OK, "%s", err.message);
    for (const zq_option *o = zq_options; o->name != NULL; o++)
        keys += o->key != NULL;
    cr_assert_eq(n, keys);
}
