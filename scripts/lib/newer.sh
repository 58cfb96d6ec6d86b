# shellcheck shell=bash
# The next Debian (13) in a root that is made once and kept, 1.7 GB: its MariaDB (11.8), and what it takes
# to build and test there with its client library. Sourced, after common.sh. Needs root.

NEWER_SUITE=trixie
NEWER_PACKAGES=mariadb-server,mariadb-client,libmariadb-dev,libmariadb-dev-compat,gcc,libc6-dev
NEWER_PACKAGES+=,cmake,ninja-build,pkg-config,libsodium-dev,libinih-dev,libjansson-dev,zlib1g-dev
NEWER_PACKAGES+=,libcrypt-dev,libcriterion-dev,libssl-dev,openssl,procps,python3

newer_root() {
    printf '%s/%s-build\n' "$(cache_dir)" "$NEWER_SUITE"
}

newer_make() {
    local root=$1 making

    rm -rf "$root" "$root".making.*
    making=$(mktemp -d "$root.making.XXXXXX")
    mmdebstrap --quiet --variant=apt --include="$NEWER_PACKAGES" --aptopt='Acquire::Retries "3"' \
        "$NEWER_SUITE" "$making" || return 1
    chmod 755 "$making"
    chmod 1777 "$making/tmp"
    printf '127.0.0.1 localhost\n' >"$making/etc/hosts"
    rm -f "$making"/var/cache/apt/archives/*.deb
    printf '%s\n' "$NEWER_PACKAGES" >"$making/.made"
    mv -T "$making" "$root"
}

# One run makes it, others wait.
newer_ensure() {
    local root

    [[ $(id -u) -eq 0 ]] || { say "the root of Debian $NEWER_SUITE needs root" && return 1; }
    root=$(newer_root)
    (
        flock 9
        [[ $(cat "$root/.made" 2>/dev/null) == "$NEWER_PACKAGES" ]] && exit 0
        say "making a root of Debian $NEWER_SUITE (once; kept in $root) ..."
        newer_make "$root" >"$root.log" 2>&1 9>&- || {
            tail -n 20 "$root.log" >&2
            exit 1
        }
    ) 9>"$root.lock"
}

# Server directories and the data templates must be inside, where the server sees them.
newer_data() {
    mkdir -p "$(newer_root)/data"
    printf '%s/data\n' "$(newer_root)"
}

# The same as an ordinary MariaDB in all else.
mariadb-newer_prepare() {
    ZQ_MARIADB_ROOT=$(newer_root) ZQ_DATA_TEMPLATES=$(newer_data) mariadb_prepare "$@"
}
