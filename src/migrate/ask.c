#include "migrate/ask.h"

#include "sql/read/placeholder.h"
#include "sql/sql.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    ASKED_MOST = 1024 * 1024, /* bytes of a statement that is worth asking about */
    SENT_ALWAYS = 64 * 1024,  /* bytes that every server takes */
    FRAME = 4096,             /* what is sent along with a statement */
};

static bool sets_sql_mode(const zq_statement *parsed)
{
    for (size_t i = 0; i < parsed->n_clauses; i++)
        if (parsed->clauses[i].name != NULL && strcasecmp(parsed->clauses[i].name, "sql_mode") == 0)
            return true;
    return false;
}

/* With something in the place of each placeholder. */
static const char *sample_of(const zq_rev_statement *s, zq_arena *arena)
{
    const char *table =
        s->block != ZQ_BLOCK_FAMILY
            ? ""
            : zq_arena_printf(arena, "%.*s1", (int)(strlen(s->family) - strlen(ZQ_CODE)),
                              s->family);
    zq_binding bindings[] = {{"table", table}, {"code", "1"}, {"range", "(1 = 1)"}};

    if (s->block == ZQ_BLOCK_PLAIN)
        return s->text;
    return zq_placeholder_fill(arena, s->text, s->length, bindings, ZQ_LEN(bindings));
}

/* Gives whether the server could say; its words when it does not understand. */
static zq_rc ask(zq_db *db, const zq_rev_statement *s, zq_arena *arena, bool *out_said,
                 const char **out_words, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_err own = {0};
    const char *text;
    zq_rc rc;

    *out_words = NULL;
    zq_sql_add(&sql, "PREPARE zq_ask FROM '%s'", sample_of(s, arena));
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    rc = zq_db_exec(db, text, &own);
    if (rc == ZQ_E_LOST)
        return zq_err_give(err, &own);
    if (own.cause == ZQ_CAUSE_BAD_TEXT)
        *out_words = zq_arena_strdup(arena, own.detail);
    *out_said = own.cause != ZQ_CAUSE_NOT_PREPARED;
    return ZQ_OK;
}

zq_rc zq_path_ask(zq_db *db, const zq_path *path, zq_arena *arena, zq_asked_list *out, zq_err *err)
{
    zq_asked *items = NULL;
    size_t n = 0;

    /* A look at a table that somebody changes must not wait for long. */
    ZQ_TRY(zq_db_exec(db, "SET lock_wait_timeout = 1", err));
    for (size_t l = 0; l < path->n; l++) {
        const zq_rev_section *section = path->legs[l].section;
        bool may_ask = true;

        for (size_t i = 0; i < section->n; i++) {
            const zq_rev_statement *s = &section->statements[i];
            const char *words = NULL;
            bool said = false;

            if (may_ask && s->length <= ASKED_MOST)
                ZQ_TRY(ask(db, s, arena, &said, &words, err));
            may_ask = may_ask && !sets_sql_mode(&s->parsed);
            if (said && words == NULL)
                continue;
            *ZQ_APPEND(arena, items, n) = (zq_asked){path->legs[l].revision->file, s, words};
        }
    }
    *out = (zq_asked_list){items, n};
    return ZQ_OK;
}

zq_rc zq_ask_check(const zq_asked_list *asked, zq_err *err)
{
    for (size_t i = 0; i < asked->n; i++) {
        const zq_asked *a = &asked->items[i];

        if (a->words == NULL)
            continue;
        zq_fail(err, ZQ_E_DATA, "%s:%u: the server does not understand the statement", a->file,
                a->statement->line);
        return zq_err_detail(err, "%s", a->words);
    }
    return ZQ_OK;
}

/* ---- length ---- */

static const zq_rev_statement *longest(const zq_path *path, const char **out_file)
{
    const zq_rev_statement *most = NULL;

    for (size_t l = 0; l < path->n; l++) {
        const zq_rev_section *section = path->legs[l].section;

        for (size_t i = 0; i < section->n; i++) {
            if (most != NULL && section->statements[i].length <= most->length)
                continue;
            most = &section->statements[i];
            *out_file = path->legs[l].revision->file;
        }
    }
    return most;
}

zq_rc zq_path_fits(zq_db *db, const zq_path *path, zq_arena *arena, zq_err *err)
{
    const char *file = "";
    const zq_rev_statement *s = longest(path, &file);
    unsigned long long most;
    zq_rows rows;

    if (s == NULL || s->length <= SENT_ALWAYS)
        return ZQ_OK;
    ZQ_TRY(zq_db_query_one(db, "SELECT @@max_allowed_packet", NULL, 0, "i", arena, &rows, err));
    most = strtoull(zq_rows_at(&rows, 0, 0), NULL, 10);
    if (s->length + FRAME <= most)
        return ZQ_OK;
    zq_fail(err, ZQ_E_DATA,
            "%s:%u: the statement has %zu bytes, and the server's max_allowed_packet is %llu", file,
            s->line, s->length, most);
    return zq_err_hint(
        err,
        "write its rows in several statements, or let a DBA raise max_allowed_packet "
        "above %zu",
        s->length + FRAME);
}
