# shellcheck shell=bash
# A private MySQL: Oracle's, from Debian's sid, in a chroot that is kept between runs. Sourced,
# after server.sh. Needs root.

# The server, its client, and all that it takes to build and test there against the real
# libmysqlclient.
MYSQL_CHROOT_PACKAGES=mysql-server-core,mysql-client-core,libmysqlclient-dev,gcc,libc6-dev,cmake
MYSQL_CHROOT_PACKAGES+=,ninja-build,pkg-config,libsodium-dev,libinih-dev,libjansson-dev
MYSQL_CHROOT_PACKAGES+=,libcrypt-dev,libcriterion-dev,procps

mysql_root() {
    printf '%s/sid\n' "$(cache_dir)"
}

mysql_chroot_make() {
    local root=$1 making

    # What a build that died half way has left.
    rm -rf "$root" "$root".making.*
    making=$(mktemp -d "$root.making.XXXXXX")
    mmdebstrap --quiet --variant=apt --include="$MYSQL_CHROOT_PACKAGES" \
        --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Retries "3"' \
        sid "$making" || return 1
    chmod 755 "$making"
    chmod 1777 "$making/tmp"
    printf '127.0.0.1 localhost\n' >"$making/etc/hosts"
    rm -f "$making"/var/cache/apt/archives/*.deb
    printf '%s\n' "$MYSQL_CHROOT_PACKAGES" >"$making/.made"
    mv -T "$making" "$root"
}

# Make the chroot when it is missing, half made, or made from another list of packages. One run
# makes it, others wait.
mysql_chroot_ensure() {
    local root log

    [[ $(id -u) -eq 0 ]] || { say "MySQL's chroot needs root" && return 1; }
    root=$(mysql_root)
    log=$(dirname "$root")/chroot.log
    (
        flock 9
        [[ $(cat "$root/.made" 2>/dev/null) == "$MYSQL_CHROOT_PACKAGES" ]] && exit 0
        say "making a chroot of Debian sid with MySQL (once; kept in $root) ..."
        mysql_chroot_make "$root" >"$log" 2>&1 9>&- || {
            tail -n 20 "$log" >&2
            exit 1
        }
    ) 9>"$root.lock"
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
