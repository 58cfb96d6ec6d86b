/* What the parts of the merge share: the objects of seeds, record and database side by side.
 */
#ifndef ZQ_SEED_MERGE_H
#define ZQ_SEED_MERGE_H

#include "seed/rbac.h"

enum { ZQ_SIDE_SEEDS, ZQ_SIDE_LAST, ZQ_SIDE_DATABASE, ZQ_SIDE_FOLDER, ZQ_SIDES };
enum { ZQ_WORDS_MAX = 3 }; /* texts of an object that seeds can change: description, ... */

/* A role or a permission, by its name, wherever it is. */
typedef struct zq_object {
    const char *name; /* as the database has it, else the seeds, else the record */
    unsigned where;
    const char *words[ZQ_SIDES][ZQ_WORDS_MAX];
    unsigned newer; /* bits of the words that the seeds bring */
    zq_verdict verdict;
    const char *say;
    long long id;      /* in the database */
    long long seed_id; /* that the seeds want for it; 0: any */
    long long n_users; /* roles only */
    bool reconcile;    /* roles only; true where the seeds do not have it */
    bool was_left;     /* roles only: it was last applied as one to be left alone */
    bool asked;        /* by options.role */
} zq_object;

/* Whether it is in the database once the steps have run. */
bool zq_object_stays(const zq_object *object);

/* One cell of the matrix: a role and a permission. */
typedef struct zq_cell {
    unsigned char where;
    unsigned char verdict;
} zq_cell;

typedef struct zq_merge {
    const zq_seeds *seeds;
    const zq_rbac *now;
    const zq_rbac_options *options;
    zq_arena *arena;
    zq_object *roles;
    size_t n_roles;
    zq_object *permissions;
    size_t n_permissions;
    zq_cell *cells;             /* n_roles rows of n_permissions */
    const zq_rbac_record *last; /* what the seeds are compared with */
    size_t n_last;
    const zq_rbac_record *folder; /* what a folder's seeds brought, when it is not `last` */
    size_t n_folder;
    bool taken_over;
} zq_merge;

zq_cell *zq_merge_cell(const zq_merge *m, size_t role, size_t permission);

/* Put the three sides next to each other. */
void zq_merge_align(zq_merge *m);

/* Every object with what was decided about it, and why, in words. */
void zq_merge_decisions(const zq_merge *m, zq_rbac_merged *out);

/* The steps that do what was decided, and the new record. */
void zq_merge_steps(const zq_merge *m, zq_steps *out);

/* Are two words of an object the same? NULL is like nothing but NULL. */
bool zq_words_same(const char *a, const char *b);

/* What zq_meta_seeds holds of a role's or a permission's words, and back; NULL stays NULL. */
const char *zq_words_encode(zq_arena *arena, const char *const words[], size_t n);
void zq_words_decode(zq_arena *arena, const char *content, const char *words[], size_t n);
/* The same of a role, with whether it is left alone once it is made. */
const char *zq_role_encode(zq_arena *arena, const char *description, bool reconcile);
bool zq_role_is_left(zq_arena *arena, const char *content);

#endif
