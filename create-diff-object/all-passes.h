/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All passes, in their order, for whoever compares two units: the program, and
 * the fuzzer, which must not skip what the program does.
 */
#ifndef CDO_ALL_PASSES_H
#define CDO_ALL_PASSES_H

#include "create-diff-object/passes.h"
#include "create-diff-object/report.h"

/* What came from another unit of the object: --moved NAME=FILE. */
struct moved_name {
	const char *name, *file;
};

struct inputs {
	const char *original, *patched; /* object files */
	const char *object_name; /* "vmlinux" or a module's name */
	/* NULL if not given: */
	const struct object_index *object;
	const struct symvers *symvers;
	const char *output; /* needs both */
	const char *source_root;
	const struct line_map *lines; /* of the patched unit */
	const char *assume_changed; /* a pattern */
	const char *names; /* the patched unit, with the names of variables kept */
	const struct words *words; /* that the source has lost and gained */
	struct called called; /* their callers are replaced */
	const struct moved_name *moved;
	size_t n_moved;
	bool objtool_follows; /* on the module that the output is linked into */
};

/*
 * Fills in @report's units, which the caller frees with report_free_units(), also after
 * an error. *@changed: there is something to replace. On error there is no output.
 */
int run_all_passes(const struct inputs *in, struct report *report, bool *changed,
		   struct diag *diag);

#endif
