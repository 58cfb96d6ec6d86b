-- revision: 0003
-- revises: 0002
-- release: 0.4.0
-- title: columns of the stock filter results, fewer indexes
-- created: 2026-11-22T08:32:00Z
-- schema-id: 03407facfafbddece8ba42ace246bacc2b7b0669f5772188436390faf8da7ceb
--
-- The indexes on created_time and updated_time that 0002 made go again, on the members of the
-- families too; zq_quant_factor_spacex keeps its primary and its unique key only. The results of
-- stock filters gain 22 columns, which are NULL in the rows that are there.

-- zq:upgrade

ALTER TABLE zq_app_apikeys
    DROP INDEX ix_zq_app_apikeys_created_time,
    DROP INDEX ix_zq_app_apikeys_updated_time;

ALTER TABLE zq_app_configs
    DROP INDEX ix_zq_app_configs_created_time,
    DROP INDEX ix_zq_app_configs_updated_time;

ALTER TABLE zq_app_notifications
    DROP INDEX ix_zq_app_notifications_created_time,
    DROP INDEX ix_zq_app_notifications_updated_time;

ALTER TABLE zq_app_permissions
    DROP INDEX ix_zq_app_permissions_created_time,
    DROP INDEX ix_zq_app_permissions_updated_time;

ALTER TABLE zq_app_role_permissions
    DROP INDEX ix_zq_app_role_permissions_created_time,
    DROP INDEX ix_zq_app_role_permissions_updated_time;

ALTER TABLE zq_app_roles
    DROP INDEX ix_zq_app_roles_created_time,
    DROP INDEX ix_zq_app_roles_updated_time;

ALTER TABLE zq_app_users
    DROP INDEX ix_zq_app_users_created_time,
    DROP INDEX ix_zq_app_users_updated_time;

ALTER TABLE zq_backtest_results
    DROP INDEX ix_zq_backtest_results_created_time,
    DROP INDEX ix_zq_backtest_results_updated_time;

ALTER TABLE zq_backtest_strategies
    DROP INDEX ix_zq_backtest_strategies_created_time,
    DROP INDEX ix_zq_backtest_strategies_updated_time;

ALTER TABLE zq_backtest_tasks
    DROP INDEX ix_zq_backtest_tasks_created_time,
    DROP INDEX ix_zq_backtest_tasks_updated_time;

ALTER TABLE zq_data_fundamentals
    DROP INDEX ix_zq_data_fundamentals_created_time,
    DROP INDEX ix_zq_data_fundamentals_updated_time;

ALTER TABLE zq_data_hsl_choice
    DROP INDEX ix_zq_data_hsl_choice_created_time,
    DROP INDEX ix_zq_data_hsl_choice_updated_time;

ALTER TABLE zq_data_tustock_stockbasic
    DROP INDEX ix_zq_data_tustock_stockbasic_created_time,
    DROP INDEX ix_zq_data_tustock_stockbasic_updated_time;

ALTER TABLE zq_data_tustock_tradecal
    DROP INDEX ix_zq_data_tustock_tradecal_created_time,
    DROP INDEX ix_zq_data_tustock_tradecal_updated_time;

ALTER TABLE zq_quant_factor_configs
    DROP INDEX ix_zq_quant_factor_configs_created_time,
    DROP INDEX ix_zq_quant_factor_configs_updated_time;

ALTER TABLE zq_quant_factor_definitions
    DROP INDEX ix_zq_quant_factor_definitions_created_time,
    DROP INDEX ix_zq_quant_factor_definitions_updated_time;

ALTER TABLE zq_quant_factor_models
    DROP INDEX ix_zq_quant_factor_models_created_time,
    DROP INDEX ix_zq_quant_factor_models_updated_time;

ALTER TABLE zq_quant_favorite
    DROP INDEX ix_zq_quant_favorite_created_time,
    DROP INDEX ix_zq_quant_favorite_updated_time;

ALTER TABLE zq_quant_position
    DROP INDEX ix_zq_quant_position_created_time,
    DROP INDEX ix_zq_quant_position_updated_time;

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
    DROP INDEX ix_zq_stats_apisync_created_time,
    DROP INDEX ix_zq_stats_apisync_updated_time;

ALTER TABLE zq_stats_statistics
    DROP INDEX ix_zq_stats_statistics_created_time,
    DROP INDEX ix_zq_stats_statistics_updated_time;

ALTER TABLE zq_task_scheduled_tasks
    DROP INDEX ix_zq_task_scheduled_tasks_created_time,
    DROP INDEX ix_zq_task_scheduled_tasks_updated_time;

ALTER TABLE zq_task_task_executions
    DROP INDEX ix_zq_task_task_executions_created_time,
    DROP INDEX ix_zq_task_task_executions_updated_time;

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
    DROP INDEX idx_spacex_factor_{code}_trade_date_code,
    DROP INDEX ix_{table}_created_time,
    DROP INDEX ix_{table}_id,
    DROP INDEX ix_{table}_trade_date,
    DROP INDEX ix_{table}_ts_code,
    DROP INDEX ix_{table}_updated_time;
-- zq:end

-- zq:downgrade

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
    ADD INDEX idx_spacex_factor_{code}_trade_date_code (ts_code, trade_date),
    ADD INDEX ix_{table}_created_time (created_time),
    ADD INDEX ix_{table}_id (id),
    ADD INDEX ix_{table}_trade_date (trade_date),
    ADD INDEX ix_{table}_ts_code (ts_code),
    ADD INDEX ix_{table}_updated_time (updated_time);
-- zq:end

ALTER TABLE zq_task_task_executions
    ADD INDEX ix_zq_task_task_executions_created_time (created_time),
    ADD INDEX ix_zq_task_task_executions_updated_time (updated_time);

ALTER TABLE zq_task_scheduled_tasks
    ADD INDEX ix_zq_task_scheduled_tasks_created_time (created_time),
    ADD INDEX ix_zq_task_scheduled_tasks_updated_time (updated_time);

ALTER TABLE zq_stats_statistics
    ADD INDEX ix_zq_stats_statistics_created_time (created_time),
    ADD INDEX ix_zq_stats_statistics_updated_time (updated_time);

ALTER TABLE zq_stats_apisync
    ADD INDEX ix_zq_stats_apisync_created_time (created_time),
    ADD INDEX ix_zq_stats_apisync_updated_time (updated_time);

ALTER TABLE zq_quant_stock_filter_strategy
    ADD INDEX ix_zq_quant_stock_filter_strategy_created_time (created_time),
    ADD INDEX ix_zq_quant_stock_filter_strategy_updated_time (updated_time);

ALTER TABLE zq_quant_stock_filter_result
    DROP COLUMN ma5_tr,
    DROP COLUMN ma10_tr,
    DROP COLUMN ma20_tr,
    DROP COLUMN ma30_tr,
    DROP COLUMN ma60_tr,
    DROP COLUMN ma90_tr,
    DROP COLUMN theday_turnover_volume,
    DROP COLUMN total5_turnover_volume,
    DROP COLUMN total10_turnover_volume,
    DROP COLUMN total20_turnover_volume,
    DROP COLUMN total30_turnover_volume,
    DROP COLUMN total60_turnover_volume,
    DROP COLUMN total90_turnover_volume,
    DROP COLUMN theday_xcross,
    DROP COLUMN total5_xcross,
    DROP COLUMN total10_xcross,
    DROP COLUMN total20_xcross,
    DROP COLUMN total30_xcross,
    DROP COLUMN total60_xcross,
    DROP COLUMN total90_xcross,
    DROP COLUMN halfyear_active_times,
    DROP COLUMN halfyear_hsl_times;
ALTER TABLE zq_quant_stock_filter_result
    ADD INDEX ix_zq_quant_stock_filter_result_created_time (created_time),
    ADD INDEX ix_zq_quant_stock_filter_result_updated_time (updated_time);

ALTER TABLE zq_quant_position
    ADD INDEX ix_zq_quant_position_created_time (created_time),
    ADD INDEX ix_zq_quant_position_updated_time (updated_time);

ALTER TABLE zq_quant_favorite
    ADD INDEX ix_zq_quant_favorite_created_time (created_time),
    ADD INDEX ix_zq_quant_favorite_updated_time (updated_time);

ALTER TABLE zq_quant_factor_models
    ADD INDEX ix_zq_quant_factor_models_created_time (created_time),
    ADD INDEX ix_zq_quant_factor_models_updated_time (updated_time);

ALTER TABLE zq_quant_factor_definitions
    ADD INDEX ix_zq_quant_factor_definitions_created_time (created_time),
    ADD INDEX ix_zq_quant_factor_definitions_updated_time (updated_time);

ALTER TABLE zq_quant_factor_configs
    ADD INDEX ix_zq_quant_factor_configs_created_time (created_time),
    ADD INDEX ix_zq_quant_factor_configs_updated_time (updated_time);

ALTER TABLE zq_data_tustock_tradecal
    ADD INDEX ix_zq_data_tustock_tradecal_created_time (created_time),
    ADD INDEX ix_zq_data_tustock_tradecal_updated_time (updated_time);

ALTER TABLE zq_data_tustock_stockbasic
    ADD INDEX ix_zq_data_tustock_stockbasic_created_time (created_time),
    ADD INDEX ix_zq_data_tustock_stockbasic_updated_time (updated_time);

ALTER TABLE zq_data_hsl_choice
    ADD INDEX ix_zq_data_hsl_choice_created_time (created_time),
    ADD INDEX ix_zq_data_hsl_choice_updated_time (updated_time);

ALTER TABLE zq_data_fundamentals
    ADD INDEX ix_zq_data_fundamentals_created_time (created_time),
    ADD INDEX ix_zq_data_fundamentals_updated_time (updated_time);

ALTER TABLE zq_backtest_tasks
    ADD INDEX ix_zq_backtest_tasks_created_time (created_time),
    ADD INDEX ix_zq_backtest_tasks_updated_time (updated_time);

ALTER TABLE zq_backtest_strategies
    ADD INDEX ix_zq_backtest_strategies_created_time (created_time),
    ADD INDEX ix_zq_backtest_strategies_updated_time (updated_time);

ALTER TABLE zq_backtest_results
    ADD INDEX ix_zq_backtest_results_created_time (created_time),
    ADD INDEX ix_zq_backtest_results_updated_time (updated_time);

ALTER TABLE zq_app_users
    ADD INDEX ix_zq_app_users_created_time (created_time),
    ADD INDEX ix_zq_app_users_updated_time (updated_time);

ALTER TABLE zq_app_roles
    ADD INDEX ix_zq_app_roles_created_time (created_time),
    ADD INDEX ix_zq_app_roles_updated_time (updated_time);

ALTER TABLE zq_app_role_permissions
    ADD INDEX ix_zq_app_role_permissions_created_time (created_time),
    ADD INDEX ix_zq_app_role_permissions_updated_time (updated_time);

ALTER TABLE zq_app_permissions
    ADD INDEX ix_zq_app_permissions_created_time (created_time),
    ADD INDEX ix_zq_app_permissions_updated_time (updated_time);

ALTER TABLE zq_app_notifications
    ADD INDEX ix_zq_app_notifications_created_time (created_time),
    ADD INDEX ix_zq_app_notifications_updated_time (updated_time);

ALTER TABLE zq_app_configs
    ADD INDEX ix_zq_app_configs_created_time (created_time),
    ADD INDEX ix_zq_app_configs_updated_time (updated_time);

ALTER TABLE zq_app_apikeys
    ADD INDEX ix_zq_app_apikeys_created_time (created_time),
    ADD INDEX ix_zq_app_apikeys_updated_time (updated_time);
