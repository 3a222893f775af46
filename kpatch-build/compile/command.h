/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kbuild takes two seconds to find out how a unit is compiled, and writes it
 * down (".meminfo.o.cmd"). Running that command again, with another source and
 * another output, gives what kbuild would give, without kbuild.
 */
#ifndef KPATCH_BUILD_COMMAND_H
#define KPATCH_BUILD_COMMAND_H

#include <stddef.h>

/* Commands to run one after the other; each a NULL-terminated vector of words. */
struct command {
	char ***steps;
	size_t n;
};

/*
 * The recorded command in the text of a .cmd file, without make's quoting.
 * Caller frees; NULL if there is none or memory is out.
 */
char *command_recorded(const char *cmd_file);

/* What is to be another path in the command that is run. */
struct command_paths {
	const char *source, *new_source; /* roots */
	const char *target, *new_target; /* the object: "fs/proc/meminfo.o" */
	const char *new_depfile;
};

/*
 * Take @text apart and replace paths. -EINVAL: it has something that isn't a
 * plain command (substitutions, pipes, redirections), or lacks a path to
 * be replaced. -ENOMEM. Free with command_free().
 */
int command_parse(const char *text, const struct command_paths *paths, struct command *command);
/* Add @word at the end of step number @step. 0 or -ENOMEM. */
int command_add_word(struct command *command, size_t step, const char *word);
/* Put @word before the one that is number @at of step number @step, of which there are as many at least. */
int command_insert_word(struct command *command, size_t step, size_t at, const char *word);
void command_free(struct command *command);

#endif
