// SPDX-License-Identifier: GPL-2.0-only
/*
 * When a target comes, its object modules have to be loaded at the right
 * moment: late enough that the target's own static keys and calls are known to
 * the kernel (COMING notifiers), early enough that none of its code has run
 * (parameter callbacks, constructors, init). Livepatch's own moment,
 * klp_module_coming(), is too early: an object module loaded there links itself
 * to a static key that the target registers only later, over the link, and the
 * first switch of that key is an oops.
 *
 * So klp_module_coming() is put off for every module until the module loader
 * calls parse_args(), and the object modules are loaded just before it. In
 * between a module is not "alive" for livepatch, and a livepatch that is
 * enabled then leaves it alone; the module finds that livepatch when its turn
 * comes.
 *
 * Why for every module, and not only for known targets: a livepatch that is
 * registered in between would make a target of a module whose time has passed,
 * with its static keys not registered yet.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core.h"

/**
 * struct coming - a module whose klp_module_coming() was put off or has failed
 * @node: on coming_modules; split_lock
 * @mod: the module; it can't go before its entry
 * @task: who loads it
 * @committed: its object modules are there, and the original klp_module_coming()
 *	runs: whoever registers a livepatch now has to wait for its outcome; split_lock
 *
 * Holds a reference on the core: the hooks may not go before the entry does.
 * The entry ends in parse_args() if all went well, else in klp_module_going(),
 * one of which the module loader calls for each module that we let through.
 */
struct coming {
	struct list_head node;
	struct module *mod;
	struct task_struct *task;
	bool committed;
};

static LIST_HEAD(coming_modules);

static struct coming *coming_find(const struct module *mod)
{
	struct coming *coming;

	lockdep_assert_held(&split_lock);

	list_for_each_entry(coming, &coming_modules, node)
		if (coming->mod == mod)
			return coming;
	return NULL;
}

static void coming_end(struct coming *coming)
{
	lockdep_assert_held(&split_lock);

	list_del(&coming->node);
	kfree(coming);
	split_changed();
	module_put(THIS_MODULE);
}

/**
 * target_is_committed() - is livepatch's own coming handler at work on a module?
 * @name: of the module
 *
 * Return: true until the handler's outcome is known.
 */
bool target_is_committed(const char *name)
{
	struct coming *coming;

	lockdep_assert_held(&split_lock);

	list_for_each_entry(coming, &coming_modules, node)
		if (coming->committed && !strcmp(coming->mod->name, name))
			return true;
	return false;
}

/**
 * target_alive() - the module that klp_enable_patch() would patch
 * @name: of the module
 *
 * As in kernel/livepatch/core.c: klp_find_object_module().
 *
 * Return: the module, NULL if there is none. It may go at any moment, unless
 * the caller holds split_lock until an object of it is LOADING.
 */
struct module *target_alive(const char *name)
{
	struct module *mod;

	rcu_read_lock_sched();
	mod = module_find(name);
	if (mod && !mod->klp_alive)
		mod = NULL;
	rcu_read_unlock_sched();
	return mod;
}

/**
 * target_is_half_way() - is a module on its way past hooks that weren't there yet?
 * @name: of the module
 *
 * A module that began to load before the core was there has no entry. Livepatch
 * looks at it at a moment that the core doesn't see, and takes it for alive before
 * its COMING notifiers, among them that of the jump labels, have run. An object
 * module loaded then would link itself to keys that the target registers
 * afterwards, over the link. And a livepatch that is enabled before livepatch has
 * looked would refuse the target, for want of its object module.
 *
 * Both are over once the module has its folder in sysfs (kernel/module/main.c:
 * load_module(), prepare_coming_module() before mod_sysfs_setup(), 6.1 and 6.12).
 * That is a moment later than necessary. A module that comes with the core there
 * has no entry for a moment only, or has passed target_ready().
 *
 * One that was being unloaded when the core was loaded may be in klp_module_going(),
 * waiting for klp_mutex; nothing would keep it there until its object module is gone.
 *
 * Return: true while that is so.
 */
bool target_is_half_way(const char *name)
{
	const struct module *mod;
	bool half = false;

	lockdep_assert_held(&split_lock);

	rcu_read_lock_sched();
	mod = module_find(name);
	if (mod && READ_ONCE(mod->state) == MODULE_STATE_COMING)
		half = !mod->mkobj.kobj.state_in_sysfs && !coming_find(mod);
	else if (mod && READ_ONCE(mod->state) == MODULE_STATE_GOING)
		half = module_was_going(mod);
	rcu_read_unlock_sched();
	return half;
}

/**
 * target_coming() - in place of klp_module_coming(): put it off
 * @mod: a module in state COMING, before the COMING notifiers
 *
 * Return: 0, -ENOMEM, or why @mod, which is an object module, may not come now.
 */
int target_coming(struct module *mod)
{
	struct coming *coming;
	int err;

	err = object_module_coming(mod);
	if (err)
		return err;

	coming = kzalloc(sizeof(*coming), GFP_KERNEL);
	if (!coming)
		return -ENOMEM;

	coming->mod = mod;
	coming->task = current;
	__module_get(THIS_MODULE);

	mutex_lock(&split_lock);
	list_add_tail(&coming->node, &coming_modules);
	mutex_unlock(&split_lock);
	return 0;
}

/* The first object that has to be LOADED before @mod can run, and isn't. */
static struct split_object *missing_object(const struct module *mod)
{
	struct klp_split_record *record;
	struct split_object *object;

	lockdep_assert_held(&split_lock);

	list_for_each_entry(record, &split_records, node) {
		object = split_record_object(record, mod->name);
		if (object && object->state != OBJECT_LOADED && split_record_needed(record))
			return object;
	}
	return NULL;
}

/*
 * Bring the object modules for @mod, and commit it. The list of livepatches
 * changes whenever the lock is dropped, so it is looked through from the start.
 */
static int load_objects(struct module *mod, struct coming *coming)
{
	struct split_object *object;
	int err;

	lockdep_assert_held(&split_lock);

	while ((object = missing_object(mod))) {
		err = object_load(object, mod);
		if (err)
			return err;
	}
	coming->committed = true;
	return 0;
}

/**
 * target_ready() - before parse_args(): what was put off
 * @doing: as given to parse_args()
 *
 * Return: 0 if parse_args() may go on, which it always may when it isn't called
 * for a module that this task loads; else why the module is refused.
 */
int target_ready(const char *doing)
{
	struct coming *coming;
	int err;

	mutex_lock(&split_lock);
	list_for_each_entry(coming, &coming_modules, node)
		if (coming->task == current && coming->mod->name == doing)
			goto found;
	mutex_unlock(&split_lock);
	return 0;

found:
	/* Only this task ends the entry, so it stays while the lock is dropped. */
	err = load_objects(coming->mod, coming);
	if (err)
		goto out;

	mutex_unlock(&split_lock);
	err = klp_module_coming(coming->mod);
	mutex_lock(&split_lock);

	coming->committed = false;
	split_changed();
	if (!err)
		coming_end(coming);
out:
	mutex_unlock(&split_lock);
	return err;
}

/* The first object of @mod that has an object module in memory. */
static struct split_object *present_object(const struct module *mod)
{
	struct klp_split_record *record;
	struct split_object *object;

	lockdep_assert_held(&split_lock);

	list_for_each_entry(record, &split_records, node) {
		object = split_record_object(record, mod->name);
		if (object && object->state != OBJECT_IDLE && object->state != OBJECT_ZOMBIE)
			return object;
	}
	return NULL;
}

/**
 * target_going() - in place of klp_module_going()
 * @mod: a module whose exit has run, or whose load has failed
 *
 * All object modules of @mod have left memory when this returns, or can never
 * be removed (ZOMBIE): its memory is freed next.
 *
 * The exit of @mod has ended all uses of its code but one: somebody may still
 * read or write a parameter, and be asleep in a function of an object module.
 * The module loader waits for those, but only after this (kernel/module/main.c:
 * free_module(), 6.1); it finds the parameters removed then.
 */
void target_going(struct module *mod)
{
	struct split_object *object;
	struct coming *coming;
	bool in_use;

	mutex_lock(&split_lock);
	coming = coming_find(mod);
	mutex_unlock(&split_lock);

	/*
	 * Without a successful klp_module_coming() there is nothing to revert,
	 * and the original would run pre-unpatch callbacks, and use
	 * klp_object.mod, which is NULL then (kernel/livepatch/core.c:
	 * klp_cleanup_module_patches_limited(), 6.1).
	 */
	if (!coming)
		klp_module_going(mod);

	mutex_lock(&split_lock);
	in_use = present_object(mod);
	mutex_unlock(&split_lock);
	if (in_use)
		module_param_sysfs_remove(mod);

	mutex_lock(&split_lock);
	while ((object = present_object(mod)))
		object_unload(object);
	if (coming)
		coming_end(coming);
	mutex_unlock(&split_lock);
}
