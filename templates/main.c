// SPDX-License-Identifier: GPL-2.0-only
/*
 * A livepatch has to be enabled or disabled as a whole, while the code for each
 * module that it patches is loaded and unloaded with that module. So the main
 * module has the one klp_patch and the new code for vmlinux, and leaves the
 * rest to the core.
 *
 * klp_split_enable() loads the object modules for targets that are loaded now;
 * others are loaded with their targets. The exit function runs after livepatch
 * has dropped its reference, when nothing redirects to the functions of this
 * livepatch any more. Tasks may still be in its code. klp_split_remove() waits
 * for them, and removes the remaining object modules.
 */
#include <linux/init.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/stringify.h>
#include <generated/utsrelease.h>
#include "klp_split.h"
#include "tables.h"

#ifndef KLP_SPLIT_STATES
#define KLP_SPLIT_STATES NULL
#endif

static struct klp_patch klp_split_klp_patch = {
	.mod = THIS_MODULE,
	.objs = klp_split_objects,
	.replace = KLP_SPLIT_REPLACE,
	.states = KLP_SPLIT_STATES,
};

static struct klp_split_patch klp_split_patch = {
	.patch = &klp_split_klp_patch,
	.targets = klp_split_targets,
	.vmlinux_build_id = KLP_SPLIT_VMLINUX_BUILD_ID,
#if KLP_SPLIT_HAS_VMLINUX
	.funcs = __klp_split_funcs_start,
	.funcs_end = __klp_split_funcs_stop,
#endif
};

static int __init klp_split_main_init(void)
{
	return klp_split_enable(&klp_split_patch);
}

static void __exit klp_split_main_exit(void)
{
	klp_split_remove(&klp_split_patch);
	/*
	 * new code may have left RCU callbacks in this module:
	 * Documentation/RCU/rcubarrier.rst
	 */
	rcu_barrier();
}

module_init(klp_split_main_init);
module_exit(klp_split_main_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Livepatch, main module");
MODULE_INFO(livepatch, "Y");
MODULE_INFO(klp_split_patch, KBUILD_MODNAME);
MODULE_INFO(klp_split_kernel, UTS_RELEASE);
MODULE_INFO(klp_split_replace, __stringify(KLP_SPLIT_REPLACE));
