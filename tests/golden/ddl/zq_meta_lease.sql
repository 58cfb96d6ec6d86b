CREATE TABLE `zq_meta_lease` (
  `id` tinyint NOT NULL,
  `token` bigint unsigned NOT NULL COMMENT 'counts up with every holder',
  `beat` bigint unsigned NOT NULL COMMENT 'counts up while the holder is alive',
  `holder` varchar(255) COMMENT 'program, process and host; NULL: nobody',
  `server` varchar(255) COMMENT 'server or cluster the lease is for',
  `node` varchar(255) COMMENT 'host and port of the holder''s server',
  `connection_id` bigint unsigned,
  `acquired_time` datetime(3),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
