// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A comment added at the top of a file changes every function in it that passes
 * __LINE__ somewhere. Patching them all would be right, but a patch of 50
 * functions where one was meant is a risk for nothing.
 *
 * A number that differs is a moved line if it goes to an argument that is always
 * a line, or if the debug information proves it: both numbers are as far from
 * the line that their instruction comes from, and not far at all.
 */
#include <stdlib.h>
#include <string.h>

#include "arch.h"
#include "places.h"

/* A macro call that spans lines counts as its last; longer ones are rare. */
#define MAX_DISTANCE 40
#define MAX_INLINED 16

static const struct {
	const char *function;
	int argument;
} lines[] = {
	{ "__might_sleep", 1 },           /* (file, line) */
	{ "___might_sleep", 1 },          /* (file, line, preempt_offset), until 5.16 */
	{ "__might_resched", 1 },         /* (file, line, offsets) */
	{ "__might_fault", 1 },           /* (file, line) */
	{ "__cant_sleep", 1 },            /* (file, line, preempt_offset) */
	{ "__cant_migrate", 1 },          /* (file, line) */
	{ "warn_slowpath_fmt", 1 },       /* (file, line, taint, fmt, …) */
	{ "warn_slowpath_null", 1 },      /* (file, line), until 5.2 */
	{ "lockdep_rcu_suspicious", 1 },  /* (file, line, message) */
	{ "__btrfs_abort_transaction", 2 }, /* (trans, function, line, errno, …) */
	{ "__btrfs_handle_fs_error", 2 }, /* (fs_info, function, line, errno, fmt, …) */
	{ "__btrfs_panic", 2 },           /* (fs_info, function, line, errno, fmt, …) */
	{ "btrfs_assertfail", 2 },        /* (expression, file, line) */
};

static bool is_line_argument(const struct number *number)
{
	size_t i;

	if (!number->callee || number->argument < 0)
		return false;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (!strcmp(lines[i].function, number->callee))
			return lines[i].argument == number->argument;
	return false;
}

bool is_line_number(struct unit *original, const struct atom *a, struct unit *patched,
		    const struct atom *b, const struct number *number)
{
	int of_a[MAX_INLINED], of_b[MAX_INLINED];
	size_t n, i;

	if (is_line_argument(number))
		return true;
	n = code_lines(original, a, number->at, of_a, MAX_INLINED);
	if (n != code_lines(patched, b, number->at, of_b, MAX_INLINED))
		return false;
	for (i = 0; i < n; i++)
		if (number->a - of_a[i] == number->b - of_b[i] &&
		    llabs(number->a - of_a[i]) <= MAX_DISTANCE)
			return true;
	return false;
}
