// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tables of files in a kernel's debug information name the same few
 * thousand headers a hundred thousand times, as the compiler found them: with
 * "..", or in the folder of the machine that built them. Each name is looked up
 * in the tree once. See header-reads.h.
 */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/index/dwarf-units.h"
#include "lib/files.h"
#include "kpatch-build/index/header-reads.h"
#include "lib/paths.h"
#include "kpatch-build/index/recorded.h"
#include "kpatch-build/index/make-index.h"
#include "lib/text.h"
#include "kpatch-build/index/header-seen.h"

struct name {
	char *raw;
	char *path; /* NULL: no file of the tree, nor one that kbuild made */
};

struct collector {
	const struct kernel *kernel;
	struct header_reads *reads;
	struct diag *diag;
};

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->raw, ((const struct name *)b)->raw);
}

static void free_name(void *node)
{
	struct name *name = node;

	free(name->raw);
	free(name->path);
	free(name);
}

void header_reads_free(struct header_reads *reads)
{
	tdestroy(reads->names, free_name);
	free(reads->list);
	memset(reads, 0, sizeof(*reads));
}

static bool is_file_of(const char *root, const char *path)
{
	char *full = path_join(root, path, NULL);
	bool is = full && path_exists(full);

	free(full);
	return is;
}

/*
 * The longest ending of @raw that is a file in our tree: the part before it belongs to another
 * machine.
 */
static char *find_in_tree(const struct kernel *kernel, const char *raw)
{
	for (const char *at = raw; at; at = strchr(at, '/')) {
		char *path;

		at += strspn(at, "/");
		path = path_without_dots(at);
		if (!path || is_file_of(kernel->source, path) || is_file_of(kernel->build, path))
			return path;
		free(path);
	}
	return NULL;
}

static int known_name(struct collector *c, const char *raw, const char **path)
{
	struct name key = { .raw = (char *)raw }, *name;
	struct name **found = tfind(&key, &c->reads->names, compare_names);

	if (!found) {
		name = calloc(1, sizeof(*name));
		if (!name || !(name->raw = strdup(raw))) {
			free(name);
			return -ENOMEM;
		}
		name->path = find_in_tree(c->kernel, raw);
		found = tsearch(name, &c->reads->names, compare_names);
		if (!found) {
			free_name(name);
			return -ENOMEM;
		}
	}
	*path = (*found)->path;
	return 0;
}

static bool ends_in(const char *path, const char *ending)
{
	size_t n = strlen(path), e = strlen(ending);

	return n > e && !strcmp(path + n - e, ending);
}

static int add_read(const char *unit, const char *file, void *arg)
{
	struct collector *c = arg;
	const char *from, *to;
	int err;

	if (!ends_in(file, ".h"))
		return 0;
	err = known_name(c, unit, &from);
	err = err ?: known_name(c, file, &to);
	return err ?: from && to ? header_reads_add(c->reads, from, to) : 0;
}

static int add_module(const char *path, const char *relative, void *arg)
{
	struct collector *c = arg;

	return dwarf_for_each_file(path, add_read, c, c->diag);
}

static int add_recorded(const struct recorded_unit *unit, void *arg)
{
	return for_each_recorded_read(unit, add_read, arg);
}

int header_reads_collect(const struct job *job, struct kernel *kernel, struct header_reads *reads)
{
	struct collector c = { kernel, reads, job->diag };
	const char *tree = kernel->given.build_tree;
	int err;

	if (tree)
		return for_each_recorded_unit(tree, add_recorded, &c, job->diag);
	err = dwarf_for_each_file(kernel->vmlinux, add_read, &c, job->diag);
	return err ?: for_each_debug_module(job, kernel, add_module, &c);
}
