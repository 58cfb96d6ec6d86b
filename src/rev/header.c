#include "rev/header.h"

#include "base/language.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { RELEASE_MAX = 32, TITLE_MAX = 255 }; /* characters of zq_meta_history's columns */

typedef struct entry {
    const char *value; /* NULL: not there */
    unsigned line;
} entry;

/* ---- what a value must look like ---- */

static bool only(const char *text, const char *allowed)
{
    return *text != '\0' && text[strspn(text, allowed)] == '\0';
}

static bool valid_revises(const char *value)
{
    return strcmp(value, ZQ_REVISION_BASE) == 0 || zq_revision_id_valid(value);
}

static bool valid_release(const char *value)
{
    return strlen(value) <= RELEASE_MAX && strchr(value, '.') != NULL &&
           only(value, "0123456789abcdefghijklmnopqrstuvwxyz.-");
}

static bool valid_title(const char *value)
{
    return zq_utf8_count(value) <= TITLE_MAX;
}

static unsigned two_digits(const char *at)
{
    return (unsigned)(at[0] - '0') * 10 + (unsigned)(at[1] - '0');
}

static unsigned days_of(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

static bool valid_created(const char *value)
{
    static const char pattern[] = "0000-00-00T00:00:00Z";
    enum { CENTURY = 0, YEAR = 2, MONTH = 5, DAY = 8, HOUR = 11, MINUTE = 14, SECOND = 17 };
    unsigned year, month, day;

    if (strlen(value) != sizeof pattern - 1)
        return false;
    for (size_t i = 0; i < sizeof pattern - 1; i++)
        if (pattern[i] == '0' ? value[i] < '0' || value[i] > '9' : value[i] != pattern[i])
            return false;
    year = two_digits(value + CENTURY) * 100 + two_digits(value + YEAR);
    month = two_digits(value + MONTH);
    day = two_digits(value + DAY);
    return month >= 1 && month <= 12 && day >= 1 && day <= days_of(year, month) &&
           two_digits(value + HOUR) < 24 && two_digits(value + MINUTE) < 60 &&
           two_digits(value + SECOND) < 60;
}

static bool valid_schema_id(const char *value)
{
    return strlen(value) == ZQ_DIGEST_HEX - 1 && only(value, "0123456789abcdef");
}

/* "0002..0003 DIGEST": where its parts end. */
typedef struct squash_parts {
    int first, last; /* how long they are */
    const char *last_at;
    const char *digest;
} squash_parts;

static bool find_squash_parts(const char *value, squash_parts *out)
{
    const char *dots = strstr(value, ".."), *blank = dots == NULL ? NULL : strchr(dots, ' ');

    if (blank == NULL)
        return false;
    *out = (squash_parts){.first = (int)(dots - value),
                          .last = (int)(blank - dots) - 2,
                          .last_at = dots + 2,
                          .digest = blank + 1};
    return out->first <= ZQ_REVISION_ID_MAX && out->last <= ZQ_REVISION_ID_MAX;
}

static bool valid_squashes(const char *value)
{
    char first[ZQ_REVISION_ID_MAX + 1], last[ZQ_REVISION_ID_MAX + 1];
    squash_parts parts;

    if (!find_squash_parts(value, &parts))
        return false;
    snprintf(first, sizeof first, "%.*s", parts.first, value);
    snprintf(last, sizeof last, "%.*s", parts.last, parts.last_at);
    return zq_revision_id_valid(first) && zq_revision_id_valid(last) &&
           valid_schema_id(parts.digest);
}

enum key { REVISION, REVISES, RELEASE, TITLE, CREATED, SCHEMA_ID, SQUASHES, N_KEYS };

static const struct {
    const char *name;
    bool needed;
    bool (*valid)(const char *value);
    const char *must_be;
} keys[N_KEYS] = {
    [REVISION] = {"revision", true, zq_revision_id_valid, N_("1 to 64 of a-z, 0-9 and '-'")},
    [REVISES] = {"revises", true, valid_revises, N_("a revision, or 'base' for the first one")},
    [RELEASE] = {"release", false, valid_release, N_("a release such as 0.3.0")},
    [TITLE] = {"title", true, valid_title, N_("at most 255 characters")},
    [CREATED] = {"created", true, valid_created, N_("a time such as 2026-01-04T00:00:00Z")},
    [SCHEMA_ID] = {"schema-id", false, valid_schema_id, N_("64 hexadecimal digits")},
    [SQUASHES] = {"squashes", false, valid_squashes,
                  N_("FIRST..LAST and a digest, as 'zquant-migrate squash' writes it")},
};

/* ---- lines ---- */

static void trim(const char **text, const char **end)
{
    while (*text < *end && (unsigned char)**text <= ' ')
        (*text)++;
    while (*end > *text && (unsigned char)(*end)[-1] <= ' ')
        (*end)--;
}

/* The length of "key:" at the head of a comment's text, 0 when it is free text. */
static size_t key_length(const char *text, const char *end)
{
    const char *at = text;

    while (at < end && ((*at >= 'a' && *at <= 'z') || *at == '-'))
        at++;
    if (at == text || at == end || *at != ':')
        return 0;
    return at + 1 == end || at[1] == ' ' || at[1] == '\t' ? (size_t)(at - text) : 0;
}

static zq_rc fail_unknown(const zq_revision *revision, unsigned line, const char *key,
                          size_t length, zq_err *err)
{
    zq_fail(err, ZQ_E_DATA, "%s:%u: unknown header '%.*s'", revision->file, line, (int)length, key);
    return zq_err_hint(err, "the headers are revision, revises, release, title, created, schema-id "
                            "and squashes; write a free comment without 'word:'");
}

static zq_rc take_entry(const zq_revision *revision, zq_arena *arena, const char *text,
                        const char *end, unsigned line, entry *entries, zq_err *err)
{
    size_t length = key_length(text, end);
    const char *value = text + length + 1;

    if (length == 0)
        return ZQ_OK;
    trim(&value, &end);
    for (size_t i = 0; i < N_KEYS; i++) {
        if (strlen(keys[i].name) != length || memcmp(keys[i].name, text, length) != 0)
            continue;
        if (entries[i].value != NULL)
            return zq_fail(err, ZQ_E_DATA,
                           "%s:%u: header '%s' a second time, the first is in "
                           "line %u",
                           revision->file, line, keys[i].name, entries[i].line);
        entries[i].value = zq_arena_strndup(arena, value, (size_t)(end - value));
        entries[i].line = line;
        if (*entries[i].value == '\0')
            return zq_fail(err, ZQ_E_DATA, "%s:%u: header '%s' is empty", revision->file, line,
                           keys[i].name);
        if (!keys[i].valid(entries[i].value))
            return zq_fail(err, ZQ_E_DATA, "%s:%u: header '%s' must be %s, not '%.100s'",
                           revision->file, line, keys[i].name, zq_tr(keys[i].must_be),
                           entries[i].value);
        return ZQ_OK;
    }
    return fail_unknown(revision, line, text, length, err);
}

static zq_rc read_lines(const zq_revision *revision, zq_arena *arena, entry *entries, zq_err *err)
{
    const char *at = revision->text, *stop = at + revision->length;

    for (unsigned line = 1; at < stop; line++) {
        const char *newline = memchr(at, '\n', (size_t)(stop - at));
        const char *text = at, *end = newline != NULL ? newline : stop;

        at = newline != NULL ? newline + 1 : stop;
        trim(&text, &end);
        if (text == end)
            continue;
        if (end - text < 2 || memcmp(text, "--", 2) != 0)
            return ZQ_OK;
        text += 2;
        trim(&text, &end);
        if (end - text >= 3 && memcmp(text, "zq:", 3) == 0)
            return ZQ_OK;
        ZQ_TRY(take_entry(revision, arena, text, end, line, entries, err));
    }
    return ZQ_OK;
}

/* `value` was found valid. */
static void take_squashes(zq_revision *revision, const entry *squashes, zq_arena *arena)
{
    squash_parts parts;

    if (squashes->value == NULL || !find_squash_parts(squashes->value, &parts))
        return;
    revision->squash_first = zq_arena_strndup(arena, squashes->value, (size_t)parts.first);
    revision->squash_last = zq_arena_strndup(arena, parts.last_at, (size_t)parts.last);
    revision->squash_digest = parts.digest;
    revision->squash_line = squashes->line;
}

zq_rc zq_header_read(zq_revision *revision, zq_arena *arena, zq_err *err)
{
    entry entries[N_KEYS] = {{NULL}};

    ZQ_TRY(read_lines(revision, arena, entries, err));
    for (size_t i = 0; i < N_KEYS; i++)
        if (keys[i].needed && entries[i].value == NULL)
            return zq_fail(err, ZQ_E_DATA, "%s:1: header '%s' is missing", revision->file,
                           keys[i].name);
    revision->id = entries[REVISION].value;
    revision->id_line = entries[REVISION].line;
    if (strcmp(entries[REVISES].value, ZQ_REVISION_BASE) != 0)
        revision->revises = entries[REVISES].value;
    revision->revises_line = entries[REVISES].line;
    revision->release = entries[RELEASE].value;
    revision->release_line = entries[RELEASE].line;
    revision->title = entries[TITLE].value;
    revision->created = entries[CREATED].value;
    revision->schema_id = entries[SCHEMA_ID].value;
    revision->schema_id_line = entries[SCHEMA_ID].line;
    take_squashes(revision, &entries[SQUASHES], arena);
    return ZQ_OK;
}
