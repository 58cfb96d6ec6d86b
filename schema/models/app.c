/* zq_app_*: who may do what, settings, notifications. */
#include "models.h"

/* An account. hashed_password holds argon2id or bcrypt, never the password. */
static const zq_column users_columns[] = {
    {"id",              ZQ_INT,          ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"username",        ZQ_VARCHAR(50),  ZQ_NOT_NULL},
    {"email",           ZQ_VARCHAR(100), ZQ_NOT_NULL},
    {"hashed_password", ZQ_VARCHAR(255), ZQ_NOT_NULL},
    {"role_id",         ZQ_INT,          ZQ_NOT_NULL},
    {"is_active",       ZQ_BOOL,         ZQ_NOT_NULL},
    ZQ_AUDIT_COLUMNS_WERE("created_at", "updated_at"),
};
static const zq_index users_indexes[] = {
    {"PRIMARY",                  ZQ_PRIMARY, ZQ_ON("id")},
    {"ix_zq_app_users_email",    ZQ_UNIQUE,  ZQ_ON("email")},
    {"ix_zq_app_users_id",       ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_app_users_username", ZQ_UNIQUE,  ZQ_ON("username")},
    {"role_id",                  ZQ_INDEX,   ZQ_ON("role_id")},
};
static const zq_foreign_key users_keys[] = {
    {"zq_app_users_ibfk_1", ZQ_COLS("role_id"), "zq_app_roles", ZQ_COLS("id")},
};

/* What an account may be; each account has one. */
static const zq_column roles_columns[] = {
    {"id",          ZQ_INT,          ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"name",        ZQ_VARCHAR(50),  ZQ_NOT_NULL},
    {"description", ZQ_VARCHAR(255), 0},
    ZQ_AUDIT_COLUMNS_WERE("created_at", NULL),
};
static const zq_index roles_indexes[] = {
    {"PRIMARY",              ZQ_PRIMARY, ZQ_ON("id")},
    {"ix_zq_app_roles_id",   ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_app_roles_name", ZQ_UNIQUE,  ZQ_ON("name")},
};

/* One action on one resource. */
static const zq_column permissions_columns[] = {
    {"id",          ZQ_INT,          ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"name",        ZQ_VARCHAR(100), ZQ_NOT_NULL},
    {"resource",    ZQ_VARCHAR(50),  ZQ_NOT_NULL},
    {"action",      ZQ_VARCHAR(50),  ZQ_NOT_NULL},
    {"description", ZQ_VARCHAR(255), 0},
    ZQ_AUDIT_COLUMNS_WERE("created_at", NULL),
};
static const zq_index permissions_indexes[] = {
    {"PRIMARY",                    ZQ_PRIMARY, ZQ_ON("id")},
    {"ix_zq_app_permissions_id",   ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_app_permissions_name", ZQ_UNIQUE,  ZQ_ON("name")},
};

/* The grants: which role holds which permission. */
static const zq_column role_permissions_columns[] = {
    {"role_id",       ZQ_INT, ZQ_NOT_NULL},
    {"permission_id", ZQ_INT, ZQ_NOT_NULL},
    ZQ_AUDIT_COLUMNS,
};
static const zq_index role_permissions_indexes[] = {
    {"PRIMARY",       ZQ_PRIMARY, ZQ_ON("role_id", "permission_id")},
    {"permission_id", ZQ_INDEX,   ZQ_ON("permission_id")},
};
static const zq_foreign_key role_permissions_keys[] = {
    {"zq_app_role_permissions_ibfk_1", ZQ_COLS("role_id"),       "zq_app_roles",       ZQ_COLS("id")},
    {"zq_app_role_permissions_ibfk_2", ZQ_COLS("permission_id"), "zq_app_permissions", ZQ_COLS("id")},
};

/* Keys with which programs act for an account. */
static const zq_column apikeys_columns[] = {
    {"id",           ZQ_INT,          ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"user_id",      ZQ_INT,          ZQ_NOT_NULL},
    {"access_key",   ZQ_VARCHAR(64),  ZQ_NOT_NULL},
    {"secret_key",   ZQ_VARCHAR(128), ZQ_NOT_NULL},
    {"name",         ZQ_VARCHAR(100), 0},
    {"is_active",    ZQ_BOOL,         ZQ_NOT_NULL},
    {"last_used_at", ZQ_DATETIME,     0},
    {"expires_at",   ZQ_DATETIME,     0},
    ZQ_AUDIT_COLUMNS_WERE("created_at", NULL),
};
static const zq_index apikeys_indexes[] = {
    {"PRIMARY",                      ZQ_PRIMARY, ZQ_ON("id")},
    {"ix_zq_app_apikeys_access_key", ZQ_UNIQUE,  ZQ_ON("access_key")},
    {"ix_zq_app_apikeys_id",         ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_app_apikeys_user_id",    ZQ_INDEX,   ZQ_ON("user_id")},
};
static const zq_foreign_key apikeys_keys[] = {
    {"zq_app_apikeys_ibfk_1", ZQ_COLS("user_id"), "zq_app_users", ZQ_COLS("id")},
};

/* Settings of the application that can change while it runs. */
static const zq_column configs_columns[] = {
    {"config_key",   ZQ_VARCHAR(100),  ZQ_NOT_NULL, "配置项键值"},
    {"config_value", ZQ_VARCHAR(2000), 0,           "配置项值（加密存储）"},
    {"comment",      ZQ_VARCHAR(2000), 0,           "配置说明"},
    ZQ_AUDIT_COLUMNS,
};
static const zq_index configs_indexes[] = {
    {"PRIMARY",                      ZQ_PRIMARY, ZQ_ON("config_key")},
    {"idx_config_key",               ZQ_INDEX,   ZQ_ON("config_key")},
    {"ix_zq_app_configs_config_key", ZQ_INDEX,   ZQ_ON("config_key")},
};

/* Messages to an account, read or not. */
#define NOTIFICATION_TYPE ZQ_ENUM("SYSTEM", "STRATEGY", "BACKTEST", "DATA", "WARNING")
static const zq_column notifications_columns[] = {
    {"id",         ZQ_INT,            ZQ_NOT_NULL | ZQ_AUTO_INCREMENT},
    {"user_id",    ZQ_INT,            ZQ_NOT_NULL},
    {"type",       NOTIFICATION_TYPE, ZQ_NOT_NULL},
    {"title",      ZQ_VARCHAR(200),   ZQ_NOT_NULL},
    {"content",    ZQ_TEXT,           ZQ_NOT_NULL},
    {"is_read",    ZQ_BOOL,           ZQ_NOT_NULL},
    {"extra_data", ZQ_TEXT,           0},
    ZQ_AUDIT_COLUMNS_WERE("created_at", "updated_at"),
};
static const zq_index notifications_indexes[] = {
    {"PRIMARY",                               ZQ_PRIMARY, ZQ_ON("id")},
    {"idx_zq_app_notifications_user_created", ZQ_INDEX,   ZQ_ON("user_id", "created_time")},
    {"idx_zq_app_notifications_user_read",    ZQ_INDEX,   ZQ_ON("user_id", "is_read")},
    {"ix_zq_app_notifications_id",            ZQ_INDEX,   ZQ_ON("id")},
    {"ix_zq_app_notifications_is_read",       ZQ_INDEX,   ZQ_ON("is_read")},
    {"ix_zq_app_notifications_type",          ZQ_INDEX,   ZQ_ON("type")},
    {"ix_zq_app_notifications_user_id",       ZQ_INDEX,   ZQ_ON("user_id")},
};
static const zq_foreign_key notifications_keys[] = {
    {"zq_app_notifications_ibfk_1", ZQ_COLS("user_id"), "zq_app_users", ZQ_COLS("id")},
};

const zq_table zq_model_app_users            = ZQ_TABLE_KEYS("zq_app_users", users);
const zq_table zq_model_app_roles            = ZQ_TABLE("zq_app_roles", roles);
const zq_table zq_model_app_permissions      = ZQ_TABLE("zq_app_permissions", permissions);
const zq_table zq_model_app_role_permissions = ZQ_TABLE_KEYS("zq_app_role_permissions", role_permissions);
const zq_table zq_model_app_apikeys          = ZQ_TABLE_KEYS("zq_app_apikeys", apikeys);
const zq_table zq_model_app_configs          = ZQ_TABLE("zq_app_configs", configs);
const zq_table zq_model_app_notifications    = ZQ_TABLE_KEYS("zq_app_notifications", notifications);
