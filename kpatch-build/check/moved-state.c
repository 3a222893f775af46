// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff moves a static variable from one file to another. Each unit for itself
 * is in order: one has lost a variable that nobody uses any more, the other one
 * has a new one. Together they forget what the running kernel has in it.
 *
 * So each writable variable that a unit loses is compared with all that others
 * gain: one of the same name, or of the same type in the same object, is refused,
 * unless the author says that it starts anew.
 */
#include <errno.h>
#include <string.h>

#include "kpatch-build/build.h"

static const char *word(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key)) ?: "";
}

static bool has_status(const json_t *row, const char *status)
{
	return !strcmp(word(row, "status"), status);
}

/* "count" of "count.5": what the source calls it. */
static bool same_name(const char *a, const char *b)
{
	size_t length = strcspn(a, ".");

	return length == strcspn(b, ".") && !strncmp(a, b, length);
}

static bool same_type(const json_t *lost, const json_t *new)
{
	return *word(lost, "type") && !strcmp(word(lost, "type"), word(new, "type")) &&
	       json_integer_value(json_object_get(lost, "size")) ==
		       json_integer_value(json_object_get(new, "size"));
}

static bool could_be_one(const struct unit *from, const json_t *lost, const struct unit *to,
			 const json_t *new)
{
	return same_name(word(lost, "name"), word(new, "name")) ||
	       (!strcmp(from->object, to->object) && same_type(lost, new));
}

static int refuse(struct build *build, const struct unit *from, const json_t *lost,
		  const struct unit *to, const json_t *new)
{
	struct diag_place place = {
		.file = *word(new, "file") ? word(new, "file") : to->source,
		.line = json_integer_value(json_object_get(new, "line")),
	};

	diag_error(build->diag, "KS172", &place, "'%s'", word(new, "name"));
	diag_detail(build->diag, "may be '%s' of %s (line %lld), which that file has no more",
		    word(lost, "name"), from->source,
		    (long long)json_integer_value(json_object_get(lost, "line")));
	return -EINVAL;
}

/* Is @new, of @to, what another unit has lost? One refusal is enough for it. */
static int find_lost(struct build *build, const struct unit *to, const json_t *new)
{
	const json_t *lost;
	size_t r;

	for (size_t i = 0; i < build->n_units; i++) {
		const struct unit *from = &build->units[i];

		if (from == to)
			continue;
		json_array_foreach(json_object_get(from->result, "variables"), r, lost)
			if (has_status(lost, "removed") && could_be_one(from, lost, to, new))
				return refuse(build, from, lost, to, new);
	}
	return 0;
}

int check_moved_state(struct build *build)
{
	const json_t *new;
	int err = 0, one;
	size_t r;

	for (size_t i = 0; i < build->n_units; i++) {
		json_array_foreach(json_object_get(build->units[i].result, "variables"), r, new) {
			one = has_status(new, "new") ? find_lost(build, &build->units[i], new) : 0;
			err = err ?: one;
		}
	}
	return err;
}
