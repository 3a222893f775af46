/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of compile.c and originals.c for other passes that run recorded commands; the passes are in build.h. */
#ifndef KPATCH_BUILD_COMPILE_H
#define KPATCH_BUILD_COMPILE_H

#include <stddef.h>

struct build;
struct command;
struct process;

/* build/fs/proc/meminfo.o → build/fs/proc/.meminfo.o.cmd; caller frees, NULL: no memory */
char *recorded_command_path(const char *folder, const char *target);

/* Let a patched source file find klp-split-author.h. 0 or -ENOMEM. */
int add_author_folder(const struct build *build, struct command *command);

/*
 * Before a command runs in a tree of links: make what @word, or any word of the commands, reaches in
 * it with ".." real (shadow_open_folder()).
 */
int open_folders_of(struct build *build, const char *tree, const char *word);
int open_command_folders(struct build *build, const struct command *commands, size_t n);

/* KS326 for a command that failed, with the end of what it said. */
void report_compiler(struct build *build, const char *source, struct process *process);

#endif
