/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parts of compile.c for other passes that run recorded commands; the pass is
 * declared in build.h.
 */
#ifndef KPATCH_BUILD_COMPILE_H
#define KPATCH_BUILD_COMPILE_H

struct command;
struct job;
struct process;
struct trees;

/* Let a patched source file find klp-split-author.h. 0 or -ENOMEM. */
int add_author_folder(const struct job *job, struct command *command);

/* Report KS326 for a command that failed, with the end of its output. */
void report_compiler(const struct job *job, const struct trees *trees, const char *source,
		     struct process *process);

#endif
