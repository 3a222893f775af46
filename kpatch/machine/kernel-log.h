/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A refused module leaves an errno, one number for many reasons; the reason in
 * words stands in the kernel's log, where few look. It is shown with the error.
 */
#ifndef KPATCH_KERNEL_LOG_H
#define KPATCH_KERNEL_LOG_H

#include "kpatch/machine/host.h"

struct kernel_log {
	int fd; /* of /dev/kmsg, behind its last line; -1: can't be read */
};

void kernel_log_mark(const struct host *host, struct kernel_log *log);
/*
 * The first lines since the mark about livepatches or module @name, each with its newline; caller
 * frees. NULL: none, or no memory. Forgets the mark.
 */
char *kernel_log_take(struct kernel_log *log, const char *name);
/* Such lines as details of the problem that was reported last; @text may be NULL. */
void kernel_log_tell(const struct host *host, const char *text);
void kernel_log_forget(struct kernel_log *log);

#endif
