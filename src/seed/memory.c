#include "seed/memory.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PATH_SIZE = 1024 };

#define ADDRESS_SPACE "address space limit (RLIMIT_AS)"

/* Limits from here on mean "none": version 1 writes a number close to 2^63. */
static const unsigned long long NO_LIMIT = 1ULL << 60;

/* Where each version keeps its figures. */
static const struct {
    const char *mount;
    const char *limit;
    const char *used;
    const char *cache; /* a line of memory.stat: what can be taken back from the page cache */
} versions[] = {
    {"/sys/fs/cgroup", "memory.max", "memory.current", "file "},
    {"/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_cache "},
};

static FILE *open_file(const char *dir, const char *file)
{
    char path[PATH_SIZE + 64];

    snprintf(path, sizeof path, "%s/%s", dir, file);
    return fopen(path, "re");
}

static bool read_number(const char *dir, const char *file, unsigned long long *out)
{
    FILE *stream = open_file(dir, file);
    char text[32];
    bool good;

    if (stream == NULL)
        return false;
    good = fgets(text, sizeof text, stream) != NULL;
    fclose(stream);
    if (!good || text[0] < '0' || text[0] > '9')
        return false;
    *out = strtoull(text, NULL, 10);
    return true;
}

static unsigned long long read_stat(const char *dir, const char *name)
{
    FILE *stream = open_file(dir, "memory.stat");
    char line[128];
    unsigned long long value = 0;

    if (stream == NULL)
        return 0;
    while (fgets(line, sizeof line, stream) != NULL) {
        if (strncmp(line, name, strlen(name)) == 0)
            value = strtoull(line + strlen(name), NULL, 10);
    }
    fclose(stream);
    return value;
}

static void narrow(zq_memory_room *room, unsigned long long limit, unsigned long long used,
                   const char *what)
{
    unsigned long long left = used < limit ? limit - used : 0;

    if (limit >= NO_LIMIT || (room->limited && room->left <= left))
        return;
    *room =
        (zq_memory_room){.limited = true, .limit = limit, .used = used, .left = left, .what = what};
}

/* A group, and all that are around it. */
static void look_at_groups(zq_memory_room *room, const char *root, int version, const char *group)
{
    char dir[PATH_SIZE];
    size_t base = (size_t)snprintf(dir, sizeof dir, "%s%s", root, versions[version].mount);

    if (base >= sizeof dir)
        return;
    snprintf(dir + base, sizeof dir - base, "%s", strcmp(group, "/") == 0 ? "" : group);
    for (;;) {
        unsigned long long limit;
        unsigned long long used;
        unsigned long long cache;
        char *slash = strrchr(dir + base, '/');

        if (read_number(dir, versions[version].limit, &limit) &&
            read_number(dir, versions[version].used, &used)) {
            cache = read_stat(dir, versions[version].cache);
            narrow(room, limit, used > cache ? used - cache : 0, "control group");
        }
        if (slash == NULL)
            return;
        *slash = '\0';
    }
}

static void look_at_control_groups(zq_memory_room *room, const char *root)
{
    FILE *stream = open_file(root, "proc/self/cgroup");
    char line[PATH_SIZE];

    if (stream == NULL)
        return;
    while (fgets(line, sizeof line, stream) != NULL) {
        char *controllers = strchr(line, ':');
        char *group = controllers == NULL ? NULL : strchr(controllers + 1, ':');

        if (group == NULL)
            continue;
        *group++ = '\0';
        group[strcspn(group, "\n")] = '\0';
        if (strcmp(controllers + 1, "") == 0)
            look_at_groups(room, root, 0, group);
        else if (strstr(controllers + 1, "memory") != NULL)
            look_at_groups(room, root, 1, group);
    }
    fclose(stream);
}

static void look_at_address_space(zq_memory_room *room, const char *root)
{
    struct rlimit limit;
    unsigned long long pages = 0;
    FILE *stream;

    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return;
    stream = open_file(root, "proc/self/statm");
    if (stream == NULL)
        return;
    if (fscanf(stream, "%llu", &pages) != 1)
        pages = 0;
    fclose(stream);
    narrow(room, limit.rlim_cur, pages * (unsigned long long)sysconf(_SC_PAGESIZE), ADDRESS_SPACE);
    room->address_space = room->limited && strcmp(room->what, ADDRESS_SPACE) == 0;
}

zq_memory_room zq_memory_left(const char *root)
{
    zq_memory_room room = {0};

    look_at_control_groups(&room, root);
    look_at_address_space(&room, root);
    return room;
}

void zq_memory_share_store(void)
{
    enum { STORE = 2 * 1024 * 1024 };

    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, STORE);
    mallopt(M_TRIM_THRESHOLD, 2 * STORE);
    mallopt(M_TOP_PAD, STORE);
    free(malloc(STORE / 2));
}
