# shellcheck shell=bash
# What all scripts share. Sourced, never run.

ZQ_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export ZQ_ROOT

# Where Debian has its servers, and an ordinary user's PATH does not lead.
PATH=$PATH:/usr/sbin

# How what is given to others is compiled, besides -Os: without what nobody calls, and without
# the tables for unwinding, which C does not do.
export ZQ_SMALL='-ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -fno-unwind-tables'

say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "${0##*/}: $*"
    exit 1
}

# Print the comment at the top of the running script: its usage.
usage() {
    awk 'NR > 1 && !/^#/ { exit } NR > 1 { sub(/^# ?/, ""); print }' "$0" >&2
    exit 64
}

have() {
    command -v "$1" >/dev/null 2>&1
}

# The directory for what is kept between runs, outside the repository.
cache_dir() {
    local base

    base=${XDG_CACHE_HOME:-$HOME/.cache}
    if [[ -z ${XDG_CACHE_HOME:-} && $(id -u) -eq 0 ]]; then
        base=/var/cache
    fi
    mkdir -p "$base/zquant-test"
    printf '%s\n' "$base/zquant-test"
}

# A loopback port that nothing listens on, below the range the kernel gives out by itself.
free_port() {
    local port

    while :; do
        port=$((20000 + SRANDOM % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            printf '%s\n' "$port"
            return
        fi
    done
}

# Wait until no process has this id any more; fails after `tenths` tenths of a second.
wait_gone() {
    local pid=$1 tenths=$2

    while kill -0 "$pid" 2>/dev/null && [[ ! $(ps_state "$pid") == Z ]]; do
        ((tenths-- > 0)) || return 1
        sleep 0.1
    done
}

# The state letter of a process, empty when it is gone.
ps_state() {
    awk '$1 == "State:" { print $2 }' "/proc/$1/status" 2>/dev/null || true
}
