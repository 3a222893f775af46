/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch replaces functions; the data that the kernel made before stays as it is. New code
 * that takes a structure for larger, or a member for another, reads and writes past what was
 * allocated, or reads one thing as another. Neither the compiler nor a comparison of code can see
 * that: each version is right by itself.
 *
 * This compares the types of two objects of one unit through all that uses them, as their debug
 * information has it.
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

/* What became of a type that both have, or have under two names. */
enum layout_fate {
	LAYOUT_SAME,
	LAYOUT_RENAMED, /* its contents are the same */
	LAYOUT_WARNED, /* warnings say when it is right */
	LAYOUT_HANDLED, /* changed; the author answers for it */
	LAYOUT_UNCOUNTED, /* changed; it isn't in the scope */
	/* changed; all of it lies on the stack of functions that change together */
	LAYOUT_ON_STACK,
	LAYOUT_CHANGED,
	/* of what only the census lists */
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

/* A type that the two objects describe otherwise, or a variable or function whose type is. */
struct listed_type {
	const char *kind; /* "type", "typedef", "variable" or "function" */
	const char *name; /* "struct foo", "foo_t", "foo in bar()" */
	const char *was, *is; /* in a few words; NULL: nothing to say, or not there */
	const char *file;
	unsigned int line;
	enum layout_fate fate;
};

/* Which types count: all, or those that more than one unit can know. */
enum layout_scope { LAYOUT_ALL, LAYOUT_OF_HEADERS };

/* What the comparison asks and tells; all but @scope may be NULL. */
struct layout_rules {
	enum layout_scope scope;
	/* Whether the author of the patch answers for a change of @type ("struct foo"). */
	bool (*handled)(const char *type, void *arg);
	/* Whether the diffs change @file. NULL: any. */
	bool (*changes)(const char *file, void *arg);
	/*
	 * Whether the source does nothing with @type ("struct foo") but define it in @file, and
	 * declare variables: casts leave no trace in debug information. NULL: never.
	 */
	bool (*only_declared)(const char *type, const char *file, void *arg);
	/*
	 * Whether a task runs all code that has either type on its stack as it was, or all as it is, and
	 * nothing else can have it. NULL: never.
	 */
	bool (*stays_on_stacks)(const struct stack_type *old, const struct stack_type *new,
				void *arg);
	void (*told)(const char *type, const char *file, unsigned int line, enum layout_fate fate,
		     void *arg);
	/* Once for each type that is described otherwise, whatever became of it. */
	void (*listed)(const struct listed_type *type, void *arg);
	void *arg;
};

/*
 * Report (KS350) each type and variable whose data means another thing in the second object, and
 * warn (KS375 to KS378) of what is right only under a condition. What @rules->handled says yes to
 * is a warning (KS126). A type that is described otherwise and was not compared is refused (KS175).
 * Returns 0 or -EINVAL; -ENOMEM, reported.
 */
int type_layouts_compare(const struct type_layouts *original, const struct type_layouts *patched,
			 const struct layout_rules *rules, struct diag *diag);

#endif
