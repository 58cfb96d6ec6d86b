#include "app/certificate_file.h"
#include "app/child.h"
#include "app/cmd/commands.h"
#include "app/connect.h"
#include "app/events.h"
#include "app/head.h"
#include "app/inspect.h"
#include "app/kept_schema.h"
#include "app/migrate.h"
#include "app/rerun.h"
#include "app/show/differences.h"
#include "app/show/json.h"
#include "app/show/page.h"
#include "app/stop.h"
#include "base/clock.h"
#include "base/language.h"
#include "base/text.h"
#include "run/members.h"
#include "run/moment.h"
#include "run/soundness.h"

#include "release.h"

#include <string.h>

/* All that is known while the command runs. */
typedef struct verification {
    zq_app *app;
    zq_migration m;
    const char *file;    /* the certificate to hold it against; NULL: none */
    zq_certificate then; /* what it says */
    char signer[ZQ_PUBLIC_KEY_HEX];
    zq_certificate now;           /* the database */
    zq_db *readers[ZQ_MOST_JOBS]; /* who read its rows: the first is m.db */
    size_t n_readers;
    size_t n_differences; /* from the schema of this build */
    bool upgraded;        /* revisions were run since the certificate */
    zq_faults faults;
} verification;

/* ---- reading the database ---- */

static zq_rc read_server(verification *v, zq_err *err)
{
    zq_db *db = v->m.db;
    zq_rows rows;

    ZQ_TRY(zq_db_query(db, "SELECT DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%dT%H:%i:%sZ')", NULL, 0,
                       "t", v->app->arena, &rows, err));
    v->now.written = rows.n == 0 ? "" : zq_rows_at(&rows, 0, 0);
    v->now.tool_version = ZQ_VERSION;
    v->now.flavor = zq_db_server(db)->flavor;
    v->now.server_version = zq_db_server(db)->version_text;
    v->now.database = v->m.database;
    return ZQ_OK;
}

static zq_rc read_record(verification *v, zq_err *err)
{
    const zq_record *record = &v->m.record;
    zq_rows rows;
    zq_err failure = {0};
    zq_rc rc;

    if (record->n > 0)
        v->now.revision = record->applied[record->n - 1].revision;
    rc = zq_db_query(v->m.db, ZQ_BOOK_ASK_SEEDS_DIGEST, NULL, 0, "T", v->app->arena, &rows,
                     &failure);
    if (rc == ZQ_OK && rows.n > 0)
        v->now.seeds_digest = zq_rows_at(&rows, 0, 0);
    if (rc != ZQ_E_LOST && rc != ZQ_E_ANSWER)
        return ZQ_OK;
    *err = failure;
    return rc;
}

static zq_rc read_schema(verification *v, zq_err *err)
{
    zq_catalog catalog;
    zq_comparison comparison;
    zq_desired desired;

    ZQ_TRY(zq_kept_schema_desired(v->app, &v->m.chain, &desired, err));
    ZQ_TRY(zq_inspect_compare_with(v->app, v->m.db, v->m.database, desired.schema, &catalog,
                                   &comparison, err));
    v->now.schema_id = zq_inspect_schema_id(v->app, &catalog, desired.schema);
    v->n_differences = comparison.n_differences;
    return ZQ_OK;
}

/* ---- what the revisions since the certificate renamed ---- */

static void add_renames(zq_renames *to, const zq_rev_statement *s, zq_arena *arena)
{
    const char *table = s->block == ZQ_BLOCK_FAMILY ? s->family
                        : s->parsed.n_tables > 0    ? s->parsed.tables[0]
                                                    : NULL;
    zq_renamed *items = (zq_renamed *)to->items;

    for (size_t i = 0; table != NULL && s->parsed.renamed != NULL && s->parsed.renamed[i] != NULL;
         i += 2) {
        *ZQ_APPEND(arena, items, to->n) =
            (zq_renamed){table, s->parsed.renamed[i], s->parsed.renamed[i + 1]};
    }
    to->items = items;
}

/* Where a database was: its revision; or, when none was recorded, that of the release that it had
 * the schema of. */
static const char *revision_then(const zq_certificate *then)
{
    for (size_t i = 0; then->revision == NULL && then->schema_id != NULL && i < zq_n_releases;
         i++) {
        if (strcmp(zq_releases[i].id, then->schema_id) == 0)
            return zq_releases[i].revision;
    }
    return then->revision;
}

static zq_rc find_renames(verification *v, zq_renames *out, zq_err *err)
{
    const char *revision = revision_then(&v->then);
    const zq_chain *chain = &v->m.chain;
    zq_path path;
    size_t from;

    *out = (zq_renames){0};
    if (revision == NULL || v->now.revision == NULL || !zq_chain_find(chain, revision, &from) ||
        from >= v->m.position)
        return ZQ_OK;
    v->upgraded = true;
    ZQ_TRY(zq_chain_path(chain, from, v->m.position, ZQ_UP, v->app->arena, &path, err));
    for (size_t i = 0; i < path.n; i++) {
        for (size_t k = 0; k < path.legs[i].section->n; k++)
            add_renames(out, &path.legs[i].section->statements[k], v->app->arena);
    }
    return ZQ_OK;
}

/* ---- looking ---- */

/* What is broken already is certified as it is. */
static void warn_of_broken(const verification *v)
{
    const zq_inventory *things = &v->now.things;

    for (size_t i = 0; i < things->n_objects; i++) {
        const zq_object *o = &things->objects[i];

        if (o->problem != NULL)
            zq_warn("view '%s' does not open: %s", o->name, o->problem);
    }
    for (size_t i = 0; i < things->n_missing_definers; i++)
        zq_warn("triggers, routines or events run as '%s', which does not exist",
                things->missing_definers[i]);
}

static void warn_of_others(const verification *v)
{
    for (size_t i = 0; i < v->now.tables.n; i++) {
        const zq_tally *t = &v->now.tables.items[i];

        if (!t->transactional)
            zq_warn("'%s' is not an InnoDB table: what is written to it meanwhile is read",
                    t->name);
    }
}

/* A connection for each 8 tables, as many as --jobs says; fewer will do. */
static void open_readers(verification *v)
{
    size_t most = (size_t)zq_settings_num(v->app->settings, ZQ_SET_JOBS);
    zq_err err = {0};

    if (most > v->now.tables.n / 8 + 1)
        most = v->now.tables.n / 8 + 1;
    v->readers[v->n_readers++] = v->m.db;
    while (v->n_readers < most && v->n_readers < ZQ_LEN(v->readers) &&
           zq_connect_open(v->app, &v->readers[v->n_readers], &err) == ZQ_OK)
        v->n_readers++;
    if (v->n_readers < most)
        zq_note("%zu connections instead of %zu: %s", v->n_readers, most, err.message);
}

static void close_readers(verification *v)
{
    while (v->n_readers > 1)
        zq_db_close(v->readers[--v->n_readers]);
}

static zq_rc begin_snapshots(verification *v, zq_err *err)
{
    for (size_t i = 0; i < v->n_readers; i++)
        ZQ_TRY(zq_snapshot_begin(v->readers[i], v->m.database, err));
    return ZQ_OK;
}

static zq_rc read_rows(verification *v, zq_err *err)
{
    zq_watch watch = zq_events_watch(v->app);

    return zq_tally_read(v->readers, v->n_readers, v->now.tables.items, v->now.tables.n, &watch,
                         v->app->arena, err);
}

/* What is left out is said: it is not known to be there, nor to be gone. `of` is the certificate,
 * or the database. */
static void say_unseen(const verification *v, const zq_certificate *of)
{
    static const struct {
        const char *kind;
        const char *words;
        const char *privilege;
    } kinds[] = {
        {"view", "how views are defined", "SHOW VIEW"},
        {"trigger", "triggers", "TRIGGER"},
        {"event", "events", "EVENT"},
        {"procedure", "procedures and functions", NULL},
    };
    bool is_now = of == &v->now;

    for (size_t i = 0; i < ZQ_LEN(kinds); i++) {
        const char *privilege = kinds[i].privilege != NULL ? kinds[i].privilege
                                : of->flavor == ZQ_MYSQL   ? "SHOW_ROUTINE"
                                                           : "SELECT on mysql.proc";

        if (!zq_inventory_misses(&of->things, kinds[i].kind))
            continue;
        if (is_now)
            zq_warn("%s cannot be seen, and are left out: the account lacks %s",
                    zq_tr(kinds[i].words), privilege);
        else
            zq_warn("%s are not in the certificate, and are left out: the account that wrote it "
                    "lacked %s",
                    zq_tr(kinds[i].words), privilege);
    }
    if (!of->things.sees_accounts)
        zq_note(is_now
                    ? N_("the accounts of the server cannot be seen, and are left out: the account "
                         "lacks SELECT on mysql.*")
                    : N_("grants are not in the certificate, and are left out: the account that "
                         "wrote it lacked SELECT on mysql.*"));
}

static zq_rc look(verification *v, zq_err *err)
{
    ZQ_TRY(zq_migration_connect(&v->m, err));
    if (!v->m.record.database_exists)
        return zq_head_fail_missing(v->m.database, err);
    ZQ_TRY(read_server(v, err));
    ZQ_TRY(read_record(v, err));
    ZQ_TRY(read_schema(v, err));
    ZQ_TRY(zq_inventory_read(v->m.db, v->m.database, v->app->arena, &v->now.things, err));
    ZQ_TRY(zq_tally_list(v->m.db, v->m.database, v->app->arena, &v->now.tables, err));
    say_unseen(v, &v->now);
    return ZQ_OK;
}

/* ---- writing a certificate ---- */

static zq_rc check_all_read(const verification *v, zq_err *err)
{
    for (size_t i = 0; i < v->now.tables.n; i++) {
        const zq_tally *t = &v->now.tables.items[i];

        if (t->problem == NULL)
            continue;
        zq_fail(err, ZQ_E_SERVER, "no certificate was written: cannot read table '%s'", t->name);
        return zq_err_detail(err, "%s", t->problem);
    }
    return ZQ_OK;
}

static unsigned long long count_rows(const zq_tallies *tables)
{
    unsigned long long n = 0;

    for (size_t i = 0; i < tables->n; i++)
        n += tables->items[i].rows;
    return n;
}

/* The moment of a certificate by itself: one snapshot of one connection, which needs no lock. */
static zq_rc begin_alone(verification *v, zq_err *err)
{
    const char *before;

    v->readers[v->n_readers++] = v->m.db;
    ZQ_TRY(zq_position_before(v->m.db, v->app->arena, &before, err));
    ZQ_TRY(begin_snapshots(v, err));
    return zq_position(v->m.db, before, v->app->arena, &v->now.position, err);
}

/* A table that was made since they were listed would be in the dump alone. */
static zq_rc hold_writers(verification *v, zq_db *lock, zq_err *err)
{
    enum { MOST_TRIES = 3 };
    unsigned wait_s = (unsigned)zq_settings_num(v->app->settings, ZQ_SET_LOCK_WAIT);
    bool complete = false;

    for (int try = 0; !complete && try < MOST_TRIES; try++) {
        if (try > 0) {
            ZQ_TRY(zq_writers_release(lock, err));
            ZQ_TRY(zq_tally_list(v->m.db, v->m.database, v->app->arena, &v->now.tables, err));
        }
        ZQ_TRY(zq_writers_hold(lock, wait_s, err));
        ZQ_TRY(zq_tally_is_complete(lock, v->m.database, &v->now.tables, &complete, err));
    }
    if (complete)
        return ZQ_OK;
    zq_fail(err, ZQ_E_SERVER, "no certificate was written: tables come and go");
    return zq_err_hint(err, "run it again when nobody makes tables");
}

/* Until the program has begun its snapshot, or has ended: then all it read was held still. */
static zq_rc wait_for_snapshot(verification *v, zq_child *program, zq_db *lock, zq_err *err)
{
    enum { PAUSE_MS = 150 };
    unsigned longest_s = (unsigned)zq_settings_num(v->app->settings, ZQ_SET_LOCK_WAIT);
    zq_watch watch = zq_events_watch(v->app);
    unsigned long long begun_ms = zq_now_ms();

    for (bool begun = false; !zq_child_ended(program); zq_connect_pause_ms(PAUSE_MS)) {
        ZQ_TRY(zq_snapshot_begun_after(lock, zq_db_connection_id(lock), &begun, err));
        if (begun)
            return ZQ_OK;
        if (zq_watch_stopped(&watch))
            return zq_fail(err, ZQ_E_INTERRUPTED, "stopped");
        if (zq_now_ms() - begun_ms < longest_s * 1000ULL)
            continue;
        zq_fail(err, ZQ_E_SERVER,
                "no certificate was written: '%s' began no snapshot within %u s, and writers are "
                "not held off longer",
                program->name, longest_s);
        return zq_err_hint(err,
                           "dump with --single-transaction and as the same user, or give it longer "
                           "by '--lock-wait'");
    }
    return ZQ_OK;
}

/* The moment of a certificate and of the dump that a program makes: writers are held off until the
 * snapshots of both have begun. */
static zq_rc begin_with_program(verification *v, zq_child *program, zq_err *err)
{
    ZQ_AUTO(zq_db) lock = NULL;
    bool begun;

    open_readers(v);
    ZQ_TRY(zq_connect_open(v->app, &lock, err));
    ZQ_TRY(hold_writers(v, lock, err));
    ZQ_TRY(begin_snapshots(v, err));
    ZQ_TRY(zq_position(v->m.db, NULL, v->app->arena, &v->now.position, err));
    /* A quick program ends before it is looked for, and a missing privilege would not be seen.
     * After 0 there is somebody: where nobody is, MySQL does not read the list that asks for
     * PROCESS. */
    ZQ_TRY(zq_snapshot_begun_after(lock, 0, &begun, err));
    ZQ_TRY(zq_child_start(v->app, program, err));
    ZQ_TRY(wait_for_snapshot(v, program, lock, err));
    return zq_writers_release(lock, err);
}

static zq_rc wait_for_program(verification *v, zq_child *program, zq_err *err)
{
    enum { PAUSE_MS = 50 };
    zq_watch watch = zq_events_watch(v->app);

    while (!zq_child_ended(program)) {
        if (zq_watch_stopped(&watch))
            return zq_fail(err, ZQ_E_INTERRUPTED, "stopped");
        zq_connect_pause_ms(PAUSE_MS);
    }
    return zq_child_wait(program, err) == ZQ_OK
               ? ZQ_OK
               : zq_err_prefix(err, "no certificate was written: ");
}

static zq_rc read_moment(verification *v, zq_err *err)
{
    ZQ_AUTO_CHILD program = {0};

    zq_stop_finish_first();
    if (v->app->exec == NULL) {
        ZQ_TRY(begin_alone(v, err));
        return read_rows(v, err);
    }
    ZQ_TRY(begin_with_program(v, &program, err));
    ZQ_TRY(read_rows(v, err));
    return wait_for_program(v, &program, err);
}

static zq_rc print_written(const verification *v, const char *path, const char *signer, zq_err *err)
{
    return zq_out_json(json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:I, s:I}", "database",
                                 v->m.database, "written", path, "time", v->now.written, "revision",
                                 zq_json_text(v->now.revision), "position",
                                 zq_json_text(v->now.position), "signed_by", zq_json_text(signer),
                                 "tables", (json_int_t)v->now.tables.n, "rows",
                                 (json_int_t)count_rows(&v->now.tables)),
                       err);
}

static zq_rc write_certificate(verification *v, const char *path, zq_err *err)
{
    const char *sign = zq_settings_text(v->app->settings, ZQ_SET_SIGN);
    char signer[ZQ_PUBLIC_KEY_HEX];

    ZQ_TRY(zq_certificate_file_try(path, sign, err));
    ZQ_TRY(look(v, err));
    warn_of_others(v);
    warn_of_broken(v);
    ZQ_TRY(read_moment(v, err));
    ZQ_TRY(check_all_read(v, err));
    ZQ_TRY(zq_certificate_file_write(&v->now, path, sign, signer, err));
    zq_say(v->now.position != NULL ? N_("wrote the certificate '%s': %s, %llu rows, at %s")
                                   : N_("wrote the certificate '%s': %s, %llu rows%s"),
           path, zq_count_said(v->now.tables.n, N_("%zu table"), N_("%zu tables"), v->app->arena),
           count_rows(&v->now.tables), v->now.position != NULL ? v->now.position : "");
    if (*signer != '\0')
        zq_say("signed; to check it: --key %s", signer);
    return print_written(v, path, signer, err);
}

/* ---- verifying ---- */

static zq_rc hold_against_certificate(verification *v, zq_err *err)
{
    zq_renames renames;
    zq_rc rc;

    rc = look(v, err);
    if (rc == ZQ_E_DIFFERS && !v->m.record.database_exists)
        zq_err_hint(err, "restore database '%s' from the dump that '%s' is of, then run this again",
                    v->m.database, v->file);
    ZQ_TRY(rc);
    say_unseen(v, &v->then);
    if (strcmp(v->then.database, v->m.database) != 0)
        zq_warn("the certificate was written of database '%s', not of '%s'", v->then.database,
                v->m.database);
    ZQ_TRY(find_renames(v, &renames, err));
    if (v->upgraded)
        zq_say("revisions were run since the certificate: what it has is compared, and what "
               "they added is not");
    zq_certificate_align(&v->then, &zq_schema_head, &renames, &v->now.tables, &v->faults);
    open_readers(v);
    zq_stop_finish_first();
    ZQ_TRY(begin_snapshots(v, err));
    ZQ_TRY(read_rows(v, err));
    zq_certificate_compare(&v->then, &v->now, v->upgraded, &v->faults);
    return ZQ_OK;
}

/* What check, status and the journal know is asked here, too, so that "sound" means all of it. */
static void find_unready(verification *v)
{
    const zq_record *record = &v->m.record;
    const char *database = v->m.database;
    zq_arena *arena = v->app->arena;

    if (record->install_started)
        zq_fault_add(&v->faults, "install", database,
                     "%s: an install was interrupted; run 'zquant-init' to complete it", database);
    if (record->under_way != NULL)
        zq_fault_add(&v->faults, "revision", database, "%s: revision '%s' was interrupted",
                     database, record->under_way);
    if (v->now.revision == NULL)
        zq_fault_add(&v->faults, "revision", database, "%s: no revision is recorded", database);
    else if (v->m.position != v->m.chain.n)
        zq_fault_add(&v->faults, "revision", database, "%s: revision '%s' is recorded, not '%s'",
                     database, zq_head_revision_name(v->now.revision),
                     zq_chain_name(&v->m.chain, v->m.chain.n));
    else if (v->n_differences > 0)
        zq_fault_add(&v->faults, "schema", database,
                     "%s: the schema has %s; 'zquant-migrate check' names them", database,
                     zq_count_words(v->n_differences, "difference", "differences", arena));
    if (v->now.revision != NULL && v->now.seeds_digest == NULL)
        zq_fault_add(&v->faults, "seeds", database,
                     "%s: no seeds are recorded as applied; run 'zquant-init'", database);
}

static zq_rc look_by_itself(verification *v, zq_err *err)
{
    zq_soundness what = {
        .database = v->m.database,
        .schema = &zq_schema_head,
        .tables = &v->now.tables,
        .things = &v->now.things,
        .admin_role = "admin",
    };

    ZQ_TRY(look(v, err));
    find_unready(v);
    what.db = v->m.db;
    return zq_soundness_read(&what, &v->faults, err);
}

/* ---- the answer ---- */

static json_t *faults_json(const zq_faults *faults)
{
    json_t *list = json_array();

    for (size_t i = 0; i < faults->n; i++) {
        const zq_fault *f = &faults->items[i];

        json_array_append_new(list, json_pack("{s:s, s:s, s:s?, s:s?, s:s}", "kind", f->kind,
                                              "object", f->object, "expected", f->expected, "found",
                                              f->found, "message", f->message));
    }
    return list;
}

static zq_rc print_json(const verification *v, zq_err *err)
{
    json_t *certificate = json_null();

    if (v->file != NULL)
        certificate = json_pack(
            "{s:s, s:s, s:s, s:o, s:o, s:o}", "file", v->file, "written", v->then.written,
            "database", v->then.database, "revision", zq_json_text(v->then.revision), "position",
            zq_json_text(v->then.position), "signed_by", zq_json_text(v->signer));
    return zq_out_json(json_pack("{s:s, s:b, s:o, s:o, s:b, s:I, s:o}", "database", v->m.database,
                                 "verified", v->faults.n == 0, "certificate", certificate,
                                 "revision", zq_json_text(v->now.revision), "upgraded_since",
                                 v->upgraded, "tables", (json_int_t)v->now.tables.n, "differences",
                                 faults_json(&v->faults)),
                       err);
}

static zq_rc print_text(const verification *v, zq_err *err)
{
    for (size_t i = 0; i < v->faults.n; i++) {
        ZQ_TRY(zq_out_printf(err, "%s\n", v->faults.items[i].message));
    }
    return ZQ_OK;
}

/* ---- a page ---- */

static void add_verdict(zq_buf *page, const verification *v)
{
    const size_t n = v->faults.n;
    const char *verdict = v->file == NULL ? n == 0 ? " is sound" : " is not sound"
                          : n == 0        ? " is what its certificate says"
                                          : " is not what its certificate says";

    zq_page_heading(page, 1, n == 0 ? "good" : "bad",
                    zq_arena_printf(v->app->arena, "Database %s%s", v->m.database, verdict));
    if (n > 0)
        zq_text_printf(page, "<p>%zu %s%s.</p>\n", n, v->file != NULL ? "difference" : "fault",
                       n == 1 ? "" : "s");
}

static void add_facts(zq_buf *page, const verification *v)
{
    const zq_certificate *now = &v->now, *then = &v->then;

    zq_buf_str(page, "<table>\n");
    zq_page_fact(page, "Looked at", now->written);
    zq_page_fact(page, "Server", zq_flavor_name(now->flavor));
    zq_page_fact(page, "Version", now->server_version);
    zq_page_fact(page, "Revision", now->revision);
    zq_page_fact(page, "Schema id", now->schema_id);
    zq_page_number(page, "Tables", now->tables.n);
    if (v->file != NULL) {
        zq_page_number(page, "Rows", count_rows(&now->tables));
        zq_page_fact(page, "Certificate", v->file);
        zq_page_fact(page, "Written", then->written);
        zq_page_fact(page, "Of database", then->database);
        zq_page_fact(page, "On server", then->server_version);
        zq_page_fact(page, "At", then->position);
        zq_page_fact(page, "Signed by", v->signer);
    }
    zq_buf_str(page, "</table>\n");
}

static void add_faults(zq_buf *page, const zq_faults *faults)
{
    static const char *const headings[] = {"Object", "What", "Expected", "Found"};

    if (faults->n == 0)
        return;
    zq_page_table_begin(page, headings, ZQ_LEN(headings));
    for (size_t i = 0; i < faults->n; i++) {
        const zq_fault *f = &faults->items[i];
        const char *const cells[] = {f->object, f->message, f->expected, f->found};

        zq_page_row(page, headings, cells, ZQ_LEN(cells));
    }
    zq_page_table_end(page);
}

static zq_rc write_page(const verification *v, zq_err *err)
{
    const char *path = zq_settings_text(v->app->settings, ZQ_SET_HTML);
    ZQ_AUTO_BUF(page);

    if (path == NULL)
        return ZQ_OK;
    zq_page_begin(&page, zq_arena_printf(v->app->arena, "%s: verified", v->m.database));
    add_verdict(&page, v);
    add_facts(&page, v);
    add_faults(&page, &v->faults);
    return zq_page_write(&page, path, err);
}

static zq_rc fail_faults(const verification *v, zq_err *err)
{
    zq_app *app = v->app;

    if (v->file != NULL) {
        zq_fail(
            err, ZQ_E_DIFFERS, "database '%s' is not what '%s' says: %s", v->m.database, v->file,
            zq_count_said(v->faults.n, N_("%zu difference"), N_("%zu differences"), app->arena));
        zq_err_hint(err,
                    "bring what differs back from the backup that '%s' is of; where it was meant "
                    "to change, write a new certificate by '--write'",
                    v->file);
    } else {
        zq_fail(err, ZQ_E_DIFFERS, "database '%s' is not sound: %s", v->m.database,
                zq_count_said(v->faults.n, N_("%zu fault"), N_("%zu faults"), app->arena));
        zq_err_hint(err, "fix what each line names; '%s' prints the statements for the schema",
                    zq_rerun_other(app, "zquant-migrate check --fixes"));
    }
    return ZQ_E_DIFFERS;
}

static zq_rc answer(const verification *v, zq_err *err)
{
    zq_app *app = v->app;

    ZQ_TRY(write_page(v, err));
    ZQ_TRY(zq_settings_flag(app->settings, ZQ_SET_JSON) ? print_json(v, err) : print_text(v, err));
    if (v->faults.n > 0)
        return fail_faults(v, err);
    if (v->file != NULL)
        zq_say(*v->signer != '\0' ? N_("database '%s' is what '%s' says: %s, %llu rows; signed by "
                                       "%s")
                                  : N_("database '%s' is what '%s' says: %s, %llu rows%s"),
               v->m.database, v->file,
               zq_count_said(v->now.tables.n, N_("%zu table"), N_("%zu tables"), app->arena),
               count_rows(&v->now.tables), v->signer);
    else
        zq_say("database '%s' is sound: %s", v->m.database,
               zq_count_said(v->now.tables.n, N_("%zu table"), N_("%zu tables"), app->arena));
    return ZQ_OK;
}

static zq_rc check_words(const zq_app *app, zq_err *err)
{
    const zq_settings *settings = app->settings;
    const char *path = zq_settings_text(settings, ZQ_SET_WRITE);

    if (path != NULL && app->argc > 0)
        return zq_fail(err, ZQ_E_USAGE, "'verify' takes FILE or --write FILE, not both");
    if (path != NULL && zq_settings_text(settings, ZQ_SET_KEY) != NULL)
        return zq_fail(err, ZQ_E_USAGE,
                       "--key goes with the FILE of a certificate; to sign one: "
                       "--sign");
    if (app->exec != NULL && zq_settings_flag(settings, ZQ_SET_JSON)) {
        zq_fail(err, ZQ_E_USAGE,
                "--json does not go with '-- COMMAND', whose standard output is "
                "this program's");
        return zq_err_hint(err, "leave one of the two out");
    }
    if (path != NULL && zq_settings_text(settings, ZQ_SET_HTML) != NULL)
        return zq_fail(err, ZQ_E_USAGE, "--html does not go with --write, whose document is FILE");
    if (path == NULL && app->exec != NULL)
        return zq_fail(err, ZQ_E_USAGE, "'-- COMMAND' goes with --write FILE");
    if (path == NULL && zq_settings_text(settings, ZQ_SET_SIGN) != NULL)
        return zq_fail(err, ZQ_E_USAGE, "--sign goes with --write FILE");
    if (app->argc == 0 && zq_settings_text(settings, ZQ_SET_KEY) != NULL)
        return zq_fail(err, ZQ_E_USAGE, "--key goes with the FILE of a certificate");
    return ZQ_OK;
}

zq_rc zq_cmd_verify(zq_app *app, zq_err *err)
{
    const char *path = zq_settings_text(app->settings, ZQ_SET_WRITE);
    verification v = {.app = app, .faults = {.arena = app->arena}};
    zq_rc rc;

    ZQ_TRY(check_words(app, err));
    if (app->argc > 0) {
        v.file = app->argv[0];
        ZQ_TRY(zq_certificate_file_read(v.file, zq_settings_text(app->settings, ZQ_SET_KEY),
                                        app->arena, &v.then, v.signer, err));
    }
    rc = zq_migration_open(app, &v.m, err);
    if (rc == ZQ_OK && path != NULL)
        rc = write_certificate(&v, path, err);
    else if (rc == ZQ_OK)
        rc = v.file != NULL ? hold_against_certificate(&v, err) : look_by_itself(&v, err);
    if (rc == ZQ_OK && path == NULL)
        rc = answer(&v, err);
    close_readers(&v);
    zq_migration_done(&v.m);
    return rc;
}
