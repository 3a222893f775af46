// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints for each object what is replaced, added and inlined, its data, and the
 * symbols of the kernel that it uses.
 */
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/output/html.h"
#include "lib/klp-format.h"
#include "kpatch-build/output/report.h"
#include "kpatch-build/run.h"
#include "kpatch-build/output/report-objects.h"
#include "kpatch-build/output/report-source.h"

static void name_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "<code>%s</code>", row_string(row, "name"));
}

static const struct {
	const char *status, *class, *word;
} statuses[] = {
	{ "changed", "changed", "replaced" },
	{ "new", "new", "added" },
	{ "removed", "removed", "not used any more" },
	{ "used", "used", "used unchanged" },
};

static void status_cell(FILE *out, const json_t *row, void *arg)
{
	const char *status = row_string(row, "status");

	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		if (!strcmp(statuses[i].status, status))
			html_printf(out, "<span class=\"badge %s\">%s</span>", statuses[i].class,
				    statuses[i].word);
	if (*row_string(row, "leads_to"))
		html_printf(out, " as it calls <code>%s</code>", row_string(row, "leads_to"));
}

static void place_cell(FILE *out, const json_t *row, void *arg)
{
	report_place(arg, row);
}

static void size_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "%lld", (long long)row_number(row, "size"));
}

/* Positions are for names that occur more than once; most names occur once. */
static void position_cell(FILE *out, const json_t *row, void *arg)
{
	long long position = row_number(row, "sympos");

	if (position)
		html_printf(out, "%lld", position);
	else
		fputs("<span class=quiet>only one</span>", out);
}

static void names_cell(FILE *out, const json_t *row, const char *key)
{
	const json_t *name;
	size_t i;

	json_array_foreach(json_object_get(row, key), i, name)
		html_printf(out, i ? ", <code>%s</code>" : "<code>%s</code>",
			    json_string_value(name));
}

static void into_cell(FILE *out, const json_t *row, void *arg)
{
	names_cell(out, row, "into");
}

static void users_cell(FILE *out, const json_t *row, void *arg)
{
	names_cell(out, row, "functions");
}

static void symbol_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "<code>%s</code>", row_string(row, "symbol"));
}

static void owner_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "%s", row_string(row, "object"));
}

static void kind_cell(FILE *out, const json_t *row, void *arg)
{
	static const struct {
		const char *kind, *when;
	} kinds[] = {
		{ "pre_patch", "before the object is patched" },
		{ "post_patch", "when all tasks run the new code" },
		{ "pre_unpatch", "before the object is unpatched" },
		{ "post_unpatch", "when no task runs the new code" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].kind, row_string(row, "kind")))
			html_printf(out, "%s", kinds[i].when);
}

static void id_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "<code>%s</code>", row_string(row, "id"));
}

static void version_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "%lld", (long long)row_number(row, "version"));
}

static const struct html_column function_columns[] = {
	{ "Function", NULL, name_cell },
	{ "Becomes", NULL, status_cell },
	{ "Source", NULL, place_cell },
	{ "Bytes", "number", size_cell },
	{ "Symbol position", "number", position_cell },
};

static const struct html_column inlined_columns[] = {
	{ "Function", NULL, name_cell },
	{ "Source", NULL, place_cell },
	{ "Inlined into", NULL, into_cell },
};

static const struct html_column callback_columns[] = {
	{ "Function", NULL, name_cell },
	{ "Called", NULL, kind_cell },
	{ "Source", NULL, place_cell },
};

static const struct html_column state_columns[] = {
	{ "State", NULL, id_cell },
	{ "Version", "number", version_cell },
	{ "Source", NULL, place_cell },
};

static const struct html_column data_columns[] = {
	{ "Variable", NULL, name_cell },
	{ "Becomes", NULL, status_cell },
	{ "Source", NULL, place_cell },
	{ "Bytes", "number", size_cell },
};

static const struct html_column relocation_columns[] = {
	{ "Symbol", NULL, symbol_cell },
	{ "Of object", NULL, owner_cell },
	{ "Position", "number", position_cell },
	{ "Used by", NULL, users_cell },
};

/* The tables for an object. */
static const struct {
	const char *key, *caption;
	const struct html_column *columns;
	size_t n;
	const char *folded; /* NULL, or the text of the line that hides the table */
} tables[] = {
#define COLUMNS(c) c, ARRAY_SIZE(c)
	{ "functions", "Functions", COLUMNS(function_columns), NULL },
	{ "inlined", "Changed functions that the compiler has inlined", COLUMNS(inlined_columns),
	  NULL },
	{ "callbacks", "Callbacks", COLUMNS(callback_columns), NULL },
	{ "data", "Data", COLUMNS(data_columns), NULL },
	{ "klp_relocations", "Symbols reached by klp relocation", COLUMNS(relocation_columns),
	  "klp relocations" },
#undef COLUMNS
};

static void print_object(struct page *page, const json_t *object)
{
	bool vmlinux = !strcmp(row_string(object, "object"), KLP_VMLINUX);
	FILE *out = page->out;

	html_printf(out, "<article aria-labelledby=\"object-%i\"><h3 id=\"object-%i\">%s</h3>\n",
		    row_string(object, "object"), row_string(object, "object"),
		    row_string(object, "object"));
	html_printf(out, "<p class=quiet>%s <code>%s.ko</code> · build-id <code>%s</code>\n",
		    vmlinux ? "main module" : "object module, loaded with its target:",
		    row_string(object, "module"), row_string(object, "build_id"));
	if (!json_array_size(json_object_get(object, "functions")))
		fputs("<p>Nothing in it is replaced; the main module brings the others in.\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		const json_t *rows = json_object_get(object, tables[i].key);
		size_t n = json_array_size(rows);

		if (tables[i].folded && n)
			html_printf(out, "<details><summary>%zu %s</summary>\n", n,
				    tables[i].folded);
		html_table(out, tables[i].caption, tables[i].columns, tables[i].n, rows, page);
		if (tables[i].folded && n)
			fputs("</details>\n", out);
	}
	fputs("</article>\n", out);
}

static void why_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "%s", row_string(row, "why"));
}

static const struct html_column type_columns[] = {
	{ "Type", NULL, name_cell },
	{ "Source", NULL, place_cell },
	{ "Why it may change", NULL, why_cell },
};

static void print_types(struct page *page)
{
	json_t *changed = json_array();
	const json_t *object;
	size_t i, compared = 0;

	json_array_foreach(json_object_get(page->manifest, "objects"), i, object) {
		const json_t *types = json_object_get(object, "types");

		compared += row_number(types, "compared");
		json_array_extend(changed, json_object_get(types, "changed"));
	}
	html_printf(
		page->out,
		"<article><h3>Types</h3>\n<p>The layouts of <b>%zu</b> structures, unions "
		"and enumerations that these units know were compared before and after: size, place, "
		"name and type of each member, name and value of each enumerator. %s\n",
		compared,
		json_array_size(changed) ? "All but these are as they were."
					 : "All are as they were, and so fit the data that the "
					   "running kernel holds.");
	html_table(page->out, "Types whose layout changes", type_columns, ARRAY_SIZE(type_columns),
		   changed, page);
	fputs("</article>\n", page->out);
	json_decref(changed);
}

void report_objects(struct page *page)
{
	const json_t *object;
	size_t i;

	fputs("<section id=objects aria-labelledby=h-objects><h2 id=h-objects>Objects</h2>\n",
	      page->out);
	json_array_foreach(json_object_get(page->manifest, "objects"), i, object)
		print_object(page, object);
	html_table(page->out, "States that outlive its functions", state_columns,
		   ARRAY_SIZE(state_columns), json_object_get(page->manifest, "states"), page);
	print_types(page);
	fputs("</section>\n", page->out);
}
