/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See arch-x86-64-jumps.c. */
#ifndef CDO_ARCH_X86_64_JUMPS_H
#define CDO_ARCH_X86_64_JUMPS_H

#include "create-diff-object/unit/arch-x86-64.h"

/* With retpolines, `jmp *%rax` is `jmp __x86_indirect_thunk_rax`, and so is a call. */
bool x86_is_thunk(const struct reloc *reloc);
/* See struct arch_ops: may_jump_anywhere. */
bool x86_may_jump_anywhere(const struct unit *unit, const struct atom *function);

#endif
