// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the output of diff(1): see hunks.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "lib/text.h"
#include "kpatch-build/source/hunks.h"
#include "lib/process.h"

static int add_hunk(const struct hunk *hunk, struct hunk **hunks, size_t *n)
{
	struct hunk *list = reallocarray(*hunks, *n + 1, sizeof(*list));

	if (!list)
		return -ENOMEM;
	*hunks = list;
	list[(*n)++] = *hunk;
	return 0;
}

/* "3,2": lines 3 and 4; a count that is left out is 1. */
static bool read_lines(const char *text, char sign, unsigned int *first, unsigned int *n)
{
	char found;

	*n = 1;
	return sscanf(text, "%c%u,%u", &found, first, n) >= 2 && found == sign;
}

/* "@@ -3 +3,2 @@" */
static int read_hunks(const char *log, struct hunk **hunks, size_t *n)
{
	int err = 0;

	for (const char *at = log; at && *at && !err;
	     at = strchr(at, '\n'), at = at ? at + 1 : NULL) {
		const char *plus = !str_starts(at, "@@ -") ? NULL : strchr(at + 4, '+');
		struct hunk hunk;

		if (plus && read_lines(at + 3, '-', &hunk.old, &hunk.n_old) &&
		    read_lines(plus, '+', &hunk.new, &hunk.n_new))
			err = add_hunk(&hunk, hunks, n);
	}
	return err;
}

int hunks_between(const char *original, const char *patched, struct hunk **hunks, size_t *n)
{
	const char *argv[] = {
		"diff", "--text", "--minimal", "-U0", "--", original, patched, NULL
	};
	struct process process = { .argv = argv };
	struct hunk *found = NULL;
	size_t n_found = 0;
	int err;

	err = process_run(&process);
	if (err == -ECHILD && WIFEXITED(process.status) && WEXITSTATUS(process.status) == 1)
		err = read_hunks(process.log, &found, &n_found); /* 1: they differ */
	process_end(&process);
	if (err) {
		free(found);
		return err;
	}
	*hunks = found;
	*n = n_found;
	return 0;
}
