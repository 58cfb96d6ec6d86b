# shellcheck shell=bash
# A private MariaDB: the machine's, or that of the root that ZQ_MARIADB_ROOT names. Sourced, after server.sh.

# The words by which a program of it is run, one per line.
mariadb_words() {
    [[ -z ${ZQ_MARIADB_ROOT:-} ]] ||
        printf '%s\n' "$ZQ_ROOT/scripts/lib/chroot-exec" "$ZQ_MARIADB_ROOT"
    printf '%s\n' "$1"
}

mariadb_exec() {
    local words

    mapfile -t words < <(mariadb_words "$1")
    "${words[@]}" "${@:2}"
}

# Inside of another root a user goes by its number, which holds outside, too.
mariadb_user() {
    if [[ -z ${ZQ_MARIADB_ROOT:-} ]]; then
        server_user
    else
        awk -F: '$1 == "mysql" { print $3 }' "$ZQ_MARIADB_ROOT/etc/passwd"
    fi
}

mariadb_install() {
    local data=$1
    shift

    mkdir -p "$data"
    chmod 700 "$data"
    server_give "$(mariadb_user)" "$data"
    chmod 755 "${data%/*}"
    data=${data#"${ZQ_MARIADB_ROOT:-}"}
    TMPDIR=$data mariadb_exec mariadb-install-db --no-defaults --auth-root-authentication-method=normal \
        --force --skip-test-db --user="$(mariadb_user)" --datadir="$data" "$@"
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

    mariadb_init_sql | server_folders "$dir" "$(mariadb_user)"
    server_data "$dir" "mariadb $(mariadb_exec mariadbd --version) $(mariadb_user) $*" mariadb_install_into "$@"
    [[ -z ${ZQ_SERVER_DATA:-} ]] || server_give "$(mariadb_user)" "$dir/data"
}

mariadb_define() {
    local dir=$1 port=$2 inside=${1#"${ZQ_MARIADB_ROOT:-}"} words
    shift 2

    mapfile -t words < <(mariadb_words mariadbd)
    server_define "$dir" "$port" "${words[@]}" --no-defaults \
        --user="$(mariadb_user)" --datadir="$inside/data" --socket="$inside/run/sock" \
        --pid-file="$inside/data/server.pid" --port="$port" --bind-address=127.0.0.1 \
        --tmpdir="$inside/tmp" --secure-file-priv="$inside/files" "$@"
}

# Prepare DIR for a server on PORT with further options.
mariadb_prepare() {
    local dir=$1 port=$2
    shift 2

    mariadb_data "$dir" "$@" &&
        mariadb_define "$dir" "$port" --init-file="${dir#"${ZQ_MARIADB_ROOT:-}"}/run/init.sql" "$@"
}
