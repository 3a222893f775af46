// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff removes `#define STATE_BUSY 2`, and adds `#define STATE_DEAD 2`. No macro
 * has another value, but the objects that the running kernel has marked as busy
 * are dead to the new code. If the macro only has another name, that is right. No
 * tool can tell the two apart.
 *
 * Only macros that the unit uses are compared, as in macros.c, and only those whose
 * definitions the changed files lose and gain.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/check/c-token.h"
#include "kpatch-build/check/macro-successor.h"
#include "lib/files.h"
#include "lib/text.h"

/* Does a line of @text define the macro @name? */
static bool text_defines(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		line += strspn(line, " \t");
		if (*line != '#')
			continue;
		line++;
		line += strspn(line, " \t");
		if (!str_starts(line, "define"))
			continue;
		line += strlen("define");
		line += strspn(line, " \t");
		if (!strncmp(line, name, n) && !c_is_name_char(line[n]))
			return true;
	}
	return false;
}

/* Does one of the changed files, below @root, define the macro @name? */
static int files_define(const struct series *series, const char *root, const char *name, bool *is,
			struct diag *diag)
{
	int err = 0;

	*is = false;
	for (size_t i = 0; i < series->n_changes && !*is && !err; i++) {
		char *path = path_join(root, series->changes[i].path, NULL), *text = NULL;
		size_t size;

		err = path ? read_file_if_there(path, &text, &size) : -ENOMEM;
		if (err)
			diag_errno(diag, -err, path ?: root, "read");
		else
			*is = text && text_defines(text, name);
		free(text);
		free(path);
	}
	return err;
}

/* Do the diffs define @name in the tree @in, and not in the tree @not_in? */
static int is_only_in(const struct series *series, const char *in, const char *not_in,
		      const char *name, bool *is, struct diag *diag)
{
	bool other = true;
	int err = files_define(series, in, name, is, diag);

	if (!err && *is)
		err = files_define(series, not_in, name, &other, diag);
	*is = *is && !other;
	return err;
}

static bool evaluate(const struct macro_set *set, const struct macro *macro, struct constant *value)
{
	return !macro->calls && macro->expansion &&
	       constant_evaluate(macro->expansion, strlen(macro->expansion), macro_set_enumerator,
				 (void *)set, value);
}

int macro_predecessor(const struct series *series, const struct trees *trees,
		      const struct macro_set *old, const struct macro_set *patched,
		      const struct macro *new, const struct macro **found, struct constant *value,
		      struct diag *diag)
{
	struct constant before;
	bool is = false;
	int err = 0;

	*found = NULL;
	if (macro_set_find(old, new->name, 0) || !evaluate(patched, new, value))
		return 0;
	err = is_only_in(series, trees->shadow, trees->original, new->name, &is, diag);
	for (size_t i = 0; i < old->n && is && !*found && !err; i++) {
		const struct macro *one = &old->list[i];
		bool gone;

		if (macro_set_find(patched, one->name, 0) || !evaluate(old, one, &before) ||
		    before.value != value->value)
			continue;
		err = is_only_in(series, trees->original, trees->shadow, one->name, &gone, diag);
		if (!err && gone)
			*found = one;
	}
	return err;
}
