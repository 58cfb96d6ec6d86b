/* The sample zquant.ini, from the same table as --help. */
#include "app/help/help.h"

#include <string.h>

enum { WIDTH = 79 };

static void add_comment(zq_buf *out, const char *text)
{
    size_t column = WIDTH;

    for (const char *word = text; *word != '\0';) {
        size_t length = strcspn(word, " ");

        if (column + 1 + length > WIDTH) {
            zq_buf_str(out, "\n#");
            column = 1;
        }
        zq_buf_printf(out, " %.*s", (int)length, word);
        column += 1 + length;
        word += length + (word[length] == ' ');
    }
}

void zq_help_ini(zq_buf *out)
{
    zq_buf_str(out,
               "# Settings of zquant-init and zquant-migrate: every key, with its default.\n"
               "#\n"
               "# Read is the first of: --config FILE, ZQUANT_CONFIG, ./zquant.ini,\n"
               "# /etc/zquant/zquant.ini. Options, the environment and .env are stronger,\n"
               "# ~/.my.cnf is weaker; 'zquant-init config' shows what counts and why.\n"
               "#\n"
               "# A value is the rest of its line: no quotes around it, no comment behind it.\n"
               "# With a password in it the file must be its owner's alone: chmod 600.\n");
    for (unsigned group = 0; group < ZQ_GROUP_COUNT_; group++) {
        bool any = false;

        for (const zq_option *o = zq_options; o->name != NULL; o++) {
            ZQ_AUTO_BUF(words);

            if (o->group != group || o->key == NULL)
                continue;
            if (!any)
                zq_buf_printf(out, "\n[%s]\n", zq_option_group_section(group));
            any = true;
            zq_buf_str(&words, o->help);
            if (o->env != NULL)
                zq_buf_printf(&words, " (%s)", o->env);
            add_comment(out, zq_buf_text(&words));
            zq_buf_printf(out, "\n;%s =%s%s\n", o->key, o->fallback == NULL ? "" : " ",
                          o->fallback == NULL ? "" : o->fallback);
        }
    }
}
