#include "seed/seedfile.h"

#include "base/buf.h"
#include "base/ini.h"
#include "base/language.h"
#include "base/text.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct reader {
    const zq_seed_text *source;
    const zq_seed_shape *shape;
    zq_arena *arena;
    zq_seed_file *out;
    zq_mistake_list *mistakes;
    bool in_section;      /* false before the first one, and in one whose name is wrong */
    bool skipping;        /* in a section that is wrong as a whole: its keys are not looked at */
    zq_seed_value *value; /* of the last key; NULL when that was wrong */
    const zq_seed_key *key;
} reader;

void zq_mistake_add(zq_mistake_list *list, const char *file, unsigned line, const char *format, ...)
{
    va_list args;

    list->items = zq_arena_grow(list->arena, list->items, sizeof *list->items, list->n);
    va_start(args, format);
    list->items[list->n] = (zq_seed_mistake){
        .file = file,
        .line = line,
        .words = zq_arena_vprintf(list->arena, zq_tr(format), args),
        .order = list->n,
    };
    list->n++;
    va_end(args);
}

#define WRONG(r, line, ...) zq_mistake_add((r)->mistakes, (r)->source->file, (line), __VA_ARGS__)

/* One escape, `*at` after its backslash; -1 when there is none of that name. */
static int unescape(const char **at)
{
    static const char names[] = "\\\"nrt";
    static const char bytes[] = "\\\"\n\r\t";
    char c = *(*at)++;
    const char *known = c == '\0' ? NULL : strchr(names, c);

    if (known != NULL)
        return (unsigned char)bytes[known - names];
    if (c == 'x' && zq_hex_digit((*at)[0]) >= 0 && zq_hex_digit((*at)[1]) >= 0) {
        int value = zq_hex_digit((*at)[0]) * 16 + zq_hex_digit((*at)[1]);

        *at += 2;
        return value == 0 ? -1 : value;
    }
    (*at)--;
    return -1;
}

/* What stands between double quotes; `*at` is on the first and ends after the second one. NULL, and
 * the mistake noted, when they are not closed or an escape is unknown. */
static const char *read_quoted(reader *r, const char **at, unsigned line)
{
    ZQ_AUTO_BUF(out);
    const char *c = *at + 1;

    while (*c != '"' && *c != '\0') {
        int byte = (unsigned char)*c++;

        if (byte == '\\' && (byte = unescape(&c)) < 0) {
            WRONG(r, line, "unknown escape '\\%c' in quotes (known: \\\\ \\\" \\n \\r \\t \\xHH)",
                  *c == '\0' ? ' ' : *c);
            return NULL;
        }
        zq_buf_char(&out, (char)byte);
    }
    if (*c != '"') {
        WRONG(r, line, "a closing quote is missing");
        return NULL;
    }
    if (!zq_utf8_valid(zq_buf_text(&out), out.length)) {
        WRONG(r, line, "not UTF-8 once the escapes are resolved");
        return NULL;
    }
    *at = c + 1;
    return zq_arena_strndup(r->arena, zq_buf_text(&out), out.length);
}

static const char *skip_blank(const char *at)
{
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

/* A name or value, quoted or as it stands. */
static const char *read_text(reader *r, const char *text, unsigned line)
{
    const char *value;

    if (*text != '"')
        return zq_arena_strdup(r->arena, text);
    value = read_quoted(r, &text, line);
    if (value != NULL && *skip_blank(text) != '\0') {
        WRONG(r, line, "text after the closing quote");
        return NULL;
    }
    return value;
}

static const char *read_name(reader *r, const zq_ini_item *item)
{
    const char *text = item->section;
    const char *name;

    if (*text != '\0' &&
        (isspace((unsigned char)*text) || isspace((unsigned char)text[strlen(text) - 1]))) {
        WRONG(r, item->line, "white space around a %s's name", zq_tr(r->shape->noun));
        return NULL;
    }
    name = read_text(r, text, item->line);
    if (name != NULL && *name == '\0')
        WRONG(r, item->line, "a %s's name is empty", zq_tr(r->shape->noun));
    if (name == NULL || *name == '\0')
        return NULL;
    if (!zq_text_is_plain(name, strlen(name))) {
        WRONG(r, item->line, "a %s's name has a control character or one that is not seen",
              zq_tr(r->shape->noun));
        return NULL;
    }
    if (zq_utf8_count(name) > r->shape->name_max) {
        WRONG(r, item->line, "a %s's name of %zu characters is too long (at most %zu): '%s'",
              zq_tr(r->shape->noun), zq_utf8_count(name), r->shape->name_max, name);
        return NULL;
    }
    return name;
}

static void take_section(reader *r, const zq_ini_item *item)
{
    zq_seed_file *out = r->out;
    const char *name = read_name(r, item);

    r->value = NULL;
    r->in_section = true;
    r->skipping = name == NULL;
    if (name == NULL)
        return;
    *ZQ_APPEND(r->arena, out->sections, out->n) =
        (zq_seed_section){.name = name, .line = item->line};
}

static void add_item(reader *r, const char *text, size_t length, bool quoted, unsigned line)
{
    zq_seed_value *value = r->value;

    *ZQ_APPEND(r->arena, value->items, value->n_items) = (zq_seed_item){
        .text = zq_arena_strndup(r->arena, text, length), .quoted = quoted, .line = line};
}

/* Names apart by commas. */
static void take_list(reader *r, const char *text, unsigned line)
{
    while (*(text = skip_blank(text)) != '\0') {
        if (*text == '"') {
            const char *name = read_quoted(r, &text, line);

            if (name == NULL)
                return;
            add_item(r, name, strlen(name), true, line);
            text = skip_blank(text);
            if (*text != ',' && *text != '\0') {
                WRONG(r, line, "text after the closing quote");
                return;
            }
        } else {
            size_t length = strcspn(text, ",");
            size_t kept = length;

            while (kept > 0 && isspace((unsigned char)text[kept - 1]))
                kept--;
            if (kept > 0)
                add_item(r, text, kept, false, line);
            text += length;
        }
        text += *text == ',';
    }
}

/* A description may have lines, and columns made by tabs. */
static bool is_readable(const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n\r\t");

        if (!zq_text_is_plain(text, length))
            return false;
        text += length + (text[length] != '\0');
    }
    return true;
}

static void take_text(reader *r, const char *text, unsigned line)
{
    const char *value = read_text(r, text, line);

    if (value == NULL)
        return;
    if (!is_readable(value)) {
        WRONG(r, line, "'%s' has a control character or one that is not seen", r->key->name);
        return;
    }
    if (zq_utf8_count(value) > r->key->max) {
        WRONG(r, line, "'%s' of %zu characters is too long (at most %zu)", r->key->name,
              zq_utf8_count(value), r->key->max);
        return;
    }
    if (*text == '\0' && !r->key->may_be_no)
        WRONG(r, line, "'%s' is empty", r->key->name);
    r->value->text = *text == '\0' ? NULL : value;
}

static const zq_seed_key *find_key(const zq_seed_shape *shape, const char *name, size_t *out_index)
{
    for (size_t i = 0; i < ZQ_SEED_KEYS_MAX && shape->keys[i].name != NULL; i++) {
        if (strcmp(shape->keys[i].name, name) == 0) {
            *out_index = i;
            return &shape->keys[i];
        }
    }
    return NULL;
}

static const char *known_keys(reader *r)
{
    ZQ_AUTO_BUF(out);

    for (size_t i = 0; i < ZQ_SEED_KEYS_MAX && r->shape->keys[i].name != NULL; i++)
        zq_buf_printf(&out, "%s'%s'", i == 0 ? "" : ", ", r->shape->keys[i].name);
    return zq_arena_strdup(r->arena, zq_buf_text(&out));
}

static void take_key(reader *r, const zq_ini_item *item)
{
    zq_seed_section *section;
    size_t index;

    r->value = NULL;
    r->key = find_key(r->shape, item->key, &index);
    if (!r->in_section) {
        WRONG(r, item->line, "key '%s' stands before the first [%s]", item->key,
              zq_tr(r->shape->noun));
        return;
    }
    if (r->key == NULL) {
        WRONG(r, item->line, "unknown key '%s' (a %s has %s)", item->key, zq_tr(r->shape->noun),
              known_keys(r));
        return;
    }
    if (r->skipping)
        return;
    section = &r->out->sections[r->out->n - 1];
    if (section->values[index].line != 0) {
        WRONG(r, item->line, "'%s' is given twice, first in line %u", item->key,
              section->values[index].line);
        return;
    }
    r->value = &section->values[index];
    r->value->line = item->line;
    if (r->key->is_list)
        take_list(r, item->value, item->line);
    else
        take_text(r, item->value, item->line);
}

static void take_more(reader *r, const zq_ini_item *item)
{
    if (r->value == NULL)
        return;
    if (r->key->is_list)
        take_list(r, item->value, item->line);
    else
        WRONG(r, item->line, "'%s' takes one line (write \"\\n\" in quotes for a line break)",
              r->key->name);
}

static zq_rc take_item(void *context, const zq_ini_item *item, zq_err *err)
{
    reader *r = context;

    (void)err;
    switch (item->kind) {
    case ZQ_INI_SECTION:
        take_section(r, item);
        break;
    case ZQ_INI_VALUE:
        take_key(r, item);
        break;
    case ZQ_INI_MORE:
        take_more(r, item);
        break;
    case ZQ_INI_MISTAKE:
        WRONG(r, item->line, "%s", zq_tr(item->value));
        r->value = NULL;
        r->skipping = r->skipping || (r->in_section && *item->section == '\0');
        break;
    }
    return ZQ_OK;
}

static void check_required(reader *r)
{
    for (size_t i = 0; i < r->out->n; i++) {
        const zq_seed_section *section = &r->out->sections[i];

        for (size_t k = 0; k < ZQ_SEED_KEYS_MAX && r->shape->keys[k].name != NULL; k++) {
            if (r->shape->keys[k].required && section->values[k].line == 0)
                WRONG(r, section->line, "%s '%s' has no '%s'", zq_tr(r->shape->noun), section->name,
                      r->shape->keys[k].name);
        }
    }
}

static int by_name_then_line(const void *a, const void *b)
{
    const zq_seed_section *const *left = a;
    const zq_seed_section *const *right = b;
    int order = zq_seed_name_cmp((*left)->name, (*right)->name);

    return order != 0 ? order : ((*left)->line > (*right)->line) - ((*left)->line < (*right)->line);
}

static void check_duplicates(reader *r)
{
    size_t n = r->out->n;
    const zq_seed_section **sorted = ZQ_NEW_ARRAY(r->arena, const zq_seed_section *, n);

    for (size_t i = 0; i < n; i++)
        sorted[i] = &r->out->sections[i];
    qsort(sorted, n, sizeof(zq_seed_section *), by_name_then_line);
    for (size_t i = 1; i < n; i++) {
        if (zq_seed_name_cmp(sorted[i - 1]->name, sorted[i]->name) == 0)
            WRONG(r, sorted[i]->line, "%s '%s' is there twice, first in line %u",
                  zq_tr(r->shape->noun), sorted[i]->name, sorted[i - 1]->line);
    }
}

/* One character as utf8mb4_unicode_ci weighs it, roughly: ASCII letters have no case, everything
 * beyond the Basic Multilingual Plane (emoji) weighs the same, and the end is followed by spaces
 * (MySQL manual, 12.10.1, "Unicode Character Sets"). */
static int weigh(const unsigned char **at)
{
    int c = **at;

    if (c == '\0')
        return ' ';
    ++*at;
    if (c >= 0xF0) {
        while ((**at & 0xC0) == 0x80)
            ++*at;
        return 0xF0;
    }
    return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

int zq_seed_name_cmp(const char *a, const char *b)
{
    const unsigned char *left = (const unsigned char *)a;
    const unsigned char *right = (const unsigned char *)b;

    while (*left != '\0' || *right != '\0') {
        int order = weigh(&left) - weigh(&right);

        if (order != 0)
            return order;
    }
    return 0;
}

void zq_seedfile_read(const zq_seed_text *source, const zq_seed_shape *shape, zq_arena *arena,
                      zq_seed_file *out, zq_mistake_list *mistakes)
{
    reader r = {.source = source, .shape = shape, .arena = arena, .out = out, .mistakes = mistakes};
    zq_err err = {0};

    if (zq_ini_parse(source->text, source->length, take_item, &r, &err) != ZQ_OK)
        WRONG(&r, 1, "%s", err.message);
    check_required(&r);
    check_duplicates(&r);
}
