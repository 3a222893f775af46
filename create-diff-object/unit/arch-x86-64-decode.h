/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decodes single instructions with capstone: arch-x86-64-decode.c. */
#ifndef CDO_ARCH_X86_64_DECODE_H
#define CDO_ARCH_X86_64_DECODE_H

#include <capstone/capstone.h>

#include "create-diff-object/unit/arch.h"

/*
 * cs_disasm_iter(), extended by instructions that capstone doesn't know. These have no details but
 * their bytes.
 */
bool x86_next_instruction(csh handle, const uint8_t **code, size_t *left, uint64_t *address,
			  cs_insn *insn);

/* The first relocation of @atom between @start and @end (offsets in the section), or NULL. */
const struct reloc *x86_reloc_in(const struct atom *atom, uint64_t start, uint64_t end);

/* The target of a direct jump or call; false for any other instruction. */
bool x86_direct_branch(csh handle, const cs_insn *insn, uint64_t *target);

/* Is the field of @reloc an immediate operand, rather than the address of a memory operand? */
bool x86_is_immediate(const cs_insn *insn, const struct reloc *reloc);

/* `lea .LC5(%rip),%rax`, but not `lea .LC5(%rdx),%rax`, which computes another address. */
bool x86_loads_address(const cs_insn *insn, const struct reloc *reloc);

#endif
