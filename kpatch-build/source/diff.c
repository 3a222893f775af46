// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff names the file that it changes in several ways (git's header, the
 * "---" and "+++" lines, rename lines), and a line of a hunk may look like any
 * of them: removing the line "-- foo" reads "--- foo". So lines of hunks are
 * counted as their header says, and only lines outside of hunks are read as
 * headers.
 */
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/text.h"
#include "lib/array.h"
#include "kpatch-build/source/diff.h"

const char *diff_strip(const char *path, int strip)
{
	while (strip-- > 0) {
		path = strchr(path, '/');
		if (!path)
			return NULL;
		while (*path == '/')
			path++;
	}
	return *path ? path : NULL;
}

void diff_list_free(struct diff_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->entries[i].old_path);
		free(list->entries[i].new_path);
		free(list->entries[i].path);
	}
	free(list->entries);
	memset(list, 0, sizeof(*list));
}

/* A whole stable update changes 15,000 files. */
#define FILES_MAX 20000

struct parser {
	const char *at;
	unsigned int line;
	struct diff_list *list;
};

static size_t line_length(const char *at)
{
	return strcspn(at, "\n");
}

/* If headers have carriage returns, patch(1) removes them, so they aren't part of a name. */
static size_t text_length(const char *at)
{
	return strcspn(at, "\r\n");
}

static void next_line(struct parser *p)
{
	p->at += line_length(p->at);
	if (*p->at)
		p->at++;
	p->line++;
}

static bool starts(const char *at, const char *with)
{
	return str_starts(at, with);
}

static int fail(struct parser *p, const char *why)
{
	p->list->error = why;
	p->list->error_line = p->line;
	return -EINVAL;
}

/*
 * " 2024-01-31 ", " (revision 5)", " (working copy)": mailers replace the tab, and subversion adds
 * these.
 */
static bool is_stamp(const char *at)
{
	return !fnmatch(" [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] *", at, 0) ||
	       starts(at, " (revision ") || starts(at, " (working copy)") ||
	       starts(at, " (nonexistent)");
}

/*
 * Parse the name after "--- " or "+++ ". It ends at a tab (a time stamp follows) or with the line;
 * git puts names with unusual characters in quotes. /dev/null means "no file", and sets *@name to
 * NULL.
 */
static int parse_name(struct parser *p, const char *at, char **name)
{
	size_t n = strcspn(at, "\t\r\n"), i;
	char *copy;

	if (*at == '"')
		return fail(p, "quoted file name");
	for (i = 1; i < n; i++)
		if (at[i] == ' ' && is_stamp(at + i))
			n = i;
	while (n && at[n - 1] == ' ')
		n--;
	if (!n)
		return fail(p, "no file name");
	if (n == 9 && starts(at, "/dev/null")) {
		*name = NULL;
		return 0;
	}
	copy = strndup(at, n);
	if (!copy)
		return -ENOMEM;
	*name = copy;
	return 0;
}

static int add_entry(struct parser *p, struct diff_entry **entry)
{
	struct diff_list *list = p->list;
	struct diff_entry *entries;

	if (list->n == FILES_MAX)
		return fail(p, "it changes too many files for a livepatch");
	entries = realloc(list->entries, (list->n + 1) * sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	list->entries = entries;
	*entry = &entries[list->n++];
	memset(*entry, 0, sizeof(**entry));
	(*entry)->line = p->line;
	return 0;
}

/* "@@ -12,7 +12,8 @@": a count that is left out is 1. */
static bool hunk_counts(const char *at, unsigned long *old, unsigned long *new)
{
	unsigned long start;
	int n = 0;

	*old = *new = 1;
	if (sscanf(at, "@@ -%lu%n", &start, &n) != 1)
		return false;
	at += n;
	if (*at == ',' && sscanf(at, ",%lu%n", old, &n) == 1)
		at += n;
	n = 0;
	if (sscanf(at, " +%lu%n", &start, &n) != 1)
		return false;
	at += n;
	if (*at == ',' && sscanf(at, ",%lu%n", new, &n) == 1)
		at += n;
	return starts(at, " @@");
}

static int parse_hunk(struct parser *p)
{
	unsigned long old, new;

	if (!hunk_counts(p->at, &old, &new))
		return fail(p, "a hunk's header can't be read");
	next_line(p);
	while (old || new) {
		switch (*p->at) {
		case ' ':
		case '\n': /* mailers strip the blank of an empty context line */
		case '\r': /* the same, with the line ends of other systems */
			if (!old || !new)
				return fail(p, "a hunk is longer than its header says");
			old--;
			new --;
			break;
		case '-':
			if (!old)
				return fail(p, "a hunk is longer than its header says");
			old--;
			break;
		case '+':
			if (!new)
				return fail(p, "a hunk is longer than its header says");
			new --;
			break;
		case '\\': /* "\ No newline at end of file" */
			break;
		default:
			return fail(p, "a hunk ends before its header says");
		}
		next_line(p);
	}
	return 0;
}

/* `diff -N` names a file that doesn't exist, with a time of 1970: its only hunk tells. */
static void drop_missing_side(const char *hunk, struct diff_entry *entry)
{
	size_t n = line_length(hunk);

	if (starts(hunk, "@@ -0,0 ")) {
		free(entry->old_path);
		entry->old_path = NULL;
	} else if (starts(hunk, "@@ -1") && memmem(hunk, n, " +0,0 @@", strlen(" +0,0 @@"))) {
		free(entry->new_path);
		entry->new_path = NULL;
	}
}

/* "--- a/x" "+++ b/x" and the hunks after them; @entry was started by git's header, or is NULL. */
static int parse_file(struct parser *p, struct diff_entry *entry)
{
	char *old = NULL, *new = NULL;
	int err;

	err = entry ? 0 : add_entry(p, &entry);
	err = err ?: parse_name(p, p->at + 4, &old);
	next_line(p);
	if (!err && !starts(p->at, "+++ "))
		err = fail(p, "no +++ line after a --- line");
	err = err ?: parse_name(p, p->at + 4, &new);
	if (err) {
		free(old);
		return err;
	}
	free(entry->old_path);
	free(entry->new_path);
	entry->old_path = old;
	entry->new_path = new;
	entry->crlf = line_length(p->at) && p->at[line_length(p->at) - 1] == '\r';
	next_line(p);
	drop_missing_side(p->at, entry);
	entry->body = p->at;
	entry->body_line = p->line;
	while (starts(p->at, "@@ ")) {
		err = parse_hunk(p);
		if (err)
			return err;
		entry->hunks++;
		while (*p->at == '\\')
			next_line(p);
		entry->body_end = p->at;
	}
	return entry->hunks ? 0 : fail(p, "no hunk after a file's header");
}

/* Their first folder is a prefix ("a/", or "i/" and "w/"), or there is none (--no-prefix). */
static bool are_same_file(const char *old, size_t n_old, const char *new, size_t n_new)
{
	const char *a = memchr(old, '/', n_old), *b = memchr(new, '/', n_new);

	if (n_old == n_new && !memcmp(old, new, n_old))
		return true;
	return a && b && old + n_old - a == new + n_new - b && !memcmp(a, b, old + n_old - a);
}

/* "diff --git a/x b/x": both names are the same, or rename lines follow. */
static int parse_git_names(struct parser *p, const char *names, struct diff_entry *entry)
{
	size_t n = text_length(names), i, middle = 0;

	if (n > 2 * PATH_MAX)
		return fail(p, "names of a git header can't be read");
	for (i = 1; i + 1 < n && !middle; i++)
		if (names[i] == ' ' && are_same_file(names, i, names + i + 1, n - i - 1))
			middle = i;
	for (i = 1; i + 3 < n && !middle; i++)
		if (starts(names + i, " b/"))
			middle = i;
	if (!middle)
		middle = memchr(names, ' ', n) ? (size_t)((char *)memchr(names, ' ', n) - names)
					       : 0;
	if (!middle || *names == '"')
		return fail(p, "names of a git header can't be read");
	entry->old_path = strndup(names, middle);
	entry->new_path = strndup(names + middle + 1, n - middle - 1);
	return entry->old_path && entry->new_path ? 0 : -ENOMEM;
}

static void parse_git_line(const char *at, struct diff_entry *entry, bool *mode)
{
	if (starts(at, "Binary files ") || starts(at, "GIT binary patch")) {
		entry->binary = true;
	} else if (starts(at, "new file mode ")) {
		free(entry->old_path);
		entry->old_path = NULL;
	} else if (starts(at, "deleted file mode ")) {
		free(entry->new_path);
		entry->new_path = NULL;
	} else if (starts(at, "old mode ") || starts(at, "new mode ")) {
		*mode = true;
	} else if (starts(at, "rename from ")) {
		entry->renamed = true;
	} else if (starts(at, "copy from ")) {
		entry->copied = true;
	}
}

/* The names after git's header are for the same file; another name is a change of its own. */
static bool is_of_header(const char *at, const struct diff_entry *entry)
{
	at += strlen("--- ");
	return *at == '"' || starts(at, "/dev/null") ||
	       (entry->old_path && starts(at, entry->old_path));
}

/* Parse git's header up to "---": the only place with modes, renames and binary files. */
static int parse_git_header(struct parser *p)
{
	struct diff_entry *entry;
	bool mode = false;
	int err;

	err = add_entry(p, &entry);
	err = err ?: parse_git_names(p, p->at + strlen("diff --git "), entry);
	if (err)
		return err;
	for (next_line(p); *p->at; next_line(p)) {
		if (starts(p->at, "--- ") && is_of_header(p->at, entry))
			return parse_file(p, entry);
		if (starts(p->at, "--- ") || starts(p->at, "diff --git ") || starts(p->at, "-- \n"))
			break;
		parse_git_line(p->at, entry, &mode);
	}
	if (entry->binary || entry->renamed || entry->copied || !entry->old_path ||
	    !entry->new_path)
		return 0;
	entry->mode_only = mode;
	return mode ? 0 : fail(p, "no hunk after a file's header");
}

/* "Binary files a/x and b/x differ", "Files a/x and b/x differ": printed by diff(1). */
static bool says_differ(const char *at)
{
	size_t n = text_length(at);

	return (starts(at, "Binary files ") || starts(at, "Files ")) && n > 7 &&
	       str_starts(at + n - 7, " differ") && memmem(at, n, " and ", 5);
}

static int parse_differing(struct parser *p)
{
	const char *names = strstr(p->at, "iles ") + 5, *end = p->at + text_length(p->at) - 7;
	const char *middle = memmem(names, end - names, " and ", 5);
	struct diff_entry *entry;
	int err = middle ? add_entry(p, &entry) : fail(p, "two names are expected");

	if (err)
		return err;
	entry->binary = true;
	entry->old_path = strndup(names, middle - names);
	entry->new_path = strndup(middle + 5, end - middle - 5);
	next_line(p);
	return entry->old_path && entry->new_path ? 0 : -ENOMEM;
}

/* "Only in b/fs: new.c": `diff -r` without -N, so the diff lacks a file. */
static bool lacks_file(const char *at)
{
	static const char *const sources[] = { "*.c",	   "*.h",    "*.S",	"*.lds",
					       "Makefile", "Kbuild", "Kconfig*" };
	const char *name = memmem(at, text_length(at), ": ", 2);
	bool lacks = false;
	char *copy;

	if (!starts(at, "Only in ") || !name)
		return false;
	copy = strndup(name + 2, text_length(name + 2));
	for (size_t i = 0; copy && i < ARRAY_SIZE(sources); i++)
		lacks = lacks || !fnmatch(sources[i], copy, 0);
	free(copy);
	return lacks;
}

/* The output of diff(1) without -u. Unified parts next to it would be taken for the whole. */
static const char *why_not_unified(const char *at)
{
	size_t n = strspn(at, "0123456789,");

	if (starts(at, "***************") && strcspn(at, "\n") < 17 &&
	    starts(at + line_length(at), "\n*** "))
		return "a part of it is a context diff";
	if (n && strchr("acd", at[n]) && at[n] && at[n + 1] >= '0' && at[n + 1] <= '9' &&
	    (starts(at + line_length(at), "\n< ") || starts(at + line_length(at), "\n> ")))
		return "a part of it is no unified diff";
	return lacks_file(at) ? "it lacks a file that is only on one side (diff -N)" : NULL;
}

/* A header of a mail: the text that follows is encoded. */
static bool is_encoded(const char *at)
{
	static const char name[] = "Content-Transfer-Encoding:";

	if (strncasecmp(at, name, strlen(name)))
		return false;
	at += strlen(name);
	at += strspn(at, " \t");
	return !strncasecmp(at, "quoted-printable", 16) || !strncasecmp(at, "base64", 6);
}

/* "./fs//open.c" is fs/open.c. */
static void drop_dots(char *path)
{
	char *to = path;

	for (const char *from = path; from && *from;) {
		bool begins = to == path || to[-1] == '/';

		if (begins && str_starts(from, "./"))
			from += 2;
		else if (begins && *from == '/' && to != path)
			from++;
		else
			*to++ = *from++;
	}
	if (path)
		*to = '\0';
}

int diff_parse(const char *text, struct diff_list *list)
{
	struct parser p = { .at = text, .line = 1, .list = list };
	const char *why;
	int err = 0;

	memset(list, 0, sizeof(*list));
	while (*p.at && !err) {
		if (starts(p.at, "diff --git "))
			err = parse_git_header(&p);
		else if (says_differ(p.at))
			err = parse_differing(&p);
		else if ((why = why_not_unified(p.at)))
			err = fail(&p, why);
		else if (is_encoded(p.at))
			err = fail(&p, "an encoded mail begins in the middle of a text");
		else if (starts(p.at, "--- ") && starts(p.at + line_length(p.at), "\n+++ "))
			err = parse_file(&p, NULL);
		else if (starts(p.at, "@@ -"))
			err = fail(&p, "a hunk without a file's header");
		else
			next_line(&p);
	}
	if (!err && !list->n) {
		list->is_none = true;
		err = fail(&p, "there is no unified diff in it");
	}
	for (size_t i = 0; i < list->n; i++) {
		drop_dots(list->entries[i].old_path);
		drop_dots(list->entries[i].new_path);
	}
	return err;
}
