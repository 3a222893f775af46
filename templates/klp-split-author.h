/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Some changes of a fix can't be livepatched, and need not be: the new value of
 * a variable that a callback sets as well, a function that is called only at
 * boot. Only the author of the patch can know. These macros, used anywhere at
 * file scope in a patched source file, say so to create-diff-object:
 *
 *	#include <klp-split-author.h>
 *	KLP_SPLIT_DATA_HANDLED(limit);
 *
 * kpatch-build finds this file when it compiles the patched source. Each applies
 * to the one unit that it stands in; a name that fits nothing there is refused,
 * and what is left out is listed with the warnings of the build.
 */
#ifndef KLP_SPLIT_AUTHOR_H
#define KLP_SPLIT_AUTHOR_H

/* Strings in a section that is not loaded: they refer to nothing and keep nothing alive. */
#define __KLP_SPLIT_AUTHOR(what, name)				\
	asm(".pushsection .klp_split.author,\"\",@progbits\n"	\
	    "\t.asciz \"" what ":" name "\"\n"			\
	    "\t.popsection\n")

/*
 * What changed in this function stays out: the running kernel goes on with the
 * function that it has, and new code calls that one.
 */
#define KLP_SPLIT_IGNORE_FUNCTION(function) __KLP_SPLIT_AUTHOR("function", #function)

/*
 * What changed or is new in this section (a string: "__param") stays out. It
 * can be a list or table that the kernel reads, not one with code or variables.
 */
#define KLP_SPLIT_IGNORE_SECTION(section) __KLP_SPLIT_AUTHOR("section", section)

/*
 * The new initial value of this variable is set in the running kernel by other
 * means, such as a pre-patch callback. Its size must not have changed. A static
 * variable of a function is named without the function.
 */
#define KLP_SPLIT_DATA_HANDLED(variable) __KLP_SPLIT_AUTHOR("data", #variable)

/*
 * Data of this type (a string: "struct foo") isn't older than the code that is
 * replaced: it lives on the stack of these functions, say, or callbacks see to
 * what is there.
 */
#define KLP_SPLIT_LAYOUT_HANDLED(type) __KLP_SPLIT_AUTHOR("layout", type)

#endif
