// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The parts of a kernel are in several packages and places, and mixing two
 * versions of them compiles without complaint. So all shipped files are taken
 * from one root: the system, or else what was fetched into the cache.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/kernel/files.h"
#include "lib/files.h"
#include "kpatch-build/kernel/distro.h"
#include "lib/text.h"

static char **member_of(const struct kernel *kernel, const struct distro_input *input)
{
	return (char **)((char *)kernel + input->member);
}

const char *input_given(const struct kernel *kernel, const struct distro_input *input)
{
	return *(char **)((char *)kernel + input->given);
}

char *input_under_root(const char *root, const struct distro_input *input, const char *release)
{
	char *first = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(input->paths) && input->paths[i]; i++) {
		char *relative = format(input->paths[i], release);
		char *path = relative ? format("%s/%s", root, relative) : NULL;

		free(relative);
		if (!path || path_exists(path)) {
			free(first);
			return path;
		}
		if (!first)
			first = path;
		else
			free(path);
	}
	return first;
}

/* Except for the files that were given. */
static bool root_is_complete(const struct kernel *kernel, const char *root)
{
	const struct distro *distro = kernel->distro;
	bool complete = true;

	for (size_t i = 0; i < distro->n_inputs && complete; i++) {
		char *path;

		if (input_given(kernel, &distro->inputs[i]))
			continue;
		path = input_under_root(root, &distro->inputs[i], kernel->release);

		complete = path && path_exists(path);
		free(path);
	}
	return complete;
}

static int take_root(const struct kernel *kernel, const char *root, struct diag *diag)
{
	const struct distro *distro = kernel->distro;

	for (size_t i = 0; i < distro->n_inputs; i++) {
		const char *given = input_given(kernel, &distro->inputs[i]);
		char *path = given ? strdup(given)
				   : input_under_root(root, &distro->inputs[i], kernel->release);

		if (!path)
			return diag_oom(diag);
		free(*member_of(kernel, &distro->inputs[i]));
		*member_of(kernel, &distro->inputs[i]) = path;
	}
	return 0;
}

bool cached_root_is_complete(const struct kernel *kernel)
{
	return root_is_complete(kernel, kernel->root);
}

bool take_complete_root(const struct kernel *kernel, int *err, struct diag *diag)
{
	*err = 0;
	if (root_is_complete(kernel, ""))
		*err = take_root(kernel, "", diag);
	else if (root_is_complete(kernel, kernel->root))
		*err = take_root(kernel, kernel->root, diag);
	else
		return false;
	return true;
}
