// SPDX-License-Identifier: GPL-2.0-only
/*
 * What livepatch keeps across a replacement: a state, made by the first
 * livepatch that has it and freed by the last, and shadow variables.
 */
#include <linux/slab.h>
#include "livepatch.h"

#define KST_STATE 77
#define KST_SHADOW 78

int kst_pre_patch(struct klp_object *obj);
int kst_pre_patch(struct klp_object *obj)
{
	struct klp_state *state = klp_get_state(obj->patch ?: NULL, KST_STATE);

	return state ? 0 : -EINVAL;
}
