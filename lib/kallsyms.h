/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KLP_SPLIT_KALLSYMS_H
#define KLP_SPLIT_KALLSYMS_H

#include <stdbool.h>

/* Is a symbol of that name missing from kallsyms, though vmlinux has it? */
bool kallsyms_leaves_out(const char *name);

#endif
