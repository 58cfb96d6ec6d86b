#include "sql/read/statement.h"

#include <string.h>

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
