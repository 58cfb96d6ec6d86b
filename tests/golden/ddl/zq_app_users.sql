CREATE TABLE `zq_app_users` (
  `id` int NOT NULL AUTO_INCREMENT,
  `username` varchar(50) NOT NULL,
  `email` varchar(100) NOT NULL,
  `hashed_password` varchar(255) NOT NULL,
  `role_id` int NOT NULL,
  `is_active` tinyint(1) NOT NULL,
  `created_by` varchar(50) COMMENT '创建人',
  `created_time` datetime NOT NULL COMMENT '创建时间',
  `updated_by` varchar(50) COMMENT '修改人',
  `updated_time` datetime NOT NULL COMMENT '修改时间',
  PRIMARY KEY (`id`),
  UNIQUE KEY `ix_zq_app_users_email` (`email`),
  KEY `ix_zq_app_users_id` (`id`),
  UNIQUE KEY `ix_zq_app_users_username` (`username`),
  KEY `role_id` (`role_id`),
  CONSTRAINT `zq_app_users_ibfk_1` FOREIGN KEY (`role_id`) REFERENCES `zq_app_roles` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
