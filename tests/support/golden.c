#include "golden.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void make_folders(const char *path)
{
    char folder[1024];

    snprintf(folder, sizeof folder, "%s", path);
    for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(folder, 0777);
        *slash = '/';
    }
}

static void update(const char *path, const char *text)
{
    FILE *file;

    make_folders(path);
    file = fopen(path, "wb");
    cr_assert_not_null(file, "cannot write %s", path);
    cr_assert_geq(fputs(text, file), 0);
    cr_assert_eq(fclose(file), 0);
}

const char *golden_path(const char *path)
{
    static char full[1024];

    snprintf(full, sizeof full, "%s/tests/golden/%s", ZQ_SOURCE_DIR, path);
    return full;
}

bool golden_read(const char *path, zq_buf *out)
{
    char piece[4096];
    FILE *file = fopen(golden_path(path), "rb");
    size_t n;

    if (file == NULL)
        return false;
    while ((n = fread(piece, 1, sizeof piece, file)) > 0)
        zq_buf_add(out, piece, n);
    fclose(file);
    return true;
}

void golden_check(const char *path, const char *text)
{
    const char *wanted = getenv("ZQ_GOLDEN_UPDATE");
    ZQ_AUTO_BUF(kept);

    if (wanted != NULL && strcmp(wanted, "1") == 0) {
        update(golden_path(path), text);
        return;
    }
    cr_assert(golden_read(path, &kept), "there is no %s; see tests/golden/README.md",
              golden_path(path));
    cr_assert_str_eq(text, zq_buf_text(&kept), "%s differs; it is now:\n%s", golden_path(path),
                     text);
}

int golden_each(const char *folder, void (*visit)(const char *name))
{
    struct dirent **entries = NULL;
    int n = scandir(golden_path(folder), &entries, is_shown, alphasort);

    cr_assert_geq(n, 0, "there is no %s", golden_path(folder));
    for (int i = 0; i < n; i++) {
        visit(entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return n;
}
