#include "app/rerun.h"

#include "base/buf.h"

#include <string.h>

/* Where the database is, and which revisions there are: every command takes these. */
static bool is_place(const zq_option *o)
{
    return o->group == ZQ_GROUP_CONNECTION || o->id == ZQ_SET_CONFIG || o->id == ZQ_SET_DIR;
}

/* What is said, and how fast, makes no other run of it. */
static bool is_of_the_run(const zq_option *o)
{
    return is_place(o) || (o->group != ZQ_GROUP_COMMON && o->id != ZQ_SET_LOCK_WAIT);
}

/* A word as a shell takes it, in quotes where it needs them: those of the message are others. */
static void add_word(zq_buf *out, const char *word)
{
    static const char bare[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "-_./:,@%+=";

    if (*word != '\0' && word[strspn(word, bare)] == '\0') {
        zq_buf_str(out, word);
        return;
    }
    zq_buf_char(out, '"');
    for (; *word != '\0'; word++) {
        if (strchr("\"\\$`", *word) != NULL)
            zq_buf_char(out, '\\');
        zq_buf_char(out, *word);
    }
    zq_buf_char(out, '"');
}

const char *zq_rerun_word(const char *word, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    add_word(&out, word);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

static const char *with_options(const zq_app *app, const char *command,
                                bool (*goes_along)(const zq_option *))
{
    ZQ_AUTO_BUF(out);

    zq_buf_str(&out, command);
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        const char *text;

        if (zq_settings_level(app->settings, o->id) != ZQ_LEVEL_OPTION || !goes_along(o))
            continue;
        zq_buf_printf(&out, " --%s", o->name);
        if (o->kind == ZQ_OPTION_FLAG)
            continue;
        text = zq_settings_text(app->settings, o->id);
        zq_buf_char(&out, ' ');
        add_word(&out, text == NULL ? "" : text);
    }
    return zq_arena_strdup(app->arena, zq_buf_text(&out));
}

const char *zq_rerun_other(const zq_app *app, const char *command)
{
    return with_options(app, command, is_place);
}

const char *zq_rerun_same(const zq_app *app, const char *command)
{
    return with_options(app, command, is_of_the_run);
}
