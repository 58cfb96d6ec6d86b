/* Cuts SQL text into tokens, as clients and servers do under the session of zq_session_sql().
 *
 * One pass, nothing is copied, and nothing is decided: a keyword, a bare name and a number are one
 * kind, since only a grammar can tell them apart. An executable comment opens and closes with
 * tokens of its own, because servers differ in whether they look into it; whoever reads takes its
 * content, or leaves it out. */
#include "sql/read/token.h"

#include "sql/literal.h"

#include <string.h>
#include <strings.h>

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c == '{' || c == '}' || (unsigned char)c >= 0x80;
}

static char peek(const zq_scanner *s, size_t ahead)
{
    return s->at + ahead < s->length ? s->text[s->at + ahead] : '\0';
}

static bool starts(const zq_scanner *s, const char *with)
{
    size_t length = strlen(with);

    return s->length - s->at >= length && memcmp(s->text + s->at, with, length) == 0;
}

static bool at_delimiter(const zq_scanner *s)
{
    return s->delimiter != NULL && starts(s, s->delimiter);
}

static void step(zq_scanner *s, size_t n)
{
    for (size_t i = 0; i < n && s->at < s->length; i++)
        if (s->text[s->at++] == '\n')
            s->line++;
}

static bool skip_space(zq_scanner *s)
{
    bool line_head = s->at == 0 || s->text[s->at - 1] == '\n';

    while (s->at < s->length && is_space(s->text[s->at])) {
        line_head = line_head || s->text[s->at] == '\n';
        step(s, 1);
    }
    return line_head;
}

/* `--` begins a comment only before white space, a control character or the end. */
static bool at_line_comment(const zq_scanner *s)
{
    if (s->text[s->at] == '#')
        return true;
    return starts(s, "--") &&
           (s->at + 2 == s->length || (unsigned char)peek(s, 2) <= ' ' || peek(s, 2) == 0x7F);
}

static zq_token_kind scan_line_comment(zq_scanner *s)
{
    while (s->at < s->length && s->text[s->at] != '\n')
        s->at++;
    return ZQ_TOKEN_LINE_COMMENT;
}

static zq_token_kind scan_quoted(zq_scanner *s, char quote)
{
    const char *start = s->text + s->at;
    const char *end = zq_quoted_end(start, s->text + s->length);

    step(s, end != NULL ? (size_t)(end - start) : s->length - s->at);
    if (end == NULL)
        return ZQ_TOKEN_BROKEN;
    return quote == '`' ? ZQ_TOKEN_NAME : ZQ_TOKEN_STRING;
}

static zq_token_kind scan_comment(zq_scanner *s)
{
    if (starts(s, "/*!") || starts(s, "/*M!")) {
        s->executables |= peek(s, 2) == '!' ? ZQ_VERSION_COMMENT : ZQ_MARIADB_COMMENT;
        step(s, peek(s, 2) == '!' ? 3 : 4);
        while (peek(s, 0) >= '0' && peek(s, 0) <= '9')
            step(s, 1);
        s->in_executable = true;
        return ZQ_TOKEN_OPEN;
    }
    step(s, 2);
    while (s->at < s->length && !starts(s, "*/"))
        step(s, 1);
    if (s->at == s->length)
        return ZQ_TOKEN_BROKEN;
    step(s, 2);
    return ZQ_TOKEN_COMMENT;
}

static zq_token_kind scan_word(zq_scanner *s)
{
    while (s->at < s->length && is_word(s->text[s->at]) && !at_delimiter(s))
        s->at++;
    return ZQ_TOKEN_WORD;
}

static zq_token_kind scan_one(zq_scanner *s)
{
    char c = s->text[s->at];

    if (at_delimiter(s)) {
        step(s, strlen(s->delimiter));
        return ZQ_TOKEN_DELIMITER;
    }
    if (at_line_comment(s))
        return scan_line_comment(s);
    if (s->in_executable && starts(s, "*/")) {
        step(s, 2);
        s->in_executable = false;
        return ZQ_TOKEN_CLOSE;
    }
    if (starts(s, "/*"))
        return scan_comment(s);
    if (c == '\'' || c == '"' || c == '`')
        return scan_quoted(s, c);
    if (is_word(c))
        return scan_word(s);
    step(s, 1);
    return ZQ_TOKEN_SIGN;
}

zq_token zq_scan(zq_scanner *scanner)
{
    bool line_head = skip_space(scanner);
    zq_token token = {
        .text = scanner->text + scanner->at,
        .line = scanner->line,
        .line_head = line_head,
    };
    size_t start = scanner->at;

    if (start == scanner->length)
        return token;
    token.kind = scan_one(scanner);
    token.length = scanner->at - start;
    return token;
}

static bool is_left_out(const zq_scanner *scanner, const zq_token *open)
{
    unsigned kind = open->text[2] == '!' ? ZQ_VERSION_COMMENT : ZQ_MARIADB_COMMENT;

    return (scanner->leaves_out & kind) != 0;
}

zq_token zq_scan_code(zq_scanner *scanner)
{
    bool left_out = false;

    for (;;) {
        zq_token token = zq_scan(scanner);

        if (token.kind == ZQ_TOKEN_OPEN)
            left_out = is_left_out(scanner, &token);
        else if (token.kind == ZQ_TOKEN_CLOSE)
            left_out = false;
        else if (token.kind == ZQ_TOKEN_END || token.kind == ZQ_TOKEN_BROKEN)
            return token;
        else if (!left_out && token.kind != ZQ_TOKEN_LINE_COMMENT && token.kind != ZQ_TOKEN_COMMENT)
            return token;
    }
}

bool zq_token_is(const zq_token *token, const char *word)
{
    return token->kind == ZQ_TOKEN_WORD && token->length == strlen(word) &&
           strncasecmp(token->text, word, token->length) == 0;
}

bool zq_token_is_sign(const zq_token *token, char sign)
{
    return token->kind == ZQ_TOKEN_SIGN && token->text[0] == sign;
}
