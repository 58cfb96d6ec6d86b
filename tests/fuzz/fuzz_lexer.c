/* Any bytes: the lexer gives pieces in order, within the text, each of which reads again as itself;
 * replacing a placeholder by itself changes nothing. */
#include "sql/lexer.h"
#include "sql/statement.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void check_statement(const zq_piece *piece, zq_arena *arena)
{
    static const zq_binding same[] = {{"table", "{table}"}, {"code", "{code}"}};
    zq_statement statement;
    const char *expanded =
        zq_statement_expand(arena, piece->text, piece->length, same, ZQ_LEN(same));

    if (memcmp(expanded, piece->text, piece->length) != 0)
        abort();
    zq_statement_read(piece->text, piece->length, arena, &statement);
    if (statement.tables[statement.n_tables] != NULL)
        abort();
}

/* A statement with what ended it, read on its own, is the same statement. */
static void check_again(const zq_lexer *lexer, const zq_piece *piece)
{
    zq_lexer again = zq_lexer_on("again", piece->text, lexer->at - piece->offset);
    zq_piece first;

    memcpy(again.delimiter, lexer->delimiter, sizeof again.delimiter);
    if (zq_lexer_next(&again, &first, NULL) != ZQ_OK || first.length != piece->length)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zq_lexer lexer = zq_lexer_on("fuzz", (const char *)data, size);
    zq_arena *arena = zq_arena_open();
    zq_err err = {0};
    zq_piece piece;
    size_t end = 0;

    while (zq_lexer_next(&lexer, &piece, &err) == ZQ_OK && piece.kind != ZQ_PIECE_END) {
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
