# shellcheck shell=bash
# A private MariaDB. Sourced, after server.sh.

mariadb_install() {
    local data=$1
    shift

    mkdir -p "$data"
    chmod 700 "$data"
    server_give "$(server_user)" "$data"
    chmod 755 "${data%/*}"
    TMPDIR=$data mariadb-install-db --no-defaults --auth-root-authentication-method=normal \
        --force --skip-test-db --user="$(server_user)" --datadir="$data" "$@"
}

# mariadb-install-db takes its target last.
mariadb_install_into() {
    mariadb_install "${@: -1}" "${@:1:$#-1}"
}

# root has more than one account where the machine has a name.
mariadb_init_sql() {
    cat <<SQL
SET SESSION sql_log_bin = 0;
UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '\$.plugin', 'mysql_native_password', '\$.authentication_string', PASSWORD('$ZQ_SERVER_PASSWORD')) WHERE User = 'root';
FLUSH PRIVILEGES;
SQL
}

# Make DIR/data, with options that matter from the start; and DIR/tmp, since a server that starts
# removes the temporary tables that it finds, which may be another server's.
mariadb_data() {
    local dir=$1
    shift

    mariadb_init_sql | server_folders "$dir" "$(server_user)"
    server_data "$dir" "mariadb $(mariadbd --version) $(server_user) $*" mariadb_install_into "$@"
    [[ -z ${ZQ_SERVER_DATA:-} ]] || server_give "$(server_user)" "$dir/data"
}

mariadb_define() {
    local dir=$1 port=$2
    shift 2

    server_define "$dir" "$port" mariadbd --no-defaults \
        --user="$(server_user)" --datadir="$dir/data" --socket="$dir/run/sock" \
        --pid-file="$dir/data/server.pid" --port="$port" --bind-address=127.0.0.1 \
        --tmpdir="$dir/tmp" --secure-file-priv="$dir/files" "$@"
}

# Prepare DIR for a server on PORT with further options.
mariadb_prepare() {
    local dir=$1 port=$2
    shift 2

    mariadb_data "$dir" "$@" &&
        mariadb_define "$dir" "$port" --init-file="$dir/run/init.sql" "$@"
}
