/* The danger of each operation; for change.c, whose table names them, and cost.c. */
#ifndef ZQ_DIFF_DANGER_H
#define ZQ_DIFF_DANGER_H

#include "diff/cost.h"

/* One statement that is being judged. */
typedef struct zq_judge {
    const zq_cost_request *request;
    const zq_table *before; /* with the renamed columns' new names */
    const zq_table *after;
    zq_arena *arena;
    zq_loss *losses; /* room for one for each change */
    zq_cost *out;
} zq_judge;

/* Add to judge->out what the change costs. */
typedef void zq_danger(zq_judge *judge, const zq_change *change);

zq_danger zq_danger_none;
zq_danger zq_danger_drop_table;
zq_danger zq_danger_alter_table;
zq_danger zq_danger_add_column;
zq_danger zq_danger_drop_column;
zq_danger zq_danger_alter_column;
zq_danger zq_danger_move_column;
zq_danger zq_danger_index; /* added, dropped or altered */
zq_danger zq_danger_add_foreign_key;
zq_danger zq_danger_add_extra;
zq_danger zq_danger_drop_extra;

zq_danger *zq_op_danger(zq_op op);

/* ---- what dangers are made of ---- */

/* Note a toll, with its reason, unless there is a worse one already. */
void zq_judge_raise(zq_judge *judge, zq_toll toll, const char *why);
void zq_judge_lose(zq_judge *judge, zq_op op, const char *what);

bool zq_column_is_virtual(const zq_column *column);
bool zq_column_is_generated(const zq_column *column);

/* Has the table an index with this column? */
bool zq_table_indexes(const zq_table *table, const char *column);

/* A virtual column that is indexed. */
bool zq_table_indexes_virtual(const zq_table *table);

/* Does a column stand behind all that were there before, but for others that are added? */
bool zq_column_is_last(const zq_judge *judge, const char *name);

#endif
