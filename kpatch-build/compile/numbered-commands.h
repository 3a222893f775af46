/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that compile the numbered tree: numbered-commands.c. */
#ifndef KPATCH_BUILD_NUMBERED_COMMANDS_H
#define KPATCH_BUILD_NUMBERED_COMMANDS_H

struct build;
struct command;
struct process;

/* What a recorded command needs besides in that tree. 0 or -ENOMEM. */
int add_numbered_flags(struct command *command);

/*
 * @process has compiled in that tree, and complained. Let the compiler say it of the patched source
 * itself: ->log then has the lines that the author of a diff sees.
 */
void use_plain_messages(struct build *build, struct process *process);

#endif
