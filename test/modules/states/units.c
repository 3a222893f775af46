// SPDX-License-Identifier: GPL-2.0-only
/*
 * What livepatch keeps across a replacement: a state, made by the first
 * livepatch that has it, taken over by the next, freed with the last; and
 * shadow variables, which the object modules construct and use. The last livepatch
 * frees them with a destructor of its main module: the object module that
 * constructed them may have left long before.
 */
#include <linux/slab.h>
#include "livepatch.h"
#include "kst-shadow.h"

KST_REPLACE_CMDLINE(KST_PATCH);

extern struct klp_state kst_states[2];

int kst_pre_patch(struct klp_object *obj);
int kst_pre_patch(struct klp_object *obj)
{
	struct klp_state *before = klp_get_prev_state(KST_STATE);

	if (before) {
		pr_info("KST: %s takes over version %u\n", KST_PATCH, before->version);
		return 0;
	}
	pr_info("KST: %s makes the state\n", KST_PATCH);
	kst_states[0].data = kzalloc(16, GFP_KERNEL);
	return kst_states[0].data ? 0 : -ENOMEM;
}

void kst_post_patch(struct klp_object *obj);
void kst_post_patch(struct klp_object *obj)
{
	struct klp_state *before = klp_get_prev_state(KST_STATE);

	if (!before)
		return;
	kst_states[0].data = before->data;
	before->data = NULL;
}

static void destroy_count(void *obj, void *data)
{
	pr_info("KST: %s destroys a count of %d\n", KST_PATCH, *(int *)data);
}

void kst_post_unpatch(struct klp_object *obj);
void kst_post_unpatch(struct klp_object *obj)
{
	pr_info("KST: %s frees the state\n", KST_PATCH);
	kfree(kst_states[0].data);
	kst_states[0].data = NULL;
	klp_shadow_free_all(KST_SHADOW, destroy_count);
}
