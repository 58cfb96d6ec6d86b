/* Any bytes: the lexer gives pieces in order, within the text, each of which reads again as itself;
 * replacing a placeholder by itself changes nothing. The tokens of a statement and what is between
 * them are its text. What is read of it lies within it, reads the same with its ';' taken away, and
 * is not less where a comment is put before it. */
#include "sql/read/placeholder.h"
#include "sql/read/split.h"
#include "sql/read/statement.h"
#include "sql/read/token.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(const char *from, const char *to)
{
    for (; from < to; from++)
        if (*from != ' ' && (*from < '\t' || *from > '\r'))
            return false;
    return true;
}

static void check_tokens(const char *text, size_t length)
{
    zq_scanner scanner = {.text = text, .length = length, .line = 1};
    const char *at = text;

    for (;;) {
        zq_token token = zq_scan(&scanner);

        if (token.text < at || !is_blank(at, token.text))
            abort();
        if (token.kind == ZQ_TOKEN_END)
            break;
        if (token.length == 0)
            abort();
        at = token.text + token.length;
    }
    if (at > text + length || !is_blank(at, text + length))
        abort();
}

static void check_read(const char *text, size_t length, const zq_statement *s)
{
    if (s->tables[s->n_tables] != NULL || s->mentions[s->n_mentions] != NULL || s->length > length)
        abort();
    if (s->n_tables > ZQ_STATEMENT_NAMES_MAX || s->n_clauses > ZQ_STATEMENT_NAMES_MAX)
        abort();
    if ((s->more_line == 0 && s->open_line == 0 && s->length == 0 && length > 0 &&
         text[0] != ';') ||
        (s->kind == ZQ_STATEMENT_DDL && *s->verb == '\0'))
        abort();
}

/* Without what ends it, it is the same statement. */
static void check_end(const char *text, const zq_statement *s, zq_arena *arena)
{
    zq_statement again;

    if (s->more_line != 0)
        return;
    zq_statement_read(text, s->length, arena, &again);
    if (again.kind != s->kind || again.loses != s->loses || again.n_tables != s->n_tables ||
        again.opaque != s->opaque || again.length != s->length)
        abort();
}

/* Nothing is hidden by a comment. */
static void check_behind_comment(const zq_piece *piece, const zq_statement *s, zq_arena *arena)
{
    const char *text = zq_arena_printf(arena, "/* x */ %.*s", (int)piece->length, piece->text);
    zq_statement again;

    if (memchr(piece->text, '\0', piece->length) != NULL)
        return;
    zq_statement_read(text, strlen(text), arena, &again);
    if (again.kind != s->kind || again.loses != s->loses || again.n_tables != s->n_tables ||
        again.opaque != s->opaque)
        abort();
}

static void check_statement(const zq_piece *piece, zq_arena *arena)
{
    static const zq_binding same[] = {{"table", "{table}"}, {"code", "{code}"}};
    zq_statement statement;
    const char *expanded =
        zq_placeholder_fill(arena, piece->text, piece->length, same, ZQ_LEN(same));

    if (memcmp(expanded, piece->text, piece->length) != 0)
        abort();
    zq_statement_read(piece->text, piece->length, arena, &statement);
    check_read(piece->text, piece->length, &statement);
    check_end(piece->text, &statement, arena);
    check_behind_comment(piece, &statement, arena);
    check_tokens(piece->text, piece->length);
}

/* A statement with what ended it, read on its own, is the same statement. */
static void check_again(const zq_split *lexer, const zq_piece *piece)
{
    zq_split again = zq_split_on("again", piece->text, lexer->at - piece->offset);
    zq_piece first;

    memcpy(again.delimiter, lexer->delimiter, sizeof again.delimiter);
    if (zq_split_next(&again, &first, NULL) != ZQ_OK || first.length != piece->length)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zq_split lexer = zq_split_on("fuzz", (const char *)data, size);
    zq_arena *arena = zq_arena_open();
    zq_err err = {0};
    zq_piece piece;
    size_t end = 0;

    while (zq_split_next(&lexer, &piece, &err) == ZQ_OK && piece.kind != ZQ_PIECE_END) {
        if (piece.offset < end || piece.offset + piece.length > size || piece.length == 0)
            abort();
        end = piece.offset + piece.length;
        if (piece.kind == ZQ_PIECE_STATEMENT) {
            check_statement(&piece, arena);
            check_again(&lexer, &piece);
        }
    }
    zq_arena_close(arena);
    return 0;
}
