/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch replaces functions; the data that the kernel made before stays as it is. If a
 * structure is larger in new code, new code reads and writes past what was allocated; if a member
 * has moved, new code reads another member. Neither the compiler nor a comparison of code can see
 * that: each version is right by itself.
 *
 * This compares the types of two objects of one unit by everything that uses them, according to
 * their debug information.
 */
#ifndef KLP_SPLIT_TYPE_LAYOUT_H
#define KLP_SPLIT_TYPE_LAYOUT_H

#include <stdbool.h>
#include "lib/diag.h"

struct type_layouts;
struct stack_type;

/*
 * All types that @path (an ELF file with debug information, mostly relocatable) describes. NULL if
 * it can't be read: KS311 or out of memory, reported.
 */
struct type_layouts *type_layouts_read(const char *path, struct diag *diag);
void type_layouts_free(struct type_layouts *layouts);

/* What became of a type that both objects have, under one name or two. */
enum layout_fate {
	LAYOUT_SAME,
	LAYOUT_RENAMED, /* its contents are the same */
	LAYOUT_WARNED, /* changed; warnings say when that is right */
	LAYOUT_HANDLED, /* changed; the author declares it handled */
	LAYOUT_UNCOUNTED, /* changed; not in the scope */
	/* changed; it is only on the stack of functions that change together */
	LAYOUT_ON_STACK,
	LAYOUT_CHANGED,
	/* types and uses that only the census lists */
	LAYOUT_NEW,
	LAYOUT_GONE,
	LAYOUT_DECLARED, /* the other object only declares it */
	LAYOUT_TYPEDEF,
	LAYOUT_FUNCTION,
	LAYOUT_CONSTANT,
	LAYOUT_SIZE, /* a variable's, which create-diff-object compares (KS105) */
	LAYOUT_UNCLAIMED,
	LAYOUT_LAST,
};

/* A type that the two objects describe differently, or a variable or function of such a type. */
struct listed_type {
	const char *kind; /* "type", "typedef", "variable" or "function" */
	const char *name; /* "struct foo", "foo_t", "foo in bar()" */
	const char *was, *is; /* in a few words; NULL: nothing to say, or not in that object */
	const char *file;
	unsigned int line;
	enum layout_fate fate;
};

/* Which types are reported: all, or those that more than one unit can know. */
enum layout_scope { LAYOUT_ALL, LAYOUT_OF_HEADERS };

/*
 * What the comparison asks its caller, and what it passes to it; all members but @scope may be
 * NULL.
 */
struct layout_rules {
	enum layout_scope scope;
	/* Does the author of the patch declare a change of @type ("struct foo") handled? */
	bool (*handled)(const char *type, void *arg);
	/* Do the diffs change @file? NULL: they may change any file. */
	bool (*changes)(const char *file, void *arg);
	/*
	 * Does the source only define @type ("struct foo") in @file, and declare variables of it?
	 * The source is asked because casts leave no trace in debug information. NULL: never.
	 */
	bool (*only_declared)(const char *type, const char *file, void *arg);
	/*
	 * Does each task run either only old or only new versions of all functions that have the
	 * type on their stack, and can nothing else have it? NULL: never.
	 */
	bool (*stays_on_stacks)(const struct stack_type *old, const struct stack_type *new,
				void *arg);
	void (*told)(const char *type, const char *file, unsigned int line, enum layout_fate fate,
		     void *arg);
	/* Called once for each type that is described differently, whatever became of it. */
	void (*listed)(const struct listed_type *type, void *arg);
	void *arg;
};

/*
 * Report (KS350) each type and variable whose data has another meaning in the second object, and
 * warn (KS375 to KS378) of changes that are right only under a condition. A change that
 * @rules->handled accepts is a warning (KS126). A type that is described differently and was not
 * compared is refused (KS175). Returns 0 or -EINVAL; -ENOMEM, reported.
 */
int type_layouts_compare(const struct type_layouts *original, const struct type_layouts *patched,
			 const struct layout_rules *rules, struct diag *diag);

#endif
