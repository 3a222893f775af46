// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fix may change the order in which a module's exit function frees things.
 * Livepatch can't replace an exit function, because it has no call to ftrace
 * (include/linux/init.h: __exit is notrace). But the kernel calls it from one
 * place only, through module.exit (kernel/module/main.c: delete_module(), 6.1).
 * While an object module with another exit function is loaded, that pointer is
 * redirected:
 *
 *	module.exit → the object module's exit_entry → klp_split_target_exit()
 *
 * Such a fix usually changes nothing but the exit function (a timer that is deleted
 * too early, a missing RCU barrier). Without this file these fixes would have to be
 * refused, as other tools do; six of those in test/corpus are of this kind. Targets
 * without such a fix aren't affected: their module.exit isn't changed.
 *
 * Livepatch doesn't know this function. So this file does what livepatch does for
 * others: it selects the version to run by the state of the task, as
 * klp_ftrace_handler() does; it prevents that a task in the function is switched; and
 * it keeps the function's memory until the task has left it.
 *
 * delete_module() makes the module GOING under module_mutex, and reads module.exit
 * after it has dropped that. Here module.exit is written under module_mutex, and
 * the state is read afterwards. Whichever of the two has the mutex second sees
 * what the other has written. So when the module isn't GOING, delete_module() has
 * not read what was in module.exit before, and never will.
 *
 * smp_mb() between write and read would not do: on the other side there is only
 * mutex_unlock() between them, a release, which lets the read go before the write
 * (Documentation/memory-barriers.txt; SB in tools/memory-model/litmus-tests).
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/objtool.h>
#include <linux/string.h>

#include "compat.h"
#include "core.h"

static bool has_exit(const struct split_object *object)
{
	return object->state == OBJECT_LOADED && object->exit_target;
}

/* Another object module that has an exit function for the target of @object. */
static struct split_object *other_exit(const struct split_object *object)
{
	struct klp_split_record *record;
	struct split_object *other;

	lockdep_assert_held(&split_lock);

	list_for_each_entry(record, &split_records, node) {
		other = split_record_object(record, object->target->object);
		if (other && other != object && has_exit(other))
			return other;
	}
	return NULL;
}

/* See above for the order of this write and a later read of the state. */
static void write_exit(struct module *target, void (*exit)(void))
{
	lockdep_assert_held(&split_lock);

	mutex_lock(kernel.module_mutex);
	WRITE_ONCE(target->exit, exit);
	mutex_unlock(kernel.module_mutex);
}

/**
 * exit_redirect() - redirect the exit of a target to its object module
 * @object: has just become LOADED
 * @target: its target
 *
 * A module without an exit function can't be unloaded, and stays so.
 */
void exit_redirect(struct split_object *object, struct module *target)
{
	const struct split_object *other;

	lockdep_assert_held(&split_lock);

	if (!object->ready->exit || !target->exit)
		return;

	other = other_exit(object);
	object->original_exit = other ? other->original_exit : target->exit;
	object->exit_target = target;
	write_exit(target, object->ready->exit_entry);
}

/**
 * exit_is_under_way() - may the target of an object be in its exit function?
 * @object: of a target for which target_going() hasn't been called yet
 *
 * Return: true if so; then the target will soon be unloaded.
 */
bool exit_is_under_way(const struct split_object *object)
{
	lockdep_assert_held(&split_lock);

	return has_exit(object) && READ_ONCE(object->exit_target->state) == MODULE_STATE_GOING;
}

/**
 * exit_give_back() - no longer redirect the exit of a target to an object module
 * @object: LOADED, and unused by livepatch
 *
 * Any other object module that has an exit function will do in its place.
 *
 * Return: false if a task may be in the object module for it, which it leaves
 * before target_going().
 */
bool exit_give_back(struct split_object *object)
{
	const struct split_object *other;

	lockdep_assert_held(&split_lock);

	if (!has_exit(object))
		return true;
	other = other_exit(object);
	write_exit(object->exit_target, other ? other->ready->exit_entry : object->original_exit);
	return !exit_is_under_way(object);
}

/**
 * exit_forget() - forget an object module that is about to be unloaded
 * @object: after exit_give_back(), or its target's exit function won't be called any more
 */
void exit_forget(struct split_object *object)
{
	lockdep_assert_held(&split_lock);

	object->exit_target = NULL;
}

/* As kernel/livepatch/patch.c: klp_ftrace_handler() decides for one function, 6.1. */
static bool applies_to_current(const struct klp_patch *patch)
{
	lockdep_assert_held(kernel.klp_mutex);

	if (patch == *kernel.klp_transition_patch)
		return current->patch_state == COMPAT_KLP_PATCHED;
	return patch->enabled;
}

static struct split_object *object_of(const struct klp_patch *patch, const char *target)
{
	struct klp_split_record *record;

	lockdep_assert_held(&split_lock);

	list_for_each_entry(record, &split_records, node)
		if (record->patch->patch == patch)
			return split_record_object(record, target);
	return NULL;
}

/* The exit function of the topmost livepatch that is enabled for this task. */
static void (*exit_for_current(const struct split_object *any))(void)
{
	const struct klp_patch *patch;
	struct split_object *object;

	list_for_each_entry_reverse(patch, kernel.klp_patches, list) {
		if (!applies_to_current(patch))
			continue;
		object = object_of(patch, any->target->object);
		if (object && has_exit(object))
			return object->ready->exit;
		if (patch->replace)
			break;
	}
	return any->original_exit;
}

static noinline void (*choose_exit(const struct klp_split_object *split))(void)
{
	struct klp_split_record *record;
	struct split_object *object;
	void (*exit)(void);

	mutex_lock(&split_lock);
	/* Both stay: exit_give_back() keeps @split, whose target is GOING. */
	record = split_record_find(split->patch);
	object = split_record_object(record, split->object);
	mutex_lock(kernel.klp_mutex);
	exit = exit_for_current(object);
	mutex_unlock(kernel.klp_mutex);
	mutex_unlock(&split_lock);
	return exit;
}

/*
 * The exit function may sleep. Livepatch must not switch the task then, because
 * the functions that it calls afterwards would be those of another livepatch.
 * Livepatch doesn't switch tasks whose stack isn't reliable. So objtool has to
 * ignore this function: without its unwind data, a stack that contains it isn't
 * reliable (arch/x86/kernel/unwind_orc.c: unwind_next_frame(), 6.1). The section
 * tells `klp-relocs verify` that this is intended.
 */
static noinline void __section(".text.klp_split.held")
run_exit(const struct klp_split_object *split)
{
	choose_exit(split)();
	barrier(); /* no tail call: this function has to be on the stack */
}
STACK_FRAME_NON_STANDARD(run_exit);

/**
 * klp_split_target_exit() - called instead of a target's exit function
 * @split: any of the object modules with another exit function for the target
 */
void klp_split_target_exit(const struct klp_split_object *split)
{
	run_exit(split);
}
EXPORT_SYMBOL_GPL(klp_split_target_exit);
