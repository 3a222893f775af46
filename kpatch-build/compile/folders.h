/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folders of a tree of links that commands leave by "..": folders.c. */
#ifndef KPATCH_BUILD_FOLDERS_H
#define KPATCH_BUILD_FOLDERS_H

#include <stddef.h>

struct command;
struct diag;
struct trees;

/*
 * Before a command runs in a tree of links: make the folders real that @word, or any word of the
 * commands, leaves by ".." (shadow_open_folder()).
 */
int open_folders_of(const struct trees *trees, const char *tree, const char *word,
		    struct diag *diag);
int open_command_folders(const struct trees *trees, struct diag *diag,
			 const struct command *commands, size_t n);

#endif
