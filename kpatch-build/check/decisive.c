// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff that adds a member to a structure of a header reaches hundreds of
 * units, and is refused after all of them were preprocessed and compiled. The
 * diff's own source files show the same within seconds. So they are compiled
 * and compared first, if the diff also changes a header; and a few of the units
 * if it changes only headers.
 *
 * What is decided early has to be what would be decided in the end. So only
 * errors count that more units can't take back.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "kpatch-build/check/decisive.h"
#include "kpatch-build/source/source-files.h"

/* Errors that follow from one unit alone, whatever the other units contain. */
static const struct {
	const char *code;
	const char *why;
} decisive[] = {
	{ "KS103", "the unit's init code is freed, wherever it is called from" },
	{ "KS104", "the running kernel has the variable's value, whoever else uses it" },
	{ "KS105", "the running kernel has no room for the variable, whoever else uses it" },
	{ "KS350",
	  "the running kernel has data of the type, as the unit's debug information says" },
};

bool has_decisive_error(const struct diag *diag)
{
	for (size_t i = 0; i < ARRAY_SIZE(decisive); i++)
		if (diag_has_error(diag, decisive[i].code))
			return true;
	return false;
}

/*
 * A word of the author (klp-split-author.h) in a header may be compiled by another unit only, and
 * allow what the first units are refused for.
 */
static bool has_words_of_author(const struct series *series, struct trees *trees,
				const struct change *change)
{
	const struct source_file *file = source_file_get(series, trees, change->path);

	if (!file)
		return true;
	for (size_t i = 0; i < file->n; i++)
		if (strstr(file->lines[i], "KLP_SPLIT_") ||
		    strstr(file->lines[i], "klp-split-author"))
			return true;
	return false;
}

bool may_decide_early(const struct job *job, const struct oot_module *oot,
		      const struct series *series, struct trees *trees)
{
	bool header = false;

	if (oot->tree || job->options.prove)
		return false;
	for (size_t i = 0; i < series->n_changes; i++) {
		const struct change *change = &series->changes[i];

		if (change->ignored)
			continue;
		/* units and their parts come and go: code may move from one to another */
		if (change->makefile || change->removed || change->kconfig)
			return false;
		if (!fnmatch("*.c", change->path, 0)) {
			if (change->added)
				return false;
			continue;
		}
		header = true;
		if (has_words_of_author(series, trees, change))
			return false;
	}
	return header;
}

void forget_moved(struct reached *reached)
{
	for (size_t i = 0; i < reached->n_moved; i++)
		free(reached->moved[i].name);
	reached->n_moved = 0;
}
