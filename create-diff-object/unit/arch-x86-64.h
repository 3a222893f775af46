/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files that ask capstone. */
#ifndef CDO_ARCH_X86_64_H
#define CDO_ARCH_X86_64_H

#include <capstone/capstone.h>

#include "create-diff-object/unit/arch.h"

/* cs_disasm_iter(), and what it doesn't know but we do: then with no details but the bytes. */
bool x86_next_instruction(csh handle, const uint8_t **code, size_t *left, uint64_t *address,
			  cs_insn *insn);

/* The first relocation of @atom between @start and @end (offsets in the section), or NULL. */
const struct reloc *x86_reloc_in(const struct atom *atom, uint64_t start, uint64_t end);

/* The target of a jump or call that needs no register; false if it is another instruction. */
bool x86_direct_branch(csh handle, const cs_insn *insn, uint64_t *target);

/* arch-x86-64-compares.c, arch-x86-64-reads.c: see struct arch_ops. */
bool x86_compares_address(struct unit *unit, const struct atom *from, const struct reloc *reloc);
bool x86_only_reads(struct unit *unit, const struct atom *from, const struct reloc *reloc);
bool x86_only_jumps_to(struct unit *unit, const struct atom *from, const struct reloc *reloc);

/* arch-x86-64-jumps.c: see struct arch_ops. */
bool x86_may_jump_anywhere(const struct unit *unit, const struct atom *function);

/* arch-x86-64-tied.c */
bool x86_find_tied(const struct unit *unit, const struct unit_section *s, bool *tied);

#endif
