/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch replaces functions; the data that the kernel made before stays as
 * it is. New code that thinks a structure larger, or a member elsewhere, reads
 * and writes past what was allocated. Neither the compiler nor a comparison of
 * code can see that: both versions are right, each for itself.
 *
 * This compares the layouts of all types of two objects of one unit, as their
 * debug information has them.
 */
#ifndef KLP_SPLIT_TYPE_LAYOUT_H
#define KLP_SPLIT_TYPE_LAYOUT_H

#include <stdbool.h>
#include "diag.h"

struct type_layouts;

/*
 * All structures, unions and enumerations that @path (an ELF file with debug information, mostly
 * relocatable) defines. NULL if it can't be read: KS311 or out of memory, reported.
 */
struct type_layouts *type_layouts_read(const char *path, struct diag *diag);
void type_layouts_free(struct type_layouts *layouts);

/* Whether the author of the patch answers for a change of @type ("struct foo"). */
typedef bool (*layout_handled_fn)(const char *type, void *arg);

/* What is told of each type that both have. */
enum layout_fate {
	LAYOUT_SAME,
	LAYOUT_HANDLED,  /* changed; the author answers for it */
	LAYOUT_UNCOUNTED, /* changed; it isn't in the scope */
	LAYOUT_CHANGED,
};
typedef void (*layout_told_fn)(const char *type, const char *file, unsigned int line,
			       enum layout_fate fate, void *arg);

/* Which types count: all, or those that more than one unit can know. */
enum layout_scope { LAYOUT_ALL, LAYOUT_OF_HEADERS };

/*
 * Report (KS350) each type of both whose values mean another thing in the second: another size,
 * a member at another place or of another size or added, an enumerator of another value. New names
 * for the same places, and types that only one of them has, are no difference.
 * What @handled says yes to is a warning (KS126). @told may be NULL. Returns 0 or -EINVAL.
 */
int type_layouts_compare(const struct type_layouts *original, const struct type_layouts *patched,
			 enum layout_scope scope, layout_handled_fn handled, layout_told_fn told,
			 void *arg, struct diag *diag);

#endif
