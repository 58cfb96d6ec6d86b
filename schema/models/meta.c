/* zq_meta_*: the bookkeeping of zquant-init and zquant-migrate. Nothing of the application's. */
#include "models.h"

/* What was done to this database, one row each; the newest row's revision is the current one. */
static const zq_column history_columns[] = {
    {"id",           ZQ_BIGINT_UNSIGNED, ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"revision",     ZQ_VARCHAR(64),     ZQ_NOT_NULL, "revision after this entry; empty at base"},
    {"operation",    ZQ_VARCHAR(16),     ZQ_NOT_NULL, "install, upgrade, downgrade, stamp, adopt"},
    {"release_name", ZQ_VARCHAR(32),     0,           "release of zquant, where the revision is one"},
    {"title",        ZQ_VARCHAR(255),    0},
    {"checksum",     ZQ_CHAR(64),        0,           "SHA-256 of the revision file"},
    {"schema_id",    ZQ_CHAR(64),        0,           "SHA-256 of the canonical form"},
    {"tool_version", ZQ_VARCHAR(32),     ZQ_NOT_NULL},
    {"applied_by",   ZQ_VARCHAR(288),    ZQ_NOT_NULL, "database account"},
    {"applied_time", ZQ_DATETIME_MS,     ZQ_NOT_NULL},
    {"duration_ms",  ZQ_BIGINT_UNSIGNED, 0},
};
static const zq_index history_indexes[] = {
    {"PRIMARY", ZQ_PRIMARY, ZQ_ON("id")},
};

/* The steps of what is under way, and nothing when nothing is. */
static const zq_column journal_columns[] = {
    {"revision",         ZQ_VARCHAR(64),                ZQ_NOT_NULL, "revision that is under way"},
    {"direction",        ZQ_ENUM("up", "down"),         ZQ_NOT_NULL},
    {"step",             ZQ_INT_UNSIGNED,               ZQ_NOT_NULL, "0: an install that is under way"},
    {"state",            ZQ_ENUM("started", "done"),    ZQ_NOT_NULL},
    {"statement_digest", ZQ_CHAR(64),                   0,           "SHA-256 of the statement"},
    {"before_digest",    ZQ_CHAR(64),                   0,           "of the touched tables, before"},
    {"after_digest",     ZQ_CHAR(64),                   0,           "of the touched tables, after"},
    {"position",         ZQ_VARCHAR(255),               0,           "last key of a batch"},
    {"token",            ZQ_BIGINT_UNSIGNED,            ZQ_NOT_NULL, "fencing token of the runner"},
    {"started_time",     ZQ_DATETIME_MS,                ZQ_NOT_NULL},
    {"done_time",        ZQ_DATETIME_MS,                0},
};
static const zq_index journal_indexes[] = {
    {"PRIMARY", ZQ_PRIMARY, ZQ_ON("revision", "direction", "step")},
};

/* Who may change the schema now: one row. */
static const zq_column lease_columns[] = {
    {"id",            ZQ_TINYINT,         ZQ_NOT_NULL},
    {"token",         ZQ_BIGINT_UNSIGNED, ZQ_NOT_NULL, "counts up with every holder"},
    {"beat",          ZQ_BIGINT_UNSIGNED, ZQ_NOT_NULL, "counts up while the holder is alive"},
    {"holder",        ZQ_VARCHAR(255),    0,           "program, process and host; NULL: nobody"},
    {"server",        ZQ_VARCHAR(255),    0,           "server or cluster the lease is for"},
    {"node",          ZQ_VARCHAR(255),    0,           "host and port of the holder's server"},
    {"connection_id", ZQ_BIGINT_UNSIGNED, 0},
    {"acquired_time", ZQ_DATETIME_MS,     0},
};
static const zq_index lease_indexes[] = {
    {"PRIMARY", ZQ_PRIMARY, ZQ_ON("id")},
};

/* Roles, permissions and grants as the last run applied them; kind 'digest' holds the digest of all. */
static const zq_column seeds_columns[] = {
    {"kind",            ZQ_VARCHAR(16),   ZQ_NOT_NULL, "role, permission, grant, digest"},
    {"role_name",       ZQ_VARCHAR(50),   ZQ_NOT_NULL},
    {"permission_name", ZQ_VARCHAR(100),  ZQ_NOT_NULL},
    {"content",         ZQ_VARCHAR(1024), ZQ_NOT_NULL, "what was applied, or the digest"},
};
static const zq_index seeds_indexes[] = {
    {"PRIMARY", ZQ_PRIMARY, ZQ_ON("kind", "role_name", "permission_name")},
};

const zq_table zq_model_meta_history = ZQ_TABLE("zq_meta_history", history);
const zq_table zq_model_meta_journal = ZQ_TABLE("zq_meta_journal", journal);
const zq_table zq_model_meta_lease = ZQ_TABLE("zq_meta_lease", lease);
const zq_table zq_model_meta_seeds = ZQ_TABLE("zq_meta_seeds", seeds);
