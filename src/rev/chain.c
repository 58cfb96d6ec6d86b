/* Puts revisions in one line, whatever order their files came in, and finds the way between two
 * places of it. Each pair is compared first, so that what cannot be one line is named by its files.
 * Then each is looked for by what it revises, from base on; what base does not lead to goes round
 * in a circle. A squash stands beside the line, over the
 * revisions that it stands for: a way up takes the one that leads farthest, a way down has none. */
#include "rev/chain.h"

#include "base/buf.h"
#include "base/language.h"
#include "rev/made.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- order ---- */

static const zq_revision *with_id(const zq_revision *revisions, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(revisions[i].id, id) == 0)
            return &revisions[i];
    return NULL;
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* A new release of zquant met revisions of the user's own: theirs must come after it. */
static zq_rc hint_at_rebase(zq_err *err)
{
    zq_err_hint(err, "zquant's revisions come first: run 'zquant-migrate rebase --dry-run' to see "
                     "how yours are moved behind them");
    return ZQ_E_DATA;
}

static zq_rc check_pair(const zq_revision *a, const zq_revision *b, zq_err *err)
{
    if (strcmp(a->id, b->id) == 0) {
        zq_fail(err, ZQ_E_DATA, "%s:%u: revision '%s' is in '%s' already", b->file, b->id_line,
                b->id, a->file);
        return a->own != b->own ? hint_at_rebase(err) : ZQ_E_DATA;
    }
    if (a->squash_last != NULL || b->squash_last != NULL)
        return ZQ_OK;
    if (b->release != NULL && same_text(a->release, b->release))
        return zq_fail(err, ZQ_E_DATA, "%s:%u: release '%s' is revision '%s' already, in '%s'",
                       b->file, b->release_line, b->release, a->id, a->file);
    if (!same_text(a->revises, b->revises))
        return ZQ_OK;
    if (a->revises == NULL)
        return zq_fail(err, ZQ_E_DATA,
                       "%s:%u: two first revisions: '%s' begins at base, and '%s' in "
                       "'%s' does",
                       b->file, b->revises_line, b->id, a->id, a->file);
    zq_fail(err, ZQ_E_DATA, "%s:%u: two heads: '%s' revises '%s', and '%s' in '%s' does", b->file,
            b->revises_line, b->id, b->revises, a->id, a->file);
    if (a->own != b->own)
        return hint_at_rebase(err);
    return zq_err_hint(err, "let one of the two revise the other");
}

static zq_rc fail_gap(const zq_revision *r, zq_err *err)
{
    zq_fail(err, ZQ_E_DATA, "%s:%u: a gap: '%s' revises '%s', which is not there", r->file,
            r->revises_line, r->id, r->revises);
    zq_err_hint(
        err,
        "bring the file of '%s' back, use the build that has it, or let '%s' revise the one "
        "before it",
        r->revises, r->id);
    return ZQ_E_DATA;
}

static zq_rc check_each(const zq_revision *revisions, size_t n, zq_err *err)
{
    for (size_t i = 0; i < n; i++) {
        const zq_revision *r = &revisions[i];

        for (size_t j = 0; j < i; j++)
            ZQ_TRY(check_pair(&revisions[j], r, err));
    }
    for (size_t i = 0; i < n; i++) {
        const zq_revision *r = &revisions[i];

        if (r->squash_last == NULL && r->revises != NULL &&
            with_id(revisions, n, r->revises) == NULL)
            return fail_gap(r, err);
    }
    return ZQ_OK;
}

static const zq_revision *after(const zq_revision *revisions, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (revisions[i].squash_last == NULL && same_text(revisions[i].revises, id))
            return &revisions[i];
    return NULL;
}

/* With all pairs checked, what base does not lead to goes round in a circle. */
static zq_rc fail_circle(const zq_chain *chain, const zq_revision *revisions, size_t n, zq_err *err)
{
    const zq_revision *r = revisions;
    size_t position;

    while (r + 1 < revisions + n &&
           (r->squash_last != NULL || zq_chain_find(chain, r->id, &position)))
        r++;
    return zq_fail(err, ZQ_E_DATA, "%s:%u: a circle: '%s' revises '%s', which comes after it",
                   r->file, r->revises_line, r->id, r->revises);
}

/* ---- squashes ---- */

void zq_chain_digest(const zq_chain *chain, size_t from, size_t to, char out_hex[ZQ_DIGEST_HEX])
{
    ZQ_AUTO_BUF(sums);

    for (size_t i = from; i < to; i++)
        zq_buf_printf(&sums, "%s\n", chain->items[i]->checksum);
    zq_digest_hex(zq_buf_text(&sums), sums.length, out_hex);
}

/* `format` takes file, line and id. */
static zq_rc fail_squash(const zq_revision *r, const char *format, zq_err *err)
{
    zq_fail(err, ZQ_E_DATA, format, r->file, r->squash_line, r->id);
    return zq_err_hint(err, "remove the file; 'zquant-migrate squash' writes it anew");
}

static zq_rc place_squash(const zq_chain *chain, const zq_revision *r, zq_squash *out, zq_err *err)
{
    char digest[ZQ_DIGEST_HEX];
    zq_squash squash = {.revision = r};

    if (r->revises == NULL || !zq_chain_find(chain, r->revises, &squash.from) ||
        !zq_chain_find(chain, r->squash_last, &squash.to) || squash.to < squash.from + 2 ||
        strcmp(chain->items[squash.from]->id, r->squash_first) != 0)
        return fail_squash(
            r, N_("%s:%u: the squash '%s' stands for revisions that do not follow each other here"),
            err);
    zq_chain_digest(chain, squash.from, squash.to, digest);
    if (strcmp(digest, r->squash_digest) != 0)
        return fail_squash(
            r, N_("%s:%u: the squash '%s' was made of revisions that have changed since"), err);
    if (!same_text(r->schema_id, chain->items[squash.to - 1]->schema_id))
        return fail_squash(
            r,
            N_("%s:%u: the squash '%s' has another schema-id than the last revision it stands for"),
            err);
    *out = squash;
    return ZQ_OK;
}

static zq_rc place_squashes(zq_chain *io, const zq_revision *revisions, size_t n, zq_arena *arena,
                            zq_err *err)
{
    zq_squash *squashes = ZQ_NEW_ARRAY(arena, zq_squash, n + 1);

    for (size_t i = 0; i < n; i++) {
        if (revisions[i].squash_last == NULL)
            continue;
        ZQ_TRY(place_squash(io, &revisions[i], &squashes[io->n_squashes], err));
        io->n_squashes++;
    }
    io->squashes = squashes;
    return ZQ_OK;
}

static size_t count_squashes(const zq_revision *revisions, size_t n)
{
    size_t squashes = 0;

    for (size_t i = 0; i < n; i++)
        squashes += revisions[i].squash_last != NULL;
    return squashes;
}

zq_rc zq_chain_build(const zq_revision *revisions, size_t n, zq_arena *arena, zq_chain *out,
                     zq_err *err)
{
    const zq_revision **items = ZQ_NEW_ARRAY(arena, const zq_revision *, n + 1);
    zq_chain chain = {.items = items};
    const zq_revision *r;

    ZQ_TRY(check_each(revisions, n, err));
    for (r = after(revisions, n, NULL); r != NULL; r = after(revisions, n, r->id))
        items[chain.n++] = r;
    if (chain.n + count_squashes(revisions, n) < n)
        return fail_circle(&chain, revisions, n, err);
    ZQ_TRY(place_squashes(&chain, revisions, n, arena, err));
    *out = chain;
    return ZQ_OK;
}

/* ---- places ---- */

const zq_revision *zq_chain_at(const zq_chain *chain, size_t position)
{
    return position == 0 ? NULL : chain->items[position - 1];
}

const char *zq_chain_name(const zq_chain *chain, size_t position)
{
    return position == 0 ? ZQ_REVISION_BASE : chain->items[position - 1]->id;
}

bool zq_chain_find(const zq_chain *chain, const char *id, size_t *out_position)
{
    if (*id == '\0') {
        *out_position = 0;
        return true;
    }
    for (size_t i = 0; i < chain->n; i++) {
        if (strcmp(chain->items[i]->id, id) == 0) {
            *out_position = i + 1;
            return true;
        }
    }
    return false;
}

bool zq_chain_find_way(const zq_chain *chain, const char *id, zq_squash *out)
{
    size_t position;

    for (size_t i = 0; i < chain->n_squashes; i++) {
        if (strcmp(chain->squashes[i].revision->id, id) == 0) {
            *out = chain->squashes[i];
            return true;
        }
    }
    if (!zq_chain_find(chain, id, &position) || position == 0)
        return false;
    *out = (zq_squash){chain->items[position - 1], position - 1, position};
    return true;
}

static bool find_release(const zq_chain *chain, const char *release, size_t *out_position)
{
    for (size_t i = 0; i < chain->n; i++) {
        if (chain->items[i]->release != NULL && strcmp(chain->items[i]->release, release) == 0) {
            *out_position = i + 1;
            return true;
        }
    }
    return false;
}

static zq_rc resolve_relative(const zq_chain *chain, const char *target, size_t current,
                              size_t *out_position, zq_err *err)
{
    char *end;
    unsigned long steps = strtoul(target + 1, &end, 10);

    if (target[1] < '0' || target[1] > '9' || *end != '\0')
        return zq_fail(err, ZQ_E_USAGE, "'%.64s' is not a number of revisions", target);
    if (target[0] == '+' ? steps > chain->n - current : steps > current)
        return zq_fail(err, ZQ_E_USAGE, "'%.64s' leads beyond %s: the database is at '%s'", target,
                       target[0] == '+' ? "head" : "base", zq_chain_name(chain, current));
    *out_position = target[0] == '+' ? current + steps : current - steps;
    return ZQ_OK;
}

static zq_rc fail_ambiguous(const zq_chain *chain, const char *prefix, size_t n, zq_err *err)
{
    char names[3 * (ZQ_REVISION_ID_MAX + 2)] = "";
    size_t used = 0, listed = 0;

    for (size_t i = 0; i < chain->n && listed < 3; i++) {
        if (strncmp(chain->items[i]->id, prefix, strlen(prefix)) != 0)
            continue;
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", listed > 0 ? ", " : "",
                                 chain->items[i]->id);
        listed++;
    }
    zq_fail(err, ZQ_E_USAGE, "'%.64s' is the beginning of %zu revisions: %s%s", prefix, n, names,
            n > listed ? " ..." : "");
    return zq_err_hint(err, "write more of the revision you mean");
}

/* "2" without the zeros of "0002"; NULL: no revision of that number. */
static const char *id_of_number(const zq_chain *chain, const char *text)
{
    if (*text == '\0' || text[strspn(text, "0123456789")] != '\0')
        return NULL;
    for (size_t i = 0; i < chain->n; i++) {
        const char *id = chain->items[i]->id;

        if (strcmp(id + strspn(id, "0"), text + strspn(text, "0")) == 0)
            return id;
    }
    return NULL;
}

/* What other tools call a place in the chain, and other spellings of ours: "heads", "v0.4.0".
 * NULL: no such word. */
static const char *what_was_meant(const zq_chain *chain, const char *target)
{
    static const char *const heads[] = {"head",   "heads", "@head", "latest",
                                        "newest", "last",  "tip",   "all"};
    static const char *const bases[] = {"base", "zero", "none", "first"};
    static const char *const before[] = {"v", "r", "zquant-", "zquant ", "zquant_", "revision-"};
    size_t position;

    for (size_t i = 0; i < ZQ_LEN(heads); i++) {
        if (strcasecmp(target, heads[i]) == 0)
            return "head";
    }
    for (size_t i = 0; i < ZQ_LEN(bases); i++) {
        if (strcasecmp(target, bases[i]) == 0)
            return ZQ_REVISION_BASE;
    }
    for (size_t i = 0; i < ZQ_LEN(before); i++) {
        const char *bare = target + strlen(before[i]);

        if (strncasecmp(target, before[i], strlen(before[i])) != 0)
            continue;
        if (find_release(chain, bare, &position))
            return chain->items[position - 1]->release;
        if (id_of_number(chain, bare) != NULL)
            return id_of_number(chain, bare);
    }
    return NULL;
}

static zq_rc hint_target(const zq_chain *chain, const char *target, zq_err *err)
{
    const char *meant = what_was_meant(chain, target);
    const char *id = id_of_number(chain, target);

    if (meant != NULL)
        return zq_err_hint(err, "did you mean '%s'?", meant);
    /* What it means to other tools: so many back. */
    if (id != NULL)
        return zq_err_hint(
            err, "'%s' is a revision; '+%s' and '-%s' are so many from where the database is", id,
            target, target);
    if (strchr(target, ':') != NULL)
        return zq_err_hint(err, "FROM:TO is for a script: add --sql; else name one revision");
    return zq_err_hint(err, "see 'zquant-migrate history' for those that there are");
}

static zq_rc resolve_prefix(const zq_chain *chain, const char *target, size_t *out_position,
                            zq_err *err)
{
    size_t n = 0, position = 0;

    for (size_t i = 0; i < chain->n; i++) {
        if (strncmp(chain->items[i]->id, target, strlen(target)) == 0) {
            position = i + 1;
            n++;
        }
    }
    if (n > 1 && *target != '\0')
        return fail_ambiguous(chain, target, n, err);
    if (n != 1 || *target == '\0') {
        zq_fail(err, ZQ_E_USAGE, "there is no revision '%.64s'", target);
        return hint_target(chain, target, err);
    }
    *out_position = position;
    return ZQ_OK;
}

zq_rc zq_chain_resolve(const zq_chain *chain, const char *target, size_t current,
                       size_t *out_position, zq_err *err)
{
    if (strcmp(target, ZQ_REVISION_BASE) == 0)
        *out_position = 0;
    else if (strcmp(target, "head") == 0)
        *out_position = chain->n;
    else if (target[0] == '+' || target[0] == '-')
        return resolve_relative(chain, target, current, out_position, err);
    else if (*target == '\0' || (!zq_chain_find(chain, target, out_position) &&
                                 !find_release(chain, target, out_position)))
        return resolve_prefix(chain, target, out_position, err);
    return ZQ_OK;
}

zq_rc zq_chain_resolve_range(const zq_chain *chain, const char *text, size_t *out_from,
                             size_t *out_to, zq_err *err)
{
    const char *colon = strchr(text, ':');
    char from_text[ZQ_REVISION_ID_MAX + 1];
    size_t from = 0, to = 0;

    if (colon != NULL) {
        size_t length = (size_t)(colon - text);

        if (length > ZQ_REVISION_ID_MAX)
            return zq_fail(err, ZQ_E_USAGE, "there is no revision '%.64s'", text);
        memcpy(from_text, text, length);
        from_text[length] = '\0';
        ZQ_TRY(zq_chain_resolve(chain, from_text, 0, &from, err));
        text = colon + 1;
    }
    ZQ_TRY(zq_chain_resolve(chain, text, from, &to, err));
    *out_from = from;
    *out_to = to;
    return ZQ_OK;
}

/* ---- what was applied ---- */

const char *zq_chain_remembered(const zq_applied *rows, size_t n, const char *id)
{
    for (size_t i = n; i > 0; i--)
        if (strcmp(rows[i - 1].revision, id) == 0 && rows[i - 1].checksum != NULL &&
            strcmp(rows[i - 1].operation, "downgrade") != 0)
            return rows[i - 1].checksum;
    return NULL;
}

static bool had(const zq_revision *r, const char *id, const char *revises, const char *checksum,
                zq_arena *arena)
{
    static const zq_schema_id_line lines[] = {ZQ_SCHEMA_ID_STAYS, ZQ_SCHEMA_ID_BACK};

    for (size_t i = 0; i < ZQ_LEN(lines); i++) {
        const char *text = zq_revision_file_with(r, id, revises, lines[i], arena);
        char digest[ZQ_DIGEST_HEX];

        zq_revision_file_checksum(text, strlen(text), digest);
        if (strcmp(digest, checksum) == 0)
            return true;
    }
    return false;
}

static const char *without_prefix(const char *id)
{
    bool has = strncmp(id, ZQ_OWN_PREFIX, strlen(ZQ_OWN_PREFIX)) == 0;

    return has ? id + strlen(ZQ_OWN_PREFIX) : id;
}

static const char *find_revises(const zq_revision *r, const zq_revision *const *items, size_t n,
                                const char *id, const char *checksum, zq_arena *arena)
{
    if (strcmp(r->checksum, checksum) == 0 || had(r, id, zq_revision_revises(r), checksum, arena))
        return zq_revision_revises(r);
    if (had(r, id, ZQ_REVISION_BASE, checksum, arena))
        return ZQ_REVISION_BASE;
    for (size_t i = 0; i < n; i++) {
        const char *other = items[i]->id, *bare = without_prefix(other);

        if (had(r, id, other, checksum, arena))
            return other;
        if (bare != other && had(r, id, bare, checksum, arena))
            return bare;
    }
    return NULL;
}

const zq_revision *zq_chain_before_rebase(const zq_revision *const *items, size_t n, const char *id,
                                          const char *checksum, zq_arena *arena,
                                          const char **out_revises)
{
    for (size_t i = 0; i < n; i++) {
        const zq_revision *r = items[i];
        const char *revises;

        if (!r->own || (strcmp(r->id, id) != 0 && strcmp(without_prefix(r->id), id) != 0))
            continue;
        revises = find_revises(r, items, n, id, checksum, arena);
        if (revises == NULL)
            continue;
        *out_revises = revises;
        return r;
    }
    return NULL;
}

zq_rc zq_chain_fail_changed(const zq_chain *chain, const zq_revision *r, const char *checksum,
                            zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *revises;
    const zq_revision *moved =
        zq_chain_before_rebase(chain->items, chain->n, r->id, checksum, arena, &revises);

    if (moved != NULL) {
        zq_fail(err, ZQ_E_DATA, "%s:1: revision '%s' was moved by a rebase since it was applied",
                moved->file, r->id);
        return zq_err_hint(err,
                           "run 'zquant-migrate rebase' to move it in the database's record, too");
    }
    zq_fail(err, ZQ_E_DATA, "%s:1: revision '%s' has changed since it was applied", r->file, r->id);
    zq_err_detail(err, "its checksum was %.64s and is %s", checksum, r->checksum);
    if (r->own)
        zq_err_hint(err,
                    "restore the file, and put the change into a revision of its own; if it is "
                    "lost, 'zquant-migrate stamp %s --allow-unknown' takes the file as it is",
                    r->id);
    else
        zq_err_hint(err,
                    "if a revision of your own was called '%s', name its folder with --dir and run "
                    "'zquant-migrate rebase'; else use the build that applied it",
                    r->id);
    return ZQ_E_DATA;
}

zq_rc zq_chain_verify(const zq_chain *chain, const zq_applied *rows, size_t n, size_t *out_position,
                      zq_err *err)
{
    size_t position;

    if (!zq_chain_find(chain, rows[n - 1].revision, &position)) {
        zq_fail(err, ZQ_E_DIFFERS, "the database is at revision '%.64s', which is not known here",
                rows[n - 1].revision);
        return zq_err_hint(err,
                           "use the build that brought it there or a newer one, or name the folder "
                           "of the revision's file by --dir; where nobody has it any more, run "
                           "'zquant-migrate stamp REV --allow-unknown'");
    }
    for (size_t i = 0; i < position; i++) {
        const zq_revision *r = chain->items[i];
        const char *checksum = zq_chain_remembered(rows, n, r->id);

        if (checksum == NULL || strcmp(checksum, r->checksum) == 0)
            continue;
        return zq_chain_fail_changed(chain, r, checksum, err);
    }
    *out_position = position;
    return ZQ_OK;
}

/* ---- ways ---- */

static zq_rc fail_direction(const zq_chain *chain, size_t from, size_t to, zq_err *err)
{
    bool older = to < from;

    zq_fail(err, ZQ_E_USAGE, older ? N_("'%s' is older than '%s'") : N_("'%s' is newer than '%s'"),
            zq_chain_name(chain, to), zq_chain_name(chain, from));
    return zq_err_hint(err, "use 'zquant-migrate %s %s'", older ? "downgrade" : "upgrade",
                       zq_chain_name(chain, to));
}

static zq_leg leg_up(const zq_chain *chain, const zq_revision *r, size_t from, size_t to)
{
    static const zq_rev_section nothing = {0};
    bool ahead = chain->ahead != NULL && chain->ahead[from];

    return (zq_leg){.revision = r,
                    .direction = ZQ_UP,
                    .section = ahead ? &nothing : &r->upgrade,
                    .from = from,
                    .to = to,
                    .ahead = ahead};
}

static zq_leg leg_down(const zq_revision *r, size_t from)
{
    return (zq_leg){.revision = r,
                    .direction = ZQ_DOWN,
                    .section = &r->downgrade,
                    .from = from,
                    .to = from - 1};
}

/* To take back what comes before it would leave it on nothing. */
static zq_rc check_none_ahead(const zq_chain *chain, zq_err *err)
{
    for (size_t i = 0; chain->ahead != NULL && i < chain->n; i++) {
        if (!chain->ahead[i])
            continue;
        zq_fail(err, ZQ_E_USAGE,
                "revision '%s' is in the database, and those that 'rebase' put before it are not "
                "all run yet",
                chain->items[i]->id);
        return zq_err_hint(err, "run 'zquant-migrate upgrade' first");
    }
    return ZQ_OK;
}

static zq_rc check_reversible(const zq_path *path, zq_err *err)
{
    for (size_t i = 0; i < path->n; i++)
        if (path->legs[i].direction == ZQ_DOWN && path->legs[i].revision->irreversible != NULL)
            return zq_fail(err, ZQ_E_USAGE, "revision '%s' cannot be undone: %s",
                           path->legs[i].revision->id, path->legs[i].revision->irreversible);
    return ZQ_OK;
}

static bool any_ahead(const zq_chain *chain, size_t from, size_t to)
{
    for (size_t i = from; chain->ahead != NULL && i < to; i++) {
        if (chain->ahead[i])
            return true;
    }
    return false;
}

/* The next step up: the farthest that a squash leads, or one revision. */
static zq_squash next_up(const zq_chain *chain, size_t from, size_t to, const char *under_way)
{
    zq_squash best = {chain->items[from], from, from + 1};
    zq_squash begun;

    if (under_way != NULL && zq_chain_find_way(chain, under_way, &begun) && begun.from == from &&
        begun.to <= to)
        return begun;
    for (size_t i = 0; i < chain->n_squashes; i++) {
        const zq_squash *s = &chain->squashes[i];

        if (s->from == from && s->to > best.to && s->to <= to && !any_ahead(chain, from, s->to))
            best = *s;
    }
    return best;
}

static zq_rc find_path(const zq_chain *chain, size_t from, size_t to, zq_direction direction,
                       const char *under_way, zq_arena *arena, zq_path *out, zq_err *err)
{
    size_t most = direction == ZQ_UP ? to - from : from - to;
    zq_leg *legs;
    zq_path path;

    if (direction == ZQ_UP ? to < from : to > from)
        return fail_direction(chain, from, to, err);
    if (direction == ZQ_DOWN && most > 0)
        ZQ_TRY(check_none_ahead(chain, err));
    legs = ZQ_NEW_ARRAY(arena, zq_leg, most + 1);
    path = (zq_path){.legs = legs};
    for (size_t at = from; at != to; at = legs[path.n++].to) {
        zq_squash next = direction == ZQ_UP ? next_up(chain, at, to, under_way)
                                            : (zq_squash){.revision = chain->items[at - 1]};
        const zq_revision *r;

        ZQ_TRY(zq_revision_file_complete(next.revision, arena, &r, err));
        legs[path.n] = direction == ZQ_UP ? leg_up(chain, r, at, next.to) : leg_down(r, at);
    }
    ZQ_TRY(check_reversible(&path, err));
    zq_legs_find_facts(legs, path.n, arena);
    *out = path;
    return ZQ_OK;
}

zq_rc zq_chain_path(const zq_chain *chain, size_t from, size_t to, zq_direction direction,
                    zq_arena *arena, zq_path *out, zq_err *err)
{
    zq_chain without = *chain;

    without.n_squashes = 0;
    return find_path(&without, from, to, direction, NULL, arena, out, err);
}

zq_rc zq_chain_short_path(const zq_chain *chain, size_t from, size_t to, zq_direction direction,
                          const char *under_way, zq_arena *arena, zq_path *out, zq_err *err)
{
    return find_path(chain, from, to, direction, under_way, arena, out, err);
}
