/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kbuild makes everything again that was made with other settings, and takes
 * settings from the environment. So every make of one kernel gets the same
 * command line.
 */
#ifndef KPATCH_BUILD_KBUILD_H
#define KPATCH_BUILD_KBUILD_H

#include "lib/strvec.h"
#include "kpatch-build/run.h"

/* Each function and variable gets a section of its own, so that changed ones can be extracted. */
#define SECTION_FLAGS "-ffunction-sections -fdata-sections"

/* `make` in the kernel's source for the prepared tree; the caller adds the targets. */
void kbuild_command(const struct job *job, const struct kernel *kernel,
		    const struct oot_module *oot, struct strvec *argv);

/* build/fs/proc/meminfo.o → build/fs/proc/.meminfo.o.cmd; caller frees. NULL: not enough memory. */
char *recorded_command_path(const char *folder, const char *target);

/* Refuse it if a make has changed the configuration: KS309. */
int config_is_unchanged(const struct kernel *kernel, struct diag *diag);

#endif
