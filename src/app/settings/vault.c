#include "app/settings/vault.h"

#include "base/arena.h"
#include "base/language.h"

#include <stdarg.h>
#include <string.h>

/* A vault is such an arena, under a name that no other one is taken for. */
static zq_arena *arena_of(zq_vault *vault)
{
    return (zq_arena *)vault;
}

zq_vault *zq_vault_open(void)
{
    return (zq_vault *)zq_arena_open_secret();
}

void zq_vault_close(zq_vault *vault)
{
    zq_arena_close(arena_of(vault));
}

void *zq_vault_alloc(zq_vault *vault, size_t size)
{
    return zq_arena_alloc(arena_of(vault), size);
}

char *zq_vault_strndup(zq_vault *vault, const char *text, size_t length)
{
    return zq_arena_strndup(arena_of(vault), text, length);
}

char *zq_vault_strdup(zq_vault *vault, const char *text)
{
    return zq_arena_strdup(arena_of(vault), text);
}

char *zq_vault_printf(zq_vault *vault, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = zq_arena_vprintf(arena_of(vault), format, args);
    va_end(args);
    return text;
}

zq_rc zq_vault_read(zq_vault *vault, const char *path, size_t most, zq_file_kind kind,
                    zq_file *out_file, zq_err *err)
{
    return zq_file_read(path, most, kind, arena_of(vault), out_file, err);
}

zq_rc zq_vault_refuse_open(const char *path, const zq_file_facts *facts, const char *what,
                           zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *command;
    const char *exposure = zq_trust_exposure(path, facts, arena, &command);

    if (exposure == NULL)
        return ZQ_OK;
    zq_fail(err, ZQ_E_CONFIG, "'%s' holds %s, but %s", path, zq_tr(what), exposure);
    return zq_err_hint(err, "run: %s", command);
}

zq_rc zq_vault_read_secret(zq_vault *vault, const char *path, const char **out_text,
                           zq_file_facts *out_facts, zq_err *err)
{
    static const char bom[] = "\xEF\xBB\xBF";
    zq_file file;
    size_t length;
    zq_rc rc = ZQ_OK;

    ZQ_TRY(zq_vault_read(vault, path, ZQ_SECRET_MAX, ZQ_FILE_NAMED, &file, err));
    /* An editor's, which nobody could type at a login. */
    if (strncmp(file.text, bom, strlen(bom)) == 0) {
        file.text += strlen(bom);
        file.length -= strlen(bom);
    }
    length = file.length;
    if (length > 0 && file.text[length - 1] == '\n')
        length--;
    if (length > 0 && file.text[length - 1] == '\r')
        length--;
    file.text[length] = '\0';
    if (length == 0)
        rc = zq_fail(err, ZQ_E_CONFIG, "'%s' is empty, but should hold a secret", path);
    else if (strlen(file.text) != length)
        rc = zq_fail(err, ZQ_E_CONFIG, "'%s' holds a NUL byte", path);
    else if (strpbrk(file.text, "\r\n") != NULL)
        rc = zq_fail(err, ZQ_E_CONFIG, "'%s' has more than one line", path);
    if (rc != ZQ_OK) {
        zq_err_hint(err, "let the file hold the secret alone, on one line");
        return rc;
    }
    *out_text = file.text;
    if (out_facts != NULL)
        *out_facts = file.facts;
    return ZQ_OK;
}
