CREATE TABLE `zq_quant_stock_filter_strategy` (
  `id` int NOT NULL AUTO_INCREMENT,
  `user_id` int NOT NULL COMMENT '用户ID',
  `name` varchar(100) NOT NULL COMMENT '策略名称',
  `description` varchar(500) COMMENT '策略描述',
  `filter_conditions` text COMMENT '筛选条件（JSON格式）',
  `selected_columns` text COMMENT '选中的列（JSON数组）',
  `sort_config` text COMMENT '排序配置（JSON格式，支持多列）',
  `created_by` varchar(50) COMMENT '创建人',
  `created_time` datetime NOT NULL COMMENT '创建时间',
  `updated_by` varchar(50) COMMENT '修改人',
  `updated_time` datetime NOT NULL COMMENT '修改时间',
  PRIMARY KEY (`id`),
  KEY `idx_stock_filter_strategy_user_id` (`user_id`),
  KEY `ix_zq_quant_stock_filter_strategy_id` (`id`),
  KEY `ix_zq_quant_stock_filter_strategy_user_id` (`user_id`),
  UNIQUE KEY `uq_stock_filter_strategy_user_name` (`user_id`,`name`),
  CONSTRAINT `zq_quant_stock_filter_strategy_ibfk_1` FOREIGN KEY (`user_id`) REFERENCES `zq_app_users` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
