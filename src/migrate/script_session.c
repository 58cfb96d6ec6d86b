/* A session that a script has used is not reset but put back: each variable that a SET names gets
 * its default, which is the server's own value and so what a new session begins with; then the
 * pinned ones are pinned again. The client has a command that connects anew, which would be exact
 * without looking; MySQL 9 has it switched off in scripts. */
#include "migrate/script_session.h"

#include "sql/flavor.h"
#include "sql/read/token.h"

#include <string.h>
#include <strings.h>

typedef struct name {
    const char *text;
    const char *open; /* "/" "*!80000": stands in an executable comment of that kind; else NULL */
} name;

/* Each once, in the order of their first use. */
typedef struct names {
    name *items;
    size_t n;
} names;

/* What is found in the statements that are read one after the other. */
typedef struct leavings {
    zq_arena *arena;
    zq_scanner scanner;
    const char *open; /* of the executable comment where the scanner is */
    names variables;  /* of the session */
    names users;      /* with their '@' */
    names tables;     /* temporary */
    names prepared;
    bool charset;
    bool role;
} leavings;

static zq_token next(leavings *l)
{
    for (;;) {
        zq_token token = zq_scan(&l->scanner);

        if (token.kind == ZQ_TOKEN_BROKEN)
            token.kind = ZQ_TOKEN_END;
        if (token.kind == ZQ_TOKEN_OPEN)
            l->open = zq_arena_strndup(l->arena, token.text, token.length);
        else if (token.kind == ZQ_TOKEN_CLOSE)
            l->open = NULL;
        else if (token.kind != ZQ_TOKEN_LINE_COMMENT && token.kind != ZQ_TOKEN_COMMENT)
            return token;
    }
}

static void begin(leavings *l, const zq_rev_statement *s)
{
    l->scanner = (zq_scanner){.text = s->text, .length = s->length, .line = 1};
    l->open = NULL;
}

static void add_name(leavings *l, names *to, const char *text, size_t length)
{
    for (size_t i = 0; i < to->n; i++)
        if (strlen(to->items[i].text) == length &&
            strncasecmp(to->items[i].text, text, length) == 0)
            return;
    *ZQ_APPEND(l->arena, to->items, to->n) =
        (name){zq_arena_strndup(l->arena, text, length), l->open};
}

/* ---- SET ---- */

static bool is_any(const zq_token *token, const char *const *words)
{
    for (; *words != NULL; words++)
        if (zq_token_is(token, *words))
            return true;
    return false;
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static bool is_charset(const zq_token *token)
{
    return is_any(token, WORDS("NAMES", "CHARSET", "CHARACTER", "CHARACTER_SET_CLIENT",
                               "CHARACTER_SET_CONNECTION", "CHARACTER_SET_RESULTS",
                               "COLLATION_CONNECTION"));
}

/* Those that have no default: most are for the statement that comes next. */
static bool has_default(const zq_token *token)
{
    return !is_any(token, WORDS("IDENTITY", "INSERT_ID", "LAST_INSERT_ID", "RAND_SEED1",
                                "RAND_SEED2", "WSREP_GTID_SEQ_NO"));
}

/* One assignment; gives its comma, or the end. */
static zq_token read_assignment(leavings *l)
{
    zq_token now = next(l);
    unsigned signs = 0;
    int depth = 0;
    bool global = false;

    for (; zq_token_is_sign(&now, '@') || zq_token_is_sign(&now, '.') ||
           is_any(&now, WORDS("SESSION", "LOCAL", "GLOBAL", "PERSIST", "PERSIST_ONLY"));
         now = next(l)) {
        signs += zq_token_is_sign(&now, '@');
        global = global || is_any(&now, WORDS("GLOBAL", "PERSIST", "PERSIST_ONLY"));
    }
    if (signs == 0 && zq_token_is(&now, "ROLE"))
        l->role = true;
    else if (signs != 1 && !global && is_charset(&now))
        l->charset = true;
    else if (signs != 1 && !global && now.kind == ZQ_TOKEN_WORD && has_default(&now))
        add_name(l, &l->variables, now.text, now.length);
    for (; now.kind != ZQ_TOKEN_END && !(depth == 0 && zq_token_is_sign(&now, ',')); now = next(l))
        depth += zq_token_is_sign(&now, '(') - zq_token_is_sign(&now, ')');
    return now;
}

/* ---- the others ---- */

/* @x wherever it stands, since SELECT ... INTO @x and @x := 1 set it too; neither @@x nor 'a'@'b'.
 */
static void read_users(leavings *l)
{
    const char *sign = NULL; /* the '@' just before */

    for (zq_token now = next(l); now.kind != ZQ_TOKEN_END; now = next(l)) {
        if (sign != NULL && now.text == sign + 1 &&
            (now.kind == ZQ_TOKEN_WORD || now.kind == ZQ_TOKEN_NAME) &&
            (sign == l->scanner.text || strchr(" \t\r\n(,=<>+-*/", sign[-1]) != NULL))
            add_name(l, &l->users, sign, 1 + now.length);
        sign = zq_token_is_sign(&now, '@') ? now.text : NULL;
    }
}

/* SET STATEMENT ... FOR holds for the statement behind it alone: gives the verb of that. */
static zq_token read_verb(leavings *l)
{
    zq_token now = next(l);
    zq_scanner behind = l->scanner;
    const char *open = l->open;
    zq_token after;

    if (!zq_token_is(&now, "SET"))
        return now;
    after = next(l);
    if (zq_token_is(&after, "STATEMENT")) {
        int depth = 0;

        do {
            now = next(l);
            depth += zq_token_is_sign(&now, '(') - zq_token_is_sign(&now, ')');
        } while (now.kind != ZQ_TOKEN_END && !(depth == 0 && zq_token_is(&now, "FOR")));
        return now.kind == ZQ_TOKEN_END ? now : read_verb(l);
    }
    l->scanner = behind;
    l->open = open;
    return now;
}

static void read_statement(leavings *l, const zq_rev_statement *s)
{
    zq_token now;

    begin(l, s);
    read_users(l);
    begin(l, s);
    now = read_verb(l);
    if (zq_token_is(&now, "SET")) {
        do
            now = read_assignment(l);
        while (now.kind != ZQ_TOKEN_END);
    } else if (zq_token_is(&now, "PREPARE")) {
        now = next(l);
        add_name(l, &l->prepared, now.text, now.length);
    } else if (strcmp(s->parsed.verb, "CREATE TEMPORARY TABLE") == 0) {
        for (size_t i = 0; i < s->parsed.n_tables; i++)
            add_name(l, &l->tables, s->parsed.tables[i], strlen(s->parsed.tables[i]));
    }
}

/* ---- public ---- */

zq_session_use zq_script_session_use_of(const zq_rev_statement *statement)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    leavings l = {.arena = arena};

    read_statement(&l, statement);
    if (l.role)
        return ZQ_SESSION_ROLE;
    if (l.charset)
        return ZQ_SESSION_CHARSET;
    return l.variables.n > 0 ? ZQ_SESSION_SET : ZQ_SESSION_LEFT;
}

/* Each in a SET of its own, in the comment that it stood in. */
static void write_defaults(const names *variables, zq_sql *sql)
{
    for (size_t i = 0; i < variables->n; i++) {
        const name *v = &variables->items[i];

        zq_sql_add(sql, "SET @zq = NULL%-s%-s , SESSION %-s = DEFAULT%-s;\n",
                   v->open != NULL ? " " : "", v->open != NULL ? v->open : "", v->text,
                   v->open != NULL ? " */" : "");
    }
}

void zq_script_session_undo(const zq_rev_section *section, zq_arena *arena, zq_sql *sql)
{
    leavings l = {.arena = arena};

    for (size_t i = 0; i < section->n; i++)
        read_statement(&l, &section->statements[i]);
    write_defaults(&l.variables, sql);
    if (l.variables.n > 0 || l.charset)
        zq_sql_add(sql, "%-s;\n", zq_session_sql());
    for (size_t i = 0; i < l.users.n; i++)
        zq_sql_add(sql, "%-s%-s%-s", i == 0 ? "SET " : ", ", l.users.items[i].text,
                   i + 1 == l.users.n ? " = NULL;\n" : " = NULL");
    for (size_t i = 0; i < l.tables.n; i++)
        zq_sql_add(sql, "DROP TEMPORARY TABLE IF EXISTS `%s`;\n", l.tables.items[i].text);
    /* It may be gone already, and only one that is there can be freed. */
    for (size_t i = 0; i < l.prepared.n; i++)
        zq_sql_add(sql, "PREPARE %-s FROM 'DO 0';\nDEALLOCATE PREPARE %-s;\n",
                   l.prepared.items[i].text, l.prepared.items[i].text);
}
