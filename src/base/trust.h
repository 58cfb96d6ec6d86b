/* Who could have written a file that this program is to obey, and who can read one with a password
 * in it: as sudo, ssh and git judge, by what is open, not by what its path says. */
#ifndef ZQ_BASE_TRUST_H
#define ZQ_BASE_TRUST_H

#include "base/arena.h"

#include <stdbool.h>
#include <sys/types.h>

/* Who owns something, and who else may do what with it. */
typedef struct zq_owned {
    uid_t owner;
    unsigned mode;      /* permission bits */
    bool private_group; /* its group is that of its owner alone, as with umask 002 */
    bool stranger;      /* its owner has no account on this machine */
} zq_owned;

/* All that the judgement is made from. */
typedef struct zq_file_facts {
    uid_t me;    /* the effective user */
    uid_t asker; /* who became root by sudo; otherwise `me` */
    zq_owned file;
    zq_owned folder;      /* of the name that was opened */
    zq_owned link;        /* that name, when is_link */
    zq_owned real_folder; /* of the file that the link led to, when is_link */
    bool is_link;
    bool is_plain;  /* a regular file; a pipe has no folder that counts */
    bool read_only; /* on a file system that nobody can write here */
    bool is_mount;  /* mounted as this one file, as container engines mount secrets */
    bool in_container;
} zq_file_facts;

/* The user who became root by sudo, when there is one: what is theirs is trusted, too. */
void zq_trust_asker(uid_t asker);

/* Read the facts of a file that is open; `folder_fd` is its folder, by the path it was opened by,
 * and `name` its name there. */
void zq_trust_facts_read(int fd, int folder_fd, const char *name, zq_file_facts *out);

/* Why the file should not be obeyed, or NULL: "it belongs to 'mallory' (mode 0644)", "others may
 * write its folder (owner 'root', mode 0777)". `*out_command` is what fixes it. Obeyed is what,
 * with its folder and the links to it, belongs to root or to the user, and what nobody else may
 * write; a folder with the sticky bit is as good as one's own. In a container, what belongs to an
 * unknown user, or is mounted read-only, came from outside, where its owner is somebody. Texts are
 * in `arena`. */
const char *zq_trust_doubt(const char *path, const zq_file_facts *facts, zq_arena *arena,
                           const char **out_command);

/* The warning that goes with a doubt about a file that was named, and is obeyed: "'x.ini' is
 * obeyed, but others may write it (...); run: chmod go-w 'x.ini'"; NULL: there is none. */
const char *zq_trust_warning(const char *path, const zq_file_facts *facts, zq_arena *arena);

/* May others read it who could be kept from that: "others may read it (owner 'me', mode 0644)"?
 * NULL for what only its owner may read, and for what the user cannot change: a file of somebody
 * else, one on a read-only file system, or one that is a mount of its own. */
const char *zq_trust_exposure(const char *path, const zq_file_facts *facts, zq_arena *arena,
                              const char **out_command);

#endif
