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

extern const zq_table zq_model_app_users;
extern const zq_table zq_model_app_roles;
extern const zq_table zq_model_app_permissions;
extern const zq_table zq_model_app_role_permissions;
extern const zq_table zq_model_app_apikeys;
extern const zq_table zq_model_app_configs;
extern const zq_table zq_model_app_notifications;

extern const zq_table zq_model_backtest_strategies;
extern const zq_table zq_model_backtest_tasks;
extern const zq_table zq_model_backtest_results;

extern const zq_table zq_model_data_tustock_stockbasic;
extern const zq_table zq_model_data_tustock_tradecal;
extern const zq_table zq_model_data_tustock_daily;
extern const zq_table zq_model_data_tustock_daily_basic;
extern const zq_table zq_model_data_tustock_factor;
extern const zq_table zq_model_data_tustock_stkfactorpro;
extern const zq_table zq_model_data_fundamentals;
extern const zq_table zq_model_data_hsl_choice;

extern const zq_table zq_model_quant_factor_definitions;
extern const zq_table zq_model_quant_factor_models;
extern const zq_table zq_model_quant_factor_configs;
extern const zq_table zq_model_quant_factor_spacex;
extern const zq_table zq_model_quant_stock_filter_strategy;
extern const zq_table zq_model_quant_stock_filter_result;
extern const zq_table zq_model_quant_favorite;
extern const zq_table zq_model_quant_position;

extern const zq_table zq_model_stats_apisync;
extern const zq_table zq_model_stats_statistics;

extern const zq_table zq_model_task_scheduled_tasks;
extern const zq_table zq_model_task_task_executions;

extern const zq_table zq_model_meta_history;
extern const zq_table zq_model_meta_journal;
extern const zq_table zq_model_meta_lease;
extern const zq_table zq_model_meta_seeds;

#endif
