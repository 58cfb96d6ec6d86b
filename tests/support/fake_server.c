#include "fake_server.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SCRAMBLE "AbCdEfGhIjKlMnOpQrSt"
enum { SCRAMBLE_LENGTH = 20, PACKET_MAX = 8192, PATIENCE_MS = 3000 };

enum {
    LONG_PASSWORD = 1,
    CONNECT_WITH_DB = 8,
    PROTOCOL_41 = 0x200,
    SSL_FLAG = 0x800,
    TRANSACTIONS = 0x2000,
    SECURE_CONNECTION = 0x8000,
    MULTI_STATEMENTS = 0x10000,
    MULTI_RESULTS = 0x20000,
    PLUGIN_AUTH = 0x80000,
    LENENC_AUTH = 0x200000,
};

struct fake_thread {
    pthread_t thread;
    fake_server *server;
    int listener;
    int fd;
    int to; /* of a proxy: its server */
    unsigned to_port;
    SSL *ssl;
    unsigned char packet[PACKET_MAX];
    size_t length;
    unsigned char number; /* of the last packet that came */
};

/* Made once for each process: it takes a tenth of a second. */
static EVP_PKEY *key_of_ours;
static X509 *certificate_of_ours;

static void need(bool ok)
{
    if (!ok)
        abort();
}

/* ---- bytes ---- */

static bool read_bytes(struct fake_thread *t, unsigned char *out, size_t n)
{
    while (n > 0) {
        struct pollfd wait = {.fd = t->fd, .events = POLLIN};
        ssize_t got;

        if ((t->ssl == NULL || SSL_pending(t->ssl) == 0) && poll(&wait, 1, PATIENCE_MS) <= 0)
            return false;
        got = t->ssl != NULL ? SSL_read(t->ssl, out, (int)n) : read(t->fd, out, n);
        if (got <= 0)
            return false;
        zq_buf_add(&t->server->sent, (const char *)out, (size_t)got);
        out += got;
        n -= (size_t)got;
    }
    return true;
}

static bool read_packet(struct fake_thread *t)
{
    unsigned char header[4];

    if (!read_bytes(t, header, sizeof header))
        return false;
    t->length = (size_t)(header[0] | header[1] << 8 | header[2] << 16);
    t->number = header[3];
    return t->length < sizeof t->packet && read_bytes(t, t->packet, t->length);
}

static void write_bytes(struct fake_thread *t, const char *bytes, size_t n)
{
    if (t->ssl != NULL)
        SSL_write(t->ssl, bytes, (int)n);
    else
        (void)!send(t->fd, bytes, n, MSG_NOSIGNAL);
}

static void write_packet(struct fake_thread *t, unsigned char number, const zq_buf *content)
{
    ZQ_AUTO_BUF(all);

    zq_buf_char(&all, (char)content->length);
    zq_buf_char(&all, (char)(content->length >> 8));
    zq_buf_char(&all, 0);
    zq_buf_char(&all, (char)number);
    zq_buf_add(&all, content->text, content->length);
    if (!t->server->in_pieces) {
        write_bytes(t, all.text, all.length);
        return;
    }
    for (size_t i = 0; i < all.length; i++) {
        write_bytes(t, all.text + i, 1);
        usleep(500);
    }
}

/* ---- the dialogue ---- */

void fake_greeting(zq_buf *out, bool tls, const char *plugin)
{
    const unsigned flags = LONG_PASSWORD | CONNECT_WITH_DB | PROTOCOL_41 | TRANSACTIONS |
                           SECURE_CONNECTION | MULTI_STATEMENTS | MULTI_RESULTS | PLUGIN_AUTH |
                           LENENC_AUTH | (tls ? SSL_FLAG : 0);

    zq_buf_char(out, 10);
    zq_buf_add(out, "8.0.40", 7);
    zq_buf_add(out, "\7\0\0\0", 4);
    zq_buf_add(out, SCRAMBLE, 8);
    zq_buf_char(out, 0);
    zq_buf_char(out, (char)flags);
    zq_buf_char(out, (char)(flags >> 8));
    zq_buf_add(out, "\x2d\2\0", 3);
    zq_buf_char(out, (char)(flags >> 16));
    zq_buf_char(out, (char)(flags >> 24));
    zq_buf_char(out, SCRAMBLE_LENGTH + 1);
    zq_buf_add(out, "\0\0\0\0\0\0\0\0\0\0", 10);
    zq_buf_add(out, &SCRAMBLE[8], SCRAMBLE_LENGTH - 8 + 1);
    zq_buf_str(out, plugin);
    zq_buf_char(out, 0);
}

static void greet(struct fake_thread *t)
{
    const fake_server *server = t->server;
    ZQ_AUTO_BUF(out);

    fake_greeting(&out, server->tls,
                  server->ask == FAKE_GREET ? server->plugin : "mysql_native_password");
    write_packet(t, 0, &out);
}

static bool begin_tls(struct fake_thread *t)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    bool ok;

    need(context != NULL);
    need(SSL_CTX_use_certificate(context, certificate_of_ours) == 1);
    need(SSL_CTX_use_PrivateKey(context, key_of_ours) == 1);
    t->ssl = SSL_new(context);
    SSL_CTX_free(context);
    SSL_set_fd(t->ssl, t->fd);
    ok = SSL_accept(t->ssl) == 1;
    t->server->encrypted = ok;
    return ok;
}

static void ask_for(struct fake_thread *t)
{
    ZQ_AUTO_BUF(out);

    zq_buf_char(&out, (char)0xfe);
    zq_buf_str(&out, t->server->plugin);
    zq_buf_char(&out, 0);
    if (strcmp(t->server->plugin, "dialog") == 0)
        zq_buf_str(&out, "\4Password: ");
    else if (strcmp(t->server->plugin, "client_ed25519") == 0)
        zq_buf_add(&out, SCRAMBLE SCRAMBLE, 32);
    else
        zq_buf_add(&out, SCRAMBLE, SCRAMBLE_LENGTH + 1);
    write_packet(t, (unsigned char)(t->number + 1), &out);
}

static void send_key(struct fake_thread *t)
{
    ZQ_AUTO_BUF(out);
    BIO *bio = BIO_new(BIO_s_mem());
    char *text;
    long length;

    PEM_write_bio_PUBKEY(bio, key_of_ours);
    length = BIO_get_mem_data(bio, &text);
    zq_buf_char(&out, 1);
    zq_buf_add(&out, text, (size_t)length);
    BIO_free(bio);
    write_packet(t, (unsigned char)(t->number + 1), &out);
}

/* What the client encrypted for us. */
static void try_to_decrypt(struct fake_thread *t)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key_of_ours, NULL);
    unsigned char text[1024];
    size_t length = sizeof text;

    need(EVP_PKEY_decrypt_init(context) == 1);
    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING);
    if (EVP_PKEY_decrypt(context, text, &length, t->packet, t->length) == 1) {
        for (size_t i = 0; i < length; i++)
            text[i] ^= (unsigned char)SCRAMBLE[i % SCRAMBLE_LENGTH];
        t->server->knows =
            memmem(text, length, t->server->password, strlen(t->server->password)) != NULL;
    }
    EVP_PKEY_CTX_free(context);
}

static void be_a_server(struct fake_thread *t)
{
    ZQ_AUTO_BUF(full_login);

    zq_buf_add(&full_login, "\1\4", 2);
    greet(t);
    if (!read_packet(t))
        return;
    if (t->length == 32 && (!begin_tls(t) || !read_packet(t)))
        return;
    if (t->server->ask == FAKE_SWITCH) {
        ask_for(t);
        if (!read_packet(t))
            return;
    }
    if (strcmp(t->server->plugin, "caching_sha2_password") == 0) {
        write_packet(t, (unsigned char)(t->number + 1), &full_login);
        if (!read_packet(t))
            return;
    }
    if (t->length == 1 && (t->packet[0] == 1 || t->packet[0] == 2)) {
        send_key(t);
        if (read_packet(t))
            try_to_decrypt(t);
    }
}

/* ---- between ---- */

static bool pass(int from, int to, bool *first, zq_buf *keep)
{
    unsigned char text[16384];
    ssize_t n = read(from, text, sizeof text);

    if (n <= 0)
        return false;
    if (*first) {
        const unsigned char *nul = memchr(text + 5, 0, (size_t)n - 5);

        need(nul != NULL);
        text[nul - text + 1 + 13 + 1] &= (unsigned char)~(SSL_FLAG >> 8);
        *first = false;
    }
    if (keep != NULL)
        zq_buf_add(keep, (const char *)text, (size_t)n);
    return send(to, text, (size_t)n, MSG_NOSIGNAL) == n;
}

static void be_between(struct fake_thread *t)
{
    bool first = true, never = false;

    for (;;) {
        struct pollfd waits[] = {{.fd = t->fd, .events = POLLIN}, {.fd = t->to, .events = POLLIN}};

        if (poll(waits, 2, 10 * PATIENCE_MS) <= 0)
            return;
        if (waits[0].revents != 0 && !pass(t->fd, t->to, &never, &t->server->sent))
            return;
        if (waits[1].revents != 0 && !pass(t->to, t->fd, &first, NULL))
            return;
    }
}

static struct sockaddr_in loopback(unsigned port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((unsigned short)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void *serve(void *argument)
{
    struct fake_thread *t = argument;
    struct pollfd wait = {.fd = t->listener, .events = POLLIN};

    if (poll(&wait, 1, PATIENCE_MS) != 1)
        return NULL;
    t->fd = accept(t->listener, NULL, NULL);
    if (t->to_port == 0) {
        be_a_server(t);
    } else {
        const struct sockaddr_in address = loopback(t->to_port);

        t->to = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        need(connect(t->to, (const struct sockaddr *)&address, sizeof address) == 0);
        be_between(t);
        close(t->to);
    }
    if (t->ssl != NULL)
        SSL_free(t->ssl);
    close(t->fd);
    return NULL;
}

static X509 *sign_own(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);

    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    need(X509_sign(certificate, key, EVP_sha256()) > 0);
    return certificate;
}

static void make_key(const char *path)
{
    if (key_of_ours == NULL) {
        key_of_ours = EVP_RSA_gen(2048);
        need(key_of_ours != NULL);
        certificate_of_ours = sign_own(key_of_ours);
    }
    if (path != NULL) {
        FILE *file = fopen(path, "w");

        need(file != NULL && PEM_write_X509(file, certificate_of_ours) == 1 && fclose(file) == 0);
    }
}

int fake_listen(unsigned *out_port)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    need(bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 64) == 0);
    getsockname(listener, (struct sockaddr *)&address, &size);
    *out_port = ntohs(address.sin_port);
    return listener;
}

static void begin(fake_server *server, unsigned to_port)
{
    struct fake_thread *t = calloc(1, sizeof *t);

    need(t != NULL);
    server->thread = t;
    t->server = server;
    t->to_port = to_port;
    t->listener = fake_listen(&server->port);
    make_key(server->file);
    need(pthread_create(&t->thread, NULL, serve, t) == 0);
}

void fake_server_begin(fake_server *server)
{
    begin(server, 0);
}

void fake_proxy_begin(fake_server *server, unsigned to)
{
    begin(server, to);
}

void fake_server_end(fake_server *server)
{
    struct fake_thread *t = server->thread;

    pthread_join(t->thread, NULL);
    close(t->listener);
    free(t);
    server->thread = NULL;
}

void fake_server_done(fake_server *server)
{
    zq_buf_done(&server->sent);
}

bool fake_server_knows(const fake_server *server)
{
    const char *password = server->password;
    const size_t n = strlen(password);
    const zq_buf *sent = &server->sent;

    if (server->knows ||
        (sent->length > 0 && memmem(sent->text, sent->length, password, n) != NULL))
        return true;
    for (size_t shift = 0; shift < SCRAMBLE_LENGTH; shift++) {
        char combined[128];

        need(n < sizeof combined);
        for (size_t i = 0; i < n; i++)
            combined[i] = (char)(password[i] ^ SCRAMBLE[(i + shift) % SCRAMBLE_LENGTH]);
        if (sent->length > 0 && memmem(sent->text, sent->length, combined, n) != NULL)
            return true;
    }
    return false;
}
