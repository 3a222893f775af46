// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <string.h>

#include "kpatch-build/each/rows.h"
#include "lib/diag.h"

static const char *text_of(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key)) ?: "";
}

bool row_is_left_out(const json_t *row)
{
	return !strcmp(text_of(row, "outcome"), "left out");
}

static size_t widest(const json_t *rows, const char *key, const char *title)
{
	size_t width = strlen(title), i;
	const json_t *row;

	json_array_foreach(rows, i, row)
		if (strlen(text_of(row, key)) > width)
			width = strlen(text_of(row, key));
	return width;
}

/* Ids that the subject mentions aren't repeated. */
static void print_subject(const json_t *row, FILE *out)
{
	const char *subject = text_of(row, "subject");
	const json_t *cve;
	size_t i, n = 0;

	fputs(subject, out);
	json_array_foreach(json_object_get(row, "cves"), i, cve)
		if (!strstr(subject, json_string_value(cve)))
			fprintf(out, "%s%s", n++ ? ", " : " (", json_string_value(cve));
	fputs(n ? ")\n" : "\n", out);
}

void rows_print(const json_t *rows, FILE *out)
{
	int name = widest(rows, "name", "FIX"), outcome = widest(rows, "outcome", "LIVEPATCH");
	const json_t *row;
	size_t i, in = 0;

	fprintf(out, "%-*s  %-*s  SUBJECT\n", name, "FIX", outcome, "LIVEPATCH");
	json_array_foreach(rows, i, row) {
		in += !strcmp(text_of(row, "outcome"), "in");
		fprintf(out, "%-*s  %-*s  ", name, text_of(row, "name"), outcome,
			text_of(row, "outcome"));
		print_subject(row, out);
		if (*text_of(row, "why"))
			fprintf(out, "%*s%s\n", name + outcome + 6, "", text_of(row, "why"));
	}
	fprintf(out, "%zu of %zu fixes are in\n", in, json_array_size(rows));
}

void rows_warn(const json_t *rows, struct diag *diag)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		struct diag_place place = { .file = text_of(row, "name") };

		if (!row_is_left_out(row))
			continue;
		diag_warning(diag, "KS399", &place, "%s", text_of(row, "subject"));
		diag_detail(diag, "%s", text_of(row, "why"));
	}
}
