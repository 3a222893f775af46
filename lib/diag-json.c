// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One tool runs another, and reports what that one found as if it were its own:
 * with the same places and details, not as text. So problems go to JSON and back.
 */
#include <errno.h>
#include <string.h>

#include "lib/diag.h"
#include "lib/diag-json.h"
#include "lib/diag-private.h"

static json_t *string_or_null(const char *s)
{
	json_t *value = s ? json_string(s) : NULL;

	return value ? value : json_null();
}

static json_t *details_to_json(const struct problem *p)
{
	json_t *array = json_array();

	for (size_t i = 0; i < p->n_details; i++)
		json_array_append_new(array, json_string(p->details[i]));
	return array;
}

static json_t *problem_to_json(const struct diag_code *code, enum severity severity,
			       const struct problem *p)
{
	/* clang-format off */
	return json_pack("{s:s, s:s, s:o, s:i, s:o, s:o, s:o, s:s, s:s}",
			 "code", code->code,
			 "severity", severity == ERROR ? "error" : "warning",
			 "file", string_or_null(p ? p->file : NULL),
			 "line", p ? (int)p->line : 0,
			 "function", string_or_null(p ? p->function : NULL),
			 "message", json_string(p ? p->message : ""),
			 "details", p ? details_to_json(p) : json_array(),
			 "why", code->why,
			 "remedy", code->remedy);
	/* clang-format on */
}

static json_int_t index_of(const struct diag *diag, const struct problem *which)
{
	json_int_t i = 0;

	for (const struct problem *p = diag->first; p != which; p = p->next)
		i++;
	return i;
}

json_t *diag_to_json(const struct diag *diag)
{
	json_t *array = json_array();

	for (const struct problem *p = diag->first; p; p = p->next) {
		json_t *row = problem_to_json(p->code, p->severity, p);

		if (p->cause)
			json_object_set_new(row, "caused_by",
					    json_integer(index_of(diag, p->cause)));
		if (p->n_consequences)
			json_object_set_new(row, "consequences", json_integer(p->n_consequences));
		json_array_append_new(array, row);
	}
	if (diag->out_of_memory)
		json_array_append_new(array,
				      problem_to_json(diag_code_lookup("KS900"), ERROR, NULL));
	return array;
}

static int problem_from_json(struct diag *diag, const json_t *object)
{
	const char *code, *severity, *file = NULL, *function = NULL, *message;
	struct diag_place place;
	json_t *details = NULL, *detail;
	const struct problem *before;
	size_t i;
	int line = 0;

	/* jansson's unpack format "s?" does not take null for a missing string */
	if (json_unpack((json_t *)object, "{s:s, s:s, s?i, s:s, s?o}", "code", &code, "severity",
			&severity, "line", &line, "message", &message, "details", &details) ||
	    !diag_code_lookup(code) || line < 0)
		return -EINVAL;
	if (strcmp(severity, "error") && strcmp(severity, "warning"))
		return -EINVAL;
	if (!strcmp(severity, "error") && diag_code_lookup(code)->class == DIAG_WARNING)
		return -EINVAL;
	file = json_string_value(json_object_get(object, "file"));
	function = json_string_value(json_object_get(object, "function"));

	place = (struct diag_place){ .file = file, .line = line, .function = function };
	before = diag->last;
	if (!strcmp(severity, "error"))
		diag_error(diag, code, &place, "%s", message);
	else
		diag_warning(diag, code, &place, "%s", message);
	if (diag->last == before) /* out of memory: diag_detail() would add to another problem */
		return 0;
	json_array_foreach(details, i, detail) {
		if (json_is_string(detail))
			diag_detail(diag, "%s", json_string_value(detail));
	}
	return 0;
}

int diag_from_json(struct diag *diag, const json_t *array)
{
	const json_t *object;
	size_t i;

	if (!json_is_array(array))
		return -EINVAL;
	json_array_foreach(array, i, object) {
		int err = problem_from_json(diag, object);

		if (err)
			return err;
	}
	return 0;
}
