# shellcheck shell=bash
# Bare roots of Debian, made once and kept, for packages and images. Sourced, after common.sh.
# Needs root.

debian_root() {
    printf '%s/debian-%s\n' "$(cache_dir)" "$1"
}

debian_make() {
    local suite=$1 packages=$2 root=$3 making

    rm -rf "$root" "$root".making.*
    making=$(mktemp -d "$root.making.XXXXXX")
    # shellcheck disable=SC2016 # it is mmdebstrap that knows $1
    mmdebstrap --quiet --variant=apt --aptopt='Acquire::Retries "3"' --skip=cleanup/apt \
        --customize-hook='chroot "$1" apt-get -qq -y --no-install-recommends --download-only install '"$packages" \
        "$suite" "$making" || return 1
    chmod 755 "$making"
    printf '127.0.0.1 localhost\n' >"$making/etc/hosts"
    printf '%s\n' "$packages" >"$making/.made"
    mv -T "$making" "$root"
}

# debian_ensure SUITE PACKAGES: a root that has them at hand, but not installed. One run makes it,
# others wait.
debian_ensure() {
    local suite=$1 packages=$2 root

    [[ $(id -u) -eq 0 ]] || die "a root of Debian needs root"
    root=$(debian_root "$suite")
    (
        flock 9
        [[ $(cat "$root/.made" 2>/dev/null) == "$packages" ]] && exit 0
        say "making a root of Debian $suite (once; kept in $root) ..."
        debian_make "$suite" "$packages" "$root" >"$root.log" 2>&1 9>&- || {
            tail -n 20 "$root.log" >&2
            exit 1
        }
    ) 9>"$root.lock"
}
