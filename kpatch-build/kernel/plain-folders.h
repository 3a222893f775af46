/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where kbuild can work when the user's folders have blanks in their paths: plain-folders.c. */
#ifndef KPATCH_BUILD_PLAIN_FOLDERS_H
#define KPATCH_BUILD_PLAIN_FOLDERS_H

/* A new folder for what one run makes, below TMPDIR if that will do. Caller frees; 0 or negative errno. */
int plain_work_folder(const char *prefix, char **path);

/*
 * The cache that @path stands for; @path itself, or where it leads if that has to be. 0, -ENOMEM,
 * or -EINVAL: there is no such folder. Caller frees.
 */
int plain_cache_folder(const char *path, char **plain);

#endif
