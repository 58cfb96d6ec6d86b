#include "sql/read/split.h"

#include "base/buf.h"
#include "sql/read/token.h"

#include <string.h>

static zq_scanner scanner_of(const zq_lexer *lexer)
{
    return (zq_scanner){
        .text = lexer->text,
        .length = lexer->length,
        .at = lexer->at,
        .line = lexer->line,
        .delimiter = lexer->delimiter,
    };
}

static zq_rc fail_broken(const zq_lexer *lexer, const zq_token *token, zq_err *err)
{
    if (token->text[0] == '/')
        return zq_fail(err, ZQ_E_DATA, "%s:%u: a comment begins here and is not ended", lexer->name,
                       token->line);
    return zq_fail(err, ZQ_E_DATA, "%s:%u: a quote %c begins here and is not ended", lexer->name,
                   token->line, token->text[0]);
}

/* ---- DELIMITER ---- */

static bool is_delimiter_command(const zq_token *token, const zq_lexer *lexer)
{
    size_t after = (size_t)(token->text - lexer->text) + token->length;

    return zq_token_is(token, "DELIMITER") &&
           (after == lexer->length || (unsigned char)lexer->text[after] <= ' ');
}

/* The argument: the next word, quotes around it left out; the rest of the line does not count. */
static const char *delimiter_argument(const char *text, const char *end, size_t *out_length)
{
    char quote = '\0';
    const char *start;

    while (text < end && (*text == ' ' || *text == '\t' || *text == '\r'))
        text++;
    if (text < end && (*text == '\'' || *text == '"' || *text == '`'))
        quote = *text++;
    start = text;
    while (text < end && (quote != '\0' ? *text != quote : (unsigned char)*text > ' '))
        text++;
    *out_length = (size_t)(text - start);
    return start;
}

static zq_rc obey_delimiter(zq_lexer *lexer, zq_scanner *scanner, zq_err *err)
{
    const char *rest = scanner->text + scanner->at;
    const char *end = memchr(rest, '\n', scanner->length - scanner->at);
    size_t length;
    const char *argument;

    if (end == NULL)
        end = scanner->text + scanner->length;
    argument = delimiter_argument(rest, end, &length);
    if (length == 0)
        return zq_fail(err, ZQ_E_DATA, "%s:%u: DELIMITER without an argument", lexer->name,
                       scanner->line);
    if (length > ZQ_DELIMITER_MAX)
        return zq_fail(err, ZQ_E_DATA, "%s:%u: a delimiter of more than %d bytes", lexer->name,
                       scanner->line, ZQ_DELIMITER_MAX);
    if (memchr(argument, '\\', length) != NULL)
        return zq_fail(err, ZQ_E_DATA, "%s:%u: a delimiter with a backslash", lexer->name,
                       scanner->line);
    memcpy(lexer->delimiter, argument, length);
    lexer->delimiter[length] = '\0';
    scanner->at = (size_t)(end - scanner->text);
    return ZQ_OK;
}

/* ---- markers ---- */

/* `-- zq:...` as the first thing on its line: what follows the dashes, or NULL. */
static const char *marker_in(const zq_token *token, size_t *out_length)
{
    const char *text = token->text;
    const char *end = text + token->length;

    if (token->kind != ZQ_TOKEN_LINE_COMMENT || !token->line_head || text[0] != '-')
        return NULL;
    for (text += 2; text < end && (unsigned char)*text <= ' ';)
        text++;
    while (end > text && (unsigned char)end[-1] <= ' ')
        end--;
    if (end - text < 3 || memcmp(text, "zq:", 3) != 0)
        return NULL;
    *out_length = (size_t)(end - text);
    return text;
}

static zq_piece marker_piece(const zq_lexer *lexer, const zq_token *token, const char *text,
                             size_t length)
{
    return (zq_piece){
        .kind = ZQ_PIECE_MARKER,
        .text = text,
        .length = length,
        .offset = (size_t)(text - lexer->text),
        .line = token->line,
    };
}

/* ---- statements ---- */

/* What may not stand where it does; `began` is the statement under way, if any. */
static zq_rc check_token(const zq_lexer *lexer, const zq_token *token, const zq_piece *began,
                         zq_err *err)
{
    size_t length;

    if (token->kind == ZQ_TOKEN_BROKEN)
        return fail_broken(lexer, token, err);
    if (zq_token_is_sign(token, '\\'))
        return zq_fail(err, ZQ_E_DATA,
                       "%s:%u: a backslash outside quotes: commands of the mysql client such as "
                       "\\G are not SQL",
                       lexer->name, token->line);
    if (began->text == NULL && is_delimiter_command(token, lexer) && !token->line_head)
        return zq_fail(err, ZQ_E_DATA, "%s:%u: DELIMITER must begin its line", lexer->name,
                       token->line);
    if (began->text == NULL)
        return ZQ_OK;
    if (marker_in(token, &length) != NULL ||
        (token->line_head && is_delimiter_command(token, lexer)))
        return zq_fail(err, ZQ_E_DATA,
                       "%s:%u: '%.*s' within the statement that begins in line %u: end it with "
                       "'%s' first",
                       lexer->name, token->line, token->length > 40 ? 40 : (int)token->length,
                       token->text, began->line, lexer->delimiter);
    return ZQ_OK;
}

static void take(zq_piece *piece, const zq_lexer *lexer, const zq_token *token)
{
    if (piece->text == NULL) {
        piece->kind = ZQ_PIECE_STATEMENT;
        piece->text = token->text;
        piece->offset = (size_t)(token->text - lexer->text);
        piece->line = token->line;
    }
    piece->length = (size_t)(token->text - piece->text) + token->length;
}

static zq_rc end_statement(const zq_lexer *lexer, const zq_scanner *scanner, const zq_token *token,
                           const zq_piece *piece, zq_err *err)
{
    if (scanner->in_executable)
        return zq_fail(err, ZQ_E_DATA,
                       "%s:%u: an executable comment of the statement that begins in line %u is "
                       "not ended",
                       lexer->name, token->line, piece->line);
    if (token->kind == ZQ_TOKEN_DELIMITER && piece->text == NULL)
        return zq_fail(err, ZQ_E_DATA, "%s:%u: an empty statement: nothing is before this '%s'",
                       lexer->name, token->line, lexer->delimiter);
    return ZQ_OK;
}

zq_lexer zq_lexer_on(const char *name, const char *text, size_t length)
{
    return (zq_lexer){.name = name, .text = text, .length = length, .line = 1, .delimiter = ";"};
}

zq_rc zq_lexer_next(zq_lexer *lexer, zq_piece *out, zq_err *err)
{
    zq_scanner scanner = scanner_of(lexer);
    zq_piece piece = {0};
    size_t length;

    for (;;) {
        zq_token token = zq_scan(&scanner);
        const char *marker = marker_in(&token, &length);

        ZQ_TRY(check_token(lexer, &token, &piece, err));
        if (marker != NULL) {
            piece = marker_piece(lexer, &token, marker, length);
            break;
        }
        if (token.kind == ZQ_TOKEN_END || token.kind == ZQ_TOKEN_DELIMITER) {
            ZQ_TRY(end_statement(lexer, &scanner, &token, &piece, err));
            break;
        }
        if (piece.text == NULL && is_delimiter_command(&token, lexer))
            ZQ_TRY(obey_delimiter(lexer, &scanner, err));
        else if (token.kind != ZQ_TOKEN_LINE_COMMENT && token.kind != ZQ_TOKEN_COMMENT)
            take(&piece, lexer, &token);
    }
    lexer->at = scanner.at;
    lexer->line = scanner.line;
    *out = piece;
    return ZQ_OK;
}

/* ---- placeholders ---- */

/* The length of a {word} at `text`, braces included; 0 when there is none. */
static size_t placeholder_at(const char *text, size_t length)
{
    size_t i = 1;

    if (length < 3 || text[0] != '{')
        return 0;
    while (i < length && text[i] >= 'a' && text[i] <= 'z')
        i++;
    return i > 1 && i < length && text[i] == '}' ? i + 1 : 0;
}

static bool is_comment(const zq_token *token)
{
    return token->kind == ZQ_TOKEN_LINE_COMMENT || token->kind == ZQ_TOKEN_COMMENT;
}

size_t zq_statement_placeholders(const char *text, size_t length, zq_arena *arena,
                                 const zq_placeholder **out)
{
    zq_scanner scanner = {.text = text, .length = length, .line = 1};
    size_t n = 0, size;
    zq_placeholder *found = NULL;

    for (zq_token t = zq_scan(&scanner); t.kind != ZQ_TOKEN_END; t = zq_scan(&scanner)) {
        unsigned line = t.line;

        for (size_t i = 0; i < t.length && !is_comment(&t); i++) {
            line += t.text[i] == '\n';
            if ((size = placeholder_at(t.text + i, t.length - i)) == 0)
                continue;
            found = zq_arena_grow(arena, found, sizeof *found, n);
            found[n++] = (zq_placeholder){
                .name = zq_arena_strndup(arena, t.text + i + 1, size - 2),
                .line = line,
                .in_string = t.kind == ZQ_TOKEN_STRING,
            };
        }
    }
    *out = found;
    return n;
}

static const char *bound(const zq_binding *bindings, size_t n, const char *name, size_t length)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(bindings[i].name) == length && memcmp(bindings[i].name, name, length) == 0)
            return bindings[i].value;
    return NULL;
}

static void expand_into(zq_buf *buf, const char *text, size_t length, const zq_binding *bindings,
                        size_t n_bindings)
{
    for (size_t i = 0; i < length;) {
        size_t size = placeholder_at(text + i, length - i);
        const char *value = size == 0 ? NULL : bound(bindings, n_bindings, text + i + 1, size - 2);

        if (value != NULL)
            zq_buf_str(buf, value);
        else
            zq_buf_char(buf, text[i]);
        i += value != NULL ? size : 1;
    }
}

char *zq_statement_expand(zq_arena *arena, const char *text, size_t length,
                          const zq_binding *bindings, size_t n_bindings)
{
    zq_scanner scanner = {.text = text, .length = length, .line = 1};
    const char *copied = text;
    ZQ_AUTO_BUF(buf);

    for (zq_token t = zq_scan(&scanner); t.kind != ZQ_TOKEN_END; t = zq_scan(&scanner)) {
        zq_buf_add(&buf, copied, (size_t)(t.text - copied));
        if (is_comment(&t))
            zq_buf_add(&buf, t.text, t.length);
        else
            expand_into(&buf, t.text, t.length, bindings, n_bindings);
        copied = t.text + t.length;
    }
    zq_buf_add(&buf, copied, (size_t)(text + length - copied));
    return zq_arena_strndup(arena, zq_buf_text(&buf), buf.length);
}
