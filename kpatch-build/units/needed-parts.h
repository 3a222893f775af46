/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of the diffs that could be left out, and which the rest needs: needed-parts.c. */
#ifndef KPATCH_BUILD_UNITS_NEEDED_PARTS_H
#define KPATCH_BUILD_UNITS_NEEDED_PARTS_H

#include <fnmatch.h>
#include <stdbool.h>

#include "kpatch-build/index/header-graph.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/source/diff.h"
#include "kpatch-build/units/unbuilt.h"

/* The diffs, as patch(1) is to read them. */
struct diff_text {
	char *text;
	struct diff_list list;
};

struct parts {
	const struct job *job;
	struct kernel *kernel;
	const struct series *series;
	const struct trees *trees;
	struct diff_text *texts; /* one for each of build->diffs */
	bool *out; /* for each of build->changes: it can be left out */
	struct unit_index index;
	struct header_graph graph;
	char *config;
	struct built built;
};

static inline bool path_is_header(const char *path)
{
	return !fnmatch("*.h", path, 0);
}

static inline bool path_is_source(const char *path)
{
	return !fnmatch("*.[cSs]", path, 0);
}

static inline const char *entry_path(const struct diff_entry *entry)
{
	return diff_strip(entry->new_path ?: entry->old_path, 1);
}

/* What another part needs stays; its own lines then count too. */
void keep_needed_parts(struct parts *parts);

#endif
