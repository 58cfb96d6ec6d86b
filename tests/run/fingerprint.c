#include "run/fingerprint.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const char plain[] =
    "CREATE TABLE `zq_x_600001` (\n"
    "  `id` int NOT NULL AUTO_INCREMENT,\n"
    "  `a` int DEFAULT NULL COMMENT 'AUTO_INCREMENT=5',\n"
    "  PRIMARY KEY (`id`),\n"
    "  KEY `ix_zq_x_600001_a` (`a`),\n"
    "  CONSTRAINT `x_600001_ibfk_1` FOREIGN KEY (`a`) REFERENCES `y` (`b`)\n"
    ") ENGINE=InnoDB%s DEFAULT CHARSET=utf8mb4";

static const char *print_of(const char *definition, zq_flavor flavor)
{
    static zq_fingerprint prints[4];
    static size_t next;
    zq_fingerprint *print = &prints[next++ % ZQ_LEN(prints)];

    zq_fingerprint_definition(definition, strlen(definition), flavor, "zq_x_600001", print);
    cr_assert(zq_fingerprint_is_known(print->hex));
    return print->hex;
}

static char *with_counter(char *out, size_t size, const char *counter)
{
    snprintf(out, size, plain, counter);
    return out;
}

/* The definition with the first `what` replaced by `by`. */
static const char *changed(const char *what, const char *by)
{
    static char text[2048];
    char base[1024];
    char *at = strstr(with_counter(base, sizeof base, ""), what);

    cr_assert_not_null(at, "%s", what);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - base), base, by, at + strlen(what));
    return text;
}

static void assert_changes(const char *what, const char *by, bool changes)
{
    char base[1024];
    const char *a = print_of(with_counter(base, sizeof base, ""), ZQ_MYSQL);
    const char *b = print_of(changed(what, by), ZQ_MYSQL);

    cr_assert_eq(strcmp(a, b) != 0, changes, "'%s' for '%s'", by, what);
}

Test(fingerprint, leaves_out_the_counter_of_a_running_application)
{
    char plain_text[1024], counted[1024];

    cr_assert_str_eq(
        print_of(with_counter(plain_text, sizeof plain_text, ""), ZQ_MYSQL),
        print_of(with_counter(counted, sizeof counted, " AUTO_INCREMENT=42"), ZQ_MYSQL));
    assert_changes("'AUTO_INCREMENT=5'", "'AUTO_INCREMENT=6'", true);
}

Test(fingerprint, leaves_out_what_a_foreign_key_refers_to_and_nothing_else)
{
    assert_changes("REFERENCES `y` (`b`)", "REFERENCES `y` (`renamed`)", false);
    assert_changes("REFERENCES `y` (`b`)", "REFERENCES `renamed` (`b`)", false);
    assert_changes("REFERENCES `y` (`b`)", "REFERENCES `other`.`y` (`b`)", false);
    assert_changes("REFERENCES `y` (`b`)", "REFERENCES `y` (`b`) ON DELETE CASCADE", true);
    assert_changes("x_600001_ibfk_1", "x_600001_ibfk_2", true);
    assert_changes("  `a` int", "  `a` bigint", true);
    assert_changes("KEY `ix_zq_x_600001_a` (`a`)", "KEY `ix_zq_x_600001_a` (`id`)", true);
    assert_changes("utf8mb4", "latin1", true);
}

/* The same table, as each server writes it, at its best and at its worst. */
static const char as_mysql[] =
    "CREATE TABLE `zq_x_600001` (\n"
    "  `id` int NOT NULL AUTO_INCREMENT,\n"
    "  `name` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci DEFAULT NULL,\n"
    "  `face` varchar(20) COLLATE utf8mb4_unicode_ci DEFAULT '\xf0\x9f\x99\x82',\n"
    "  `since` datetime DEFAULT CURRENT_TIMESTAMP,\n"
    "  PRIMARY KEY (`id`),\n"
    "  KEY `b` (`name`),\n"
    "  KEY `a` (`since`),\n"
    "  CONSTRAINT `zq_x_600001_chk_1` CHECK ((`id` > 0))\n"
    ") /*!50100 TABLESPACE `innodb_system` */ ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT "
    "CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci /*!80016 ENCRYPTION='Y' */\n"
    "/*!50100 PARTITION BY RANGE (`id`)\n"
    "(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB) */";
static const char as_mariadb[] =
    "CREATE TABLE `zq_x_600001` (\n"
    "  `id` int(11) NOT NULL AUTO_INCREMENT CHECK (`id` > 0),\n"
    "  `name` varchar(20) DEFAULT NULL,\n"
    "  `face` varchar(20) DEFAULT '?',\n"
    "  `since` datetime DEFAULT current_timestamp(),\n"
    "  PRIMARY KEY (`id`),\n"
    "  KEY `a` (`since`),\n"
    "  KEY `b` (`name`)\n"
    ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci "
    "`PAGE_COMPRESSED`='ON' `ENCRYPTION_KEY_ID`='5'\n"
    " PARTITION BY RANGE (`id`)\n"
    "(PARTITION `p0` VALUES LESS THAN (10) ENGINE = InnoDB)";

Test(fingerprint, is_the_same_on_both_servers_and_after_a_reload)
{
    cr_assert_str_eq(print_of(as_mysql, ZQ_MYSQL), print_of(as_mariadb, ZQ_MARIADB));
}

Test(fingerprint, says_of_which_form_it_is_so_that_another_builds_are_known)
{
    cr_assert(zq_fingerprint_is_known("c2-"
                                      "00"));
    cr_assert_not(zq_fingerprint_is_known("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15"
                                          "b0f00a08"));
}

Test(fingerprint, what_is_not_understood_is_its_words)
{
    cr_assert_str_eq(print_of("CREATE STRANGE `x`  (`a`)", ZQ_MYSQL),
                     print_of("create strange x /* a comment */ (a)", ZQ_MARIADB));
    cr_assert_str_neq(print_of("CREATE STRANGE `x` (`a`)", ZQ_MYSQL),
                      print_of("CREATE STRANGE `x` (`b`)", ZQ_MYSQL));
}

Test(fingerprint, the_order_of_tables_does_not_matter_and_a_missing_one_does)
{
    const char *const names[] = {"b", "a"};
    const char *const sorted[] = {"a", "b"};
    zq_fingerprint prints[] = {{"22"}, {"11"}};
    zq_fingerprint sorted_prints[] = {{"11"}, {"22"}};
    char x[ZQ_DIGEST_HEX], y[ZQ_DIGEST_HEX];

    zq_fingerprints_digest(names, prints, 2, x);
    zq_fingerprints_digest(sorted, sorted_prints, 2, y);
    cr_assert_str_eq(x, y);
    sorted_prints[0].hex[0] = '\0';
    zq_fingerprints_digest(sorted, sorted_prints, 2, y);
    cr_assert_str_neq(x, y);
}
