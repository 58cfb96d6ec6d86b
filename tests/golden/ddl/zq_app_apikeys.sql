CREATE TABLE `zq_app_apikeys` (
  `id` int NOT NULL AUTO_INCREMENT,
  `user_id` int NOT NULL,
  `access_key` varchar(64) NOT NULL,
  `secret_key` varchar(128) NOT NULL,
  `name` varchar(100),
  `is_active` tinyint(1) NOT NULL,
  `last_used_at` datetime,
  `expires_at` datetime,
  `created_by` varchar(50) COMMENT '创建人',
  `created_time` datetime NOT NULL COMMENT '创建时间',
  `updated_by` varchar(50) COMMENT '修改人',
  `updated_time` datetime NOT NULL COMMENT '修改时间',
  PRIMARY KEY (`id`),
  UNIQUE KEY `ix_zq_app_apikeys_access_key` (`access_key`),
  KEY `ix_zq_app_apikeys_id` (`id`),
  KEY `ix_zq_app_apikeys_user_id` (`user_id`),
  CONSTRAINT `zq_app_apikeys_ibfk_1` FOREIGN KEY (`user_id`) REFERENCES `zq_app_users` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
