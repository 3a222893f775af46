// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queries of the kernel's list of modules. A name alone tells little: the module of that name may
 * be in the middle of its load or unload, and any user may have loaded it.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "core.h"

/**
 * module_find() - as the kernel's find_module(), which is not exported to modules
 * @name: of the module
 *
 * The caller holds rcu_read_lock_sched().
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
 * module_is_settled() - is no task loading or removing a module of that name?
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
 * module_wait_settled() - wait while a module of that name is being loaded or unloaded
 * @name: of the module
 *
 * A module resolves its klp symbols while it is UNFORMED, without a reference
 * on the module that owns them. So before a target may be unloaded, an object module
 * that is being loaded has to be known to the core, or gone.
 *
 * Returns after the task that loads or removes the module has finished; that task waits
 * for nothing that the caller holds. split_lock must not be held.
 */
void module_wait_settled(const char *name)
{
	while (!module_is_settled(name))
		msleep(20);
}

/* Few modules are ever unloaded at one moment; if there are more, any module counts as one. */
static const struct module *early_going[8];
static unsigned int n_early_going;

/**
 * modules_note_going() - note the modules that are being unloaded
 *
 * The core's init calls this after it has installed the hooks: klp_module_going() is
 * redirected for modules whose unloading begins later.
 */
void modules_note_going(void)
{
	const struct module *mod;

	rcu_read_lock_sched();
	list_for_each_entry_rcu(mod, kernel.modules, list) {
		if (READ_ONCE(mod->state) != MODULE_STATE_GOING)
			continue;
		if (n_early_going < ARRAY_SIZE(early_going))
			early_going[n_early_going] = mod;
		n_early_going++;
	}
	rcu_read_unlock_sched();
}

/**
 * module_was_going() - was a module noted by modules_note_going()?
 * @mod: a module that is being unloaded
 *
 * Return: true if so, or if an earlier module at the same address was.
 */
bool module_was_going(const struct module *mod)
{
	unsigned int i;

	if (n_early_going > ARRAY_SIZE(early_going))
		return true;
	for (i = 0; i < n_early_going; i++)
		if (early_going[i] == mod)
			return true;
	return false;
}
