/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See arch-x86-64-tied.c. */
#ifndef CDO_ARCH_X86_64_TIED_H
#define CDO_ARCH_X86_64_TIED_H

#include "create-diff-object/unit/arch-x86-64.h"

/* See struct arch_ops: find_tied. */
bool x86_find_tied(const struct unit *unit, const struct unit_section *s, bool *tied);

#endif
