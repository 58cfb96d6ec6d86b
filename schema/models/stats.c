/* zq_stats_*: what was fetched and what is stored. */
#include "models.h"

/* Log of the calls that fetched data. */
static const zq_column apisync_columns[] = {
    {"id",               ZQ_BIGINT,       ZQ_NOT_NULL | ZQ_AUTO_INCREMENT, "日志ID"},
    {"data_source",      ZQ_VARCHAR(50),  0,                               "数据源"},
    {"api_interface",    ZQ_VARCHAR(100), 0,                               "API接口"},
    {"api_data_count",   ZQ_BIGINT,       0,                               "API接口数据条数"},
    {"table_name",       ZQ_VARCHAR(100), 0,                               "数据表名"},
    {"operation_type",   ZQ_VARCHAR(20),  0,                               "操作类型：insert, update, delete, sync等"},
    {"insert_count",     ZQ_BIGINT,       0,                               "插入记录数"},
    {"update_count",     ZQ_BIGINT,       0,                               "更新记录数"},
    {"delete_count",     ZQ_BIGINT,       0,                               "删除记录数"},
    {"operation_result", ZQ_VARCHAR(20),  0,                               "操作结果：success, failed, partial_success"},
    {"error_message",    ZQ_VARCHAR(500), 0,                               "错误信息"},
    {"start_time",       ZQ_DATETIME,     0,                               "开始时间"},
    {"end_time",         ZQ_DATETIME,     0,                               "结束时间"},
    {"duration_seconds", ZQ_FLOAT,        0,                               "耗时(秒)"},
    ZQ_AUDIT_COLUMNS,
};
static const zq_index apisync_indexes[] = {
    {"PRIMARY",                              ZQ_PRIMARY, ZQ_ON("id")},
    {"ix_zq_stats_apisync_id",               ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_stats_apisync_operation_result", ZQ_INDEX,   ZQ_ON("operation_result")},
    {"ix_zq_stats_apisync_operation_type",   ZQ_INDEX,   ZQ_ON("operation_type")},
    {"ix_zq_stats_apisync_start_time",       ZQ_INDEX,   ZQ_ON("start_time")},
    {"ix_zq_stats_apisync_table_name",       ZQ_INDEX,   ZQ_ON("table_name")},
};

/* How many rows each table had, day by day. */
static const zq_column statistics_columns[] = {
    {"stat_date",          ZQ_DATE,         ZQ_NOT_NULL, "统计日期"},
    {"table_name",         ZQ_VARCHAR(100), ZQ_NOT_NULL, "表名"},
    {"is_split_table",     ZQ_BOOL,         0,           "是否分表"},
    {"split_count",        ZQ_INT,          0,           "分表个数"},
    {"total_records",      ZQ_BIGINT,       0,           "总记录数"},
    {"daily_records",      ZQ_BIGINT,       0,           "日记录数"},
    {"daily_insert_count", ZQ_BIGINT,       0,           "日新增记录数"},
    {"daily_update_count", ZQ_BIGINT,       0,           "日更新记录数"},
    ZQ_AUDIT_COLUMNS,
};
static const zq_index statistics_indexes[] = {
    {"PRIMARY",                           ZQ_PRIMARY, ZQ_ON("stat_date", "table_name")},
    {"idx_table_statistics_date",         ZQ_INDEX,   ZQ_ON("stat_date")},
    {"idx_table_statistics_name",         ZQ_INDEX,   ZQ_ON("table_name")},
    {"ix_zq_stats_statistics_stat_date",  ZQ_INDEX,   ZQ_ON("stat_date")},
    {"ix_zq_stats_statistics_table_name", ZQ_INDEX,   ZQ_ON("table_name")},
    {"uq_table_statistics_date_name",     ZQ_UNIQUE,  ZQ_ON("stat_date", "table_name")},
};

const zq_table zq_model_stats_apisync    = ZQ_TABLE("zq_stats_apisync", apisync);
const zq_table zq_model_stats_statistics = ZQ_TABLE("zq_stats_statistics", statistics);
