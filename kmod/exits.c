// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fix may be in the order in which a module takes itself apart. Its exit
 * function has no call to ftrace (include/linux/init.h: __exit is notrace), but
 * it doesn't need one: it is called from one place, through module.exit
 * (kernel/module/main.c: delete_module(), 6.1). That leads here while an object
 * module that has another exit function is there:
 *
 *	module.exit → the object module's exit_entry → klp_split_target_exit()
 *
 * Why at all: a fix of the order in which a module takes itself apart usually changes
 * nothing but the exit function (a timer that is deleted too early, an RCU barrier
 * that is missing). The alternative is to refuse such fixes, as other tools do; six of
 * those in test/corpus are of this kind. It can't be left to livepatch, which replaces
 * functions through ftrace alone. It costs targets without such a fix nothing: their
 * module.exit isn't touched.
 *
 * Livepatch knows nothing of this function, so what it does for others is done
 * here: which one runs is decided as klp_ftrace_handler() does, by the task; a
 * task that is in it is not switched; and its memory stays until it is left.
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

/* See above for the order of this and a later look at the state. */
static void write_exit(struct module *target, void (*exit)(void))
{
	lockdep_assert_held(&split_lock);

	mutex_lock(kernel.module_mutex);
	WRITE_ONCE(target->exit, exit);
	mutex_unlock(kernel.module_mutex);
}

/**
 * exit_redirect() - let the exit of a target lead to its object module
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

static void exit_restore(struct split_object *object)
{
	const struct split_object *other = other_exit(object);

	if (object->exit_target->exit != object->ready->exit_entry)
		return;
	write_exit(object->exit_target, other ? other->ready->exit_entry : object->original_exit);
}

/**
 * exit_is_under_way() - may the target of an object be in its exit function?
 * @object: of a target that hasn't come to target_going() yet
 *
 * Return: true if so; then the target will be gone before long.
 */
bool exit_is_under_way(const struct split_object *object)
{
	lockdep_assert_held(&split_lock);

	return has_exit(object) && READ_ONCE(object->exit_target->state) == MODULE_STATE_GOING;
}

/**
 * exit_give_back() - let the exit of a target not lead to an object module any more
 * @object: LOADED, and unused by livepatch
 *
 * Return: false if a task may be in the object module for it, which it leaves
 * before target_going().
 */
bool exit_give_back(struct split_object *object)
{
	lockdep_assert_held(&split_lock);

	if (!has_exit(object))
		return true;
	exit_restore(object);
	return !exit_is_under_way(object);
}

/**
 * exit_forget() - the object module goes
 * @object: its target has left its exit function, or won't enter this one
 */
void exit_forget(struct split_object *object)
{
	lockdep_assert_held(&split_lock);

	if (object->exit_target)
		exit_restore(object);
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

/* The exit function of the topmost livepatch that is in force for this task. */
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
 * The exit function may sleep, and livepatch must not switch the task then: of
 * what the exit function calls, the rest would be that of another livepatch.
 * Livepatch switches nobody whose stack isn't reliable. So objtool is told to
 * leave this function alone: without unwind data of it no stack through it is
 * reliable (arch/x86/kernel/unwind_orc.c: unwind_next_frame(), 6.1). By its
 * section `klp-relocs verify` knows that this is meant.
 */
static noinline void __section(".text.klp_split.held")
run_exit(const struct klp_split_object *split)
{
	choose_exit(split)();
	barrier(); /* no tail call: this function has to be on the stack */
}
STACK_FRAME_NON_STANDARD(run_exit);

/**
 * klp_split_target_exit() - in place of a target's exit function
 * @split: any of the object modules that have another one
 */
void klp_split_target_exit(const struct klp_split_object *split)
{
	run_exit(split);
}
EXPORT_SYMBOL_GPL(klp_split_target_exit);
