/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel answers "no" to a module with an errno, one number for many
 * reasons. This finds the reason: in the kernel's log, in the settings of
 * ftrace, in the list of functions that ftrace already redirects.
 */
#ifndef KPATCH_REFUSAL_H
#define KPATCH_REFUSAL_H

#include "kpatch/machine/host.h"
#include "kpatch/machine/kernel-log.h"

/* What the kernel's errors mean for a livepatch module, or strerror(). */
const char *refusal_meaning(int err);

/*
 * Report that module @name was refused with @err (positive), under the code of the reason if it is
 * found, else under @code. Takes @log, which was marked before the module was inserted.
 */
void refusal_report(struct host *host, const char *code, const char *name, int err,
		    struct kernel_log *log);

#endif
