/* Texts from outside, where people and their tools read them: the names in a database, titles, file
 * names, what a server says. They are data, and may hold what a terminal obeys, what makes one line
 * of a log look like two, or what ends a comment. */
#ifndef ZQ_BASE_TEXT_H
#define ZQ_BASE_TEXT_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>

/* Is it UTF-8 of which each character is seen where it stands? No control character (below U+0020,
 * DEL, U+0080 to U+009F), no line or paragraph separator, none that turns the direction of writing,
 * none that is invisible. */
bool zq_text_is_plain(const char *text, size_t length);

/* Add `text` as part of a line for a terminal or a log: each character that is not plain as
 * "<U+001B>", each byte that is not UTF-8 as "<FF>", all else as it is. */
void zq_text_show(zq_buf *out, const char *text, size_t length);

/* As zq_text_show, but line feeds and tabs stay: for a text that has lines of its own. */
void zq_text_show_lines(zq_buf *out, const char *text, size_t length);

/* As zq_buf_printf, but what each %s stands for goes through zq_text_show; its width counts
 * characters. Knows %s with a precision, %d, %i, %u, %x, %c, %f and %%, with l, ll and z. */
void zq_text_printf(zq_buf *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

void zq_text_vprintf(zq_buf *out, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Add JSON that was written already, with "\u001b" for the characters in its strings that are not
 * plain. */
void zq_text_show_json(zq_buf *out, const char *json);

/* Add one line of a script, "-- " and the formatted text, that is a comment whatever the text
 * holds. No backslash is left in it either: in a client that takes it for more than a comment, "\!"
 * would run a command of the shell. */
void zq_comment(zq_buf *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What a hexadecimal digit stands for, large or small; -1: it is not one. */
int zq_hex_digit(char c);

/* As one word of a command for a shell, in single quotes; in `arena`. */
const char *zq_text_shell_quoted(const char *text, zq_arena *arena);

#endif
