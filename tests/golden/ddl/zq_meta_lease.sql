CREATE TABLE `zq_meta_lease` (
  `id` tinyint NOT NULL,
  `token` bigint unsigned NOT NULL COMMENT 'counts up with every holder',
  `holder` varchar(255) COMMENT 'program, process and host',
  `server` varchar(255) COMMENT 'server or cluster the lease is for',
  `connection_id` bigint unsigned,
  `purpose` varchar(64),
  `acquired_time` datetime(3),
  `expires_time` datetime(3),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
