/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The unpacked source is shared by all builds and must never change; copying
 * 80,000 files for each build would take longer than compiling. So a build gets
 * a tree of links in which only the changed files, and the folders that contain
 * them, are its own.
 */
#ifndef KPATCH_BUILD_SHADOW_H
#define KPATCH_BUILD_SHADOW_H

#include <stddef.h>

/*
 * Make @shadow look like @source, with real copies of the files @paths (relative; for one that
 * doesn't exist, its existing folders are real). 0 or -errno; on error *@failed is the path in
 * question (owned by the caller, may be NULL).
 */
int shadow_make(const char *source, const char *shadow, const char *const *paths, size_t n,
		char **failed);

/*
 * "folder/.." for a folder that is a link leads back into the source, where nothing is patched.
 * Make @folder (relative, without "..") and its parents real ones. Nothing happens if it doesn't
 * exist. 0 or -errno.
 */
int shadow_open_folder(const char *source, const char *shadow, const char *folder);

#endif
