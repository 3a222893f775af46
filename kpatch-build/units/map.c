// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pass that finds the units that the diffs reach, by the index of the
 * kernel (unit-index.h). Headers and new files have passes of their own.
 */
#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <unistd.h>

#include "kpatch-build/index/dwarf-units.h"
#include "lib/files.h"
#include "kpatch-build/index/includes.h"
#include "lib/klp-format.h"
#include "lib/process.h"
#include "kpatch-build/index/recorded.h"
#include "kpatch-build/units/readers.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/units/map.h"
#include "kpatch-build/units/objects.h"

struct lookup {
	const struct job *job;
	const struct kernel *kernel;
	const struct oot_module *oot;
	struct reached *reached;
	const struct unit_index *index;
	size_t found;
};

struct unit *build_find_unit(const struct reached *reached, const struct unit_index_entry *entry)
{
	for (size_t i = 0; i < reached->n_units; i++)
		if (!strcmp(reached->units[i].source, entry->source) &&
		    !strcmp(reached->units[i].object, entry->object))
			return &reached->units[i];
	return NULL;
}

int map_unit(const struct job *job, const struct kernel *kernel, const struct oot_module *oot,
	     struct reached *reached, const struct unit_index_entry *entry)
{
	if (build_find_unit(reached, entry))
		return 0;
	return need_object(kernel, reached, entry)
		       ? diag_oom(job->diag)
		       : build_add_unit(job, kernel, oot, reached, entry);
}

static int take_unit(const struct unit_index_entry *entry, void *arg)
{
	struct diag_place place = { .file = entry->source };
	struct lookup *lookup = arg;

	lookup->found++;
	if (unit_is_assembly(entry->source)) /* --prove */
		return diag_error(lookup->job->diag, "KS312", &place, "%s", entry->object);
	return map_unit(lookup->job, lookup->kernel, lookup->oot, lookup->reached, entry);
}

/* map_headers() follows it. */
static int note_header(const char *header, void *arg)
{
	struct lookup *lookup = arg;

	lookup->found++;
	return 0;
}

static int map_change(struct lookup *lookup, const char *path)
{
	struct diag_place place = { .file = path };
	int err;

	lookup->found = 0;
	err = unit_index_reach(lookup->index, path, take_unit, note_header, lookup);
	if (err == -ENOMEM)
		return diag_oom(lookup->job->diag);
	if (err == -ELOOP)
		return diag_error(lookup->job->diag, "KS320", &place,
				  "the files that include it include each other");
	/* map_headers() compares what readers other than units make of it */
	if (!lookup->found && (lookup->oot->index || !is_of_reader(lookup->index, path)))
		return diag_error(lookup->job->diag, "KS320", &place, "%s",
				  lookup->kernel->release);
	return 0;
}

int map_units(struct build *build)
{
	static const struct unit_index_entry vmlinux = { "", KLP_VMLINUX, "-", "" };
	const char *path = build->oot.index ?: build->kernel.index;
	struct lookup lookup = { .job = &build->job,
				 .kernel = &build->kernel,
				 .oot = &build->oot,
				 .reached = &build->reached };
	struct unit_index index;
	int err, one;

	err = unit_index_load(path, build->kernel.build_id, &index, build->diag);
	if (err)
		return err == -ENOENT ? diag_errno(build->diag, ENOENT, path, "read") : err;
	lookup.index = &index;
	err = need_object(&build->kernel, &build->reached, &vmlinux) ? diag_oom(build->diag) : 0;
	for (size_t i = 0; i < build->n_changes && err != -ENOMEM; i++) {
		if (build->changes[i].ignored || !fnmatch("*.h", build->changes[i].path, 0))
			continue; /* documentation; a header: map_headers() */
		/* a new file is part of no unit, unless a changed one includes it */
		if (build->changes[i].added || build->changes[i].makefile)
			continue; /* map_new_units() */
		one = map_change(&lookup, build->changes[i].path);
		err = err ?: one;
	}
	if (!err && build->options.prove)
		err = map_change(&lookup, build->options.prove);
	unit_index_free(&index);
	return err;
}
