/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fix with a new file changes a makefile, too. Most other changes of a
 * makefile would make an object that differs from the running kernel's.
 */
#ifndef KPATCH_BUILD_MAKEFILES_H
#define KPATCH_BUILD_MAKEFILES_H

#include <stdbool.h>
#include <stddef.h>

struct job;
struct kernel;

/*
 * "y fs/proc/meminfo.o" of vmlinux, "m fs/ext4/super.o" of a module, "M fs/ext4/ext4.o" for the module
 * itself, "D fs/ext4" for a folder that kbuild descends into, "V ccflags-y -DX" for the value of a
 * variable, "L lib/x.o" of lib.a: what the makefile of one folder says in one tree.
 */
struct object_list {
	char **names; /* sorted; see below */
	size_t n;
};

/*
 * Ask make for those of @folder ("fs/proc") in the tree at @tree. @settings: names of the variables,
 * as a makefile has them, or NULL. Reported; free in any case.
 */
int object_list_read(const struct job *job, const struct kernel *kernel, const char *tree,
		     const char *folder, const char *settings, struct object_list *list);
bool object_list_has(const struct object_list *list, const char *name);
void object_list_free(struct object_list *list);

#endif
