#include "app/settings/inifile.h"
#include "base/ini.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static zq_rc check_item(void *context, const zq_inifile_item *item, zq_err *err)
{
    (void)context;
    (void)err;
    if (item->option == NULL || item->line == 0 || strlen(item->value) > ZQ_INI_LINE_MAX)
        abort();
    return ZQ_OK;
}

static void check_section(void *context, unsigned line, const char *section, const char *nearest)
{
    (void)context;
    (void)nearest;
    if (line == 0 || zq_option_section_is_ours(section))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zq_err err = {0};

    if (zq_inifile_parse("zquant.ini", (const char *)data, size, check_item, check_section, NULL,
                         &err) != ZQ_OK &&
        strncmp(err.message, "zquant.ini:", 11) != 0)
        abort();
    return 0;
}
