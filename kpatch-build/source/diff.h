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
};

/*
 * Parse a unified diff: plain, by git, or a mail of git format-patch. 0, -ENOMEM, or -EINVAL with
 * ->error and ->error_line. Free with diff_list_free().
 */
int diff_parse(const char *text, struct diff_list *list);
void diff_list_free(struct diff_list *list);

/* The path without its first @strip components, as `patch -p` counts; NULL if it has too few. */
const char *diff_strip(const char *path, int strip);

/* How the change of a file is to be taken. */
enum file_verdict {
	FILE_UNIT,
	FILE_HEADER,
	FILE_MAKEFILE,
	FILE_KCONFIG,
	FILE_ASSEMBLY, /* refused if the kernel is built with it */
	FILE_IGNORED,
	FILE_REFUSED,
};
struct file_kind {
	const char *pattern; /* for fnmatch() with only FNM_EXTMATCH, on the path in the tree */
	enum file_verdict verdict;
	const char *code; /* what to report if it can't be handled */
	const char *why; /* the reason for the row */
};
/* @module: @path isn't in the kernel's tree; its folders mean nothing. */
const struct file_kind *diff_file_kind(const char *path, bool module);

#endif
