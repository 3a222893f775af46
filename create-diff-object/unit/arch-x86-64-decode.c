// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * x86-64 instructions have any length from 1 to 15 bytes, and the meaning of a
 * relocation in an instruction depends on where the instruction ends. Only a
 * decoder knows that. The decoder is capstone; this file adds the instructions
 * that capstone 4 does not know.
 */
#include <string.h>

#include "create-diff-object/unit/arch-x86-64-decode.h"
#include "lib/landing-pads.h"

/*
 * 0f 01 with a ModRM byte of c0 or above has no operands, so it is three bytes long, whatever it
 * does. Capstone 4 doesn't know all of them (rdpkru 0f 01 ee, serialize 0f 01 e8).
 */
static size_t length_of_unknown(const uint8_t *code, size_t left)
{
	size_t prefix = left && (code[0] == 0x66 || code[0] == 0xf2 || code[0] == 0xf3);

	if (left < prefix + 3 || code[prefix] != 0x0f || code[prefix + 1] != 0x01 ||
	    code[prefix + 2] < 0xc0)
		return 0;
	return prefix + 3;
}

bool x86_next_instruction(csh handle, const uint8_t **code, size_t *left, uint64_t *address,
			  cs_insn *insn)
{
	size_t length;

	if (cs_disasm_iter(handle, code, left, address, insn))
		return true;
	length = length_of_unknown(*code, *left);
	if (!length)
		return false;
	insn->id = X86_INS_INVALID;
	insn->address = *address;
	insn->size = length;
	memcpy(insn->bytes, *code, length);
	memset(insn->detail, 0, sizeof(*insn->detail));
	*code += length;
	*left -= length;
	*address += length;
	return true;
}

bool x86_direct_branch(csh handle, const cs_insn *insn, uint64_t *target)
{
	const cs_x86 *x86 = &insn->detail->x86;

	if (!cs_insn_group(handle, insn, CS_GRP_BRANCH_RELATIVE) &&
	    !cs_insn_group(handle, insn, CS_GRP_JUMP) && !cs_insn_group(handle, insn, CS_GRP_CALL))
		return false;
	if (x86->op_count != 1 || x86->operands[0].type != X86_OP_IMM)
		return false;
	*target = x86->operands[0].imm;
	return true;
}

const struct reloc *x86_reloc_in(const struct atom *atom, uint64_t start, uint64_t end)
{
	const struct reloc *reloc;

	atom_for_each_reloc(atom, reloc)
		if (reloc->offset >= start && reloc->offset < end)
			return reloc;
	return NULL;
}

bool x86_is_immediate(const cs_insn *insn, const struct reloc *reloc)
{
	const cs_x86_encoding *encoding = &insn->detail->x86.encoding;

	return encoding->imm_offset && insn->address + encoding->imm_offset == reloc->offset;
}

bool x86_loads_address(const cs_insn *insn, const struct reloc *reloc)
{
	const cs_x86_op *from = &insn->detail->x86.operands[1];

	if (insn->id == X86_INS_LEA)
		return from->mem.index == X86_REG_INVALID &&
		       (from->mem.base == X86_REG_INVALID || from->mem.base == X86_REG_RIP);
	return (insn->id == X86_INS_MOV || insn->id == X86_INS_MOVABS) &&
	       x86_is_immediate(insn, reloc);
}
