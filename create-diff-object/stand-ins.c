// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Some functions of the kernel take the calling module as an argument, to keep
 * it in memory as long as they need it. Code for vmlinux was compiled to pass
 * "none", code for a module to pass "this module". Both are right for data of
 * the running kernel, and wrong for data of the livepatch, which may be
 * unloaded first.
 *
 * New code calls a function of the livepatch in their place
 * (templates/klp-split-once.c), which handles both.
 */
#include <string.h>

#include "lib/array.h"
#include "create-diff-object/passes.h"

static const struct {
	const char *name, *instead, *why;
} stand_ins[] = {
	{ "__do_once_done", "klp_split_do_once_done",
	  "a work item switches the static key off later, and the key may be the livepatch's" },
	{ "__do_once_sleepable_done", "klp_split_do_once_sleepable_done", "the same" },
};

const char *stand_in(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(stand_ins); i++)
		if (!strcmp(stand_ins[i].name, name))
			return stand_ins[i].instead;
	return NULL;
}
