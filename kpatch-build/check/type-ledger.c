// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * create-diff-object's ledger lists the differences in a unit's code and data.
 * Types are neither, and are compared here. But a reader wants one ledger with
 * one entry for each difference, so they are added to the unit's ledger in the
 * same form.
 */
#include <errno.h>

#include "kpatch-build/check/type-ledger.h"
#include "kpatch-build/result.h"
#include "lib/line-map.h"

/* As in create-diff-object/ledger-rules.c: stable names for programs, and a sentence as reason. */
static const struct {
	const char *fate, *rule, *reason, *code;
} rows[LAYOUT_LAST] = {
	[LAYOUT_SAME] = { "irrelevant", "type-same",
			  "written in other words: data is read as it was before", NULL },
	[LAYOUT_RENAMED] = { "irrelevant", "type-renamed",
			     "only its name changes: its data is read as it was before", NULL },
	[LAYOUT_WARNED] = { "irrelevant", "type-warned",
			    "right under the condition that a warning gives", NULL },
	[LAYOUT_HANDLED] = { "irrelevant", "type-handled",
			     "the author of the diff answers for it (KLP_SPLIT_LAYOUT_HANDLED)",
			     "KS126" },
	[LAYOUT_UNCOUNTED] = { "irrelevant", "type-unused",
			       "nothing of the unit is replaced, and no other unit knows the type",
			       NULL },
	[LAYOUT_ON_STACK] = { "irrelevant", "type-on-stack",
			      "all of it lies on the stack of functions that a task runs either as they "
			      "were or as they are",
			      NULL },
	[LAYOUT_CHANGED] = { "refused", "type", NULL, "KS350" },
	[LAYOUT_NEW] = { "irrelevant", "type-new", "the running kernel has no data of it", NULL },
	[LAYOUT_GONE] = { "irrelevant", "type-gone",
			  "new code reads no data by it; what it reads instead has an entry of its own",
			  NULL },
	[LAYOUT_DECLARED] = { "irrelevant", "type-declared",
			      "the same type, of which the unit knows only the name, before or now",
			      NULL },
	[LAYOUT_TYPEDEF] = { "irrelevant", "type-typedef",
			     "a name for another type: what is declared by it is compared by that type",
			     NULL },
	[LAYOUT_FUNCTION] = { "irrelevant", "type-function",
			      "what a function takes and returns is in its code and its callers', which "
			      "have entries of their own",
			      NULL },
	[LAYOUT_CONSTANT] = { "irrelevant", "type-constant",
			      "a constant is no state: new code has its own if it differs", NULL },
	[LAYOUT_SIZE] = { "irrelevant", "type-size",
			  "a variable of another size has an entry of its own, as a variable",
			  NULL },
	[LAYOUT_UNCLAIMED] = { "refused", "type-unclaimed", NULL, "KS175" },
};

int unit_list_type(const struct trees *trees, const struct unit *unit,
		   const struct listed_type *type)
{
	json_t *ledger = json_object_get(unit->result->json, "ledger");
	json_t *entries = json_object_get(ledger, "entries");
	const char *fate = rows[type->fate].fate;
	json_int_t n = json_integer_value(json_object_get(ledger, fate));
	bool refused = rows[type->fate].code && !rows[type->fate].reason;
	json_t *row;

	if (!entries) /* refused before create-diff-object made one */
		return 0;
	row = json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:s, s:s?, s:i, s:s*, s:s*, s:s*}", "kind",
			type->kind, "name", type->name, "differs", "type", "was", type->was, "is",
			type->is, "fate", fate, "file", type->file, "line",
			(int)line_map_line(trees->line_map, type->file, type->line), "code",
			rows[type->fate].code, "rule", refused ? NULL : rows[type->fate].rule,
			"reason", rows[type->fate].reason);
	if (json_array_append_new(entries, row) ||
	    json_object_set_new(ledger, fate, json_integer(n + 1)))
		return -ENOMEM;
	return 0;
}
