#include "base/trust.h"

#include "base/err.h"
#include "base/language.h"
#include "base/text.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/stat.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { ENTRY_MAX = 64 * 1024 }; /* of the databases of users and groups */

static uid_t asker = (uid_t)-1;

void zq_trust_asker(uid_t user)
{
    asker = user;
}

/* ---- facts ---- */

/* An account's name in `out`, "" when there is none; whether it could be found. */
static bool name_of(uid_t user, char *out, size_t size, gid_t *out_group)
{
    struct passwd entry;
    struct passwd *found = NULL;
    char *room = malloc(ENTRY_MAX);
    bool known = room != NULL && getpwuid_r(user, &entry, room, ENTRY_MAX, &found) == 0;

    out[0] = '\0';
    if (found != NULL) {
        snprintf(out, size, "%s", found->pw_name);
        *out_group = found->pw_gid;
    }
    free(room);
    return known;
}

/* The group that Debian's adduser makes for each user: of the same name, and nobody else's. */
static bool is_private(uid_t user, const char *user_name, gid_t users_group, gid_t group)
{
    struct group entry;
    struct group *found = NULL;
    char *room = malloc(ENTRY_MAX);
    bool private = false;

    if (*user_name == '\0')
    private = (gid_t)user == group;
    else if (room != NULL && users_group == group &&
             getgrgid_r(group, &entry, room, ENTRY_MAX, &found) == 0 && found != NULL) private =
        strcmp(found->gr_name, user_name) == 0 &&
        (found->gr_mem[0] == NULL ||
         (strcmp(found->gr_mem[0], user_name) == 0 && found->gr_mem[1] == NULL));
    free(room);
    return private;
}

static zq_owned owned_by(const struct stat *about)
{
    char name[64];
    gid_t group = (gid_t)-1;
    bool known = name_of(about->st_uid, name, sizeof name, &group);
    zq_owned owned = {.owner = about->st_uid, .mode = about->st_mode & 07777U};

    owned.stranger = known && *name == '\0';
    if ((owned.mode & 020) != 0)
        owned.private_group = is_private(about->st_uid, name, group, about->st_gid);
    return owned;
}

static bool is_container(void)
{
    static const char *const marks[] = {"/.dockerenv", "/run/.containerenv",
                                        "/run/systemd/container", "/var/run/secrets/kubernetes.io",
                                        "/run/secrets/kubernetes.io"};

    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (access(marks[i], F_OK) == 0)
            return true;
    }
    return false;
}

static bool is_mount_root(int fd)
{
    struct statx about;

    return statx(fd, "", AT_EMPTY_PATH, 0, &about) == 0 &&
           (about.stx_attributes_mask & about.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/* The folder that the kernel says the open file is in. */
static bool real_folder(int fd, struct stat *out)
{
    char link[64];
    char path[4096];
    ssize_t length;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length <= 0 || path[0] != '/')
        return false;
    path[length] = '\0';
    *(strrchr(path, '/') + (strrchr(path, '/') == path)) = '\0';
    return stat(path, out) == 0;
}

void zq_trust_facts_read(int fd, int folder_fd, const char *name, zq_file_facts *out)
{
    struct stat about = {0};
    struct stat folder = {0};
    struct stat link = {0};
    struct stat real = {0};
    struct statvfs volume;
    zq_file_facts facts = {.me = geteuid(), .asker = geteuid()};

    if (facts.me == 0 && asker != (uid_t)-1)
        facts.asker = asker;
    fstat(fd, &about);
    fstat(folder_fd, &folder);
    facts.file = owned_by(&about);
    facts.folder = owned_by(&folder);
    facts.is_plain = S_ISREG(about.st_mode);
    facts.is_link = fstatat(folder_fd, name, &link, AT_SYMLINK_NOFOLLOW) == 0 &&
                    S_ISLNK(link.st_mode) && real_folder(fd, &real);
    if (facts.is_link) {
        facts.link = owned_by(&link);
        facts.real_folder = owned_by(&real);
    }
    facts.read_only = fstatvfs(fd, &volume) == 0 && (volume.f_flag & ST_RDONLY) != 0;
    facts.is_mount = is_mount_root(fd);
    facts.in_container = is_container();
    *out = facts;
}

/* ---- judgement ---- */

static const char *user_text(uid_t user, zq_arena *arena)
{
    char name[64];
    gid_t group;

    name_of(user, name, sizeof name, &group);
    return *name == '\0' ? zq_arena_printf(arena, "%lu", (unsigned long)user)
                         : zq_arena_strdup(arena, name);
}

static bool is_ours(const zq_file_facts *facts, const zq_owned *thing)
{
    return thing->owner == 0 || thing->owner == facts->me || thing->owner == facts->asker ||
           (facts->in_container && (thing->stranger || facts->read_only));
}

static bool others_write(const zq_owned *thing)
{
    return (thing->mode & 02) != 0 || ((thing->mode & 020) != 0 && !thing->private_group);
}

/* The folder of `path`, as a word for a shell. */
static const char *folder_of(const char *path, zq_arena *arena)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        return ".";
    return zq_text_shell_quoted(
        slash == path ? "/" : zq_arena_strndup(arena, path, (size_t)(slash - path)), arena);
}

const char *zq_trust_doubt(const char *path, const zq_file_facts *facts, zq_arena *arena,
                           const char **out_command)
{
    const char *quoted = zq_text_shell_quoted(path, arena);
    const struct {
        const zq_owned *thing;
        bool counts, may_be_sticky;
        const char *what, *chown, *place;
    } things[] = {
        {&facts->file, true, false, N_("it"), "chown", quoted},
        {&facts->link, facts->is_link, false, N_("the link"), "chown -h", quoted},
        {&facts->folder, facts->is_plain, true, N_("its folder"), "chown", folder_of(path, arena)},
        {&facts->real_folder, facts->is_link, true, N_("the folder that the link leads to"),
         "chown", zq_arena_printf(arena, "\"$(dirname \"$(realpath %s)\")\"", quoted)},
    };

    for (size_t i = 0; i < ZQ_LEN(things); i++) {
        const zq_owned *thing = things[i].thing;
        bool sticky = things[i].may_be_sticky && (thing->mode & 01000) != 0;

        if (!things[i].counts)
            continue;
        if (!is_ours(facts, thing)) {
            *out_command = zq_arena_printf(arena, "%s %s %s", things[i].chown,
                                           user_text(facts->me, arena), things[i].place);
            return zq_arena_printf(arena, zq_tr(N_("%s belongs to '%s' (mode %04o)")),
                                   zq_tr(things[i].what), user_text(thing->owner, arena),
                                   thing->mode);
        }
        /* Every link has mode 0777. */
        if (thing != &facts->link && !sticky && !facts->read_only && others_write(thing)) {
            *out_command = zq_arena_printf(arena, "chmod go-w %s", things[i].place);
            return zq_arena_printf(arena, zq_tr(N_("others may write %s (owner '%s', mode %04o)")),
                                   zq_tr(things[i].what), user_text(thing->owner, arena),
                                   thing->mode);
        }
    }
    return NULL;
}

const char *zq_trust_warning(const char *path, const zq_file_facts *facts, zq_arena *arena)
{
    const char *command;
    const char *doubt = zq_trust_doubt(path, facts, arena, &command);

    return doubt == NULL ? NULL
                         : zq_arena_printf(arena, zq_tr(N_("'%s' is obeyed, but %s; run: %s")),
                                           path, doubt, command);
}

const char *zq_trust_exposure(const char *path, const zq_file_facts *facts, zq_arena *arena,
                              const char **out_command)
{
    bool can_change = facts->me == 0 || facts->me == facts->file.owner;

    if ((facts->file.mode & 077) == 0 || !can_change || facts->read_only || facts->is_mount)
        return NULL;
    *out_command = zq_arena_printf(arena, "chmod 600 %s", zq_text_shell_quoted(path, arena));
    return zq_arena_printf(arena, zq_tr(N_("others may read it (owner '%s', mode %04o)")),
                           user_text(facts->file.owner, arena), facts->file.mode);
}
