// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file that a diff removes is still in the running kernel. That is right if
 * nothing uses it any more: its functions are never called again. It is a unit
 * like others, whose patched source is empty; create-diff-object refuses what
 * can't be undone, such as an initcall that has run, or a parameter.
 *
 * Here is checked what the linker would check: the makefile no longer lists the
 * file, and, in check_globals(), nothing refers to its symbols.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"

static int refuse_listed(const struct change *change, struct diag *diag)
{
	struct diag_place place = { .file = change->path };
	int err = diag_error(diag, "KS144", &place, "%s", change->path);

	diag_detail(diag, "its makefile, as patched, still lists it");
	return err;
}

static int check_change(const struct reached *reached, const struct change *change,
			struct diag *diag)
{
	struct diag_place place = { .file = change->path };
	bool found = false;
	int err = 0;

	for (size_t u = 0; u < reached->n_units; u++)
		if (!strcmp(reached->units[u].source, change->path))
			found = reached->units[u].removed = true;
	if (found && !change->linked)
		err = refuse_listed(change, diag);
	/* the empty file hides that units which include it no longer compile */
	return found ? err
		     : diag_error(diag, "KS318", &place, "%s, which others include", change->path);
}

int check_removed_units(struct build *build)
{
	int err = 0, one;

	for (size_t i = 0; i < build->n_changes; i++) {
		one = build->changes[i].removed
			      ? check_change(&build->reached, &build->changes[i], build->diag)
			      : 0;
		err = err ?: one;
	}
	return err;
}
