/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch is named by a path, or by its name alone if it is installed. The
 * files of one that is installed are needed at the next boot, whatever is
 * loaded now: a path to another build of it may not take their place by the way.
 */
#ifndef KPATCH_FIND_H
#define KPATCH_FIND_H

#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

/*
 * The files of what @words name: those that are installed where it is the same build. KS401,
 * KS402, KS406, KS422, KS423; all problems of all. The caller frees each, and the array, also
 * after an error.
 */
int find_livepatches(struct host *host, const struct names *words, struct livepatch_files **files,
		     size_t *n);
/* All that are installed, in their order. */
int find_installed(struct host *host, struct livepatch_files **files, size_t *n);

#endif
