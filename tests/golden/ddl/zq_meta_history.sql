CREATE TABLE `zq_meta_history` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `revision` varchar(64) NOT NULL COMMENT 'revision after this entry; empty at base',
  `operation` varchar(16) NOT NULL COMMENT 'install, upgrade, downgrade, stamp, adopt',
  `release_name` varchar(32) COMMENT 'release of zquant, where the revision is one',
  `title` varchar(255),
  `checksum` char(64) COMMENT 'SHA-256 of the revision file',
  `schema_id` char(64) COMMENT 'SHA-256 of the canonical form',
  `tool_version` varchar(32) NOT NULL,
  `applied_by` varchar(288) NOT NULL COMMENT 'database account',
  `applied_time` datetime(3) NOT NULL,
  `duration_ms` bigint unsigned,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
