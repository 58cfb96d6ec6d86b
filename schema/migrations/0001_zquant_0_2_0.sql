-- revision: 0001
-- revises: base
-- release: 0.2.0
-- title: the tables of zquant 0.2.0
-- created: 2026-11-22T08:30:00Z
-- schema-id: b5301047007f4be49f49f54d1eeaa12694da13e9d71d7833a2499bf04829bccd
--
-- 22 tables. The families (one table for each stock) are not made here: the application makes
-- a member the first time it stores that stock's data. Names of foreign keys, and of the indexes
-- role_id and permission_id, are those a server gives when none is asked for.

-- zq:upgrade

CREATE TABLE zq_app_roles (
    id          int          NOT NULL AUTO_INCREMENT,
    name        varchar(50)  NOT NULL,
    description varchar(255),
    created_at  datetime     NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY ix_zq_app_roles_name (name),
    KEY ix_zq_app_roles_id (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_app_users (
    id              int          NOT NULL AUTO_INCREMENT,
    username        varchar(50)  NOT NULL,
    email           varchar(100) NOT NULL,
    hashed_password varchar(255) NOT NULL,
    role_id         int          NOT NULL,
    is_active       tinyint(1)   NOT NULL,
    created_at      datetime     NOT NULL,
    updated_at      datetime     NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY ix_zq_app_users_email (email),
    UNIQUE KEY ix_zq_app_users_username (username),
    KEY ix_zq_app_users_id (id),
    KEY role_id (role_id),
    CONSTRAINT zq_app_users_ibfk_1 FOREIGN KEY (role_id) REFERENCES zq_app_roles (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_app_apikeys (
    id           int          NOT NULL AUTO_INCREMENT,
    user_id      int          NOT NULL,
    access_key   varchar(64)  NOT NULL,
    secret_key   varchar(128) NOT NULL,
    name         varchar(100),
    is_active    tinyint(1)   NOT NULL,
    last_used_at datetime,
    created_at   datetime     NOT NULL,
    expires_at   datetime,
    PRIMARY KEY (id),
    UNIQUE KEY ix_zq_app_apikeys_access_key (access_key),
    KEY ix_zq_app_apikeys_id (id),
    KEY ix_zq_app_apikeys_user_id (user_id),
    CONSTRAINT zq_app_apikeys_ibfk_1 FOREIGN KEY (user_id) REFERENCES zq_app_users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_app_configs (
    config_key   varchar(100)  NOT NULL COMMENT '配置项键值',
    config_value varchar(2000) COMMENT '配置项值（加密存储）',
    comment      varchar(2000) COMMENT '配置说明',
    created_by   varchar(50)   COMMENT '创建人',
    created_time datetime      NOT NULL COMMENT '创建时间',
    updated_by   varchar(50)   COMMENT '修改人',
    updated_time datetime      NOT NULL COMMENT '修改时间',
    PRIMARY KEY (config_key),
    KEY idx_config_key (config_key),
    KEY ix_zq_app_configs_config_key (config_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_app_notifications (
    id         int          NOT NULL AUTO_INCREMENT,
    user_id    int          NOT NULL,
    type       enum('SYSTEM','STRATEGY','BACKTEST','DATA','WARNING') NOT NULL,
    title      varchar(200) NOT NULL,
    content    text         NOT NULL,
    is_read    tinyint(1)   NOT NULL,
    extra_data text,
    created_at datetime     NOT NULL,
    updated_at datetime     NOT NULL,
    PRIMARY KEY (id),
    KEY idx_zq_app_notifications_user_created (user_id, created_at),
    KEY idx_zq_app_notifications_user_read (user_id, is_read),
    KEY ix_zq_app_notifications_created_at (created_at),
    KEY ix_zq_app_notifications_id (id),
    KEY ix_zq_app_notifications_is_read (is_read),
    KEY ix_zq_app_notifications_type (type),
    KEY ix_zq_app_notifications_user_id (user_id),
    CONSTRAINT zq_app_notifications_ibfk_1 FOREIGN KEY (user_id) REFERENCES zq_app_users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_app_permissions (
    id          int          NOT NULL AUTO_INCREMENT,
    name        varchar(100) NOT NULL,
    resource    varchar(50)  NOT NULL,
    action      varchar(50)  NOT NULL,
    description varchar(255),
    created_at  datetime     NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY ix_zq_app_permissions_name (name),
    KEY ix_zq_app_permissions_id (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_app_role_permissions (
    role_id       int NOT NULL,
    permission_id int NOT NULL,
    PRIMARY KEY (role_id, permission_id),
    KEY permission_id (permission_id),
    CONSTRAINT zq_app_role_permissions_ibfk_1 FOREIGN KEY (role_id) REFERENCES zq_app_roles (id),
    CONSTRAINT zq_app_role_permissions_ibfk_2 FOREIGN KEY (permission_id) REFERENCES zq_app_permissions (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_backtest_strategies (
    id            int          NOT NULL AUTO_INCREMENT,
    user_id       int          NOT NULL,
    name          varchar(100) NOT NULL,
    description   text,
    category      varchar(50),
    code          text         NOT NULL,
    params_schema text,
    is_template   tinyint(1)   NOT NULL,
    created_at    datetime     NOT NULL,
    updated_at    datetime     NOT NULL,
    PRIMARY KEY (id),
    KEY ix_zq_backtest_strategies_category (category),
    KEY ix_zq_backtest_strategies_id (id),
    KEY ix_zq_backtest_strategies_is_template (is_template),
    KEY ix_zq_backtest_strategies_name (name),
    KEY ix_zq_backtest_strategies_user_id (user_id),
    CONSTRAINT zq_backtest_strategies_ibfk_1 FOREIGN KEY (user_id) REFERENCES zq_app_users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_backtest_tasks (
    id            int          NOT NULL AUTO_INCREMENT,
    user_id       int          NOT NULL,
    strategy_id   int,
    strategy_code text         NOT NULL,
    strategy_name varchar(100),
    config_json   text         NOT NULL,
    status        enum('PENDING','RUNNING','COMPLETED','FAILED','CANCELLED') NOT NULL,
    error_message text,
    started_at    datetime,
    completed_at  datetime,
    created_at    datetime     NOT NULL,
    updated_at    datetime     NOT NULL,
    PRIMARY KEY (id),
    KEY ix_zq_backtest_tasks_id (id),
    KEY ix_zq_backtest_tasks_status (status),
    KEY ix_zq_backtest_tasks_strategy_id (strategy_id),
    KEY ix_zq_backtest_tasks_user_id (user_id),
    CONSTRAINT zq_backtest_tasks_ibfk_1 FOREIGN KEY (user_id) REFERENCES zq_app_users (id),
    CONSTRAINT zq_backtest_tasks_ibfk_2 FOREIGN KEY (strategy_id) REFERENCES zq_backtest_strategies (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_backtest_results (
    id                int      NOT NULL AUTO_INCREMENT,
    task_id           int      NOT NULL,
    total_return      double,
    annual_return     double,
    max_drawdown      double,
    sharpe_ratio      double,
    win_rate          double,
    profit_loss_ratio double,
    alpha             double,
    beta              double,
    metrics_json      text,
    trades_json       text,
    portfolio_json    text,
    created_at        datetime NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY ix_zq_backtest_results_task_id (task_id),
    KEY ix_zq_backtest_results_id (id),
    CONSTRAINT zq_backtest_results_ibfk_1 FOREIGN KEY (task_id) REFERENCES zq_backtest_tasks (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_data_tustock_stockbasic (
    ts_code      varchar(10)  NOT NULL COMMENT 'TS代码，如：000001.SZ',
    symbol       varchar(6)   COMMENT '股票代码（6位数字），如：000001',
    name         varchar(50)  NOT NULL COMMENT '股票名称',
    area         varchar(20)  COMMENT '地域',
    industry     varchar(30)  COMMENT '所属行业',
    fullname     varchar(100) COMMENT '股票全称',
    enname       varchar(200) COMMENT '英文全称',
    cnspell      varchar(50)  COMMENT '拼音缩写',
    market       varchar(20)  COMMENT '市场类型',
    exchange     varchar(10)  COMMENT '交易所代码',
    curr_type    varchar(10)  COMMENT '交易货币',
    list_status  varchar(1)   COMMENT '上市状态（L=上市，D=退市，P=暂停）',
    list_date    date         COMMENT '上市日期',
    delist_date  date         COMMENT '退市日期',
    is_hs        varchar(1)   COMMENT '是否沪深港通标的（N=否，H=沪港通，S=深港通）',
    act_name     varchar(100) COMMENT '实控人名称',
    act_ent_type varchar(50)  COMMENT '实控人企业性质',
    created_by   varchar(50)  COMMENT '创建人',
    created_time datetime     NOT NULL COMMENT '创建时间',
    updated_by   varchar(50)  COMMENT '修改人',
    updated_time datetime     NOT NULL COMMENT '修改时间',
    PRIMARY KEY (ts_code),
    KEY ix_zq_data_tustock_stockbasic_market (market),
    KEY ix_zq_data_tustock_stockbasic_symbol (symbol),
    KEY ix_zq_data_tustock_stockbasic_ts_code (ts_code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_data_fundamentals (
    id             int         NOT NULL AUTO_INCREMENT,
    symbol         varchar(20) NOT NULL,
    report_date    date        NOT NULL,
    statement_type varchar(20) NOT NULL,
    data_json      text        NOT NULL,
    created_at     datetime    NOT NULL,
    updated_at     datetime    NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_zq_data_fundamentals_symbol_date_type (symbol, report_date, statement_type),
    KEY idx_zq_data_fundamentals_symbol_date (symbol, report_date),
    KEY ix_zq_data_fundamentals_id (id),
    KEY ix_zq_data_fundamentals_report_date (report_date),
    KEY ix_zq_data_fundamentals_statement_type (statement_type),
    KEY ix_zq_data_fundamentals_symbol (symbol),
    CONSTRAINT zq_data_fundamentals_ibfk_1 FOREIGN KEY (symbol) REFERENCES zq_data_tustock_stockbasic (ts_code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_data_tustock_tradecal (
    id            int         NOT NULL AUTO_INCREMENT,
    exchange      varchar(10) COMMENT '交易所代码：SSE=上交所, SZSE=深交所',
    cal_date      date        NOT NULL COMMENT '日历日期',
    is_open       smallint    COMMENT '是否交易，1=交易日，0=非交易日',
    pretrade_date date        COMMENT '上一交易日',
    created_by    varchar(50) COMMENT '创建人',
    created_time  datetime    NOT NULL COMMENT '创建时间',
    updated_by    varchar(50) COMMENT '修改人',
    updated_time  datetime    NOT NULL COMMENT '修改时间',
    PRIMARY KEY (id),
    UNIQUE KEY uq_tustock_tradecal_exchange_date (exchange, cal_date),
    KEY idx_tustock_tradecal_exchange_date (exchange, cal_date),
    KEY ix_zq_data_tustock_tradecal_cal_date (cal_date),
    KEY ix_zq_data_tustock_tradecal_exchange (exchange),
    KEY ix_zq_data_tustock_tradecal_id (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_quant_factor_definitions (
    id          int          NOT NULL AUTO_INCREMENT,
    factor_name varchar(100) NOT NULL COMMENT '因子名称（唯一标识）',
    cn_name     varchar(100) NOT NULL COMMENT '中文简称',
    en_name     varchar(100) COMMENT '英文简称',
    column_name varchar(100) NOT NULL COMMENT '因子表数据列名',
    description text         COMMENT '因子详细描述',
    enabled     tinyint(1)   NOT NULL COMMENT '是否启用',
    created_at  datetime     NOT NULL COMMENT '创建时间',
    updated_at  datetime     NOT NULL COMMENT '更新时间',
    PRIMARY KEY (id),
    UNIQUE KEY ix_zq_quant_factor_definitions_factor_name (factor_name),
    KEY idx_enabled (enabled),
    KEY idx_factor_name (factor_name),
    KEY ix_zq_quant_factor_definitions_enabled (enabled),
    KEY ix_zq_quant_factor_definitions_id (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_quant_factor_configs (
    factor_id   int         NOT NULL COMMENT '因子ID（主键）',
    config_json text        COMMENT '因子配置（JSON格式）：{"enabled": true, "mappings": [{"model_id": 1, "codes": [...]}]}',
    enabled     tinyint(1)  NOT NULL COMMENT '是否启用',
    created_by  varchar(50) COMMENT '创建人',
    created_at  datetime    NOT NULL COMMENT '创建时间',
    updated_by  varchar(50) COMMENT '修改人',
    updated_at  datetime    NOT NULL COMMENT '更新时间',
    PRIMARY KEY (factor_id),
    KEY idx_enabled (enabled),
    KEY idx_factor_id (factor_id),
    KEY ix_zq_quant_factor_configs_enabled (enabled),
    KEY ix_zq_quant_factor_configs_factor_id (factor_id),
    CONSTRAINT zq_quant_factor_configs_ibfk_1 FOREIGN KEY (factor_id) REFERENCES zq_quant_factor_definitions (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_quant_factor_models (
    id          int          NOT NULL AUTO_INCREMENT,
    factor_id   int          NOT NULL COMMENT '因子ID',
    model_name  varchar(100) NOT NULL COMMENT '模型名称',
    model_code  varchar(50)  NOT NULL COMMENT '模型代码（用于识别计算器类型）',
    config_json text         COMMENT '模型配置（JSON格式）',
    is_default  tinyint(1)   NOT NULL COMMENT '是否默认算法',
    enabled     tinyint(1)   NOT NULL COMMENT '是否启用',
    created_at  datetime     NOT NULL COMMENT '创建时间',
    updated_at  datetime     NOT NULL COMMENT '更新时间',
    PRIMARY KEY (id),
    KEY idx_enabled (enabled),
    KEY idx_factor_id (factor_id),
    KEY idx_is_default (is_default),
    KEY idx_model_code (model_code),
    KEY ix_zq_quant_factor_models_enabled (enabled),
    KEY ix_zq_quant_factor_models_factor_id (factor_id),
    KEY ix_zq_quant_factor_models_id (id),
    KEY ix_zq_quant_factor_models_is_default (is_default),
    CONSTRAINT zq_quant_factor_models_ibfk_1 FOREIGN KEY (factor_id) REFERENCES zq_quant_factor_definitions (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_quant_favorite (
    id            int           NOT NULL AUTO_INCREMENT,
    user_id       int           NOT NULL COMMENT '用户ID',
    fav_datettime datetime      COMMENT '自选日期',
    code          varchar(6)    NOT NULL COMMENT '股票代码（6位数字），如：000001',
    comment       varchar(2000) COMMENT '关注理由',
    created_by    varchar(50)   COMMENT '创建人',
    created_time  datetime      NOT NULL COMMENT '创建时间',
    updated_by    varchar(50)   COMMENT '修改人',
    updated_time  datetime      NOT NULL COMMENT '修改时间',
    PRIMARY KEY (id),
    UNIQUE KEY uq_stock_favorite_user_code (user_id, code),
    KEY idx_stock_favorite_code (code),
    KEY idx_stock_favorite_datettime (fav_datettime),
    KEY idx_stock_favorite_user_id (user_id),
    KEY ix_zq_quant_favorite_code (code),
    KEY ix_zq_quant_favorite_fav_datettime (fav_datettime),
    KEY ix_zq_quant_favorite_id (id),
    KEY ix_zq_quant_favorite_user_id (user_id),
    CONSTRAINT zq_quant_favorite_ibfk_1 FOREIGN KEY (user_id) REFERENCES zq_app_users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_quant_position (
    id            int           NOT NULL AUTO_INCREMENT,
    user_id       int           NOT NULL COMMENT '用户ID',
    code          varchar(6)    NOT NULL COMMENT '股票代码（6位数字），如：000001',
    quantity      double        NOT NULL COMMENT '持仓数量（股数）',
    avg_cost      decimal(10,3) NOT NULL COMMENT '平均成本价（元）',
    buy_date      date          COMMENT '买入日期',
    current_price decimal(10,3) COMMENT '当前价格（元），可从行情数据获取',
    market_value  double        COMMENT '市值（元），quantity * current_price',
    profit        double        COMMENT '盈亏（元），(current_price - avg_cost) * quantity',
    profit_pct    decimal(10,4) COMMENT '盈亏比例（%），(current_price - avg_cost) / avg_cost * 100',
    comment       varchar(2000) COMMENT '备注',
    created_by    varchar(50)   COMMENT '创建人',
    created_time  datetime      NOT NULL COMMENT '创建时间',
    updated_by    varchar(50)   COMMENT '修改人',
    updated_time  datetime      NOT NULL COMMENT '修改时间',
    PRIMARY KEY (id),
    UNIQUE KEY uq_stock_position_user_code (user_id, code),
    KEY idx_stock_position_buy_date (buy_date),
    KEY idx_stock_position_code (code),
    KEY idx_stock_position_user_id (user_id),
    KEY ix_zq_quant_position_buy_date (buy_date),
    KEY ix_zq_quant_position_code (code),
    KEY ix_zq_quant_position_id (id),
    KEY ix_zq_quant_position_user_id (user_id),
    CONSTRAINT zq_quant_position_ibfk_1 FOREIGN KEY (user_id) REFERENCES zq_app_users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_stats_apisync (
    id               bigint       NOT NULL AUTO_INCREMENT COMMENT '日志ID',
    table_name       varchar(100) COMMENT '数据表名',
    operation_type   varchar(20)  COMMENT '操作类型：insert, update, delete, sync等',
    insert_count     bigint       COMMENT '插入记录数',
    update_count     bigint       COMMENT '更新记录数',
    delete_count     bigint       COMMENT '删除记录数',
    operation_result varchar(20)  COMMENT '操作结果：success, failed, partial_success',
    error_message    varchar(500) COMMENT '错误信息',
    start_time       datetime     COMMENT '开始时间',
    end_time         datetime     COMMENT '结束时间',
    duration_seconds float        COMMENT '耗时(秒)',
    created_by       varchar(50)  COMMENT '创建人',
    created_time     datetime     NOT NULL COMMENT '创建时间',
    PRIMARY KEY (id),
    KEY ix_zq_stats_apisync_created_time (created_time),
    KEY ix_zq_stats_apisync_id (id),
    KEY ix_zq_stats_apisync_operation_result (operation_result),
    KEY ix_zq_stats_apisync_operation_type (operation_type),
    KEY ix_zq_stats_apisync_start_time (start_time),
    KEY ix_zq_stats_apisync_table_name (table_name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_stats_statistics (
    stat_date          date         NOT NULL COMMENT '统计日期',
    table_name         varchar(100) NOT NULL COMMENT '表名',
    is_split_table     tinyint(1)   COMMENT '是否分表',
    split_count        int          COMMENT '分表个数',
    total_records      bigint       COMMENT '总记录数',
    daily_records      bigint       COMMENT '日记录数',
    daily_insert_count bigint       COMMENT '日新增记录数',
    daily_update_count bigint       COMMENT '日更新记录数',
    created_by         varchar(50)  COMMENT '创建人',
    created_time       datetime     NOT NULL COMMENT '创建时间',
    updated_by         varchar(50)  COMMENT '修改人',
    updated_time       datetime     NOT NULL COMMENT '修改时间',
    PRIMARY KEY (stat_date, table_name),
    UNIQUE KEY uq_table_statistics_date_name (stat_date, table_name),
    KEY idx_table_statistics_date (stat_date),
    KEY idx_table_statistics_name (table_name),
    KEY ix_zq_stats_statistics_stat_date (stat_date),
    KEY ix_zq_stats_statistics_table_name (table_name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_task_scheduled_tasks (
    id               int          NOT NULL AUTO_INCREMENT,
    name             varchar(100) NOT NULL,
    job_id           varchar(100) NOT NULL,
    task_type        varchar(50)  NOT NULL,
    cron_expression  varchar(100),
    interval_seconds int,
    enabled          tinyint(1)   NOT NULL,
    paused           tinyint(1)   NOT NULL,
    description      text,
    config_json      text,
    max_retries      int          NOT NULL,
    retry_interval   int          NOT NULL,
    created_at       datetime     NOT NULL,
    updated_at       datetime     NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY ix_zq_task_scheduled_tasks_job_id (job_id),
    UNIQUE KEY ix_zq_task_scheduled_tasks_name (name),
    KEY ix_zq_task_scheduled_tasks_enabled (enabled),
    KEY ix_zq_task_scheduled_tasks_id (id),
    KEY ix_zq_task_scheduled_tasks_paused (paused),
    KEY ix_zq_task_scheduled_tasks_task_type (task_type)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE zq_task_task_executions (
    id               int         NOT NULL AUTO_INCREMENT,
    task_id          int         NOT NULL,
    status           varchar(20) NOT NULL,
    start_time       datetime    NOT NULL,
    end_time         datetime,
    duration_seconds int,
    result_json      text,
    error_message    text,
    retry_count      int         NOT NULL,
    created_at       datetime    NOT NULL,
    PRIMARY KEY (id),
    KEY ix_zq_task_task_executions_id (id),
    KEY ix_zq_task_task_executions_start_time (start_time),
    KEY ix_zq_task_task_executions_status (status),
    KEY ix_zq_task_task_executions_task_id (task_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- zq:downgrade
-- Members of families stay: they hold market data, and this revision did not make them.

DROP TABLE zq_task_task_executions;
DROP TABLE zq_task_scheduled_tasks;
DROP TABLE zq_stats_statistics;
DROP TABLE zq_stats_apisync;
DROP TABLE zq_quant_position;
DROP TABLE zq_quant_favorite;
DROP TABLE zq_quant_factor_models;
DROP TABLE zq_quant_factor_configs;
DROP TABLE zq_quant_factor_definitions;
DROP TABLE zq_data_tustock_tradecal;
DROP TABLE zq_data_fundamentals;
DROP TABLE zq_data_tustock_stockbasic;
DROP TABLE zq_backtest_results;
DROP TABLE zq_backtest_tasks;
DROP TABLE zq_backtest_strategies;
DROP TABLE zq_app_role_permissions;
DROP TABLE zq_app_permissions;
DROP TABLE zq_app_notifications;
DROP TABLE zq_app_configs;
DROP TABLE zq_app_apikeys;
DROP TABLE zq_app_users;
DROP TABLE zq_app_roles;
