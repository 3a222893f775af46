/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch is named by a path, or by its name alone if it is installed. The
 * files of an installed livepatch are needed at the next boot, whatever is
 * loaded now: loading another build of it by path must not replace them as a
 * side effect.
 */
#ifndef KPATCH_FIND_H
#define KPATCH_FIND_H

#include "lib/strvec.h"
#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

/*
 * The files of the livepatches that @words name; the installed files if they are the same build.
 * KS401, KS402, KS406, KS422, KS423; all problems of all. The caller frees each, and the array,
 * also after an error.
 */
int find_livepatches(struct host *host, const struct strvec *words, struct livepatch_files **files,
		     size_t *n);
/* All that are installed, in their order. */
int find_installed(struct host *host, struct livepatch_files **files, size_t *n);

#endif
