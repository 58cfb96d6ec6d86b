#include "app/cmd/commands.h"
#include "app/settings/url.h"

#include "base/buf.h"
#include "base/text.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* What may be shown of a value; NULL when there is none. */
static const char *shown(const zq_app *app, const zq_option *o)
{
    const char *text = zq_settings_text(app->settings, o->id);

    if (text == NULL || !zq_option_is_secret(o))
        return text;
    return o->id == ZQ_SET_URL ? zq_url_shown(text, app->arena) : "********";
}

static zq_rc print_json(const zq_app *app, zq_err *err)
{
    json_t *document = json_object();
    json_t *all = json_array();

    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        const char *text = shown(app, o);
        json_t *row;

        if (!zq_option_is_for(o, app->program->options, NULL))
            continue;
        row = json_object();
        json_object_set_new(row, "name", json_string(o->name));
        json_object_set_new(row, "value", text == NULL ? json_null() : json_string(text));
        json_object_set_new(row, "source", json_string(zq_settings_source(app->settings, o->id)));
        json_object_set_new(row, "secret", json_boolean(zq_option_is_secret(o)));
        json_array_append_new(all, row);
    }
    json_object_set_new(document, "settings", all);
    return zq_out_json(document, err);
}

static size_t widest_value(const zq_app *app)
{
    size_t widest = strlen("VALUE");

    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        const char *text = shown(app, o);
        size_t length = text == NULL ? 0 : strlen(text);

        if (zq_option_is_for(o, app->program->options, NULL) && length > widest && length <= 40)
            widest = length;
    }
    return widest;
}

zq_rc zq_cmd_config(zq_app *app, zq_err *err)
{
    ZQ_AUTO_BUF(table);
    int width = (int)widest_value(app);

    if (zq_settings_flag(app->settings, ZQ_SET_JSON))
        return print_json(app, err);
    zq_text_printf(&table, "%-26s %-*s %s\n", "SETTING", width, "VALUE", "FROM");
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        const char *text = shown(app, o);

        if (zq_option_is_for(o, app->program->options, NULL))
            zq_text_printf(&table, "%-26s %-*s %s\n", o->name, width, text == NULL ? "-" : text,
                           text == NULL ? "-" : zq_settings_source(app->settings, o->id));
    }
    return zq_out_lines(zq_buf_text(&table), err);
}
