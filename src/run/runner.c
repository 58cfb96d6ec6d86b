#include "run/runner.h"

#include "base/text.h"
#include "sql/sql.h"

#include <stdlib.h>

zq_rc zq_run_steps(const zq_steps *steps, const zq_sink *sink, zq_err *err)
{
    size_t first = 0;

    while (first < steps->n) {
        size_t end = first + 1;

        while (end < steps->n && steps->items[end].stage == steps->items[first].stage)
            end++;
        ZQ_TRY(sink->run(sink->context, steps->items + first, end - first, err));
        first = end;
    }
    return ZQ_OK;
}

/* ---- a file ---- */

static zq_rc script_run(void *context, const zq_step *steps, size_t n, zq_err *err)
{
    zq_buf *script = context;
    bool unchecked = !steps[0].changes_rows && !steps[0].in_order;
    ZQ_AUTO_SQL(sql);

    if (steps[0].changes_rows)
        zq_sql_lit(&sql, "START TRANSACTION;\n");
    else if (unchecked)
        zq_sql_lit(&sql, "SET SESSION foreign_key_checks = 0;\n");
    for (size_t i = 0; i < n; i++) {
        if (steps[i].say != NULL)
            zq_comment(&sql.text, "%s", steps[i].say);
        zq_sql_expand(&sql, steps[i].text, steps[i].args, steps[i].n_args);
        zq_sql_lit(&sql, ";\n");
    }
    if (steps[0].changes_rows)
        zq_sql_lit(&sql, "COMMIT;\n");
    else if (unchecked)
        zq_sql_lit(&sql, "SET SESSION foreign_key_checks = 1;\n");
    zq_sql_lit(&sql, "\n");
    return zq_sql_append(&sql, script, err);
}

zq_sink zq_sink_script_of(zq_buf *script)
{
    return (zq_sink){.run = script_run, .context = script};
}
