/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KLP_SPLIT_KALLSYMS_H
#define KLP_SPLIT_KALLSYMS_H

#include <stdbool.h>

/* Does kallsyms leave out symbols of that name, though vmlinux has them? */
bool kallsyms_leaves_out(const char *name);

#endif
