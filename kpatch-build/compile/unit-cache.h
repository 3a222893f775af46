/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An original is compiled once per kernel, and then used for years. If its
 * source is not what it was (a tree of the user's own, an edit, a disk restored
 * from a backup), then original and patched unit differ by more than the diff,
 * and the livepatch would contain the edit.
 *
 * So each original is kept with a list of the source files that it was made
 * from, with size and modification time. It is used only as long as all of them
 * are the same.
 */
#ifndef KPATCH_BUILD_UNIT_CACHE_H
#define KPATCH_BUILD_UNIT_CACHE_H

#include "kpatch-build/build.h"

/*
 * Write to @path the source files that @cmd, the text of a .cmd file of kbuild, names. 0 or
 * negative errno.
 */
int unit_cache_write_sources(const struct kernel *kernel, const char *cmd, const char *path);

/*
 * Does the cache have the original of @unit, made from the source as it is now? True for originals
 * that this run has made itself, and keeps in its own folder.
 */
bool unit_is_cached(const struct job *job, const struct unit *unit);

/*
 * Let the next run compile the original of @unit anew: this one turned out not to be what the
 * kernel was built from. A probe of kbuild for an option of the compiler can fail on a machine
 * that is short of something, and the command without the option would be kept for years. A run
 * that reads the original now can go on. A failure isn't reported: it leaves things as they were.
 */
void unit_cache_forget(const struct unit *unit);

#endif
