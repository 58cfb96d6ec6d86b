#include "base/file.h"

#include "sandbox.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static zq_rc save(const char *path, const char *text, bool replace, zq_err *err)
{
    ZQ_AUTO(zq_new_file) file = NULL;

    ZQ_TRY(zq_new_file_write(path, text, strlen(text), 0640, &file, err));
    return zq_new_file_place(file, replace, err);
}

static const char *content(const char *path, zq_arena *arena)
{
    zq_file file;
    zq_err err = {0};

    cr_assert_eq(zq_file_read(path, 100, ZQ_FILE_PLAIN, arena, &file, &err), ZQ_OK, "%s",
                 err.message);
    return file.text;
}

Test(file, what_was_written_is_read_back_and_nothing_else_is_left)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    struct stat about;
    zq_err err = {0};

    sandbox_enter();
    cr_assert_eq(save("a", "one", false, &err), ZQ_OK, "%s", err.message);
    cr_assert_str_eq(content("a", arena), "one");
    cr_assert_eq(stat("a", &about), 0);
    cr_assert_eq(about.st_mode & 0777U & ~0640U, 0);
    cr_assert_eq(save("a", "two", true, &err), ZQ_OK, "%s", err.message);
    cr_assert_str_eq(content("./a", arena), "two");
    cr_assert_eq(system("test \"$(ls -A)\" = a"), 0);
}

Test(file, a_file_that_is_there_is_replaced_only_when_asked_to)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_err err = {0};

    sandbox_enter();
    sandbox_write("a", 0600, "mine");
    cr_assert_eq(save("a", "yours", false, &err), ZQ_E_IO);
    cr_assert_str_eq(err.message, "cannot write 'a'");
    cr_assert_str_eq(err.detail, "File exists");
    cr_assert_str_eq(err.hint, "somebody made it just now: name another, or remove it, and run "
                               "this again");
    cr_assert_str_eq(content("a", arena), "mine");
    cr_assert_eq(system("test \"$(ls -A)\" = a"), 0);
}

Test(file, nothing_is_written_through_a_link)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_err err = {0};

    sandbox_enter();
    sandbox_write("theirs", 0600, "theirs");
    cr_assert_eq(symlink("theirs", "a"), 0);
    cr_assert_eq(save("a", "new", true, &err), ZQ_OK);
    cr_assert_str_eq(content("theirs", arena), "theirs");
}

/* As root, who may make a file in /dev, nothing would be left of it for others. */
Test(file, a_device_a_pipe_and_what_is_open_are_never_replaced)
{
    static const char *const targets[] = {"/dev/null", "/proc/self/fd/1", "pipe"};
    zq_err err = {0};

    sandbox_enter();
    cr_assert_eq(mkfifo("pipe", 0600), 0);
    cr_assert_not_null(freopen("out", "w", stdout));
    for (size_t i = 0; i < ZQ_LEN(targets); i++) {
        cr_assert_eq(symlink(targets[i], "a"), 0);
        cr_assert_eq(save("a", "new", true, &err), ZQ_E_IO, "%s", targets[i]);
        cr_assert_str_eq(err.message, "cannot write 'a': it is not a plain file");
        cr_assert_str_eq(err.hint, "name a plain file, or one that is not there yet");
        cr_assert_eq(unlink("a"), 0, "%s was replaced", targets[i]);
    }
    cr_assert_eq(save("pipe", "new", true, &err), ZQ_E_IO);
    cr_assert_eq(zq_new_file_try("pipe", 1, 0600, &err), ZQ_E_IO);
    cr_assert_eq(system("test \"$(ls -A)\" = \"$(printf 'out\\npipe')\""), 0);
}

/* In a container each of them may have the process id of the one before. */
Test(file, two_that_write_the_same_file_do_not_meet)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_new_file) killed = NULL;
    zq_err err = {0};

    sandbox_enter();
    cr_assert_eq(zq_new_file_write("a", "half", 4, 0600, &killed, &err), ZQ_OK);
    cr_assert_eq(save("a", "new", false, &err), ZQ_OK, "%s: %s", err.message, err.detail);
    cr_assert_str_eq(content("a", arena), "new");
}

Test(file, what_is_tried_leaves_nothing_and_fails_as_the_writing_does)
{
    zq_err err = {0};

    sandbox_enter();
    cr_assert_eq(zq_new_file_try("a", 100, 01600, &err), ZQ_OK, "%s: %s", err.message, err.detail);
    cr_assert_eq(system("test -z \"$(ls -A)\""), 0);
    cr_assert_eq(zq_new_file_try("nowhere/a", 1, 0600, &err), ZQ_E_IO);
    cr_assert_str_eq(err.message, "cannot write 'nowhere/a'");
    cr_assert_eq(zq_new_file_try("/proc/a", 1, 0600, &err), ZQ_E_IO);
}

Test(file, what_is_closed_before_it_has_its_name_is_gone)
{
    zq_new_file *file = NULL;
    zq_err err = {0};

    sandbox_enter();
    cr_assert_eq(zq_new_file_write("a", "x", 1, 0600, &file, &err), ZQ_OK);
    zq_new_file_close(file);
    cr_assert_eq(system("test -z \"$(ls -A)\""), 0);
    cr_assert_eq(save("nowhere/a", "x", true, &err), ZQ_E_IO);
    cr_assert_str_eq(err.message, "cannot write 'nowhere/a'");
}

Test(file, no_more_is_read_than_the_bound)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_file file;
    zq_err err = {0};

    sandbox_enter();
    sandbox_write("a", 0600, "12345");
    cr_assert_eq(zq_file_read("a", 5, ZQ_FILE_PLAIN, arena, &file, &err), ZQ_OK);
    cr_assert_eq(file.length, 5);
    cr_assert_eq(zq_file_read("a", 4, ZQ_FILE_PLAIN, arena, &file, &err), ZQ_E_NOINPUT);
    cr_assert_str_eq(err.message, "'a' is too long: at most 4 bytes are read");
    cr_assert_eq(zq_file_read("/dev/zero", 1000000, ZQ_FILE_NAMED, arena, &file, &err),
                 ZQ_E_NOINPUT);
    cr_assert_str_eq(err.message, "'/dev/zero' is too long: at most 1000000 bytes are read");
}

Test(file, its_facts_are_those_of_what_was_opened)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_file file;
    zq_err err = {0};

    sandbox_enter();
    cr_assert_eq(mkdir("d", 0750), 0);
    sandbox_write("d/a", 0640, "x");
    cr_assert_eq(symlink("d/a", "l"), 0);
    cr_assert_eq(zq_file_read("l", 9, ZQ_FILE_PLAIN, arena, &file, &err), ZQ_OK);
    cr_assert_eq(file.facts.file.mode, 0640);
    cr_assert_eq(file.facts.folder.mode, 0700);
    cr_assert_eq(file.facts.real_folder.mode & 0700, 0700);
    cr_assert_neq(file.facts.real_folder.mode & 050, 0);
    cr_assert(file.facts.is_link && file.facts.is_plain);
    cr_assert_not(file.facts.read_only || file.facts.is_mount);
    cr_assert_eq(file.facts.link.owner, geteuid());
    cr_assert_null(zq_trust_warning("l", &file.facts, arena));
    cr_assert_eq(chmod("d", 0777), 0);
    cr_assert_eq(zq_file_read("l", 9, ZQ_FILE_PLAIN, arena, &file, &err), ZQ_OK);
    cr_assert_not_null(zq_trust_warning("l", &file.facts, arena));
}

Test(file, a_pipe_is_read_when_it_is_named_or_ones_own)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_file file;
    zq_err err = {0};

    sandbox_enter();
    cr_assert_eq(mkfifo("a", 0600), 0);
    cr_assert_eq(zq_file_read("a", 9, ZQ_FILE_PLAIN, arena, &file, &err), ZQ_E_NOINPUT);
    cr_assert_str_eq(err.message, "cannot read 'a': it is not a plain file");
    for (zq_file_kind kind = ZQ_FILE_NAMED; kind <= ZQ_FILE_FOUND; kind++) {
        cr_assert_eq(system("echo text >a &"), 0);
        cr_assert_eq(zq_file_read("a", 9, kind, arena, &file, &err), ZQ_OK, "%s", err.message);
        cr_assert_str_eq(file.text, "text\n");
    }
    cr_assert_eq(zq_file_read("/dev/zero", 9, ZQ_FILE_FOUND, arena, &file, &err), ZQ_E_NOINPUT);
    cr_assert_str_eq(err.message, "cannot read '/dev/zero': it is not a plain file");
}
