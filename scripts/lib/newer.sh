# shellcheck shell=bash
# The next Debian (13) in a root that is made once and kept, 1.7 GB: its MariaDB (11.8), and what it takes
# to build and test there with its client library. Sourced, after common.sh. Needs root.

# shellcheck source=scripts/lib/debian.sh
. "$ZQ_ROOT/scripts/lib/debian.sh"

NEWER_SUITE=trixie
NEWER_PACKAGES=mariadb-server,mariadb-client,libmariadb-dev,libmariadb-dev-compat,gcc,libc6-dev
NEWER_PACKAGES+=,cmake,ninja-build,pkg-config,libsodium-dev,libinih-dev,libjansson-dev,zlib1g-dev
NEWER_PACKAGES+=,libcrypt-dev,libcriterion-dev,libssl-dev,openssl,procps,python3

newer_root() {
    printf '%s/%s-build\n' "$(cache_dir)" "$NEWER_SUITE"
}

newer_ensure() {
    debian_make_once "$(newer_root)" "$NEWER_SUITE" "$NEWER_PACKAGES" --include="$NEWER_PACKAGES"
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
