/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fix with a new file changes a makefile, too; and most other changes of a
 * makefile would make an object that differs from the running kernel's.
 */
#ifndef KPATCH_BUILD_MAKEFILES_H
#define KPATCH_BUILD_MAKEFILES_H

#include <stdbool.h>
#include <stddef.h>

struct job;
struct kernel;

/*
 * What the makefile of one folder lists in one tree: "y fs/proc/meminfo.o" for vmlinux, "m
 * fs/ext4/super.o" for a module, "M fs/ext4/ext4.o" for the module itself.
 */
struct object_list {
	char **names; /* sorted; see below */
	size_t n;
};

/* Ask make for the list of @folder ("fs/proc") in the tree at @tree. Reported; free in any case. */
int object_list_read(const struct job *job, struct kernel *kernel, const char *tree,
		     const char *folder, struct object_list *list);
bool object_list_has(const struct object_list *list, const char *name);
void object_list_free(struct object_list *list);

#endif
