/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that compile the numbered tree: numbered-commands.c. */
#ifndef KPATCH_BUILD_NUMBERED_COMMANDS_H
#define KPATCH_BUILD_NUMBERED_COMMANDS_H

struct command;
struct job;
struct process;
struct trees;

/* Add the flags that a recorded command needs in that tree. 0 or -ENOMEM. */
int add_numbered_flags(struct command *command);

/*
 * @process has compiled in that tree, and complained. Run the compiler on the patched source
 * itself, so that ->log has the line numbers that the author of a diff sees.
 */
void use_plain_messages(const struct job *job, const struct trees *trees, struct process *process);

#endif
