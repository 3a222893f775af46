// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any user who may load modules can load an object module at any moment, and
 * modprobe can be told to load another file under its name. Only the object
 * module that the core is loading at that moment is accepted.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/stringify.h>

#include "core.h"

/* Find the object that @split is for. May its object module be loaded now? If not, logs why. */
static int admit(const struct klp_split_object *split, struct split_object **admitted)
{
	struct klp_split_record *record;
	struct split_object *object;

	lockdep_assert_held(&split_lock);

	record = split_record_find(split->patch);
	if (!record) {
		pr_err("%s: %s: %s loaded without its livepatch; load %s, which loads it when it is needed\n",
		       split->patch, split->object, split->mod->name, split->patch);
		return -ENODEV;
	}

	object = split_record_object(record, split->object);
	if (!object) {
		pr_err("%s: %s: %s is for an object that this livepatch doesn't list; install the livepatch again\n",
		       split->patch, split->object, split->mod->name);
		return -EINVAL;
	}
	if (strcmp(split->mod->name, object->module)) {
		pr_err("%s: %s: %s has a wrong name; it must be %s\n", split->patch, split->object,
		       split->mod->name, object->module);
		return -EINVAL;
	}
	if (!object->expected || object->ready) {
		object->refused = true;
		pr_err("%s: %s: %s loaded by hand; load %s, which loads it automatically\n", split->patch,
		       split->object, split->mod->name, split->object);
		return -EPERM;
	}
	*admitted = object;
	return 0;
}

/*
 * The description that an object module will register, found by the symbol's
 * name; NULL for all other modules.
 */
static const struct klp_split_object *declared_by(struct module *mod)
{
	const struct klp_split_object *split = NULL;
	const struct mod_kallsyms *symbols;
	unsigned int i;

	if (!is_livepatch_module(mod))
		return NULL;

	/*
	 * mod->kallsyms has the whole symbol table until the module's init has
	 * run.
	 */
	rcu_read_lock_sched();
	symbols = rcu_dereference_sched(mod->kallsyms);
	for (i = 0; i < symbols->num_symtab && !split; i++) {
		const Elf_Sym *symbol = &symbols->symtab[i];

		if (symbol->st_shndx != SHN_UNDEF &&
		    !strcmp(symbols->strtab + symbol->st_name,
			    __stringify(KLP_SPLIT_OBJECT_SYMBOL)))
			split = (const struct klp_split_object *)symbol->st_value;
	}
	rcu_read_unlock_sched();
	return split && split->mod == mod ? split : NULL;
}

/**
 * object_module_coming() - refuse an object module that is loaded at the wrong
 * moment
 * @mod: any module, before the COMING notifiers run
 *
 * The COMING notifiers link the static keys and calls that it uses to those of
 * its target, whose memory may be about to be freed unless the object is
 * LOADING. Registration is too late to detect that. An object module without the
 * symbol that templates/object.c gives it is only detected then.
 *
 * Return: 0 if it may be loaded or is not an object module; else a negative
 * errno.
 */
int object_module_coming(struct module *mod)
{
	const struct klp_split_object *split = declared_by(mod);
	struct split_object *object;
	int err;

	if (!split)
		return 0;

	mutex_lock(&split_lock);
	err = admit(split, &object);
	mutex_unlock(&split_lock);
	return err;
}

/**
 * klp_split_register() - pass new functions to the core, from the init of an object module
 * @split: the object module's description
 *
 * Succeeds only while the core itself loads that object module; see enum object_state.
 *
 * Return: 0, -ENODEV without the main module, -EINVAL if the main module doesn't list such an
 * object module, -EPERM if the core isn't loading it now, -ENOEXEC if it was built with another
 * main module.
 */
int klp_split_register(const struct klp_split_object *split)
{
	struct split_object *object;
	int err;

	mutex_lock(&split_lock);
	err = admit(split, &object);
	if (err)
		goto out;

	err = build_id_check_main(object->record->patch->patch->mod, split->object,
				  split->main_build_id);
	if (!err)
		err = object_check_tables(split->patch, split->object, object->klp, split->funcs,
					  split->funcs_end);
	if (err)
		goto out;

	/*
	 * Its own init is running, so it has a reference already. From now on a user's rmmod fails.
	 */
	__module_get(split->mod);
	object->ready = split;
out:
	mutex_unlock(&split_lock);
	return err;
}
EXPORT_SYMBOL_GPL(klp_split_register);

/*
 * May its functions be running? True if @split is registered for its object,
 * and the object is LOADED or DRAINING.
 */
static bool is_in_use(const struct klp_split_object *split, struct split_object **found)
{
	struct klp_split_record *record;
	struct split_object *object;

	lockdep_assert_held(&split_lock);

	record = split_record_find(split->patch);
	object = record ? split_record_object(record, split->object) : NULL;
	*found = object && object->ready == split ? object : NULL;
	return *found && (object->state == OBJECT_LOADED || object->state == OBJECT_DRAINING);
}

/**
 * klp_split_unregister() - forget an object module, from its exit
 * @split: what it had registered
 *
 * Its exit runs only after the core has dropped its reference (UNLOADING),
 * unless the module is forced out. Then its memory must not be freed before the
 * main module's tables point elsewhere and no task runs its code, so its exit
 * waits. The wait ends when its target is unloaded, or its main module removed.
 */
void klp_split_unregister(const struct klp_split_object *split)
{
	struct split_object *object;

	mutex_lock(&split_lock);
	if (is_in_use(split, &object))
		pr_crit("%s: %s: removal of %s was forced while in use; it is removed after %s is unloaded, or the livepatch disabled and removed\n",
			split->patch, split->object, split->mod->name, split->object);
	while (is_in_use(split, &object)) {
		WRITE_ONCE(object->drain.leaver, current); /* patch_of() */
		mutex_unlock(&split_lock);
		split_sleep(HZ / 10);
		mutex_lock(&split_lock);
	}
	if (object) {
		WRITE_ONCE(object->drain.leaver, NULL);
		object->ready = NULL;
	}
	mutex_unlock(&split_lock);
}
EXPORT_SYMBOL_GPL(klp_split_unregister);
