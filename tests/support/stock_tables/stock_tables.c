/* stock-tables [OPTION...] STOCKS [WORKER WORKERS]
 *
 * Print the statements that make the tables of STOCKS stocks in every family: codes 600000, 600001
 * and so on; with WORKER and WORKERS, only those that are this worker's share. Every table is like
 * its neighbours, but for what the options say; scripts/make-stocks explains them. */
#include "base/arena.h"
#include "model/canon.h"
#include "release.h"
#include "stocks.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPT_SEED,
    OPT_SHUFFLED,
    OPT_CHARSETS,
    OPT_FACTORS,
    OPT_LIKE,
    OPT_COPIES,
    OPT_ROWS,
    OPT_ALL,
    OPT_RELEASE
};

static const struct option options[] = {
    {"seed", required_argument, NULL, OPT_SEED},
    {"shuffled", no_argument, NULL, OPT_SHUFFLED},
    {"charsets", no_argument, NULL, OPT_CHARSETS},
    {"factors", no_argument, NULL, OPT_FACTORS},
    {"like", no_argument, NULL, OPT_LIKE},
    {"copies", no_argument, NULL, OPT_COPIES},
    {"rows", required_argument, NULL, OPT_ROWS},
    {"all", no_argument, NULL, OPT_ALL},
    {"release", required_argument, NULL, OPT_RELEASE},
    {NULL, 0, NULL, 0},
};

/* That of a release; NULL when there is no such one. */
static const zq_schema *schema_of(const char *name, zq_arena *arena)
{
    const zq_schema *schema = NULL;

    for (size_t i = 0; i < zq_n_releases; i++)
        if (strcmp(zq_releases[i].name, name) == 0 &&
            zq_canon_parse(zq_release_text(&zq_releases[i]),
                           strlen(zq_release_text(&zq_releases[i])), arena, &schema, NULL) != ZQ_OK)
            return NULL;
    return schema;
}

static bool take(int option, stocks_ways *ways, const zq_schema **schema, zq_arena *arena)
{
    switch (option) {
    case OPT_SEED:
        ways->seed = strtoull(optarg, NULL, 10);
        return true;
    case OPT_SHUFFLED:
        ways->shuffled = true;
        return true;
    case OPT_CHARSETS:
        ways->charsets = true;
        return true;
    case OPT_FACTORS:
        ways->factors = true;
        return true;
    case OPT_LIKE:
        ways->like = true;
        return true;
    case OPT_COPIES:
        ways->copies = true;
        return true;
    case OPT_ROWS:
        ways->rows = atoi(optarg);
        return true;
    case OPT_ALL:
        ways->shuffled = ways->charsets = ways->factors = ways->like = ways->copies = true;
        return true;
    case OPT_RELEASE:
        *schema = schema_of(optarg, arena);
        return *schema != NULL;
    default:
        return false;
    }
}

static zq_rc print_stocks(const zq_schema *schema, const stocks_ways *ways, char **argv, int argc,
                          zq_err *err)
{
    int worker = argc > 2 ? atoi(argv[1]) : 0, workers = argc > 2 ? atoi(argv[2]) : 1;
    ZQ_AUTO_BUF(out);

    for (int stock = worker; stock < atoi(argv[0]); stock += workers) {
        zq_buf_clear(&out);
        ZQ_TRY(stocks_write(&out, schema, stock, ways, err));
        fputs(zq_buf_text(&out), stdout);
    }
    return ZQ_OK;
}

int main(int argc, char **argv)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_schema *schema = &zq_schema_head;
    stocks_ways ways = {.seed = 1};
    zq_err err = {0};
    bool good = true;
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
        good = take(option, &ways, &schema, arena) && good;
    if (!good || optind >= argc || (argc - optind > 2 && atoi(argv[optind + 2]) < 1)) {
        fprintf(stderr, "usage: stock-tables [OPTION...] STOCKS [WORKER WORKERS]\n");
        return 64;
    }
    if (print_stocks(schema, &ways, argv + optind, argc - optind, &err) != ZQ_OK) {
        fprintf(stderr, "stock-tables: %s\n", err.message);
        return zq_rc_exit_status(err.code);
    }
    return fflush(stdout) == 0 ? 0 : 2;
}
