#include "sql/read/statement.h"

#include <string.h>
#include <strings.h>

const zq_clause *zq_statement_clause(const zq_statement *statement, const char *verb)
{
    for (size_t i = 0; i < statement->n_clauses; i++)
        if (strcmp(statement->clauses[i].verb, verb) == 0)
            return &statement->clauses[i];
    return NULL;
}

bool zq_statement_is(const zq_statement *statement, const char *verb)
{
    return strcmp(statement->verb, verb) == 0;
}

const char *zq_statement_call(const zq_statement *s)
{
    for (size_t i = 0; i < s->n_calls; i++) {
        size_t m = 0;

        while (m < s->n_mentions && strcasecmp(s->mentions[m], s->calls[i]) != 0)
            m++;
        if (m == s->n_mentions)
            return s->calls[i];
    }
    return NULL;
}
