/* What the files of the catalog reader share: one reading of one database. */
#ifndef ZQ_DB_READING_H
#define ZQ_DB_READING_H

#include "db/catalog_data.h"
#include "db/db.h"

#include <stdint.h>

/* A table that `wanted` names outright and that is there. */
typedef struct zq_named {
    const zq_table *wanted;
    const char *type; /* TABLE_TYPE */
} zq_named;

/* What is called like a stock's table, and is not one: a view, a sequence. */
typedef struct zq_stranger {
    const char *code;
    const zq_table *family;
    const zq_table *table; /* all that is known of it */
} zq_stranger;

/* A base table of a family. */
typedef struct zq_catalog_member {
    const char *name;
    const char *code; /* where in `name` it starts */
    uint64_t sum[2];  /* of the keyed hashes of its rows, whatever their order */
    uint32_t family;  /* index into wanted->tables */
    bool alone;       /* information_schema does not tell its form in full */
    uint8_t seen;     /* kinds of rows that came in: a bit for each */
    /* of an open family: where the last of its own columns stands, and the first of the
     * application's; 0: none */
    uint16_t last_own, first_open;
    bool twice;       /* two indexes come to one name of the family's */
    uint32_t indexes; /* which names of the family's it has: a bit for each */
} zq_catalog_member;

typedef struct zq_trigger {
    const char *table;
    const char *name;
    const char *text;
} zq_trigger;

/* A list of columns of the application's, while they come in. */
typedef struct zq_opened {
    zq_open_column *items;
    size_t n;
    size_t next; /* where the next one is looked for first */
} zq_opened;

/* A list of indexes that carry another member's code, likewise. */
typedef struct zq_index_renames {
    zq_rename *items;
    size_t n;
} zq_index_renames;

typedef struct zq_reading {
    zq_db *db;
    const zq_target *helper; /* may be NULL */
    const char *database;
    const zq_schema *wanted;
    zq_arena *arena;
    unsigned char key[16]; /* of the hash; random for each reading */
    bool encrypts;         /* tables of this database are encrypted without being asked */
    size_t open_tables;    /* how many tables the server keeps open; 0: it does not matter */

    zq_named *named;
    size_t n_named;
    zq_catalog_member *members; /* in the server's own order of names */
    size_t n_members;
    uint32_t *slots; /* a hash table over them: index + 1, or 0 */
    size_t n_slots;
    zq_stranger *strangers;
    size_t n_strangers;
    zq_trigger *triggers;
    size_t n_triggers;
    const char *const **index_names; /* by family: of its indexes, ends in NULL */
    zq_opened opened;
    zq_index_renames renames;
    bool vanished;    /* a table went away while it was read: read again */
    const char *gone; /* its name, where it is known */
} zq_reading;

/* The member of that name, or NULL. */
zq_catalog_member *zq_reading_member(const zq_reading *of, const char *name, size_t length);
void zq_reading_index(zq_reading *of);

/* The names that a family's indexes are known by. */
void zq_reading_index_names(zq_reading *of);

/* A value of a row; its text is NULL for SQL's NULL. */
typedef struct zq_cell {
    const char *text;
    size_t length;
} zq_cell;

static inline zq_cell zq_cell_of(const zq_row *row, size_t column)
{
    return (zq_cell){zq_row_text(row, column), zq_row_length(row, column)};
}

/* Add the hash of a row to a member's sum. */
struct zq_buf;
void zq_reading_member_add(const zq_reading *of, zq_catalog_member *member, struct zq_buf *scratch,
                           char kind, const zq_cell *cells, size_t n);

/* Is the column of this row (see COLUMNS_OF) one that the family leaves to the application? */
bool zq_reading_row_is_open(const zq_table *family, const zq_row *row, zq_arena *scratch);
/* Remember where a column of a member stands; is one of the application's before one of its own? */
void zq_reading_member_place(zq_catalog_member *member, const zq_row *row, bool is_open);
bool zq_reading_member_is_mixed(const zq_catalog_member *member);
/* Count a column of `n_members` more; a new name is copied into `arena`. */
void zq_opened_count(zq_opened *list, zq_arena *arena, const zq_table *family, const char *name,
                     size_t n_members);
/* Add what `from` has, and sort. */
void zq_opened_take(zq_opened *to, zq_arena *arena, const zq_opened *from);

/* Read the rows of all members from information_schema into their sums, over both connections. */
zq_rc zq_reading_members(zq_reading *of, zq_err *err);

/* Sort members into forms; fills `out->forms`. */
zq_rc zq_reading_group_members(zq_reading *of, zq_catalog *out, zq_err *err);

/* How many tables one round trip reads. */
enum { ZQ_SHOW_BATCH = 64 };

/* Read the definitions of `n` tables by SHOW CREATE TABLE into `out_tables`, in `arena`, each with
 * its triggers among the extras. Sets of->vanished and of->gone and fails when one is no longer
 * there; ZQ_E_DENIED when one may not be seen. */
zq_rc zq_show_create(zq_reading *of, const char *const *names, size_t n, zq_arena *arena,
                     zq_table *out_tables, zq_err *err);

#endif
