// SPDX-License-Identifier: GPL-2.0-only
/*
 * An object module lends its functions to the main module: while it is in
 * memory, and only then, the main module's tables point into it. This file
 * moves an object through its states (enum object_state) and is the only one
 * that writes to these tables; the placeholder in all the rest makes livepatch
 * refuse what is not there.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "core.h"

static bool is_same_function(const struct klp_func *func, const struct klp_split_func *with)
{
	/* 0 and 1 mean the same: kernel/livepatch/core.c: klp_find_func() */
	return !strcmp(func->old_name, with->old_name) &&
	       max(func->old_sympos, 1UL) == max(with->old_sympos, 1UL);
}

static const struct klp_split_func *find_function(const struct klp_func *func,
						  const struct klp_split_func *funcs,
						  const struct klp_split_func *end)
{
	for (; funcs < end; funcs++)
		if (is_same_function(func, funcs))
			return funcs;
	return NULL;
}

/**
 * object_check_tables() - do the main module and the code list the same functions?
 * @patch: name of the livepatch, for the log
 * @name: of the object, for the log
 * @klp: the object in the main module; NULL if it has none
 * @funcs: the functions that the code has
 * @end: behind the last of them
 *
 * Return: 0, or -EINVAL after saying why.
 */
int object_check_tables(const char *patch, const char *name, const struct klp_object *klp,
			const struct klp_split_func *funcs, const struct klp_split_func *end)
{
	const struct klp_split_func *new;
	const struct klp_func *func;
	long n = 0;

	if (!klp || !funcs) {
		pr_err("%s: %s: only one of main module's table and code has this object; build the livepatch again\n",
		       patch, name);
		return -EINVAL;
	}

	for (new = funcs; new < end; new++) {
		if (!new->old_name || !new->new_func) {
			pr_err("%s: %s: entry %ld of its functions is empty; build the livepatch again\n",
			       patch, name, (long)(new - funcs));
			return -EINVAL;
		}
	}
	klp_for_each_func_static(klp, func) {
		n++;
		if (!find_function(func, funcs, end)) {
			pr_err("%s: %s: no new code for '%s,%lu'; build the livepatch again\n",
			       patch, name, func->old_name, func->old_sympos);
			return -EINVAL;
		}
	}
	if (n != end - funcs) {
		pr_err("%s: %s: %ld functions in the code, %ld in the main module; build the livepatch again\n",
		       patch, name, (long)(end - funcs), n);
		return -EINVAL;
	}
	return 0;
}

/**
 * object_fill() - put new functions in place of the placeholders
 * @klp: the object in the main module
 * @funcs: functions that have passed object_check_tables()
 * @end: behind the last of them
 */
void object_fill(struct klp_object *klp, const struct klp_split_func *funcs,
		 const struct klp_split_func *end)
{
	struct klp_func *func;

	klp_for_each_func_static(klp, func)
		func->new_func = find_function(func, funcs, end)->new_func;
}

static void object_empty(struct klp_object *klp)
{
	struct klp_func *func;

	klp_for_each_func_static(klp, func)
		func->new_func = KLP_SPLIT_PLACEHOLDER;
	memset(&klp->callbacks, 0, sizeof(klp->callbacks));
}

static void object_set_state(struct split_object *object, enum object_state state)
{
	lockdep_assert_held(&split_lock);

	object->state = state;
	object->owner = state == OBJECT_LOADING || state == OBJECT_UNLOADING ? current : NULL;
	split_changed();
}

/* The part of LOADING that runs without split_lock. */
static int bring_module(struct split_object *object, const struct module *target)
{
	const char *patch = object->record->name, *name = object->target->object;
	bool was_there = module_is_present(object->module);
	int err;

	err = build_id_check_target(patch, target, object->target->build_id);
	if (err)
		return err;

	err = loader_load(object->module);
	/* Written under split_lock; who loads must look again under it. */
	if (READ_ONCE(object->ready))
		return 0;

	if (err < 0) {
		pr_err("%s: %s: modprobe can't be run (%d); check kernel.modprobe and memory, then load %s again\n",
		       patch, name, err, name);
	} else if (err) {
		pr_err("%s: %s: modprobe %s failed (exit status %d, signal %d); see the lines above, and run modprobe -n -v %s\n",
		       patch, name, object->module, err >> 8 & 0xff, err & 0x7f, object->module);
	} else if (!module_is_present(object->module)) {
		pr_err("%s: %s: modprobe %s did nothing; look for an install or blacklist line in its configuration\n",
		       patch, name, object->module);
	} else {
		pr_err("%s: %s: %s is in memory but has not registered; its file is no object module of this livepatch, or it was there before: rmmod it, install the livepatch again\n",
		       patch, name, object->module);
		if (!was_there)
			loader_remove(object->module);
	}
	return -EIO;
}

/**
 * object_load() - load an object module, or wait for who does
 * @object: the object
 * @target: its target; stays while the object is LOADING
 *
 * Called with split_lock held; drops it and takes it again. If it returns 0 the
 * caller has to look at everything again: @object may be gone.
 *
 * Return: 0, or why the target has to do without an object module that is needed.
 */
int object_load(struct split_object *object, const struct module *target)
{
	struct klp_split_record *record = object->record;
	int err;

	lockdep_assert_held(&split_lock);

	switch (object->state) {
	case OBJECT_LOADED:
		return 0;
	case OBJECT_LOADING:
	case OBJECT_UNLOADING:
		split_wait_for_change();
		return 0;
	case OBJECT_ZOMBIE:
		pr_err("%s: %s: %s could not be removed once and refers to memory that is gone; replace the livepatch by one of another name, or reboot\n",
		       record->name, target->name, object->module);
		return -EBUSY;
	case OBJECT_IDLE:
		break;
	}

	object_set_state(object, OBJECT_LOADING);
	mutex_unlock(&split_lock);
	err = bring_module(object, target);
	mutex_lock(&split_lock);

	if (object->ready) {
		object_fill(object->klp, object->ready->funcs, object->ready->funcs_end);
		if (object->ready->callbacks)
			object->klp->callbacks = *object->ready->callbacks;
		object_set_state(object, OBJECT_LOADED);
		pr_info("%s: %s: object module loaded\n", record->name, target->name);
		return 0;
	}

	object_set_state(object, OBJECT_IDLE);
	/* While it was tried the livepatch may have been disabled or replaced. */
	return split_record_needed(record) ? err : 0;
}

/*
 * Keep a module for ever, or see it go: somebody else may be about to remove
 * it. Ends when that one has. True if it is kept.
 */
static bool pin_module(const char *name)
{
	struct module *mod;
	bool pinned;

	for (;;) {
		rcu_read_lock_sched();
		mod = kernel.find_module(name);
		pinned = mod && try_module_get(mod);
		rcu_read_unlock_sched();
		if (!mod || pinned)
			return pinned;
		msleep(20);
	}
}

/**
 * object_unload() - remove an object module, or wait for who does
 * @object: the object, which livepatch doesn't use
 *
 * Called with split_lock held; drops it and takes it again. The caller looks at
 * everything again until the object is IDLE or ZOMBIE: @object may be gone.
 */
void object_unload(struct split_object *object)
{
	struct klp_split_record *record = object->record;
	const char *name = object->target->object;
	bool pinned = false;
	int err;

	lockdep_assert_held(&split_lock);

	if (object->state == OBJECT_LOADING || object->state == OBJECT_UNLOADING) {
		split_wait_for_change();
		return;
	}
	if (object->state != OBJECT_LOADED)
		return;

	object_set_state(object, OBJECT_UNLOADING);
	object_empty(object->klp);
	module_put(object->ready->mod);

	mutex_unlock(&split_lock);
	err = loader_remove(object->module);
	if (err)
		pinned = pin_module(object->module);
	mutex_lock(&split_lock);

	if (!pinned) {
		object_set_state(object, OBJECT_IDLE);
		pr_info("%s: %s: object module removed\n", record->name, name);
		return;
	}
	object_set_state(object, OBJECT_ZOMBIE);
	pr_err("%s: %s: %s can't be removed (%d) and stays for ever; %s can't be loaded again with this livepatch: replace it by one of another name, or reboot\n",
	       record->name, name, object->module, err, name);
}

/**
 * klp_split_register() - hand new functions to the core, from the init of an object module
 * @split: what the object module has
 *
 * Only while the core itself loads that object module; see enum object_state.
 *
 * Return: 0, -ENODEV without the main module, -EINVAL if it doesn't know such an
 * object module, -EPERM if the core doesn't load it now, -ENOEXEC if it was built
 * with another main module.
 */
int klp_split_register(const struct klp_split_object *split)
{
	struct klp_split_record *record;
	struct split_object *object;
	int err;

	mutex_lock(&split_lock);
	record = split_record_find(split->patch);
	if (!record) {
		pr_err("%s: %s: %s loaded without its livepatch; load %s, which loads it when it is needed\n",
		       split->patch, split->object, split->mod->name, split->patch);
		err = -ENODEV;
		goto out;
	}

	object = split_record_object(record, split->object);
	if (!object) {
		pr_err("%s: %s: %s is for an object that this livepatch doesn't list; install the livepatch again\n",
		       split->patch, split->object, split->mod->name);
		err = -EINVAL;
		goto out;
	}
	if (strcmp(split->mod->name, object->module)) {
		pr_err("%s: %s: %s has a wrong name; it must be %s\n", split->patch, split->object,
		       split->mod->name, object->module);
		err = -EINVAL;
		goto out;
	}
	if (object->state != OBJECT_LOADING || object->ready) {
		pr_err("%s: %s: %s loaded by hand; load %s, and it comes by itself\n", split->patch,
		       split->object, split->mod->name, split->object);
		err = -EPERM;
		goto out;
	}

	err = build_id_check_main(record->patch->patch->mod, split->object, split->main_build_id);
	if (!err)
		err = object_check_tables(split->patch, split->object, object->klp, split->funcs,
					  split->funcs_end);
	if (err)
		goto out;

	/* Its own init runs, so it has a reference, and a user's rmmod fails from now on. */
	__module_get(split->mod);
	WRITE_ONCE(object->ready, split);
out:
	mutex_unlock(&split_lock);
	return err;
}
EXPORT_SYMBOL_GPL(klp_split_register);

/**
 * klp_split_unregister() - forget an object module, from its exit
 * @split: what it had registered
 *
 * Its exit runs only when the core has dropped its reference (UNLOADING), unless
 * somebody has forced it out.
 */
void klp_split_unregister(const struct klp_split_object *split)
{
	struct klp_split_record *record;
	struct split_object *object;

	mutex_lock(&split_lock);
	record = split_record_find(split->patch);
	object = record ? split_record_object(record, split->object) : NULL;
	if (object && object->ready == split) {
		WRITE_ONCE(object->ready, NULL);
		if (object->state == OBJECT_LOADED) {
			pr_crit("%s: %s: %s was forced out while in use; reboot\n", record->name,
				split->object, split->mod->name);
			object_empty(object->klp);
			object_set_state(object, OBJECT_IDLE);
		}
	}
	mutex_unlock(&split_lock);
}
EXPORT_SYMBOL_GPL(klp_split_unregister);
