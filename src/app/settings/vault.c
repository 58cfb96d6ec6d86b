#include "app/settings/vault.h"

#include "base/arena.h"

#include <sodium.h>
#include <stdalign.h>
#include <stdarg.h>
#include <string.h>

enum { CHUNK_SIZE = 16 * 1024 };

typedef struct chunk {
    struct chunk *next;
    size_t size;
    size_t used;
    alignas(max_align_t) char bytes[];
} chunk;

struct zq_vault {
    chunk *chunks; /* the newest first */
};

zq_vault *zq_vault_open(void)
{
    zq_vault *vault = sodium_malloc(sizeof *vault);

    if (vault == NULL)
        zq_out_of_memory(sizeof *vault);
    vault->chunks = NULL;
    return vault;
}

void zq_vault_close(zq_vault *vault)
{
    chunk *next;

    for (chunk *c = vault->chunks; c != NULL; c = next) {
        next = c->next;
        sodium_free(c);
    }
    sodium_free(vault);
}

void *zq_vault_alloc(zq_vault *vault, size_t size)
{
    chunk *c = vault->chunks;
    void *memory;

    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (c == NULL || c->size - c->used < size) {
        size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;

        c = sodium_malloc(sizeof *c + room);
        if (c == NULL)
            zq_out_of_memory(room);
        *c = (chunk){.next = vault->chunks, .size = room};
        vault->chunks = c;
    }
    memory = c->bytes + c->used;
    c->used += size;
    memset(memory, 0, size);
    return memory;
}

char *zq_vault_strndup(zq_vault *vault, const char *text, size_t length)
{
    char *copy = zq_vault_alloc(vault, length + 1);

    memcpy(copy, text, length);
    return copy;
}

char *zq_vault_strdup(zq_vault *vault, const char *text)
{
    return text == NULL ? NULL : zq_vault_strndup(vault, text, strlen(text));
}

char *zq_vault_printf(zq_vault *vault, const char *format, ...)
{
    va_list args;
    int length;
    char *text;

    va_start(args, format);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        length = 0;
    text = zq_vault_alloc(vault, (size_t)length + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}

static void *alloc_in_vault(void *owner, size_t size)
{
    return zq_vault_alloc(owner, size);
}

zq_rc zq_vault_read(zq_vault *vault, const char *path, size_t most, zq_file_kind kind,
                    zq_file *out_file, zq_err *err)
{
    return zq_file_read(path, most, kind, alloc_in_vault, vault, out_file, err);
}

zq_rc zq_vault_refuse_open(const char *path, const zq_file_facts *facts, const char *what,
                           zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *command;
    const char *exposure = zq_file_exposure(path, facts, arena, &command);

    if (exposure == NULL)
        return ZQ_OK;
    zq_fail(err, ZQ_E_CONFIG, "'%s' holds %s, but %s", path, what, exposure);
    return zq_err_hint(err, "run: %s", command);
}

zq_rc zq_vault_read_secret(zq_vault *vault, const char *path, const char **out_text,
                           zq_file_facts *out_facts, zq_err *err)
{
    static const char bom[] = "\xEF\xBB\xBF";
    zq_file file;
    size_t length;

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
        return zq_fail(err, ZQ_E_CONFIG, "'%s' is empty, but should hold a secret", path);
    if (strlen(file.text) != length)
        return zq_fail(err, ZQ_E_CONFIG, "'%s' holds a NUL byte", path);
    if (strpbrk(file.text, "\r\n") != NULL)
        return zq_fail(err, ZQ_E_CONFIG, "'%s' has more than one line", path);
    *out_text = file.text;
    if (out_facts != NULL)
        *out_facts = file.facts;
    return ZQ_OK;
}
