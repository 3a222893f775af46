/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All passes in their order, for the programs that compare two units:
 * create-diff-object, and the fuzzer, which must not skip anything that
 * create-diff-object does.
 */
#ifndef CDO_ALL_PASSES_H
#define CDO_ALL_PASSES_H

#include "create-diff-object/passes.h"
#include "create-diff-object/report.h"

/* A function or variable that came from another unit of the object: --moved NAME=FILE. */
struct moved_name {
	const char *name, *file;
};

struct inputs {
	const char *original, *patched; /* object files */
	const char *object_name; /* "vmlinux" or a module's name */
	/* NULL if not given: */
	const struct object_index *object;
	const struct symvers *symvers;
	const char *output; /* needs both of the above */
	const char *source_root;
	const struct line_map *lines; /* of the patched unit */
	const char *assume_changed; /* a pattern for fnmatch() */
	const char *names; /* the patched unit, compiled so that variables keep their names */
	const struct words *words; /* that the diff removes from and adds to the source */
	struct called called; /* functions whose callers are replaced */
	const struct moved_name *moved;
	size_t n_moved;
	bool objtool_follows; /* on the module that the output is linked into */
};

/*
 * Run all passes. The caller frees @report's units with report_free_units(), also after an error.
 * *@changed: there is something to replace. On error there is no output.
 */
int run_all_passes(const struct inputs *in, struct report *report, bool *changed,
		   struct diag *diag);

#endif
