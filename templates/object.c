// SPDX-License-Identifier: GPL-2.0-only
/*
 * The new code for one module. It may be in memory only while its target is:
 * its relocations, static keys and static calls point into the target. The core
 * loads it when the target is loaded, after the kernel knows the target's own
 * keys and calls, and removes it before the target's memory is freed.
 *
 * All that it does by itself is to pass its functions to the core. If it is
 * loaded by hand it is refused.
 */
#include <linux/init.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <generated/utsrelease.h>
#include "klp_split.h"
#include "tables.h"

#ifndef KLP_SPLIT_CALLBACKS
#define KLP_SPLIT_CALLBACKS NULL
#endif

/*
 * The main module that this one was built with. Both are linked at the same
 * time, so `klp-relocs convert` writes it later. The core refuses it if it is
 * empty.
 */
static const char klp_split_main_build_id[KLP_SPLIT_BUILD_ID_SIZE] __aligned(1)
	__section(".klp_split.main_build_id") = "";

static const struct klp_split_object KLP_SPLIT_OBJECT_SYMBOL;

#ifdef KLP_SPLIT_EXIT
/* Called through the target's struct module, in place of its exit function. */
static void klp_split_exit_entry(void)
{
	klp_split_target_exit(&KLP_SPLIT_OBJECT_SYMBOL);
}
#else
#define KLP_SPLIT_EXIT NULL
#define klp_split_exit_entry NULL
#endif

static const struct klp_split_object KLP_SPLIT_OBJECT_SYMBOL = {
	.mod = THIS_MODULE,
	.patch = KLP_SPLIT_PATCH,
	.object = KLP_SPLIT_OBJECT,
	.main_build_id = klp_split_main_build_id,
	.funcs = __klp_split_funcs_start,
	.funcs_end = __klp_split_funcs_stop,
	.callbacks = KLP_SPLIT_CALLBACKS,
	.exit = KLP_SPLIT_EXIT,
	.exit_entry = klp_split_exit_entry,
};

static int __init klp_split_object_init(void)
{
	return klp_split_register(&KLP_SPLIT_OBJECT_SYMBOL);
}

static void __exit klp_split_object_exit(void)
{
	klp_split_unregister(&KLP_SPLIT_OBJECT_SYMBOL);
	/* new code may have left RCU callbacks in here: Documentation/RCU/rcubarrier.rst */
	rcu_barrier();
}

module_init(klp_split_object_init);
module_exit(klp_split_object_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Livepatch, code for one module");
MODULE_INFO(livepatch, "Y");
MODULE_INFO(klp_split_patch, KLP_SPLIT_PATCH);
MODULE_INFO(klp_split_kernel, UTS_RELEASE);
MODULE_INFO(klp_split_object, KLP_SPLIT_OBJECT ":" KLP_SPLIT_OBJECT_BUILD_ID);
