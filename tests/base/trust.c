/* The situations of files that are found in the world, as facts: most of them take root, two users
 * or a container to be real. tests/live/hostile_files.c has some of them so. */
#include "base/trust.h"

#include "base/err.h"

#include <criterion/criterion.h>

enum { ROOT = 0, DAEMON = 1, BIN = 2, ME = 2, UNKNOWN = 4242 };

#define PLAIN(...)                                           \
    {                                                        \
        .me = ME, .asker = ME, .is_plain = true, __VA_ARGS__ \
    }
#define AS_ROOT(...)                                             \
    {                                                            \
        .me = ROOT, .asker = ROOT, .is_plain = true, __VA_ARGS__ \
    }

static const struct {
    const char *situation;
    zq_file_facts facts;
    const char *doubt; /* NULL: it is obeyed */
    const char *command;
} cases[] = {
    {"one's own file", PLAIN(.file = {ME, 0644}, .folder = {ME, 0755}), NULL, NULL},
    {"root's file in root's folder, as in /etc",
     PLAIN(.file = {ROOT, 0644}, .folder = {ROOT, 0755}), NULL, NULL},
    {"umask 002 with a private group", PLAIN(.file = {ME, 0664, true}, .folder = {ME, 0775, true}),
     NULL, NULL},
    {"a group of several", PLAIN(.file = {ME, 0664}, .folder = {ME, 0755}),
     "others may write it (owner 'bin', mode 0664)", "chmod go-w 'd/x'"},
    {"a file that everybody may write", PLAIN(.file = {ROOT, 0666}, .folder = {ROOT, 0755}),
     "others may write it (owner 'root', mode 0666)", "chmod go-w 'd/x'"},
    {"root in the folder of a user", AS_ROOT(.file = {DAEMON, 0600}, .folder = {DAEMON, 0700}),
     "it belongs to 'daemon' (mode 0600)", "chown root 'd/x'"},
    {"root's file in the folder of a user, who may put another in its place",
     AS_ROOT(.file = {ROOT, 0600}, .folder = {DAEMON, 0755}),
     "its folder belongs to 'daemon' (mode 0755)", "chown root 'd'"},
    {"a folder that everybody may write", AS_ROOT(.file = {ROOT, 0600}, .folder = {ROOT, 0777}),
     "others may write its folder (owner 'root', mode 0777)", "chmod go-w 'd'"},
    {"one's own file in /tmp", PLAIN(.file = {ME, 0644}, .folder = {ROOT, 01777}), NULL, NULL},
    {"somebody's file in /tmp", PLAIN(.file = {DAEMON, 0644}, .folder = {ROOT, 01777}),
     "it belongs to 'daemon' (mode 0644)", "chown bin 'd/x'"},
    {"somebody's link in /tmp to a file of root's",
     PLAIN(.file = {ROOT, 0644}, .folder = {ROOT, 01777}, .is_link = true, .link = {DAEMON, 0777},
           .real_folder = {ROOT, 0755}),
     "the link belongs to 'daemon' (mode 0777)", "chown -h bin 'd/x'"},
    {"a link into a folder that others may write",
     PLAIN(.file = {ME, 0644}, .folder = {ME, 0755}, .is_link = true, .link = {ME, 0777},
           .real_folder = {ME, 0777}),
     "others may write the folder that the link leads to (owner 'bin', mode 0777)",
     "chmod go-w \"$(dirname \"$(realpath 'd/x')\")\""},
    {"the folder of who called sudo",
     {.me = ROOT,
      .asker = DAEMON,
      .is_plain = true,
      .file = {DAEMON, 0644},
      .folder = {DAEMON, 0755}},
     NULL,
     NULL},
    {"a clone that another user made, in a CI's container as root",
     AS_ROOT(.file = {UNKNOWN, 0644, .stranger = true}, .folder = {UNKNOWN, 0755, .stranger = true},
             .in_container = true),
     NULL, NULL},
    {"the same outside of a container",
     AS_ROOT(.file = {UNKNOWN, 0644, .stranger = true},
             .folder = {UNKNOWN, 0755, .stranger = true}),
     "it belongs to '4242' (mode 0644)", "chown root 'd/x'"},
    {"a file that docker mounts read-only, of an owner who is somebody else in here",
     AS_ROOT(.file = {DAEMON, 0664}, .folder = {ROOT, 0755}, .read_only = true,
             .in_container = true),
     NULL, NULL},
    {"the same, to be written",
     AS_ROOT(.file = {DAEMON, 0664}, .folder = {ROOT, 0755}, .in_container = true),
     "it belongs to 'daemon' (mode 0664)", "chown root 'd/x'"},
    {"a ConfigMap of Kubernetes, with fsGroup",
     PLAIN(.file = {ROOT, 0644}, .folder = {ROOT, 03777}, .is_link = true, .link = {ROOT, 0777},
           .real_folder = {ROOT, 02755}, .read_only = true, .in_container = true),
     NULL, NULL},
    {"a pipe from the shell, whose folder means nothing",
     {.me = ME, .asker = ME, .file = {ME, 0600}, .folder = {DAEMON, 0555}},
     NULL,
     NULL},
};

Test(trust, a_file_is_obeyed_as_sudo_ssh_and_git_would)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        const char *command = "";
        const char *doubt = zq_trust_doubt("d/x", &cases[i].facts, arena, &command);

        if (cases[i].doubt == NULL) {
            cr_expect_null(doubt, "%s: %s", cases[i].situation, doubt);
            continue;
        }
        cr_expect_str_eq(doubt != NULL ? doubt : "", cases[i].doubt, "%s: %s", cases[i].situation,
                         doubt);
        cr_expect_str_eq(command, cases[i].command, "%s: %s", cases[i].situation, command);
    }
}

static const struct {
    const char *situation;
    zq_file_facts facts;
    const char *exposure; /* NULL: nothing is said */
} secrets[] = {
    {"one's own", PLAIN(.file = {ME, 0600}), NULL},
    {"one's own, for all", PLAIN(.file = {ME, 0644}),
     "others may read it (owner 'bin', mode 0644)"},
    {"one's own, for a group", PLAIN(.file = {ME, 0640}),
     "others may read it (owner 'bin', mode 0640)"},
    {"anybody's, for root", AS_ROOT(.file = {DAEMON, 0644}),
     "others may read it (owner 'daemon', mode 0644)"},
    {"a secret of Kubernetes, read by another user than root",
     PLAIN(.file = {ROOT, 0644}, .is_link = true), NULL},
    {"the same with fsGroup", PLAIN(.file = {ROOT, 0440}, .is_link = true), NULL},
    {"the same read by root, on its mount", AS_ROOT(.file = {ROOT, 0644}, .read_only = true), NULL},
    {"a credential of systemd's", PLAIN(.file = {ME, 0440}, .read_only = true), NULL},
    {"a secret of docker's or podman's", AS_ROOT(.file = {UNKNOWN, 0444}, .is_mount = true), NULL},
};

Test(trust, who_may_read_a_secret_counts_only_where_the_user_could_change_it)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 0; i < ZQ_LEN(secrets); i++) {
        const char *command = "";
        const char *exposure = zq_trust_exposure("pw", &secrets[i].facts, arena, &command);

        cr_expect_str_eq(exposure != NULL ? exposure : "",
                         secrets[i].exposure != NULL ? secrets[i].exposure : "", "%s: %s",
                         secrets[i].situation, exposure);
        cr_expect_str_eq(command, exposure != NULL ? "chmod 600 'pw'" : "", "%s",
                         secrets[i].situation);
    }
}

Test(trust, a_command_names_the_file_whatever_it_is_called)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_file_facts facts = PLAIN(.file = {ME, 0666}, .folder = {ME, 0755});
    const char *command = "";

    cr_assert_not_null(zq_trust_doubt("a'; rm -rf x; '", &facts, arena, &command));
    cr_assert_str_eq(command, "chmod go-w 'a'\\''; rm -rf x; '\\'''");
}
