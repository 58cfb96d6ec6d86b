#include "rev/revision.h"

#include <string.h>

bool zq_revision_id_valid(const char *id)
{
    static const char *const targets[] = {ZQ_REVISION_BASE, "head", "heads", "current"};
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

    for (size_t i = 0; i < ZQ_LEN(targets); i++)
        if (strcmp(id, targets[i]) == 0)
            return false;
    return *id != '\0' && *id != '-' && strlen(id) <= ZQ_REVISION_ID_MAX &&
           id[strspn(id, allowed)] == '\0';
}

const char *zq_revision_revises(const zq_revision *revision)
{
    return revision->revises != NULL ? revision->revises : ZQ_REVISION_BASE;
}
