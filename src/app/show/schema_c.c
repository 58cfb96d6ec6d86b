/* Writes a schema as the C that schema/models is made of.
 *
 * What is plain takes the short form that people write there; what is not, a key over an expression
 * or a type without a macro, is written out by its fields. Every text is a literal in octal escapes
 * where a compiler could read it in another way, so that what is compiled has the same bytes. */
#include "app/show/schema_write.h"

#include "base/digest.h"
#include "base/utf8.h"
#include "model/canon.h"

#include <string.h>

enum { SHORT_PARTS = 4 }; /* that ZQ_ON takes */

static bool has(const char *text)
{
    return text != NULL && *text != '\0';
}

/* ---- words ---- */

static void literal(zq_buf *out, const char *text)
{
    zq_buf_char(out, '"');
    for (const char *c = text; *c != '\0'; c++) {
        const unsigned char byte = (unsigned char)*c;

        if (byte == '"' || byte == '\\')
            zq_buf_printf(out, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7F || (byte == '?' && c[1] == '?'))
            zq_buf_printf(out, "\\%03o", byte);
        else
            zq_buf_char(out, *c);
    }
    zq_buf_char(out, '"');
}

static void field(zq_buf *out, const char *name, const char *text)
{
    if (!has(text))
        return;
    zq_buf_printf(out, ", .%s = ", name);
    literal(out, text);
}

static void list(zq_buf *out, const char *const *texts)
{
    for (size_t i = 0; texts[i] != NULL; i++) {
        zq_buf_str(out, i > 0 ? ", " : "");
        literal(out, texts[i]);
    }
}

/* `n` spaces and one more, or none before the end of a row. */
static void pad(zq_buf *out, size_t width, size_t used)
{
    zq_buf_char(out, ' ');
    for (; used < width; used++)
        zq_buf_char(out, ' ');
}

/* "app_users" of zq_app_users, "data_tustock_daily" of zq_data_tustock_daily_{code}: what a name in
 * C may hold. */
static char *stem_of(const char *name, zq_arena *arena)
{
    const char *code = strstr(name, "_" ZQ_CODE);
    char *stem;

    if (strncmp(name, "zq_", 3) == 0)
        name += 3;
    stem = code != NULL && code >= name ? zq_arena_strndup(arena, name, (size_t)(code - name))
                                        : zq_arena_strdup(arena, name);
    for (char *c = stem; *c != '\0'; c++) {
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", *c) == NULL)
            *c = '_';
    }
    return *stem >= '0' && *stem <= '9' ? zq_arena_printf(arena, "t%s", stem) : stem;
}

/* One for each table, no two alike. */
static const char **stems_of(const zq_table *const *tables, size_t n, zq_arena *arena)
{
    const char **stems = ZQ_NEW_ARRAY(arena, const char *, n + 1);

    for (size_t i = 0; i < n; i++) {
        stems[i] = stem_of(tables[i]->name, arena);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(stems[i], stems[k]) == 0)
                stems[i] = zq_arena_printf(arena, "%s_%zu_", stems[i], i);
        }
    }
    return stems;
}

/* ---- columns ---- */

static void write_type(zq_buf *out, const zq_type *type)
{
    static const char *const names[] = {
#define NAME_(kind, sql, args) [ZQ_TYPE_##kind] = #kind,
        ZQ_TYPE_LIST(NAME_)
#undef NAME_
    };

    zq_buf_printf(out, "{.kind = ZQ_TYPE_%s", names[type->kind]);
    if (type->length > 0)
        zq_buf_printf(out, ", .length = %u", type->length);
    if (type->scale > 0)
        zq_buf_printf(out, ", .scale = %u", type->scale);
    if (type->is_unsigned)
        zq_buf_str(out, ", .is_unsigned = true");
    if (type->values != NULL) {
        zq_buf_str(out, ", .values = ZQ_COLS(");
        list(out, type->values);
        zq_buf_char(out, ')');
    }
    field(out, "other", type->other);
    zq_buf_char(out, '}');
}

/* With the macro that there is for it. */
static const char *type_text(const zq_type *type, zq_arena *arena)
{
    static const struct {
        zq_type type;
        const char *macro;
    } plain[] = {
        {ZQ_TINYINT, "ZQ_TINYINT"},
        {ZQ_BOOL, "ZQ_BOOL"},
        {ZQ_SMALLINT, "ZQ_SMALLINT"},
        {ZQ_INT, "ZQ_INT"},
        {ZQ_INT_UNSIGNED, "ZQ_INT_UNSIGNED"},
        {ZQ_BIGINT, "ZQ_BIGINT"},
        {ZQ_BIGINT_UNSIGNED, "ZQ_BIGINT_UNSIGNED"},
        {ZQ_FLOAT, "ZQ_FLOAT"},
        {ZQ_DOUBLE, "ZQ_DOUBLE"},
        {ZQ_TEXT, "ZQ_TEXT"},
        {ZQ_MEDIUMTEXT, "ZQ_MEDIUMTEXT"},
        {ZQ_LONGTEXT, "ZQ_LONGTEXT"},
        {ZQ_BLOB, "ZQ_BLOB"},
        {ZQ_DATE, "ZQ_DATE"},
        {ZQ_DATETIME, "ZQ_DATETIME"},
        {ZQ_DATETIME_MS, "ZQ_DATETIME_MS"},
        {ZQ_JSON, "ZQ_JSON"},
    };
    ZQ_AUTO_BUF(out);

    for (size_t i = 0; i < ZQ_LEN(plain); i++) {
        if (zq_type_equal(type, &plain[i].type))
            return plain[i].macro;
    }
    if (type->kind == ZQ_TYPE_DECIMAL && !type->is_unsigned)
        return zq_arena_printf(arena, "ZQ_DECIMAL(%u, %u)", type->length, type->scale);
    if (type->kind == ZQ_TYPE_CHAR || type->kind == ZQ_TYPE_VARCHAR)
        return zq_arena_printf(arena, "ZQ_%sCHAR(%u)", type->kind == ZQ_TYPE_CHAR ? "" : "VAR",
                               type->length);
    if (type->kind == ZQ_TYPE_ENUM) {
        zq_buf_str(&out, "ZQ_ENUM(");
        list(&out, type->values);
        zq_buf_char(&out, ')');
    } else {
        write_type(&out, type);
    }
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

static const char *flags_text(unsigned flags, zq_arena *arena)
{
    static const struct {
        unsigned flag;
        const char *name;
    } names[] = {
        {ZQ_NOT_NULL, "ZQ_NOT_NULL"},
        {ZQ_AUTO_INCREMENT, "ZQ_AUTO_INCREMENT"},
        {ZQ_INVISIBLE, "ZQ_INVISIBLE"},
        {ZQ_STORED, "ZQ_STORED"},
    };
    ZQ_AUTO_BUF(out);

    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        if (flags & names[i].flag)
            zq_buf_printf(&out, "%s%s", out.length > 0 ? " | " : "", names[i].name);
    }
    return out.length == 0 ? "0" : zq_arena_strdup(arena, zq_buf_text(&out));
}

static const char *name_text(const char *name, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    literal(&out, name);
    zq_buf_char(&out, ',');
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

static bool is_audit(const zq_table *table)
{
    static const zq_column audit[] = {
        {"created_by", ZQ_VARCHAR(50), 0, "创建人"},
        {"created_time", ZQ_DATETIME, ZQ_NOT_NULL, "创建时间"},
        {"updated_by", ZQ_VARCHAR(50), 0, "修改人"},
        {"updated_time", ZQ_DATETIME, ZQ_NOT_NULL, "修改时间"},
    };

    if (table->n_columns <= ZQ_LEN(audit))
        return false;
    for (size_t i = 0; i < ZQ_LEN(audit); i++) {
        const zq_column *c = &table->columns[table->n_columns - ZQ_LEN(audit) + i];

        if (strcmp(c->name, audit[i].name) != 0 || !zq_type_equal(&c->type, &audit[i].type) ||
            c->flags != audit[i].flags || !has(c->comment) ||
            strcmp(c->comment, audit[i].comment) != 0 || c->def.kind != ZQ_DEFAULT_NONE ||
            has(c->on_update) || has(c->generated) || has(c->charset) || has(c->collation))
            return false;
    }
    return true;
}

typedef struct widths {
    size_t name;
    size_t type;
    size_t flags;
} widths;

static void write_column(zq_buf *out, const zq_column *c, const widths *w, zq_arena *arena)
{
    const char *name = name_text(c->name, arena), *type = type_text(&c->type, arena);
    const char *flags = flags_text(c->flags, arena);

    zq_buf_printf(out, "    {%s", name);
    pad(out, w->name, zq_utf8_count(name));
    zq_buf_printf(out, "%s,", type);
    pad(out, w->type, zq_utf8_count(type));
    zq_buf_str(out, flags);
    if (has(c->comment)) {
        zq_buf_char(out, ',');
        pad(out, w->flags, strlen(flags));
        literal(out, c->comment);
    }
    if (c->def.kind != ZQ_DEFAULT_NONE) {
        zq_buf_printf(out, ", .def = ZQ_DEFAULT%s(", c->def.kind == ZQ_DEFAULT_EXPR ? "_SQL" : "");
        literal(out, c->def.text);
        zq_buf_char(out, ')');
    }
    field(out, "on_update", c->on_update);
    field(out, "generated", c->generated);
    field(out, "charset", c->charset);
    field(out, "collation", c->collation);
    field(out, "was", c->was);
    zq_buf_str(out, "},\n");
}

static void wider(size_t *width, const char *text)
{
    const size_t n = zq_utf8_count(text);

    *width = n > *width ? n : *width;
}

static void write_columns(zq_buf *out, const zq_table *table, const char *stem, zq_arena *arena)
{
    const size_t n = table->n_columns - (is_audit(table) ? 4 : 0);
    widths w = {0};

    for (size_t i = 0; i < n; i++) {
        wider(&w.name, name_text(table->columns[i].name, arena));
        wider(&w.type, type_text(&table->columns[i].type, arena));
        wider(&w.flags, flags_text(table->columns[i].flags, arena));
    }
    zq_buf_printf(out, "static const zq_column %s_columns[] = {\n", stem);
    for (size_t i = 0; i < n; i++)
        write_column(out, &table->columns[i], &w, arena);
    if (n < table->n_columns)
        zq_buf_str(out, "    ZQ_AUDIT_COLUMNS,\n");
    zq_buf_str(out, "};\n");
}

/* ---- indexes, keys, extras ---- */

static bool is_short(const zq_key_part *parts)
{
    const size_t n = zq_index_parts_count(parts);

    for (size_t i = 0; i < n; i++) {
        if (parts[i].column == NULL || parts[i].length > 0 || parts[i].descending)
            return false;
    }
    return n <= SHORT_PARTS;
}

static void write_part(zq_buf *out, const zq_key_part *part)
{
    zq_buf_str(out, part->column != NULL ? "{.column = " : "{.expression = ");
    literal(out, part->column != NULL ? part->column : part->expression);
    if (part->length > 0)
        zq_buf_printf(out, ", .length = %u", part->length);
    if (part->descending)
        zq_buf_str(out, ", .descending = true");
    zq_buf_str(out, "}, ");
}

static void write_parts(zq_buf *out, const zq_key_part *parts)
{
    const size_t n = zq_index_parts_count(parts);

    zq_buf_str(out, is_short(parts) ? "ZQ_ON(" : "(const zq_key_part[]){");
    for (size_t i = 0; i < n; i++) {
        if (!is_short(parts)) {
            write_part(out, &parts[i]);
            continue;
        }
        zq_buf_str(out, i > 0 ? ", " : "");
        literal(out, parts[i].column);
    }
    zq_buf_str(out, is_short(parts) ? ")" : "{.column = NULL}}");
}

static void write_indexes(zq_buf *out, const zq_table *table, const char *stem)
{
    static const char *const kinds[] = {
        [ZQ_PRIMARY] = "ZQ_PRIMARY",   [ZQ_UNIQUE] = "ZQ_UNIQUE",   [ZQ_INDEX] = "ZQ_INDEX",
        [ZQ_FULLTEXT] = "ZQ_FULLTEXT", [ZQ_SPATIAL] = "ZQ_SPATIAL",
    };

    if (table->n_indexes == 0)
        return;
    zq_buf_printf(out, "static const zq_index %s_indexes[] = {\n", stem);
    for (size_t i = 0; i < table->n_indexes; i++) {
        const zq_index *index = &table->indexes[i];

        zq_buf_str(out, "    {");
        literal(out, index->name);
        zq_buf_printf(out, ", %s, ", kinds[index->kind]);
        write_parts(out, index->parts);
        if (index->flags & ZQ_INVISIBLE)
            zq_buf_str(out, ", .flags = ZQ_INVISIBLE");
        field(out, "comment", index->comment);
        field(out, "parser", index->parser);
        field(out, "was", index->was);
        zq_buf_str(out, "},\n");
    }
    zq_buf_str(out, "};\n");
}

static void write_rule(zq_buf *out, const char *name, zq_rule rule)
{
    static const char *const rules[] = {
        [ZQ_RESTRICT] = "ZQ_RESTRICT",
        [ZQ_CASCADE] = "ZQ_CASCADE",
        [ZQ_SET_NULL] = "ZQ_SET_NULL",
        [ZQ_SET_DEFAULT] = "ZQ_SET_DEFAULT",
    };

    if (rule != ZQ_RESTRICT)
        zq_buf_printf(out, ", .%s = %s", name, rules[rule]);
}

static void write_keys(zq_buf *out, const zq_table *table, const char *stem)
{
    if (table->n_foreign_keys == 0)
        return;
    zq_buf_printf(out, "static const zq_foreign_key %s_keys[] = {\n", stem);
    for (size_t i = 0; i < table->n_foreign_keys; i++) {
        const zq_foreign_key *key = &table->foreign_keys[i];

        zq_buf_str(out, "    {");
        literal(out, key->name);
        zq_buf_str(out, ", ZQ_COLS(");
        list(out, key->columns);
        zq_buf_str(out, "), ");
        literal(out, key->ref_table);
        zq_buf_str(out, ", ZQ_COLS(");
        list(out, key->ref_columns);
        zq_buf_char(out, ')');
        write_rule(out, "on_update", key->on_update);
        write_rule(out, "on_delete", key->on_delete);
        field(out, "ref_schema", key->ref_schema);
        zq_buf_str(out, "},\n");
    }
    zq_buf_str(out, "};\n");
}

static void write_extras(zq_buf *out, const zq_table *table, const char *stem)
{
    if (table->n_extras == 0)
        return;
    zq_buf_printf(out, "static const zq_extra %s_extras[] = {\n", stem);
    for (size_t i = 0; i < table->n_extras; i++) {
        const zq_extra *extra = &table->extras[i];

        zq_buf_str(out, "    {");
        literal(out, extra->kind);
        zq_buf_str(out, ", ");
        literal(out, extra->name != NULL ? extra->name : "");
        zq_buf_str(out, ", ");
        literal(out, extra->text != NULL ? extra->text : "");
        zq_buf_str(out, "},\n");
    }
    zq_buf_str(out, "};\n");
}

/* ---- tables ---- */

static void write_arrays(zq_buf *out, const zq_table *table, const char *stem, zq_arena *arena)
{
    write_columns(out, table, stem, arena);
    write_indexes(out, table, stem);
    write_keys(out, table, stem);
    write_extras(out, table, stem);
    zq_buf_char(out, '\n');
}

static void member(zq_buf *out, const char *name, const char *stem, const char *array, size_t n)
{
    if (n > 0)
        zq_buf_printf(out, "    .%s = %s_%s,\n    .n_%s = ZQ_LEN(%s_%s),\n", name, stem, array,
                      name, stem, array);
}

static void option(zq_buf *out, const char *name, const char *text, const char *usual)
{
    if (!has(text) || strcmp(text, usual) == 0)
        return;
    zq_buf_printf(out, "    .%s = ", name);
    literal(out, text);
    zq_buf_str(out, ",\n");
}

static void write_table(zq_buf *out, const zq_table *table, const char *stem)
{
    zq_buf_printf(out, "const zq_table zq_model_%s = {\n    .name = ", stem);
    literal(out, table->name);
    zq_buf_str(out, ",\n");
    member(out, "columns", stem, "columns", table->n_columns);
    member(out, "indexes", stem, "indexes", table->n_indexes);
    member(out, "foreign_keys", stem, "keys", table->n_foreign_keys);
    member(out, "extras", stem, "extras", table->n_extras);
    option(out, "comment", table->comment, "");
    option(out, "was", table->was, "");
    option(out, "engine", zq_table_engine(table), ZQ_ENGINE);
    option(out, "charset", zq_table_charset(table), ZQ_CHARSET);
    option(out, "collation", zq_table_collation(table), ZQ_COLLATION);
    if (table->open)
        zq_buf_str(out, "    .open = true,\n");
    zq_buf_str(out, "};\n\n");
}

void zq_schema_write_c(zq_buf *out, const zq_schema *schema, zq_arena *arena)
{
    const zq_table *const *tables = zq_schema_write_order(schema, arena);
    const char **stems;
    char id[ZQ_DIGEST_HEX];
    size_t n = 0;

    while (tables[n] != NULL)
        n++;
    stems = stems_of(tables, n, arena);
    zq_canon_id(schema, id);
    zq_buf_printf(out,
                  "/* Tables as zquant-migrate show --schema --format c printed them; their schema "
                  "id is\n * %s.\n *\n * Each goes into the file of its prefix in schema/models, "
                  "the name of a new one into the list\n * in models.h, too. */\n"
                  "#include \"models.h\"\n\n",
                  id);
    for (size_t i = 0; i < n; i++) {
        write_arrays(out, tables[i], stems[i], arena);
        write_table(out, tables[i], stems[i]);
    }
    zq_buf_str(out, "extern const zq_schema zq_schema_shown;\n\n");
    if (n > 0)
        zq_buf_str(out, "static const zq_table *const shown_tables[] = {\n");
    for (size_t i = 0; i < n; i++)
        zq_buf_printf(out, "    &zq_model_%s,\n", stems[i]);
    zq_buf_str(out, n > 0 ? "};\n\nconst zq_schema zq_schema_shown = {shown_tables, "
                            "ZQ_LEN(shown_tables)};\n"
                          : "const zq_schema zq_schema_shown = {.n_tables = 0};\n");
}
