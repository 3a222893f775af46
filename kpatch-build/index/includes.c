// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kernel/sched/rt.c is not a unit: build_policy.c includes it. fs/binfmt_elf.c
 * is one, and compat_binfmt_elf.c includes it as well. A change of such a file
 * changes every unit that includes it, and debug information lists files only
 * if they left code or data behind.
 *
 * So the text is searched, once per kernel, for lines that include a .c file.
 * That finds too much rather than too little. The compiler lists what it really
 * read (-MMD) when the unit is compiled.
 */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/text.h"
#include "lib/array.h"
#include "lib/files.h"
#include "kpatch-build/index/includes.h"

/* A header of this size is a table of register numbers. */
#define HEADER_MAX (512 << 10)

/* Folders without units of a kernel. */
static const char *const skipped[] = { "Documentation", "tools", "samples", "LICENSES", "usr" };

static bool is_skipped(const FTSENT *entry, const char *arch)
{
	if (entry->fts_name[0] == '.' && entry->fts_level > 0)
		return true;
	if (entry->fts_level == 1)
		for (size_t i = 0; i < ARRAY_SIZE(skipped); i++)
			if (!strcmp(entry->fts_name, skipped[i]))
				return true;
	return entry->fts_level == 2 && !strcmp(entry->fts_parent->fts_name, "arch") &&
	       strcmp(entry->fts_name, arch);
}

static bool is_source(const FTSENT *entry, off_t header_max)
{
	const char *dot = strrchr(entry->fts_name, '.');

	return dot && (!strcmp(dot, ".c") || !strcmp(dot, ".S") ||
		       (!strcmp(dot, ".h") && entry->fts_statp->st_size < header_max));
}

/* Besides sources: what they include under other names, and what gives macros to a compiler. */
static const char *const other_texts[] = {
	"*.inc", "*.inl",    "*.def",	   "*.in",   "*.pro",
	"*.lds", "Makefile", "Makefile.*", "Kbuild", "Kbuild.*",
};

static bool is_text(const FTSENT *entry)
{
	for (size_t i = 0; i < ARRAY_SIZE(other_texts); i++)
		if (!fnmatch(other_texts[i], entry->fts_name, 0))
			return true;
	return is_source(entry, LONG_MAX);
}

enum which_files { SOURCES, TEXTS };

static int walk(const char *source, const char *arch, enum which_files which, source_fn found,
		void *arg, struct diag *diag)
{
	char *const roots[] = { (char *)source, NULL };
	size_t prefix = strlen(source) + 1;
	FTSENT *entry;
	int err = 0;
	FTS *fts;

	fts = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	if (!fts)
		return diag_errno(diag, errno, source, "read");
	while (!err && (errno = 0, entry = fts_read(fts))) {
		if (entry->fts_info == FTS_D && is_skipped(entry, arch))
			fts_set(fts, entry, FTS_SKIP);
		else if (entry->fts_info == FTS_ERR || entry->fts_info == FTS_DNR)
			err = -entry->fts_errno;
		else if (entry->fts_info == FTS_F &&
			 (which == TEXTS ? is_text(entry) : is_source(entry, HEADER_MAX)))
			err = found(entry->fts_path, entry->fts_path + prefix, arg);
	}
	if (!err && errno)
		err = -errno;
	fts_close(fts);
	return err ? diag_errno(diag, -err, source, "read") : 0;
}

int for_each_source(const char *source, const char *arch, source_fn found, void *arg,
		    struct diag *diag)
{
	return walk(source, arch, SOURCES, found, arg, diag);
}

int for_each_text(const char *source, const char *arch, source_fn found, void *arg,
		  struct diag *diag)
{
	return walk(source, arch, TEXTS, found, arg, diag);
}

/* "  # include "x.c"" → x.c; @at is after the '#'. Caller frees; NULL if it is something else. */
static char *included_file(const char *at)
{
	const char *end;

	at += strspn(at, " \t");
	if (!str_starts(at, "include"))
		return NULL;
	at += 7;
	at += strspn(at, " \t");
	if (*at != '"' && *at != '<')
		return NULL;
	end = strpbrk(at + 1, "\">\n");
	if (!end || *end == '\n' || end - at < 4 || !str_starts(end - 2, ".c"))
		return NULL;
	return strndup(at + 1, end - at - 1);
}

struct scan {
	int (*found)(const char *includer, const char *text, void *arg);
	void *arg;
};

static int scan_file(const char *path, const char *relative, void *arg)
{
	const struct scan *scan = arg;
	char *data = NULL, *at, *text, *line;
	size_t size;
	int err;

	if (strrchr(relative, '.')[1] == 'S')
		return 0;
	err = read_file(path, &data, &size);
	/* every such line contains .c" or .c>, and few files do */
	for (at = data; !err && (at = strstr(at, ".c")); at += 2) {
		if (at[2] != '"' && at[2] != '>')
			continue;
		for (line = at; line > data && line[-1] != '\n'; line--)
			;
		line += strspn(line, " \t");
		text = *line == '#' ? included_file(line + 1) : NULL;
		if (text)
			err = scan->found(relative, text, scan->arg);
		free(text);
	}
	free(data);
	return err;
}

int for_each_included_unit(const char *source, const char *arch,
			   int (*found)(const char *includer, const char *text, void *arg),
			   void *arg, struct diag *diag)
{
	struct scan scan = { found, arg };

	return for_each_source(source, arch, scan_file, &scan, diag);
}

/* The length of @path, of @n characters, without its last component. */
static size_t parent_length(const char *path, size_t n)
{
	while (n && path[n - 1] != '/')
		n--;
	return n ? n - 1 : 0;
}

/*
 * Relative to the includer's folder it must be exactly @path. With -I any folder may be before it,
 * so a common ending is enough.
 */
bool include_can_be(const char *includer, const char *text, const char *path)
{
	size_t dir = parent_length(includer, strlen(includer)), n = strlen(path), t;
	const char *rest = text;

	while (str_starts(rest, "../") || str_starts(rest, "./")) {
		if (rest[1] == '.') {
			dir = parent_length(includer, dir);
			rest += 3;
		} else {
			rest += 2;
		}
	}
	t = strlen(rest);
	if (t > n || strcmp(path + n - t, rest) || (t < n && path[n - t - 1] != '/'))
		return false;
	if (rest != text) /* "../": relative to a folder that we know */
		return (dir ? dir + 1 : 0) + t == n && !strncmp(path, includer, dir);
	return true;
}
