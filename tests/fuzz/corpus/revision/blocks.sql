1CREATE TEMPORARY TABLE t (a int);
SET sql_mode = 'NO_BACKSLASH_ESCAPES';
-- zq:batch table=t key=a
UPDATE t SET a = 1 WHERE {range};
-- zq:end
-- zq:family zq_data_tustock_daily
ALTER TABLE {table} ADD c int;
-- zq:end
-- zq:downgrade
