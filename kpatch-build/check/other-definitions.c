// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * If there are several definitions of one name, the linker uses the strong one,
 * or else the first weak one. Those that it drops leave no symbol behind. The
 * sources of the object's other units show them, unless a macro composes the
 * name.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kpatch-build/build.h"
#include "kpatch-build/check/globals.h"
#include "kpatch-build/check/other-definitions.h"
#include "kpatch-build/index/make-index.h"
#include "kpatch-build/index/unit-index.h"
#include "lib/files.h"
#include "lib/text.h"

/* The beginning of the declaration that contains @at: after the previous one. */
static const char *declaration_begin(const char *text, const char *at)
{
	while (at > text && !strchr(";{}", at[-1]))
		at--;
	return at;
}

/*
 * A declaration with @name and "weak" in it: "__weak", or the attribute, before or after the name.
 */
static bool has_weak(const char *text, const char *name)
{
	static const char mark[] = "weak";

	for (const char *at = text; (at = strcasestr(at, mark)); at += strlen(mark)) {
		const char *begin = declaration_begin(text, at);
		char *declaration = strndup(begin, at - begin + strcspn(at, ";{}"));
		bool has = declaration && text_has_word(declaration, name);

		free(declaration);
		if (has)
			return true;
	}
	return false;
}

/*
 * Assembler has no declarations: a macro (SYM_FUNC_START_WEAK) or a directive (.weak) may make it
 * weak.
 */
static bool may_define(const char *source, const char *text, const char *name)
{
	if (unit_is_assembly(source))
		return strcasestr(text, "weak") && text_has_word(text, name);
	return has_weak(text, name);
}

int find_other_definition(const struct kernel *kernel, const struct trees *trees,
			  const struct reached *reached, struct diag *diag,
			  const struct global *row, char **source)
{
	const struct unit *unit = &reached->units[row->unit];
	struct unit_index index = { 0 };
	int err = unit_index_load(kernel->index, kernel->build_id, &index, diag);

	*source = NULL;
	for (size_t i = 0; i < index.n_units && !*source && !err; i++) {
		const struct unit_index_entry *entry = &index.units[i];
		char *path, *text = NULL;
		size_t size;

		if (strcmp(entry->object, unit->object) || !strcmp(entry->source, unit->source))
			continue;
		path = path_join(trees->shadow, entry->source, NULL);
		err = path ? read_file_if_there(path, &text, &size) : -ENOMEM;
		if (err)
			diag_errno(diag, -err, path ?: entry->source, "read");
		else if (text && may_define(entry->source, text, row->name) &&
			 !(*source = strdup(entry->source)))
			err = diag_oom(diag);
		free(text);
		free(path);
	}
	unit_index_free(&index);
	return err;
}
