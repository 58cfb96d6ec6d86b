#include "migrate/history.h"

zq_history_entry zq_revision_history(const zq_chain *chain, size_t position, const char *operation,
                                     const char *tool_version)
{
    const zq_revision *at = zq_chain_at(chain, position);
    zq_history_entry entry = {
        .revision = "",
        .operation = operation,
        .tool_version = tool_version,
        .duration_ms = -1,
    };

    if (at == NULL)
        return entry;
    entry.revision = at->id;
    entry.release_name = at->release;
    entry.title = at->title;
    entry.checksum = at->checksum;
    entry.schema_id = at->schema_id;
    return entry;
}
