/* The releases of zquant that are compiled in, by any of their names. */
#ifndef ZQ_APP_KNOWN_H
#define ZQ_APP_KNOWN_H

#include "app/app.h"
#include "run/compare.h"

#include "release.h"

/* The release that `name` stands for: "0.3.0", its revision or a unique prefix of one, "head".
 * Fails with ZQ_E_USAGE, naming those that there are. */
zq_rc zq_known_release(const char *name, const zq_release **out_release, zq_err *err);

/* The one whose newest revision it is; NULL: none. */
const zq_release *zq_known_release_at(const char *revision);

/* Its schema, zq_meta_* left out; in `arena`. */
zq_rc zq_known_schema(const zq_release *release, zq_arena *arena, const zq_schema **out_schema,
                      zq_err *err);

/* With its schema, for what tells a database's release; in `arena`. */
zq_rc zq_known_of(const zq_release *release, zq_arena *arena, zq_known *out, zq_err *err);

#endif
