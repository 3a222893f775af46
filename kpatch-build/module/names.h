/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch is a kernel module; its name ends up in /sys/kernel/livepatch, in
 * module lists and in the names of its object modules. Users name diffs freely.
 */
#ifndef KPATCH_BUILD_NAMES_H
#define KPATCH_BUILD_NAMES_H

/*
 * A module name from the file name of a diff: without folders and ending,
 * characters that a module can't have become '_'. Caller frees; NULL if memory is out.
 */
char *name_from_path(const char *path);

/* Why @name can't be the name of a livepatch; NULL if it can. */
const char *name_problem(const char *name);

#endif
