CREATE TABLE `zq_data_hsl_choice` (
  `id` int NOT NULL AUTO_INCREMENT,
  `trade_date` date NOT NULL COMMENT '交易日期',
  `ts_code` varchar(20) NOT NULL COMMENT 'TS代码',
  `code` varchar(6) NOT NULL COMMENT '股票代码（6位数字）',
  `name` varchar(50) COMMENT '股票名称',
  `created_by` varchar(50) COMMENT '创建人',
  `created_time` datetime NOT NULL COMMENT '创建时间',
  `updated_by` varchar(50) COMMENT '修改人',
  `updated_time` datetime NOT NULL COMMENT '修改时间',
  PRIMARY KEY (`id`),
  KEY `ix_zq_data_hsl_choice_id` (`id`),
  KEY `ix_zq_data_hsl_choice_trade_date` (`trade_date`),
  KEY `ix_zq_data_hsl_choice_ts_code` (`ts_code`),
  UNIQUE KEY `uq_hsl_choice_date_code` (`trade_date`,`ts_code`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
