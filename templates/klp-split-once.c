// SPDX-License-Identifier: GPL-2.0-only
/*
 * DO_ONCE() leaves a work item that disables its static key later (lib/once.c:
 * once_disable_jump()). The work holds the module that the macro names,
 * THIS_MODULE: none in code for vmlinux, the target in code for a module. If
 * new code contains a DO_ONCE(), its key is in the livepatch, which could be
 * freed before the work runs. So new code calls the functions below.
 *
 * A task may still be in new code when this module can no longer be held,
 * because its exit function waits for that task (klp_split_remove()). Then the
 * work gets another key, which nothing uses and nothing frees: the flag says
 * that DO_ONCE() has run, and the key only saves testing it.
 */
#include <linux/jump_label.h>
#include <linux/module.h>
#include <linux/once.h>
#include <linux/slab.h>

#include "klp-split-once.h"

/*
 * Set *@key and *@mod to what the work may use. True if the caller has to put
 * *@mod, which is held until the work holds it.
 */
static bool klp_split_hold_key(struct static_key_true **key, struct module **mod)
{
	struct static_key_true *lasting;

	if (!within_module((unsigned long)*key, THIS_MODULE))
		return false;
	if (try_module_get(THIS_MODULE)) {
		*mod = THIS_MODULE;
		return true;
	}
	*mod = NULL;
	lasting = kmalloc(sizeof(*lasting), GFP_ATOMIC);
	if (lasting) {
		*lasting = STATIC_KEY_TRUE_INIT;
		*key = lasting;
	}
	return false;
}

/**
 * klp_split_do_once_done() - __do_once_done() for new code
 * @done: the flag, to be set
 * @key: to be disabled later; of this module, or of the running kernel
 * @flags: for the lock, which the caller took by __do_once_start()
 * @mod: module that has @key, if it isn't this one
 */
void klp_split_do_once_done(bool *done, struct static_key_true *key, unsigned long *flags,
			    struct module *mod)
{
	bool held = klp_split_hold_key(&key, &mod);

	__do_once_done(done, key, flags, mod);
	if (held)
		module_put(mod);
}

/**
 * klp_split_do_once_sleepable_done() - __do_once_sleepable_done() for new code
 * @done: the flag, to be set
 * @key: to be disabled later; of this module, or of the running kernel
 * @mod: module that has @key, if it isn't this one
 */
void klp_split_do_once_sleepable_done(bool *done, struct static_key_true *key, struct module *mod)
{
	bool held = klp_split_hold_key(&key, &mod);

	__do_once_sleepable_done(done, key, mod);
	if (held)
		module_put(mod);
}
