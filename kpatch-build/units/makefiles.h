/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fix that brings a new file changes a makefile, too; and most other changes
 * of a makefile would make an object that isn't the running kernel's.
 */
#ifndef KPATCH_BUILD_MAKEFILES_H
#define KPATCH_BUILD_MAKEFILES_H

#include <stdbool.h>
#include <stddef.h>

struct job;
struct kernel;

/*
 * "y fs/proc/meminfo.o" of vmlinux, "m fs/ext4/super.o" of a module, "M fs/ext4/ext4.o" for the module
 * itself: what the makefile of one folder lists, as it stands in one tree.
 */
struct object_list {
	char **names; /* sorted; see below */
	size_t n;
};

/* Ask make for those of @folder ("fs/proc") in the tree at @tree. Reported; free in any case. */
int object_list_read(const struct job *job, struct kernel *kernel, const char *tree,
		     const char *folder, struct object_list *list);
bool object_list_has(const struct object_list *list, const char *name);
void object_list_free(struct object_list *list);

#endif
