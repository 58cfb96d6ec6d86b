#include "base/ini.h"

#include "base/language.h"
#include "base/utf8.h"

#include <ctype.h>
#include <ini.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct walk {
    const char *next; /* what has not been handed to inih yet */
    const char *end;
    zq_ini_fn *on_item;
    void *context;
    zq_err *err;
    zq_rc rc;

    unsigned line;
    bool expects_value; /* inih has not yet called back for the line it was given */
    bool continues;     /* that line is indented below a key */
    bool has_key;
    size_t key_indent;
    char section[ZQ_INI_LINE_MAX + 1];
    char key[ZQ_INI_LINE_MAX + 1];
} walk;

static void give(walk *w, zq_ini_kind kind, const char *key, const char *value)
{
    zq_ini_item item = {
        .kind = kind, .line = w->line, .section = w->section, .key = key, .value = value};

    if (w->rc == ZQ_OK)
        w->rc = w->on_item(w->context, &item, w->err);
}

static const char *wrong_bytes(const char *line, size_t length)
{
    if (memchr(line, '\0', length) != NULL)
        return N_("a NUL byte");
    if (!zq_utf8_valid(line, length))
        return N_("not UTF-8");
    for (size_t i = 0; i < length; i++) {
        bool ends_line = line[i] == '\r' && i + 1 == length;

        if (((unsigned char)line[i] < ' ' && line[i] != '\t' && !ends_line) || line[i] == 0x7F)
            return N_("a control character");
    }
    return NULL;
}

/* The name between the brackets: inih keeps only its first 49 bytes. After a heading that is wrong
 * there is none, so that what follows is not taken for the section before it. */
static void enter_section(walk *w, const char *start, size_t length)
{
    const char *close = memchr(start, ']', length);
    const char *rest = close == NULL ? NULL : close + 1;

    w->has_key = false;
    w->section[0] = '\0';
    while (rest != NULL && rest < start + length && isspace((unsigned char)*rest))
        rest++;
    if (rest != start + length) {
        give(w, ZQ_INI_MISTAKE, NULL, close == NULL ? N_("']' is missing") : N_("text after ']'"));
        return;
    }
    memcpy(w->section, start + 1, (size_t)(close - start) - 1);
    w->section[close - start - 1] = '\0';
    give(w, ZQ_INI_SECTION, NULL, NULL);
}

/* Note what the line is; the result is the part of it that inih is to see. It would take any
 * indented line for a continuation: only one that is deeper than its key is, so that a file with
 * all keys indented means what it looks like. */
static const char *look_at(walk *w, const char *line, size_t length)
{
    size_t indent = 0;

    while (indent < length && isspace((unsigned char)line[indent]))
        indent++;
    if (indent == length || strchr(";#", line[indent]) != NULL)
        return line + length;
    w->continues = w->has_key && indent > w->key_indent;
    if (w->continues) {
        w->expects_value = true;
        return line;
    }
    if (line[indent] == '[') {
        enter_section(w, line + indent, length - indent);
    } else {
        w->expects_value = true;
        w->has_key = true;
        w->key_indent = indent;
    }
    return line + indent;
}

static void end_line(walk *w)
{
    if (w->expects_value) {
        w->has_key = false;
        give(w, ZQ_INI_MISTAKE, NULL, N_("neither 'key = value' nor '[section]'"));
    }
    w->expects_value = false;
}

/* inih's fgets: a whole line at each call, or an empty one in place of a line that is wrong. */
static char *read_line(char *out, int size, void *stream)
{
    walk *w = stream;
    const char *line = w->next;
    const char *stop;
    const char *wrong;
    size_t length;
    char words[96];

    end_line(w);
    if (w->rc != ZQ_OK || line == w->end) {
        /* inih frees this as it is, and the last line may have been a password. */
        explicit_bzero(out, (size_t)size);
        return NULL;
    }
    stop = memchr(line, '\n', (size_t)(w->end - line));
    length = (size_t)((stop != NULL ? stop : w->end) - line);
    w->next = stop != NULL ? stop + 1 : w->end;
    w->line++;

    wrong = wrong_bytes(line, length);
    if (length > ZQ_INI_LINE_MAX || length + sizeof "\n" > (size_t)size) {
        snprintf(words, sizeof words, zq_tr(N_("a line of %zu bytes is too long (at most %d)")),
                 length, ZQ_INI_LINE_MAX);
        wrong = words;
    }
    if (wrong != NULL) {
        give(w, ZQ_INI_MISTAKE, NULL, wrong);
        snprintf(out, (size_t)size, "\n");
    } else {
        const char *seen = look_at(w, line, length);

        snprintf(out, (size_t)size, "%.*s\n", (int)(line + length - seen), seen);
    }
    return out;
}

static int take_value(void *user, const char *section, const char *name, const char *value)
{
    walk *w = user;

    (void)section; /* cut to 49 bytes; so is the name that comes with a continuation */
    w->expects_value = false;
    if (!w->continues)
        snprintf(w->key, sizeof w->key, "%s", name);
    give(w, w->continues ? ZQ_INI_MORE : ZQ_INI_VALUE, w->key, value);
    return 1;
}

/* Debian's inih can be configured while it runs; these are for the whole process. */
static void configure_inih(void)
{
    ini_use_stack = false;
    ini_allow_realloc = false;
    ini_max_line = ZQ_INI_LINE_MAX + 3;
    ini_initial_alloc = ZQ_INI_LINE_MAX + 3;
    ini_allow_inline_comments = false;
    ini_allow_multiline = true;
}

zq_rc zq_ini_parse(const char *text, size_t length, zq_ini_fn *on_item, void *context, zq_err *err)
{
    static const char bom[] = {'\xEF', '\xBB', '\xBF'};
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    walk *w = calloc(1, sizeof *w);
    zq_rc rc;

    if (w == NULL)
        return zq_fail(err, ZQ_E_MEMORY, "not enough memory for an ini file");
    pthread_once(&once, configure_inih);
    w->next = text;
    w->end = text + length;
    w->on_item = on_item;
    w->context = context;
    w->err = err;
    if (length >= sizeof bom && memcmp(text, bom, sizeof bom) == 0)
        w->next += sizeof bom;
    if (ini_parse_stream(read_line, w, take_value, w) == -2 && w->rc == ZQ_OK)
        w->rc = zq_fail(err, ZQ_E_MEMORY, "not enough memory for an ini file");
    rc = w->rc;
    free(w);
    return rc;
}
