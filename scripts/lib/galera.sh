# shellcheck shell=bash
# A private Galera cluster: three MariaDB nodes on one machine. Sourced, after mariadb.sh.

GALERA_PROVIDER=/usr/lib/galera/libgalera_smm.so
GALERA_NODES=3

galera_check() {
    [[ -e $GALERA_PROVIDER ]] || die "no Galera; run 'scripts/install-deps galera'"
    have wsrep_sst_rsync || die "no wsrep_sst_rsync; run 'scripts/install-deps galera'"
}

# A node's ports: clients, group, incremental transfer, full transfer. `peer` is the group port of
# the first node, empty for the first node itself.
galera_node_prepare() {
    local dir=$1 port=$2 peer=$3 provider
    shift 3

    provider="base_port=$((port + 1));gmcast.listen_addr=tcp://127.0.0.1:$((port + 1))"
    provider+=";ist.recv_addr=127.0.0.1:$((port + 2))"
    mariadb_prepare "$dir" "$port" "$@" || return 1
    server_define "$dir" "$port" "$dir/galera-start" "$dir/start-plain" \
        --wsrep-on=ON --wsrep-provider="$GALERA_PROVIDER" --wsrep-provider-options="$provider" \
        --wsrep-cluster-name=zquant-test --wsrep-cluster-address="gcomm://$peer" \
        --wsrep-node-address=127.0.0.1 --wsrep-node-name="node-$port" \
        --wsrep-sst-method=rsync --wsrep-sst-receive-address="127.0.0.1:$((port + 3))"
}
