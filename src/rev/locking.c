#include "rev/locking.h"

#include "sql/token.h"

/* "ALGORITHM = COPY", "LOCK=EXCLUSIVE". */
static bool asks_to_lock(const zq_rev_statement *s)
{
    static const char *const words[] = {"COPY", "SHARED", "EXCLUSIVE"};
    zq_scanner scanner = {.text = s->text, .length = s->length, .line = 1};
    bool option = false;

    if (!s->is.has_algorithm && !s->is.has_lock)
        return false;
    for (;;) {
        zq_token token = zq_scan_code(&scanner);

        if (token.kind == ZQ_TOKEN_END || token.kind == ZQ_TOKEN_BROKEN)
            return false;
        for (size_t i = 0; option && i < ZQ_LEN(words); i++) {
            if (zq_token_is(&token, words[i]))
                return true;
        }
        option = zq_token_is(&token, "ALGORITHM") || zq_token_is(&token, "LOCK") ||
                 (option && zq_token_is_sign(&token, '='));
    }
}

zq_rc zq_path_locking(const zq_path *path, bool allowed, zq_err *err)
{
    for (size_t i = 0; !allowed && i < path->n; i++) {
        for (size_t k = 0; k < path->legs[i].section->n; k++) {
            const zq_rev_statement *s = &path->legs[i].section->statements[k];

            if (!asks_to_lock(s))
                continue;
            zq_fail(err, ZQ_E_USAGE, "%s:%u: copies '%s', or blocks writes to it",
                    path->legs[i].revision->file, s->line,
                    s->block == ZQ_BLOCK_FAMILY ? s->family
                    : s->is.n_tables > 0        ? s->is.tables[0]
                                                : "a table");
            zq_err_hint(err, "choose a quiet time, then say --allow-locking");
            return ZQ_E_USAGE;
        }
    }
    return ZQ_OK;
}
