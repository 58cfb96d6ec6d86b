CREATE TABLE `zq_data_fundamentals` (
  `id` int NOT NULL AUTO_INCREMENT,
  `symbol` varchar(20) NOT NULL,
  `report_date` date NOT NULL,
  `statement_type` varchar(20) NOT NULL,
  `data_json` text NOT NULL,
  `created_by` varchar(50) COMMENT '创建人',
  `created_time` datetime NOT NULL COMMENT '创建时间',
  `updated_by` varchar(50) COMMENT '修改人',
  `updated_time` datetime NOT NULL COMMENT '修改时间',
  PRIMARY KEY (`id`),
  KEY `idx_zq_data_fundamentals_symbol_date` (`symbol`,`report_date`),
  KEY `ix_zq_data_fundamentals_id` (`id`),
  KEY `ix_zq_data_fundamentals_report_date` (`report_date`),
  KEY `ix_zq_data_fundamentals_statement_type` (`statement_type`),
  KEY `ix_zq_data_fundamentals_symbol` (`symbol`),
  UNIQUE KEY `uq_zq_data_fundamentals_symbol_date_type` (`symbol`,`report_date`,`statement_type`),
  CONSTRAINT `zq_data_fundamentals_ibfk_1` FOREIGN KEY (`symbol`) REFERENCES `zq_data_tustock_stockbasic` (`ts_code`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
