// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff says in several ways which file it changes (git's header, the
 * "---" and "+++" lines, rename lines), and a line of a hunk may look like any
 * of them: removing the line "-- foo" reads "--- foo". So hunks are counted
 * line by line as their header says, and only what is outside of hunks is
 * taken for a header.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "diff.h"

/* First match wins. */
static const struct file_kind kinds[] = {
	{ "Documentation/*", FILE_IGNORED, "KS319", "documentation" },
	{ "samples/*", FILE_IGNORED, "KS319", "samples are no part of the kernel" },
	{ "tools/lib/bpf/relo_core.*", FILE_REFUSED, "KS316", "kernel/bpf has it by a rule of its own" },
	{ "tools/lib/bpf/btf_iter.*", FILE_REFUSED, "KS316", "the same, since 6.12" },
	{ "tools/lib/bpf/btf_relocate.*", FILE_REFUSED, "KS316", "the same" },
	{ "tools/*", FILE_IGNORED, "KS319", "programs and tests of user space" },
	{ "LICENSES/*", FILE_IGNORED, "KS319", "documentation" },
	{ "MAINTAINERS", FILE_IGNORED, "KS319", "documentation" },
	{ "CREDITS", FILE_IGNORED, "KS319", "documentation" },
	{ "*.rst", FILE_IGNORED, "KS319", "documentation" },
	{ "*.txt", FILE_IGNORED, "KS319", "documentation" },
	{ "*.mod.c", FILE_REFUSED, "KS316", "made by the build" },
	{ "*.c", FILE_UNIT, NULL, "a unit, or part of one" },
	{ "*.h", FILE_HEADER, NULL, "part of every unit that reads it" },
	{ "*.S", FILE_REFUSED, "KS312", "no function boundaries, no ftrace entry" },
	{ "*.s", FILE_REFUSED, "KS312", "no function boundaries, no ftrace entry" },
	{ "*.lds", FILE_REFUSED, "KS316", "describes the linked kernel" },
	{ "*Kconfig*", FILE_REFUSED, "KS314", "changes the configuration" },
	{ "*defconfig", FILE_IGNORED, "KS319", "the shipped configuration is what counts" },
	{ "scripts/*Makefile*", FILE_REFUSED, "KS315", "rules for all units" },
	{ "*/Makefile", FILE_MAKEFILE, "KS315", "lists objects, among other things" },
	{ "*/Kbuild", FILE_MAKEFILE, "KS315", "the same" },
	{ "*Makefile*", FILE_REFUSED, "KS315", "changes how units are compiled or linked" },
	{ "*Kbuild*", FILE_REFUSED, "KS315", "changes how units are compiled or linked" },
	{ "scripts/*", FILE_REFUSED, "KS315", "programs of the build" },
	{ "*", FILE_REFUSED, "KS316", "anything else" },
};

const struct file_kind *diff_file_kind(const char *path, bool module)
{
	const struct file_kind *kind = kinds;

	while ((module && strchr(kind->pattern, '/')) || fnmatch(kind->pattern, path, 0))
		kind++;
	return kind;
}

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
	}
	free(list->entries);
	memset(list, 0, sizeof(*list));
}

struct parser {
	const char *at;
	unsigned int line;
	struct diff_list *list;
};

static size_t line_length(const char *at)
{
	return strcspn(at, "\n");
}

/* patch(1) takes carriage returns away if headers have them, so that they are no part of a name. */
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
	return !strncmp(at, with, strlen(with));
}

static int fail(struct parser *p, const char *why)
{
	p->list->error = why;
	p->list->error_line = p->line;
	return -EINVAL;
}

/*
 * The name behind "--- " or "+++ ": it ends at a tab (a time stamp follows) or
 * with the line; git puts names with unusual characters in quotes. /dev/null
 * stands for "no file" and gives *@name NULL.
 */
static int parse_name(struct parser *p, const char *at, char **name)
{
	size_t n = strcspn(at, "\t\r\n");
	char *copy;

	if (*at == '"')
		return fail(p, "quoted file name");
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

	entries = realloc(list->entries, (list->n + 1) * sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	list->entries = entries;
	*entry = &entries[list->n++];
	memset(*entry, 0, sizeof(**entry));
	(*entry)->line = p->line;
	return 0;
}

/* "@@ -12,7 +12,8 @@": a missing count is 1. */
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
			new--;
			break;
		case '-':
			if (!old)
				return fail(p, "a hunk is longer than its header says");
			old--;
			break;
		case '+':
			if (!new)
				return fail(p, "a hunk is longer than its header says");
			new--;
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

/* "--- a/x" "+++ b/x" and the hunks behind them; @entry was begun by git's header, or is NULL. */
static int parse_file(struct parser *p, struct diff_entry *entry)
{
	char *old = NULL, *new = NULL;
	int err;

	err = entry ? 0 : add_entry(p, &entry);
	err = err ?: parse_name(p, p->at + 4, &old);
	next_line(p);
	if (!err && !starts(p->at, "+++ "))
		err = fail(p, "no +++ line behind a --- line");
	err = err ?: parse_name(p, p->at + 4, &new);
	if (err) {
		free(old);
		return err;
	}
	free(entry->old_path);
	free(entry->new_path);
	entry->old_path = old;
	entry->new_path = new;
	next_line(p);
	if (starts(p->at, "@@ -0,0 ")) { /* `diff -N` names a file that isn't there, with a time of 1970 */
		free(entry->old_path);
		entry->old_path = NULL;
	}
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
	return entry->hunks ? 0 : fail(p, "no hunk behind a file's header");
}

/* The header of git up to "---": the only place that tells of modes, renames and binary files. */
static int parse_git_header(struct parser *p)
{
	const char *names = p->at + strlen("diff --git ");
	const char *mid = strstr(names, " b/");
	struct diff_entry *entry;
	bool mode = false;
	int err;

	err = add_entry(p, &entry);
	if (err)
		return err;
	if (!mid || mid > names + line_length(names))
		return fail(p, "names of a git header can't be read");
	entry->old_path = strndup(names, mid - names);
	entry->new_path = strndup(mid + 1, text_length(mid + 1));
	if (!entry->old_path || !entry->new_path)
		return -ENOMEM;
	for (next_line(p); *p->at; next_line(p)) {
		if (starts(p->at, "--- "))
			return parse_file(p, entry);
		if (starts(p->at, "diff --git ") || starts(p->at, "-- \n"))
			break;
		if (starts(p->at, "Binary files ") || starts(p->at, "GIT binary patch")) {
			entry->binary = true;
		} else if (starts(p->at, "new file mode ")) {
			free(entry->old_path);
			entry->old_path = NULL;
		} else if (starts(p->at, "deleted file mode ")) {
			free(entry->new_path);
			entry->new_path = NULL;
		} else if (starts(p->at, "old mode ") || starts(p->at, "new mode ")) {
			mode = true;
		} else if (starts(p->at, "rename from ") || starts(p->at, "copy from ")) {
			entry->renamed = true;
		}
	}
	entry->mode_only = mode && !entry->binary && entry->old_path && entry->new_path &&
			   !strcmp(diff_strip(entry->old_path, 1) ?: "",
				   diff_strip(entry->new_path, 1) ?: "");
	return 0;
}

/* A header of a mail: what follows isn't what it looks like, or doesn't look like anything. */
static bool is_encoded(const char *at)
{
	static const char name[] = "Content-Transfer-Encoding:";

	if (strncasecmp(at, name, strlen(name)))
		return false;
	at += strlen(name);
	at += strspn(at, " \t");
	return !strncasecmp(at, "quoted-printable", 16) || !strncasecmp(at, "base64", 6);
}

int diff_parse(const char *text, struct diff_list *list)
{
	struct parser p = { .at = text, .line = 1, .list = list };
	int err = 0;

	memset(list, 0, sizeof(*list));
	while (*p.at && !err) {
		if (starts(p.at, "diff --git a/"))
			err = parse_git_header(&p);
		else if (!list->n && is_encoded(p.at))
			err = fail(&p, "the mail is encoded; save it as text");
		else if (starts(p.at, "--- ") && starts(p.at + line_length(p.at), "\n+++ "))
			err = parse_file(&p, NULL);
		else if (starts(p.at, "@@ -"))
			err = fail(&p, "a hunk without a file's header");
		else
			next_line(&p);
	}
	if (!err && !list->n)
		err = fail(&p, "there is no unified diff in it");
	return err;
}
