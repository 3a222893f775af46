// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Only one user of ftrace at a time can redirect a function. The core redirects
 * some functions of the kernel as long as it is loaded, and it is loaded before
 * any livepatch: a livepatch that replaces one of them could be built, but
 * never be enabled.
 */
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "lib/klp-format.h"
#include "kpatch-build/result.h"

/* kmod/hooks.c: hooks[] */
static const struct {
	const char *name, *reason;
} hooked[] = {
	{ "klp_init_transition", "gives tasks that end a state for each transition" },
	{ "klp_module_coming",
	  "delays livepatch's work on a module until the notifiers of the module have run" },
	{ "klp_module_going", "removes object modules before the memory of their target is freed" },
	{ "parse_args", "loads object modules before the first instruction of their target runs" },
	{ "stack_trace_save_tsk_reliable",
	  "prevents livepatch from switching tasks that are in code which livepatch doesn't check" },
};

static const char *why_hooked(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(hooked); i++)
		if (!strcmp(hooked[i].name, name))
			return hooked[i].reason;
	return NULL;
}

static int check_function(const struct result_function *function, struct diag *diag)
{
	const char *why = function_is_replaced(function) ? why_hooked(function->name) : NULL;
	int err;

	if (!why)
		return 0;
	err = diag_error(diag, "KS385", &function->place, "'%s'", function->name);
	diag_detail(diag, "the core's hook %s", why);
	return err;
}

int check_core_functions(struct build *build)
{
	const struct result_function *function;
	int err = 0;

	for (size_t i = 0; i < build->n_units; i++) {
		const struct unit *unit = &build->units[i];

		if (!unit->changed || strcmp(unit->object, KLP_VMLINUX))
			continue;
		result_for_each(function, unit->result, functions)
			err = check_function(function, build->diag) ?: err;
	}
	return err;
}
