/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disabled livepatch still uses memory and its name until its main module is
 * removed. Nobody else removes the module of a replaced livepatch.
 */
#ifndef KPATCH_REMOVAL_H
#define KPATCH_REMOVAL_H

#include "lib/strvec.h"
#include "kpatch/machine/host.h"

/*
 * Remove a main module that livepatch has released or is about to release; its object modules are
 * removed with it. Returns 0 (also if it isn't loaded), -EINPROGRESS if it drains and leaves later
 * by itself, or the kernel's last error.
 */
int remove_main(struct host *host, const char *name);
/* Report why not: KS431 if it drains, else KS413. Returns @err. */
int report_not_removed(struct host *host, const char *name, int err);

/*
 * Remove disabled main modules and their files. If one can't be removed, warn (KS413 or KS431): it
 * does no harm.
 */
int remove_unused(struct host *host, const struct strvec *names);

/* Remove the files of a livepatch that is not in memory, unless it is installed. */
int remove_files(struct host *host, const char *name);

/* Remove the core with the last livepatch. It is not a problem if it is still in use. */
void remove_idle_core(struct host *host);

#endif
