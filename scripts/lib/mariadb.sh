# shellcheck shell=bash
# A private MariaDB. Sourced, after server.sh.

mariadb_install() {
    local data=$1
    shift

    mkdir -p "$data"
    TMPDIR=$data mariadb-install-db --no-defaults --auth-root-authentication-method=normal \
        --force --skip-test-db --user="$(id -un)" --datadir="$data" "$@"
}

# mariadb-install-db takes its target last.
mariadb_install_into() {
    mariadb_install "${@: -1}" "${@:1:$#-1}"
}

# Make DIR/data, with options that matter from the start; and DIR/tmp, since a server that starts
# removes the temporary tables that it finds, which may be another server's.
mariadb_data() {
    local dir=$1
    shift

    mkdir -p "$dir/tmp"
    server_data "$dir" "mariadb $(mariadbd --version) $(id -u) $*" mariadb_install_into "$@"
}

mariadb_define() {
    local dir=$1 port=$2
    shift 2

    server_define "$dir" "$port" mariadbd --no-defaults \
        --user="${MARIADB_USER:-$(id -un)}" --datadir="$dir/data" --socket="$dir/sock" --pid-file="$dir/data/server.pid" \
        --port="$port" --bind-address=127.0.0.1 --tmpdir="$dir/tmp" "$@"
}

# Prepare DIR for a server on PORT with further options.
mariadb_prepare() {
    local dir=$1 port=$2
    shift 2

    mariadb_data "$dir" "$@" && mariadb_define "$dir" "$port" "$@"
}
