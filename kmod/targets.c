// SPDX-License-Identifier: GPL-2.0-only
/*
 * When a target is loaded, its object modules have to be loaded at the right
 * moment: after the kernel knows the target's own static keys and calls (COMING
 * notifiers), and before any code of the target has run (parameter callbacks,
 * constructors, init). The moment of livepatch, klp_module_coming(), is too early:
 * an object module that is loaded there links itself to a static key, the target
 * registers the key later and overwrites the link, and the first switch of that key
 * is an oops.
 *
 * So the core delays klp_module_coming() for every module until the module loader
 * calls parse_args(), and loads the object modules just before that. Until then
 * the module is not "alive" for livepatch, and a livepatch that is enabled ignores
 * it; the delayed klp_module_coming() finds that livepatch.
 *
 * Why for every module, and not only for known targets: a livepatch that is
 * registered meanwhile could turn a module into a target that has already passed
 * klp_module_coming(), but has not registered its static keys yet.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core.h"

/**
 * struct coming - a module whose klp_module_coming() was delayed or has failed
 * @node: on coming_modules; split_lock
 * @mod: the module; it stays in memory as long as its entry
 * @task: the task that loads it
 * @committed: its object modules are loaded, and the original klp_module_coming()
 *	runs: a livepatch that is registered now has to wait for the result; split_lock
 *
 * Holds a reference on the core, so that the hooks outlive the entry. The hook of
 * parse_args() removes the entry if klp_module_coming() succeeds, else the hook of
 * klp_module_going(), which the module loader calls for each module that it has to give up.
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
 * Return: true until the handler has returned.
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
 * Return: the module, NULL if there is none. It may be unloaded at any moment, unless
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
 * target_is_half_way() - did a module begin to load or unload before the hooks existed?
 * @name: of the module
 *
 * A module that began to load before the core has no entry. The core doesn't see when
 * klp_module_coming() runs for it, and livepatch takes it for alive before its COMING
 * notifiers have run, among them that of the jump labels. An object module that is
 * loaded then would link itself to keys that the target registers afterwards, which
 * overwrites the link. And if a livepatch is enabled before klp_module_coming() runs,
 * it would refuse the target, because the target's object module isn't loaded.
 *
 * Both dangers end when the module has its folder in sysfs (kernel/module/main.c:
 * load_module(), prepare_coming_module() before mod_sysfs_setup(), 6.1 and 6.12),
 * slightly later than necessary. A module that is loaded after the core lacks an entry
 * only for a moment, or after target_ready().
 *
 * A module that was being unloaded when the core was loaded may be in
 * klp_module_going(), waiting for klp_mutex; nothing would keep it in memory until its
 * object module is unloaded.
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
 * target_coming() - called instead of klp_module_coming(), which it delays
 * @mod: a module in state COMING, before the COMING notifiers
 *
 * Return: 0, -ENOMEM, or why @mod, an object module, may not be loaded now.
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
 * Load the object modules for @mod, and commit it. The list of livepatches may
 * change whenever the lock is dropped, so each search begins at its head.
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
 * target_ready() - do what target_coming() delayed, before parse_args()
 * @doing: as given to parse_args()
 *
 * Return: 0 if parse_args() may continue, as it always may unless it is called for a
 * module that this task loads; else why the module is refused.
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
 * target_going() - called instead of klp_module_going()
 * @mod: a module whose exit has run, or whose load has failed
 *
 * When this returns, all object modules of @mod are unloaded, or can never be
 * (ZOMBIE): the module loader frees the memory of @mod next.
 *
 * The exit of @mod has ended all uses of its code but one: a task may still read or
 * write a parameter, and sleep in a function of an object module. The module loader
 * waits for such tasks when it removes the parameters, but only after this function
 * (kernel/module/main.c: free_module(), 6.1). So this removes them before.
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
