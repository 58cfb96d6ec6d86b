#include "app/show/journald.h"
#include "sandbox.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

Test(journal, an_error_has_its_parts_as_fields)
{
    ZQ_AUTO_BUF(entry);
    zq_err err = {0};

    zq_fail(&err, ZQ_E_DENIED, "cannot create table '%s'", "t");
    zq_err_detail(&err, "access denied\nMESSAGE=forged");
    zq_err_hint(&err, "grant CREATE");
    err.server_errno = 1142;
    zq_journald_entry(&entry, "zquant-init", 3, err.message, &err);
    cr_assert_str_eq(zq_buf_text(&entry), "MESSAGE=cannot create table 't'\n"
                                          "PRIORITY=3\n"
                                          "SYSLOG_IDENTIFIER=zquant-init\n"
                                          "ZQUANT_CODE=ZQ_E_DENIED\n"
                                          "ZQUANT_DETAIL=access denied<U+000A>MESSAGE=forged\n"
                                          "ZQUANT_HINT=grant CREATE\n"
                                          "ZQUANT_ERRNO=1142\n");
}

Test(journal, it_is_the_journal_only_when_the_stream_is_the_one_that_is_named)
{
    struct stat about;
    char stream[64];

    cr_assert_eq(fstat(STDERR_FILENO, &about), 0);
    snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)about.st_dev,
             (unsigned long long)about.st_ino);
    cr_assert(zq_journald_is_stderr(stream));
    cr_assert_not(zq_journald_is_stderr("1:2"));
    cr_assert_not(zq_journald_is_stderr(NULL));
}

Test(journal, an_entry_arrives_whole_and_nobody_to_take_it_is_seen)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    char text[256] = "";
    ZQ_AUTO_BUF(entry);

    sandbox_enter();
    zq_journald_entry(&entry, "p", 6, "created 25 tables", NULL);
    cr_assert_not(zq_journald_send("socket", &entry));
    cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    cr_assert(zq_journald_send("socket", &entry));
    cr_assert_gt(recv(fd, text, sizeof text - 1, 0), 0);
    cr_assert_str_eq(text, "MESSAGE=created 25 tables\nPRIORITY=6\nSYSLOG_IDENTIFIER=p\n");
    close(fd);
}
