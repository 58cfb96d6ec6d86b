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

static void digest(const char *definition, const char *code, char *hex)
{
    zq_definition_digest(definition, "zq_x_600001", code, hex);
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
    char base[1024], a[ZQ_DIGEST_HEX], b[ZQ_DIGEST_HEX];

    digest(with_counter(base, sizeof base, ""), NULL, a);
    digest(changed(what, by), NULL, b);
    cr_assert_eq(strcmp(a, b) != 0, changes, "'%s' for '%s'", by, what);
}

Test(fingerprint, leaves_out_the_counter_of_a_running_application)
{
    char text[1024], a[ZQ_DIGEST_HEX], b[ZQ_DIGEST_HEX];

    digest(with_counter(text, sizeof text, ""), NULL, a);
    digest(with_counter(text, sizeof text, " AUTO_INCREMENT=42"), NULL, b);
    cr_assert_str_eq(a, b);
    assert_changes("'AUTO_INCREMENT=5'", "'AUTO_INCREMENT=6'", true);
}

Test(fingerprint, leaves_out_what_a_foreign_key_refers_to_and_nothing_else)
{
    assert_changes("REFERENCES `y` (`b`)", "REFERENCES `y` (`renamed`)", false);
    assert_changes("x_600001_ibfk_1", "x_600001_ibfk_2", true);
    assert_changes("  `a` int", "  `a` bigint", true);
    assert_changes("KEY `ix_zq_x_600001_a` (`a`)", "KEY `ix_zq_x_600001_a` (`id`)", true);
    assert_changes("utf8mb4", "latin1", true);
}

Test(fingerprint, members_of_one_form_have_one_digest)
{
    static const char other[] =
        "CREATE TABLE `zq_x_a_9` (\n"
        "  `id` int NOT NULL AUTO_INCREMENT,\n"
        "  `a` int DEFAULT NULL COMMENT 'AUTO_INCREMENT=5',\n"
        "  PRIMARY KEY (`id`),\n"
        "  KEY `ix_zq_x_a_9_a` (`a`),\n"
        "  CONSTRAINT `x_a_9_ibfk_1` FOREIGN KEY (`a`) REFERENCES `y` (`b`)\n"
        ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";
    char text[1024], a[ZQ_DIGEST_HEX], b[ZQ_DIGEST_HEX];

    digest(with_counter(text, sizeof text, ""), "600001", a);
    zq_definition_digest(other, "zq_x_a_9", "a_9", b);
    cr_assert_str_eq(a, b);
    digest(changed("`a` int", "`a` bigint"), "600001", b);
    cr_assert_str_neq(a, b);
}

Test(fingerprint, a_column_that_is_called_like_the_code_stays_what_it_is)
{
    static const char is_a[] = "CREATE TABLE `zq_x_a` (\n  `a` int\n)";
    static const char is_b[] = "CREATE TABLE `zq_x_b` (\n  `a` int\n)";
    char a[ZQ_DIGEST_HEX], b[ZQ_DIGEST_HEX];

    zq_definition_digest(is_a, "zq_x_a", "a", a);
    zq_definition_digest(is_b, "zq_x_b", "b", b);
    cr_assert_str_eq(a, b);
}

Test(fingerprint, the_order_of_tables_does_not_matter_and_a_missing_one_does)
{
    const char *const names[] = {"b", "a"};
    const char *const sorted[] = {"a", "b"};
    zq_print prints[] = {{"22"}, {"11"}};
    zq_print sorted_prints[] = {{"11"}, {"22"}};
    char x[ZQ_DIGEST_HEX], y[ZQ_DIGEST_HEX];

    zq_prints_digest(names, prints, 2, x);
    zq_prints_digest(sorted, sorted_prints, 2, y);
    cr_assert_str_eq(x, y);
    sorted_prints[0].hex[0] = '\0';
    zq_prints_digest(sorted, sorted_prints, 2, y);
    cr_assert_str_neq(x, y);
}
