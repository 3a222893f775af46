// SPDX-License-Identifier: GPL-2.0-only
/*
 * An object module lends its functions to the main module: while it is in
 * memory, and only then, the main module's tables point into it. This file moves
 * an object through its states (enum object_state) and is the only one that
 * writes to these tables. The placeholder in all other entries makes livepatch
 * refuse code that is not in memory.
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
 * @end: after the last of them
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
		pr_err("%s: %s: only the main module's table or only the code has this object; build the livepatch again\n",
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
 * @end: after the last of them
 */
void object_fill(struct klp_object *klp, const struct klp_split_func *funcs,
		 const struct klp_split_func *end)
{
	struct klp_func *func;

	klp_for_each_func_static(klp, func)
		func->new_func = find_function(func, funcs, end)->new_func;
}

/**
 * object_empty() - put the placeholders back
 * @klp: the object in the main module
 */
void object_empty(struct klp_object *klp)
{
	struct klp_func *func;

	klp_for_each_func_static(klp, func)
		func->new_func = KLP_SPLIT_PLACEHOLDER;
	memset(&klp->callbacks, 0, sizeof(klp->callbacks));
}

/* Only one task, the owner, may leave this state; others wait for it. */
static bool object_is_owned(const struct split_object *object)
{
	return object->state == OBJECT_LOADING || object->state == OBJECT_DRAINING ||
	       object->state == OBJECT_UNLOADING;
}

/**
 * object_set_state() - move an object to another state
 * @object: the object
 * @state: as the table at enum object_state allows
 */
void object_set_state(struct split_object *object, enum object_state state)
{
	lockdep_assert_held(&split_lock);

	object->state = state;
	object->owner = object_is_owned(object) ? current : NULL;
	split_changed();
}

/*
 * A needed object module is not loaded: log why, and what to do. Returns the cause as a word for
 * sysfs.
 */
static const char *bring_failed(const struct split_object *object, int err, int err_file,
				bool was_there)
{
	const char *patch = object->record->name, *name = object->target->object;
	const char *module = object->module;

	if (err < 0) {
		pr_err("%s: %s: neither modprobe (%d) nor loading the file (%d) loaded %s; see the lines above, check kernel.modprobe and what modprobe waits for, then load %s again\n",
		       patch, name, err, err_file, module, name);
		return err == -ETIMEDOUT || err == -EINTR ? "modprobe-killed" : "modprobe-not-run";
	}
	if (err) {
		pr_err("%s: %s: modprobe %s failed (exit code %d); see the lines above, those of modprobe in the system log, and modprobe -n -v %s\n",
		       patch, name, module, err, module);
		return "modprobe-failed";
	}
	if (!module_is_present(module)) {
		pr_err("%s: %s: modprobe %s did nothing; look for an install or blacklist line in its configuration\n",
		       patch, name, module);
		return "modprobe-idle";
	}
	pr_err("%s: %s: %s is loaded but has not registered; its file is not an object module of this livepatch, or it was loaded before: rmmod it, install the livepatch again\n",
	       patch, name, module);
	if (!was_there)
		loader_remove(module);
	return "not-registered";
}

/*
 * An object module that is accepted from now on has resolved its symbols in this
 * LOADING, while the target is in memory. One whose loading began earlier,
 * perhaps for a target that is gone since, is refused, and waited for.
 */
static void expect_module(struct split_object *object)
{
	module_wait_settled(object->module);
	mutex_lock(&split_lock);
	object->expected = true;
	mutex_unlock(&split_lock);
}

/*
 * Take split_lock at a moment at which no task is loading a module of that name.
 * A load that a killed modprobe has left running is waited for; a load that
 * begins now will find that the module is no longer expected.
 */
static void lock_settled(struct split_object *object)
{
	for (;;) {
		module_wait_settled(object->module);
		mutex_lock(&split_lock);
		if (module_is_settled(object->module))
			break;
		mutex_unlock(&split_lock);
	}
	object->expected = false;
}

/* Load by modprobe, and if that can't be run or is killed, load the file; the result of each. */
static void load_module(const struct split_object *object, int *err, int *err_file)
{
	const char *patch = object->record->name, *name = object->target->object;
	const char *module = object->module;

	*err_file = 0;
	*err = loader_load(module);
	module_wait_settled(module);
	if (*err >= 0 || module_is_present(module))
		return;

	pr_warn("%s: %s: modprobe %s %s (%d); loading the file without it\n", patch, name, module,
		*err == -ETIMEDOUT || *err == -EINTR ? "was killed" : "can't be run", *err);
	*err_file = loader_load_file(patch, module);
	module_wait_settled(module);
}

static bool take_refused(struct split_object *object)
{
	bool refused;

	mutex_lock(&split_lock);
	refused = object->refused;
	object->refused = false;
	mutex_unlock(&split_lock);
	return refused;
}

/*
 * Under the lock, because the loader sets the state that module_wait_settled() has
 * seen without a barrier after klp_split_register() in the module's init.
 */
static bool has_registered(struct split_object *object)
{
	bool registered;

	mutex_lock(&split_lock);
	registered = object->ready;
	mutex_unlock(&split_lock);
	return registered;
}

/* The part of LOADING that runs without split_lock. */
static int bring_module(struct split_object *object, const struct module *target,
			const char **error)
{
	int err, err_file;
	bool was_there;

	*error = "build-id";
	err = build_id_check_target(object->record->name, target, object->target->build_id);
	if (err)
		return err;

	expect_module(object);
	was_there = module_is_present(object->module);

	/*
	 * If two tasks load the same file, the second shares the result of the first
	 * (kernel/module/main.c: idempotent_init_module(), 6.12). That may be the refusal of a load
	 * that began too early, which has ended by now. So try again.
	 */
	load_module(object, &err, &err_file);
	if (take_refused(object) && !has_registered(object))
		load_module(object, &err, &err_file);

	if (has_registered(object))
		return 0;
	*error = bring_failed(object, err, err_file, was_there);
	return -EIO;
}

static int object_failed(struct split_object *object, int err, const char *error)
{
	lockdep_assert_held(&split_lock);

	object->failures++;
	object->error = error;
	return err;
}

/**
 * object_load() - load an object module, or wait for the task that does
 * @object: the object
 * @target: its target; stays while the object is LOADING
 *
 * Called with split_lock held; drops it and takes it again. If it returns 0 the caller must check
 * everything again: @object may be gone.
 *
 * Return: 0, or a negative errno if a needed object module could not be loaded.
 */
int object_load(struct split_object *object, struct module *target)
{
	struct klp_split_record *record = object->record;
	const char *error;
	int err;

	lockdep_assert_held(&split_lock);

	switch (object->state) {
	case OBJECT_LOADED:
		return 0;
	case OBJECT_LOADING:
	case OBJECT_DRAINING:
	case OBJECT_UNLOADING:
		split_wait_for_change();
		return 0;
	case OBJECT_ZOMBIE:
		pr_err("%s: %s: %s could not be removed earlier and refers to freed memory; replace the livepatch by one of another name, or reboot\n",
		       record->name, target->name, object->module);
		return object_failed(object, -EBUSY, "stuck");
	case OBJECT_IDLE:
		break;
	}

	object_set_state(object, OBJECT_LOADING);
	mutex_unlock(&split_lock);
	err = bring_module(object, target, &error);
	lock_settled(object);

	if (object->ready) {
		object_fill(object->klp, object->ready->funcs, object->ready->funcs_end);
		if (object->ready->callbacks)
			object->klp->callbacks = *object->ready->callbacks;
		object->error = NULL;
		object_set_state(object, OBJECT_LOADED);
		exit_redirect(object, target);
		pr_info("%s: %s: object module loaded\n", record->name, target->name);
		return 0;
	}

	object_set_state(object, OBJECT_IDLE);
	/* Meanwhile the livepatch may have been disabled or replaced. */
	if (!err || !split_record_needed(record))
		return 0;
	return object_failed(object, err, error);
}

/*
 * Pin a module for ever. If another task is removing it, wait until that task
 * has finished. True if the module is pinned.
 */
static bool pin_module(const char *name)
{
	struct module *mod;
	bool pinned;

	for (;;) {
		rcu_read_lock_sched();
		mod = module_find(name);
		pinned = mod && try_module_get(mod);
		rcu_read_unlock_sched();
		if (!mod || pinned)
			return pinned;
		msleep(20);
	}
}

/* The number of references that others have on a module, which may be gone. */
static int foreign_references(const char *name)
{
	struct module *mod;
	int n;

	rcu_read_lock_sched();
	mod = module_find(name);
	n = mod ? module_refcount(mod) : 0;
	rcu_read_unlock_sched();
	return n;
}

/*
 * Somebody holds the object module: an open file of tracefs, a BPF program or a perf event on one
 * of its functions, a module that uses its symbols. The target can't be freed before it, and its
 * unloading can't be refused any more, so it waits. The kernel only counts the references and
 * doesn't know who has them; kpatch finds some of the holders (kpatch/machine/holders.c).
 */
static int remove_module(struct split_object *object)
{
	const char *name = object->target->object;
	bool told = false;
	int err;

	for (;;) {
		err = loader_remove(object->module);
		if (err != -EWOULDBLOCK)
			return err;

		mutex_lock(&split_lock);
		object->references = foreign_references(object->module);
		mutex_unlock(&split_lock);
		if (!told)
			pr_warn("%s: %s: %s is in use (%d references) and is removed after they are released: see /sys/module/%s/holders, bpftool link, perf, open files below /sys/kernel/tracing; unloading %s waits\n",
				object->record->name, name, object->module, object->references,
				object->module, name);
		told = true;
		split_sleep(HZ / 5);
	}
}

/**
 * object_unload() - remove an object module, or wait for the task that does
 * @object: the object, which livepatch doesn't use
 *
 * Called with split_lock held; drops it and takes it again. The caller checks
 * everything again until the object is IDLE or ZOMBIE: @object may be gone.
 *
 * Waits for the tasks that are in the object module's code, and for those that
 * hold references on it. If the target is being unloaded, its exit has run: none
 * of its code can run any more, nor code that only the target calls. So a task
 * that is still in the object module is one that the target itself has
 * forgotten, or that new code has sent there by itself (KS147). Such a task
 * needs the target's memory as much as that of the object module. So the
 * target's unloading waits as well, instead of leaving the object module behind.
 * It always waits, because the module loader frees the target when
 * klp_module_going() returns.
 */
void object_unload(struct split_object *object)
{
	struct klp_split_record *record = object->record;
	const char *name = object->target->object;
	bool pinned = false;
	int err;

	lockdep_assert_held(&split_lock);

	if (object_is_owned(object)) {
		split_wait_for_change();
		return;
	}
	if (object->state != OBJECT_LOADED)
		return;

	object_set_state(object, OBJECT_DRAINING);
	exit_forget(object);

	mutex_unlock(&split_lock);
	drain_wait(record, &object->drain, object->ready->mod);
	mutex_lock(&split_lock);

	/*
	 * Not earlier: klp_ftrace_handler() on another CPU may still have been reading a klp_func.
	 */
	object_empty(object->klp);
	object_set_state(object, OBJECT_UNLOADING);
	module_put(object->ready->mod);

	mutex_unlock(&split_lock);
	err = remove_module(object);
	if (err)
		pinned = pin_module(object->module);
	mutex_lock(&split_lock);
	object->references = 0;

	if (!pinned) {
		object_set_state(object, OBJECT_IDLE);
		pr_info("%s: %s: object module removed\n", record->name, name);
		return;
	}
	object_set_state(object, OBJECT_ZOMBIE);
	pr_err("%s: %s: %s can't be removed (%d) and stays loaded; %s can't be loaded again with this livepatch: replace it by one of another name, or reboot\n",
	       record->name, name, object->module, err, name);
}
