#include "seed/password.h"

#include "base/buf.h"
#include "base/composed.h"
#include "base/language.h"
#include "base/text.h"
#include "base/utf8.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define SPECIAL "!@#$%^&*()_+-=[]{}|;:,.<>?"

static const struct {
    const char *one_of;
    const char *words;
} rule[] = {
    {UPPER, N_("an upper-case letter")},
    {LOWER, N_("a lower-case letter")},
    {DIGITS, N_("a digit")},
    {SPECIAL, N_("one of %s")},
};

zq_rc zq_password_check(const char *password, zq_err *err)
{
    char missing[256] = "";
    unsigned code;
    size_t n;

    if (!zq_utf8_valid(password, strlen(password)))
        return zq_fail(err, ZQ_E_DATA, "the password is not UTF-8");
    if (!zq_text_is_plain(password, strlen(password)))
        return zq_fail(err, ZQ_E_DATA,
                       "the password has a control character or one that is not seen");
    if (!zq_composed_text(password, &code)) {
        zq_fail(err, ZQ_E_DATA,
                "the password has U+%04X, which keyboards and systems spell in more than one way",
                code);
        return zq_err_hint(
            err, "what is typed at a login may be spelled otherwise, and be refused: leave "
                 "it out, or write the password in Unicode's form NFC");
    }
    n = zq_utf8_count(password);
    if (n < ZQ_PASSWORD_MIN)
        return zq_fail(err, ZQ_E_DATA, "the password has %zu characters, and needs at least %d", n,
                       ZQ_PASSWORD_MIN);
    if (n > ZQ_PASSWORD_MAX)
        return zq_fail(err, ZQ_E_DATA, "the password has %zu characters, and may have at most %d",
                       n, ZQ_PASSWORD_MAX);
    for (size_t i = 0; i < ZQ_LEN(rule); i++) {
        size_t used = strlen(missing);

        if (strpbrk(password, rule[i].one_of) != NULL)
            continue;
        if (used > 0)
            used += (size_t)snprintf(missing + used, sizeof missing - used, "%s", zq_tr(N_(", ")));
        snprintf(missing + used, sizeof missing - used, zq_tr(rule[i].words), SPECIAL);
    }
    if (missing[0] != '\0')
        return zq_fail(err, ZQ_E_DATA, "the password lacks %s", missing);
    return ZQ_OK;
}

/* Letters and digits that cannot be taken for one another. */
static const char alphabet[] = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
enum { GROUPS = 4, GROUP = 6 }; /* 24 characters of 56: 139 bits */

zq_secret *zq_password_make(void)
{
    zq_secret *secret = zq_secret_new(NULL, GROUPS * GROUP + GROUPS - 1);
    char *text = zq_secret_text(secret);

    do {
        for (size_t i = 0; i < zq_secret_length(secret); i++)
            text[i] = i % (GROUP + 1) == GROUP
                          ? '_'
                          : alphabet[randombytes_uniform((uint32_t)sizeof alphabet - 1)];
    } while (zq_password_check(text, NULL) != ZQ_OK);
    return secret;
}
