/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See arch-x86-64-compares.c. */
#ifndef CDO_ARCH_X86_64_COMPARES_H
#define CDO_ARCH_X86_64_COMPARES_H

#include "create-diff-object/unit/arch-x86-64.h"

/* See struct arch_ops: compares_address. */
bool x86_compares_address(struct unit *unit, const struct atom *from, const struct reloc *reloc);

#endif
