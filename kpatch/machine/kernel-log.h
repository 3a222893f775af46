/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When the kernel refuses a module, it returns an errno, one number for many
 * reasons. The kernel's log has the reason in words, but few look there. So it
 * is shown with the error.
 */
#ifndef KPATCH_KERNEL_LOG_H
#define KPATCH_KERNEL_LOG_H

#include "kpatch/machine/host.h"

struct kernel_log {
	int fd; /* /dev/kmsg, positioned after its last record; -1: can't be read */
};

void kernel_log_mark(const struct host *host, struct kernel_log *log);
/*
 * The first lines since the mark about livepatches or module @name, each with its newline; caller
 * frees. NULL: none, or no memory. Forgets the mark.
 */
char *kernel_log_take(struct kernel_log *log, const char *name);
/* Add such lines as details to the problem that was reported last; @text may be NULL. */
void kernel_log_tell(const struct host *host, const char *text);
void kernel_log_forget(struct kernel_log *log);

#endif
