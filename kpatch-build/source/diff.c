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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/text.h"
#include "lib/array.h"
#include "kpatch-build/source/diff.h"

/* The first match wins. */
static const struct file_kind kinds[] = {
	{ "Documentation/*", FILE_IGNORED, "KS319", "documentation" },
	{ "samples/*", FILE_IGNORED, "KS319", "samples are no part of the kernel" },
	/*
	 * no unit of x86 reads these: test/cli/kpatch-build-refusals.sh; for arch/um that isn't
	 * known
	 */
	{ "arch/@(alpha|arc|arm|arm64|csky|hexagon|ia64|loongarch|m68k|microblaze|mips|nios2|"
	  "openrisc|parisc|powerpc|riscv|s390|sh|sparc|xtensa)/*",
	  FILE_IGNORED, "KS321", "another architecture" },
	{ "tools/lib/bpf/relo_core.*", FILE_REFUSED, "KS316",
	  "kernel/bpf has it by a rule of its own" },
	{ "tools/lib/bpf/btf_iter.*", FILE_REFUSED, "KS316", "the same, since 6.12" },
	{ "tools/lib/bpf/btf_relocate.*", FILE_REFUSED, "KS316", "the same" },
	{ "tools/objtool/Documentation/*", FILE_IGNORED, "KS319", "documentation" },
	{ "tools/objtool/*", FILE_REFUSED, "KS316",
	  "objtool reads and changes each object of the build" },
	{ "tools/bpf/resolve_btfids/*", FILE_REFUSED, "KS316", "it numbers the kernel's BTF" },
	{ "tools/lib/subcmd/*", FILE_REFUSED, "KS316", "a part of objtool" },
	{ "tools/include/linux/objtool*.h", FILE_REFUSED, "KS316",
	  "objtool reads what the kernel's objects have by it" },
	{ "tools/include/linux/static_call_types.h", FILE_REFUSED, "KS316", "the same" },
	{ "tools/arch/*/include/asm/orc_types.h", FILE_REFUSED, "KS316",
	  "objtool writes the tables for unwinding by it" },
	{ "tools/arch/*/include/asm/in[as]*.h", FILE_REFUSED, "KS316",
	  "objtool decodes instructions by it" },
	{ "tools/arch/*/lib/in[as]*", FILE_REFUSED, "KS316", "the same" },
	{ "tools/arch/*/lib/*-opcode-map.txt", FILE_REFUSED, "KS316", "the same" },
	{ "tools/arch/*/tools/*", FILE_REFUSED, "KS316", "makes objtool's table of instructions" },
	{ "tools/include/linux/btf_ids.h", FILE_REFUSED, "KS316",
	  "resolve_btfids numbers the kernel's BTF by it" },
	{ "tools/*", FILE_IGNORED, "KS319", "programs and tests of user space" },
	{ "LICENSES/*", FILE_IGNORED, "KS319", "documentation" },
	{ "MAINTAINERS", FILE_IGNORED, "KS319", "documentation" },
	{ "CREDITS", FILE_IGNORED, "KS319", "documentation" },
	{ "*.gitignore", FILE_IGNORED, "KS319", "a word to git" },
	{ "*.gitattributes", FILE_IGNORED, "KS319", "a word to git" },
	{ ".mailmap", FILE_IGNORED, "KS319", "a word to git" },
	{ ".clang-format", FILE_IGNORED, "KS319", "a word to an editor" },
	{ ".editorconfig", FILE_IGNORED, "KS319", "a word to an editor" },
	{ ".rustfmt.toml", FILE_IGNORED, "KS319", "a word to an editor" },
	{ ".cocciconfig", FILE_IGNORED, "KS319", "a word to a checker" },
	{ ".get_maintainer.ignore", FILE_IGNORED, "KS319", "documentation" },
	{ "*.rst", FILE_IGNORED, "KS319", "documentation" },
	{ "README*", FILE_IGNORED, "KS319", "documentation" },
	{ "*/README*", FILE_IGNORED, "KS319", "documentation" },
	/*
	 * files that programs other than the compiler read: readers.c; their output can't be
	 * compared here
	 */
	{ "arch/*/include/asm/*features.h", FILE_REFUSED, "KS316",
	  "the table of the features' names is made of it" },
	{ "security/selinux/include/*map.h", FILE_REFUSED, "KS316",
	  "a program of the build makes headers of it" },
	{ "security/selinux/include/initial_sid_to_string.h", FILE_REFUSED, "KS316", "the same" },
	{ "*.mod.c", FILE_REFUSED, "KS316", "made by the build" },
	{ "scripts/coccinelle/*", FILE_IGNORED, "KS319", "checks of the source" },
	{ "scripts/checkpatch.pl", FILE_IGNORED, "KS319", "the same" },
	{ "scripts/spelling.txt", FILE_IGNORED, "KS319", "the same" },
	{ "scripts/const_structs.checkpatch", FILE_IGNORED, "KS319", "the same" },
	{ "scripts/get_maintainer.pl", FILE_IGNORED, "KS319", "for authors" },
	{ "scripts/*.[ch]", FILE_REFUSED, "KS315", "programs of the build" },
	{ "*.c", FILE_UNIT, NULL, "a unit, or part of one" },
	{ "*.h", FILE_HEADER, NULL, "part of every unit that reads it" },
	{ "*.S", FILE_ASSEMBLY, "KS312", "no function boundaries, no ftrace entry" },
	{ "*.s", FILE_REFUSED, "KS312", "no function boundaries, no ftrace entry" },
	{ "*.lds", FILE_REFUSED, "KS316", "describes the linked kernel" },
	{ "*Kconfig*", FILE_KCONFIG, "KS314", "changes the configuration" },
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

	while ((module && strchr(kind->pattern, '/')) || fnmatch(kind->pattern, path, FNM_EXTMATCH))
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
		free(list->entries[i].path);
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
	return entry->hunks ? 0 : fail(p, "no hunk behind a file's header");
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
	return mode ? 0 : fail(p, "no hunk behind a file's header");
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
