# shellcheck shell=bash
# A private Galera cluster: three MariaDB nodes on one machine. Sourced, after mariadb.sh.

GALERA_PROVIDER=/usr/lib/galera/libgalera_smm.so

galera_ensure() {
    [[ $(id -u) -eq 0 ]] || die "a cluster needs root"
    if ! [[ -e $GALERA_PROVIDER ]] || ! have wsrep_sst_rsync || ! have rsync; then
        die "no Galera; run 'scripts/install-deps galera'"
    fi
}

# A node has four ports in a row: clients, group, incremental and full state transfer. `peer` is the
# address of the first node's group port, empty for the first node itself.
galera_prepare() {
    local dir=$1 port=$2 peer=$3 provider
    shift 3

    provider="base_port=$((port + 1));gmcast.listen_addr=tcp://127.0.0.1:$((port + 1))"
    provider+=";ist.recv_addr=127.0.0.1:$((port + 2))"
    mariadb_data "$dir" "$@" || return 1
    # A node that starts runs no statements: it would have to be in the cluster already.
    mariadbd --no-defaults --user="$(server_user)" --datadir="$dir/data" --tmpdir="$dir/tmp" \
        --bootstrap >>"$dir/log" 2>&1 < <(mariadb_init_sql | sed '/^FLUSH/d') || return 1
    mariadb_define "$dir" "$port" "$@" --wsrep-on=ON --wsrep-provider="$GALERA_PROVIDER" \
        --wsrep-provider-options="$provider" --wsrep-cluster-name=zquant-test \
        --wsrep-cluster-address="gcomm://$peer" --wsrep-node-address=127.0.0.1 \
        --wsrep-node-name="node-$port" --wsrep-sst-method=rsync \
        --wsrep-sst-receive-address="127.0.0.1:$((port + 3))" \
        --binlog-format=ROW --innodb-autoinc-lock-mode=2
}
