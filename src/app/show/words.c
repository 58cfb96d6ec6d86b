#include "app/show/words.h"

#include "base/err.h"

const char *zq_words_duration(long long ms, zq_arena *arena)
{
    if (ms < 0)
        return "";
    if (ms < 120 * 1000LL)
        return zq_arena_printf(arena, "%.*f s", ms < 10000 ? 2 : 0, (double)ms / 1000);
    if (ms < 120 * 60000LL)
        return zq_arena_printf(arena, "%lld min", (ms + 30000) / 60000);
    return zq_arena_printf(arena, "%.1f h", (double)ms / 3600000);
}

const char *zq_words_bytes(unsigned long long bytes, zq_arena *arena)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    double n = (double)bytes;
    size_t unit = 0;

    while (n >= 1000 && unit + 1 < ZQ_LEN(units)) {
        n /= 1000;
        unit++;
    }
    return zq_arena_printf(arena, "%.*f %s", unit > 0 && n < 10 ? 1 : 0, n, units[unit]);
}

const char *zq_words_rows(unsigned long long rows, zq_arena *arena)
{
    if (rows < 100000)
        return zq_arena_printf(arena, "%llu", rows);
    if (rows < 10000000)
        return zq_arena_printf(arena, "%llu k", rows / 1000);
    return zq_arena_printf(arena, "%llu M", rows / 1000000);
}
