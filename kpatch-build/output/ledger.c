// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A reviewer can't read a hundred differences for each unit, but has to know
 * that there are no others: how many the livepatch carries, and why the rest
 * mean nothing to the running kernel.
 */
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/output/html.h"
#include "kpatch-build/output/ledger.h"

static void add_to(json_t *object, const char *key, json_int_t n)
{
	json_object_set_new(object, key, json_integer(row_number(object, key) + n));
}

/* Add @n differences to the row for this fate and reason. */
static void add_reason(json_t *reasons, const char *fate, const char *rule, const char *reason,
		       json_int_t n)
{
	json_t *row;
	size_t i;

	json_array_foreach(reasons, i, row)
		if (!strcmp(row_string(row, "rule"), rule) &&
		    !strcmp(row_string(row, "fate"), fate) &&
		    !strcmp(row_string(row, "reason"), reason))
			break;
	if (i == json_array_size(reasons))
		json_array_append_new(reasons, json_pack("{s:s, s:s, s:s}", "fate", fate, "rule",
							 rule, "reason", reason));
	add_to(json_array_get(reasons, i), "count", n);
}

static void add_unit(json_t *sum, json_t *reasons, const struct unit *unit)
{
	static const char *const fates[] = { "carried", "irrelevant", "refused" };
	const json_t *ledger = json_object_get(unit->result->json, "ledger"), *entry;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fates); i++)
		add_to(sum, fates[i], row_number(ledger, fates[i]));
	json_array_foreach(json_object_get(ledger, "entries"), i, entry)
		add_reason(reasons, row_string(entry, "fate"), row_string(entry, "rule"),
			   row_string(entry, "reason"), 1);
}

json_t *ledger_of_object(const struct reached *reached, const struct object *object)
{
	json_t *sum = json_object(), *reasons = json_array();

	for (size_t i = 0; i < reached->n_units; i++)
		if (reached->units[i].changed && !strcmp(reached->units[i].object, object->name))
			add_unit(sum, reasons, &reached->units[i]);
	json_object_set_new(sum, "reasons", reasons);
	return sum;
}

/* --- each entry --- */

static json_t *ledger_of_unit(const struct unit *unit)
{
	json_t *ledger = unit->result ? json_object_get(unit->result->json, "ledger") : NULL;

	return json_object_get(ledger, "entries") ? ledger : NULL;
}

/* " irrelevant variable 'foo': section (.data.foo, was .data..read_mostly): only says …" */
static void print_entry(const json_t *row, FILE *out)
{
	const char *was = row_string(row, "was"), *is = row_string(row, "is");

	fprintf(out, "  %-10s %s '%s': %s", row_string(row, "fate"), row_string(row, "kind"),
		row_string(row, "name"), row_string(row, "differs"));
	if (*was || *is)
		fprintf(out, " (%s%s%s%s)", is, *is && *was ? ", " : "", *was ? "was " : "", was);
	if (*row_string(row, "by"))
		fprintf(out, ", by %s", row_string(row, "by"));
	if (*row_string(row, "code"))
		fprintf(out, ", %s", row_string(row, "code"));
	if (*row_string(row, "reason"))
		fprintf(out, ": %s", row_string(row, "reason"));
	fputc('\n', out);
}

void print_ledgers(const struct reached *reached, FILE *out)
{
	for (size_t i = 0; i < reached->n_units; i++) {
		const json_t *ledger = ledger_of_unit(&reached->units[i]), *row;
		size_t k;

		if (!ledger)
			continue;
		fprintf(out,
			"%s, in %s: %zu differences, %lld carried, %lld irrelevant, %lld refused\n",
			reached->units[i].source, reached->units[i].object,
			json_array_size(json_object_get(ledger, "entries")),
			(long long)row_number(ledger, "carried"),
			(long long)row_number(ledger, "irrelevant"),
			(long long)row_number(ledger, "refused"));
		json_array_foreach(json_object_get(ledger, "entries"), k, row)
			print_entry(row, out);
	}
}

json_t *ledgers_of_units(const struct reached *reached)
{
	json_t *all = json_array();

	for (size_t i = 0; i < reached->n_units; i++) {
		json_t *ledger = ledger_of_unit(&reached->units[i]);
		json_t *row = ledger ? json_pack("{s:s, s:s}", "unit", reached->units[i].source,
						 "object", reached->units[i].object)
				     : NULL;

		if (!row)
			continue;
		json_object_update(row, ledger);
		json_array_append_new(all, row);
	}
	return all;
}

/* --- the report --- */

static void fate_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "%s", row_string(row, "fate"));
}

static void reason_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "%s", row_string(row, "reason"));
}

static void count_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "%lld", (long long)row_number(row, "count"));
}

static const struct html_column columns[] = {
	{ "Fate", NULL, fate_cell },
	{ "Reason", NULL, reason_cell },
	{ "Differences", "number", count_cell },
};

void report_ledger(struct page *page)
{
	json_t *reasons = json_array();
	json_int_t carried = 0, irrelevant = 0;
	const json_t *object, *row;
	size_t i, k;

	json_array_foreach(json_object_get(page->manifest, "objects"), i, object) {
		const json_t *ledger = json_object_get(object, "ledger");

		carried += row_number(ledger, "carried");
		irrelevant += row_number(ledger, "irrelevant");
		json_array_foreach(json_object_get(ledger, "reasons"), k, row)
			add_reason(reasons, row_string(row, "fate"), row_string(row, "rule"),
				   row_string(row, "reason"), row_number(row, "count"));
	}
	fputs("<section id=ledger aria-labelledby=h-ledger><h2 id=h-ledger>Differences</h2>\n",
	      page->out);
	html_printf(
		page->out,
		"<p>The compilations of these units with and without the diffs differ in "
		"<b>%lld</b> places. The livepatch contains <b>%lld</b> of them, and <b>%lld</b> are irrelevant "
		"to the running kernel; a difference of unknown kind would have been "
		"refused.\n",
		(long long)(carried + irrelevant), (long long)carried, (long long)irrelevant);
	html_table(page->out, "What became of each difference", columns, ARRAY_SIZE(columns),
		   reasons, NULL);
	fputs("</section>\n", page->out);
	json_decref(reasons);
}
