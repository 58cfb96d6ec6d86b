/* Splits a text into statements where the `mysql` client would, so that a file can be tried with
 * the client and means the same here.
 *
 * The client decides by tokens, not by grammar: quotes, comments and DELIMITER count, BEGIN and END
 * do not. What the two vendors' clients read in different ways (DELIMITER within a statement, a
 * backslash outside quotes, a comment that is not ended) is refused with file and line, instead of
 * choosing one of them. */
#include "sql/read/split.h"

#include "sql/read/token.h"

#include <string.h>

static zq_scanner scanner_of(const zq_split *split)
{
    return (zq_scanner){
        .text = split->text,
        .length = split->length,
        .at = split->at,
        .line = split->line,
        .delimiter = split->delimiter,
    };
}

static zq_rc fail_broken(const zq_split *split, const zq_token *token, zq_err *err)
{
    if (token->text[0] == '/')
        return zq_fail(err, ZQ_E_DATA, "%s:%u: a comment begins here and is not ended", split->name,
                       token->line);
    return zq_fail(err, ZQ_E_DATA, "%s:%u: a quote %c begins here and is not ended", split->name,
                   token->line, token->text[0]);
}

/* ---- DELIMITER ---- */

static bool is_delimiter_command(const zq_token *token, const zq_split *split)
{
    size_t after = (size_t)(token->text - split->text) + token->length;

    return zq_token_is(token, "DELIMITER") &&
           (after == split->length || (unsigned char)split->text[after] <= ' ');
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

static zq_rc obey_delimiter(zq_split *split, zq_scanner *scanner, zq_err *err)
{
    const char *rest = scanner->text + scanner->at;
    const char *end = memchr(rest, '\n', scanner->length - scanner->at);
    size_t length;
    const char *argument;

    if (end == NULL)
        end = scanner->text + scanner->length;
    argument = delimiter_argument(rest, end, &length);
    if (length == 0)
        return zq_fail(err, ZQ_E_DATA, "%s:%u: DELIMITER without an argument", split->name,
                       scanner->line);
    if (length > ZQ_DELIMITER_MAX)
        return zq_fail(err, ZQ_E_DATA, "%s:%u: a delimiter of more than %d bytes", split->name,
                       scanner->line, ZQ_DELIMITER_MAX);
    if (memchr(argument, '\\', length) != NULL)
        return zq_fail(err, ZQ_E_DATA, "%s:%u: a delimiter with a backslash", split->name,
                       scanner->line);
    memcpy(split->delimiter, argument, length);
    split->delimiter[length] = '\0';
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

static zq_piece marker_piece(const zq_split *split, const zq_token *token, const char *text,
                             size_t length)
{
    return (zq_piece){
        .kind = ZQ_PIECE_MARKER,
        .text = text,
        .length = length,
        .offset = (size_t)(text - split->text),
        .line = token->line,
    };
}

/* ---- statements ---- */

/* What may not stand where it does; `began` is the statement under way, if any. */
static zq_rc check_token(const zq_split *split, const zq_token *token, const zq_piece *began,
                         zq_err *err)
{
    size_t length;

    if (token->kind == ZQ_TOKEN_BROKEN)
        return fail_broken(split, token, err);
    if (zq_token_is_sign(token, '\\'))
        return zq_fail(err, ZQ_E_DATA,
                       "%s:%u: a backslash outside quotes: commands of the mysql client such as "
                       "\\G are not SQL",
                       split->name, token->line);
    if (began->text == NULL && is_delimiter_command(token, split) && !token->line_head)
        return zq_fail(err, ZQ_E_DATA, "%s:%u: DELIMITER must begin its line", split->name,
                       token->line);
    if (began->text == NULL)
        return ZQ_OK;
    if (marker_in(token, &length) != NULL ||
        (token->line_head && is_delimiter_command(token, split)))
        return zq_fail(err, ZQ_E_DATA,
                       "%s:%u: '%.*s' within the statement that begins in line %u: end it with "
                       "'%s' first",
                       split->name, token->line, token->length > 40 ? 40 : (int)token->length,
                       token->text, began->line, split->delimiter);
    return ZQ_OK;
}

static void take(zq_piece *piece, const zq_split *split, const zq_token *token)
{
    if (piece->text == NULL) {
        piece->kind = ZQ_PIECE_STATEMENT;
        piece->text = token->text;
        piece->offset = (size_t)(token->text - split->text);
        piece->line = token->line;
    }
    piece->length = (size_t)(token->text - piece->text) + token->length;
}

static zq_rc end_statement(const zq_split *split, const zq_scanner *scanner, const zq_token *token,
                           const zq_piece *piece, zq_err *err)
{
    if (scanner->in_executable)
        return zq_fail(err, ZQ_E_DATA,
                       "%s:%u: an executable comment of the statement that begins in line %u is "
                       "not ended",
                       split->name, token->line, piece->line);
    if (token->kind == ZQ_TOKEN_DELIMITER && piece->text == NULL)
        return zq_fail(err, ZQ_E_DATA, "%s:%u: an empty statement: nothing is before this '%s'",
                       split->name, token->line, split->delimiter);
    return ZQ_OK;
}

zq_split zq_split_on(const char *name, const char *text, size_t length)
{
    return (zq_split){.name = name, .text = text, .length = length, .line = 1, .delimiter = ";"};
}

zq_rc zq_split_next(zq_split *split, zq_piece *out, zq_err *err)
{
    zq_scanner scanner = scanner_of(split);
    zq_piece piece = {0};
    size_t length;

    for (;;) {
        zq_token token = zq_scan(&scanner);
        const char *marker = marker_in(&token, &length);

        ZQ_TRY(check_token(split, &token, &piece, err));
        if (marker != NULL) {
            piece = marker_piece(split, &token, marker, length);
            break;
        }
        if (token.kind == ZQ_TOKEN_END || token.kind == ZQ_TOKEN_DELIMITER) {
            ZQ_TRY(end_statement(split, &scanner, &token, &piece, err));
            break;
        }
        if (piece.text == NULL && is_delimiter_command(&token, split))
            ZQ_TRY(obey_delimiter(split, &scanner, err));
        else if (token.kind != ZQ_TOKEN_LINE_COMMENT && token.kind != ZQ_TOKEN_COMMENT)
            take(&piece, split, &token);
    }
    split->at = scanner.at;
    split->line = scanner.line;
    *out = piece;
    return ZQ_OK;
}
