/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files that ask capstone. */
#ifndef CDO_ARCH_X86_64_H
#define CDO_ARCH_X86_64_H

#include <capstone/capstone.h>

#include "create-diff-object/unit/arch.h"

/* arch-x86-64-compares.c, arch-x86-64-reads.c: see struct arch_ops. */
bool x86_compares_address(struct unit *unit, const struct atom *from, const struct reloc *reloc);
bool x86_only_reads(struct unit *unit, const struct atom *from, const struct reloc *reloc);
bool x86_only_jumps_to(struct unit *unit, const struct atom *from, const struct reloc *reloc);

/* arch-x86-64-jumps.c: see struct arch_ops. */
bool x86_may_jump_anywhere(const struct unit *unit, const struct atom *function);

/* arch-x86-64-tied.c */
bool x86_find_tied(const struct unit *unit, const struct unit_section *s, bool *tied);

#endif
