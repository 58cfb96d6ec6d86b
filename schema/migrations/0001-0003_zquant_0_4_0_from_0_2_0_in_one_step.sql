-- revision: 0001-0003
-- revises: 0001
-- title: zquant 0.4.0 from 0.2.0 in one step
-- created: 2026-11-27T21:39:20Z
-- schema-id: 03407facfafbddece8ba42ace246bacc2b7b0669f5772188436390faf8da7ceb
-- squashes: 0002..0003 3dfa863f69ddf67650c365e56ead24ac854fa0d5a05ff9f6d9d7fd1c62e1bfca
--
-- A shorter way for whoever is at its beginning: what the revisions do, in their order, without
-- the indexes that one adds and a later one drops. Back, and from between, lead the revisions.

-- zq:upgrade

-- 0002: uniform audit columns, stock filters

ALTER TABLE zq_app_apikeys
    CHANGE COLUMN created_at created_time datetime NOT NULL COMMENT '创建时间',
    ADD COLUMN created_by varchar(50) COMMENT '创建人' AFTER expires_at,
    ADD COLUMN updated_by varchar(50) COMMENT '修改人' AFTER created_by,
    ADD COLUMN updated_time datetime NOT NULL DEFAULT CURRENT_TIMESTAMP COMMENT '修改时间' AFTER updated_by;

ALTER TABLE zq_app_notifications
    ADD COLUMN created_by varchar(50) COMMENT '创建人' AFTER extra_data,
    CHANGE COLUMN created_at created_time datetime NOT NULL COMMENT '创建时间',
    ADD COLUMN updated_by varchar(50) COMMENT '修改人' AFTER created_time,
    CHANGE COLUMN updated_at updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_app_permissions
    ADD COLUMN created_by varchar(50) COMMENT '创建人' AFTER description,
    CHANGE COLUMN created_at created_time datetime NOT NULL COMMENT '创建时间',
    ADD COLUMN updated_by varchar(50) COMMENT '修改人' AFTER created_time,
    ADD COLUMN updated_time datetime NOT NULL DEFAULT CURRENT_TIMESTAMP COMMENT '修改时间' AFTER updated_by;

ALTER TABLE zq_app_role_permissions
    ADD COLUMN created_by varchar(50) COMMENT '创建人' AFTER permission_id,
    ADD COLUMN created_time datetime NOT NULL DEFAULT CURRENT_TIMESTAMP COMMENT '创建时间' AFTER created_by,
    ADD COLUMN updated_by varchar(50) COMMENT '修改人' AFTER created_time,
    ADD COLUMN updated_time datetime NOT NULL DEFAULT CURRENT_TIMESTAMP COMMENT '修改时间' AFTER updated_by;

ALTER TABLE zq_app_roles
    ADD COLUMN created_by varchar(50) COMMENT '创建人' AFTER description,
    CHANGE COLUMN created_at created_time datetime NOT NULL COMMENT '创建时间',
    ADD COLUMN updated_by varchar(50) COMMENT '修改人' AFTER created_time,
    ADD COLUMN updated_time datetime NOT NULL DEFAULT CURRENT_TIMESTAMP COMMENT '修改时间' AFTER updated_by;

ALTER TABLE zq_app_users
    ADD COLUMN created_by varchar(50) COMMENT '创建人' AFTER is_active,
    CHANGE COLUMN created_at created_time datetime NOT NULL COMMENT '创建时间',
    ADD COLUMN updated_by varchar(50) COMMENT '修改人' AFTER created_time,
    CHANGE COLUMN updated_at updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_backtest_results
    ADD COLUMN created_by varchar(50) COMMENT '创建人' AFTER portfolio_json,
    CHANGE COLUMN created_at created_time datetime NOT NULL COMMENT '创建时间',
    ADD COLUMN updated_by varchar(50) COMMENT '修改人' AFTER created_time,
    ADD COLUMN updated_time datetime NOT NULL DEFAULT CURRENT_TIMESTAMP COMMENT '修改时间' AFTER updated_by;

ALTER TABLE zq_backtest_strategies
    ADD COLUMN created_by varchar(50) COMMENT '创建人' AFTER is_template,
    CHANGE COLUMN created_at created_time datetime NOT NULL COMMENT '创建时间',
    ADD COLUMN updated_by varchar(50) COMMENT '修改人' AFTER created_time,
    CHANGE COLUMN updated_at updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_backtest_tasks
    ADD COLUMN created_by varchar(50) COMMENT '创建人' AFTER completed_at,
    CHANGE COLUMN created_at created_time datetime NOT NULL COMMENT '创建时间',
    ADD COLUMN updated_by varchar(50) COMMENT '修改人' AFTER created_time,
    CHANGE COLUMN updated_at updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_data_fundamentals
    ADD COLUMN created_by varchar(50) COMMENT '创建人' AFTER data_json,
    CHANGE COLUMN created_at created_time datetime NOT NULL COMMENT '创建时间',
    ADD COLUMN updated_by varchar(50) COMMENT '修改人' AFTER created_time,
    CHANGE COLUMN updated_at updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_quant_factor_configs
    CHANGE COLUMN created_at created_time datetime NOT NULL COMMENT '创建时间',
    CHANGE COLUMN updated_at updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_quant_factor_definitions
    ADD COLUMN factor_type varchar(20) DEFAULT '单因子' COMMENT '因子类型：单因子、组合因子' AFTER description,
    ADD COLUMN created_by varchar(50) COMMENT '创建人' AFTER enabled,
    CHANGE COLUMN created_at created_time datetime NOT NULL COMMENT '创建时间',
    ADD COLUMN updated_by varchar(50) COMMENT '修改人' AFTER created_time,
    CHANGE COLUMN updated_at updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_quant_factor_models
    ADD COLUMN created_by varchar(50) COMMENT '创建人' AFTER enabled,
    CHANGE COLUMN created_at created_time datetime NOT NULL COMMENT '创建时间',
    ADD COLUMN updated_by varchar(50) COMMENT '修改人' AFTER created_time,
    CHANGE COLUMN updated_at updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_stats_apisync
    ADD COLUMN data_source varchar(50) COMMENT '数据源' AFTER id,
    ADD COLUMN api_interface varchar(100) COMMENT 'API接口' AFTER data_source,
    ADD COLUMN api_data_count bigint COMMENT 'API接口数据条数' AFTER api_interface,
    ADD COLUMN updated_by varchar(50) COMMENT '修改人' AFTER created_time,
    ADD COLUMN updated_time datetime NOT NULL DEFAULT CURRENT_TIMESTAMP COMMENT '修改时间' AFTER updated_by;

ALTER TABLE zq_task_scheduled_tasks
    ADD COLUMN created_by varchar(50) COMMENT '创建人' AFTER retry_interval,
    CHANGE COLUMN created_at created_time datetime NOT NULL COMMENT '创建时间',
    ADD COLUMN updated_by varchar(50) COMMENT '修改人' AFTER created_time,
    CHANGE COLUMN updated_at updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_task_task_executions
    ADD COLUMN progress_percent float NOT NULL DEFAULT 0 AFTER retry_count,
    ADD COLUMN current_item varchar(255) AFTER progress_percent,
    ADD COLUMN total_items int NOT NULL DEFAULT 0 AFTER current_item,
    ADD COLUMN processed_items int NOT NULL DEFAULT 0 AFTER total_items,
    ADD COLUMN estimated_end_time datetime AFTER processed_items,
    ADD COLUMN is_paused tinyint(1) NOT NULL DEFAULT 0 AFTER estimated_end_time,
    ADD COLUMN terminate_requested tinyint(1) NOT NULL DEFAULT 0 AFTER is_paused,
    ADD COLUMN created_by varchar(50) COMMENT '创建人' AFTER terminate_requested,
    CHANGE COLUMN created_at created_time datetime NOT NULL COMMENT '创建时间',
    ADD COLUMN updated_by varchar(50) COMMENT '修改人' AFTER created_time,
    ADD COLUMN updated_time datetime NOT NULL DEFAULT CURRENT_TIMESTAMP COMMENT '修改时间' AFTER updated_by;

ALTER TABLE zq_app_apikeys
    MODIFY COLUMN created_time datetime NOT NULL COMMENT '创建时间' AFTER created_by;

UPDATE zq_app_apikeys SET updated_time = created_time;

UPDATE zq_app_permissions SET updated_time = created_time;

UPDATE zq_app_roles SET updated_time = created_time;

-- zq:batch table=zq_backtest_results key=id size=10000
UPDATE zq_backtest_results SET updated_time = created_time WHERE {range};
-- zq:end

-- zq:batch table=zq_stats_apisync key=id size=10000
UPDATE zq_stats_apisync SET updated_time = created_time WHERE {range};
-- zq:end

-- zq:batch table=zq_task_task_executions key=id size=10000
UPDATE zq_task_task_executions SET updated_time = created_time WHERE {range};
-- zq:end

ALTER TABLE zq_app_apikeys
    MODIFY COLUMN updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_app_permissions
    MODIFY COLUMN updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_app_role_permissions
    MODIFY COLUMN created_time datetime NOT NULL COMMENT '创建时间',
    MODIFY COLUMN updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_app_roles
    MODIFY COLUMN updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_backtest_results
    MODIFY COLUMN updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_quant_factor_definitions
    ALTER COLUMN factor_type SET DEFAULT NULL;

ALTER TABLE zq_stats_apisync
    MODIFY COLUMN updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_task_task_executions
    ALTER COLUMN progress_percent DROP DEFAULT,
    ALTER COLUMN total_items DROP DEFAULT,
    ALTER COLUMN processed_items DROP DEFAULT,
    ALTER COLUMN is_paused DROP DEFAULT,
    ALTER COLUMN terminate_requested DROP DEFAULT,
    MODIFY COLUMN updated_time datetime NOT NULL COMMENT '修改时间';

ALTER TABLE zq_app_notifications
    RENAME INDEX ix_zq_app_notifications_created_at TO ix_zq_app_notifications_created_time;

ALTER TABLE zq_app_users
    ADD INDEX ix_zq_app_users_created_time (created_time),
    ADD INDEX ix_zq_app_users_updated_time (updated_time);

ALTER TABLE zq_quant_factor_definitions
    ADD INDEX idx_factor_type (factor_type),
    ADD INDEX ix_zq_quant_factor_definitions_factor_type (factor_type);

CREATE TABLE zq_data_hsl_choice (
    id           int         NOT NULL AUTO_INCREMENT,
    trade_date   date        NOT NULL COMMENT '交易日期',
    ts_code      varchar(20) NOT NULL COMMENT 'TS代码',
    code         varchar(6)  NOT NULL COMMENT '股票代码（6位数字）',
    name         varchar(50) COMMENT '股票名称',
    created_by   varchar(50) COMMENT '创建人',
    created_time datetime    NOT NULL COMMENT '创建时间',
    updated_by   varchar(50) COMMENT '修改人',
    updated_time datetime    NOT NULL COMMENT '修改时间',
    PRIMARY KEY (id),
    UNIQUE KEY uq_hsl_choice_date_code (trade_date, ts_code),
    KEY ix_zq_data_hsl_choice_created_time (created_time),
    KEY ix_zq_data_hsl_choice_id (id),
    KEY ix_zq_data_hsl_choice_trade_date (trade_date),
    KEY ix_zq_data_hsl_choice_ts_code (ts_code),
    KEY ix_zq_data_hsl_choice_updated_time (updated_time)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_quant_stock_filter_strategy (
    id                int          NOT NULL AUTO_INCREMENT,
    user_id           int          NOT NULL COMMENT '用户ID',
    name              varchar(100) NOT NULL COMMENT '策略名称',
    description       varchar(500) COMMENT '策略描述',
    filter_conditions text         COMMENT '筛选条件（JSON格式）',
    selected_columns  text         COMMENT '选中的列（JSON数组）',
    sort_config       text         COMMENT '排序配置（JSON格式，支持多列）',
    created_by        varchar(50)  COMMENT '创建人',
    created_time      datetime     NOT NULL COMMENT '创建时间',
    updated_by        varchar(50)  COMMENT '修改人',
    updated_time      datetime     NOT NULL COMMENT '修改时间',
    PRIMARY KEY (id),
    UNIQUE KEY uq_stock_filter_strategy_user_name (user_id, name),
    KEY idx_stock_filter_strategy_user_id (user_id),
    KEY ix_zq_quant_stock_filter_strategy_created_time (created_time),
    KEY ix_zq_quant_stock_filter_strategy_id (id),
    KEY ix_zq_quant_stock_filter_strategy_updated_time (updated_time),
    KEY ix_zq_quant_stock_filter_strategy_user_id (user_id),
    CONSTRAINT zq_quant_stock_filter_strategy_ibfk_1 FOREIGN KEY (user_id) REFERENCES zq_app_users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_quant_stock_filter_result (
    id              int          NOT NULL AUTO_INCREMENT,
    trade_date      date         NOT NULL COMMENT '交易日期',
    ts_code         varchar(20)  NOT NULL COMMENT 'TS代码',
    strategy_id     int          NOT NULL COMMENT '策略ID',
    strategy_name   varchar(100) NOT NULL COMMENT '策略名称',
    symbol          varchar(6)   COMMENT '股票代码（6位数字）',
    name            varchar(50)  COMMENT '股票名称',
    industry        varchar(30)  COMMENT '所属行业',
    area            varchar(20)  COMMENT '地域',
    market          varchar(20)  COMMENT '市场类型',
    exchange        varchar(10)  COMMENT '交易所代码',
    fullname        varchar(100) COMMENT '股票全称',
    enname          varchar(200) COMMENT '英文全称',
    cnspell         varchar(50)  COMMENT '拼音缩写',
    curr_type       varchar(10)  COMMENT '交易货币',
    list_status     varchar(1)   COMMENT '上市状态（L=上市，D=退市，P=暂停）',
    list_date       date         COMMENT '上市日期',
    delist_date     date         COMMENT '退市日期',
    is_hs           varchar(1)   COMMENT '是否沪深港通标的',
    act_name        varchar(100) COMMENT '实控人名称',
    act_ent_type    varchar(50)  COMMENT '实控人企业性质',
    db_close        double       COMMENT '收盘价(指标)',
    turnover_rate   double       COMMENT '换手率',
    turnover_rate_f double       COMMENT '换手率（自由流通股）',
    volume_ratio    double       COMMENT '量比',
    pe              double       COMMENT '市盈率',
    pe_ttm          double       COMMENT '市盈率TTM',
    pb              double       COMMENT '市净率',
    ps              double       COMMENT '市销率',
    ps_ttm          double       COMMENT '市销率TTM',
    dv_ratio        double       COMMENT '股息率',
    dv_ttm          double       COMMENT '股息率TTM',
    total_share     double       COMMENT '总股本（万股）',
    float_share     double       COMMENT '流通股本（万股）',
    free_share      double       COMMENT '自由流通股本（万）',
    total_mv        double       COMMENT '总市值(万元)',
    circ_mv         double       COMMENT '流通市值(万元)',
    dd_open         double       COMMENT '开盘价',
    dd_high         double       COMMENT '最高价',
    dd_low          double       COMMENT '最低价',
    dd_close        double       COMMENT '收盘价',
    dd_pre_close    double       COMMENT '昨收价',
    dd_change       double       COMMENT '涨跌额',
    pct_chg         double       COMMENT '涨跌幅',
    dd_vol          double       COMMENT '成交量（手）',
    amount          double       COMMENT '成交额(千元)',
    adj_factor      double       COMMENT '复权因子',
    open_hfq        double       COMMENT '开盘价后复权',
    open_qfq        double       COMMENT '开盘价前复权',
    close_hfq       double       COMMENT '收盘价后复权',
    close_qfq       double       COMMENT '收盘价前复权',
    high_hfq        double       COMMENT '最高价后复权',
    high_qfq        double       COMMENT '最高价前复权',
    low_hfq         double       COMMENT '最低价后复权',
    low_qfq         double       COMMENT '最低价前复权',
    pre_close_hfq   double       COMMENT '昨收价后复权',
    pre_close_qfq   double       COMMENT '昨收价前复权',
    macd_dif        double       COMMENT 'MACD_DIF',
    macd_dea        double       COMMENT 'MACD_DEA',
    macd            double       COMMENT 'MACD',
    kdj_k           double       COMMENT 'KDJ_K',
    kdj_d           double       COMMENT 'KDJ_D',
    kdj_j           double       COMMENT 'KDJ_J',
    rsi_6           double       COMMENT 'RSI_6',
    rsi_12          double       COMMENT 'RSI_12',
    rsi_24          double       COMMENT 'RSI_24',
    boll_upper      double       COMMENT 'BOLL_UPPER',
    boll_mid        double       COMMENT 'BOLL_MID',
    boll_lower      double       COMMENT 'BOLL_LOWER',
    cci             double       COMMENT 'CCI',
    created_by      varchar(50)  COMMENT '创建人',
    created_time    datetime     NOT NULL COMMENT '创建时间',
    updated_by      varchar(50)  COMMENT '修改人',
    updated_time    datetime     NOT NULL COMMENT '修改时间',
    PRIMARY KEY (id),
    UNIQUE KEY uq_stock_filter_result_date_code_strategy (trade_date, ts_code, strategy_id),
    KEY idx_stock_filter_result_date_strategy (trade_date, strategy_id),
    KEY ix_zq_quant_stock_filter_result_created_time (created_time),
    KEY ix_zq_quant_stock_filter_result_id (id),
    KEY ix_zq_quant_stock_filter_result_strategy_id (strategy_id),
    KEY ix_zq_quant_stock_filter_result_trade_date (trade_date),
    KEY ix_zq_quant_stock_filter_result_ts_code (ts_code),
    KEY ix_zq_quant_stock_filter_result_updated_time (updated_time),
    CONSTRAINT zq_quant_stock_filter_result_ibfk_1 FOREIGN KEY (strategy_id) REFERENCES zq_quant_stock_filter_strategy (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- 0003: columns of the stock filter results, fewer indexes

ALTER TABLE zq_app_notifications
    DROP INDEX ix_zq_app_notifications_created_time;

ALTER TABLE zq_app_users
    DROP INDEX ix_zq_app_users_created_time,
    DROP INDEX ix_zq_app_users_updated_time;

ALTER TABLE zq_data_hsl_choice
    DROP INDEX ix_zq_data_hsl_choice_created_time,
    DROP INDEX ix_zq_data_hsl_choice_updated_time;

ALTER TABLE zq_quant_stock_filter_result
    ADD COLUMN ma5_tr double COMMENT '5日均换手率' AFTER strategy_name,
    ADD COLUMN ma10_tr double COMMENT '10日均换手率' AFTER ma5_tr,
    ADD COLUMN ma20_tr double COMMENT '20日均换手率' AFTER ma10_tr,
    ADD COLUMN ma30_tr double COMMENT '30日均换手率' AFTER ma20_tr,
    ADD COLUMN ma60_tr double COMMENT '60日均换手率' AFTER ma30_tr,
    ADD COLUMN ma90_tr double COMMENT '90日均换手率' AFTER ma60_tr,
    ADD COLUMN theday_turnover_volume double COMMENT '当日成交额(相对于250日均)' AFTER ma90_tr,
    ADD COLUMN total5_turnover_volume double COMMENT '5日累计成交额(相对于250日均)' AFTER theday_turnover_volume,
    ADD COLUMN total10_turnover_volume double COMMENT '10日累计成交额(相对于250日均)' AFTER total5_turnover_volume,
    ADD COLUMN total20_turnover_volume double COMMENT '20日累计成交额(相对于250日均)' AFTER total10_turnover_volume,
    ADD COLUMN total30_turnover_volume double COMMENT '30日累计成交额(相对于250日均)' AFTER total20_turnover_volume,
    ADD COLUMN total60_turnover_volume double COMMENT '60日累计成交额(相对于250日均)' AFTER total30_turnover_volume,
    ADD COLUMN total90_turnover_volume double COMMENT '90日累计成交额(相对于250日均)' AFTER total60_turnover_volume,
    ADD COLUMN theday_xcross int COMMENT '当日是否小十字' AFTER total90_turnover_volume,
    ADD COLUMN total5_xcross int COMMENT '5日累计小十字' AFTER theday_xcross,
    ADD COLUMN total10_xcross int COMMENT '10日累计小十字' AFTER total5_xcross,
    ADD COLUMN total20_xcross int COMMENT '20日累计小十字' AFTER total10_xcross,
    ADD COLUMN total30_xcross int COMMENT '30日累计小十字' AFTER total20_xcross,
    ADD COLUMN total60_xcross int COMMENT '60日累计小十字' AFTER total30_xcross,
    ADD COLUMN total90_xcross int COMMENT '90日累计小十字' AFTER total60_xcross,
    ADD COLUMN halfyear_active_times int COMMENT '半年内活跃次数' AFTER total90_xcross,
    ADD COLUMN halfyear_hsl_times int COMMENT '半年内换手率次数' AFTER halfyear_active_times;

ALTER TABLE zq_quant_stock_filter_result
    DROP INDEX ix_zq_quant_stock_filter_result_created_time,
    DROP INDEX ix_zq_quant_stock_filter_result_updated_time;

ALTER TABLE zq_quant_stock_filter_strategy
    DROP INDEX ix_zq_quant_stock_filter_strategy_created_time,
    DROP INDEX ix_zq_quant_stock_filter_strategy_updated_time;

ALTER TABLE zq_stats_apisync
    DROP INDEX ix_zq_stats_apisync_created_time;

-- zq:family zq_data_tustock_daily
ALTER TABLE {table}
    DROP INDEX ix_{table}_created_time;
ALTER TABLE {table}
    DROP INDEX ix_{table}_updated_time;
-- zq:end

-- zq:family zq_data_tustock_daily_basic
ALTER TABLE {table}
    DROP INDEX ix_{table}_created_time;
ALTER TABLE {table}
    DROP INDEX ix_{table}_updated_time;
-- zq:end

-- zq:family zq_data_tustock_factor
ALTER TABLE {table}
    DROP INDEX ix_{table}_created_time;
ALTER TABLE {table}
    DROP INDEX ix_{table}_updated_time;
-- zq:end

-- zq:family zq_data_tustock_stkfactorpro
ALTER TABLE {table}
    DROP INDEX ix_{table}_created_time;
ALTER TABLE {table}
    DROP INDEX ix_{table}_updated_time;
-- zq:end

-- zq:family zq_quant_factor_spacex
ALTER TABLE {table}
    DROP INDEX idx_spacex_factor_{code}_trade_date_code;
ALTER TABLE {table}
    DROP INDEX ix_{table}_id;
ALTER TABLE {table}
    DROP INDEX ix_{table}_trade_date;
ALTER TABLE {table}
    DROP INDEX ix_{table}_ts_code;
ALTER TABLE {table}
    DROP INDEX ix_{table}_created_time;
ALTER TABLE {table}
    DROP INDEX ix_{table}_updated_time;
-- zq:end

