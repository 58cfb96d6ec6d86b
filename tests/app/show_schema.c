/* zquant-migrate show --schema in each form. */

#include "model/canon.h"
#include "odd.h"
#include "program.h"
#include "release.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *show(const char *side, const char *form, const char *more)
{
    program_result r = PROGRAM("zquant-migrate", "show", "--schema", side, "--format", form, more);
    char *out;

    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_str_eq(r.err, "");
    out = strdup(r.out);
    program_free(&r);
    return out;
}

/* ---- C ---- */

/* The schema id of what a compiler makes of it. */
static void expect_compiled_id(const char *side, const char *wanted)
{
    char *text = show(side, "c", NULL), command[1024], id[ZQ_DIGEST_HEX], path[512];
    const zq_schema *schema;
    void *library;

    snprintf(path, sizeof path, "%s", program_file("shown.c", text, 0644));
    snprintf(command, sizeof command,
             "cd %s && cc -std=c11 -Wall -Wextra -Wno-missing-field-initializers -Werror -I%s/src "
             "-I%s/schema/models -shared -fPIC -o shown.so shown.c",
             program_dir(), ZQ_SOURCE_DIR, ZQ_SOURCE_DIR);
    cr_assert_eq(system(command), 0, "%s", command);
    snprintf(path, sizeof path, "%s/shown.so", program_dir());
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    cr_assert_not_null(library, "%s", dlerror());
    schema = dlsym(library, "zq_schema_shown");
    cr_assert_not_null(schema);
    zq_canon_id(schema, id);
    cr_assert_str_eq(id, wanted);
    dlclose(library);
    free(text);
}

Test(show_schema, descriptors_compile_and_give_the_same_schema_id)
{
    program_env_reset();
    expect_compiled_id("models", zq_release_head()->id);
}

Test(show_schema, descriptors_of_another_release_give_its_schema_id)
{
    program_env_reset();
    expect_compiled_id("0.3.0", zq_releases[1].id);
}

/* Every type, attribute, quote and character that the model knows. */
Test(show_schema, descriptors_of_odd_tables_compile_too)
{
    static const zq_flavor flavors[] = {ZQ_MYSQL, ZQ_MARIADB};

    for (size_t i = 0; i < ZQ_LEN(flavors); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        const zq_schema *odd = odd_schema(flavors[i], arena);
        char id[ZQ_DIGEST_HEX];
        ZQ_AUTO_BUF(text);

        program_env_reset();
        zq_canon_schema(&text, odd);
        program_file("odd.txt", zq_buf_text(&text), 0644);
        zq_canon_id(odd, id);
        expect_compiled_id("odd.txt", id);
    }
}

/* ---- the others ---- */

#define TABLE(name) "table " name " engine InnoDB charset utf8mb4 collate utf8mb4_unicode_ci\n"

static const char small[] = TABLE(
    "zq_app_roles") "  column id int not null\n"
                    "  column `a\"b` enum('x', '<y>')\n"
                    "  primary key (id)\n"
                    "\n" TABLE(
                        "zq_app_users") "  column id int not null\n"
                                        "  column role_id int\n"
                                        "  primary key (id)\n"
                                        "  foreign key f (role_id) references "
                                        "zq_app_roles (id)\n"
                                        "\n" TABLE(
                                            "zq_data_daily_{code}") "  column id int not null\n";

static void expect_form(const char *form, const char *more, const char *wanted)
{
    char *out;

    program_env_reset();
    program_file("small.txt", small, 0644);
    out = show("small.txt", form, more);
    cr_assert_str_eq(out, wanted);
    free(out);
}

Test(show_schema, a_text_comes_out_as_it_went_in)
{
    expect_form("text", NULL, small);
}

Test(show_schema, a_diagram_has_areas_boxes_and_an_arrow_for_each_key)
{
    expect_form("mermaid", NULL,
                "flowchart LR\n"
                "  subgraph a0[\"zq_app\"]\n"
                "    t0[\"zq_app_roles<br/>2 columns\"]\n"
                "    t1[\"zq_app_users<br/>2 columns\"]\n"
                "  end\n"
                "  subgraph a2[\"zq_data\"]\n"
                "    t2[[\"zq_data_daily_{code}<br/>1 column\"]]\n"
                "  end\n"
                "  t1 -->|\"role_id\"| t0\n");
    expect_form("dot", NULL,
                "digraph schema {\n"
                "  rankdir=LR;\n"
                "  node [shape=box];\n"
                "  subgraph cluster_0 {\n"
                "    label=\"zq_app\";\n"
                "    t0 [label=\"zq_app_roles\\n2 columns\"];\n"
                "    t1 [label=\"zq_app_users\\n2 columns\"];\n"
                "  }\n"
                "  subgraph cluster_2 {\n"
                "    label=\"zq_data\";\n"
                "    t2 [label=\"zq_data_daily_{code}\\n1 column\", shape=box3d];\n"
                "  }\n"
                "  t1 -> t0 [label=\"role_id\"];\n"
                "}\n");
}

Test(show_schema, a_diagram_shows_columns_when_asked_to)
{
    char *out;

    program_env_reset();
    program_file("small.txt", small, 0644);
    out = show("small.txt", "mermaid", "-v");
    cr_assert_not_null(strstr(out, "t0[\"zq_app_roles<br/>id int<br/>a#34;b "
                                   "enum('x','#60;y#62;')\"]\n"),
                       "%s", out);
    free(out);
    out = show("small.txt", "dot", "-v");
    cr_assert_not_null(strstr(out, "t0 [label=\"zq_app_roles\\nid int\\na\\\"b "
                                   "enum('x','<y>')\"];\n"),
                       "%s", out);
    free(out);
}

Test(show_schema, a_picture_in_svg_has_the_boxes_and_keys_of_the_diagram)
{
    char *out, *again;

    program_env_reset();
    program_file("small.txt", small, 0644);
    out = show("small.txt", "svg", NULL);
    again = show("small.txt", "svg", NULL);
    cr_assert_str_eq(out, again);
    free(again);
    cr_assert_not_null(strstr(out, "class=\"area\">zq_data</text>\n"), "%s", out);
    cr_assert_not_null(strstr(out, "class=\"name\">zq_app_roles</text>\n"), "%s", out);
    cr_assert_not_null(strstr(out, "class=\"more\">2 columns</text>\n"), "%s", out);
    cr_assert_not_null(strstr(out, "class=\"key\">role_id</text>\n"), "%s", out);
    free(out);
    out = show("small.txt", "svg", "-v");
    cr_assert_not_null(strstr(out, ">a&quot;b enum('x','&lt;y&gt;')</text>\n"), "%s", out);
    free(out);
}

Test(show_schema, statements_make_tables_and_leave_families_to_the_application)
{
    char *out;

    program_env_reset();
    program_file("small.txt", small, 0644);
    out = show("small.txt", "sql", NULL);
    cr_assert_not_null(strstr(out, ";\n"
                                   "SET foreign_key_checks = 0;\n"
                                   "\n"
                                   "CREATE TABLE `zq_app_roles` (\n"),
                       "%s", out);
    cr_assert_not_null(strstr(out, "  CONSTRAINT `f` FOREIGN KEY (`role_id`) REFERENCES "
                                   "`zq_app_roles` (`id`)\n"),
                       "%s", out);
    cr_assert_not_null(strstr(out, "\n"
                                   "-- The application makes one such table for each stock:\n"
                                   "-- CREATE TABLE `zq_data_daily_{code}` (\n"
                                   "--   `id` int NOT NULL\n"
                                   "-- ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 "
                                   "COLLATE=utf8mb4_unicode_ci;\n"
                                   "\n"
                                   "SET foreign_key_checks = 1;\n"),
                       "%s", out);
    free(out);
}

Test(show_schema, the_document_has_the_schema_id_and_every_table)
{
    char *out;
    json_t *document, *tables;
    json_error_t error;

    program_env_reset();
    out = show("models", "json", NULL);
    document = json_loads(out, 0, &error);
    cr_assert_not_null(document);
    tables = json_object_get(document, "tables");
    cr_assert_str_eq(json_string_value(json_object_get(document, "schema_id")),
                     zq_release_head()->id);
    cr_assert_eq(json_array_size(tables), 30);
    cr_assert_str_eq(json_string_value(json_object_get(json_array_get(tables, 0), "name")),
                     "zq_app_apikeys");
    json_decref(document);
    free(out);
}

Test(show_schema, a_form_without_a_schema_is_refused)
{
    program_result r;

    program_env_reset();
    r = PROGRAM("zquant-migrate", "show", "0003", "--format", "c");
    cr_assert_eq(r.status, 64);
    cr_assert_str_eq(r.err, "zquant-migrate: '--format' is a form of '--schema'\n"
                            "hint: see 'zquant-migrate show --help'\n");
    program_free(&r);
    r = PROGRAM("zquant-migrate", "show");
    cr_assert_eq(r.status, 64);
    cr_assert_str_eq(r.err, "zquant-migrate: 'show' needs REV\n"
                            "hint: see 'zquant-migrate show --help'\n");
    program_free(&r);
}
