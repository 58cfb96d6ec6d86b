CREATE TABLE `zq_quant_factor_configs` (
  `factor_id` int NOT NULL COMMENT '因子ID（主键）',
  `config_json` text COMMENT '因子配置（JSON格式）：{"enabled": true, "mappings": [{"model_id": 1, "codes": [...]}]}',
  `enabled` tinyint(1) NOT NULL COMMENT '是否启用',
  `created_by` varchar(50) COMMENT '创建人',
  `created_time` datetime NOT NULL COMMENT '创建时间',
  `updated_by` varchar(50) COMMENT '修改人',
  `updated_time` datetime NOT NULL COMMENT '修改时间',
  PRIMARY KEY (`factor_id`),
  KEY `idx_enabled` (`enabled`),
  KEY `idx_factor_id` (`factor_id`),
  KEY `ix_zq_quant_factor_configs_enabled` (`enabled`),
  KEY `ix_zq_quant_factor_configs_factor_id` (`factor_id`),
  CONSTRAINT `zq_quant_factor_configs_ibfk_1` FOREIGN KEY (`factor_id`) REFERENCES `zq_quant_factor_definitions` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
