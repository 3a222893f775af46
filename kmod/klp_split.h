/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface between the core and the livepatch modules that klp-split
 * builds.
 *
 * A livepatch has one struct klp_patch, in its main module, which lists every
 * object and every function, all with a placeholder as the new function. Such a
 * function passes klp_init_func() and fails klp_init_object_loaded() with
 * -ENOENT: an object that has not been filled can't be patched by accident. The
 * object modules hold the new functions and lend them to the main module through
 * the core.
 */
#ifndef _KLP_SPLIT_H
#define _KLP_SPLIT_H

#include <linux/livepatch.h>
#include <linux/module.h>

/* A build-id of up to 64 bytes in hexadecimal, with its NUL. */
#define KLP_SPLIT_BUILD_ID_SIZE 129

/* kernel/livepatch/core.c: klp_init_func() wants new_func != NULL. */
#define KLP_SPLIT_PLACEHOLDER ((void *)1)

/**
 * struct klp_split_func - one replaced function, as create-diff-object writes it
 * @old_name: its name in the object
 * @new_func: what replaces it
 * @old_sympos: as in struct klp_func
 *
 * Lies in section .klp_split.funcs; the layout is shared with lib/klp-format.h.
 */
struct klp_split_func {
	const char *old_name;
	void *new_func;
	unsigned long old_sympos;
};

/**
 * struct klp_split_ref - an undefined symbol that becomes a klp relocation
 * @symbol: the symbol as the code refers to it
 * @object: "vmlinux" or the module that owns it
 * @name: its name there
 * @sympos: 0 if the name is unique there, else its position
 *
 * Lies in section .klp.refs, which `klp-relocs convert` consumes.
 */
struct klp_split_ref {
	const void *symbol;
	const char *object;
	const char *name;
	unsigned long sympos;
};

/*
 * The linker joins the entries of both tables to arrays: __aligned() keeps GCC
 * from aligning an entry more strictly than an array element.
 */

/* Declare that an undefined symbol is resolved by klp relocation. */
#define KLP_SPLIT_REF(_symbol, _object, _name, _sympos)                                           \
	static const struct klp_split_ref __used __section(".klp.refs") __aligned(8)              \
		__klp_split_ref_##_symbol = {                                                     \
			.symbol = &_symbol, .object = _object, .name = _name, .sympos = _sympos   \
		}

/**
 * KLP_SPLIT_FUNC() - replace a function, in code written by hand
 * @_old_name: the function's name in the object, as an identifier
 * @_new_func: what replaces it
 * @_old_sympos: as in struct klp_func
 *
 * Makes the same entry as create-diff-object for a changed function.
 */
#define KLP_SPLIT_FUNC(_old_name, _new_func, _old_sympos)                                          \
	static struct klp_split_func __used __section(".klp_split.funcs") __aligned(8)             \
		__klp_split_func_##_new_func = {                                                   \
			.old_name = #_old_name,                                                    \
			.new_func = _new_func,                                                     \
			.old_sympos = _old_sympos,                                                 \
		}

/* Where .klp_split.funcs of this module begins and ends: templates/klp-split.lds. */
extern struct klp_split_func __klp_split_funcs_start[]
	__attribute__((__visibility__("hidden")));
extern struct klp_split_func __klp_split_funcs_stop[]
	__attribute__((__visibility__("hidden")));

/**
 * struct klp_split_target - a module that a livepatch is for
 * @object: its name, as the kernel writes it (with '_')
 * @build_id: in hexadecimal, of the build that the livepatch was made for; NULL: any
 */
struct klp_split_target {
	const char *object;
	const char *build_id;
};

struct klp_split_record;

/**
 * struct klp_split_patch - a livepatch, as its main module hands it to the core
 * @patch: the livepatch; every klp_func of it holds KLP_SPLIT_PLACEHOLDER
 * @targets: one per module in @patch->objs, ended by an empty one
 * @vmlinux_build_id: in hexadecimal, of the kernel it was made for; NULL: any
 * @funcs: the new functions for vmlinux, NULL if @patch has none
 * @funcs_end: after the last of them
 * @record: the core's own
 */
struct klp_split_patch {
	struct klp_patch *patch;
	const struct klp_split_target *targets;
	const char *vmlinux_build_id;
	const struct klp_split_func *funcs;
	const struct klp_split_func *funcs_end;
	struct klp_split_record *record;
};

/*
 * The name of an object module's struct klp_split_object. The core recognizes an
 * object module by it before its init runs.
 */
#define KLP_SPLIT_OBJECT_SYMBOL klp_split_object_module

/**
 * struct klp_split_object - an object module, as it hands itself to the core
 * @mod: THIS_MODULE, named <patch>__<object>
 * @patch: the name of the main module
 * @object: the name of the target
 * @main_build_id: in hexadecimal, of the main module that it was built with
 * @funcs: the new functions
 * @funcs_end: after the last of them
 * @callbacks: as in struct klp_object; NULL: none
 * @exit: replaces the exit function of the target; NULL: none does
 * @exit_entry: calls klp_split_target_exit() with this; NULL if @exit is
 */
struct klp_split_object {
	struct module *mod;
	const char *patch;
	const char *object;
	const char *main_build_id;
	const struct klp_split_func *funcs;
	const struct klp_split_func *funcs_end;
	const struct klp_callbacks *callbacks;
	void (*exit)(void);
	void (*exit_entry)(void);
};

int klp_split_enable(struct klp_split_patch *patch);
void klp_split_remove(struct klp_split_patch *patch);
int klp_split_register(const struct klp_split_object *object);
void klp_split_unregister(const struct klp_split_object *object);
void klp_split_target_exit(const struct klp_split_object *object);

#endif
