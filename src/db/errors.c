#include "db/errors.h"

#include "base/language.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Numbers below 2000 and above 3000 are the server's (MySQL "Server Error Message Reference",
 * MariaDB "MariaDB Error Codes"), those in the 2000s and 5000s the client libraries' (errmsg.h). */
typedef struct rule {
    unsigned number;
    zq_rc code;
    const char *words; /* NULL: from the server's own words */
    const char *hint;
} rule;

#define CHECK_PASSWORD "check --user and --password-file"
#define GRANT_IT "grant what is missing, see 'zquant-init grants'"
#define WAIT_FOR_IT "start the server, or wait for it with --wait 30"

static const rule connect_rules[] = {
    {1040, ZQ_E_UNAVAILABLE, "too many connections", "wait for a free one with --wait 30"},
    {1043, ZQ_E_UNAVAILABLE, "the handshake failed", WAIT_FOR_IT},
    {1045, ZQ_E_DENIED, "access denied", CHECK_PASSWORD},
    {1047, ZQ_E_UNAVAILABLE, "the cluster node is not ready", "wait for it with --wait 30"},
    {1053, ZQ_E_UNAVAILABLE, "the server is shutting down", WAIT_FOR_IT},
    {1129, ZQ_E_DENIED, "the server blocks this host after many failed connections",
     "let a DBA run 'FLUSH HOSTS' or 'TRUNCATE performance_schema.host_cache'"},
    {1130, ZQ_E_DENIED, "no account may connect from this host",
     "create the account for this host, see 'zquant-init grants'"},
    {1152, ZQ_E_UNAVAILABLE, "the server ended the connection", WAIT_FOR_IT},
    {1158, ZQ_E_UNAVAILABLE, "the connection was lost", WAIT_FOR_IT},
    {1159, ZQ_E_UNAVAILABLE, "the connection was lost", WAIT_FOR_IT},
    {1160, ZQ_E_UNAVAILABLE, "the connection was lost", WAIT_FOR_IT},
    {1161, ZQ_E_UNAVAILABLE, "the connection was lost", WAIT_FOR_IT},
    {1203, ZQ_E_UNAVAILABLE, "too many connections of this user",
     "wait for a free one with --wait 30"},
    {1226, ZQ_E_UNAVAILABLE, "a limit of this user is reached", "wait with --wait 30"},
    {1227, ZQ_E_DENIED, "access denied", CHECK_PASSWORD},
    {1251, ZQ_E_CONFIG, "the client library does not know the account's way to log in",
     "let the account use caching_sha2_password or mysql_native_password"},
    {1275, ZQ_E_CONFIG, "the account has a password of an old format",
     "let a DBA set the password again"},
    {1524, ZQ_E_CONFIG, "the server does not have the account's plugin",
     "let a DBA change how the account logs in"},
    {1698, ZQ_E_DENIED, "access denied", CHECK_PASSWORD},
    {1820, ZQ_E_DENIED, "the password has expired", "let a DBA set it again"},
    {1862, ZQ_E_DENIED, "the password has expired", "let a DBA set it again"},
    {1927, ZQ_E_UNAVAILABLE, "the server ended the connection", WAIT_FOR_IT},
    {2002, ZQ_E_UNAVAILABLE, NULL, WAIT_FOR_IT},
    {2003, ZQ_E_UNAVAILABLE, NULL, WAIT_FOR_IT},
    {2004, ZQ_E_UNAVAILABLE, NULL, WAIT_FOR_IT},
    {2005, ZQ_E_UNAVAILABLE, "unknown host", "check --host, or wait for it with --wait 30"},
    {2006, ZQ_E_UNAVAILABLE, "the connection was lost", WAIT_FOR_IT},
    {2007, ZQ_E_CONFIG, "the peer is not a MySQL or MariaDB server", "check --host and --port"},
    {2012, ZQ_E_UNAVAILABLE, "the handshake failed", WAIT_FOR_IT},
    {2013, ZQ_E_UNAVAILABLE, "the connection was lost", WAIT_FOR_IT},
    {2026, ZQ_E_CONFIG, "TLS failed", "check --tls and --tls-ca"},
    {2049, ZQ_E_CONFIG, "the account has a password of an old format",
     "let a DBA set the password again"},
    {2055, ZQ_E_UNAVAILABLE, "the connection was lost", WAIT_FOR_IT},
    {2059, ZQ_E_CONFIG, "the client library does not know the account's way to log in",
     "let the account use caching_sha2_password or mysql_native_password"},
    {2061, ZQ_E_CONFIG, "the account's way to log in needs a safe connection",
     "use --tls required, or a socket"},
    {3032, ZQ_E_UNAVAILABLE, "the server is in offline mode", "wait for it with --wait 30"},
    {3118, ZQ_E_DENIED, "the account is locked", "let a DBA unlock it"},
    {3159, ZQ_E_CONFIG, "the server wants TLS", "use --tls required"},
    {3955, ZQ_E_DENIED, "the account is locked after wrong passwords", "let a DBA unlock it"},
    {4031, ZQ_E_UNAVAILABLE, "the server ended the connection", WAIT_FOR_IT},
    {4151, ZQ_E_DENIED, "the account is locked", "let a DBA unlock it"},
    {5012, ZQ_E_CONFIG, "the client library does not know the account's way to log in",
     "let the account use caching_sha2_password or mysql_native_password"},
    {5013, ZQ_E_UNAVAILABLE, "the connection was lost", WAIT_FOR_IT},
    {5014, ZQ_E_UNAVAILABLE, "the connection was lost", WAIT_FOR_IT},
};

#define LOST_WORDS "the connection to the server was lost"
#define LOST_HINT "run it again when the server answers"
#define READ_ONLY_WORDS "the server is read only"
#define READ_ONLY_HINT                                                                         \
    "if the server is a replica, connect to the primary; else run this again once it accepts " \
    "writes"

#define PACKET_WORDS "the statement is longer than max_allowed_packet"
#define PACKET_HINT \
    "let a DBA raise max_allowed_packet, or write a statement of your own as several"

#define FULL_WORDS "the server has no room left"
#define FULL_HINT "make room on the server's disk, then run it again"

/* Where a server was killed, or somebody copied files, and its own clean-up missed one. */
#define STRAY_WORDS \
    "a file without its table is in the way, and has to be moved out of the database's directory"
/* InnoDB has read of the table that it is corrupted, and lets nobody change it: as after a server
 * that died in the middle of an ALTER without a copy (MDEV-37467). The statement has not begun. */
#define DAMAGED_WORDS \
    "the server cannot open the table, which may be damaged: its error log says why"

static const rule statement_rules[] = {
    {1021, ZQ_E_SERVER, FULL_WORDS, FULL_HINT},
    {1044, ZQ_E_DENIED, "access denied", GRANT_IT},
    {1045, ZQ_E_DENIED, "access denied", GRANT_IT},
    {1047, ZQ_E_UNAVAILABLE, "the cluster node is not ready", "run it again when it is"},
    {1053, ZQ_E_LOST, "the server is shutting down", LOST_HINT},
    {1114, ZQ_E_SERVER, FULL_WORDS, FULL_HINT},
    {1142, ZQ_E_DENIED, "access denied", GRANT_IT},
    {1143, ZQ_E_DENIED, "access denied", GRANT_IT},
    {1152, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
    {1153, ZQ_E_SERVER, PACKET_WORDS, PACKET_HINT},
    {1158, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
    {1159, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
    {1160, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
    {1161, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
    {1177, ZQ_E_SERVER, DAMAGED_WORDS, NULL},
    {1180, ZQ_E_LOCKED, "the server could not commit", "run it again"},
    {1205, ZQ_E_LOCKED, "a lock was held too long by another", "run it again"},
    {1213, ZQ_E_LOCKED, "a deadlock with another", "run it again"},
    {1227, ZQ_E_DENIED, "access denied", GRANT_IT},
    {1370, ZQ_E_DENIED, "access denied", GRANT_IT},
    {1410, ZQ_E_DENIED, "access denied", GRANT_IT},
    {1419, ZQ_E_DENIED, "access denied", GRANT_IT},
    {1792, ZQ_E_READ_ONLY, "transactions on this server are read only", READ_ONLY_HINT},
    {1813, ZQ_E_SERVER, STRAY_WORDS, NULL},
    {1820, ZQ_E_DENIED, "the password has expired", "let a DBA set it again"},
    {1836, ZQ_E_READ_ONLY, READ_ONLY_WORDS, READ_ONLY_HINT},
    {1927, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
    {2006, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
    {2013, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
    {2014, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
    {2020, ZQ_E_SERVER, PACKET_WORDS, PACKET_HINT},
    {2026, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
    {2027, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
    {2055, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
    {3032, ZQ_E_LOST, "the server is in offline mode", LOST_HINT},
    {3101, ZQ_E_LOCKED, "a conflict with a change on another node", "run it again"},
    {3169, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
    {3572, ZQ_E_LOCKED, "a lock is held by another", "run it again"},
    {3675, ZQ_E_SERVER, FULL_WORDS, FULL_HINT},
    {4031, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
    {5013, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
    {5014, ZQ_E_LOST, LOST_WORDS, LOST_HINT},
};

/* What callers ask about. */
static const struct {
    unsigned number;
    zq_cause cause;
} causes[] = {
    {1044, ZQ_CAUSE_DATABASE_DENIED},
    {1049, ZQ_CAUSE_NO_DATABASE},
    {1051, ZQ_CAUSE_NO_TABLE_TO_DROP},
    {1054, ZQ_CAUSE_NO_COLUMN},
    {1060, ZQ_CAUSE_DUPLICATE_COLUMN},
    {1061, ZQ_CAUSE_DUPLICATE_NAME}, /* of a key */
    {1062, ZQ_CAUSE_DUPLICATE_ROW},
    {1064, ZQ_CAUSE_BAD_TEXT},       /* syntax */
    {1068, ZQ_CAUSE_DUPLICATE_NAME}, /* a second primary key */
    {1091, ZQ_CAUSE_NOTHING_TO_DROP},
    {1115, ZQ_CAUSE_BAD_TEXT}, /* unknown charset */
    {1142, ZQ_CAUSE_TABLE_DENIED},
    {1143, ZQ_CAUSE_COLUMN_DENIED},
    {1146, ZQ_CAUSE_NO_TABLE},
    {1149, ZQ_CAUSE_BAD_TEXT}, /* syntax */
    {1176, ZQ_CAUSE_NO_KEY},
    {1180, ZQ_CAUSE_GAVE_WAY},
    {1193, ZQ_CAUSE_BAD_TEXT}, /* unknown system variable */
    {1203, ZQ_CAUSE_USER_LIMIT},
    {1213, ZQ_CAUSE_GAVE_WAY},
    {1226, ZQ_CAUSE_USER_LIMIT},
    {1242, ZQ_CAUSE_MANY_ROWS},
    {1273, ZQ_CAUSE_BAD_TEXT}, /* unknown collation */
    {1280, ZQ_CAUSE_BAD_INDEX_NAME},
    {1295, ZQ_CAUSE_NOT_PREPARED},
    {1356, ZQ_CAUSE_BAD_VIEW},
    {1360, ZQ_CAUSE_NO_OBJECT}, /* a trigger */
    {1396, ZQ_CAUSE_BAD_ACCOUNT},
    {1826, ZQ_CAUSE_DUPLICATE_NAME}, /* of a foreign key; MariaDB: of any constraint */
    {1845, ZQ_CAUSE_NOT_THAT_WAY},
    {1846, ZQ_CAUSE_NOT_THAT_WAY},
    {3101, ZQ_CAUSE_GAVE_WAY},
    {3822, ZQ_CAUSE_DUPLICATE_NAME}, /* of a check */
    {4089, ZQ_CAUSE_NO_OBJECT},      /* MariaDB: not a sequence */
    {4092, ZQ_CAUSE_NOT_THAT_WAY},   /* no more INSTANT on this table without a rebuild */
    {4161, ZQ_CAUSE_BAD_TEXT},       /* unknown data type */
};

static zq_cause find_cause(unsigned number)
{
    for (size_t i = 0; i < ZQ_LEN(causes); i++) {
        if (causes[i].number == number)
            return causes[i].cause;
    }
    return ZQ_CAUSE_OTHER;
}

static const rule *find_rule(const rule *rules, size_t n, unsigned number)
{
    for (size_t i = 0; i < n; i++) {
        if (rules[i].number == number)
            return &rules[i];
    }
    return NULL;
}

/* The system's reason: both libraries end such a message in its number, "(111)" or "(111 "...")".
 */
static void add_system_words(char *out, size_t size, const char *words)
{
    const char *open = strrchr(words, '(');
    const int number = open != NULL ? atoi(open + 1) : 0;
    const char *reason = number > 0 ? strerror(number) : "nobody answers";

    /* MariaDB's connector says so for every connection that was refused. */
    if (number == EINPROGRESS)
        reason = "nobody answers";
    snprintf(out, size, "%c%s", tolower((unsigned char)reason[0]), reason + 1);
}

static void fill(zq_err *err, const zq_server_error *error)
{
    if (err == NULL)
        return;
    err->server_errno = error->number;
    err->cause = find_cause(error->number);
    snprintf(err->sqlstate, sizeof err->sqlstate, "%s", error->sqlstate);
    zq_err_detail(err, "%s (%u)", error->words, error->number);
}

/* A disk that is full comes with many numbers; so the system's words tell, and the engine's. */
static bool is_full(const char *words)
{
    return strcasestr(words, "no space left on device") != NULL ||
           strcasestr(words, "no more room in record file") != NULL;
}

/* MariaDB says 1005 of all that keeps it from making a table; the number behind it tells. */
static bool is_stray(const zq_server_error *error)
{
    return error->number == 1005 && strstr(error->words, "(errno: 184 ") != NULL;
}

zq_rc zq_errors_fail_statement(zq_err *err, const zq_server_error *error)
{
    const unsigned number = is_stray(error) ? 1813 : error->number;
    const rule *found = find_rule(statement_rules, ZQ_LEN(statement_rules), number);
    static const rule other = {0, ZQ_E_SERVER, "the server refused the statement", NULL};
    /* ER_OPTION_PREVENTS_STATEMENT: --read-only, --super-read-only, --innodb-read-only ... */
    static const rule read_only = {1290, ZQ_E_READ_ONLY, READ_ONLY_WORDS, READ_ONLY_HINT};

    if (found == NULL)
        found = is_full(error->words) ? find_rule(statement_rules, ZQ_LEN(statement_rules), 1114)
                                      : &other;
    if (error->number == read_only.number && strcasestr(error->words, "read") != NULL &&
        strcasestr(error->words, "only") != NULL)
        found = &read_only;
    zq_fail(err, found->code, "%s", found->words);
    fill(err, error);
    if (found->hint != NULL)
        zq_err_hint(err, "%s", found->hint);
    return found->code;
}

/* A server that goes down in the middle of the TLS handshake is one to wait for. */
static bool is_broken_off(const char *words)
{
    return strcasestr(words, "reset") != NULL || strcasestr(words, "eof") != NULL ||
           strcasestr(words, "broken pipe") != NULL;
}

/* A server that turns somebody away before TLS begins ("Too many connections") says so in the
 * clear. Where TLS is wanted, MariaDB's connector (seen in 3.3.20) makes an error 2002 of that,
 * with the server's number and words at the end: "... cannot be verified: 1040 - Too many
 * connections". The other library gives the server's as they are. */
static zq_server_error unwrapped(const zq_server_error *error)
{
    static const char before[] = "cannot be verified: ";
    const char *at = error->number == 2002 ? strstr(error->words, before) : NULL;
    char *end = NULL;
    unsigned long number = at != NULL ? strtoul(at + strlen(before), &end, 10) : 0;

    if (number == 0 || strncmp(end, " - ", 3) != 0)
        return *error;
    return (zq_server_error){(unsigned)number, error->sqlstate, end + 3};
}

zq_rc zq_errors_fail_connect(zq_err *err, const zq_server_error *error, const char *where)
{
    const zq_server_error said = unwrapped(error);
    const rule *found = find_rule(connect_rules, ZQ_LEN(connect_rules), said.number);
    static const rule other = {0, ZQ_E_SERVER, "the server refused the connection", NULL};
    char words[128];

    if (found == NULL)
        found = &other;
    if (said.number == 2026 && is_broken_off(said.words))
        found = find_rule(connect_rules, ZQ_LEN(connect_rules), 2013);
    if (found->words == NULL)
        add_system_words(words, sizeof words, said.words);
    zq_fail(err, found->code, "cannot connect to '%s': %s", where,
            zq_tr(found->words != NULL ? found->words : words));
    fill(err, &said);
    if (found->hint != NULL)
        zq_err_hint(err, "%s", found->hint);
    return found->code;
}

/* How many bytes of `text` at its start stand somewhere in the argument; 0 when too few to tell. */
static size_t quoted_run(const char *text, const char *value, size_t length)
{
    enum { SHORTEST = 6 };
    size_t longest = 0;

    for (size_t i = 0; i < length; i++) {
        size_t n = 0;

        while (i + n < length && text[n] != '\0' && text[n] == value[i + n])
            n++;
        if (n > longest && (n >= SHORTEST || (n == length && n >= 3)))
            longest = n;
    }
    return longest;
}

static void blank_text(char *text, const zq_arg *args, size_t n_args)
{
    for (char *at = text; *at != '\0'; at++) {
        size_t longest = 0;

        for (size_t i = 0; i < n_args; i++) {
            size_t n =
                args[i].kind == ZQ_ARG_TEXT ? quoted_run(at, args[i].text, args[i].length) : 0;
            longest = n > longest ? n : longest;
        }
        if (longest == 0)
            continue;
        memcpy(at, "***", 3);
        memmove(at + 3, at + longest, strlen(at + longest) + 1);
        at += 2;
    }
}

void zq_errors_blank(zq_err *err, const zq_arg *args, size_t n_args)
{
    /* "denied to user 'x' for table 'y'" quotes names and never a value: an argument that happens
     * to be 'user' would only make it unreadable. Nor does a lost connection quote any. */
    if (err == NULL || err->code == ZQ_E_DENIED || err->code == ZQ_E_LOST)
        return;
    blank_text(err->detail, args, n_args);
    blank_text(err->message, args, n_args);
}
