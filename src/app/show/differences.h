/* A comparison, for people and for programs. */
#ifndef ZQ_APP_SHOW_DIFFERENCES_H
#define ZQ_APP_SHOW_DIFFERENCES_H

#include "base/buf.h"
#include "run/compare.h"

/* Append a line for each difference: "<table>: <sentence>". Members of a family that differ alike
 * share a line, which ends in "[4 members: 600001, 600002, ...]"; `all_members` names them all. */
void zq_differences_text(zq_buf *out, const zq_comparison *comparison, bool all_members,
                         zq_arena *arena);

/* The same as a JSON array (a json_t *) of objects with table, kind, object, expected, actual and
 * message; where several members of a family differ alike, also members, a list of their tables. */
void *zq_differences_json(const zq_comparison *comparison, zq_arena *arena);

/* The same of changes alone. */
void *zq_differences_changes_json(const zq_changes *changes, zq_arena *arena);

/* A JSON array of objects with name, members, differing (two counts), forms: a list of objects with
 * members (their codes) and differences; and application_columns: a list of objects with name and
 * members (a count); renames: indexes that carry another member's code, a list of objects with
 * table, from and to. */
void *zq_families_json(const zq_comparison *comparison, zq_arena *arena);

/* "the schema is exactly that of zquant 0.3.0 (revision 0002)", "... of zquant 0.1.0 (revision 0001
 * without 5 tables)", "the schema is that of zquant 0.3.0 (revision 0002), but for a collation: 30
 * tables have utf8mb4_0900_ai_ci, not utf8mb4_unicode_ci", or "the schema is that of no
 * release: the nearest is zquant 0.3.0 (revision 0002), with 2 differences"; in `arena`. */
const char *zq_recognition_words(const zq_recognition *recognition, zq_arena *arena);

/* A JSON object with release, revision, exact, missing_tables (what adopt makes), collation (null,
 * or all that differs), and differences, as above; null when `recognition` has no release. */
void *zq_recognition_json(const zq_recognition *recognition, zq_arena *arena);

/* "1 difference", "3 differences"; in `arena`. */
const char *zq_count_words(size_t n, const char *one, const char *many, zq_arena *arena);

/* The same as a part of a message, in its language: N_("%zu table"), N_("%zu tables"). */
const char *zq_count_said(size_t n, const char *one, const char *many, zq_arena *arena);

#endif
