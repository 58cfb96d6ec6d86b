/* Odd tables: every type and attribute that the model knows, in all combinations that matter, and
 * names and texts that are hard to write and to read. */
#ifndef ZQ_TEST_ODD_H
#define ZQ_TEST_ODD_H

#include "base/arena.h"
#include "model/schema.h"
#include "sql/flavor.h"

/* Several hundred tables that a server of this flavour can make, in an order in which none
 * references a later one. In `arena`. */
const zq_schema *odd_schema(zq_flavor flavor, zq_arena *arena);

#endif
