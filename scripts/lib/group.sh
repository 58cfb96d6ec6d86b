# shellcheck shell=bash
# MySQL's replicated servers: a group of three nodes, with one primary or with all of them, and an
# asynchronous replica of a MariaDB. Sourced, after mysql.sh and mariadb.sh.

GROUP_NAME=aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa

group_sql() {
    MYSQL_PWD=$ZQ_SERVER_PASSWORD mariadb --no-defaults -uroot -h127.0.0.1 -P"$1" -N -e "$2"
}

# Node `node` (from 1): its group port is the client's plus one. `seeds` names all of them.
group_prepare() {
    local dir=$1 port=$2 node=$3 seeds=$4 single=$5 everywhere=ON
    shift 5

    [[ $single == OFF ]] || everywhere=OFF
    # The copy of the data that all are made from has an identity, which each node makes anew.
    mysql_prepare "$dir" "$port" --server-id="$node" --log-bin=binlog --gtid-mode=ON \
        --enforce-gtid-consistency=ON --report-host=127.0.0.1 --report-port="$port" \
        --plugin-load-add=group_replication.so \
        --loose-group-replication-group-name="$GROUP_NAME" \
        --loose-group-replication-start-on-boot=OFF \
        --loose-group-replication-local-address="127.0.0.1:$((port + 1))" \
        --loose-group-replication-group-seeds="$seeds" \
        --loose-group-replication-ip-allowlist=127.0.0.1/8 \
        --loose-group-replication-communication-stack=XCOM \
        --loose-group-replication-recovery-get-public-key=ON \
        --loose-group-replication-single-primary-mode="$single" \
        --loose-group-replication-enforce-update-everywhere-checks="$everywhere" "$@" || return 1
    rm -f "$dir/data/auto.cnf"
}

group_join() {
    local port=$1 first=$2

    group_sql "$port" "SET sql_log_bin = 0;
        CREATE USER IF NOT EXISTS zqgroup@'%' IDENTIFIED BY '$ZQ_SERVER_PASSWORD';
        GRANT REPLICATION SLAVE, CONNECTION_ADMIN, BACKUP_ADMIN, GROUP_REPLICATION_STREAM ON *.* TO zqgroup@'%';
        SET sql_log_bin = 1;
        CHANGE REPLICATION SOURCE TO SOURCE_USER = 'zqgroup', SOURCE_PASSWORD = '$ZQ_SERVER_PASSWORD'
            FOR CHANNEL 'group_replication_recovery';
        SET GLOBAL group_replication_bootstrap_group = $first;
        START GROUP_REPLICATION;
        SET GLOBAL group_replication_bootstrap_group = OFF"
}

# Wait until that many nodes are online.
group_wait() {
    local port=$1 wanted=$2 deadline=$((SECONDS + 90))

    until [[ $(group_sql "$port" "SELECT COUNT(*) FROM performance_schema.replication_group_members
            WHERE MEMBER_STATE = 'ONLINE'" 2>/dev/null) == "$wanted" ]]; do
        ((SECONDS < deadline)) || return 1
        sleep 0.2
    done
}

# Let the MariaDB on PORT follow the one on SOURCE from now on.
replica_follow() {
    local port=$1 source=$2

    group_sql "$port" "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = $source,
        MASTER_USER = 'root', MASTER_PASSWORD = '$ZQ_SERVER_PASSWORD', MASTER_USE_GTID = slave_pos;
        START SLAVE; SET GLOBAL read_only = ON"
}
