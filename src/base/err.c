#include "base/err.h"

#include "base/language.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int status;
    const char *words;
} rc_table[] = {
#define ZQ_RC_ROW(code, status, words) {#code, status, words},
    ZQ_RC_LIST(ZQ_RC_ROW)
#undef ZQ_RC_ROW
};

/* A text that did not fit ends in "..." and never in half a UTF-8 character. */
static void end_cut_text(char *text, size_t size)
{
    size_t end = size - sizeof "...";

    while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80)
        end--;
    memcpy(text + end, "...", sizeof "...");
}

/* What is not UTF-8, such as a name from outside or a character that a precision cut in two,
 * becomes
 * '?': errors are printed, and go into JSON. */
static void clean_text(char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        size_t n = zq_utf8_length(text, left);

        if (n == 0) {
            *text = '?';
            n = 1;
        }
        text += n;
        left -= n;
    }
}

/* In the language at hand; "%s" alone stands for words that were chosen from a table. */
static void print_into(char *text, size_t size, const char *format, va_list args)
{
    int length;

    if (strcmp(format, "%s") == 0)
        length = snprintf(text, size, "%s", zq_tr(va_arg(args, const char *)));
    else
        length = vsnprintf(text, size, zq_tr(format), args);

    if (length < 0)
        text[0] = '\0';
    else if ((size_t)length >= size)
        end_cut_text(text, size);
    clean_text(text);
}

/* What is said to nobody. */
static zq_err *or_scratch(zq_err *err)
{
    static _Thread_local zq_err scratch;

    return err != NULL ? err : &scratch;
}

/* Of the function that it stands in. */
#define PRINT_INTO(text, format)                      \
    do {                                              \
        va_list args_;                                \
        va_start(args_, format);                      \
        print_into(text, sizeof text, format, args_); \
        va_end(args_);                                \
    } while (0)

zq_rc zq_fail(zq_err *err, zq_rc code, const char *format, ...)
{
    err = or_scratch(err);
    *err = (zq_err){.code = code};
    PRINT_INTO(err->message, format);
    return code;
}

zq_rc zq_fail_errno(zq_err *err, zq_rc code, const char *format, ...)
{
    const int error = errno;

    err = or_scratch(err);
    *err = (zq_err){.code = code};
    PRINT_INTO(err->message, format);
    if (code == ZQ_E_IO && (error == EACCES || error == EPERM || error == EROFS))
        zq_err_hint(err, "see that this user may write there, or name another place, then run it "
                         "again");
    if (code == ZQ_E_IO && (error == ENOENT || error == ENOTDIR))
        zq_err_hint(err, "make its folder, or name another place, then run it again");
    return zq_err_detail(err, "%s", strerror(error));
}

zq_rc zq_err_detail(zq_err *err, const char *format, ...)
{
    err = or_scratch(err);
    PRINT_INTO(err->detail, format);
    return err->code;
}

zq_rc zq_err_hint(zq_err *err, const char *format, ...)
{
    err = or_scratch(err);
    PRINT_INTO(err->hint, format);
    return err->code;
}

zq_rc zq_err_give(zq_err *err, const zq_err *from)
{
    if (err != NULL)
        *err = *from;
    return from->code;
}

zq_rc zq_err_prefix(zq_err *err, const char *format, ...)
{
    char before[sizeof err->message];
    char after[sizeof err->message];
    size_t used;

    err = or_scratch(err);
    PRINT_INTO(before, format);
    memcpy(after, err->message, sizeof after);
    used = strlen(before);
    memcpy(err->message, before, used + 1);
    if (used + strlen(after) < sizeof err->message) {
        memcpy(err->message + used, after, strlen(after) + 1);
    } else {
        memcpy(err->message + used, after, sizeof err->message - used - 1);
        end_cut_text(err->message, sizeof err->message);
    }
    return err->code;
}

const char *zq_rc_name(zq_rc code)
{
    return rc_table[code].name;
}

const char *zq_rc_words(zq_rc code)
{
    return rc_table[code].words;
}

int zq_rc_exit_status(zq_rc code)
{
    return rc_table[code].status;
}
