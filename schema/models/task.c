/* zq_task_*: the scheduler. */
#include "models.h"

/* What runs when. */
static const zq_column scheduled_tasks_columns[] = {
    {"id",               ZQ_INT,          ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"name",             ZQ_VARCHAR(100), ZQ_NOT_NULL},
    {"job_id",           ZQ_VARCHAR(100), ZQ_NOT_NULL},
    {"task_type",        ZQ_VARCHAR(50),  ZQ_NOT_NULL},
    {"cron_expression",  ZQ_VARCHAR(100), 0},
    {"interval_seconds", ZQ_INT,          0},
    {"enabled",          ZQ_BOOL,         ZQ_NOT_NULL},
    {"paused",           ZQ_BOOL,         ZQ_NOT_NULL},
    {"description",      ZQ_TEXT,         0},
    {"config_json",      ZQ_TEXT,         0},
    {"max_retries",      ZQ_INT,          ZQ_NOT_NULL},
    {"retry_interval",   ZQ_INT,          ZQ_NOT_NULL},
    ZQ_AUDIT_COLUMNS_WERE("created_at", "updated_at"),
};
static const zq_index scheduled_tasks_indexes[] = {
    {"PRIMARY",                              ZQ_PRIMARY, ZQ_ON("id")},
    {"ix_zq_task_scheduled_tasks_enabled",   ZQ_INDEX,   ZQ_ON("enabled")},
    {"ix_zq_task_scheduled_tasks_id",        ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_task_scheduled_tasks_job_id",    ZQ_UNIQUE,  ZQ_ON("job_id")},
    {"ix_zq_task_scheduled_tasks_name",      ZQ_UNIQUE,  ZQ_ON("name")},
    {"ix_zq_task_scheduled_tasks_paused",    ZQ_INDEX,   ZQ_ON("paused")},
    {"ix_zq_task_scheduled_tasks_task_type", ZQ_INDEX,   ZQ_ON("task_type")},
};

/* Each run, with its progress. */
static const zq_column task_executions_columns[] = {
    {"id",                  ZQ_INT,          ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"task_id",             ZQ_INT,          ZQ_NOT_NULL},
    {"status",              ZQ_VARCHAR(20),  ZQ_NOT_NULL},
    {"start_time",          ZQ_DATETIME,     ZQ_NOT_NULL},
    {"end_time",            ZQ_DATETIME,     0},
    {"duration_seconds",    ZQ_INT,          0},
    {"result_json",         ZQ_TEXT,         0},
    {"error_message",       ZQ_TEXT,         0},
    {"retry_count",         ZQ_INT,          ZQ_NOT_NULL},
    {"progress_percent",    ZQ_FLOAT,        ZQ_NOT_NULL},
    {"current_item",        ZQ_VARCHAR(255), 0},
    {"total_items",         ZQ_INT,          ZQ_NOT_NULL},
    {"processed_items",     ZQ_INT,          ZQ_NOT_NULL},
    {"estimated_end_time",  ZQ_DATETIME,     0},
    {"is_paused",           ZQ_BOOL,         ZQ_NOT_NULL},
    {"terminate_requested", ZQ_BOOL,         ZQ_NOT_NULL},
    ZQ_AUDIT_COLUMNS_WERE("created_at", NULL),
};
static const zq_index task_executions_indexes[] = {
    {"PRIMARY",                               ZQ_PRIMARY, ZQ_ON("id")},
    {"ix_zq_task_task_executions_id",         ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_task_task_executions_start_time", ZQ_INDEX,   ZQ_ON("start_time")},
    {"ix_zq_task_task_executions_status",     ZQ_INDEX,   ZQ_ON("status")},
    {"ix_zq_task_task_executions_task_id",    ZQ_INDEX,   ZQ_ON("task_id")},
};

const zq_table zq_model_task_scheduled_tasks = ZQ_TABLE("zq_task_scheduled_tasks", scheduled_tasks);
const zq_table zq_model_task_task_executions = ZQ_TABLE("zq_task_task_executions", task_executions);
