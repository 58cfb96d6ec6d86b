#include "app/settings/guard.h"

#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* LeakSanitizer looks into the process by ptrace, which a process that is not dumpable refuses. */
#if defined(__SANITIZE_ADDRESS__)
#define TRACED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TRACED 1
#endif
#endif
#ifndef TRACED
#define TRACED 0
#endif

static rlim_t core_limit_before;
static bool guarded;

void zq_guard(void)
{
    struct rlimit limit;

    if (guarded || getrlimit(RLIMIT_CORE, &limit) != 0)
        return;
    core_limit_before = limit.rlim_cur;
    limit.rlim_cur = 0;
    setrlimit(RLIMIT_CORE, &limit);
    if (!TRACED)
        prctl(PR_SET_DUMPABLE, 0);
    guarded = true;
}

void zq_unguard(void)
{
    struct rlimit limit;

    if (!guarded || getrlimit(RLIMIT_CORE, &limit) != 0)
        return;
    limit.rlim_cur = core_limit_before;
    setrlimit(RLIMIT_CORE, &limit);
    guarded = false;
}
