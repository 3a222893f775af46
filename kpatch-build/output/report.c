// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A manifest is for programs. Before a livepatch goes to a fleet, a person has
 * to approve it, and wants to see what it changes, how certain that is, and how
 * to remove it. So there is a page next to the manifest: one file, which can be
 * mailed, printed or attached to a ticket, and which fetches nothing and runs
 * nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/files.h"
#include "kpatch-build/output/html.h"
#include "kpatch-build/output/ledger.h"
#include "kpatch-build/module/modules.h"
#include "kpatch-build/output/report.h"
#include "kpatch-build/output/report-diff.h"
#include "kpatch-build/output/report-source.h"
#include "kpatch-build/output/report-objects.h"
#include "kpatch-build/output/report-style.h"

/* Numbers over all objects. */
struct totals {
	size_t objects, changed, new, proved, data, entries, relocations, inlined;
};

static struct totals count(const json_t *manifest)
{
	struct totals totals = { 0 };
	const json_t *object, *function;
	size_t i, f;

	json_array_foreach(json_object_get(manifest, "objects"), i, object) {
		size_t before = totals.changed;

		json_array_foreach(json_object_get(object, "functions"), f, function) {
			totals.changed += !strcmp(row_string(function, "status"), "changed");
			totals.new += !strcmp(row_string(function, "status"), "new");
		}
		totals.objects += totals.changed > before;
		totals.proved += row_number(object, "proved");
		totals.data += row_number(object, "proved_data");
		totals.entries += row_number(object, "proved_entries");
		totals.inlined += json_array_size(json_object_get(object, "inlined"));
		totals.relocations += json_array_size(json_object_get(object, "klp_relocations"));
	}
	return totals;
}

static const char *s(size_t n)
{
	return n == 1 ? "" : "s";
}

static void tile(FILE *out, const char *link, size_t n, const char *what, const char *class)
{
	html_printf(out, "<li class=\"%s\"><a href=\"#%i\"><b>%zu</b> %s</a>\n", class, link, n,
		    what);
}

static void print_summary(struct page *page)
{
	const json_t *kernel = json_object_get(page->manifest, "kernel");
	size_t warnings = json_array_size(json_object_get(page->manifest, "warnings"));
	struct totals totals = count(page->manifest);

	html_printf(page->out,
		    "<p class=lead>Replaces <b>%zu function%s</b> in %zu object%s of Linux "
		    "<b>%s</b> (version %s).\n",
		    totals.changed, s(totals.changed), totals.objects, s(totals.objects),
		    row_string(kernel, "release"), row_string(kernel, "version"));
	fputs("<ul class=tiles>\n", page->out);
	tile(page->out, "objects", totals.changed, "replaced", "");
	tile(page->out, "objects", totals.new, "added", "");
	tile(page->out, "objects", totals.inlined, "inlined", "");
	if (!page->build->options.check) /* only known if there are modules */
		tile(page->out, "objects", totals.relocations, "symbols by klp relocation", "");
	tile(page->out, "provenance", totals.proved, "proved equal", "good");
	tile(page->out, "warnings", warnings, warnings == 1 ? "warning" : "warnings",
	     warnings ? "warn" : "good");
	fputs("</ul>\n", page->out);
	if (page->build->options.check)
		fputs("<p class=note>This was a check: no modules were built.\n", page->out);
}

static void print_warning(FILE *out, const json_t *warning)
{
	const struct diag_code *code = diag_code_lookup(row_string(warning, "code"));
	const json_t *detail;
	size_t i;

	html_printf(out, "<li><p><code>%s</code> <b>%s</b>: %s", row_string(warning, "code"),
		    code ? code->what : "", row_string(warning, "message"));
	if (*row_string(warning, "file"))
		html_printf(out, " <span class=quiet>%s:%lld</span>", row_string(warning, "file"),
			    (long long)row_number(warning, "line"));
	fputc('\n', out);
	json_array_foreach(json_object_get(warning, "details"), i, detail)
		html_printf(out, "<p class=quiet>%s\n", json_string_value(detail));
	html_printf(out, "<p>Why: %s.\n<p>What to do: %s.\n", row_string(warning, "why"),
		    row_string(warning, "remedy"));
}

static void print_warnings(struct page *page)
{
	const json_t *warnings = json_object_get(page->manifest, "warnings"), *warning;
	size_t i;

	fputs("<section id=warnings aria-labelledby=h-warnings><h2 id=h-warnings>Warnings</h2>\n",
	      page->out);
	if (json_array_size(warnings)) {
		fputs("<ul class=warnings>\n", page->out);
		json_array_foreach(warnings, i, warning)
			print_warning(page->out, warning);
		fputs("</ul>\n", page->out);
	} else {
		fputs("<p>None.\n", page->out);
	}
	fputs("</section>\n", page->out);
}

static void fix_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "%s", row_string(row, "name"));
}

static void subject_cell(FILE *out, const json_t *row, void *arg)
{
	const json_t *cve;
	size_t i;

	html_printf(out, "%s", row_string(row, "subject"));
	json_array_foreach(json_object_get(row, "cves"), i, cve)
		html_printf(out, " <code>%s</code>", json_string_value(cve));
}

static void outcome_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "%s", row_string(row, "outcome"));
}

static void why_cell(FILE *out, const json_t *row, void *arg)
{
	const json_t *other;
	size_t i;

	html_printf(out, "%s", row_string(row, "why"));
	if (*row_string(row, "why"))
		return;
	json_array_foreach(json_object_get(row, "needs"), i, other)
		html_printf(out, "%s%s", i ? ", " : "builds on ", json_string_value(other));
}

static const struct html_column fix_columns[] = {
	{ "Fix", "id", fix_cell },
	{ "Subject", NULL, subject_cell },
	{ "Livepatch", NULL, outcome_cell },
	{ "Why", NULL, why_cell },
};

static size_t count_fixes(const json_t *fixes, const char *outcome)
{
	const json_t *row;
	size_t i, n = 0;

	json_array_foreach(fixes, i, row)
		n += !strcmp(row_string(row, "outcome"), outcome);
	return n;
}

static void print_fixes(struct page *page)
{
	const json_t *fixes = json_object_get(page->manifest, "fixes");

	fputs("<section id=fixes aria-labelledby=h-fixes><h2 id=h-fixes>Fixes</h2>\n", page->out);
	html_printf(page->out,
		    "<p>Of <b>%zu</b> fixes that were given, <b>%zu</b> are in this livepatch, "
		    "<b>%zu</b> are left out, and <b>%zu</b> aren't needed by this kernel.\n",
		    json_array_size(fixes), count_fixes(fixes, "in"),
		    count_fixes(fixes, "left out"), count_fixes(fixes, "not needed"));
	html_table(page->out, "Fixes, in the order of the series", fix_columns,
		   ARRAY_SIZE(fix_columns), fixes, NULL);
	fputs("</section>\n", page->out);
}

static void object_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "%s", row_string(row, "object"));
}

static void build_id_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "<code>%s</code>", row_string(row, "build_id"));
}

static void units_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "%zu", json_array_size(json_object_get(row, "units")));
}

static void proved_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "%lld", (long long)row_number(row, "proved"));
}

static void proved_data_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "%lld", (long long)row_number(row, "proved_data"));
}

/* "7 strings are compared where …": what was left out, and why. */
static void uncompared_cell(FILE *out, const json_t *row, void *arg)
{
	json_t *counts = json_object_get(row, "uncompared"), *n;
	const char *why;

	if (!json_object_size(counts)) {
		fputs("nothing", out);
		return;
	}
	fputs("<details><summary>why</summary><ul>", out);
	json_object_foreach(counts, why, n)
		html_printf(out, "<li>%lld: %s", (long long)json_integer_value(n), why);
	fputs("</ul></details>", out);
}

static void proved_entries_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "%lld", (long long)row_number(row, "proved_entries"));
}

static const struct html_column provenance_columns[] = {
	{ "Object", NULL, object_cell },
	{ "Units", "number", units_cell },
	{ "Functions", "number", proved_cell },
	{ "Variables", "number", proved_data_cell },
	{ "Table entries", "number", proved_entries_cell },
	{ "Left out", NULL, uncompared_cell },
	{ "Build-id", "id", build_id_cell },
};

static void print_provenance(struct page *page)
{
	const json_t *tools = json_object_get(page->manifest, "tools");
	struct totals totals = count(page->manifest);

	fputs("<section id=provenance aria-labelledby=h-provenance><h2 id=h-provenance>Provenance</h2>\n",
	      page->out);
	html_printf(
		page->out,
		"<p>Before anything was patched, the units were compiled as they are "
		"in the distribution's source, by <b>%s</b>. Everything in their objects, <b>%zu function%s, "
		"%zu variable%s and %zu entr%s</b> of the kernel's tables, was compared with the shipped binaries, instruction by "
		"instruction, value by value and relocation by relocation: <b>equal</b>. So "
		"source, configuration and compiler are those of the running kernel.\n",
		row_string(tools, "compiler"), totals.proved, s(totals.proved), totals.data,
		s(totals.data), totals.entries, totals.entries == 1 ? "y" : "ies");
	html_table(page->out, "Compared with the shipped objects", provenance_columns,
		   ARRAY_SIZE(provenance_columns), json_object_get(page->manifest, "objects"),
		   NULL);
	fputs("<p>The modules contain these build-ids: with another kernel, or with another "
	      "build of a module, they can't be loaded.</section>\n",
	      page->out);
}

static void print_use(struct page *page)
{
	const char *name = row_string(page->manifest, "name");
	const json_t *kernel = json_object_get(page->manifest, "kernel");

	fputs("<section id=use aria-labelledby=h-use><h2 id=h-use>Load and roll back</h2>\n",
	      page->out);
	html_printf(page->out,
		    "<p>As root, on a machine that runs <b>%s</b>, with the folder "
		    "<code>%s</code> copied to it:\n",
		    row_string(kernel, "release"), name);
	html_printf(
		page->out,
		"<dl class=steps>\n"
		"<dt>Load<dd><pre><code>kpatch load %s</code></pre>"
		"<p>When the command ends, the livepatch is either enabled completely or not at all. No reboot is needed.\n"
		"<dt>Look<dd><pre><code>kpatch list</code></pre>"
		"<p>Each object must be listed as patched. If its module isn't loaded, it is patched when "
		"the module is loaded.\n"
		"<dt>Roll back<dd><pre><code>kpatch unload %s</code></pre>"
		"<p>The kernel runs its original functions again. A reboot without loading the livepatch has "
		"the same effect.\n</dl>\n",
		name, name);
	if (json_is_true(json_object_get(page->manifest, "replace")))
		fputs("<p>This livepatch is cumulative: it replaces all livepatches that are enabled when it is "
		      "loaded, and unloading it does not enable them again.",
		      page->out);
	else
		fputs("<p>This livepatch does not replace others that are enabled.", page->out);
	fputs("</section>\n", page->out);
}

/* The sections of the page, in their order. */
static const struct {
	const char *id, *title; /* for the table of contents */
	void (*print)(struct page *page);
	const char *member; /* of the manifest, without which there is no such section */
} sections[] = {
	{ "fixes", "Fixes", print_fixes, "fixes" },
	{ "warnings", "Warnings", print_warnings, NULL },
	{ "objects", "Objects", report_objects, NULL },
	{ "ledger", "Differences", report_ledger, NULL },
	{ "provenance", "Provenance", print_provenance, NULL },
	{ "use", "Load and roll back", print_use, NULL },
	{ "diffs", "Diffs", report_diffs, NULL },
	{ "source", "Source", report_sources, NULL },
};
#define N_SECTIONS ARRAY_SIZE(sections)

static bool has_section(const struct page *page, size_t i)
{
	return !sections[i].member || json_object_get(page->manifest, sections[i].member);
}

static void print_page(struct page *page)
{
	const json_t *tools = json_object_get(page->manifest, "tools");
	const char *name = row_string(page->manifest, "name");

	/*
	 * the policy forbids what the page doesn't have: a mistake in escaping must stay harmless
	 */
	fputs("<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>\n"
	      "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
	      "style-src 'unsafe-inline'\">\n"
	      "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n",
	      page->out);
	html_printf(page->out, "<title>Livepatch %s for %s</title>\n<style>\n", name,
		    row_string(json_object_get(page->manifest, "kernel"), "release"));
	fputs(report_style, page->out);
	html_printf(page->out,
		    "</style></head>\n<body><a class=skip href=\"#main\">Skip to content</a>\n"
		    "<header><p class=kind>Livepatch<h1>%s</h1>\n",
		    name);
	print_summary(page);
	fputs("<nav aria-label=Contents><ul>\n", page->out);
	for (size_t i = 0; i < N_SECTIONS; i++)
		if (has_section(page, i))
			html_printf(page->out, "<li><a href=\"#%i\">%s</a>\n", sections[i].id,
				    sections[i].title);
	fputs("</ul></nav></header>\n<main id=main>\n", page->out);
	for (size_t i = 0; i < N_SECTIONS; i++)
		if (has_section(page, i))
			sections[i].print(page);
	html_printf(
		page->out,
		"</main>\n<footer><p>Made by kpatch-build (klp-split %s) from the manifest "
		"<code>%s.json</code>, which contains the same for programs.</footer>\n</body></html>\n",
		row_string(tools, "klp_split"), name);
}

/* Also write it to the file that the user named; with --check that is its only place. */
int save_report(struct build *build)
{
	const char *path = build->options.report;
	int err = path ? write_file_atomic(path, build->report, strlen(build->report), 0666) : 0;

	return err ? diag_errno(build->diag, -err, path, "write") : 0;
}

int write_report(struct build *build)
{
	struct page page = { .build = build, .manifest = build->manifest };
	size_t size;
	int err;

	page.out = open_memstream(&build->report, &size);
	page.shown = json_object();
	err = page.out && page.shown ? report_find_sources(&page) : -ENOMEM;
	if (!err)
		print_page(&page);
	if (page.out && fclose(page.out))
		err = -ENOMEM;
	json_decref(page.shown);
	return err ? diag_oom(build->diag) : 0;
}
