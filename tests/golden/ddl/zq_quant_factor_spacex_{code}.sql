CREATE TABLE `zq_quant_factor_spacex_{code}` (
  `id` int NOT NULL AUTO_INCREMENT,
  `ts_code` varchar(10) NOT NULL COMMENT 'TS代码，如：000001.SZ',
  `trade_date` date NOT NULL COMMENT '交易日期',
  `created_by` varchar(50) COMMENT '创建人',
  `created_time` datetime NOT NULL COMMENT '创建时间',
  `updated_by` varchar(50) COMMENT '修改人',
  `updated_time` datetime NOT NULL COMMENT '修改时间',
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_spacex_factor_{code}_ts_code_date` (`ts_code`,`trade_date`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
