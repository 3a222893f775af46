/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --each: a month of a stable kernel becomes one livepatch, of all its fixes that can be
 * livepatched, and a table says which ones these are.
 */
#ifndef KPATCH_BUILD_EACH_H
#define KPATCH_BUILD_EACH_H

struct build;

/* Returns the exit code. @argv is that of main(). Prints all that is to be said. */
int build_of_each(struct build *build, char **argv);

#endif
