/* Which statements of several revisions may be left out?
 *
 * Only an index that is added and dropped again, not unique and with nothing on its table between
 * but more work on indexes and new columns: no row and no other statement can know whether it was
 * there. All else stays as it is, in its order. To compare the two schemas and write what differs,
 * as a new revision is written, was given up: the statements for rows are known only from the
 * files, and so is what was renamed.
 *
 * Of a family, the index is not added, but still dropped: a member may have it, because the
 * application made it as a later release does, and where it is not there, the statement is done
 * (run/members_ddl.h). Each index is dropped by a statement of its own for that; those that follow
 * each other go through the members together. */
#include "rev/squash.h"

#include "base/buf.h"
#include "base/language.h"
#include "base/text.h"
#include "model/schema.h"
#include "sql/read/placeholder.h"
#include "sql/read/split.h"

#include <string.h>
#include <strings.h>
#include <time.h>

/* One statement of the revisions. */
typedef struct item {
    const zq_revision *revision;
    const zq_rev_statement *s;
    bool *left_out; /* of each clause */
    bool *apart;    /* of each clause: it is a statement of its own */
    bool *spare;    /* of each clause: only members that are ahead have what it drops */
} item;

typedef struct squashing {
    const zq_chain *chain;
    size_t from, to;
    zq_arena *arena;
    item *items;
    size_t n;
} squashing;

/* ---- may they be put together? ---- */

static bool is_one_piece(const zq_rev_statement *s, zq_arena *arena)
{
    const char *text = zq_arena_printf(arena, "%s;", s->text);
    zq_split split = zq_split_on("", text, strlen(text));
    zq_piece piece;
    zq_err err = {0};

    return zq_split_next(&split, &piece, &err) == ZQ_OK && piece.length == s->length;
}

/* NULL: it may stand beside those of other revisions. */
static const char *obstacle(const zq_rev_statement *s, zq_arena *arena)
{
    if (s->unreviewed != NULL)
        return N_("has a question that nobody has answered");
    if (s->parsed.kind == ZQ_STATEMENT_SESSION || s->parsed.kind == ZQ_STATEMENT_READ ||
        strchr(s->text, '@') != NULL || strcasestr(s->text, "LAST_INSERT_ID") != NULL)
        return N_("is for the session, and each revision has one of its own");
    if (s->parsed.kind == ZQ_STATEMENT_UNKNOWN || s->parsed.opaque)
        return N_("does what cannot be known from its words");
    if (!is_one_piece(s, arena))
        return N_("needs a DELIMITER");
    return NULL;
}

static zq_rc add_section(squashing *q, const zq_revision *r, zq_err *err)
{
    for (size_t i = 0; i < r->upgrade.n; i++) {
        const zq_rev_statement *s = &r->upgrade.statements[i];
        const char *why = obstacle(s, q->arena);

        if (why != NULL) {
            zq_fail(err, ZQ_E_DATA, "%s:%u: cannot be squashed: the statement %s", r->file, s->line,
                    zq_tr(why));
            return zq_err_hint(err, "squash the revisions before it, and those after it");
        }
        *ZQ_APPEND(q->arena, q->items, q->n) =
            (item){.revision = r,
                   .s = s,
                   .left_out = ZQ_NEW_ARRAY(q->arena, bool, s->parsed.n_clauses + 1),
                   .apart = ZQ_NEW_ARRAY(q->arena, bool, s->parsed.n_clauses + 1),
                   .spare = ZQ_NEW_ARRAY(q->arena, bool, s->parsed.n_clauses + 1)};
    }
    return ZQ_OK;
}

static zq_rc read_items(squashing *q, zq_err *err)
{
    for (size_t at = q->from; at < q->to; at++) {
        const zq_revision *r;

        ZQ_TRY(zq_revision_file_complete(q->chain->items[at], q->arena, &r, err));
        ZQ_TRY(add_section(q, r, err));
    }
    return ZQ_OK;
}

/* ---- what cancels out ---- */

static bool is_clause(const zq_clause *c, const char *verb, const char *const *objects)
{
    if (strcmp(c->verb, verb) != 0)
        return false;
    while (*objects != NULL && strcmp(c->object, *objects) != 0)
        objects++;
    return *objects != NULL;
}

static bool is_index_added(const zq_clause *c)
{
    return is_clause(c, "ADD", (const char *const[]){"INDEX", "KEY", NULL}) && c->name != NULL;
}

static bool is_index_dropped(const zq_clause *c)
{
    return is_clause(c, "DROP", (const char *const[]){"INDEX", NULL}) && c->name != NULL;
}

/* IF EXISTS and executable comments make more of a clause than its words. */
static bool is_plain(const zq_clause *c, zq_arena *arena)
{
    const char *text = zq_arena_strndup(arena, c->text, c->length);

    return strcasestr(text, "EXISTS") == NULL && strstr(text, "/*") == NULL;
}

/* The one table or family that ALTER TABLE is on; NULL: it is on more, or another statement. */
static const char *target_of(const zq_rev_statement *s)
{
    if (!zq_statement_is(&s->parsed, "ALTER TABLE") || !s->parsed.alters ||
        !s->parsed.tables_known || s->parsed.n_tables != 1 || s->parsed.other_database ||
        s->block == ZQ_BLOCK_BATCH)
        return NULL;
    if (s->block == ZQ_BLOCK_PLAIN)
        return s->parsed.tables[0];
    return strcmp(s->parsed.tables[0], "{table}") == 0 ? s->family : NULL;
}

/* An index of a family is written with {table} or with the family's own name. */
static bool same_name(const char *target, const char *a, const char *b, zq_arena *arena)
{
    const zq_binding table = {"table", target};

    return a != NULL && b != NULL &&
           strcasecmp(zq_placeholder_fill(arena, a, strlen(a), &table, 1),
                      zq_placeholder_fill(arena, b, strlen(b), &table, 1)) == 0;
}

/* Does a table's name mean the target: itself, or of a family, any member? */
static bool means(const char *name, const char *target)
{
    const char *code = strstr(target, ZQ_CODE);

    return code == NULL ? strcasecmp(name, target) == 0
                        : strncasecmp(name, target, (size_t)(code - target)) == 0;
}

static bool touches(const zq_rev_statement *s, const char *target)
{
    if (s->block == ZQ_BLOCK_FAMILY && strcmp(s->family, target) == 0)
        return true;
    for (size_t i = 0; i < s->parsed.n_tables; i++) {
        if (means(s->parsed.tables[i], target))
            return true;
    }
    for (size_t i = 0; i < s->parsed.n_mentions; i++) {
        if (means(s->parsed.mentions[i], target))
            return true;
    }
    return false;
}

/* Nothing but work on indexes, and new columns: no index matters to it. */
static bool minds_no_index(const zq_rev_statement *s)
{
    static const char *const added[] = {"INDEX",   "KEY",    "UNIQUE", "FULLTEXT",
                                        "SPATIAL", "COLUMN", NULL};
    static const char *const index[] = {"INDEX", NULL};

    for (size_t i = 0; i < s->parsed.n_clauses; i++) {
        const zq_clause *c = &s->parsed.clauses[i];

        if (!is_clause(c, "ADD", added) && !is_clause(c, "DROP", index) &&
            !is_clause(c, "RENAME", index))
            return false;
    }
    return target_of(s) != NULL;
}

static const zq_clause *clause_about(const zq_rev_statement *s, const char *target,
                                     const char *name, zq_arena *arena)
{
    for (size_t i = 0; i < s->parsed.n_clauses; i++) {
        if (same_name(target, s->parsed.clauses[i].name, name, arena) ||
            same_name(target, s->parsed.clauses[i].new_name, name, arena))
            return &s->parsed.clauses[i];
    }
    return NULL;
}

/* Where the index that this clause adds is dropped again, with nothing between that could matter;
 * NULL: it stays. */
static item *find_drop(const squashing *q, size_t at, const zq_clause *added,
                       const zq_clause **out_dropped)
{
    const char *target = target_of(q->items[at].s);

    for (size_t i = at + 1; i < q->n; i++) {
        const zq_rev_statement *s = q->items[i].s;
        const zq_clause *c;

        if (!s->parsed.tables_known)
            return NULL;
        if (!touches(s, target))
            continue;
        if (!minds_no_index(s) || strcmp(target_of(s), target) != 0)
            return NULL;
        c = clause_about(s, target, added->name, q->arena);
        if (c == NULL)
            continue;
        *out_dropped = c;
        return is_index_dropped(c) && is_plain(c, q->arena) ? &q->items[i] : NULL;
    }
    return NULL;
}

static void cancel(const squashing *q, size_t at)
{
    item *adds = &q->items[at];

    for (size_t k = 0; target_of(adds->s) != NULL && k < adds->s->parsed.n_clauses; k++) {
        const zq_clause *added = &adds->s->parsed.clauses[k], *dropped;
        item *drops;

        if (!is_index_added(added) || !is_plain(added, q->arena))
            continue;
        drops = find_drop(q, at, added, &dropped);
        if (drops == NULL || drops == adds)
            continue;
        adds->left_out[k] = true;
        if (adds->s->block == ZQ_BLOCK_PLAIN)
            drops->left_out[dropped - drops->s->parsed.clauses] = true;
        else
            drops->apart[dropped - drops->s->parsed.clauses] =
                drops->spare[dropped - drops->s->parsed.clauses] = true;
    }
}

/* A member may have any of what a statement drops, so that each is asked by itself. */
static void take_apart(item *it)
{
    const zq_statement *s = &it->s->parsed;
    bool drops = it->s->block == ZQ_BLOCK_FAMILY && target_of(it->s) != NULL;

    for (size_t k = 0; drops && k < s->n_clauses; k++)
        drops = is_index_dropped(&s->clauses[k]);
    for (size_t k = 0; drops && k < s->n_clauses; k++)
        it->apart[k] = true;
}

/* ---- the text ---- */

static size_t count(const item *it, const bool *flags)
{
    size_t n = 0;

    for (size_t k = 0; k < it->s->parsed.n_clauses; k++)
        n += flags[k];
    return n;
}

/* ALTER TABLE as it stands there, with the clauses from `first` to before `end` that are left. */
static void write_clauses(zq_buf *out, const item *it, size_t first, size_t end)
{
    const zq_statement *s = &it->s->parsed;
    bool begun = false;

    zq_buf_add(out, it->s->text, (size_t)(s->clauses[0].text - it->s->text));
    for (size_t k = first; k < end; k++) {
        if (it->left_out[k] || (it->apart[k] && end - first > 1))
            continue;
        zq_buf_str(out, begun ? ",\n    " : "");
        zq_buf_add(out, s->clauses[k].text, s->clauses[k].length);
        begun = true;
    }
    zq_buf_str(out, ";\n");
}

/* How many statements it has become. */
static size_t write_item(zq_buf *out, const item *it)
{
    const size_t n = it->s->parsed.n_clauses, n_out = count(it, it->left_out),
                 n_apart = count(it, it->apart);
    bool rest = n_out + n_apart < n;

    if (n_out + n_apart == 0) {
        zq_buf_printf(out, "%s;\n", it->s->text);
        return 1;
    }
    if (rest)
        write_clauses(out, it, 0, n);
    /* What all members have, first: one pass over a table's indexes is less than two. */
    for (int spare = 0; spare < 2; spare++) {
        for (size_t k = 0; k < n; k++) {
            if (it->apart[k] && it->spare[k] == (spare == 1))
                write_clauses(out, it, k, k + 1);
        }
    }
    return rest + n_apart;
}

static void open_block(zq_buf *out, const zq_rev_statement *s)
{
    if (s->block == ZQ_BLOCK_FAMILY)
        zq_comment(out, "zq:family %.*s", (int)(strlen(s->family) - strlen("_" ZQ_CODE)),
                   s->family);
    else if (s->block == ZQ_BLOCK_BATCH)
        zq_comment(out, "zq:batch table=%s key=%s size=%lu", s->table, s->key, s->size);
}

static size_t write_items(const squashing *q, zq_buf *out)
{
    const zq_revision *of = NULL;
    size_t n = 0;

    for (size_t i = 0; i < q->n; i++) {
        const item *it = &q->items[i];

        if (it->s->parsed.n_clauses > 0 && count(it, it->left_out) == it->s->parsed.n_clauses)
            continue;
        if (it->revision != of)
            zq_comment(out, "%s: %s", it->revision->id, it->revision->title);
        if (it->revision != of)
            zq_buf_char(out, '\n');
        of = it->revision;
        open_block(out, it->s);
        n += write_item(out, it);
        if (it->s->block != ZQ_BLOCK_PLAIN)
            zq_comment(out, "zq:end");
        zq_buf_char(out, '\n');
    }
    return n;
}

/* ---- the whole ---- */

static zq_rc check_range(const squashing *q, zq_err *err)
{
    const zq_chain *chain = q->chain;

    if (q->from == 0) {
        zq_fail(err, ZQ_E_USAGE, "a squash begins at a revision, not at base");
        return zq_err_hint(err, "'zquant-init' makes a new database without any revision");
    }
    if (q->to < q->from + 2) {
        zq_fail(err, ZQ_E_USAGE, "from '%s' to '%s' there are not two revisions to squash",
                zq_chain_name(chain, q->from), zq_chain_name(chain, q->to));
        return zq_err_hint(err,
                           "name the revision before the first of them, and the last: FROM:TO");
    }
    for (size_t i = 0; i < chain->n_squashes; i++) {
        if (chain->squashes[i].from != q->from || chain->squashes[i].to != q->to)
            continue;
        zq_fail(err, ZQ_E_USAGE, "'%s' does that already: the squash '%s'",
                chain->squashes[i].revision->file, chain->squashes[i].revision->id);
        return zq_err_hint(err, "remove that file first to have it written anew");
    }
    return ZQ_OK;
}

static const char *id_of(const squashing *q, const char *digest)
{
    const char *id = zq_arena_printf(q->arena, "%s-%s", zq_chain_name(q->chain, q->from),
                                     zq_chain_name(q->chain, q->to));

    return zq_revision_id_valid(id) ? id : zq_arena_printf(q->arena, "squash-%.16s", digest);
}

static zq_draft draft_of(const squashing *q, const char *title)
{
    static const char form[] = "{header}--\n"
                               "-- A shorter way for whoever is at its beginning: what the "
                               "revisions do, in their order, without\n"
                               "-- the indexes that one adds and a later one drops. Back, and "
                               "from between, lead the revisions.\n"
                               "\n-- zq:upgrade\n\n{upgrade}{down}{downgrade}";
    const zq_revision *first = q->chain->items[q->from], *last = q->chain->items[q->to - 1];
    char digest[ZQ_DIGEST_HEX];

    zq_chain_digest(q->chain, q->from, q->to, digest);
    return (zq_draft){
        .id = id_of(q, digest),
        .revises = zq_chain_name(q->chain, q->from),
        .title = title != NULL ? title
                               : zq_arena_printf(q->arena, "%s to %s in one", first->id, last->id),
        .created = time(NULL),
        .schema_id = last->schema_id,
        .squashes = zq_arena_printf(q->arena, "%s..%s %s", first->id, last->id, digest),
        .template_text = form,
    };
}

zq_rc zq_squash_make(const zq_chain *chain, size_t from, size_t to, const char *title,
                     zq_arena *arena, zq_squashed *out, zq_err *err)
{
    squashing q = {.chain = chain, .from = from, .to = to, .arena = arena};
    ZQ_AUTO_BUF(text);

    ZQ_TRY(check_range(&q, err));
    ZQ_TRY(read_items(&q, err));
    for (size_t i = 0; i < q.n; i++)
        take_apart(&q.items[i]);
    for (size_t i = 0; i < q.n; i++)
        cancel(&q, i);
    out->n_before = q.n;
    out->n = write_items(&q, &text);
    out->draft = draft_of(&q, title);
    out->draft.upgrade = zq_arena_strdup(arena, zq_buf_text(&text));
    return ZQ_OK;
}
