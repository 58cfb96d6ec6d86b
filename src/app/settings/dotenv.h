/* .env files as python-dotenv reads them, which is how the application reads them. */
#ifndef ZQ_APP_SETTINGS_DOTENV_H
#define ZQ_APP_SETTINGS_DOTENV_H

#include "app/settings/vault.h"
#include "base/err.h"

#include <stddef.h>

/* Bytes that all ${NAME} of a file may stand for. */
enum { ZQ_DOTENV_ADDED_MAX = 1024 * 1024 };

typedef struct zq_dotenv_item {
    unsigned line; /* from 1: where the key stands */
    const char *key;
    const char *value; /* NULL for a key without '=' */
} zq_dotenv_item;

typedef zq_rc zq_dotenv_fn(void *context, const zq_dotenv_item *item, zq_err *err);

/* Call `on_item` for each key, in the order of the file; what it returns other than ZQ_OK ends the
 * walk. Items are in `vault`, `file` is for messages.
 *
 * The grammar is python-dotenv's (src/dotenv/parser.py and variables.py):
 * "export ", keys in single quotes, values in single or double quotes over several lines with their
 * escapes, " #" comments, a byte order mark, Unicode white space, ${NAME} and ${NAME:-default} from
 * the lines before and then from `environment` ("NAME=value", ending in NULL; may be NULL itself).
 *
 * Time and memory grow with `length` alone: the file is refused when its ${NAME} stand for more
 * than ZQ_DOTENV_ADDED_MAX bytes.
 *
 * Where python-dotenv warns and goes on, because it cannot read a line, this fails with
 * ZQ_E_CONFIG, file and line: what stands there could have been meant for us. No message shows a
 * value. */
zq_rc zq_dotenv_parse(const char *file, const char *text, size_t length,
                      const char *const *environment, zq_vault *vault, zq_dotenv_fn *on_item,
                      void *context, zq_err *err);

#endif
