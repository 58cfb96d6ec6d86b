# shellcheck shell=bash
# A private server is a directory: `start` execs it, `log` is what it says, `pid` is who runs it,
# `port` where it listens, `password` is that of its account root. Sourced.
#
# Who gets into the server could read and write files as the user that it runs as, and while a test runs
# its port is there for every user of the machine. So it does not run as root, its password is random,
# and FILE is for its own folder alone. Of the directory itself, which has the script that starts it,
# nothing is the server's but `data`, `tmp`, `run` (its socket) and `files`.

# Who runs a server here, for a caller that is root.
server_user() {
    if [[ $(id -u) -ne 0 ]]; then
        id -un
    elif id mysql >/dev/null 2>&1; then
        echo mysql
    else
        echo nobody
    fi
}

server_password() {
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

# Make what a server needs for USER (a name, or a number): all but its data. SQL on standard input is run
# each time when it starts, before it lets anybody in.
server_folders() {
    local dir=$1 user=$2

    chmod 711 "$dir"
    mkdir -p "$dir/tmp" "$dir/run" "$dir/files"
    cat >"$dir/run/init.sql"
    chmod 400 "$dir/run/init.sql"
    chmod 700 "$dir/tmp" "$dir/run" "$dir/files"
    server_give "$user" "$dir/tmp" "$dir/run" "$dir/files"
    [[ ! -d $dir/tls ]] || server_give "$user" "$dir/tls"
    (umask 077 && printf '%s\n' "${ZQ_SERVER_PASSWORD:?}" >"$dir/password")
}

# Only root can, and only root needs to.
server_give() {
    local user=$1
    shift

    [[ $(id -u) -ne 0 ]] || chown -R "$user" "$@"
}

# Write DIR/start, which execs the rest of the words.
server_define() {
    local dir=$1 port=$2
    shift 2

    printf '%s\n' "$port" >"$dir/port"
    {
        printf '#!/bin/bash\nexec'
        printf ' %q' "$@"
        printf ' "$@"\n'
    } >"$dir/start"
    chmod +x "$dir/start"
}

# Start it, with further options for this time only.
server_launch() {
    local dir=$1
    shift

    # MySQL takes the lock file of a server that was killed, and is not reaped yet, for one at work.
    rm -f "$dir"/run/sock "$dir"/run/sock.lock "$dir"/sock "$dir"/sock.lock
    # A session of its own: Ctrl-C is for the command, not for the server below it.
    setsid "$dir/start" "$@" >>"$dir/log" 2>&1 </dev/null &
    echo $! >"$dir/pid"
    disown
}

server_pid() {
    cat "$1/pid" 2>/dev/null || true
}

server_alive() {
    local pid

    pid=$(server_pid "$1")
    [[ -n $pid ]] && kill -0 "$pid" 2>/dev/null && [[ $(ps_state "$pid") != Z ]]
}

server_answers() {
    MYSQL_PWD=$(cat "$1/password" 2>/dev/null) mariadb --no-defaults --connect-timeout=2 -uroot -h127.0.0.1 -P"$(<"$1/port")" \
        -e 'SELECT 1' >/dev/null 2>&1
}

# Wait until it answers an authenticated query; fails when it died or took too long.
server_wait() {
    local dir=$1 deadline=$((SECONDS + ${2:-90}))

    until server_answers "$dir"; do
        server_alive "$dir" || return 1
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

# The server and its helpers: a cluster's node has a few, with its data directory in their arguments.
server_processes() {
    local dir=$1 pid

    server_pid "$dir"
    grep -laF "$dir/data" /proc/[0-9]*/cmdline 2>/dev/null |
        while IFS=/ read -r _ _ pid _; do
            printf '%s\n' "$pid"
        done
}

# Its data goes with it, so there is nothing to shut down in good order.
server_kill() {
    local pid

    [[ -n $(server_pid "$1") ]] || return 0
    for pid in $(server_processes "$1"); do
        kill -KILL "$pid" 2>/dev/null || true
        wait_gone "$pid" 100 || say "warning: process $pid does not end"
    done
    rm -f "$1/pid"
}

# Fill DIR/data by `COMMAND... TARGET`, from a copy kept for this KEY when there is one. The copy
# appears by a rename, so that it is whole or missing. Where ZQ_SERVER_DATA names a data directory, it
# is a copy of that. With holes where there is nothing, unless ZQ_DATA_WHOLE is set: on a disk that is
# full, a server that writes into one has lost what it thought that it had.
server_data() {
    local dir=$1 key=$2 template making sparse=${ZQ_DATA_WHOLE:+never}
    shift 2

    if [[ -n ${ZQ_SERVER_DATA:-} ]]; then
        cp -a --reflink=auto --sparse="${sparse:-always}" "$ZQ_SERVER_DATA" "$dir/data"
        return
    fi
    template=${ZQ_DATA_TEMPLATES:-$(cache_dir)}/data-$(printf '%s' "$key" | sha256sum | cut -c1-16)
    if [[ ! -d $template ]]; then
        making=$(mktemp -d "$template.XXXXXX")
        if ! "$@" "$making/data" >"$dir/log" 2>&1; then
            rm -rf "$making"
            return 1
        fi
        mv -T "$making/data" "$template" 2>/dev/null || true
        rm -rf "$making"
    fi
    cp -a --reflink=auto --sparse="${sparse:-always}" "$template" "$dir/data"
}
