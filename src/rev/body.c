/* Reads a revision's sections statement by statement, in one pass over the text.
 *
 * A marker (zq:upgrade, zq:family, zq:batch ...) is a comment that stands between statements: it
 * opens a section or a block, whose statements then carry what the marker says. Each statement is
 * read once, to its end, and what was read of it stays with it: nothing later reads the text again
 * to learn what it does. */
#include "rev/body.h"

#include "base/phrase.h"
#include "model/schema.h"
#include "rev/kept.h"
#include "rev/made.h"
#include "rev/rules.h"
#include "sql/read/split.h"
#include "sql/read/statement.h"

#include <stdlib.h>
#include <string.h>

/* A revision whose sections are being read. */
typedef struct reader {
    zq_split lexer;
    zq_arena *arena;
    zq_revision *out;
    zq_rev_section *section; /* NULL: before the first one */
    zq_rev_statement block;  /* what each statement of the block under way has in common */
    const char *block_name;  /* "zq:family"; NULL: no block is open */
    unsigned block_line;
    size_t in_block;          /* statements so far */
    unsigned no_escapes_line; /* that SET NO_BACKSLASH_ESCAPES; 0: a backslash escapes */
    unsigned ansi_line;       /* that SET ANSI_QUOTES; 0: "" holds a string */
    unsigned oracle_line;     /* that SET ORACLE; 0: bodies are in the server's own language */
    unsigned irreversible_line;
    const char *unreviewed; /* the first question about the next statement; NULL: none */
    unsigned unreviewed_line;
    zq_err *err;
} reader;

#define FAIL(r, line, ...) fail_at((r), (line), zq_tr_printf((r)->arena, __VA_ARGS__))

static zq_rc fail_at(reader *r, unsigned line, const char *what)
{
    return zq_fail(r->err, ZQ_E_DATA, "%s:%u: %s", r->out->file, line, what);
}

/* ---- statements ---- */

/* The text is read as one in which a backslash escapes, and "" holds a string: from SET sql_mode
 * on, that is known only as far as the words go. A mode that is named anywhere may be set by a
 * variable later. */
static void follow_sql_mode(reader *r, const zq_rev_statement *s)
{
    static const char *const ansi[] = {"ANSI", "ORACLE", "MSSQL", "DB2", "MAXDB", "POSTGRESQL"};
    bool no_escapes = strcasestr(s->text, "NO_BACKSLASH_ESCAPES") != NULL;
    bool quotes = strcasestr(s->text, "ANSI_QUOTES") != NULL;

    for (size_t i = 0; i < s->parsed.n_clauses; i++) {
        const zq_clause *set = &s->parsed.clauses[i];
        const char *text = zq_arena_strndup(r->arena, set->text, set->length);

        if (strcmp(set->verb, "SET") != 0 || set->name == NULL ||
            strcasestr(set->name, "sql_mode") == NULL)
            continue;
        for (size_t k = 0; k < ZQ_LEN(ansi); k++)
            quotes = quotes || strcasestr(text, ansi[k]) != NULL;
        if (set->new_name != NULL && set->text[set->length - 1] == '\'')
            r->no_escapes_line = r->ansi_line = r->oracle_line = 0;
        if (strcasestr(text, "ORACLE") != NULL)
            r->oracle_line = s->line;
    }
    if (no_escapes)
        r->no_escapes_line = s->line;
    if (quotes)
        r->ansi_line = s->line;
}

/* Where the server ends a string earlier, what is behind it runs unread. */
static zq_rc check_quotes(reader *r, const zq_rev_statement *s)
{
    if (r->no_escapes_line != 0 && s->parsed.escapes_quote)
        return FAIL(r, s->line,
                    "a backslash before a quote, which ends the string since line %u SET "
                    "NO_BACKSLASH_ESCAPES: write the quote twice",
                    r->no_escapes_line);
    if (r->ansi_line != 0 && s->parsed.escapes_double)
        return FAIL(r, s->line,
                    "a backslash before a \", which ends the name since line %u SET ANSI_QUOTES: "
                    "write strings in ''",
                    r->ansi_line);
    return ZQ_OK;
}

/* Where its ';' are not read as those of a body, nothing is known of what it holds. */
static zq_rc check_language(reader *r, const zq_rev_statement *s)
{
    if (r->oracle_line == 0 || (s->parsed.open_line == 0 && s->parsed.more_line == 0))
        return ZQ_OK;
    FAIL(r, s->line,
         "a body in the language of sql_mode ORACLE, which line %u SET: it cannot be read",
         r->oracle_line);
    return zq_err_hint(r->err, "write it in the server's own language, without that mode, or make "
                               "what it belongs to beside the revision");
}

static zq_rc take_statement(reader *r, const zq_piece *piece)
{
    zq_rev_statement statement = r->block;
    zq_rev_statement *grown;
    char *text;

    if (r->section == NULL)
        return FAIL(r, piece->line, "a statement before '-- zq:upgrade'");
    if (r->irreversible_line != 0 && r->section == &r->out->downgrade)
        return FAIL(r, piece->line, "a statement after 'zq:irreversible'");
    if (r->block.block == ZQ_BLOCK_BATCH && r->in_block > 0)
        return FAIL(r, piece->line, "a second statement in the 'zq:batch' block of line %u",
                    r->block_line);
    text = zq_arena_strndup(r->arena, piece->text, piece->length);
    zq_statement_read(text, piece->length, r->arena, &statement.parsed);
    text[statement.parsed.length] = '\0';
    statement.text = text;
    statement.length = statement.parsed.length;
    statement.line = piece->line;
    statement.unreviewed = r->unreviewed;
    statement.unreviewed_line = r->unreviewed_line;
    r->unreviewed = NULL;
    ZQ_TRY(check_quotes(r, &statement));
    ZQ_TRY(check_language(r, &statement));
    follow_sql_mode(r, &statement);
    ZQ_TRY(zq_rev_statement_check(r->out->file, &statement, r->arena, r->err));
    grown = zq_arena_grow(r->arena, (void *)r->section->statements, sizeof *grown, r->section->n);
    grown[r->section->n++] = statement;
    r->section->statements = grown;
    r->in_block++;
    return ZQ_OK;
}

/* ---- markers ---- */

static zq_rc no_argument(reader *r, unsigned line, const char *argument)
{
    if (*argument != '\0')
        return FAIL(r, line, "'%.40s' after the marker is not understood", argument);
    return ZQ_OK;
}

static zq_rc not_in_block(reader *r, unsigned line)
{
    if (r->block_name != NULL)
        return FAIL(r, line, "the '%s' block of line %u is not ended: write '-- zq:end' first",
                    r->block_name, r->block_line);
    return ZQ_OK;
}

static zq_rc nothing_unreviewed(reader *r)
{
    if (r->unreviewed != NULL)
        return FAIL(r, r->unreviewed_line, "'zq:unreviewed' without a statement behind it");
    return ZQ_OK;
}

static zq_rc begin_section(reader *r, unsigned line, zq_rev_section *section)
{
    ZQ_TRY(not_in_block(r, line));
    ZQ_TRY(nothing_unreviewed(r));
    if (section->line != 0)
        return FAIL(r, line, "a second section, the first is in line %u", section->line);
    section->line = line;
    r->section = section;
    r->no_escapes_line = r->ansi_line = r->oracle_line = 0;
    return ZQ_OK;
}

static zq_rc on_upgrade(reader *r, unsigned line, char *argument)
{
    ZQ_TRY(no_argument(r, line, argument));
    return begin_section(r, line, &r->out->upgrade);
}

/* The way back is that of the revisions it stands for. */
static zq_rc not_of_squash(reader *r, unsigned line)
{
    if (r->out->squash_last == NULL)
        return ZQ_OK;
    FAIL(r, line, "a squash has no way back of its own");
    zq_err_hint(r->err,
                "remove the marker and what stands after it: 'downgrade' undoes '%s' to "
                "'%s' one by one",
                r->out->squash_last, r->out->squash_first);
    return ZQ_E_DATA;
}

static zq_rc on_downgrade(reader *r, unsigned line, char *argument)
{
    ZQ_TRY(no_argument(r, line, argument));
    ZQ_TRY(not_of_squash(r, line));
    if (r->out->upgrade.line == 0)
        return FAIL(r, line, "'zq:downgrade' before 'zq:upgrade'");
    return begin_section(r, line, &r->out->downgrade);
}

static zq_rc on_irreversible(reader *r, unsigned line, char *argument)
{
    if (*argument == '\0')
        return FAIL(r, line, "'zq:irreversible' without a reason");
    ZQ_TRY(not_of_squash(r, line));
    if (r->out->upgrade.line == 0)
        return FAIL(r, line, "'zq:irreversible' before 'zq:upgrade'");
    ZQ_TRY(begin_section(r, line, &r->out->downgrade));
    r->out->irreversible = argument;
    r->irreversible_line = line;
    return ZQ_OK;
}

static zq_rc begin_block(reader *r, unsigned line, zq_block block, const char *name)
{
    ZQ_TRY(not_in_block(r, line));
    if (r->section == NULL)
        return FAIL(r, line, "'%s' before '-- zq:upgrade'", name);
    r->block = (zq_rev_statement){.block = block};
    r->block_name = name;
    r->block_line = line;
    r->in_block = 0;
    return ZQ_OK;
}

static bool is_name(const char *text, size_t length)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

    return length > 0 && length <= 64 && strspn(text, allowed) >= length;
}

/* "zq_x" and "zq_x_{code}" both name the family zq_x_{code}. */
static zq_rc on_family(reader *r, unsigned line, char *argument)
{
    static const char suffix[] = "_" ZQ_CODE;
    size_t length = strlen(argument);

    ZQ_TRY(begin_block(r, line, ZQ_BLOCK_FAMILY, "zq:family"));
    if (length > sizeof suffix - 1 && strcmp(argument + length - (sizeof suffix - 1), suffix) == 0)
        length -= sizeof suffix - 1;
    if (!is_name(argument, length))
        return FAIL(r, line, "'zq:family' needs the name of one family, not '%.64s'", argument);
    r->block.family = zq_arena_printf(r->arena, "%.*s%s", (int)length, argument, suffix);
    return ZQ_OK;
}

static zq_rc take_size(reader *r, unsigned line, const char *value)
{
    char *end;
    unsigned long size = strtoul(value, &end, 10);

    if (value[0] < '0' || value[0] > '9' || *end != '\0' || size == 0 || size > ZQ_BATCH_SIZE_MAX)
        return FAIL(r, line, "'size' must be a number from 1 to %d, not '%.40s'", ZQ_BATCH_SIZE_MAX,
                    value);
    r->block.size = size;
    return ZQ_OK;
}

static zq_rc take_parameter(reader *r, unsigned line, char *word)
{
    char *value = strchr(word, '=');
    const char **into = NULL;

    if (value == NULL)
        return FAIL(r, line, "'%.40s' is not of the form name=value", word);
    *value++ = '\0';
    if (strcmp(word, "table") == 0)
        into = &r->block.table;
    else if (strcmp(word, "key") == 0)
        into = &r->block.key;
    else if (strcmp(word, "size") != 0)
        return FAIL(r, line, "unknown parameter '%.40s': a batch has table, key and size", word);
    if (into != NULL ? *into != NULL : r->block.size != 0)
        return FAIL(r, line, "parameter '%s' a second time", word);
    if (into == NULL)
        return take_size(r, line, value);
    if (!is_name(value, strlen(value)))
        return FAIL(r, line, "parameter '%s' needs a name, not '%.64s'", word, value);
    *into = value;
    return ZQ_OK;
}

static zq_rc on_batch(reader *r, unsigned line, char *argument)
{
    char *rest = NULL;

    ZQ_TRY(begin_block(r, line, ZQ_BLOCK_BATCH, "zq:batch"));
    for (char *word = strtok_r(argument, " \t", &rest); word != NULL;
         word = strtok_r(NULL, " \t", &rest))
        ZQ_TRY(take_parameter(r, line, word));
    if (r->block.table == NULL || r->block.key == NULL)
        return FAIL(r, line, "'zq:batch' needs table=TABLE and key=COLUMN");
    if (r->block.size == 0)
        r->block.size = ZQ_BATCH_SIZE;
    return ZQ_OK;
}

static zq_rc on_end(reader *r, unsigned line, char *argument)
{
    ZQ_TRY(no_argument(r, line, argument));
    if (r->block_name == NULL)
        return FAIL(r, line, "'zq:end' without a block");
    if (r->in_block == 0)
        return FAIL(r, line, "the '%s' block of line %u has no statement", r->block_name,
                    r->block_line);
    r->block = (zq_rev_statement){0};
    r->block_name = NULL;
    return ZQ_OK;
}

/* Of several before one statement, the first counts; removed, the next does. */
static zq_rc on_unreviewed(reader *r, unsigned line, char *argument)
{
    if (*argument == '\0')
        return FAIL(r, line, "'zq:unreviewed' without a question");
    if (r->section == NULL)
        return FAIL(r, line, "'zq:unreviewed' before '-- zq:upgrade'");
    if (r->unreviewed == NULL) {
        r->unreviewed = argument;
        r->unreviewed_line = line;
    }
    return ZQ_OK;
}

static const struct {
    const char *name;
    zq_rc (*take)(reader *r, unsigned line, char *argument);
} markers[] = {
    {"zq:upgrade", on_upgrade},
    {"zq:downgrade", on_downgrade},
    {"zq:irreversible", on_irreversible},
    {"zq:family", on_family},
    {"zq:batch", on_batch},
    {"zq:end", on_end},
    {"zq:unreviewed", on_unreviewed},
};

static zq_rc take_marker(reader *r, const zq_piece *piece)
{
    char *text = zq_arena_strndup(r->arena, piece->text, piece->length);
    size_t length = strcspn(text, " \t");
    char *argument = text + length + strspn(text + length, " \t");

    for (size_t i = 0; i < ZQ_LEN(markers); i++)
        if (strlen(markers[i].name) == length && memcmp(markers[i].name, text, length) == 0)
            return markers[i].take(r, piece->line, argument);
    FAIL(r, piece->line, "unknown marker '%.*s'", length > 40 ? 40 : (int)length, text);
    return zq_err_hint(r->err, "the markers are zq:upgrade, zq:downgrade, zq:irreversible, "
                               "zq:family, zq:batch, zq:end and zq:unreviewed");
}

/* ---- the whole ---- */

static void find_temporary(reader *r, const zq_rev_section *section)
{
    zq_section_find_temporary((zq_rev_statement *)section->statements, section->n, r->arena);
}

static zq_rc check_complete(reader *r)
{
    ZQ_TRY(not_in_block(r, r->lexer.line));
    ZQ_TRY(nothing_unreviewed(r));
    if (r->out->upgrade.line == 0)
        return FAIL(r, r->lexer.line, "'-- zq:upgrade' is missing");
    find_temporary(r, &r->out->upgrade);
    find_temporary(r, &r->out->downgrade);
    ZQ_TRY(zq_kept_check(r->out->file, &r->out->upgrade, r->err));
    ZQ_TRY(zq_kept_check(r->out->file, &r->out->downgrade, r->err));
    if (r->out->downgrade.line != 0 || r->out->squash_last != NULL)
        return ZQ_OK;
    FAIL(r, r->lexer.line, "'-- zq:downgrade' is missing");
    return zq_err_hint(r->err, "write what undoes the upgrade after '-- zq:downgrade', or say why "
                               "nothing can after '-- zq:irreversible'");
}

zq_rc zq_body_read(zq_revision *revision, zq_arena *arena, zq_err *err)
{
    reader r = {
        .lexer = zq_split_on(revision->file, revision->text, revision->length),
        .arena = arena,
        .out = revision,
        .err = err,
    };
    zq_piece piece;

    for (;;) {
        ZQ_TRY(zq_split_next(&r.lexer, &piece, err));
        if (piece.kind == ZQ_PIECE_END)
            return check_complete(&r);
        if (piece.kind == ZQ_PIECE_MARKER)
            ZQ_TRY(take_marker(&r, &piece));
        else
            ZQ_TRY(take_statement(&r, &piece));
    }
}
