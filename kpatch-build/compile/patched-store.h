/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run of --each compiles the units of a fix alone, then with others, and again
 * when it looks for the one that is to blame. Most fixes change files of their
 * own, so most of these units have the same source each time: they are kept in a
 * folder of the run, and compiled once.
 */
#ifndef KPATCH_BUILD_PATCHED_STORE_H
#define KPATCH_BUILD_PATCHED_STORE_H

#include <stdbool.h>

struct build;
struct unit;

/*
 * Put the unit's patched object, and the list of what the compiler has read, in their places if the
 * store has them for the same source. False if it hasn't, or if anything is doubtful.
 */
bool patched_store_find(const struct build *build, const struct unit *unit);
/* Keep those of a unit that was compiled without a word of the compiler. A failure is harmless. */
void patched_store_keep(const struct build *build, const struct unit *unit);

#endif
