/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the files that a diff changes, before anything is applied: all that
 * can't be part of a livepatch should be reported at once, not by a failing
 * compiler ten steps later.
 */
#ifndef KPATCH_BUILD_DIFF_H
#define KPATCH_BUILD_DIFF_H

#include <stdbool.h>
#include <stddef.h>

struct diff_entry {
	char *old_path; /* NULL: the file is new */
	char *new_path; /* NULL: the file is removed */
	unsigned int line; /* of the entry in the diff, for messages */
	unsigned int hunks;
	const char *body; /* the hunks, in the text that was parsed; NULL: there are none */
	const char *body_end;
	unsigned int body_line;
	bool binary;
	bool mode_only;
	bool renamed; /* according to git */
	bool copied; /* according to git: the file of the old name stays */
	bool crlf; /* its lines end with CR LF, and so must those for patch(1) */
	char *path; /* set by the caller: its path in the tree; NULL: it is left out */
};

struct diff_list {
	struct diff_entry *entries;
	size_t n;
	const char *error; /* why it can't be read, or NULL */
	unsigned int error_line;
	bool is_none; /* ->error: there is no diff in it */
};

/*
 * Parse a unified diff: plain, by git, or a mail of git format-patch. 0, -ENOMEM, or -EINVAL with
 * ->error and ->error_line. Free with diff_list_free().
 */
int diff_parse(const char *text, struct diff_list *list);
void diff_list_free(struct diff_list *list);

/* The path without its first @strip components, as `patch -p` counts; NULL if it has too few. */
const char *diff_strip(const char *path, int strip);

#endif
