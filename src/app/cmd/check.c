#include "app/cmd/commands.h"
#include "app/connect.h"
#include "app/fixes.h"
#include "app/head.h"
#include "app/inspect.h"
#include "app/kept_schema.h"
#include "app/rerun.h"
#include "app/show/differences.h"
#include "app/show/json.h"
#include "app/show/page.h"
#include "app/show/print_diff.h"

#include "base/phrase.h"
#include "base/text.h"
#include "db/sight.h"
#include "sql/ddl_write.h"
#include "sql/sql.h"

#include <string.h>

/* All that is known of a database after it was read. */
typedef struct findings {
    const char *database;
    const zq_release *against; /* NULL: what the newest revision leads to */
    zq_desired desired;        /* ... which is this */
    zq_state state;
    zq_catalog catalog;
    zq_comparison comparison;
    zq_recognition recognition; /* of a database without a record; else without a release */
    const char *warnings[3];
    size_t n_warnings;
    const char *default_fix; /* a statement for the database's default charset; NULL: none */
    zq_flavor flavor;
    const char *server; /* "mariadb 10.11.6" */
    zq_chain chain;     /* what this build and --dir know */
} findings;

/* ---- finding out ---- */

/* Tables carry their own charset, so that another default has done no harm yet; the application
 * names none for the tables of stocks that it makes. */
static zq_rc find_defaults(zq_app *app, findings *f, zq_err *err)
{
    ZQ_AUTO_SQL(sql);

    if (!f->catalog.exists || (strcmp(f->catalog.charset, ZQ_CHARSET) == 0 &&
                               strcmp(f->catalog.collation, ZQ_COLLATION) == 0))
        return ZQ_OK;
    zq_ddl_alter_database(&sql, f->database);
    ZQ_TRY(zq_sql_keep(&sql, app->arena, &f->default_fix, err));
    f->warnings[f->n_warnings++] = zq_tr_printf(
        app->arena,
        "database '%s' has the defaults %s and %s, not %s and %s: the tables that the application "
        "makes for new stocks take them; to fix it: %s",
        f->database, f->catalog.charset, f->catalog.collation, ZQ_CHARSET, ZQ_COLLATION,
        f->default_fix);
    return ZQ_OK;
}

/* Who has the privilege by the name of each table is not looked for: a trigger that was seen leaves
 * it open. */
static zq_rc find_unseen(zq_app *app, zq_db *db, findings *f, zq_err *err)
{
    zq_arg args[] = {zq_arg_text(f->database)};
    const char *account;
    zq_rows rows;

    ZQ_TRY(zq_sight_lacks(db, "TRIGGER", f->database, app->arena, &account, err));
    if (account == NULL)
        return ZQ_OK;
    ZQ_TRY(zq_db_query(db,
                       "SELECT 1 FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ? LIMIT 1",
                       args, ZQ_LEN(args), "t", app->arena, &rows, err));
    if (rows.n == 0)
        f->warnings[f->n_warnings++] = zq_tr_printf(
            app->arena,
            "account '%s' lacks the privilege TRIGGER on database '%s': triggers on its tables "
            "would not be seen",
            account, f->database);
    return ZQ_OK;
}

static bool is_recorded(const findings *f)
{
    return f->state.revision != NULL && *f->state.revision != '\0';
}

static zq_rc find_out(zq_app *app, findings *f, zq_err *err)
{
    ZQ_AUTO(zq_db) db = NULL;
    const char *left;
    zq_wanted wanted;

    ZQ_TRY(zq_head_chain(app, &f->chain, err));
    ZQ_TRY(zq_kept_schema_desired(app, &f->chain, &f->desired, err));
    wanted = zq_head_wanted(app, &f->chain);
    f->database = zq_settings_text(app->settings, ZQ_SET_DATABASE);
    ZQ_TRY(zq_connect_caught_up(app, &db, err));
    f->flavor = zq_db_server(db)->flavor;
    f->server = zq_arena_printf(app->arena, "%s %s", zq_flavor_name(f->flavor),
                                zq_db_server(db)->version_text);
    ZQ_TRY(zq_state_read(db, f->database, &wanted, app->arena, &f->state, err));
    ZQ_TRY(f->against != NULL ? zq_inspect_compare(app, db, f->database, f->against, &f->catalog,
                                                   &f->comparison, err)
                              : zq_inspect_compare_with(app, db, f->database, f->desired.schema,
                                                        &f->catalog, &f->comparison, err));
    if (f->against == NULL && !is_recorded(f) && f->state.n_present > 0)
        ZQ_TRY(zq_inspect_recognise(app, &f->catalog, &f->recognition, err));
    ZQ_TRY(zq_inspect_members_left(app, db, f->database, f->state.revision, f->state.n_left, &left,
                                   err));
    if (left != NULL)
        f->warnings[f->n_warnings++] = left;
    ZQ_TRY(find_defaults(app, f, err));
    return f->catalog.exists ? find_unseen(app, db, f, err) : ZQ_OK;
}

static bool is_at_head(const findings *f)
{
    return is_recorded(f) && strcmp(f->state.revision, zq_chain_name(&f->chain, f->chain.n)) == 0;
}

/* What the database was compared with: "zquant 0.4.0". */
static const char *measure(const zq_app *app, const findings *f)
{
    return f->against != NULL ? zq_arena_printf(app->arena, "zquant %s", f->against->name)
                              : f->desired.words;
}

/* Of what is there; NULL: it is compared with another schema than its own. */
static const char *schema_id(zq_app *app, const findings *f)
{
    return f->against == NULL ? zq_inspect_schema_id(app, &f->catalog, f->desired.schema) : NULL;
}

/* For a database without a record that is not exactly a release, say what differs from the nearest:
 * against head, all that came with a release would hide it. */
static const zq_comparison *shown_comparison(const findings *f)
{
    return f->recognition.release != NULL && !f->recognition.exact ? &f->recognition.comparison
                                                                   : &f->comparison;
}

static const char *shown_measure(const zq_app *app, const findings *f)
{
    return f->recognition.release != NULL && !f->recognition.exact
               ? zq_arena_printf(app->arena, "zquant %s", f->recognition.release->release)
               : measure(app, f);
}

/* ---- statements ---- */

static zq_rc print_fixes(const zq_app *app, const findings *f, zq_err *err)
{
    const zq_recognition *found = &f->recognition;
    const zq_fixes fixes = {
        .database = f->database,
        .measure = found->release != NULL
                       ? zq_arena_printf(app->arena, "zquant %s", found->release->release)
                       : measure(app, f),
        .comparison = found->release != NULL ? &found->comparison : &f->comparison,
        .live = &f->catalog.schema,
        .default_fix = f->default_fix,
        .flavor = f->flavor,
    };
    ZQ_AUTO_BUF(out);

    ZQ_TRY(zq_fixes_write(&out, &fixes, app->arena, err));
    return zq_out_exact(zq_buf_text(&out), err);
}

/* ---- JSON ---- */

static json_t *foreign_tables(const zq_catalog *catalog)
{
    size_t n = catalog->n_foreign_tables;

    return json_pack("{s:I, s:o}", "count", (json_int_t)n, "names",
                     zq_json_names(catalog->foreign_tables, n));
}

static zq_rc print_json(zq_app *app, const findings *f, zq_err *err)
{
    json_t *document = json_pack(
        "{s:b, s:b, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "database_exists",
        f->catalog.exists, "at_head", is_at_head(f), "revision", zq_json_text(f->state.revision),
        "head", zq_chain_name(&f->chain, f->chain.n), "against",
        f->against != NULL ? f->against->name : f->desired.name, "schema_id",
        zq_json_text(schema_id(app, f)), "differences",
        zq_differences_json(&f->comparison, app->arena), "families",
        zq_families_json(&f->comparison, app->arena), "foreign_tables", foreign_tables(&f->catalog),
        "recognised", zq_recognition_json(&f->recognition, app->arena), "warnings",
        zq_json_names(f->warnings, f->n_warnings));

    return zq_out_json(document, err);
}

/* ---- text ---- */

static void write_foreign(zq_buf *out, const zq_app *app, const findings *f)
{
    size_t n = f->catalog.n_foreign_tables;

    if (n == 0)
        return;
    zq_text_printf(out, "%s not zquant's and left alone\n",
                   zq_count_words(n, "table is", "tables are", app->arena));
    for (size_t i = 0; i < n && zq_settings_flag(app->settings, ZQ_SET_VERBOSE); i++)
        zq_text_printf(out, "  %s\n", f->catalog.foreign_tables[i]);
}

/* What the application added to the members of an open family is counted, and named with -v. */
static void write_open_columns(zq_buf *out, const zq_app *app, const zq_family_count *count)
{
    if (count->n_open_columns == 0)
        return;
    zq_text_printf(out, "%s: %s of the application's own\n", count->family->name,
                   zq_count_words(count->n_open_columns, "column", "columns", app->arena));
    for (size_t i = 0; i < count->n_open_columns && zq_settings_flag(app->settings, ZQ_SET_VERBOSE);
         i++)
        zq_text_printf(
            out, "  %s [%s]\n", count->open_columns[i].name,
            zq_count_words(count->open_columns[i].n_members, "member", "members", app->arena));
}

/* Each member that has such indexes has them for the same reason, and is named once. */
static zq_rc write_renames(zq_buf *out, const zq_app *app, const zq_family_count *count,
                           zq_err *err)
{
    enum { SHOWN = 5 };
    const bool all = zq_settings_flag(app->settings, ZQ_SET_VERBOSE);
    const char **statements = ZQ_NEW_ARRAY(app->arena, const char *, count->n_renames + 1);
    size_t n = 0;

    for (size_t i = 0; i < count->n_renames; n++)
        ZQ_TRY(
            zq_fixes_rename(count->renames, count->n_renames, &i, app->arena, &statements[n], err));
    if (n == 0)
        return ZQ_OK;
    zq_text_printf(
        out,
        "%s: %s indexes named after another member, as CREATE TABLE ... LIKE leaves them; "
        "no difference, but to rename them:\n",
        count->family->name, zq_count_words(n, "member has", "members have", app->arena));
    for (size_t i = 0; i < n && (all || i < SHOWN); i++)
        zq_text_printf(out, "  %s;\n", statements[i]);
    if (!all && n > SHOWN)
        zq_text_printf(out, "  and %zu more, see --fixes\n", n - SHOWN);
    return ZQ_OK;
}

static zq_rc write_families(zq_buf *out, const zq_app *app, const findings *f, zq_err *err)
{
    const zq_comparison *comparison = shown_comparison(f);

    for (size_t i = 0; i < comparison->n_families; i++) {
        const zq_family_count *count = &comparison->families[i];

        if (count->n_members == 0)
            continue;
        zq_text_printf(out, "%s: %s", count->family->name,
                       zq_count_words(count->n_members, "member", "members", app->arena));
        if (count->n_differing == 0)
            zq_buf_str(out, ", all as they should be\n");
        else
            zq_text_printf(out, ", %zu %s from %s\n", count->n_differing,
                           count->n_differing == 1 ? "differs" : "differ", shown_measure(app, f));
        write_open_columns(out, app, count);
        ZQ_TRY(write_renames(out, app, count, err));
    }
    return ZQ_OK;
}

static const zq_paint paints[] = {
    {" is missing", false, ZQ_RED},
    {": expected ", false, ZQ_YELLOW},
    {" should not be there", false, ZQ_YELLOW},
    {", all as they should be", false, ZQ_GREEN},
    {"the schema is exactly that of ", true, ZQ_GREEN},
    {0},
};

static zq_rc print_text(const zq_app *app, const findings *f, zq_err *err)
{
    ZQ_AUTO_BUF(out);

    zq_differences_text(&out, shown_comparison(f), zq_settings_flag(app->settings, ZQ_SET_VERBOSE),
                        app->arena);
    ZQ_TRY(write_families(&out, app, f, err));
    write_foreign(&out, app, f);
    if (f->comparison.n_differences == 0)
        zq_text_printf(&out, "the schema is exactly that of %s\n", measure(app, f));
    return zq_out_painted(zq_buf_text(&out), paints, err);
}

/* ---- a page ---- */

enum { MEMBERS_ON_PAGE = 100 };

static void add_verdict(zq_buf *page, const zq_app *app, const findings *f, const zq_err *failure)
{
    ZQ_AUTO_BUF(heading);

    zq_text_printf(&heading, "Database %s is %s%s", f->database,
                   failure == NULL ? "exactly " : "not what it should be",
                   failure == NULL ? shown_measure(app, f) : "");
    zq_page_heading(page, 1, failure == NULL ? "good" : "bad", zq_buf_text(&heading));
    zq_page_line(page, failure == NULL ? NULL : failure->message);
    zq_page_line(page, failure == NULL ? NULL : failure->hint);
}

static void add_facts(zq_buf *page, zq_app *app, const findings *f)
{
    zq_buf_str(page, "<table>\n");
    zq_page_fact(page, "Server", f->server);
    zq_page_fact(page, "Compared with", shown_measure(app, f));
    zq_page_fact(page, "Revision", is_recorded(f) ? f->state.revision : "none recorded");
    zq_page_fact(page, "Newest", zq_chain_name(&f->chain, f->chain.n));
    zq_page_fact(page, "Schema id", schema_id(app, f));
    zq_page_number(page, "Differences", shown_comparison(f)->n_differences);
    zq_page_number(page, "Tables that are not zquant's", f->catalog.n_foreign_tables);
    for (size_t i = 0; i < f->n_warnings; i++)
        zq_page_fact(page, "Warning", f->warnings[i]);
    zq_buf_str(page, "</table>\n");
}

static const char *members_words(const zq_deviation *deviation, zq_arena *arena)
{
    ZQ_AUTO_BUF(words);

    if (deviation == NULL || deviation->codes == NULL || deviation->n_members < 2)
        return NULL;
    zq_text_printf(&words, "%zu: ", deviation->n_members);
    for (size_t i = 0; i < deviation->n_members && i < MEMBERS_ON_PAGE; i++)
        zq_text_printf(&words, "%s%s", i > 0 ? ", " : "", deviation->codes[i]);
    if (deviation->n_members > MEMBERS_ON_PAGE)
        zq_buf_str(&words, ", ...");
    return zq_arena_strdup(arena, zq_buf_text(&words));
}

static void add_changes(zq_buf *page, const char *const *headings, const zq_changes *changes,
                        const zq_deviation *deviation, zq_arena *arena)
{
    const char *members = members_words(deviation, arena);

    for (size_t i = 0; i < changes->n; i++) {
        const zq_change *change = &changes->items[i];
        const char *const cells[] = {change->table, zq_change_say(change, arena), change->expected,
                                     change->found, members};

        zq_page_row(page, headings, cells, ZQ_LEN(cells));
    }
}

static void add_differences(zq_buf *page, const zq_comparison *c, zq_arena *arena)
{
    static const char *const headings[] = {"Table", "What", "Expected", "Found", "Members"};

    if (c->n_differences == 0)
        return;
    zq_page_heading(page, 2, NULL, "Differences");
    zq_page_table_begin(page, headings, ZQ_LEN(headings));
    add_changes(page, headings, &c->changes, NULL, arena);
    for (size_t i = 0; i < c->n_deviations; i++)
        add_changes(page, headings, &c->deviations[i].changes, &c->deviations[i], arena);
    zq_page_table_end(page);
}

static const char *open_words(const zq_family_count *count, zq_arena *arena)
{
    const char *words = NULL;

    for (size_t i = 0; i < count->n_open_columns; i++)
        words = zq_arena_printf(arena, "%s%s%s (%zu)", words == NULL ? "" : words,
                                words == NULL ? "" : ", ", count->open_columns[i].name,
                                count->open_columns[i].n_members);
    return words;
}

static void add_families(zq_buf *page, const zq_comparison *c, zq_arena *arena)
{
    static const char *const headings[] = {"Family", "Members", "That differ",
                                           "Columns of the application's own (members)"};

    zq_page_heading(page, 2, NULL, "Families");
    zq_page_table_begin(page, headings, ZQ_LEN(headings));
    for (size_t i = 0; i < c->n_families; i++) {
        const zq_family_count *count = &c->families[i];
        const char *const cells[] = {
            count->family->name,
            zq_arena_printf(arena, "%zu", count->n_members),
            zq_arena_printf(arena, "%zu", count->n_differing),
            open_words(count, arena),
        };

        zq_page_row(page, headings, cells, ZQ_LEN(cells));
    }
    zq_page_table_end(page);
}

static void add_foreign(zq_buf *page, const zq_catalog *catalog)
{
    if (catalog->n_foreign_tables == 0)
        return;
    zq_page_heading(page, 2, NULL, "Tables that are not zquant's, left alone");
    zq_buf_str(page, "<p>");
    for (size_t i = 0; i < catalog->n_foreign_tables; i++) {
        zq_text_printf(page, "%s", i > 0 ? ", " : "");
        zq_page_text(page, catalog->foreign_tables[i]);
    }
    zq_buf_str(page, "</p>\n");
}

/* ---- the answer ---- */

/* A revision of the user's own, which the database is at, and whose schema nobody has kept. */
static bool hint_at_text(const zq_app *app, const findings *f, zq_err *err)
{
    if (f->against != NULL || f->desired.is_newest || !is_at_head(f))
        return false;
    zq_err_hint(err,
                "what revision '%s' makes counts as a difference until its schema lies beside its "
                "file: where all is as it should be, run '%s > %s'",
                f->state.revision, zq_rerun_other(app, "zquant-migrate show --schema live"),
                zq_kept_schema_file_of(zq_chain_at(&f->chain, f->chain.n)->file, app->arena));
    return true;
}

static zq_rc answer_differs(const zq_app *app, const findings *f, zq_err *err)
{
    zq_fail(err, ZQ_E_DIFFERS, "the schema differs from that of %s: %s", measure(app, f),
            zq_count_said(f->comparison.n_differences, N_("%zu difference"), N_("%zu differences"),
                          app->arena));
    if (f->state.condition == ZQ_DB_OLDER && f->against == NULL)
        zq_err_hint(err, "it is at revision '%s'; run '%s upgrade'",
                    zq_head_revision_name(f->state.revision), app->program->name);
    else if (f->state.n_present == 0 && f->comparison.n_deviations > 0)
        zq_err_hint(err, "run '%s': it makes the other tables, and brings those of stocks along",
                    zq_rerun_other(app, "zquant-migrate upgrade"));
    else if (f->state.n_present == 0)
        zq_err_hint(err, "run 'zquant-init' to make what is missing");
    else if (!hint_at_text(app, f, err) && !zq_settings_flag(app->settings, ZQ_SET_FIXES))
        zq_err_hint(err, "run '%s' for the statements that fix what statements can",
                    zq_rerun_other(app, "zquant-migrate check --fixes"));
    return ZQ_E_DIFFERS;
}

static zq_rc answer_not_head(zq_app *app, const findings *f, zq_err *err)
{
    const char *head = zq_chain_name(&f->chain, f->chain.n);

    if (!is_recorded(f)) {
        zq_fail(err, ZQ_E_DIFFERS, "no revision is recorded");
    } else if (f->state.condition == ZQ_DB_NEWER) {
        zq_fail(err, ZQ_E_DIFFERS, "revision '%s' is recorded, which this build does not know",
                f->state.revision);
        return zq_head_hint_unknown(f->state.unknown, err);
    } else if (zq_head_own(&f->chain) != NULL) {
        zq_fail(err, ZQ_E_DIFFERS, "revision '%s' is recorded, and '%s' is pending",
                f->state.revision, head);
        return zq_err_hint(err, "run '%s'", zq_rerun_other(app, "zquant-migrate upgrade"));
    } else {
        zq_fail(err, ZQ_E_DIFFERS, "revision '%s' is recorded, but the schema is that of '%s'",
                f->state.revision, head);
    }
    return zq_err_hint(err, "run '%s history' to see what was done", app->program->name);
}

static zq_rc answer(zq_app *app, const findings *f, zq_err *err)
{
    if (!f->catalog.exists)
        return zq_head_fail_missing(f->database, err);
    if (f->against == NULL &&
        (f->state.condition == ZQ_DB_CUT_SHORT || f->state.condition == ZQ_DB_FILE_CHANGED))
        return zq_inspect_refuse_state(app, NULL, &f->chain, f->database, &f->state, err);
    if (f->recognition.release != NULL)
        return zq_inspect_refuse_unrecorded(app, &f->recognition, err);
    if (f->comparison.n_differences > 0)
        return answer_differs(app, f, err);
    return f->against != NULL || is_at_head(f) ? ZQ_OK : answer_not_head(app, f, err);
}

/* ---- the descriptors themselves ---- */

/* No server is asked: does what is compiled in have all of its revisions? */
static zq_rc check_descriptors(zq_app *app, zq_err *err)
{
    zq_chain chain;
    zq_desired desired;
    zq_side revision, models;
    size_t n;

    ZQ_TRY(zq_head_chain(app, &chain, err));
    ZQ_TRY(zq_kept_schema_newest(app, &chain, &desired, err));
    ZQ_TRY(zq_side_read(app, &chain, desired.name, &revision, err));
    ZQ_TRY(zq_side_read(app, &chain, "models", &models, err));
    ZQ_TRY(zq_print_diff(app, &revision, &models, &n, err));
    if (n == 0) {
        zq_say("the descriptors are what revision '%s' leads to", desired.name);
        return ZQ_OK;
    }
    zq_fail(err, ZQ_E_DIFFERS, "no revision leads to the descriptors: %s from revision '%s'",
            zq_count_said(n, N_("%zu difference"), N_("%zu differences"), app->arena),
            desired.name);
    return zq_err_hint(err,
                       "write what is missing by 'zquant-migrate revision --autogenerate --from %s "
                       "-m TEXT'",
                       desired.name);
}

/* With what the command fails with; NULL: it does not. */
static zq_rc write_page(zq_app *app, const findings *f, const zq_err *failure, zq_err *err)
{
    const char *path = zq_settings_text(app->settings, ZQ_SET_HTML);
    ZQ_AUTO_BUF(page);

    if (path == NULL || !f->catalog.exists)
        return ZQ_OK;
    zq_page_begin(&page, zq_arena_printf(app->arena, "%s: checked", f->database));
    add_verdict(&page, app, f, failure);
    add_facts(&page, app, f);
    add_differences(&page, shown_comparison(f), app->arena);
    add_families(&page, shown_comparison(f), app->arena);
    add_foreign(&page, &f->catalog);
    return zq_page_write(&page, path, err);
}

static void note_figures(zq_app *app, const findings *f)
{
    size_t position;

    if (!f->catalog.exists)
        return;
    app->figures.differences = (long)f->comparison.n_differences;
    app->figures.members_left = (long)f->state.n_left;
    app->figures.revision = f->state.revision == NULL ? "" : f->state.revision;
    app->figures.head = zq_chain_name(&f->chain, f->chain.n);
    if (is_recorded(f) && zq_chain_find(&f->chain, f->state.revision, &position))
        app->figures.pending = (long)(f->chain.n - position);
}

zq_rc zq_cmd_check(zq_app *app, zq_err *err)
{
    const char *against = zq_settings_text(app->settings, ZQ_SET_AGAINST);
    zq_err found = {0}, *failure;
    findings f = {0};

    if (zq_settings_flag(app->settings, ZQ_SET_DESCRIPTORS))
        return zq_settings_text(app->settings, ZQ_SET_HTML) == NULL
                   ? check_descriptors(app, err)
                   : zq_fail(err, ZQ_E_USAGE,
                             "--html does not go with --descriptors: no database is looked at");
    if (against != NULL)
        ZQ_TRY(zq_known_release(against, &f.against, err));
    ZQ_TRY(find_out(app, &f, err));
    note_figures(app, &f);
    for (size_t i = 0; i < f.n_warnings; i++)
        zq_warn("%s", f.warnings[i]);
    if (zq_settings_flag(app->settings, ZQ_SET_JSON))
        ZQ_TRY(print_json(app, &f, err));
    else if (f.catalog.exists && zq_settings_flag(app->settings, ZQ_SET_FIXES))
        ZQ_TRY(print_fixes(app, &f, err));
    else if (f.catalog.exists)
        ZQ_TRY(print_text(app, &f, err));
    failure = answer(app, &f, &found) != ZQ_OK ? &found : NULL;
    ZQ_TRY(write_page(app, &f, failure, err));
    if (failure == NULL)
        return ZQ_OK;
    *err = found;
    return found.code;
}
