// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * If a function's parameters change, all its callers change, and the compiler
 * checks that for callers that are compiled. It doesn't check a caller with a
 * declaration of its own, or one written in assembler: that would go on passing
 * the old arguments to the new function.
 *
 * symbol-users.c finds such callers. BPF programs are callers that no file of
 * the kernel contains: they call functions whose BTF ids are in lists
 * (bpf-names.c). create-diff-object sees the lists of the function's own unit.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdlib.h>

#include "kpatch-build/build.h"
#include "lib/elf-model.h"
#include "lib/object-index.h"
#include "lib/text.h"
#include "kpatch-build/check/bpf-names.h"
#include "kpatch-build/check/linked-users.h"
#include "kpatch-build/check/symbol-users.h"
#include "kpatch-build/result.h"

static int refuse(const struct result_function *function, const char *code, const char *user,
		  struct diag *diag)
{
	int err = diag_error(diag, code, &function->place, "'%s'", function->name);

	diag_detail(diag, "it was %s", function->was);
	diag_detail(diag, "it is  %s", function->is);
	diag_detail(diag, "%s", user);
	return err;
}

/* *@is: does a unit of @object export @name? The function itself may be in another unit. */
static int is_exported(const struct object *object, const char *name, bool *is, struct diag *diag)
{
	char *export = format("__ksymtab_%s", name);
	struct object_index *index = NULL;
	size_t n = 0;
	int err = export ? object_index_load(object->symbols, object->name, &index, diag)
			 : diag_oom(diag);

	if (!err) {
		object_index_find(index, export, &n);
		*is = n;
	}
	object_index_free(index);
	free(export);
	return err;
}

/* One user is enough for a report: the remedy is the same for all. */
static int check_users(const struct reached *reached, const struct unit *unit,
		       const struct result_function *function, struct diag *diag)
{
	const struct object *object = build_find_object(reached, unit->object);
	bool bpf = false, exported = false;
	char *user;
	int err = find_uncompiled_user(reached, object, function->name, &user, diag);

	if (!err && user)
		err = refuse(function, "KS141", user, diag);
	else if (!err)
		err = is_known_to_bpf(object->symbols, function->name, &bpf, diag)
			      ?: is_exported(object, function->name, &exported, diag);
	if (exported)
		err = refuse(function, "KS128", "another unit exports it", diag);
	if (bpf)
		err = refuse(function, "KS187", "another unit has its BTF id in a list", diag);
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
