#include "app/admin_secret.h"

#include "app/rerun.h"
#include "app/settings/prompt.h"
#include "app/settings/vault.h"
#include "app/show/output.h"
#include "app/show/terminal.h"
#include "base/file.h"
#include "base/language.h"
#include "base/secret.h"
#include "base/text.h"
#include "seed/hash.h"
#include "seed/password.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_HEX = 2 * crypto_box_PUBLICKEYBYTES, SHOWN_MAX = 512 };

/* A password's file is on the disk before the password is in use. Until it is known to be, the file
 * has the sticky bit, which means nothing on a file (chmod(2)) and which nobody sets by hand: that
 * tells what a killed run has left from a password that somebody needs. */
enum { UNSETTLED = 01600, SETTLED = 0600 };

struct zq_admin_secret {
    zq_hash_job *job; /* NULL once the hash is there */
    char hash[ZQ_HASH_MAX];
    zq_secret *random; /* NULL: the password was given */
    zq_secret *shown;  /* what is shown or written: the random one, or that sealed */
    bool sealed;
    const char *file; /* where it goes; NULL: nowhere */
    bool replaces;    /* that file is one that a killed run has left */
    bool written;     /* it is there, and ours */
    const zq_rbac *now;
    bool guessed; /* argon2id was chosen, and no user's hash shows that the application knows it */
};

static const zq_setting sources[] = {ZQ_SET_ADMIN_PASSWORD_HASH, ZQ_SET_ADMIN_PASSWORD_HASH_FILE,
                                     ZQ_SET_ADMIN_PASSWORD_FILE, ZQ_SET_ADMIN_PASSWORD};

const char *zq_admin_secret_given(const zq_app *app)
{
    for (size_t i = 0; i < ZQ_LEN(sources); i++) {
        const char *text = zq_settings_text(app->settings, sources[i]);

        if (text != NULL)
            return zq_settings_source(app->settings, sources[i]);
    }
    return NULL;
}

static const char *text_shown(const char *text, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    zq_text_show(&out, text, strlen(text));
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

/* ---- the file of a random password ---- */

/* What base/file.h said of it, in words of ours. */
static zq_rc cannot_write(const char *path, zq_err *err)
{
    const zq_err said = *err;

    zq_fail(err, ZQ_E_IO, "cannot write the administrator's password to '%s'", path);
    if (said.hint[0] != '\0')
        zq_err_hint(err, "%s", said.hint);
    return zq_err_detail(err, "%s", said.detail);
}

static bool is_unsettled(const struct stat *about)
{
    return S_ISREG(about->st_mode) && about->st_uid == geteuid() &&
           (about->st_mode & 07777U) == UNSETTLED;
}

/* Whether the file can only be one that a killed run has left: ours, never settled, and of the very
 * length of what would be written now. */
static bool is_left_over(const char *path, size_t length)
{
    struct stat about;

    return lstat(path, &about) == 0 && is_unsettled(&about) && about.st_size == (off_t)length + 1;
}

/* From now on it is never replaced. When that cannot be had, the password is still in it. */
static void settle(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat about;

    if (fd < 0)
        return;
    if (fstat(fd, &about) == 0 && is_unsettled(&about))
        fchmod(fd, SETTLED);
    close(fd);
}

/* Before anything is changed, although the file is written only later. */
static zq_rc check_password_file(zq_admin_secret *secret, bool resume, zq_err *err)
{
    struct stat about;

    secret->replaces = resume && is_left_over(secret->file, zq_secret_length(secret->shown));
    if (secret->replaces || lstat(secret->file, &about) != 0) {
        if (zq_new_file_try(secret->file, zq_secret_length(secret->shown) + 1, UNSETTLED, err) !=
            ZQ_OK)
            return cannot_write(secret->file, err);
        return ZQ_OK;
    }
    zq_fail(err, ZQ_E_CONFIG, "'%s' is there already, and a password goes only to a new file",
            secret->file);
    return zq_err_hint(err, "name another file by '--admin-password-out', or remove this one");
}

/* The name appears once the bytes are on the disk, and never in place of another file. */
static zq_rc write_password_file(const zq_admin_secret *secret, zq_err *err)
{
    const size_t length = zq_secret_length(secret->shown);
    ZQ_AUTO(zq_secret) line = zq_secret_new(NULL, length + 1);
    ZQ_AUTO(zq_new_file) file = NULL;

    memcpy(zq_secret_text(line), zq_secret_text(secret->shown), length);
    zq_secret_text(line)[length] = '\n';
    if (zq_new_file_write(secret->file, zq_secret_text(line), length + 1, UNSETTLED, &file, err) !=
            ZQ_OK ||
        zq_new_file_place(file, secret->replaces, err) != ZQ_OK)
        return cannot_write(secret->file, err);
    return ZQ_OK;
}

/* ---- sealing ---- */

static zq_rc parse_key(const char *text, unsigned char out_key[crypto_box_PUBLICKEYBYTES],
                       zq_err *err)
{
    const char *end = NULL;
    size_t length = 0;
    int bad = strlen(text) == KEY_HEX
                  ? sodium_hex2bin(out_key, crypto_box_PUBLICKEYBYTES, text, strlen(text), NULL,
                                   &length, &end)
                  : sodium_base642bin(out_key, crypto_box_PUBLICKEYBYTES, text, strlen(text), NULL,
                                      &length, &end, sodium_base64_VARIANT_ORIGINAL);

    if (bad == 0 && length == crypto_box_PUBLICKEYBYTES && *end == '\0')
        return ZQ_OK;
    zq_fail(err, ZQ_E_CONFIG, "the sealing key is not an X25519 public key");
    return zq_err_hint(err, "it is an X25519 public key of 32 bytes, in base64 or in hexadecimal");
}

static zq_rc seal(const char *key_text, zq_secret *password, zq_secret **out_sealed, zq_err *err)
{
    unsigned char key[crypto_box_PUBLICKEYBYTES];
    unsigned char box[SHOWN_MAX];
    size_t length = zq_secret_length(password) + crypto_box_SEALBYTES;
    size_t size = sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL);

    ZQ_TRY(parse_key(key_text, key, err));
    if (crypto_box_seal(box, (const unsigned char *)zq_secret_text(password),
                        zq_secret_length(password), key) != 0)
        return zq_fail(err, ZQ_E_CONFIG, "the key to seal the password with is a weak one");
    *out_sealed = zq_secret_new(NULL, size - 1);
    sodium_bin2base64(zq_secret_text(*out_sealed), size, box, length,
                      sodium_base64_VARIANT_ORIGINAL);
    return ZQ_OK;
}

/* ---- the sources ---- */

static zq_rc take_hash(zq_app *app, zq_admin_secret *secret, bool *out_found, zq_err *err)
{
    const char *hash;

    ZQ_TRY(zq_settings_secret(app->settings, ZQ_SET_ADMIN_PASSWORD_HASH, &hash, err));
    *out_found = hash != NULL;
    if (!*out_found)
        return ZQ_OK;
    ZQ_TRY(zq_hash_check(hash, err));
    if (zq_hash_weak(hash) != NULL)
        zq_warn("the administrator's password hash is cheap to guess at: %s",
                zq_tr(zq_hash_weak(hash)));
    snprintf(secret->hash, sizeof secret->hash, "%s", hash);
    return ZQ_OK;
}

static zq_rc check_given(const char *password, const char *source, zq_err *err)
{
    zq_rc rc = zq_password_check(password, err);

    if (rc != ZQ_OK) {
        zq_err_detail(err, "from %s", source);
        if (err->hint[0] == '\0')
            zq_err_hint(
                err,
                "choose another of 8 to 128 characters with upper and lower case, a digit and a "
                "special one, or give none: then a random one is made");
    }
    return rc;
}

/* What the application made itself, it can check. Where both kinds are, it has known bcrypt at one
 * time and has not forgotten it: an application that moves on goes on checking what it has. */
static zq_hash_kind choose_kind(const zq_app *app, zq_admin_secret *secret)
{
    /* "auto", then the kinds in their order. */
    const int wanted = zq_settings_choice(app->settings, ZQ_SET_ADMIN_HASH);

    if (wanted > 0)
        return (zq_hash_kind)(wanted - 1);
    secret->guessed = !secret->now->has_bcrypt;
    return secret->now->has_bcrypt ? ZQ_HASH_BCRYPT : ZQ_HASH_ARGON2ID;
}

static zq_rc begin_hash(zq_app *app, zq_admin_secret *secret, const char *password, zq_err *err)
{
    return zq_hash_begin(choose_kind(app, secret), password, &secret->job, err);
}

static zq_rc take_given(zq_app *app, zq_admin_secret *secret, bool *out_found, zq_err *err)
{
    const char *password;

    ZQ_TRY(zq_settings_secret(app->settings, ZQ_SET_ADMIN_PASSWORD, &password, err));
    *out_found = password != NULL;
    if (!*out_found)
        return ZQ_OK;
    ZQ_TRY(check_given(password, zq_admin_secret_given(app), err));
    return begin_hash(app, secret, password, err);
}

zq_rc zq_admin_secret_ask(zq_app *app, zq_secret **out_typed, zq_err *err)
{
    ZQ_AUTO(zq_vault) vault = zq_vault_open();
    const char *password;

    *out_typed = NULL;
    if (!zq_settings_flag(app->settings, ZQ_SET_ADMIN_PASSWORD_PROMPT) ||
        zq_admin_secret_given(app) != NULL)
        return ZQ_OK;
    ZQ_TRY(zq_prompt_secret(
        vault,
        zq_arena_printf(
            app->arena, "Password of '%s'",
            text_shown(zq_settings_text(app->settings, ZQ_SET_ADMIN_USERNAME), app->arena)),
        true, &password, err));
    ZQ_TRY(check_given(password, "the terminal", err));
    *out_typed = zq_secret_new(password, strlen(password));
    return ZQ_OK;
}

/* Standard error that was closed, before a password is made that nobody would ever see. */
static zq_rc check_can_show(zq_err *err)
{
    int mode = fcntl(STDERR_FILENO, F_GETFL);

    if (mode >= 0 && (mode & O_ACCMODE) != O_RDONLY)
        return ZQ_OK;
    zq_fail(err, ZQ_E_IO, "a random password cannot be shown: standard error is closed");
    return zq_err_hint(err, "write it to a file by '--admin-password-out'");
}

static zq_rc make_random(zq_app *app, bool resume, zq_admin_secret *secret, zq_err *err)
{
    const char *key = zq_settings_text(app->settings, ZQ_SET_ADMIN_PASSWORD_SEAL);
    const char *file = zq_settings_text(app->settings, ZQ_SET_ADMIN_PASSWORD_OUT);

    if (file == NULL)
        ZQ_TRY(check_can_show(err));
    secret->random = zq_password_make();
    secret->sealed = key != NULL;
    if (secret->sealed)
        ZQ_TRY(seal(key, secret->random, &secret->shown, err));
    else
        secret->shown =
            zq_secret_new(zq_secret_text(secret->random), zq_secret_length(secret->random));
    ZQ_TRY(begin_hash(app, secret, zq_secret_text(secret->random), err));
    if (file == NULL)
        return ZQ_OK;
    secret->file = file;
    return check_password_file(secret, resume, err);
}

static zq_rc begin(zq_app *app, zq_secret *typed, bool resume, zq_admin_secret *secret, zq_err *err)
{
    ZQ_AUTO(zq_secret) late = NULL;
    bool found;

    ZQ_TRY(take_hash(app, secret, &found, err));
    if (found)
        return ZQ_OK;
    ZQ_TRY(take_given(app, secret, &found, err));
    if (found)
        return ZQ_OK;
    if (typed == NULL) {
        ZQ_TRY(zq_admin_secret_ask(app, &late, err));
        typed = late;
    }
    if (typed != NULL)
        return begin_hash(app, secret, zq_secret_text(typed), err);
    return make_random(app, resume, secret, err);
}

zq_rc zq_admin_secret_begin(zq_app *app, zq_secret *typed, bool resume, const zq_rbac *now,
                            zq_admin_secret **out, zq_err *err)
{
    zq_admin_secret *secret = ZQ_NEW(app->arena, zq_admin_secret);
    zq_rc rc;

    secret->now = now;

    if (sodium_init() < 0)
        return zq_fail(err, ZQ_E_MEMORY, "libsodium cannot start");
    rc = begin(app, typed, resume, secret, err);
    if (rc != ZQ_OK)
        zq_admin_secret_close(secret);
    else
        *out = secret;
    return rc;
}

zq_rc zq_admin_secret_hash(zq_admin_secret *secret, const char **out_hash, zq_err *err)
{
    if (secret->job != NULL) {
        zq_hash_job *job = secret->job;

        secret->job = NULL;
        ZQ_TRY(zq_hash_end(job, secret->hash, err));
        if (secret->file != NULL)
            ZQ_TRY(write_password_file(secret, err));
        secret->written = secret->file != NULL;
    }
    *out_hash = secret->hash;
    return ZQ_OK;
}

/* A text as it stands within a JSON string; in `arena`. */
static const char *json_escaped(const char *text, zq_arena *arena)
{
    json_t *string = json_string(text);
    char *quoted = string == NULL ? NULL : json_dumps(string, JSON_ENCODE_ANY);
    const char *inner = "";
    ZQ_AUTO_BUF(out);

    if (quoted != NULL) {
        zq_text_show_json(&out, quoted);
        inner = zq_arena_strndup(arena, zq_buf_text(&out) + 1, out.length - 2);
    }
    free(quoted);
    json_decref(string);
    return inner;
}

/* The line goes out by one write: no buffer of stdio ever holds it. */
zq_rc zq_admin_secret_show_other(const zq_app *app, const char *whose, const char *name,
                                 zq_secret *secret, zq_err *err)
{
    static const char text[] = N_("%s: the %s '%s', shown only now: %s");
    static const char json[] = "{\"level\":\"info\",\"program\":\"%s\",\"message\":\"the %s "
                               "'%s', shown only now: %s\"}";
    ZQ_AUTO(zq_secret) line = zq_secret_new(NULL, SHOWN_MAX);
    const zq_output *output = zq_output_get();
    const char *shown =
        output->json ? json_escaped(name, app->arena) : text_shown(name, app->arena);
    int length = snprintf(zq_secret_text(line), SHOWN_MAX, output->json ? json : zq_tr(text),
                          output->program, zq_tr(whose), shown, zq_secret_text(secret));

    zq_terminal_erase();
    if (length > 0 && length < SHOWN_MAX) {
        zq_secret_text(line)[length++] = '\n';
        if (write(STDERR_FILENO, zq_secret_text(line), (size_t)length) == length)
            return ZQ_OK;
    }
    return zq_fail(err, ZQ_E_IO, "the %s '%s' could not be shown", zq_tr(whose), name);
}

static zq_rc show_random(const zq_app *app, zq_admin_secret *secret, const char *username,
                         zq_err *err)
{
    if (secret->random == NULL)
        return ZQ_OK;
    if (secret->file != NULL) {
        settle(secret->file);
        zq_say(secret->sealed ? N_("the sealed password of '%s' is in '%s'")
                              : N_("the password of '%s' is in '%s'"),
               username, secret->file);
        return ZQ_OK;
    }
    if (zq_admin_secret_show_other(app,
                                   secret->sealed ? N_("sealed password of") : N_("password of"),
                                   username, secret->shown, err) == ZQ_OK)
        return ZQ_OK;
    zq_err_hint(err, "set another by 'zquant-init admin reset-password'");
    return ZQ_E_IO;
}

zq_rc zq_admin_secret_show(const zq_app *app, zq_admin_secret *secret, const char *username,
                           zq_err *err)
{
    ZQ_TRY(show_random(app, secret, username, err));
    if (secret->guessed)
        zq_say("that password is hashed by argon2id, which the application must accept (passlib: "
               "schemes=[\"argon2\", \"bcrypt\"]); for one that knows bcrypt only, as published, "
               "run '%s'",
               zq_rerun_other(app, zq_arena_printf(app->arena,
                                                   "zquant-init admin reset-password "
                                                   "%s --admin-hash bcrypt",
                                                   zq_rerun_word(username, app->arena))));
    return ZQ_OK;
}

void zq_admin_secret_drop(const zq_admin_secret *secret)
{
    if (secret->written)
        unlink(secret->file);
}

void zq_admin_secret_keep(const zq_app *app)
{
    const char *file = zq_settings_text(app->settings, ZQ_SET_ADMIN_PASSWORD_OUT);

    if (file != NULL)
        settle(file);
}

void zq_admin_secret_close(zq_admin_secret *secret)
{
    if (secret == NULL)
        return;
    if (secret->job != NULL)
        zq_hash_end(secret->job, NULL, NULL);
    secret->job = NULL;
    if (secret->random != NULL)
        zq_secret_close(secret->random);
    if (secret->shown != NULL)
        zq_secret_close(secret->shown);
    secret->random = NULL;
    secret->shown = NULL;
    sodium_memzero(secret->hash, sizeof secret->hash);
}
