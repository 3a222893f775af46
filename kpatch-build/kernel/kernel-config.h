/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel's configuration says, and whether it is the kernel's: kernel-config.c. */
#ifndef KPATCH_BUILD_KERNEL_CONFIG_H
#define KPATCH_BUILD_KERNEL_CONFIG_H

#include "kpatch-build/build.h"

/* The value of an option in the text of a .config. Caller frees; NULL if it isn't set. */
char *config_value(const char *config, const char *name);

/* KS302 for a configuration that no livepatch can be right for; sets what ->kernel has of it. */
int check_config(const struct job *job, struct kernel *kernel);
/* KS348 if the kernel says of itself that its configuration is another one. */
int check_shipped_config(struct kernel *kernel, struct diag *diag);
/* The configuration that is in a kernel's .rodata; caller frees. NULL: none, or a damaged one. */
char *config_in_kernel(const char *bytes, size_t size);

#endif
