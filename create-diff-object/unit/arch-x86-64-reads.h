/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See arch-x86-64-reads.c. */
#ifndef CDO_ARCH_X86_64_READS_H
#define CDO_ARCH_X86_64_READS_H

#include "create-diff-object/unit/arch-x86-64.h"

bool x86_only_jumps_to(struct unit *unit, const struct atom *from, const struct reloc *reloc);

bool x86_only_reads(struct unit *unit, const struct atom *from, const struct reloc *reloc);

#endif
