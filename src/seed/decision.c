#include "seed/decision.h"

static const char *const verdict_names[] = {
#define ZQ_VERDICT_NAME(code, name) name,
    ZQ_VERDICT_LIST(ZQ_VERDICT_NAME)
#undef ZQ_VERDICT_NAME
};

const char *zq_verdict_name(zq_verdict verdict)
{
    return verdict_names[verdict];
}
