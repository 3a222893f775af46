// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The verdict of a trial becomes a row of the table: what was decided, and why in
 * one line that a person can act on. It names no folder of this machine, as it
 * goes into the manifest.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/each/settle.h"
#include "lib/diag-json.h"
#include "lib/text.h"

static const char *text_of(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key)) ?: "";
}

int report_trial(struct each *each, const struct trial *trial)
{
	struct diag *diag = each->build->diag;

	if (diag_from_json(diag, json_object_get(trial->result, "diagnostics")) ||
	    !diag_errors(diag))
		diag_error(diag, "KS396", NULL, "its result can't be read");
	return -EINVAL;
}

/* Messages name a diff by the file that we gave; the table has its name. */
static const char *name_in_table(const struct each *each, const char *file)
{
	for (size_t i = 0; i < each->fixes.n; i++)
		if (!strcmp(each->fixes.list[i].path, file))
			return each->fixes.list[i].name;
	return file;
}

/* The errors of a fix as the table has them; NULL: no memory. Caller releases. */
static json_t *name_diffs(const struct each *each, const json_t *diagnostics)
{
	json_t *named = json_deep_copy(diagnostics), *row;
	size_t i;

	json_array_foreach(named, i, row)
		if (*text_of(row, "file") &&
		    json_object_set_new(row, "file",
					json_string(name_in_table(each, text_of(row, "file"))))) {
			json_decref(named);
			return NULL;
		}
	return named;
}

/* If the source doesn't compile, the compiler says it best; NULL: it says nothing. */
static const char *error_of_compiler(const json_t *error)
{
	const json_t *detail;
	const char *at;
	size_t i;

	json_array_foreach(json_object_get(error, "details"), i, detail) {
		at = strstr(json_string_value(detail), " error: ");
		if (at && !strcmp(text_of(error, "code"), "KS326"))
			return at + strlen(" error: ");
	}
	return NULL;
}

/* "KS350: include/net/x.h:30: data of a changed type exists: struct x, at y" */
static char *describe(const struct each *each, const json_t *error)
{
	const char *file = name_in_table(each, text_of(error, "file"));
	const struct diag_code *code = diag_code_lookup(text_of(error, "code"));
	json_int_t line = json_integer_value(json_object_get(error, "line"));
	json_int_t more = json_integer_value(json_object_get(error, "consequences"));
	const char *message = error_of_compiler(error) ?: text_of(error, "message");
	char place[24] = "", others[40] = "";

	if (line)
		snprintf(place, sizeof(place), ":%lld", (long long)line);
	if (more)
		snprintf(others, sizeof(others), ", and %lld more that follow", (long long)more);
	return format("%s: %s%s%s%s%s%s%s", text_of(error, "code"), file, place, *file ? ": " : "",
		      code ? code->what : "", *message ? ": " : "", message, others);
}

static int set_text(char **text, char *new)
{
	if (!new)
		return -ENOMEM;
	free(*text);
	*text = new;
	return 0;
}

int settle(struct each *each, size_t i, enum fate fate, const struct trial *trial)
{
	struct fix *fix = &each->fixes.list[i];
	const json_t *error = trial_error(trial);
	const char *not_affected = text_of(trial->result, "not_affected");
	int err = 0;

	fix->fate = fate;
	if (fate == FIX_REFUSED && error) {
		err = set_text(&fix->why, describe(each, error));
		err = err ?: set_text(&fix->code, strdup(text_of(error, "code")));
		json_decref(fix->diagnostics);
		fix->diagnostics = name_diffs(each, json_object_get(trial->result, "diagnostics"));
		err = err ?: fix->diagnostics ? 0 : -ENOMEM;
	} else if (*not_affected) {
		fix->is_there = json_is_true(json_object_get(trial->result, "is_there"));
		err = set_text(&fix->why, strdup(not_affected));
	}
	return err ? diag_oom(each->build->diag) : 0;
}

bool lacks_other(struct each *each, struct fix *fix, int *err)
{
	for (size_t k = 0; k < each->n_order; k++) {
		const struct fix *other = &each->fixes.list[each->order[k]];

		if (!fix->needs[each->order[k]] || fix_is_in(other))
			continue;
		fix->fate = FIX_NEEDS_OTHER;
		*err = set_text(&fix->why, format("KS397: needs %s, which is left out%s%s%s",
						  other->name, other->code ? " (" : "",
						  other->code ?: "", other->code ? ")" : ""));
		*err = *err ?: set_text(&fix->code, strdup("KS397"));
		if (*err)
			diag_oom(each->build->diag);
		return true;
	}
	return false;
}
