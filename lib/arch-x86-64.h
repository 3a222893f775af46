/* SPDX-License-Identifier: GPL-2.0-or-later */
/* x86-64 as arch.h describes processors. */
#ifndef KLP_SPLIT_ARCH_X86_64_H
#define KLP_SPLIT_ARCH_X86_64_H

#include "lib/arch.h"

extern const struct arch arch_x86_64;

#endif
