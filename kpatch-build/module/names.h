/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch is a kernel module. Its name occurs in /sys/kernel/livepatch, in
 * lists of modules and in the names of its object modules. Users name diffs
 * freely.
 */
#ifndef KPATCH_BUILD_NAMES_H
#define KPATCH_BUILD_NAMES_H

/*
 * Make a module name from the file name of a diff: without folders and ending, and with '_' for
 * characters that a module name can't have. Caller frees; NULL if there is not enough memory.
 */
char *name_from_path(const char *path);

/* The same from the title of a mail, as much of it as fits. */
char *name_from_subject(const char *subject);

/* Why @name can't be the name of a livepatch; NULL if it can. */
const char *name_problem(const char *name);

#endif
