CREATE TABLE `zq_meta_seeds` (
  `kind` varchar(16) NOT NULL COMMENT 'role, permission, grant, digest',
  `role_name` varchar(50) NOT NULL,
  `permission_name` varchar(100) NOT NULL,
  `content` varchar(1024) NOT NULL COMMENT 'what was applied, or the digest',
  PRIMARY KEY (`kind`,`role_name`,`permission_name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
