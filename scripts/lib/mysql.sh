# shellcheck shell=bash
# A private MySQL: Oracle's, from Debian's sid, in a chroot that is kept between runs. Sourced,
# after server.sh. Needs root.

# shellcheck source=scripts/lib/debian.sh
. "$ZQ_ROOT/scripts/lib/debian.sh"

# The server, its client, and all that it takes to build and test there against the real
# libmysqlclient.
MYSQL_CHROOT_PACKAGES=mysql-server-core,mysql-client-core,libmysqlclient-dev,gcc,libc6-dev,cmake
MYSQL_CHROOT_PACKAGES+=,ninja-build,pkg-config,libsodium-dev,libinih-dev,libjansson-dev
MYSQL_CHROOT_PACKAGES+=,libcrypt-dev,libcriterion-dev,procps

mysql_root() {
    printf '%s/sid\n' "$(cache_dir)"
}

mysql_chroot_ensure() {
    debian_make_once "$(mysql_root)" sid "$MYSQL_CHROOT_PACKAGES" --include="$MYSQL_CHROOT_PACKAGES" \
        --aptopt='Acquire::Check-Valid-Until "false"'
}

# The packages in the chroot make no account of MySQL's own: those without "core" would start a server.
mysql_user_id() {
    awk -F: '$1 == "nobody" { print $3 }' "$(mysql_root)/etc/passwd"
}

mysql_exec() {
    "$ZQ_ROOT/scripts/lib/chroot-exec" "$(mysql_root)" "$@"
}

mysql_initialize_into() {
    local data=${*: -1}

    mkdir -p "$data"
    chmod 700 "$data"
    server_give "$(mysql_user_id)" "$data"
    chmod 755 "${data%/*}"
    mysql_exec mysqld --no-defaults --initialize-insecure --user=nobody --mysqlx=OFF \
        --datadir="${data#"$(mysql_root)"}" "${@:1:$#-1}"
}

# Server directories and the data templates must be inside, where the server sees them.
mysql_cache() {
    mkdir -p "$(mysql_root)/data"
    printf '%s/data\n' "$(mysql_root)"
}

# ZQ_MYSQL_DISK is a directory below mysql_cache, where a file system may have been mounted.
mysql_make_dir() {
    mktemp -d "${ZQ_MYSQL_DISK:-$(mysql_cache)}/zq.XXXXXX"
}

mysql_prepare() {
    local dir=$1 port=$2 root inside version
    shift 2

    root=$(mysql_root)
    inside=${dir#"$root"}
    server_folders "$dir" "$(mysql_user_id)" <<SQL
SET SESSION sql_log_bin = 0;
ALTER USER root@localhost IDENTIFIED BY '$ZQ_SERVER_PASSWORD';
SQL
    version=$(mysql_exec mysqld --version)
    ZQ_DATA_TEMPLATES=$(mysql_cache) \
        server_data "$dir" "mysql $version nobody $*" mysql_initialize_into "$@" || return 1
    [[ -z ${ZQ_SERVER_DATA:-} ]] || server_give "$(mysql_user_id)" "$dir/data"
    server_define "$dir" "$port" "$ZQ_ROOT/scripts/lib/chroot-exec" "$root" \
        mysqld --no-defaults --user=nobody --datadir="$inside/data" --socket="$inside/run/sock" \
        --pid-file="$inside/data/server.pid" --port="$port" --bind-address=127.0.0.1 \
        --tmpdir="$inside/tmp" --mysqlx=OFF --secure-file-priv="$inside/files" \
        --init-file="$inside/run/init.sql" "$@"
}
