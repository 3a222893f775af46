// SPDX-License-Identifier: GPL-2.0-only
/*
 * A livepatch is registered with the core before livepatch itself knows it, and
 * forgotten after livepatch has forgotten it. In between any of its targets may
 * be loaded or unloaded at any moment. This file takes a livepatch through
 * klp_enable_patch() so that livepatch never finds a target whose object module
 * is not in memory:
 *
 * 1. The livepatch is registered: from now on each target that is loaded gets
 *    its object module.
 * 2. It waits for targets for which that decision was already taken, and for
 *    targets that began to load or unload before the core was loaded.
 * 3. The object modules of live targets are loaded here.
 * 4. klp_enable_patch() finds every live target filled. If one is not, by a bug
 *    of the core, the placeholder makes it fail.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core.h"

static struct klp_object *find_klp_object(const struct klp_patch *patch, const char *name)
{
	struct klp_object *klp;

	klp_for_each_object_static(patch, klp)
		if (name ? klp->name && !strcmp(klp->name, name) : !klp->name)
			return klp;
	return NULL;
}

/* Are the tables as templates/README.md describes them, with the placeholder everywhere? */
static int check_patch(const struct klp_split_patch *split)
{
	const struct klp_split_target *target;
	unsigned int n_targets = 0, n_modules = 0;
	const char *name = split->patch->mod->name;
	const struct klp_object *klp;
	const struct klp_func *func;

	klp_for_each_object_static(split->patch, klp) {
		n_modules += klp->name ? 1 : 0;
		/* without functions, its object module has callbacks or an exit function */
		if (!klp->funcs)
			goto bad;
		klp_for_each_func_static(klp, func)
			if (func->new_func != KLP_SPLIT_PLACEHOLDER)
				goto bad;
	}

	for (target = split->targets; target->object; target++) {
		n_targets++;
		if (!find_klp_object(split->patch, target->object))
			goto bad;
		if (strlen(name) + strlen("__") + strlen(target->object) >= MODULE_NAME_LEN) {
			pr_err("%s: %s: %s__%s is longer than a module's name may be (%zu); build the livepatch under a shorter name\n",
			       name, target->object, name, target->object,
			       (size_t)MODULE_NAME_LEN - 1);
			return -EINVAL;
		}
	}
	if (n_targets != n_modules)
		goto bad;
	return 0;

bad:
	pr_err("%s: main: its tables of objects and functions are invalid; build the livepatch again\n",
	       name);
	return -EINVAL;
}

static int fill_vmlinux(const struct klp_split_patch *split)
{
	struct klp_object *klp = find_klp_object(split->patch, NULL);
	const char *name = split->patch->mod->name;
	int err;

	if (!klp && !split->funcs)
		return 0;
	err = object_check_tables(name, "vmlinux", klp, split->funcs, split->funcs_end);
	if (err)
		return err;
	object_fill(klp, split->funcs, split->funcs_end);
	return 0;
}

static struct klp_split_record *record_new(struct klp_split_patch *split)
{
	const struct klp_split_target *target;
	struct klp_split_record *record;
	struct split_object *object;
	unsigned int n = 0;

	for (target = split->targets; target->object; target++)
		n++;

	record = kzalloc(struct_size(record, objects, n), GFP_KERNEL);
	if (!record)
		return NULL;

	record->patch = split;
	record->name = split->patch->mod->name;
	record->state = RECORD_ENABLING;
	record->n_objects = n;
	target = split->targets;
	for_each_object(record, object) {
		object->record = record;
		object->target = target++;
		object->klp = find_klp_object(split->patch, object->target->object);
		snprintf(object->module, sizeof(object->module), "%s__%s", record->name,
			 object->target->object);
	}
	return record;
}

static int record_register(struct klp_split_record *record)
{
	int err = 0;

	mutex_lock(&split_lock);
	if (split_record_find(record->name)) {
		pr_err("%s: main: already registered; unload it first\n", record->name);
		err = -EEXIST;
	} else {
		list_add_tail_rcu(&record->node, &split_records);
		record->patch->record = record;
	}
	mutex_unlock(&split_lock);
	return err;
}

/*
 * Is there a target that livepatch is handling now, without our object module?
 */
static bool target_is_undecided(struct klp_split_record *record)
{
	struct split_object *object;

	for_each_object(record, object)
		if (target_is_committed(object->target->object))
			return true;
	return false;
}

/* May the exit function of a target be running, the old one or the new one? */
static bool exit_is_undecided(struct klp_split_record *record)
{
	struct split_object *object;

	for_each_object(record, object)
		if (exit_is_under_way(object))
			return true;
	return false;
}

/*
 * Wait for targets that were being loaded or unloaded when the core was loaded:
 * nothing announces the end of that. A notifier or an exit function may take
 * long, so a fatal signal ends the wait, too.
 */
static int wait_for_half_way(struct klp_split_record *record)
{
	const char *waiting = NULL;
	struct split_object *object;

	lockdep_assert_held(&split_lock);

again:
	for_each_object(record, object) {
		const char *name = object->target->object;

		if (!target_is_half_way(name))
			continue;
		if (waiting != name)
			pr_info("%s: %s: waiting for its load or unload, which began before the core was loaded\n",
				record->name, name);
		waiting = name;
		mutex_unlock(&split_lock);
		if (!fatal_signal_pending(current))
			schedule_timeout_killable(msecs_to_jiffies(20));
		mutex_lock(&split_lock);
		if (fatal_signal_pending(current))
			return -EINTR;
		goto again;
	}
	return 0;
}

/* Load the object modules of live targets; see the steps at the top. */
static int load_live_targets(struct klp_split_record *record)
{
	struct split_object *object;
	struct module *target;
	int err;

	mutex_lock(&split_lock);
again:
	err = wait_for_half_way(record);
	if (err)
		goto out;
	if (target_is_undecided(record) || exit_is_undecided(record)) {
		split_wait_for_change();
		goto again;
	}

	for_each_object(record, object) {
		if (object->state == OBJECT_LOADED)
			continue;
		target = target_alive(object->target->object);
		if (!target)
			continue;
		err = object_load(object, target);
		if (err)
			break;
		/*
		 * The lock was dropped: targets may have been loaded or
		 * unloaded.
		 */
		goto again;
	}
out:
	mutex_unlock(&split_lock);
	return err;
}

/* Forget a livepatch that livepatch itself has forgotten, or never had. */
static void record_remove(struct klp_split_record *record)
{
	struct split_object *object;

	mutex_lock(&split_lock);
	record->state = RECORD_REMOVING;
	WRITE_ONCE(record->drain.leaver, current);
	mutex_unlock(&split_lock);

	/*
	 * A task that runs in this code without a pause holds up RCU's grace
	 * period for tasks, and with it each object module below. So show these
	 * tasks before that.
	 */
	drain_look(&record->drain, record->patch->patch->mod);

	mutex_lock(&split_lock);
	/*
	 * No task starts to load an object of it now. Returns once every
	 * earlier owner has finished.
	 */
	for_each_object(record, object) {
		while (object->state != OBJECT_IDLE && object->state != OBJECT_ZOMBIE) {
			if (exit_give_back(object))
				object_unload(object);
			else
				split_wait_for_change();
		}
	}

	/*
	 * It is still on the list, and its name is taken: the tasks in its code
	 * are shown.
	 */
	record->state = RECORD_DRAINING;
	mutex_unlock(&split_lock);
	drain_wait(record, &record->drain, record->patch->patch->mod);
	mutex_lock(&split_lock);

	list_del_rcu(&record->node);
	record->patch->record = NULL;
	mutex_unlock(&split_lock);
	record_sysfs_remove(record);
	synchronize_rcu(); /* consistency_check() */
	kfree(record);
}

/**
 * klp_split_enable() - enable a livepatch, from the init of its main module
 * @split: the livepatch
 *
 * Return: 0, or a negative errno as listed in templates/README.md; then the
 * core has forgotten the livepatch, and no object module is in memory.
 */
int klp_split_enable(struct klp_split_patch *split)
{
	struct klp_split_record *record;
	int err;

	err = check_patch(split);
	if (!err)
		err = build_id_check_kernel(split->patch->mod->name, split->vmlinux_build_id);
	if (!err)
		err = fill_vmlinux(split);
	if (err)
		return err;

	record = record_new(split);
	if (!record)
		return -ENOMEM;

	err = record_register(record);
	if (err) {
		kfree(record);
		return err;
	}

	err = record_sysfs_add(record);
	if (!err)
		err = load_live_targets(record);
	if (!err)
		err = klp_enable_patch(split->patch);
	if (err) {
		pr_err("%s: main: could not be enabled (%d) and was removed; see the lines above\n",
		       record->name, err);
		record_remove(record);
		return err;
	}

	mutex_lock(&split_lock);
	record->state = RECORD_ENABLED;
	mutex_unlock(&split_lock);
	return 0;
}
EXPORT_SYMBOL_GPL(klp_split_enable);

/*
 * While a livepatch is enabled or in transition, livepatch has a reference on
 * its main module, and only `rmmod -f` gets as far as its exit function.
 * Nothing may be reverted or freed then. So the exit function waits until
 * livepatch, and every other user, has dropped its reference. Until then the
 * livepatch works as before, and can be disabled or replaced. The waiting task
 * has the main module on its stack. As the leaver it doesn't hold up the
 * transition that it waits for (consistency.c).
 *
 * If the transition of a livepatch was forced, livepatch keeps its reference
 * for ever, because it isn't known which tasks are in its code. Then this wait
 * never ends.
 */
static void wait_until_disabled(struct klp_split_record *record)
{
	struct module *mod = record->patch->patch->mod;

	/*
	 * Negative in an exit function that wasn't forced
	 * (try_release_module_ref(), 6.1).
	 */
	if (module_refcount(mod) <= 0)
		return;

	mutex_lock(&split_lock);
	WRITE_ONCE(record->drain.leaver, current);
	mutex_unlock(&split_lock);
	pr_crit("%s: main: removal was forced while in use; it continues to work, and is removed after it is disabled or replaced and no longer in use\n",
		record->name);
	while (module_refcount(mod) > 0)
		split_sleep(HZ / 10);
}

/**
 * klp_split_remove() - remove what belongs to a livepatch, from the exit of its main module
 * @split: the livepatch
 *
 * Without `rmmod -f`, the main module's exit runs only after livepatch has
 * dropped its reference; with it, this function waits for that. Livepatch drops
 * it after the functions are reverted and no task is in the ftrace handler for
 * them any more (kernel/livepatch/core.c: klp_free_patch_finish(), 6.1). Tasks
 * may still be in code of the livepatch where livepatch did not look, so this
 * waits for them (drain.c). The module is GOING all the time: its name can't be
 * loaded, nothing can take a reference, and a second rmmod fails.
 *
 * No signal ends the wait, because delete_module() can't turn back from here:
 * the last moment at which it can is before the module becomes GOING, and it
 * has no hook there. If the core held a reference of its own until the module
 * is drained, rmmod would fail instead of wait. But nothing tells the core when
 * livepatch drops its reference, so the core would notice some time later, and
 * `rmmod` right after the end of the transition, which is what scripts do,
 * would fail until then. Programs that must be able to give up wait in another
 * process, as `kpatch unload` does; the kernel finishes the removal in any
 * case.
 */
void klp_split_remove(struct klp_split_patch *split)
{
	if (!split->record)
		return;
	wait_until_disabled(split->record);
	record_remove(split->record);
}
EXPORT_SYMBOL_GPL(klp_split_remove);
