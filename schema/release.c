#include "release.h"

#include "base/unpack.h"
#include "embed/zq_release_texts.h"
#include "models.h"

#include <pthread.h>

#define ADDRESS(stem) &zq_model_##stem,
static const zq_table *const head_tables[] = {ZQ_MODELS(ADDRESS)};

const zq_schema zq_schema_head = {head_tables, ZQ_LEN(head_tables)};

const zq_release zq_releases[] = {
    {"0.2.0", "0001", "b5301047007f4be49f49f54d1eeaa12694da13e9d71d7833a2499bf04829bccd"},
    {"0.3.0", "0002", "d1837669331d4ed5731330d7c7189d41d82692ffcbf8d371ee356a4143cf64c4"},
    {"0.4.0", "0003", "03407facfafbddece8ba42ace246bacc2b7b0669f5772188436390faf8da7ceb"},
};

static const char *const lacking_in_0_1_0[] = {
    "zq_quant_factor_configs", "zq_quant_factor_definitions", "zq_quant_factor_models",
    "zq_quant_favorite",       "zq_quant_position",           NULL,
};

const zq_older_release zq_release_0_1_0 = {"0.1.0", &zq_releases[0], lacking_in_0_1_0};

const size_t zq_n_releases = ZQ_LEN(zq_releases);

static const char *texts[ZQ_LEN(zq_releases)];

static void unpack_texts(void)
{
    static char unpacked[zq_release_texts_SIZE];

    ZQ_UNPACK_TEXTS(zq_release_texts, unpacked, texts);
}

const char *zq_release_text(const zq_release *release)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, unpack_texts);
    return texts[release - zq_releases];
}

const zq_release *zq_release_head(void)
{
    return &zq_releases[ZQ_LEN(zq_releases) - 1];
}
