# shellcheck shell=bash
# Certificates for a private server: made anew each time, so that none in the tree expires. Sourced.

TLS_KEY=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)

# An authority NAME in the current directory.
tls_authority() {
    openssl req -x509 "${TLS_KEY[@]}" -days 2 -subj "/CN=zquant test $1" \
        -keyout "$1-key.pem" -out "$1.pem"
}

tls_request() {
    openssl req "${TLS_KEY[@]}" -subj "/CN=$2" -keyout "$1-key.pem" -out "$1.csr"
}

# Sign REQUEST as NAME, valid until END (as date -d takes it): `openssl ca` alone takes a past time.
tls_sign() {
    local request=$1 name=$2 end=$3 extensions=$4

    openssl ca -config ca.conf -batch -notext -in "$request.csr" -out "$name.pem" \
        -startdate "$(date -u -d '2 days ago' +%Y%m%d%H%M%SZ)" \
        -enddate "$(date -u -d "$end" +%Y%m%d%H%M%SZ)" -extfile <(printf '%s\n' "$extensions")
}

tls_config() {
    printf '%s\n' '[ca]' 'default_ca = own' '[own]' 'database = index' 'new_certs_dir = .' \
        'rand_serial = yes' 'default_md = sha256' 'policy = any' 'unique_subject = no' \
        'certificate = ca.pem' 'private_key = ca-key.pem' '[any]' 'commonName = supplied' >ca.conf
    : >index
}

# Good for the name, and not for 127.0.0.1, though both lead to the server.
tls_make() {
    local name='subjectAltName = DNS:localhost'

    tls_config && tls_authority ca && tls_authority other-ca &&
        tls_request server localhost && tls_request client zquant &&
        tls_sign server good '1 day' "$name" &&
        tls_sign server expired '1 day ago' "$name" &&
        tls_sign client client '1 day' 'extendedKeyUsage = clientAuth' &&
        cp good.pem server.pem && : >broken.pem
}

# Make DIR/tls: ca.pem, other-ca.pem, client.pem and client-key.pem for clients; server.pem and
# server-key.pem, which the server reads; good.pem, expired.pem and broken.pem (empty), which can be
# copied over server.pem.
tls_prepare() {
    have openssl || die "no openssl; run 'scripts/install-deps test'"
    mkdir -p "$1/tls"
    (cd "$1/tls" && tls_make) >"$1/tls/log" 2>&1 && return
    tail -n 20 "$1/tls/log" >&2
    die "cannot make certificates"
}

# The options by which a server reads them: its working directory is DIR/data.
# shellcheck disable=SC2034 # for scripts/with-server
TLS_OPTIONS=(--ssl-ca=../tls/ca.pem --ssl-cert=../tls/server.pem --ssl-key=../tls/server-key.pem)
