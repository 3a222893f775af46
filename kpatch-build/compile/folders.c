// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A tree of links has folders that are links. "../x.h" from such a folder leads
 * to where the link leads, and out of the tree. So each folder that a command
 * leaves by ".." is first made a real one (shadow.h).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/compile/command.h"
#include "lib/paths.h"
#include "lib/process.h"
#include "kpatch-build/source/shadow.h"

#include "kpatch-build/compile/folders.h"

int open_folders_of(const struct trees *trees, const char *tree, const char *word,
		    struct diag *diag)
{
	const char *root = strstr(word, tree), *dots = root;
	int err = 0;

	while (dots && !err && (dots = strstr(dots, "/.."))) {
		const char *begin = root + strlen(tree) + 1;
		char *named = dots > begin ? strndup(begin, dots - begin) : strdup("");
		char *folder = named ? path_without_dots(named) : NULL;

		err = folder ? shadow_open_folder(trees->original, tree, folder) : -ENOMEM;
		if (err)
			diag_errno(diag, -err, folder ?: tree, "make");
		free(named);
		free(folder);
		dots += strlen("/..");
	}
	return err;
}

int open_command_folders(const struct trees *trees, struct diag *diag,
			 const struct command *commands, size_t n)
{
	int err = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t step = 0; step < commands[i].n; step++)
			for (const char **word = commands[i].steps[step].list; *word && !err;
			     word++)
				err = open_folders_of(trees, trees->numbered, *word, diag);
	return err;
}
