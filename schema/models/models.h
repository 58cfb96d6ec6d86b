/* What the files of this folder share: the audit columns, and how a table is put together. */
#ifndef ZQ_SCHEMA_MODELS_H
#define ZQ_SCHEMA_MODELS_H

#include "base/err.h"
#include "model/schema.h"

/* Every table of the application ends in these four; the application fills them in. What the times
 * were called in 0.2.0 stays said, so that whatever compares with it finds a rename. */
#define ZQ_AUDIT_COLUMNS_WERE(created, updated)                                                    \
    {"created_by",   ZQ_VARCHAR(50), 0,           "创建人"},                                       \
    {"created_time", ZQ_DATETIME,    ZQ_NOT_NULL, "创建时间", .was = (created)},                   \
    {"updated_by",   ZQ_VARCHAR(50), 0,           "修改人"},                                       \
    {"updated_time", ZQ_DATETIME,    ZQ_NOT_NULL, "修改时间", .was = (updated)}
#define ZQ_AUDIT_COLUMNS ZQ_AUDIT_COLUMNS_WERE(NULL, NULL)

/* A table from the arrays <stem>_columns, <stem>_indexes and, in the second form, <stem>_keys. */
#define ZQ_TABLE(table_name, stem)                                                                 \
    {                                                                                              \
        .name = (table_name), .columns = stem##_columns, .n_columns = ZQ_LEN(stem##_columns),      \
        .indexes = stem##_indexes, .n_indexes = ZQ_LEN(stem##_indexes)                             \
    }
#define ZQ_TABLE_KEYS(table_name, stem)                                                            \
    {                                                                                              \
        .name = (table_name), .columns = stem##_columns, .n_columns = ZQ_LEN(stem##_columns),      \
        .indexes = stem##_indexes, .n_indexes = ZQ_LEN(stem##_indexes),                            \
        .foreign_keys = stem##_keys, .n_foreign_keys = ZQ_LEN(stem##_keys)                         \
    }
/* A family to whose members the application adds columns of its own. */
#define ZQ_TABLE_OPEN(table_name, stem)                                                            \
    {                                                                                              \
        .name = (table_name), .columns = stem##_columns, .n_columns = ZQ_LEN(stem##_columns),      \
        .indexes = stem##_indexes, .n_indexes = ZQ_LEN(stem##_indexes), .open = true               \
    }

/* Every table, in the order of the data dictionary; nothing depends on it. */
/* clang-format off */
#define ZQ_MODELS(model) \
    model(app_users) model(app_roles) model(app_permissions) model(app_role_permissions) \
    model(app_apikeys) model(app_configs) model(app_notifications) \
    model(backtest_strategies) model(backtest_tasks) model(backtest_results) \
    model(data_tustock_stockbasic) model(data_tustock_tradecal) model(data_tustock_daily) \
    model(data_tustock_daily_basic) model(data_tustock_factor) model(data_tustock_stkfactorpro) \
    model(data_fundamentals) model(data_hsl_choice) \
    model(quant_factor_definitions) model(quant_factor_models) model(quant_factor_configs) \
    model(quant_factor_spacex) model(quant_stock_filter_strategy) model(quant_stock_filter_result) \
    model(quant_favorite) model(quant_position) \
    model(stats_apisync) model(stats_statistics) \
    model(task_scheduled_tasks) model(task_task_executions) \
    model(meta_history) model(meta_journal) model(meta_lease) model(meta_seeds)
/* clang-format on */

#define ZQ_MODEL_DECLARED(stem) extern const zq_table zq_model_##stem;
ZQ_MODELS(ZQ_MODEL_DECLARED)

#endif
