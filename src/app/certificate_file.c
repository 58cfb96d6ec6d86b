/* The document is
 *
 *     {"certificate": 1, "written": ..., ..., "forms": [["id", "name"]],
 *      "tables": {"zq_app_users": {"form": 0, "rows": 3, "sum": "...", "counter": 4}},
 *      "objects": [...], "grants": [...], "digest": "...", "signature": {"key": ..., "text": ...}}
 *
 * The digest is the SHA-256 of the document without "digest" and "signature", its keys sorted and
 * nothing between them: what an editor does to the layout does not count. The signature is one of
 * that digest. */
#include "app/certificate_file.h"

#include "app/settings/vault.h"
#include "app/show/json.h"
#include "base/file.h"
#include "base/phrase.h"
#include "base/secret.h"
#include "sql/flavor.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST = 256 << 20 };

/* ---- the document ---- */

static json_t *form_names(const zq_tally_form *form)
{
    json_t *list = json_array();

    for (size_t i = 0; i < form->n; i++)
        json_array_append_new(list, json_string(form->columns[i].name));
    return list;
}

static json_t *forms(const zq_tallies *tables)
{
    json_t *list = json_array();

    for (size_t i = 0; i < tables->n_forms; i++)
        json_array_append_new(list, form_names(tables->forms[i]));
    return list;
}

static size_t place_of(const zq_tallies *tables, const zq_tally_form *form)
{
    size_t i = 0;

    while (i < tables->n_forms && tables->forms[i] != form)
        i++;
    return i;
}

static json_t *tables(const zq_tallies *of)
{
    json_t *all = json_object();

    for (size_t i = 0; i < of->n; i++) {
        const zq_tally *t = &of->items[i];
        json_t *table = json_pack("{s:I, s:I, s:s}", "form", (json_int_t)place_of(of, t->form),
                                  "rows", (json_int_t)t->rows, "sum", t->sum);

        if (t->counter > 0)
            json_object_set_new(table, "counter", json_integer((json_int_t)t->counter));
        json_object_set_new(all, t->name, table);
    }
    return all;
}

static json_t *objects(const zq_inventory *things)
{
    json_t *list = json_array();

    for (size_t i = 0; i < things->n_objects; i++) {
        const zq_object *o = &things->objects[i];

        json_array_append_new(list, json_pack("{s:s, s:s, s:s?, s:s, s:s}", "kind", o->kind, "name",
                                              o->name, "definer", o->definer, "digest", o->digest,
                                              "columns", o->columns));
    }
    return list;
}

/* Null: the accounts could not be seen. */
static json_t *texts(const char *const *items, size_t n, bool seen)
{
    return seen ? zq_json_names(items, n) : json_null();
}

static json_t *document_of(const zq_certificate *c)
{
    bool seen = c->things.sees_accounts;

    return json_pack(
        "{s:i, s:s, s:s, s:{s:s, s:s}, s:s, s:s?, s:s?, s:s?, s:s?, s:o, s:o, s:o, s:s, s:o, "
        "s:o}",
        "certificate", ZQ_CERTIFICATE_VERSION, "written", c->written, "tool_version",
        c->tool_version, "server", "flavor", zq_flavor_name(c->flavor), "version",
        c->server_version, "database", c->database, "revision", c->revision, "schema_id",
        c->schema_id, "seeds_digest", c->seeds_digest, "position", c->position, "forms",
        forms(&c->tables), "tables", tables(&c->tables), "objects", objects(&c->things), "unseen",
        c->things.unseen, "grants", texts(c->things.grants, c->things.n_grants, seen),
        "missing_definers", texts(c->things.missing_definers, c->things.n_missing_definers, seen));
}

/* Fails when a name is not UTF-8, which no server sends. */
static zq_rc digest_of(const json_t *document, char out_hex[ZQ_DIGEST_HEX], zq_err *err)
{
    char *text = json_dumps(document, JSON_SORT_KEYS | JSON_COMPACT);

    if (text == NULL)
        return zq_fail(err, ZQ_E_DATA, "a certificate cannot be written as JSON");
    zq_digest_hex(text, strlen(text), out_hex);
    free(text);
    return ZQ_OK;
}

/* ---- keys ---- */

/* The 64 hexadecimal digits that a file holds, as 32 bytes. Who can read a key that signs can sign,
 * so such a file must be its owner's alone. */
static zq_rc read_key(const char *path, bool signs, unsigned char out[32], zq_err *err)
{
    ZQ_AUTO(zq_vault) vault = zq_vault_open();
    zq_file_facts facts;
    const char *text;
    size_t length = 0;

    ZQ_TRY(zq_vault_read_secret(vault, path, &text, &facts, err));
    if (signs)
        ZQ_TRY(zq_vault_refuse_open(path, &facts, N_("a key"), err));
    if (strlen(text) == 64 && sodium_hex2bin(out, 32, text, 64, NULL, &length, NULL) == 0 &&
        length == 32)
        return ZQ_OK;
    zq_fail(err, ZQ_E_CONFIG, "'%s' does not hold a key: 64 hexadecimal digits", path);
    return zq_err_hint(err, "make one with '(umask 077; openssl rand -hex 32 > %s)'", path);
}

static zq_rc read_public_key(const char *key, char out_hex[ZQ_PUBLIC_KEY_HEX], zq_err *err)
{
    unsigned char bytes[crypto_sign_PUBLICKEYBYTES];
    size_t length = 0;

    if (strlen(key) != 64 ||
        sodium_hex2bin(bytes, sizeof bytes, key, 64, NULL, &length, NULL) != 0 || length != 32)
        ZQ_TRY(read_key(key, false, bytes, err));
    sodium_bin2hex(out_hex, ZQ_PUBLIC_KEY_HEX, bytes, sizeof bytes);
    return ZQ_OK;
}

static zq_rc sign_document(json_t *document, const char *digest, const char *path,
                           char out_signer[ZQ_PUBLIC_KEY_HEX], zq_err *err)
{
    ZQ_AUTO(zq_secret) seed = zq_secret_new(NULL, crypto_sign_SEEDBYTES);
    ZQ_AUTO(zq_secret) secret = zq_secret_new(NULL, crypto_sign_SECRETKEYBYTES);
    unsigned char *key = (unsigned char *)zq_secret_text(secret);
    unsigned char public_key[crypto_sign_PUBLICKEYBYTES];
    unsigned char signature[crypto_sign_BYTES];
    char hex[2 * crypto_sign_BYTES + 1];

    ZQ_TRY(read_key(path, true, (unsigned char *)zq_secret_text(seed), err));
    crypto_sign_seed_keypair(public_key, key, (unsigned char *)zq_secret_text(seed));
    crypto_sign_detached(signature, NULL, (const unsigned char *)digest, strlen(digest), key);
    sodium_bin2hex(out_signer, ZQ_PUBLIC_KEY_HEX, public_key, sizeof public_key);
    sodium_bin2hex(hex, sizeof hex, signature, sizeof signature);
    json_object_set_new(document, "signature",
                        json_pack("{s:s, s:s}", "key", out_signer, "text", hex));
    return ZQ_OK;
}

static bool signature_holds(const char *digest, const char *key, const char *text)
{
    unsigned char public_key[crypto_sign_PUBLICKEYBYTES];
    unsigned char signature[crypto_sign_BYTES];
    size_t n = 0;

    return sodium_hex2bin(public_key, sizeof public_key, key, strlen(key), NULL, &n, NULL) == 0 &&
           n == sizeof public_key &&
           sodium_hex2bin(signature, sizeof signature, text, strlen(text), NULL, &n, NULL) == 0 &&
           n == sizeof signature &&
           crypto_sign_verify_detached(signature, (const unsigned char *)digest, strlen(digest),
                                       public_key) == 0;
}

/* ---- writing ---- */

static zq_rc write_file(const json_t *document, const char *path, zq_err *err)
{
    char *text = json_dumps(document, JSON_INDENT(1) | JSON_SORT_KEYS);
    ZQ_AUTO(zq_new_file) file = NULL;
    zq_rc rc;

    if (text == NULL)
        return zq_fail(err, ZQ_E_DATA, "a certificate cannot be written as JSON");
    rc = zq_new_file_write(path, text, strlen(text), 0644, &file, err);
    free(text);
    return rc == ZQ_OK ? zq_new_file_place(file, true, err) : rc;
}

zq_rc zq_certificate_file_try(const char *path, const char *sign, zq_err *err)
{
    ZQ_AUTO(zq_secret) seed = zq_secret_new(NULL, crypto_sign_SEEDBYTES);

    if (sign != NULL)
        ZQ_TRY(read_key(sign, true, (unsigned char *)zq_secret_text(seed), err));
    return zq_new_file_try(path, 1, 0644, err);
}

zq_rc zq_certificate_file_write(const zq_certificate *certificate, const char *path,
                                const char *sign, char out_signer[ZQ_PUBLIC_KEY_HEX], zq_err *err)
{
    json_t *document = document_of(certificate);
    char digest[ZQ_DIGEST_HEX];
    zq_rc rc = digest_of(document, digest, err);

    *out_signer = '\0';
    if (rc == ZQ_OK && sign != NULL)
        rc = sign_document(document, digest, sign, out_signer, err);
    if (rc == ZQ_OK) {
        json_object_set_new(document, "digest", json_string(digest));
        rc = write_file(document, path, err);
    }
    json_decref(document);
    return rc;
}

/* ---- reading ---- */

static const char *text_of(const json_t *value, zq_arena *arena)
{
    return json_is_string(value) ? zq_arena_strdup(arena, json_string_value(value)) : NULL;
}

static bool read_form(const json_t *list, zq_arena *arena, const zq_tally_form **out)
{
    zq_tally_form *form = ZQ_NEW(arena, zq_tally_form);
    zq_tally_column *columns = ZQ_NEW_ARRAY(arena, zq_tally_column, json_array_size(list) + 1);

    for (size_t i = 0; i < json_array_size(list); i++) {
        columns[i].name = text_of(json_array_get(list, i), arena);
        if (columns[i].name == NULL)
            return false;
    }
    *form = (zq_tally_form){columns, json_array_size(list)};
    *out = form;
    return json_is_array(list);
}

static bool read_forms(const json_t *list, zq_arena *arena, zq_tallies *out)
{
    size_t n = json_array_size(list);
    const zq_tally_form **items = ZQ_NEW_ARRAY(arena, const zq_tally_form *, n + 1);

    for (size_t i = 0; i < n; i++) {
        if (!read_form(json_array_get(list, i), arena, &items[i]))
            return false;
    }
    out->forms = items;
    out->n_forms = n;
    return json_is_array(list);
}

static bool read_table(const json_t *from, const zq_tallies *all, zq_tally *out)
{
    json_int_t form;
    json_int_t rows;
    json_int_t counter = 0;
    const char *sum;

    if (json_unpack((json_t *)from, "{s:I, s:I, s:s, s?I}", "form", &form, "rows", &rows, "sum",
                    &sum, "counter", &counter) != 0 ||
        form < 0 || (size_t)form > all->n_forms || rows < 0 || strlen(sum) >= sizeof out->sum)
        return false;
    /* One behind the last stands for a table that had no columns to read. */
    out->form = (size_t)form == all->n_forms ? NULL : all->forms[form];
    out->rows = (unsigned long long)rows;
    /* JSON's integers have a sign here: the greatest counters are written below 0. */
    out->counter = (unsigned long long)counter;
    memcpy(out->sum, sum, strlen(sum) + 1);
    return true;
}

static bool read_tables(const json_t *all, zq_arena *arena, zq_tallies *out)
{
    const char *name;
    json_t *table;

    out->items = ZQ_NEW_ARRAY(arena, zq_tally, json_object_size(all) + 1);
    json_object_foreach((json_t *)all, name, table)
    {
        zq_tally *t = &out->items[out->n++];

        t->name = zq_arena_strdup(arena, name);
        if (!read_table(table, out, t))
            return false;
    }
    zq_tally_sort(out);
    return json_is_object(all);
}

static bool read_object(const json_t *from, zq_arena *arena, zq_object *out)
{
    const char *kind;
    const char *name;
    const char *definer = NULL;
    const char *digest;
    const char *columns;

    if (json_unpack((json_t *)from, "{s:s, s:s, s?s, s:s, s:s}", "kind", &kind, "name", &name,
                    "definer", &definer, "digest", &digest, "columns", &columns) != 0 ||
        strlen(digest) >= sizeof out->digest || strlen(columns) >= sizeof out->columns)
        return false;
    out->kind = zq_arena_strdup(arena, kind);
    out->name = zq_arena_strdup(arena, name);
    out->definer = zq_arena_strdup(arena, definer);
    memcpy(out->digest, digest, strlen(digest) + 1);
    memcpy(out->columns, columns, strlen(columns) + 1);
    return true;
}

/* A list of texts; where there is none it is empty. */
static bool read_texts(const json_t *list, zq_arena *arena, const char *const **out, size_t *out_n)
{
    const char **items = ZQ_NEW_ARRAY(arena, const char *, json_array_size(list) + 1);

    *out = items;
    for (*out_n = 0; *out_n < json_array_size(list); ++*out_n) {
        items[*out_n] = text_of(json_array_get(list, *out_n), arena);
        if (items[*out_n] == NULL)
            return false;
    }
    return true;
}

static bool read_things(const json_t *document, zq_arena *arena, zq_inventory *out)
{
    const json_t *list = json_object_get(document, "objects");
    const json_t *granted = json_object_get(document, "grants");
    const json_t *missing = json_object_get(document, "missing_definers");
    zq_object *items = ZQ_NEW_ARRAY(arena, zq_object, json_array_size(list) + 1);

    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!read_object(json_array_get(list, i), arena, &items[i]))
            return false;
    }
    *out = (zq_inventory){.objects = items,
                          .n_objects = json_array_size(list),
                          .unseen = text_of(json_object_get(document, "unseen"), arena),
                          .sees_accounts = json_is_array(granted)};
    return json_is_array(list) && read_texts(granted, arena, &out->grants, &out->n_grants) &&
           read_texts(missing, arena, &out->missing_definers, &out->n_missing_definers);
}

static bool read_document(const json_t *d, zq_arena *arena, zq_certificate *out)
{
    const json_t *server = json_object_get(d, "server");
    const char *flavor = text_of(json_object_get(server, "flavor"), arena);

    *out = (zq_certificate){
        .written = text_of(json_object_get(d, "written"), arena),
        .tool_version = text_of(json_object_get(d, "tool_version"), arena),
        .server_version = text_of(json_object_get(server, "version"), arena),
        .database = text_of(json_object_get(d, "database"), arena),
        .revision = text_of(json_object_get(d, "revision"), arena),
        .schema_id = text_of(json_object_get(d, "schema_id"), arena),
        .seeds_digest = text_of(json_object_get(d, "seeds_digest"), arena),
        .position = text_of(json_object_get(d, "position"), arena),
    };
    if (flavor == NULL || out->written == NULL || out->tool_version == NULL ||
        out->server_version == NULL || out->database == NULL)
        return false;
    out->flavor = strcmp(flavor, zq_flavor_name(ZQ_MARIADB)) == 0 ? ZQ_MARIADB : ZQ_MYSQL;
    return read_forms(json_object_get(d, "forms"), arena, &out->tables) &&
           read_tables(json_object_get(d, "tables"), arena, &out->tables) &&
           read_things(d, arena, &out->things);
}

/* What does not fit the file that was written is not worth a second try. */
static zq_rc hint_at_copy(zq_err *err)
{
    return zq_err_hint(err, "take another copy of the certificate, from where the dump is kept");
}

static zq_rc fail_data(const char *path, zq_err *err, const char *what)
{
    zq_fail(err, ZQ_E_DATA, "%s: %s", path, zq_tr(what));
    return hint_at_copy(err);
}

static zq_rc check_version(const json_t *document, const char *path, zq_err *err)
{
    json_int_t version = json_integer_value(json_object_get(document, "certificate"));

    if (version == ZQ_CERTIFICATE_VERSION)
        return ZQ_OK;
    if (version < ZQ_CERTIFICATE_VERSION)
        return fail_data(path, err, N_("is not a certificate"));
    zq_fail(err, ZQ_E_DATA,
            "%s: is a certificate of version %lld, and this build knows those up to %d", path,
            (long long)version, ZQ_CERTIFICATE_VERSION);
    return zq_err_hint(err, "use the zquant-migrate that wrote it, or a newer one");
}

static zq_rc fail_signer(const char *path, const char *what, zq_err *err)
{
    zq_fail(err, ZQ_E_DATA, "%s: %s", path, zq_tr(what));
    return zq_err_hint(err,
                       "trust it only if you know who wrote it: then run this with that key, or "
                       "without --key");
}

/* Take what seals it out of the document, and hold the rest against that. */
static zq_rc check_seal(json_t *document, const char *path, const char *key, zq_arena *arena,
                        char out_signer[ZQ_PUBLIC_KEY_HEX], zq_err *err)
{
    const json_t *signature = json_object_get(document, "signature");
    const char *sealed = text_of(json_object_get(document, "digest"), arena);
    const char *signer = text_of(json_object_get(signature, "key"), arena);
    const char *text = text_of(json_object_get(signature, "text"), arena);
    char wanted[ZQ_PUBLIC_KEY_HEX] = "";
    char digest[ZQ_DIGEST_HEX];

    *out_signer = '\0';
    if (key != NULL)
        ZQ_TRY(read_public_key(key, wanted, err));
    json_object_del(document, "digest");
    json_object_del(document, "signature");
    ZQ_TRY(digest_of(document, digest, err));
    if (sealed == NULL || strcmp(sealed, digest) != 0)
        return fail_data(path, err, N_("is damaged: it is not what its digest says"));
    if (signer == NULL)
        return key == NULL ? ZQ_OK : fail_signer(path, N_("is not signed"), err);
    if (text == NULL || !signature_holds(digest, signer, text))
        return fail_data(path, err, N_("has a wrong signature"));
    if (key != NULL && strcmp(signer, wanted) != 0)
        return fail_signer(path, zq_tr_printf(arena, "is signed by another key: %s", signer), err);
    memcpy(out_signer, signer, ZQ_PUBLIC_KEY_HEX);
    return ZQ_OK;
}

static zq_rc load(const char *path, json_t **out, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    json_error_t error;
    zq_file file;

    ZQ_TRY(zq_file_read(path, LARGEST, ZQ_FILE_PLAIN, arena, &file, err));
    *out = json_loadb(file.text, file.length, JSON_REJECT_DUPLICATES, &error);
    if (*out != NULL)
        return ZQ_OK;
    zq_fail(err, ZQ_E_DATA, "%s:%d: is not a certificate: %s", path, error.line, error.text);
    return hint_at_copy(err);
}

zq_rc zq_certificate_file_read(const char *path, const char *key, zq_arena *arena,
                               zq_certificate *out, char out_signer[ZQ_PUBLIC_KEY_HEX], zq_err *err)
{
    json_t *document;
    zq_certificate read;
    zq_rc rc;

    ZQ_TRY(load(path, &document, err));
    rc = check_version(document, path, err);
    if (rc == ZQ_OK)
        rc = check_seal(document, path, key, arena, out_signer, err);
    if (rc == ZQ_OK && !read_document(document, arena, &read))
        rc = fail_data(path, err, N_("is damaged: something is missing in it"));
    json_decref(document);
    if (rc == ZQ_OK)
        *out = read;
    return rc;
}
