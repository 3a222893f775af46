/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The content of the kernel's configuration, and whether it is the kernel's:
 * kernel-config.c.
 */
#ifndef KPATCH_BUILD_KERNEL_CONFIG_H
#define KPATCH_BUILD_KERNEL_CONFIG_H

#include "kpatch-build/build.h"

/* The value of an option in the text of a .config. Caller frees; NULL if it isn't set. */
char *config_value(const char *config, const char *name);

/*
 * KS302 for a configuration with which no livepatch can be right. Sets the members of ->kernel that
 * come from the configuration.
 */
int check_config(const struct job *job, struct kernel *kernel);
/* KS348 if the kernel contains another configuration. */
int check_shipped_config(const struct kernel *kernel, struct diag *diag);
/* The configuration in a kernel's .rodata; caller frees. NULL: there is none, or it is damaged. */
char *config_in_kernel(const char *bytes, size_t size);

#endif
