// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two units of one module have a static function of the same name. The linker
 * noted as FILE symbols which of the two symbols belongs to which unit. The
 * stripped module that is loaded has lost them; the one with debug information
 * still has them.
 *
 * But positions count the symbols of the loaded one. So the other one is used
 * only if both have the same symbols in the same order.
 */
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "lib/files.h"
#include "lib/object-index.h"
#include "kpatch-build/units/symbols.h"
#include "lib/text.h"

/* The file with debug information for @object; NULL: none, or not enough memory. */
static char *debug_file(const struct kernel *kernel, const struct object *object)
{
	size_t n = strlen(kernel->modules);

	if (strncmp(object->file, kernel->modules, n) || object->file[n] != '/')
		return NULL;
	return path_join(kernel->debug_modules, object->file + n + 1, NULL);
}

static int same_symbols(const struct object *object, const char *other, bool *same,
			struct diag *diag)
{
	struct object_index *a = NULL, *b = NULL;
	int err;

	err = object_index_load(object->file, object->name, &a, diag);
	err = err ?: object_index_load(other, object->name, &b, diag);
	if (!err)
		*same = object_index_same_symbols(a, b);
	object_index_free(a);
	object_index_free(b);
	return err;
}

int choose_symbols(const struct kernel *kernel, struct object *object, struct diag *diag)
{
	char *other = debug_file(kernel, object);
	bool same = false;
	int err = 0;

	if (other && path_exists(other))
		err = same_symbols(object, other, &same, diag);
	object->symbols = same ? other : strdup(object->file);
	if (!same)
		free(other);
	return err ?: object->symbols ? 0 : diag_oom(diag);
}
