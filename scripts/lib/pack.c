/* Make a table in C of the bytes of files, packed as src/base/unpack.c reads them, on standard output:
 *
 *     pack SYMBOL FILE...
 *
 * SYMBOL is the packed bytes, SYMBOL_SIZE how many they are unpacked: each file, and a NUL behind it.
 * It runs while the programs are built, and unpacks what it packed before it says that it is done. */
#include "base/unpack.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST = 4, MOST = 131, FAR = 65535, TEXTS_MAX = 4 << 20, LITERALS = 128 };

static unsigned char in[TEXTS_MAX], out[TEXTS_MAX + TEXTS_MAX / LITERALS + 1];
static char again[TEXTS_MAX];
static size_t n_in, n_out;

/* Places with the same first bytes, each with the one before it; counts from 1. */
static size_t latest[1 << 16], before[TEXTS_MAX];

static void fail(const char *what)
{
    fprintf(stderr, "pack: %s\n", what);
    exit(1);
}

static void read_file(const char *path)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        fail(path);
    n_in += fread(in + n_in, 1, TEXTS_MAX - 1 - n_in, file);
    if (!feof(file) || ferror(file))
        fail(path);
    fclose(file);
    in[n_in++] = '\0';
}

static size_t *place_of(size_t at)
{
    unsigned first;

    memcpy(&first, in + at, sizeof first);
    return &latest[first * 2654435761U >> 16];
}

static void remember(size_t at)
{
    if (n_in - at < LEAST)
        return;
    before[at] = *place_of(at);
    *place_of(at) = at + 1;
}

static size_t same(size_t at, size_t other)
{
    size_t length = 0;

    while (length < MOST && at + length < n_in && in[at + length] == in[other + length])
        length++;
    return length;
}

/* The longest text before that is the one at `at`, 0: none that is worth it. */
static size_t find(size_t at, size_t *out_back)
{
    size_t longest = LEAST - 1;

    *out_back = 0;
    for (size_t p = n_in - at < LEAST ? 0 : *place_of(at); p > 0 && at - (p - 1) <= FAR;
         p = before[p - 1]) {
        if (same(at, p - 1) <= longest)
            continue;
        longest = same(at, p - 1);
        *out_back = at - (p - 1);
    }
    return *out_back == 0 ? 0 : longest;
}

static void pack_literals(size_t from, size_t to)
{
    while (from < to) {
        size_t n = to - from < LITERALS ? to - from : LITERALS;

        out[n_out++] = (unsigned char)(n - 1);
        memcpy(out + n_out, in + from, n);
        n_out += n;
        from += n;
    }
}

static void pack(void)
{
    size_t literals = 0, at = 0;

    while (at < n_in) {
        size_t back, next;
        size_t length = find(at, &back);

        remember(at);
        /* One byte later there may be a longer one. */
        if (length == 0 || (at + 1 < n_in && find(at + 1, &next) > length + 1)) {
            at++;
            continue;
        }
        pack_literals(literals, at);
        out[n_out++] = (unsigned char)(128 + length - LEAST);
        out[n_out++] = (unsigned char)(back & 255);
        out[n_out++] = (unsigned char)(back >> 8);
        for (size_t i = 1; i < length; i++)
            remember(at + i);
        at += length;
        literals = at;
    }
    pack_literals(literals, n_in);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        fail("usage: pack SYMBOL FILE...");
    for (int i = 2; i < argc; i++)
        read_file(argv[i]);
    pack();
    if (zq_unpack(out, n_out, again, n_in) != n_in || memcmp(again, in, n_in) != 0)
        fail("what is unpacked is not what was packed");
    printf("/* Made by pack. */\nenum { %s_SIZE = %zu };\nstatic const unsigned char %s[] = {", argv[1],
           n_in, argv[1]);
    for (size_t i = 0; i < n_out; i++)
        printf("%s%u,", i % 20 == 0 ? "\n" : "", out[i]);
    printf("\n};\n");
    return fflush(stdout) == 0 ? 0 : 1;
}
