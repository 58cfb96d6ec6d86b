#include "app/show/journald.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

bool zq_journald_is_stderr(const char *stream)
{
    char wanted[64];
    struct stat about;

    if (stream == NULL || fstat(STDERR_FILENO, &about) != 0)
        return false;
    snprintf(wanted, sizeof wanted, "%llu:%llu", (unsigned long long)about.st_dev,
             (unsigned long long)about.st_ino);
    return strcmp(stream, wanted) == 0;
}

/* A value of one line; zq_text_printf sees to that. */
static void add_field(zq_buf *out, const char *name, const char *value)
{
    if (*value != '\0')
        zq_text_printf(out, "%s=%s\n", name, value);
}

void zq_journald_entry(zq_buf *out, const char *program, int priority, const char *message,
                       const zq_err *err)
{
    add_field(out, "MESSAGE", message);
    zq_text_printf(out, "PRIORITY=%d\n", priority);
    add_field(out, "SYSLOG_IDENTIFIER", program);
    if (err == NULL)
        return;
    add_field(out, "ZQUANT_CODE", zq_rc_name(err->code));
    add_field(out, "ZQUANT_DETAIL", err->detail);
    add_field(out, "ZQUANT_HINT", err->hint);
    if (err->server_errno != 0)
        zq_text_printf(out, "ZQUANT_ERRNO=%u\n", err->server_errno);
}

bool zq_journald_send(const char *path, const zq_buf *entry)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool sent;

    if (fd < 0 || strlen(path) >= sizeof address.sun_path) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    sent = sendto(fd, zq_buf_text(entry), entry->length, MSG_NOSIGNAL,
                  (const struct sockaddr *)&address, sizeof address) == (ssize_t)entry->length;
    close(fd);
    return sent;
}
