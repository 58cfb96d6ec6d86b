#include "sql/flavor.h"

#include <stdio.h>
#include <string.h>

/* The first releases whose single DDL statements are atomic. */
enum { MYSQL_MIN = 80000, MARIADB_MIN = 100600 };

static const char *const flavor_names[] = {[ZQ_MYSQL] = "mysql", [ZQ_MARIADB] = "mariadb"};

/* MariaDB before 11 put "5.5.5-" before its version, so that old replicas would talk to it
 * (MariaDB Connector/C, mariadb_lib.c). */
static const char *skip_replication_prefix(const char *text)
{
    static const char prefix[] = "5.5.5-";

    return strncmp(text, prefix, sizeof prefix - 1) == 0 ? text + sizeof prefix - 1 : text;
}

zq_rc zq_server_parse(const char *version_text, zq_server *out_server, zq_err *err)
{
    const char *number = skip_replication_prefix(version_text);
    zq_server server = {0};
    unsigned major, minor, patch = 0;

    if (number[0] < '0' || number[0] > '9' ||
        sscanf(number, "%3u.%2u.%2u", &major, &minor, &patch) < 2)
        return zq_fail(err, ZQ_E_SERVER, "'%.60s' is not a version of MySQL or MariaDB",
                       version_text);
    server.flavor = strstr(number, "MariaDB") != NULL ? ZQ_MARIADB : ZQ_MYSQL;
    server.version = major * 10000 + minor * 100 + patch;
    snprintf(server.version_text, sizeof server.version_text, "%s", version_text);
    if (server.version < (server.flavor == ZQ_MARIADB ? MARIADB_MIN : MYSQL_MIN)) {
        zq_fail(err, ZQ_E_SERVER, "the server is %s %u.%u.%u, which is too old",
                server.flavor == ZQ_MARIADB ? "MariaDB" : "MySQL", major, minor, patch);
        zq_err_detail(err, "VERSION() is '%.60s'", version_text);
        return zq_err_hint(err, "upgrade the server to MySQL 8.0 or MariaDB 10.6, or later");
    }
    *out_server = server;
    return ZQ_OK;
}

const char *zq_flavor_name(zq_flavor flavor)
{
    return flavor_names[flavor];
}

const char *zq_session_sql(void)
{
    /* One SET. The time zone is the server's own, so that NOW() is what the application's sessions
     * get. MySQL runs what stands in its version comments, MariaDB leaves those of 50700 and later
     * out (MariaDB documentation, "Comment Syntax"); statistics are never cached, a hidden
     * generated primary key (a server-wide option of MySQL 8.0.30) stays hidden, a limit on
     * the run time of reads does not hold for us, COMMIT only commits, names are sorted by more
     * than what all of them begin with, nobody adds IF EXISTS (MariaDB 10.11 then even refuses IF
     * NOT EXISTS), and a table of which nobody says the engine has transactions. */
    return "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci"
           ", sql_mode = 'STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
           "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'"
           ", time_zone = @@GLOBAL.time_zone, autocommit = 1, foreign_key_checks = 1"
           ", unique_checks = 1, sql_safe_updates = 0, sql_big_selects = 1"
           ", sql_select_limit = 18446744073709551615, sql_quote_show_create = 1"
           ", completion_type = 0, sql_auto_is_null = 0, default_storage_engine = InnoDB"
           ", max_sort_length = 1024"
           " /*!80000 , information_schema_stats_expiry = 0, max_execution_time = 0"
           ", show_create_table_verbosity = 0 */"
           " /*!80030 , show_gipk_in_create_table_and_information_schema = 0 */"
           " /*M!100600 , max_statement_time = 0, sql_if_exists = 0 */"
           " /*M!101000 , explicit_defaults_for_timestamp = 1 */";
}
