-- revision: 0002
-- revises: 0001
-- release: 0.3.0
-- title: uniform audit columns, stock filters
-- created: 2026-11-22T08:31:00Z
-- schema-id: d1837669331d4ed5731330d7c7189d41d82692ffcbf8d371ee356a4143cf64c4
--
-- Every table ends in created_by, created_time, updated_by, updated_time, with indexes on the two
-- times. created_at and updated_at are renamed, so that their values stay; where there was no
-- updated_at, the row's creation time is taken; where there was neither, the time of the upgrade.
--
-- A new NOT NULL column comes with a default, which fills the rows that are there, and loses it
-- after that, so no table is copied. (The times lose it by MODIFY, because MySQL 9.7 keeps
-- DEFAULT_GENERATED in the dictionary after DROP DEFAULT.) Columns and indexes change in statements
-- of their own: a column and an index together are not INSTANT. The order of columns is that of a
-- fresh installation.

-- zq:upgrade

-- Columns.

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

-- created_at of zq_app_apikeys stands before expires_at: it is moved to its place among the audit
-- columns.
ALTER TABLE zq_app_apikeys
    MODIFY COLUMN created_time datetime NOT NULL COMMENT '创建时间' AFTER created_by;

-- Their values, in the rows that are there.

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

-- The defaults that filled the rows.

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

-- Indexes.

ALTER TABLE zq_app_apikeys
    ADD INDEX ix_zq_app_apikeys_created_time (created_time),
    ADD INDEX ix_zq_app_apikeys_updated_time (updated_time);
ALTER TABLE zq_app_configs
    ADD INDEX ix_zq_app_configs_created_time (created_time),
    ADD INDEX ix_zq_app_configs_updated_time (updated_time);
ALTER TABLE zq_app_notifications
    RENAME INDEX ix_zq_app_notifications_created_at TO ix_zq_app_notifications_created_time,
    ADD INDEX ix_zq_app_notifications_updated_time (updated_time);
ALTER TABLE zq_app_permissions
    ADD INDEX ix_zq_app_permissions_created_time (created_time),
    ADD INDEX ix_zq_app_permissions_updated_time (updated_time);
ALTER TABLE zq_app_role_permissions
    ADD INDEX ix_zq_app_role_permissions_created_time (created_time),
    ADD INDEX ix_zq_app_role_permissions_updated_time (updated_time);
ALTER TABLE zq_app_roles
    ADD INDEX ix_zq_app_roles_created_time (created_time),
    ADD INDEX ix_zq_app_roles_updated_time (updated_time);
ALTER TABLE zq_app_users
    ADD INDEX ix_zq_app_users_created_time (created_time),
    ADD INDEX ix_zq_app_users_updated_time (updated_time);
ALTER TABLE zq_backtest_results
    ADD INDEX ix_zq_backtest_results_created_time (created_time),
    ADD INDEX ix_zq_backtest_results_updated_time (updated_time);
ALTER TABLE zq_backtest_strategies
    ADD INDEX ix_zq_backtest_strategies_created_time (created_time),
    ADD INDEX ix_zq_backtest_strategies_updated_time (updated_time);
ALTER TABLE zq_backtest_tasks
    ADD INDEX ix_zq_backtest_tasks_created_time (created_time),
    ADD INDEX ix_zq_backtest_tasks_updated_time (updated_time);
ALTER TABLE zq_data_fundamentals
    ADD INDEX ix_zq_data_fundamentals_created_time (created_time),
    ADD INDEX ix_zq_data_fundamentals_updated_time (updated_time);
ALTER TABLE zq_data_tustock_stockbasic
    ADD INDEX ix_zq_data_tustock_stockbasic_created_time (created_time),
    ADD INDEX ix_zq_data_tustock_stockbasic_updated_time (updated_time);
ALTER TABLE zq_data_tustock_tradecal
    ADD INDEX ix_zq_data_tustock_tradecal_created_time (created_time),
    ADD INDEX ix_zq_data_tustock_tradecal_updated_time (updated_time);
ALTER TABLE zq_quant_factor_configs
    ADD INDEX ix_zq_quant_factor_configs_created_time (created_time),
    ADD INDEX ix_zq_quant_factor_configs_updated_time (updated_time);
ALTER TABLE zq_quant_factor_definitions
    ADD INDEX idx_factor_type (factor_type),
    ADD INDEX ix_zq_quant_factor_definitions_created_time (created_time),
    ADD INDEX ix_zq_quant_factor_definitions_factor_type (factor_type),
    ADD INDEX ix_zq_quant_factor_definitions_updated_time (updated_time);
ALTER TABLE zq_quant_factor_models
    ADD INDEX ix_zq_quant_factor_models_created_time (created_time),
    ADD INDEX ix_zq_quant_factor_models_updated_time (updated_time);
ALTER TABLE zq_quant_favorite
    ADD INDEX ix_zq_quant_favorite_created_time (created_time),
    ADD INDEX ix_zq_quant_favorite_updated_time (updated_time);
ALTER TABLE zq_quant_position
    ADD INDEX ix_zq_quant_position_created_time (created_time),
    ADD INDEX ix_zq_quant_position_updated_time (updated_time);
ALTER TABLE zq_stats_apisync
    ADD INDEX ix_zq_stats_apisync_updated_time (updated_time);
ALTER TABLE zq_stats_statistics
    ADD INDEX ix_zq_stats_statistics_created_time (created_time),
    ADD INDEX ix_zq_stats_statistics_updated_time (updated_time);
ALTER TABLE zq_task_scheduled_tasks
    ADD INDEX ix_zq_task_scheduled_tasks_created_time (created_time),
    ADD INDEX ix_zq_task_scheduled_tasks_updated_time (updated_time);
ALTER TABLE zq_task_task_executions
    ADD INDEX ix_zq_task_task_executions_created_time (created_time),
    ADD INDEX ix_zq_task_task_executions_updated_time (updated_time);

-- New tables.

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

-- The families: they have the audit columns already.

-- zq:family zq_data_tustock_daily
ALTER TABLE {table}
    ADD INDEX ix_{table}_created_time (created_time),
    ADD INDEX ix_{table}_updated_time (updated_time);
-- zq:end

-- zq:family zq_data_tustock_daily_basic
ALTER TABLE {table}
    ADD INDEX ix_{table}_created_time (created_time),
    ADD INDEX ix_{table}_updated_time (updated_time);
-- zq:end

-- zq:family zq_data_tustock_factor
ALTER TABLE {table}
    ADD INDEX ix_{table}_created_time (created_time),
    ADD INDEX ix_{table}_updated_time (updated_time);
-- zq:end

-- zq:family zq_data_tustock_stkfactorpro
ALTER TABLE {table}
    ADD INDEX ix_{table}_created_time (created_time),
    ADD INDEX ix_{table}_updated_time (updated_time);
-- zq:end

-- zq:family zq_quant_factor_spacex
ALTER TABLE {table}
    ADD INDEX ix_{table}_created_time (created_time),
    ADD INDEX ix_{table}_updated_time (updated_time);
-- zq:end

-- zq:downgrade

-- zq:family zq_data_tustock_daily
ALTER TABLE {table}
    DROP INDEX ix_{table}_created_time,
    DROP INDEX ix_{table}_updated_time;
-- zq:end

-- zq:family zq_data_tustock_daily_basic
ALTER TABLE {table}
    DROP INDEX ix_{table}_created_time,
    DROP INDEX ix_{table}_updated_time;
-- zq:end

-- zq:family zq_data_tustock_factor
ALTER TABLE {table}
    DROP INDEX ix_{table}_created_time,
    DROP INDEX ix_{table}_updated_time;
-- zq:end

-- zq:family zq_data_tustock_stkfactorpro
ALTER TABLE {table}
    DROP INDEX ix_{table}_created_time,
    DROP INDEX ix_{table}_updated_time;
-- zq:end

-- zq:family zq_quant_factor_spacex
ALTER TABLE {table}
    DROP INDEX ix_{table}_created_time,
    DROP INDEX ix_{table}_updated_time;
-- zq:end

DROP TABLE zq_quant_stock_filter_result;
DROP TABLE zq_quant_stock_filter_strategy;
DROP TABLE zq_data_hsl_choice;

-- Indexes.

ALTER TABLE zq_task_task_executions
    DROP INDEX ix_zq_task_task_executions_created_time,
    DROP INDEX ix_zq_task_task_executions_updated_time;
ALTER TABLE zq_task_scheduled_tasks
    DROP INDEX ix_zq_task_scheduled_tasks_created_time,
    DROP INDEX ix_zq_task_scheduled_tasks_updated_time;
ALTER TABLE zq_stats_statistics
    DROP INDEX ix_zq_stats_statistics_created_time,
    DROP INDEX ix_zq_stats_statistics_updated_time;
ALTER TABLE zq_stats_apisync
    DROP INDEX ix_zq_stats_apisync_updated_time;
ALTER TABLE zq_quant_position
    DROP INDEX ix_zq_quant_position_created_time,
    DROP INDEX ix_zq_quant_position_updated_time;
ALTER TABLE zq_quant_favorite
    DROP INDEX ix_zq_quant_favorite_created_time,
    DROP INDEX ix_zq_quant_favorite_updated_time;
ALTER TABLE zq_quant_factor_models
    DROP INDEX ix_zq_quant_factor_models_created_time,
    DROP INDEX ix_zq_quant_factor_models_updated_time;
ALTER TABLE zq_quant_factor_definitions
    DROP INDEX idx_factor_type,
    DROP INDEX ix_zq_quant_factor_definitions_created_time,
    DROP INDEX ix_zq_quant_factor_definitions_factor_type,
    DROP INDEX ix_zq_quant_factor_definitions_updated_time;
ALTER TABLE zq_quant_factor_configs
    DROP INDEX ix_zq_quant_factor_configs_created_time,
    DROP INDEX ix_zq_quant_factor_configs_updated_time;
ALTER TABLE zq_data_tustock_tradecal
    DROP INDEX ix_zq_data_tustock_tradecal_created_time,
    DROP INDEX ix_zq_data_tustock_tradecal_updated_time;
ALTER TABLE zq_data_tustock_stockbasic
    DROP INDEX ix_zq_data_tustock_stockbasic_created_time,
    DROP INDEX ix_zq_data_tustock_stockbasic_updated_time;
ALTER TABLE zq_data_fundamentals
    DROP INDEX ix_zq_data_fundamentals_created_time,
    DROP INDEX ix_zq_data_fundamentals_updated_time;
ALTER TABLE zq_backtest_tasks
    DROP INDEX ix_zq_backtest_tasks_created_time,
    DROP INDEX ix_zq_backtest_tasks_updated_time;
ALTER TABLE zq_backtest_strategies
    DROP INDEX ix_zq_backtest_strategies_created_time,
    DROP INDEX ix_zq_backtest_strategies_updated_time;
ALTER TABLE zq_backtest_results
    DROP INDEX ix_zq_backtest_results_created_time,
    DROP INDEX ix_zq_backtest_results_updated_time;
ALTER TABLE zq_app_users
    DROP INDEX ix_zq_app_users_created_time,
    DROP INDEX ix_zq_app_users_updated_time;
ALTER TABLE zq_app_roles
    DROP INDEX ix_zq_app_roles_created_time,
    DROP INDEX ix_zq_app_roles_updated_time;
ALTER TABLE zq_app_role_permissions
    DROP INDEX ix_zq_app_role_permissions_created_time,
    DROP INDEX ix_zq_app_role_permissions_updated_time;
ALTER TABLE zq_app_permissions
    DROP INDEX ix_zq_app_permissions_created_time,
    DROP INDEX ix_zq_app_permissions_updated_time;
ALTER TABLE zq_app_notifications
    RENAME INDEX ix_zq_app_notifications_created_time TO ix_zq_app_notifications_created_at,
    DROP INDEX ix_zq_app_notifications_updated_time;
ALTER TABLE zq_app_configs
    DROP INDEX ix_zq_app_configs_created_time,
    DROP INDEX ix_zq_app_configs_updated_time;
ALTER TABLE zq_app_apikeys
    DROP INDEX ix_zq_app_apikeys_created_time,
    DROP INDEX ix_zq_app_apikeys_updated_time;

-- Columns.

ALTER TABLE zq_task_task_executions
    DROP COLUMN progress_percent,
    DROP COLUMN current_item,
    DROP COLUMN total_items,
    DROP COLUMN processed_items,
    DROP COLUMN estimated_end_time,
    DROP COLUMN is_paused,
    DROP COLUMN terminate_requested,
    DROP COLUMN created_by,
    CHANGE COLUMN created_time created_at datetime NOT NULL,
    DROP COLUMN updated_by,
    DROP COLUMN updated_time;
ALTER TABLE zq_task_scheduled_tasks
    DROP COLUMN created_by,
    CHANGE COLUMN created_time created_at datetime NOT NULL,
    DROP COLUMN updated_by,
    CHANGE COLUMN updated_time updated_at datetime NOT NULL;
ALTER TABLE zq_stats_apisync
    DROP COLUMN data_source,
    DROP COLUMN api_interface,
    DROP COLUMN api_data_count,
    DROP COLUMN updated_by,
    DROP COLUMN updated_time;
ALTER TABLE zq_quant_factor_models
    DROP COLUMN created_by,
    CHANGE COLUMN created_time created_at datetime NOT NULL COMMENT '创建时间',
    DROP COLUMN updated_by,
    CHANGE COLUMN updated_time updated_at datetime NOT NULL COMMENT '更新时间';
ALTER TABLE zq_quant_factor_definitions
    DROP COLUMN factor_type,
    DROP COLUMN created_by,
    CHANGE COLUMN created_time created_at datetime NOT NULL COMMENT '创建时间',
    DROP COLUMN updated_by,
    CHANGE COLUMN updated_time updated_at datetime NOT NULL COMMENT '更新时间';
ALTER TABLE zq_quant_factor_configs
    CHANGE COLUMN created_time created_at datetime NOT NULL COMMENT '创建时间',
    CHANGE COLUMN updated_time updated_at datetime NOT NULL COMMENT '更新时间';
ALTER TABLE zq_data_fundamentals
    DROP COLUMN created_by,
    CHANGE COLUMN created_time created_at datetime NOT NULL,
    DROP COLUMN updated_by,
    CHANGE COLUMN updated_time updated_at datetime NOT NULL;
ALTER TABLE zq_backtest_tasks
    DROP COLUMN created_by,
    CHANGE COLUMN created_time created_at datetime NOT NULL,
    DROP COLUMN updated_by,
    CHANGE COLUMN updated_time updated_at datetime NOT NULL;
ALTER TABLE zq_backtest_strategies
    DROP COLUMN created_by,
    CHANGE COLUMN created_time created_at datetime NOT NULL,
    DROP COLUMN updated_by,
    CHANGE COLUMN updated_time updated_at datetime NOT NULL;
ALTER TABLE zq_backtest_results
    DROP COLUMN created_by,
    CHANGE COLUMN created_time created_at datetime NOT NULL,
    DROP COLUMN updated_by,
    DROP COLUMN updated_time;
ALTER TABLE zq_app_users
    DROP COLUMN created_by,
    CHANGE COLUMN created_time created_at datetime NOT NULL,
    DROP COLUMN updated_by,
    CHANGE COLUMN updated_time updated_at datetime NOT NULL;
ALTER TABLE zq_app_roles
    DROP COLUMN created_by,
    CHANGE COLUMN created_time created_at datetime NOT NULL,
    DROP COLUMN updated_by,
    DROP COLUMN updated_time;
ALTER TABLE zq_app_role_permissions
    DROP COLUMN created_by,
    DROP COLUMN created_time,
    DROP COLUMN updated_by,
    DROP COLUMN updated_time;
ALTER TABLE zq_app_permissions
    DROP COLUMN created_by,
    CHANGE COLUMN created_time created_at datetime NOT NULL,
    DROP COLUMN updated_by,
    DROP COLUMN updated_time;
ALTER TABLE zq_app_notifications
    DROP COLUMN created_by,
    CHANGE COLUMN created_time created_at datetime NOT NULL,
    DROP COLUMN updated_by,
    CHANGE COLUMN updated_time updated_at datetime NOT NULL;
ALTER TABLE zq_app_apikeys
    DROP COLUMN created_by,
    CHANGE COLUMN created_time created_at datetime NOT NULL,
    DROP COLUMN updated_by,
    DROP COLUMN updated_time;
ALTER TABLE zq_app_apikeys
    MODIFY COLUMN created_at datetime NOT NULL AFTER last_used_at;
