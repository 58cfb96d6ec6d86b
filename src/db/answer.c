/* One place stands between a server and all that reads its rows.
 *
 * Each run says what its statements answer with (zq_answer): so many results, so many columns, so
 * many rows, and where a NULL or something that is not a number may stand. All else is one error,
 * and what reads a row need not ask again. Bytes that are passed on are counted, since a caller may
 * keep them; what is dropped costs no memory and may be any length. */
#include "db/answer.h"

#include "base/language.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct zq_row {
    size_t n;
    const char *const *values;
    const size_t *lengths;
};

const char *zq_row_text(const zq_row *row, size_t column)
{
    return column < row->n ? row->values[column] : NULL;
}

size_t zq_row_length(const zq_row *row, size_t column)
{
    return zq_row_text(row, column) == NULL ? 0 : row->lengths[column];
}

static const zq_answer *answer_of(const zq_answer_check *check)
{
    return &check->answers->items[check->item];
}

static size_t times_of(const zq_answer *answer)
{
    return answer->times == 0 ? 1 : answer->times;
}

static size_t statements_of(const zq_answers *answers)
{
    size_t n = 0;

    for (size_t i = 0; i < answers->n; i++)
        n += times_of(&answers->items[i]);
    return n;
}

static zq_rc fail_answer(zq_err *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static zq_rc fail_answer(zq_err *err, const char *format, ...)
{
    char what[120];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof what, zq_tr(format), args);
    va_end(args);
    zq_fail(err, ZQ_E_ANSWER, "the server answered something else");
    zq_err_detail(err, "%s", what);
    return zq_err_hint(
        err, "see what listens at this address: a MySQL or MariaDB server does not answer "
             "like that");
}

/* The last result that began has ended. */
static zq_rc end_result(const zq_answer_check *check, zq_err *err)
{
    if (check->n_results > 0 && answer_of(check)->rows == ZQ_ONE_ROW && check->n_rows == 0)
        return fail_answer(err, "statement %zu: no row instead of one", check->n_results);
    return ZQ_OK;
}

static zq_rc check_columns(const zq_answer_check *check, size_t n, zq_err *err)
{
    const char *columns = answer_of(check)->columns;
    const size_t wanted = columns == NULL ? 0 : strcspn(columns, "+");

    if (columns == NULL || n == wanted || (n > wanted && columns[wanted] == '+'))
        return ZQ_OK;
    return fail_answer(err, "statement %zu: columns: %zu instead of %zu", check->n_results, n,
                       wanted);
}

static zq_rc begin_result(zq_answer_check *check, size_t n, zq_err *err)
{
    ZQ_TRY(end_result(check, err));
    if (check->n_results > 0 && ++check->time >= times_of(answer_of(check))) {
        check->item++;
        check->time = 0;
    }
    check->n_results++;
    check->n_rows = 0;
    if (check->item < check->answers->n)
        return check_columns(check, n, err);
    return fail_answer(err, "more than %zu answers", check->n_results - 1);
}

static bool is_whole_number(const char *text, size_t length)
{
    const size_t sign = length > 0 && text[0] == '-';

    return length > sign && length <= sign + 20 &&
           strspn(text + sign, "0123456789") == length - sign;
}

static zq_rc check_values(const zq_answer_check *check, size_t n, const char *const *values,
                          const size_t *lengths, zq_err *err)
{
    const char *columns = answer_of(check)->columns;

    for (size_t i = 0; i < n; i++) {
        if (values[i] == NULL && (columns[i] == 't' || columns[i] == 'i'))
            return fail_answer(err, "statement %zu: column %zu is NULL", check->n_results, i + 1);
        if (values[i] != NULL && (columns[i] == 'i' || columns[i] == 'I') &&
            !is_whole_number(values[i], lengths[i]))
            return fail_answer(err, "statement %zu: column %zu is not a whole number",
                               check->n_results, i + 1);
    }
    return ZQ_OK;
}

static zq_rc count_bytes(zq_answer_check *check, size_t n, const char *const *values,
                         const size_t *lengths, zq_err *err)
{
    for (size_t i = 0; i < n; i++)
        check->bytes += (values[i] == NULL ? 0 : lengths[i]) + sizeof values[i];
    if (check->bytes <= check->max_bytes)
        return ZQ_OK;
    fail_answer(err, "statement %zu: more than %zu MiB of rows", check->n_results,
                check->max_bytes >> 20);
    zq_err_hint(err, "if the database is that large, allow more with --max-result");
    return ZQ_E_ANSWER;
}

static zq_rc take_row(zq_answer_check *check, size_t statement, const zq_row *row, zq_err *err)
{
    if (check->n_rows++ > 0 && answer_of(check)->rows != ZQ_ANY_ROWS)
        return fail_answer(err, "statement %zu: more than one row", check->n_results);
    ZQ_TRY(check_values(check, row->n, row->values, row->lengths, err));
    ZQ_TRY(count_bytes(check, row->n, row->values, row->lengths, err));
    return check->answers->take(check->answers->context, statement, row, err);
}

zq_rc zq_answer_take(void *context, size_t statement, size_t n, const char *const *values,
                     const size_t *lengths, zq_err *err)
{
    zq_answer_check *check = context;
    const char *columns;

    if (check->answers == NULL)
        return ZQ_OK;
    if (values == NULL) {
        ZQ_TRY(begin_result(check, n, err));
        if (check->answers->answered != NULL)
            check->answers->answered(check->answers->context, statement);
        return ZQ_OK;
    }
    columns = answer_of(check)->columns;
    if (columns == NULL || check->answers->take == NULL)
        return ZQ_OK;
    return take_row(check, statement, &(zq_row){strcspn(columns, "+"), values, lengths}, err);
}

zq_rc zq_answer_end(const zq_answer_check *check, size_t n_whole, bool all, zq_err *err)
{
    if (check->answers == NULL || check->n_results > n_whole)
        return ZQ_OK;
    ZQ_TRY(end_result(check, err));
    if (!all || check->n_results == statements_of(check->answers))
        return ZQ_OK;
    return fail_answer(err, "answers: %zu instead of %zu", check->n_results,
                       statements_of(check->answers));
}
