/* How much memory this process may still take. */
#ifndef ZQ_SEED_MEMORY_H
#define ZQ_SEED_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

typedef struct zq_memory_room {
    bool limited; /* false: nothing limits it, and the rest is not set */
    unsigned long long limit;
    unsigned long long used;
    unsigned long long left;
    const char *what;   /* "control group" or "address space limit (RLIMIT_AS)" */
    bool address_space; /* the latter, which counts what is only set aside, too */
} zq_memory_room;

/* The tightest of the control groups that this process is in, with all that are around them, and
 * RLIMIT_AS. What the page cache holds counts as free. `root` is put in front of the paths in /proc
 * and /sys: "" outside of tests. */
zq_memory_room zq_memory_left(const char *root);

/* Call this before the first thread: all of them get by with one store for malloc, and there is
 * room in it (glibc, mallopt(3)).
 *
 * libsodium asks for the memory of argon2id filled (MAP_POPULATE), and while the kernel fills it,
 * some 30 ms for 64 MiB, no thread of the process gets addresses (mmap(2), brk(2)): those that make
 * the tables would wait for it. And where RLIMIT_AS is set, the 64 MiB of addresses that the C
 * library sets aside for each thread's own store are too much. */
void zq_memory_share_store(void);

#endif
