// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * If a function's parameters change, all its callers change, and the compiler
 * checks that for callers that are compiled. It doesn't check a caller with a
 * declaration of its own, or one written in assembler: that would go on passing
 * the old arguments to the new function.
 *
 * symbol-users.c finds such callers.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdlib.h>

#include "kpatch-build/build.h"
#include "lib/elf-model.h"
#include "kpatch-build/check/linked-users.h"
#include "kpatch-build/check/symbol-users.h"
#include "kpatch-build/result.h"

/* One user is enough for a report: the remedy is the same for all. */
static int check_users(const struct reached *reached, const struct unit *unit,
		       const struct result_function *function, struct diag *diag)
{
	char *user;
	int err = find_uncompiled_user(reached, build_find_object(reached, unit->object),
				       function->name, &user, diag);

	if (err || !user)
		return err;
	err = diag_error(diag, "KS141", &function->place, "'%s'", function->name);
	diag_detail(diag, "it was %s", function->was);
	diag_detail(diag, "it is  %s", function->is);
	diag_detail(diag, "%s", user);
	free(user);
	return err;
}

int check_signatures(struct build *build)
{
	const struct result_function *function;
	int err = 0, one;

	for (size_t i = 0; i < build->n_units; i++) {
		const struct unit *unit = &build->units[i];

		result_for_each(function, unit->result, functions) {
			if (!function_is_replaced(function) || !function->was)
				continue;
			one = check_users(&build->reached, unit, function, build->diag);
			err = err ?: one;
		}
	}
	return err;
}
