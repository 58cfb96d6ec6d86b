CREATE TABLE `zq_app_role_permissions` (
  `role_id` int NOT NULL,
  `permission_id` int NOT NULL,
  `created_by` varchar(50) COMMENT '创建人',
  `created_time` datetime NOT NULL COMMENT '创建时间',
  `updated_by` varchar(50) COMMENT '修改人',
  `updated_time` datetime NOT NULL COMMENT '修改时间',
  PRIMARY KEY (`role_id`,`permission_id`),
  KEY `permission_id` (`permission_id`),
  CONSTRAINT `zq_app_role_permissions_ibfk_1` FOREIGN KEY (`role_id`) REFERENCES `zq_app_roles` (`id`),
  CONSTRAINT `zq_app_role_permissions_ibfk_2` FOREIGN KEY (`permission_id`) REFERENCES `zq_app_permissions` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
