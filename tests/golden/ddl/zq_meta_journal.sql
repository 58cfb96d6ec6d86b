CREATE TABLE `zq_meta_journal` (
  `revision` varchar(64) NOT NULL COMMENT 'revision that is under way',
  `direction` enum('up','down') NOT NULL,
  `step` int unsigned NOT NULL COMMENT '0: an install that is under way',
  `state` enum('started','done') NOT NULL,
  `statement_digest` char(64) COMMENT 'SHA-256 of the statement',
  `before_digest` char(64) COMMENT 'of the touched tables, before',
  `after_digest` char(64) COMMENT 'of the touched tables, after',
  `position` varchar(255) COMMENT 'last key of a batch',
  `token` bigint unsigned NOT NULL COMMENT 'fencing token of the runner',
  `started_time` datetime(3) NOT NULL,
  `done_time` datetime(3),
  PRIMARY KEY (`revision`,`direction`,`step`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
