// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pass that refuses a diff which changes what data looks like that the
 * running kernel has already made (type-layout.h). A type may change in units
 * whose code doesn't: there it isn't used, and nothing is replaced.
 */
#include <errno.h>

#include "build.h"
#include "modules.h"
#include "type-layout.h"

/* A unit that was refused counts: its author wants to know everything at once. */
static bool may_be_replaced(const struct unit *unit)
{
	const json_t *function;
	size_t i;

	if (unit->unaffected || !unit->result)
		return false;
	if (!unit->changed && json_array_size(json_object_get(unit->result, "diagnostics")))
		return true;
	json_array_foreach(json_object_get(unit->result, "functions"), i, function)
		if (function_is_replaced(function))
			return true;
	return false;
}

static int compare_layouts(struct build *build, const struct unit *unit)
{
	struct diag *diag = diag_new("kpatch-build");
	struct type_layouts *original = diag ? type_layouts_read(unit->original, diag) : NULL;
	struct type_layouts *patched = original ? type_layouts_read(unit->patched, diag) : NULL;
	int err = patched ? type_layouts_compare(original, patched, diag) : -EINVAL;

	type_layouts_free(original);
	type_layouts_free(patched);
	if (!diag)
		return diag_oom(build->diag);
	/* a type of a header changes in every unit alike: one report is enough */
	diag_take_new(build->diag, diag);
	diag_free(diag);
	return err;
}

int check_layouts(struct build *build)
{
	int err = 0, one;

	for (size_t i = 0; i < build->n_units; i++) {
		if (!may_be_replaced(&build->units[i]))
			continue;
		one = compare_layouts(build, &build->units[i]);
		err = err ?: one;
	}
	return err;
}
