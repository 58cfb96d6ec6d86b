/* What a server says instead of who it is reaches the user, wherever in its answer it comes. */
#include "db/db.h"
#include "fake_server.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void add_packet(zq_buf *out, unsigned char number, const char *content, size_t length)
{
    zq_buf_char(out, (char)length);
    zq_buf_add(out, "\0\0", 2);
    zq_buf_char(out, (char)number);
    zq_buf_add(out, content, length);
}

#define ADD(out, number, content) add_packet((out), (number), (content), sizeof(content) - 1)

static void send_all(int fd, zq_buf *out)
{
    (void)!send(fd, out->text, out->length, MSG_NOSIGNAL);
    zq_buf_clear(out);
}

/* Let anybody in; answer the first question with two columns, and an error in the place of a row.
 */
static void *run_server(void *argument)
{
    static const char column[] = "\3def\0\0\0\1v\0\x0c\x21\0\x40\0\0\0\xfd\0\0\0\0\0";
    const int fd = accept(*(int *)argument, NULL, NULL);
    ZQ_AUTO_BUF(greeting);
    ZQ_AUTO_BUF(out);
    char text[4096];

    fake_greeting(&greeting, false, "mysql_native_password");
    add_packet(&out, 0, greeting.text, greeting.length);
    send_all(fd, &out);
    (void)!recv(fd, text, sizeof text, 0);
    ADD(&out, 2, "\0\0\0\2\0\0\0");
    send_all(fd, &out);
    (void)!recv(fd, text, sizeof text, 0);
    ADD(&out, 1, "\2");
    ADD(&out, 2, column);
    ADD(&out, 3, column);
    ADD(&out, 4, "\xfe\0\0\x0a\0");
    ADD(&out, 5, "\xff\x25\x05#70100Query execution was interrupted");
    send_all(fd, &out);
    (void)!recv(fd, text, sizeof text, 0);
    close(fd);
    return NULL;
}

Test(begin, an_error_in_the_place_of_its_first_row_is_told, .timeout = 30)
{
    zq_target target = {.host = "127.0.0.1",
                        .user = "zq",
                        .password = "x",
                        .tls = ZQ_TLS_DISABLED,
                        .connect_timeout_ms = 5000};
    int listener = fake_listen(&target.port);
    char message[128];
    pthread_t thread;
    zq_db *db = NULL;
    zq_err err = {0};

    cr_assert_eq(pthread_create(&thread, NULL, run_server, &listener), 0);
    cr_expect_eq(zq_db_open(&target, &db, &err), ZQ_E_SERVER);
    snprintf(message, sizeof message,
             "cannot connect to 'zq@127.0.0.1:%u': the server refused the connection", target.port);
    cr_expect_str_eq(err.message, message);
    cr_expect_str_eq(err.detail, "Query execution was interrupted (1317)");
    cr_expect_eq(err.server_errno, 1317);
    pthread_join(thread, NULL);
    close(listener);
}
