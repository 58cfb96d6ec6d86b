# shellcheck shell=bash
# Roots of Debian, made once and kept: bare ones for packages and images, and those that mysql.sh and newer.sh
# name. Sourced, after common.sh. Needs root.

debian_root() {
    printf '%s/debian-%s\n' "$(cache_dir)" "$1"
}

debian_make() {
    local root=$1 suite=$2 mark=$3 making
    shift 3

    # What a build that died half way has left.
    rm -rf "$root" "$root".making.*
    making=$(mktemp -d "$root.making.XXXXXX")
    mmdebstrap --quiet --variant=apt --aptopt='Acquire::Retries "3"' "$@" "$suite" "$making" || return 1
    chmod 755 "$making"
    chmod 1777 "$making/tmp"
    printf '127.0.0.1 localhost\n' >"$making/etc/hosts"
    printf '%s\n' "$mark" >"$making/.made"
    mv -T "$making" "$root"
}

# debian_make_once ROOT SUITE MARK [OPTION...]: by mmdebstrap with those options, when it is missing, half made,
# or made with another MARK. One run makes it, others wait.
debian_make_once() {
    local root=$1 suite=$2 mark=$3

    [[ $(id -u) -eq 0 ]] || { say "a root of Debian $suite needs root" && return 1; }
    (
        flock 9
        [[ $(cat "$root/.made" 2>/dev/null) == "$mark" ]] && exit 0
        say "making a root of Debian $suite (once; kept in $root) ..."
        debian_make "$@" >"$root.log" 2>&1 9>&- || {
            tail -n 20 "$root.log" >&2
            exit 1
        }
    ) 9>"$root.lock"
}

# debian_ensure SUITE PACKAGES: a root that has them at hand, but not installed.
debian_ensure() {
    local suite=$1 packages=$2

    # shellcheck disable=SC2016 # it is mmdebstrap that knows $1
    debian_make_once "$(debian_root "$suite")" "$suite" "$packages" --skip=cleanup/apt \
        --customize-hook='chroot "$1" apt-get -qq -y --no-install-recommends --download-only install '"$packages"
}
