// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Some functions of the kernel are told which module calls them, to keep it in
 * memory as long as they need. Code for vmlinux was compiled to say "none", code
 * for a module to say "this module": right of what the running kernel has, wrong
 * of what the livepatch brings, which can go before either.
 *
 * New code calls a function of the livepatch's own in their place
 * (templates/klp-split-once.c), which knows both.
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
