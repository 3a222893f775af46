/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree that is compiled, build->numbered, and what has to be known of it: numbered.c. */
#ifndef KPATCH_BUILD_NUMBERED_H
#define KPATCH_BUILD_NUMBERED_H

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

/* Give what @diag has found in debug information the lines of the patched source. */
struct diag;
void use_patched_lines(const struct build *build, struct diag *diag);

#endif
