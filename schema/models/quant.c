/* zq_quant_*: factors, the stock filter, favourites and positions.
 *
 * A name with {code} in it is a family, see data.c. */
#include "models.h"

/* The factors that can be computed. */
static const zq_column factor_definitions_columns[] = {
    {"id",          ZQ_INT,          ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"factor_name", ZQ_VARCHAR(100), ZQ_NOT_NULL, "因子名称（唯一标识）"},
    {"cn_name",     ZQ_VARCHAR(100), ZQ_NOT_NULL, "中文简称"},
    {"en_name",     ZQ_VARCHAR(100), 0,           "英文简称"},
    {"column_name", ZQ_VARCHAR(100), ZQ_NOT_NULL, "因子表数据列名"},
    {"description", ZQ_TEXT,         0,           "因子详细描述"},
    {"factor_type", ZQ_VARCHAR(20),  0,           "因子类型：单因子、组合因子"},
    {"enabled",     ZQ_BOOL,         ZQ_NOT_NULL, "是否启用"},
    ZQ_AUDIT_COLUMNS_WERE("created_at", "updated_at"),
};
static const zq_index factor_definitions_indexes[] = {
    {"PRIMARY",                                    ZQ_PRIMARY, ZQ_ON("id")},
    {"idx_enabled",                                ZQ_INDEX,   ZQ_ON("enabled")},
    {"idx_factor_name",                            ZQ_INDEX,   ZQ_ON("factor_name")},
    {"idx_factor_type",                            ZQ_INDEX,   ZQ_ON("factor_type")},
    {"ix_zq_quant_factor_definitions_enabled",     ZQ_INDEX,   ZQ_ON("enabled")},
    {"ix_zq_quant_factor_definitions_factor_name", ZQ_UNIQUE,  ZQ_ON("factor_name")},
    {"ix_zq_quant_factor_definitions_factor_type", ZQ_INDEX,   ZQ_ON("factor_type")},
    {"ix_zq_quant_factor_definitions_id",          ZQ_INDEX,   ZQ_ON("id")},
};

/* The ways to compute a factor. */
static const zq_column factor_models_columns[] = {
    {"id",          ZQ_INT,          ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"factor_id",   ZQ_INT,          ZQ_NOT_NULL, "因子ID"},
    {"model_name",  ZQ_VARCHAR(100), ZQ_NOT_NULL, "模型名称"},
    {"model_code",  ZQ_VARCHAR(50),  ZQ_NOT_NULL, "模型代码（用于识别计算器类型）"},
    {"config_json", ZQ_TEXT,         0,           "模型配置（JSON格式）"},
    {"is_default",  ZQ_BOOL,         ZQ_NOT_NULL, "是否默认算法"},
    {"enabled",     ZQ_BOOL,         ZQ_NOT_NULL, "是否启用"},
    ZQ_AUDIT_COLUMNS_WERE("created_at", "updated_at"),
};
static const zq_index factor_models_indexes[] = {
    {"PRIMARY",                              ZQ_PRIMARY, ZQ_ON("id")},
    {"idx_enabled",                          ZQ_INDEX,   ZQ_ON("enabled")},
    {"idx_factor_id",                        ZQ_INDEX,   ZQ_ON("factor_id")},
    {"idx_is_default",                       ZQ_INDEX,   ZQ_ON("is_default")},
    {"idx_model_code",                       ZQ_INDEX,   ZQ_ON("model_code")},
    {"ix_zq_quant_factor_models_enabled",    ZQ_INDEX,   ZQ_ON("enabled")},
    {"ix_zq_quant_factor_models_factor_id",  ZQ_INDEX,   ZQ_ON("factor_id")},
    {"ix_zq_quant_factor_models_id",         ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_quant_factor_models_is_default", ZQ_INDEX,   ZQ_ON("is_default")},
};
static const zq_foreign_key factor_models_keys[] = {
    {"zq_quant_factor_models_ibfk_1", ZQ_COLS("factor_id"), "zq_quant_factor_definitions", ZQ_COLS("id")},
};

/* Which way is taken for which stocks. */
static const zq_column factor_configs_columns[] = {
    {"factor_id",   ZQ_INT,  ZQ_NOT_NULL, "因子ID（主键）"},
    {"config_json", ZQ_TEXT, 0,           "因子配置（JSON格式）：{\"enabled\": true, \"mappings\": [{\"model_id\": 1, \"codes\": [...]}]}"},
    {"enabled",     ZQ_BOOL, ZQ_NOT_NULL, "是否启用"},
    ZQ_AUDIT_COLUMNS_WERE("created_at", "updated_at"),
};
static const zq_index factor_configs_indexes[] = {
    {"PRIMARY",                              ZQ_PRIMARY, ZQ_ON("factor_id")},
    {"idx_enabled",                          ZQ_INDEX,   ZQ_ON("enabled")},
    {"idx_factor_id",                        ZQ_INDEX,   ZQ_ON("factor_id")},
    {"ix_zq_quant_factor_configs_enabled",   ZQ_INDEX,   ZQ_ON("enabled")},
    {"ix_zq_quant_factor_configs_factor_id", ZQ_INDEX,   ZQ_ON("factor_id")},
};
static const zq_foreign_key factor_configs_keys[] = {
    {"zq_quant_factor_configs_ibfk_1", ZQ_COLS("factor_id"), "zq_quant_factor_definitions", ZQ_COLS("id")},
};

/* Family: computed factors of one stock, a row for each trading day. It is open: the application adds
 * a column for each factor that it computes, a nullable double or int, and not the same to each. */
static const zq_column factor_spacex_columns[] = {
    {"id",         ZQ_INT,         ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"ts_code",    ZQ_VARCHAR(10), ZQ_NOT_NULL, "TS代码，如：000001.SZ"},
    {"trade_date", ZQ_DATE,        ZQ_NOT_NULL, "交易日期"},
    ZQ_AUDIT_COLUMNS,
};
static const zq_index factor_spacex_indexes[] = {
    {"PRIMARY",                              ZQ_PRIMARY, ZQ_ON("id")},
    {"uq_spacex_factor_{code}_ts_code_date", ZQ_UNIQUE,  ZQ_ON("ts_code", "trade_date")},
};

/* An account's stock filters. */
static const zq_column stock_filter_strategy_columns[] = {
    {"id",                ZQ_INT,          ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"user_id",           ZQ_INT,          ZQ_NOT_NULL, "用户ID"},
    {"name",              ZQ_VARCHAR(100), ZQ_NOT_NULL, "策略名称"},
    {"description",       ZQ_VARCHAR(500), 0,           "策略描述"},
    {"filter_conditions", ZQ_TEXT,         0,           "筛选条件（JSON格式）"},
    {"selected_columns",  ZQ_TEXT,         0,           "选中的列（JSON数组）"},
    {"sort_config",       ZQ_TEXT,         0,           "排序配置（JSON格式，支持多列）"},
    ZQ_AUDIT_COLUMNS,
};
static const zq_index stock_filter_strategy_indexes[] = {
    {"PRIMARY",                                   ZQ_PRIMARY, ZQ_ON("id")},
    {"idx_stock_filter_strategy_user_id",         ZQ_INDEX,   ZQ_ON("user_id")},
    {"ix_zq_quant_stock_filter_strategy_id",      ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_quant_stock_filter_strategy_user_id", ZQ_INDEX,   ZQ_ON("user_id")},
    {"uq_stock_filter_strategy_user_name",        ZQ_UNIQUE,  ZQ_ON("user_id", "name")},
};
static const zq_foreign_key stock_filter_strategy_keys[] = {
    {"zq_quant_stock_filter_strategy_ibfk_1", ZQ_COLS("user_id"), "zq_app_users", ZQ_COLS("id")},
};

/* What a filter found, with the figures of that day. */
static const zq_column stock_filter_result_columns[] = {
    {"id",                      ZQ_INT,          ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"trade_date",              ZQ_DATE,         ZQ_NOT_NULL, "交易日期"},
    {"ts_code",                 ZQ_VARCHAR(20),  ZQ_NOT_NULL, "TS代码"},
    {"strategy_id",             ZQ_INT,          ZQ_NOT_NULL, "策略ID"},
    {"strategy_name",           ZQ_VARCHAR(100), ZQ_NOT_NULL, "策略名称"},
    {"ma5_tr",                  ZQ_DOUBLE,       0,           "5日均换手率"},
    {"ma10_tr",                 ZQ_DOUBLE,       0,           "10日均换手率"},
    {"ma20_tr",                 ZQ_DOUBLE,       0,           "20日均换手率"},
    {"ma30_tr",                 ZQ_DOUBLE,       0,           "30日均换手率"},
    {"ma60_tr",                 ZQ_DOUBLE,       0,           "60日均换手率"},
    {"ma90_tr",                 ZQ_DOUBLE,       0,           "90日均换手率"},
    {"theday_turnover_volume",  ZQ_DOUBLE,       0,           "当日成交额(相对于250日均)"},
    {"total5_turnover_volume",  ZQ_DOUBLE,       0,           "5日累计成交额(相对于250日均)"},
    {"total10_turnover_volume", ZQ_DOUBLE,       0,           "10日累计成交额(相对于250日均)"},
    {"total20_turnover_volume", ZQ_DOUBLE,       0,           "20日累计成交额(相对于250日均)"},
    {"total30_turnover_volume", ZQ_DOUBLE,       0,           "30日累计成交额(相对于250日均)"},
    {"total60_turnover_volume", ZQ_DOUBLE,       0,           "60日累计成交额(相对于250日均)"},
    {"total90_turnover_volume", ZQ_DOUBLE,       0,           "90日累计成交额(相对于250日均)"},
    {"theday_xcross",           ZQ_INT,          0,           "当日是否小十字"},
    {"total5_xcross",           ZQ_INT,          0,           "5日累计小十字"},
    {"total10_xcross",          ZQ_INT,          0,           "10日累计小十字"},
    {"total20_xcross",          ZQ_INT,          0,           "20日累计小十字"},
    {"total30_xcross",          ZQ_INT,          0,           "30日累计小十字"},
    {"total60_xcross",          ZQ_INT,          0,           "60日累计小十字"},
    {"total90_xcross",          ZQ_INT,          0,           "90日累计小十字"},
    {"halfyear_active_times",   ZQ_INT,          0,           "半年内活跃次数"},
    {"halfyear_hsl_times",      ZQ_INT,          0,           "半年内换手率次数"},
    {"symbol",                  ZQ_VARCHAR(6),   0,           "股票代码（6位数字）"},
    {"name",                    ZQ_VARCHAR(50),  0,           "股票名称"},
    {"industry",                ZQ_VARCHAR(30),  0,           "所属行业"},
    {"area",                    ZQ_VARCHAR(20),  0,           "地域"},
    {"market",                  ZQ_VARCHAR(20),  0,           "市场类型"},
    {"exchange",                ZQ_VARCHAR(10),  0,           "交易所代码"},
    {"fullname",                ZQ_VARCHAR(100), 0,           "股票全称"},
    {"enname",                  ZQ_VARCHAR(200), 0,           "英文全称"},
    {"cnspell",                 ZQ_VARCHAR(50),  0,           "拼音缩写"},
    {"curr_type",               ZQ_VARCHAR(10),  0,           "交易货币"},
    {"list_status",             ZQ_VARCHAR(1),   0,           "上市状态（L=上市，D=退市，P=暂停）"},
    {"list_date",               ZQ_DATE,         0,           "上市日期"},
    {"delist_date",             ZQ_DATE,         0,           "退市日期"},
    {"is_hs",                   ZQ_VARCHAR(1),   0,           "是否沪深港通标的"},
    {"act_name",                ZQ_VARCHAR(100), 0,           "实控人名称"},
    {"act_ent_type",            ZQ_VARCHAR(50),  0,           "实控人企业性质"},
    {"db_close",                ZQ_DOUBLE,       0,           "收盘价(指标)"},
    {"turnover_rate",           ZQ_DOUBLE,       0,           "换手率"},
    {"turnover_rate_f",         ZQ_DOUBLE,       0,           "换手率（自由流通股）"},
    {"volume_ratio",            ZQ_DOUBLE,       0,           "量比"},
    {"pe",                      ZQ_DOUBLE,       0,           "市盈率"},
    {"pe_ttm",                  ZQ_DOUBLE,       0,           "市盈率TTM"},
    {"pb",                      ZQ_DOUBLE,       0,           "市净率"},
    {"ps",                      ZQ_DOUBLE,       0,           "市销率"},
    {"ps_ttm",                  ZQ_DOUBLE,       0,           "市销率TTM"},
    {"dv_ratio",                ZQ_DOUBLE,       0,           "股息率"},
    {"dv_ttm",                  ZQ_DOUBLE,       0,           "股息率TTM"},
    {"total_share",             ZQ_DOUBLE,       0,           "总股本（万股）"},
    {"float_share",             ZQ_DOUBLE,       0,           "流通股本（万股）"},
    {"free_share",              ZQ_DOUBLE,       0,           "自由流通股本（万）"},
    {"total_mv",                ZQ_DOUBLE,       0,           "总市值(万元)"},
    {"circ_mv",                 ZQ_DOUBLE,       0,           "流通市值(万元)"},
    {"dd_open",                 ZQ_DOUBLE,       0,           "开盘价"},
    {"dd_high",                 ZQ_DOUBLE,       0,           "最高价"},
    {"dd_low",                  ZQ_DOUBLE,       0,           "最低价"},
    {"dd_close",                ZQ_DOUBLE,       0,           "收盘价"},
    {"dd_pre_close",            ZQ_DOUBLE,       0,           "昨收价"},
    {"dd_change",               ZQ_DOUBLE,       0,           "涨跌额"},
    {"pct_chg",                 ZQ_DOUBLE,       0,           "涨跌幅"},
    {"dd_vol",                  ZQ_DOUBLE,       0,           "成交量（手）"},
    {"amount",                  ZQ_DOUBLE,       0,           "成交额(千元)"},
    {"adj_factor",              ZQ_DOUBLE,       0,           "复权因子"},
    {"open_hfq",                ZQ_DOUBLE,       0,           "开盘价后复权"},
    {"open_qfq",                ZQ_DOUBLE,       0,           "开盘价前复权"},
    {"close_hfq",               ZQ_DOUBLE,       0,           "收盘价后复权"},
    {"close_qfq",               ZQ_DOUBLE,       0,           "收盘价前复权"},
    {"high_hfq",                ZQ_DOUBLE,       0,           "最高价后复权"},
    {"high_qfq",                ZQ_DOUBLE,       0,           "最高价前复权"},
    {"low_hfq",                 ZQ_DOUBLE,       0,           "最低价后复权"},
    {"low_qfq",                 ZQ_DOUBLE,       0,           "最低价前复权"},
    {"pre_close_hfq",           ZQ_DOUBLE,       0,           "昨收价后复权"},
    {"pre_close_qfq",           ZQ_DOUBLE,       0,           "昨收价前复权"},
    {"macd_dif",                ZQ_DOUBLE,       0,           "MACD_DIF"},
    {"macd_dea",                ZQ_DOUBLE,       0,           "MACD_DEA"},
    {"macd",                    ZQ_DOUBLE,       0,           "MACD"},
    {"kdj_k",                   ZQ_DOUBLE,       0,           "KDJ_K"},
    {"kdj_d",                   ZQ_DOUBLE,       0,           "KDJ_D"},
    {"kdj_j",                   ZQ_DOUBLE,       0,           "KDJ_J"},
    {"rsi_6",                   ZQ_DOUBLE,       0,           "RSI_6"},
    {"rsi_12",                  ZQ_DOUBLE,       0,           "RSI_12"},
    {"rsi_24",                  ZQ_DOUBLE,       0,           "RSI_24"},
    {"boll_upper",              ZQ_DOUBLE,       0,           "BOLL_UPPER"},
    {"boll_mid",                ZQ_DOUBLE,       0,           "BOLL_MID"},
    {"boll_lower",              ZQ_DOUBLE,       0,           "BOLL_LOWER"},
    {"cci",                     ZQ_DOUBLE,       0,           "CCI"},
    ZQ_AUDIT_COLUMNS,
};
static const zq_index stock_filter_result_indexes[] = {
    {"PRIMARY",                                     ZQ_PRIMARY, ZQ_ON("id")},
    {"idx_stock_filter_result_date_strategy",       ZQ_INDEX,   ZQ_ON("trade_date", "strategy_id")},
    {"ix_zq_quant_stock_filter_result_id",          ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_quant_stock_filter_result_strategy_id", ZQ_INDEX,   ZQ_ON("strategy_id")},
    {"ix_zq_quant_stock_filter_result_trade_date",  ZQ_INDEX,   ZQ_ON("trade_date")},
    {"ix_zq_quant_stock_filter_result_ts_code",     ZQ_INDEX,   ZQ_ON("ts_code")},
    {"uq_stock_filter_result_date_code_strategy",   ZQ_UNIQUE,  ZQ_ON("trade_date", "ts_code", "strategy_id")},
};
static const zq_foreign_key stock_filter_result_keys[] = {
    {"zq_quant_stock_filter_result_ibfk_1", ZQ_COLS("strategy_id"), "zq_quant_stock_filter_strategy", ZQ_COLS("id")},
};

/* Stocks an account watches. */
static const zq_column favorite_columns[] = {
    {"id",            ZQ_INT,           ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"user_id",       ZQ_INT,           ZQ_NOT_NULL, "用户ID"},
    {"fav_datettime", ZQ_DATETIME,      0,           "自选日期"},
    {"code",          ZQ_VARCHAR(6),    ZQ_NOT_NULL, "股票代码（6位数字），如：000001"},
    {"comment",       ZQ_VARCHAR(2000), 0,           "关注理由"},
    ZQ_AUDIT_COLUMNS,
};
static const zq_index favorite_indexes[] = {
    {"PRIMARY",                            ZQ_PRIMARY, ZQ_ON("id")},
    {"idx_stock_favorite_code",            ZQ_INDEX,   ZQ_ON("code")},
    {"idx_stock_favorite_datettime",       ZQ_INDEX,   ZQ_ON("fav_datettime")},
    {"idx_stock_favorite_user_id",         ZQ_INDEX,   ZQ_ON("user_id")},
    {"ix_zq_quant_favorite_code",          ZQ_INDEX,   ZQ_ON("code")},
    {"ix_zq_quant_favorite_fav_datettime", ZQ_INDEX,   ZQ_ON("fav_datettime")},
    {"ix_zq_quant_favorite_id",            ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_quant_favorite_user_id",       ZQ_INDEX,   ZQ_ON("user_id")},
    {"uq_stock_favorite_user_code",        ZQ_UNIQUE,  ZQ_ON("user_id", "code")},
};
static const zq_foreign_key favorite_keys[] = {
    {"zq_quant_favorite_ibfk_1", ZQ_COLS("user_id"), "zq_app_users", ZQ_COLS("id")},
};

/* Stocks an account holds. */
static const zq_column position_columns[] = {
    {"id",            ZQ_INT,            ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"user_id",       ZQ_INT,            ZQ_NOT_NULL, "用户ID"},
    {"code",          ZQ_VARCHAR(6),     ZQ_NOT_NULL, "股票代码（6位数字），如：000001"},
    {"quantity",      ZQ_DOUBLE,         ZQ_NOT_NULL, "持仓数量（股数）"},
    {"avg_cost",      ZQ_DECIMAL(10, 3), ZQ_NOT_NULL, "平均成本价（元）"},
    {"buy_date",      ZQ_DATE,           0,           "买入日期"},
    {"current_price", ZQ_DECIMAL(10, 3), 0,           "当前价格（元），可从行情数据获取"},
    {"market_value",  ZQ_DOUBLE,         0,           "市值（元），quantity * current_price"},
    {"profit",        ZQ_DOUBLE,         0,           "盈亏（元），(current_price - avg_cost) * quantity"},
    {"profit_pct",    ZQ_DECIMAL(10, 4), 0,           "盈亏比例（%），(current_price - avg_cost) / avg_cost * 100"},
    {"comment",       ZQ_VARCHAR(2000),  0,           "备注"},
    ZQ_AUDIT_COLUMNS,
};
static const zq_index position_indexes[] = {
    {"PRIMARY",                       ZQ_PRIMARY, ZQ_ON("id")},
    {"idx_stock_position_buy_date",   ZQ_INDEX,   ZQ_ON("buy_date")},
    {"idx_stock_position_code",       ZQ_INDEX,   ZQ_ON("code")},
    {"idx_stock_position_user_id",    ZQ_INDEX,   ZQ_ON("user_id")},
    {"ix_zq_quant_position_buy_date", ZQ_INDEX,   ZQ_ON("buy_date")},
    {"ix_zq_quant_position_code",     ZQ_INDEX,   ZQ_ON("code")},
    {"ix_zq_quant_position_id",       ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_quant_position_user_id",  ZQ_INDEX,   ZQ_ON("user_id")},
    {"uq_stock_position_user_code",   ZQ_UNIQUE,  ZQ_ON("user_id", "code")},
};
static const zq_foreign_key position_keys[] = {
    {"zq_quant_position_ibfk_1", ZQ_COLS("user_id"), "zq_app_users", ZQ_COLS("id")},
};

const zq_table zq_model_quant_factor_definitions    = ZQ_TABLE("zq_quant_factor_definitions", factor_definitions);
const zq_table zq_model_quant_factor_models         = ZQ_TABLE_KEYS("zq_quant_factor_models", factor_models);
const zq_table zq_model_quant_factor_configs        = ZQ_TABLE_KEYS("zq_quant_factor_configs", factor_configs);
const zq_table zq_model_quant_factor_spacex         = ZQ_TABLE_OPEN("zq_quant_factor_spacex_{code}", factor_spacex);
const zq_table zq_model_quant_stock_filter_strategy = ZQ_TABLE_KEYS("zq_quant_stock_filter_strategy", stock_filter_strategy);
const zq_table zq_model_quant_stock_filter_result   = ZQ_TABLE_KEYS("zq_quant_stock_filter_result", stock_filter_result);
const zq_table zq_model_quant_favorite              = ZQ_TABLE_KEYS("zq_quant_favorite", favorite);
const zq_table zq_model_quant_position              = ZQ_TABLE_KEYS("zq_quant_position", position);
