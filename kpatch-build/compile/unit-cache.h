/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An original is compiled once per kernel, and then for years nobody looks at it
 * again. If the source behind it is not what it was (a tree of the user's own, an
 * edit, a disk that was put back from a backup), then original and patched unit
 * differ by more than the diff, and the livepatch would carry the edit along.
 *
 * So with each original is kept which files of the source it was made of, with
 * size and time of change; it counts only as long as all of them are the same.
 */
#ifndef KPATCH_BUILD_UNIT_CACHE_H
#define KPATCH_BUILD_UNIT_CACHE_H

#include "kpatch-build/build.h"

/* Write to @path what @cmd, the text of a .cmd file of kbuild, names of the source. 0 or negative errno. */
int unit_cache_write_sources(const struct kernel *kernel, const char *cmd, const char *path);

/*
 * Whether the cache has the original of @unit, made of the source as it is now. What this run made
 * itself, and keeps in its own folder, is.
 */
bool unit_is_cached(const struct job *job, const struct unit *unit);

#endif
