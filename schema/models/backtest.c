/* zq_backtest_*: strategies, their runs over past data, and what came out. */
#include "models.h"

/* The code of a strategy, an account's own or a template. */
static const zq_column strategies_columns[] = {
    {"id",            ZQ_INT,          ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"user_id",       ZQ_INT,          ZQ_NOT_NULL},
    {"name",          ZQ_VARCHAR(100), ZQ_NOT_NULL},
    {"description",   ZQ_TEXT,         0},
    {"category",      ZQ_VARCHAR(50),  0},
    {"code",          ZQ_TEXT,         ZQ_NOT_NULL},
    {"params_schema", ZQ_TEXT,         0},
    {"is_template",   ZQ_BOOL,         ZQ_NOT_NULL},
    ZQ_AUDIT_COLUMNS_WERE("created_at", "updated_at"),
};
static const zq_index strategies_indexes[] = {
    {"PRIMARY",                               ZQ_PRIMARY, ZQ_ON("id")},
    {"ix_zq_backtest_strategies_category",    ZQ_INDEX,   ZQ_ON("category")},
    {"ix_zq_backtest_strategies_id",          ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_backtest_strategies_is_template", ZQ_INDEX,   ZQ_ON("is_template")},
    {"ix_zq_backtest_strategies_name",        ZQ_INDEX,   ZQ_ON("name")},
    {"ix_zq_backtest_strategies_user_id",     ZQ_INDEX,   ZQ_ON("user_id")},
};
static const zq_foreign_key strategies_keys[] = {
    {"zq_backtest_strategies_ibfk_1", ZQ_COLS("user_id"), "zq_app_users", ZQ_COLS("id")},
};

/* One run of a strategy, with its code as it was then. */
#define TASK_STATUS ZQ_ENUM("PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED")
static const zq_column tasks_columns[] = {
    {"id",            ZQ_INT,          ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"user_id",       ZQ_INT,          ZQ_NOT_NULL},
    {"strategy_id",   ZQ_INT,          0},
    {"strategy_code", ZQ_TEXT,         ZQ_NOT_NULL},
    {"strategy_name", ZQ_VARCHAR(100), 0},
    {"config_json",   ZQ_TEXT,         ZQ_NOT_NULL},
    {"status",        TASK_STATUS,     ZQ_NOT_NULL},
    {"error_message", ZQ_TEXT,         0},
    {"started_at",    ZQ_DATETIME,     0},
    {"completed_at",  ZQ_DATETIME,     0},
    ZQ_AUDIT_COLUMNS_WERE("created_at", "updated_at"),
};
static const zq_index tasks_indexes[] = {
    {"PRIMARY",                          ZQ_PRIMARY, ZQ_ON("id")},
    {"ix_zq_backtest_tasks_id",          ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_backtest_tasks_status",      ZQ_INDEX,   ZQ_ON("status")},
    {"ix_zq_backtest_tasks_strategy_id", ZQ_INDEX,   ZQ_ON("strategy_id")},
    {"ix_zq_backtest_tasks_user_id",     ZQ_INDEX,   ZQ_ON("user_id")},
};
static const zq_foreign_key tasks_keys[] = {
    {"zq_backtest_tasks_ibfk_1", ZQ_COLS("user_id"),     "zq_app_users",           ZQ_COLS("id")},
    {"zq_backtest_tasks_ibfk_2", ZQ_COLS("strategy_id"), "zq_backtest_strategies", ZQ_COLS("id")},
};

/* The figures of a run, one row for each. */
static const zq_column results_columns[] = {
    {"id",                ZQ_INT,    ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"task_id",           ZQ_INT,    ZQ_NOT_NULL},
    {"total_return",      ZQ_DOUBLE, 0},
    {"annual_return",     ZQ_DOUBLE, 0},
    {"max_drawdown",      ZQ_DOUBLE, 0},
    {"sharpe_ratio",      ZQ_DOUBLE, 0},
    {"win_rate",          ZQ_DOUBLE, 0},
    {"profit_loss_ratio", ZQ_DOUBLE, 0},
    {"alpha",             ZQ_DOUBLE, 0},
    {"beta",              ZQ_DOUBLE, 0},
    {"metrics_json",      ZQ_TEXT,   0},
    {"trades_json",       ZQ_TEXT,   0},
    {"portfolio_json",    ZQ_TEXT,   0},
    ZQ_AUDIT_COLUMNS_WERE("created_at", NULL),
};
static const zq_index results_indexes[] = {
    {"PRIMARY",                        ZQ_PRIMARY, ZQ_ON("id")},
    {"ix_zq_backtest_results_id",      ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_backtest_results_task_id", ZQ_UNIQUE,  ZQ_ON("task_id")},
};
static const zq_foreign_key results_keys[] = {
    {"zq_backtest_results_ibfk_1", ZQ_COLS("task_id"), "zq_backtest_tasks", ZQ_COLS("id")},
};

const zq_table zq_model_backtest_strategies = ZQ_TABLE_KEYS("zq_backtest_strategies", strategies);
const zq_table zq_model_backtest_tasks      = ZQ_TABLE_KEYS("zq_backtest_tasks", tasks);
const zq_table zq_model_backtest_results    = ZQ_TABLE_KEYS("zq_backtest_results", results);
