/* .env files made of the pieces that ${NAME} is made of, one for each byte, so that most of them
 * expand something: what comes out is never more than the file and what its references may stand
 * for. */
#include "app/settings/dotenv.h"
#include "base/buf.h"
#include "fuzz_vault.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static zq_rc count_item(void *context, const zq_dotenv_item *item, zq_err *err)
{
    size_t *total = context;

    (void)err;
    *total += item->value == NULL ? 0 : strlen(item->value);
    return ZQ_OK;
}

static void write_file(zq_buf *out, const uint8_t *data, size_t size)
{
    static const char *const pieces[] = {
        "A=",      "B=",         "\n",
        "${A}",    "${B}",       "${",
        "}",       ":-",         ":",
        "$",       "A",          "0123456789abcdef",
        "\"",      "'",          "\\",
        " #",      "export ",    "\n\"",
        "${HOME}", "${A:-${B}}", "\nA=${A}${A}\n",
    };

    for (size_t i = 0; i < size; i++)
        zq_buf_str(out, pieces[data[i] % ZQ_LEN(pieces)]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const environment[] = {"HOME=/home/me", "A=a", NULL};
    ZQ_AUTO_BUF(text);
    zq_vault *vault = zq_fuzz_vault();
    zq_err err = {0};
    size_t total = 0;

    write_file(&text, data, size);
    if (zq_dotenv_parse(".env", zq_buf_text(&text), text.length, environment, vault, count_item,
                        &total, &err) != ZQ_OK &&
        strncmp(err.message, ".env:", 5) != 0)
        abort();
    if (total > text.length + ZQ_DOTENV_ADDED_MAX)
        abort();
    return 0;
}
