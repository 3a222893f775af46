// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Copies or links a source tree that was given by hand; source-tree.h says why.
 */
#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/files.h"
#include "lib/paths.h"
#include "kpatch-build/kernel/source-tree.h"
#include "lib/text.h"
#include "lib/walk.h"

/* Files that kbuild leaves in a tree in which it builds; matched with the path in the tree. */
static const struct {
	const char *pattern, *why;
} made[] = {
	{ ".git", "no source, and large" },
	{ "*/.git", "the same" },
	{ "include/config", "of another configuration" },
	{ "include/generated", "the same" },
	{ "arch/*/include/generated", "the same" },
	{ ".config*", "the same" },
	{ "*.o", "made of source" },
	{ "*.a", "the same" },
	{ "*.ko", "the same" },
	{ "*.mod", "the same" },
	{ "*.mod.c", "the same" },
	{ "*.cmd", "how something was made" },
	{ "*.d", "the same" },
	{ "Module.symvers", "what modules export" },
	{ "*modules.order", "a list of modules" },
	{ "vmlinux", "the kernel" },
	{ "vmlinux.*[!S]", "parts of it; vmlinux.lds.S lies elsewhere" },
	{ "System.map", "its symbols" },
};

static bool exists_below(const char *path, const char *name)
{
	char *full = path_join(path, name, NULL);
	bool exists = full && path_exists(full);

	free(full);
	return exists;
}

/* The rule `outputmakefile` of the top Makefile checks the same three. */
bool source_tree_is_unusable(const char *path)
{
	return !path_is_plain(path) || exists_below(path, ".config") ||
	       exists_below(path, "include/config") || exists_below(path, "include/generated");
}

/* By its name, or because kbuild recorded how it made it: "x.lex.c", ".x.lex.c.cmd". */
static bool is_made(const FTSENT *entry, const char *relative)
{
	const char *slash = strrchr(entry->fts_path, '/');
	bool is = false;
	char *record;

	for (size_t i = 0; i < ARRAY_SIZE(made); i++)
		if (!fnmatch(made[i].pattern, relative, 0))
			return true;
	if (entry->fts_info == FTS_F) {
		record = format("%.*s/.%s.cmd", (int)(slash - entry->fts_path), entry->fts_path,
				slash + 1);
		is = record && path_exists(record);
		free(record);
	}
	return is;
}

static int make_entry(const FTSENT *entry, const char *to, enum tree_files files)
{
	char target[4096];
	ssize_t n;

	switch (entry->fts_info) {
	case FTS_D:
		return mkdir(to, 0777) && errno != EEXIST ? -errno : 0;
	case FTS_F:
		if (files == TREE_OF_COPIES)
			return copy_file(entry->fts_path, to) ?: chmod(to, 0644) ? -errno : 0;
		return symlink(entry->fts_path, to) ? -errno : 0;
	case FTS_SL:
	case FTS_SLNONE: /* within the tree it leads to our own file */
		n = readlink(entry->fts_path, target, sizeof(target) - 1);
		if (n < 0)
			return -errno;
		target[n] = '\0';
		return symlink(target, to) ? -errno : 0;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return -entry->fts_errno;
	default:
		return 0;
	}
}

int source_tree_make(const char *from, const char *to, enum tree_files files)
{
	char *const roots[] = { (char *)from, NULL };
	size_t prefix = strlen(from);
	FTSENT *entry;
	int err = 0;
	FTS *fts;

	fts = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	if (!fts)
		return -errno;
	while (!err && (errno = 0, entry = fts_read(fts))) {
		const char *relative = entry->fts_path + prefix + (entry->fts_level > 0);
		char *path;

		if (entry->fts_info == FTS_DP)
			continue;
		if (entry->fts_level && is_made(entry, relative)) {
			fts_set(fts, entry, FTS_SKIP);
			continue;
		}
		path = path_join(to, relative, NULL);
		err = path ? make_entry(entry, path, files) : -ENOMEM;
		free(path);
	}
	err = err ?: -errno;
	fts_close(fts);
	return err;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* FNV-1a: it has to notice changes, not to resist attacks. */
static void mix(uint64_t *sum, const void *data, size_t size)
{
	for (const unsigned char *c = data; size--; c++)
		*sum = (*sum ^ *c) * 0x100000001b3;
}

int source_tree_digest(const char *path, char **digest)
{
	char *const roots[] = { (char *)path, NULL };
	uint64_t sum = 0xcbf29ce484222325;
	size_t prefix = strlen(path);
	FTSENT *entry;
	int err = 0;
	FTS *fts;

	fts = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
	if (!fts)
		return -errno;
	while (!(err = walk_next(fts, &entry)) && entry) {
		const char *relative = entry->fts_path + prefix + (entry->fts_level > 0);

		if (entry->fts_level && entry->fts_info != FTS_DP && is_made(entry, relative)) {
			fts_set(fts, entry, FTS_SKIP);
			continue;
		}
		if (entry->fts_info != FTS_F && entry->fts_info != FTS_SL)
			continue;
		mix(&sum, relative, strlen(relative) + 1);
		mix(&sum, &entry->fts_statp->st_size, sizeof(entry->fts_statp->st_size));
		mix(&sum, &entry->fts_statp->st_mtim, sizeof(entry->fts_statp->st_mtim));
	}
	fts_close(fts);
	*digest = err ? NULL : format("%016lx", (unsigned long)sum);
	return err ?: *digest ? 0 : -ENOMEM;
}
