// SPDX-License-Identifier: GPL-2.0-only
/*
 * The livepatches that are registered with the core, and the wait for a change
 * of their states: what targets.c, objects.c and patches.c share.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "core.h"

/* Protects all states; see core.h. */
DEFINE_MUTEX(split_lock);
LIST_HEAD(split_records);

/* Counts changes of any state; read without split_lock by the waiters only. */
static unsigned int changes;
static DECLARE_WAIT_QUEUE_HEAD(changed);

/**
 * split_changed() - report that a state has changed for which a task may wait
 */
void split_changed(void)
{
	lockdep_assert_held(&split_lock);

	WRITE_ONCE(changes, changes + 1);
	wake_up_all(&changed);
}

/**
 * split_wait_for_change() - drop split_lock until any state has changed
 *
 * The caller checks everything again. Each state that is waited for (LOADING, DRAINING, UNLOADING,
 * committed) is left by another task that does not wait for this one: it runs a helper or
 * livepatch's own code, or waits for tasks in the code of an object module, or for its references.
 * That may take long: see SPLIT_SLEEP.
 */
void split_wait_for_change(void)
{
	unsigned int seen = changes;

	lockdep_assert_held(&split_lock);

	mutex_unlock(&split_lock);
	___wait_event(changed, READ_ONCE(changes) != seen, SPLIT_SLEEP, 0, 0, schedule());
	mutex_lock(&split_lock);
}

/**
 * split_record_find() - the record of a livepatch
 * @name: of its main module
 *
 * Return: the record, NULL if there is none.
 */
struct klp_split_record *split_record_find(const char *name)
{
	struct klp_split_record *record;

	lockdep_assert_held(&split_lock);

	list_for_each_entry(record, &split_records, node)
		if (!strcmp(record->name, name))
			return record;
	return NULL;
}

/**
 * split_record_object() - find a livepatch's object for a module
 * @record: the livepatch
 * @target: name of the module
 *
 * Return: the object, NULL if the livepatch doesn't patch that module.
 */
struct split_object *split_record_object(struct klp_split_record *record, const char *target)
{
	struct split_object *object;

	lockdep_assert_held(&split_lock);

	for_each_object(record, object)
		if (!strcmp(object->target->object, target))
			return object;
	return NULL;
}

/**
 * split_record_needed() - would livepatch patch a target that comes now?
 * @record: the livepatch
 *
 * klp_patches is asked, not klp_patch.enabled: a livepatch in its disabling
 * transition is disabled, and still applied to targets that come.
 *
 * Return: true if a target may not come without its object module.
 */
bool split_record_needed(const struct klp_split_record *record)
{
	const struct klp_patch *patch;
	bool found = false;

	lockdep_assert_held(&split_lock);

	if (record->state == RECORD_ENABLING)
		return true;
	if (record->state == RECORD_REMOVING || record->state == RECORD_DRAINING)
		return false;

	mutex_lock(kernel.klp_mutex);
	list_for_each_entry(patch, kernel.klp_patches, list)
		if (patch == record->patch->patch)
			found = true;
	mutex_unlock(kernel.klp_mutex);
	return found;
}
