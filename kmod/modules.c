// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the core asks the kernel's list of modules. A name tells little: the
 * module that has it may be on its way in or out, loaded by anybody.
 */
#include <linux/delay.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "core.h"

/**
 * module_find() - as the kernel's find_module(), which is not exported to modules
 * @name: of the module
 *
 * The caller has called rcu_read_lock_sched().
 *
 * Return: the module, in any state but UNFORMED, or NULL.
 */
struct module *module_find(const char *name)
{
	return find_module_all(name, strlen(name), false);
}

/**
 * module_is_present() - is there a module of that name, in any state but UNFORMED?
 * @name: of the module
 *
 * Return: true if there was when this looked.
 */
bool module_is_present(const char *name)
{
	bool present;

	rcu_read_lock_sched();
	present = module_find(name);
	rcu_read_unlock_sched();
	return present;
}

/**
 * module_is_settled() - is nobody loading or removing a module of that name?
 * @name: of the module
 *
 * Return: true if it is live, or there is none, not even an UNFORMED one.
 */
bool module_is_settled(const char *name)
{
	const struct module *mod;
	bool settled;

	rcu_read_lock_sched();
	mod = find_module_all(name, strlen(name), true);
	settled = !mod || mod->state == MODULE_STATE_LIVE;
	rcu_read_unlock_sched();
	return settled;
}

/**
 * module_wait_settled() - wait while a module of that name is on its way in or out
 * @name: of the module
 *
 * A module resolves its klp symbols while it is UNFORMED, without a reference
 * on the module that owns them. So before its target may go, an object module
 * that somebody has begun to load has to be known to the core, or gone.
 *
 * Ends when whoever loads or removes the module has done so, which waits for
 * nothing that the caller holds; split_lock must not be held.
 */
void module_wait_settled(const char *name)
{
	while (!module_is_settled(name))
		msleep(20);
}
