/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fixes of a run of --each: one for each mail or plain file, in the order of the series.
 */
#ifndef KPATCH_BUILD_FIXES_H
#define KPATCH_BUILD_FIXES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "kpatch-build/source/message.h"

struct build;

enum fate {
	FIX_UNKNOWN,
	FIX_IN,
	FIX_UNCHANGED, /* in, though it changes no code: what follows may build on it */
	FIX_NOT_NEEDED, /* the kernel has it, or is built without what it changes */
	FIX_REFUSED,
	FIX_NEEDS_OTHER, /* one that is left out */
};

struct fixed_file {
	char *name; /* without folders */
	bool added; /* the fix makes it */
};

struct fix {
	char *name; /* what the table calls it: no folders */
	char *path; /* the file that has it, and nothing else */
	struct message message;
	struct fixed_file *files; /* that it changes */
	size_t n_files;
	char *added; /* its added lines */
	enum fate fate;
	bool is_there; /* FIX_NOT_NEEDED: the kernel's source has it */
	bool *needs; /* for each of the fixes: does it have to be there? Transitive. */
	char *why; /* it isn't in, in one line; or NULL */
	char *code; /* of the first error, or NULL */
	json_t *diagnostics; /* those of the verdict, or NULL */
};

struct fixes {
	struct fix *list;
	size_t n;
};

/* Read all that the user gave. 0 or negative errno, reported. Free with fixes_free() in any case. */
int fixes_read(struct build *build, struct fixes *fixes);
void fixes_free(struct fixes *fixes);

bool fix_is_in(const struct fix *fix);
/* Do both change a file of one name? */
bool fixes_share_file(const struct fix *a, const struct fix *b);
/* Does @fix change a file of this name? */
bool fix_changes(const struct fix *fix, const char *path);

/* The table (rows.h); with @diagnostics for --json. NULL: no memory. Caller owns the reference. */
enum rows_kind { ROWS_OF_MANIFEST, ROWS_WITH_DIAGNOSTICS };
json_t *fixes_to_rows(const struct fixes *fixes, enum rows_kind kind);

#endif
