CREATE TABLE `zq_app_configs` (
  `config_key` varchar(100) NOT NULL COMMENT '配置项键值',
  `config_value` varchar(2000) COMMENT '配置项值（加密存储）',
  `comment` varchar(2000) COMMENT '配置说明',
  `created_by` varchar(50) COMMENT '创建人',
  `created_time` datetime NOT NULL COMMENT '创建时间',
  `updated_by` varchar(50) COMMENT '修改人',
  `updated_time` datetime NOT NULL COMMENT '修改时间',
  PRIMARY KEY (`config_key`),
  KEY `idx_config_key` (`config_key`),
  KEY `ix_zq_app_configs_config_key` (`config_key`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
