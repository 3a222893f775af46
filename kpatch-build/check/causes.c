// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pass that puts errors below the one that explains them (diag_fold()). An
 * error where the diff edits the source may be the author's own mistake, so it
 * is never below another.
 */
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/check/causes.h"
#include "kpatch-build/source/source-files.h"
#include "lib/diag-fold.h"

/* A definition ends with "}" or "…;" in the first column's scope; declarations of one line at once. */
static unsigned int definition_end(const struct source_file *file, const struct diag_place *place)
{
	if (place->function)
		return source_function_end(file, place->line);
	for (unsigned int line = place->line; line >= 1 && line <= file->n; line++) {
		const char *text = file->lines[line - 1];
		size_t n = strlen(text);

		if (*text == '}' || (n && text[n - 1] == ';' && *text != ' ' && *text != '\t'))
			return line;
	}
	return file->n;
}

static bool is_unedited(const struct diag_place *place, void *arg)
{
	struct build *build = arg;
	const struct source_file *file;
	unsigned int first = place->line;

	if (!place->file || !place->line)
		return false;
	file = source_file_get(&build->series, &build->trees, place->file);
	if (!file || first > file->n)
		return false;
	/* its result and attributes may be in a line of their own before its name */
	for (; first > 1 && *file->lines[first - 2] && !strchr("}/* #\t", *file->lines[first - 2]);)
		first--;
	return !source_is_touched(file, first, definition_end(file, place));
}

void fold_consequences(struct build *build)
{
	if (diag_errors(build->diag))
		diag_fold(build->diag, is_unedited, build);
}
