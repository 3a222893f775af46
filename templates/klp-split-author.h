/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fix may need something that the changed functions can't express: a variable
 * of the running kernel must have another value while the livepatch is enabled,
 * or a change doesn't matter before the next boot. Only the author of the patch
 * knows. With these macros, used at file scope in a patched source file, after
 * its other includes, the author tells create-diff-object and kpatch-build:
 *
 *	#include <klp-split-author.h>
 *	KLP_SPLIT_DATA_HANDLED(limit);
 *	KLP_SPLIT_PRE_PATCH(raise_limit);
 *
 * kpatch-build finds this file when it compiles the patched source. A macro
 * applies only to the unit that contains it. A name that matches nothing there
 * is refused, and the build warns of everything that is left out.
 *
 * Worked examples: doc/author-guide.md. The kernel's Documentation/livepatch
 * describes callbacks, shadow variables and states.
 */
#ifndef KLP_SPLIT_AUTHOR_H
#define KLP_SPLIT_AUTHOR_H

#include <linux/build_bug.h>
#include <linux/livepatch.h>

/* Strings in a section that is not loaded: they refer to nothing and keep nothing alive. */
#define __KLP_SPLIT_AUTHOR(what, name)				\
	asm(".pushsection .klp_split.author,\"\",@progbits\n"	\
	    "\t.asciz \"" what ":" name "\"\n"			\
	    "\t.popsection\n")

/**
 * KLP_SPLIT_IGNORE_FUNCTION() - leave out what changed in a function
 * @function: its name
 *
 * The running kernel goes on with the function that it has, and new code calls
 * that one.
 */
#define KLP_SPLIT_IGNORE_FUNCTION(function) __KLP_SPLIT_AUTHOR("function", #function)

/**
 * KLP_SPLIT_IGNORE_SECTION() - leave out what changed or is new in a section
 * @section: its name, a string ("__param")
 *
 * It can be a list or table that the kernel reads, not one with code or variables.
 */
#define KLP_SPLIT_IGNORE_SECTION(section) __KLP_SPLIT_AUTHOR("section", section)

/**
 * KLP_SPLIT_DATA_HANDLED() - leave out the new initial value of a variable
 * @variable: its name; a static variable of a function is named without the function
 *
 * The running kernel's variable gets the value by other means, such as a
 * pre-patch callback. Its size must not have changed.
 */
#define KLP_SPLIT_DATA_HANDLED(variable) __KLP_SPLIT_AUTHOR("data", #variable)

/**
 * KLP_SPLIT_LAYOUT_HANDLED() - let the layout of a type change
 * @type: a string: "struct foo", "enum {FIRST_ENUMERATOR}" if it has no name, "variable foo"
 *
 * New code never reads data of this type that old code has made: for example, it is only on the
 * stack of the replaced functions, or callbacks convert that data.
 */
#define KLP_SPLIT_LAYOUT_HANDLED(type) __KLP_SPLIT_AUTHOR("layout", type)

/**
 * KLP_SPLIT_NEW_STATE() - a variable is new, and not the running kernel's under another name
 * @variable: its name; a static variable of a function is named without the function
 *
 * It starts at its initial value. The running kernel keeps the variable that the code used before;
 * new code must not need its content.
 */
#define KLP_SPLIT_NEW_STATE(variable) __KLP_SPLIT_AUTHOR("state", #variable)

/* Read by create-diff-object; the compiler checks that the function has the right type. */
#define __KLP_SPLIT_CALLBACK(kind, function)				\
	static const struct klp_callbacks				\
		__klp_split_##kind##_##function __used			\
		__section(".klp_split." #kind) = { .kind = function }

/**
 * KLP_SPLIT_PRE_PATCH() - call a function before the object is patched
 * @function: int function(struct klp_object *); it must be new
 *
 * The object is the one that this source file is part of: vmlinux or a module,
 * and each has at most one callback of a kind. If the function returns an error
 * nothing is patched; if the object is a module that is being loaded, that
 * module is refused. May sleep.
 */
#define KLP_SPLIT_PRE_PATCH(function) __KLP_SPLIT_CALLBACK(pre_patch, function)

/**
 * KLP_SPLIT_POST_PATCH() - call a function when the object is patched for every task
 * @function: void function(struct klp_object *); it must be new
 */
#define KLP_SPLIT_POST_PATCH(function) __KLP_SPLIT_CALLBACK(post_patch, function)

/**
 * KLP_SPLIT_PRE_UNPATCH() - call a function before the object is unpatched
 * @function: void function(struct klp_object *); it must be new
 *
 * Undoes what the post-patch callback did. Not called if another livepatch replaces this one: then
 * that livepatch's callbacks must do it.
 */
#define KLP_SPLIT_PRE_UNPATCH(function) __KLP_SPLIT_CALLBACK(pre_unpatch, function)

/**
 * KLP_SPLIT_POST_UNPATCH() - call a function when no task runs the new code
 * @function: void function(struct klp_object *); it must be new
 *
 * Undoes what the pre-patch callback did, and frees shadow variables. Not
 * called if another livepatch replaces this one.
 */
#define KLP_SPLIT_POST_UNPATCH(function) __KLP_SPLIT_CALLBACK(post_unpatch, function)

/**
 * KLP_SPLIT_ID() - a number for a state or shadow variable that no other fix uses
 * @year: of the CVE, or of what else the fix has a number in
 * @number: its number
 * @index: 0 to 255, to tell several of one fix apart
 *
 * A constant. States and shadow variables are known by number alone, across all
 * livepatches; later versions of a fix have to use the same ones.
 */
#define KLP_SPLIT_ID(year, number, index)				\
	(((year) & 0xffffUL) << 48 | ((number) & 0xffffffffffUL) << 8 |	\
	 ((index) & 0xffUL))

struct klp_split_state {
	unsigned long id;
	unsigned long version;
};

/**
 * KLP_SPLIT_STATE() - the livepatch changes something that outlives its functions
 * @_id: which: a constant, not 0, see KLP_SPLIT_ID()
 * @_version: of the change; a livepatch that replaces this one must know a version
 *	that is at least as high
 *
 * Belongs to the whole livepatch, whatever object the source file is part of.
 * Other units may declare the same state with the same version.
 */
#define KLP_SPLIT_STATE(_id, _version)					\
	static const struct klp_split_state				\
		__UNIQUE_ID(klp_split_state) __used			\
		__section(".klp_split.states") = { .id = _id, .version = _version }

/**
 * klp_split_state() - a state that KLP_SPLIT_STATE() has declared
 * @obj: the object that a callback was called for
 * @id: the state's number
 *
 * Return: the state, for its ->data; NULL if this livepatch declares none of that number.
 */
static inline struct klp_state *klp_split_state(struct klp_object *obj, unsigned long id)
{
	/* kernel/livepatch/core.c: klp_init_object(), 6.1 */
	return klp_get_state(container_of(obj->kobj.parent, struct klp_patch, kobj), id);
}

#endif
