/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kbuild takes two seconds to find out how a unit is compiled, and records the
 * command (".meminfo.o.cmd"). Running that command again with another source
 * and another output gives the same result as kbuild, without kbuild.
 */
#ifndef KPATCH_BUILD_COMMAND_H
#define KPATCH_BUILD_COMMAND_H

#include <stddef.h>

#include "lib/strvec.h"

/* Commands to run one after the other; each is an argv. */
struct command {
	struct strvec *steps;
	size_t n;
};

/*
 * The recorded command in the text of a .cmd file, without make's quoting. Caller frees; NULL if
 * there is none, or not enough memory.
 */
char *command_recorded(const char *cmd_file);

/* The paths to replace in the command. */
struct command_paths {
	const char *source, *new_source; /* roots */
	const char *target, *new_target; /* the object: "fs/proc/meminfo.o" */
	const char *new_depfile;
};

/*
 * Split @text into words and replace paths. -EINVAL: it contains something that isn't a plain
 * command (substitutions, pipes, redirections), or lacks a path to be replaced. -ENOMEM. Free with
 * command_free().
 */
int command_parse(const char *text, const struct command_paths *paths, struct command *command);
/* Add @word at the end of step number @step. 0 or -ENOMEM. */
int command_add_word(struct command *command, size_t step, const char *word);
/* Insert @word before word number @at of step number @step, which must have at least @at words. */
int command_insert_word(struct command *command, size_t step, size_t at, const char *word);
void command_free(struct command *command);

#endif
