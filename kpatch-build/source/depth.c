// SPDX-License-Identifier: GPL-2.0-or-later
/* Find where the source tree begins in the file names of a diff: see depth.h. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/source/depth.h"
#include "kpatch-build/source/diff.h"
#include "lib/array.h"
#include "lib/files.h"
#include "lib/text.h"

#define DEPTH_MAX 16

/* Files and folders at the root of the kernel's source: they tell `a/fs/x.c` from `fs/x.c`. */
static const char *const root_entries[] = {
	"arch",
	"block",
	"certs",
	"crypto",
	"Documentation",
	"drivers",
	"fs",
	"include",
	"init",
	"io_uring",
	"ipc",
	"kernel",
	"lib",
	"LICENSES",
	"mm",
	"net",
	"rust",
	"samples",
	"scripts",
	"security",
	"sound",
	"tools",
	"usr",
	"virt",
	"COPYING",
	"CREDITS",
	"Kbuild",
	"Kconfig",
	"MAINTAINERS",
	"Makefile",
	"README",
	".gitignore",
	".gitattributes",
	".mailmap",
	".clang-format",
	".editorconfig",
	".rustfmt.toml",
	".cocciconfig",
	".get_maintainer.ignore",
};

/* Folders that tools put in front of the tree's root. No folder of the kernel has such a name. */
static const struct {
	const char *pattern, *reason;
} prefixes[] = {
	{ "a", "git, the old file" },
	{ "b", "git, the new file" },
	{ "i", "git, in the index" },
	{ "w", "git, in the working tree" },
	{ "c", "git, in a commit" },
	{ "o", "git, an object" },
	{ "linux-*", "the folder in archives of the source" },
	{ "linux.orig", "a copy made before the change" },
};

static bool is_at_root(const char *path)
{
	size_t n = strcspn(path, "/");

	for (size_t i = 0; i < ARRAY_SIZE(root_entries); i++)
		if (strlen(root_entries[i]) == n && !strncmp(root_entries[i], path, n))
			return true;
	return false;
}

static bool leaves_tree(const char *path)
{
	for (const char *at = path; at; at = strchr(at, '/'), at = at ? at + 1 : NULL)
		if (*at == '/' || str_starts(at, "../") || !strcmp(at, ".."))
			return true;
	return false;
}

/*
 * A leading "../" is valid: "../b/fs/x.c" depends on where diff(1) was started. But no tool writes
 * a ".." after a folder.
 */
static bool has_inner_dotdot(const char *name)
{
	while (*name == '/' || str_starts(name, "../"))
		name = strchr(name, '/') + 1;
	return leaves_tree(name);
}

static bool is_in_tree(const char *rest, enum tree_kind kind)
{
	return rest && !leaves_tree(rest) && (kind == TREE_OF_MODULE || is_at_root(rest));
}

/* Is the component in front of @rest one that tools add? */
static bool follows_prefix(const char *name, const char *rest)
{
	const char *end = rest - 1, *start = end;
	char component[32];

	while (start > name && start[-1] != '/')
		start--;
	if (rest == name || (size_t)(end - start) >= sizeof(component))
		return false;
	memcpy(component, start, end - start);
	component[end - start] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (!fnmatch(prefixes[i].pattern, component, 0))
			return true;
	return false;
}

int depth_by_name(const char *name)
{
	int found = -1;

	if (has_inner_dotdot(name))
		return -1;
	for (int depth = 0; depth <= DEPTH_MAX; depth++) {
		const char *rest = diff_strip(name, depth);

		if (!is_in_tree(rest, TREE_OF_KERNEL))
			continue;
		if (found < 0 && follows_prefix(name, rest) && !leaves_tree(name))
			return depth;
		if (found >= 0)
			return DEPTH_UNKNOWN;
		found = depth;
	}
	return found >= 0 && leaves_tree(name) ? DEPTH_UNKNOWN : found;
}

static bool tree_has(const char *tree, const char *path)
{
	char *full = path_join(tree, path, NULL);
	bool has = full && path_exists(full);

	free(full);
	return has;
}

static bool tree_has_folder_of(const char *tree, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, slash - path) : strdup(".");
	bool has = folder && tree_has(tree, folder);

	free(folder);
	return has;
}

int depth_by_files(const char *name, const char *tree, enum tree_kind kind)
{
	/* every name without all its folders could be a new file at the root of a module's tree */
	const int most_of_new = kind == TREE_OF_MODULE ? 1 : DEPTH_MAX;

	if (has_inner_dotdot(name))
		return -1;
	for (int depth = 0; depth <= DEPTH_MAX; depth++) {
		const char *rest = diff_strip(name, depth);

		if (is_in_tree(rest, kind) && tree_has(tree, rest))
			return depth;
	}
	for (int depth = 0; depth <= most_of_new; depth++) {
		const char *rest = diff_strip(name, depth);

		if (is_in_tree(rest, kind) && tree_has_folder_of(tree, rest))
			return depth;
	}
	return -1;
}
