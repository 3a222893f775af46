/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch that is off still fills memory, and its name is taken, until
 * somebody removes its main module. A replaced one has nobody who would.
 */
#ifndef KPATCH_REMOVAL_H
#define KPATCH_REMOVAL_H

#include "kpatch/machine/host.h"

/*
 * Remove a main module that livepatch has let go or is about to; its object modules leave
 * with it. 0 (also if it isn't loaded), -EINPROGRESS if it drains and leaves later by itself, or
 * what the kernel said last.
 */
int remove_main(struct host *host, const char *name);
/* Why not: KS431 for one that drains, else KS413. Returns @err. */
int report_not_removed(struct host *host, const char *name, int err);

/* Main modules that are off, and their files. What can't be removed is a warning, KS413 or KS431: it does
 * no harm. */
int remove_unused(struct host *host, const struct names *names);

/* The files of a livepatch that is not in memory, unless it is installed. */
int remove_files(struct host *host, const char *name);

/* The core goes with the last livepatch; that it is still in use is nobody's problem. */
void remove_idle_core(struct host *host);

#endif
