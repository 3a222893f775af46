/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folders where kbuild can work even if those of the user have blanks in their
 * paths: plain-folders.c.
 */
#ifndef KPATCH_BUILD_PLAIN_FOLDERS_H
#define KPATCH_BUILD_PLAIN_FOLDERS_H

/*
 * Make a folder for the files of one run, below TMPDIR if that is suitable. Caller frees; 0 or
 * negative errno.
 */
int plain_work_folder(const char *prefix, char **path);

/*
 * The cache at @path, or where it leads if @path isn't suitable. 0, -ENOMEM, or -EINVAL: there is
 * no such folder. Caller frees.
 */
int plain_cache_folder(const char *path, char **plain);

#endif
