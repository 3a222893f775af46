/* SPDX-License-Identifier: GPL-2.0-only */
/* Callbacks log that they ran: "KST: <patch> <callback> <object>[:<state of the module>]". */
#ifndef KST_SAYING_H
#define KST_SAYING_H

#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static int pre_patch_ret;
module_param(pre_patch_ret, int, 0644);

static const char *const kst_module_states[] = {
	[MODULE_STATE_LIVE] = ":live",
	[MODULE_STATE_COMING] = ":coming",
	[MODULE_STATE_GOING] = ":going",
	[MODULE_STATE_UNFORMED] = ":unformed",
};

static void say(const char *callback, const struct klp_object *obj)
{
	pr_info("KST: %s %s %s%s\n", KST_PATCH, callback, obj->name ?: "vmlinux",
		obj->mod ? kst_module_states[obj->mod->state] : "");
}

int kst_pre_patch(struct klp_object *obj);
int kst_pre_patch(struct klp_object *obj)
{
	say("pre_patch", obj);
	return pre_patch_ret;
}

void kst_post_patch(struct klp_object *obj);
void kst_post_patch(struct klp_object *obj)
{
	say("post_patch", obj);
}

void kst_pre_unpatch(struct klp_object *obj);
void kst_pre_unpatch(struct klp_object *obj)
{
	say("pre_unpatch", obj);
}

void kst_post_unpatch(struct klp_object *obj);
void kst_post_unpatch(struct klp_object *obj)
{
	say("post_unpatch", obj);
}

/* For an object module; a main module has them in its tables. */
extern const struct klp_callbacks kst_callbacks;
const struct klp_callbacks kst_callbacks = {
	.pre_patch = kst_pre_patch,
	.post_patch = kst_post_patch,
	.pre_unpatch = kst_pre_unpatch,
	.post_unpatch = kst_post_unpatch,
};

#endif
