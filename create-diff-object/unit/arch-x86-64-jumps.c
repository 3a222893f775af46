// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * XFS returns __this_address from its verifiers, and tracing keeps _THIS_IP_:
 * addresses of labels that are printed, but never jumped to. The function
 * itself tells them from the labels of an interpreter: `goto *` needs a jump
 * through a register or memory.
 */
#include <string.h>

#include "lib/text.h"
#include "create-diff-object/unit/arch-x86-64.h"
#include "create-diff-object/unit/arch-x86-64-decode.h"
#include "create-diff-object/unit/arch-x86-64-jumps.h"

bool x86_is_thunk(const struct reloc *reloc)
{
	static const char prefix[] = "__x86_indirect_";

	return reloc && reloc->symbol && str_starts(reloc->symbol->name, prefix);
}

static bool may_jump_anywhere(const struct unit *unit, const struct atom *part, const cs_insn *insn)
{
	uint64_t target;

	if (insn->id == X86_INS_LJMP)
		return true;
	if (insn->id != X86_INS_JMP)
		return false;
	return !x86_direct_branch(unit->decoder, insn, &target) ||
	       x86_is_thunk(x86_reloc_in(part, insn->address, insn->address + insn->size));
}

static bool part_jumps(const struct unit *unit, const struct atom *part, cs_insn *insn)
{
	const uint8_t *code = atom_data(part);
	uint64_t address = part->offset;
	size_t left = part->size;

	if (!code || part->undecodable)
		return true;
	while (left && x86_next_instruction(unit->decoder, &code, &left, &address, insn))
		if (may_jump_anywhere(unit, part, insn))
			return true;
	return left != 0;
}

bool x86_may_jump_anywhere(const struct unit *unit, const struct atom *function)
{
	cs_insn *insn = cs_malloc(unit->decoder);
	const struct atom *part;
	bool may = !insn;

	for (part = function; part && !may; part = part->next_child)
		may = part_jumps(unit, part, insn);
	if (insn)
		cs_free(insn, 1);
	return may;
}
