CREATE TABLE `zq_data_tustock_tradecal` (
  `id` int NOT NULL AUTO_INCREMENT,
  `exchange` varchar(10) COMMENT '交易所代码：SSE=上交所, SZSE=深交所',
  `cal_date` date NOT NULL COMMENT '日历日期',
  `is_open` smallint COMMENT '是否交易，1=交易日，0=非交易日',
  `pretrade_date` date COMMENT '上一交易日',
  `created_by` varchar(50) COMMENT '创建人',
  `created_time` datetime NOT NULL COMMENT '创建时间',
  `updated_by` varchar(50) COMMENT '修改人',
  `updated_time` datetime NOT NULL COMMENT '修改时间',
  PRIMARY KEY (`id`),
  KEY `idx_tustock_tradecal_exchange_date` (`exchange`,`cal_date`),
  KEY `ix_zq_data_tustock_tradecal_cal_date` (`cal_date`),
  KEY `ix_zq_data_tustock_tradecal_exchange` (`exchange`),
  KEY `ix_zq_data_tustock_tradecal_id` (`id`),
  UNIQUE KEY `uq_tustock_tradecal_exchange_date` (`exchange`,`cal_date`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
